//! Many small networks trained as one: every tensor has a leading axis, a place for each network.

use super::hyperparameters::Schedule;
use super::optimizer::{build_optimizer, one_cycle};
use super::parameters::{initial_layers, into_network};
use super::scaling::{ScaledData, Scaling};
use super::subnormals::flush_subnormals;
use super::tensors::TensorLayer;
use super::threads::start_threads;
use super::training::{TrainingOptions, check_columns, check_numbers, check_threads};
use super::{Hyperparameters, Network};
use crate::dataset::{Dataset, Task};
use crate::error::{Error, Result};
use crate::interrupt;
use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use std::ops::ControlFlow;
use tch::{Reduction, Tensor, nn};

impl Network {
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
    /// use closedform::{
    ///     Activation, Dataset, Hyperparameters, Layer, Network, Task, TrainingOptions, progress,
    /// };
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
        check(training, seeds, options)?;
        let hyperparameters = &options.hyperparameters;
        start_threads(options.n_threads(training[0].n_features(), training.len()))?;
        let mut session = Together::new(training, seeds, options)?;
        for epoch in 1..=hyperparameters.n_epochs {
            flush_subnormals(|| session.run_epoch(epoch - 1))?;
            if monitor(&epoch).is_break() {
                break;
            }
        }
        session.into_networks(training)
    }
}

fn check(training: &[Dataset], seeds: &[u64], options: &TrainingOptions) -> Result<()> {
    let hyperparameters = &options.hyperparameters;
    let Some(first) = training.first() else {
        return Err(Error::Data(
            "there are no datasets; at least 1 is needed".into(),
        ));
    };
    if seeds.len() != training.len() {
        return Err(Error::Data(format!(
            "there are {} datasets, but {} seeds",
            training.len(),
            seeds.len()
        )));
    }
    hyperparameters.check(first.n_samples())?;
    check_threads(options)?;
    let refuse = |name, value: String, allowed| Err(Error::parameter(name, value, allowed));
    if hyperparameters.dropout > 0.0 {
        let dropout = hyperparameters.dropout.to_string();
        return refuse("dropout", dropout, "0 for networks trained together");
    }
    if let Schedule::Plateau { .. } = hyperparameters.schedule {
        let allowed = "constant or one-cycle for networks trained together";
        return refuse("the schedule", "plateau".into(), allowed);
    }
    if let Some(patience) = hyperparameters.early_stopping {
        let allowed = "none for networks trained together";
        return refuse("early_stopping", patience.to_string(), allowed);
    }
    for (index, data) in training.iter().enumerate() {
        let shape = |data: &Dataset| (data.n_samples(), data.n_features());
        if shape(data) != shape(first) {
            return Err(Error::Data(format!(
                "dataset {} has the shape {:?}, but dataset 1 {:?}; networks trained together need \
                 the same",
                index + 1,
                shape(data),
                shape(first)
            )));
        }
        check_columns(data)
            .and_then(|()| match options.task {
                Task::Classification => data.check_two_classes(),
                Task::Regression => check_numbers(data),
            })
            .map_err(|error| of_dataset(index, &error))?;
    }
    Ok(())
}

fn of_dataset(index: usize, error: &Error) -> Error {
    Error::Data(format!("dataset {}: {error}", index + 1))
}

/// Networks in training side by side.
struct Together<'a> {
    hyperparameters: &'a Hyperparameters,
    task: Task,
    scalings: Vec<Scaling>,
    /// `(n_networks * n_samples, n_features)`.
    inputs: Tensor,
    /// `(n_networks * n_samples,)`.
    targets: Tensor,
    n_samples: usize,
    /// Weights `(n_networks, n_inputs, n_outputs)`, biases `(n_networks, n_outputs)`.
    layers: Vec<TensorLayer>,
    optimizer: nn::Optimizer,
    /// One for each network, as if it were trained alone.
    rngs: Vec<ChaCha8Rng>,
}

