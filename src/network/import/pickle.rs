//! State dicts as Python pickles them.
//!
//! A pickle is a program for a stack machine that may call any function. Here nothing is called:
//! what a call would return is only described, and the tensors are found in the descriptions.

use super::weights::Tensor;
use crate::error::{Error, Result};
use std::collections::HashMap;
use tch::Kind;

/// A tensor as the pickle describes it; its numbers are in a file of the archive.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stored {
    /// The class of its storage, such as `FloatStorage`.
    class: String,
    /// The name of the file.
    pub key: String,
    offset: usize,
    shape: Vec<usize>,
    strides: Vec<usize>,
}

impl Stored {
    /// What its numbers are, or why they aren't read.
    pub fn kind(&self) -> std::result::Result<Kind, String> {
        match self.class.as_str() {
            "DoubleStorage" => Ok(Kind::Double),
            "FloatStorage" => Ok(Kind::Float),
            "HalfStorage" => Ok(Kind::Half),
            "BFloat16Storage" => Ok(Kind::BFloat16),
            "LongStorage" => Ok(Kind::Int64),
            other => Err(format!(
                "is a {other}; floating-point numbers and int64 are read"
            )),
        }
    }

    /// Takes its numbers, row after row, from those of the storage.
    pub fn take(&self, storage: &[f64]) -> std::result::Result<Tensor, String> {
        let size = self
            .shape
            .iter()
            .try_fold(1_usize, |n, side| n.checked_mul(*side));
        let size =
            size.filter(|size| *size <= storage.len() && self.strides.len() == self.shape.len());
        let size = size.ok_or("has a shape that its storage doesn't hold")?;
        let value = |index: usize| {
            let (mut place, mut rest) = (self.offset, index);
            for (side, stride) in self.shape.iter().zip(&self.strides).rev() {
                place = place.checked_add((rest % side).checked_mul(*stride)?)?;
                rest /= side;
            }
            storage.get(place).copied()
        };
        let values: Option<Vec<f64>> = (0..size).map(value).collect();
        Ok(Tensor {
            shape: self.shape.clone(),
            values: values.ok_or("reaches beyond its storage")?,
        })
    }
}

/// The tensors of a pickled state dict by name. It may stand in a checkpoint, or in a module that
/// was saved whole.
pub(super) fn tensors(bytes: &[u8]) -> Result<Vec<(String, Stored)>> {
    let mut machine = Machine {
        bytes,
        left: bytes.len().saturating_mul(MAX_RATIO).max(MIN_COPIED),
        stack: Vec::new(),
        marks: Vec::new(),
        memo: HashMap::new(),
    };
    let value = machine.run()?;
    let mut found = Vec::new();
    collect(&value, "", &mut found);
    if found.is_empty() {
        return Err(Error::Format(
            "the file holds no tensors by name: save the state dict, torch.save(model.state_dict(), \
             \"weights.pt\")"
                .into(),
        ));
    }
    Ok(found)
}

/// Where checkpoints keep the state dict.
const CHECKPOINT: [&str; 3] = ["state_dict", "model_state_dict", "model"];

/// Adds the tensors in a value, named as the state dict of a module names them.
fn collect(value: &Value, prefix: &str, found: &mut Vec<(String, Stored)>) {
    let entries = match value {
        Value::Dict(entries) => entries,
        Value::Object(state) => return collect(state, prefix, found),
        _ => return,
    };
    let entry = |name: &str| {
        let is_it = |(key, _): &&(Value, Value)| matches!(key, Value::Text(text) if text == name);
        entries.iter().find(is_it).map(|(_, value)| value)
    };
    if prefix.is_empty()
        && let Some(inner) = CHECKPOINT.iter().find_map(|name| entry(name))
        && matches!(inner, Value::Dict(_) | Value::Object(_))
    {
        return collect(inner, prefix, found);
    }
    if entry("_parameters").is_some() {
        for part in ["_parameters", "_buffers", "_modules"] {
            if let Some(part) = entry(part) {
                collect(part, prefix, found);
            }
        }
        return;
    }
    for (key, value) in entries {
        let Value::Text(name) = key else { continue };
        match value {
            Value::Tensor(stored) => found.push((format!("{prefix}{name}"), stored.clone())),
            Value::Object(_) => collect(value, &format!("{prefix}{name}."), found),
            _ => {}
        }
    }
}

