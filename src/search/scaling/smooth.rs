//! The powers of `x^a phi(x^b)` where noise hides them from neighbouring rows: phi is then a smooth
//! curve, a spline, fitted together with the powers to all rows at once.

use super::sharp::{Fit, Logarithms, whole};
use crate::effort::Scaling;
use crate::numerics::least_squares::solve;
use crate::numerics::range;
use faer::Mat;
use rayon::prelude::*;

/// No number is farther from a half: noise moves the powers, and the curves say which are right.
const FARTHEST: f64 = 0.25;

impl Logarithms {
    /// The plainest scaling among those whose curves leave least of the values; none if all leave too
    /// much, or if a power law alone leaves as little.
    pub fn smoothest(&self, limits: &Scaling) -> Option<Fit> {
        let few = self.every(self.n_rows().div_ceil(limits.n_rows_of_curve));
        let mut powers: Vec<(f64, Fit)> = self
            .products(limits)
            .into_par_iter()
            .filter_map(|product| few.powers(product, limits))
            .collect();
        powers.sort_by(|a, b| a.0.total_cmp(&b.0));
        powers.truncate(limits.n_closer);
        let closer = powers.into_par_iter().filter_map(|(_, fit)| {
            let (_, fit) = self.powers(fit.product, limits)?;
            let fit = whole(fit, FARTHEST)?;
            Some(Fit {
                left: self.left(&fit, limits)?,
                ..fit
            })
        });
        let fits: Vec<Fit> = closer.collect();
        let least = fits
            .iter()
            .map(|fit| fit.left)
            .fold(f64::INFINITY, f64::min);
        if least > limits.accepted_curve {
            return None;
        }
        let as_good = fits
            .into_iter()
            .filter(|fit| fit.left <= limits.as_good_curve * least);
        as_good.min_by_key(Fit::length)
    }

    /// The powers before a curve of this product, fitted to the logarithms, and the share of these that
    /// is left. A row counts by the square of its value, as errors of one size make it.
    fn powers(&self, product: Vec<(usize, i32)>, limits: &Scaling) -> Option<(f64, Fit)> {
        let pivot = product.first().map(|(variable, _)| *variable);
        let variables: Vec<usize> = (0..self.columns.len())
            .filter(|variable| Some(*variable) != pivot && Some(*variable) != self.mixed)
            .collect();
        let spline = Spline::of(&self.places(&product), limits.n_curve);
        let (_, largest) = range(&self.values);
        let n_rows = self.n_rows();
        if n_rows < 2 * (variables.len() + limits.n_curve) {
            return None;
        }
        let weight = |row: usize| (self.values[row] - largest).exp();
        let n_curve = spline.n;
        let design = Mat::from_fn(n_rows, n_curve + variables.len(), |row, column| {
            weight(row)
                * match column.checked_sub(n_curve) {
                    None => spline.rows[row].at(column),
                    Some(place) => self.columns[variables[place]][row],
                }
        });
        let target = Mat::from_fn(n_rows, 1, |row, _| weight(row) * self.values[row]);
        let (numbers, left) = fitted(&design, &target);
        let powers = numbers[n_curve..].iter().copied();
        let fit = Fit {
            factor: variables.into_iter().zip(powers).collect(),
            product,
            left,
        };
        left.is_finite().then_some((left, fit))
    }

    /// The share of the values' squares that a curve times these powers leaves.
    fn left(&self, fit: &Fit, limits: &Scaling) -> Option<f64> {
        let spline = Spline::of(&self.places(&fit.product), limits.n_curve);
        let (_, largest) = range(&self.values);
        let n_rows = self.n_rows();
        let factor = |row: usize| {
            let powers = fit.factor.iter().map(|(v, p)| p * self.columns[*v][row]);
            powers.sum::<f64>()
        };
        let factors: Vec<f64> = (0..n_rows).map(factor).collect();
        let (_, highest) = range(&factors);
        let design = Mat::from_fn(n_rows, spline.n, |row, column| {
            (factors[row] - highest).exp() * spline.rows[row].at(column)
        });
        let target = Mat::from_fn(n_rows, 1, |row, _| {
            self.signs[row] * (self.values[row] - largest).exp()
        });
        let (_, left) = fitted(&design, &target);
        let mean = (0..n_rows).map(|row| target[(row, 0)]).sum::<f64>() / n_rows as f64;
        let all: f64 = (0..n_rows)
            .map(|row| (target[(row, 0)] - mean).powi(2))
            .sum();
        (all > 0.0 && left.is_finite()).then(|| left / all)
    }
}

