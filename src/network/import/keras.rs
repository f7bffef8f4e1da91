//! Sequences of dense layers that Keras saved, as `.keras` archives or as HDF5 files, also where a
//! functional model calls its layers one after the other.

use super::chain::Chain;
use super::description::NetworkDescription;
use super::state_dict::batch_norm;
use super::{Named, named};
use crate::error::{Error, Result};
use crate::foreign::guarded;
use crate::model::Activation;
use crate::network::archive::Archive;
use hdf5_pure::{AttrValue, File, Group};
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;

/// What Keras adds to a deviation that may be 0.
const NORMALIZATION_EPSILON: f64 = 1e-7;

pub(super) fn read(bytes: Vec<u8>, description: &NetworkDescription) -> Result<Named> {
    description.check_no_layers()?;
    guarded("HDF5", || read_saved(bytes, description))
}

fn read_saved(bytes: Vec<u8>, description: &NetworkDescription) -> Result<Named> {
    let saved = Saved::read(bytes)?;
    let mut chain: Option<Chain> = None;
    let mut n_features = description.inputs.len();
    for (layer, path) in saved.layers()? {
        let place = |error: Error| error.at(format!("layer \"{}\"", layer.config.name));
        let part = Part::read(&layer, &saved, &path).map_err(place)?;
        if chain.is_none() && n_features == 0 {
            n_features = part.n_inputs().unwrap_or(0);
        }
        if n_features == 0 {
            continue;
        }
        let chain = match &mut chain {
            Some(chain) => chain,
            none => none.insert(begun(n_features, description)?),
        };
        part.append(&layer.config.name, chain).map_err(place)?;
    }
    match chain {
        Some(chain) => named(chain, n_features, description),
        None => Err(Error::Model("the model has no dense layers".into())),
    }
}

fn begun(n_features: usize, description: &NetworkDescription) -> Result<Chain> {
    let mut chain = Chain::new(n_features);
    if let Some(scaling) = &description.input_scaling {
        chain.standardize("input_scaling", scaling)?;
    }
    Ok(chain)
}

/// A saved model: what it is made of, and its weights.
struct Saved {
    config: String,
    weights: File,
    /// Whether the weights are numbered, as in archives, not named.
    is_archive: bool,
}

fn broken(reason: impl std::fmt::Display) -> Error {
    Error::Format(format!("not a model that Keras saved: {reason}"))
}

/// The ways that Keras itself has for every model.
fn refused(reason: impl std::fmt::Display) -> Error {
    Error::Model(format!(
        "{reason}; from Keras's own files only sequences of dense layers are read: write the model \
         as ONNX, model.export(\"model.onnx\", format=\"onnx\")"
    ))
}

#[derive(Deserialize)]
struct Model {
    class_name: String,
    config: ModelConfig,
}

#[derive(Deserialize)]
struct ModelConfig {
    #[serde(default)]
    layers: Vec<Layer>,
}

#[derive(Deserialize)]
struct Layer {
    class_name: String,
    config: LayerConfig,
    /// In a functional model, which layers it is called on.
    #[serde(default)]
    inbound_nodes: Value,
}

impl ModelConfig {
    /// Refuses functional models whose layers aren't called one after the other.
    fn check_sequence(&self) -> Result<()> {
        let mut before: Option<&str> = None;
        for layer in &self.layers {
            let sources = called_on(&layer.inbound_nodes);
            if sources != Vec::from_iter(before) {
                let name = &layer.config.name;
                return Err(refused(match sources.as_slice() {
                    [] => format!("the layer \"{name}\" is another input"),
                    names => format!("the layer \"{name}\" takes {}", names.join(", ")),
                }));
            }
            before = Some(&layer.config.name);
        }
        Ok(())
    }
}

