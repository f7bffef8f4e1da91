//! The record of one run.

use super::Question;
use serde::{Deserialize, Serialize};

/// A run of a benchmark and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BenchmarkRow {
    /// The run.
    #[serde(flatten)]
    pub question: Question,
    /// What was found, or why nothing was.
    pub outcome: std::result::Result<Finding, String>,
    /// How long the run took, in seconds.
    pub seconds: f64,
}

/// What a run found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The formula, in `x1`, `x2`, ...
    pub formula: String,
    /// Whether it is the equation.
    pub is_found: bool,
    /// How far it is from the equation on fresh points: for values and regressors the relative
    /// error of values, for directions and classifiers the sine of the angle between gradients; the
    /// root of the mean square.
    pub error: f64,
    /// Whether another formula of the front is the equation.
    pub is_on_front: bool,
    /// The verdict on a network.
    pub verdict: Option<String>,
}

impl BenchmarkRow {
    /// Whether the equation was found.
    pub fn is_found(&self) -> bool {
        self.outcome.as_ref().is_ok_and(|finding| finding.is_found)
    }
}