/// The coefficients with the least squares of errors, and these.
fn fitted(design: &Mat<f64>, target: &Mat<f64>) -> (Vec<f64>, f64) {
    let numbers = solve(design, target, 0.0).coefficients;
    let error = |row: usize| {
        let found = numbers.iter().enumerate();
        let found = found.map(|(column, number)| number * design[(row, column)]);
        target[(row, 0)] - found.sum::<f64>()
    };
    let squares = (0..target.nrows()).map(|row| error(row).powi(2));
    let left = squares.sum();
    (numbers, left)
}

/// A uniform cubic B-spline over the range of some places.
struct Spline {
    n: usize,
    rows: Vec<SplineRow>,
}

/// The four functions that aren't 0 at a place, the first of them by number.
struct SplineRow {
    first: usize,
    values: [f64; 4],
}

impl SplineRow {
    fn at(&self, function: usize) -> f64 {
        let place = function.checked_sub(self.first);
        place
            .and_then(|place| self.values.get(place))
            .copied()
            .unwrap_or(0.0)
    }
}

impl Spline {
    /// A single constant, where all places are one.
    fn of(places: &[f64], n: usize) -> Self {
        let (low, high) = range(places);
        if high <= low {
            let row = || SplineRow {
                first: 0,
                values: [1.0, 0.0, 0.0, 0.0],
            };
            return Self {
                n: 1,
                rows: places.iter().map(|_| row()).collect(),
            };
        }
        let n_parts = n.saturating_sub(3).max(1);
        let row = |place: &f64| {
            let along = (place - low) / (high - low) * n_parts as f64;
            let first = (along as usize).min(n_parts - 1);
            let f = along - first as f64;
            SplineRow {
                first,
                values: [
                    (1.0 - f).powi(3) / 6.0,
                    (3.0 * f.powi(3) - 6.0 * f * f + 4.0) / 6.0,
                    (-3.0 * f.powi(3) + 3.0 * f * f + 3.0 * f + 1.0) / 6.0,
                    f.powi(3) / 6.0,
                ],
            }
        };
        Self {
            n: n_parts + 3,
            rows: places.iter().map(row).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn the_functions_of_a_spline_add_up_to_1() {
        let places: Vec<f64> = (0..50).map(|i| f64::from(i) * 0.37 - 4.0).collect();
        let spline = Spline::of(&places, 8);
        for row in &spline.rows {
            let sum: f64 = (0..spline.n).map(|function| row.at(function)).sum();
            assert!((sum - 1.0).abs() < 1e-12, "{sum}");
        }
    }

    #[test]
    fn the_powers_show_through_noise_of_a_tenth_of_the_spread() {
        let mut rng = ChaCha8Rng::seed_from_u64(0);
        let mut column = || -> Vec<f64> { (0..600).map(|_| rng.random_range(1.0..4.0)).collect() };
        let columns = vec![column(), column(), column()];
        let law = |row: usize| {
            let [x, y, z] = [0, 1, 2].map(|c: usize| columns[c][row]);
            x * x * y / ((y / z).exp() - 1.0)
        };
        let exact: Vec<f64> = (0..600).map(law).collect();
        let mean = exact.iter().sum::<f64>() / 600.0;
        let spread = (exact.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / 600.0).sqrt();
        // Uniform errors from -1 to 1 have a standard deviation of 1 over the root of 3.
        let size = 0.1 * 3.0_f64.sqrt() * spread;
        let noisy = exact.iter().map(|y| y + rng.random_range(-size..size));
        let noisy: Vec<f64> = noisy.collect();
        let fit = Logarithms::of(&columns, &noisy)
            .and_then(|logarithms| logarithms.smoothest(&Scaling::DEFAULT))
            .unwrap();
        assert_eq!(fit.product, [(1, 1), (2, -1)]);
        let factor = fit.shifted(0);
        assert!(factor.contains(&(0, 2.0)), "{factor:?}");
    }
}
