//! Records of the searches that were run, one JSON object per line of a file.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;

/// A search and its outcome.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    pub change: String,
    pub problem: String,
    pub seed: u64,
    #[serde(flatten)]
    pub outcome: Outcome,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outcome {
    pub is_recovered: bool,
    /// Processor time in seconds.
    pub seconds: f64,
    pub formula: String,
    pub complexity: usize,
    /// The error on fresh points against the truth, in the measure of the problem.
    pub error: f64,
    pub stop_reason: String,
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = &self.outcome;
        let found = if outcome.is_recovered {
            "found"
        } else {
            "lost"
        };
        write!(
            f,
            "{}, {}, seed {}: {found} in {:.2} s, {}",
            self.change, self.problem, self.seed, outcome.seconds, outcome.formula
        )
    }
}

pub struct Records {
    kept: Mutex<(File, Vec<Record>)>,
}

impl Records {
    /// Reads the file, or starts it. If its last line was cut off, that search is run again.
    pub fn open(path: &Path) -> Result<Self, String> {
        let refuse = |error: std::io::Error| format!("{}: {error}", path.display());
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(refuse)?;
        }
        let mut file = OpenOptions::new()
            .append(true)
            .create(true)
            .open(path)
            .map_err(refuse)?;
        let text = std::fs::read_to_string(path).map_err(refuse)?;
        if !text.is_empty() && !text.ends_with('\n') {
            file.write_all(b"\n").map_err(refuse)?;
        }
        let lines = text.lines();
        let records = lines.filter_map(|line| serde_json::from_str(line).ok());
        Ok(Self {
            kept: Mutex::new((file, records.collect())),
        })
    }

    pub fn add(&self, record: &Record) -> Result<(), String> {
        let line = serde_json::to_string(record).map_err(|error| error.to_string())?;
        let mut kept = self.kept.lock().map_err(|error| error.to_string())?;
        writeln!(kept.0, "{line}").map_err(|error| error.to_string())?;
        kept.1.push(record.clone());
        Ok(())
    }

    pub fn all(&self) -> Vec<Record> {
        self.kept.lock().map_or(Vec::new(), |kept| kept.1.clone())
    }
}
