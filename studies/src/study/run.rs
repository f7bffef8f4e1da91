//! Makes the runs of a study, several at once. Every finished run is on disk before the next
//! begins.

use super::{Outcome, RunSettings, StudyPlan, StudyRow, structure_rate, table};
use crate::records::{Folder, Stop, parquet_file, work_through};
use closedform::dataset::TRAINING_SHARE;
use closedform::interpretation::{FRESH_SEED, Judgement, fresh_points};
use closedform::interpretation::{Interpreted, Progress, Seconds};
use closedform::numerics::Rate;
use closedform::{
    Directions, Error, Experiment, InterpretOptions, Model, Network, Result, interpret,
};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// The progress of a study.
#[derive(Debug, Clone)]
pub enum StudyProgress {
    /// A run has made a step.
    Step,
    /// A run has finished and is on disk.
    Finished(Box<FinishedRun>),
}

/// A run that has finished, and how far the study has come.
#[derive(Debug, Clone)]
pub struct FinishedRun {
    /// The run.
    pub row: StudyRow,
    /// How many of the planned runs are on disk.
    pub n_done: usize,
    /// How many runs are planned.
    pub n_runs: usize,
    /// How often the structure was found, among the runs on disk whose truth is known.
    pub rate: Rate,
    /// The seconds that the remaining runs will take, at the pace since the study was started.
    pub seconds_left: f64,
}

impl std::fmt::Display for FinishedRun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let settings = &self.row.settings;
        let (n_done, n_runs, rate) = (self.n_done, self.n_runs, self.rate);
        let width = n_runs.to_string().len();
        let (experiment, seed, n_points) = (settings.experiment, settings.seed, settings.n_points);
        let noise = 100.0 * settings.label_noise;
        let seconds = duration(self.row.seconds.total);
        let left = duration(self.seconds_left);
        let share = 100.0 * rate.share().unwrap_or(0.0);
        write!(
            f,
            "{n_done:>width$}/{n_runs}  {left:>6} left  found {}/{} = {share:.0} %  experiment \
             {experiment}, seed {seed}, {n_points} points, noise {noise} %, {seconds}: ",
            rate.n_found, rate.n
        )?;
        match (&self.row.outcome, self.row.is_found()) {
            (Err(reason), _) => write!(f, "failed, {reason}"),
            (Ok(outcome), Some(true)) => write!(f, "found {}", outcome.formula),
            (Ok(outcome), _) => write!(f, "{}", outcome.formula),
        }
    }
}

fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 100.0 => format!("{s:.0} s"),
        s if s < 6000.0 => format!("{:.0} min", s / 60.0),
        s => format!("{:.1} h", s / 3600.0),
    }
}

/// Runs a study, `n_jobs` runs at once, and writes its rows to a folder.
///
/// After every run, `study.parquet` and `study.csv` in the folder are written anew, so an
/// interruption at any moment loses at most the runs in progress. With `resume`, runs that are
/// already in the folder aren't made again. With several jobs, every network is trained by one
/// thread. The paper's large networks, which get all cores if there is only one job, then differ in
/// their rounding. Apart from that, only the seconds depend on `n_jobs`.
///
/// `listener` is called for every step of every run, from several threads. After a `Break`, the
/// runs in progress are given up, and the rows so far are returned as if the study were complete.
///
/// # Errors
/// If the folder has a study and `resume` isn't set, or if it is set and the study has other
/// settings; if the folder is in use or can't be written to; or if there are no jobs. Also the
/// errors of [`StudyPlan::runs`], and those of [`interpret`] that aren't caused by the data.
pub fn run_study(
    plan: &StudyPlan,
    folder: impl AsRef<Path>,
    resume: bool,
    n_jobs: usize,
    listener: &(dyn Fn(&StudyProgress) -> ControlFlow<()> + Sync),
) -> Result<Vec<StudyRow>> {
    let path = folder.as_ref();
    let runs = plan.runs()?;
    if n_jobs == 0 {
        return Err(Error::parameter("the number of jobs", n_jobs, "at least 1"));
    }
    let folder = Folder::open(path, table::NAME)?;
    let rows = existing(plan, &folder, resume)?;
    let is_done = |run: &&RunSettings| rows.iter().any(|row| row.settings == **run);
    let (done, left): (Vec<&RunSettings>, Vec<&RunSettings>) = runs.iter().partition(is_done);
    let (n_done, left) = (done.len(), left.into_iter());
    // A kill may have come between writing the two files.
    if !rows.is_empty() {
        table::write(path, &rows)?;
    }
    let study = Study {
        plan,
        n_threads: (n_jobs > 1).then_some(1),
        folder: path,
        left: left.cloned().collect(),
        rows: Mutex::new(rows),
        n_done,
        start: Instant::now(),
        stop: Stop::new(),
        listener,
    };
    work_through(&study.left, n_jobs, &study.stop, |run| study.make(run))?;
    Ok(study
        .rows
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner))
}

/// The existing rows to continue from.
fn existing(plan: &StudyPlan, folder: &Folder, resume: bool) -> Result<Vec<StudyRow>> {
    let read = || table::read_study(folder.path());
    if !folder.has_rows(&parquet_file(folder.path(), table::NAME), resume, || {
        Ok(read()?.len())
    })? {
        return Ok(Vec::new());
    }
    let rows = read()?;
    let made_by = |s: &RunSettings| {
        format!(
            "preset {}, {} epochs, batches of {}, {} generations, version {}",
            s.preset, s.n_epochs, s.batch_size, s.n_generations, s.version
        )
    };
    for row in &rows {
        let s = &row.settings;
        let experiment = Experiment::from_number(s.experiment)?;
        let planned = plan.run(experiment, s.seed, s.n_points, s.label_noise);
        folder.check_made_by(std::iter::once(made_by(s)), &made_by(&planned))?;
    }
    Ok(rows)
}

