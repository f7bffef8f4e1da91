//! Weights at the start of training, what holds for them during it, and how they are taken out.

use super::hyperparameters::Hyperparameters;
use super::scaling::Scaling;
use super::tensors::{TensorLayer, to_vec};
use super::{Activation, Dense, Network};
use crate::dataset::{Dataset, Task};
use crate::error::{Error, Result};
use rand::{Rng, RngExt};
use tch::{Kind, Tensor, nn};

/// The layers of one network before its first step, on the CPU.
pub(super) fn initial_layers(
    hyperparameters: &Hyperparameters,
    n_features: usize,
    n_outputs: usize,
    rng: &mut impl Rng,
) -> Result<Vec<TensorLayer>> {
    let mut n_inputs = n_features;
    let hidden = hyperparameters
        .layers
        .iter()
        .map(|layer| (layer.width, layer.activation));
    let last = (n_outputs, Activation::Linear);
    let layers = hidden.chain([last]).map(|(width, activation)| {
        let weights = glorot_uniform(n_inputs, width, rng)?;
        n_inputs = width;
        Ok(TensorLayer {
            activation,
            weights,
            biases: Tensor::f_zeros([width as i64], (Kind::Float, tch::Device::Cpu))?,
        })
    });
    layers.collect()
}

impl TensorLayer {
    /// The layer as a part of the store, on its device, where an optimizer finds it.
    pub fn trainable(self, store: &nn::VarStore, index: usize) -> Result<Self> {
        let add = |name: &str, tensor: Tensor| -> Result<Tensor> {
            let tensor = tensor.f_to_device(store.device())?;
            Ok(store.root().add(&format!("{name}{index}"), tensor, true))
        };
        Ok(Self {
            activation: self.activation,
            weights: add("weights", self.weights)?,
            biases: add("biases", self.biases)?,
        })
    }
}

impl Hyperparameters {
    /// The L2 penalty on weights and biases of the hidden layers.
    pub(super) fn penalty(&self, layers: &[TensorLayer]) -> Result<Tensor> {
        let device = layers[0].weights.device();
        let mut total = Tensor::f_zeros([], (Kind::Float, device))?;
        for layer in &layers[..layers.len() - 1] {
            for parameters in [&layer.weights, &layer.biases] {
                total = total.f_add(&parameters.f_square()?.f_sum(Kind::Float)?)?;
            }
        }
        Ok(total.f_multiply_scalar(self.l2_penalty)?)
    }

    /// Brings the hidden layers back to what the constraint allows.
    pub(super) fn impose_constraint(&self, layers: &[TensorLayer]) -> Result<()> {
        let Some(constraint) = self.constraint else {
            return Ok(());
        };
        for layer in &layers[..layers.len() - 1] {
            constraint.impose(&layer.weights, &layer.biases)?;
        }
        Ok(())
    }
}

/// Takes the weights out, with the scaling folded into the first and last layer.
pub(super) fn into_network(
    layers: &[TensorLayer],
    scaling: &Scaling,
    training: &Dataset,
    task: Task,
    learning_rate: f64,
) -> Result<Network> {
    let owned = layers.iter().map(|layer| {
        Ok(Dense {
            activation: layer.activation,
            weights: to_vec(&layer.weights)?,
            biases: to_vec(&layer.biases)?,
        })
    });
    let mut layers = owned.collect::<Result<Vec<Dense>>>()?;
    let first = &mut layers[0];
    let n_outputs = first.n_outputs();
    for (row, (shift, scale)) in first
        .weights
        .chunks_exact_mut(n_outputs)
        .zip(&scaling.inputs)
    {
        for (weight, bias) in row.iter_mut().zip(&mut first.biases) {
            *weight /= scale;
            *bias -= *weight * shift;
        }
    }
    let (shift, scale) = scaling.target;
    if let Some(last) = layers.last_mut() {
        last.weights.iter_mut().for_each(|weight| *weight *= scale);
        last.biases
            .iter_mut()
            .for_each(|bias| *bias = *bias * scale + shift);
    }
    for (index, layer) in layers.iter().enumerate() {
        let mut numbers = layer.weights.iter().chain(&layer.biases);
        if let Some(number) = numbers.find(|number| !number.is_finite()) {
            return Err(Error::Unlearned(format!(
                "training diverged: layer {index} holds a weight of {number}; use a learning \
                 rate below {learning_rate}, or features of a common size"
            )));
        }
    }
    Ok(Network {
        feature_names: training.feature_names().to_vec(),
        task,
        layers,
    })
}

/// Uniform within `sqrt(6 / (n_inputs + n_outputs))` of 0 (Glorot & Bengio 2010, equation 16).
fn glorot_uniform(n_inputs: usize, n_outputs: usize, rng: &mut impl Rng) -> Result<Tensor> {
    let limit = (6.0 / (n_inputs + n_outputs) as f32).sqrt();
    let weights: Vec<f32> = (0..n_inputs * n_outputs)
        .map(|_| rng.random_range(-limit..limit))
        .collect();
    Ok(Tensor::f_from_slice(&weights)?.f_view([n_inputs as i64, n_outputs as i64])?)
}
