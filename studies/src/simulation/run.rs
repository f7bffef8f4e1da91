//! Runs groups of networks, several at once. Every finished group is on disk before the next
//! begins.

use super::{SimulationGroup, SimulationPlan, SimulationRow, SimulationSettings, table};
use crate::records::{Folder, Stop, parquet_file, work_through};
use closedform::{Error, Result};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// The progress of a simulation.
#[derive(Debug, Clone)]
pub enum SimulationProgress {
    /// A group has been trained for another epoch.
    Step,
    /// A group has finished and is on disk.
    Finished(FinishedGroup),
}

/// A group that has finished, and how far the simulation has come.
#[derive(Debug, Clone)]
pub struct FinishedGroup {
    /// The group.
    pub group: SimulationGroup,
    /// The seconds that it took.
    pub seconds: f64,
    /// How many of the planned networks are on disk.
    pub n_done: usize,
    /// How many networks are planned.
    pub n_networks: usize,
}

impl std::fmt::Display for FinishedGroup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            group,
            seconds,
            n_done,
            n_networks,
        } = self;
        let constraint = if group.constrained { "with" } else { "without" };
        write!(
            f,
            "{n_done:>width$}/{n_networks}  {} networks of {} {} neurons, {} inputs, {constraint} \
             the constraint: {seconds:.1} s",
            group.seeds.len(),
            group.width,
            group.activation,
            group.n_inputs,
            width = n_networks.to_string().len(),
        )
    }
}

/// Runs a simulation study, `n_jobs` groups at once, and writes its rows to a folder.
///
/// After every group, `simulation.parquet` and `simulation.csv` in the folder are written anew, so
/// an interruption at any moment loses at most the groups in progress. With `resume`, networks that
/// are already in the folder aren't trained again. Only the seconds in the rows depend on `n_jobs`.
///
/// `listener` is called for every epoch of every group, from several threads. After a `Break`, the
/// groups in progress are given up, and the rows so far are returned as if the simulation were
/// complete.
///
/// # Errors
/// If the folder has a simulation and `resume` isn't set, or if it is set and the simulation has
/// other settings; if the folder is in use or can't be written to; or if there are no jobs. Also
/// the errors of [`SimulationPlan::groups`] and [`SimulationGroup::run`].
pub fn run_simulation(
    plan: &SimulationPlan,
    folder: impl AsRef<Path>,
    resume: bool,
    n_jobs: usize,
    listener: &(dyn Fn(&SimulationProgress) -> ControlFlow<()> + Sync),
) -> Result<Vec<SimulationRow>> {
    let groups = plan.groups()?;
    if n_jobs == 0 {
        return Err(Error::parameter("the number of jobs", 0, "at least 1"));
    }
    let folder = Folder::open(folder.as_ref(), table::NAME)?;
    let rows = existing(&groups[0], &folder, resume)?;
    // A kill may have come between writing the two files.
    if !rows.is_empty() {
        table::write(folder.path(), &rows)?;
    }
    let n_networks = groups.iter().map(|group| group.seeds.len()).sum();
    let mut left = groups;
    for group in &mut left {
        let settings = group.settings(0);
        let is_done = |seed: u64| {
            let settings = SimulationSettings {
                seed,
                ..settings.clone()
            };
            rows.iter().any(|row| row.settings == settings)
        };
        group.seeds.retain(|seed| !is_done(*seed));
    }
    left.retain(|group| !group.seeds.is_empty());
    let n_left: usize = left.iter().map(|group| group.seeds.len()).sum();
    let stop = Stop::new();
    let tell = |progress: &SimulationProgress| {
        let told = listener(progress);
        if told.is_break() {
            stop.set();
        }
        if stop.is_set() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let kept = Mutex::new((rows, n_networks - n_left));
    work_through(&left, n_jobs, &stop, |group| {
        let found = group.run(|_| tell(&SimulationProgress::Step))?;
        if stop.is_set() {
            return Ok(());
        }
        let seconds = found
            .first()
            .map_or(0.0, |row| row.seconds_train + row.seconds_polynomials);
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (rows, n_done) = &mut *kept;
        *n_done += found.len();
        rows.extend(found);
        rows.sort_by_cached_key(|row| order(&row.settings));
        table::write(folder.path(), rows)?;
        let _ = tell(&SimulationProgress::Finished(FinishedGroup {
            group: group.clone(),
            seconds,
            n_done: *n_done,
            n_networks,
        }));
        Ok(())
    })?;
    Ok(kept.into_inner().unwrap_or_else(PoisonError::into_inner).0)
}

/// The order of the rows, which doesn't depend on the order in which they were made.
fn order(settings: &SimulationSettings) -> impl Ord + use<> {
    let activation = settings.activation.to_string();
    let shape = (activation, settings.width, settings.constrained);
    (shape, settings.n_inputs, settings.seed)
}

/// The existing rows to continue from.
fn existing(group: &SimulationGroup, folder: &Folder, resume: bool) -> Result<Vec<SimulationRow>> {
    let read = || table::read_simulation(folder.path());
    if !folder.has_rows(&parquet_file(folder.path(), table::NAME), resume, || {
        Ok(read()?.len())
    })? {
        return Ok(Vec::new());
    }
    let rows = read()?;
    let made_by = |s: &SimulationSettings| {
        format!(
            "{} points, noise {}, {} epochs, Taylor order {}, version {}",
            s.n_samples, s.noise, s.n_epochs, s.taylor_order, s.version
        )
    };
    let found = rows.iter().map(|row| made_by(&row.settings));
    folder.check_made_by(found, &made_by(&group.settings(0)))?;
    Ok(rows)
}
