//! Claim: a study judges formulas rightly, and keeps its rows whatever happens to it.
#![cfg(all(feature = "network", feature = "frames"))]

use closedform::{Experiment, Expression, Judgement, Rate, Verdict, structure_error};

fn read(formula: &str) -> Expression {
    formula.parse().unwrap()
}

fn judged(formula: &str, experiment: Experiment) -> Judgement {
    Judgement::new(&read(formula), None, experiment).unwrap()
}

use Experiment::*;

#[test]
fn a_truth_has_its_own_structure_with_its_own_constants() {
    for experiment in Experiment::ALL {
        for truth in experiment.truths() {
            let error = structure_error(&truth, &truth, &experiment.sides()).unwrap();
            assert!(error.unwrap() < 1e-9, "{truth}");
        }
    }
}

#[test]
fn the_truths_are_the_concepts_that_labels_are_drawn_from() {
    for experiment in &Experiment::ALL[..6] {
        let (truth, concept) = (&experiment.truths()[0], experiment.concepts()[0]);
        let points = experiment.sample(100, 3);
        for row in 0..100 {
            let x = points.point(row);
            let (found, expected) = (truth.value(x), concept.value(x));
            assert!(
                (found - expected).abs() <= 1e-9 * expected.abs(),
                "{truth} at {x:?}"
            );
        }
    }
}

/// Formulas with the largest relative error of their constants, by hand.
#[test]
fn wrong_constants_keep_the_structure_and_their_error_is_told() {
    let cases = [
        (One, "x1**2 + 1.9*x2**2", 0.05),
        (One, "0.5*x1**2 + x2**2", 0.0),
        (One, "x1**2 - 2*x2**2", 2.0),
        (Two, "(x1 + x2)*(x1 + 2*x2)", 0.0),
        (Two, "(x1 + x2)*(x1 + 1.9*x2)", 0.05),
        (Three, "x1**2 + sin(x2 + 0.9*x3)", 0.1),
        (Three, "3*x1**2 - 3*sin(-x2 - x3)", 0.0),
        (
            Four,
            "exp(x1 - x2) - 3.15*x3",
            3.15 / std::f64::consts::PI - 1.0,
        ),
        (Four, "exp(x1)/exp(x2) - pi*x3", 0.0),
        (Five, "x1*exp(-0.479*(x2**2 + x3**2))", 0.042),
        (Six, "x1*x2/((x3 - x4)**2 + 1.1*(x5 - x6)**2)", 0.1),
        (Seven, "x1*x2 + 0.8*x3*x4", 0.2),
    ];
    for (experiment, formula, expected) in cases {
        let found = judged(formula, experiment);
        assert_eq!(found.verdict, Verdict::Truth, "{formula}");
        let error = found.constants_error.unwrap();
        assert!(
            (error - expected).abs() < 1e-4,
            "{formula}: {error}, not {expected}"
        );
    }
}

#[test]
fn a_monotone_function_of_the_truth_has_its_structure() {
    let cases = [
        (One, "exp(x1**2 + 2*x2**2)"),
        (One, "(x1**2 + 2*x2**2)**3"),
        (One, "7 - 3*(x1**2 + 2*x2**2)"),
        (One, "sqrt(x1**2 + 2*x2**2)"),
        (Three, "(x1**2 + sin(x2 + x3))**3"),
        (Four, "tanh(0.1*(exp(x1 - x2) - pi*x3))"),
        (Five, "x1**2/exp(x2**2 + x3**2)"),
        (Five, "log(x1) - x2**2/2 - x3**2/2"),
        (Six, "((x3 - x4)**2 + (x5 - x6)**2)/(x1*x2)"),
    ];
    for (experiment, formula) in cases {
        let found = judged(formula, experiment);
        assert_eq!(found.verdict, Verdict::Truth, "{formula}");
        assert!(
            found.constants_error.unwrap() < 1e-4,
            "{formula}: {found:?}"
        );
    }
}

#[test]
fn another_structure_is_told_from_the_truths_even_if_near() {
    let cases = [
        (One, "x1**2"),
        (One, "x1**2 + 2*x2**2 + 0.02*x1*x2"),
        (One, "x1**2 + abs(x2)"),
        (Two, "0.712*x1 + x2"),
        (Two, "(0.712*x1 + x2)**2"),
        (Three, "x1**2 + x2 + x3"),
        (Three, "(x1**2 + sin(x2 + x3))**2"),
        (Four, "x1 - x2 - pi*x3"),
        (Four, "(x1 - x2 + 3)**2 - 6*x3"),
        (Five, "x1/(1 + x2**2 + x3**2)"),
        (Six, "x1*x2 - (x3 - x4)**2"),
        (Six, "x1*x2/((x3 - x4)**2 + (x5 - x6)*(x5 - 1.1*x6))"),
        (Seven, "x1*x2"),
        (Seven, "x1*x2*x3*x4"),
        (Seven, "exp(x1*x2) + exp(x3*x4)"),
    ];
    for (experiment, formula) in cases {
        let found = judged(formula, experiment);
        assert_eq!(found.verdict, Verdict::Other, "{formula}: {found:?}");
        assert_eq!(found.constants_error, None);
    }
}

#[test]
fn a_formula_that_matches_by_length_has_not_the_structure() {
    // Equal in the box, but written with terms that the truth hasn't, and near nothing shorter.
    let formula = "x1**2 + 2*x2**2 + 0.00001*sin(x1*x2 + 3)*exp(x1 + 0.3*x2) + 0.00001*x1*x2*x2";
    assert_eq!(judged(formula, One).verdict, Verdict::Other);
}

#[test]
fn experiment_6_is_also_found_by_its_boundary_and_experiment_8_has_no_known_truth() {
    let found = judged("x1*x2 - (x3 - x4)**2 - 0.9*(x5 - x6)**2", Six);
    assert_eq!(found.verdict, Verdict::Boundary);
    assert!((found.constants_error.unwrap() - 0.1).abs() < 1e-4);
    let found = judged("x1*x2 + x3", Eight);
    assert_eq!((found.verdict, found.cosine), (Verdict::Unknown, None));
}

#[test]
fn decisions_are_judged_without_noise_and_where_two_concepts_agree() {
    let agreement = |formula: &str, threshold, experiment| {
        let found = Judgement::new(&read(formula), Some(threshold), experiment);
        found.unwrap().agreement.unwrap()
    };
    assert_eq!(agreement("x1**2 + 2*x2**2", 1.0, One), 1.0);
    // An ellipse of area pi/sqrt(2) against one of pi/2, in a box of 4.
    let expected = 1.0 - std::f64::consts::PI * (0.5_f64.sqrt() - 0.5) / 4.0;
    assert!((agreement("x1**2 + 4*x2**2", 1.0, One) - expected).abs() < 0.02);
    assert_eq!(agreement("x1*x2", 1.0, Seven), 1.0);
    assert!(agreement("x1*x2 + x3*x4", 2.0, Seven) > 0.99);
}

#[test]
fn intervals_are_wilsons() {
    // Newcombe (1998), table I, method 3.
    let published = [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ];
    for (n_found, n, low, high) in published {
        let found = Rate { n_found, n }.interval();
        let error = (found.0 - low).abs().max((found.1 - high).abs());
        assert!(error < 5e-5, "{n_found}/{n}: {found:?}");
    }
    assert_eq!(Rate { n_found: 0, n: 0 }.interval(), (0.0, 1.0));
}
