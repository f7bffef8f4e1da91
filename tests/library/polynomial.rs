//! Polynomials: their algebra, their values and gradients, and how they are written and read.

use crate::support;

use closedform::{Expression, Polynomial};
use proptest::prelude::*;
use support::{assert_refused, cases, central_difference, names};

/// Random polynomials in three variables, of order up to 4.
fn polynomials() -> impl Strategy<Value = Polynomial> {
    let label = prop::collection::vec(1..=3_usize, 0..=4);
    let term = (label, -3.0..3.0_f64);
    prop::collection::vec(term, 0..8).prop_map(|terms| Polynomial::from_terms(3, terms).unwrap())
}

fn points() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(-1.5..1.5_f64, 3)
}

fn polynomial(n_variables: usize, terms: &[(&[usize], f64)]) -> Polynomial {
    let terms = terms.iter().map(|(label, c)| (label.to_vec(), *c));
    Polynomial::from_terms(n_variables, terms.collect()).unwrap()
}

fn value(polynomial: &Polynomial, point: &[f64]) -> f64 {
    polynomial.values(point).unwrap()[0]
}

/// Term by term, without anything that the library shares between terms.
fn value_by_terms(polynomial: &Polynomial, point: &[f64]) -> f64 {
    let term =
        |(label, c): (&[usize], f64)| c * label.iter().map(|v| point[v - 1]).product::<f64>();
    polynomial.terms().map(term).sum()
}

fn assert_near(found: f64, expected: f64, scale: f64) -> std::result::Result<(), TestCaseError> {
    let error = (found - expected).abs();
    prop_assert!(error <= 1e-12 * (scale.abs() + 1.0), "{found} {expected}");
    Ok(())
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn sums_products_and_scalings_have_the_values_of_their_parts(
        a in polynomials(), b in polynomials(), x in points(), factor in -3.0..3.0_f64,
    ) {
        let (va, vb) = (value_by_terms(&a, &x), value_by_terms(&b, &x));
        // Terms may cancel: rounding is as large as their sizes allow.
        let size = 1e3;
        assert_near(value(&a, &x), va, size)?;
        assert_near(value(&(&a + &b), &x), va + vb, size)?;
        assert_near(value(&(&a - &b), &x), va - vb, size)?;
        assert_near(value(&(&a * &b), &x), va * vb, size * size)?;
        assert_near(value(&-&a, &x), -va, size)?;
        assert_near(value(&a.scaled(factor), &x), factor * va, size)?;
    }

    #[test]
    fn a_truncated_product_is_the_product_truncated(
        a in polynomials(), b in polynomials(), order in 0..9_usize,
    ) {
        prop_assert_eq!(a.product(&b, order), (&a * &b).truncated(order));
    }

    #[test]
    fn gradients_are_finite_differences(a in polynomials(), x in points()) {
        let gradient = a.gradients(&x).unwrap();
        for (index, slope) in gradient.iter().enumerate() {
            let difference = central_difference(|x| value(&a, x), &x, index, 1e-5);
            prop_assert!((slope - difference).abs() < 1e-6 * (1.0 + slope.abs()), "{slope} {difference}");
        }
    }

    #[test]
    fn a_substituted_polynomial_has_the_value_at_the_inner_values(
        a in polynomials(), b in polynomials(), c in polynomials(), d in polynomials(),
        x in points(),
    ) {
        let small = [b, c, d].map(|p| p.truncated(2));
        let inner = small.each_ref().map(|p| value(p, &x));
        let composed = a.substituted(&small, usize::MAX).unwrap();
        let size: f64 = composed.terms().map(|(_, c)| c.abs()).sum();
        assert_near(value(&composed, &x), value(&a, &inner), 40.0 * size)?;
        prop_assert_eq!(a.substituted(&small, 3).unwrap().order().min(3), composed.truncated(3).order());
    }

    #[test]
    fn a_polynomial_is_an_expression_and_comes_back(a in polynomials(), x in points()) {
        let expression = a.to_expression();
        assert_near(expression.value(&x), value(&a, &x), 1e3)?;
        prop_assert_eq!(&Polynomial::from_expression(&expression, 3).unwrap(), &a);
        let read = Expression::parse(&a.to_formula(&[]), &[]).unwrap();
        prop_assert_eq!(&Polynomial::from_expression(&read, 3).unwrap(), &a);
    }

    #[test]
    fn a_polynomial_comes_back_from_json(a in polynomials()) {
        let text = serde_json::to_string(&a).unwrap();
        prop_assert_eq!(serde_json::from_str::<Polynomial>(&text).unwrap(), a);
    }
}

