//! Evolution of sums and products. It searches for terms; their coefficients are solved for.

use super::combination::{Combination, Term};
use super::objective::{Link, Objective};
use super::options::SearchOptions;
use super::refinement::constants;
use super::solver::agreement::Agreement;
use crate::effort::MAX_COMPLEXITY;
use crate::effort::{Effort, Evolution};
use crate::formula::{Constraints, Dimension, Dimensions, Expression, Operator};
use crate::formula::{Evaluation, Evaluator, Tape};
use rand::{Rng, RngExt, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;

/// Losses below this are rounding error, so their logarithms are meaningless.
const ROUNDING: f64 = 1e-13;

/// What islands share: the points, operators and limits.
pub(crate) struct Habitat<'a> {
    pub objective: &'a dyn Objective,
    pub options: &'a SearchOptions,
    dimensions: Option<&'a Dimensions>,
    agreement: Agreement,
}

impl<'a> Habitat<'a> {
    /// `dimensions` are none if units exclude nothing.
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
            agreement,
        }
    }

    fn limits(&self) -> &Evolution {
        &self.options.effort.evolution
    }

    /// The terms whose units agree with the unit of the target, or with that of the first term.
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

/// A population with its own random generator.
pub(crate) struct Island {
    rng: ChaCha8Rng,
    population: Vec<Individual>,
    best: BTreeMap<usize, Individual>,
    n_evaluations: u64,
    evaluator: Evaluator,
}

