//! A certificate says how far a formula explains a network, and says it right.

use crate::by_hand;
use crate::support;

use by_hand::{product, quadratic};
use closedform::interpretation::{Alignment, constant_intervals};
use closedform::search::Candidate;
use closedform::{Dataset, Expression, Interpretation, Network, Result, Verdict};

const SIDES: [(f64, f64); 2] = [(0.2, 2.0); 2];

fn read(formula: &str) -> Expression {
    Expression::parse(formula, &support::names(2)).unwrap()
}

/// Points with the labels of `x1 x2 > 1`.
fn data(sides: &[(f64, f64)], n: usize, seed: u64) -> Dataset {
    Dataset::from_function(sides, n, seed, |x| f64::from(x[0] * x[1] > 1.0)).unwrap()
}

fn try_judged(formula: &str, network: &Network, fresh: &Dataset) -> Result<Interpretation> {
    let training = data(&SIDES, 2000, 0);
    let candidate = Candidate::new(read(formula), 0.0);
    Interpretation::of_candidate(&candidate, network, &training, fresh, 1e-4)
}

fn judged(formula: &str, network: &Network) -> Interpretation {
    try_judged(formula, network, &data(&SIDES, 1000, 1)).unwrap()
}

#[test]
fn the_right_formula_is_the_same_concept() {
    for (network, formula) in [
        (product(4.0), "x1*x2"),
        (product(40.0), "x1*x2"),
        // phi may be any monotone function, falling ones too.
        (product(4.0), "exp(x1*x2)"),
        (product(4.0), "1/(x1*x2)"),
    ] {
        let found = judged(formula, &network);
        let certificate = found.certificate();
        assert_eq!(certificate.verdict, Verdict::SameConcept, "{found}");
        assert!(certificate.in_box.minimum > 0.999, "{found}");
        assert_eq!(certificate.in_box.covered, 1.0, "{found}");
        assert!(certificate.left_by_curve < 0.01, "{found}");
    }
}

#[test]
fn a_classifiers_formula_is_taken_away_with_its_threshold() {
    let found = judged("x1*x2", &product(4.0));
    let taken = found.export().unwrap();
    assert_eq!(taken.expression(), &read("x1*x2"));
    assert_eq!(taken.feature_names(), found.feature_names());
    assert!(taken.threshold().is_some() && taken.threshold() == found.threshold());
}

#[test]
fn a_formula_with_the_same_boundary_is_the_same_decision_only() {
    for steepness in [4.0, 40.0, 400.0] {
        for formula in ["x1 - 1/x2", "(x1*x2 - 1)*exp(2*x1)", "x2 - 1/x1"] {
            let found = judged(formula, &product(steepness));
            let certificate = found.certificate();
            assert_eq!(certificate.verdict, Verdict::SameDecision, "{found}");
            assert!(certificate.agreement.unwrap() > 0.995, "{found}");
        }
    }
}

#[test]
fn a_wrong_formula_does_not_explain_the_network() {
    for formula in ["x1", "x1 + x2", "x1/x2", "sin(9*x1*x2)"] {
        let found = judged(formula, &product(4.0));
        assert_eq!(
            found.certificate().verdict,
            Verdict::NotExplained,
            "{found}"
        );
    }
}

#[test]
fn always_saying_the_commoner_class_is_no_explanation() {
    // Class 1 is rare here, and a rule that never tells it is right in 19 of 20 cases.
    let network = quadratic(&[(1.0, [1.0, 0.0])], -3.6);
    let found = judged("x2", &network);
    let certificate = found.certificate();
    assert!(certificate.agreement.unwrap() > 0.9, "{found}");
    assert!(certificate.skill.unwrap() < 0.1, "{found}");
    assert_eq!(certificate.verdict, Verdict::NotExplained, "{found}");
}

#[test]
fn alignment_is_the_cosine_counted_by_hand() {
    // Cosines 1, 0.8 and 0.6 with the direction of x1; the zero gradient has no direction.
    let gradients = vec![2.0, 0.0, 4.0, 3.0, -3.0, 4.0, 0.0, 0.0];
    let given = support::directions_in(2, [1.0; 8], gradients).unwrap();
    let found = Alignment::new(&given, &read("x1")).unwrap();
    assert_eq!(found.n_points, 3);
    assert!((found.mean - 0.8).abs() < 1e-15);
    assert!((found.minimum - 0.6).abs() < 1e-15);
    assert_eq!(found.worst_percent, found.minimum);
    assert!((found.covered - 1.0 / 3.0).abs() < 1e-15);
    let message = Alignment::new(&given, &Expression::variable(2)).unwrap_err();
    assert!(message.to_string().contains("x3"), "{message}");
}

