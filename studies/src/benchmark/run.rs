//! Makes the runs of a benchmark, several at once. Every finished run is on disk before the next
//! begins.

use super::asking::{Found, by_directions, by_network, by_values};
use super::judge::{ERROR_OF_NETWORK, Judge};
use super::{BenchmarkPlan, BenchmarkRow, Finding, Problem, Question, Source};
use crate::noise::{in_classes, with_noise};
use crate::records::{Series, Stop, lines_file, read_lines};
use closedform::network::Preset;
use closedform::{Error, Result, SearchOptions, Task};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

const NAME: &str = "benchmark";

/// A run that has finished, and how far the benchmark has come.
#[derive(Debug, Clone)]
pub struct BenchmarkProgress {
    /// The run.
    pub row: BenchmarkRow,
    /// How many of the planned runs are on disk.
    pub n_done: usize,
    /// How many runs are planned.
    pub n_runs: usize,
}

impl std::fmt::Display for BenchmarkProgress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let question = &self.row.question;
        let verdict = if self.row.is_found() {
            "found"
        } else {
            "missed"
        };
        let (n_done, n_runs) = (self.n_done, self.n_runs);
        write!(
            f,
            "{n_done}/{n_runs}  {} from {}, {:.1} s: {verdict}",
            question.problem,
            question.source.name(),
            self.row.seconds
        )?;
        match &self.row.outcome {
            Ok(finding) => write!(f, " {}", finding.formula),
            Err(reason) => write!(f, ", {reason}"),
        }
    }
}

/// The rows in a folder.
///
/// # Errors
/// A file that can't be read, or a line that is no row.
pub fn read_benchmark(folder: impl AsRef<Path>) -> Result<Vec<BenchmarkRow>> {
    read_lines(&lines_file(folder.as_ref(), NAME))
}

/// Runs a benchmark, `n_jobs` runs at once, and writes its rows to `benchmark.jsonl` in a folder.
///
/// The file is written anew after every run, so an interruption at any moment loses at most the runs
/// in progress. With `resume`, runs that are already in the folder aren't made again.
///
/// `listener` is called after every run. After a `Break`, the runs in progress are given up, and the
/// rows so far are returned.
///
/// # Errors
/// If the folder has a benchmark and `resume` isn't set, if it is in use or can't be written to, or if
/// there are no jobs. Also the errors of [`BenchmarkPlan::questions`].
pub fn run_benchmark(
    plan: &BenchmarkPlan,
    folder: impl AsRef<Path>,
    resume: bool,
    n_jobs: usize,
    listener: &(dyn Fn(&BenchmarkProgress) -> ControlFlow<()> + Sync),
) -> Result<Vec<BenchmarkRow>> {
    let questions = plan.questions()?;
    let problems = plan.set.problems();
    let series = Series {
        folder: folder.as_ref(),
        name: NAME,
        resume,
        n_jobs,
    };
    let make = |question: &Question, stop: &Stop| {
        let options = SearchOptions {
            operators: plan.set.operators(),
            seed: question.seed,
            ..SearchOptions::default()
        };
        let limit = Duration::from_secs_f64(question.time_limit);
        let run = Run {
            question,
            problem: named(&problems, question)?,
            options: options.with_length(None, Some(limit)),
            stop,
        };
        run.row()
    };
    series.run(
        &questions,
        |row: &BenchmarkRow| &row.question,
        make,
        |row, n_done, n_runs| {
            listener(&BenchmarkProgress {
                row,
                n_done,
                n_runs,
            })
        },
    )
}

/// The equation that a question asks for.
fn named<'a>(problems: &'a [Problem], question: &Question) -> Result<&'a Problem> {
    let name = &question.problem;
    let problem = problems.iter().find(|problem| problem.name == *name);
    problem.ok_or_else(|| Error::parameter("problem", name, "an equation of the set"))
}

/// One run in progress.
struct Run<'a> {
    question: &'a Question,
    problem: &'a Problem,
    options: SearchOptions,
    stop: &'a Stop,
}

impl Run<'_> {
    /// Makes the run. What the data cause is a result, too.
    fn row(&self) -> Result<BenchmarkRow> {
        let start = Instant::now();
        let found = self.found();
        let seconds = start.elapsed().as_secs_f64();
        let outcome = match found {
            Ok(found) => Ok(self.finding(&found)?),
            Err(error) => match error.root() {
                Error::Uninformative(_) | Error::Unlearned(_) | Error::NoFormula(_) => {
                    Err(error.to_string())
                }
                _ => return Err(error),
            },
        };
        Ok(BenchmarkRow {
            question: self.question.clone(),
            outcome,
            seconds,
        })
    }

    fn flow(&self) -> ControlFlow<()> {
        if self.stop.is_set() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    fn found(&self) -> Result<Found> {
        let (question, options) = (self.question, &self.options);
        let flow = || self.flow();
        let mut rng = ChaCha8Rng::seed_from_u64(question.seed);
        let data = self.problem.sample(question.n_points, &mut rng)?;
        if question.source == Source::Directions {
            let (points, truth) = (data.points(), &self.problem.truth);
            return by_directions(points, truth, question.noise, &mut rng, options, &flow);
        }
        let data = with_noise(&data, question.noise, &mut rng)?;
        let task = match question.source {
            Source::Values | Source::Directions => return by_values(&data, options, &flow),
            Source::Regressor => Task::Regression,
            Source::Classifier => Task::Classification,
        };
        let data = match question.quantile {
            Some(quantile) => in_classes(&data, data.targets(), quantile)?,
            None => data,
        };
        let hyperparameters = |n_rows| Preset::Fast.hyperparameters_for_rows(n_rows);
        by_network(&data, task, hyperparameters, None, options, &flow)
    }

    fn finding(&self, found: &Found) -> Result<Finding> {
        let question = self.question;
        let judge = Judge::new(self.problem.clone(), question.source.is_by_angle())?;
        let limit = match question.source {
            Source::Values | Source::Directions => question.noise,
            Source::Regressor | Source::Classifier => ERROR_OF_NETWORK.max(question.noise),
        };
        let (is_found, is_on_front) = found.is_found(&judge, limit)?;
        Ok(Finding {
            is_found,
            error: judge.error(&found.formula),
            formula: found.formula.to_string(),
            is_on_front,
            verdict: found.verdict.clone(),
        })
    }
}
