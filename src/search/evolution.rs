//! Evolution of sums and products: it looks for terms, the numbers before them are solved for.

use super::combination::{Combination, Term};
use super::objective::{Link, Objective};
use super::options::SearchOptions;
use super::refinement::constants;
use super::solver::agreement::Agreement;
use crate::formula::{Constraints, Dimension, Dimensions, Expression, Operator};
use crate::formula::{Evaluation, Evaluator, Tape};
use rand::{Rng, RngExt, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;

const POPULATION: usize = 80;
const TOURNAMENT: usize = 4;
const MAX_TERM_NODES: usize = 15;
const MAX_TERMS: usize = 8;
/// Individuals whose inner numbers are fitted in each generation.
const N_TUNED: usize = 4;
const TUNING_STEPS: usize = 4;
/// Weaker than the price by which the front's best is chosen, so that long ways round stay open.
const COMPLEXITY_PRICE: f64 = 0.05;
/// How much a length is dearer for each share of the population that has it: adaptive parsimony
/// keeps a crowd of one length from taking over.
const CROWDING_PRICE: f64 = 2.0;

/// What islands share: the points they see, operators and limits.
pub(crate) struct Habitat<'a> {
    pub objective: &'a dyn Objective,
    pub options: &'a SearchOptions,
    dimensions: Option<&'a Dimensions>,
    agreement: Agreement,
    /// For sums that no number may be added to.
    without_offset: Option<Box<dyn Objective>>,
}

impl<'a> Habitat<'a> {
    /// `dimensions` are none where units exclude nothing.
    pub fn new(
        objective: &'a dyn Objective,
        options: &'a SearchOptions,
        dimensions: Option<&'a Dimensions>,
    ) -> Self {
        let agreement = Agreement::of(dimensions, Link::Identity).unwrap_or(Agreement::Any);
        Self {
            objective,
            options,
            dimensions,
            without_offset: agreement.without_offset(objective),
            agreement,
        }
    }

    /// The terms whose units agree with that of the target, or of the first one.
    fn agreeing(&self, mut terms: Vec<Term>) -> Vec<Term> {
        let Some(dimensions) = self.dimensions else {
            return terms;
        };
        let mut agreement = self.agreement.clone();
        terms.retain(|term| {
            let dimension = dimensions.of_part(term.expression());
            let is_log = matches!(term, Term::Log(_));
            let fits = |own: &Dimension| is_log || agreement.admits(is_log, own);
            let Some(dimension) = dimension.filter(fits) else {
                return false;
            };
            if !is_log {
                agreement = agreement.after(&dimension);
            }
            true
        });
        terms
    }
}

#[derive(Clone)]
struct Individual {
    combination: Combination,
    complexity: usize,
    loss: f64,
}

/// A population with a random generator of its own.
pub(crate) struct Island {
    rng: ChaCha8Rng,
    population: Vec<Individual>,
    best: BTreeMap<usize, Individual>,
    n_evaluations: u64,
    evaluator: Evaluator,
}

/// An island as a checkpoint keeps it.
pub(crate) struct SavedIsland {
    pub rng: ChaCha8Rng,
    pub population: Vec<Vec<Term>>,
    pub best: Vec<Vec<Term>>,
    pub n_evaluations: u64,
}

impl Island {
    fn empty(rng: ChaCha8Rng) -> Self {
        Self {
            rng,
            population: Vec::new(),
            best: BTreeMap::new(),
            n_evaluations: 0,
            evaluator: Evaluator::new(),
        }
    }

