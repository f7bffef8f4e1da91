//! The options of a comparison between polynomials and networks.

use super::RegressionOptions;
use crate::dataset::Task;
use crate::network::Hyperparameters;

/// The options of a comparison between polynomials and networks.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparisonOptions {
    /// The polynomials: every order from 1 to `max_order`, all with the same ridge penalty.
    pub regression: RegressionOptions,
    /// The networks.
    pub networks: Vec<Hyperparameters>,
    /// How often the rows are split at random, 2 or more.
    pub n_splits: usize,
    /// The share of the rows to fit to, between 0 and 1. The other rows judge the fits.
    pub training_share: f64,
    /// The number of folds of the training rows, by which the order and the network are chosen.
    pub n_folds: usize,
    /// The seed that fixes splits, folds and networks.
    pub seed: u64,
}

impl ComparisonOptions {
    /// Orders 1 to 3 without ridge penalty, 10 splits with 80 % of the rows for training, 5 folds,
    /// seed 0.
    pub fn new(task: Task, networks: Vec<Hyperparameters>) -> Self {
        Self {
            regression: RegressionOptions {
                task,
                max_order: 3,
                ridge: 0.0,
            },
            networks,
            n_splits: 10,
            training_share: 0.8,
            n_folds: 5,
            seed: 0,
        }
    }
}
