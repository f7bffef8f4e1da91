//! The search: an objective in, a Pareto front of formulas out.
//!
//! It knows nothing of networks. A formula passes through these files: terms are enumerated
//! (`enumeration`) and picked for sums and products whose coefficients are solved for
//! (`selection`, `objective`), in the variables themselves and in what groups of them act as
//! (`structure`, `solver`); evolution (`evolution`) starts from what was found; then constants
//! are fitted and shortened (`constants`) and the formula is written as simply as its equals
//! allow (`simplify`, `refine`). All of them evaluate by `tape`.

mod combination;
mod constants;
mod enumeration;
mod evolution;
mod expression;
mod factors;
mod front;
mod noise;
mod notation;
mod number;
mod objective;
mod operator;
mod parse;
mod refine;
mod selection;
mod simplify;
mod solver;
mod structure;
mod tape;

pub use expression::Expression;
pub use front::{Candidate, ParetoFront};
pub use objective::{
    DirectionObjective, Fit, LabelLoss, LabelObjective, Link, Objective, TermFits, ValueLoss,
    ValueObjective,
};
pub use operator::Operator;
pub use simplify::Stripped;
pub use tape::{Columns, Evaluation, Evaluator, Tape};

use crate::error::{Error, Result};
use crate::gradients::Directions;
use combination::{Combination, Term};
use evolution::{Habitat, Island};
use rayon::prelude::*;
use refine::Refiner;
use simplify::{Costs, Simplifier};
use solver::{Rules, Solved};
use std::cmp::Ordering::Equal;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

/// What the search may use, and when it stops.
///
/// | field | default | range | purpose |
/// |---|---|---|---|
/// | `operators` | [`Operator::PAPER`] | with `+` and `*` | what formulas are built from |
/// | `max_complexity` | 30 | 1 to 200 | longer formulas are not tried |
/// | `n_generations` | 40 | 0 to 1 000 000 | length of the evolution |
/// | `noise` | 0 | 0 to 2 | the loss that errors of what is matched cause; 0: only what differs at random from point to point, which is measured |
/// | `time_limit` | none | | stops earlier, keeping what was found |
/// | `seed` | 0 | | fixes the search, unless a time limit cuts it short |
#[derive(Debug, Clone, PartialEq)]
pub struct SearchOptions {
    /// The operators formulas are built from.
    pub operators: Vec<Operator>,
    /// The highest [complexity](Expression::complexity) tried.
    pub max_complexity: usize,
    /// How many generations the evolution runs.
    pub n_generations: usize,
    /// The loss that a perfect formula would have because the directions are inexact; below it,
    /// formulas are chosen by simplicity.
    pub noise: f64,
    /// The longest time the search may take.
    pub time_limit: Option<Duration>,
    /// Fixes every random choice.
    pub seed: u64,
}

impl Default for SearchOptions {
    fn default() -> Self {
        Self {
            operators: Operator::PAPER.to_vec(),
            max_complexity: 30,
            n_generations: 40,
            noise: 0.0,
            time_limit: None,
            seed: 0,
        }
    }
}

impl SearchOptions {
    fn check(&self) -> Result<()> {
        operator::check_operators(&self.operators)?;
        if !(1..=200).contains(&self.max_complexity) {
            return Err(Error::parameter(
                "max_complexity",
                self.max_complexity,
                "between 1 and 200",
            ));
        }
        if self.n_generations > 1_000_000 {
            return Err(Error::parameter(
                "n_generations",
                self.n_generations,
                "at most 1000000",
            ));
        }
        if !(0.0..=2.0).contains(&self.noise) {
            return Err(Error::parameter("noise", self.noise, "between 0 and 2"));
        }
        Ok(())
    }
}

/// Why a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// A formula matches to rounding error.
    Exact,
    /// All generations were run.
    Generations,
    /// The time limit was reached.
    TimeLimit,
    /// The caller asked to stop.
    Interrupted,
}

impl std::fmt::Display for StopReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Exact => "an exact match",
            Self::Generations => "all generations run",
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
    /// The lowest loss so far, on the subsample that the evolution sees.
    pub loss: f64,
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
    /// How long the search took, in seconds.
    pub seconds: f64,
}

/// Points that the evolution looks at; every reported loss is computed on all points.
const MAX_SEARCH_POINTS: usize = 256;
/// Points that structure is seen on and numbers are fitted on.
const MAX_FITTING_POINTS: usize = 1000;
/// A loss higher than a simpler formula's by this factor is beaten for good.
const CLEARLY_BEATEN: f64 = 3.0;
/// Losses this small are not compared before numbers are fitted.
const NEGLIGIBLE_LOSS: f64 = 1e-12;
const MAX_OF_ONE_LENGTH: usize = 3;
const N_GUESSES: usize = 40;
const N_ISLANDS: u64 = 4;
const GENERATIONS_BETWEEN_EXCHANGES: usize = 10;