    /// An island that starts from given terms and random ones.
    pub fn new(guesses: &[Vec<Term>], habitat: &Habitat, seed: u64, index: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(index);
        let mut island = Self::empty(rng);
        for guess in guesses {
            let individual = island.express(guess.clone(), habitat);
            island.population.extend(individual);
        }
        // A random sum can fail (a pole, a logarithm below zero); bounded tries, never a hang.
        for _ in 0..20 * POPULATION {
            if island.population.len() >= POPULATION {
                break;
            }
            let terms = (0..island.rng.random_range(1..=3))
                .map(|_| Term::Plain(random_expression(habitat, &mut island.rng, 3)))
                .collect();
            let individual = island.express(terms, habitat);
            island.population.extend(individual);
        }
        island
    }

    /// Breeds one generation: as many children as a population has.
    pub fn advance(&mut self, habitat: &Habitat) {
        if self.population.is_empty() {
            return;
        }
        for _ in 0..POPULATION {
            let parent = self.tournament().combination.terms.clone();
            let other = self.tournament().combination.terms.clone();
            let terms = mutate(parent, &other, habitat, &mut self.rng);
            if let Some(child) = self.express(terms, habitat) {
                let place = self.loser();
                self.population[place] = child;
            }
        }
        self.tune(habitat);
    }

    /// Fits the numbers inside of a few individuals' terms.
    fn tune(&mut self, habitat: &Habitat) {
        for _ in 0..N_TUNED {
            let chosen = self.tournament();
            let sum = chosen
                .combination
                .to_expressions(&habitat.options.operators)
                .into_iter()
                .next();
            let is_plain = chosen
                .combination
                .terms
                .iter()
                .all(|term| matches!(term, Term::Plain(_)));
            let has_inner = chosen
                .combination
                .terms
                .iter()
                .any(|term| term.expression().n_constants() > 0);
            if !(is_plain && has_inner) {
                continue;
            }
            let fitted =
                sum.and_then(|sum| constants::fitted(&sum, habitat.objective, TUNING_STEPS));
            if let Some((expression, _)) = fitted {
                let terms = Combination::of_sum(&expression).terms;
                if let Some(tuned) = self.express(terms, habitat) {
                    let place = self.loser();
                    self.population[place] = tuned;
                }
            }
        }
    }

    /// What a checkpoint keeps: all else follows from the terms.
    pub fn saved(&self) -> SavedIsland {
        let terms = |individual: &Individual| individual.combination.terms.clone();
        SavedIsland {
            rng: self.rng.clone(),
            population: self.population.iter().map(terms).collect(),
            best: self.best.values().map(terms).collect(),
            n_evaluations: self.n_evaluations,
        }
    }

    /// The island that was saved, or nothing if its terms don't fit the habitat.
    pub fn restored(saved: SavedIsland, habitat: &Habitat) -> Option<Self> {
        let mut island = Self::empty(saved.rng);
        for terms in saved.best {
            island.express(terms, habitat)?;
        }
        for terms in saved.population {
            let individual = island.express(terms, habitat)?;
            island.population.push(individual);
        }
        island.n_evaluations = saved.n_evaluations;
        Some(island)
    }

    /// The best combination found for every complexity.
    pub fn best(&self) -> impl Iterator<Item = (&Combination, f64)> {
        let best = self.best.values();
        best.map(|individual| (&individual.combination, individual.loss))
    }

    pub fn n_evaluations(&self) -> u64 {
        self.n_evaluations
    }

    /// Puts combinations from elsewhere in the place of losers.
    pub fn welcome(&mut self, guests: &[Vec<Term>], habitat: &Habitat) {
        for guest in guests {
            if let Some(individual) = self.express(guest.clone(), habitat)
                && !self.population.is_empty()
            {
                let place = self.loser();
                self.population[place] = individual;
            }
        }
    }