/// A study in progress.
struct Study<'a> {
    plan: &'a StudyPlan,
    /// The threads of every training, if they are limited.
    n_threads: Option<usize>,
    folder: &'a Path,
    left: Vec<RunSettings>,
    rows: Mutex<Vec<StudyRow>>,
    /// How many of the planned runs already existed.
    n_done: usize,
    start: Instant,
    stop: Stop,
    listener: &'a (dyn Fn(&StudyProgress) -> ControlFlow<()> + Sync),
}

impl Study<'_> {
    /// Makes a run and keeps its row, unless the run was given up.
    fn make(&self, run: &RunSettings) -> Result<()> {
        let row = self.run(run)?;
        if self.stop.is_set() {
            Ok(())
        } else {
            self.keep(row)
        }
    }

    /// Calls the listener, and returns whether to continue.
    fn tell(&self, progress: &StudyProgress) -> ControlFlow<()> {
        if (self.listener)(progress).is_break() {
            self.stop.set();
        }
        if self.stop.is_set() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    fn run(&self, run: &RunSettings) -> Result<StudyRow> {
        let experiment = Experiment::from_number(run.experiment)?;
        let mut options = self.plan.options(run, experiment);
        options.training.n_threads = self.n_threads;
        let (n_points, noise) = (run.n_points, run.label_noise);
        let mut tell = |_: &Progress| self.tell(&StudyProgress::Step);
        let made = run_experiment(experiment, n_points, noise, &options, &mut tell);
        let row = |seconds, outcome| StudyRow {
            settings: run.clone(),
            seconds,
            outcome,
        };
        match made {
            Ok((seconds, outcome)) => Ok(row(seconds, Ok(outcome))),
            Err(error) => match error.root() {
                // A run with little or noisy data may fail, which is a result, too.
                Error::Uninformative(_) | Error::Unlearned(_) | Error::NoFormula(_) => {
                    Ok(row(Seconds::default(), Err(error.to_string())))
                }
                _ => Err(error),
            },
        }
    }

    /// Adds a row to the others, after writing it to disk.
    fn keep(&self, row: StudyRow) -> Result<()> {
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        rows.push(row.clone());
        rows.sort_by(|a, b| a.settings.compare(&b.settings));
        table::write(self.folder, &rows)?;
        let n_runs = self.n_done + self.left.len();
        let planned = |row: &&StudyRow| self.left.contains(&row.settings);
        let n_new = rows.iter().filter(planned).count();
        let seconds = self.start.elapsed().as_secs_f64();
        let progress = StudyProgress::Finished(Box::new(FinishedRun {
            row,
            n_done: self.n_done + n_new,
            n_runs,
            rate: structure_rate(rows.iter()),
            seconds_left: seconds / n_new as f64 * (self.left.len() - n_new) as f64,
        }));
        let _ = self.tell(&progress);
        Ok(())
    }
}

/// Runs an experiment from its points to the comparison with the truth.
pub(crate) fn run_experiment(
    experiment: Experiment,
    n_points: usize,
    label_noise: f64,
    options: &InterpretOptions,
    monitor: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
) -> Result<(Seconds, Outcome)> {
    let seed = options.training.seed;
    let data = experiment.sample_with_noise(n_points, label_noise, seed)?;
    let (training, fresh) = data.split(TRAINING_SHARE, seed)?;
    let found = interpret(&training, &fresh, options, |step| monitor(step))?;
    let outcome = outcome(&found, experiment, options.reading.delta)?;
    Ok((found.seconds, outcome))
}

fn outcome(found: &Interpreted<Network>, experiment: Experiment, delta: f64) -> Result<Outcome> {
    let interpretation = &found.interpretation;
    let candidate = interpretation.candidate();
    let formula = &candidate.expression;
    let fresh = fresh_points(experiment)?;
    let truths = experiment.truths();
    let truth = truths.first();
    let gradients = found.model.gradients(fresh.points())?;
    let of_box = Directions::from_gradients(fresh.points().clone(), gradients)?;
    // Drawn like the data: the network hasn't seen the points that experiments 7 and 8 leave out.
    let like_data = experiment.sample(fresh.n_samples(), FRESH_SEED);
    let network_cosine = match found.model.directions(like_data.points(), delta) {
        Ok(directions) => Some(directions.mean_abs_cosine(formula)),
        Err(Error::Unlearned(_)) => None,
        Err(error) => return Err(error),
    };
    Ok(Outcome {
        formula: interpretation.formula(),
        complexity: candidate.complexity,
        loss: candidate.loss,
        threshold: interpretation.threshold(),
        gradient_noise: found.noise,
        n_directions: found.near.n_samples(),
        fidelity: truth.map(|truth| found.near.mean_abs_cosine(truth)),
        fidelity_of_box: truth.map(|truth| of_box.mean_abs_cosine(truth)),
        network_cosine,
        judgement: Judgement::new(formula, interpretation.threshold(), experiment)?,
    })
}
