//! Evaluation by blocks: the same values as point by point, whatever the number of rows, and
//! vectorized functions that agree with the standard library's.

use crate::support;

use closedform::formula::{Columns, Evaluation, Evaluator, Tape};
use closedform::{Expression, Operator};
use proptest::prelude::*;
use support::{N_VARIABLES, cases, expressions_with_custom_operators, is_tame, value_and_error};

/// Numbers of rows around the widths of vectors and blocks.
const N_ROWS: [usize; 8] = [1, 7, 8, 9, 127, 128, 129, 1000];

fn x(number: usize) -> Expression {
    Expression::variable(number - 1)
}

/// Points that fill the box [-2, 2] evenly, and of which none comes twice.
fn spread_points(shift: f64) -> impl Iterator<Item = Vec<f64>> {
    (1..).map(move |k| {
        let along = |root: f64| 4.0 * (f64::from(k) * root + shift).fract() - 2.0;
        [2.0_f64, 3.0, 5.0].map(|n| along(n.sqrt())).to_vec()
    })
}

/// The first points at which the formula is tame, or none if they are rare.
fn tame_points(formula: &Expression, n: usize, shift: f64) -> Option<Vec<Vec<f64>>> {
    let points: Vec<Vec<f64>> = spread_points(shift)
        .take(10 * n + 50)
        .filter(|point| is_tame(formula, point))
        .take(n)
        .collect();
    (points.len() == n).then_some(points)
}

fn columns_of(points: &[Vec<f64>]) -> Columns {
    let column = |index: usize| points.iter().map(|point| point[index]).collect();
    Columns::new((0..N_VARIABLES).map(column).collect()).unwrap()
}

/// The formula at one point, with numbers in the place of its variables.
fn with_numbers(formula: &Expression, point: &[f64]) -> Expression {
    match formula {
        Expression::Constant(value) => Expression::Constant(*value),
        Expression::Variable(index) => Expression::Constant(point[*index]),
        Expression::Apply(operator, arguments) => {
            let arguments = arguments.iter();
            let arguments = arguments.map(|argument| with_numbers(argument, point));
            Expression::apply(*operator, arguments.collect()).unwrap()
        }
    }
}

