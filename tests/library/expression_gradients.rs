//! Formulas: their gradients against finite differences, their text against sympy.

use crate::support;

use closedform::formula::{Columns, Evaluator, Tape};
use closedform::{Expression, Operator};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use support::{
    N_VARIABLES, OPERATORS, cases, central_difference, custom_operators, expressions,
    expressions_with_custom_operators, is_tame, points, value_and_error,
};

/// The step of the finite differences; their error is of the order of its square.
const STEP: f64 = 1e-5;
/// How far, relative to `1 + |derivative|`, a derivative may lie from the finite difference.
const TOLERANCE: f64 = 1e-5;
/// How far, relative to `1 + |value|`, sympy's value may lie from ours: rounding error only.
const SYMPY_TOLERANCE: f64 = 1e-9;

fn x(number: usize) -> Expression {
    Expression::variable(number - 1)
}

fn c(value: f64) -> Expression {
    Expression::constant(value)
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn gradients_of_random_formulas_are_finite_differences(
        formula in expressions_with_custom_operators(),
        point in points(),
    ) {
        prop_assume!(is_tame(&formula, &point));
        let (value, gradient) = formula.value_and_gradient(&point);
        let (expected, error) = value_and_error(&formula, &point);
        prop_assert!((value - expected).abs() <= error, "{} {} {}", formula, value, expected);
        prop_assert_eq!(gradient.len(), N_VARIABLES);
        for (index, slope) in gradient.iter().enumerate() {
            let difference = |step| central_difference(|x| formula.value(x), &point, index, step);
            let (coarse, fine) = (difference(2.0 * STEP), difference(STEP));
            let scale = 1.0 + fine.abs();
            // Where differences haven't settled, the curvature is too strong for them to judge.
            prop_assume!((coarse - fine).abs() < TOLERANCE / 3.0 * scale);
            prop_assert!(
                (slope - fine).abs() < TOLERANCE * scale,
                "d/dx{} of {} at {:?} is {}, finite difference {}",
                index + 1, formula, point, slope, fine
            );
        }
    }

    /// How values and input derivatives change with each constant.
    #[test]
    fn sensitivities_to_constants_are_finite_differences(
        formula in expressions_with_custom_operators(),
        point in points(),
    ) {
        prop_assume!(is_tame(&formula, &point));
        let columns: Vec<Vec<f64>> = point.iter().map(|&x| vec![x]).collect();
        let columns = Columns::new(columns).unwrap();
        let tape = Tape::new(&formula);
        prop_assume!(!tape.constants().is_empty());
        let mut evaluator = Evaluator::new();
        for constant in 0..tape.constants().len() {
            let mut at = |by: f64| {
                let mut tape = tape.clone();
                tape.constants_mut()[constant] += by;
                let found = evaluator.gradients(&tape, &columns).clone();
                all_of(&found.values, &found.gradient)
            };
            let (centre, mut difference) = (at(0.0), |step: f64| -> Vec<f64> {
                let (above, below) = (at(step), at(-step));
                above.iter().zip(&below).map(|(a, b)| (a - b) / (2.0 * step)).collect()
            });
            let (coarse, fine) = (difference(2.0 * STEP), difference(STEP));
            let found = evaluator.sensitivity(&tape, constant, &columns);
            let slopes = all_of(&found.values, &found.gradient);
            for (index, slope) in slopes.iter().enumerate() {
                let (coarse, fine) = (coarse[index], fine[index]);
                let scale = 1.0 + fine.abs() + centre[index].abs();
                prop_assume!((coarse - fine).abs() < TOLERANCE / 3.0 * scale);
                prop_assert!(
                    (slope - fine).abs() < TOLERANCE * scale,
                    "entry {} of the sensitivity of {:?} to constant {} at {:?} is {}, \
                     finite difference {}",
                    index, formula, constant, point, slope, fine
                );
            }
        }
    }
}

/// The value and the derivatives at the only point, 0 where no variable stands in the formula.
fn all_of(values: &[f64], gradient: &[Vec<f64>]) -> Vec<f64> {
    let columns = gradient
        .iter()
        .map(|column| column.first().copied().unwrap_or(0.0));
    values.iter().copied().chain(columns).collect()
}

