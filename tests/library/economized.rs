//! Economized polynomials are the nearest ones of their order over a box.

use crate::support;

use closedform::model::DenseLayer;
use closedform::regression::RegressionOptions;
use closedform::{
    Activation, Dataset, DenseNetwork, Polynomial, PolynomialRegression, TaylorOptions,
};
use proptest::prelude::*;
use support::assert_refused;

fn univariate(coefficients: &[f64]) -> Polynomial {
    let terms = coefficients.iter().enumerate();
    Polynomial::from_terms(1, terms.map(|(n, c)| (vec![1; n], *c)).collect()).unwrap()
}

/// The integral over a box, term by term.
fn integral(polynomial: &Polynomial, sides: &[(f64, f64)]) -> f64 {
    let of_term = |(label, c): (&[usize], f64)| {
        let sides = sides.iter().enumerate().map(|(variable, (low, high))| {
            let power = label.iter().filter(|v| **v == variable + 1).count() as i32 + 1;
            (high.powi(power) - low.powi(power)) / f64::from(power)
        });
        c * sides.product::<f64>()
    };
    polynomial.terms().map(of_term).sum()
}

#[test]
fn known_powers_become_what_calculus_says() {
    // Least squares on [0, 1]: x^2 is nearest to x - 1/6 (by hand).
    let found = univariate(&[0.0, 0.0, 1.0])
        .economized(1, &[(0.0, 1.0)])
        .unwrap();
    assert!((found.coefficient(&[1]) - 1.0).abs() < 1e-14);
    assert!((found.coefficient(&[]) + 1.0 / 6.0).abs() < 1e-14);
    // x^4 on [-1, 1]: 6/7 x^2 - 3/35.
    let found = univariate(&[0.0, 0.0, 0.0, 0.0, 1.0])
        .economized(3, &[(-1.0, 1.0)])
        .unwrap();
    assert!((found.coefficient(&[1, 1]) - 6.0 / 7.0).abs() < 1e-14);
    assert!((found.coefficient(&[]) + 3.0 / 35.0).abs() < 1e-14);
    assert_eq!(found.n_terms(), 2);
}

#[test]
fn what_fits_into_the_order_stays_as_it_is() {
    let terms = vec![(vec![1, 2], 2.0), (vec![2], -1.0), (vec![], 0.5)];
    let polynomial = Polynomial::from_terms(2, terms).unwrap();
    for order in 2..5 {
        let same = polynomial
            .economized(order, &[(-1.0, 1.0), (-1.0, 1.0)])
            .unwrap();
        assert_eq!(same, polynomial);
    }
}

proptest! {
    #[test]
    fn what_is_left_is_orthogonal_to_every_monomial_that_stays(
        terms in prop::collection::vec((prop::collection::vec(1_usize..4, 0..7), -2.0..2.0_f64), 1..12),
        corners in prop::collection::vec((-2.0..1.0_f64, 0.5..2.0_f64), 3),
        max_order in 0_usize..4,
    ) {
        let sides: Vec<(f64, f64)> = corners.iter().map(|(low, width)| (*low, low + width)).collect();
        let polynomial = Polynomial::from_terms(3, terms).unwrap();
        let found = polynomial.economized(max_order, &sides).unwrap();
        prop_assert!(found.order() <= max_order);
        let left = &polynomial - &found;
        let scale = 1.0 + integral(&(&polynomial * &polynomial), &sides).sqrt();
        for label in [vec![], vec![1], vec![3], vec![1, 2], vec![2, 2], vec![1, 2, 3], vec![3, 3, 3]] {
            if label.len() > max_order { continue; }
            let monomial = Polynomial::from_terms(3, vec![(label.clone(), 1.0)]).unwrap();
            let product = integral(&(&left * &monomial), &sides);
            prop_assert!(product.abs() < 1e-7 * scale, "{label:?}: {product}");
        }
    }
}

/// A network of one input: 2 sin(x) + sin(x / 2 + 1).
fn sines() -> DenseNetwork {
    let hidden = DenseLayer::new(Activation::Sin, &[vec![0.0, 1.0], vec![1.0, 0.5]]).unwrap();
    let output = DenseLayer::new(Activation::Linear, &[vec![0.0], vec![2.0], vec![1.0]]).unwrap();
    DenseNetwork::new(vec![hidden, output]).unwrap()
}

#[test]
fn a_networks_economized_taylor_polynomial_is_its_polynomial_regression() {
    let network = sines();
    let data = Dataset::from_function(&[(-2.0, 2.0)], 200_000, 0, |x| {
        2.0 * x[0].sin() + (x[0] / 2.0 + 1.0).sin()
    })
    .unwrap();
    let fit = RegressionOptions {
        max_order: 3,
        ..RegressionOptions::default()
    };
    let regression = PolynomialRegression::fit(&data, &fit)
        .unwrap()
        .polynomial(0)
        .unwrap();
    let taylor = TaylorOptions {
        max_order: 19,
        taylor_orders: vec![19],
        points: Some(data.points().clone()),
        ..TaylorOptions::default()
    };
    let cut_off = network
        .to_polynomials(&taylor)
        .unwrap()
        .polynomial(0)
        .unwrap();
    let taylor = TaylorOptions {
        economized_order: Some(3),
        ..taylor
    };
    let economized = network.to_polynomials(&taylor).unwrap();
    assert_eq!(economized.family().order(), 3);
    let economized = economized.polynomial(0).unwrap();
    for label in [vec![], vec![1], vec![1, 1], vec![1, 1, 1]] {
        let expected = regression.coefficient(&label);
        // 200 000 rows are no integral: their mean is off by a thousandth.
        assert!(
            (economized.coefficient(&label) - expected).abs() < 2e-3,
            "{label:?}"
        );
    }
    // sin has no better cubic at 0 than its Taylor polynomial, but over the box it has.
    assert!((cut_off.coefficient(&[1, 1, 1]) - regression.coefficient(&[1, 1, 1])).abs() > 0.05);
}

#[test]
fn boxes_that_dont_fit_are_refused() {
    let square = univariate(&[0.0, 0.0, 1.0]);
    assert_refused(
        square.economized(1, &[(0.0, 1.0), (0.0, 1.0)]),
        &["2 sides", "1 variables"],
    );
    assert_refused(
        square.economized(1, &[(1.0, 1.0)]),
        &["side 1", "(1, 1)", "below"],
    );
    assert_refused(square.economized(1, &[]), &["no sides"]);
    let too_high = TaylorOptions {
        economized_order: Some(3),
        ..TaylorOptions::default()
    };
    assert_refused(
        sines().to_polynomials(&too_high),
        &["economized_order", "3", "max_order, 2"],
    );
}
