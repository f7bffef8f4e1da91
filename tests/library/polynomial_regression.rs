//! A polynomial fitted to data has the coefficients that exact arithmetic gives, and its order is
//! the one that the data support.

use crate::support;

use closedform::regression::RegressionOptions;
use closedform::{Dataset, PolynomialRegression, Task};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use support::assert_refused;

fn options(max_order: usize) -> RegressionOptions {
    RegressionOptions {
        max_order,
        ..RegressionOptions::default()
    }
}

fn classes(max_order: usize) -> RegressionOptions {
    RegressionOptions {
        task: Task::Classification,
        ..options(max_order)
    }
}

/// `function` at random points, with noise of this standard deviation, about.
fn noisy(n: usize, noise: f64, function: impl Fn(&[f64]) -> f64) -> Dataset {
    let clean = Dataset::from_function(&[(-1.0, 1.0); 2], n, 0, function).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut error = || (0..12).map(|_| rng.random_range(-0.5..0.5)).sum::<f64>();
    let targets: Vec<f64> = clean
        .targets()
        .iter()
        .map(|t| t + noise * error())
        .collect();
    let rows: Vec<Vec<f64>> = clean.points().chunks(2).map(<[f64]>::to_vec).collect();
    Dataset::from_rows(&["a", "b"], &rows, &targets).unwrap()
}

#[test]
fn a_polynomial_is_found_again_in_units_far_from_1() {
    let truth = |x: &[f64]| 7.0 - 0.5 * x[0] + 2e-4 * x[0] * x[1] + 3e5 * x[2] * x[2] * x[1];
    let sides = [(1000.0, 1100.0), (-50.0, 10.0), (1e-4, 2e-4)];
    let data = Dataset::from_function(&sides, 200, 3, truth).unwrap();
    let fitted = PolynomialRegression::fit(&data, &options(3)).unwrap();
    assert_eq!((fitted.n_terms(), fitted.rank()), (20, 20));
    let polynomial = fitted.polynomial(0).unwrap();
    for (label, expected) in [(&[1, 2][..], 2e-4), (&[2, 3, 3], 3e5), (&[1], -0.5)] {
        let found = polynomial.coefficient(label);
        assert!((found / expected - 1.0).abs() < 1e-5, "{label:?}: {found}");
    }
    let predicted = fitted.predict(data.points()).unwrap();
    for (found, expected) in predicted.iter().zip(data.targets()) {
        assert!((found / expected - 1.0).abs() < 1e-9);
    }
}

#[test]
fn coefficients_are_those_of_exact_arithmetic() {
    let rows = [
        [0.0, 1.0],
        [1.0, 3.0],
        [2.0, -1.0],
        [4.0, 0.0],
        [3.0, 2.0],
        [-2.0, 5.0],
        [5.0, 4.0],
        [1.0, -3.0],
    ];
    let targets = [1.0, 4.0, -2.0, 0.5, 3.0, 7.0, -1.0, 2.0];
    let program = "
from sympy import Matrix, Rational
rows = [[0,1],[1,3],[2,-1],[4,0],[3,2],[-2,5],[5,4],[1,-3]]
y = Matrix([1, 4, -2, Rational(1, 2), 3, 7, -1, 2])
X = Matrix([[1, a, b, a*a, a*b, b*b] for a, b in rows])
print(*[float(c) for c in (X.T * X).LUsolve(X.T * y)])
";
    let printed = support::python(program, "");
    let expected: Vec<f64> = printed
        .split_whitespace()
        .map(|c| c.parse().unwrap())
        .collect();
    let rows: Vec<Vec<f64>> = rows.iter().map(|row| row.to_vec()).collect();
    let data = Dataset::from_rows(&["a", "b"], &rows, &targets).unwrap();
    let polynomial = PolynomialRegression::fit(&data, &options(2))
        .unwrap()
        .polynomial(0)
        .unwrap();
    let labels: [&[usize]; 6] = [&[], &[1], &[2], &[1, 1], &[1, 2], &[2, 2]];
    for (label, expected) in labels.iter().zip(expected) {
        let found = polynomial.coefficient(label);
        assert!(
            (found - expected).abs() < 1e-11,
            "{label:?}: {found}, {expected}"
        );
    }
}

