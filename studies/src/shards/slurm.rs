//! Workers as array jobs of Slurm: one task for each shard.

use super::Study;
use super::back_end::{BackEnd, Task, quoted};
use super::place::SlurmOptions;
use closedform::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::fs::OpenOptions;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Slurm's own default, where it doesn't say.
const MAX_ARRAY_SIZE: usize = 1001;
/// How often Slurm is asked for its queue: twice a minute is what its manual calls reasonable.
const ASK: Duration = Duration::from_secs(30);

pub(super) struct Slurm {
    options: SlurmOptions,
    jobs: Vec<String>,
    asked: Option<Instant>,
}

/// What was given to Slurm.
#[derive(Serialize, Deserialize)]
struct Submission {
    job: String,
}

impl Slurm {
    pub fn new(options: &SlurmOptions) -> Self {
        Self {
            options: options.clone(),
            jobs: Vec::new(),
            asked: None,
        }
    }

    /// Submits an array for shards that share all but their last digits.
    fn submit(
        &self,
        study: &Study,
        task: &Task,
        shards: &[usize],
        digits: usize,
    ) -> Result<String> {
        let (options, size) = (&self.options, 10_usize.pow(digits as u32));
        let first = shards[0] / size * size;
        let limit = options.array_limit.map(|limit| format!("%{limit}"));
        let tasks: Vec<usize> = shards.iter().map(|shard| shard - first).collect();
        let array = format!("--array={}{}", ranges(&tasks), limit.unwrap_or_default());
        let log = study.shards_folder().join(log_name(first / size, digits));
        let output = format!("--output={}", log.display());
        let cpus = format!("--cpus-per-task={}", study.file.n_threads);
        let named = [
            ("partition", &options.partition),
            ("account", &options.account),
            ("time", &options.time),
            ("mem", &options.memory),
        ];
        let named = named
            .into_iter()
            .filter_map(|(name, value)| Some(format!("--{name}={}", value.as_ref()?)));
        let setup = options.setup.as_ref().map(|setup| format!("{setup}\n"));
        let script = format!(
            "#!/bin/sh\n{}exec {} $(({first} + SLURM_ARRAY_TASK_ID))\n",
            setup.unwrap_or_default(),
            task.command(study)
        );
        let mut command = Command::new("sbatch");
        command.args([
            "--parsable",
            "--requeue",
            "--open-mode=append",
            "--job-name=closedform",
        ]);
        command.args([array, output, cpus]).args(named);
        let told = told(&mut command, &script)?;
        // With several clusters it is followed by the cluster's name.
        Ok(told.trim().split(';').next().unwrap_or("").to_string())
    }

    fn remember(&self, study: &Study, job: &str) -> Result<()> {
        let path = study.submissions_file();
        let line = serde_json::to_string(&Submission { job: job.into() }).unwrap_or_default();
        let opened = OpenOptions::new().create(true).append(true).open(&path);
        let written = opened.and_then(|mut file| writeln!(file, "{line}"));
        written.map_err(|source| Error::file(path, source))
    }
}

impl BackEnd for Slurm {
    fn start(&mut self, study: &Study, task: &Task) -> Result<String> {
        // Tasks are numbered from 0 to below MaxArraySize.
        let digits = max_array_size().max(10).ilog10() as usize;
        let size = 10_usize.pow(digits as u32);
        for shards in task.shards.chunk_by(|a, b| a / size == b / size) {
            let job = self.submit(study, task, shards, digits)?;
            self.remember(study, &job)?;
            self.jobs.push(job);
        }
        let (n_shards, jobs) = (task.shards.len(), self.jobs.join(", "));
        Ok(format!(
            "{n_shards} shards were given to Slurm as job {jobs}"
        ))
    }

    fn tend(&mut self) -> Result<bool> {
        if self.asked.is_none_or(|asked| asked.elapsed() >= ASK) {
            self.asked = Some(Instant::now());
            // A controller that doesn't answer may be back the next time.
            if let Ok(queue) = queue() {
                self.jobs
                    .retain(|job| queue.iter().any(|(known, _)| known == job));
            }
        }
        Ok(!self.jobs.is_empty())
    }

