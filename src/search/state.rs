//! How far a search is.

use super::evolution::Island;
use super::front::ParetoFront;

/// What a search has come to between two generations; a checkpoint keeps all of it.
pub(super) struct State {
    /// What was found without evolution.
    pub front: ParetoFront,
    pub islands: Vec<Island>,
    /// Generations run.
    pub generation: usize,
}

impl State {
    /// Sums fitted so far.
    pub fn n_evaluations(&self) -> u64 {
        self.islands.iter().map(Island::n_evaluations).sum()
    }
}
