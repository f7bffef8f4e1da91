//! Training of one network, or of several together.

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
    /// Trains a network on one dataset and validates it on another with the same columns.
    ///
    /// Two classes share one logit. More than two have one logit each, trained by the cross-entropy
    /// of their softmax. The same options give the same network on the same machine. `monitor` is
    /// called after every epoch and may end training there; the network is then returned as it is.
    ///
    /// # Errors
    /// Hyperparameters outside their ranges, a batch larger than the training data, datasets with
    /// different columns, targets that don't fit the task, constant features (which have no
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

    /// Trains one network on each dataset, all of them together as one batched tensor program.
    ///
    /// Up to rounding, each network is the one that [`train`](Self::train) gives with its dataset
    /// and its seed: it has its own initial weights, order of rows and steps. `seeds` replace the
    /// seed of the options. The overhead is shared: a step of a hundred small networks takes hardly
    /// longer than one of a single network, where most of the time is overhead of the calls to
    /// libtorch.
    ///
    /// Shapes: every dataset is `(n_samples, n_features)`, and there is one seed for each.
    /// `monitor` receives the number of every finished epoch, counted from 1, and may end training
    /// there.
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
    /// No datasets, datasets of different shapes, a number of seeds other than that of datasets,
    /// the errors of [`train`](Self::train), more than two classes, and hyperparameters that need
    /// networks to be trained one by one: dropout, a plateau schedule, or early stopping.
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