#[test]
fn partials_of_every_operator_are_finite_differences() {
    for &operator in OPERATORS.iter().chain(&custom_operators()) {
        let formula = match (operator, operator.arity()) {
            // The exponent is rounded: 2.6 counts as 3, and has no derivative.
            (Operator::Powi, _) => {
                Expression::apply(operator, vec![x(1), x(2) * c(0.0) + c(2.6)]).unwrap()
            }
            // Nothing beyond 1 has an arc sine.
            (Operator::Asin | Operator::Acos, _) => {
                Expression::apply(operator, vec![c(0.3) * x(1)]).unwrap()
            }
            (_, 1) => Expression::apply(operator, vec![x(1)]).unwrap(),
            _ => Expression::apply(operator, vec![x(1), x(2)]).unwrap(),
        };
        for point in [[0.4, 1.3], [1.7, -0.6], [2.9, 0.8], [0.31, 2.4]] {
            let (_, gradient) = formula.value_and_gradient(&point);
            for (index, slope) in gradient.iter().enumerate().take(operator.arity()) {
                let expected = central_difference(|x| formula.value(x), &point, index, STEP);
                assert!(
                    (slope - expected).abs() < 1e-7 * (1.0 + expected.abs()),
                    "{} at {point:?}: partial {index} is {slope}, finite difference {expected}",
                    operator.name()
                );
            }
        }
    }
}

#[test]
fn operators_of_one_argument_have_their_usual_values() {
    let at = |operator, argument| {
        Expression::apply(operator, vec![c(argument)])
            .unwrap()
            .value(&[])
    };
    assert_eq!(at(Operator::Sin, 0.5), 0.5_f64.sin());
    assert_eq!(at(Operator::Cos, 0.5), 0.5_f64.cos());
    assert_eq!(at(Operator::Exp, 1.0), std::f64::consts::E);
    assert_eq!(at(Operator::Log, 1.0), 0.0);
    assert_eq!(at(Operator::Sqrt, 9.0), 3.0);
    assert_eq!(at(Operator::Tanh, 0.5), 0.5_f64.tanh());
    assert_eq!(at(Operator::Neg, 2.0), -2.0);
    assert_eq!(at(Operator::Square, -3.0), 9.0);
    assert_eq!(at(Operator::Cube, -3.0), -27.0);
    assert_eq!(at(Operator::Inv, -4.0), -0.25);
    assert_eq!(at(Operator::Tan, 0.5), 0.5_f64.tan());
    assert_eq!(at(Operator::Atan, 0.5), 0.5_f64.atan());
    assert_eq!(at(Operator::Asin, 0.5), 0.5_f64.asin());
    assert_eq!(at(Operator::Acos, 0.5), 0.5_f64.acos());
    assert_eq!(at(Operator::Sinh, 0.5), 0.5_f64.sinh());
    assert_eq!(at(Operator::Cosh, 0.5), 0.5_f64.cosh());
    assert_eq!(at(Operator::Abs, -2.5), 2.5);
    assert_eq!(at(Operator::Sigmoid, 0.0), 0.5);
}

/// Reads `[{formula, points}]` and prints the values as a list of lists.
const EVALUATE: &str = "
import json, sys
import sympy
variables = sympy.symbols('x1 x2 x3')
answers = []
for case in json.load(sys.stdin):
    formula = sympy.parse_expr(case['formula'])
    unknown = formula.free_symbols - set(variables)
    assert not unknown, f'{case[\"formula\"]}: {unknown}'
    function = sympy.lambdify(variables, formula, 'mpmath')
    values = [complex(function(*point)) for point in case['points']]
    answers.append([[value.real, value.imag] for value in values])
json.dump(answers, sys.stdout)
";

#[test]
fn sympy_reads_every_formula_and_finds_the_same_values() {
    const N_FORMULAS: usize = 400;
    let mut runner = TestRunner::new(cases(1));
    let (formulas, places) = (expressions(), prop::collection::vec(points(), 3));
    let mut chosen: Vec<(Expression, Vec<Vec<f64>>)> = Vec::new();
    while chosen.len() < N_FORMULAS {
        let formula = formulas.new_tree(&mut runner).unwrap().current();
        let points = places.new_tree(&mut runner).unwrap().current();
        let is_new = !chosen.iter().any(|(known, _)| *known == formula);
        if is_new && points.iter().all(|point| is_tame(&formula, point)) {
            chosen.push((formula, points));
        }
    }
    let questions: Vec<serde_json::Value> = chosen
        .iter()
        .map(|(formula, points)| {
            serde_json::json!({"formula": formula.to_formula(&[]), "points": points})
        })
        .collect();
    let printed = support::python(EVALUATE, &serde_json::to_string(&questions).unwrap());
    let answers: Vec<Vec<[f64; 2]>> = serde_json::from_str(&printed).unwrap();
    assert_eq!(answers.len(), N_FORMULAS);
    for ((formula, points), values) in chosen.iter().zip(answers) {
        for (point, [real, imaginary]) in points.iter().zip(values) {
            let expected = formula.value(point);
            let error = (real - expected).abs() + imaginary.abs();
            assert!(
                error < SYMPY_TOLERANCE * (1.0 + expected.abs()),
                "{formula} at {point:?} is {expected}, but sympy finds {real} + {imaginary} i \
                 (tree: {formula:?})"
            );
        }
    }
}