    fn when_left(&self) -> &'static str {
        "Slurm goes on without this process"
    }

    fn cancel(&self, study: &Study) -> Result<()> {
        let jobs = submitted(study);
        let Ok(queue) = queue() else {
            return Ok(());
        };
        let is_there = |job: &&String| queue.iter().any(|(known, _)| known == *job);
        let jobs: Vec<&String> = jobs.iter().filter(is_there).collect();
        if jobs.is_empty() {
            return Ok(());
        }
        told(Command::new("scancel").args(jobs), "").map(drop)
    }

    fn running(&self) -> Option<HashSet<String>> {
        let arguments = [
            "--me",
            "--noheader",
            "--array",
            "--states=RUNNING",
            "--format=%i",
        ];
        let text = told(Command::new("squeue").args(arguments), "").ok()?;
        Some(text.lines().map(|line| line.trim().to_string()).collect())
    }

    fn queue(&self, study: &Study) -> Option<String> {
        let (jobs, queue) = (submitted(study), queue().ok()?);
        let states = queue.iter().filter(|(job, _)| jobs.contains(job));
        let states: Vec<&str> = states.map(|(_, state)| state.as_str()).collect();
        let n_of = |wanted: &str| states.iter().filter(|state| **state == wanted).count();
        let (n_running, n_waiting) = (n_of("RUNNING"), n_of("PENDING"));
        Some(format!(
            "Slurm: {n_running} tasks running, {n_waiting} lines waiting in its queue"
        ))
    }
}

/// The jobs that were submitted for a study.
fn submitted(study: &Study) -> Vec<String> {
    let text = super::rows::whole_lines(&study.submissions_file()).unwrap_or_default();
    super::rows::parsed(&text)
        .map(|submission: Submission| submission.job)
        .collect()
}

/// The user's jobs, each with its state.
fn queue() -> Result<Vec<(String, String)>> {
    let text = told(
        Command::new("squeue").args(["--me", "--noheader", "--array", "--format=%F %T"]),
        "",
    )?;
    let words = text.lines().filter_map(|line| line.trim().split_once(' '));
    Ok(words
        .map(|(job, state)| (job.to_string(), state.trim().to_string()))
        .collect())
}

fn max_array_size() -> usize {
    let text = told(Command::new("scontrol").args(["show", "config"]), "").unwrap_or_default();
    let line = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("MaxArraySize"));
    let size = line.and_then(|rest| rest.trim_start_matches([' ', '=']).trim().parse().ok());
    size.unwrap_or(MAX_ARRAY_SIZE)
}

/// The name of a log as Slurm completes it: the shard's number in five digits or more.
fn log_name(leading: usize, digits: usize) -> String {
    let width = 5_usize.saturating_sub(digits);
    match (leading, width) {
        (0, 0) => format!("%{digits}a.log"),
        _ => format!("{leading:0width$}%{digits}a.log"),
    }
}

/// Ascending numbers as Slurm reads them: `0-3,7`.
fn ranges(numbers: &[usize]) -> String {
    let runs = numbers.chunk_by(|a, b| a + 1 == *b);
    let texts = runs.map(|run| match run {
        [one] => one.to_string(),
        [first, .., last] => format!("{first}-{last}"),
        [] => String::new(),
    });
    texts.collect::<Vec<String>>().join(",")
}

/// What a command of Slurm prints.
fn told(command: &mut Command, input: &str) -> Result<String> {
    let name = quoted(&command.get_program().to_string_lossy());
    let refuse = |reason: String| Error::Other(format!("{name}: {reason}"));
    let piped = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = piped.spawn().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => refuse("isn't here; run this on a login node".into()),
        _ => refuse(error.to_string()),
    })?;
    if let Some(mut pipe) = child.stdin.take() {
        pipe.write_all(input.as_bytes())
            .map_err(|error| refuse(error.to_string()))?;
    }
    let output = child
        .wait_with_output()
        .map_err(|error| refuse(error.to_string()))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(refuse(
            String::from_utf8_lossy(&output.stderr).trim().to_string(),
        ))
    }
}
