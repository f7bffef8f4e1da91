//! What the tests share: random expressions, true gradients, small networks, sympy.

// Every test file compiles this module for itself and uses only a part of it.
#![allow(dead_code)]

use closedform::{Dataset, Directions, Experiment, Expression, Operator, Points};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::fmt::Display;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// Every message is one line that holds all the given words.
pub fn assert_refused<T, E: Display>(result: Result<T, E>, words: &[&str]) {
    let Err(error) = result else {
        panic!("accepted, though {words:?} should be refused");
    };
    let message = error.to_string();
    for word in words {
        assert!(message.contains(word), "\"{message}\" lacks \"{word}\"");
    }
    assert!(!message.contains('\n'), "{message}");
}

/// All operators, so that a new one is tested as soon as it stands in the table.
pub const OPERATORS: &[Operator] = Operator::ALL;

/// Operators as a user defines them: one of one argument, one of two.
pub fn custom_operators() -> [Operator; 2] {
    static CUSTOM: LazyLock<[Operator; 2]> = LazyLock::new(|| {
        let soft = Operator::unary(
            "softplus",
            |a| a.exp().ln_1p(),
            |a| 1.0 / (1.0 + (-a).exp()),
        );
        let hill = Operator::binary(
            "hill",
            |a, b| a * (-b * b).exp(),
            |a, b| ((-b * b).exp(), -2.0 * a * b * (-b * b).exp()),
        );
        [soft.unwrap(), hill.unwrap()]
    });
    *CUSTOM
}

/// How many variables the random expressions have.
pub const N_VARIABLES: usize = 3;

