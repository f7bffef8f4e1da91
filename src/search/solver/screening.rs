//! Short sums of terms from a dictionary too large for a library: products of powers of the
//! variables with functions, functions whose inner numbers step through a grid. A term enters for
//! what it explains of what is left; the numbers inside are then fitted.

use super::combination::{Combination, Term};
use super::enumeration::Block;
use super::selection;
use crate::search::evaluation::{Columns, Evaluation};
use crate::search::formula::Expression;
use crate::search::formula::Operator;
use crate::search::objective::Objective;
use crate::search::refinement::constants;
use faer::Mat;
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
use std::f64::consts::PI;

/// Products of powers that multiply functions, and the sum of their exponents' sizes at most.
const MAX_MONOMIALS: usize = 60;
const MAX_ROOTS: usize = 20;
const MAX_POWER: u32 = 4;
/// Sums and differences of powers this short, which stand in functions and products.
const MAX_PAIRED: usize = 3;
const MAX_PAIRS: usize = 300;
/// Functions and sums among the blocks.
const MAX_FUNCTIONS: usize = 200;
/// Arguments of functions with a number inside.
const MAX_ARGUMENTS: usize = 100;
/// Half periods across the range of a variable, and of a longer argument.
const MAX_HALF_PERIODS: usize = 40;
const MAX_HALF_PERIODS_OF_LONG: usize = 8;
/// Factors in units of one over an argument's spread, and shifts beyond its end in those of its
/// range.
const FACTORS: [f64; 6] = [0.15, 0.3, 0.6, 1.2, 2.4, 4.8];
const SHIFTS: [f64; 7] = [0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0];
/// Sums of each length that are gone on with, terms that each is tried with closer, and sums
/// whose inner numbers are fitted, at first and later.
const BEAM: usize = 12;
const N_TERMS_KEPT: usize = 12;
const N_TUNED: [usize; 2] = [24, 6];
const TUNING_STEPS: usize = 20;
const MAX_OF_ONE_LENGTH: usize = 2;
/// With more features than this there are no products of powers,
const MAX_FEATURES: usize = 12;
/// and no sum of all of them to start from.
const MAX_SUMMED: usize = 6;
/// What a unit of complexity must buy, as a share of the logarithm of what is left.
const COMPLEXITY_PRICE: f64 = 0.1;
/// A term that lies this far within the sum already adds nothing but rounding error.
const DEPENDENT: f64 = 1e-9;
/// What is left is known to about this share.
const PRECISION: f64 = 1e-9;

/// A function that the powers multiply.
#[derive(Clone)]
struct Factor {
    expression: Expression,
    values: Vec<f64>,
    is_log: bool,
    /// How many of the powers, which are in the order of their length.
    n_multipliers: usize,
    /// The same for functions that differ only in the number inside.
    family: Option<usize>,
}

/// Everything that may be a term.
pub(crate) struct Dictionary {
    multipliers: Vec<(Expression, Vec<f64>)>,
    factors: Vec<Factor>,
    pairs: Vec<Evaluated>,
}

/// A sum that was met on the way.
#[derive(Clone)]
struct Sum {
    terms: Vec<Term>,
    values: Vec<Vec<f64>>,
    /// The share of the target's variance that is left.
    left: f64,
    /// Whether the last term has a number inside that is yet to be fitted.
    is_tunable: bool,
}

