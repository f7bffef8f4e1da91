//! The search on values, on labels, and under a user's own measure.

use crate::support;

use closedform::search::{LabelLoss, StopReason, ValueLoss};
use closedform::{
    Dataset, Error, Experiment, Expression, LabelObjective, Operator, Points, SearchOptions,
    ValueObjective, progress, search_for,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Poisson};
use support::names;

fn operators(list: &str) -> SearchOptions {
    SearchOptions {
        operators: Operator::parse_list(list).unwrap(),
        ..SearchOptions::default()
    }
}

/// Random points of a box and a formula's values there.
fn sample(formula: &str, sides: &[(f64, f64)], n: usize, seed: u64) -> Dataset {
    let truth = Expression::parse(formula, &[]).unwrap();
    Dataset::from_function(sides, n, seed, |x| truth.value(x)).unwrap()
}

/// The largest error on fresh points, in units of `1 + |y|`.
fn error_on_fresh_points(found: &Expression, formula: &str, sides: &[(f64, f64)]) -> f64 {
    let fresh = sample(formula, sides, 500, 99);
    let rows = fresh.points().chunks(sides.len()).zip(fresh.targets());
    let errors = rows.map(|(x, y)| (found.value(x) - y).abs() / (1.0 + y.abs()));
    errors.fold(0.0, f64::max)
}

fn assert_found(formula: &str, sides: &[(f64, f64)], options: &SearchOptions) {
    let objective = ValueObjective::from_dataset(&sample(formula, sides, 200, 0)).unwrap();
    let found = search_for(&objective, options, progress::silent).unwrap();
    let best = &found.front.best().unwrap().expression;
    let error = error_on_fresh_points(best, formula, sides);
    assert!(error < 1e-9, "{formula}: found {best}, error {error:.1e}");
}

#[test]
fn polynomials_are_found_with_their_offset() {
    assert_found("x1^3 + x1^2 + x1", &[(-1.0, 1.0)], &operators("+,-,*,/"));
    let sides = [(-3.0, 3.0), (-3.0, 3.0)];
    assert_found(
        "x1^4 - x1^3 + x2^2/2 - x2 + 4",
        &sides,
        &operators("+,-,*,/"),
    );
}

#[test]
fn sums_of_functions_are_found() {
    let sides = [(0.0, 1.0), (0.0, 1.0)];
    assert_found("sin(x1) + sin(x2^2)", &sides, &operators("+,-,*,/,sin,cos"));
    let sides = [(-2.0, 2.0); 5];
    assert_found(
        "2*cos(x4) + x1^2 - 2",
        &sides,
        &operators("+,-,*,/,cos,exp"),
    );
}

#[test]
fn products_quotients_and_roots_are_found() {
    let options = operators("+,-,*,/,sin,cos,exp,log,sqrt");
    assert_found("x1*x2*x3/x4", &[(1.0, 5.0); 4], &options);
    assert_found("1/(1/x1 + x3/x2)", &[(1.0, 5.0); 3], &options);
    assert_found(
        "sqrt((x2 - x1)^2 + (x4 - x3)^2)",
        &[(1.0, 5.0); 4],
        &options,
    );
}

#[test]
fn power_laws_are_found_alone_and_beside_other_terms() {
    let options = operators("+,-,*,/,pow");
    let sides = [(0.3, 4.0), (0.5, 6.0)];
    for formula in [
        "2.7*x1**0.8*x2**-1.3",
        "-3*(x1/x2)**1.6",
        "5*x2**-1.5 + 4",
        "2 - 0.4*x1**(2/3)*x2**0.9",
        "(x1**2 + x2**2)**0.6",
        "x1*x2**1.3 + x2",
    ] {
        assert_found(formula, &sides, &options);
    }
}

#[test]
fn exponents_are_as_exact_as_noisy_rows_allow() {
    let sides = [(0.1, 50.0), (1.0, 9.0)];
    let exact = sample("1.9*x1**0.68*x2**-0.4", &sides, 300, 3);
    let errors = sample("x1 - x2", &[(-0.5, 0.5), (-0.5, 0.5)], 300, 4);
    let noisy = exact.targets().iter().zip(errors.targets());
    let noisy = noisy.map(|(y, error)| y * (1.0 + 0.05 * error)).collect();
    let objective = ValueObjective::new(exact.points(), noisy).unwrap();
    let found = search_for(&objective, &operators("+,-,*,/,pow"), progress::silent).unwrap();
    let best = &found.front.best().unwrap().expression;
    let ratio = |x: [f64; 2], y: [f64; 2]| (best.value(&x) / best.value(&y)).ln();
    assert!(
        (ratio([20.0, 3.0], [2.0, 3.0]) / 10_f64.ln() - 0.68).abs() < 0.02,
        "{best}"
    );
    assert!(
        (ratio([9.0, 8.0], [9.0, 2.0]) / 4_f64.ln() + 0.4).abs() < 0.02,
        "{best}"
    );
}

