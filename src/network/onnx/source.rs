//! A model file: its tensors by name, and which of them need which.

use super::constant::Constant;
use super::node::{Node, layer_name, place};
use super::operators::find;
use crate::error::{Error, Result};
use crate::onnx_messages::{self as messages, Model};
use prost::Message;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// A model as its file holds it.
pub struct Source {
    /// The program that wrote the file, such as `pytorch`.
    producer: String,
    pub opset: i64,
    graph: messages::Graph,
    /// The folder of the model, where separate files may hold its numbers.
    folder: PathBuf,
}

/// The messages of what some tensors need, in the file's order.
pub struct Needed<'a> {
    pub inputs: Vec<&'a messages::ValueInfo>,
    pub tensors: Vec<&'a messages::Tensor>,
    pub nodes: Vec<&'a messages::Node>,
}

/// The opset of files that don't name one.
const FIRST_OPSET: i64 = 1;

impl Source {
    pub fn read(bytes: &[u8], folder: &Path) -> Result<Self> {
        let broken = |reason: &str| {
            Error::Format(format!("not an ONNX file, or a truncated one ({reason})"))
        };
        let model = Model::decode(bytes).map_err(|error| broken(&error.to_string()))?;
        let own = |domain: &str| matches!(domain, "" | "ai.onnx");
        let opset = model.opset_import.iter().find(|set| own(&set.domain));
        Ok(Self {
            opset: opset.map_or(FIRST_OPSET, |set| set.version),
            producer: model.producer_name,
            graph: model.graph.ok_or_else(|| broken("it has no graph"))?,
            folder: folder.to_path_buf(),
        })
    }

    /// The names of the graph's outputs, without those that only hold labels.
    pub fn outputs(&self) -> Vec<String> {
        let holds_numbers = |output: &&messages::ValueInfo| {
            let tensor = output.r#type.as_ref().and_then(|t| t.tensor_type.as_ref());
            // A sequence or map holds probabilities by class, as scikit-learn's converter writes.
            tensor.is_none_or(|tensor| matches!(tensor.elem_type, 0 | 1 | 10 | 11 | 16))
        };
        let outputs = self.graph.output.iter().filter(holds_numbers);
        outputs.map(|output| output.name.clone()).collect()
    }

    /// The node that makes a tensor.
    pub fn maker(&self, tensor: &str) -> Option<&messages::Node> {
        let mut nodes = self.graph.node.iter();
        nodes.find(|node| node.output.iter().any(|name| name == tensor))
    }

    /// The only node that takes a tensor.
    fn taker(&self, tensor: &str) -> Option<&messages::Node> {
        let takes = |node: &&messages::Node| node.input.iter().any(|name| name == tensor);
        let mut nodes = self.graph.node.iter().filter(takes);
        nodes.next().filter(|_| nodes.next().is_none())
    }

    /// The layers by the names of their weights, and the tensor that each makes, behind its
    /// activation.
    pub fn layers(&self) -> Vec<(String, String)> {
        let mut layers = Vec::new();
        for node in &self.graph.node {
            if !matches!(node.op_type.as_str(), "Conv" | "Gemm" | "MatMul") {
                continue;
            }
            let name = layer_name(node.input.get(1), &node.name, &node.output);
            let Some(mut end) = node.output.first() else {
                continue;
            };
            // A broken file may lead in a circle.
            for _ in 0..self.graph.node.len() {
                let Some(next) = self.taker(end) else { break };
                let is_activation = is_activation(&next.op_type);
                match next.output.first() {
                    Some(made) if is_activation || self.is_part_of_layer(next) => end = made,
                    _ => break,
                }
                if is_activation {
                    break;
                }
            }
            layers.push((name.to_string(), end.clone()));
        }
        layers
    }

    /// Whether a node shifts or scales what it takes by constants, as biases do.
    fn is_part_of_layer(&self, node: &messages::Node) -> bool {
        let is_held = |name: &String| self.graph.initializer.iter().any(|held| held.name == *name);
        match node.op_type.as_str() {
            "Add" => node.input.iter().any(is_held),
            operator => operator == "BatchNormalization",
        }
    }