impl Dictionary {
    /// The terms that `blocks`, evaluated at `columns`, are made into.
    pub fn new(columns: &Columns, blocks: &[Block], operators: &[Operator]) -> Self {
        let has_division = operators.contains(&Operator::Div);
        let one = vec![1.0; columns.n_samples()];
        let mut multipliers = vec![(Expression::constant(1.0), one)];
        if columns.n_features() > MAX_FEATURES {
            return Self {
                multipliers,
                factors: Vec::new(),
                pairs: Vec::new(),
            };
        }
        let whole = powers(columns.n_features(), 3, has_division).into_iter();
        multipliers.extend(evaluated(whole.take(MAX_MONOMIALS).collect(), columns));
        if operators.contains(&Operator::Sqrt) {
            let roots = powers(columns.n_features(), 1, has_division).into_iter();
            let roots = roots.map(|power| Expression::unary(Operator::Sqrt, power));
            multipliers.extend(evaluated(roots.take(MAX_ROOTS).collect(), columns));
        }
        let mut factors = vec![Factor {
            expression: multipliers[0].0.clone(),
            values: multipliers[0].1.clone(),
            is_log: false,
            n_multipliers: multipliers.len(),
            family: None,
        }];
        let functions = blocks
            .iter()
            .filter(|block| !is_monomial(&block.expression));
        for block in functions.take(MAX_FUNCTIONS) {
            let (function, values) = (&block.expression, &block.evaluation.values);
            let mut push = |expression: Expression, values: Vec<f64>| {
                factors.push(Factor {
                    expression,
                    values,
                    is_log: false,
                    n_multipliers: multipliers.len(),
                    family: None,
                });
            };
            push(function.clone(), values.clone());
            if !matches!(
                function,
                Expression::Apply(Operator::Sqrt | Operator::Exp, _)
            ) {
                push(
                    function.clone() * function.clone(),
                    values.iter().map(|v| v * v).collect(),
                );
            }
            if has_division {
                let inverse = Expression::constant(1.0) / function.clone();
                push(inverse, values.iter().map(|v| 1.0 / v).collect());
            }
        }
        let mut arguments: Vec<(Expression, Vec<f64>)> =
            evaluated(powers(columns.n_features(), 1, has_division), columns);
        arguments.truncate(MAX_ARGUMENTS);
        let sums = factors
            .iter()
            .skip(1)
            .filter(|factor| !factor.expression.has_function());
        let sums: Vec<_> = sums
            .take(MAX_ARGUMENTS / 4)
            .map(|factor| (factor.expression.clone(), factor.values.clone()))
            .collect();
        arguments.extend(sums);
        let squares = (0..columns.n_features()).map(Expression::variable);
        arguments.extend(evaluated(squares.map(|x| x.clone() * x).collect(), columns));
        let pairs = pairs(columns, operators.contains(&Operator::Sub));
        let unary = operators.iter().filter(|operator| operator.arity() == 1);
        let unary = unary.filter(|operator| **operator != Operator::Neg);
        for (operator, pair) in unary.flat_map(|operator| pairs.iter().map(move |p| (operator, p)))
        {
            let (expression, values) = applied(*operator, pair.clone());
            factors.push(Factor {
                expression,
                values,
                is_log: false,
                n_multipliers: 1 + columns.n_features(),
                family: None,
            });
        }
        let families = arguments
            .iter()
            .flat_map(|(argument, values)| with_numbers(argument, values, operators));
        for (family, members) in families.enumerate() {
            factors.extend(members.into_iter().map(|(expression, values)| Factor {
                expression,
                values,
                is_log: false,
                n_multipliers: 1 + columns.n_features(),
                family: Some(family),
            }));
        }
        Self {
            multipliers,
            factors,
            pairs,
        }
    }

    /// The terms whose sum is the logarithm of a product: logarithms of the blocks, and what may
    /// stand in an exponential.
    pub fn with_logarithms(&self, blocks: &[Block], operators: &[Operator]) -> Self {
        let has_exponential = operators.contains(&Operator::Exp);
        let plain = self.factors.iter().filter(|_| has_exponential);
        let blocks = blocks.iter().map(|b| (&b.expression, &b.evaluation.values));
        let pairs = self.pairs.iter().map(|(pair, values)| (pair, values));
        let logs = blocks.chain(pairs).map(|(expression, values)| Factor {
            expression: expression.clone(),
            values: values.iter().map(|v| v.abs().ln()).collect(),
            is_log: true,
            n_multipliers: 1,
            family: None,
        });
        Self {
            multipliers: self.multipliers.clone(),
            factors: plain.cloned().chain(logs).collect(),
            pairs: Vec::new(),
        }
    }
}