#[test]
fn operators_of_two_arguments_have_their_usual_values() {
    let at = |operator, a, b| {
        Expression::apply(operator, vec![c(a), c(b)])
            .unwrap()
            .value(&[])
    };
    assert_eq!(at(Operator::Max, 2.0, -3.0), 2.0);
    assert_eq!(at(Operator::Min, 2.0, -3.0), -3.0);
    assert_eq!(at(Operator::Max, 1.5, 1.5), 1.5);
    assert_eq!(at(Operator::Min, 1.5, 1.5), 1.5);
    assert_eq!(at(Operator::Powi, -2.0, 3.0), -8.0);
    assert_eq!(at(Operator::Powi, 2.0, -2.0), 0.25);
    assert_eq!(at(Operator::Powi, 2.0, 2.6), 8.0);
    assert_eq!(at(Operator::Powi, 0.0, 0.0), 1.0);
    assert_eq!(at(Operator::Pow, 16.0, 0.75), 8.0);
    assert_eq!(at(Operator::Pow, -2.0, 3.0), -8.0);
    assert_eq!(at(Operator::Pow, 0.0, 0.0), 1.0);
}

#[test]
fn a_real_power_has_no_value_below_0_and_no_negative_one_at_0() {
    let columns = |x: f64| Columns::new(vec![vec![x]]).unwrap();
    let mut evaluator = Evaluator::new();
    for (exponent, x, is_one) in [
        (0.75, -1.0, false),
        (-2.5, 0.0, false),
        (0.75, 0.0, true),
        (-2.0, -3.0, true),
    ] {
        let power = Expression::apply(Operator::Pow, vec![self::x(1), c(exponent)]).unwrap();
        assert_eq!(power.value(&[x]).is_finite(), is_one, "{x}**{exponent}");
        let found = evaluator.values(&Tape::new(&power), &columns(x));
        assert_eq!(found[0].is_finite(), is_one, "{x}**{exponent}, vectorized");
    }
}

/// A small number is not swallowed by a large one that it is compared with.
#[test]
fn maxima_and_minima_are_one_of_their_arguments_to_the_last_digit() {
    for (a, b) in [(0.1, -1e17), (1e17, 0.1), (-0.3, 1e300), (5e-324, 0.0)] {
        for (a, b) in [(a, b), (b, a)] {
            let at = |operator| {
                Expression::apply(operator, vec![c(a), c(b)])
                    .unwrap()
                    .value(&[])
            };
            assert_eq!(at(Operator::Max), f64::max(a, b));
            assert_eq!(at(Operator::Min), f64::min(a, b));
        }
    }
}

#[test]
fn a_formula_without_variables_has_a_value_without_any_input() {
    assert_eq!((c(2.0) * c(3.0)).value_and_gradient(&[]), (6.0, vec![]));
}

#[test]
fn latex_of_known_formulas() {
    let call = |operator, argument| Expression::apply(operator, vec![argument]).unwrap();
    let cases = [
        (
            x(1) * x(1) + c(2.0) * (x(2) * x(2)),
            "x_{1}^{2} + 2 x_{2}^{2}",
        ),
        (
            call(Operator::Sin, x(2) + x(3)),
            r"\sin\left(x_{2} + x_{3}\right)",
        ),
        (call(Operator::Sqrt, x(1)), r"\sqrt{x_{1}}"),
        (x(1) / x(2), r"\frac{x_{1}}{x_{2}}"),
        (
            call(Operator::Exp, x(1) - x(2)) - c(2.75) * x(3),
            r"\exp\left(x_{1} - x_{2}\right) - 2.75 x_{3}",
        ),
        (
            (x(1) - x(2)) * (x(1) - x(2)),
            r"\left(x_{1} - x_{2}\right)^{2}",
        ),
    ];
    for (formula, expected) in cases {
        assert_eq!(formula.to_latex(&[]), expected);
    }
}

#[test]
fn complexity_counts_1_per_variable_3_per_constant_and_each_operator() {
    assert_eq!(x(1).complexity(), 1);
    assert_eq!(c(2.0).complexity(), 3);
    assert_eq!((x(1) * x(1) + c(2.0) * (x(2) * x(2))).complexity(), 11);
    assert_eq!(
        Expression::apply(Operator::Sin, vec![x(1)])
            .unwrap()
            .complexity(),
        6
    );
}
