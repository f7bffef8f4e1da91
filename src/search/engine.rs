//! A search from beginning to end: solve, evolve, refine.

use super::checkpoint::Checkpoint;
use super::combination::Solved;
use super::combination::{Combination, Term};
use super::evolution::{Habitat, Island};
use super::front::{Candidate, ParetoFront};
use super::objective::{Likelihood, Objective};
use super::options::SearchOptions;
use super::refinement::Refiner;
use super::refinement::noise;
use super::rules::{Rules, Scope};
use super::solver;
use super::state::State;
use super::validation;
use super::{SearchProgress, SearchResult, StopReason};
use crate::error::Result;
use crate::formula::Simplifier;
use crate::formula::{Dimensions, Expression};
use rayon::prelude::*;
use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

/// The longest time between two checkpoints, if a generation doesn't take longer.
const CHECKPOINT_AGE: Duration = Duration::from_secs(2);

/// The share of a time limit that formulas may be solved for: the rest is for fitting and simplifying
/// them. With half of the rest, what is found late is reported with the numbers that it was found with.
const SOLVING_SHARE: f64 = 0.8;

/// Receives the progress of a search with the best formulas so far, and may stop it.
pub(super) type Listener<'l> = dyn FnMut(&SearchProgress, &ParetoFront) -> ControlFlow<()> + 'l;

pub(super) struct Engine<'a> {
    objective: &'a dyn Objective,
    medium: Option<Box<dyn Objective>>,
    thin: Option<Box<dyn Objective>>,
    options: &'a SearchOptions,
    scope: Scope,
    dimensions: Option<Dimensions>,
    simplifier: Simplifier,
    start: Instant,
    saved: Instant,
    /// How long it took to refine what was solved for.
    refinement: Duration,
}

/// Refuses options outside their ranges, and points that can't distinguish formulas.
pub(super) fn check(objective: &dyn Objective, options: &SearchOptions) -> Result<()> {
    options.check(objective)?;
    objective.check()
}

impl<'a> Engine<'a> {
    pub fn new(objective: &'a dyn Objective, options: &'a SearchOptions) -> Result<Self> {
        check(objective, options)?;
        let start = Instant::now();
        let points = &options.effort.points;
        let simplifier = Simplifier::new(&options.operators, options.complexity.clone());
        Ok(Self {
            objective,
            medium: objective.thinned(points.fitted),
            thin: objective.thinned(points.evolved),
            options,
            scope: Scope::Full,
            dimensions: options.dimensions(objective),
            simplifier: simplifier.with_effort(&options.effort),
            start,
            saved: start,
            refinement: Duration::ZERO,
        })
    }

    /// Makes the search solve for short formulas only.
    pub fn short(self) -> Self {
        Self {
            scope: Scope::Short,
            ..self
        }
    }

    pub fn run(mut self, listener: &mut Listener) -> Result<SearchResult> {
        let checkpoint = Checkpoint::of(self.objective, self.options)?;
        let resumed = match &checkpoint {
            Some(checkpoint) => checkpoint.load(&self.habitat(), self.empty_front())?,
            None => None,
        };
        let is_interrupted = Cell::new(false);
        let (mut state, guesses, refinement) = match resumed {
            Some(state) => (state, Vec::new(), Duration::ZERO),
            None => {
                let so_far = RefCell::new(self.empty_front());
                let listener = RefCell::new(&mut *listener);
                let is_stopped = || {
                    let so_far = so_far.borrow();
                    let heard = (listener.borrow_mut())(&self.progress(0, &so_far), &so_far);
                    is_interrupted.set(is_interrupted.get() || heard.is_break());
                    is_interrupted.get() || self.is_late(SOLVING_SHARE)
                };
                let n_noted = Cell::new(0);
                let hear = |solved: &[Solved]| {
                    for found in &solved[n_noted.get()..] {
                        self.note(&mut so_far.borrow_mut(), &found.expression, found.loss);
                    }
                    n_noted.set(solved.len());
                };
                self.solve(&is_stopped, &hear)
            }
        };
        self.refinement = refinement;
        let mut so_far = state.front.clone();
        let mut unsaved = None;
        let mut save = |state: &State| {
            if let Some(checkpoint) = &checkpoint {
                // A full disk must not cost what was found: the search goes on, and tries again.
                unsaved = checkpoint.save(state).err().map(|error| error.to_string());
            }
        };
        let stop_reason = loop {
            self.note_records(&mut so_far, &state.islands);
            let heard = listener(&self.progress(state.generation, &so_far), &so_far);
            if is_interrupted.get() || heard.is_break() {
                break StopReason::Interrupted;
            }
            if let Some(reason) = self.reason_to_stop(&state, &so_far) {
                break reason;
            }
            self.advance(&mut state, &guesses);
            if state.generation == 1 || self.saved.elapsed() >= CHECKPOINT_AGE {
                save(&state);
                self.saved = Instant::now();
            }
        };
        // Before the first generation there is nothing to save that can't be solved for again.
        if state.generation > 0 {
            save(&state);
        }
        Ok(SearchResult {
            unsaved,
            ..self.finish(state, stop_reason)
        })
    }

