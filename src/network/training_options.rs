//! What training is told before it starts.

use super::{Device, Hyperparameters};
use crate::dataset::Task;

/// What is trained, how, where, and with which seed.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingOptions {
    /// What the target means; classification by default.
    pub task: Task,
    /// The network and its training; [`Hyperparameters::fast`] by default.
    pub hyperparameters: Hyperparameters,
    /// Where to train; [`Device::Auto`] by default.
    pub device: Device,
    /// Fixes initial weights, order of rows, and dropout; 0 by default.
    pub seed: u64,
    /// Threads of a training step; by default one for a small network, for a large one all that
    /// libtorch may use. Another number rounds otherwise.
    pub n_threads: Option<usize>,
}

impl Default for TrainingOptions {
    fn default() -> Self {
        Self {
            task: Task::Classification,
            hyperparameters: Hyperparameters::fast(),
            device: Device::Auto,
            seed: 0,
            n_threads: None,
        }
    }
}

impl TrainingOptions {
    /// The threads that train so many networks at once.
    pub(super) fn n_threads(&self, n_features: usize, n_networks: usize) -> i32 {
        let worth = self.hyperparameters.n_threads(n_features, n_networks);
        self.n_threads.map_or(worth, |n| n as i32)
    }
}
