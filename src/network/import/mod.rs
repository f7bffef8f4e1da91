//! Networks that other programs trained, read from their files.

mod chain;
mod classes;
mod dense_graph;
mod description;
#[cfg(feature = "keras")]
mod keras;
mod names;
mod onnx;
mod options;
mod pickle;
mod smoothing;
mod state_dict;
mod tensors;
mod weights;

pub use classes::OpenedClasses;
pub use description::{DescribedLayer, NetworkDescription, Standardization};
pub use options::ImportOptions;
pub use smoothing::Opened;

use super::executed::holds_code;
use super::{ExecutedNetwork, Network};
use crate::dataset::{Task, numbered_names};
use crate::error::{Error, Result};
use crate::model::DenseNetwork;
use crate::model::Model;
use chain::Chain;
use names::{Names, settle_task};
use options::{check_names, check_task};
use safetensors::SafeTensors;
use std::path::Path;
use tensors::{from_numpy, from_safetensors, from_torch};

/// A network that another program trained.
#[derive(Debug, Clone, PartialEq)]
pub enum ImportedNetwork {
    /// A network of dense layers, as plain numbers.
    Dense(Network),
    /// A network of any operators, which libtorch executes.
    Executed(ExecutedNetwork),
}

/// A network with the names of its layers and outputs in its file.
struct Named {
    network: Network,
    names: Names,
}

impl ImportedNetwork {
    /// Opens a network; the ending of the file gives its format:
    ///
    /// | ending | content |
    /// |---|---|
    /// | `onnx` | any network, pipeline or ensemble whose operators are supported |
    /// | `pt`, `pth` | TorchScript, or a state dict with a description; no code in it is run |
    /// | `safetensors` | what this library saved, or a state dict with a description |
    /// | `npz` | a state dict's arrays that numpy saved, with a description |
    /// | `keras`, `h5` | a sequence of dense layers that Keras saved, with the feature `keras` |
    /// | `json` | weights as [`DenseNetwork::from_file`] reads them |
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
    /// differentiated, and a network whose output for a row depends on other rows. The message names
    /// what is refused, and where there is one a way out.
    pub fn open(path: impl AsRef<Path>, options: &ImportOptions) -> Result<Self> {
        let path = path.as_ref();
        let network = Self::open_any(path, options)?;
        match network.without_gradient() {
            None => Ok(network),
            Some(reason) => Err(Error::Model(reason.to_string()).in_file(path)),
        }
    }

    /// Opens a network also if it has no gradients.
    fn open_any(path: &Path, options: &ImportOptions) -> Result<Self> {
        let description = options.describe()?;
        let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
        let ending = ending.as_ref().and_then(|ending| ending.to_str());
        let bytes = std::fs::read(path).map_err(|source| Error::file(path, source))?;
        let output = options.output.as_deref();
        let opened = match ending {
            Some("pt" | "pth") if holds_code(&bytes) && options.no_code => Err(Error::Options(
                "is TorchScript, whose code would be run, but no code may be run here; write the \
                 model as ONNX, torch.onnx.export(model, x, f=\"model.onnx\"), or save its state \
                 dict, torch.save(model.state_dict(), \"weights.pt\")"
                    .into(),
            )),
            Some("pt" | "pth") if holds_code(&bytes) => {
                ExecutedNetwork::of_script(bytes, &description, output).map(Self::Executed)
            }
            Some("pt" | "pth") => from_torch(&bytes)
                .and_then(|tensors| state_dict::read(&tensors, &description))
                .and_then(|read| read.choose(output)),
            Some("safetensors") if is_saved(&bytes) => {
                saved(path, &description).and_then(|read| read.choose(output))
            }
            Some("safetensors") => from_safetensors(&bytes)
                .and_then(|tensors| state_dict::read(&tensors, &description))
                .and_then(|read| read.choose(output)),
            Some("npz") => from_numpy(path, &bytes)
                .and_then(|tensors| state_dict::read(&tensors, &description))
                .and_then(|read| read.choose(output)),
            Some("json") => from_json(&bytes, &description).and_then(|read| read.choose(output)),
            Some("onnx") => {
                let folder = path.parent().unwrap_or(Path::new(""));
                onnx::read(folder, &bytes, &description, output)
            }
            #[cfg(feature = "keras")]
            Some("keras" | "h5" | "hdf5") => {
                keras::read(bytes, &description).and_then(|read| read.choose(output))
            }
            other => Err(Error::Format(way_out(other).to_string())),
        };
        opened.map_err(|error| error.in_file(path))
    }

    /// Why its gradients don't say how its values change, if they don't.
    fn without_gradient(&self) -> Option<&str> {
        match self {
            Self::Dense(_) => None,
            Self::Executed(network) => network.without_gradient(),
        }
    }
}

/// How the programs that write files of other endings write one that is read.
fn way_out(ending: Option<&str>) -> &'static str {
    match ending {
        Some("pt2") => {
            "torch.export's archives aren't read; in Python, write the same program as ONNX, \
             torch.onnx.export(torch.export.load(\"model.pt2\"), f=\"model.onnx\")"
        }
        Some("pkl" | "pickle" | "joblib") => {
            "pickled models aren't read, for to load one is to run its code; in Python, write it as \
             ONNX, open(\"model.onnx\", \"wb\").write(skl2onnx.to_onnx(model, X[:1])\
             .SerializeToString())"
        }
        Some("keras" | "h5" | "hdf5" | "pb" | "tflite") => {
            "TensorFlow's own files aren't read, and Keras's only with the feature \"keras\", which the \
             command line has; in Python, write the model as ONNX, model.export(\"model.onnx\", \
             format=\"onnx\")"
        }
        Some("npy") => {
            "a single array is no network; in Python, write the arrays of all layers with \
             numpy.savez(\"weights.npz\", **{\"fc1.weight\": w1, \"fc1.bias\": b1, ...})"
        }
        _ => "the ending must be onnx, safetensors, pt or pth (PyTorch), npz (numpy), or json",
    }
}

impl Model for ImportedNetwork {
    fn feature_names(&self) -> &[String] {
        match self {
            Self::Dense(network) => network.feature_names(),
            Self::Executed(network) => network.feature_names(),
        }
    }

    fn task(&self) -> Task {
        match self {
            Self::Dense(network) => network.task(),
            Self::Executed(network) => network.task(),
        }
    }

    fn latent(&self, points: &[f64]) -> Result<Vec<f64>> {
        match self {
            Self::Dense(network) => network.latent(points),
            Self::Executed(network) => network.latent(points),
        }
    }

    fn gradients(&self, points: &[f64]) -> Result<Vec<f64>> {
        match self {
            Self::Dense(network) => network.gradients(points),
            Self::Executed(network) => network.gradients(points),
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

    /// A linear combination of the last layer's values: coefficients and numbers of the values.
    fn combined(self, terms: &[(f64, usize)]) -> Result<ImportedNetwork> {
        let network = self
            .network
            .combined(self.network.layers.len() - 1, terms)?;
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
