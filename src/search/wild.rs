//! Poles that no row lies near.
//!
//! A search that tries many formulas finds some whose poles fall just between the rows, which
//! neither the loss nor a cross-validation sees. The next row may fall on one of them.

use super::objective::Objective;
use super::options::SearchOptions;
use crate::formula::{Columns, Expression};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Whether a formula for values leaves the targets' range far behind between rows: at random points
/// on the lines between random pairs of rows, as many as there are rows.
pub(super) fn between_rows(
    formula: &Expression,
    objective: &dyn Objective,
    options: &SearchOptions,
) -> bool {
    let Some((targets, _)) = objective.explained() else {
        return false;
    };
    let columns = objective.columns();
    let n = columns.n_samples();
    let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
    let draws = (0..n).map(|_| (rng.random_range(0..n), rng.random_range(0..n), rng.random()));
    let draws: Vec<(usize, usize, f64)> = draws.collect();
    let between = columns.raw().iter().map(|column| {
        let on_line =
            |(a, b, share): &(usize, usize, f64)| column[*a] + share * (column[*b] - column[*a]);
        draws.iter().map(on_line).collect()
    });
    let found = formula.evaluate_everywhere(&Columns::of_one_length(between.collect()));
    let start = (f64::INFINITY, f64::NEG_INFINITY);
    let (low, high) = (targets.iter()).fold(start, |(low, high), y| (low.min(*y), high.max(*y)));
    let room = options.effort.choice.wild * (high - low);
    !(found.values.iter()).all(|value| *value >= low - room && *value <= high + room)
}
