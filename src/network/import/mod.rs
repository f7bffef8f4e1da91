//! Networks that other programs trained, read from their files.

mod chain;
mod description;
mod names;
mod onnx;
mod options;
mod state_dict;
mod weights;

pub use description::{DescribedLayer, NetworkDescription, Standardization};
pub use options::ImportOptions;

use super::{Network, ScriptedNetwork};
use crate::dataset::{Task, numbered_names};
use crate::error::{Error, Result};
use crate::model::DenseNetwork;
use crate::model::Model;
use chain::Chain;
use names::{Names, settle_task};
use options::{check_names, check_task};
use safetensors::SafeTensors;
use std::path::Path;

/// A network that another program trained.
#[derive(Debug, Clone, PartialEq)]
pub enum ImportedNetwork {
    /// A network of dense layers, as plain numbers.
    Dense(Network),
    /// A TorchScript module, which libtorch runs.
    Scripted(ScriptedNetwork),
}

/// A network with the names of its layers and outputs in its file.
struct Named {
    network: Network,
    names: Names,
}

impl ImportedNetwork {
    /// Opens a network; the ending of the file gives its format: `safetensors` (saved by this
    /// library, or a state dict with a description), `json` (weights as [`DenseNetwork::from_file`]
    /// reads them), `onnx` (dense layers only), `pt` or `pth` (TorchScript).
    ///
    /// ```no_run
    /// use closedform::{ImportedNetwork, Model};
    /// use closedform::network::ImportOptions;
    ///
    /// let options = ImportOptions {
    ///     output: Some("2 vs 0".to_string()),
    ///     ..Default::default()
    /// };
    /// let margin = ImportedNetwork::open("iris.onnx", &options)?;
    /// let gradients = margin.gradients(&[5.1, 3.5, 1.4, 0.2])?;
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// A file with another ending or content, options that contradict the file, an output that it
    /// doesn't have, several outputs without a choice, a layer or operator that can't be read or
    /// differentiated, and recurrent networks. The message names what is refused.
    pub fn open(path: impl AsRef<Path>, options: &ImportOptions) -> Result<Self> {
        let path = path.as_ref();
        let description = options.describe()?;
        let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
        let ending = ending.as_ref().and_then(|ending| ending.to_str());
        let bytes = std::fs::read(path).map_err(|source| Error::file(path, source))?;
        let output = options.output.as_deref();
        let opened = match ending {
            Some("pt" | "pth") => {
                ScriptedNetwork::parse(bytes, &description, output).map(Self::Scripted)
            }
            Some("safetensors") if is_saved(&bytes) => {
                saved(path, &description).and_then(|read| read.choose(output))
            }
            Some("safetensors") => {
                state_dict::read(&bytes, &description).and_then(|read| read.choose(output))
            }
            Some("json") => from_json(&bytes, &description).and_then(|read| read.choose(output)),
            Some("onnx") => {
                let folder = path.parent().unwrap_or(Path::new(""));
                onnx::read(folder, &bytes, &description, output)
                    .and_then(|(read, output)| read.choose(output))
            }
            _ => Err(Error::Format(
                "the ending must be safetensors, json, onnx or pt (TorchScript)".into(),
            )),
        };
        opened.map_err(|error| error.in_file(path))
    }
}

impl Model for ImportedNetwork {
    fn feature_names(&self) -> &[String] {
        match self {
            Self::Dense(network) => network.feature_names(),
            Self::Scripted(network) => network.feature_names(),
        }
    }

    fn task(&self) -> Task {
        match self {
            Self::Dense(network) => network.task(),
            Self::Scripted(network) => network.task(),
        }
    }

    fn latent(&self, points: &[f64]) -> Result<Vec<f64>> {
        match self {
            Self::Dense(network) => network.latent(points),
            Self::Scripted(network) => network.latent(points),
        }
    }

    fn gradients(&self, points: &[f64]) -> Result<Vec<f64>> {
        match self {
            Self::Dense(network) => network.gradients(points),
            Self::Scripted(network) => network.gradients(points),
        }
    }
}

impl Named {
    /// The quantity that is asked for.
    fn choose(self, output: Option<&str>) -> Result<ImportedNetwork> {
        let network = match (output, self.network.task(), self.network.n_outputs()) {
            (Some(name), ..) => self.network.choose(name, &self.names)?,
            // Only the difference of two logits matters.
            (None, Task::Classification, 2) => self.network.margin(1, 0)?,
            (None, _, 1) => self.network,
            (None, _, n) => {
                return Err(Error::Model(format!(
                    "the network has {n} outputs: choose {}",
                    self.network.list(&self.names)
                )));
            }
        };
        Ok(ImportedNetwork::Dense(network))
    }
}

impl Names {
    fn from_layers(network: &Network, layers: Vec<String>) -> Self {
        Self {
            layers,
            ..Self::numbered(network)
        }
    }
}

/// A network of the chain's layers, with the outputs' names and the task from the description.
fn named(mut chain: Chain, n_features: usize, description: &NetworkDescription) -> Result<Named> {
    if let Some(scaling) = &description.output_scaling {
        chain.restore("output_scaling", scaling)?;
    }
    let (layers, layer_names) = chain.finish()?;
    let feature_names = if description.inputs.is_empty() {
        numbered_names(n_features)
    } else {
        description.inputs.clone()
    };
    let mut network = Network {
        feature_names,
        task: Task::Regression,
        layers,
    };
    settle_task(&mut network, description.task)?;
    let names = Names::from_layers(&network, layer_names);
    let names = names.with_outputs(&network, &description.outputs)?;
    Ok(Named { network, names })
}

/// Whether this library wrote a safetensors file.
fn is_saved(bytes: &[u8]) -> bool {
    let header = SafeTensors::read_metadata(bytes);
    let metadata = header
        .as_ref()
        .ok()
        .and_then(|(_, header)| header.metadata().as_ref());
    metadata.is_some_and(|metadata| metadata.contains_key(super::file::KEY))
}

fn saved(path: &Path, description: &NetworkDescription) -> Result<Named> {
    let network = Network::load(path)?;
    check_names(
        network.feature_names(),
        if description.inputs.is_empty() {
            network.feature_names()
        } else {
            &description.inputs
        },
    )?;
    if let Some(task) = description.task {
        check_task(network.task(), task)?;
    }
    let only_names = NetworkDescription {
        inputs: description.inputs.clone(),
        task: description.task,
        outputs: description.outputs.clone(),
        ..Default::default()
    };
    if *description != only_names {
        return Err(Error::Options(
            "closedform saved this network with its layers, activations and scaling: leave \
             them out of the description"
                .into(),
        ));
    }
    let names = Names::numbered(&network).with_outputs(&network, &description.outputs)?;
    Ok(Named { network, names })
}

fn from_json(bytes: &[u8], description: &NetworkDescription) -> Result<Named> {
    description.check_no_layers()?;
    let text = std::str::from_utf8(bytes).map_err(|error| Error::Format(error.to_string()))?;
    let dense = DenseNetwork::from_json(text)?;
    let n_features = match description.inputs.len() {
        0 => dense.n_inputs(),
        n => n,
    };
    let mut chain = Chain::new(n_features);
    if let Some(scaling) = &description.input_scaling {
        chain.standardize("input_scaling", scaling)?;
    }
    for (index, layer) in dense.layers().iter().enumerate() {
        let name = format!("layers.{index}");
        chain.linear(&name, layer.weights().to_vec(), layer.biases().to_vec())?;
        chain.activation(&name, layer.activation())?;
    }
    named(chain, n_features, description)
}
