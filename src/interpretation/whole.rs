//! A regressor's whole formula: phi and the formula inside it, refined together.

use super::LinkFunction;
use crate::dataset::Dataset;
use crate::effort::reading::Numbers;
use crate::formula::Expression;
use crate::search::{SearchOptions, ValueObjective, refined};

/// `phi` with `formula` inserted for `T`. Its numbers are refined together on the network's values
/// at the training points, then it is shortened and simplified. If no formula for `phi` is as good as
/// its curve, the closest one is taken. None if the values don't allow a search for `phi`.
pub(super) fn whole_formula(
    formula: &Expression,
    link: &LinkFunction,
    training: &Dataset,
    latent: &[f64],
) -> Option<Expression> {
    let whole = link.nearest()?.substituted(std::slice::from_ref(formula));
    let step = training
        .n_samples()
        .div_ceil(Numbers::DEFAULT.n_points_of_whole);
    let rows: Vec<usize> = (0..training.n_samples()).step_by(step).collect();
    let values = rows.iter().map(|&row| latent[row]).collect();
    let objective = ValueObjective::new(&training.points().select(&rows), values)
        .ok()?
        .with_smooth_errors();
    let refined = refined(&whole, &objective, &SearchOptions::default())?;
    Some(refined.expression)
}