    /// What the tensors need. The file holds a node behind those that it depends on.
    pub fn needed(&self, tensors: &[String]) -> Needed<'_> {
        let mut wanted: HashSet<&str> = tensors.iter().map(String::as_str).collect();
        let mut nodes = Vec::new();
        for node in self.graph.node.iter().rev() {
            let is_needed = node
                .output
                .iter()
                .any(|name| wanted.contains(name.as_str()));
            if is_needed {
                wanted.extend(node.input.iter().map(String::as_str));
                nodes.push(node);
            }
        }
        nodes.reverse();
        let is_wanted = |name: &String| wanted.contains(name.as_str());
        let tensors = self.graph.initializer.iter();
        let tensors: Vec<_> = tensors.filter(|tensor| is_wanted(&tensor.name)).collect();
        let held: HashSet<&str> = tensors.iter().map(|tensor| tensor.name.as_str()).collect();
        let inputs = self.graph.input.iter();
        // Old files list their constants as inputs, too.
        let inputs = inputs.filter(|input| !held.contains(input.name.as_str()));
        Needed {
            inputs: inputs.filter(|input| is_wanted(&input.name)).collect(),
            tensors,
            nodes,
        }
    }

    /// A node whose operator is supported.
    pub fn node(&self, message: &messages::Node) -> Result<Node> {
        let node = Node::read(message, &self.folder)?;
        if find(&node).is_some() {
            return Ok(node);
        }
        let domain = match node.domain.as_str() {
            "" => String::new(),
            domain => format!(" of {domain}"),
        };
        Err(Error::Model(format!(
            "{}: this operator{domain} isn't supported; {}",
            place(&message.op_type, &message.name, &message.output),
            self.way_out()
        )))
    }

    pub fn constant(&self, message: &messages::Tensor) -> Result<Constant> {
        Constant::read(message, &self.folder)
            .map_err(|error| error.at(format!("tensor \"{}\"", message.name)))
    }

    /// What else a user of the program that wrote the file can do.
    pub fn way_out(&self) -> &'static str {
        let producer = self.producer.to_ascii_lowercase();
        if producer.contains("pytorch") {
            "save the model as TorchScript, torch.jit.trace(model, x).save(\"model.pt\"), which \
             runs every operator, or choose a tensor before it as the output"
        } else {
            "give the model as a command that prints its answers (--program, and \
             scripts/scikit_learn.py shows one), or choose a tensor before it as the output"
        }
    }

    /// The tensor that a tensor repeats, past the nodes that only pass it on.
    pub fn repeated<'a>(&'a self, tensor: &'a str) -> &'a str {
        let mut at = tensor;
        // A broken file may pass tensors on in a circle.
        for _ in 0..self.graph.node.len() {
            match self.maker(at).map(|node| (node, node.input.first())) {
                Some((node, Some(input))) if passes_on(node) => at = input,
                _ => break,
            }
        }
        at
    }

    /// The logits whose probabilities a tensor holds, if a sigmoid or softmax makes them.
    pub fn logits(&self, tensor: &str) -> Option<String> {
        let node = self.maker(self.repeated(tensor))?;
        let axis = node
            .attribute
            .iter()
            .find(|attribute| attribute.name == "axis");
        let is_last = axis.is_none_or(|axis| matches!(axis.i, -1 | 1));
        match node.op_type.as_str() {
            "LogSoftmax" | "Softmax" if is_last => node.input.first().cloned(),
            "Sigmoid" => node.input.first().cloned(),
            _ => None,
        }
    }

    /// The score of the second of two classes, if a tensor holds `1 - sigmoid(score)` and
    /// `sigmoid(score)`, as scikit-learn's converter writes.
    pub fn score(&self, tensor: &str) -> Option<String> {
        let node = self.maker(self.repeated(tensor));
        let node = node.filter(|node| node.op_type == "Concat")?;
        let [other, share] = node.input.as_slice() else {
            return None;
        };
        let is_rest = self
            .maker(other)
            .is_some_and(|node| node.op_type == "Sub" && node.input.get(1) == Some(share));
        let sigmoid = self.maker(share).filter(|node| node.op_type == "Sigmoid");
        sigmoid?.input.first().filter(|_| is_rest).cloned()
    }

    /// The names of a classifier's classes, if the graph gives them to the columns of a tensor.
    pub fn classes(&self, tensor: &str) -> Vec<String> {
        let labels = |node: &messages::Node| {
            let attributes = node.attribute.iter();
            let mut labels = attributes.filter(|a| a.name.starts_with("classlabels_"));
            labels.find_map(|labels| {
                let numbers = labels.ints.iter().map(i64::to_string);
                let texts = labels.strings.iter();
                let texts = texts.map(|text| String::from_utf8_lossy(text).into_owned());
                let names: Vec<String> = numbers.chain(texts).collect();
                (!names.is_empty()).then_some(names)
            })
        };
        let mut at = tensor;
        for _ in 0..self.graph.node.len() {
            let Some(node) = self.maker(at) else { break };
            if let Some(names) = labels(node) {
                return names;
            }
            match (node.op_type.as_str(), node.input.first()) {
                ("Cast" | "Identity" | "Normalizer", Some(input)) => at = input,
                _ => break,
            }
        }
        Vec::new()
    }
}

fn is_activation(operator: &str) -> bool {
    const ACTIVATIONS: [&str; 14] = [
        "Celu",
        "Elu",
        "Exp",
        "Gelu",
        "HardSwish",
        "LeakyRelu",
        "Mish",
        "Relu",
        "Selu",
        "Sigmoid",
        "Sin",
        "Softplus",
        "Swish",
        "Tanh",
    ];
    ACTIVATIONS.contains(&operator)
}

/// Whether a node's output is its input: other names, or floating-point numbers of another width.
fn passes_on(node: &messages::Node) -> bool {
    let to = node
        .attribute
        .iter()
        .find(|attribute| attribute.name == "to");
    match node.op_type.as_str() {
        "Identity" | "ZipMap" => true,
        "Cast" => to.is_some_and(|to| matches!(to.i, 1 | 10 | 11 | 16)),
        _ => false,
    }
}
