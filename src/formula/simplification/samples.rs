//! Random formulas and points for the tests.

use crate::formula::Columns;
use crate::formula::{Expression, Operator};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

pub(super) const ALL: [Operator; 11] = [
    Operator::Add,
    Operator::Sub,
    Operator::Mul,
    Operator::Div,
    Operator::Sin,
    Operator::Cos,
    Operator::Exp,
    Operator::Log,
    Operator::Sqrt,
    Operator::Tanh,
    Operator::Neg,
];

pub(super) const N_FEATURES: usize = 3;

pub(super) fn generator(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// A formula with `n_leaves` variables and constants.
pub(super) fn formula(random: &mut ChaCha8Rng, n_leaves: usize) -> Expression {
    if n_leaves == 1 {
        return match random.random_range(0..5) {
            0 => Expression::constant(f64::from(random.random_range(-4..=8)) / 2.0),
            _ => Expression::variable(random.random_range(0..N_FEATURES)),
        };
    }
    if random.random_range(0..4) == 0 {
        let operator = ALL[random.random_range(4..ALL.len())];
        return Expression::unary(operator, formula(random, n_leaves));
    }
    let n_left = random.random_range(1..n_leaves);
    let operator = ALL[random.random_range(0..4)];
    let left = formula(random, n_left);
    Expression::binary(operator, left, formula(random, n_leaves - n_left))
}

pub(super) fn points(random: &mut ChaCha8Rng, low: f64, high: f64, n: usize) -> Vec<Vec<f64>> {
    let mut point = || -> Vec<f64> {
        let values = (0..N_FEATURES).map(|_| random.random_range(low..high));
        values.collect()
    };
    (0..n).map(|_| point()).collect()
}

pub(super) fn columns(points: &[Vec<f64>]) -> Columns {
    Columns::from_rows(&points.concat(), N_FEATURES)
}

/// Shorthand: `x(1)` is the first variable.
pub(super) fn x(number: usize) -> Expression {
    Expression::variable(number - 1)
}

pub(super) fn number(value: f64) -> Expression {
    Expression::constant(value)
}

pub(super) fn call(name: &str, argument: Expression) -> Expression {
    Expression::unary(Operator::named(name).unwrap(), argument)
}
