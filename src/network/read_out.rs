//! Any scalar inside a network, such as a neuron, logit or margin, as a network with one output.
//! Everything that evaluates, differentiates or interprets a network then works for it, too.
//!
//! Layers, neurons and classes are counted from 0, as in [`Hyperparameters::layers`], in saved
//! files and in datasets.
//!
//! [`Hyperparameters::layers`]: crate::Hyperparameters::layers

use super::{Activation, Dense, Network};
use crate::dataset::Task;
use crate::error::{Error, Result};

impl Network {
    /// The number of neurons in each hidden layer, `(n_hidden_layers,)`.
    pub fn hidden_widths(&self) -> Vec<usize> {
        let n_hidden = self.layers.len().saturating_sub(1);
        self.layers[..n_hidden]
            .iter()
            .map(Dense::n_outputs)
            .collect()
    }

    /// The activation of one hidden neuron as a network: neuron `index` of hidden layer `layer`,
    /// both counted from 0.
    ///
    /// It has no decision boundary: [`directions`](crate::Model::directions) keeps all points, as
    /// for a regressor. A layer of one neuron, `Layer::new(1, Activation::Linear)`, is a
    /// bottleneck: all that the network uses of its inputs passes through it, so one formula for it
    /// serves all outputs. For a target `h(u)`, the bottleneck may hold any function of `u` from
    /// which `h(u)` can be computed.
    ///
    /// # Errors
    /// A layer or neuron that the network doesn't have.
    pub fn neuron(&self, layer: usize, index: usize) -> Result<Self> {
        let width = self.hidden_width(layer)?;
        if index >= width {
            return Err(Error::parameter(
                "index",
                index,
                format!(
                    "between 0 and {}, a neuron of hidden layer {layer}",
                    width - 1
                ),
            ));
        }
        Ok(self.read_neuron(layer, index))
    }

    /// A neuron of any layer, including the output layer.
    pub(super) fn read_neuron(&self, layer: usize, index: usize) -> Self {
        let coefficients = unit(index, self.layers[layer].n_outputs());
        self.read_out(layer, coefficients, Task::Regression)
    }

    /// A linear combination of a hidden layer's neurons as a network. `layer` is counted from 0,
    /// and `coefficients` is `(n_neurons,)`.
    ///
    /// Like a [`neuron`](Self::neuron), it has no decision boundary.
    ///
    /// # Errors
    /// A layer that the network doesn't have, a number of coefficients other than that of neurons,
    /// or coefficients that aren't finite or are all zero.
    pub fn combination(&self, layer: usize, coefficients: &[f64]) -> Result<Self> {
        let width = self.hidden_width(layer)?;
        if coefficients.len() != width {
            return Err(Error::Shape(format!(
                "there are {} coefficients for the {width} neurons of hidden layer {layer}",
                coefficients.len()
            )));
        }
        if let Some(index) = coefficients.iter().position(|c| !c.is_finite()) {
            let place = format!("coefficient {index}");
            return Err(Error::not_finite(place, coefficients[index]));
        }
        if coefficients.iter().all(|c| *c == 0.0) {
            return Err(Error::Value(
                "all coefficients are 0, so the combination is 0 everywhere".into(),
            ));
        }
        Ok(self.read_out(layer, coefficients.to_vec(), Task::Regression))
    }

    /// One class's logit as a network; it has no decision boundary. A classifier of two classes has
    /// one logit, that of class 1; its negative is the logit of class 0.
    ///
    /// With more than two classes, training fixes only the differences of logits: what all logits
    /// have in common cancels in every probability. The [`margin`](Self::margin) of two classes is
    /// the quantity that the data determine.
    ///
    /// # Errors
    /// A class that the network doesn't have, or a network that isn't a classifier.
    pub fn logit(&self, class: usize) -> Result<Self> {
        let coefficients = self.logit_coefficients("class", class)?;
        Ok(self.read_out(self.layers.len() - 1, coefficients, Task::Regression))
    }

