//! The values and input gradients of formulas.

use super::{Columns, Evaluation, Evaluator, Expression, Tape};

impl Expression {
    /// The value and the gradient `(n_features,)` at one point `(n_features,)`. All are NaN if the
    /// point lacks a variable of the formula.
    pub fn value_and_gradient(&self, point: &[f64]) -> (f64, Vec<f64>) {
        if !self.has_features(point.len()) {
            return (f64::NAN, vec![f64::NAN; point.len()]);
        }
        if point.is_empty() {
            return (self.value(point), Vec::new());
        }
        let columns: Vec<Vec<f64>> = point.iter().map(|&value| vec![value]).collect();
        let found = self.evaluate_everywhere(&Columns::of_one_length(columns));
        let first = |column: &Vec<f64>| column.first().copied().unwrap_or(0.0);
        (
            first(&found.values),
            found.gradient.iter().map(first).collect(),
        )
    }

    /// Values and input derivatives at the points, up to a block with a number that isn't finite.
    pub(crate) fn evaluate(&self, columns: &Columns) -> Evaluation {
        Evaluator::new()
            .gradients(&Tape::new(self), columns)
            .clone()
    }

    /// Values and input derivatives at all points, including those that aren't finite.
    pub(crate) fn evaluate_everywhere(&self, columns: &Columns) -> Evaluation {
        Evaluator::new()
            .everywhere(&Tape::new(self), columns)
            .clone()
    }
}