/// What a pickle builds.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Integer(i64),
    Text(String),
    /// The name of a class or function.
    Global(String),
    Sequence(Vec<Value>),
    Dict(Vec<(Value, Value)>),
    /// The class and file of a tensor's numbers.
    Storage(String, String),
    Tensor(Stored),
    /// An object, by the state that it was given.
    Object(Box<Value>),
    /// Whatever doesn't matter for tensors.
    Other,
}

/// How deep values may stand in each other. State dicts have four levels, modules that were saved whole
/// three more for each module in a module; what goes through a value is recursive.
const MAX_NESTING: usize = 100;
/// How many parts may be copied, relative to the bytes of the pickle. A value that is named twice is one
/// in Python, but copied here, so that a few bytes could double it again and again. State dicts copy less
/// than twice their bytes.
const MAX_RATIO: usize = 16;
/// What may be copied in any case.
const MIN_COPIED: usize = 1 << 20;

impl Value {
    /// How many parts it has, bytes of texts included, and on how many levels.
    fn extent(&self) -> (usize, usize) {
        let all = |values: &mut dyn Iterator<Item = &Self>| {
            values.fold((1, 1), |(n, levels), value| {
                let (n_inner, inner) = value.extent();
                (n + n_inner, levels.max(inner + 1))
            })
        };
        match self {
            Self::Sequence(values) => all(&mut values.iter()),
            Self::Dict(entries) => all(&mut entries.iter().flat_map(|(key, value)| [key, value])),
            Self::Object(state) => all(&mut std::iter::once(&**state)),
            Self::Text(text) | Self::Global(text) => (1 + text.len(), 1),
            Self::Storage(class, key) => (1 + class.len() + key.len(), 1),
            Self::Tensor(stored) => (1 + stored.shape.len() + stored.strides.len(), 1),
            Self::Integer(_) | Self::Other => (1, 1),
        }
    }
}

struct Machine<'a> {
    bytes: &'a [u8],
    /// How many parts may still be copied.
    left: usize,
    stack: Vec<Value>,
    marks: Vec<usize>,
    memo: HashMap<usize, Value>,
}

fn broken() -> Error {
    Error::Format("its pickle is broken, or written in a form that isn't read".into())
}

