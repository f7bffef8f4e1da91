//! The folder of a study: what it consists of, written once, and where the rest is.

use super::place::Place;
use crate::problems::{Plan, Run};
use closedform::files::write_atomically;
use closedform::{Error, Result};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// What a study consists of. The file is written once and then only read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StudyFile {
    /// The version of closedform that makes the runs.
    pub version: String,
    /// How many runs a shard has; the last one may have fewer.
    pub shard_size: usize,
    /// The threads of a run. Large networks round differently with another number, so it belongs to
    /// the study and not to the machine.
    pub n_threads: usize,
    /// Where it is run.
    pub place: Place,
    /// The runs.
    pub plan: Plan,
}

/// What the file of every version says.
#[derive(Deserialize)]
struct Begun {
    version: String,
}

/// A study in a folder.
#[derive(Debug, Clone)]
pub struct Study {
    folder: PathBuf,
    /// What it consists of.
    pub file: StudyFile,
}

/// The folder with the files of shards, below the study's.
const SHARDS: &str = "shards";

impl Study {
    /// Creates a study in a folder.
    ///
    /// # Errors
    /// If the folder has another study, or can't be written to. A folder with the same study is taken
    /// as it is.
    pub fn create(folder: &Path, file: StudyFile) -> Result<Self> {
        let shards = folder.join(SHARDS);
        std::fs::create_dir_all(&shards).map_err(|source| Error::file(&shards, source))?;
        let path = study_file(folder);
        if path.exists() {
            let study = Self::open(folder)?;
            if study.file.plan == file.plan {
                return Ok(study);
            }
            return Err(Error::content(
                path,
                "is another study; choose another folder for this one (--out)",
            ));
        }
        let text = serde_json::to_string_pretty(&file)
            .map_err(|error| Error::content(&path, error.to_string()))?;
        write_atomically(&path, text.as_bytes())?;
        Ok(Self {
            folder: folder.to_path_buf(),
            file,
        })
    }

    /// Whether a folder holds a study that was made from a problem file.
    pub fn is_in(folder: &Path) -> bool {
        study_file(folder).exists()
    }

    /// Opens the study in a folder.
    ///
    /// # Errors
    /// If there is none, or one of another version.
    pub fn open(folder: &Path) -> Result<Self> {
        let path = study_file(folder);
        let text = std::fs::read_to_string(&path).map_err(|source| Error::file(&path, source))?;
        let file: StudyFile = serde_json::from_str(&text).map_err(|error| {
            let begun: Option<Begun> = serde_json::from_str(&text).ok();
            let here = env!("CARGO_PKG_VERSION");
            match begun.filter(|begun| begun.version != here) {
                Some(Begun { version }) => Error::content(
                    &path,
                    format!("was begun by version {version}, which {here} can't read: {error}"),
                ),
                None => Error::content(&path, format!("is no study: {error}")),
            }
        })?;
        if file.shard_size == 0 {
            let reason = "is no study: its shard_size is 0, but must be at least 1";
            return Err(Error::content(path, reason));
        }
        Ok(Self {
            folder: folder.to_path_buf(),
            file,
        })
    }

    /// Refuses to add runs of this version to those of another.
    ///
    /// # Errors
    /// If the study was begun by another version.
    pub fn check_version(&self) -> Result<()> {
        let (here, there) = (env!("CARGO_PKG_VERSION"), &self.file.version);
        if here == there {
            return Ok(());
        }
        let message = format!("was begun by version {there}, this is {here}; runs would differ");
        Err(Error::content(study_file(&self.folder), message))
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// How many runs there are.
    pub fn n_runs(&self) -> usize {
        self.file.plan.n_runs()
    }

    /// How many shards there are.
    pub fn n_shards(&self) -> usize {
        self.n_runs().div_ceil(self.file.shard_size)
    }

    /// The numbers of a shard's runs.
    pub fn numbers(&self, shard: usize) -> Range<usize> {
        let first = (shard * self.file.shard_size).min(self.n_runs());
        first..(first + self.file.shard_size).min(self.n_runs())
    }

    /// A shard's runs.
    pub fn runs(&self, shard: usize) -> impl Iterator<Item = Run> {
        self.numbers(shard).map(|number| self.file.plan.run(number))
    }

    /// The folder of all shards' files.
    pub fn shards_folder(&self) -> PathBuf {
        self.folder.join(SHARDS)
    }

    /// The rows of a shard.
    pub fn rows_file(&self, shard: usize) -> PathBuf {
        self.file_of(shard, "jsonl")
    }

    /// What a shard's worker prints.
    pub fn log_file(&self, shard: usize) -> PathBuf {
        self.file_of(shard, "log")
    }

    /// Who works on a shard.
    pub fn claim_file(&self, shard: usize) -> PathBuf {
        self.file_of(shard, "claim")
    }

    /// Five digits at least, as Slurm's `%a` is filled up to.
    fn file_of(&self, shard: usize, ending: &str) -> PathBuf {
        self.shards_folder().join(format!("{shard:05}.{ending}"))
    }

    /// The file that asks all workers to stop.
    pub fn stop_file(&self) -> PathBuf {
        self.folder.join("stop")
    }

    /// The file with what was given to schedulers.
    pub fn submissions_file(&self) -> PathBuf {
        self.folder.join("submissions.jsonl")
    }
}

fn study_file(folder: &Path) -> PathBuf {
    folder.join("study.json")
}
