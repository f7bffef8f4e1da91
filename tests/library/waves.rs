//! Periodic terms: frequencies and phases are read from the values, whatever stands beside them.

use closedform::{Dataset, Expression, Operator, Points, SearchOptions, ValueObjective};
use closedform::{progress, search_for};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use std::f64::consts::TAU;

/// The formula that is found without evolution for a function's values with normal errors, and the
/// share of the function's variance that it misses.
fn found(
    points: &Points,
    function: impl Fn(&[f64]) -> f64,
    noise: f64,
    operators: &str,
) -> (Expression, f64) {
    let mut rng = ChaCha8Rng::seed_from_u64(31);
    let truth: Vec<f64> = points.rows().map(&function).collect();
    let values = truth.iter().map(|y| {
        let error: f64 = StandardNormal.sample(&mut rng);
        y + noise * error
    });
    let objective = ValueObjective::new(points, values.collect()).unwrap();
    let options = SearchOptions {
        operators: Operator::parse_list(operators).unwrap(),
        n_generations: 0,
        ..SearchOptions::default()
    };
    let found = search_for(&objective, &options, progress::silent).unwrap();
    let best = found.front.best().unwrap().expression.clone();
    let mean = truth.iter().sum::<f64>() / truth.len() as f64;
    let rows = points.rows().zip(&truth);
    let left: f64 = rows.map(|(x, y)| (best.value(x) - y).powi(2)).sum();
    let missed = left / truth.iter().map(|y| (y - mean).powi(2)).sum::<f64>();
    (best, missed)
}

fn evenly(n: usize, low: f64, high: f64) -> Points {
    let step = (high - low) / (n - 1) as f64;
    let times: Vec<f64> = (0..n).map(|row| low + step * row as f64).collect();
    Points::new(["t"], times).unwrap()
}

fn unevenly(sides: &[(f64, f64)], n: usize) -> Points {
    let data = Dataset::from_function(sides, n, 30, |_| 0.0).unwrap();
    data.points().clone()
}

#[test]
fn a_wave_of_many_periods_is_found_whatever_its_phase() {
    for (periods, phase) in [(3.0, 1.7), (5.0, -0.9), (10.0, 2.6), (30.0, -1.5)] {
        for points in [evenly(400, 0.0, 1.0), unevenly(&[(0.0, 1.0)], 400)] {
            let wave = |x: &[f64]| 1.5 * (TAU * periods * x[0] + phase).sin() + 0.3;
            let (formula, missed) = found(&points, wave, 0.02, "+,-,*,/,sin,exp");
            assert!(missed < 1e-3, "{periods} periods, phase {phase}: {formula}");
        }
    }
}

#[test]
fn waves_stand_beside_lines_and_other_waves() {
    let beside_a_line = |x: &[f64]| 0.8 * (8.0 * x[0] - 0.8).sin() + 2.5 * x[0] - 4.0;
    let (formula, missed) = found(
        &unevenly(&[(0.0, 10.0)], 250),
        beside_a_line,
        0.1,
        "+,-,*,sin",
    );
    assert!(missed < 1e-3, "{formula}");
    let two = |x: &[f64]| 3.0 * (7.0 * x[0] + 0.4).sin() + 2.0 * (9.0 * x[0] - 1.0).sin() + 1.0;
    let (formula, missed) = found(&unevenly(&[(2.0, 9.0)], 300), two, 0.1, "+,-,*,/,sin");
    assert!(missed < 1e-3, "{formula}");
    let cosine = |x: &[f64]| 4.0 * (12.0 * x[0]).cos() + 1.0;
    let (formula, missed) = found(&evenly(300, 0.0, 5.0), cosine, 0.05, "+,-,*,/,cos");
    assert!(missed < 1e-3, "{formula}");
}

#[test]
fn a_wave_in_one_of_three_inputs_is_found_with_the_amplitude_that_another_gives_it() {
    let points = unevenly(&[(0.0, 4.0), (0.5, 3.0), (-1.0, 2.0)], 300);
    let alone = |x: &[f64]| 1.2 * (9.0 * x[1] + 0.5).sin() + x[0] * x[2];
    let (formula, missed) = found(&points, alone, 0.05, "+,-,*,/,sin,exp");
    assert!(missed < 1e-3, "{formula}");
    let multiplied = |x: &[f64]| x[1] * (9.0 * x[0] + 1.0).sin() + 0.5;
    let (formula, missed) = found(&points, multiplied, 0.05, "+,-,*,/,sin,exp");
    assert!(missed < 1e-3, "{formula}");
}
