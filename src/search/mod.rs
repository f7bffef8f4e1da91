//! The search: an objective in, a Pareto front of formulas out.
//!
//! It knows nothing of networks. A formula passes through the folders in this order:
//!
//! | folder | what happens there |
//! |---|---|
//! | `formula` | what formulas are, how they are written and read, what they cost |
//! | `evaluation` | their values and derivatives over many points |
//! | `objective` | how well they match directions, values or labels; coefficients solved for |
//! | `solver` | terms enumerated and picked; groups of variables seen, solved and replaced |
//! | `evolution` | what the solver lacks, bred from what it found |
//! | `refinement` | constants fitted and shortened, formulas simplified |
//! | `front` | the best of every complexity, and the one that is chosen |
//!
//! The numbers that steer all this stand in [`effort`](crate::effort). `engine` leads through all of it, `background` lets it run beside its caller, and `checkpoint`
//! keeps its state.

mod background;
mod checkpoint;
mod combination;
mod engine;
mod evolution;
mod front;
mod objective;
mod options;
mod refinement;
mod solver;
mod state;

pub use background::Search;
pub use front::{Candidate, ParetoFront};
pub use objective::{
    DirectionObjective, Fit, LabelLoss, LabelObjective, Link, Objective, TermFits, ValueLoss,
    ValueObjective,
};
pub use options::SearchOptions;
pub(crate) use refinement::constants::fitted as fit_constants;
pub(crate) use refinement::refined;
pub use solver::structure::{Finding, Relation, Structure};

use crate::directions::Directions;
use crate::error::{Error, Result};
use crate::interrupt;
use engine::{Engine, Listener, is_same_choice};
use std::ops::ControlFlow;

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
    /// As many evaluations were made as allowed.
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

/// What a search tells while it runs.
#[derive(Debug, Clone)]
pub struct SearchProgress {
    /// Generations run so far.
    pub generation: usize,
    /// Generations in all.
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
    /// How many sums the evolution fitted.
    pub n_evaluations: u64,
    /// For each of the [other seeds](SearchOptions::n_confirmations), whether it chose the same
    /// formula.
    pub confirmations: Vec<bool>,
    /// How long the search took, in seconds.
    pub seconds: f64,
}

/// Searches formulas whose gradient directions match the given ones (Wetzel 2024, algorithm 1.3).
///
/// `monitor` hears of every generation, and of generation 0 repeatedly while formulas are solved for
/// without evolution. It may stop the search, which then returns what it has.
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
/// Those of [`search_for`]. In one feature every function has the same directions, which is why
/// two are needed.
pub fn search(
    directions: &Directions,
    options: &SearchOptions,
    monitor: impl FnMut(&SearchProgress) -> ControlFlow<()>,
) -> Result<SearchResult> {
    search_for(&DirectionObjective::new(directions), options, monitor)
}

/// Searches formulas with a low loss under any objective: directions, values, labels, or one of
/// your own.
///
/// `monitor` hears of the search as in [`search`](fn@search). For an example see [`Objective`];
/// [`Search::start`] does the same in the background.
///
/// # Errors
/// Options outside their ranges, directions in one feature only or at fewer than 5 points, units
/// that no formula found agrees with, or a checkpoint that can't be read, can't be written, or
/// belongs to another search.
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

/// The same for a listener that also sees the front.
fn search_and_show(
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
        let same = options.effort.exactness.same_choice;
        let agrees = is_same_choice(objective, &found.front, &other.front, same);
        found.confirmations.push(agrees);
    }
    Ok(found)
}