/// Searches formulas whose gradient directions match the given ones (Wetzel 2024, algorithm 1.3).
///
/// `monitor` hears of every generation and may stop the search, which then returns what it has.
///
/// ```
/// use closedform::{Directions, SearchOptions, search};
/// use std::ops::ControlFlow;
///
/// // The directions of g = x1^2 + 2 x2^2, as a network with any monotone f = phi(g) has them.
/// let points: Vec<f64> = (1..100).flat_map(|i| [(i % 9) as f64 - 4.5, (i % 7) as f64 - 3.5]).collect();
/// let gradients = points.chunks(2).flat_map(|x| [2.0 * x[0], 4.0 * x[1]]).collect();
/// let names = vec!["x1".to_string(), "x2".to_string()];
/// let directions = Directions::from_gradients(names, points, gradients)?;
///
/// let found = search(&directions, &SearchOptions::default(), |_| ControlFlow::Continue(()))?;
/// let best = found.front.best().unwrap();
/// assert_eq!(found.front.formula(best), "x1**2 + 2*x2**2");
/// # Ok::<(), closedform::Error>(())
/// ```
///
/// # Errors
/// Options outside their ranges, or directions in one feature only: every function of one
/// variable then has the same directions.
pub fn search(
    directions: &Directions,
    options: &SearchOptions,
    monitor: impl FnMut(&SearchProgress) -> ControlFlow<()>,
) -> Result<SearchResult> {
    if directions.n_features() < 2 {
        return Err(Error::Data(
            "there is 1 feature; directions tell formulas apart only in 2 or more".into(),
        ));
    }
    search_for(&DirectionObjective::new(directions), options, monitor)
}

/// Searches formulas with a low loss under any objective: directions, values, labels, or one of
/// your own.
///
/// `monitor` hears of every generation and may stop the search, which then returns what it has.
/// For an example see [`Objective`].
///
/// # Errors
/// Options outside their ranges.
pub fn search_for(
    objective: &dyn Objective,
    options: &SearchOptions,
    mut monitor: impl FnMut(&SearchProgress) -> ControlFlow<()>,
) -> Result<SearchResult> {
    options.check()?;
    let start = Instant::now();
    let is_late = || {
        options
            .time_limit
            .is_some_and(|limit| start.elapsed() >= limit)
    };
    let (medium, thin) = (
        objective.thinned(MAX_FITTING_POINTS),
        objective.thinned(MAX_SEARCH_POINTS),
    );
    let medium = medium.as_deref().unwrap_or(objective);
    let thin = thin.as_deref().unwrap_or(objective);
    let simplifier = Simplifier::new(&options.operators, Costs::default());
    let refiner = Refiner {
        full: objective,
        medium,
        simplifier: &simplifier,
        noise: options.noise,
    };
    let mut front = ParetoFront::new(objective.feature_names(), options.noise)
        .with_resolution(objective.resolution())
        .with_log_likelihood(objective.log_likelihood());

    let rules = Rules {
        operators: &options.operators,
        constant_cost: Expression::constant(1.0).complexity(),
        max_complexity: options.max_complexity,
        noise: options.noise,
        simplifier: &simplifier,
        is_stopped: &is_late,
    };
    let solved = solver::solve(medium, &rules);
    add(&mut front, &solved, &refiner, options);
    let is_solved = |front: &ParetoFront| {
        front
            .candidates()
            .iter()
            .any(|c| c.loss < objective.resolution())
    };

    let habitat = Habitat {
        objective: thin,
        operators: &options.operators,
        max_complexity: options.max_complexity,
    };
    let mut islands: Vec<Island> = Vec::new();
    let mut stop_reason = StopReason::Generations;
    for generation in 0..options.n_generations {
        let progress = SearchProgress {
            generation,
            n_generations: options.n_generations,
            loss: front.candidates().last().map_or(f64::INFINITY, |c| c.loss),
        };
        if monitor(&progress).is_break() {
            stop_reason = StopReason::Interrupted;
            break;
        }
        if is_late() {
            stop_reason = StopReason::TimeLimit;
            break;
        }
        if is_solved(&front) || lowest_loss(&islands) < objective.resolution() {
            stop_reason = StopReason::Exact;
            break;
        }
        if islands.is_empty() {
            let guesses = guesses(&front, &solved);
            islands = (0..N_ISLANDS)
                .into_par_iter()
                .map(|index| Island::new(&guesses, &habitat, options.seed, index))
                .collect();
        }
        islands
            .par_iter_mut()
            .for_each(|island| island.advance(&habitat));
        if generation % GENERATIONS_BETWEEN_EXCHANGES == GENERATIONS_BETWEEN_EXCHANGES - 1 {
            exchange(&mut islands, &habitat);
        }
    }
    let evolved: Vec<Solved> = islands
        .iter()
        .flat_map(|island| island.best())
        .flat_map(|(combination, loss)| {
            let expressions = combination.to_expressions(&options.operators);
            let expression = expressions.into_iter().next()?;
            Some(Solved { expression, loss })
        })
        .collect();
    add(&mut front, &evolved, &refiner, options);
    if options.noise == 0.0
        && let Some(last) = front.candidates().last()
    {
        front.set_white_noise(noise::white_noise(&last.expression, medium));
    }
    Ok(SearchResult {
        front,
        stop_reason,
        n_evaluations: islands.iter().map(Island::n_evaluations).sum(),
        seconds: start.elapsed().as_secs_f64(),
    })
}

