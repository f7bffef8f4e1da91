//! State dicts: named tensors, with a description of how they are used.

use super::chain::Chain;
use super::description::{DescribedLayer, NetworkDescription};
use super::tensors::{Tensors, from_safetensors};
use super::weights::transposed;
use super::{Named, named};
use crate::error::{Error, Result};
use crate::network::Network;
use std::collections::BTreeSet;
use std::path::Path;

impl Network {
    /// Reads a network whose state dict Python wrote as safetensors with
    /// `safetensors.torch.save_file(model.state_dict(), "model.safetensors")`.
    ///
    /// Batch norms and scaling become part of the linear layers, in double precision. A
    /// classifier's final sigmoid or softmax is removed, because it isn't part of the latent model.
    ///
    /// ```no_run
    /// use closedform::{Activation, Network, Task};
    /// use closedform::network::NetworkDescription;
    ///
    /// let description = NetworkDescription {
    ///     inputs: vec!["mass".to_string(), "speed".to_string()],
    ///     task: Some(Task::Regression),
    ///     activation: Some(Activation::Tanh),
    ///     ..Default::default()
    /// };
    /// let network = Network::from_state_dict("model.safetensors", &description)?;
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// A file that is missing or isn't safetensors; a layer whose tensors are missing, of the wrong
    /// shape or not finite; tensors that no layer uses; or numbers of inputs or outputs that differ
    /// from the description.
    pub fn from_state_dict(
        path: impl AsRef<Path>,
        description: &NetworkDescription,
    ) -> Result<Self> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|source| Error::file(path, source))?;
        let read = from_safetensors(&bytes).and_then(|tensors| read(&tensors, description));
        Ok(read.map_err(|error| error.in_file(path))?.network)
    }
}

pub(super) fn read(tensors: &Tensors, description: &NetworkDescription) -> Result<Named> {
    let mut entries = Entries {
        tensors,
        used: BTreeSet::new(),
    };
    let layers = if description.layers.is_empty() {
        entries.infer_layers(description)?
    } else {
        description.layers.clone()
    };
    let n_features = match description.inputs.len() {
        0 => entries.n_inputs(&layers)?,
        n => n,
    };
    let mut chain = Chain::new(n_features);
    if let Some(scaling) = &description.input_scaling {
        chain.standardize("input_scaling", scaling)?;
    }
    for layer in &layers {
        match layer {
            DescribedLayer::Linear(name) => {
                let (weights, biases) = entries.linear(name)?;
                chain.linear(name, weights, biases)?;
            }
            DescribedLayer::Activation(activation) => {
                chain.activation(&activation.to_string(), *activation)?;
            }
            DescribedLayer::BatchNorm { name, eps } => {
                let pairs = entries.batch_norm(name, *eps)?;
                chain.check_width(&format!("batch norm \"{name}\""), pairs.len())?;
                chain.scale(&pairs);
            }
            DescribedLayer::Dropout(_) => {}
        }
    }
    entries.check_all_used()?;
    named(chain, n_features, description)
}

/// The file's tensors, and which of them have been used.
struct Entries<'a> {
    tensors: &'a Tensors,
    used: BTreeSet<String>,
}

