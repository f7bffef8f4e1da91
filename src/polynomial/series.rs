//! Taylor series of activations.

use super::Polynomial;
use crate::error::{Error, Result};
use crate::model::Activation;
use crate::numerics::{sigmoid, softplus};
use serde::Serialize;
use std::f64::consts::{FRAC_PI_2, PI};

/// The highest order of a series. Where a series converges well, the terms beyond it are below
/// rounding error.
const MAX_ORDER: usize = 30;

/// The truncated Taylor series of an activation: `sum_n c_n (u - center)^n` up to an order.
///
/// ```
/// use closedform::Activation;
/// use closedform::polynomial::TaylorSeries;
///
/// // tanh(u) = u - u^3/3 + ... converges up to pi/2 from 0, where tanh has its poles.
/// let series = TaylorSeries::new(Activation::Tanh, 0.0, 3)?;
/// assert_eq!(series.coefficients(), [0.0, 1.0, 0.0, -1.0 / 3.0]);
/// assert_eq!(series.radius(), std::f64::consts::FRAC_PI_2);
/// assert!(series.remainder(-0.5, 0.5)?.measured < 5e-3);
/// assert!(TaylorSeries::new(Activation::Relu, 1.0, 3).is_err());
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TaylorSeries {
    activation: Activation,
    center: f64,
    coefficients: Vec<f64>,
}

impl TaylorSeries {
    /// The series of an activation around `center`, up to and including `order`, by recurrence.
    ///
    /// ELU is `exp(u) - 1` below 0 and `u` above it. Its series is that of the center's side, and
    /// says nothing about the other side.
    ///
    /// # Errors
    /// If the order is outside 1 to 30 or the center isn't finite. Also for ReLU, which has no
    /// useful series, for ELU around its kink at 0, and for softmax, which isn't a function of one
    /// potential.
    pub fn new(activation: Activation, center: f64, order: usize) -> Result<Self> {
        if !(1..=MAX_ORDER).contains(&order) {
            let allowed = format!("between 1 and {MAX_ORDER}");
            return Err(Error::parameter("taylor_order", order, allowed));
        }
        if !center.is_finite() {
            return Err(Error::parameter("taylor_center", center, "a finite number"));
        }
        let coefficients = match activation {
            Activation::Elu if center == 0.0 => return Err(refused_at_kink()),
            Activation::Elu if center > 0.0 => straight_line(center, order),
            Activation::Elu => {
                let mut coefficients = exponential(center, order);
                coefficients[0] = center.exp_m1();
                coefficients
            }
            Activation::Exp => exponential(center, order),
            Activation::Linear => straight_line(center, order),
            Activation::Relu | Activation::Softmax => return Err(refused(activation)),
            Activation::Sigmoid => logistic(center, order),
            Activation::Silu => {
                let factor = logistic(center, order);
                let before = |n: usize| n.checked_sub(1).map_or(0.0, |n| factor[n]);
                (0..=order)
                    .map(|n| center * factor[n] + before(n))
                    .collect()
            }
            Activation::Sin => sine(center, order),
            Activation::Softplus => {
                let slope = logistic(center, order - 1);
                let integrated = (1..=order).map(|n| slope[n - 1] / n as f64);
                std::iter::once(softplus(center))
                    .chain(integrated)
                    .collect()
            }
            Activation::Tanh => hyperbolic_tangent(center, order),
        };
        Ok(Self {
            activation,
            center,
            coefficients,
        })
    }

    /// The activation.
    pub fn activation(&self) -> Activation {
        self.activation
    }

    /// The potential around which the activation is expanded.
    pub fn center(&self) -> f64 {
        self.center
    }

    /// The highest power.
    pub fn order(&self) -> usize {
        self.coefficients.len() - 1
    }

    /// The coefficients `c_n`, `(order + 1,)`: the derivatives at the center over `n!`.
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// The radius of convergence: how far from the center the whole series converges to the
    /// activation. It is the distance to the nearest singularity in the complex plane.
    ///
    /// Tanh has its nearest poles at `±i pi/2`. Sigmoid, softplus and SiLU are singular at `±i pi`.
    /// ELU has its kink at 0. The others are analytic everywhere.
    pub fn radius(&self) -> f64 {
        radius(self.activation, self.center)
    }

    /// The truncated series at a potential.
    pub fn value(&self, u: f64) -> f64 {
        let powers = self.coefficients.iter().rev();
        powers.fold(0.0, |sum, c| sum * (u - self.center) + c)
    }

    /// The truncated series minus the activation, at a potential.
    pub(crate) fn error(&self, u: f64) -> f64 {
        self.value(u) - self.activation.value(u)
    }

