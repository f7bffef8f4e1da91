//! The record of one run.

use crate::problems::{Measures, Run};
use serde::{Deserialize, Serialize};

/// What became of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It came to its end, with or without a formula.
    Done,
    /// It was ended: by a panic, a signal, its time limit, or a file that can't be read.
    Failed,
}

impl State {
    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// A run and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The number of the run.
    pub run: usize,
    /// The run's id.
    pub id: String,
    /// How often it had been made before: 0, and 1 after the first `retry`.
    #[serde(default, skip_serializing_if = "is_first")]
    pub attempt: u32,
    /// What became of it.
    pub state: State,
    /// What it told.
    #[serde(default)]
    pub measures: Measures,
    /// The last lines that a failed run printed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub printed: Vec<String>,
    /// How long it took.
    pub seconds: f64,
}

fn is_first(attempt: &u32) -> bool {
    *attempt == 0
}

impl Row {
    /// The row of a run that came to its end.
    pub(super) fn done(run: &Run, attempt: u32, measures: Measures, seconds: f64) -> Self {
        Self {
            run: run.number,
            id: run.id.clone(),
            attempt,
            state: State::Done,
            measures,
            printed: Vec::new(),
            seconds,
        }
    }

    /// The row of a run that didn't.
    pub(super) fn failed(
        run: &Run,
        attempt: u32,
        reason: String,
        printed: Vec<String>,
        seconds: f64,
    ) -> Self {
        let measures = Measures {
            reason: Some(reason),
            ..Measures::default()
        };
        Self {
            state: State::Failed,
            printed,
            ..Self::done(run, attempt, measures, seconds)
        }
    }
}

/// The part of a row that a count needs.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Brief {
    pub run: usize,
    #[serde(default)]
    pub attempt: u32,
    pub state: State,
    pub seconds: f64,
}
