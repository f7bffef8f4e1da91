//! Values whose rows don't count alike, or don't stand alone, and searches in rounds.

use crate::support;
use closedform::{
    Dataset, Points, SearchOptions, SearchResult, ValueObjective, progress, search_for,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use support::assert_refused;

const SIDES: [(f64, f64); 3] = [(0.5, 3.0); 3];

fn law(x: &[f64]) -> f64 {
    x[0] * x[1] + 2.0 * x[2]
}

/// Values of the law with errors of a standard deviation for each row.
fn measured(n: usize, sigma: impl Fn(usize) -> f64) -> (Points, Vec<f64>, Vec<f64>) {
    let data = Dataset::from_function(&SIDES, n, 31, law).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(32);
    let sigmas: Vec<f64> = (0..n).map(sigma).collect();
    let rows = data.targets().iter().zip(&sigmas);
    let values = rows.map(|(y, sigma)| y + sigma * rng.sample::<f64, _>(StandardNormal));
    (data.points().clone(), values.collect(), sigmas)
}

fn searched(objective: &ValueObjective) -> SearchResult {
    search_for(objective, &SearchOptions::default(), progress::silent).unwrap()
}

fn chosen(objective: &ValueObjective) -> String {
    searched(objective)
        .front
        .best()
        .unwrap()
        .expression
        .to_string()
}

#[test]
fn exact_rows_decide_among_inexact_ones() {
    let (points, values, sigmas) = measured(120, |row| if row % 2 == 0 { 0.01 } else { 8.0 });
    let plain = ValueObjective::new(&points, values).unwrap();
    assert_ne!(chosen(&plain), "x1*x2 + 2*x3");
    let weighted = plain.with_errors(&sigmas).unwrap();
    assert_eq!(chosen(&weighted), "x1*x2 + 2*x3");
}

#[test]
fn rows_without_weight_say_nothing() {
    let (points, mut values, _) = measured(100, |_| 0.0);
    for row in (0..100).step_by(3) {
        values[row] = -50.0;
    }
    let weights = (0..100).map(|row| f64::from(u8::from(row % 3 != 0)));
    let objective = ValueObjective::new(&points, values).unwrap();
    let weighted = objective.with_weights(weights.collect()).unwrap();
    assert_eq!(chosen(&weighted), "x1*x2 + 2*x3");
}

#[test]
fn only_ratios_of_weights_matter() {
    let (points, values, _) = measured(80, |_| 0.5);
    let losses = |factor: f64| {
        let weights = (0..80).map(|row| factor * (1.0 + f64::from(row % 4)));
        let objective = ValueObjective::new(&points, values.clone()).unwrap();
        let found = searched(&objective.with_weights(weights.collect()).unwrap());
        let candidates = found.front.candidates().iter();
        candidates.map(|c| c.loss).collect::<Vec<f64>>()
    };
    assert_eq!(losses(1.0), losses(4.0));
}

/// The target is a different number for each group, and x2 names the group: a formula may tell the
/// groups apart, but says nothing about others.
#[test]
fn groups_are_held_out_together() {
    let mut rng = ChaCha8Rng::seed_from_u64(33);
    let (mut rows, mut values, mut groups) = (Vec::new(), Vec::new(), Vec::new());
    for group in 0..8 {
        let offset: f64 = rng.sample::<f64, _>(StandardNormal);
        for _ in 0..12 {
            rows.extend([rng.random_range(-1.0..1.0), f64::from(group)]);
            values.push(3.0 * offset + 0.1 * rng.sample::<f64, _>(StandardNormal));
            groups.push(f64::from(group));
        }
    }
    let points = Points::new(["x1", "x2"], rows).unwrap();
    let alone = ValueObjective::new(&points, values).unwrap();
    let held_out = |objective: &ValueObjective| {
        let found = searched(objective);
        let candidates = found.front.candidates().iter();
        let losses = candidates.map(|c| c.held_out.unwrap().loss);
        losses.fold(f64::INFINITY, f64::min)
    };
    let together = alone.clone().with_groups(groups).unwrap();
    let (alone, together) = (held_out(&alone), held_out(&together));
    assert!(alone < 0.3 && together > 2.0 * alone, "{alone} {together}");
}

#[test]
fn weights_and_groups_that_do_not_fit_are_refused() {
    let (points, values, _) = measured(10, |_| 0.1);
    let objective = || ValueObjective::new(&points, values.clone()).unwrap();
    assert_refused(
        objective().with_weights(vec![1.0; 9]),
        &["9 weights", "10 rows"],
    );
    let mut weights = vec![1.0; 10];
    weights[3] = -2.0;
    assert_refused(objective().with_weights(weights), &["row 4", "-2"]);
    assert_refused(objective().with_weights(vec![0.0; 10]), &["the same"]);
    assert_refused(
        objective().with_errors(&[0.0; 10]),
        &["row 1", "0", "positive"],
    );
    assert_refused(objective().with_groups(vec![1.0; 10]), &["one group"]);
    assert_refused(
        objective().with_groups(vec![f64::NAN; 10]),
        &["row 1", "NaN"],
    );
    assert_refused(
        objective().with_groups(vec![1.0, 2.0]),
        &["2 entries", "10 rows"],
    );
}

#[test]
fn another_round_never_loses_what_was_found() {
    let wavy = |x: &[f64]| (-x[0]).exp() * (3.0 * x[1] * x[2]).sin() + x[0] / (1.0 + x[2]);
    let data = Dataset::from_function(&SIDES, 150, 34, wavy).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(35);
    let mut error = || 0.05 * rng.sample::<f64, _>(StandardNormal);
    let values = data.targets().iter().map(|y| y + error()).collect();
    let objective = ValueObjective::new(data.points(), values).unwrap();
    let least = |n_rounds: usize| {
        let options = SearchOptions {
            n_generations: 4,
            n_rounds,
            ..SearchOptions::default()
        };
        let found = search_for(&objective, &options, progress::silent).unwrap();
        found.front.candidates().last().unwrap().loss
    };
    assert!(least(4) <= least(1));
}

#[test]
fn counts_with_zeros_may_be_an_exponential() {
    let rate = |x: &[f64]| (1.2 * x[0] - 0.9 * x[1]).exp();
    let data = Dataset::from_function(&SIDES, 300, 36, rate).unwrap();
    let counts: Vec<f64> = data.targets().iter().map(|y| y.floor()).collect();
    assert!(counts.contains(&0.0));
    let objective = ValueObjective::new(data.points(), counts).unwrap();
    let found = searched(&objective);
    let best = found.front.best().unwrap();
    assert!(best.held_out.unwrap().loss < 0.02, "{}", found.front);
    assert!(best.complexity < 20, "{}", found.front);
}