    /// The truncated series with the potential replaced by a polynomial, without the terms above an
    /// order.
    ///
    /// ```
    /// use closedform::{Activation, Polynomial};
    /// use closedform::polynomial::TaylorSeries;
    ///
    /// let series = TaylorSeries::new(Activation::Exp, 0.0, 2)?;
    /// let potential = Polynomial::from_terms(2, vec![(vec![1], 2.0), (vec![2], -1.0)])?;
    /// let composed = series.composed(&potential, 2);
    /// assert_eq!(composed.to_string(), "1 + 2 x1 - x2 + 2 x1^2 - 2 x1 x2 + 0.5 x2^2");
    /// # Ok::<(), closedform::Error>(())
    /// ```
    pub fn composed(&self, potential: &Polynomial, max_order: usize) -> Polynomial {
        let n_variables = potential.n_variables();
        let constant = Polynomial::constant(n_variables, potential.coefficient(&[]));
        // Without a constant term, powers above `max_order` have no terms up to it.
        let moving = potential - &constant;
        let coefficients = self.recentered(potential.coefficient(&[]));
        let kept = coefficients.iter().take(max_order.saturating_add(1)).rev();
        kept.fold(Polynomial::zero(n_variables), |sum, c| {
            &sum.product(&moving, max_order) + &Polynomial::constant(n_variables, *c)
        })
    }

    /// The coefficients of the same polynomial in powers of `u - at`, by repeated division.
    pub(super) fn recentered(&self, at: f64) -> Vec<f64> {
        let mut coefficients = self.coefficients.clone();
        let step = at - self.center;
        for done in 0..self.order() {
            for n in (done..self.order()).rev() {
                coefficients[n] += step * coefficients[n + 1];
            }
        }
        coefficients
    }
}

/// See [`TaylorSeries::radius`].
pub(super) fn radius(activation: Activation, center: f64) -> f64 {
    match activation {
        Activation::Elu => center.abs(),
        Activation::Tanh => center.hypot(FRAC_PI_2),
        Activation::Sigmoid | Activation::Silu | Activation::Softplus => center.hypot(PI),
        _ => f64::INFINITY,
    }
}

fn refused_at_kink() -> Error {
    Error::parameter(
        "taylor_center",
        0,
        "another number for elu: its second derivative jumps at 0, and a series around a center \
         on either side describes only that side",
    )
}

fn refused(activation: Activation) -> Error {
    let reason = match activation {
        Activation::Relu => {
            "an analytic function: relu has a kink at 0, and its Taylor series on one side is a \
             straight line that says nothing about the other side; softplus and silu are smooth \
             alternatives"
        }
        _ => {
            "a function of one potential: softmax mixes the potentials of a layer and can only be \
             the last activation, where the polynomials are those of the logits"
        }
    };
    Error::parameter("the activation", activation, reason)
}

fn straight_line(center: f64, order: usize) -> Vec<f64> {
    let mut coefficients = vec![0.0; order + 1];
    (coefficients[0], coefficients[1]) = (center, 1.0);
    coefficients
}

/// `n c_n = c_(n-1)`.
fn exponential(center: f64, order: usize) -> Vec<f64> {
    let mut coefficients = vec![center.exp()];
    for n in 1..=order {
        coefficients.push(coefficients[n - 1] / n as f64);
    }
    coefficients
}

/// `n (n - 1) c_n = -c_(n-2)`.
fn sine(center: f64, order: usize) -> Vec<f64> {
    let mut coefficients = vec![center.sin(), center.cos()];
    for n in 2..=order {
        coefficients.push(-coefficients[n - 2] / (n * (n - 1)) as f64);
    }
    coefficients
}

/// From `y' = 1 - y^2`: `(n + 1) c_(n+1) = -sum_i c_i c_(n-i)`.
fn hyperbolic_tangent(center: f64, order: usize) -> Vec<f64> {
    // Far from 0, 1 - tanh^2 would lose all digits.
    let mut coefficients = vec![center.tanh(), center.cosh().powi(-2)];
    for n in 1..order {
        let pairs = coefficients.iter().zip(coefficients.iter().rev());
        let square: f64 = pairs.map(|(a, b)| a * b).sum();
        coefficients.push(-square / (n + 1) as f64);
    }
    coefficients.truncate(order + 1);
    coefficients
}

/// `sigmoid(u) = 1/2 + tanh(u/2) / 2`: one recurrence for both.
fn logistic(center: f64, order: usize) -> Vec<f64> {
    let halves = hyperbolic_tangent(center / 2.0, order);
    let scaled = halves.iter().enumerate().skip(1);
    let scaled = scaled.map(|(n, c)| c / 2.0_f64.powi(n as i32 + 1));
    std::iter::once(sigmoid(center)).chain(scaled).collect()
}
