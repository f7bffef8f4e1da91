//! Networks of one shape, trained side by side. A single network is a group of one.

use super::checks::of_dataset;
use super::hyperparameters::{Hyperparameters, Schedule};
use super::optimizer::{Plateau, build_optimizer, one_cycle};
use super::parameters::{initial_layers, into_network};
use super::scaling::{ScaledData, Scaling};
use super::subnormals::flush_subnormals;
use super::tensors::{TensorLayer, to_vec};
use super::threads::start_threads;
use super::training_options::TrainingOptions;
use super::{Dense, Network};
use crate::dataset::{Dataset, Task};
use crate::error::{Error, Result};
use rand::{Rng, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use std::ops::ControlFlow;
use tch::{Device, Kind, Reduction, Tensor, nn};

/// Networks in training.
///
/// Each network has its own data, initial weights and order of rows, and no loss depends on another
/// network's weights. So each is trained as it would be alone, up to rounding. With several
/// networks, tensors have a leading axis of length `n_networks`. With one network they have no such
/// axis: libtorch is faster with plain matrices than with batches of them, and the two round
/// differently.
pub(super) struct Group<'a> {
    hyperparameters: &'a Hyperparameters,
    task: Task,
    n_threads: i32,
    scalings: Vec<Scaling>,
    /// The data of all networks, one network after another.
    data: ScaledData,
    /// How much each class counts, `(n_classes,)`, or class 1 beside class 0, `(1,)`; none if each row
    /// counts alike.
    class_weights: Option<Tensor>,
    layers: Vec<TensorLayer>,
    optimizer: nn::Optimizer,
    pub learning_rate: f64,
    /// One generator for each network.
    rngs: Vec<ChaCha8Rng>,
}

/// Weights with which all classes count alike: those of each class if each has a logit, otherwise
/// that of class 1.
fn class_weights(training: &[Dataset], n_outputs: usize, device: Device) -> Result<Tensor> {
    let n_rows = |class: usize| {
        let targets = training.iter().flat_map(|data| data.targets());
        targets
            .filter(|target| **target == class as f64)
            .count()
            .max(1) as f32
    };
    let weights: Vec<f32> = match n_outputs {
        1 => vec![n_rows(0) / n_rows(1)],
        n_classes => {
            let total: f32 = (0..n_classes).map(n_rows).sum();
            let share = total / n_classes as f32;
            (0..n_classes).map(|class| share / n_rows(class)).collect()
        }
    };
    Ok(Tensor::f_from_slice(&weights)?.f_to_device(device)?)
}

impl<'a> Group<'a> {
    /// A network for each dataset; all datasets have the same shape.
    pub fn new(
        training: &[Dataset],
        seeds: &[u64],
        options: &'a TrainingOptions,
        n_outputs: usize,
    ) -> Result<Self> {
        let (hyperparameters, task) = (&options.hyperparameters, options.task);
        let n_features = training[0].n_features();
        let device = options.device.to_torch()?;
        let scaling = |data| Scaling::new(data, task, hyperparameters.standardize);
        let scalings: Vec<Scaling> = training.iter().map(scaling).collect();
        let data = training.iter().zip(&scalings);
        let data = data.map(|(data, scaling)| ScaledData::new(data, scaling, device));
        // libtorch's generator is shared by the whole process. A generator of its own for each
        // network keeps concurrent runs reproducible.
        let rngs = seeds.iter().map(|seed| ChaCha8Rng::seed_from_u64(*seed));
        let mut rngs: Vec<ChaCha8Rng> = rngs.collect();
        let store = nn::VarStore::new(device);
        let layers = initial_layers(hyperparameters, n_features, n_outputs, &mut rngs, &store)?;
        Ok(Self {
            hyperparameters,
            task,
            n_threads: options.n_threads(n_features, training.len()),
            data: ScaledData::joined(&data.collect::<Result<Vec<_>>>()?)?,
            scalings,
            class_weights: (options.balance && task == Task::Classification)
                .then(|| class_weights(training, n_outputs, device))
                .transpose()?,
            layers,
            optimizer: build_optimizer(hyperparameters, &store)?,
            learning_rate: hyperparameters.learning_rate,
            rngs,
        })
    }

    /// Other data, scaled as for the only network of a group.
    pub fn scaled(&self, data: &Dataset) -> Result<ScaledData> {
        ScaledData::new(data, &self.scalings[0], self.data.inputs.device())
    }

