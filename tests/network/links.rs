//! From the formula back to the network: threshold, phi and the class probability.

use crate::by_hand;
use crate::support;

use by_hand::{product, quadratic};
use closedform::interpretation::{LinkCurve, LinkFunction, Paired, polish};
use closedform::search::Candidate;
use closedform::{BlackBox, Dataset, Expression, Interpretation, Model, Network, Task};

const SIDES: [(f64, f64); 2] = [(0.2, 2.0); 2];

fn data(n: usize, seed: u64) -> Dataset {
    Dataset::from_function(&SIDES, n, seed, |x| f64::from(x[0] * x[1] > 1.0)).unwrap()
}

fn judged(formula: &str, network: &Network) -> Interpretation {
    let formula = Expression::parse(formula, &support::names(2)).unwrap();
    let candidate = Candidate::new(formula, 0.0);
    let (training, fresh) = (data(2000, 0), data(1000, 1));
    Interpretation::of_candidate(&candidate, network, &training, &fresh, 1e-4).unwrap()
}

#[test]
fn violators_are_pooled_as_by_hand() {
    let curve = LinkCurve::monotone(&[0.0, 2.0, 1.0, 3.0], &[1.0, 2.0, 3.0, 4.0]).unwrap();
    assert_eq!(curve.knots(), [(0.0, 1.0), (1.5, 2.5), (3.0, 4.0)]);
    assert_eq!([-1.0, 0.75, 9.0].map(|x| curve.value(x)), [1.0, 1.75, 4.0]);
    // Points at one place count together, and what isn't finite is left out.
    let x = [1.0, 1.0, f64::NAN, 0.0];
    let curve = LinkCurve::monotone(&x, &[1.0, 3.0, 9.0, 5.0]).unwrap();
    assert_eq!(curve.knots(), [(0.0, 5.0), (1.0, 2.0)]);
    assert!(!curve.is_rising());
}

#[test]
fn lists_that_make_no_curve_are_refused() {
    let message = |x: &[f64], y: &[f64]| LinkCurve::monotone(x, y).unwrap_err().to_string();
    assert!(message(&[1.0], &[1.0, 2.0]).contains("1 values of x, but 2 of y"));
    assert!(message(&[f64::NAN], &[1.0]).contains("finite"));
}

#[test]
fn a_curve_explains_what_is_monotone_and_nothing_else() {
    let x: Vec<f64> = (-100..=100).map(|k| f64::from(k) / 100.0).collect();
    let explained = |function: fn(f64) -> f64| {
        let y: Vec<f64> = x.iter().map(|&x| function(x)).collect();
        LinkCurve::monotone(&x, &y).unwrap().explained(&x, &y)
    };
    assert!(explained(|x| x.exp()) > 0.999_999);
    assert!(explained(|x| -x.powi(3)) > 0.999_999);
    assert!(explained(|x| x * x) < 0.6);
}

#[test]
fn phi_is_found_as_a_formula() {
    let t: Vec<f64> = (1..=1000).map(|k| f64::from(k) / 250.0).collect();
    let phis: [fn(f64) -> f64; 4] = [
        |t| 3.0 * t - 2.0,
        |t| 5.0 * t.ln() + 1.0,
        |t| 1.0 - 4.0 * (-t).exp(),
        |t| t.powi(3) - 8.0,
    ];
    for (index, phi) in phis.iter().enumerate() {
        let f: Vec<f64> = t.iter().map(|&t| phi(t)).collect();
        let pairs = Paired {
            formula: &t,
            latent: &f,
        };
        let link = LinkFunction::fit(pairs, pairs, 0).unwrap();
        assert!(link.curve().is_rising());
        assert!(
            link.formula_explained().unwrap() > 0.999,
            "{index}: {link:?}"
        );
        for (&t, &f) in t.iter().zip(&f).step_by(100) {
            assert!(
                (link.value(t) - f).abs() < 0.3,
                "{index}: {}",
                link.value(t)
            );
        }
    }
}

/// A function of one number.
type Phi = fn(f64) -> f64;

#[test]
fn phi_is_searched_for_among_quotients_and_short_sums_of_functions() {
    let t: Vec<f64> = (1..=100).map(|k| f64::from(k) / 25.0).collect();
    let phis: [(&str, Phi); 6] = [
        ("T/(T + 1)", |t| t / (1.0 + t)),
        ("T**2 + sqrt(T)", |t| t * t + t.sqrt()),
        ("tanh(2*T - 3)", |t| (2.0 * t - 3.0).tanh()),
        ("log(2*T + 3)", |t| (2.0 * t + 3.0).ln()),
        ("exp(1.7*log(T))", |t| t.powf(1.7)),
        ("1 - 4/exp(T)", |t| 1.0 - 4.0 * (-t).exp()),
    ];
    for (expected, phi) in phis {
        let f: Vec<f64> = t.iter().map(|&t| phi(t)).collect();
        let pairs = Paired {
            formula: &t,
            latent: &f,
        };
        // What is found doesn't depend on the seed: nothing is evolved.
        for seed in 0..2 {
            let link = LinkFunction::fit(pairs, pairs, seed).unwrap();
            assert_eq!(link.formula_text().as_deref(), Some(expected));
        }
    }
}

