//! The search: an objective in, a Pareto front of formulas out.
//!
//! It doesn't depend on networks. A formula passes through these folders and files in order:
//!
//! | where | what happens there |
//! |---|---|
//! | [`formula`](crate::formula) | formulas are built, and their values, derivatives and complexity computed |
//! | `wide` | columns that don't matter are left out, if there are many |
//! | `scaling` | values that are a power law times a function of one product are divided by the power law |
//! | `objective` | coefficients are solved for; the match with directions, values or labels is measured |
//! | `solver` | terms are enumerated and chosen; groups of variables are found and replaced |
//! | `evolution` | formulas evolve if nothing that was solved for matches |
//! | `refinement` | constants are fitted and shortened, formulas simplified |
//! | `validation` | for values, what formulas lose on held-out rows is measured |
//! | `front` | the best formula of every complexity is kept, and one of them is chosen |
//!
//! [`effort`](crate::effort) holds the numbers that control all this. `engine` runs these stages,
//! `background` runs a search while its caller goes on, and `checkpoint` saves its state.

mod background;
#[cfg(feature = "trees")]
mod ceiling;
mod checkpoint;
mod combination;
mod engine;
mod evolution;
mod front;
mod held_out;
mod objective;
mod options;
mod refinement;
mod rules;
mod scaling;
mod solver;
mod state;
mod validation;
mod wide;
mod wild;

pub use background::Search;
pub use front::{Candidate, ParetoFront};
pub use held_out::{Baselines, HeldOut};
pub use objective::{
    DirectionObjective, Fit, Fold, LabelLoss, LabelObjective, LeastSquares, Likelihood, Link,
    Objective, Offset, Sums, Symmetry, TermFits, ValueLoss, ValueObjective,
};
pub use options::{Choose, SearchOptions};
pub(crate) use refinement::constants::fitted as fit_constants;
pub(crate) use refinement::refined;
pub use solver::structure::{Finding, Relation, Structure};
pub(crate) use validation::{linear_model, set_held_out, validate};

use crate::directions::Directions;
use crate::error::{Error, Result};
use crate::formula::{Expression, Sameness};
use crate::interrupt;
use engine::{Engine, Listener};
use std::ops::ControlFlow;
use std::time::Instant;

/// Why a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// A formula matches to rounding error.
    Exact,
    /// A formula reached the target loss.
    TargetLoss,
    /// All generations were run.
    Generations,
    /// The limit on evaluations was reached.
    Evaluations,
    /// The time limit was reached.
    TimeLimit,
    /// The caller asked to stop.
    Interrupted,
}

impl std::fmt::Display for StopReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Exact => "an exact match",
            Self::TargetLoss => "target loss reached",
            Self::Generations => "all generations run",
            Self::Evaluations => "evaluation limit reached",
            Self::TimeLimit => "time limit reached",
            Self::Interrupted => "interrupted",
        })
    }
}

/// The progress of a running search.
#[derive(Debug, Clone)]
pub struct SearchProgress {
    /// Generations run so far.
    pub generation: usize,
    /// The number of planned generations.
    pub n_generations: usize,
    /// The lowest loss so far, on all points.
    pub loss: f64,
}

impl std::fmt::Display for SearchProgress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (generation, all) = (self.generation, self.n_generations);
        write!(
            f,
            "generation {generation} of {all}: loss {:.2e}",
            self.loss
        )
    }
}

/// What a search found.
#[derive(Debug, Clone)]
pub struct SearchResult {
    /// The formulas, each with its loss on all points.
    pub front: ParetoFront,
    /// Why the search ended.
    pub stop_reason: StopReason,
    /// The number of sums that the evolution fitted.
    pub n_evaluations: u64,
    /// For each of the [other seeds](SearchOptions::n_confirmations), whether it chose the same
    /// formula.
    pub confirmations: Vec<bool>,
    /// What simple models lose on held-out rows, where a cross-validation tells.
    pub baselines: Option<Baselines>,
    /// The [guesses](SearchOptions::guesses) as they were given, with their losses; those that have
    /// no finite loss are left out.
    pub guesses: Vec<Candidate>,
    /// Why the checkpoint doesn't hold the last state, such as a full disk; none if it does, or if
    /// there is none.
    pub unsaved: Option<String>,
    /// How long the search took, in seconds.
    pub seconds: f64,
}

/// Searches for formulas whose gradient directions match the given ones (Wetzel 2024, algorithm
/// 1.3).
///
/// `monitor` is called at every generation, and repeatedly in generation 0, while formulas are solved
/// for without evolution. It may stop the search, which then returns what it has.
///
/// ```
/// use closedform::{Directions, Points, SearchOptions, search};
/// use std::ops::ControlFlow;
///
/// // The directions of g = x1^2 + 2 x2^2, as a network with any monotone f = phi(g) has them.
/// let points: Vec<f64> = (1..100).flat_map(|i| [(i % 9) as f64 - 4.5, (i % 7) as f64 - 3.5]).collect();
/// let gradients = points.chunks(2).flat_map(|x| [2.0 * x[0], 4.0 * x[1]]).collect();
/// let points = Points::new(["x1", "x2"], points)?;
/// let directions = Directions::from_gradients(points, gradients)?;
///
/// let found = search(&directions, &SearchOptions::default(), |_| ControlFlow::Continue(()))?;
/// let best = found.front.best().unwrap();
/// assert_eq!(found.front.formula(best), "x1**2 + 2*x2**2");
/// # Ok::<(), closedform::Error>(())
/// ```
///
/// # Errors
/// Those of [`search_for`]. At least two features are needed, because all functions of one feature
/// have the same directions.
pub fn search(
    directions: &Directions,
    options: &SearchOptions,
    monitor: impl FnMut(&SearchProgress) -> ControlFlow<()>,
) -> Result<SearchResult> {
    search_for(&DirectionObjective::new(directions), options, monitor)
}

