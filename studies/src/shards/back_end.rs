//! What runs workers. Another scheduler is one more file like [`script`](super::script).

use super::Study;
use closedform::Result;
use std::collections::HashSet;
use std::path::PathBuf;

/// Runs the workers of shards.
pub(super) trait BackEnd {
    /// Starts workers, or has them started, and says in a line what was done.
    ///
    /// # Errors
    /// A scheduler that refuses.
    fn start(&mut self, study: &Study, task: &Task) -> Result<String>;

    /// Whether there is something to follow.
    fn is_followed(&self) -> bool {
        true
    }

    /// Does what is due. Returns whether workers may still be running or waiting to.
    ///
    /// # Errors
    /// A worker that can't be started.
    fn tend(&mut self) -> Result<bool>;

    /// What happens to workers when this process ends, in a sentence.
    fn when_left(&self) -> &'static str;

    /// Takes back what waits in a queue.
    ///
    /// # Errors
    /// A scheduler that refuses.
    fn cancel(&self, _study: &Study) -> Result<()> {
        Ok(())
    }

    /// The names of the tasks that run, if a scheduler tells.
    fn running(&self) -> Option<HashSet<String>> {
        None
    }

    /// What the scheduler says about the study, in a line.
    fn queue(&self, _study: &Study) -> Option<String> {
        None
    }
}

/// What workers are to do.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Task {
    /// The program.
    pub program: PathBuf,
    /// The shards, in order.
    pub shards: Vec<usize>,
    /// Failed runs of earlier attempts are made again.
    pub attempt: u32,
}

impl Task {
    /// The arguments of a worker, but for its shard, which is the last one.
    pub fn arguments(&self, study: &Study) -> Vec<String> {
        let folder = study.folder().display().to_string();
        let mut arguments = ["study", "work", "--in"].map(String::from).to_vec();
        arguments.push(folder);
        if self.attempt > 0 {
            arguments.extend(["--attempt".to_string(), self.attempt.to_string()]);
        }
        arguments.push("--shard".to_string());
        arguments
    }

    /// The same as a command of a shell.
    pub fn command(&self, study: &Study) -> String {
        let program = self.program.display().to_string();
        let words = std::iter::once(program).chain(self.arguments(study));
        let words: Vec<String> = words.map(|word| quoted(&word)).collect();
        words.join(" ")
    }
}

/// A word as a shell reads it.
pub(super) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-=+:,@%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_string()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