/// The names in lists such as `["dense", 0, 0]`, by which Keras says whose output a layer takes.
fn called_on(nodes: &Value) -> Vec<&str> {
    match nodes {
        Value::Array(parts) => match parts.as_slice() {
            [Value::String(name), Value::Number(_), Value::Number(_), ..] => vec![name],
            parts => parts.iter().flat_map(called_on).collect(),
        },
        Value::Object(fields) => fields.values().flat_map(called_on).collect(),
        _ => Vec::new(),
    }
}

#[derive(Deserialize, Default)]
struct LayerConfig {
    #[serde(default)]
    name: String,
    /// The number of neurons of a dense layer.
    #[serde(default)]
    units: usize,
    /// A name, or the description of a function.
    #[serde(default)]
    activation: Value,
    #[serde(default)]
    epsilon: Option<f64>,
    #[serde(default)]
    mean: Value,
    #[serde(default)]
    variance: Value,
}

impl Saved {
    fn read(bytes: Vec<u8>) -> Result<Self> {
        let Ok(mut archive) = Archive::open(&bytes) else {
            let weights = File::from_bytes(bytes).map_err(broken)?;
            let attributes = weights.root().attrs().map_err(broken)?;
            let config = match attributes.get("model_config") {
                Some(
                    AttrValue::String(text)
                    | AttrValue::AsciiString(text)
                    | AttrValue::VarLenString(text)
                    | AttrValue::VarLenAsciiString(text),
                ) => text.clone(),
                _ => {
                    return Err(broken(
                        "it holds weights, but not the model: use model.save(...)",
                    ));
                }
            };
            return Ok(Self {
                config,
                weights,
                is_archive: false,
            });
        };
        Ok(Self {
            config: String::from_utf8(archive.read("config.json")?).map_err(broken)?,
            weights: File::from_bytes(archive.read("model.weights.h5")?).map_err(broken)?,
            is_archive: true,
        })
    }

    /// The layers and the groups of their weights.
    fn layers(&self) -> Result<Vec<(Layer, String)>> {
        let model: Model = serde_json::from_str(&self.config).map_err(broken)?;
        match model.class_name.as_str() {
            "Sequential" => {}
            "Functional" | "Model" => model.config.check_sequence()?,
            other => return Err(refused(format!("the model is a {other}"))),
        }
        let mut counts: HashMap<String, usize> = HashMap::new();
        let layers = model.config.layers.into_iter().map(|layer| {
            // Archives name the layers of one class by its name, and number them.
            let count = counts.entry(layer.class_name.clone()).or_default();
            let name = snake_case(&layer.class_name);
            let path = match (self.is_archive, *count) {
                (false, _) => format!("model_weights/{}", layer.config.name),
                (true, 0) => format!("layers/{name}/vars"),
                (true, n) => format!("layers/{name}_{n}/vars"),
            };
            *count += 1;
            (layer, path)
        });
        Ok(layers.collect())
    }

    /// A layer's weights, by their number in the layer or by their name.
    fn weights(&self, path: &str, number: usize, name: &str) -> Result<Option<Vec<f64>>> {
        let Ok(group) = self.weights.group(path) else {
            return Ok(None);
        };
        if self.is_archive {
            let Ok(dataset) = group.dataset(&number.to_string()) else {
                return Ok(None);
            };
            return dataset.read_f64().map(Some).map_err(broken);
        }
        named_weights(&group, name, MAX_DEPTH)
    }
}

/// The depth at which weights lie below the group of their layer, which Keras fills with the names of
/// models within models.
const MAX_DEPTH: usize = 8;

