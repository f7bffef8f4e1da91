//! Formulas recovered from values, beside symbolic_regression: same points, same operators, same
//! time, all cores.

mod own;
mod peer;

use crate::arguments::{Arguments, Misuse, Outcome};
use crate::judge;
use crate::problems::{self, Problem, SUITES, Sampling};
use crate::table::Table;
use closedform::{Expression, Operator};
use std::time::{Duration, Instant};

/// Points that the answers are judged on, spread over the whole box.
const N_FRESH: usize = 1000;
/// Added to a seed, gives points that the search of that seed did not see.
const FRESH: u64 = 1000;
/// A search is over once its mean squared error falls below this part of the values' variance.
const EXACT_LOSS: f64 = 1e-20;

/// What a contestant is given.
struct Task {
    feature_names: Vec<String>,
    operators: Vec<Operator>,
    /// Row after row.
    points: Vec<f64>,
    values: Vec<f64>,
    /// Where the answer is to predict, row after row.
    fresh: Vec<f64>,
    /// The mean squared error at which to stop.
    exact_loss: f64,
    time_limit: Duration,
    seed: u64,
}

struct Contestant {
    name: &'static str,
    /// Searches a formula and computes it on the fresh points.
    predict: fn(&Task) -> Outcome<Vec<f64>>,
}

const CONTESTANTS: &[Contestant] = &[
    Contestant {
        name: "closedform",
        predict: own::predict,
    },
    Contestant {
        name: "symbolic_regression",
        predict: peer::predict,
    },
];

/// How one contestant fared with one problem, seed by seed.
struct Record {
    errors: Vec<f64>,
    seconds: Vec<f64>,
}

impl Record {
    fn n_solved(&self) -> usize {
        let is_solved = |error: &&f64| **error < judge::EXACT_VALUE;
        self.errors.iter().filter(is_solved).count()
    }

    fn cells(&self) -> [String; 3] {
        let worst = self.errors.iter().copied().fold(0.0, f64::max);
        let seconds = self.seconds.iter().sum::<f64>() / self.seconds.len() as f64;
        [
            format!("{}/{}", self.n_solved(), self.errors.len()),
            format!("{worst:.0e}"),
            format!("{seconds:.1}"),
        ]
    }
}

pub fn run(mut arguments: Arguments) -> Outcome {
    let n_seeds: u64 = arguments.value("--seeds")?.unwrap_or(1);
    let seconds: f64 = arguments.value("--time-limit")?.unwrap_or(10.0);
    let only: String = arguments.value("--only")?.unwrap_or_default();
    let contestants = contestants(arguments.value("--contestant")?)?;
    arguments.finish()?;
    let time_limit = Duration::try_from_secs_f64(seconds)?;

    let figures = contestants.iter().flat_map(|contestant| {
        let name = contestant.name;
        [
            format!("{name} solved"),
            "largest error".into(),
            "seconds".into(),
        ]
    });
    let figures: Vec<String> = figures.collect();
    let figures: Vec<&str> = figures.iter().map(String::as_str).collect();
    let mut table = Table::new(&["problem", "truth"], &figures);
    let names: Vec<&str> = contestants
        .iter()
        .map(|contestant| contestant.name)
        .collect();
    let mut sums = Table::new(&["suite"], &names);
    let mut seconds_of_all = vec![Vec::new(); contestants.len()];
    for suite in SUITES {
        let operators = Operator::parse_list(suite.operators)?;
        let mut n_solved = vec![0; contestants.len()];
        let mut n_tasks = 0;
        for problem in suite.problems.iter().filter(|p| p.0.starts_with(&only)) {
            let mut row = vec![problem.0.to_string(), format!("`{}`", problem.1)];
            for (place, contestant) in contestants.iter().enumerate() {
                let record = compete(contestant, problem, &operators, time_limit, n_seeds)?;
                n_solved[place] += record.n_solved();
                row.extend(record.cells());
                seconds_of_all[place].extend(record.seconds);
            }
            table.push(row);
            n_tasks += n_seeds;
        }
        if n_tasks == 0 {
            continue;
        }
        let cells = n_solved
            .iter()
            .map(|n_solved| format!("{n_solved}/{n_tasks}"));
        sums.push([suite.name.to_string()].into_iter().chain(cells).collect());
    }
    let medians = seconds_of_all.into_iter().map(median);
    let medians = medians.map(|seconds| format!("{seconds:.2}"));
    sums.push(
        std::iter::once("median seconds".to_string())
            .chain(medians)
            .collect(),
    );
    println!("Solved within {seconds} s each:\n\n{table}\n{sums}");
    Ok(())
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds.get(seconds.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The one with this name, or all.
fn contestants(name: Option<String>) -> Outcome<Vec<&'static Contestant>> {
    let is_meant = |contestant: &&Contestant| name.as_deref().is_none_or(|n| n == contestant.name);
    let chosen: Vec<&Contestant> = CONTESTANTS.iter().filter(is_meant).collect();
    match chosen.is_empty() {
        true => Err(Misuse("--contestant is closedform or symbolic_regression".into()).into()),
        false => Ok(chosen),
    }
}

fn compete(
    contestant: &Contestant,
    problem: &Problem,
    operators: &[Operator],
    time_limit: Duration,
    n_seeds: u64,
) -> Outcome<Record> {
    let mut record = Record {
        errors: Vec::new(),
        seconds: Vec::new(),
    };
    let truth = problems::truth(problem.1);
    for seed in 0..n_seeds {
        let task = task(problem, &truth, operators, time_limit, seed);
        let start = Instant::now();
        let predicted = (contestant.predict)(&task)?;
        let seconds = start.elapsed().as_secs_f64();
        let fresh_values = values(&truth, &task.fresh, task.feature_names.len());
        let error = judge::relative_error(&predicted, &fresh_values);
        eprintln!(
            "{}, seed {seed}, {}: error {error:.0e} in {seconds:.1} s",
            problem.0, contestant.name
        );
        record.errors.push(error);
        record.seconds.push(seconds);
    }
    Ok(record)
}

fn task(
    &(_, _, sides, sampling): &Problem,
    truth: &Expression,
    operators: &[Operator],
    time_limit: Duration,
    seed: u64,
) -> Task {
    let points = problems::points(sides, sampling, seed);
    let values = values(truth, &points, sides.len());
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let variance = values.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / values.len() as f64;
    Task {
        feature_names: problems::names(sides),
        operators: operators.to_vec(),
        points,
        values,
        fresh: problems::points(sides, Sampling::Random(N_FRESH), seed + FRESH),
        exact_loss: EXACT_LOSS * variance,
        time_limit,
        seed,
    }
}

fn values(expression: &Expression, points: &[f64], n_features: usize) -> Vec<f64> {
    let rows = points.chunks_exact(n_features);
    rows.map(|point| expression.value(point)).collect()
}
