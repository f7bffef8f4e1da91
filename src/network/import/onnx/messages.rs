//! The part of ONNX's messages that dense networks need; the tags are those of onnx.proto.

use super::wire::{Fields, Value, broken, push_integers, to_text};
use crate::error::Result;

#[derive(Default)]
pub struct Graph {
    pub nodes: Vec<Node>,
    pub initializers: Vec<Tensor>,
    pub inputs: Vec<ValueInfo>,
    pub outputs: Vec<ValueInfo>,
}

#[derive(Default)]
pub struct Node {
    pub inputs: Vec<String>,
    pub outputs: Vec<String>,
    pub name: String,
    pub op_type: String,
    pub attributes: Vec<Attribute>,
}

#[derive(Default)]
pub struct Attribute {
    pub name: String,
    pub float: f32,
    pub int: i64,
    pub tensor: Option<Tensor>,
}

#[derive(Default)]
pub struct Tensor {
    pub name: String,
    pub dims: Vec<i64>,
    pub data_type: u64,
    /// The numbers in one of these forms, or in a file next to the model.
    pub raw: Vec<u8>,
    pub floats: Vec<u8>,
    pub doubles: Vec<u8>,
    pub is_beside: bool,
    /// The name of that file, and where the numbers are in it.
    pub place: Vec<(String, String)>,
}

#[derive(Default)]
pub struct ValueInfo {
    pub name: String,
    /// The size of each dimension; 0 if it isn't fixed.
    pub dims: Vec<u64>,
}

impl Graph {
    /// The graph of a model file.
    pub fn of_model(bytes: &[u8]) -> Result<Self> {
        let mut graph = None;
        for field in Fields::new(bytes) {
            if let (7, Value::Bytes(bytes)) = field? {
                graph = Some(Self::parse(bytes)?);
            }
        }
        graph.ok_or_else(broken)
    }

    fn parse(bytes: &[u8]) -> Result<Self> {
        let mut graph = Self::default();
        for field in Fields::new(bytes) {
            match field? {
                (1, Value::Bytes(bytes)) => graph.nodes.push(Node::parse(bytes)?),
                (5, Value::Bytes(bytes)) => graph.initializers.push(Tensor::parse(bytes)?),
                (11, Value::Bytes(bytes)) => graph.inputs.push(ValueInfo::parse(bytes)?),
                (12, Value::Bytes(bytes)) => graph.outputs.push(ValueInfo::parse(bytes)?),
                _ => {}
            }
        }
        Ok(graph)
    }
}

impl Node {
    fn parse(bytes: &[u8]) -> Result<Self> {
        let mut node = Self::default();
        for field in Fields::new(bytes) {
            match field? {
                (1, Value::Bytes(bytes)) => node.inputs.push(to_text(bytes)?),
                (2, Value::Bytes(bytes)) => node.outputs.push(to_text(bytes)?),
                (3, Value::Bytes(bytes)) => node.name = to_text(bytes)?,
                (4, Value::Bytes(bytes)) => node.op_type = to_text(bytes)?,
                (5, Value::Bytes(bytes)) => node.attributes.push(Attribute::parse(bytes)?),
                _ => {}
            }
        }
        Ok(node)
    }

    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name == name)
    }

    pub fn float(&self, name: &str, usual: f32) -> f32 {
        self.attribute(name)
            .map_or(usual, |attribute| attribute.float)
    }

    pub fn int(&self, name: &str, usual: i64) -> i64 {
        self.attribute(name)
            .map_or(usual, |attribute| attribute.int)
    }

    /// The operator and the node's name, for error messages.
    pub fn place(&self) -> String {
        if self.name.is_empty() {
            format!(
                "operator {} of \"{}\"",
                self.op_type,
                self.outputs.join(", ")
            )
        } else {
            format!("operator {} (node \"{}\")", self.op_type, self.name)
        }
    }
}

impl Attribute {
    fn parse(bytes: &[u8]) -> Result<Self> {
        let mut attribute = Self::default();
        for field in Fields::new(bytes) {
            match field? {
                (1, Value::Bytes(bytes)) => attribute.name = to_text(bytes)?,
                (2, Value::Fixed32(bytes)) => attribute.float = f32::from_le_bytes(bytes),
                (3, Value::Varint(number)) => attribute.int = number as i64,
                (5, Value::Bytes(bytes)) => attribute.tensor = Some(Tensor::parse(bytes)?),
                _ => {}
            }
        }
        Ok(attribute)
    }
}

impl Tensor {
    fn parse(bytes: &[u8]) -> Result<Self> {
        let mut tensor = Self::default();
        for field in Fields::new(bytes) {
            match field? {
                (1, value) => push_integers(&mut tensor.dims, &value)?,
                (2, Value::Varint(number)) => tensor.data_type = number,
                (4, Value::Bytes(bytes)) => tensor.floats.extend(bytes),
                (4, Value::Fixed32(bytes)) => tensor.floats.extend(bytes),
                (8, Value::Bytes(bytes)) => tensor.name = to_text(bytes)?,
                (9, Value::Bytes(bytes)) => tensor.raw = bytes.to_vec(),
                (10, Value::Bytes(bytes)) => tensor.doubles.extend(bytes),
                (10, Value::Fixed64(bytes)) => tensor.doubles.extend(bytes),
                (13, Value::Bytes(bytes)) => tensor.place.push(entry(bytes)?),
                (14, Value::Varint(number)) => tensor.is_beside = number == 1,
                _ => {}
            }
        }
        Ok(tensor)
    }
}

impl ValueInfo {
    fn parse(bytes: &[u8]) -> Result<Self> {
        let mut info = Self::default();
        for field in Fields::new(bytes) {
            match field? {
                (1, Value::Bytes(bytes)) => info.name = to_text(bytes)?,
                // A type holds a tensor type (1), which holds a shape (2) of dimensions (1).
                (2, Value::Bytes(bytes)) => {
                    for shape in inside(&inside(&[bytes], 1)?, 2)? {
                        for dim in inside(&[shape], 1)? {
                            info.dims.push(size(dim)?);
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(info)
    }

    /// The number of values in each row, if it is fixed.
    pub fn width(&self) -> Option<usize> {
        match self.dims.as_slice() {
            [_, width] if *width > 0 => usize::try_from(*width).ok(),
            _ => None,
        }
    }
}

fn entry(bytes: &[u8]) -> Result<(String, String)> {
    let mut entry = (String::new(), String::new());
    for field in Fields::new(bytes) {
        match field? {
            (1, Value::Bytes(bytes)) => entry.0 = to_text(bytes)?,
            (2, Value::Bytes(bytes)) => entry.1 = to_text(bytes)?,
            _ => {}
        }
    }
    Ok(entry)
}

/// The messages of one tag inside other messages.
fn inside<'a>(messages: &[&'a [u8]], tag: u64) -> Result<Vec<&'a [u8]>> {
    let mut found = Vec::new();
    for field in messages.iter().flat_map(|bytes| Fields::new(bytes)) {
        match field? {
            (at, Value::Bytes(bytes)) if at == tag => found.push(bytes),
            _ => {}
        }
    }
    Ok(found)
}

fn size(dimension: &[u8]) -> Result<u64> {
    for field in Fields::new(dimension) {
        if let (1, Value::Varint(number)) = field? {
            return Ok(number);
        }
    }
    Ok(0)
}
