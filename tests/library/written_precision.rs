//! Values are matched to the digits that they were written with, and numbers get the names that people
//! know them by.

use closedform::search::StopReason;
use closedform::{
    Dataset, Operator, Points, SearchOptions, SearchResult, ValueObjective, progress, search_for,
};
use std::f64::consts::PI;

/// The number as a table has it, with so many significant digits.
fn written(number: f64, n_digits: usize) -> f64 {
    format!("{number:.*e}", n_digits - 1).parse().unwrap()
}

/// A search for a function's values at random points, both written with twelve digits.
fn found(
    function: impl Fn(&[f64]) -> f64,
    sides: &[(f64, f64)],
    options: &SearchOptions,
) -> SearchResult {
    let data = Dataset::from_function(sides, 300, 31, |x| x[0]).unwrap();
    let exact = data.points().rows().map(|x| written(function(x), 12));
    let targets: Vec<f64> = exact.collect();
    let inputs: Vec<f64> = data.points().iter().map(|x| written(*x, 12)).collect();
    let points = Points::new(data.feature_names(), inputs).unwrap();
    let objective = ValueObjective::new(&points, targets).unwrap();
    search_for(&objective, options, progress::silent).unwrap()
}

fn formula(found: &SearchResult) -> String {
    found.front.best().unwrap().expression.to_string()
}

fn with_operators(list: &str) -> SearchOptions {
    SearchOptions {
        operators: Operator::parse_list(list).unwrap(),
        ..SearchOptions::default()
    }
}

#[test]
fn a_kink_comes_without_digits_that_fit_rounding() {
    let options = with_operators("+,-,*,/,max,min");
    let found = found(
        |x| 2.3 * x[0] + x[1].max(-0.4),
        &[(-1.0, 2.0), (-2.0, 2.0)],
        &options,
    );
    assert_eq!(formula(&found), "Max(x2, -0.4) + 2.3*x1");
    assert_eq!(found.stop_reason, StopReason::Exact);
}

#[test]
fn the_rounding_of_inputs_near_a_pole_is_no_misfit() {
    let options = SearchOptions::default();
    let found = found(
        |x| 3.0 / (x[0] - 2.0 * x[1]),
        &[(0.0, 2.0), (0.0, 2.0)],
        &options,
    );
    assert_eq!(formula(&found), "3/(x1 - 2*x2)");
    let front = found.front.candidates();
    assert_eq!(
        front.last().unwrap().expression.to_string(),
        formula(&found)
    );
}

#[test]
fn multiples_of_pi_and_small_fractions_are_named() {
    let options = SearchOptions::default();
    let sides = [(1.0, 3.0), (1.0, 4.0)];
    let coulomb = found(|x| x[0] / (4.0 * PI * x[1].powi(2)), &sides, &options);
    assert_eq!(formula(&coulomb), "x1/(4*pi*x2**2)");
    let wave = found(|x| x[1] * (6.0 * PI * x[0]).sin(), &sides, &options);
    assert_eq!(formula(&wave), "sin(6*pi*x1)*x2");
    let sevenths = found(|x| 3.0 / 7.0 * x[0] * x[1] + 0.5, &sides, &options);
    assert_eq!(formula(&sevenths), "3*x1*x2/7 + 0.5");
}

#[test]
fn a_number_that_only_lies_near_a_name_keeps_its_digits() {
    let sides = [(1.0, 3.0), (1.0, 4.0)];
    // 25*pi/16 is 4.90874.
    let options = SearchOptions::default();
    let found = found(|x| 4.9087 * x[0] * x[1], &sides, &options);
    assert_eq!(formula(&found), "4.9087*x1*x2");
}

#[test]
fn constants_of_nature_are_written_as_people_write_them() {
    let options = SearchOptions::default();
    let radiated = found(|x| 5.67e-8 * x[0].powi(4), &[(200.0, 400.0)], &options);
    assert_eq!(formula(&radiated), "5.67e-8*x1**4");
    let attracted = found(
        |x| 6.674e-11 * x[0] * x[1] / x[2].powi(2),
        &[(1e24, 9e24), (1e23, 9e23), (1e8, 9e8)],
        &options,
    );
    assert_eq!(formula(&attracted), "6.674e-11*x1*x2/x3**2");
}

#[test]
fn a_linear_law_keeps_its_own_coefficients() {
    let options = SearchOptions::default();
    let linear = |x: &[f64]| 1.3 * x[0] - 2.2 * x[1] + 0.45 * x[2] + 4.2;
    let found = found(linear, &[(-3.0, 5.0); 3], &options);
    assert_eq!(formula(&found), "1.3*x1 - 2.2*x2 + 0.45*x3 + 4.2");
}

#[test]
fn a_guess_stands_in_the_result_as_it_was_given() {
    let options = SearchOptions {
        guesses: vec!["0.5*x1*x2**2".parse().unwrap()],
        ..SearchOptions::default()
    };
    let sides = [(1.0, 3.0), (1.0, 4.0)];
    let found = found(|x| 0.5 * x[0] * x[1].powi(2) + x[1], &sides, &options);
    let [guess] = found.guesses.as_slice() else {
        panic!("{:?}", found.guesses);
    };
    assert_eq!(guess.expression, options.guesses[0]);
    assert!(guess.loss > 1e-3, "{}", guess.loss);
    assert_eq!(formula(&found), "x1*x2**2/2 + x2");
}

#[test]
fn a_far_better_formula_beyond_the_limit_is_told() {
    let linear = |x: &[f64]| {
        let weights = [1.3, -2.2, 0.7, 3.1, -1.9, 0.45];
        x.iter().zip(weights).map(|(x, weight)| weight * x).sum()
    };
    let with_limit = |max_complexity| SearchOptions {
        max_complexity: Some(max_complexity),
        n_generations: 20,
        ..SearchOptions::default()
    };
    let short = found(linear, &[(-1.0, 1.0); 6], &with_limit(20));
    let told = short.front.too_complex().unwrap();
    assert!(told.loss < 1e-12 && told.complexity > 20, "{}", told.loss);
    assert!(short.front.candidates().iter().all(|c| c.complexity <= 20));
    let long = found(linear, &[(-1.0, 1.0); 6], &with_limit(60));
    assert!(long.front.too_complex().is_none());
}
