//! Folds the layers of other programs into dense layers.

use super::description::Standardization;
use crate::error::{Error, Result};
use crate::model::Activation;
use crate::network::Dense;

/// Dense layers, appended step by step from the inputs on.
///
/// A shift and scale of the values becomes part of the linear layer before it, otherwise of the one
/// after it.
pub(super) struct Chain {
    layers: Vec<Dense>,
    names: Vec<String>,
    n_features: usize,
    /// Whether the last layer has no activation yet.
    is_open: bool,
    /// `(factor, offset)` of each value that isn't part of a layer yet.
    pending: Option<Vec<(f64, f64)>>,
}

impl Chain {
    pub fn new(n_features: usize) -> Self {
        Self {
            layers: Vec::new(),
            names: Vec::new(),
            n_features,
            is_open: false,
            pending: None,
        }
    }

    /// The number of values after the last step.
    pub fn width(&self) -> usize {
        self.layers.last().map_or(self.n_features, Dense::n_outputs)
    }

    /// Appends a linear layer with weights `(n_inputs, n_outputs)`.
    pub fn linear(
        &mut self,
        name: &str,
        mut weights: Vec<f64>,
        mut biases: Vec<f64>,
    ) -> Result<()> {
        let n_inputs = weights.len() / biases.len().max(1);
        if n_inputs != self.width() || biases.is_empty() {
            return Err(Error::Shape(if self.layers.is_empty() {
                format!(
                    "layer \"{name}\" takes {n_inputs} inputs, but there are {}",
                    self.n_features
                )
            } else {
                format!(
                    "layer \"{name}\" takes {n_inputs} values, but the layer before gives {}",
                    self.width()
                )
            }));
        }
        if let Some(pending) = self.pending.take() {
            let rows = weights.chunks_exact_mut(biases.len());
            for (row, (factor, offset)) in rows.zip(pending) {
                for (weight, bias) in row.iter_mut().zip(&mut biases) {
                    *bias += offset * *weight;
                    *weight *= factor;
                }
            }
        }
        self.layers.push(Dense {
            activation: Activation::Linear,
            weights,
            biases,
        });
        self.names.push(name.to_string());
        self.is_open = true;
        Ok(())
    }

    /// Appends `factor * value + offset` for each value, `(width,)`.
    pub fn scale(&mut self, pairs: &[(f64, f64)]) {
        if self.is_open
            && let Some(last) = self.layers.last_mut()
        {
            let n_outputs = last.n_outputs();
            for row in last.weights.chunks_exact_mut(n_outputs) {
                row.iter_mut()
                    .zip(pairs)
                    .for_each(|(weight, pair)| *weight *= pair.0);
            }
            let biases = last.biases.iter_mut().zip(pairs);
            biases.for_each(|(bias, (factor, offset))| *bias = *bias * factor + offset);
            return;
        }
        self.pending = Some(match self.pending.take() {
            None => pairs.to_vec(),
            Some(before) => before
                .iter()
                .zip(pairs)
                .map(|((f, o), (factor, offset))| (f * factor, o * factor + offset))
                .collect(),
        });
    }

    /// Appends `(value - mean) / scale` for each value.
    pub fn standardize(&mut self, what: &str, scaling: &Standardization) -> Result<()> {
        self.check_width(what, scaling.mean.len())?;
        let pairs = scaling.mean.iter().zip(&scaling.scale);
        self.scale(&pairs.map(|(m, s)| (1.0 / s, -m / s)).collect::<Vec<_>>());
        Ok(())
    }

    /// Appends `value * scale + mean` for each value.
    pub fn restore(&mut self, what: &str, scaling: &Standardization) -> Result<()> {
        self.check_width(what, scaling.mean.len())?;
        let pairs = scaling.mean.iter().zip(&scaling.scale);
        self.scale(&pairs.map(|(m, s)| (*s, *m)).collect::<Vec<_>>());
        Ok(())
    }

    pub fn check_width(&self, what: &str, found: usize) -> Result<()> {
        if found == self.width() {
            Ok(())
        } else {
            Err(Error::Shape(format!(
                "{what} is for {found} values, but there are {}",
                self.width()
            )))
        }
    }

    pub fn activation(&mut self, name: &str, activation: Activation) -> Result<()> {
        if activation == Activation::Linear {
            return Ok(());
        }
        self.take_in(name)?;
        if let Some(last) = self.layers.last_mut() {
            last.activation = activation;
        }
        self.is_open = false;
        Ok(())
    }

    /// Ends the chain with a layer without activation that holds all pending shifts and scales.
    fn take_in(&mut self, name: &str) -> Result<()> {
        if self.is_open {
            return Ok(());
        }
        let n = self.width();
        let mut identity = vec![0.0; n * n];
        identity
            .iter_mut()
            .step_by(n + 1)
            .for_each(|weight| *weight = 1.0);
        self.linear(name, identity, vec![0.0; n])
    }

    /// The layers and their names.
    pub fn finish(mut self) -> Result<(Vec<Dense>, Vec<String>)> {
        if self.pending.is_some() || self.layers.is_empty() {
            self.take_in("output")?;
        }
        for (layer, name) in self.layers.iter().zip(&self.names) {
            let mut numbers = layer.weights.iter().chain(&layer.biases);
            if let Some(number) = numbers.find(|number| !number.is_finite()) {
                return Err(Error::Value(format!(
                    "layer \"{name}\" holds a weight of {number}; only finite numbers are allowed"
                )));
            }
        }
        Ok((self.layers, self.names))
    }
}