#[test]
fn labels_count_variables_from_one_in_any_order() {
    let p = polynomial(2, &[(&[1, 2, 1], 3.0), (&[2, 1, 1], 0.5), (&[], 2.0)]);
    assert_eq!(p.coefficient(&[1, 1, 2]), 3.5);
    assert_eq!(p.coefficient(&[2, 1, 1]), 3.5);
    assert_eq!(p.coefficient(&[]), 2.0);
    assert_eq!(p.coefficient(&[1]), 0.0);
    assert_eq!((p.n_terms(), p.order(), p.n_variables()), (2, 3, 2));
}

#[test]
fn terms_are_ordered_by_order_and_then_lexicographically() {
    let p = polynomial(
        3,
        &[
            (&[3], 1.0),
            (&[1, 1, 1], 1.0),
            (&[2, 2], 1.0),
            (&[1, 3], 1.0),
            (&[], 1.0),
            (&[1, 2], 1.0),
        ],
    );
    let labels: Vec<Vec<usize>> = p.terms().map(|(label, _)| label.to_vec()).collect();
    let expected: [&[usize]; 6] = [&[], &[3], &[1, 2], &[1, 3], &[2, 2], &[1, 1, 1]];
    assert_eq!(labels, expected);
}

#[test]
fn coefficients_that_cancel_leave_no_term() {
    let p = polynomial(2, &[(&[1], 2.0), (&[2], 1.0)]);
    let q = polynomial(2, &[(&[1], -2.0)]);
    assert_eq!(&p + &q, polynomial(2, &[(&[2], 1.0)]));
    assert_eq!((&p - &p).n_terms(), 0);
    assert_eq!((&p - &p).to_string(), "0");
}

#[test]
fn polynomials_in_fewer_variables_take_part() {
    let p = &polynomial(1, &[(&[1], 2.0)]) * &polynomial(3, &[(&[3], 1.5)]);
    assert_eq!(p, polynomial(3, &[(&[1, 3], 3.0)]));
}

#[test]
fn polynomials_are_written_plain_for_sympy_and_as_latex() {
    let p = polynomial(
        2,
        &[
            (&[], -0.5),
            (&[1], 1.0),
            (&[2], -1.0),
            (&[1, 1, 2], 2e-9),
            (&[2, 2], 1.5),
        ],
    );
    assert_eq!(p.to_plain(&[]), "-0.5 + x1 - x2 + 1.5 x2^2 + 2e-9 x1^2 x2");
    assert_eq!(p.to_string(), p.to_plain(&[]));
    let names = ["width".to_string(), "h2".to_string()];
    assert_eq!(
        p.to_formula(&names),
        "-0.5 + width - h2 + 1.5*h2**2 + 2e-9*width**2*h2"
    );
    assert_eq!(
        p.to_latex(&names),
        "-0.5 + \\mathrm{width} - h_{2} + 1.5 h_{2}^{2} \
         + 2 \\cdot 10^{-9} \\mathrm{width}^{2} h_{2}"
    );
}

#[test]
fn rounding_keeps_significant_digits() {
    let p = polynomial(
        1,
        &[(&[], 1234.56), (&[1], -1.0 / 3.0), (&[1, 1], 2.0e-7 / 3.0)],
    );
    assert_eq!(p.rounded(3).to_string(), "1230 - 0.333 x1 + 6.67e-8 x1^2");
}

