//! Values with noise: the chosen formula predicts fresh rows, and stays short where that is right.

use closedform::search::Choose;
use closedform::{
    Dataset, Expression, Points, SearchOptions, SearchResult, ValueObjective, progress, search_for,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use std::collections::BTreeSet;
use std::f64::consts::PI;

/// A function's values at random points of a box, with Gaussian noise.
fn noisy(
    function: impl Fn(&[f64]) -> f64,
    sides: &[(f64, f64)],
    n: usize,
    noise: f64,
) -> (Points, Vec<f64>) {
    let data = Dataset::from_function(sides, n, 21, &function).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(22);
    let targets = data.targets().iter().map(|y| {
        let error: f64 = StandardNormal.sample(&mut rng);
        y + noise * error
    });
    (data.points().clone(), targets.collect())
}

fn found(points: &Points, targets: Vec<f64>, choose: Choose) -> SearchResult {
    let objective = ValueObjective::new(points, targets).unwrap();
    let options = SearchOptions {
        choose,
        ..SearchOptions::default()
    };
    search_for(&objective, &options, progress::silent).unwrap()
}

fn chosen(found: &SearchResult) -> &Expression {
    &found.front.best().unwrap().expression
}

/// The share of the function's variance at fresh points that a formula explains.
fn explained(formula: &Expression, function: impl Fn(&[f64]) -> f64, sides: &[(f64, f64)]) -> f64 {
    let fresh = Dataset::from_function(sides, 2000, 23, function).unwrap();
    let mean = fresh.targets().iter().sum::<f64>() / 2000.0;
    let rows = fresh.points().rows().zip(fresh.targets());
    let (mut left, mut all) = (0.0, 0.0);
    for (x, y) in rows {
        left += (formula.value(x) - y).powi(2);
        all += (y - mean).powi(2);
    }
    1.0 - left / all
}

fn friedman_1(x: &[f64]) -> f64 {
    10.0 * (PI * x[0] * x[1]).sin() + 20.0 * (x[2] - 0.5).powi(2) + 10.0 * x[3] + 5.0 * x[4]
}

/// Friedman (1991): five inputs matter, five don't.
#[test]
fn friedman_1_is_explained_by_its_five_inputs() {
    let sides = [(0.0, 1.0); 10];
    let (points, targets) = noisy(friedman_1, &sides, 600, 1.0);
    let found = found(&points, targets, Choose::Balanced);
    let formula = chosen(&found);
    let share = explained(formula, friedman_1, &sides);
    assert!(share > 0.97, "{formula}: {share}");
    let text = formula.to_string();
    let words = text.split(|c: char| !c.is_alphanumeric());
    let named: BTreeSet<&str> = words.filter(|word| word.starts_with('x')).collect();
    assert_eq!(
        named,
        BTreeSet::from(["x1", "x2", "x3", "x4", "x5"]),
        "{formula}"
    );
}

#[test]
fn a_wave_and_a_quotient_are_both_seen_through_the_noise() {
    let wavy =
        |x: &[f64]| (-x[0]).exp() * (3.0 * x[1] * x[2]).sin() + x[0].powf(1.37) / (1.0 + x[2]);
    let sides = [(0.1, 2.0); 3];
    let (points, targets) = noisy(wavy, &sides, 200, 0.05);
    let found = found(&points, targets, Choose::Balanced);
    let share = explained(chosen(&found), wavy, &sides);
    assert!(share > 0.85, "{}: {share}", chosen(&found));
}

#[test]
fn a_short_law_keeps_its_short_form_under_noise() {
    for noise in [0.02, 0.2, 0.6] {
        let law = |x: &[f64]| x[0] * x[1] + 2.0 * x[2];
        let (points, targets) = noisy(law, &[(0.5, 3.0); 3], 250, noise);
        let found = found(&points, targets, Choose::Balanced);
        assert_eq!(chosen(&found).to_string(), "x1*x2 + 2*x3", "noise {noise}");
    }
}

#[test]
fn a_target_without_relation_is_answered_by_the_constant() {
    let sides = [(-1.0, 1.0); 3];
    let (points, targets) = noisy(|_| 5.0, &sides, 150, 1.0);
    let found = found(&points, targets, Choose::Balanced);
    let formula = chosen(&found);
    assert!(matches!(formula, Expression::Constant(_)), "{formula}");
    assert!((formula.value(&[0.0; 3]) - 5.0).abs() < 0.3, "{formula}");
}

#[test]
fn no_formula_of_a_front_is_worse_than_the_constant_that_stands_first() {
    let (points, targets) = noisy(friedman_1, &[(0.0, 1.0); 5], 60, 3.0);
    let found = found(&points, targets, Choose::Balanced);
    let candidates = found.front.candidates();
    assert!(matches!(candidates[0].expression, Expression::Constant(_)));
    for candidate in candidates {
        assert!(candidate.loss <= candidates[0].loss, "{}", found.front);
        let held_out = candidate.held_out.unwrap();
        assert!(held_out.loss >= candidate.loss * 0.9, "{held_out:?}");
    }
}

#[test]
fn accuracy_and_simplicity_are_what_their_names_say() {
    let sides = [(0.0, 1.0); 5];
    let (points, targets) = noisy(friedman_1, &sides, 150, 2.0);
    let of = |choose| {
        let found = found(&points, targets.clone(), choose);
        let best = found.front.best().unwrap().clone();
        (best.complexity, best.held_out.unwrap().loss)
    };
    let (accurate, balanced) = (of(Choose::Accuracy), of(Choose::Balanced));
    let simple = of(Choose::Simple);
    assert!(accurate.1 <= balanced.1 && accurate.1 <= simple.1);
    assert!(balanced.0 <= accurate.0 && simple.0 <= accurate.0);
}

/// What is reported for held-out rows is what fresh rows confirm.
#[test]
fn held_out_shares_are_those_of_fresh_rows() {
    let sides = [(0.0, 1.0); 6];
    let (points, targets) = noisy(friedman_1, &sides, 500, 2.0);
    let found = found(&points, targets, Choose::Balanced);
    let best = found.front.best().unwrap();
    let held_out = best.held_out.unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(24);
    let fresh = Dataset::from_function(&sides, 4000, 25, friedman_1).unwrap();
    let mut noise = || 2.0 * rng.sample::<f64, _>(StandardNormal);
    let noisy: Vec<f64> = fresh.targets().iter().map(|y| y + noise()).collect();
    let mean = noisy.iter().sum::<f64>() / 4000.0;
    let all: f64 = noisy.iter().map(|y| (y - mean).powi(2)).sum();
    let left: f64 = (fresh.points().rows().zip(&noisy))
        .map(|(x, y)| (best.expression.value(x) - y).powi(2))
        .sum();
    let difference = (held_out.loss - left / all).abs();
    assert!(
        difference < 5.0 * held_out.loss_error,
        "{held_out:?} {}",
        left / all
    );
    assert!(found.baselines.unwrap().linear > held_out.loss);
}

/// With 24 rows and 30 features that mean nothing, many long formulas fit by chance.
#[test]
fn few_rows_of_noise_are_not_interpolated() {
    let sides = vec![(-1.0, 1.0); 30];
    let (points, targets) = noisy(|_| 0.0, &sides, 24, 1.0);
    let found = found(&points, targets, Choose::Balanced);
    let best = found.front.best().unwrap();
    assert!(best.complexity <= 12, "{}", found.front);
    for candidate in found.front.candidates() {
        assert!(candidate.complexity <= 48, "{}", found.front);
    }
}

#[test]
fn an_exact_law_is_found_from_few_rows_that_are_repeated() {
    let law = |x: &[f64]| x[0] * x[1];
    let data = Dataset::from_function(&[(-2.0, 2.0); 2], 6, 26, law).unwrap();
    let points = Points::new(["x1", "x2"], data.points().repeat(10)).unwrap();
    let found = found(&points, data.targets().repeat(10), Choose::Balanced);
    assert_eq!(chosen(&found).to_string(), "x1*x2");
}

/// Measurements of one point with one error, copied: a formula that runs through them all knows
/// nothing of other points.
#[test]
fn copies_of_a_row_are_held_out_together() {
    let (points, targets) = noisy(|x| x[0], &[(-2.0, 2.0); 2], 20, 1.0);
    let points = Points::new(["x1", "x2"], points.repeat(10)).unwrap();
    let found = found(&points, targets.repeat(10), Choose::Balanced);
    let best = found.front.best().unwrap();
    assert!(best.complexity <= 12, "{}", found.front);
    let share = explained(&best.expression, |x| x[0], &[(-2.0, 2.0); 2]);
    assert!(share > 0.2, "{}: {share}", best.expression);
}