#[test]
fn quotients_of_polynomials_are_solved_for() {
    let options = operators("+,-,*,/");
    let sides = [(1.0, 4.0); 3];
    assert_found("(x1 - 2*x2*x3)/(x1^2 + 3*x3 + 0.7)", &sides, &options);
    let options = operators("+,-,*,/,sqrt");
    assert_found("x1*sqrt(x2/(x1^2 + x3))", &sides, &options);
}

#[test]
fn numbers_inside_of_functions_are_fitted() {
    let options = operators("+,-,*,/,sin,cos,exp,log,sqrt");
    let side = [(-3.0, 3.0)];
    assert_found("1.3*x1*cos(4.7*x1) + 0.2", &side, &options);
    assert_found("2/(exp(0.37*x1/x2) + 3)", &[(1.0, 5.0); 2], &options);
    assert_found("x1 - 2*x2 + log(x1*x2 + 2.9)", &[(0.0, 2.0); 2], &options);
}

#[test]
fn rates_and_poles_are_found_beside_other_terms() {
    let options = SearchOptions::default();
    let sides = [(0.4, 3.2); 3];
    assert_found("exp(0.6*x1) - 2*x2", &sides, &options);
    assert_found("exp(-0.8*x1) + 3*exp(-0.25*x2)", &sides, &options);
    assert_found("x1 + x2*x3/(x1 + 0.45)", &sides, &options);
}

#[test]
fn thresholds_are_found_where_max_and_min_are_allowed() {
    let options = operators("+,-,*,/,max,min");
    let sides = [(0.2, 3.0); 3];
    assert_found("max(x1, 1.4)*x2 - x3", &sides, &options);
    assert_found("0.4*x1 + 2*min(x2, 0.9)", &sides, &options);
}

#[test]
fn products_with_sums_are_found() {
    let options = operators("+,-,*,/,sin,cos,exp,log,sqrt");
    let sides = [(1.0, 3.0); 3];
    assert_found("0.7*x1*exp(-x2/x3)*x3^2/x2", &sides, &options);
    assert_found("sqrt(x1)*x2^3*(x1^2 + x3^2)^2", &sides, &options);
}

#[test]
fn a_match_ends_the_search_and_is_chosen() {
    let options = SearchOptions {
        n_generations: 1_000_000,
        ..operators("+,-,*,/")
    };
    // Whole numbers, at which the formula has no rounding errors.
    let points: Vec<f64> = (0..600).map(|i| f64::from(1 + i * i * 7 % 23)).collect();
    let values = points.chunks(3).map(|x| x[0] * x[1] + x[2] * x[2]);
    let values = values.collect();
    let objective = ValueObjective::new(&Points::new(names(3), points).unwrap(), values).unwrap();
    let found = search_for(&objective, &options, progress::silent).unwrap();
    assert_eq!(found.stop_reason, StopReason::Exact);
    let best = found.front.best().unwrap();
    assert_eq!(best.loss, 0.0, "{}", best.expression);
}

#[test]
fn an_absolute_error_is_not_led_astray_by_outliers() {
    let sides = [(0.0, 2.0), (0.0, 2.0)];
    let clean = sample("3*x1 + x2", &sides, 200, 0);
    let mut values = clean.targets().to_vec();
    values
        .iter_mut()
        .step_by(10)
        .for_each(|value| *value += 50.0);
    let objective = ValueObjective::new(clean.points(), values).unwrap();
    let objective = objective.with_loss(ValueLoss::Absolute).unwrap();
    let options = SearchOptions {
        n_generations: 0,
        ..operators("+,-,*,/")
    };
    let found = search_for(&objective, &options, progress::silent).unwrap();
    let best = &found.front.best().unwrap().expression;
    let error = error_on_fresh_points(best, "3*x1 + x2", &sides);
    assert!(error < 1e-3, "found {best}, error {error:.1e}");
}

