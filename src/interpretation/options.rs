//! What the interpretation of a trained model is told before it starts.

use super::Selection;
use crate::effort::reading::DELTA;
use crate::search::SearchOptions;

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

/// How a trained model is read: steps 2 and 3 of Wetzel (2024), algorithm 1.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadingOptions {
    /// Step 2: gradients are taken where the output lies within `[delta, 1 - delta]`.
    pub delta: f64,
    /// Step 2: whether there, or on the decision boundary itself.
    pub selection: Selection,
    /// Step 3: what the formula is to have in common with the model.
    pub matching: Matching,
    /// Step 3: searching the formula.
    pub search: SearchOptions,
}

impl ReadingOptions {
    /// Defaults throughout, with a seed for the search.
    pub fn with_seed(seed: u64) -> Self {
        Self {
            delta: DELTA,
            selection: Selection::Boundary,
            matching: Matching::Directions,
            search: SearchOptions {
                seed,
                ..SearchOptions::default()
            },
        }
    }
}
