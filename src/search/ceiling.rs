//! What a model without a formula predicts: boosted regression trees (Friedman 2001), a ceiling
//! that a formula is measured by.

use super::objective::values::of_values;
use super::objective::{Fold, Objective};
use crate::formula::Columns;
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::xgboost::{XGRegressor, XGRegressorParameters};

// The defaults of scikit-learn's GradientBoostingRegressor. Half or twice as many trees change the
// R^2 of the tables in benches/README.md by less than 0.02 in the median.
const N_TREES: usize = 100;
const DEPTH: u16 = 3;
const LEARNING_RATE: f64 = 0.1;

/// The predictions for a fold's held-out rows, by trees that were grown on its other rows.
pub(super) fn predictions(fold: &Fold) -> Option<Vec<f64>> {
    let (rows, targets) = known(fold.training.as_ref())?;
    let parameters = XGRegressorParameters::default()
        .with_n_estimators(N_TREES)
        .with_max_depth(DEPTH)
        .with_learning_rate(LEARNING_RATE)
        .with_subsample(1.0);
    let training = DenseMatrix::from_2d_vec(&rows).ok()?;
    let trees = XGRegressor::fit(&training, &targets, parameters).ok()?;
    let held_out = DenseMatrix::from_2d_vec(&rows_of(fold.held_out.columns())).ok()?;
    trees.predict(&held_out).ok()
}

/// Rows and their targets; none if the rows have weights, which these trees don't know. Residuals
/// are `s (f - t)` for a prediction `f`, with one scale `s` for rows that count alike.
fn known(objective: &dyn Objective) -> Option<(Vec<Vec<f64>>, Vec<f64>)> {
    let columns = objective.columns();
    let least_squares = objective.least_squares()?;
    let at = |value: f64| least_squares.residuals(&of_values(&vec![value; columns.n_samples()]));
    let (at_0, at_1) = (at(0.0)?, at(1.0)?);
    let scale = at_1.first()? - at_0.first()?;
    let count_alike = at_0
        .iter()
        .zip(&at_1)
        .all(|(a, b)| (b - a - scale).abs() < 1e-6 * scale);
    let targets = at_0.iter().map(|residual| -residual / scale);
    count_alike.then(|| (rows_of(columns), targets.collect()))
}

fn rows_of(columns: &Columns) -> Vec<Vec<f64>> {
    let row = |row: usize| columns.raw().iter().map(|column| column[row]).collect();
    (0..columns.n_samples()).map(row).collect()
}