    /// Trains until all epochs are done, patience runs out, or `watch` breaks off. `watch` receives
    /// the number of each epoch, counted from 1, and the networks' mean losses, `(n_networks,)`.
    pub fn train(
        &mut self,
        mut watch: impl FnMut(&mut Self, usize, &[f64]) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let hyperparameters = self.hyperparameters;
        start_threads(self.n_threads)?;
        let mut plateau = Plateau::default();
        for number in 1..=hyperparameters.n_epochs {
            let losses = flush_subnormals(|| self.run_epoch(number - 1))?;
            if let Some(index) = losses.iter().position(|loss| !loss.is_finite()) {
                let error = Error::Unlearned(format!(
                    "the training loss became {} in epoch {number}; use a learning rate below {}",
                    losses[index], hyperparameters.learning_rate
                ));
                return Err(self.of_network(index, error));
            }
            let was_stopped = watch(self, number, &losses)?.is_break();
            // Only a single network is trained with patience.
            plateau.see(losses[0]);
            if let Schedule::Plateau { factor, patience } = hyperparameters.schedule
                && plateau.reduces(patience)
            {
                self.set_learning_rate(self.learning_rate * factor);
            }
            if was_stopped || plateau.stops(hyperparameters.early_stopping) {
                break;
            }
        }
        Ok(())
    }

    /// Trains each network on each of its rows once, in random order. Returns the mean losses,
    /// `(n_networks,)`.
    fn run_epoch(&mut self, n_epochs_done: usize) -> Result<Vec<f64>> {
        let Hyperparameters {
            batch_size,
            n_epochs,
            learning_rate,
            schedule,
            ..
        } = *self.hyperparameters;
        let device = self.data.inputs.device();
        let rows = Tensor::f_from_slice(&self.shuffled_rows())?.f_to_device(device)?;
        let batches = rows.f_split((self.n_networks() * batch_size) as i64, 0)?;
        let n_steps = batches.len() * n_epochs;
        // Summed on the device, so that a step needn't wait until its loss has been copied to the
        // CPU.
        let mut totals = Tensor::f_zeros([], (Kind::Double, device))?;
        for (index, rows) in batches.iter().enumerate() {
            if schedule == Schedule::OneCycle {
                let step = n_epochs_done * batches.len() + index;
                let share = step as f64 / n_steps as f64;
                self.set_learning_rate(one_cycle(learning_rate, share));
            }
            let losses = self.step(rows)?;
            totals = totals.f_add(&losses.f_multiply_scalar(rows.size()[0])?)?;
        }
        let totals = to_vec(&totals)?.into_iter();
        Ok(totals
            .map(|total| total / self.data.n_samples() as f64)
            .collect())
    }

    /// The rows of all batches in order; within a batch, one network's rows after another's.
    fn shuffled_rows(&mut self) -> Vec<i64> {
        let batch_size = self.hyperparameters.batch_size;
        let n_samples = self.data.n_samples() / self.n_networks();
        let orders = self.rngs.iter_mut().enumerate().map(|(network, rng)| {
            let mut order: Vec<i64> = (0..n_samples as i64).collect();
            order.shuffle(rng);
            let first = (network * n_samples) as i64;
            order.iter_mut().for_each(|row| *row += first);
            order
        });
        let orders: Vec<Vec<i64>> = orders.collect();
        let rows = (0..n_samples.div_ceil(batch_size)).flat_map(|batch| {
            let parts = orders.iter();
            parts.flat_map(move |order| order.chunks(batch_size).nth(batch).unwrap_or_default())
        });
        rows.copied().collect()
    }

    /// One step of every network on its rows, `(n_networks * n_rows,)`. Returns the losses before
    /// the step.
    fn step(&mut self, rows: &Tensor) -> Result<Tensor> {
        let inputs = self.data.inputs.f_index_select(0, rows)?;
        let targets = self.data.targets.f_index_select(0, rows)?;
        let latent = self.forward(&inputs, true)?;
        let mut losses = self.losses(&latent, &targets)?;
        if self.hyperparameters.l2_penalty > 0.0 {
            losses = losses.f_add(&self.hyperparameters.penalties(&self.layers)?)?;
        }
        // No loss depends on another network's weights, so the gradient of the sum holds each
        // network's own.
        let loss = if self.is_alone() {
            losses.shallow_clone()
        } else {
            losses.f_sum(Kind::Float)?
        };
        self.optimizer.zero_grad();
        loss.f_backward()?;
        self.optimizer.step();
        self.hyperparameters.impose_constraint(&self.layers)?;
        Ok(losses.f_detach()?)
    }

    /// The latent models at inputs `(n_networks * n_rows, n_features)`: `(n_networks * n_rows,)`
    /// for one output, otherwise `(n_networks * n_rows, n_outputs)`.
    fn forward(&mut self, inputs: &Tensor, in_training: bool) -> Result<Tensor> {
        let dropout = if in_training {
            self.hyperparameters.dropout
        } else {
            0.0
        };
        let mut values = if self.is_alone() {
            inputs.shallow_clone()
        } else {
            inputs.f_view([self.n_networks() as i64, -1, inputs.size()[1]])?
        };
        let n_hidden = self.layers.len() - 1;
        for (index, layer) in self.layers.iter().enumerate() {
            values = layer.forward(&values)?;
            if dropout > 0.0 && index < n_hidden {
                let mask = dropout_mask(&values.size(), dropout, &mut self.rngs)?;
                values = values.f_mul(&mask.f_to_device(values.device())?)?;
            }
        }
        Ok(values.f_flatten(0, -2)?.f_squeeze_dim(1)?)
    }

