//! Makes the runs of a benchmark, several at once. Every finished run is on disk before the next
//! begins.

use super::asking::{Found, by_directions, by_network, by_values, classes, with_noise};
use super::judge::{ERROR_OF_NETWORK, Judge};
use super::{BenchmarkPlan, BenchmarkRow, Finding, Problem, Question, Source};
use crate::records::{Folder, Stop, lines_file, read_lines, work_through, write_lines};
use closedform::network::Preset;
use closedform::{Error, Result, SearchOptions, Task};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
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
    if n_jobs == 0 {
        return Err(Error::parameter("the number of jobs", n_jobs, "at least 1"));
    }
    let folder = Folder::open(folder.as_ref(), NAME)?;
    let path = lines_file(folder.path(), NAME);
    let read = || read_benchmark(folder.path());
    let rows = if folder.has_rows(&path, resume, || Ok(read()?.len()))? {
        read()?
    } else {
        Vec::new()
    };
    let is_left = |question: &&Question| !rows.iter().any(|row| row.question == **question);
    let left: Vec<Question> = questions.iter().filter(is_left).cloned().collect();
    let problems = plan.set.problems();
    let rows = Mutex::new(rows);
    let stop = Stop::new();
    work_through(&left, n_jobs, &stop, |question| {
        let named = |problem: &&Problem| problem.name == question.problem;
        let Some(problem) = problems.iter().find(named) else {
            return Ok(());
        };
        let options = SearchOptions {
            operators: plan.set.operators(),
            seed: question.seed,
            ..SearchOptions::default()
        };
        let limit = Duration::from_secs_f64(question.time_limit);
        let options = options.with_length(None, Some(limit));
        let run = Run {
            question,
            problem,
            options,
            stop: &stop,
        };
        let row = run.row()?;
        if stop.is_set() {
            return Ok(());
        }
        let mut rows = rows.lock().unwrap_or_else(PoisonError::into_inner);
        rows.push(row.clone());
        write_lines(&path, &rows)?;
        let is_planned = |row: &&BenchmarkRow| questions.contains(&row.question);
        let progress = BenchmarkProgress {
            row,
            n_done: rows.iter().filter(is_planned).count(),
            n_runs: questions.len(),
        };
        if listener(&progress).is_break() {
            stop.set();
        }
        Ok(())
    })?;
    Ok(rows.into_inner().unwrap_or_else(PoisonError::into_inner))
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
            Some(quantile) => classes(&data, quantile)?,
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