    fn progress(&self, generation: usize, front: &ParetoFront) -> SearchProgress {
        SearchProgress {
            generation,
            n_generations: self.end_of_round(generation, front.least_loss()),
            loss: front.least_loss(),
        }
    }

    fn medium(&self) -> &dyn Objective {
        self.medium.as_deref().unwrap_or(self.objective)
    }

    /// Whether this share of the time is over.
    fn is_late(&self, share: f64) -> bool {
        let limit = self.options.time_limit;
        limit.is_some_and(|limit| self.start.elapsed() >= limit.mul_f64(share))
    }

    /// Whether the time that is left is needed for what comes after the evolution: refining formulas
    /// took so long before it, and a cross-validation takes about as long.
    fn must_finish(&self) -> bool {
        let reserved = match self.objective.likelihood() {
            Likelihood::Independent(_) => 2 * self.refinement,
            _ => self.refinement,
        };
        let limit = self.options.time_limit;
        limit.is_some_and(|limit| self.start.elapsed() + reserved >= limit)
    }

    fn empty_front(&self) -> ParetoFront {
        ParetoFront::new(self.objective.feature_names(), self.options.noise)
            .with_effort(&self.options.effort)
            .with_resolution(self.objective.resolution())
            .with_choose(self.options.choose)
            .with_likelihood(self.objective.likelihood())
            .with_dimensions(self.dimensions.clone())
            .with_constant(self.refiner().constant())
    }

