//! Makes the runs, several at once. Every finished run is on disk before the next begins.

use super::{Judged, Truth, VerdictCase, VerdictPlan, VerdictRow};
use crate::records::{Series, Stop, lines_file, read_lines};
use closedform::dataset::TRAINING_SHARE;
use closedform::interpretation::{
    ConstantInterval, FRESH_SEED, Interpreted, N_FRESH, constant_intervals, structure_error,
    value_intervals,
};
use closedform::network::Preset;
use closedform::numerics::share_explained;
use closedform::{
    Dataset, Directions, Error, Expression, InterpretOptions, Network, Result, TrainingOptions,
    ValueObjective, interpret,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

const NAME: &str = "verdicts";

/// A formula whose values explain this share of the truth's variance is on the truth's scale, and its
/// numbers are compared by values. One that equals it up to a monotone function hardly ever reaches it.
const ON_THE_SAME_SCALE: f64 = 0.9;

/// A run that has finished, and how far the study has come.
#[derive(Debug, Clone)]
pub struct VerdictProgress {
    /// The run.
    pub row: VerdictRow,
    /// How many of the planned runs are on disk.
    pub n_done: usize,
    /// How many runs are planned.
    pub n_runs: usize,
}

impl std::fmt::Display for VerdictProgress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (case, seconds) = (&self.row.case, self.row.seconds);
        let (n_done, n_runs, seed) = (self.n_done, self.n_runs, case.seed);
        let (kind, task, condition) = (
            &case.kind,
            VerdictCase::network(case.task),
            case.condition.name(),
        );
        write!(
            f,
            "{n_done}/{n_runs}  {kind}, {task}, {condition}, seed {seed}, {seconds:.1} s: "
        )?;
        match &self.row.outcome {
            Ok(judged) => write!(
                f,
                "{}, {}; |cos| to the truth {:.4}, numbers held {}/{}",
                judged.formula, judged.verdict, judged.cosine, judged.n_held, judged.n_numbers
            ),
            Err(reason) => f.write_str(reason),
        }
    }
}

/// The rows in a folder.
///
/// # Errors
/// A file that can't be read, or a line that is no row.
pub fn read_verdicts(folder: impl AsRef<Path>) -> Result<Vec<VerdictRow>> {
    read_lines(&lines_file(folder.as_ref(), NAME))
}

/// Makes the runs of a plan, `n_jobs` at once, and writes what their certificates say to
/// `verdicts.jsonl` in a folder.
///
/// With `resume`, runs that are already in the folder aren't made again. `listener` is called after
/// every run. After a `Break`, the runs in progress are given up, and the rows so far are returned.
///
/// # Errors
/// If the folder has rows and `resume` isn't set, if it is in use or can't be written to, or if there
/// are no jobs. Also the errors of [`VerdictPlan::cases`].
pub fn run_verdicts(
    plan: &VerdictPlan,
    folder: impl AsRef<Path>,
    resume: bool,
    n_jobs: usize,
    listener: &(dyn Fn(&VerdictProgress) -> ControlFlow<()> + Sync),
) -> Result<Vec<VerdictRow>> {
    let cases = plan.cases()?;
    let truths = Truth::all();
    let series = Series {
        folder: folder.as_ref(),
        name: NAME,
        resume,
        n_jobs,
    };
    let n_threads = (n_jobs > 1).then_some(1);
    let make = |case: &VerdictCase, stop: &Stop| {
        let truth = truths.iter().find(|truth| truth.kind == case.kind);
        let truth =
            truth.ok_or_else(|| Error::parameter("kind", &case.kind, "one of the known truths"))?;
        made(truth, case, n_threads, stop)
    };
    series.run(
        &cases,
        |row: &VerdictRow| &row.case,
        make,
        |row, n_done, n_runs| {
            listener(&VerdictProgress {
                row,
                n_done,
                n_runs,
            })
        },
    )
}

/// Makes a run. What the data cause is a result, too.
fn made(
    truth: &Truth,
    case: &VerdictCase,
    n_threads: Option<usize>,
    stop: &Stop,
) -> Result<VerdictRow> {
    let start = Instant::now();
    let data = case.condition.rows(truth, case.task, case.seed)?;
    let (training, fresh) = data.split(TRAINING_SHARE, case.seed)?;
    let defaults = InterpretOptions::with_seed(case.seed);
    let options = InterpretOptions {
        training: TrainingOptions {
            task: case.task,
            hyperparameters: Preset::Fast.hyperparameters_for_rows(training.n_samples()),
            n_threads,
            ..defaults.training
        },
        ..defaults
    };
    let found = interpret(&training, &fresh, &options, |_| {
        if stop.is_set() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    let outcome = match found {
        Ok(run) => Ok(judged(&run, truth, case)?),
        Err(error) => match error.root() {
            Error::Uninformative(_) | Error::Unlearned(_) | Error::NoFormula(_) => {
                Err(error.to_string())
            }
            _ => return Err(error),
        },
    };
    Ok(VerdictRow {
        case: case.clone(),
        outcome,
        seconds: start.elapsed().as_secs_f64(),
    })
}

fn judged(run: &Interpreted<Network>, truth: &Truth, case: &VerdictCase) -> Result<Judged> {
    let formula = &run.interpretation.candidate().expression;
    let certificate = run.interpretation.certificate();
    let mut rng = ChaCha8Rng::seed_from_u64(FRESH_SEED);
    let fresh = case.condition.points(truth, N_FRESH, &mut rng)?;
    let rows = fresh.points().rows();
    let gradients = rows.flat_map(|x| truth.formula.value_and_gradient(x).1);
    let directions = Directions::from_gradients(fresh.points().clone(), gradients.collect())?;
    let has_structure = structure_error(formula, &truth.formula, &truth.sides)?.is_some();
    let intervals: &[ConstantInterval] = if has_structure {
        &certificate.constants
    } else {
        &[]
    };
    let exact = if intervals.is_empty() {
        Vec::new()
    } else {
        true_numbers(formula, &fresh, &directions)?
    };
    let holds = |(said, exact): &(&ConstantInterval, f64)| (said.low..=said.high).contains(exact);
    Ok(Judged {
        formula: formula.to_string(),
        verdict: certificate.verdict,
        cosine: directions.mean_abs_cosine(formula),
        in_box: certificate.in_box.mean,
        near_boundary: certificate.near_boundary.as_ref().map(|near| near.mean),
        left: certificate.left_by_curve,
        has_structure,
        n_numbers: exact.len(),
        n_held: intervals.iter().zip(exact).filter(holds).count(),
    })
}

/// The numbers that the truth has in a formula of its structure: those that fit it exactly. One
/// resample of exact data has no spread.
fn true_numbers(
    formula: &Expression,
    fresh: &Dataset,
    directions: &Directions,
) -> Result<Vec<f64>> {
    let values: Vec<f64> = fresh.points().rows().map(|x| formula.value(x)).collect();
    let fits = if share_explained(&values, fresh.targets()) >= ON_THE_SAME_SCALE {
        value_intervals(&ValueObjective::from_dataset(fresh)?, formula, 1, 0)?
    } else {
        constant_intervals(directions, formula, 1, 0)?
    };
    Ok(fits.into_iter().map(|fit| fit.low).collect())
}
