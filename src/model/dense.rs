//! Dense networks as plain numbers, independent of where they were trained.

use super::Activation;
use crate::error::{Error, Result};
use crate::points::check_rows;
use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use rayon::prelude::*;

/// The number of rows that one thread multiplies at a time.
const BLOCK: usize = 512;

/// A dense layer: `activation(b + x W)`.
#[derive(Debug, Clone, PartialEq)]
pub struct DenseLayer {
    activation: Activation,
    biases: Vec<f64>,
    /// `(n_inputs, n_outputs)`, row after row.
    weights: Vec<f64>,
}

impl DenseLayer {
    /// A layer with weights `(n_inputs + 1, n_outputs)`, the biases in the first row.
    ///
    /// # Errors
    /// Fewer than two rows, rows that are empty or of different lengths, or a weight that isn't
    /// finite; the message gives its row and column, counted from 1.
    pub fn new(activation: Activation, weights: &[Vec<f64>]) -> Result<Self> {
        let [biases, rows @ ..] = weights else {
            return Err(no_weights("no rows"));
        };
        if rows.is_empty() {
            return Err(no_weights("one row"));
        }
        if biases.is_empty() {
            return Err(no_weights("an empty first row"));
        }
        for (row, numbers) in weights.iter().enumerate() {
            if numbers.len() != biases.len() {
                return Err(Error::Shape(format!(
                    "row {} has {} weights, but row 1 has {}",
                    row + 1,
                    numbers.len(),
                    biases.len()
                )));
            }
            if let Some(column) = numbers.iter().position(|number| !number.is_finite()) {
                let place = format!("the weight in row {}, column {}", row + 1, column + 1);
                return Err(Error::not_finite(place, numbers[column]));
            }
        }
        Ok(Self {
            activation,
            biases: biases.clone(),
            weights: rows.concat(),
        })
    }

    /// The activation.
    pub fn activation(&self) -> Activation {
        self.activation
    }

    /// The number of inputs.
    pub fn n_inputs(&self) -> usize {
        self.weights.len() / self.biases.len()
    }

    /// The number of neurons.
    pub fn n_outputs(&self) -> usize {
        self.biases.len()
    }

    /// The neurons' biases, `(n_outputs,)`.
    pub fn biases(&self) -> &[f64] {
        &self.biases
    }

    /// The weights without the biases, `(n_inputs, n_outputs)`, row after row.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// Rows `(n, n_inputs)` times the weights, without the biases: `(n, n_outputs)`.
    pub(crate) fn weighted(&self, rows: &[f64]) -> Vec<f64> {
        let (n_inputs, n_outputs) = (self.n_inputs(), self.n_outputs());
        let weights = MatRef::from_row_major_slice(&self.weights, n_inputs, n_outputs);
        let mut products = vec![0.0; rows.len() / n_inputs * n_outputs];
        let blocks = products.par_chunks_mut(BLOCK * n_outputs);
        blocks
            .zip(rows.par_chunks(BLOCK * n_inputs))
            .for_each(|(products, rows)| {
                let n = rows.len() / n_inputs;
                let rows = MatRef::from_row_major_slice(rows, n, n_inputs);
                let products = MatMut::from_row_major_slice_mut(products, n, n_outputs);
                matmul(products, Accum::Replace, rows, weights, 1.0, Par::Seq);
            });
        products
    }
}

fn no_weights(found: &str) -> Error {
    Error::Shape(format!(
        "the weights have {found}, but must have the biases in the first row and one more row for \
         each input, with one number for each neuron"
    ))
}

/// A network of dense layers, as plain numbers.
///
/// ```
/// use closedform::{Activation, DenseNetwork, TaylorOptions};
/// use closedform::model::DenseLayer;
///
/// // tanh(0.5 x1 - 0.2 x2), then 1 + 2 y.
/// let hidden = DenseLayer::new(Activation::Tanh, &[vec![0.0], vec![0.5], vec![-0.2]])?;
/// let output = DenseLayer::new(Activation::Linear, &[vec![1.0], vec![2.0]])?;
/// let network = DenseNetwork::new(vec![hidden, output])?;
/// let found = network.to_polynomials(&TaylorOptions::default())?;
/// assert_eq!(found.polynomial(0)?.rounded(6).to_string(), "1 + x1 - 0.4 x2");
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct DenseNetwork {
    layers: Vec<DenseLayer>,
}

impl DenseNetwork {
    /// A network of layers, from the inputs on.
    ///
    /// # Errors
    /// No layers, a layer whose number of inputs differs from the number of neurons in the layer
    /// before, or a softmax before the last layer.
    pub fn new(layers: Vec<DenseLayer>) -> Result<Self> {
        if layers.is_empty() {
            return Err(Error::Model(
                "the network has no layers; at least 1 is needed".into(),
            ));
        }
        for (index, pair) in layers.windows(2).enumerate() {
            let (n_neurons, n_inputs) = (pair[0].n_outputs(), pair[1].n_inputs());
            if n_neurons != n_inputs {
                return Err(Error::Shape(format!(
                    "layer {} has weights for {n_inputs} inputs ({} rows, the first of biases), \
                     but layer {} has {n_neurons} neurons",
                    index + 2,
                    n_inputs + 1,
                    index + 1,
                )));
            }
            if pair[0].activation == Activation::Softmax {
                return Err(Error::Model(format!(
                    "layer {} is a softmax, which is allowed in the last layer only",
                    index + 1
                )));
            }
        }
        Ok(Self { layers })
    }

    /// The layers, from the inputs on.
    pub fn layers(&self) -> &[DenseLayer] {
        &self.layers
    }

    /// The number of inputs.
    pub fn n_inputs(&self) -> usize {
        self.layers[0].n_inputs()
    }

    /// The number of outputs.
    pub fn n_outputs(&self) -> usize {
        self.layers[self.layers.len() - 1].n_outputs()
    }

    /// The potentials of every layer at points `(n_samples, n_inputs)`, which are the inputs of its
    /// activation: `(n_samples, n_neurons)` for each layer.
    ///
    /// # Errors
    /// No points, or values that don't make rows of as many values as the network has inputs.
    pub fn potentials(&self, points: &[f64]) -> Result<Vec<Vec<f64>>> {
        check_rows(points, self.n_inputs(), "variables")?;
        let mut potentials: Vec<Vec<f64>> = Vec::new();
        let mut inputs = points.to_vec();
        for layer in &self.layers {
            let mut found = layer.weighted(&inputs);
            for row in found.chunks_exact_mut(layer.n_outputs()) {
                row.iter_mut().zip(&layer.biases).for_each(|(u, b)| *u += b);
            }
            inputs.clone_from(&found);
            for row in inputs.chunks_exact_mut(layer.n_outputs()) {
                layer.activation.activate(row);
            }
            potentials.push(found);
        }
        Ok(potentials)
    }

    /// The outputs at points `(n_samples, n_inputs)`, after the last layer's activation:
    /// `(n_samples, n_outputs)`.
    ///
    /// # Errors
    /// Those of [`potentials`](Self::potentials).
    pub fn outputs(&self, points: &[f64]) -> Result<Vec<f64>> {
        let mut outputs = self.potentials(points)?.pop().unwrap_or_default();
        let activation = self.layers[self.layers.len() - 1].activation;
        for row in outputs.chunks_exact_mut(self.n_outputs()) {
            activation.activate(row);
        }
        Ok(outputs)
    }
}