#[test]
fn labels_and_network_are_told_apart() {
    // The data's labels are those of x1 x2 > 1, the network decides by x1^2 > 1.
    let found = judged("x1", &quadratic(&[(9.0, [1.0, 0.0])], -9.0));
    let certificate = found.certificate();
    assert!(certificate.agreement.unwrap() > 0.995, "{found}");
    let fresh = data(&SIDES, 1000, 1);
    let rows = fresh.points().chunks(2).zip(fresh.targets());
    let threshold = found.threshold().unwrap();
    let n_told = rows.filter(|(x, label)| (x[0] > threshold) == (**label == 1.0));
    let by_hand = n_told.count() as f64 / 1000.0;
    assert_eq!(certificate.label_agreement, Some(by_hand));
    assert!((certificate.network_accuracy.unwrap() - by_hand).abs() < 0.01);
}

#[test]
fn the_share_of_fresh_rows_outside_the_box_is_told() {
    let fresh = data(&[(0.2, 2.0), (0.2, 3.0)], 2000, 1);
    let found = try_judged("x1*x2", &product(4.0), &fresh).unwrap();
    let outside = found.certificate().outside;
    // 1 / 2.8 of the rows have x2 above 2.
    assert!((outside - 1.0 / 2.8).abs() < 0.03, "{outside}");
    assert!(found.to_string().contains("outside"), "{found}");
    assert!(
        !judged("x1*x2", &product(4.0))
            .to_string()
            .contains("outside")
    );
}

#[test]
fn what_cannot_be_explained_is_refused() {
    let fresh = data(&SIDES, 500, 1);
    let refused = |network: &Network| {
        let refused = try_judged("x1*x2", network, &fresh);
        refused.unwrap_err().to_string()
    };
    let message = refused(&quadratic(&[(0.0, [1.0, 1.0])], 2.0));
    assert!(
        message.contains("constant") && message.contains("500 fresh rows"),
        "{message}"
    );
    // Decided beyond doubt everywhere: between no two of the rows is there a boundary to be seen.
    let message = refused(&product(1e9));
    assert!(message.contains("saturated"), "{message}");
}

#[test]
fn intervals_hold_the_numbers_of_the_truth() {
    let truth = "x1**2 + 2*x2**2 + sin(3*x1)";
    let given = support::directions_of(truth, &[(-1.0, 1.0); 2], 500, 0);
    let found =
        constant_intervals(&given, &read("x1*x1 + 1.8*x2*x2 + sin(2.8*x1)"), 50, 0).unwrap();
    for (interval, (start, number)) in found.iter().zip([(1.8, 2.0), (2.8, 3.0)]) {
        assert_eq!(interval.value, start);
        assert!((interval.low - number).abs() < 1e-6, "{interval:?}");
        assert!((interval.high - number).abs() < 1e-6, "{interval:?}");
    }
    assert_eq!(found.len(), 2);
}

#[test]
fn intervals_widen_with_noise_and_are_fixed_by_the_seed() {
    let points = data(&[(-1.0, 1.0); 2], 400, 0).points().to_vec();
    let gradients = |noise: f64| -> Vec<f64> {
        let rows = points.chunks(2).enumerate();
        rows.flat_map(|(row, x)| {
            let error = noise * (row as f64 * 12.9898).sin();
            [2.0 * x[0] + error, 4.0 * x[1] - error]
        })
        .collect()
    };
    let width = |noise: f64, seed: u64| {
        let given = support::directions_in(2, points.clone(), gradients(noise)).unwrap();
        let found = constant_intervals(&given, &read("x1*x1 + 2*x2*x2"), 50, seed).unwrap();
        found[0].high - found[0].low
    };
    assert!(width(0.1, 0) > 5.0 * width(0.01, 0));
    assert_eq!(width(0.1, 7), width(0.1, 7));
    assert_ne!(width(0.1, 7), width(0.1, 8));
}