    fn refiner(&self) -> Refiner<'_> {
        Refiner {
            full: self.objective,
            medium: self.medium(),
            simplifier: &self.simplifier,
            options: self.options,
            dimensions: self.dimensions.as_ref(),
            deadline: self.options.time_limit.map(|limit| self.start + limit),
        }
    }

    fn habitat(&self) -> Habitat<'_> {
        let objective = self.thin.as_deref().unwrap_or(self.objective);
        Habitat::new(objective, self.options, self.strict_dimensions())
    }

    /// The units, if formulas that disagree with them needn't be tried.
    fn strict_dimensions(&self) -> Option<&Dimensions> {
        let dimensions = self.dimensions.as_ref();
        dimensions.filter(|dimensions| dimensions.excludes_inconsistent())
    }

    /// Solves for formulas. Returns also the terms that the evolution starts from, and how long
    /// refining took.
    fn solve(
        &self,
        is_stopped: &dyn Fn() -> bool,
        hear: &dyn Fn(&[Solved]),
    ) -> (State, Vec<Vec<Term>>, Duration) {
        let inner_constraints = self.options.constraints.in_other_variables();
        let rules = Rules {
            effort: &self.options.effort,
            operators: &self.options.operators,
            complexity: &self.options.complexity,
            constraints: &self.options.constraints,
            inner_constraints: &inner_constraints,
            dimensions: self.strict_dimensions(),
            max_complexity: self.options.max_complexity_for(self.objective),
            noise: self.options.noise,
            scope: self.scope,
            tries_powers: true,
            simplifier: &self.simplifier,
            is_stopped,
            hear,
        };
        let medium = self.medium();
        let given = self.options.guesses.iter().filter_map(|guess| {
            let loss = medium.loss(&guess.evaluate(medium.columns()))?;
            let expression = guess.clone();
            Some(Solved { expression, loss })
        });
        let mut solved: Vec<Solved> = given.collect();
        let n_given = solved.len();
        let mut front = self.empty_front();
        if !solved.is_empty() {
            self.refiner().offer(&mut front, &solved);
        }
        // A guess that matches, and isn't too long, leaves nothing to be solved for.
        if front.least_loss() > medium.resolution() {
            solved.extend(solver::solve(medium, &rules));
        }
        let before = Instant::now();
        self.refiner().offer(&mut front, &solved[n_given..]);
        let refinement = before.elapsed();
        solved[n_given..].sort_by(|a, b| a.loss.total_cmp(&b.loss));
        let written = front.candidates().iter().map(|found| &found.expression);
        let rest = solved.iter().map(|found| &found.expression);
        let guesses = written
            .chain(rest.take(n_given + self.options.effort.evolution.n_guesses))
            .map(|expression| Combination::of_sum(expression).terms)
            .collect();
        let state = State {
            front,
            islands: Vec::new(),
            generation: 0,
        };
        (state, guesses, refinement)
    }

    fn reason_to_stop(&self, state: &State, so_far: &ParetoFront) -> Option<StopReason> {
        let lowest = so_far.least_loss();
        let evolved = records(&state.islands).map(|(_, loss)| loss);
        let n_evaluations = state.n_evaluations();
        let is_spent = |limit: u64| n_evaluations >= limit;
        if evolved.fold(lowest, f64::min) <= state.front.resolution() {
            Some(StopReason::Exact)
        } else if self.options.target_loss > 0.0 && lowest <= self.options.target_loss {
            Some(StopReason::TargetLoss)
        } else if state.generation >= self.n_generations(lowest)
            || !self.options.effort.stages.evolution
        {
            Some(StopReason::Generations)
        } else if self.options.max_evaluations.is_some_and(is_spent) {
            Some(StopReason::Evaluations)
        } else {
            self.must_finish().then_some(StopReason::TimeLimit)
        }
    }

    /// How many rounds a search runs whose lowest loss is this.
    fn n_rounds(&self, lowest: f64) -> usize {
        match self.objective.likelihood() {
            Likelihood::Independent(_) => self.options.n_rounds,
            _ if lowest > self.options.effort.evolution.poor_loss => self.options.n_rounds,
            _ => 1,
        }
    }

    /// The generations of all rounds.
    fn n_generations(&self, lowest: f64) -> usize {
        let n_rounds = self.n_rounds(lowest);
        self.options.n_generations.saturating_mul(n_rounds)
    }

    /// The last generation of the round that this one belongs to.
    fn end_of_round(&self, generation: usize, lowest: f64) -> usize {
        let length = self.options.n_generations.max(1);
        (generation.div_ceil(length).max(1) * length).min(self.n_generations(lowest))
    }

    /// Keeps what evolved, and lets new islands start from the front.
    fn begin_round(&self, state: &mut State, habitat: &Habitat) {
        self.refiner()
            .offer(&mut state.front, &self.evolved(&state.islands));
        let formulas = state.front.candidates().iter();
        let guesses = formulas.map(|found| Combination::of_sum(&found.expression).terms);
        let guesses: Vec<Vec<Term>> = guesses.collect();
        let round = (state.generation / self.options.n_generations) as u64;
        let n_islands = state.islands.len() as u64;
        state
            .islands
            .par_iter_mut()
            .enumerate()
            .for_each(|(index, island)| {
                let stream = round * n_islands + index as u64;
                let next = Island::new(&guesses, habitat, self.options.seed, stream);
                *island = next.with_evaluations(island.n_evaluations());
            });
    }

    /// Evolves every island by one generation. The first one creates the islands.
    fn advance(&self, state: &mut State, guesses: &[Vec<Term>]) {
        let habitat = self.habitat();
        let limits = &self.options.effort.evolution;
        let is_end = state.generation.is_multiple_of(self.options.n_generations);
        if is_end && state.generation > 0 {
            self.begin_round(state, &habitat);
        }
        if state.islands.is_empty() {
            state.islands = (0..limits.n_islands as u64)
                .into_par_iter()
                .map(|index| Island::new(guesses, &habitat, self.options.seed, index))
                .collect();
        }
        state
            .islands
            .par_iter_mut()
            .for_each(|island| island.advance(&habitat));
        state.generation += 1;
        if state
            .generation
            .is_multiple_of(limits.generations_between_exchanges)
        {
            exchange(&mut state.islands, &habitat);
        }
    }

    /// Adds the islands' best formulas to the front, without refinement.
    fn note_records(&self, front: &mut ParetoFront, islands: &[Island]) {
        for (combination, loss) in records(islands) {
            if let Some(expression) = self.options.first_reading(combination) {
                self.note(front, &expression, loss);
            }
        }
    }

    /// Adds a formula to the front, without refinement and with its loss on all points, unless the
    /// loss on fewer points shows that it doesn't belong there.
    fn note(&self, front: &mut ParetoFront, expression: &Expression, loss: f64) {
        let surcharge = Dimensions::surcharge(self.dimensions.as_ref(), expression);
        let Some(surcharge) = surcharge else {
            return;
        };
        let complexity = self.options.complexity.of(expression) + surcharge;
        let is_beaten = |c: &Candidate| c.complexity <= complexity && c.loss <= loss;
        let is_allowed = complexity <= self.options.max_complexity_for(self.objective)
            && self.options.constraints.allows(expression);
        if !is_allowed || front.candidates().iter().any(is_beaten) {
            return;
        }
        let found = expression.evaluate(self.objective.columns());
        if let Some(loss) = self.objective.loss(&found) {
            front.insert(Candidate {
                complexity,
                ..Candidate::new(expression.clone(), loss)
            });
        }
    }

    fn evolved(&self, islands: &[Island]) -> Vec<Solved> {
        let records = records(islands).filter_map(|(combination, loss)| {
            let expression = self.options.first_reading(combination)?;
            Some(Solved { expression, loss })
        });
        records.collect()
    }

    /// The front with the evolved formulas, all of them refined.
    fn finish(&self, state: State, stop_reason: StopReason) -> SearchResult {
        let evolved = self.evolved(&state.islands);
        let n_evaluations = state.n_evaluations();
        let mut front = state.front;
        self.refiner().offer(&mut front, &evolved);
        let limits = &self.options.effort.choice.white_noise;
        if self.options.noise == 0.0
            && self.objective.likelihood() == Likelihood::Smooth
            && let Some(last) = front.candidates().last()
        {
            front.set_white_noise(noise::white_noise(&last.expression, self.medium(), limits));
        }
        if let Some(last) = front.candidates().last() {
            let found = last.expression.evaluate(self.objective.columns());
            front.set_loss_of_outliers(self.objective.of_outliers(&found));
        }
        let is_exact = |best: &Candidate| best.loss <= front.resolution();
        let baselines = if front.best().is_some_and(is_exact) {
            None
        } else {
            validation::validate(&mut front, self.medium(), self.options)
        };
        front.fall_back();
        SearchResult {
            front,
            stop_reason,
            n_evaluations,
            confirmations: Vec::new(),
            baselines,
            guesses: Vec::new(),
            unsaved: None,
            seconds: self.start.elapsed().as_secs_f64(),
        }
    }
}

fn records(islands: &[Island]) -> impl Iterator<Item = (&Combination, f64)> {
    islands.iter().flat_map(Island::best)
}

/// Copies the best formulas of each island to the next island.
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
