//! Training: options in, epochs and a network out.

use super::Network;
use super::checks::{check, check_together};
use super::group::Group;
use super::training_options::TrainingOptions;
use crate::dataset::Dataset;
use crate::error::Result;
use crate::interrupt;
use crate::model::{Epoch, TrainingHistory};
use std::ops::ControlFlow;
use std::time::Instant;

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
        let training = std::slice::from_ref(training);
        let mut alone = Group::new(training, &[options.seed], options, n_outputs)?;
        let held_out = alone.scaled(validation)?;
        let mut epochs = Vec::new();
        let mut was_stopped = false;
        alone.train(|alone, number, losses| {
            let (validation_loss, validation_accuracy) = alone.judge(&held_out)?;
            let epoch = Epoch {
                number,
                n_epochs: options.hyperparameters.n_epochs,
                learning_rate: alone.learning_rate,
                training_loss: losses[0],
                validation_loss,
                validation_accuracy,
            };
            epochs.push(epoch);
            let flow = monitor(&epoch);
            was_stopped = flow.is_break();
            Ok(flow)
        })?;
        let network = alone.to_networks(training)?.remove(0);
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

    /// Trains a network on each dataset, all of them together as one batched tensor program.
    ///
    /// Each network is, within rounding, the one that [`train`](Self::train) gives with its
    /// dataset and its seed, which replaces that of the options: it has its own initial weights, its
    /// own order of rows, its own steps. What it costs is shared: a step of a hundred small networks
    /// takes hardly longer than one of a single network, most of which is the way into libtorch and
    /// back.
    ///
    /// Shapes: every dataset is `(n_samples, n_features)`, and there is a seed for each. `monitor`
    /// hears the number of every epoch that is over, counted from 1, and may end training there.
    ///
    /// ```no_run
    /// use closedform::{Activation, Dataset, Hyperparameters, Layer, Network, Task, TrainingOptions, progress};
    ///
    /// let draw = |seed| Dataset::from_function(&[(-1.0, 1.0); 2], 200, seed, |x| x[0] * x[1]);
    /// let data = (0..100).map(draw).collect::<closedform::Result<Vec<_>>>()?;
    /// let seeds: Vec<u64> = (0..100).collect();
    /// let hyperparameters = Hyperparameters {
    ///     layers: vec![Layer::new(10, Activation::Tanh)],
    ///     batch_size: 25,
    ///     ..Hyperparameters::fast()
    /// };
    /// let options = TrainingOptions {
    ///     task: Task::Regression,
    ///     hyperparameters,
    ///     ..TrainingOptions::default()
    /// };
    /// let networks = Network::train_together(&data, &seeds, &options, progress::silent)?;
    /// assert_eq!(networks.len(), 100);
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// No datasets, datasets of differing shapes, another number of seeds, the errors of
    /// [`train`](Self::train), more than two classes, and hyperparameters that take networks apart:
    /// dropout, a schedule that waits for a plateau, or early stopping.
    pub fn train_together(
        training: &[Dataset],
        seeds: &[u64],
        options: &TrainingOptions,
        monitor: impl FnMut(&usize) -> ControlFlow<()>,
    ) -> Result<Vec<Self>> {
        let mut monitor = interrupt::heed(monitor);
        check_together(training, seeds, options)?;
        let mut group = Group::new(training, seeds, options, 1)?;
        group.train(|_, number, _| Ok(monitor(&number)))?;
        group.to_networks(training)
    }
}
