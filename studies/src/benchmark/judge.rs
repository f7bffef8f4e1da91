//! Whether what was found is the equation.

use super::Problem;
use closedform::interpretation::structure_error;
use closedform::{Dataset, Expression, Result};

/// Points that a formula is compared at.
const N_FRESH: usize = 1000;
/// Without noise, the largest root mean square error of values, as a share of theirs, or of unit
/// gradients, that counts as none. It is 1000 times what rounding leaves of the steepest equations.
const EXACT: f64 = 1e-6;

/// A value below this share of their root mean square is nearly 0: what it differs by is measured in
/// that share.
const NEARLY_0: f64 = 1e-3;

/// A formula from a network may be off by this: for a regressor a share of the values, for a classifier
/// the sine of the angle between gradients. 0.05 is an angle of 3 degrees, what networks that are trained
/// on other rows differ by. Twice as much takes neighbouring formulas for the equation.
pub(crate) const ERROR_OF_NETWORK: f64 = 0.05;

/// Compares formulas with an equation on fresh points.
pub(crate) struct Judge {
    problem: Problem,
    fresh: Dataset,
    is_by_angle: bool,
}

impl Judge {
    /// Compares values, or the angles between gradients.
    pub fn new(problem: Problem, is_by_angle: bool) -> Result<Self> {
        let fresh = problem.fresh(N_FRESH)?;
        Ok(Self {
            problem,
            fresh,
            is_by_angle,
        })
    }

    /// How far a formula is from the equation.
    pub fn error(&self, formula: &Expression) -> f64 {
        if self.is_by_angle {
            self.angle(formula)
        } else {
            self.error_of_values(formula)
        }
    }

    /// Whether a formula is the equation: equal without noise; with noise, or from a network, of the
    /// same structure, with an error of at most `limit`.
    pub fn is_found(&self, formula: &Expression, limit: f64) -> Result<bool> {
        let error = self.error(formula);
        if limit == 0.0 {
            return Ok(error <= EXACT);
        }
        let ranges = self.problem.ranges.iter();
        let sides: Vec<(f64, f64)> = ranges.map(|range| range.side()).collect();
        let has_structure = || structure_error(formula, &self.problem.truth, &sides);
        Ok(error <= limit && has_structure()?.is_some())
    }

    /// Relative at each point, where the value isn't nearly 0: values may differ by decades.
    fn error_of_values(&self, formula: &Expression) -> f64 {
        let mean = |squares: f64| squares / N_FRESH as f64;
        let size = mean(self.fresh.targets().iter().map(|y| y * y).sum()).sqrt();
        let rows = self.fresh.points().rows().zip(self.fresh.targets());
        let errors = rows.map(|(x, y)| (formula.value(x) - y) / y.abs().max(NEARLY_0 * size));
        mean(errors.map(|error| error * error).sum()).sqrt()
    }

    /// The root mean square sine of the angle between the gradients; a gradient and its negative are
    /// alike.
    fn angle(&self, formula: &Expression) -> f64 {
        let unit = |expression: &Expression, x: &[f64]| {
            let (_, gradient) = expression.value_and_gradient(x);
            let length = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
            let unit = gradient.into_iter().map(move |g| g / length);
            unit.collect::<Vec<f64>>()
        };
        let sines = self.fresh.points().rows().map(|x| {
            let (found, truth) = (unit(formula, x), unit(&self.problem.truth, x));
            let pairs = || found.iter().zip(&truth);
            let cosine: f64 = pairs().map(|(a, b)| a * b).sum();
            // More exact near 0 than by way of the cosine.
            pairs().map(|(a, b)| (a - cosine * b).powi(2)).sum::<f64>()
        });
        (sines.sum::<f64>() / N_FRESH as f64).sqrt()
    }
}
