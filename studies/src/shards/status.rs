//! How far a study is.

use super::claim::{Claim, claim_of, now};
use super::row::{Brief, State};
use super::rows::{parsed, whole_lines};
use super::{Study, chosen};
use closedform::Result;
use std::fmt::{Display, Formatter};

/// What a shard has.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ShardCount {
    /// How many runs it consists of.
    pub n_runs: usize,
    /// How many came to their end.
    pub n_done: usize,
    /// How many failed.
    pub n_failed: usize,
    /// How many rows are there twice, or belong to no run.
    pub n_spare: usize,
    /// How long its runs took, together.
    pub seconds: f64,
    /// The slowest run: its number and its seconds.
    pub slowest: Option<(usize, f64)>,
    /// The most attempts that a failed run has had.
    pub n_attempts: u32,
}

impl ShardCount {
    /// Counts the rows of a shard.
    ///
    /// # Errors
    /// A file that can't be read.
    pub fn of(study: &Study, shard: usize) -> Result<Self> {
        let numbers = study.numbers(shard);
        let text = whole_lines(&study.rows_file(shard))?;
        let rows: Vec<Brief> = parsed(&text).collect();
        let chosen = chosen(&numbers, rows.iter().map(|row| (row.run, row.attempt)));
        let mut count = Self {
            n_runs: numbers.len(),
            ..Self::default()
        };
        for row in chosen.into_iter().flatten().map(|row| &rows[row]) {
            match row.state {
                State::Done => count.n_done += 1,
                State::Failed => {
                    count.n_failed += 1;
                    count.n_attempts = count.n_attempts.max(row.attempt + 1);
                }
            }
            count.seconds += row.seconds;
            if count
                .slowest
                .is_none_or(|(_, seconds)| row.seconds > seconds)
            {
                count.slowest = Some((row.run, row.seconds));
            }
        }
        count.n_spare = text.lines().count() - count.n_made();
        Ok(count)
    }

    /// How many of its runs have a row.
    pub fn n_made(&self) -> usize {
        self.n_done + self.n_failed
    }

    /// How many of its runs have none.
    pub fn n_missing(&self) -> usize {
        self.n_runs - self.n_made()
    }
}

/// Who is busy with a shard.
#[derive(Debug, Clone, PartialEq)]
pub enum Busy {
    /// Nobody: all runs have a row.
    Complete,
    /// A worker that lives.
    Running(Claim),
    /// A worker that has said nothing for a while: its runs are to be made by others.
    Lost(Claim),
    /// Nobody yet, or nobody any more.
    Waiting,
}

/// How far a study is, shard by shard.
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    /// What each shard has, and who is busy with it.
    pub shards: Vec<(ShardCount, Busy)>,
    /// The slowest run, in words, and its seconds.
    pub slowest: Option<(String, f64)>,
    /// Whether somebody has stopped the study.
    pub is_stopped: bool,
    /// What the scheduler says, if there is one.
    pub queue: Option<String>,
}

impl Status {
    /// Reads all that is in a study's folder.
    ///
    /// # Errors
    /// Files that can't be read.
    pub fn of(study: &Study) -> Result<Self> {
        let now = now(study)?;
        let back_end = study.file.place.back_end();
        let tasks = back_end.running();
        // The scheduler knows sooner than the clock.
        let has_ended = |claim: &Claim| match (&claim.job, &tasks) {
            (Some(job), Some(tasks)) => !tasks.contains(job),
            _ => false,
        };
        let shards = (0..study.n_shards()).map(|shard| {
            let count = ShardCount::of(study, shard)?;
            let busy = if count.n_missing() == 0 {
                Busy::Complete
            } else {
                match claim_of(study, shard, now) {
                    Some((claim, true)) if !has_ended(&claim) => Busy::Running(claim),
                    Some((claim, _)) => Busy::Lost(claim),
                    None => Busy::Waiting,
                }
            };
            Ok((count, busy))
        });
        let shards = shards.collect::<Result<Vec<_>>>()?;
        let slowest = shards.iter().filter_map(|(count, _)| count.slowest);
        let slowest = slowest.max_by(|a, b| a.1.total_cmp(&b.1));
        Ok(Self {
            slowest: slowest.map(|(run, s)| (study.file.plan.run(run).to_string(), s)),
            shards,
            is_stopped: study.stop_file().exists(),
            queue: back_end.queue(study),
        })
    }

    /// The same count for all shards.
    pub fn total(&self, of: impl Fn(&ShardCount) -> usize) -> usize {
        self.shards.iter().map(|(count, _)| of(count)).sum()
    }