#[test]
fn many_points_are_computed_as_one_by_one() {
    let p = polynomial(
        3,
        &[
            (&[1, 1, 2], 3.0),
            (&[1, 2, 3], -1.0),
            (&[3], 0.5),
            (&[], 1.0),
        ],
    );
    let points: Vec<f64> = (0..3 * 1000).map(|k| (k as f64).sin()).collect();
    let values = p.values(&points).unwrap();
    let gradients = p.gradients(&points).unwrap();
    assert_eq!((values.len(), gradients.len()), (1000, 3000));
    for (row, x) in points.chunks_exact(3).enumerate() {
        assert_eq!(values[row], value(&p, x));
        let by_hand = [
            6.0 * x[0] * x[1] - x[1] * x[2],
            3.0 * x[0] * x[0] - x[0] * x[2],
            0.5 - x[0] * x[1],
        ];
        for (found, expected) in gradients[3 * row..].iter().zip(by_hand) {
            assert!((found - expected).abs() < 1e-14);
        }
    }
}

#[test]
fn sums_of_thousands_of_terms_are_expressions() {
    let terms = (0..3000).map(|k| (vec![1; k % 60], 1.0 / (k + 1) as f64));
    let terms = terms.chain((0..6000).map(|k| (vec![k + 1], 0.5))).collect();
    let p = Polynomial::from_terms(6000, terms).unwrap();
    let x = vec![0.5; 6000];
    assert!((p.to_expression().value(&x) / value(&p, &x) - 1.0).abs() < 1e-12);
}

#[test]
fn formulas_are_polynomials_only_if_they_are() {
    let read = |text: &str| {
        let formula = Expression::parse(text, &names(2)).unwrap();
        Polynomial::from_expression(&formula, 2).map_err(|error| error.to_string())
    };
    let square = read("(x1 + 2*x2)**3/2 - sqrt(4)*x1").unwrap();
    assert_eq!(
        square.to_string(),
        "-2 x1 + 0.5 x1^3 + 3 x1^2 x2 + 6 x1 x2^2 + 4 x2^3"
    );
    assert_eq!(read("x1**0 + x2**5").unwrap().to_string(), "1 + x2^5");
    for (text, part) in [
        ("x1 + sin(x2)", "sin(x2)"),
        ("x2*(1/x1)", "1/x1"),
        ("x1/x2", "x1/x2"),
        ("1 + log(0 - 1)", "log(0 - 1)"),
    ] {
        let message = read(text).unwrap_err();
        assert!(
            message.contains("no polynomial") && message.contains(part),
            "{message}"
        );
    }
    let message = read("(x1 + x2 + 1)**64*(x1 + x2)**64*(x1 + 3*x2 + 1)**64").unwrap_err();
    assert!(message.contains("too long"), "{message}");
    let three = Expression::variable(2);
    assert_refused(
        Polynomial::from_expression(&three, 2),
        &["variable 3", "1 to 2"],
    );
}

#[test]
fn what_is_no_polynomial_is_refused() {
    let refused = |n: usize, label: &[usize], c: f64, words: &[&str]| {
        let made = Polynomial::from_terms(n, vec![(label.to_vec(), c)]);
        assert_refused(made, words)
    };
    refused(0, &[], 1.0, &["n_variables", "0", "at least 1"]);
    refused(2, &[1, 3], 1.0, &["[1, 3]", "variable 3", "1 to 2"]);
    refused(2, &[0], 1.0, &["variable 0", "1 to 2"]);
    refused(2, &[1], f64::NAN, &["[1]", "NaN", "finite"]);
    let p = polynomial(2, &[(&[1], 1.0)]);
    for points in [&[][..], &[1.0, 2.0, 3.0]] {
        assert_refused(p.values(points), &["rows of 2 variables"]);
        assert!(p.gradients(points).is_err());
    }
    assert_refused(p.derivative(3), &["3", "between 1 and 2"]);
    assert!(p.derivative(0).is_err());
    assert_refused(
        p.substituted(std::slice::from_ref(&p), 3),
        &["1 polynomials", "2 variables"],
    );
    let text = r#"{"n_variables": 2, "labels": [[1], [2]], "values": [1.0]}"#;
    assert_refused(
        serde_json::from_str::<Polynomial>(text),
        &["2 labels", "1 values"],
    );
}
