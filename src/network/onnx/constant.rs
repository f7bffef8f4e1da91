//! Tensors that don't depend on a network's input, as owned numbers.

use crate::error::{Error, Result};
use crate::network::tensors::to_vec;
use crate::onnx_messages as messages;
use std::path::{Component, Path};
use tch::{Kind, Tensor};

/// Numbers and their shape. Floating-point numbers of any width are `f64` here.
#[derive(Debug, Clone, PartialEq)]
pub struct Constant {
    shape: Vec<i64>,
    numbers: Numbers,
}

#[derive(Debug, Clone, PartialEq)]
enum Numbers {
    Real(Vec<f64>),
    Whole(Vec<i64>),
    Truth(Vec<bool>),
}

impl Constant {
    /// Reads a tensor of a model, whose numbers may be in a file of the model's folder.
    pub fn read(message: &messages::Tensor, folder: &Path) -> Result<Self> {
        let kind = kind(message.data_type)?;
        let bytes = if message.data_location == 1 {
            beside(message, folder)?
        } else {
            bytes(message)
        };
        let wanted = message
            .dims
            .iter()
            .try_fold(kind.elt_size_in_bytes(), |product, dim| {
                product.checked_mul(usize::try_from(*dim).ok()?)
            });
        if wanted != Some(bytes.len()) {
            return Err(Error::Format(format!(
                "it holds {} numbers, but its shape is {:?}",
                bytes.len() / kind.elt_size_in_bytes(),
                message.dims
            )));
        }
        Self::of(&Tensor::f_from_data_size(&bytes, &message.dims, kind)?)
    }

    pub fn of(tensor: &Tensor) -> Result<Self> {
        let numbers = match tensor.kind() {
            Kind::Bool => Numbers::Truth(Vec::try_from(&tensor.f_reshape([-1])?)?),
            kind if is_real(kind) => Numbers::Real(to_vec(tensor)?),
            _ => Numbers::Whole(to_integers(tensor)?),
        };
        Ok(Self {
            shape: tensor.size(),
            numbers,
        })
    }

    pub fn to_tensor(&self) -> Result<Tensor> {
        let flat = match &self.numbers {
            Numbers::Real(numbers) => Tensor::f_from_slice(numbers),
            Numbers::Whole(numbers) => Tensor::f_from_slice(numbers),
            Numbers::Truth(truths) => Tensor::f_from_slice(truths),
        };
        Ok(flat?.f_reshape(&self.shape)?)
    }
}

/// Whether a tensor of this kind holds floating-point numbers.
pub fn is_real(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Double | Kind::Float | Kind::Half | Kind::BFloat16
    )
}

/// The numbers of a tensor as integers, row after row.
pub fn to_integers(tensor: &Tensor) -> Result<Vec<i64>> {
    let flat = tensor.f_detach()?.f_to_kind(Kind::Int64)?.f_reshape([-1])?;
    Ok(Vec::try_from(&flat)?)
}

/// The kind of ONNX's data types that are computed with.
pub fn kind(data_type: i32) -> Result<Kind> {
    Ok(match data_type {
        1 => Kind::Float,
        2 => Kind::Uint8,
        3 => Kind::Int8,
        5 => Kind::Int16,
        6 => Kind::Int,
        7 => Kind::Int64,
        9 => Kind::Bool,
        10 => Kind::Half,
        11 => Kind::Double,
        16 => Kind::BFloat16,
        8 => {
            return Err(Error::Format(
                "it holds text, but only numbers can be computed with".into(),
            ));
        }
        other => {
            return Err(Error::Format(format!(
                "its numbers are of ONNX's type {other}, which isn't read"
            )));
        }
    })
}

/// Little-endian bytes of the tensor's kind, whichever field holds its numbers.
fn bytes(message: &messages::Tensor) -> Vec<u8> {
    if !message.raw_data.is_empty() {
        return message.raw_data.clone();
    }
    // Narrow numbers are written as 32-bit integers.
    let narrow = |width: usize| {
        let numbers = message.int32_data.iter();
        numbers
            .flat_map(|number| number.to_le_bytes().into_iter().take(width))
            .collect()
    };
    match message.data_type {
        1 => (message.float_data.iter())
            .flat_map(|x| x.to_le_bytes())
            .collect(),
        7 => (message.int64_data.iter())
            .flat_map(|x| x.to_le_bytes())
            .collect(),
        11 => (message.double_data.iter())
            .flat_map(|x| x.to_le_bytes())
            .collect(),
        2 | 3 | 9 => narrow(1),
        5 | 10 | 16 => narrow(2),
        _ => narrow(4),
    }
}

/// Reads numbers from a file next to the model: the tensor gives its name, the offset and the
/// number of bytes.
fn beside(message: &messages::Tensor, folder: &Path) -> Result<Vec<u8>> {
    let entry = |key: &str| message.external_data.iter().find(|entry| entry.key == key);
    let number = |key: &str| entry(key).and_then(|entry| entry.value.parse::<usize>().ok());
    let name = entry("location").map_or("", |entry| entry.value.as_str());
    // A model must not make us read files elsewhere.
    let is_beside = |part: Component| matches!(part, Component::Normal(_) | Component::CurDir);
    if name.is_empty() || !Path::new(name).components().all(is_beside) {
        return Err(Error::Format(format!(
            "its numbers are in \"{name}\", but must be in a file next to the model"
        )));
    }
    let path = folder.join(name);
    let bytes = std::fs::read(&path).map_err(|source| Error::file(&path, source))?;
    let start = number("offset").unwrap_or(0);
    let end = number("length").map_or(Some(bytes.len()), |length| start.checked_add(length));
    let part = end.and_then(|end| bytes.get(start..end));
    part.map(<[u8]>::to_vec).ok_or_else(|| {
        Error::content(
            path,
            format!("ends before the numbers of \"{}\"", message.name),
        )
    })
}