#[test]
fn inputs_that_depend_on_each_other_lower_the_rank_and_nothing_else() {
    let rows: Vec<Vec<f64>> = (0..40)
        .map(|i| vec![f64::from(i), 3.0 * f64::from(i) - 2.0])
        .collect();
    let targets: Vec<f64> = rows.iter().map(|row| row[0] * row[1]).collect();
    let data = Dataset::from_rows(&["a", "b"], &rows, &targets).unwrap();
    let fitted = PolynomialRegression::fit(&data, &options(2)).unwrap();
    assert_eq!((fitted.n_terms(), fitted.rank()), (6, 3));
    assert!(fitted.error(&data).unwrap() < 1e-18);
}

#[test]
fn cross_validation_chooses_the_order_of_the_truth() {
    let data = noisy(300, 0.1, |x| x[0].powi(3) - 2.0 * x[0] * x[1] * x[1] + x[1]);
    let (fitted, scores) =
        PolynomialRegression::cross_validated(&data, &options(6), 10, 0).unwrap();
    assert_eq!(fitted.n_terms(), 10, "{scores:?}");
    assert!(scores[1].error > 2.0 * scores[2].error);
    assert!(
        (scores[2].error.sqrt() - 0.1).abs() < 0.01,
        "the noise is all that is left"
    );
    let again = PolynomialRegression::cross_validated(&data, &options(6), 10, 0).unwrap();
    assert_eq!(again, (fitted, scores));
}

#[test]
fn a_circle_needs_the_second_order() {
    let inside = |x: &[f64]| f64::from(u8::from(x[0] * x[0] + x[1] * x[1] < 0.6));
    let data = Dataset::from_function(&[(-1.0, 1.0); 2], 1000, 0, inside).unwrap();
    let fresh = Dataset::from_function(&[(-1.0, 1.0); 2], 1000, 1, inside).unwrap();
    let wrong = |order| {
        PolynomialRegression::fit(&data, &classes(order))
            .unwrap()
            .error(&fresh)
            .unwrap()
    };
    assert!(
        wrong(1) > 0.3 && wrong(2) < 0.02,
        "{}, {}",
        wrong(1),
        wrong(2)
    );
}

#[test]
fn probabilities_of_several_classes_add_up_to_1_and_tell_them() {
    let class = |x: &[f64]| f64::from(u8::from(x[0] > -0.3)) + f64::from(u8::from(x[0] > 0.3));
    let data = Dataset::from_function(&[(-1.0, 1.0); 2], 900, 0, class).unwrap();
    let fitted = PolynomialRegression::fit(&data, &classes(3)).unwrap();
    assert_eq!(fitted.n_polynomials(), 3);
    for row in fitted.predict(data.points()).unwrap().chunks(3) {
        assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
    assert!(fitted.error(&data).unwrap() < 0.03);
}

#[test]
fn what_cannot_be_fitted_is_refused() {
    let data = noisy(20, 0.0, |x| x[0]);
    let fit = |options| PolynomialRegression::fit(&data, &options);
    assert_refused(fit(options(0)), &["max_order is 0", "between 1 and 30"]);
    assert_refused(
        fit(RegressionOptions {
            ridge: -1.0,
            ..options(1)
        }),
        &["ridge is -1"],
    );
    assert_refused(fit(classes(1)), &["row 1", "classification"]);
    let wide: Vec<Vec<f64>> = (0..9)
        .map(|i| (0..60).map(|j| f64::from(i * j)).collect())
        .collect();
    let names: Vec<String> = (0..60).map(|j| format!("x{j}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let wide = Dataset::from_rows(&names, &wide, &[1.0; 9]).unwrap();
    assert_refused(
        PolynomialRegression::fit(&wide, &options(9)),
        &["60 features", "order 9"],
    );
    let folds = |n| PolynomialRegression::cross_validated(&data, &options(2), n, 0);
    assert_refused(folds(1), &["n_folds is 1"]);
    assert_refused(folds(21), &["n_folds is 21", "20"]);
    let fitted = fit(options(1)).unwrap();
    assert_refused(fitted.predict(&[1.0; 3]), &["3 values", "2 features"]);
    assert_refused(fitted.classify(&[1.0; 2]), &["number"]);
    assert_refused(fitted.polynomial(1), &["index is 1"]);
}
