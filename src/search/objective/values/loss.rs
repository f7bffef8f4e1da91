//! How the errors of values count.

use crate::error::{Error, Result};

/// How errors count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueLoss {
    /// The mean squared error, as a share of the target's variance.
    #[default]
    Squared,
    /// The mean absolute error, as a share of the target's mean distance from its median.
    Absolute,
    /// The mean Poisson deviance `2 (y log(y / f) - (y - f))`, as a share of that of the mean
    /// (McCullagh & Nelder 1989, section 2.3). For counts, whose variance grows with their mean.
    Poisson,
}

impl ValueLoss {
    /// The loss of one prediction; not finite where it can't be the target's mean.
    pub(super) fn of(self, value: f64, target: f64) -> f64 {
        match self {
            Self::Squared => (value - target).powi(2),
            Self::Absolute => (value - target).abs(),
            Self::Poisson => deviance(value, target),
        }
    }

    /// A number whose square is the loss, and how it changes with the prediction.
    ///
    /// For an absolute error that is the change of the root of a parabola, which lies above the loss
    /// and touches it here: a step of least squares then lowers the loss, as in iteratively
    /// reweighted least squares (Schlossmacher 1973). Errors below `floor` count as that large.
    pub(super) fn root(self, value: f64, target: f64, floor: f64) -> (f64, f64) {
        match self {
            Self::Squared => (value - target, 1.0),
            Self::Absolute => {
                let error = value - target;
                let weight = self.weight_of_square(value, target, floor);
                (error.abs().sqrt().copysign(error), weight.sqrt())
            }
            Self::Poisson => {
                let root = deviance(value, target).sqrt().copysign(value - target);
                // By the chain rule; at the target itself the limit.
                let slope = (1.0 - target / value) / root;
                let limit = 1.0 / value.sqrt();
                (root, if slope.is_finite() { slope } else { limit })
            }
        }
    }

    /// The weight that a squared error needs to be, up to a factor, the loss near a prediction.
    pub(super) fn weight_of_square(self, value: f64, target: f64, floor: f64) -> f64 {
        match self {
            Self::Squared => 1.0,
            // |e| <= e^2 / (2 |e0|) + |e0| / 2: each round lowers the absolute error.
            Self::Absolute => 1.0 / (value - target).abs().max(floor),
            // The variance of a count is its mean.
            Self::Poisson => 1.0 / value.max(floor),
        }
    }

    /// The error of the best constant, where the rows count by weights that are 1 on average.
    pub(super) fn unit(self, target: &[f64], weights: Option<&[f64]>) -> f64 {
        let n = target.len() as f64;
        let weight = |row: usize| weights.map_or(1.0, |weights| weights[row]);
        let mean = |value: &dyn Fn(f64) -> f64| {
            let rows = target.iter().enumerate();
            rows.map(|(row, y)| weight(row) * value(*y)).sum::<f64>() / n
        };
        let center = match self {
            Self::Squared | Self::Poisson => mean(&|y| y),
            Self::Absolute => {
                let mut rows: Vec<usize> = (0..target.len()).collect();
                rows.sort_by(|&a, &b| target[a].total_cmp(&target[b]));
                let mut below = 0.0;
                let median = rows.into_iter().find(|&row| {
                    below += weight(row);
                    below > n / 2.0
                });
                median.map_or(0.0, |row| target[row])
            }
        };
        mean(&|y| self.of(center, y))
    }

    /// Refuses targets that the loss isn't made for.
    pub(super) fn check(self, target: &[f64]) -> Result<()> {
        match target.iter().position(|y| *y < 0.0) {
            Some(row) if self == Self::Poisson => Err(Error::Value(format!(
                "row {}: the target is {}; the loss poisson is for counts, which are 0 or above",
                row + 1,
                target[row]
            ))),
            _ => Ok(()),
        }
    }
}

/// The Poisson deviance of a mean.
fn deviance(mean: f64, count: f64) -> f64 {
    if mean <= 0.0 {
        return f64::INFINITY;
    }
    let log = if count > 0.0 {
        count * (count / mean).ln()
    } else {
        0.0
    };
    // Rounding can leave it just below 0.
    (2.0 * (log - (count - mean))).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_square_to_the_loss_and_have_its_slopes() {
        for loss in [ValueLoss::Squared, ValueLoss::Poisson] {
            for (value, target) in [(2.0, 3.0), (5.0, 1.0), (0.3, 0.0), (4.0, 4.0), (7.0, 7.1)] {
                let root = |value: f64| loss.root(value, target, 0.0);
                let (at, slope) = root(value);
                assert!((at * at - loss.of(value, target)).abs() < 1e-12);
                let step = 1e-4;
                let numerical = (root(value + step).0 - root(value - step).0) / (2.0 * step);
                assert!(
                    (slope - numerical).abs() < 1e-3,
                    "{value} {target}: {slope} {numerical}"
                );
            }
        }
    }

    #[test]
    fn the_root_of_an_absolute_error_belongs_to_a_parabola_above_it() {
        let (at, slope) = ValueLoss::Absolute.root(1.0, 3.0, 1e-9);
        assert!((at * at - 2.0).abs() < 1e-12);
        // e^2 / (2 |e0|) + |e0| / 2, whose first part is half the square of slope times error.
        for value in [-4.0, 1.0, 2.5, 8.0] {
            let parabola = (slope * (value - 3.0)).powi(2) / 2.0 + 1.0;
            assert!(
                parabola >= ValueLoss::Absolute.of(value, 3.0) - 1e-12,
                "{value}"
            );
        }
    }

    #[test]
    fn the_deviance_is_that_of_statsmodels() {
        // statsmodels.genmod.families.Poisson().deviance([3], [2]), ([0], [0.5]).
        assert!((ValueLoss::Poisson.of(2.0, 3.0) - 0.432_790_648_648_986_3).abs() < 1e-12);
        assert!((ValueLoss::Poisson.of(0.5, 0.0) - 1.0).abs() < 1e-12);
        assert!(ValueLoss::Poisson.of(-1.0, 2.0).is_infinite());
    }
}
