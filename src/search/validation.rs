//! Cross-validation: what the formulas of a front lose on rows that their numbers were not
//! fitted to.

use super::front::{Candidate, ParetoFront};
use super::held_out::{Baselines, HeldOut};
#[cfg(feature = "trees")]
use super::objective::values::of_values;
use super::objective::{Fold, Objective, Offset};
use super::options::SearchOptions;
use super::refinement::constants::fitted;
use super::wild::Between;
use crate::effort::Effort;
use crate::formula::{Evaluation, Expression};
use crate::numerics::mean;
use rayon::prelude::*;

/// Cross-validates every formula of a front, and returns what simple models lose; does nothing where
/// the objective has no folds.
///
/// Losses are shares of the best constant's on the objective's own rows, which may be some of those
/// that the loss was measured on.
pub(crate) fn validate(
    front: &mut ParetoFront,
    objective: &dyn Objective,
    options: &SearchOptions,
) -> Option<Baselines> {
    let (folds, unit) = folds(objective, options)?;
    let mut effort = options.effort;
    // Every number is fitted, however many there are: the others would know the held-out rows.
    effort.constants.max_constants = usize::MAX;
    let row_losses: Vec<Vec<f64>> = front
        .candidates()
        .par_iter()
        .map(|candidate| {
            let expression = &candidate.expression;
            // Fitting undoes what shortening cost; held-out rows pay the same share.
            let n_steps = effort.refinement.n_steps;
            let refitted = fitted(expression, objective, &effort, n_steps);
            let given = objective.loss(&expression.evaluate(objective.columns()));
            let least = refitted.map_or(f64::NAN, |(_, loss)| loss);
            let floor = objective.resolution();
            let share = (given.unwrap_or(f64::MAX).max(floor) / least.max(floor)).max(1.0);
            let of_fold = |fold| refitted_losses(expression, fold, &effort);
            let losses = folds.iter().flat_map(of_fold);
            losses
                .map(|loss| (loss * share / unit).min(f64::MAX))
                .collect()
        })
        .collect();
    let between = Between::new(objective, options);
    let check = |check: fn(&Between, &Expression) -> bool| -> Vec<bool> {
        let is_so = |c: &Candidate| between.as_ref().is_some_and(|b| check(b, &c.expression));
        front.candidates().iter().map(is_so).collect()
    };
    let (mut is_wild, has_pole) = (check(Between::is_wild), check(Between::has_pole));
    let margin = effort.choice.pole_margin;
    exclude_idle_poles(&mut is_wild, &has_pole, &row_losses, margin);
    set_held_out(front, &row_losses, &is_wild)?;
    Some(Baselines {
        constant: baseline(&folds, |objective| sum_of(&[], objective)) / unit,
        linear: baseline(&folds, |objective| linear_model(objective, &effort)) / unit,
        trees: trees(&folds).map(|loss| loss / unit),
    })
}

/// The folds of the cross-validation, at least two, and the loss of the best constant on all rows.
fn folds(objective: &dyn Objective, options: &SearchOptions) -> Option<(Vec<Fold>, f64)> {
    let n_folds = options.effort.validation.n_folds;
    let folds = objective.least_squares()?.folds(n_folds, options.seed);
    if folds.len() < 2 {
        return None;
    }
    let constant = sum_of(&[], objective)?;
    let unit = objective.loss(&constant.evaluate(objective.columns()))?;
    Some((folds, unit))
}

/// What the linear model of all features loses on held-out rows.
pub(super) fn linear_baseline(objective: &dyn Objective, options: &SearchOptions) -> Option<f64> {
    let (folds, unit) = folds(objective, options)?;
    let model = |objective: &dyn Objective| linear_model(objective, &options.effort);
    Some(baseline(&folds, model) / unit)
}

/// What a model loses on held-out rows, on average over the folds.
fn baseline(folds: &[Fold], model: impl Fn(&dyn Objective) -> Option<Expression>) -> f64 {
    let of_fold = |fold: &Fold| losses(model(fold.training.as_ref()), fold.held_out.as_ref());
    let losses: Vec<f64> = folds.iter().flat_map(of_fold).collect();
    mean(losses.into_iter())
}

/// Counts formulas with a pole between rows as wild, unless they are better on held-out rows than
/// every formula without one by so many standard errors.
fn exclude_idle_poles(
    is_wild: &mut [bool],
    has_pole: &[bool],
    row_losses: &[Vec<f64>],
    margin: f64,
) {
    let means: Vec<f64> = row_losses.iter().map(|losses| mean_of(losses)).collect();
    let without = (0..means.len()).filter(|&index| !(is_wild[index] || has_pole[index]));
    let Some(best) = without.min_by(|&a, &b| means[a].total_cmp(&means[b])) else {
        return;
    };
    for (index, is_wild) in is_wild.iter_mut().enumerate() {
        if has_pole[index] {
            let gain = means[best] - means[index];
            let differences = differences(&row_losses[best], &row_losses[index]);
            *is_wild |= gain <= margin * standard_error(&differences);
        }
    }
}

