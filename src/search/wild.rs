//! Poles that no row lies near.
//!
//! A search that tries many formulas finds some whose poles fall just between the rows, which
//! neither the loss nor a cross-validation sees. The next row may fall on one of them.

use super::objective::Objective;
use super::options::SearchOptions;
use crate::formula::{Columns, Expression, Operator};
use crate::numerics::range;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Random points on the lines between random pairs of rows, as many as there are rows, and how far
/// values may go there.
pub(super) struct Between {
    points: Columns,
    low: f64,
    high: f64,
}

impl Between {
    /// None for an objective without values.
    pub fn new(objective: &dyn Objective, options: &SearchOptions) -> Option<Self> {
        let (targets, _) = objective.explained()?;
        let columns = objective.columns();
        let n = columns.n_samples();
        let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
        let draws = (0..n).map(|_| (rng.random_range(0..n), rng.random_range(0..n), rng.random()));
        let draws: Vec<(usize, usize, f64)> = draws.collect();
        let points = columns.raw().iter().map(|column| {
            let on_line = |(a, b, share): &(usize, usize, f64)| {
                column[*a] + share * (column[*b] - column[*a])
            };
            draws.iter().map(on_line).collect()
        });
        let (low, high) = range(&targets);
        let room = options.effort.choice.wild * (high - low);
        Some(Self {
            points: Columns::of_one_length(points.collect()),
            low: low - room,
            high: high + room,
        })
    }

    /// Whether a formula leaves the targets' range far behind between rows.
    pub fn is_wild(&self, formula: &Expression) -> bool {
        let found = formula.evaluate_everywhere(&self.points);
        let is_inside = |value: &f64| *value >= self.low && *value <= self.high;
        !found.values.iter().all(is_inside)
    }

    /// Whether a divisor of the formula changes its sign between rows. Such a pole can be too narrow
    /// for any of the points to lie near it.
    pub fn has_pole(&self, formula: &Expression) -> bool {
        let Expression::Apply(operator, parts) = formula else {
            return false;
        };
        let divisor = match operator {
            Operator::Div => Some(&parts[1]),
            Operator::Inv => Some(&parts[0]),
            _ => None,
        };
        let changes_sign = |divisor: &Expression| {
            let (low, high) = range(&divisor.evaluate_everywhere(&self.points).values);
            low < 0.0 && high > 0.0
        };
        divisor.is_some_and(changes_sign) || parts.iter().any(|part| self.has_pole(part))
    }
}
