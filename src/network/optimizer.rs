//! How gradients change the weights: the optimizer and its learning rate.

use super::hyperparameters::{Hyperparameters, Optimizer};
use super::numbers::{
    ONE_CYCLE_END, ONE_CYCLE_RISE, ONE_CYCLE_START, RMSPROP_DECAY, RMSPROP_EPSILON,
};
use crate::error::Result;
use std::f64::consts::PI;
use tch::nn::{self, OptimizerConfig};

/// The optimizer of all parameters in the store. It scales the step of each weight separately, so
/// that networks side by side in one tensor are trained as they would be alone.
pub(super) fn build_optimizer(
    hyperparameters: &Hyperparameters,
    store: &nn::VarStore,
) -> Result<nn::Optimizer> {
    let learning_rate = hyperparameters.learning_rate;
    Ok(match hyperparameters.optimizer {
        Optimizer::Adam { epsilon } => nn::Adam {
            eps: epsilon,
            ..nn::Adam::default()
        }
        .build(store, learning_rate)?,
        Optimizer::AdamW { weight_decay } => nn::AdamW {
            wd: weight_decay,
            ..nn::AdamW::default()
        }
        .build(store, learning_rate)?,
        Optimizer::RmsProp => nn::RmsProp {
            alpha: RMSPROP_DECAY,
            eps: RMSPROP_EPSILON,
            ..nn::RmsProp::default()
        }
        .build(store, learning_rate)?,
    })
}

/// The one-cycle learning rate after a share of all steps: up to the peak along a cosine, then down
/// along another.
pub(super) fn one_cycle(peak: f64, share: f64) -> f64 {
    let between =
        |from: f64, to: f64, share: f64| to + (from - to) * (1.0 + (PI * share).cos()) / 2.0;
    if share < ONE_CYCLE_RISE {
        between(peak / ONE_CYCLE_START, peak, share / ONE_CYCLE_RISE)
    } else {
        let share = (share - ONE_CYCLE_RISE) / (1.0 - ONE_CYCLE_RISE);
        between(peak, peak / ONE_CYCLE_END, share)
    }
}

/// Counts epochs since the training loss was lowest.
pub(super) struct Plateau {
    lowest: f64,
    since_best: usize,
    since_reduced: usize,
}

impl Default for Plateau {
    fn default() -> Self {
        Self {
            lowest: f64::INFINITY,
            since_best: 0,
            since_reduced: 0,
        }
    }
}

impl Plateau {
    /// Records an epoch's loss.
    pub fn see(&mut self, loss: f64) {
        if loss < self.lowest {
            *self = Self {
                lowest: loss,
                ..Self::default()
            };
        } else {
            self.since_best += 1;
            self.since_reduced += 1;
        }
    }

    /// Whether to reduce the learning rate now. If so, the count starts again.
    pub fn reduces(&mut self, patience: usize) -> bool {
        let is_due = self.since_reduced >= patience;
        if is_due {
            self.since_reduced = 0;
        }
        is_due
    }

    /// Whether training should stop.
    pub fn stops(&self, patience: Option<usize>) -> bool {
        patience.is_some_and(|patience| self.since_best >= patience)
    }
}