/// Products of powers of the variables with exponents up to `highest`, shortest first, without 1.
fn powers(n_features: usize, highest: i32, has_division: bool) -> Vec<Expression> {
    let length = |all: &Vec<i32>| -> u32 { all.iter().map(|e| e.unsigned_abs()).sum() };
    let mut exponents: Vec<Vec<i32>> = vec![Vec::new()];
    let lowest = if has_division { -highest } else { 0 };
    for _ in 0..n_features {
        let longer = exponents.iter().flat_map(|start| {
            (lowest..=highest).map(move |exponent| [start.as_slice(), &[exponent]].concat())
        });
        exponents = longer.filter(|all| length(all) <= MAX_POWER).collect();
    }
    exponents.sort_by_key(|all| (length(all), all.iter().filter(|e| **e < 0).count()));
    let product = |all: &[i32], sign: i32| {
        let variables = all.iter().enumerate().flat_map(|(index, &exponent)| {
            std::iter::repeat_n(
                Expression::variable(index),
                (sign * exponent).max(0) as usize,
            )
        });
        variables.reduce(|a, b| a * b)
    };
    let quotients = exponents
        .iter()
        .filter_map(|all| match (product(all, 1), product(all, -1)) {
            (Some(above), Some(below)) => Some(above / below),
            (None, Some(below)) => Some(Expression::constant(1.0) / below),
            (above, None) => above,
        });
    quotients.collect()
}

/// Sums and differences of two short powers.
fn pairs(columns: &Columns, has_difference: bool) -> Vec<Evaluated> {
    let short = powers(columns.n_features(), 2, false).into_iter();
    let short: Vec<Expression> = std::iter::once(Expression::constant(1.0))
        .chain(short.filter(|power| power.complexity() <= MAX_PAIRED))
        .collect();
    let chosen = (0..short.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
    let both = chosen.flat_map(|(a, b)| {
        let (a, b) = (&short[a], &short[b]);
        let difference = has_difference.then(|| a.clone() - b.clone());
        std::iter::once(a.clone() + b.clone()).chain(difference)
    });
    evaluated(both.take(MAX_PAIRS).collect(), columns)
}

fn evaluated(expressions: Vec<Expression>, columns: &Columns) -> Vec<(Expression, Vec<f64>)> {
    let pairs = expressions.into_iter().map(|expression| {
        let values = expression.evaluate(columns).values;
        (expression, values)
    });
    pairs
        .filter(|(_, values)| values.len() == columns.n_samples())
        .collect()
}

fn is_monomial(expression: &Expression) -> bool {
    match expression {
        Expression::Apply(Operator::Mul | Operator::Div | Operator::Square, parts) => {
            parts.iter().all(is_monomial)
        }
        Expression::Apply(..) => false,
        _ => true,
    }
}

type Evaluated = (Expression, Vec<f64>);

/// Functions of an argument times a number, or plus one, family by family.
fn with_numbers(
    argument: &Expression,
    values: &[f64],
    operators: &[Operator],
) -> Vec<Vec<Evaluated>> {
    let (low, high) = values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| {
            (low.min(*v), high.max(*v))
        });
    let range = high - low;
    if !range.is_normal() {
        return Vec::new();
    }
    let n_half_periods = match argument {
        Expression::Variable(_) => MAX_HALF_PERIODS,
        _ => MAX_HALF_PERIODS_OF_LONG,
    };
    let scaled = |factor: f64| {
        let expression = Expression::constant(factor) * argument.clone();
        (expression, values.iter().map(|v| factor * v).collect())
    };
    let shifted = |shift: f64| {
        let inner: Vec<f64> = values.iter().map(|v| v + shift).collect();
        (argument.clone() + Expression::constant(shift), inner)
    };
    let reversed = |shift: f64| {
        let inner: Vec<f64> = values.iter().map(|v| shift - v).collect();
        (Expression::constant(shift) - argument.clone(), inner)
    };
    let reversals: &[f64] = match operators.contains(&Operator::Sub) {
        true => &SHIFTS,
        false => &[],
    };
    let spread = 3.0 / range;
    let families = operators.iter().flat_map(|&operator| {
        let inner: Vec<Vec<Evaluated>> = match operator {
            Operator::Sin | Operator::Cos => {
                let half_periods = (1..=n_half_periods).map(|n| n as f64 * PI / 2.0 / range);
                vec![half_periods.map(scaled).collect()]
            }
            Operator::Exp | Operator::Tanh | Operator::Atan => vec![
                FACTORS.iter().map(|f| scaled(f * spread)).collect(),
                FACTORS.iter().map(|f| scaled(-f * spread)).collect(),
            ],
            Operator::Log | Operator::Sqrt | Operator::Div => vec![
                SHIFTS.iter().map(|s| shifted(s * range - low)).collect(),
                reversals
                    .iter()
                    .map(|s| reversed(high + s * range))
                    .collect(),
            ],
            _ => Vec::new(),
        };
        inner.into_iter().map(move |family| {
            family
                .into_iter()
                .map(|inner| applied(operator, inner))
                .collect()
        })
    });
    families.collect()
}

