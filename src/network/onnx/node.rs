//! One operator of a graph, with its attributes.

use super::constant::Constant;
use crate::error::Result;
use crate::onnx_messages as messages;
use std::collections::BTreeMap;
use std::path::Path;

/// An operator, the tensors that it takes, and those that it makes.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub operator: String,
    /// Empty for ONNX's own operators, `ai.onnx.ml` for those of other models than networks.
    pub domain: String,
    name: String,
    /// An empty name stands for an input that is left out.
    pub inputs: Vec<String>,
    pub outputs: Vec<String>,
    attributes: BTreeMap<String, Attribute>,
}

#[derive(Debug, Clone, PartialEq)]
enum Attribute {
    Float(f64),
    Int(i64),
    Text(String),
    Tensor(Constant),
    Floats(Vec<f64>),
    Ints(Vec<i64>),
    Texts(Vec<String>),
    /// A graph within the graph, or another value that no operator here takes.
    Other,
}

impl Attribute {
    fn read(message: &messages::Attribute, folder: &Path) -> Result<Self> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok(match (message.r#type, &message.t) {
            (1, _) => Self::Float(message.f.into()),
            (2, _) => Self::Int(message.i),
            (3, _) => Self::Text(text(&message.s)),
            (4, Some(tensor)) => Self::Tensor(Constant::read(tensor, folder)?),
            (6, _) => Self::Floats(message.floats.iter().map(|x| f64::from(*x)).collect()),
            (7, _) => Self::Ints(message.ints.clone()),
            (8, _) => Self::Texts(message.strings.iter().map(|bytes| text(bytes)).collect()),
            _ => Self::Other,
        })
    }
}

impl Node {
    pub fn read(message: &messages::Node, folder: &Path) -> Result<Self> {
        let read = |attribute: &messages::Attribute| {
            let value = Attribute::read(attribute, folder)
                .map_err(|error| error.at(format!("attribute \"{}\"", attribute.name)))?;
            Ok((attribute.name.clone(), value))
        };
        let mut node = Self {
            operator: message.op_type.clone(),
            domain: match message.domain.as_str() {
                "ai.onnx" => String::new(),
                domain => domain.to_string(),
            },
            name: message.name.clone(),
            inputs: message.input.clone(),
            outputs: message.output.clone(),
            attributes: BTreeMap::new(),
        };
        let attributes: Result<BTreeMap<_, _>> = message.attribute.iter().map(read).collect();
        node.attributes = attributes.map_err(|error| error.at(node.place()))?;
        Ok(node)
    }

    /// `x * sigmoid(x)` as one operator, in place of the multiplication.
    pub fn into_swish(self, input: &str) -> Self {
        Self {
            operator: "Swish".to_string(),
            inputs: vec![input.to_string()],
            ..self
        }
    }

    /// The operator and the node's name, for error messages.
    pub fn place(&self) -> String {
        place(&self.operator, &self.name, &self.outputs)
    }

    /// The layer's name in the program that trained it, as far as the file shows it.
    pub fn layer_name(&self) -> String {
        let weights = self.inputs.get(1);
        layer_name(weights, &self.name, &self.outputs).to_string()
    }

    /// The inputs that aren't left out.
    pub fn operands(&self) -> impl Iterator<Item = &str> {
        let names = self.inputs.iter().map(String::as_str);
        names.filter(|name| !name.is_empty())
    }

    pub fn float(&self, name: &str, usual: f64) -> f64 {
        match self.attributes.get(name) {
            Some(Attribute::Float(number)) => *number,
            _ => usual,
        }
    }

    pub fn int(&self, name: &str, usual: i64) -> i64 {
        match self.attributes.get(name) {
            Some(Attribute::Int(number)) => *number,
            _ => usual,
        }
    }

    pub fn text(&self, name: &str, usual: &'static str) -> &str {
        match self.attributes.get(name) {
            Some(Attribute::Text(text)) => text,
            _ => usual,
        }
    }

    pub fn tensor(&self, name: &str) -> Option<&Constant> {
        match self.attributes.get(name) {
            Some(Attribute::Tensor(constant)) => Some(constant),
            _ => None,
        }
    }

    pub fn has(&self, name: &str) -> bool {
        self.attributes.contains_key(name)
    }

    pub fn floats(&self, name: &str) -> &[f64] {
        match self.attributes.get(name) {
            Some(Attribute::Floats(numbers)) => numbers,
            _ => &[],
        }
    }

    pub fn ints(&self, name: &str) -> &[i64] {
        match self.attributes.get(name) {
            Some(Attribute::Ints(numbers)) => numbers,
            _ => &[],
        }
    }

    pub fn texts(&self, name: &str) -> &[String] {
        match self.attributes.get(name) {
            Some(Attribute::Texts(texts)) => texts,
            _ => &[],
        }
    }
}

/// An operator by its node's name, or by what it makes if the node has none.
pub fn place(operator: &str, name: &str, outputs: &[String]) -> String {
    if name.is_empty() {
        format!("operator {operator} of \"{}\"", outputs.join(", "))
    } else {
        format!("operator {operator} (node \"{name}\")")
    }
}

/// The layer's name in the program that trained it, by the name of its weights, otherwise by that of
/// the node or of what it makes.
pub fn layer_name<'a>(
    weights: Option<&'a String>,
    name: &'a str,
    outputs: &'a [String],
) -> &'a str {
    let of_weights = weights.and_then(|weights| weights.strip_suffix(".weight"));
    match (of_weights, outputs.first()) {
        (Some(name), _) => name,
        (None, Some(made)) if name.is_empty() => made,
        _ => name,
    }
}
