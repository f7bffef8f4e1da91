//! Works on one shard: keeps one child process that makes its runs, one after another, and writes their
//! rows. Whatever a run does to its process, the worker writes why, and goes on with the next.

use super::child::Answer;
use super::claim::{BEAT, Claim};
use super::machine::{granted_memory, granted_threads};
use super::process::{Ended, Limits, Process};
use super::row::{Row, State};
use super::rows::ShardRows;
use super::{Study, chosen};
use crate::problems::Run;
use closedform::{Error, Result};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// The share of the granted memory that a run may use; the rest is the worker's. Above it the system
/// would end the run, or both.
const SHARE_OF_MEMORY: f64 = 0.95;

/// Makes the runs of a shard that have no row yet, or one that failed before this attempt.
///
/// `program` is the program with the hidden command that makes runs.
///
/// # Errors
/// A shard that doesn't exist or that another worker has taken over, a folder that can't be written to,
/// or a program that doesn't start. What runs do wrong is in their rows.
pub fn work(study: &Study, shard: usize, attempt: u32, program: &Path) -> Result<()> {
    study.check_version()?;
    if shard >= study.n_shards() {
        let allowed = format!("below {}", study.n_shards());
        return Err(Error::parameter("shard", shard, allowed));
    }
    let mut claim = Claim::new();
    let claim_file = study.claim_file(shard);
    claim.write(&claim_file);
    let taken = ShardRows::take_over(&study.rows_file(shard), &claim.owner());
    let worked = taken.and_then(|(rows, known)| {
        let todo: Vec<Run> = todo(study, shard, attempt, &known).collect();
        let memory = granted_memory();
        let n_threads = granted_threads();
        let said = memory.map(|bytes| format!("{} MiB of memory", bytes >> 20));
        say!(
            "shard {shard} on {} (process {}): {} of {} runs to make, {n_threads} threads, {}",
            claim.host,
            claim.process,
            todo.len(),
            study.numbers(shard).len(),
            said.as_deref().unwrap_or("no limit of memory")
        );
        if n_threads < study.file.n_threads {
            let wanted = study.file.n_threads;
            say!("the study's runs have {wanted} threads, more than are given: they wait");
        }
        let memory = memory.map(|bytes| (bytes as f64 * SHARE_OF_MEMORY) as u64);
        let worker = Worker {
            study,
            attempt,
            program: program.to_path_buf(),
            memory,
            claim_file: &claim_file,
            claim: &mut claim,
            rows,
            last_beat: None,
        };
        worker.make_all(&todo)
    });
    // A shard that is given up is no one's.
    let _ = std::fs::remove_file(&claim_file);
    let n_failed = worked?;
    say!("shard {shard}: ended, {n_failed} of these runs failed");
    Ok(())
}

/// The runs that are to be made.
fn todo<'a>(
    study: &'a Study,
    shard: usize,
    attempt: u32,
    known: &'a [Row],
) -> impl Iterator<Item = Run> + 'a {
    let numbers = study.numbers(shard);
    let chosen = chosen(&numbers, known.iter().map(|row| (row.run, row.attempt)));
    let is_left = move |number: &usize| match chosen[number - numbers.start] {
        None => true,
        Some(row) => known[row].state == State::Failed && known[row].attempt < attempt,
    };
    study
        .numbers(shard)
        .filter(is_left)
        .map(|number| study.file.plan.run(number))
}

struct Worker<'a> {
    study: &'a Study,
    attempt: u32,
    program: PathBuf,
    memory: Option<u64>,
    claim_file: &'a Path,
    claim: &'a mut Claim,
    rows: ShardRows,
    last_beat: Option<Instant>,
}

impl Worker<'_> {
    /// Makes runs until all are made or the study is stopped, and returns how many failed.
    fn make_all(mut self, runs: &[Run]) -> Result<usize> {
        let mut process: Option<Process> = None;
        let mut n_failed = 0;
        for run in runs {
            if self.is_stopped() {
                break;
            }
            let limits = Limits {
                seconds: run.max_seconds(),
                memory: self.memory,
            };
            let mut here = match process.take() {
                Some(process) => process,
                None => Process::start(&mut self.command())?,
            };
            self.claim.run = Some(run.number);
            let start = Instant::now();
            let ended = here.make(run, &limits, &mut || self.beat());
            let seconds = start.elapsed().as_secs_f64();
            let row = match ended {
                Ended::GivenUp => break,
                Ended::Answered(Answer::Done(measures, seconds)) => {
                    process = Some(here);
                    Row::done(run, self.attempt, *measures, seconds)
                }
                Ended::Answered(Answer::Failed(reason, seconds)) => {
                    process = Some(here);
                    Row::failed(run, self.attempt, reason, Vec::new(), seconds)
                }
                Ended::Answered(Answer::Ready) => {
                    let reason = "its process answers what it wasn't asked".to_string();
                    Row::failed(run, self.attempt, reason, Vec::new(), seconds)
                }
                Ended::Lost(reason, printed) => {
                    say!("run {}: {reason}", run.number);
                    Row::failed(run, self.attempt, reason, printed, seconds)
                }
            };
            n_failed += usize::from(row.state == State::Failed);
            self.rows.add(&row)?;
        }
        Ok(n_failed)
    }

    /// Says from time to time that this worker lives, and whether it goes on.
    fn beat(&mut self) -> bool {
        if self.last_beat.is_some_and(|last| last.elapsed() < BEAT) {
            return true;
        }
        self.last_beat = Some(Instant::now());
        self.claim.write(self.claim_file);
        !self.is_stopped()
    }

    fn is_stopped(&self) -> bool {
        self.study.stop_file().exists()
    }

    /// The process that makes runs, with its threads.
    fn command(&self) -> Command {
        let n_threads = self.study.file.n_threads.to_string();
        let mut command = Command::new(&self.program);
        command.args(["study", "work", "--threads", &n_threads]);
        for name in ["RAYON_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"] {
            command.env(name, &n_threads);
        }
        command
    }
}
