//! Polynomials, Taylor series, regressions.

use crate::odd::{dataset, finite, formula, names, number, numbers, size, task};
use crate::support::cases;
use closedform::polynomial::{Agreement, TaylorCenter, TaylorSeries};
use closedform::regression::RegressionOptions;
use closedform::{Activation, Points, Polynomial, PolynomialRegression, TaylorOptions};
use proptest::prelude::*;

use super::models::network;

fn terms() -> impl Strategy<Value = Vec<(Vec<usize>, f64)>> {
    let label = prop::collection::vec(prop_oneof![8 => 1..4_usize, 1 => size()], 0..4);
    prop::collection::vec((label, prop_oneof![4 => finite(), 1 => number()]), 0..6)
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn polynomials_of_any_terms(
        (n, other_n) in (size(), 1..4_usize),
        (terms, other) in (terms(), terms()),
        (order, variable) in (size(), size()),
        points in numbers(12),
        sides in prop::collection::vec((number(), number()), 0..4),
        names in names(4),
        factor in number(),
    ) {
        let others = [Polynomial::from_terms(other_n, other)];
        for polynomial in [Polynomial::from_terms(n, terms.clone()), Polynomial::from_terms(3, terms)] {
            let Ok(polynomial) = polynomial else { continue };
            polynomial.coefficient(&[variable, order]);
            polynomial.scaled(factor);
            polynomial.truncated(order);
            polynomial.rounded(order);
            let _ = polynomial.derivative(variable);
            let _ = polynomial.values(&points);
            let _ = polynomial.gradients(&points);
            let _ = polynomial.economized(order, &sides);
            polynomial.to_plain(&names);
            polynomial.to_formula(&names);
            polynomial.to_latex(&names);
            let _ = Polynomial::from_expression(&polynomial.to_expression(), order);
            if let [Ok(other)] = &others {
                polynomial.product(other, order);
                let _ = polynomial.substituted(&[other.clone(), polynomial.clone(), other.clone()], order);
                let _ = &(&polynomial + other) - &(&polynomial * other);
            }
        }
    }

    #[test]
    fn polynomials_of_any_formula(formula in formula(), n in size()) {
        let _ = Polynomial::from_expression(&formula, n);
    }

    #[test]
    fn series_of_any_order(
        (center, u, low, high) in (number(), number(), number(), number()),
        (order, max_order) in (size(), size()),
        terms in terms(),
    ) {
        for activation in Activation::ALL {
            activation.value(u);
            activation.activate(&mut [u, low]);
            activation.activate(&mut []);
            for order in [order, order % 31] {
                let Ok(series) = TaylorSeries::new(activation, center, order) else { continue };
                series.value(u);
                series.radius();
                let _ = series.remainder(low, high);
                if let Ok(potential) = Polynomial::from_terms(3, terms.clone()) {
                    series.composed(&potential, max_order.min(4));
                }
            }
        }
    }

    #[test]
    fn agreement_of_any_lists((found, expected) in (numbers(12), numbers(12)), n in size()) {
        let _ = Agreement::of(&found, &expected, n);
    }

    #[test]
    fn networks_as_polynomials(
        network in network(),
        (order, taylor_order) in (prop_oneof![4 => 0..5_usize, 1 => size()], prop_oneof![4 => 0..5_usize, 1 => size()]),
        center in number(),
        economized in prop::option::of(0..4_usize),
        points in numbers(12),
        (output, max_bytes) in (size(), prop_oneof![1 => size(), 3 => Just(1 << 20)]),
        (keep_layers, expand_output, is_mean) in (any::<bool>(), any::<bool>(), any::<bool>()),
    ) {
        let centers = [vec![], vec![TaylorCenter::At(center); 2], vec![TaylorCenter::MeanPotential]];
        for taylor_centers in centers {
            let options = TaylorOptions {
                max_order: order,
                taylor_orders: vec![taylor_order; if is_mean { 1 } else { 2 }],
                taylor_centers,
                points: Points::new(crate::support::names(network.n_inputs()), &points[..]).ok(),
                economized_order: economized,
                keep_layers,
                expand_output,
                max_bytes,
            };
            let Ok(polynomials) = network.to_polynomials(&options) else { continue };
            let _ = polynomials.polynomial(output);
            let _ = polynomials.predict(&points);
            let _ = polynomials.agreement(&network, &points);
            let _ = polynomials.series_fits(&network, &points);
            polynomials.warnings();
        }
    }
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn regressions_on_any_data(
        data in dataset(),
        task in task(),
        max_order in prop_oneof![4 => 0..4_usize, 1 => size()],
        ridge in prop_oneof![2 => Just(0.0), 1 => number()],
        (index, n_folds) in (size(), size()),
        points in numbers(12),
    ) {
        let options = RegressionOptions { task, max_order, ridge };
        let _ = PolynomialRegression::cross_validated(&data, &options, n_folds, 0);
        let Ok(fitted) = PolynomialRegression::fit(&data, &options) else { return Ok(()) };
        let _ = fitted.polynomial(index);
        let _ = fitted.predict(&points);
        let _ = fitted.classify(&points);
        let _ = fitted.error(&data);
    }
}
