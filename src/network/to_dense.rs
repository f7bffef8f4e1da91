//! A network's layers as plain numbers.

use super::Network;
use crate::dataset::Task;
use crate::error::Result;
use crate::model::{Activation, DenseLayer, DenseNetwork, Model};

impl DenseNetwork {
    /// The layers of a trained network.
    ///
    /// Polynomials of the result are in the data's own units: training's standardization is part of
    /// the first layer's weights. Where the data lie far from 0 relative to their spread, large
    /// powers cancel and digits are lost. Train on scaled data instead; the polynomials are then in
    /// the scaled units. The last activation of a classifier is the sigmoid or softmax that turns
    /// logits into probabilities.
    ///
    /// # Errors
    /// A network with a softmax in a hidden layer.
    pub fn from_network(network: &Network) -> Result<Self> {
        let layers = network.layers.iter().map(|layer| {
            let rows = layer.weights.chunks_exact(layer.biases.len());
            let rows = std::iter::once(layer.biases.as_slice()).chain(rows);
            (layer.activation, rows.map(<[f64]>::to_vec).collect())
        });
        let mut layers: Vec<(Activation, Vec<Vec<f64>>)> = layers.collect();
        let n_outputs = network.n_outputs();
        let probabilities = match (network.task(), n_outputs) {
            (Task::Regression, _) => Activation::Linear,
            (Task::Classification, 1) => Activation::Sigmoid,
            (Task::Classification, _) => Activation::Softmax,
        };
        match layers.last_mut() {
            Some((last @ Activation::Linear, _)) => *last = probabilities,
            _ if probabilities == Activation::Linear => {}
            // The values of the last activation are the logits.
            _ => {
                let mut identity = vec![vec![0.0; n_outputs]; n_outputs + 1];
                (0..n_outputs).for_each(|k| identity[k + 1][k] = 1.0);
                layers.push((probabilities, identity));
            }
        }
        let layers = layers
            .iter()
            .map(|(activation, rows)| DenseLayer::new(*activation, rows));
        Self::new(layers.collect::<Result<_>>()?)
    }
}
