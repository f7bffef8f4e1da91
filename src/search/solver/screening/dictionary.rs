//! Everything that may be a term of a screened sum.

use crate::formula::Columns;
use crate::formula::{Dimension, Expression, Operator};
use crate::numerics;
use crate::search::combination::Term;
use crate::search::solver::Rules;
use crate::search::solver::enumeration::Block;
use std::f64::consts::PI;

/// A function that the powers multiply.
#[derive(Clone)]
pub(super) struct Factor {
    pub expression: Expression,
    pub values: Vec<f64>,
    pub is_log: bool,
    /// How many of the multipliers: variables and products of two come first, then other powers in
    /// the order of their length.
    pub n_multipliers: usize,
    /// The same for functions that differ only in the number inside.
    pub family: Option<usize>,
}

/// Everything that may be a term.
pub(crate) struct Dictionary {
    pub(super) multipliers: Vec<(Expression, Vec<f64>)>,
    pub(super) factors: Vec<Factor>,
    /// The dimensions of both, where units are known.
    of_multipliers: Vec<Dimension>,
    of_factors: Vec<Dimension>,
    pairs: Vec<Evaluated>,
}

impl Dictionary {
    /// The terms that `blocks`, evaluated at `columns`, are made into, but for those whose units
    /// don't agree.
    pub fn new(columns: &Columns, blocks: &[Block], rules: &Rules) -> Self {
        let (operators, limits) = (rules.operators, &rules.effort.dictionary);
        let has_division = operators.contains(&Operator::Div);
        let one = vec![1.0; columns.n_samples()];
        let mut multipliers = vec![(Expression::constant(1.0), one)];
        if columns.n_features() > limits.max_features {
            return Self::of(multipliers, Vec::new(), Vec::new(), rules);
        }
        let whole = powers(columns.n_features(), limits.max_exponent, rules).into_iter();
        let (products, others): (Vec<Expression>, Vec<Expression>) =
            whole.take(limits.max_powers).partition(is_short_product);
        multipliers.extend(evaluated(products, columns));
        let n_products = multipliers.len();
        multipliers.extend(evaluated(others, columns));
        if operators.contains(&Operator::Sqrt) {
            let roots = powers(columns.n_features(), 1, rules).into_iter();
            let roots = roots.map(|power| Expression::unary(Operator::Sqrt, power));
            multipliers.extend(evaluated(roots.take(limits.max_roots).collect(), columns));
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
        for block in functions.take(limits.max_functions) {
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
            evaluated(powers(columns.n_features(), 1, rules), columns);
        arguments.truncate(limits.max_arguments);
        let sums = factors
            .iter()
            .skip(1)
            .filter(|factor| !factor.expression.has_function());
        let sums: Vec<_> = sums
            .take(limits.max_sums)
            .map(|factor| (factor.expression.clone(), factor.values.clone()))
            .collect();
        arguments.extend(sums);
        let squares = (0..columns.n_features()).map(Expression::variable);
        arguments.extend(evaluated(squares.map(|x| x.clone() * x).collect(), columns));
        let pairs = pairs(columns, rules);
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
            .flat_map(|(argument, values)| with_numbers(argument, values, rules));
        for (family, members) in families.enumerate() {
            factors.extend(members.into_iter().map(|(expression, values)| Factor {
                expression,
                values,
                is_log: false,
                n_multipliers: n_products,
                family: Some(family),
            }));
        }
        Self::of(multipliers, factors, pairs, rules)
    }

    fn of(
        multipliers: Vec<Evaluated>,
        mut factors: Vec<Factor>,
        mut pairs: Vec<Evaluated>,
        rules: &Rules,
    ) -> Self {
        let (mut of_multipliers, mut of_factors) = (Vec::new(), Vec::new());
        if rules.dimensions.is_some() {
            let known = |expression: &Expression| rules.dimension_of(expression);
            factors.retain(|factor| known(&factor.expression).is_some());
            pairs.retain(|(pair, _)| known(pair).is_some());
            of_factors.extend(factors.iter().filter_map(|f| known(&f.expression)));
            let powers = multipliers.iter().map(|(power, _)| known(power));
            of_multipliers.extend(powers.map(|power| power.unwrap_or(Dimension::Free)));
        }
        Self {
            multipliers,
            factors,
            of_multipliers,
            of_factors,
            pairs,
        }
    }

    /// The dimension of a term, any where units are not known.
    pub(super) fn dimension(&self, (factor, multiplier): (usize, usize)) -> Dimension {
        let both = (
            self.of_factors.get(factor),
            self.of_multipliers.get(multiplier),
        );
        let product = match both {
            (Some(factor), Some(power)) => Dimension::applied(Operator::Mul, &[factor, power]),
            _ => None,
        };
        product.unwrap_or(Dimension::Free)
    }

    /// Adds functions whose numbers are fitted already; those whose units don't agree are left out.
    pub fn add(&mut self, functions: Vec<Expression>, columns: &Columns, rules: &Rules) {
        for (expression, values) in evaluated(functions, columns) {
            let Some(dimension) = rules.dimension_of(&expression) else {
                continue;
            };
            if rules.dimensions.is_some() {
                self.of_factors.push(dimension);
            }
            self.factors.push(Factor {
                expression,
                values,
                is_log: false,
                n_multipliers: self.multipliers.len(),
                family: None,
            });
        }
    }

    /// The terms whose sum is the logarithm of a product: logarithms of the blocks, and what may
    /// stand in an exponential.
    pub fn with_logarithms(&self, blocks: &[Block], rules: &Rules) -> Self {
        let has_exponential = rules.operators.contains(&Operator::Exp);
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
        let n_families = 1 + self
            .factors
            .iter()
            .filter_map(|f| f.family)
            .max()
            .unwrap_or(0);
        let sums = self.factors.iter().filter_map(|factor| {
            let (family, sum) = (factor.family?, inverted(&factor.expression)?);
            Some(Factor {
                expression: sum.clone(),
                values: factor.values.iter().map(|v| -v.abs().ln()).collect(),
                is_log: true,
                n_multipliers: 1,
                family: Some(n_families + family),
            })
        });
        let factors = plain.cloned().chain(logs).chain(sums).collect();
        Self::of(self.multipliers.clone(), factors, Vec::new(), rules)
    }
}

/// Whether it is a variable or a product of two different ones.
fn is_short_product(power: &Expression) -> bool {
    match power {
        Expression::Variable(_) => true,
        Expression::Apply(Operator::Mul, parts) => matches!(
            (&parts[0], &parts[1]),
            (Expression::Variable(a), Expression::Variable(b)) if a != b
        ),
        _ => false,
    }
}

/// What a formula is one over.
fn inverted(expression: &Expression) -> Option<&Expression> {
    match expression {
        Expression::Apply(Operator::Div, parts) if matches!(parts[0], Expression::Constant(_)) => {
            Some(&parts[1])
        }
        _ => None,
    }
}

/// Products of powers of the variables with exponents up to `highest`, shortest first, without 1.
pub(crate) fn powers(n_features: usize, highest: usize, rules: &Rules) -> Vec<Expression> {
    let has_division = rules.operators.contains(&Operator::Div);
    products_of_powers(n_features, highest as i32, has_division, rules)
}

fn products_of_powers(
    n_features: usize,
    highest: i32,
    has_division: bool,
    rules: &Rules,
) -> Vec<Expression> {
    let max_degree = rules.effort.dictionary.max_degree as u32;
    let length = |all: &Vec<i32>| -> u32 { all.iter().map(|e| e.unsigned_abs()).sum() };
    let mut exponents: Vec<Vec<i32>> = vec![Vec::new()];
    let lowest = if has_division { -highest } else { 0 };
    for _ in 0..n_features {
        let longer = exponents.iter().flat_map(|start| {
            (lowest..=highest).map(move |exponent| [start.as_slice(), &[exponent]].concat())
        });
        exponents = longer.filter(|all| length(all) <= max_degree).collect();
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
fn pairs(columns: &Columns, rules: &Rules) -> Vec<Evaluated> {
    let limits = &rules.effort.dictionary;
    let has_difference = rules.operators.contains(&Operator::Sub);
    let short = products_of_powers(columns.n_features(), 2, false, rules).into_iter();
    let short: Vec<Expression> = std::iter::once(Expression::constant(1.0))
        .chain(short.filter(|power| power.complexity() <= limits.max_paired))
        .collect();
    let chosen = (0..short.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
    let both = chosen.flat_map(|(a, b)| {
        let (a, b) = (&short[a], &short[b]);
        let difference = has_difference.then(|| a.clone() - b.clone());
        std::iter::once(a.clone() + b.clone()).chain(difference)
    });
    evaluated(both.take(limits.max_pairs).collect(), columns)
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

pub(crate) type Evaluated = (Expression, Vec<f64>);

/// Functions of an argument times a number, or plus one, family by family.
pub(crate) fn with_numbers(
    argument: &Expression,
    values: &[f64],
    rules: &Rules,
) -> Vec<Vec<Evaluated>> {
    let (operators, limits) = (rules.operators, &rules.effort.dictionary);
    let (low, high) = numerics::range(values);
    let range = high - low;
    if !range.is_normal() {
        return Vec::new();
    }
    let n_half_periods = match argument {
        Expression::Variable(_) => limits.max_half_periods,
        _ => limits.max_half_periods_of_long,
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
    let reversals: &[f64] = if operators.contains(&Operator::Sub) {
        &limits.shifts
    } else {
        &[]
    };
    let spread = 3.0 / range;
    // To these a number that is added to the argument adds nothing: it is a factor, or there already.
    let is_shifted = is_shifted(argument);
    let gains_nothing = |operator: &Operator| {
        use Operator::{Div, Exp, Log, Sqrt};
        is_shifted && matches!(operator, Exp | Log | Sqrt | Div)
    };
    let searched = operators.iter().filter(|operator| !gains_nothing(operator));
    let families = searched.flat_map(|&operator| {
        let inner: Vec<Vec<Evaluated>> = match operator {
            Operator::Sin | Operator::Cos => {
                let half_periods = (1..=n_half_periods).map(|n| n as f64 * PI / 2.0 / range);
                vec![half_periods.map(scaled).collect()]
            }
            Operator::Exp | Operator::Tanh | Operator::Atan => vec![
                limits.factors.iter().map(|f| scaled(f * spread)).collect(),
                limits.factors.iter().map(|f| scaled(-f * spread)).collect(),
            ],
            Operator::Log | Operator::Sqrt | Operator::Div => vec![
                limits
                    .shifts
                    .iter()
                    .map(|s| shifted(s * range - low))
                    .collect(),
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
    let hinges = [Operator::Max, Operator::Min]
        .into_iter()
        .filter(|operator| {
            matches!(argument, Expression::Variable(_)) && operators.contains(operator)
        });
    let hinges = hinges.map(|operator| {
        let knots = limits.knots.iter().map(|share| low + share * range);
        knots
            .map(|knot| hinge(operator, argument, values, knot))
            .collect()
    });
    families
        .chain(hinges)
        .chain(real_powers(argument, values, rules))
        .collect()
}

/// Real powers of a positive argument, those above 0 and those below. A square has none that its
/// root hasn't.
fn real_powers(argument: &Expression, values: &[f64], rules: &Rules) -> Vec<Vec<Evaluated>> {
    let is_square = match argument {
        Expression::Apply(Operator::Mul, parts) => parts[0] == parts[1],
        _ => false,
    };
    let (low, _) = numerics::range(values);
    if is_square || low <= 0.0 || !rules.operators.contains(&Operator::Pow) {
        return Vec::new();
    }
    let exponents = &rules.effort.dictionary.exponents;
    let family = |sign: f64| {
        let powers = exponents.iter().map(|exponent| {
            let exponent = sign * exponent;
            let number = Expression::constant(exponent);
            let power = Expression::binary(Operator::Pow, argument.clone(), number);
            (power, values.iter().map(|v| v.powf(exponent)).collect())
        });
        powers.collect()
    };
    [1.0, -1.0].map(family).to_vec()
}

/// Whether a formula is another one plus a number.
fn is_shifted(formula: &Expression) -> bool {
    match formula {
        Expression::Apply(Operator::Add | Operator::Sub, parts) => parts
            .iter()
            .any(|part| matches!(part, Expression::Constant(_))),
        _ => false,
    }
}

/// The larger or smaller one of a variable and a number.
fn hinge(operator: Operator, variable: &Expression, values: &[f64], knot: f64) -> Evaluated {
    let mut hinged = vec![0.0; values.len()];
    operator.values(values, &vec![knot; values.len()], &mut hinged);
    let expression = Expression::binary(operator, variable.clone(), Expression::constant(knot));
    (expression, hinged)
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

impl Dictionary {
    pub(super) fn term(&self, (factor, multiplier): (usize, usize)) -> (Term, Vec<f64>) {
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
            (power, expression) => match inverted(expression) {
                Some(divisor) => power.clone() / divisor.clone(),
                None => power.clone() * expression.clone(),
            },
        };
        if factor.is_log {
            (Term::Log(expression), values)
        } else {
            (Term::Plain(expression), values)
        }
    }
}