impl<'a> Together<'a> {
    fn new(training: &[Dataset], seeds: &[u64], options: &'a TrainingOptions) -> Result<Self> {
        let (hyperparameters, task) = (&options.hyperparameters, options.task);
        let device = options.device.to_torch()?;
        let standardize = hyperparameters.standardize;
        let scaling = |data| Scaling::new(data, task, standardize);
        let scalings: Vec<Scaling> = training.iter().map(scaling).collect();
        let data = training.iter().zip(&scalings);
        let data = data.map(|(data, scaling)| ScaledData::new(data, scaling, device));
        let data = data.collect::<Result<Vec<ScaledData>>>()?;
        let inputs: Vec<&Tensor> = data.iter().map(|data| &data.inputs).collect();
        let targets: Vec<&Tensor> = data.iter().map(|data| &data.targets).collect();
        let mut rngs: Vec<ChaCha8Rng> = seeds
            .iter()
            .map(|seed| ChaCha8Rng::seed_from_u64(*seed))
            .collect();
        let n_features = training[0].n_features();
        let networks = rngs
            .iter_mut()
            .map(|rng| initial_layers(hyperparameters, n_features, 1, rng));
        let networks = networks.collect::<Result<Vec<_>>>()?;
        let store = nn::VarStore::new(device);
        let layers = (0..networks[0].len()).map(|index| {
            let weights: Vec<&Tensor> = networks.iter().map(|n| &n[index].weights).collect();
            let biases: Vec<&Tensor> = networks.iter().map(|n| &n[index].biases).collect();
            let layer = TensorLayer {
                activation: networks[0][index].activation,
                weights: Tensor::f_stack(&weights, 0)?,
                biases: Tensor::f_stack(&biases, 0)?,
            };
            layer.trainable(&store, index)
        });
        Ok(Self {
            hyperparameters,
            task,
            inputs: Tensor::f_cat(&inputs, 0)?,
            targets: Tensor::f_cat(&targets, 0)?,
            scalings,
            n_samples: training[0].n_samples(),
            layers: layers.collect::<Result<_>>()?,
            optimizer: build_optimizer(hyperparameters, &store)?,
            rngs,
        })
    }

    /// Trains each network on every row of its dataset once, in a random order of its own.
    fn run_epoch(&mut self, n_epochs_done: usize) -> Result<()> {
        let Hyperparameters {
            batch_size,
            n_epochs,
            learning_rate,
            schedule,
            ..
        } = *self.hyperparameters;
        let n_samples = self.n_samples;
        let orders = self.rngs.iter_mut().enumerate().map(|(network, rng)| {
            let mut order: Vec<i64> = (0..n_samples as i64).collect();
            order.shuffle(rng);
            let first = (network * n_samples) as i64;
            order.iter_mut().for_each(|row| *row += first);
            order
        });
        let orders: Vec<Vec<i64>> = orders.collect();
        let n_batches = n_samples.div_ceil(batch_size);
        for index in 0..n_batches {
            if schedule == Schedule::OneCycle {
                let step = n_epochs_done * n_batches + index;
                let share = step as f64 / (n_batches * n_epochs) as f64;
                self.optimizer.set_lr(one_cycle(learning_rate, share));
            }
            let batch = index * batch_size..n_samples.min((index + 1) * batch_size);
            let rows = orders.iter().flat_map(|order| &order[batch.clone()]);
            let rows: Vec<i64> = rows.copied().collect();
            self.step(&rows, batch.len())?;
        }
        Ok(())
    }

    /// One step of every network on its rows, `(n_networks, batch_size)`.
    fn step(&mut self, rows: &[i64], batch_size: usize) -> Result<()> {
        let n_networks = self.rngs.len() as i64;
        let rows = Tensor::f_from_slice(rows)?.f_to_device(self.inputs.device())?;
        let shape = [n_networks, batch_size as i64, self.inputs.size()[1]];
        let mut values = self.inputs.f_index_select(0, &rows)?.f_view(shape)?;
        for layer in &self.layers {
            let potentials =
                layer
                    .biases
                    .f_unsqueeze(1)?
                    .f_baddbmm(&values, &layer.weights, 1, 1)?;
            values = layer.activation.apply(&potentials)?;
        }
        let targets = self.targets.f_index_select(0, &rows)?;
        let latent = values.f_view([-1])?;
        let errors = match self.task {
            Task::Classification => latent.f_binary_cross_entropy_with_logits::<Tensor>(
                &targets,
                None,
                None,
                Reduction::Sum,
            )?,
            Task::Regression => latent.f_mse_loss(&targets, Reduction::Sum)?,
        };
        // The sum over networks of their mean losses: none sees the others in its gradient.
        let mut loss = errors.f_divide_scalar(batch_size as f64)?;
        if self.hyperparameters.l2_penalty > 0.0 {
            loss = loss.f_add(&self.hyperparameters.penalty(&self.layers)?)?;
        }
        self.optimizer.zero_grad();
        loss.f_backward()?;
        self.optimizer.step();
        self.hyperparameters.impose_constraint(&self.layers)
    }

    fn into_networks(self, training: &[Dataset]) -> Result<Vec<Network>> {
        let rate = self.hyperparameters.learning_rate;
        let networks = training.iter().zip(&self.scalings).enumerate();
        let networks = networks.map(|(index, (data, scaling))| {
            let layers = self.layers.iter().map(|layer| {
                Ok(TensorLayer {
                    activation: layer.activation,
                    weights: layer.weights.f_get(index as i64)?,
                    biases: layer.biases.f_get(index as i64)?,
                })
            });
            let layers = layers.collect::<Result<Vec<_>>>()?;
            into_network(&layers, scaling, data, self.task, rate)
                .map_err(|error| of_dataset(index, &error))
        });
        networks.collect()
    }
}
