//! Where a study is run.

use serde::{Deserialize, Serialize};

/// Where a study is run, with the options of that place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// This machine.
    Local(LocalOptions),
    /// A cluster with Slurm.
    Slurm(SlurmOptions),
    /// Anything that can run commands.
    Script,
}

impl Place {
    /// How many workers it will have at once, as far as anyone knows.
    pub(super) fn n_workers(&self) -> Option<usize> {
        match self {
            Self::Local(options) => Some(options.n_jobs),
            Self::Slurm(options) => options.array_limit,
            Self::Script => None,
        }
    }
}

/// How a study is run on this machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LocalOptions {
    /// How many workers there are at once.
    pub n_jobs: usize,
}

/// How a study is run with Slurm: what `sbatch` is told.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SlurmOptions {
    /// The partition.
    pub partition: Option<String>,
    /// The account.
    pub account: Option<String>,
    /// The time limit of a task, as `sbatch` reads it.
    pub time: Option<String>,
    /// The memory of a task, as `sbatch` reads it.
    pub memory: Option<String>,
    /// How many tasks may run at once.
    pub array_limit: Option<usize>,
    /// A command before the work, such as `module load`.
    pub setup: Option<String>,
}