    fn express(&mut self, terms: Vec<Term>, habitat: &Habitat) -> Option<Individual> {
        let terms = habitat.agreeing(distinct(terms));
        let options = habitat.options;
        let complexity: usize = terms
            .iter()
            .map(|term| options.complexity.of(term.expression()) + 1)
            .sum();
        let is_fit = |term: &Term| options.constraints.allows_term(term.expression());
        let is_long = terms.len() > MAX_TERMS || complexity > options.max_complexity + 1;
        if terms.is_empty() || is_long || !terms.iter().all(is_fit) {
            return None;
        }
        self.n_evaluations += 1;
        let columns = habitat.objective.columns();
        let mut evaluations: Vec<Evaluation> = Vec::with_capacity(terms.len());
        for term in &terms {
            let found = self
                .evaluator
                .gradients(&Tape::new(term.expression()), columns);
            if found.values.len() < columns.n_samples() {
                return None;
            }
            let evaluation = term.evaluation(found);
            if !evaluation.is_finite() {
                return None;
            }
            evaluations.push(evaluation);
        }
        let without_offset = habitat.without_offset.as_deref();
        let objective = without_offset.unwrap_or(habitat.objective);
        let (combination, loss) = combined(terms, &evaluations, objective)?;
        if options.constraints != Constraints::default() || habitat.dimensions.is_some() {
            let written = combination
                .to_expressions(&options.operators)
                .into_iter()
                .next()?;
            let agrees = |dimensions: &Dimensions| dimensions.allows(&written);
            if !options.constraints.allows(&written) || !habitat.dimensions.is_none_or(agrees) {
                return None;
            }
        }
        let individual = Individual {
            combination,
            complexity: complexity - 1,
            loss,
        };
        let record = self
            .best
            .get(&individual.complexity)
            .is_none_or(|best| individual.loss < best.loss);
        if record {
            self.best.insert(individual.complexity, individual.clone());
        }
        Some(individual)
    }

    fn price(&self, individual: &Individual) -> f64 {
        let same = self
            .population
            .iter()
            .filter(|other| other.complexity == individual.complexity);
        let share = same.count() as f64 / self.population.len() as f64;
        individual.loss.max(1e-13).ln()
            + COMPLEXITY_PRICE * individual.complexity as f64
            + CROWDING_PRICE * share
    }

    fn tournament(&mut self) -> &Individual {
        let winner = self
            .contestants()
            .into_iter()
            .min_by(|a, b| a.1.total_cmp(&b.1));
        &self.population[winner.map_or(0, |(place, _)| place)]
    }

    fn loser(&mut self) -> usize {
        let loser = self
            .contestants()
            .into_iter()
            .max_by(|a, b| a.1.total_cmp(&b.1));
        loser.map_or(0, |(place, _)| place)
    }

    /// Random places in the population, with the prices of who stands there.
    fn contestants(&mut self) -> [(usize, f64); TOURNAMENT] {
        std::array::from_fn(|_| {
            let place = self.rng.random_range(0..self.population.len());
            (place, self.price(&self.population[place]))
        })
    }
}

/// The terms with their best coefficients, or all 1 where those can't be solved for.
fn combined(
    terms: Vec<Term>,
    evaluations: &[Evaluation],
    objective: &dyn Objective,
) -> Option<(Combination, f64)> {
    let all: Vec<usize> = (0..terms.len()).collect();
    let mut combination = Combination {
        coefficients: vec![1.0; terms.len()],
        terms,
        offset: 0.0,
        is_scale_free: objective.is_scale_free(),
    };
    let Some(fits) = objective.terms(&evaluations.iter().collect::<Vec<_>>()) else {
        let sum = combination.to_expressions(&[]).into_iter().next()?;
        let loss = objective.loss(&sum.evaluate(objective.columns()))?;
        return Some((combination, loss));
    };
    let fit = fits.fit(&all)?;
    combination.coefficients = fit.coefficients;
    combination.offset = fit.offset;
    Some((combination, fit.loss))
}

/// Drops terms without variables and repetitions: neither changes what a sum can reach.
fn distinct(terms: Vec<Term>) -> Vec<Term> {
    let mut kept: Vec<Term> = Vec::new();
    for term in terms {
        let expression = term.expression();
        let is_fit = expression.n_variables() > 0 && expression.n_nodes() <= MAX_TERM_NODES;
        if is_fit && !kept.contains(&term) {
            kept.push(term);
        }
    }
    kept
}