impl Machine<'_> {
    fn take(&mut self, n: usize) -> Result<&[u8]> {
        let (taken, rest) = self.bytes.split_at_checked(n).ok_or_else(broken)?;
        self.bytes = rest;
        Ok(taken)
    }

    /// An unsigned little-endian number of so many bytes.
    fn number(&mut self, n_bytes: usize) -> Result<usize> {
        let bytes = self.take(n_bytes)?.iter().rev();
        Ok(bytes.fold(0, |number, byte| (number << 8) | usize::from(*byte)))
    }

    /// A signed little-endian number of so many bytes.
    fn integer(&mut self, n_bytes: usize) -> Result<Value> {
        let bytes = self.take(n_bytes)?;
        if bytes.len() > 8 {
            return Ok(Value::Other);
        }
        let is_negative = bytes.last().is_some_and(|byte| *byte >= 0x80);
        let start = if is_negative { -1 } else { 0 };
        let number = bytes
            .iter()
            .rev()
            .fold(start, |number, byte| (number << 8) | i64::from(*byte));
        Ok(Value::Integer(number))
    }

    fn text(&mut self, n_bytes: usize) -> Result<String> {
        let bytes = self.take(n_bytes)?;
        String::from_utf8(bytes.to_vec()).map_err(|_| broken())
    }

    /// Text up to the end of the line.
    fn line(&mut self) -> Result<String> {
        let n_bytes = self.bytes.iter().position(|byte| *byte == b'\n');
        let line = self.text(n_bytes.ok_or_else(broken)?)?;
        self.take(1)?;
        Ok(line)
    }

    fn pop(&mut self) -> Result<Value> {
        self.stack.pop().ok_or_else(broken)
    }

    /// What lies above the last mark.
    fn pop_mark(&mut self) -> Result<Vec<Value>> {
        let mark = self.marks.pop().filter(|mark| *mark <= self.stack.len());
        Ok(self.stack.split_off(mark.ok_or_else(broken)?))
    }

    fn pop_many(&mut self, n: usize) -> Result<Vec<Value>> {
        let start = self.stack.len().checked_sub(n).ok_or_else(broken)?;
        Ok(self.stack.split_off(start))
    }

    /// Takes a copy of a value into account.
    fn copied(&mut self, value: Option<Value>) -> Result<Value> {
        let value = value.ok_or_else(broken)?;
        self.left = self.left.checked_sub(value.extent().0).ok_or_else(|| {
            Error::Format("its pickle repeats values more often than any state dict does".into())
        })?;
        Ok(value)
    }

    fn remember(&mut self, index: usize) -> Result<()> {
        let last = self.copied(self.stack.last().cloned())?;
        self.memo.insert(index, last);
        Ok(())
    }

    fn recall(&mut self, index: usize) -> Result<()> {
        let value = self.copied(self.memo.get(&index).cloned())?;
        self.stack.push(value);
        Ok(())
    }

    /// Values that become part of another.
    fn inner(values: Vec<Value>) -> Result<Vec<Value>> {
        if values.iter().all(|value| value.extent().1 < MAX_NESTING) {
            return Ok(values);
        }
        Err(Error::Format(format!(
            "its pickle is nested more than {MAX_NESTING} levels deep"
        )))
    }

    /// Adds keys and values, one after the other, to the dictionary on top.
    fn set(&mut self, items: Vec<Value>) -> Result<()> {
        let entries = match self.stack.last_mut() {
            Some(Value::Dict(entries)) => entries,
            Some(_) => return Ok(()),
            None => return Err(broken()),
        };
        let mut items = Self::inner(items)?.into_iter();
        while let (Some(key), Some(value)) = (items.next(), items.next()) {
            entries.push((key, value));
        }
        Ok(())
    }

    fn append(&mut self, items: Vec<Value>) -> Result<()> {
        match self.stack.last_mut() {
            Some(Value::Sequence(values)) => values.extend(Self::inner(items)?),
            Some(_) => {}
            None => return Err(broken()),
        }
        Ok(())
    }

    /// Describes what a function would return.
    fn call(&mut self) -> Result<()> {
        let (arguments, function) = (self.pop()?, self.pop()?);
        let arguments = match arguments {
            Value::Sequence(arguments) => arguments,
            _ => Vec::new(),
        };
        let returned = match (&function, arguments.as_slice()) {
            (Value::Global(name), []) if name == "collections.OrderedDict" => {
                Value::Dict(Vec::new())
            }
            (Value::Global(name), arguments) if name == "torch._utils._rebuild_tensor_v2" => {
                rebuilt(arguments).map_or(Value::Other, Value::Tensor)
            }
            (Value::Global(name), [data, ..]) if name == "torch._utils._rebuild_parameter" => {
                data.clone()
            }
            _ => Value::Object(Box::new(Value::Other)),
        };
        self.stack.push(returned);
        Ok(())
    }

    /// Gives an object its state.
    fn build(&mut self) -> Result<()> {
        let state = Self::inner(vec![self.pop()?])?.pop().ok_or_else(broken)?;
        if let Some(Value::Object(held)) = self.stack.last_mut() {
            **held = state;
        }
        Ok(())
    }

    fn run(&mut self) -> Result<Value> {
        loop {
            match self.number(1)? as u8 {
                b'.' => return self.pop(),
                0x80 => drop(self.take(1)?),
                0x95 => drop(self.take(8)?),
                b'(' => self.marks.push(self.stack.len()),
                b'0' => drop(self.pop()?),
                b'1' => drop(self.pop_mark()?),
                b'2' => {
                    let last = self.copied(self.stack.last().cloned())?;
                    self.stack.push(last);
                }
                b'N' | 0x88 | 0x89 => self.stack.push(Value::Other),
                b'G' => {
                    self.take(8)?;
                    self.stack.push(Value::Other);
                }
                code @ (b'J' | b'K' | b'M' | 0x8a) => {
                    let integer = match code {
                        b'J' => self.integer(4)?,
                        b'K' => Value::Integer(self.number(1)? as i64),
                        b'M' => Value::Integer(self.number(2)? as i64),
                        _ => {
                            let n_bytes = self.number(1)?;
                            self.integer(n_bytes)?
                        }
                    };
                    self.stack.push(integer);
                }
                code @ (b'X' | 0x8c | 0x8d) => {
                    let n_bytes = self.number(width(code))?;
                    let text = self.text(n_bytes)?;
                    self.stack.push(Value::Text(text));
                }
                code @ (b'B' | b'C' | b'T' | b'U' | 0x8e) => {
                    let n_bytes = self.number(width(code))?;
                    self.take(n_bytes)?;
                    self.stack.push(Value::Other);
                }
                b'c' => {
                    let global = format!("{}.{}", self.line()?, self.line()?);
                    self.stack.push(Value::Global(global));
                }
                0x93 => {
                    let names = self.pop_many(2)?;
                    let [Value::Text(module), Value::Text(name)] = names.as_slice() else {
                        return Err(broken());
                    };
                    let global = format!("{module}.{name}");
                    self.stack.push(Value::Global(global));
                }
                b')' | b']' => self.stack.push(Value::Sequence(Vec::new())),
                b'}' => self.stack.push(Value::Dict(Vec::new())),
                0x8f => self.stack.push(Value::Other),
                b't' | b'l' => {
                    let items = Self::inner(self.pop_mark()?)?;
                    self.stack.push(Value::Sequence(items));
                }
                code @ 0x85..=0x87 => {
                    let items = Self::inner(self.pop_many(usize::from(code - 0x84))?)?;
                    self.stack.push(Value::Sequence(items));
                }
                b'd' => {
                    let items = self.pop_mark()?;
                    self.stack.push(Value::Dict(Vec::new()));
                    self.set(items)?;
                }
                b's' => {
                    let items = self.pop_many(2)?;
                    self.set(items)?;
                }
                b'u' => {
                    let items = self.pop_mark()?;
                    self.set(items)?;
                }
                b'a' => {
                    let item = self.pop()?;
                    self.append(vec![item])?;
                }
                b'e' => {
                    let items = self.pop_mark()?;
                    self.append(items)?;
                }
                0x90 => drop(self.pop_mark()?),
                code @ (b'q' | b'r') => {
                    let index = self.number(if code == b'q' { 1 } else { 4 })?;
                    self.remember(index)?;
                }
                0x94 => self.remember(self.memo.len())?,
                code @ (b'h' | b'j') => {
                    let index = self.number(if code == b'h' { 1 } else { 4 })?;
                    self.recall(index)?;
                }
                b'Q' => {
                    let place = self.pop()?;
                    self.stack.push(storage(&place).unwrap_or(Value::Other));
                }
                b'R' | 0x81 => self.call()?,
                b'b' => self.build()?,
                _ => return Err(broken()),
            }
        }
    }
}

