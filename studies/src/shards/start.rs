//! Starts, resumes, retries, stops and follows a study.

use super::back_end::{BackEnd, Task};
use super::status::{ShardCount, duration};
use super::{Place, Status, Study};
use crate::problems::Plan;
use closedform::{Error, Result};
use std::fmt::{Display, Formatter};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long a shard is planned to take, in seconds: long against the second that a worker takes to start,
/// and short enough that one of a few shards isn't waited for alone. Half of it doubles the files, twice
/// as much makes a lost worker cost twice the time.
const SHARD: f64 = 300.0;
/// Shards for each worker, at least, so that none waits long for the slowest.
const PER_WORKER: usize = 4;
/// Runs of a shard, at most: as many rows are copied when a shard is taken over.
const MOST: usize = 1000;
/// How often the folder is looked at while a study is followed.
const LOOK: Duration = Duration::from_millis(500);
/// The share of the time that may go into looking.
const SHARE: u32 = 20;

/// How many runs a shard should have.
///
/// # Errors
/// Settings that aren't those of a run.
pub fn shard_size(plan: &Plan, place: &Place) -> Result<usize> {
    let n_runs = plan.n_runs();
    let seconds = plan.estimate()?.seconds / n_runs as f64;
    let by_time = (SHARD / seconds) as usize;
    let shared = |n_workers| n_runs.div_ceil(PER_WORKER * n_workers);
    let by_workers = place.n_workers().map_or(by_time, shared);
    Ok(by_time.min(by_workers).clamp(1, MOST))
}

/// Work on a study that has been started.
pub struct Work<'a> {
    study: &'a Study,
    back_end: Box<dyn BackEnd>,
    task: Task,
    /// What was started, in a line.
    pub told: String,
}

/// How far a study is while it is followed.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// A shard has got all of its rows.
    Shard(usize, ShardCount),
    /// Runs have got rows.
    Runs {
        /// How many have one.
        n_made: usize,
        /// How many runs there are.
        n_runs: usize,
        /// How many failed.
        n_failed: usize,
        /// The seconds that are left, at the pace since the study is followed.
        seconds_left: Option<f64>,
    },
}

impl<'a> Work<'a> {
    /// Starts workers for the shards with runs that have no row, and that nobody is busy with; with
    /// `retry`, for those with failed runs as well, which are made again. None if there are no such
    /// shards. `place` overrides where the study was run before.
    ///
    /// # Errors
    /// Files that can't be read or written, a study of another version, or a scheduler that refuses.
    pub fn start(
        study: &'a Study,
        place: Option<&Place>,
        program: &Path,
        retry: bool,
    ) -> Result<Option<Self>> {
        study.check_version()?;
        let stop = study.stop_file();
        if stop.exists() {
            std::fs::remove_file(&stop).map_err(|source| Error::file(&stop, source))?;
        }
        remove_leftovers(study);
        let status = Status::of(study)?;
        let mut shards = status.missing();
        let mut attempt = 0;
        if retry {
            shards.extend(status.failed());
            shards.sort_unstable();
            shards.dedup();
            let counts = status.shards.iter();
            attempt = counts.map(|(count, _)| count.n_attempts).max().unwrap_or(0);
        }
        if shards.is_empty() {
            return Ok(None);
        }
        let task = Task {
            program: program.to_path_buf(),
            shards,
            attempt,
        };
        let mut back_end = place.unwrap_or(&study.file.place).back_end();
        let told = back_end.start(study, &task)?;
        Ok(Some(Self {
            study,
            back_end,
            task,
            told,
        }))
    }

    /// Whether anything was started that can be followed.
    pub fn is_followed(&self) -> bool {
        self.back_end.is_followed()
    }

    /// Follows the work until it ends, or until `flow` breaks. Returns what then happens to workers, if
    /// it broke. `listener` hears what is new.
    ///
    /// # Errors
    /// Files that can't be read.
    pub fn follow(
        mut self,
        flow: &dyn Fn() -> ControlFlow<()>,
        listener: &mut dyn FnMut(&Step),
    ) -> Result<Option<&'static str>> {
        let count = |shard| ShardCount::of(self.study, shard);
        let mut counts: Vec<ShardCount> = (0..self.study.n_shards())
            .map(count)
            .collect::<Result<_>>()?;
        let mut lengths = vec![None; counts.len()];
        let (start, n_first) = (Instant::now(), sum(&counts, ShardCount::n_made));
        let mut n_last = None;
        loop {
            let looked = Instant::now();
            let goes_on = self.back_end.tend()?;
            for &shard in &self.task.shards {
                let file = std::fs::metadata(self.study.rows_file(shard));
                let length = file.ok().map(|file| file.len());
                if lengths[shard] == length {
                    continue;
                }
                lengths[shard] = length;
                let count = ShardCount::of(self.study, shard)?;
                if count.n_missing() == 0 && counts[shard].n_missing() > 0 {
                    listener(&Step::Shard(shard, count.clone()));
                }
                counts[shard] = count;
            }
            let n_made = sum(&counts, ShardCount::n_made);
            if n_last.replace(n_made) != Some(n_made) {
                let n_left = self.study.n_runs() - n_made;
                let seconds = start.elapsed().as_secs_f64();
                let pace = (n_made > n_first).then(|| seconds / (n_made - n_first) as f64);
                listener(&Step::Runs {
                    n_made,
                    n_runs: self.study.n_runs(),
                    n_failed: sum(&counts, |count| count.n_failed),
                    seconds_left: pace.map(|pace| pace * n_left as f64),
                });
            }
            let is_made = |shard: &usize| counts[*shard].n_missing() == 0;
            let is_all_made = self.task.attempt == 0 && self.task.shards.iter().all(is_made);
            if !goes_on || is_all_made {
                return Ok(None);
            }
            if flow().is_break() {
                return Ok(Some(self.back_end.when_left()));
            }
            std::thread::sleep(LOOK.max(SHARE * looked.elapsed()));
        }
    }
}

fn sum(counts: &[ShardCount], of: impl Fn(&ShardCount) -> usize) -> usize {
    counts.iter().map(of).sum()
}

/// Asks all workers of a study to stop, and takes back what waits in a queue. They stop within seconds,
/// and lose the runs that they are making.
///
/// # Errors
/// A folder that can't be written to, or a scheduler that refuses.
pub fn stop(study: &Study) -> Result<()> {
    let path = study.stop_file();
    std::fs::write(&path, "").map_err(|source| Error::file(&path, source))?;
    study.file.place.back_end().cancel(study)
}

/// Removes what workers were writing when they were killed.
fn remove_leftovers(study: &Study) {
    let files = std::fs::read_dir(study.shards_folder())
        .into_iter()
        .flatten()
        .flatten();
    for file in files.filter(|file| file.path().extension().is_some_and(|end| end == "part")) {
        // A file that can't be removed takes space, but does no harm.
        let _ = std::fs::remove_file(file.path());
    }
}

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Shard(shard, count) => {
                let (n_runs, n_failed) = (count.n_runs, count.n_failed);
                let seconds = duration(count.seconds);
                write!(
                    f,
                    "shard {shard} is complete: {n_runs} runs, {n_failed} failed, {seconds}"
                )
            }
            Self::Runs {
                n_made,
                n_runs,
                n_failed,
                seconds_left,
            } => {
                let left = seconds_left.map(|left| format!(", {} left", duration(left)));
                write!(
                    f,
                    "{n_made}/{n_runs} runs, {n_failed} failed{}",
                    left.unwrap_or_default()
                )
            }
        }
    }
}
