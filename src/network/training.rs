//! Training: options in, epochs and a network out.

use super::hyperparameters::{Hyperparameters, Schedule};
use super::scaling::ScaledData;
use super::session::Session;
use super::subnormals::flush_subnormals;
use super::threads::start_threads;
use super::{Device, Network, check_known_classes};
use crate::dataset::{Dataset, Task};
use crate::error::{Error, Result};
use crate::interrupt;
use std::ops::ControlFlow;
use std::time::Instant;

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

/// One pass over the training data.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Epoch {
    /// Counted from 1.
    pub number: usize,
    /// How many are planned at most.
    pub n_epochs: usize,
    /// The learning rate at the epoch's end.
    pub learning_rate: f64,
    /// The mean loss over the epoch's batches, penalty included.
    pub training_loss: f64,
    /// The loss on the validation rows, without dropout and penalty.
    pub validation_loss: f64,
    /// The share of validation rows classified right; none for regression.
    pub validation_accuracy: Option<f64>,
}

impl std::fmt::Display for Epoch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "epoch {:>4}/{}  loss {:.4}  validation loss {:.4}",
            self.number, self.n_epochs, self.training_loss, self.validation_loss
        )?;
        match self.validation_accuracy {
            Some(accuracy) => write!(f, "  accuracy {:.2} %", 100.0 * accuracy),
            None => Ok(()),
        }
    }
}

/// What happened during training.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct TrainingHistory {
    /// The epochs, in order.
    pub epochs: Vec<Epoch>,
    /// Whether the listener or an interrupt ended training before it was done.
    pub was_stopped: bool,
    /// How long training took, in seconds.
    pub seconds: f64,
}

impl Network {
    /// Trains a network on one dataset and watches it on another with the same columns.
    ///
    /// Two classes share one logit; more have one each, trained by the cross-entropy of their
    /// softmax. The same options train the same network on the same machine. `monitor` hears of every
    /// epoch and may end training there; the network as it then is, is returned.
    ///
    /// # Errors
    /// Hyperparameters outside their ranges, a batch larger than the training data, datasets of
    /// different columns, targets that don't fit the task, constant features (which carry no
    /// gradient), or a loss or weights that stop being finite.
    pub fn train(
        training: &Dataset,
        validation: &Dataset,
        options: &TrainingOptions,
        monitor: impl FnMut(&Epoch) -> ControlFlow<()>,
    ) -> Result<(Self, TrainingHistory)> {
        let mut monitor = interrupt::heed(monitor);
        let n_outputs = check(training, validation, options)?;
        let start = Instant::now();
        start_threads(options.n_threads(training.n_features(), 1))?;
        let mut session = Session::new(training, options, n_outputs)?;
        let held_out = ScaledData::new(validation, &session.scaling, session.device)?;
        let hyperparameters = &options.hyperparameters;
        let mut plateau = Plateau::default();
        let mut epochs = Vec::new();
        let mut was_stopped = false;
        for number in 1..=hyperparameters.n_epochs {
            let training_loss = flush_subnormals(|| session.run_epoch(number - 1))?;
            let (validation_loss, validation_accuracy) = session.judge(&held_out)?;
            let epoch = Epoch {
                number,
                n_epochs: hyperparameters.n_epochs,
                learning_rate: session.learning_rate,
                training_loss,
                validation_loss,
                validation_accuracy,
            };
            if !training_loss.is_finite() {
                return Err(Error::Data(format!(
                    "the training loss became {training_loss} in epoch {number}; \
                     use a learning rate below {}",
                    hyperparameters.learning_rate
                )));
            }
            epochs.push(epoch);
            plateau.see(training_loss);
            if let Schedule::Plateau { factor, patience } = hyperparameters.schedule
                && plateau.since_reduced >= patience
            {
                plateau.since_reduced = 0;
                session.set_learning_rate(session.learning_rate * factor);
            }
            let out_of_patience = hyperparameters
                .early_stopping
                .is_some_and(|limit| plateau.since_best >= limit);
            was_stopped = monitor(&epoch).is_break();
            if was_stopped || out_of_patience {
                break;
            }
        }
        let network = session.into_network(training, options.task)?;
        let seconds = start.elapsed().as_secs_f64();
        Ok((
            network,
            TrainingHistory {
                epochs,
                was_stopped,
                seconds,
            },
        ))
    }
}

/// Checks everything and tells how many outputs the network needs.
fn check(training: &Dataset, validation: &Dataset, options: &TrainingOptions) -> Result<usize> {
    options.hyperparameters.check(training.n_samples())?;
    check_threads(options)?;
    if training.feature_names() != validation.feature_names() {
        return Err(Error::Data(format!(
            "training features {:?} and validation features {:?} differ",
            training.feature_names(),
            validation.feature_names()
        )));
    }
    check_columns(training)?;
    match options.task {
        Task::Classification => {
            let n_classes = training.check_classes()?;
            check_known_classes(validation, n_classes)?;
            Ok(if n_classes == 2 { 1 } else { n_classes })
        }
        Task::Regression => {
            check_numbers(training)?;
            Ok(1)
        }
    }
}

/// Refuses a number of threads that no machine has.
pub(super) fn check_threads(options: &TrainingOptions) -> Result<()> {
    match options.n_threads.filter(|n| !(1..=1024).contains(n)) {
        Some(n) => Err(Error::parameter("n_threads", n, "between 1 and 1024")),
        None => Ok(()),
    }
}

/// Refuses features that carry no gradient.
pub(super) fn check_columns(training: &Dataset) -> Result<()> {
    for (name, (low, high)) in training.feature_names().iter().zip(training.bounds()) {
        if low == high {
            return Err(Error::Data(format!(
                "column \"{name}\" is constant ({low}); leave it out, a network learns nothing from it"
            )));
        }
    }
    Ok(())
}

/// Refuses numbers to learn that are one.
pub(super) fn check_numbers(training: &Dataset) -> Result<()> {
    let first = training.targets()[0];
    match training.targets().iter().all(|&target| target == first) {
        false => Ok(()),
        true => Err(Error::Data(format!(
            "target \"{}\" is constant ({first}); there is nothing to learn",
            training.target_name()
        ))),
    }
}

/// Counts epochs since the training loss was lowest.
struct Plateau {
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
    fn see(&mut self, loss: f64) {
        if loss < self.lowest {
            *self = Self {
                lowest: loss,
                since_best: 0,
                since_reduced: 0,
            };
        } else {
            self.since_best += 1;
            self.since_reduced += 1;
        }
    }
}
