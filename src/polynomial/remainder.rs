//! How far a truncated series is from its activation.

use super::TaylorSeries;
use crate::error::{Error, Result};
use crate::model::Activation;
use serde::Serialize;
use std::f64::consts::{FRAC_PI_2, PI};

/// How many potentials the difference is measured at.
const N_MEASURED: usize = 1001;
/// How many radii are tried for Cauchy's estimate. Each gives a bound, and the lowest one counts.
const N_RADII: usize = 200;

/// The difference between an activation and its truncated series on an interval of potentials.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Remainder {
    /// The largest difference at 1001 equally spaced potentials. This is a measurement, not a
    /// bound.
    pub measured: f64,
    /// A proven bound on the difference over the whole interval; none if no proof applies.
    pub bound: Option<f64>,
}

impl TaylorSeries {
    /// How far the truncated series is from its activation for potentials from `low` to `high`.
    ///
    /// For exp, for sin, and for ELU on the center's side of 0, the bound is Lagrange's. For tanh,
    /// sigmoid, softplus and SiLU it is Cauchy's: if `|g| <= M` in the disc of radius `r` around
    /// the center, then `|c_n| <= M / r^n`, and at a distance `d < r` the terms above order `K` add
    /// up to at most `M (d/r)^(K+1) / (1 - d/r)`. Such an `M` is known if the disc stays within the
    /// strip of the plane that has no poles: for `d` below pi/2 (tanh) or pi (the others).
    ///
    /// # Errors
    /// If an end isn't finite, or if the ends are in the wrong order.
    pub fn remainder(&self, low: f64, high: f64) -> Result<Remainder> {
        if !(low.is_finite() && high.is_finite() && low <= high) {
            return Err(Error::Value(format!(
                "potentials from {low} to {high} are no interval: both ends must be finite, with \
                 the lower one first"
            )));
        }
        let step = (high - low) / (N_MEASURED - 1) as f64;
        let differences = (0..N_MEASURED).map(|k| self.error(low + step * k as f64).abs());
        Ok(Remainder {
            measured: differences.fold(0.0, f64::max),
            bound: self.bound(low, high),
        })
    }

    fn bound(&self, low: f64, high: f64) -> Option<f64> {
        let center = self.center();
        let distance = (high - center).max(center - low).max(0.0);
        let order = self.order() as i32;
        // d^(K+1) / (K+1)!
        let lagrange: f64 = (1..=order + 1).map(|n| distance / f64::from(n)).product();
        match self.activation() {
            Activation::Linear => Some(0.0),
            Activation::Sin => Some(lagrange),
            Activation::Exp => Some(lagrange * high.max(center).exp()),
            Activation::Elu if center > 0.0 => (low >= 0.0).then_some(0.0),
            Activation::Elu => (high <= 0.0).then(|| lagrange * high.max(center).exp()),
            Activation::Tanh => lowest(FRAC_PI_2, distance, |r| {
                largest_tanh(r) * geometric(distance / r, order + 1)
            }),
            Activation::Sigmoid => lowest(PI, distance, |r| {
                largest_sigmoid(r) * geometric(distance / r, order + 1)
            }),
            // Its coefficients are the sigmoid's c_(n-1) / n.
            Activation::Softplus => lowest(PI, distance, |r| {
                let tail = distance * geometric(distance / r, order);
                largest_sigmoid(r) * tail / f64::from(order + 1)
            }),
            // Its coefficients are the sigmoid's: center c_n + c_(n-1).
            Activation::Silu => lowest(PI, distance, |r| {
                largest_sigmoid(r) * (center.abs() + r) * geometric(distance / r, order + 1)
            }),
            Activation::Relu | Activation::Softmax => None,
        }
    }
}

/// The sum of the powers of `ratio` from one on.
fn geometric(ratio: f64, from: i32) -> f64 {
    ratio.powi(from) / (1.0 - ratio)
}

/// `|tanh(x + iy)|^2 = (cosh 2x - cos 2y) / (cosh 2x + cos 2y)` is between `tan(y)^2`, at `x = 0`,
/// and 1, far out. Within a distance `r < pi/2` of the real line, it is at most the larger of the
/// two.
fn largest_tanh(r: f64) -> f64 {
    r.tan().max(1.0)
}

/// The same for `|sigmoid - 1/2| = |tanh(z/2)| / 2`. The constant 1/2 only affects order 0.
fn largest_sigmoid(r: f64) -> f64 {
    largest_tanh(r / 2.0) / 2.0
}

/// The lowest bound over radii between the distance and the edge of the strip that has no poles.
fn lowest(edge: f64, distance: f64, bound: impl Fn(f64) -> f64) -> Option<f64> {
    let step = (edge - distance) / (N_RADII + 1) as f64;
    let radii = (1..=N_RADII).map(|k| distance + step * k as f64);
    (step > 0.0).then(|| radii.map(bound).fold(f64::INFINITY, f64::min))
}