/// The configuration of every property: the same cases on every run, nothing written to disk.
pub fn cases(n: u32) -> ProptestConfig {
    ProptestConfig {
        cases: n,
        max_global_rejects: 100 * n,
        rng_seed: RngSeed::Fixed(0),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Random expressions in three variables, with every operator that the library brings.
pub fn expressions() -> impl Strategy<Value = Expression> {
    expressions_of(OPERATORS.to_vec())
}

/// The same with [`custom_operators`] among them, which no text can be read back with.
pub fn expressions_with_custom_operators() -> impl Strategy<Value = Expression> {
    expressions_of([OPERATORS, &custom_operators()].concat())
}

fn expressions_of(operators: Vec<Operator>) -> impl Strategy<Value = Expression> {
    let number = prop_oneof![
        (-4_i32..=4).prop_map(f64::from),
        -3.0..3.0_f64,
        Just(1e-3),
        Just(2.5),
    ];
    let leaf = prop_oneof![
        3 => (0..N_VARIABLES).prop_map(Expression::variable),
        1 => number.prop_map(Expression::constant),
    ];
    leaf.prop_recursive(5, 24, 2, move |inner| {
        let operator = prop::sample::select(operators.clone());
        let exponent = (-3_i32..=4).prop_map(f64::from);
        (operator, inner.clone(), inner, exponent).prop_map(
            |(operator, first, second, exponent)| match (operator, operator.arity()) {
                (Operator::Powi, _) => {
                    Expression::apply(operator, vec![first, Expression::constant(exponent)])
                        .unwrap()
                }
                (Operator::Pow, _) => {
                    Expression::apply(operator, vec![first, Expression::constant(0.75 * exponent)])
                        .unwrap()
                }
                (_, 1) => Expression::apply(operator, vec![first]).unwrap(),
                _ => Expression::apply(operator, vec![first, second]).unwrap(),
            },
        )
    })
}

/// A point of as many coordinates as the random expressions have variables.
pub fn points() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(-2.0..2.0_f64, N_VARIABLES)
}

/// Whether no part of the formula is large there, or near a pole, a kink or an edge of its domain.
pub fn is_tame(expression: &Expression, point: &[f64]) -> bool {
    let Expression::Apply(operator, arguments) = expression else {
        return true;
    };
    let value = |index: usize| arguments[index].value(point);
    let in_domain = match operator {
        Operator::Div => value(1).abs() > 0.2,
        Operator::Inv => value(0).abs() > 0.2,
        Operator::Powi => value(1) >= 0.0 || value(0).abs() > 0.2,
        Operator::Log | Operator::Sqrt | Operator::Pow => value(0) > 0.2,
        Operator::Asin | Operator::Acos => value(0).abs() < 0.9,
        Operator::Tan => value(0).cos().abs() > 0.2,
        Operator::Abs => value(0).abs() > 0.05,
        Operator::Max | Operator::Min => (value(0) - value(1)).abs() > 0.05,
        _ => true,
    };
    in_domain
        && expression.value(point).abs() < 100.0
        && arguments.iter().all(|argument| is_tame(argument, point))
}

/// The value with a bound of its rounding error: every operation adds a few units in the last
/// place to what the errors of its arguments become.
pub fn value_and_error(expression: &Expression, point: &[f64]) -> (f64, f64) {
    const ROUNDING: f64 = 4e-15;
    let Expression::Apply(operator, arguments) = expression else {
        return (expression.value(point), 0.0);
    };
    let found: Vec<(f64, f64)> = arguments
        .iter()
        .map(|argument| value_and_error(argument, point))
        .collect();
    let at = |signs: [f64; 2]| {
        let moved = found.iter().zip(signs).map(|((v, error), s)| v + s * error);
        Expression::apply(*operator, moved.map(Expression::constant).collect())
            .unwrap()
            .value(&[])
    };
    let value = at([0.0, 0.0]);
    let corners = [[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]];
    let spread = corners.map(|signs| (at(signs) - value).abs());
    let own = ROUNDING * (value.abs() + 1e-3);
    (value, 2.0 * spread.into_iter().fold(0.0, f64::max) + own)
}

/// The derivative of `function` along axis `index` by a central difference.
pub fn central_difference(
    function: impl Fn(&[f64]) -> f64,
    point: &[f64],
    index: usize,
    step: f64,
) -> f64 {
    let moved = |by: f64| {
        let mut point = point.to_vec();
        point[index] += by;
        function(&point)
    };
    (moved(step) - moved(-step)) / (2.0 * step)
}

/// Names `x1`, `x2`, ...
pub fn names(n: usize) -> Vec<String> {
    (1..=n).map(|number| format!("x{number}")).collect()
}

/// The gradient of an experiment's concept, written down by hand; those of 7 and 8 are of the
/// combined concepts `x1 x2 + x3 x4` and `x1 x2 + x3 + sin(x2 x3)`.
pub fn true_gradient(experiment: Experiment, x: &[f64]) -> Vec<f64> {
    match experiment {
        Experiment::One => vec![2.0 * x[0], 4.0 * x[1]],
        Experiment::Two => vec![2.0 * x[0] + 3.0 * x[1], 3.0 * x[0] + 4.0 * x[1]],
        Experiment::Three => {
            let slope = (x[1] + x[2]).cos();
            vec![2.0 * x[0], slope, slope]
        }
        Experiment::Four => {
            let slope = (x[0] - x[1]).exp();
            vec![slope, -slope, -std::f64::consts::PI]
        }
        Experiment::Five => {
            let bell = (-(x[1] * x[1] + x[2] * x[2]) / 2.0).exp();
            vec![bell, -x[0] * x[1] * bell, -x[0] * x[2] * bell]
        }
        Experiment::Six => {
            let (a, b) = (x[2] - x[3], x[4] - x[5]);
            let below = a * a + b * b;
            let slope = -2.0 * x[0] * x[1] / (below * below);
            let (first, second) = (slope * a, slope * b);
            let product = [x[1] / below, x[0] / below];
            vec![product[0], product[1], first, -first, second, -second]
        }
        Experiment::Seven => vec![x[1], x[0], x[3], x[2]],
        Experiment::Eight => {
            let slope = (x[1] * x[2]).cos();
            vec![x[1], x[0] + x[2] * slope, 1.0 + x[1] * slope]
        }
    }
}

/// The true directions at `n` random points of an experiment's whole box.
pub fn true_directions(experiment: Experiment, n: usize, seed: u64) -> Directions {
    let sides = experiment.sides();
    let points = Dataset::from_function(&sides, n, seed, |_| 0.0).unwrap();
    let rows = points.points().chunks_exact(sides.len());
    let gradients = rows.flat_map(|x| true_gradient(experiment, x)).collect();
    Directions::from_gradients(points.points().clone(), gradients).unwrap()
}

/// Directions in `x1`, `x2`, ... `(n_features,)`.
pub fn directions_in(
    n_features: usize,
    points: impl Into<Vec<f64>>,
    gradients: Vec<f64>,
) -> closedform::Result<Directions> {
    Directions::from_gradients(Points::new(names(n_features), points)?, gradients)
}

/// The exact directions of a formula in `x1`, `x2`, ... at random points of a box.
pub fn directions_of(formula: &str, sides: &[(f64, f64)], n: usize, seed: u64) -> Directions {
    let formula = Expression::parse(formula, &[]).unwrap();
    let points = Dataset::from_function(sides, n, seed, |_| 0.0).unwrap();
    let rows = points.points().chunks_exact(sides.len());
    let gradients = rows.flat_map(|x| {
        let mut gradient = formula.value_and_gradient(x).1;
        gradient.resize(sides.len(), 0.0);
        gradient
    });
    let gradients = gradients.collect();
    Directions::from_gradients(points.points().clone(), gradients).unwrap()
}

/// Runs a Python program on the interpreter that `make setup` installs, with `input` on its
/// standard input, and returns what it prints.
pub fn python(program: &str, input: &str) -> String {
    let interpreter = format!("{}/.venv/bin/python", crate::ROOT);
    let mut child = Command::new(&interpreter)
        .args(["-c", program])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{interpreter}: {error}; run make setup"));
    let mut pipe = child.stdin.take().unwrap();
    let input = input.to_string();
    // From a thread of its own: a program that stops reading early then fails with its own words.
    let writer = std::thread::spawn(move || pipe.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join().unwrap();
    assert!(
        output.status.success(),
        "python failed (if a module is missing, run make setup):\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}
