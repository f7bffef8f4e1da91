//! The record of one run.

use super::Condition;
use closedform::{Task, Verdict};
use serde::{Deserialize, Serialize};

/// One run: a truth, and the data that its network is trained on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VerdictCase {
    /// The kind of the truth.
    pub kind: String,
    /// What the network is trained for.
    pub task: Task,
    /// What the data are like.
    pub condition: Condition,
    /// The seed of data, training and search.
    pub seed: u64,
}

impl VerdictCase {
    /// What a network for this task is called.
    pub(super) fn network(task: Task) -> &'static str {
        match task {
            Task::Classification => "classifier",
            Task::Regression => "regressor",
        }
    }
}

/// A run and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VerdictRow {
    /// The run.
    #[serde(flatten)]
    pub case: VerdictCase,
    /// What was said and what is true, or why nothing was said.
    pub outcome: Result<Judged, String>,
    /// How long the run took, in seconds.
    pub seconds: f64,
}

/// What a certificate says, and what is true.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// The formula, in `x1`, `x2`, ...
    pub formula: String,
    /// What was said of it.
    pub verdict: Verdict,
    /// Mean `|cos|` between the gradients of the formula and of the truth, on fresh rows like the
    /// data.
    pub cosine: f64,
    /// Mean `|cos|` between formula and network on the certificate's fresh rows.
    pub in_box: f64,
    /// The same near the boundary; none for a regressor.
    pub near_boundary: Option<f64>,
    /// The share of the network's variance that phi leaves.
    pub left: f64,
    /// Whether the formula has the truth's structure.
    pub has_structure: bool,
    /// How many numbers of a formula with the truth's structure have intervals.
    pub n_numbers: usize,
    /// How many of these intervals hold the number that the truth has there.
    pub n_held: usize,
}

impl Judged {
    /// Whether the formula is said to be the network's concept.
    pub fn is_called_same(&self) -> bool {
        self.verdict == Verdict::SameConcept
    }

    /// Whether the formula has the truth's directions, as closely as
    /// [`SameConcept`](Verdict::SameConcept) claims of the network's.
    pub fn is_same(&self) -> bool {
        self.cosine >= SAME
    }
}

/// The mean `|cos|` that the verdict asks for where it is strictest.
const SAME: f64 = 0.99;
