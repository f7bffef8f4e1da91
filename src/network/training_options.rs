//! The options of training.

use super::{Device, Hyperparameters};
use crate::dataset::Task;

/// The task, the network, and where and with which seed it is trained.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingOptions {
    /// What the target is; classification by default.
    pub task: Task,
    /// The network and its training; [`Hyperparameters::fast`] by default.
    pub hyperparameters: Hyperparameters,
    /// Whether each class counts as much as the others, however few rows it has; off by default. The
    /// decision boundary is then where a row is as likely of either class as if all classes had as many
    /// rows, and probabilities are those of such rows.
    pub balance: bool,
    /// Where to train; [`Device::Auto`] by default.
    pub device: Device,
    /// Fixes initial weights, the order of rows, and dropout; 0 by default.
    pub seed: u64,
    /// The number of threads of a training step. By default a small network uses one, a large one
    /// all that libtorch may use. Results round differently with another number.
    pub n_threads: Option<usize>,
}

impl Default for TrainingOptions {
    fn default() -> Self {
        Self {
            task: Task::Classification,
            hyperparameters: Hyperparameters::fast(),
            balance: false,
            device: Device::Auto,
            seed: 0,
            n_threads: None,
        }
    }
}

impl TrainingOptions {
    /// The number of threads that train `n_networks` networks at once.
    pub(super) fn n_threads(&self, n_features: usize, n_networks: usize) -> i32 {
        let worth = self.hyperparameters.n_threads(n_features, n_networks);
        self.n_threads.map_or(worth, |n| n as i32)
    }
}
