//! Cross-validation: what the formulas of a front lose on rows that their numbers were not
//! fitted to.

use super::front::ParetoFront;
use super::objective::{Fold, Objective};
use super::options::SearchOptions;
use super::refinement::constants::fitted;
use crate::effort::Effort;
use crate::formula::Expression;
use crate::numerics::mean;
use rayon::prelude::*;

/// What a formula loses on held-out rows, on average over the folds of a cross-validation. Its
/// numbers are fitted anew in every fold; its structure is the one found with all rows.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct HeldOut {
    /// The mean loss on held-out rows.
    pub loss: f64,
    /// By how much that exceeds the least of all formulas that are no longer than the one with the
    /// shortest description of formula and data; below 0 if it is less.
    pub excess: f64,
    /// The standard error of the excess, from its differences row by row.
    pub standard_error: f64,
}

impl HeldOut {
    /// Whether the loss is within one standard error of the least.
    pub fn is_as_good(&self) -> bool {
        self.excess <= self.standard_error
    }
}

/// Cross-validates every formula of a front; changes nothing where the objective has no folds.
pub(super) fn validate(
    front: &mut ParetoFront,
    objective: &dyn Objective,
    options: &SearchOptions,
) {
    let limits = &options.effort.validation;
    let least_squares = objective.least_squares();
    let folds = least_squares.map_or(Vec::new(), |l| l.folds(limits.n_folds, options.seed));
    if folds.is_empty() {
        return;
    }
    let mut effort = options.effort;
    // Every number is fitted, however many there are: the others would know the held-out rows.
    effort.constants.max_constants = usize::MAX;
    let losses: Vec<Vec<f64>> = front
        .candidates()
        .par_iter()
        .map(|candidate| {
            let expression = &candidate.expression;
            // Fitting undoes what shortening cost; held-out rows pay the same share.
            let n_steps = effort.refinement.n_steps;
            let refitted = fitted(expression, objective, &effort, n_steps);
            let (given, least) = (candidate.loss, refitted.map_or(f64::NAN, |(_, loss)| loss));
            let floor = objective.resolution();
            let share = given.max(floor) / least.max(floor).min(given.max(floor));
            let of_fold = |fold| row_losses(expression, fold, &effort);
            let losses = folds.iter().flat_map(of_fold);
            losses.map(|loss| (loss * share).min(f64::MAX)).collect()
        })
        .collect();
    let means: Vec<f64> = losses
        .iter()
        .map(|losses| mean(losses.iter().copied()))
        .collect();
    // Few rows can't tell which of many long formulas is right: none is compared with that is longer
    // than the shortest description of formula and data.
    let candidates = front.candidates();
    let longest = front.shortest_description().map_or(0, |c| c.complexity);
    let compared = (0..candidates.len()).filter(|&index| candidates[index].complexity <= longest);
    let Some(best) = compared.min_by(|&a, &b| means[a].total_cmp(&means[b])) else {
        return;
    };
    let held_out = losses.iter().zip(&means).map(|(own, &loss)| {
        let differences: Vec<f64> = own.iter().zip(&losses[best]).map(|(a, b)| a - b).collect();
        HeldOut {
            loss,
            excess: loss - means[best],
            standard_error: standard_error(&differences),
        }
    });
    front.set_held_out(held_out.collect());
}

/// Of the mean of these differences.
fn standard_error(differences: &[f64]) -> f64 {
    let center = mean(differences.iter().copied());
    let squares = differences
        .iter()
        .map(|difference| (difference - center).powi(2));
    (mean(squares) / differences.len() as f64).sqrt()
}

/// The squared residuals of a fold's held-out rows, after the numbers were fitted to its others;
/// infinite where the formula has no value.
fn row_losses(expression: &Expression, fold: &Fold, effort: &Effort) -> Vec<f64> {
    let n_steps = effort.refinement.n_steps;
    let held_out = fold.held_out.as_ref();
    let columns = held_out.columns();
    let residuals =
        fitted(expression, fold.training.as_ref(), effort, n_steps).and_then(|(fitted, _)| {
            let least_squares = held_out.least_squares()?;
            least_squares.residuals(&fitted.evaluate_everywhere(columns))
        });
    let floor = held_out.resolution();
    match residuals {
        Some(residuals) => residuals
            .into_iter()
            .map(|residual| (residual * residual).max(floor))
            .map(|loss| if loss.is_finite() { loss } else { f64::MAX })
            .collect(),
        None => vec![f64::MAX; columns.n_samples()],
    }
}
