//! What an interpretation is told before it starts.

use super::Selection;
use crate::network::{Preset, TrainingOptions};
use crate::search::SearchOptions;

/// The share of the rows that trains the network; the others judge the formula (Wetzel 2024,
/// section 3.3.1).
pub const TRAINING_SHARE: f64 = 0.8;

/// What of a model a formula is matched to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Matching {
    /// The directions of its gradients, whatever monotone function the model has made of the
    /// concept (Wetzel 2024, equation 6).
    #[default]
    Directions,
    /// The values of its latent model, by squared error: for models whose gradients say little,
    /// such as ensembles of trees. What is found is still judged by gradients, which for models of
    /// steps are those of local fits.
    Values,
}

/// The options of the three steps of Wetzel (2024), algorithm 1.
#[derive(Debug, Clone, PartialEq)]
pub struct InterpretOptions {
    /// Step 1: training the network. No use for a model that is trained already.
    pub training: TrainingOptions,
    /// Whether the noise of the gradients is measured, see
    /// [`gradient_noise`](crate::gradient_noise); `search.noise` is then ignored. No use for a model
    /// that is trained already.
    pub measure_noise: bool,
    /// Step 2: gradients are taken where the output lies within `[delta, 1 - delta]`.
    pub delta: f64,
    /// Step 2: whether there, or on the decision boundary itself.
    pub selection: Selection,
    /// Step 3: what the formula is to have in common with the model.
    pub matching: Matching,
    /// Step 3: searching the formula.
    pub search: SearchOptions,
}

impl InterpretOptions {
    /// Defaults throughout, with one seed for training and search.
    pub fn with_seed(seed: u64) -> Self {
        Self {
            training: TrainingOptions {
                seed,
                ..TrainingOptions::default()
            },
            delta: 1e-4,
            selection: Selection::Boundary,
            matching: Matching::Directions,
            measure_noise: true,
            search: SearchOptions {
                seed,
                ..SearchOptions::default()
            },
        }
    }

    /// The options of a preset: [`with_seed`](Self::with_seed) for `fast`; for `paper` its network,
    /// the band that it takes the directions in, and no measurement of noise, which would
    /// triple the minutes that it trains.
    pub fn with_preset(preset: Preset, seed: u64) -> Self {
        let fast = Self::with_seed(seed);
        match preset {
            Preset::Fast => fast,
            Preset::Paper => Self {
                training: TrainingOptions {
                    hyperparameters: preset.hyperparameters(),
                    ..fast.training
                },
                selection: Selection::Band,
                measure_noise: false,
                ..fast
            },
        }
    }
}