fn applied(operator: Operator, (inner, values): Evaluated) -> Evaluated {
    if operator == Operator::Div {
        let inverse = Expression::constant(1.0) / inner;
        return (inverse, values.iter().map(|v| 1.0 / v).collect());
    }
    let mut outer = vec![0.0; values.len()];
    operator.values(&values, &values, &mut outer);
    (Expression::unary(operator, inner), outer)
}

/// Sums that grow under one objective, term by term.
pub(crate) struct Screening<'a> {
    dictionary: &'a Dictionary,
    objective: &'a dyn Objective,
    beam: Vec<Sum>,
    n_grown: usize,
}

impl<'a> Screening<'a> {
    /// Starts from nothing, and from a sum of all variables or of their logarithms.
    pub fn new(
        dictionary: &'a Dictionary,
        objective: &'a dyn Objective,
        start: impl Fn(Expression) -> Term,
    ) -> Self {
        let columns = objective.columns();
        let terms: Vec<Term> = (0..columns.n_features())
            .map(|index| start(Expression::variable(index)))
            .collect();
        let values = terms.iter().map(|term| {
            let of_variable = term.expression().evaluate(columns);
            term.evaluation(&of_variable).values
        });
        let all = Sum {
            values: values.collect(),
            terms,
            left: 1.0,
            is_tunable: false,
        };
        let nothing = Sum {
            terms: Vec::new(),
            values: Vec::new(),
            left: 1.0,
            is_tunable: false,
        };
        let is_finite = all.values.iter().flatten().all(|v| v.is_finite());
        let beam = match is_finite && columns.n_features() <= MAX_SUMMED {
            true => vec![nothing, all],
            false => vec![nothing],
        };
        Self {
            dictionary,
            objective,
            beam,
            n_grown: 0,
        }
    }

    /// The least share of the target's variance that a sum leaves so far.
    pub fn left(&self) -> f64 {
        self.beam.iter().fold(1.0, |least, sum| sum.left.min(least))
    }

    /// Adds a term to every sum, and returns good ones with their losses.
    pub fn grow(&mut self) -> Vec<(Combination, f64)> {
        let Some(target) = self.objective.target() else {
            return Vec::new();
        };
        let (mut grown, mut tunable): (Vec<Sum>, Vec<Sum>) =
            grow(self.dictionary, &self.beam, target, self.n_grown == 0)
                .into_iter()
                .partition(|sum| !sum.is_tunable);
        self.n_grown += 1;
        tunable.truncate(N_TUNED[self.n_grown.min(N_TUNED.len()) - 1]);
        tunable
            .par_iter_mut()
            .for_each(|sum| sum.tune(self.objective));
        grown.extend(tunable);
        grown.sort_by(|a, b| a.price().total_cmp(&b.price()));
        // The same sum, met in another order.
        grown.dedup_by(|a, b| (a.left - b.left).abs() <= 1e-9 * b.left);
        keep_some_of_each_length(&mut grown, Sum::complexity);
        grown.truncate(BEAM);
        self.beam = grown;
        let combinations = self.beam.iter();
        combinations
            .filter_map(|sum| sum.combination(self.objective))
            .collect()
    }
}

