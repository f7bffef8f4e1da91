//! What is kept of one run.

use closedform::interpretation::{Judgement, Seconds};

/// Everything that is needed to repeat a run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunSettings {
    /// The experiment's number, 1 to 8.
    pub experiment: usize,
    /// Fixes the points, the network and the search.
    pub seed: u64,
    /// How many points are drawn; four fifths train the network.
    pub n_points: usize,
    /// The standard deviation of the factor that blurs the labels.
    pub label_noise: f64,
    /// The name of the hyperparameters, `fast` or `paper`.
    pub preset: String,
    /// Passes over the training data.
    pub n_epochs: usize,
    /// Rows per training step.
    pub batch_size: usize,
    /// Length of the evolution.
    pub n_generations: usize,
    /// The library's version.
    pub version: String,
}

/// A run of a study.
#[derive(Debug, Clone, PartialEq)]
pub struct StudyRow {
    /// What was run.
    pub settings: RunSettings,
    /// Where the time went.
    pub seconds: Seconds,
    /// What came out, or why nothing did.
    pub outcome: Result<Outcome, String>,
}

/// What a run came to, measured on fresh points that no run has seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The formula, as sympy reads it.
    pub formula: String,
    /// Its complexity.
    pub complexity: usize,
    /// Its loss on all points that the search was given.
    pub loss: f64,
    /// Class 1 is where it exceeds this, fitted to the network's decisions.
    pub threshold: Option<f64>,
    /// The measured noise of the network's gradients; 0 if it wasn't measured.
    pub gradient_noise: f64,
    /// How many points near or on the boundary the search was given.
    pub n_directions: usize,
    /// Mean `|cos|` between the gradients of network and truth, at those points.
    pub fidelity: Option<f64>,
    /// The same on fresh points of the whole box.
    pub fidelity_of_box: Option<f64>,
    /// Mean `|cos|` between the gradients of formula and network, on fresh points where the
    /// network's output is between `delta` and `1 - delta`; none without any.
    pub network_cosine: Option<f64>,
    /// The formula against the truth.
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
    /// The order of a study's rows, whatever the order in which they were made.
    pub(super) fn compare(&self, other: &Self) -> std::cmp::Ordering {
        let key = |s: &Self| (s.experiment, s.n_points);
        let noise = self.label_noise.total_cmp(&other.label_noise);
        key(self)
            .cmp(&key(other))
            .then(noise)
            .then(self.seed.cmp(&other.seed))
    }
}
