//! A formula for a model whose directions have no short one: its values are matched, and the data's
//! own targets choose how long the formula gets.
//!
//! A network that was trained on noisy rows has errors in its gradients, and often no short formula
//! at all. Its values are more exact than its gradients, so the formulas are searched for by them.
//! What a longer formula is worth is a question about the data: it is answered on held-out rows.

use super::label_folds::LabelFolds;
use super::of_model::SEED;
use super::scores::score;
use super::statistics::{is_constant, share_right, values};
use super::verdict::skill;
use super::{ConstantInterval, Interpretation, value_intervals};
use crate::dataset::{Dataset, Task};
use crate::effort::reading::{EvidenceLimits, Numbers, VerdictLimits};
use crate::error::{Error, Result};
use crate::formula::Expression;
use crate::model::Model;
use crate::numerics::sigmoid;
use crate::search::{
    Candidate, Objective, SearchOptions, SearchProgress, SearchResult, StopReason, ValueObjective,
    search_for, set_held_out, validate,
};
use std::ops::ControlFlow;

const LIMITS: EvidenceLimits = EvidenceLimits::DEFAULT;

/// Whether a formula carries its model, on the rows that both were fitted to: it leaves next to
/// nothing of the model's values or decisions, or it predicts the targets as well.
pub(super) fn carries(
    found: &Interpretation,
    model: &dyn Model,
    training: &Dataset,
) -> Result<bool> {
    let formula = values(&found.candidate().expression, training);
    let latent = model.latent(training.points())?;
    let (explains_model, own, models) = match model.task() {
        Task::Regression => {
            let left = 1.0 - found.link().curve().explained(&formula, &latent);
            (left <= LIMITS.left, found.predictions(training), latent)
        }
        Task::Classification => {
            let Some(rule) = found.rule() else {
                return Ok(false);
            };
            let number = |is: bool| f64::from(u8::from(is));
            let decisions: Vec<bool> = latent.iter().map(|f| *f > 0.0).collect();
            let own: Vec<bool> = formula.iter().map(|value| rule.decides(*value)).collect();
            let agreement = share_right(own.iter().copied(), decisions.iter().copied());
            let skill = skill(agreement, &decisions);
            (
                skill >= Some(VerdictLimits::DEFAULT.same_decision),
                own.into_iter().map(number).collect(),
                decisions.into_iter().map(number).collect(),
            )
        }
    };
    let score = |predictions: &[f64]| score(model.task(), predictions, training.targets());
    Ok(explains_model || score(&own) >= score(&models) - LIMITS.score)
}

/// Searches by the model's values, and lets held-out rows choose from the front. `other` is a
/// formula for the same values from elsewhere that may be chosen, too.
pub(super) fn search_by_values(
    model: &dyn Model,
    training: &Dataset,
    other: Option<&Expression>,
    options: &SearchOptions,
    mut monitor: impl FnMut(&SearchProgress) -> ControlFlow<()>,
) -> Result<SearchResult> {
    let points = training.points();
    let latent = model.latent(points)?;
    if is_constant(&latent, training) {
        return Err(Error::Unlearned(format!(
            "the model answers {} for each of {} training rows: it has learned nothing",
            latent[0],
            latent.len()
        )));
    }
    // A logit matters by what it changes in the probability.
    let weight = |f: &f64| sigmoid(*f) * sigmoid(-f) + LIMITS.weight_floor;
    let weights = latent.iter().map(weight).collect();
    let mut by_model = ValueObjective::new(points, latent)?;
    if model.task() == Task::Classification {
        by_model = by_model.with_weights(weights)?;
    }
    let n_rows = options.effort.points.fitted;
    let mut by_values = options.clone();
    by_values.noise = 0.0;
    // A checkpoint belongs to the search of directions.
    by_values.checkpoint = None;
    // Rows are held out below, by the data.
    by_values.effort.validation.n_folds = 1;
    // The values of a model aren't fitted by chance: few rows are no excuse for a short formula.
    by_values.effort.choice.excess_limited_from = 1;
    let mut found = search_for(&by_model, &by_values, &mut monitor)?;
    let left = |found: &SearchResult| found.front.candidates().last().map_or(1.0, |c| c.loss);
    if found.stop_reason == StopReason::Generations && left(&found) > LIMITS.left_by_front {
        by_values.n_rounds = LIMITS.n_rounds;
        let longer = LIMITS.longer * by_model.max_complexity();
        by_values.max_complexity = options.max_complexity.or(Some(longer));
        by_values.seed = options.seed.wrapping_add(1);
        let so_far = found.front.candidates().iter();
        by_values
            .guesses
            .extend(so_far.map(|candidate| candidate.expression.clone()));
        let seconds = found.seconds;
        let by_values = by_values.with_time_left(seconds, 1.0);
        found = search_for(&by_model, &by_values, &mut monitor)?;
        found.seconds += seconds;
    }
    if let Some(other) = other.filter(|other| options.constraints.allows(other)) {
        let loss = by_model.loss(&other.evaluate(by_model.columns()));
        found.front.insert(Candidate {
            complexity: options.complexity.of(other),
            ..Candidate::new(other.clone(), loss.unwrap_or(f64::INFINITY))
        });
    }
    match model.task() {
        Task::Regression => {
            let by_data = ValueObjective::from_dataset(training)?.subsample(n_rows);
            found.baselines = validate(&mut found.front, &by_data, options);
        }
        Task::Classification => {
            let (n_folds, seed) = (options.effort.validation.n_folds, options.seed);
            let folds = LabelFolds::new(training, n_rows, n_folds, seed);
            let candidates = found.front.candidates().iter();
            let losses = candidates.map(|candidate| folds.losses(&candidate.expression));
            let losses: Vec<Vec<f64>> = losses.collect();
            let is_wild = vec![false; losses.len()];
            set_held_out(&mut found.front, &losses, &is_wild);
        }
    }
    Ok(found)
}

/// Intervals of the numbers of a formula for values, fitted to the data's own. A classifier's data
/// have no values for its logits, and so its formula has no intervals.
pub(super) fn intervals(
    found: &Interpretation,
    training: &Dataset,
) -> Result<Vec<ConstantInterval>> {
    let is_classifier = found.certificate().network_accuracy.is_some();
    if is_classifier {
        return Ok(Vec::new());
    }
    let values = ValueObjective::from_dataset(training)?;
    let n_resamples = Numbers::DEFAULT.n_resamples as u64;
    value_intervals(&values, &found.candidate().expression, n_resamples, SEED)
}
