//! Makes the runs of a benchmark, several at once. Every finished run is on disk before the next
//! begins.

use super::judge::Judge;
use super::{BenchmarkPlan, BenchmarkRow, Finding, Problem, Question, Source};
use crate::noise::{in_classes, with_noise};
use crate::records::{Series, Stop, lines_file, read_lines};
use closedform::dataset::TRAINING_SHARE;
use closedform::interpretation::Interpreted;
use closedform::network::Preset;
use closedform::{
    Dataset, Directions, Error, Expression, InterpretOptions, Network, ReadingOptions, Result,
    SearchOptions, SearchResult, Task, TrainingOptions, ValueObjective, interpret, search,
    search_for,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

const NAME: &str = "benchmark";

/// A formula for a classifier may turn from the equation by this much on average: 0.05 is an angle
/// of 3 degrees, what networks that are trained on other rows differ by.
const SINE_OF_NETWORK: f64 = 0.05;
/// A formula for a regressor may be off by this share of the values.
const ERROR_OF_NETWORK: f64 = 0.05;

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
    let problem = problems.iter().find(|problem| problem.name == name);
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
        let found = match self.question.source {
            Source::Values => self.by_values(),
            Source::Directions => self.by_directions(),
            Source::Regressor => self.by_network(Task::Regression),
            Source::Classifier => self.by_network(Task::Classification),
        };
        let seconds = start.elapsed().as_secs_f64();
        let outcome = match found {
            Ok(found) => Ok(found.finding(self.question, self.problem)?),
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

    /// Points with values, and the generator for the noise.
    fn sample(&self) -> Result<(Dataset, ChaCha8Rng)> {
        let mut rng = ChaCha8Rng::seed_from_u64(self.question.seed);
        let data = self.problem.sample(self.question.n_points, &mut rng)?;
        Ok((data, rng))
    }

    /// The same with Gaussian noise on the values.
    fn noisy(&self) -> Result<Dataset> {
        let (data, mut rng) = self.sample()?;
        with_noise(&data, self.question.noise, &mut rng)
    }

    fn by_values(&self) -> Result<Found> {
        let objective = ValueObjective::from_dataset(&self.noisy()?)?;
        Found::new(&search_for(&objective, &self.options, |_| self.flow())?)
    }

    fn by_directions(&self) -> Result<Found> {
        let (data, mut rng) = self.sample()?;
        let rows = data.points().rows();
        let gradients = rows.flat_map(|x| self.problem.truth.value_and_gradient(x).1);
        let exact = Directions::from_gradients(data.points().clone(), gradients.collect())?;
        let noise = self.question.noise;
        let with_noise = |g: &f64| g + noise * rng.sample::<f64, _>(StandardNormal);
        let noisy: Vec<f64> = exact.unit_gradients().iter().map(with_noise).collect();
        let directions = Directions::from_gradients(exact.points().clone(), noisy)?;
        Found::new(&search(&directions, &self.options, |_| self.flow())?)
    }

    fn by_network(&self, task: Task) -> Result<Found> {
        let mut data = self.noisy()?;
        if let Some(quantile) = self.question.quantile {
            data = in_classes(&data, data.targets(), quantile)?;
        }
        let (training, fresh) = data.split(TRAINING_SHARE, self.question.seed)?;
        let defaults = InterpretOptions::with_seed(self.question.seed);
        let options = InterpretOptions {
            training: TrainingOptions {
                task,
                hyperparameters: Preset::Fast.hyperparameters_for_rows(training.n_samples()),
                ..defaults.training
            },
            reading: ReadingOptions {
                search: self.options.clone(),
                ..defaults.reading
            },
            ..defaults
        };
        let run: Interpreted<Network> = interpret(&training, &fresh, &options, |_| self.flow())?;
        let interpretation = &run.interpretation;
        let concept = &interpretation.candidate().expression;
        // A regressor says more than the concept: the whole formula, if there is one.
        let whole = interpretation.whole().filter(|_| task == Task::Regression);
        Ok(Found {
            formula: whole.unwrap_or(concept).clone(),
            verdict: Some(interpretation.certificate().verdict.to_string()),
            ..Found::new(&run.found)?
        })
    }
}

/// The chosen formula, and those beside it.
struct Found {
    formula: Expression,
    front: Vec<Expression>,
    verdict: Option<String>,
}

impl Found {
    fn new(found: &SearchResult) -> Result<Self> {
        let Some(best) = found.front.best() else {
            return Err(Error::NoFormula("the front is empty".into()));
        };
        let candidates = found.front.candidates().iter();
        Ok(Self {
            formula: best.expression.clone(),
            front: candidates.map(|c| c.expression.clone()).collect(),
            verdict: None,
        })
    }

    fn finding(self, question: &Question, problem: &Problem) -> Result<Finding> {
        let judge = Judge::new(problem)?;
        let source = question.source;
        let limit = match source {
            Source::Values | Source::Directions => question.noise,
            Source::Regressor => ERROR_OF_NETWORK.max(question.noise),
            Source::Classifier => SINE_OF_NETWORK.max(question.noise),
        };
        let is_found = judge.is_found(&self.formula, source, limit)?;
        let mut is_on_front = is_found;
        for formula in &self.front {
            is_on_front = is_on_front || judge.is_found(formula, source, limit)?;
        }
        Ok(Finding {
            is_found,
            error: judge.error(&self.formula, source),
            formula: self.formula.to_string(),
            is_on_front,
            verdict: self.verdict,
        })
    }
}