fn bits(found: &Evaluation) -> Vec<Vec<u64>> {
    let columns = [&found.values].into_iter().chain(&found.gradient);
    let bits = |column: &Vec<f64>| column.iter().map(|value| value.to_bits()).collect();
    columns.map(bits).collect()
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn blocks_of_rows_have_the_values_of_their_points(
        formula in expressions_with_custom_operators(),
        n in prop::sample::select(&N_ROWS[..]),
        shift in 0.0..1.0_f64,
    ) {
        let points = tame_points(&formula, n, shift);
        prop_assume!(points.is_some());
        let points = points.unwrap();
        let (tape, columns) = (Tape::new(&formula), columns_of(&points));
        let mut evaluator = Evaluator::new();
        let values = evaluator.values(&tape, &columns).to_vec();
        let found = evaluator.gradients(&tape, &columns).clone();
        prop_assert_eq!(&values, &found.values);
        prop_assert_eq!(values.len(), n);
        for (row, (value, point)) in values.iter().zip(&points).enumerate() {
            let (expected, error) = value_and_error(&formula, point);
            prop_assert!(
                (value - expected).abs() <= error,
                "{} in row {} of {} at {:?} is {}, but {} by itself, give or take {}",
                formula, row, n, point, value, expected, error
            );
            // Each row's derivatives are those of a block of one row, to the last digit.
            if row % 50 == 0 || row + 1 == n {
                let (_, alone) = formula.value_and_gradient(point);
                for (column, alone) in found.gradient.iter().zip(alone) {
                    let here = column.get(row).copied().unwrap_or(0.0);
                    prop_assert!((here - alone).abs() <= 1e-13 * alone.abs(), "{here} {alone}");
                }
            }
        }
    }

    #[test]
    fn folded_constants_are_worth_as_much_as_variables(
        formula in expressions_with_custom_operators(),
        shift in 0.0..1.0_f64,
    ) {
        let points = tame_points(&formula, 1, shift);
        prop_assume!(points.is_some());
        let point = &points.unwrap()[0];
        let folded = with_numbers(&formula, point);
        let columns = columns_of(&vec![vec![0.0; N_VARIABLES]; 9]);
        let mut evaluator = Evaluator::new();
        let found = evaluator.gradients(&Tape::new(&folded), &columns);
        let (expected, error) = value_and_error(&formula, point);
        prop_assert_eq!(found.values.len(), 9);
        prop_assert!(found.values.iter().all(|value| (value - expected).abs() <= error));
        prop_assert!(found.gradient.iter().all(Vec::is_empty));
    }

    #[test]
    fn formulas_evaluated_in_between_leave_no_trace(
        formula in expressions_with_custom_operators(),
        others in prop::collection::vec(expressions_with_custom_operators(), 3),
        n in prop::sample::select(&N_ROWS[..]),
        n_between in prop::sample::select(&N_ROWS[..]),
    ) {
        let points = |n| spread_points(0.3).take(n).collect::<Vec<_>>();
        let (columns, between) = (columns_of(&points(n)), columns_of(&points(n_between)));
        let (tape, mut evaluator) = (Tape::new(&formula), Evaluator::new());
        let before = bits(evaluator.gradients(&tape, &columns));
        let n_constants = tape.constants().len();
        let changes = |evaluator: &mut Evaluator| {
            let constants = 0..n_constants;
            let found = constants.map(|k| evaluator.sensitivity(&tape, k, &columns));
            found.map(|found| bits(&found)).collect::<Vec<_>>()
        };
        let changes_before = changes(&mut evaluator);
        for other in &others {
            let other = Tape::new(other);
            evaluator.values(&other, &between);
            evaluator.gradients(&other, &between);
            for constant in 0..other.constants().len() {
                evaluator.sensitivity(&other, constant, &between);
            }
        }
        prop_assert_eq!(changes(&mut evaluator), changes_before);
        prop_assert_eq!(bits(evaluator.gradients(&tape, &columns)), before);
    }
}

#[test]
fn evaluation_stops_soon_after_a_number_that_is_not_finite() {
    let n = 1000;
    for (bad_row, bad) in [
        (0, -1.0),
        (300, 0.0),
        (300, -1.0),
        (300, f64::NAN),
        (999, 0.0),
    ] {
        let mut column: Vec<f64> = (0..n).map(|row| 1.0 + f64::from(row)).collect();
        column[bad_row] = bad;
        let columns = Columns::new(vec![column.clone()]).unwrap();
        let log = Tape::new(&Expression::apply(Operator::Log, vec![x(1)]).unwrap());
        let mut evaluator = Evaluator::new();
        let n_values = evaluator.values(&log, &columns).len();
        assert!(
            n_values > bad_row && n_values <= bad_row + 128,
            "{n_values}"
        );
        let found = evaluator.gradients(&log, &columns);
        assert_eq!(
            (found.values.len(), found.gradient[0].len()),
            (n_values, n_values)
        );
        assert!(!found.is_finite());
        for (row, value) in found.values.iter().enumerate() {
            let expected = column[row].ln();
            assert!(row == bad_row || (value - expected).abs() <= 1e-14 * expected.abs());
        }
    }
}

#[test]
fn a_derivative_that_is_not_finite_stops_the_derivatives_only() {
    let mut column = vec![4.0; 1000];
    column[300] = 0.0;
    let (columns, root) = (
        Columns::new(vec![column]).unwrap(),
        Expression::apply(Operator::Sqrt, vec![x(1)]).unwrap(),
    );
    let (tape, mut evaluator) = (Tape::new(&root), Evaluator::new());
    assert_eq!(evaluator.values(&tape, &columns).len(), 1000);
    let found = evaluator.gradients(&tape, &columns);
    assert!((301..1000).contains(&found.gradient[0].len()));
    assert!(!found.is_finite());
}