/// Searches for formulas with a low loss under any objective: directions, values, labels, or one of
/// your own.
///
/// `monitor` is called as in [`search`](fn@search). For an example see [`Objective`].
/// [`Search::start`] does the same in the background.
///
/// # Errors
/// Options outside their ranges, directions in one feature only or at fewer than 5 points, units
/// with which no formula found is consistent, or a checkpoint that can't be read, is in use, or belongs
/// to another search. A checkpoint that can't be written is no error, see [`SearchResult::unsaved`].
pub fn search_for(
    objective: &dyn Objective,
    options: &SearchOptions,
    monitor: impl FnMut(&SearchProgress) -> ControlFlow<()>,
) -> Result<SearchResult> {
    let mut monitor = interrupt::heed(monitor);
    search_and_show(objective, options, &mut |progress, _| monitor(progress))
}

/// The formulas among quotients and sums of up to two terms, without evolution.
///
/// # Errors
/// Options outside their ranges.
pub(crate) fn search_short(
    objective: &dyn Objective,
    options: &SearchOptions,
) -> Result<ParetoFront> {
    let options = SearchOptions {
        n_generations: 0,
        ..options.clone()
    };
    let engine = Engine::new(objective, &options)?.short();
    Ok(engine.run(&mut |_, _| ControlFlow::Continue(()))?.front)
}

/// The same for a monitor that also receives the front.
fn search_and_show(
    objective: &dyn Objective,
    options: &SearchOptions,
    listener: &mut Listener,
) -> Result<SearchResult> {
    let mut found = search_narrowed(objective, options, listener)?;
    let guesses = options.guesses.iter();
    let guesses = guesses.filter_map(|guess| {
        let loss = objective.loss(&guess.evaluate(objective.columns()))?;
        Some(Candidate {
            complexity: options.complexity.of(guess),
            ..Candidate::new(guess.clone(), loss)
        })
    });
    found.guesses = guesses.collect();
    Ok(found)
}

/// A search in the columns that matter, if there are many, and then in all of them.
fn search_narrowed(
    objective: &dyn Objective,
    options: &SearchOptions,
    listener: &mut Listener,
) -> Result<SearchResult> {
    let Some(narrowed) = wide::narrowed(objective, options) else {
        return search_scaled(objective, options, listener);
    };
    let found = search_whole(narrowed.objective.as_ref(), &narrowed.options, listener)?;
    let seconds = found.seconds;
    let found = narrowed.widened(found, objective, options);
    match narrowed.afterwards(&found, options) {
        Some(options) => {
            let mut found = search_whole(objective, &options, listener)?;
            found.seconds += seconds;
            Ok(found)
        }
        None => Ok(found),
    }
}

/// A search for the function inside of a scaling law, if the values show one, and then for the whole
/// formula.
fn search_scaled(
    objective: &dyn Objective,
    options: &SearchOptions,
    listener: &mut Listener,
) -> Result<SearchResult> {
    let start = Instant::now();
    let scalings = scaling::scalings(objective, options);
    let mut guesses: Vec<Expression> = scalings.power_law.into_iter().collect();
    if let Some(search) = scalings.search {
        // Its formulas are in another variable, so they aren't shown.
        let front = ParetoFront::new(objective.feature_names(), options.noise);
        let mut silent = |progress: &SearchProgress, _: &ParetoFront| listener(progress, &front);
        let found = Engine::new(&*search.objective, &search.options)?.run(&mut silent)?;
        let phis = found.front.candidates().iter();
        guesses.extend(phis.map(|phi| search.written(&phi.expression)));
    }
    guesses.extend(options.guesses.iter().cloned());
    let seconds = start.elapsed().as_secs_f64();
    let options = SearchOptions {
        guesses,
        ..options.with_time_left(seconds, 1.0)
    };
    let mut found = search_whole(objective, &options, listener)?;
    found.seconds += seconds;
    Ok(found)
}

/// The same for all columns of the objective.
fn search_whole(
    objective: &dyn Objective,
    options: &SearchOptions,
    listener: &mut Listener,
) -> Result<SearchResult> {
    let mut found = Engine::new(objective, options)?.run(listener)?;
    if found.front.candidates().is_empty() && options.excludes_by_units() {
        return Err(Error::NoFormula(format!(
            "no formula whose units agree was found ({}); allow more operators, complexity or time, \
             let numbers carry units, or penalize inconsistent units in place of excluding them",
            found.stop_reason
        )));
    }
    let (columns, share) = (objective.columns(), options.effort.exactness.same_choice);
    let sameness = if objective.symmetry().is_scale_free() {
        Sameness::Directions { columns, share }
    } else {
        Sameness::Values { columns, share }
    };
    let seeds = (1..=options.n_confirmations).map(|step| options.seed.wrapping_add(step));
    for seed in seeds {
        if found.stop_reason == StopReason::Interrupted {
            break;
        }
        let other = SearchOptions {
            seed,
            checkpoint: None,
            ..options.clone()
        };
        let other = Engine::new(objective, &other)?.run(listener)?;
        found.seconds += other.seconds;
        if other.stop_reason == StopReason::Interrupted {
            break;
        }
        let choices = found.front.best().zip(other.front.best());
        let is_confirmed = choices
            .is_some_and(|(ours, theirs)| ours.expression.is_same(&theirs.expression, sameness));
        found.confirmations.push(is_confirmed);
    }
    Ok(found)
}