fn named_weights(group: &Group, name: &str, depth: usize) -> Result<Option<Vec<f64>>> {
    for found in group.datasets().map_err(broken)? {
        // Older files number the name, such as kernel:0.
        if found.split(':').next() == Some(name) {
            let dataset = group.dataset(&found).map_err(broken)?;
            return dataset.read_f64().map(Some).map_err(broken);
        }
    }
    if depth == 0 {
        return Ok(None);
    }
    for inner in group.groups().map_err(broken)? {
        let inner = group.group(&inner).map_err(broken)?;
        if let Some(found) = named_weights(&inner, name, depth - 1)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    let mut before = 'A';
    for c in name.chars() {
        if c.is_ascii_uppercase() && !before.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
        before = c;
    }
    snake
}

/// What one layer does.
enum Part {
    Linear {
        weights: Vec<f64>,
        biases: Vec<f64>,
        activation: Activation,
    },
    Scale(Vec<(f64, f64)>),
    Activation(Activation),
    Nothing,
}

impl Part {
    fn read(layer: &Layer, saved: &Saved, path: &str) -> Result<Self> {
        let config = &layer.config;
        let missing = |name: &str| broken(format!("it holds no weights \"{name}\""));
        let weights = |number: usize, name: &str| saved.weights(path, number, name);
        Ok(match layer.class_name.as_str() {
            "Dense" => {
                let kernel = weights(0, "kernel")?.ok_or_else(|| missing("kernel"))?;
                Self::Linear {
                    biases: weights(1, "bias")?.unwrap_or_else(|| vec![0.0; config.units]),
                    weights: kernel,
                    activation: activation(&config.activation)?,
                }
            }
            "BatchNormalization" => {
                let names = ["gamma", "beta", "moving_mean", "moving_variance"];
                let mut parts = Vec::new();
                for (number, name) in names.into_iter().enumerate() {
                    parts.push(weights(number, name)?.ok_or_else(|| missing(name))?);
                }
                let parts: [Vec<f64>; 4] = parts.try_into().map_err(|_| missing("gamma"))?;
                let epsilon = config.epsilon.unwrap_or(1e-3);
                Self::Scale(batch_norm(&config.name, &parts, epsilon)?)
            }
            "Normalization" => {
                let numbers = |number: usize, name: &str, told: &Value| -> Result<Vec<f64>> {
                    match weights(number, name)? {
                        Some(found) => Ok(found),
                        None => Ok(numbers(told)),
                    }
                };
                let means = numbers(0, "mean", &config.mean)?;
                let variances = numbers(1, "variance", &config.variance)?;
                if means.is_empty() || means.len() != variances.len() {
                    return Err(missing("mean"));
                }
                let pairs = means.iter().zip(&variances).map(|(mean, variance)| {
                    let deviation = variance.sqrt().max(NORMALIZATION_EPSILON);
                    (1.0 / deviation, -mean / deviation)
                });
                Self::Scale(pairs.collect())
            }
            "Activation" => Self::Activation(activation(&config.activation)?),
            "ReLU" => Self::Activation(Activation::Relu),
            "Softmax" => Self::Activation(Activation::Softmax),
            "Dropout" | "GaussianDropout" | "GaussianNoise" | "InputLayer" => Self::Nothing,
            other => return Err(refused(format!("the layer is a {other}"))),
        })
    }

    fn n_inputs(&self) -> Option<usize> {
        match self {
            Self::Linear {
                weights, biases, ..
            } => Some(weights.len() / biases.len().max(1)),
            Self::Scale(pairs) => Some(pairs.len()),
            _ => None,
        }
    }

    fn append(self, name: &str, chain: &mut Chain) -> Result<()> {
        match self {
            Self::Linear {
                weights,
                biases,
                activation,
            } => {
                chain.linear(name, weights, biases)?;
                chain.activation(name, activation)
            }
            Self::Scale(pairs) => {
                chain.check_width("it", pairs.len())?;
                chain.scale(&pairs);
                Ok(())
            }
            Self::Activation(activation) => chain.activation(name, activation),
            Self::Nothing => Ok(()),
        }
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(values) => values.iter().flat_map(numbers).collect(),
        value => value.as_f64().into_iter().collect(),
    }
}

fn activation(value: &Value) -> Result<Activation> {
    let name = match value {
        Value::Null => "linear",
        Value::String(name) => match name.as_str() {
            "swish" => "silu",
            "exponential" => "exp",
            name => name,
        },
        _ => "",
    };
    Activation::named(name).map_err(|_| refused(format!("its activation is {value}")))
}