/// Counts with the mean `exp(0.9 x1 - 0.6 x2 + 0.5)`: half of them are 0 to 2, and their variance
/// grows with their mean.
#[test]
fn a_poisson_loss_suits_counts() {
    let sides = [(0.0, 3.0), (0.0, 3.0)];
    let means = sample("exp(9*x1/10 - 6*x2/10 + 1/2)", &sides, 400, 3);
    let counts = |seed: u64| -> Vec<f64> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let means = means.targets().iter();
        means
            .map(|mean| Poisson::new(*mean).unwrap().sample(&mut rng))
            .collect()
    };
    let fresh = sample("exp(9*x1/10 - 6*x2/10 + 1/2)", &sides, 1000, 4);
    let options = SearchOptions {
        n_generations: 10,
        ..operators("+,-,*,/,exp")
    };
    // The error of the logarithm, which says how far a mean is off in percent.
    let error_of = |loss, seed| {
        let objective = ValueObjective::new(means.points(), counts(seed)).unwrap();
        let objective = objective.with_loss(loss).unwrap();
        let found = search_for(&objective, &options, progress::silent).unwrap();
        let best = &found.front.best().unwrap().expression;
        let rows = fresh.points().rows().zip(fresh.targets());
        let errors = rows.map(|(x, mean)| (best.value(x).max(1e-3) / mean).ln().powi(2));
        (errors.sum::<f64>() / 1000.0).sqrt()
    };
    // Of one sample, either may be the better one by chance.
    let error = |loss| (5..10).map(|seed| error_of(loss, seed)).sum::<f64>() / 5.0;
    let (poisson, squared) = (error(ValueLoss::Poisson), error(ValueLoss::Squared));
    assert!(poisson < 0.1 && poisson < squared, "{poisson} {squared}");

    let negative = ValueObjective::new(
        means.points(),
        means.points().column(0).map(|x| x - 1.0).collect(),
    );
    let refused = negative.unwrap().with_loss(ValueLoss::Poisson);
    let message = refused.unwrap_err().to_string();
    assert!(
        message.contains("counts, which are 0 or above"),
        "{message}"
    );
}

#[test]
fn labels_are_told_apart_by_the_sign_of_the_formula() {
    let sides = [(-1.0, 1.0), (-1.0, 1.0)];
    let truth = |x: &[f64]| x[0] > x[1] * x[1];
    let label = |x: &[f64]| f64::from(u8::from(truth(x)));
    let data = Dataset::from_function(&sides, 1000, 0, label).unwrap();
    for loss in [
        LabelLoss::Hinge,
        LabelLoss::SquaredHinge,
        LabelLoss::Logistic,
    ] {
        let objective = LabelObjective::from_dataset(&data, loss).unwrap();
        let options = SearchOptions {
            n_generations: 5,
            ..operators("+,-,*,/")
        };
        let found = search_for(&objective, &options, progress::silent).unwrap();
        let last = &found.front.candidates().last().unwrap().expression;
        let fresh = Dataset::from_function(&sides, 2000, 1, label).unwrap();
        let rows = fresh.points().chunks(2);
        let n_right = rows.filter(|x| (last.value(x) > 0.0) == truth(x)).count();
        assert!(
            n_right > 1960,
            "{loss:?}: {last} is right on {n_right} of 2000"
        );
    }
}

#[test]
fn noisy_labels_alone_give_the_structure_of_their_boundary() {
    let data = Experiment::Two.sample(10_000, 0);
    let truth = Expression::parse("(x1 + x2)*(x1 + 2*x2) - 5", &[]).unwrap();
    let fresh = Dataset::from_function(&[(-2.0, 0.0); 2], 5000, 1, |x| truth.value(x)).unwrap();
    let objective = LabelObjective::from_dataset(&data, LabelLoss::Hinge).unwrap();
    let options = SearchOptions {
        n_generations: 0,
        ..operators("+,*")
    };
    let found = search_for(&objective, &options, progress::silent).unwrap();
    let best = &found.front.best().unwrap().expression;
    let rows = fresh.points().chunks(2).zip(fresh.targets());
    let n_right = rows.filter(|(x, y)| (best.value(x) > 0.0) == (**y > 0.0));
    assert!(
        best.complexity() <= truth.complexity() && n_right.count() > 4985,
        "found {best}"
    );
}

#[test]
fn what_cannot_be_matched_is_refused_by_name() {
    let message = |error: Error| error.to_string();
    let points = vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let values = |values: Vec<f64>| {
        message(
            ValueObjective::new(&Points::new(names(1), points.clone()).unwrap(), values)
                .unwrap_err(),
        )
    };
    assert_eq!(
        values(vec![2.0; 6]),
        "all values are the same; there is nothing to match"
    );
    assert_eq!(values(vec![2.0; 5]), "there are 6 rows, but 5 targets");
    assert_eq!(
        values(vec![1.0, 2.0, f64::NAN, 4.0, 5.0, 6.0]),
        "the target of row 3 is NaN; only finite numbers are allowed"
    );
    let infinite = vec![1.0, 2.0, 3.0, f64::INFINITY, 5.0, 6.0];
    let error = Points::new(["flow"], infinite).unwrap_err();
    assert_eq!(
        message(error),
        "row 4, column \"flow\" is inf; only finite numbers are allowed"
    );
    let few = ValueObjective::new(
        &Points::new(names(1), vec![1.0, 2.0]).unwrap(),
        vec![1.0, 2.0],
    )
    .unwrap_err();
    assert_eq!(
        message(few),
        "there are 2 points, but at least 5 are needed"
    );
    let labels = LabelObjective::new(
        &Points::new(names(1), points).unwrap(),
        vec![true; 6],
        LabelLoss::Hinge,
    );
    assert_eq!(
        message(labels.unwrap_err()),
        "all labels are the same; there is nothing to tell apart"
    );
}
