//! Only writes the commands: for schedulers that closedform doesn't know.

use super::Study;
use super::back_end::{BackEnd, Task};
use closedform::Result;
use closedform::files::write_atomically;

pub(super) struct Script;

impl BackEnd for Script {
    fn start(&mut self, study: &Study, task: &Task) -> Result<String> {
        let command = task.command(study);
        let line = |shard: &usize| format!("{command} {shard}\n");
        let lines: String = task.shards.iter().map(line).collect();
        let path = study.folder().join("commands.txt");
        write_atomically(&path, lines.as_bytes())?;
        Ok(format!(
            "{} commands, one a line, are in {}; run them in any order and on any machine that sees this \
             folder",
            task.shards.len(),
            path.display()
        ))
    }

    fn is_followed(&self) -> bool {
        false
    }

    fn tend(&mut self) -> Result<bool> {
        Ok(false)
    }

    fn when_left(&self) -> &'static str {
        "nothing was started"
    }
}