    /// The logit of `class` minus that of `against`, as a classifier: its latent model is positive
    /// where `class` is the likelier of the two, and its decision boundary is the one between them.
    ///
    /// Where a third class is far likelier than both, training has not shaped the margin. Compute
    /// directions at the points of [`Dataset::pair`](crate::Dataset::pair).
    ///
    /// ```no_run
    /// use closedform::{Dataset, Model, Network, TrainingOptions, progress};
    ///
    /// let sides = [(-1.0, 1.0), (-1.0, 1.0)];
    /// let ring = |x: &[f64]| (2.0 * (x[0] * x[0] + x[1] * x[1])).floor().min(2.0);
    /// let (training, fresh) = Dataset::from_function(&sides, 10_000, 0, ring)?.split(0.8, 0)?;
    /// let options = TrainingOptions::default();
    /// let (network, _) = Network::train(&training, &fresh, &options, progress::silent)?;
    /// let directions = network.margin(1, 0)?.directions(training.pair(1, 0)?.points(), 1e-4)?;
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// A class that the network doesn't have, the same class twice, or a network that isn't a
    /// classifier.
    pub fn margin(&self, class: usize, against: usize) -> Result<Self> {
        let mut coefficients = self.logit_coefficients("class", class)?;
        let others = self.logit_coefficients("against", against)?;
        if class == against {
            return Err(Error::parameter("against", against, "another class"));
        }
        // A single logit is already the margin of class 1; its negative is that of class 0.
        if self.n_outputs() > 1 {
            let pairs = coefficients.iter_mut().zip(others);
            pairs.for_each(|(coefficient, other)| *coefficient -= other);
        }
        Ok(self.read_out(self.layers.len() - 1, coefficients, Task::Classification))
    }

    /// A linear combination of some neurons of any layer: coefficients and numbers of neurons.
    pub(super) fn combined(&self, layer: usize, terms: &[(f64, usize)]) -> Result<Self> {
        let mut coefficients = vec![0.0; self.layers[layer].n_outputs()];
        let n = coefficients.len();
        for &(coefficient, index) in terms {
            let place = coefficients.get_mut(index).ok_or_else(|| {
                Error::parameter(
                    "index",
                    index,
                    format!("between 0 and {}, a neuron of the layer", n - 1),
                )
            })?;
            *place += coefficient;
        }
        Ok(self.read_out(layer, coefficients, Task::Regression))
    }

    fn hidden_width(&self, layer: usize) -> Result<usize> {
        let widths = self.hidden_widths();
        widths.get(layer).copied().ok_or_else(|| {
            let allowed = match widths.len() {
                0 => "left out: the network has no hidden layers".to_string(),
                n => format!("between 0 and {}, a hidden layer", n - 1),
            };
            Error::parameter("layer", layer, allowed)
        })
    }

    /// The coefficients of all outputs that give one class's logit.
    fn logit_coefficients(&self, name: &'static str, class: usize) -> Result<Vec<f64>> {
        self.check_classifier()?;
        let n_classes = self.n_outputs().max(2);
        if class >= n_classes {
            let allowed = format!("between 0 and {}, a class of the network", n_classes - 1);
            return Err(Error::parameter(name, class, allowed));
        }
        Ok(match self.n_outputs() {
            1 => vec![if class == 1 { 1.0 } else { -1.0 }],
            n => unit(class, n),
        })
    }

    /// The layers up to one of them, followed by a linear combination of its neurons.
    fn read_out(&self, layer: usize, coefficients: Vec<f64>, task: Task) -> Self {
        let mut layers = self.layers[..=layer].to_vec();
        layers.push(Dense {
            activation: Activation::Linear,
            weights: coefficients,
            biases: vec![0.0],
        });
        Self {
            feature_names: self.feature_names.clone(),
            task,
            layers,
        }
    }
}

/// The `index`-th unit vector, `(n,)`.
fn unit(index: usize, n: usize) -> Vec<f64> {
    (0..n).map(|k| f64::from(u8::from(k == index))).collect()
}
