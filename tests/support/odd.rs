//! Numbers, sizes, texts and formulas that a program seldom expects, among ordinary ones.

// Every test file compiles this module for itself and uses only a part of it.
#![allow(dead_code)]

use crate::support::{OPERATORS, custom_operators};
use closedform::{Dataset, Directions, Experiment, Expression, Points, Task};
use proptest::prelude::*;

/// A number that may be at the end of its range, or none.
pub fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => finite(),
        1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY]),
    ]
}

/// The same, but finite.
pub fn finite() -> impl Strategy<Value = f64> {
    let extreme = vec![
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.5,
        2.0,
        f64::MAX,
        f64::MIN,
        f64::MIN_POSITIVE,
        5e-324,
        1e-300,
        1e18,
        1e154,
        -1e300,
        f64::EPSILON,
    ];
    prop_oneof![4 => -3.0..3.0_f64, 2 => prop::sample::select(extreme)]
}

/// None, few or as many as there can be.
pub fn size() -> impl Strategy<Value = usize> {
    let large = vec![
        64,
        1000,
        1 << 31,
        usize::MAX / 2,
        usize::MAX - 1,
        usize::MAX,
    ];
    prop_oneof![5 => 0..6_usize, 1 => prop::sample::select(large)]
}

/// A list whose length may be zero.
pub fn numbers(max: usize) -> impl Strategy<Value = Vec<f64>> {
    prop_oneof![
        prop::collection::vec(number(), 0..=max),
        prop::collection::vec(-3.0..3.0_f64, 0..=max),
    ]
}

/// Pieces that formulas, units, lists and files are made of, in any order.
pub fn text() -> impl Strategy<Value = String> {
    let pieces = vec![
        "",
        " ",
        "x1",
        "x2",
        "x0",
        "x99999999999999999999",
        "a",
        "ö",
        "\u{0}",
        "\u{1f600}",
        "+",
        "-",
        "*",
        "/",
        "**",
        "^",
        "(",
        ")",
        ",",
        ":",
        ";",
        "=",
        "[",
        "]",
        "{",
        "}",
        "\"",
        "\\",
        "\n",
        "\t",
        "1",
        "0",
        "-1",
        "1e",
        "1e999",
        "NaN",
        "inf",
        ".5",
        "1/0",
        "sin",
        "sin(",
        "powi",
        "max(",
        "exp",
        "kg",
        "m/s^2",
        "s^(1/2)",
        "^9223372036854775807",
        "-9223372036854775808",
        "exp:sin=1",
        "variable=3",
        "none",
        "numpy",
        "f(x1) + g(x2)",
        "null",
        "2026-01-01",
        "18446744073709551616",
    ];
    prop_oneof![
        prop::collection::vec(prop::sample::select(pieces), 0..9)
            .prop_map(|pieces| pieces.concat()),
        ".{0,12}",
    ]
}

/// Names of features, some of them twice or empty.
pub fn names(max: usize) -> impl Strategy<Value = Vec<String>> {
    prop_oneof![
        (0..=max).prop_map(crate::support::names),
        prop::collection::vec(text(), 0..=max),
    ]
}

/// Formulas with odd numbers and with variables that no data have.
pub fn formula() -> impl Strategy<Value = Expression> {
    let leaf = prop_oneof![
        1 => number().prop_map(Expression::constant),
        4 => (0..3_usize).prop_map(Expression::variable),
        1 => size().prop_map(Expression::variable),
    ];
    let operators = [OPERATORS, &custom_operators()].concat();
    leaf.prop_recursive(4, 16, 2, move |inner| {
        let operator = prop::sample::select(operators.clone());
        (operator, inner.clone(), inner).prop_map(|(operator, first, second)| {
            let arguments = [first, second][..operator.arity()].to_vec();
            Expression::apply(operator, arguments).unwrap()
        })
    })
}

pub fn task() -> impl Strategy<Value = Task> {
    prop::sample::select(vec![Task::Classification, Task::Regression])
}

/// Data of up to three features, with few rows and extreme numbers or classes as targets.
pub fn dataset() -> impl Strategy<Value = Dataset> {
    let rows = (1..=3_usize, prop_oneof![1..40_usize, 20..60_usize]);
    let drawn = rows.prop_flat_map(|(n_features, n)| {
        let points = prop_oneof![
            prop::collection::vec(-3.0..3.0_f64, n * n_features),
            prop::collection::vec(finite(), n * n_features),
        ];
        let targets = prop_oneof![
            prop::collection::vec((0..2_u8).prop_map(f64::from), n),
            prop::collection::vec((0..4_u8).prop_map(f64::from), n),
            prop::collection::vec(finite(), n),
        ];
        (Just(n_features), points, targets)
    });
    let drawn = drawn.prop_map(|(n_features, points, targets)| {
        let names = crate::support::names(n_features);
        Dataset::new(Points::new(names, points).unwrap(), "y", targets).unwrap()
    });
    let least =
        (1..9_usize).prop_map(|number| Experiment::from_number(number).unwrap().sample(0, 0));
    prop_oneof![9 => drawn, 1 => least]
}

/// Directions in one to three features, some of them extreme.
pub fn directions() -> impl Strategy<Value = Directions> {
    let lists = (1..=3_usize, 1..40_usize).prop_flat_map(|(n_features, n)| {
        let list = || {
            prop_oneof![
                prop::collection::vec(-3.0..3.0_f64, n * n_features),
                prop::collection::vec(finite(), n * n_features),
            ]
        };
        (Just(n_features), list(), list())
    });
    lists.prop_filter_map("all zero", |(n_features, points, gradients)| {
        crate::support::directions_in(n_features, points, gradients).ok()
    })
}
