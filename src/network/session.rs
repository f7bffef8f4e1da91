//! A network in training: its tensors, its optimizer, and what one epoch does to them.

use super::hyperparameters::{Hyperparameters, Optimizer, Schedule};
use super::scaling::{ScaledData, Scaling};
use super::tensors::to_vec;
use super::training::TrainingOptions;
use super::{Activation, Dense, Network};
use crate::dataset::{Dataset, Task};
use crate::error::{Error, Result};
use rand::{Rng, RngExt, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use std::f64::consts::PI;
use tch::nn::{self, OptimizerConfig};
use tch::{Kind, Reduction, Tensor};

/// A network in training.
pub(super) struct Session<'a> {
    hyperparameters: &'a Hyperparameters,
    task: Task,
    pub device: tch::Device,
    pub scaling: Scaling,
    data: ScaledData,
    layers: Vec<(Activation, Tensor, Tensor)>,
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
        let mut layers = Vec::new();
        let mut n_inputs = training.n_features();
        let hidden = hyperparameters
            .layers
            .iter()
            .map(|layer| (layer.width, layer.activation));
        let last = (n_outputs, Activation::Linear);
        for (index, (width, activation)) in hidden.chain([last]).enumerate() {
            let weights = glorot_uniform(n_inputs, width, &mut rng)?.f_to_device(device)?;
            let biases = Tensor::f_zeros([width as i64], (Kind::Float, device))?;
            let weights = store.root().add(&format!("weights{index}"), weights, true);
            let biases = store.root().add(&format!("biases{index}"), biases, true);
            layers.push((activation, weights, biases));
            n_inputs = width;
        }
        let learning_rate = hyperparameters.learning_rate;
        let optimizer = match hyperparameters.optimizer {
            Optimizer::Adam { epsilon } => nn::Adam {
                eps: epsilon,
                ..nn::Adam::default()
            }
            .build(&store, learning_rate)?,
            Optimizer::AdamW { weight_decay } => nn::AdamW {
                wd: weight_decay,
                ..nn::AdamW::default()
            }
            .build(&store, learning_rate)?,
            Optimizer::RmsProp => nn::RmsProp {
                alpha: 0.9,
                eps: 1e-7,
                ..nn::RmsProp::default()
            }
            .build(&store, learning_rate)?,
        };
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
                loss = loss.f_add(&self.penalty()?)?;
            }
            self.optimizer.zero_grad();
            loss.f_backward()?;
            self.optimizer.step();
            self.impose_constraint()?;
            total = total.f_add(&loss.f_detach()?.f_multiply_scalar(rows.size()[0])?)?;
        }
        Ok(total.f_double_value(&[])? / self.data.n_samples() as f64)
    }

    fn impose_constraint(&self) -> Result<()> {
        let Some(constraint) = self.hyperparameters.constraint else {
            return Ok(());
        };
        for (_, weights, biases) in &self.layers[..self.layers.len() - 1] {
            constraint.impose(weights, biases)?;
        }
        Ok(())
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
        for (index, (activation, weights, biases)) in self.layers.iter().enumerate() {
            values = activation.apply(&values.f_matmul(weights)?.f_add(biases)?)?;
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

    /// The L2 penalty on weights and biases of the hidden layers.
    fn penalty(&self) -> Result<Tensor> {
        let mut total = Tensor::f_zeros([], (Kind::Float, self.device))?;
        for (_, weights, biases) in &self.layers[..self.layers.len() - 1] {
            for parameters in [weights, biases] {
                total = total.f_add(&parameters.f_square()?.f_sum(Kind::Float)?)?;
            }
        }
        Ok(total.f_multiply_scalar(self.hyperparameters.l2_penalty)?)
    }

    /// Loss and, for classification, accuracy without dropout.
    pub fn judge(&mut self, data: &ScaledData) -> Result<(f64, Option<f64>)> {
        let _guard = tch::no_grad_guard();
        let latent = self.forward(&data.inputs, false)?;
        let loss = self.loss(&latent, &data.targets)?.f_double_value(&[])?;
        if self.task == Task::Regression {
            return Ok((loss * self.scaling.target.1.powi(2), None));
        }
        let hits = match is_per_class(&latent) {
            true => {
                let classes = data.targets.f_to_kind(Kind::Int64)?;
                latent.f_argmax(1, false)?.f_eq_tensor(&classes)?
            }
            false => latent.f_gt(0.0)?.f_eq_tensor(&data.targets.f_gt(0.5)?)?,
        };
        Ok((
            loss,
            Some(hits.f_sum(Kind::Double)?.f_double_value(&[])? / data.n_samples() as f64),
        ))
    }

    /// Takes the weights out, with the scaling folded into the first and last layer.
    pub fn into_network(self, training: &Dataset, task: Task) -> Result<Network> {
        let mut layers = Vec::new();
        for (activation, weights, biases) in &self.layers {
            let (weights, biases) = (to_vec(weights)?, to_vec(biases)?);
            layers.push(Dense {
                activation: *activation,
                weights,
                biases,
            });
        }
        let first = &mut layers[0];
        let n_outputs = first.n_outputs();
        for (row, (shift, scale)) in first
            .weights
            .chunks_exact_mut(n_outputs)
            .zip(&self.scaling.inputs)
        {
            for (weight, bias) in row.iter_mut().zip(&mut first.biases) {
                *weight /= scale;
                *bias -= *weight * shift;
            }
        }
        let (shift, scale) = self.scaling.target;
        if let Some(last) = layers.last_mut() {
            last.weights.iter_mut().for_each(|weight| *weight *= scale);
            last.biases
                .iter_mut()
                .for_each(|bias| *bias = *bias * scale + shift);
        }
        for (index, layer) in layers.iter().enumerate() {
            let mut numbers = layer.weights.iter().chain(&layer.biases);
            if let Some(number) = numbers.find(|number| !number.is_finite()) {
                return Err(Error::Data(format!(
                    "training diverged: layer {index} holds a weight of {number}; use a learning \
                     rate below {}, or features of a common size",
                    self.hyperparameters.learning_rate
                )));
            }
        }
        Ok(Network {
            feature_names: training.feature_names().to_vec(),
            task,
            layers,
        })
    }
}

/// Whether there is one logit for each of more than two classes.
fn is_per_class(latent: &Tensor) -> bool {
    latent.dim() == 2
}

/// Uniform within `sqrt(6 / (n_inputs + n_outputs))` of 0 (Glorot & Bengio 2010, equation 16).
fn glorot_uniform(n_inputs: usize, n_outputs: usize, rng: &mut impl Rng) -> Result<Tensor> {
    let limit = (6.0 / (n_inputs + n_outputs) as f32).sqrt();
    let weights: Vec<f32> = (0..n_inputs * n_outputs)
        .map(|_| rng.random_range(-limit..limit))
        .collect();
    Ok(Tensor::f_from_slice(&weights)?.f_view([n_inputs as i64, n_outputs as i64])?)
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

/// The one-cycle learning rate at a share of all steps: from 1/25 of the peak up along a cosine
/// over the first 30 %, then down to 1/250 000 of it.
fn one_cycle(peak: f64, share: f64) -> f64 {
    const RISE: f64 = 0.3;
    let between =
        |from: f64, to: f64, share: f64| to + (from - to) * (1.0 + (PI * share).cos()) / 2.0;
    match share < RISE {
        true => between(peak / 25.0, peak, share / RISE),
        false => between(peak, peak / 250_000.0, (share - RISE) / (1.0 - RISE)),
    }
}