#[test]
fn a_feature_outside_the_formula_has_an_empty_column() {
    let columns = Columns::new(vec![vec![1.0, 2.0]; 3]).unwrap();
    let mut evaluator = Evaluator::new();
    let found = evaluator.gradients(&Tape::new(&(x(3) * x(3))), &columns);
    assert_eq!(found.gradient, [vec![], vec![], vec![2.0, 4.0]]);
    let found = evaluator.gradients(&Tape::new(&x(2)), &columns);
    assert_eq!(
        (&found.values[..], &found.gradient[1][..]),
        (&[1.0, 2.0][..], &[1.0, 1.0][..])
    );
}

type Function = fn(f64) -> f64;

/// The operators that have vectorized functions, and the standard library's.
const FUNCTIONS: [(Operator, Function); 12] = [
    (Operator::Sin, f64::sin),
    (Operator::Cos, f64::cos),
    (Operator::Tan, f64::tan),
    (Operator::Exp, f64::exp),
    (Operator::Log, f64::ln),
    (Operator::Tanh, f64::tanh),
    (Operator::Atan, f64::atan),
    (Operator::Sqrt, f64::sqrt),
    (Operator::Asin, f64::asin),
    (Operator::Acos, f64::acos),
    (Operator::Sinh, f64::sinh),
    (Operator::Cosh, f64::cosh),
];

/// How far a value is off, in units of the expected one's last place.
fn units_off(value: f64, expected: f64) -> f64 {
    if value == expected || (value.is_nan() && expected.is_nan()) {
        return 0.0;
    }
    (value - expected).abs() / (expected.abs().next_up() - expected.abs())
}

/// Numbers of any size that a number can have, of the sizes that formulas mostly meet, and next to
/// multiples of a quarter turn.
fn numbers() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<u64>().prop_map(f64::from_bits),
        -10.0..10.0_f64,
        -750.0..750.0_f64,
        -1e8..1e8_f64,
        (-1_000_000..1_000_000_i32).prop_map(|k| f64::from(k) * std::f64::consts::FRAC_PI_2),
    ]
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn vectorized_powers_are_right_to_the_last_digits(
        numbers in prop::collection::vec(numbers(), 32)
    ) {
        // Of an infinite number below 0, one rule has a power and the other none.
        let bases: Vec<f64> = numbers.into_iter().filter(|x| *x > f64::NEG_INFINITY).collect();
        let columns = Columns::new(vec![bases.clone()]).unwrap();
        let mut evaluator = Evaluator::new();
        for exponent in [0.75, -2.5, 1.0 / 3.0, 3.0, -1.0, 4.0, 0.0] {
            let exponent_of_all = Expression::constant(exponent);
            let power = Expression::apply(Operator::Pow, vec![x(1), exponent_of_all]).unwrap();
            let found = evaluator.values(&Tape::new(&power), &columns).to_vec();
            for (&base, &value) in bases.iter().zip(&found) {
                let expected = base.powf(exponent);
                prop_assert!(
                    units_off(value, expected) <= 4.0 + exponent.abs(),
                    "{base}**{exponent} is {expected}, but {value} was found"
                );
            }
        }
    }

    #[test]
    fn vectorized_functions_are_right_to_the_last_digits(
        numbers in prop::collection::vec(numbers(), 32)
    ) {
        for (operator, function) in FUNCTIONS {
            // Larger angles come without their turns, which leaves few digits next to a zero.
            let is_periodic = matches!(operator, Operator::Sin | Operator::Cos | Operator::Tan);
            let is_meant = |number: &&f64| !is_periodic || number.abs() <= 1e8;
            let arguments: Vec<f64> = numbers.iter().filter(is_meant).copied().collect();
            let columns = Columns::new(vec![arguments.clone()]).unwrap();
            let mut evaluator = Evaluator::new();
            let tape = Tape::new(&Expression::apply(operator, vec![x(1)]).unwrap());
            let values = evaluator.values(&tape, &columns);
            prop_assert_eq!(values.len(), arguments.len());
            for (&argument, &value) in arguments.iter().zip(values) {
                let expected = function(argument);
                prop_assert!(
                    units_off(value, expected) <= 4.0,
                    "{}({:e}) is {:e}, not {:e}",
                    operator.name(), argument, value, expected
                );
            }
        }
    }
}

