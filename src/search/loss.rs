//! How well a formula's gradient directions match given ones.

use super::expression::{Dual, Expression};
use crate::gradients::Directions;

/// Directions laid out column by column for evaluation, without the points that have none.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub n_samples: usize,
    pub columns: Vec<Vec<f64>>,
    pub directions: Vec<Vec<f64>>,
}

impl Target {
    pub fn new(directions: &Directions) -> Self {
        let n_features = directions.n_features();
        let rows = directions.points().chunks_exact(n_features);
        let (points, gradients): (Vec<&[f64]>, Vec<&[f64]>) = rows
            .zip(directions.unit_gradients().chunks_exact(n_features))
            .filter(|(_, gradient)| gradient.iter().any(|&g| g != 0.0))
            .unzip();
        let to_columns = |rows: &[&[f64]]| -> Vec<Vec<f64>> {
            (0..n_features)
                .map(|index| rows.iter().map(|row| row[index]).collect())
                .collect()
        };
        Self {
            n_samples: points.len(),
            columns: to_columns(&points),
            directions: to_columns(&gradients),
        }
    }

    /// Every k-th point, so that at most `max_samples` are left.
    pub fn thinned(&self, max_samples: usize) -> Self {
        let step = self.n_samples.div_ceil(max_samples).max(1);
        let thin = |columns: &[Vec<f64>]| -> Vec<Vec<f64>> {
            columns
                .iter()
                .map(|column| column.iter().step_by(step).copied().collect())
                .collect()
        };
        Self {
            n_samples: self.n_samples.div_ceil(step),
            columns: thin(&self.columns),
            directions: thin(&self.directions),
        }
    }

    pub fn n_features(&self) -> usize {
        self.columns.len()
    }

    pub fn evaluate(&self, expression: &Expression) -> Dual {
        expression.evaluate(&self.columns, self.n_samples)
    }

    /// The sign-blind loss of a formula, or `None` where it isn't finite on all points.
    pub fn loss(&self, expression: &Expression) -> Option<f64> {
        self.gradient_loss(&self.evaluate(expression))
    }

    pub fn gradient_loss(&self, dual: &Dual) -> Option<f64> {
        dual.is_finite()
            .then(|| 2.0 - 2.0 * self.mean_cosine(&dual.gradient).abs())
    }

    /// Mean cosine between given gradient columns and the directions, in [-1, 1].
    pub fn mean_cosine(&self, gradient: &[Vec<f64>]) -> f64 {
        self.cosines(gradient).iter().sum::<f64>() / self.n_samples as f64
    }

    fn cosines(&self, gradient: &[Vec<f64>]) -> Vec<f64> {
        let mut dots = vec![0.0; self.n_samples];
        let mut squares = vec![0.0; self.n_samples];
        for (column, direction) in gradient.iter().zip(&self.directions) {
            for (row, &g) in column.iter().enumerate() {
                dots[row] += g * direction[row];
                squares[row] += g * g;
            }
        }
        // A formula whose gradient vanishes or isn't finite at a point has no direction there.
        dots.iter()
            .zip(&squares)
            .map(|(dot, square)| dot / square.sqrt())
            .map(|cosine| if cosine.is_finite() { cosine } else { 0.0 })
            .collect()
    }
}

impl Directions {
    /// The sign-blind direction loss `2 - 2 |mean cos|` of a formula, in [0, 2].
    ///
    /// It is the mean squared difference of normalized gradients (Wetzel 2024, equations 16 to
    /// 18) under the better of the two signs, since the monotone function between formula and
    /// network may fall as well as rise. Points without direction are left out; where the
    /// formula's own gradient vanishes, the cosine counts as 0.
    ///
    /// ```
    /// use closedform::{Directions, Expression};
    ///
    /// let names = vec!["x1".to_string(), "x2".to_string()];
    /// let directions = Directions::from_gradients(names, vec![1.0, 2.0], vec![-1.0, -1.0])?;
    /// let sum = Expression::variable(0) + Expression::variable(1);
    /// assert!(directions.loss(&sum).unwrap() < 1e-12);
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// Returns `None` where the formula or its gradient isn't finite on every point.
    pub fn loss(&self, expression: &Expression) -> Option<f64> {
        Target::new(self).loss(expression)
    }

    /// The mean of `|cos|` between the formula's gradients and these directions, in [0, 1].
    ///
    /// Unlike [`loss`](Self::loss) it judges each point's sign by itself, as the reports do.
    /// Points without direction are left out.
    pub fn mean_abs_cosine(&self, expression: &Expression) -> f64 {
        let target = Target::new(self);
        let cosines = target.cosines(&target.evaluate(expression).gradient);
        cosines.iter().map(|cosine| cosine.abs()).sum::<f64>() / target.n_samples as f64
    }
}
