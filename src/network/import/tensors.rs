//! The named tensors of a file, whatever program wrote it.

use super::pickle;
use super::weights::{Tensor, to_numbers};
use crate::error::{Error, Result};
use crate::network::tensors::to_vec;
use safetensors::{Dtype, SafeTensors};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;
use tch::Kind;
use zip::ZipArchive;

/// Tensors by name. Those whose numbers aren't read have the reason in their place.
pub(super) type Tensors = BTreeMap<String, std::result::Result<Tensor, String>>;

/// Reads a safetensors file.
pub(super) fn from_safetensors(bytes: &[u8]) -> Result<Tensors> {
    let file = SafeTensors::deserialize(bytes)
        .map_err(|error| Error::Format(format!("not a safetensors file: {error}")))?;
    let mut tensors = Tensors::new();
    for (name, view) in file.iter() {
        let kind = match view.dtype() {
            Dtype::F64 => Ok(Kind::Double),
            Dtype::F32 => Ok(Kind::Float),
            Dtype::F16 => Ok(Kind::Half),
            Dtype::BF16 => Ok(Kind::BFloat16),
            other => Err(format!(
                "holds {other:?}, but must hold F64, F32, F16 or BF16"
            )),
        };
        let tensor = match kind {
            Ok(kind) => Ok(Tensor {
                shape: view.shape().to_vec(),
                values: to_numbers(view.data(), kind)?,
            }),
            Err(reason) => Err(reason),
        };
        tensors.insert(name.to_string(), tensor);
    }
    Ok(tensors)
}

/// Reads the arrays that `numpy.savez` wrote.
pub(super) fn from_numpy(path: &Path) -> Result<Tensors> {
    let arrays = tch::Tensor::read_npz(path).map_err(|error| {
        Error::Format(format!(
            "not an archive of arrays of numbers, row after row, that numpy.savez wrote: {error} (an \
             array that is a transpose is saved as numpy.ascontiguousarray(array))"
        ))
    })?;
    let tensors = arrays.into_iter().map(|(name, array)| {
        let shape = array.size().into_iter().map(|side| side as usize).collect();
        let tensor = match array.kind() {
            Kind::Double | Kind::Float | Kind::Half => {
                to_vec(&array).map(|values| Tensor { shape, values })
            }
            other => {
                let reason = format!("holds {other:?}, but must hold float64, float32 or float16");
                return Ok((name, Err(reason)));
            }
        };
        Ok((name, Ok(tensor?)))
    });
    tensors.collect()
}

/// Reads a state dict that `torch.save` wrote, alone or in a checkpoint. None of the code that the
/// file may name is run.
pub(super) fn from_torch(bytes: &[u8]) -> Result<Tensors> {
    let broken = |reason: &dyn std::fmt::Display| {
        Error::Format(format!("not a file that torch.save wrote: {reason}"))
    };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let pickled = archive
        .file_names()
        .find(|name| name.ends_with("/data.pkl"));
    let pickled = pickled
        .ok_or_else(|| broken(&"it holds no data.pkl"))?
        .to_string();
    let folder = pickled.trim_end_matches("data.pkl").to_string();
    let mut read = |name: &str| -> Result<Vec<u8>> {
        let mut file = archive.by_name(name).map_err(|error| broken(&error))?;
        let mut content = Vec::new();
        file.read_to_end(&mut content)
            .map_err(|error| broken(&error))?;
        Ok(content)
    };
    let stored = pickle::tensors(&read(&pickled)?)?;
    let mut tensors = Tensors::new();
    for (name, stored) in stored {
        let tensor = match stored.kind() {
            Ok(kind) => {
                let bytes = read(&format!("{folder}data/{}", stored.key))?;
                stored.take(&to_numbers(&bytes, kind)?)
            }
            Err(reason) => Err(reason),
        };
        tensors.insert(name, tensor);
    }
    Ok(tensors)
}
