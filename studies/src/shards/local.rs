//! Workers on this machine.

use super::Study;
use super::back_end::{BackEnd, Task};
use super::place::LocalOptions;
use closedform::{Error, Result};
use std::collections::VecDeque;
use std::fs::OpenOptions;
use std::process::{Child, Command, Stdio};

/// A process for each shard, several at once. They end with this process: their standard input is a pipe
/// from it.
pub(super) struct Local {
    n_jobs: usize,
    waiting: VecDeque<Command>,
    running: Vec<Child>,
}

impl Local {
    pub fn new(options: &LocalOptions) -> Self {
        Self {
            n_jobs: options.n_jobs,
            waiting: VecDeque::new(),
            running: Vec::new(),
        }
    }
}

impl BackEnd for Local {
    fn start(&mut self, study: &Study, task: &Task) -> Result<String> {
        for &shard in &task.shards {
            let path = study.log_file(shard);
            let refuse = |source| Error::file(&path, source);
            let log = OpenOptions::new()
                .create(true)
                .append(true)
                .open(&path)
                .map_err(refuse)?;
            let mut command = Command::new(&task.program);
            command
                .args(task.arguments(study))
                .arg(shard.to_string())
                .arg("--attended");
            command
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(log);
            // Ctrl-C is for the process that leads.
            #[cfg(unix)]
            std::os::unix::process::CommandExt::process_group(&mut command, 0);
            self.waiting.push_back(command);
        }
        let (n_shards, n_jobs) = (task.shards.len(), self.n_jobs);
        Ok(format!(
            "{n_shards} shards, {n_jobs} at once on this machine"
        ))
    }

    fn tend(&mut self) -> Result<bool> {
        // A worker that ended without its runs has said why in its log; `resume` starts another.
        self.running
            .retain_mut(|worker| matches!(worker.try_wait(), Ok(None)));
        while self.running.len() < self.n_jobs
            && let Some(mut command) = self.waiting.pop_front()
        {
            let worker = command.spawn();
            let worker = worker
                .map_err(|error| Error::Other(format!("a worker can't be started: {error}")))?;
            self.running.push(worker);
        }
        Ok(!self.running.is_empty())
    }

    fn when_left(&self) -> &'static str {
        "the workers have ended with this process"
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        for worker in &mut self.running {
            // Rows are whole whenever a worker ends.
            let _ = worker.kill();
            let _ = worker.wait();
        }
    }
}