/// The bytes that hold the length of a text or of bytes.
fn width(code: u8) -> usize {
    match code {
        0x8c | b'C' | b'U' => 1,
        0x8d | 0x8e => 8,
        _ => 4,
    }
}

/// What stands for a tensor's numbers: the word `storage`, their class, a file, a device and their
/// count.
fn storage(place: &Value) -> Option<Value> {
    let Value::Sequence(parts) = place else {
        return None;
    };
    match parts.as_slice() {
        [Value::Text(_), Value::Global(class), Value::Text(key), ..] => {
            let class = class.rsplit('.').next().unwrap_or(class);
            Some(Value::Storage(class.to_string(), key.clone()))
        }
        _ => None,
    }
}

/// A tensor by the arguments of the function that makes it: storage, offset, shape and strides.
fn rebuilt(arguments: &[Value]) -> Option<Stored> {
    let [
        Value::Storage(class, key),
        Value::Integer(offset),
        Value::Sequence(shape),
        Value::Sequence(strides),
        ..,
    ] = arguments
    else {
        return None;
    };
    let sizes = |values: &[Value]| -> Option<Vec<usize>> {
        let size = |value: &Value| match value {
            Value::Integer(size) => usize::try_from(*size).ok(),
            _ => None,
        };
        values.iter().map(size).collect()
    };
    Some(Stored {
        class: class.clone(),
        key: key.clone(),
        offset: usize::try_from(*offset).ok()?,
        shape: sizes(shape)?,
        strides: sizes(strides)?,
    })
}