/// The sums of the beam with one more term, the most promising first.
///
/// Functions with a number inside are multiplied by variables in the first term only: it is what
/// most of the time would go to later.
fn grow(dictionary: &Dictionary, beam: &[Sum], target: &[f64], is_first: bool) -> Vec<Sum> {
    let bases: Vec<Basis> = beam.iter().map(|sum| Basis::new(sum, target)).collect();
    let n_samples = target.len();
    // Side by side: of each sum its orthonormal columns and what it leaves.
    let columns: Vec<&[f64]> = bases
        .iter()
        .flat_map(|basis| basis.columns.iter().chain([&basis.rest]).map(Vec::as_slice))
        .collect();
    let wide = Mat::from_fn(n_samples, columns.len(), |row, k| columns[k][row]);
    let scored: Vec<Vec<Vec<Scored>>> = dictionary
        .factors
        .par_iter()
        .enumerate()
        .map(|(index, factor)| {
            let n_multipliers = match is_first || factor.family.is_none() {
                true => factor.n_multipliers,
                false => 1,
            };
            let multipliers = &dictionary.multipliers[..n_multipliers];
            let terms = Mat::from_fn(n_samples, multipliers.len(), |row, k| {
                factor.values[row] * multipliers[k].1[row]
            });
            let products = terms.transpose() * &wide;
            let mut found = vec![Vec::new(); bases.len()];
            for (k, (multiplier, _)) in multipliers.iter().enumerate() {
                let column = terms.col_as_slice(k);
                let square: f64 = column.iter().map(|v| v * v).sum();
                if !(square.is_normal() && column.iter().all(|v| v.is_finite())) {
                    continue;
                }
                let complexity = length(multiplier) + length(&factor.expression);
                let mut place = 0;
                for (basis, found) in bases.iter().zip(&mut found) {
                    let within: f64 = (0..basis.columns.len())
                        .map(|j| products[(k, place + j)].powi(2))
                        .sum();
                    let along = products[(k, place + basis.columns.len())];
                    place += basis.columns.len() + 1;
                    let new = square - within;
                    if new > DEPENDENT * square {
                        let left = (1.0 - along * along / new / basis.square).max(0.0) * basis.left;
                        let price = (left + PRECISION).ln() + COMPLEXITY_PRICE * complexity as f64;
                        found.push(Scored {
                            price,
                            left,
                            complexity,
                            place: (index, k),
                            family: factor.family.map(|family| (family, k)),
                        });
                    }
                }
            }
            found.iter_mut().for_each(keep_best);
            found
        })
        .collect();
    let mut grown: Vec<Sum> = Vec::new();
    for (place, sum) in beam.iter().enumerate() {
        let mut best: Vec<_> = scored
            .iter()
            .flat_map(|of| of[place].iter().copied())
            .collect();
        keep_best(&mut best);
        for scored in best {
            let (term, values) = dictionary.term(scored.place);
            let mut longer = sum.clone();
            longer.terms.push(term);
            longer.values.push(values);
            longer.left = scored.left;
            longer.is_tunable = scored.family.is_some();
            grown.push(longer);
        }
    }
    grown.sort_by(|a, b| a.price().total_cmp(&b.price()));
    grown
}

/// The complexity of a factor, which is none for the number 1.
fn length(factor: &Expression) -> usize {
    match factor {
        Expression::Constant(_) => 0,
        _ => factor.complexity(),
    }
}

/// The best of every complexity, and of every family one.
fn keep_best(found: &mut Vec<Scored>) {
    found.sort_by(|a, b| a.price.total_cmp(&b.price).then(a.place.cmp(&b.place)));
    found.dedup_by(|a, b| (a.left - b.left).abs() <= 1e-9 * b.left);
    let (mut fixed, mut tunable): (Vec<Scored>, Vec<Scored>) =
        found.iter().partition(|scored| scored.family.is_none());
    keep_some_of_each_length(&mut fixed, |scored| scored.complexity);
    let mut families = HashSet::new();
    tunable.retain(|scored| families.insert(scored.family));
    fixed.truncate(N_TERMS_KEPT);
    tunable.truncate(N_TUNED[0]);
    fixed.extend(tunable);
    *found = fixed;
}

fn keep_some_of_each_length<T>(sorted: &mut Vec<T>, length: impl Fn(&T) -> usize) {
    let mut n_of_length = HashMap::new();
    sorted.retain(|item| {
        let n = n_of_length.entry(length(item)).or_insert(0);
        *n += 1;
        *n <= MAX_OF_ONE_LENGTH
    });
}

/// A term that was tried beside a sum.
#[derive(Clone, Copy)]
struct Scored {
    price: f64,
    left: f64,
    complexity: usize,
    /// Of the factor and its multiplier.
    place: (usize, usize),
    /// The same for terms that differ only in the number inside.
    family: Option<(usize, usize)>,
}