#[test]
fn a_formula_that_is_worse_than_the_curve_is_not_accepted() {
    // Steps: a rising curve has no trouble with them, a short formula does.
    let t: Vec<f64> = (0..2000).map(|k| f64::from(k) / 100.0).collect();
    let f: Vec<f64> = t
        .iter()
        .map(|t| t.floor() + (t / 7.0).floor() * 20.0)
        .collect();
    let pairs = Paired {
        formula: &t,
        latent: &f,
    };
    let link = LinkFunction::fit(pairs, pairs, 0).unwrap();
    assert!(link.explained() > 0.999_999);
    assert_eq!(link.formula(), None);
    assert_eq!(link.value(3.5), link.curve().value(3.5));
}

#[test]
fn rule_and_class_probability_follow_from_the_formula() {
    let network = product(4.0);
    let found = judged("x1*x2", &network);
    assert!((found.threshold().unwrap() - 1.0).abs() < 0.01, "{found}");
    assert!(found.link().formula().is_some(), "{found}");
    let fresh = data(300, 2);
    let given = network.predict(fresh.points()).unwrap();
    let latent = network.latent(fresh.points()).unwrap();
    let own = found.probability(fresh.points()).unwrap();
    let own_latent = found.latent(fresh.points()).unwrap();
    for row in 0..300 {
        assert!(
            (own[row] - given[row]).abs() < 0.01,
            "{} {}",
            own[row],
            given[row]
        );
        assert!((own_latent[row] - latent[row]).abs() < 0.05);
    }
    assert!(found.latent(&[1.0]).is_err());
    assert_eq!(found.whole(), None, "a classifier has no whole formula");
}

#[test]
fn polishing_serves_the_data_and_leaves_the_interpretation_alone() {
    // The network's boundary is x1^2 + 2 x2^2 = 3, the data's 1.1 x1^2 + 1.6 x2^2 = 3.
    let network = quadratic(&[(3.0, [1.0, 0.0]), (6.0, [0.0, 1.0])], -9.0);
    let label = |x: &[f64]| f64::from(1.1 * x[0] * x[0] + 1.6 * x[1] * x[1] > 3.0);
    let [training, fresh] =
        [0, 1].map(|seed| Dataset::from_function(&SIDES, 2000, seed, label).unwrap());
    let formula = Expression::parse("x1*x1 + 2*x2*x2", &support::names(2)).unwrap();
    let candidate = Candidate::new(formula, 0.0);
    let found =
        Interpretation::of_candidate(&candidate, &network, &training, &fresh, 1e-4).unwrap();
    let before = found.clone();
    let polished = polish(&found, &training, &fresh).unwrap();
    assert_eq!(found, before);
    assert!(found.agreement().unwrap() > 0.995, "{found}");
    assert_eq!(
        Some(polished.agreement_before()),
        found.certificate().label_agreement
    );
    assert!(polished.agreement() > 0.99, "{polished}");
    assert!(
        polished.agreement() > polished.agreement_before() + 0.01,
        "{polished}"
    );
    let gradient = polished.expression().value_and_gradient(&[1.0, 1.0]).1;
    assert!(
        (gradient[1] / gradient[0] - 1.6 / 1.1).abs() < 0.05,
        "{polished}"
    );
}

#[test]
fn a_whole_formula_is_given_even_where_phi_has_none() {
    // Monotone, and nothing that a short formula of these operators follows.
    let phi = |t: f64| t + 0.15 * (6.0 * t).sin();
    let data = Dataset::from_function(&SIDES, 2000, 0, |x| phi(x[0] * x[1])).unwrap();
    let fresh = Dataset::from_function(&SIDES, 500, 1, |x| phi(x[0] * x[1])).unwrap();
    let model = BlackBox::new(&data, Task::Regression, move |x: &[f64]| phi(x[0] * x[1])).unwrap();
    let formula = Expression::parse("x1*x2", &support::names(2)).unwrap();
    let candidate = Candidate::new(formula, 0.0);
    let found = Interpretation::of_candidate(&candidate, &model, &data, &fresh, 1e-4).unwrap();
    assert_eq!(found.link().formula(), None, "{found}");
    assert!(found.whole().is_some(), "{found}");
    let explained = found.whole_explained().unwrap();
    assert!(
        (0.97..found.link().explained()).contains(&explained),
        "{explained}"
    );
}
