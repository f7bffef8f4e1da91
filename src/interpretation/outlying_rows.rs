//! Few rows that carry most of a formula's loss.

use crate::effort::ValueFits;
use crate::effort::reading::OutlierLimits;
use crate::error::Result;
use crate::formula::Expression;
use crate::numerics::outlying;
use crate::search::{LeastSquares, Objective, ValueLoss, ValueObjective};
use serde::Serialize;

const LIMITS: OutlierLimits = OutlierLimits::DEFAULT;

/// Rows that lie far from a formula and carry most of its squared errors, as typing errors and broken
/// sensors do. They pull the formula; a loss that counts errors as they are hardly notices them.
///
/// ```
/// use closedform::interpretation::OutlyingRows;
/// use closedform::{Points, ValueObjective};
///
/// let points = Points::new(["x"], (0..50).map(f64::from).collect::<Vec<f64>>())?;
/// let mut values: Vec<f64> = points.rows().map(|x| 2.0 * x[0] + x[0].sin()).collect();
/// values[30] += 100.0;
/// let values = ValueObjective::new(&points, values)?;
/// let rows = OutlyingRows::of(&"2*x1".parse()?, &values)?.unwrap();
/// assert_eq!((rows.n, rows.n_rows), (1, 50));
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct OutlyingRows {
    /// How many there are.
    pub n: usize,
    /// The number of all rows.
    pub n_rows: usize,
    /// The share of the loss that they carry.
    pub share: f64,
}

impl OutlyingRows {
    /// The rows farther from a formula than five robust standard deviations of its errors, if they
    /// are few and carry most of the loss; none for losses other than squared errors.
    ///
    /// # Errors
    /// A formula in more features than the values have.
    pub fn of(formula: &Expression, values: &ValueObjective) -> Result<Option<Self>> {
        formula.check_features(values.columns().n_features())?;
        if values.value_loss() != ValueLoss::Squared {
            return Ok(None);
        }
        let found = formula.evaluate(values.columns());
        let Some(errors) = values.residuals(&found) else {
            return Ok(None);
        };
        let squares: Vec<f64> = errors.iter().map(|error| error * error).collect();
        let all: f64 = squares.iter().sum();
        let n_rows = errors.len();
        let most = ValueFits::DEFAULT.outlying;
        let rows = outlying(&errors, most, values.resolution().sqrt());
        let share = rows.iter().map(|&row| squares[row]).sum::<f64>() / all;
        let is_few = (rows.len() as f64) <= LIMITS.max_rows * n_rows as f64;
        Ok((is_few && share >= LIMITS.min_share).then_some(Self {
            n: rows.len(),
            n_rows,
            share,
        }))
    }
}

impl std::fmt::Display for OutlyingRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (rows, verb) = match self.n {
            1 => ("row", "carries"),
            _ => ("rows", "carry"),
        };
        write!(
            f,
            "{} of {} {rows} {verb} {:.0} % of the loss; if they are errors of measurement, absolute \
             errors find the formula of the others",
            self.n,
            self.n_rows,
            100.0 * self.share
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Points;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use rand_distr::{Distribution, StandardNormal};

    /// The rows of 3 x1 with normal errors, every so many-th of which is off by 20 from row 1 on.
    fn of(step: Option<usize>) -> Option<OutlyingRows> {
        let mut rng = ChaCha8Rng::seed_from_u64(6);
        let inputs: Vec<f64> = (0..200).map(|row| f64::from(row) / 50.0).collect();
        let points = Points::new(["x1"], inputs).unwrap();
        let rows = points.rows().enumerate();
        let values = rows.map(|(row, x)| {
            let error: f64 = StandardNormal.sample(&mut rng);
            3.0 * x[0]
                + error / 2.0
                + if step.is_some_and(|step| row % step == 1) {
                    20.0
                } else {
                    0.0
                }
        });
        let values = ValueObjective::new(&points, values.collect()).unwrap();
        OutlyingRows::of(&"3*x1".parse().unwrap(), &values).unwrap()
    }

    #[test]
    fn outliers_that_carry_the_loss_are_counted_and_normal_errors_are_not() {
        for (step, n) in [(7, 29), (20, 10), (100, 2)] {
            let rows = of(Some(step)).unwrap();
            assert_eq!((rows.n, rows.n_rows), (n, 200));
            assert!(rows.share > 0.9, "{rows}");
        }
        assert_eq!(of(None), None);
    }
}
