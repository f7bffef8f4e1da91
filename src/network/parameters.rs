//! Weights: initial values, penalties and bounds in training, and their conversion to a network.

use super::hyperparameters::Hyperparameters;
use super::scaling::Scaling;
use super::tensors::TensorLayer;
use super::{Activation, Dense, Network};
use crate::dataset::{Dataset, Task};
use crate::error::{Error, Result};
use rand::{Rng, RngExt};
use tch::{Kind, Tensor, nn};

/// The initial layers of one network for each generator. They are registered in the store, where
/// the optimizer finds them.
pub(super) fn initial_layers(
    hyperparameters: &Hyperparameters,
    n_features: usize,
    n_outputs: usize,
    rngs: &mut [impl Rng],
    store: &nn::VarStore,
) -> Result<Vec<TensorLayer>> {
    let n_networks = rngs.len() as i64;
    let add = |name: String, tensor: Tensor| -> Result<Tensor> {
        // A single network has no leading axis.
        let tensor = tensor.f_squeeze_dim(0)?.f_to_device(store.device())?;
        Ok(store.root().add(&name, tensor, true))
    };
    let mut n_inputs = n_features;
    let hidden = hyperparameters
        .layers
        .iter()
        .map(|layer| (layer.width, layer.activation));
    let last = (n_outputs, Activation::Linear);
    let layers = hidden.chain([last]).enumerate();
    let layers = layers.map(|(index, (width, activation))| {
        let weights = rngs
            .iter_mut()
            .flat_map(|rng| glorot_uniform(n_inputs, width, rng));
        let weights = Tensor::f_from_slice(&weights.collect::<Vec<f32>>())?;
        let weights = weights.f_view([n_networks, n_inputs as i64, width as i64])?;
        let biases = Tensor::f_zeros([n_networks, width as i64], (Kind::Float, tch::Device::Cpu))?;
        n_inputs = width;
        Ok(TensorLayer {
            activation,
            weights: add(format!("weights{index}"), weights)?,
            biases: add(format!("biases{index}"), biases)?,
        })
    });
    layers.collect()
}

impl Hyperparameters {
    /// Each network's L2 penalty on the weights and biases of its hidden layers: `(n_networks,)`,
    /// or `()` for one network.
    pub(super) fn penalties(&self, layers: &[TensorLayer]) -> Result<Tensor> {
        let device = layers[0].weights.device();
        let mut totals = Tensor::f_zeros([], (Kind::Float, device))?;
        for layer in &layers[..layers.len() - 1] {
            let axes: [(&Tensor, &[i64]); 2] =
                [(&layer.weights, &[-2, -1]), (&layer.biases, &[-1])];
            for (parameters, axes) in axes {
                let squares = parameters.f_square()?;
                let sums = squares.f_sum_dim_intlist(axes, false, Kind::Float)?;
                totals = totals.f_add(&sums)?;
            }
        }
        Ok(totals.f_multiply_scalar(self.l2_penalty)?)
    }

    /// Projects the hidden layers onto the constraint.
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

/// The network made of trained layers. The scaling is folded into the first and the last layer.
pub(super) fn into_network(
    mut layers: Vec<Dense>,
    scaling: &Scaling,
    training: &Dataset,
    task: Task,
    learning_rate: f64,
) -> Result<Network> {
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
                "training diverged: layer {index} has a weight of {number}; use a learning \
                 rate below {learning_rate}, or features of similar size"
            )));
        }
    }
    Ok(Network {
        feature_names: training.feature_names().to_vec(),
        task,
        layers,
    })
}

/// Weights `(n_inputs, n_outputs)`, drawn uniformly from plus or minus
/// `sqrt(6 / (n_inputs + n_outputs))` (Glorot & Bengio 2010, equation 16).
fn glorot_uniform(n_inputs: usize, n_outputs: usize, rng: &mut impl Rng) -> Vec<f32> {
    let limit = (6.0 / (n_inputs + n_outputs) as f32).sqrt();
    let weights = (0..n_inputs * n_outputs).map(|_| rng.random_range(-limit..limit));
    weights.collect()
}