    /// The shards that have runs without a row and that nobody is busy with.
    pub fn missing(&self) -> Vec<usize> {
        let shards = self.shards.iter().enumerate();
        let idle = shards.filter(|(_, (_, busy))| matches!(busy, Busy::Lost(_) | Busy::Waiting));
        idle.map(|(shard, _)| shard).collect()
    }

    /// The shards with failed runs that nobody is busy with.
    pub fn failed(&self) -> Vec<usize> {
        let shards = self.shards.iter().enumerate();
        let idle = shards
            .filter(|(_, (count, busy))| count.n_failed > 0 && !matches!(busy, Busy::Running(_)));
        idle.map(|(shard, _)| shard).collect()
    }

    fn n_running(&self) -> usize {
        let shards = self.shards.iter();
        shards
            .filter(|(_, busy)| matches!(busy, Busy::Running(_)))
            .count()
    }

    /// The seconds that the missing runs will take with the workers that are running, at the pace of
    /// those that are done. No clock is asked: a pace is that of the runs' own seconds.
    pub fn seconds_left(&self) -> Option<f64> {
        let n_made = self.total(ShardCount::n_made);
        let seconds: f64 = self.shards.iter().map(|(count, _)| count.seconds).sum();
        let n_running = self.n_running();
        let left = self.total(ShardCount::n_missing) as f64 * seconds / n_made as f64;
        (n_made > 0 && n_running > 0).then(|| left / n_running as f64)
    }
}

/// Shards are listed one by one if there are at most so many that aren't complete.
const N_LISTED: usize = 30;

impl Display for Status {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let n_runs = self.total(|count| count.n_runs);
        let lost = self
            .shards
            .iter()
            .filter(|(_, busy)| matches!(busy, Busy::Lost(_)));
        let n_lost: usize = lost.map(|(count, _)| count.n_missing()).sum();
        let n_running = self.n_running();
        writeln!(
            f,
            "{n_runs} runs in {} shards: {} done, {} failed, {} missing ({n_lost} of them lost with \
             their workers)",
            self.shards.len(),
            self.total(|count| count.n_done),
            self.total(|count| count.n_failed),
            self.total(ShardCount::n_missing),
        )?;
        let n_spare = self.total(|count| count.n_spare);
        if n_spare > 0 {
            writeln!(
                f,
                "{n_spare} rows don't count: their runs were made twice, or they are no rows"
            )?;
        }
        if let Some(left) = self.seconds_left() {
            let rate = self.total(ShardCount::n_missing) as f64 / left.max(1e-9);
            let left = duration(left);
            writeln!(
                f,
                "{n_running} workers, {rate:.2} runs a second, {left} left"
            )?;
        } else if n_running > 0 {
            writeln!(f, "{n_running} workers, no run has ended yet")?;
        }
        if let Some(queue) = &self.queue {
            writeln!(f, "{queue}")?;
        }
        if self.is_stopped {
            writeln!(f, "stopped; `closedform study resume` goes on")?;
        }
        if let Some((run, seconds)) = &self.slowest {
            writeln!(f, "slowest run: {seconds:.1} s, {run}")?;
        }
        let shards = self.shards.iter().enumerate();
        let open = shards.filter(|(_, (_, busy))| *busy != Busy::Complete);
        let open: Vec<_> = open.collect();
        if !open.is_empty() {
            writeln!(
                f,
                "{:>7} {:>6} {:>6} {:>6}  worker",
                "shard", "runs", "done", "failed"
            )?;
        }
        for (shard, (count, busy)) in open.iter().take(N_LISTED) {
            let (n_runs, n_done, n_failed) = (count.n_runs, count.n_done, count.n_failed);
            writeln!(
                f,
                "{shard:>7} {n_runs:>6} {n_done:>6} {n_failed:>6}  {busy}"
            )?;
        }
        if open.len() > N_LISTED {
            writeln!(
                f,
                "        and {} more that aren't complete",
                open.len() - N_LISTED
            )?;
        }
        Ok(())
    }
}

impl Display for Busy {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let told = |claim: &Claim| {
            let job = claim.job.as_ref().map(|job| format!(", job {job}"));
            let run = claim.run.map(|run| format!(", run {run}"));
            let (job, run) = (job.unwrap_or_default(), run.unwrap_or_default());
            format!("{} (process {}{job}{run})", claim.host, claim.process)
        };
        match self {
            Self::Complete => f.write_str("complete"),
            Self::Running(claim) => write!(f, "running on {}", told(claim)),
            Self::Lost(claim) => write!(f, "lost on {}", told(claim)),
            Self::Waiting => f.write_str("waiting"),
        }
    }
}

/// Seconds as people say them.
pub(super) fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 100.0 => format!("{s:.0} s"),
        s if s < 6000.0 => format!("{:.0} min", s / 60.0),
        s => format!("{:.1} h", s / 3600.0),
    }
}
