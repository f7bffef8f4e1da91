//! Tensors for the network's numbers: the forward pass and the input gradients.

use super::numbers::ROWS_AT_ONCE;
use super::{Activation, Dense, Network};
use crate::error::Result;
use crate::model::Model;
use tch::{Device, Kind, TchError, Tensor};

impl Activation {
    pub(super) fn apply(self, potentials: &Tensor) -> std::result::Result<Tensor, TchError> {
        match self {
            Self::Elu => potentials.f_elu(),
            Self::Exp => potentials.f_exp(),
            Self::Linear => Ok(potentials.shallow_clone()),
            Self::Relu => potentials.f_relu(),
            Self::Sigmoid => potentials.f_sigmoid(),
            Self::Silu => potentials.f_silu(),
            Self::Sin => potentials.f_sin(),
            Self::Softmax => potentials.f_softmax(-1, None),
            Self::Softplus => potentials.f_softplus(),
            Self::Tanh => potentials.f_tanh(),
        }
    }
}

/// A dense layer of one network, or of several networks side by side.
///
/// Shapes: `weights` is `(.., n_inputs, n_outputs)`; `biases` is `(.., n_outputs)`.
pub(super) struct TensorLayer {
    pub activation: Activation,
    pub weights: Tensor,
    pub biases: Tensor,
}

impl TensorLayer {
    /// The values at inputs `(.., n_samples, n_inputs)`: `(.., n_samples, n_outputs)`.
    pub fn forward(&self, inputs: &Tensor) -> Result<Tensor> {
        let potentials = if self.weights.dim() == 2 {
            inputs.f_matmul(&self.weights)?.f_add(&self.biases)?
        } else {
            let biases = self.biases.f_unsqueeze(1)?;
            biases.f_baddbmm(inputs, &self.weights, 1, 1)?
        };
        Ok(self.activation.apply(&potentials)?)
    }
}

fn to_tensors(layers: &[Dense]) -> Result<Vec<TensorLayer>> {
    layers
        .iter()
        .map(|layer| {
            let shape = [layer.n_inputs() as i64, layer.n_outputs() as i64];
            Ok(TensorLayer {
                activation: layer.activation,
                weights: Tensor::f_from_slice(&layer.weights)?.f_view(shape)?,
                biases: Tensor::f_from_slice(&layer.biases)?,
            })
        })
        .collect()
}

fn forward(layers: &[TensorLayer], inputs: &Tensor) -> Result<Tensor> {
    let mut values = inputs.shallow_clone();
    for layer in layers {
        values = layer.forward(&values)?;
    }
    Ok(values)
}

pub(super) fn outputs(network: &Network, points: &[f64]) -> Result<Vec<f64>> {
    let layers = to_tensors(&network.layers)?;
    let _guard = tch::no_grad_guard();
    let n_samples = points.len() / network.n_features();
    let mut outputs = Vec::with_capacity(n_samples * network.n_outputs());
    for batch in points.chunks(ROWS_AT_ONCE * network.n_features()) {
        let inputs = Tensor::f_from_slice(batch)?.f_view([-1, network.n_features() as i64])?;
        outputs.extend(to_vec(&forward(&layers, &inputs)?)?);
    }
    Ok(outputs)
}

pub(super) fn gradients(network: &Network, points: &[f64]) -> Result<Vec<f64>> {
    let layers = to_tensors(&network.layers)?;
    let mut gradients = Vec::with_capacity(points.len());
    for batch in points.chunks(ROWS_AT_ONCE * network.n_features()) {
        let inputs = Tensor::f_from_slice(batch)?
            .f_view([-1, network.n_features() as i64])?
            .f_set_requires_grad(true)?;
        // Rows don't influence each other, so the gradient of the sum holds the gradient of each
        // row.
        let sum = forward(&layers, &inputs)?.f_sum(Kind::Double)?;
        let gradient = Tensor::f_run_backward(&[sum], &[&inputs], false, false)?;
        gradients.extend(to_vec(&gradient[0])?);
    }
    Ok(gradients)
}

/// A tensor's numbers, row after row, as owned `f64`.
pub(super) fn to_vec(tensor: &Tensor) -> Result<Vec<f64>> {
    let flat = tensor
        .f_detach()?
        .f_to_device(Device::Cpu)?
        .f_to_kind(Kind::Double)?
        .f_reshape([-1])?;
    Ok(Vec::try_from(&flat)?)
}