/// What a number is apart from its size.
fn class(value: f64) -> &'static str {
    match value {
        _ if value.is_nan() => "nan",
        f64::INFINITY => "inf",
        f64::NEG_INFINITY => "-inf",
        _ => "finite",
    }
}

/// Numbers of all sizes and both signs, the special ones among them.
fn wide_range() -> Vec<f64> {
    let mut numbers = vec![
        0.0,
        f64::MIN_POSITIVE,
        f64::MIN_POSITIVE / 2.0,
        5e-324,
        1e-310,
        f64::MAX,
        f64::INFINITY,
        709.7,
        709.79,
        708.5,
        710.0,
        740.0,
        745.0,
        745.2,
        746.0,
        19.0,
        19.1,
        1.0,
        1.0 - f64::EPSILON,
        1.0 + f64::EPSILON,
        0.66,
        2.5,
        99_999_999.0,
        100_000_001.0,
        1e15,
        1e22,
    ];
    for k in 0..600 {
        let share = f64::from(k) / 600.0;
        numbers.push(40.0 * share);
        numbers.push(800.0 * share + 1e-3);
        numbers.push(10.0_f64.powf(600.0 * share - 300.0));
        numbers.push(10.0_f64.powf(20.0 * share - 10.0));
        // Next to multiples of a quarter turn, where sine, cosine and tangent vanish or explode.
        numbers.push(f64::from(k * k) * std::f64::consts::FRAC_PI_2);
    }
    let negative: Vec<f64> = numbers.iter().map(|number| -number).collect();
    numbers.extend(negative);
    numbers.push(f64::NAN);
    numbers
}

#[test]
fn vectorized_functions_agree_with_the_standard_library() {
    let numbers = wide_range();
    // Once each number fills a vector by itself, once it stands among all kinds of others.
    let alone: Vec<f64> = numbers.iter().flat_map(|&number| [number; 8]).collect();
    let step = numbers.len() / 2 - 1;
    let mixed: Vec<f64> = (0..numbers.len())
        .map(|k| numbers[k * step % numbers.len()])
        .collect();
    for (operator, function) in FUNCTIONS {
        let formula = Expression::apply(operator, vec![x(1)]).unwrap();
        for arguments in [&alone, &mixed] {
            for rows in arguments.chunks(8) {
                let columns = Columns::new(vec![rows.to_vec()]).unwrap();
                let mut evaluator = Evaluator::new();
                let values = evaluator.values(&Tape::new(&formula), &columns);
                for (&argument, &value) in rows.iter().zip(values) {
                    let expected = function(argument);
                    assert_eq!(
                        class(value),
                        class(expected),
                        "{}({argument:e}) is {value:e}, not {expected:e}",
                        operator.name()
                    );
                    // How far a function moves if its argument's last digits do, where
                    // periods are taken off it.
                    let moved = match operator {
                        Operator::Sin | Operator::Cos => 1e-15,
                        Operator::Tan => 1e-15 * (1.0 + expected * expected),
                        _ => 1e-322,
                    };
                    assert!(
                        class(expected) != "finite"
                            || (value - expected).abs() <= 1e-14 * expected.abs() + moved,
                        "{}({argument:e}) is {value:e}, not {expected:e}",
                        operator.name()
                    );
                }
            }
        }
    }
}
