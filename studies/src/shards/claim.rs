//! Who works on a shard, and whether they still do.
//!
//! A claim is a file that its worker writes again every few seconds. It protects nothing: it is there for
//! people, and for `resume`, which leaves alone what is being worked on. Its age is measured by the file
//! server's clock alone, against a file that was written just now.

use super::Study;
use closedform::{Error, Result};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// How often a worker writes its claim: with 1000 workers the file server has 100 writes a second. Half
/// of it doubles that; twice as much makes lost workers be seen later.
pub(super) const BEAT: Duration = Duration::from_secs(10);
/// A claim that is older belongs to a lost worker: four beats, for a file server that is slow at times.
const LOST_AFTER: Duration = Duration::from_secs(40);

/// Who works on a shard.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// The machine.
    pub host: String,
    /// The worker's process.
    pub process: u32,
    /// The scheduler's name for the task, if there is one.
    pub job: Option<String>,
    /// The run that it is making.
    pub run: Option<usize>,
}

impl Claim {
    /// This process.
    pub(super) fn new() -> Self {
        let of_environment = |name| std::env::var(name).ok();
        let task = of_environment("SLURM_ARRAY_JOB_ID").zip(of_environment("SLURM_ARRAY_TASK_ID"));
        Self {
            host: host(),
            process: std::process::id(),
            job: task.map(|(job, task)| format!("{job}_{task}")),
            run: None,
        }
    }

    /// Whether it is one of this machine, where one can see that its process is no more.
    fn is_dead(&self) -> bool {
        let processes = Path::new("/proc");
        self.host == host()
            && processes.join("self").exists()
            && !processes.join(self.process.to_string()).exists()
    }

    /// Tells this worker from all others.
    pub(super) fn owner(&self) -> String {
        format!("{}-{}", self.host, self.process)
    }

    /// Writes the claim. A claim that can't be written costs a line in `status`, no run.
    pub(super) fn write(&self, path: &Path) {
        if let Ok(text) = serde_json::to_string(self) {
            let _ = std::fs::write(path, text);
        }
    }
}

/// The machine's name.
fn host() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname");
    let name = name.ok().or_else(|| std::env::var("HOSTNAME").ok());
    // Slurm may call several nodes of one machine by names of their own.
    let node = std::env::var("SLURMD_NODENAME").ok();
    let name = node.or(name).unwrap_or_default();
    let is_plain = |c: &char| c.is_ascii_alphanumeric() || *c == '-' || *c == '_';
    name.trim().chars().filter(is_plain).collect()
}

/// The file server's time, as a file that is written now gets it.
///
/// # Errors
/// A folder that can't be written to.
pub(super) fn now(study: &Study) -> Result<SystemTime> {
    let path = study
        .shards_folder()
        .join(format!("now-{}", Claim::new().owner()));
    let refuse = |source| Error::file(&path, source);
    std::fs::write(&path, b"now").map_err(refuse)?;
    let time = std::fs::metadata(&path)
        .and_then(|file| file.modified())
        .map_err(refuse);
    let _ = std::fs::remove_file(&path);
    time
}

/// Who works on a shard, and whether the claim is fresh.
pub(super) fn claim_of(study: &Study, shard: usize, now: SystemTime) -> Option<(Claim, bool)> {
    let path = study.claim_file(shard);
    let written = std::fs::metadata(&path).ok()?.modified().ok()?;
    // It may be read while it is written anew.
    let claim: Claim = serde_json::from_slice(&std::fs::read(&path).ok()?).unwrap_or_default();
    let age = now.duration_since(written).unwrap_or_default();
    let is_fresh = age < LOST_AFTER && !claim.is_dead();
    Some((claim, is_fresh))
}
