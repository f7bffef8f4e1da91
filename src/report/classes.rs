//! The JSON object of several classes.

use super::Report;
use crate::interpretation::{ClassTable, OfClasses};
use serde::Serialize;

/// What was found for each of several classes, with the fields of the command line's `--json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassesReport {
    /// The classes with their rules, how well these do, and which class fresh rows were given.
    pub table: ClassTable,
    /// The run of each class, `(n_classes,)`; none where the model learned nothing.
    pub runs: Vec<Option<Report>>,
    /// What was concluded about the table of data, in sentences.
    pub read_as: Vec<String>,
}

impl ClassesReport {
    /// The report of these runs.
    pub fn new<M>(found: &OfClasses<M>, read_as: Vec<String>) -> Self {
        let runs = found.runs.iter();
        Self {
            table: found.table.clone(),
            runs: runs
                .map(|run| run.as_ref().ok().map(|run| run.report()))
                .collect(),
            read_as,
        }
    }
}
