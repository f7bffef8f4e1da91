//! What a model without a formula predicts: boosted regression trees (Friedman 2001), a ceiling
//! that a formula is measured by.

use super::objective::{Fold, Objective};
use crate::formula::Columns;
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::xgboost::{XGRegressor, XGRegressorParameters};

// The defaults of scikit-learn's GradientBoostingRegressor.
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

/// Rows and their targets; none if the rows have weights, or if the targets are counts: these trees
/// know neither.
fn known(objective: &dyn Objective) -> Option<(Vec<Vec<f64>>, Vec<f64>)> {
    let (targets, weights) = objective.explained()?;
    let count_alike = weights.iter().all(|weight| *weight == weights[0]);
    let are_counts = objective.sums()?.usual_link().is_some();
    (count_alike && !are_counts).then(|| (rows_of(objective.columns()), targets))
}

fn rows_of(columns: &Columns) -> Vec<Vec<f64>> {
    let row = |row: usize| columns.raw().iter().map(|column| column[row]).collect();
    (0..columns.n_samples()).map(row).collect()
}