/// An island as it is saved in a checkpoint.
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
        // A random sum may fail at a pole or the logarithm of a negative number. The number of
        // tries is limited, so that this loop ends.
        let limits = habitat.limits();
        let mutation = &limits.mutation;
        for _ in 0..limits.n_tries * limits.population {
            if island.population.len() >= limits.population {
                break;
            }
            let n_terms = island.rng.random_range(1..=mutation.max_terms as i32);
            let mut term = || random_expression(habitat, &mut island.rng, mutation.max_depth);
            let terms = (0..n_terms).map(|_| Term::Plain(term())).collect();
            let individual = island.express(terms, habitat);
            island.population.extend(individual);
        }
        island
    }

    /// The complexity of what is bred here. Unless the user sets it, every second island stays with
    /// short formulas: long ones fit better on the way, and would crowd out those that lead to an
    /// exact match.
    fn max_complexity(&self, habitat: &Habitat) -> usize {
        let most = habitat.options.max_complexity_for(habitat.objective);
        let is_set = habitat.options.max_complexity.is_some();
        if !is_set && self.rng.get_stream().is_multiple_of(2) {
            most.min(MAX_COMPLEXITY)
        } else {
            most
        }
    }

    /// Evolves one generation: as many children as the population has individuals.
    pub fn advance(&mut self, habitat: &Habitat) {
        if self.population.is_empty() {
            return;
        }
        let limits = habitat.limits();
        for _ in 0..limits.population {
            let parent = self
                .tournament(&habitat.options.effort)
                .combination
                .terms
                .clone();
            let other = self
                .tournament(&habitat.options.effort)
                .combination
                .terms
                .clone();
            let terms = mutate(parent, &other, habitat, &mut self.rng);
            if let Some(child) = self.express(terms, habitat) {
                let place = self.loser(&habitat.options.effort);
                self.population[place] = child;
            }
        }
        self.tune(habitat);
    }

    /// Fits the inner numbers of a few individuals' terms.
    fn tune(&mut self, habitat: &Habitat) {
        let limits = habitat.limits();
        for _ in 0..limits.n_tuned {
            let chosen = self.tournament(&habitat.options.effort);
            let sum = habitat.options.first_reading(&chosen.combination);
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
            let effort = &habitat.options.effort;
            let fitted = sum
                .and_then(|sum| constants::fitted(&sum, habitat.objective, effort, limits.n_steps));
            if let Some((expression, _)) = fitted {
                let terms = Combination::of_sum(&expression).terms;
                if let Some(tuned) = self.express(terms, habitat) {
                    let place = self.loser(&habitat.options.effort);
                    self.population[place] = tuned;
                }
            }
        }
    }

    /// The part that a checkpoint saves; the rest follows from the terms.
    pub fn saved(&self) -> SavedIsland {
        let terms = |individual: &Individual| individual.combination.terms.clone();
        SavedIsland {
            rng: self.rng.clone(),
            population: self.population.iter().map(terms).collect(),
            best: self.best.values().map(terms).collect(),
            n_evaluations: self.n_evaluations,
        }
    }

    /// The saved island; none if its terms don't fit the habitat.
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

    /// The best combination that was found for every complexity.
    pub fn best(&self) -> impl Iterator<Item = (&Combination, f64)> {
        let best = self.best.values();
        best.map(|individual| (&individual.combination, individual.loss))
    }

    /// The same with those of an island before it.
    pub fn with_evaluations(mut self, n_before: u64) -> Self {
        self.n_evaluations += n_before;
        self
    }

    pub fn n_evaluations(&self) -> u64 {
        self.n_evaluations
    }

    /// Replaces losers of tournaments by combinations from elsewhere.
    pub fn welcome(&mut self, guests: &[Vec<Term>], habitat: &Habitat) {
        for guest in guests {
            if let Some(individual) = self.express(guest.clone(), habitat)
                && !self.population.is_empty()
            {
                let place = self.loser(&habitat.options.effort);
                self.population[place] = individual;
            }
        }
    }

    fn express(&mut self, terms: Vec<Term>, habitat: &Habitat) -> Option<Individual> {
        let limits = habitat.limits();
        let terms = habitat.agreeing(distinct(terms, limits.max_term_nodes));
        let options = habitat.options;
        let complexity: usize = terms
            .iter()
            .map(|term| options.complexity.of(term.expression()) + 1)
            .sum();
        let is_fit = |term: &Term| options.constraints.allows_term(term.expression());
        let is_long =
            terms.len() > limits.max_terms || complexity > self.max_complexity(habitat) + 1;
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
        let (combination, loss) = combined(terms, &evaluations, habitat)?;
        if options.constraints != Constraints::default() || habitat.dimensions.is_some() {
            let written = options.first_reading(&combination)?;
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

    fn price(&self, individual: &Individual, effort: &Effort) -> f64 {
        let same = self
            .population
            .iter()
            .filter(|other| other.complexity == individual.complexity);
        let share = same.count() as f64 / self.population.len() as f64;
        individual.loss.max(ROUNDING).ln()
            + effort.prices.evolution * individual.complexity as f64
            + effort.evolution.crowding_price * share
    }

    fn tournament(&mut self, effort: &Effort) -> &Individual {
        let winner = self
            .contestants(effort)
            .into_iter()
            .min_by(|a, b| a.1.total_cmp(&b.1));
        &self.population[winner.map_or(0, |(place, _)| place)]
    }

    fn loser(&mut self, effort: &Effort) -> usize {
        let loser = self
            .contestants(effort)
            .into_iter()
            .max_by(|a, b| a.1.total_cmp(&b.1));
        loser.map_or(0, |(place, _)| place)
    }

    /// Random places in the population, with the prices of the individuals there.
    fn contestants(&mut self, effort: &Effort) -> Vec<(usize, f64)> {
        let contestants = (0..effort.evolution.tournament).map(|_| {
            let place = self.rng.random_range(0..self.population.len());
            (place, self.price(&self.population[place], effort))
        });
        contestants.collect()
    }
}

/// The terms with their best coefficients, or with 1 for all if these can't be solved for.
fn combined(
    terms: Vec<Term>,
    evaluations: &[Evaluation],
    habitat: &Habitat,
) -> Option<(Combination, f64)> {
    let objective = habitat.objective;
    let all: Vec<usize> = (0..terms.len()).collect();
    let mut combination = Combination {
        coefficients: vec![1.0; terms.len()],
        terms,
        offset: 0.0,
        is_scale_free: objective.symmetry().is_scale_free(),
    };
    let Some(sums) = objective.sums() else {
        let products = &habitat.options.effort.products;
        let sum = combination
            .to_expressions(&[], products)
            .into_iter()
            .next()?;
        let loss = objective.loss(&sum.evaluate(objective.columns()))?;
        return Some((combination, loss));
    };
    let evaluations: Vec<&Evaluation> = evaluations.iter().collect();
    let fit = sums
        .terms(&evaluations, habitat.agreement.offset())
        .fit(&all)?;
    combination.coefficients = fit.coefficients;
    combination.offset = fit.offset;
    Some((combination, fit.loss))
}

/// Drops terms without variables and repeated terms, because a sum reaches nothing more with them.
fn distinct(terms: Vec<Term>, max_nodes: usize) -> Vec<Term> {
    let mut kept: Vec<Term> = Vec::new();
    for term in terms {
        let expression = term.expression();
        let is_fit = expression.n_variables() > 0 && expression.n_nodes() <= max_nodes;
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
    let mutation = &habitat.limits().mutation;
    let expression = random_expression(habitat, rng, mutation.max_depth);
    if is_product && rng.random_bool(mutation.factor_chance) {
        Term::Log(expression)
    } else {
        Term::Plain(expression)
    }
}

/// Changes the inner part of a term.
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
            let sign_chance = habitat.limits().mutation.sign_chance;
            *constants[index] *= if rng.random_bool(sign_chance) {
                -factor
            } else {
                factor
            };
        }
        _ => {
            let node = rng.random_range(0..expression.n_nodes());
            if let Some(node) = expression.node_mut(node) {
                let max_depth = habitat.limits().mutation.max_depth_of_part;
                *node = random_expression(habitat, rng, max_depth);
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
    let division_chance = habitat.limits().mutation.division_chance;
    if habitat.options.operators.contains(&Operator::Div) && rng.random_bool(division_chance) {
        left / right
    } else {
        left * right
    }
}

fn random_expression(habitat: &Habitat, rng: &mut impl Rng, depth: usize) -> Expression {
    let mutation = &habitat.limits().mutation;
    if depth == 0 || rng.random_bool(mutation.leaf_chance) {
        return if rng.random_bool(mutation.variable_chance) {
            Expression::variable(rng.random_range(0..habitat.objective.columns().n_features()))
        } else {
            Expression::constant(rng.random_range(-mutation.max_number..mutation.max_number))
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
            let exponent = Expression::constant(f64::from(
                rng.random_range(2..=mutation.max_exponent.max(2) as i32),
            ));
            Expression::binary(operator, argument, exponent)
        }
        // Halves to begin with: numbers inside of terms are fitted.
        _ if operator == Operator::Pow => {
            let halves = rng.random_range(1..=2 * mutation.max_exponent as i32);
            let sign = if rng.random_bool(0.5) { 1.0 } else { -1.0 };
            let exponent = Expression::constant(sign * f64::from(halves) / 2.0);
            Expression::binary(operator, argument, exponent)
        }
        _ => Expression::binary(
            operator,
            argument,
            random_expression(habitat, rng, depth - 1),
        ),
    }
}