fn mean_of(losses: &[f64]) -> f64 {
    mean(losses.iter().copied())
}

fn differences(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

/// Compares the candidates of a front, in their order, by what each loses on held-out rows, row by
/// row. None for an empty front.
pub(crate) fn set_held_out(
    front: &mut ParetoFront,
    row_losses: &[Vec<f64>],
    is_wild: &[bool],
) -> Option<()> {
    let means: Vec<f64> = row_losses.iter().map(|losses| mean_of(losses)).collect();
    // Few rows can't tell which of many long formulas is right: none is compared with that is longer
    // than the shortest description of formula and data.
    let candidates = front.candidates();
    let longest = front.shortest_description().map_or(0, |c| c.complexity);
    let is_compared = |index: &usize| candidates[*index].complexity <= longest && !is_wild[*index];
    let compared = (0..candidates.len()).filter(is_compared);
    let best = compared.min_by(|&a, &b| means[a].total_cmp(&means[b]))?;
    let measured = row_losses.iter().zip(&means).zip(is_wild);
    let held_out = measured.map(|((own, &loss), &is_wild)| HeldOut {
        loss,
        loss_error: standard_error(own),
        excess: loss - means[best],
        excess_error: standard_error(&differences(own, &row_losses[best])),
        is_wild,
    });
    let held_out = held_out.collect();
    front.set_held_out(held_out);
    Some(())
}

/// What boosted trees lose on held-out rows; none without the feature `trees`.
#[cfg(feature = "trees")]
fn trees(folds: &[Fold]) -> Option<f64> {
    let of_fold = |fold: &Fold| {
        let found = of_values(&super::ceiling::predictions(fold)?);
        Some(losses_of(Some(found), fold.held_out.as_ref()))
    };
    let losses: Option<Vec<Vec<f64>>> = folds.par_iter().map(of_fold).collect();
    Some(mean(losses?.concat().into_iter()))
}

/// See above.
#[cfg(not(feature = "trees"))]
fn trees(_: &[Fold]) -> Option<f64> {
    None
}

/// The best sum of all features: a linear model of values, a logistic one of labels. For counts its
/// exponential (McCullagh & Nelder 1989, section 6.2).
pub(crate) fn linear_model(objective: &dyn Objective, effort: &Effort) -> Option<Expression> {
    let variables = (0..objective.columns().n_features()).map(Expression::variable);
    let variables: Vec<Expression> = variables.collect();
    let Some((link, inner)) = objective.sums()?.usual_link() else {
        return sum_of(&variables, objective);
    };
    let start = link.applied(sum_of(&variables, inner.as_ref())?);
    let mut effort = *effort;
    effort.constants.max_constants = usize::MAX;
    let model = fitted(&start, objective, &effort, effort.refinement.n_steps)?;
    Some(model.0)
}

/// The best sum of terms.
fn sum_of(terms: &[Expression], objective: &dyn Objective) -> Option<Expression> {
    let columns = objective.columns();
    let evaluations: Vec<Evaluation> = terms.iter().map(|term| term.evaluate(columns)).collect();
    let evaluations: Vec<&Evaluation> = evaluations.iter().collect();
    let fits = objective.sums()?.terms(&evaluations, Offset::Fitted);
    let fit = fits.fit(&(0..terms.len()).collect::<Vec<_>>())?;
    let parts = fit.coefficients.into_iter().zip(terms.iter().cloned());
    let sum = Expression::weighted_sum(&parts.collect::<Vec<_>>());
    Some(sum + Expression::constant(fit.offset))
}

/// Of the mean of these differences.
fn standard_error(differences: &[f64]) -> f64 {
    let center = mean(differences.iter().copied());
    let squares = differences
        .iter()
        .map(|difference| (difference - center).powi(2));
    (mean(squares) / differences.len() as f64).sqrt()
}

/// The squared residuals of a fold's held-out rows, after the numbers were fitted to its others.
fn refitted_losses(expression: &Expression, fold: &Fold, effort: &Effort) -> Vec<f64> {
    let n_steps = effort.refinement.n_steps;
    let fitted = fitted(expression, fold.training.as_ref(), effort, n_steps);
    losses(
        fitted.map(|(expression, _)| expression),
        fold.held_out.as_ref(),
    )
}

/// A formula's squared residuals, row by row; infinite where it has no value.
fn losses(expression: Option<Expression>, held_out: &dyn Objective) -> Vec<f64> {
    let found = expression.map(|e| e.evaluate_everywhere(held_out.columns()));
    losses_of(found, held_out)
}

/// The same for values.
fn losses_of(found: Option<Evaluation>, held_out: &dyn Objective) -> Vec<f64> {
    let columns = held_out.columns();
    let residuals = found.and_then(|found| held_out.least_squares()?.residuals(&found));
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