fn mutate(
    mut terms: Vec<Term>,
    other: &[Term],
    habitat: &Habitat,
    rng: &mut impl Rng,
) -> Vec<Term> {
    let place = rng.random_range(0..terms.len());
    let is_product = terms.iter().any(|term| matches!(term, Term::Log(_)));
    match rng.random_range(0..9) {
        0 => terms.push(random_term(is_product, habitat, rng)),
        1 if terms.len() > 1 => {
            terms.remove(place);
        }
        2 => terms[place] = random_term(is_product, habitat, rng),
        3 => terms.extend(other.choose(rng).cloned()),
        choice => {
            let (Term::Plain(expression) | Term::Log(expression)) = &mut terms[place];
            change(expression, choice, other, habitat, rng);
        }
    }
    terms
}

fn random_term(is_product: bool, habitat: &Habitat, rng: &mut impl Rng) -> Term {
    let expression = random_expression(habitat, rng, 3);
    if is_product && rng.random_bool(0.7) {
        Term::Log(expression)
    } else {
        Term::Plain(expression)
    }
}

/// Changes the inside of a term.
fn change(
    expression: &mut Expression,
    choice: u32,
    other: &[Term],
    habitat: &Habitat,
    rng: &mut impl Rng,
) {
    match choice {
        4 => {
            let factor = random_expression(habitat, rng, 1);
            *expression = times_or_over(expression.clone(), factor, habitat, rng);
        }
        5 => {
            if let Some(partner) = other.choose(rng) {
                let partner = partner.expression().clone();
                *expression = times_or_over(expression.clone(), partner, habitat, rng);
            }
        }
        6 => {
            let unary = habitat
                .options
                .operators
                .iter()
                .filter(|operator| operator.arity() == 1);
            let unary: Vec<Operator> = unary.copied().collect();
            if let Some(operator) = unary.choose(rng) {
                *expression = Expression::unary(*operator, expression.clone());
            }
        }
        7 if expression.n_constants() > 0 => {
            let mut constants = expression.constants_mut();
            let index = rng.random_range(0..constants.len());
            let factor: f64 = rng.random_range(-1.0_f64..1.0).exp2();
            *constants[index] *= if rng.random_bool(0.1) {
                -factor
            } else {
                factor
            };
        }
        _ => {
            let node = rng.random_range(0..expression.n_nodes());
            if let Some(node) = expression.node_mut(node) {
                *node = random_expression(habitat, rng, 2);
            }
        }
    }
}

fn times_or_over(
    left: Expression,
    right: Expression,
    habitat: &Habitat,
    rng: &mut impl Rng,
) -> Expression {
    if habitat.options.operators.contains(&Operator::Div) && rng.random_bool(0.5) {
        left / right
    } else {
        left * right
    }
}

fn random_expression(habitat: &Habitat, rng: &mut impl Rng, depth: usize) -> Expression {
    if depth == 0 || rng.random_bool(0.3) {
        return if rng.random_bool(0.85) {
            Expression::variable(rng.random_range(0..habitat.objective.columns().n_features()))
        } else {
            Expression::constant(rng.random_range(-3.0..3.0))
        };
    }
    let operator = habitat
        .options
        .operators
        .choose(rng)
        .copied()
        .unwrap_or(Operator::Add);
    let argument = random_expression(habitat, rng, depth - 1);
    match operator.arity() {
        1 => Expression::unary(operator, argument),
        _ if operator == Operator::Powi => {
            let exponent = Expression::constant(f64::from(rng.random_range(2..=4)));
            Expression::binary(operator, argument, exponent)
        }
        _ => Expression::binary(
            operator,
            argument,
            random_expression(habitat, rng, depth - 1),
        ),
    }
}
