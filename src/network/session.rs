//! A network in training: its tensors, its optimizer, and what one epoch does to them.

use super::Network;
use super::hyperparameters::{Hyperparameters, Schedule};
use super::optimizer::{build_optimizer, one_cycle};
use super::parameters::{initial_layers, into_network};
use super::scaling::{ScaledData, Scaling};
use super::tensors::TensorLayer;
use super::training::TrainingOptions;
use crate::dataset::{Dataset, Task};
use crate::error::Result;
use rand::{Rng, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use tch::nn;
use tch::{Kind, Reduction, Tensor};

/// A network in training.
pub(super) struct Session<'a> {
    hyperparameters: &'a Hyperparameters,
    task: Task,
    pub device: tch::Device,
    pub scaling: Scaling,
    data: ScaledData,
    layers: Vec<TensorLayer>,
    optimizer: nn::Optimizer,
    pub learning_rate: f64,
    rng: ChaCha8Rng,
}

impl<'a> Session<'a> {
    pub fn new(training: &Dataset, options: &'a TrainingOptions, n_outputs: usize) -> Result<Self> {
        let hyperparameters = &options.hyperparameters;
        let device = options.device.to_torch()?;
        let scaling = Scaling::new(training, options.task, hyperparameters.standardize);
        let data = ScaledData::new(training, &scaling, device)?;
        // libtorch's generator is shared by the whole process; one of our own keeps runs that go
        // on side by side reproducible.
        let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
        let store = nn::VarStore::new(device);
        let layers = initial_layers(hyperparameters, training.n_features(), n_outputs, &mut rng)?;
        let layers = layers
            .into_iter()
            .enumerate()
            .map(|(index, layer)| layer.trainable(&store, index));
        let layers = layers.collect::<Result<Vec<_>>>()?;
        let learning_rate = hyperparameters.learning_rate;
        let optimizer = build_optimizer(hyperparameters, &store)?;
        let task = options.task;
        Ok(Self {
            hyperparameters,
            task,
            device,
            scaling,
            data,
            layers,
            optimizer,
            learning_rate,
            rng,
        })
    }

    pub fn set_learning_rate(&mut self, learning_rate: f64) {
        self.learning_rate = learning_rate;
        self.optimizer.set_lr(learning_rate);
    }

    /// Trains on every row once, in random order, and returns the mean loss.
    pub fn run_epoch(&mut self, n_epochs_done: usize) -> Result<f64> {
        let mut order: Vec<i64> = (0..self.data.n_samples() as i64).collect();
        order.shuffle(&mut self.rng);
        let order = Tensor::f_from_slice(&order)?.f_to_device(self.device)?;
        let batches = order.f_split(self.hyperparameters.batch_size as i64, 0)?;
        let n_steps = batches.len() * self.hyperparameters.n_epochs;
        // Summed on the device, so that steps needn't wait for each loss to travel back.
        let mut total = Tensor::f_zeros([], (Kind::Double, self.device))?;
        for (index, rows) in batches.iter().enumerate() {
            if self.hyperparameters.schedule == Schedule::OneCycle {
                let step = n_epochs_done * batches.len() + index;
                self.set_learning_rate(one_cycle(
                    self.hyperparameters.learning_rate,
                    step as f64 / n_steps as f64,
                ));
            }
            let inputs = self.data.inputs.f_index_select(0, rows)?;
            let targets = self.data.targets.f_index_select(0, rows)?;
            let latent = self.forward(&inputs, true)?;
            let mut loss = self.loss(&latent, &targets)?;
            if self.hyperparameters.l2_penalty > 0.0 {
                loss = loss.f_add(&self.hyperparameters.penalty(&self.layers)?)?;
            }
            self.optimizer.zero_grad();
            loss.f_backward()?;
            self.optimizer.step();
            self.hyperparameters.impose_constraint(&self.layers)?;
            total = total.f_add(&loss.f_detach()?.f_multiply_scalar(rows.size()[0])?)?;
        }
        Ok(total.f_double_value(&[])? / self.data.n_samples() as f64)
    }

    /// Shape `(n_samples,)` for one output, else `(n_samples, n_outputs)`.
    fn forward(&mut self, inputs: &Tensor, in_training: bool) -> Result<Tensor> {
        let dropout = if in_training {
            self.hyperparameters.dropout
        } else {
            0.0
        };
        let mut values = inputs.shallow_clone();
        let n_hidden = self.layers.len() - 1;
        for (index, layer) in self.layers.iter().enumerate() {
            values = layer.forward(&values)?;
            if dropout > 0.0 && index < n_hidden {
                let mask = dropout_mask(&values.size(), dropout, &mut self.rng)?;
                values = values.f_mul(&mask.f_to_device(self.device)?)?;
            }
        }
        Ok(values.f_squeeze_dim(1)?)
    }

    fn loss(&self, latent: &Tensor, targets: &Tensor) -> Result<Tensor> {
        Ok(match self.task {
            Task::Classification if is_per_class(latent) => {
                let classes = targets.f_to_kind(Kind::Int64)?;
                // -100 is libtorch's mark for rows without a class; there are none.
                latent.f_cross_entropy_loss::<Tensor>(&classes, None, Reduction::Mean, -100, 0.0)?
            }
            Task::Classification => latent.f_binary_cross_entropy_with_logits::<Tensor>(
                targets,
                None,
                None,
                Reduction::Mean,
            )?,
            Task::Regression => latent.f_mse_loss(targets, Reduction::Mean)?,
        })
    }

    /// Loss and, for classification, accuracy without dropout.
    pub fn judge(&mut self, data: &ScaledData) -> Result<(f64, Option<f64>)> {
        let _guard = tch::no_grad_guard();
        let latent = self.forward(&data.inputs, false)?;
        let loss = self.loss(&latent, &data.targets)?.f_double_value(&[])?;
        if self.task == Task::Regression {
            return Ok((loss * self.scaling.target.1.powi(2), None));
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

    pub fn into_network(self, training: &Dataset, task: Task) -> Result<Network> {
        let rate = self.hyperparameters.learning_rate;
        into_network(&self.layers, &self.scaling, training, task, rate)
    }
}

/// Whether there is one logit for each of more than two classes.
fn is_per_class(latent: &Tensor) -> bool {
    latent.dim() == 2
}

/// Zeros with the given chance, elsewhere the factor that keeps the mean.
fn dropout_mask(shape: &[i64], chance: f64, rng: &mut impl Rng) -> Result<Tensor> {
    let kept = (1.0 / (1.0 - chance)) as f32;
    let limit = (chance * f64::from(u32::MAX)) as u32;
    let n_values: i64 = shape.iter().product();
    let mask: Vec<f32> = (0..n_values)
        .map(|_| if rng.next_u32() < limit { 0.0 } else { kept })
        .collect();
    Ok(Tensor::f_from_slice(&mask)?.f_view(shape)?)
}