impl Entries<'_> {
    fn tensor(&mut self, name: &str) -> Result<(Vec<f64>, Vec<usize>)> {
        let key = self.key(name).ok_or_else(|| {
            Error::Format(format!(
                "there is no tensor \"{name}\", only {}",
                self.list()
            ))
        })?;
        let tensor = match &self.tensors[&key] {
            Ok(tensor) => (tensor.values.clone(), tensor.shape.clone()),
            Err(reason) => {
                return Err(Error::Format(format!("tensor \"{key}\" {reason}")));
            }
        };
        self.used.insert(key);
        Ok(tensor)
    }

    /// A tensor's name in the file, where all names may begin with something that the described one
    /// lacks. Wrappers write `module.fc1.weight` or `_orig_mod.fc1.weight`.
    fn key(&self, name: &str) -> Option<String> {
        if self.tensors.contains_key(name) {
            return Some(name.to_string());
        }
        let first = self.tensors.keys().next()?;
        let is_shared = |prefix: &&str| self.tensors.keys().all(|key| key.starts_with(prefix));
        let ends = first.match_indices('.').map(|(at, _)| &first[..=at]);
        let keys = ends
            .take_while(is_shared)
            .map(|prefix| format!("{prefix}{name}"));
        keys.into_iter().find(|key| self.tensors.contains_key(key))
    }

    fn list(&self) -> String {
        let names: Vec<&str> = self.tensors.keys().map(String::as_str).collect();
        names.join(", ")
    }

    fn vector(&mut self, name: &str) -> Result<Vec<f64>> {
        let (values, shape) = self.tensor(name)?;
        match shape.len() {
            1 => Ok(values),
            _ => Err(Error::Shape(format!(
                "tensor \"{name}\" has shape {shape:?}, but must have one dimension"
            ))),
        }
    }

    /// Weights `(n_inputs, n_outputs)`, the transpose of PyTorch's, and biases.
    fn linear(&mut self, name: &str) -> Result<(Vec<f64>, Vec<f64>)> {
        let key = format!("{name}.weight");
        let (weights, shape) = self.tensor(&key)?;
        let &[n_outputs, n_inputs] = shape.as_slice() else {
            return Err(Error::Shape(format!(
                "tensor \"{key}\" has shape {shape:?}, but a linear layer's is [n_outputs, \
                 n_inputs]"
            )));
        };
        let key = format!("{name}.bias");
        let biases = if self.key(&key).is_some() {
            self.vector(&key)?
        } else {
            vec![0.0; n_outputs]
        };
        if biases.len() != n_outputs {
            return Err(Error::Shape(format!(
                "tensor \"{key}\" has {} values, but \"{name}.weight\" has {n_outputs} rows",
                biases.len()
            )));
        }
        Ok((transposed(&weights, n_inputs), biases))
    }

    /// `(factor, offset)` of each value, from the running statistics.
    fn batch_norm(&mut self, name: &str, eps: f64) -> Result<Vec<(f64, f64)>> {
        let means = self.vector(&format!("{name}.running_mean"))?;
        let variances = self.vector(&format!("{name}.running_var"))?;
        let is_affine = self.key(&format!("{name}.weight")).is_some();
        let (factors, offsets) = if is_affine {
            (
                self.vector(&format!("{name}.weight"))?,
                self.vector(&format!("{name}.bias"))?,
            )
        } else {
            (vec![1.0; means.len()], vec![0.0; means.len()])
        };
        batch_norm(name, &[factors, offsets, means, variances], eps)
    }

    /// Linear layers whose names differ in one number, sorted by it, with the one activation in
    /// between.
    fn infer_layers(&self, description: &NetworkDescription) -> Result<Vec<DescribedLayer>> {
        let refuse = |reason: String| {
            Error::Format(format!(
                "{reason}: describe the layers, from the inputs on, such as {{\"layers\": \
                 [{{\"linear\": \"fc1\"}}, {{\"activation\": \"tanh\"}}, {{\"linear\": \"fc2\"}}]}}; \
                 the file holds {}",
                self.list()
            ))
        };
        let mut names = BTreeSet::new();
        for key in self.tensors.keys() {
            let name = key.strip_suffix(".weight").or(key.strip_suffix(".bias"));
            let name =
                name.ok_or_else(|| refuse(format!("\"{key}\" belongs to no linear layer")))?;
            names.insert(numbered(name).ok_or_else(|| {
                refuse(format!(
                    "the name \"{name}\" has no number that gives its order"
                ))
            })?);
        }
        let around =
            |(before, _, after): &(&str, u64, &str)| (before.to_string(), after.to_string());
        let kinds: BTreeSet<_> = names.iter().map(around).collect();
        if kinds.len() != 1 {
            return Err(refuse("the names must differ in one number only".into()));
        }
        let mut order: Vec<_> = names.into_iter().collect();
        order.sort_by_key(|(_, number, _)| *number);
        let mut layers = Vec::new();
        for (before, number, after) in order {
            if !layers.is_empty() {
                let activation = description.activation.ok_or_else(|| {
                    Error::Options(
                        "the activation between the layers is missing: describe it, such as \
                             {\"activation\": \"tanh\"}"
                            .into(),
                    )
                })?;
                layers.push(DescribedLayer::Activation(activation));
            }
            layers.push(DescribedLayer::Linear(format!("{before}{number}{after}")));
        }
        Ok(layers)
    }

    /// The number of inputs of the first linear layer.
    fn n_inputs(&self, layers: &[DescribedLayer]) -> Result<usize> {
        let first = layers.iter().find_map(|layer| match layer {
            DescribedLayer::Linear(name) => Some(format!("{name}.weight")),
            _ => None,
        });
        let key = first.and_then(|name| self.key(&name));
        let tensor = key.and_then(|key| self.tensors[&key].as_ref().ok());
        match tensor.map(|tensor| tensor.shape.as_slice()) {
            Some(&[_, n_inputs]) => Ok(n_inputs),
            _ => Err(Error::Options(
                "the number of inputs can't be inferred: name the inputs".into(),
            )),
        }
    }

    fn check_all_used(&self) -> Result<()> {
        let counts_only = |name: &str| name.ends_with(".num_batches_tracked");
        let is_left = |name: &&String| !self.used.contains(*name) && !counts_only(name);
        match self.tensors.keys().find(is_left) {
            None => Ok(()),
            Some(name) => Err(Error::Model(format!(
                "no described layer uses the tensor \"{name}\"; without it the network would be \
                 a different one"
            ))),
        }
    }
}

/// `(factor, offset)` of each value, from scales, shifts, running means and variances.
pub(super) fn batch_norm(name: &str, parts: &[Vec<f64>; 4], eps: f64) -> Result<Vec<(f64, f64)>> {
    let [factors, offsets, means, variances] = parts;
    if parts.iter().any(|part| part.len() != means.len()) {
        return Err(Error::Shape(format!(
            "batch norm \"{name}\" has {} weights, {} biases, {} means and {} variances, but must \
             have as many of each",
            factors.len(),
            offsets.len(),
            means.len(),
            variances.len()
        )));
    }
    let values = factors.iter().zip(offsets).zip(means.iter().zip(variances));
    let pairs = values.map(|((factor, offset), (mean, variance))| {
        let factor = factor / (variance + eps).sqrt();
        (factor, offset - factor * mean)
    });
    Ok(pairs.collect())
}

/// A name split at its last number: the text before, the number, and the text after.
fn numbered(name: &str) -> Option<(&str, u64, &str)> {
    let end = name.rfind(|c: char| c.is_ascii_digit())? + 1;
    let start = name[..end].rfind(|c: char| !c.is_ascii_digit());
    let start = start.map_or(0, |at| {
        at + name[at..].chars().next().map_or(1, char::len_utf8)
    });
    Some((&name[..start], name[start..end].parse().ok()?, &name[end..]))
}
