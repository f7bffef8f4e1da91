//! How cost grows: evaluation with rows and nodes, a search with points; and that a long search
//! needs no more memory than a short one.

use crate::arguments::{Arguments, Outcome};
use crate::problems::{self, Sampling, Side};
use crate::table::Table;
use crate::trees;
use closedform::formula::{Columns, Evaluator, Tape};
use closedform::{Points, SearchOptions, ValueObjective, progress, search_for};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use std::hint::black_box;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

const N_ROWS: [usize; 4] = [1000, 10_000, 100_000, 1_000_000];
const N_NODES: [usize; 4] = [10, 20, 40, 80];
const N_TREES: usize = 5;
/// Rows that every tree is evaluated on in one timed run, in as many calls as that takes.
const ROWS_PER_RUN: usize = 1_000_000;
/// Timed runs, of which the fastest counts.
const N_RUNS: usize = 3;
const N_POINTS: [usize; 4] = [500, 2000, 8000, 32_000];

/// What is searched, with noise so that no formula is exact and every search runs to its end.
const TRUTH: &str = "x1*x2*sin(x3)";
const SIDES: &[Side] = &[(1.0, 5.0), (1.0, 5.0), (0.0, 5.0)];
const NOISE: f64 = 0.1;
/// More than any time limit lets through.
const ENDLESS: usize = 1_000_000;
const SECONDS_OF_MEMORY: f64 = 600.0;
const N_READINGS: u32 = 10;

pub fn run(mut arguments: Arguments) -> Outcome {
    let memory = arguments.value_or("--memory", SECONDS_OF_MEMORY)?;
    arguments.finish()?;
    match memory {
        Some(seconds) => show_memory(Duration::try_from_secs_f64(seconds)?),
        None => {
            show_evaluation();
            show_searches()
        }
    }
}

fn show_evaluation() {
    let sizes = N_NODES.map(|n_nodes| format!("{n_nodes} nodes"));
    let sizes: Vec<&str> = sizes.iter().map(String::as_str).collect();
    let mut table = Table::new(&[], &[&["rows"][..], &sizes].concat());
    for n_rows in N_ROWS {
        let times = N_NODES.map(|n_nodes| format!("{:.2}", 1e9 * seconds(n_rows, n_nodes)));
        table.push(std::iter::once(n_rows.to_string()).chain(times).collect());
    }
    println!("Values and gradients, nanoseconds per node and row, one thread:\n\n{table}");
}

/// Seconds per node and row.
fn seconds(n_rows: usize, n_nodes: usize) -> f64 {
    let few = Columns::new(trees::rising_columns(N_ROWS[0])).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let tapes: Vec<Tape> = trees::tame_trees(N_TREES, n_nodes, &few, &mut rng)
        .iter()
        .map(Tape::new)
        .collect();
    let columns = Columns::new(trees::rising_columns(n_rows)).unwrap();
    let mut evaluator = Evaluator::new();
    let n_calls = ROWS_PER_RUN / n_rows;
    let runs = (0..N_RUNS).map(|_| {
        let start = Instant::now();
        for _ in 0..n_calls {
            for tape in &tapes {
                black_box(evaluator.gradients(tape, &columns));
            }
        }
        start.elapsed().as_secs_f64()
    });
    runs.fold(f64::INFINITY, f64::min) / (n_calls * n_rows * N_TREES * n_nodes) as f64
}

fn show_searches() -> Outcome {
    let mut table = Table::new(&[], &["points", "seconds"]);
    for n_points in N_POINTS {
        let objective = noisy(n_points)?;
        let found = search_for(&objective, &SearchOptions::default(), progress::silent)?;
        table.push(vec![n_points.to_string(), format!("{:.1}", found.seconds)]);
    }
    println!("A whole search on noisy values, all cores:\n\n{table}");
    Ok(())
}

/// Values of [`TRUTH`] with Gaussian noise.
fn noisy(n_points: usize) -> Outcome<ValueObjective> {
    let truth = problems::truth(TRUTH);
    let points = problems::points(SIDES, Sampling::Random(n_points), 0);
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let values = points.chunks_exact(SIDES.len()).map(|point| {
        let deviation: f64 = StandardNormal.sample(&mut rng);
        truth.value(point) + NOISE * deviation
    });
    let values = values.collect();
    let points = Points::new(problems::names(SIDES), points)?;
    Ok(ValueObjective::new(&points, values)?)
}

fn show_memory(duration: Duration) -> Outcome {
    let objective = noisy(N_POINTS[1])?;
    let options = SearchOptions {
        n_generations: ENDLESS,
        time_limit: Some(duration),
        ..Default::default()
    };
    let mut table = Table::new(&[], &["seconds", "generations", "resident MB"]);
    let start = Instant::now();
    let mut reading = 1;
    search_for(&objective, &options, |progress| {
        let elapsed = start.elapsed();
        if elapsed >= duration * reading / N_READINGS {
            table.push(vec![
                format!("{:.0}", elapsed.as_secs_f64()),
                progress.generation.to_string(),
                resident_megabytes().map_or("unknown".into(), |size| format!("{size:.0}")),
            ]);
            reading = (elapsed.as_secs_f64() / duration.as_secs_f64() * f64::from(N_READINGS))
                .floor() as u32
                + 1;
        }
        ControlFlow::Continue(())
    })?;
    println!("One search on noisy values, memory as it goes on:\n\n{table}");
    Ok(())
}

/// What Linux tells of this process.
fn resident_megabytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes / 1024.0)
}
