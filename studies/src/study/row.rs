//! The record of one run.

use closedform::interpretation::{Judgement, Seconds};

/// Everything needed to repeat a run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunSettings {
    /// The experiment's number, 1 to 8.
    pub experiment: usize,
    /// The seed that fixes the points, the network and the search.
    pub seed: u64,
    /// How many points are drawn; four fifths of them train the network.
    pub n_points: usize,
    /// The label noise: the standard deviation of the random factor on the true function.
    pub label_noise: f64,
    /// The name of the hyperparameters, `fast` or `paper`.
    pub preset: String,
    /// Passes over the training data.
    pub n_epochs: usize,
    /// Rows per training step.
    pub batch_size: usize,
    /// Generations of the search's evolution.
    pub n_generations: usize,
    /// The library's version.
    pub version: String,
}

/// A run of a study.
#[derive(Debug, Clone, PartialEq)]
pub struct StudyRow {
    /// The settings of the run.
    pub settings: RunSettings,
    /// Where the time went.
    pub seconds: Seconds,
    /// The result, or why there is none.
    pub outcome: Result<Outcome, String>,
}

/// The result of a run, measured on fresh points that no run has seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The formula, as sympy reads it.
    pub formula: String,
    /// Its complexity.
    pub complexity: usize,
    /// Its loss on all points that the search was given.
    pub loss: f64,
    /// Class 1 is where the formula exceeds this number, which is fitted to the network's
    /// decisions.
    pub threshold: Option<f64>,
    /// The measured noise of the network's gradients; 0 if it wasn't measured.
    pub gradient_noise: f64,
    /// How many points near or on the boundary the search was given.
    pub n_directions: usize,
    /// The mean `|cos|` between the network's gradients and the true ones, at those points.
    pub fidelity: Option<f64>,
    /// The same at fresh points of the whole box.
    pub fidelity_of_box: Option<f64>,
    /// The mean `|cos|` between the gradients of formula and network, at fresh points where the
    /// network's output is between `delta` and `1 - delta`; none if there are no such points.
    pub network_cosine: Option<f64>,
    /// How the formula compares with the truth.
    pub judgement: Judgement,
}

impl StudyRow {
    /// Whether the structure was found; `None` if the truth isn't known.
    pub fn is_found(&self) -> Option<bool> {
        match &self.outcome {
            Ok(outcome) => outcome.judgement.recovery.is_found(),
            Err(_) => Some(false),
        }
    }

    /// The largest relative error of the constants, if the structure was found.
    pub fn constants_error(&self) -> Option<f64> {
        self.outcome.as_ref().ok()?.judgement.constants_error
    }
}

#[cfg(feature = "records")]
impl RunSettings {
    /// The order of a study's rows, which doesn't depend on the order in which they were made.
    pub(super) fn compare(&self, other: &Self) -> std::cmp::Ordering {
        let key = |s: &Self| (s.experiment, s.n_points);
        let noise = self.label_noise.total_cmp(&other.label_noise);
        key(self)
            .cmp(&key(other))
            .then(noise)
            .then(self.seed.cmp(&other.seed))
    }
}
