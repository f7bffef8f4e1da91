//! What a weights file doesn't say about its network.

use crate::dataset::Task;
use crate::error::{Error, Result};
use crate::model::Activation;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// What a network's file doesn't say: names of the inputs, task, order of the layers, scaling.
///
/// Leave out whatever the file itself says. As JSON:
///
/// ```
/// use closedform::network::NetworkDescription;
///
/// let description = NetworkDescription::from_json(r#"{
///     "inputs": ["mass", "speed"],
///     "task": "regression",
///     "layers": [{"linear": "fc1"}, {"batch_norm": {"name": "bn1"}}, {"activation": "tanh"},
///                {"dropout": 0.1}, {"linear": "fc2"}],
///     "outputs": ["energy"],
///     "input_scaling": {"mean": [1.0, 20.0], "scale": [0.5, 4.0]}
/// }"#)?;
/// assert_eq!(description.inputs, ["mass", "speed"]);
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NetworkDescription {
    /// The inputs' names in the network's order, `(n_features,)`; empty if the file holds them or
    /// their number.
    pub inputs: Vec<String>,
    /// What the network was trained for; none if a final sigmoid or softmax in the file shows it.
    pub task: Option<Task>,
    /// The layers of a state dict, from the inputs on. Leave this empty if all entries are linear
    /// layers whose names differ in one number, such as `fc1` and `fc2`: the numbers give the
    /// order.
    pub layers: Vec<DescribedLayer>,
    /// The activation after each linear layer but the last; used if `layers` is empty.
    pub activation: Option<Activation>,
    /// The names of the outputs, or of a classifier's classes in the order of their numbers. If
    /// empty, they are numbered from 0.
    pub outputs: Vec<String>,
    /// How the inputs were scaled before the network saw them; none if they weren't, or if the file
    /// holds the scaling.
    pub input_scaling: Option<Standardization>,
    /// How the targets were scaled before the network learned them.
    pub output_scaling: Option<Standardization>,
    /// Whether the outputs of a TorchScript or ONNX classifier are probabilities, not logits; none to
    /// decide by their values.
    pub probabilities: Option<bool>,
    /// Inputs of an ONNX model that are held at a number, by name, such as the number of a category.
    /// The data have no columns for them.
    pub fixed: BTreeMap<String, f64>,
}

/// One entry of a state dict, or an operation on its values.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DescribedLayer {
    /// A linear layer by its name in the file. `fc1` stands for the tensors `fc1.weight`
    /// `(n_outputs, n_inputs)` and, if there is one, `fc1.bias` `(n_outputs,)`.
    Linear(String),
    /// A function that is applied to every value.
    Activation(Activation),
    /// A one-dimensional batch norm in evaluation mode, with the running statistics.
    BatchNorm {
        /// Its name in the file.
        name: String,
        /// The constant that is added to the variance.
        #[serde(default = "usual_eps")]
        eps: f64,
    },
    /// Dropout, which does nothing in evaluation mode.
    Dropout(f64),
}

/// A shift and a scale for each value: `(value - mean) / scale`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standardization {
    /// The number that is subtracted, `(n_values,)`.
    pub mean: Vec<f64>,
    /// The divisor, `(n_values,)`.
    pub scale: Vec<f64>,
}

/// The constant that PyTorch adds to the variance by default.
fn usual_eps() -> f64 {
    1e-5
}

impl NetworkDescription {
    /// Reads a description from JSON.
    ///
    /// # Errors
    /// Text that isn't such an object, and scaling that [`from_file`](Self::from_file) refuses.
    pub fn from_json(text: &str) -> Result<Self> {
        let description: Self = serde_json::from_str(text)
            .map_err(|error| Error::Format(format!("not a description of a network: {error}")))?;
        description.check()?;
        Ok(description)
    }

    /// Reads a description from a JSON file.
    ///
    /// # Errors
    /// A file that is missing or doesn't hold such an object, different numbers of means and
    /// scales, means or scales that aren't finite, or a scale of 0.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|source| Error::file(path, source))?;
        Self::from_json(&text).map_err(|error| error.in_file(path))
    }

    /// Refuses a description of layers if the file holds its own layers.
    pub(in crate::network) fn check_no_layers(&self) -> Result<()> {
        if self.layers.is_empty() && self.activation.is_none() {
            Ok(())
        } else {
            Err(Error::Options(
                "the description lists layers, but the file holds them: leave them out".into(),
            ))
        }
    }

    pub(in crate::network) fn check(&self) -> Result<()> {
        let scalings = [
            ("input_scaling", &self.input_scaling, self.inputs.len()),
            ("output_scaling", &self.output_scaling, 0),
        ];
        for (name, scaling, n_values) in scalings {
            if let Some(scaling) = scaling {
                scaling.check(name, n_values)?;
            }
        }
        Ok(())
    }
}

impl Standardization {
    /// Refuses scaling that can't be undone. An `n_values` of 0 allows any number of values.
    fn check(&self, name: &str, n_values: usize) -> Result<()> {
        let (means, scales) = (self.mean.len(), self.scale.len());
        if means != scales || (n_values > 0 && means != n_values) {
            let wanted = match n_values {
                0 => "as many means as scales".to_string(),
                n => format!("{n} of each"),
            };
            return Err(Error::Shape(format!(
                "{name} has {means} means and {scales} scales, but must have {wanted}"
            )));
        }
        let is_usable = |(_, (mean, scale)): &(usize, (&f64, &f64))| {
            mean.is_finite() && scale.is_finite() && **scale != 0.0
        };
        let mut pairs = self.mean.iter().zip(&self.scale).enumerate();
        match pairs.find(|pair| !is_usable(pair)) {
            None => Ok(()),
            Some((index, (mean, scale))) => Err(Error::Value(format!(
                "{name} {index} has mean {mean} and scale {scale}; both must be finite, and the \
                 scale not 0"
            ))),
        }
    }
}