/// What the islands start from: the front, and the rest of what was solved for.
fn guesses(front: &ParetoFront, solved: &[Solved]) -> Vec<Vec<Term>> {
    let mut solved: Vec<&Solved> = solved.iter().collect();
    solved.sort_by(|a, b| a.loss.total_cmp(&b.loss));
    let expressions = front
        .candidates()
        .iter()
        .map(|candidate| &candidate.expression);
    let rest = solved
        .into_iter()
        .take(N_GUESSES)
        .map(|found| &found.expression);
    expressions
        .chain(rest)
        .map(|expression| Combination::of_sum(expression).terms)
        .collect()
}

fn lowest_loss(islands: &[Island]) -> f64 {
    let losses = islands
        .iter()
        .flat_map(|island| island.best().map(|(_, loss)| loss));
    losses.fold(f64::INFINITY, f64::min)
}

/// Each island's records visit the next island.
fn exchange(islands: &mut [Island], habitat: &Habitat) {
    let records: Vec<Vec<Vec<Term>>> = islands
        .iter()
        .map(|island| island.best().map(|(best, _)| best.terms.clone()).collect())
        .collect();
    let n_islands = islands.len();
    islands
        .par_iter_mut()
        .enumerate()
        .for_each(|(index, island)| island.welcome(&records[(index + 1) % n_islands], habitat));
}

/// Fits, shortens and simplifies the promising formulas, and offers them to the front with their
/// losses on all points.
fn add(front: &mut ParetoFront, solved: &[Solved], refiner: &Refiner, options: &SearchOptions) {
    let fitted: Vec<(Expression, f64)> = promising(
        solved
            .iter()
            .map(|found| (found.expression.clone(), found.loss))
            .collect(),
        options.noise,
    )
    .into_par_iter()
    .filter_map(|(expression, _)| refiner.fit(&expression))
    .collect();
    let mut candidates: Vec<Candidate> = promising(fitted, options.noise)
        .into_par_iter()
        .filter_map(|(expression, loss)| refiner.finish(&expression, loss))
        .filter(|candidate| candidate.complexity <= options.max_complexity)
        .collect();
    candidates.extend(front.candidates().iter().cloned());
    // Of formulas of one length that are nearly as good, the one with the shortest numbers.
    candidates.sort_by_cached_key(|c| (c.complexity, refine::length_of_text(&c.expression)));
    let least_loss = |complexity: usize| {
        let losses = candidates
            .iter()
            .filter(|c| c.complexity == complexity)
            .map(|c| c.loss);
        losses.fold(f64::INFINITY, f64::min)
    };
    let is_near = |c: &&Candidate| {
        let limit = (least_loss(c.complexity) * (1.0 + refine::MAX_DIFFERENCE)).max(options.noise);
        c.loss <= limit + refiner.full.resolution()
    };
    let mut chosen: Vec<Candidate> = candidates.iter().filter(is_near).cloned().collect();
    chosen.dedup_by_key(|candidate| candidate.complexity);
    front.clear();
    for candidate in chosen {
        front.insert(candidate);
    }
}

/// Leaves out formulas that a simpler one clearly beats, whatever their numbers will turn out to
/// be, and all but the best few of one length.
fn promising(mut fitted: Vec<(Expression, f64)>, noise: f64) -> Vec<(Expression, f64)> {
    let least_complexity = |expression: &Expression| {
        let numbers = expression.n_constants();
        // A number may turn out to be 1 and vanish with its operator.
        expression.complexity().saturating_sub(4 * numbers)
    };
    fitted.sort_by(|(a, loss_a), (b, loss_b)| {
        (least_complexity(a), loss_a)
            .partial_cmp(&(least_complexity(b), loss_b))
            .unwrap_or(Equal)
    });
    fitted.dedup_by(|a, b| a.0 == b.0);
    let mut lowest = f64::INFINITY;
    let (mut length, mut n_same) = (0, 0);
    fitted.retain(|(expression, loss)| {
        let own = least_complexity(expression);
        n_same = if own == length { n_same + 1 } else { 1 };
        length = own;
        let is_promising = *loss <= (lowest * CLEARLY_BEATEN).max(noise) + NEGLIGIBLE_LOSS;
        lowest = lowest.min(*loss);
        is_promising && n_same <= MAX_OF_ONE_LENGTH
    });
    fitted
}
