//! The constants of an ONNX graph, which don't depend on its input.

use super::messages::{Graph, Node, Tensor};
use crate::error::{Error, Result};
use crate::network::import::weights::{to_numbers, transposed};
use std::collections::HashMap;
use std::path::{Component, Path};
use tch::Kind;

/// Numbers and their shape.
#[derive(Clone)]
pub struct Constant {
    pub shape: Vec<usize>,
    pub values: Vec<f64>,
}

/// The constants of a graph by name. They are read on demand.
pub struct Constants<'a> {
    /// The folder of the model, where separate files may hold its numbers.
    folder: &'a Path,
    tensors: HashMap<&'a str, &'a Tensor>,
    /// Nodes that are applied to constants only.
    nodes: HashMap<&'a str, &'a Node>,
}

impl<'a> Constants<'a> {
    pub fn new(graph: &'a Graph, folder: &'a Path) -> Self {
        let initializers = graph.initializers.iter();
        let mut tensors: HashMap<_, _> = initializers
            .map(|tensor| (tensor.name.as_str(), tensor))
            .collect();
        let mut nodes = HashMap::new();
        // Nodes come after those that they depend on.
        for node in &graph.nodes {
            let Some(output) = node.outputs.first() else {
                continue;
            };
            let tensor = node
                .attribute("value")
                .and_then(|value| value.tensor.as_ref());
            match (node.op_type.as_str(), tensor, node.inputs.as_slice()) {
                ("Constant", Some(tensor), _) => {
                    tensors.insert(output, tensor);
                }
                ("Cast" | "Identity" | "Transpose", _, [input])
                    if tensors.contains_key(input.as_str())
                        || nodes.contains_key(input.as_str()) =>
                {
                    nodes.insert(output.as_str(), node);
                }
                _ => {}
            }
        }
        Self {
            folder,
            tensors,
            nodes,
        }
    }

    pub fn contains(&self, name: &str) -> bool {
        self.tensors.contains_key(name) || self.nodes.contains_key(name)
    }

    pub fn get(&self, name: &str) -> Result<Constant> {
        if let Some(tensor) = self.tensors.get(name) {
            return self
                .read(tensor)
                .map_err(|error| error.at(format!("tensor \"{name}\"")));
        }
        let Some(node) = self.nodes.get(name) else {
            return Err(Error::Format(format!("there is no constant \"{name}\"")));
        };
        let constant = self.get(&node.inputs[0])?;
        match (node.op_type.as_str(), constant.shape.as_slice()) {
            ("Transpose", &[n_rows, n_columns]) => Ok(Constant {
                shape: vec![n_columns, n_rows],
                values: transposed(&constant.values, n_columns),
            }),
            _ => Ok(constant),
        }
    }

    fn read(&self, tensor: &Tensor) -> Result<Constant> {
        let kind = match tensor.data_type {
            1 => Kind::Float,
            10 => Kind::Half,
            11 => Kind::Double,
            16 => Kind::BFloat16,
            other => {
                return Err(Error::Format(format!(
                    "its numbers are of ONNX type {other}, but must be FLOAT, DOUBLE, FLOAT16 or \
                     BFLOAT16 (1, 11, 10 or 16)"
                )));
            }
        };
        let beside;
        let bytes = match (tensor.is_beside, tensor.data_type) {
            (true, _) => {
                beside = self.read_beside(tensor)?;
                &beside
            }
            (false, _) if !tensor.raw.is_empty() => &tensor.raw,
            (false, 11) => &tensor.doubles,
            _ => &tensor.floats,
        };
        let values = to_numbers(bytes, kind)?;
        let dims = tensor.dims.iter();
        let shape: Vec<usize> = dims.map(|dim| usize::try_from(*dim).unwrap_or(0)).collect();
        if values.len() == shape.iter().product::<usize>() {
            Ok(Constant { shape, values })
        } else {
            Err(Error::Format(format!(
                "it holds {} numbers, but its shape is {shape:?}",
                values.len()
            )))
        }
    }

    /// Reads numbers from a file next to the model: the tensor gives its name, the offset and the
    /// number of bytes.
    fn read_beside(&self, tensor: &Tensor) -> Result<Vec<u8>> {
        let entry = |key: &str| tensor.place.iter().find(|entry| entry.0 == key);
        let number = |key: &str| entry(key).and_then(|entry| entry.1.parse::<usize>().ok());
        let name = entry("location").map_or("", |entry| entry.1.as_str());
        // A model must not make us read files elsewhere.
        let is_beside = |part: Component| matches!(part, Component::Normal(_) | Component::CurDir);
        if name.is_empty() || !Path::new(name).components().all(is_beside) {
            return Err(Error::Format(format!(
                "its numbers are in \"{name}\", but must be in a file next to the model"
            )));
        }
        let path = self.folder.join(name);
        let bytes = std::fs::read(&path).map_err(|source| Error::file(&path, source))?;
        let start = number("offset").unwrap_or(0);
        let end = number("length").map_or(Some(bytes.len()), |length| start.checked_add(length));
        let part = end.and_then(|end| bytes.get(start..end));
        part.map(<[u8]>::to_vec).ok_or_else(|| {
            Error::content(
                path,
                format!("ends before the numbers of \"{}\"", tensor.name),
            )
        })
    }
}
