//! The options for interpreting a trained model.

use super::Selection;
use crate::effort::reading::DELTA;
use crate::search::SearchOptions;

/// The property of a model that the formula has to match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Matching {
    /// Directions first. If their formula carries less than the model does, the values of the latent
    /// model are matched instead, and the data's targets on held-out rows choose the formula: it is
    /// the simplest that predicts as well as any. This suits noisy tables.
    #[default]
    Auto,
    /// The directions of its gradients, regardless of the monotone function of the concept that the
    /// model has learned (Wetzel 2024, equation 6).
    Directions,
    /// The values of its latent model, by squared error. This is for models whose gradients say
    /// little, such as ensembles of trees. The result is still judged by gradients; for step
    /// functions these are the slopes of local fits.
    Values,
}

/// Options for interpreting a trained model: steps 2 and 3 of Wetzel (2024), algorithm 1.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadingOptions {
    /// Step 2: gradients are taken where the output lies within `[delta, 1 - delta]`.
    pub delta: f64,
    /// Step 2: whether to take gradients in that band, or on the decision boundary itself.
    pub selection: Selection,
    /// Step 3: the property of the model that the formula has to match.
    pub matching: Matching,
    /// Step 3: searching for the formula.
    pub search: SearchOptions,
}

impl ReadingOptions {
    /// Default options, with a seed for the search.
    pub fn with_seed(seed: u64) -> Self {
        Self {
            delta: DELTA,
            selection: Selection::Boundary,
            matching: Matching::Auto,
            search: SearchOptions {
                seed,
                ..SearchOptions::default()
            },
        }
    }
}
