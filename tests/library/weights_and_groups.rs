//! Values whose rows don't count alike, or don't stand alone, and searches in rounds.

use crate::support;
use closedform::search::Fold;
use closedform::{
    Dataset, Objective, Points, SearchOptions, SearchResult, ValueObjective, progress, search_for,
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
    let (points, values, sigmas) = measured(120, |row| if row % 2 == 0 { 0.01 } else { 30.0 });
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

#[test]
fn groups_are_held_out_together() {
    let rows: Vec<f64> = (0..96)
        .flat_map(|row| [f64::from(row % 5), f64::from(row / 12)])
        .collect();
    let points = Points::new(["x1", "group"], rows).unwrap();
    let values = (0..96).map(|row| f64::from(row * row % 17)).collect();
    let groups: Vec<f64> = points.column(1).collect();
    let alone = ValueObjective::new(&points, values).unwrap();
    let n_torn = |objective: &ValueObjective| {
        let folds = objective.least_squares().unwrap().folds(4, 0);
        let is_torn = |fold: &Fold| {
            let groups = |part: &dyn Objective| part.columns().raw()[1].clone();
            let training = groups(fold.training.as_ref());
            let held_out = groups(fold.held_out.as_ref());
            assert_eq!(training.len() + held_out.len(), 96);
            held_out.iter().any(|group| training.contains(group))
        };
        folds.iter().filter(|fold| is_torn(fold)).count()
    };
    assert_eq!(n_torn(&alone), 4);
    assert_eq!(n_torn(&alone.with_groups(groups).unwrap()), 0);
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
fn another_round_loses_no_more_than_short_numbers_may_cost() {
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
    // Of forms of one length the one with the shortest numbers is kept, if the log-likelihood is
    // lower by at most 2 (`shortening.plain_likelihood`).
    let allowed = (2.0 * 2.0 / 150.0_f64).exp();
    assert!(least(4) <= allowed * least(1));
}

#[test]
fn counts_with_zeros_may_be_an_exponential() {
    let bump = |x: &[f64]| 30.0 * (-2.0 * (x[0] - 1.7).powi(2) - 3.0 * (x[1] - 1.5).powi(2)).exp();
    let data = Dataset::from_function(&SIDES, 300, 36, bump).unwrap();
    let counts: Vec<f64> = data.targets().iter().map(|y| y.floor()).collect();
    assert!(counts.contains(&0.0));
    let objective = ValueObjective::new(data.points(), counts).unwrap();
    let found = searched(&objective);
    let best = found.front.best().unwrap();
    assert!(best.held_out.unwrap().loss < 0.05, "{}", found.front);
}
