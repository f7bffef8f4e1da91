//! Evolution of sums: it looks for terms, the numbers before them are solved for.

use super::expression::Expression;
use super::loss::Target;
use super::operator::Operator;
use super::sum::Sum;
use rand::{Rng, RngExt, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;

const POPULATION: usize = 80;
const TOURNAMENT: usize = 4;
const MAX_TERM_NODES: usize = 15;
const MAX_RENEWALS: usize = 3;
/// Weaker than the price by which the front's best is chosen, so that long ways round stay open.
const COMPLEXITY_PRICE: f64 = 0.05;

/// What islands share: operators and limits.
pub(crate) struct Rules<'a> {
    pub target: &'a Target,
    pub operators: &'a [Operator],
    pub max_complexity: usize,
}

#[derive(Clone)]
struct Individual {
    sum: Sum,
    complexity: usize,
    loss: f64,
}

impl Individual {
    fn price(&self) -> f64 {
        self.loss.max(1e-13).ln() + COMPLEXITY_PRICE * self.complexity as f64
    }
}

/// A population with a random generator of its own.
pub(crate) struct Island {
    rng: ChaCha8Rng,
    population: Vec<Individual>,
    best: BTreeMap<usize, Individual>,
    n_evaluations: u64,
}

impl Island {
    /// An island that starts from given sums and random ones.
    pub fn new(guesses: &[Sum], rules: &Rules, seed: u64, index: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(index);
        let mut island = Self {
            rng,
            population: Vec::new(),
            best: BTreeMap::new(),
            n_evaluations: 0,
        };
        for guess in guesses {
            let individual = island.express(guess.terms.clone(), rules);
            island.population.extend(individual);
        }
        // A random sum can fail (a pole, a logarithm below zero); bounded tries, never a hang.
        for _ in 0..20 * POPULATION {
            if island.population.len() >= POPULATION {
                break;
            }
            let terms = (0..island.rng.random_range(1..=3))
                .map(|_| random_term(rules, &mut island.rng, 3))
                .collect();
            let individual = island.express(terms, rules);
            island.population.extend(individual);
        }
        island
    }

    /// Breeds one generation: as many children as there are individuals.
    pub fn advance(&mut self, rules: &Rules) {
        if self.population.is_empty() {
            return;
        }
        for _ in 0..POPULATION {
            let parent = self.tournament().sum.terms.clone();
            let other = self.tournament().sum.terms.clone();
            let terms = mutate(parent, &other, rules, &mut self.rng);
            if let Some(child) = self.express(terms, rules) {
                let place = self.loser();
                self.population[place] = child;
            }
        }
    }

    /// The best sum found for every complexity.
    pub fn best(&self) -> impl Iterator<Item = (&Sum, f64)> {
        self.best
            .values()
            .map(|individual| (&individual.sum, individual.loss))
    }

    pub fn n_evaluations(&self) -> u64 {
        self.n_evaluations
    }

    /// Puts sums from elsewhere in the place of losers.
    pub fn welcome(&mut self, guests: &[Sum], rules: &Rules) {
        for guest in guests {
            if let Some(individual) = self.express(guest.terms.clone(), rules)
                && !self.population.is_empty()
            {
                let place = self.loser();
                self.population[place] = individual;
            }
        }
    }

    fn express(&mut self, terms: Vec<Expression>, rules: &Rules) -> Option<Individual> {
        let terms = distinct(terms);
        if terms.is_empty() {
            return None;
        }
        let shape = Sum {
            coefficients: vec![1.0; terms.len()],
            terms,
        };
        if shape.least_complexity() > rules.max_complexity {
            return None;
        }
        self.n_evaluations += 1;
        let (sum, loss) = Sum::fit(shape.terms, rules.target, MAX_RENEWALS)?;
        let complexity = sum.least_complexity();
        let individual = Individual {
            sum,
            complexity,
            loss,
        };
        let record = self
            .best
            .get(&complexity)
            .is_none_or(|best| loss < best.loss);
        if record {
            self.best.insert(complexity, individual.clone());
        }
        Some(individual)
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
            (place, self.population[place].price())
        })
    }
}

/// Drops terms without variables and repetitions: neither changes the directions a sum can reach.
fn distinct(terms: Vec<Expression>) -> Vec<Expression> {
    let mut kept: Vec<Expression> = Vec::new();
    for term in terms {
        if term.n_variables() > 0 && term.n_nodes() <= MAX_TERM_NODES && !kept.contains(&term) {
            kept.push(term);
        }
    }
    kept
}

fn mutate(
    mut terms: Vec<Expression>,
    other: &[Expression],
    rules: &Rules,
    rng: &mut impl Rng,
) -> Vec<Expression> {
    let place = rng.random_range(0..terms.len());
    match rng.random_range(0..9) {
        0 => terms.push(random_term(rules, rng, 3)),
        1 if terms.len() > 1 => {
            terms.remove(place);
        }
        2 => terms[place] = random_term(rules, rng, 3),
        3 => terms.extend(other.choose(rng).cloned()),
        4 => {
            terms[place] =
                times_or_over(terms[place].clone(), random_term(rules, rng, 1), rules, rng)
        }
        5 => {
            if let Some(partner) = other.choose(rng) {
                terms[place] = times_or_over(terms[place].clone(), partner.clone(), rules, rng);
            }
        }
        6 => {
            if let Some(operator) = random_unary(rules, rng) {
                terms[place] = Expression::unary(operator, terms[place].clone());
            }
        }
        7 if terms[place].n_constants() > 0 => {
            let mut constants = terms[place].constants_mut();
            let index = rng.random_range(0..constants.len());
            let factor: f64 = rng.random_range(-1.0_f64..1.0).exp2();
            *constants[index] *= if rng.random_bool(0.1) {
                -factor
            } else {
                factor
            };
        }
        _ => {
            let node = rng.random_range(0..terms[place].n_nodes());
            if let Some(node) = terms[place].node_mut(node) {
                *node = random_term(rules, rng, 2);
            }
        }
    }
    terms
}

fn times_or_over(
    left: Expression,
    right: Expression,
    rules: &Rules,
    rng: &mut impl Rng,
) -> Expression {
    if rules.operators.contains(&Operator::Div) && rng.random_bool(0.5) {
        left / right
    } else {
        left * right
    }
}

fn random_unary(rules: &Rules, rng: &mut impl Rng) -> Option<Operator> {
    let unary: Vec<Operator> = rules
        .operators
        .iter()
        .copied()
        .filter(|operator| operator.arity() == 1)
        .collect();
    unary.choose(rng).copied()
}

fn random_term(rules: &Rules, rng: &mut impl Rng, depth: usize) -> Expression {
    if depth == 0 || rng.random_bool(0.3) {
        return match rng.random_bool(0.85) {
            true => Expression::variable(rng.random_range(0..rules.target.n_features())),
            false => Expression::constant(rng.random_range(-3.0..3.0)),
        };
    }
    let operator = rules
        .operators
        .choose(rng)
        .copied()
        .unwrap_or(Operator::Add);
    let argument = random_term(rules, rng, depth - 1);
    match operator.arity() {
        1 => Expression::unary(operator, argument),
        _ => Expression::binary(operator, argument, random_term(rules, rng, depth - 1)),
    }
}
