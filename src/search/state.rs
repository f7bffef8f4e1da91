//! The state of a search.

use super::evolution::Island;
use super::front::ParetoFront;

/// The state of a search between two generations. A checkpoint keeps all of it.
pub(super) struct State {
    /// The front before evolution.
    pub front: ParetoFront,
    pub islands: Vec<Island>,
    /// The number of generations that were run.
    pub generation: usize,
}

impl State {
    /// Sums fitted so far.
    pub fn n_evaluations(&self) -> u64 {
        self.islands.iter().map(Island::n_evaluations).sum()
    }
}