    /// Each network's mean loss: `(n_networks,)`, or `()` for one network.
    fn losses(&self, latent: &Tensor, targets: &Tensor) -> Result<Tensor> {
        if self.is_alone() {
            return self.errors(latent, targets, Reduction::Mean);
        }
        let errors = self.errors(latent, targets, Reduction::None)?;
        let errors = errors.f_view([self.n_networks() as i64, -1])?;
        Ok(errors.f_mean_dim([1_i64].as_slice(), false, Kind::Float)?)
    }

    fn errors(&self, latent: &Tensor, targets: &Tensor, reduction: Reduction) -> Result<Tensor> {
        let weights = self.class_weights.as_ref();
        Ok(match self.task {
            Task::Classification if is_per_class(latent) => {
                let classes = targets.f_to_kind(Kind::Int64)?;
                // -100 is libtorch's mark for rows without a class; there are none here.
                latent.f_cross_entropy_loss(&classes, weights, reduction, -100, 0.0)?
            }
            Task::Classification => {
                latent.f_binary_cross_entropy_with_logits(targets, None, weights, reduction)?
            }
            Task::Regression => latent.f_mse_loss(targets, reduction)?,
        })
    }

    /// Loss of a single network without dropout, and its accuracy for classification.
    pub fn judge(&mut self, data: &ScaledData) -> Result<(f64, Option<f64>)> {
        let _guard = tch::no_grad_guard();
        let latent = self.forward(&data.inputs, false)?;
        let loss = self.losses(&latent, &data.targets)?.f_double_value(&[])?;
        if self.task == Task::Regression {
            return Ok((loss * self.scalings[0].target.1.powi(2), None));
        }
        let hits = if is_per_class(&latent) {
            let classes = data.targets.f_to_kind(Kind::Int64)?;
            latent.f_argmax(1, false)?.f_eq_tensor(&classes)?
        } else {
            latent.f_gt(0.0)?.f_eq_tensor(&data.targets.f_gt(0.5)?)?
        };
        Ok((
            loss,
            Some(hits.f_sum(Kind::Double)?.f_double_value(&[])? / data.n_samples() as f64),
        ))
    }

    /// The networks as they are now.
    pub fn to_networks(&self, training: &[Dataset]) -> Result<Vec<Network>> {
        let numbers = self.layers.iter().map(|layer| {
            let (weights, biases) = (to_vec(&layer.weights)?, to_vec(&layer.biases)?);
            Ok((layer.activation, weights, biases))
        });
        let numbers = numbers.collect::<Result<Vec<_>>>()?;
        let n_networks = self.n_networks();
        let networks = training.iter().zip(&self.scalings).enumerate();
        let networks = networks.map(|(index, (data, scaling))| {
            let own = |numbers: &[f64]| {
                let n_own = numbers.len() / n_networks;
                numbers[index * n_own..][..n_own].to_vec()
            };
            let layers = numbers.iter().map(|(activation, weights, biases)| Dense {
                activation: *activation,
                weights: own(weights),
                biases: own(biases),
            });
            let rate = self.hyperparameters.learning_rate;
            into_network(layers.collect(), scaling, data, self.task, rate)
                .map_err(|error| self.of_network(index, error))
        });
        networks.collect()
    }

    fn set_learning_rate(&mut self, learning_rate: f64) {
        self.learning_rate = learning_rate;
        self.optimizer.set_lr(learning_rate);
    }

    fn n_networks(&self) -> usize {
        self.rngs.len()
    }

    fn is_alone(&self) -> bool {
        self.n_networks() == 1
    }

    /// Adds the number of the dataset to the error if there are several.
    fn of_network(&self, index: usize, error: Error) -> Error {
        if self.is_alone() {
            error
        } else {
            of_dataset(index, error)
        }
    }
}

/// Whether there is one logit for each class, as with more than two classes.
fn is_per_class(latent: &Tensor) -> bool {
    latent.dim() == 2
}

/// A mask of zeros, drawn with the given chance, and elsewhere the factor that preserves the mean.
/// Each network's own generator draws its mask.
fn dropout_mask(shape: &[i64], chance: f64, rngs: &mut [impl Rng]) -> Result<Tensor> {
    let kept = (1.0 / (1.0 - chance)) as f32;
    let limit = (chance * f64::from(u32::MAX)) as u32;
    let n_own = shape.iter().product::<i64>() / rngs.len() as i64;
    let own = |rng: &mut _| {
        let factor = |_| {
            if Rng::next_u32(rng) < limit {
                0.0
            } else {
                kept
            }
        };
        (0..n_own).map(factor).collect::<Vec<f32>>()
    };
    let mask: Vec<f32> = rngs.iter_mut().flat_map(own).collect();
    Ok(Tensor::f_from_slice(&mask)?.f_view(shape)?)
}