impl Dictionary {
    fn term(&self, (factor, multiplier): (usize, usize)) -> (Term, Vec<f64>) {
        let factor = &self.factors[factor];
        let (power, of_power) = &self.multipliers[multiplier];
        let values = factor
            .values
            .iter()
            .zip(of_power)
            .map(|(a, b)| a * b)
            .collect();
        let expression = match (power, &factor.expression) {
            (Expression::Constant(_), expression) => expression.clone(),
            (power, Expression::Constant(_)) => power.clone(),
            (power, Expression::Apply(Operator::Div, parts))
                if matches!(parts[0], Expression::Constant(_)) =>
            {
                power.clone() / parts[1].clone()
            }
            (power, expression) => power.clone() * expression.clone(),
        };
        match factor.is_log {
            true => (Term::Log(expression), values),
            false => (Term::Plain(expression), values),
        }
    }
}

/// What a sum spans, and what it leaves of the target.
struct Basis {
    columns: Vec<Vec<f64>>,
    rest: Vec<f64>,
    square: f64,
    left: f64,
}

impl Basis {
    fn new(sum: &Sum, target: &[f64]) -> Self {
        let one = vec![1.0; target.len()];
        let mut columns: Vec<Vec<f64>> = Vec::new();
        for values in std::iter::once(&one).chain(&sum.values) {
            let mut column = without(values, &columns);
            let norm = column.iter().map(|v| v * v).sum::<f64>().sqrt();
            if norm > 0.0 {
                column.iter_mut().for_each(|v| *v /= norm);
                columns.push(column);
            }
        }
        let rest = without(target, &columns);
        Self {
            square: rest.iter().map(|v| v * v).sum(),
            columns,
            rest,
            left: sum.left,
        }
    }
}

/// The part of a column that is orthogonal to others, twice for the sake of rounding.
fn without(values: &[f64], columns: &[Vec<f64>]) -> Vec<f64> {
    let mut rest = values.to_vec();
    for _ in 0..2 {
        for column in columns {
            let along: f64 = column.iter().zip(&rest).map(|(a, b)| a * b).sum();
            rest.iter_mut()
                .zip(column)
                .for_each(|(r, c)| *r -= along * c);
        }
    }
    rest
}

impl Sum {
    fn complexity(&self) -> usize {
        self.terms
            .iter()
            .map(|term| term.expression().complexity())
            .sum()
    }

    fn combination(&self, objective: &dyn Objective) -> Option<(Combination, f64)> {
        let evaluations: Vec<Evaluation> = self
            .values
            .iter()
            .map(|values| Evaluation {
                values: values.clone(),
                gradient: Vec::new(),
            })
            .collect();
        let all: Vec<usize> = (0..self.terms.len()).collect();
        let fits = objective.terms(&evaluations.iter().collect::<Vec<_>>())?;
        let (kept, fit) = selection::fit(fits.as_ref(), all)?;
        let combination = Combination {
            coefficients: fit.coefficients,
            terms: kept.iter().map(|&term| self.terms[term].clone()).collect(),
            offset: fit.offset,
            is_scale_free: objective.is_scale_free(),
        };
        Some((combination, fit.loss))
    }

    fn price(&self) -> f64 {
        (self.left + PRECISION).ln() + COMPLEXITY_PRICE * self.complexity() as f64
    }

    /// Fits the numbers inside the terms.
    fn tune(&mut self, objective: &dyn Objective) {
        if self.terms.iter().any(|term| matches!(term, Term::Log(_))) {
            return;
        }
        let sum = self
            .combination(objective)
            .and_then(|(combination, _)| combination.to_expressions(&[]).pop());
        let fitted = sum.and_then(|sum| constants::fitted(&sum, objective, TUNING_STEPS));
        let Some((expression, loss)) = fitted else {
            return;
        };
        let terms = Combination::of_sum(&expression).terms;
        let values: Vec<Vec<f64>> = terms
            .iter()
            .map(|term| term.expression().evaluate(objective.columns()).values)
            .collect();
        if terms.len() == self.terms.len() && loss < self.left {
            (self.terms, self.values, self.left) = (terms, values, loss);
        }
    }
}
