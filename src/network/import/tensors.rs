//! The named tensors of a file, whatever program wrote it.

use super::pickle;
use super::weights::{Tensor, to_numbers};
use crate::error::{Error, Result};
use crate::foreign::guarded;
use crate::network::archive::{Archive, max_unpacked};
use crate::network::tensors::to_vec;
use safetensors::{Dtype, SafeTensors};
use std::collections::BTreeMap;
use std::path::Path;
use tch::Kind;

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
pub(super) fn from_numpy(path: &Path, bytes: &[u8]) -> Result<Tensors> {
    let refused = |error: &dyn std::fmt::Display| {
        Error::Format(format!(
            "not an archive of arrays of numbers, row after row, that numpy.savez wrote: {error} (an \
             array that is a transpose is saved as numpy.ascontiguousarray(array))"
        ))
    };
    let mut archive = Archive::open(bytes).map_err(|error| refused(&error))?;
    let names: Vec<String> = archive.names().map(str::to_string).collect();
    for name in &names {
        // libtorch's binding unpacks without a limit, so the sizes are checked before.
        archive.read(name)?;
    }
    let arrays = guarded("archive of arrays", || {
        tch::Tensor::read_npz(path).map_err(|error| refused(&error))
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
    let mut archive = Archive::open(bytes).map_err(|error| broken(&error))?;
    let pickled = archive.names().find(|name| name.ends_with("/data.pkl"));
    let pickled = pickled
        .ok_or_else(|| broken(&"it holds no data.pkl"))?
        .to_string();
    let folder = pickled.trim_end_matches("data.pkl").to_string();
    let stored = pickle::tensors(&archive.read(&pickled)?)?;
    let mut tensors = Tensors::new();
    let mut left = max_unpacked(bytes.len()) / size_of::<f64>();
    for (name, stored) in stored {
        let tensor = match stored.kind() {
            Ok(kind) => {
                let bytes = archive.read(&format!("{folder}data/{}", stored.key))?;
                stored.take(&to_numbers(&bytes, kind)?)
            }
            Err(reason) => Err(reason),
        };
        let n_values = tensor.as_ref().map_or(0, |tensor| tensor.values.len());
        left = left.checked_sub(n_values).ok_or_else(|| {
            broken(&"its tensors have far more numbers than the file, which they share")
        })?;
        tensors.insert(name, tensor);
    }
    Ok(tensors)
}
