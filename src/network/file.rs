//! Networks on disk, as safetensors.

use super::{Activation, Dense, Network};
use crate::dataset::Task;
use crate::error::{Error, Result};
use crate::files::write_atomically;
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::path::Path;

/// The key of the description in the file's metadata.
pub(super) const KEY: &str = "closedform";
const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Description {
    format: u32,
    feature_names: Vec<String>,
    task: Task,
    activations: Vec<Activation>,
}

impl Network {
    /// Writes the network as a safetensors file. Each layer has `layers.N.weights`
    /// `(n_inputs, n_outputs)` and `layers.N.biases` `(n_outputs,)` as `f64`; names, task and
    /// activations are in the file's metadata.
    ///
    /// The file is written under another name first and then renamed, so that no half-written file
    /// is ever left under `path`.
    ///
    /// # Errors
    /// A folder that can't be written to.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let bytes: Vec<(String, Vec<usize>, Vec<u8>)> = self
            .layers
            .iter()
            .enumerate()
            .flat_map(|(index, layer)| {
                let shape = vec![layer.n_inputs(), layer.n_outputs()];
                [
                    (
                        format!("layers.{index}.weights"),
                        shape,
                        to_bytes(&layer.weights),
                    ),
                    (
                        format!("layers.{index}.biases"),
                        vec![layer.n_outputs()],
                        to_bytes(&layer.biases),
                    ),
                ]
            })
            .collect();
        let views = bytes.iter().map(|(name, shape, data)| {
            TensorView::new(Dtype::F64, shape.clone(), data).map(|view| (name.as_str(), view))
        });
        let refuse = |reason: &dyn std::fmt::Display| Error::content(path, reason.to_string());
        let views = views
            .collect::<std::result::Result<Vec<_>, _>>()
            .map_err(|e| refuse(&e))?;
        let description = Description {
            format: FORMAT,
            feature_names: self.feature_names.clone(),
            task: self.task,
            activations: self.layers.iter().map(|layer| layer.activation).collect(),
        };
        let text = serde_json::to_string(&description).map_err(|e| refuse(&e))?;
        let metadata = HashMap::from([(KEY.to_string(), text)]);
        let file = safetensors::serialize(views, Some(metadata)).map_err(|e| refuse(&e))?;
        write_atomically(path, &file)
    }

    /// Reads a network that [`save`](Self::save) wrote.
    ///
    /// # Errors
    /// A file that is missing, not safetensors, without this library's description, or whose
    /// tensors are missing, of the wrong shape or not finite; the tensor is named.
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|source| Error::file(path, source))?;
        parse(&bytes).map_err(|reason| Error::content(path, reason))
    }
}

fn parse(bytes: &[u8]) -> std::result::Result<Network, String> {
    let no_model = |error: &dyn std::fmt::Display| format!("not a saved network: {error}");
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|e| no_model(&e))?;
    let text = header
        .metadata()
        .as_ref()
        .and_then(|metadata| metadata.get(KEY))
        .ok_or_else(|| no_model(&format!("the metadata has no entry \"{KEY}\"")))?;
    let description: Description = serde_json::from_str(text).map_err(|e| no_model(&e))?;
    if description.format != FORMAT {
        return Err(format!(
            "format {} is unknown; this version reads format {FORMAT}",
            description.format
        ));
    }
    if description.feature_names.is_empty() {
        return Err("the network has no features, but must have at least 1".to_string());
    }
    let tensors = SafeTensors::deserialize(bytes).map_err(|e| no_model(&e))?;
    let mut layers = Vec::new();
    let mut n_inputs = description.feature_names.len();
    for (index, &activation) in description.activations.iter().enumerate() {
        let (biases, shape) = read_tensor(&tensors, &format!("layers.{index}.biases"))?;
        let n_outputs = biases.len();
        check_shape(
            &format!("layers.{index}.biases"),
            &shape,
            &[n_outputs.max(1)],
        )?;
        let (weights, shape) = read_tensor(&tensors, &format!("layers.{index}.weights"))?;
        check_shape(
            &format!("layers.{index}.weights"),
            &shape,
            &[n_inputs, n_outputs],
        )?;
        layers.push(Dense {
            activation,
            weights,
            biases,
        });
        n_inputs = n_outputs;
    }
    if layers.is_empty() {
        return Err("the network has no layers, and so no outputs; at least 1 is needed".into());
    }
    if n_inputs != 1 && description.task == Task::Regression {
        return Err(format!(
            "the last layer has {n_inputs} outputs, but must have 1 for regression"
        ));
    }
    Ok(Network {
        feature_names: description.feature_names,
        task: description.task,
        layers,
    })
}

fn read_tensor(
    tensors: &SafeTensors,
    name: &str,
) -> std::result::Result<(Vec<f64>, Vec<usize>), String> {
    let view = tensors
        .tensor(name)
        .map_err(|error| format!("tensor \"{name}\": {error}"))?;
    if view.dtype() != Dtype::F64 {
        return Err(format!(
            "tensor \"{name}\" holds {:?}, but must hold F64",
            view.dtype()
        ));
    }
    let values: Vec<f64> = view
        .data()
        .as_chunks::<8>()
        .0
        .iter()
        .map(|bytes| f64::from_le_bytes(*bytes))
        .collect();
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(format!(
            "tensor \"{name}\" holds {} at index {index}",
            values[index]
        )),
        None => Ok((values, view.shape().to_vec())),
    }
}

fn check_shape(name: &str, shape: &[usize], expected: &[usize]) -> std::result::Result<(), String> {
    if shape == expected {
        Ok(())
    } else {
        Err(format!(
            "tensor \"{name}\" has shape {shape:?}, but must have {expected:?}"
        ))
    }
}

fn to_bytes(values: &[f64]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}
