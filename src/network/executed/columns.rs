//! What a module returns, as named columns of numbers.

use crate::error::{Error, Result};
use tch::{IValue, Kind, Tensor};

/// Columns `(n_samples, n_columns)` and their names.
pub(super) struct Columns {
    pub values: Tensor,
    pub names: Vec<String>,
}

impl Columns {
    /// Sorts what a module returned for `n_samples` rows.
    ///
    /// One tensor `(n_samples, k)` has the columns `0` to `k - 1`. In a tuple or dictionary, each
    /// such tensor has columns named after it, such as `logits.0`; a tensor `(n_samples,)` is the
    /// column `logits`.
    pub fn new(returned: IValue, n_samples: i64) -> Result<Self> {
        let entries: Vec<(String, IValue)> = match returned {
            IValue::Tensor(tensor) => return Self::of_one(tensor, n_samples),
            IValue::Tuple(values) | IValue::GenericList(values) => {
                let numbers = (0..).map(|k: usize| k.to_string());
                numbers.zip(values).collect()
            }
            IValue::TensorList(tensors) => {
                let numbers = (0..).map(|k: usize| k.to_string());
                numbers
                    .zip(tensors.into_iter().map(IValue::Tensor))
                    .collect()
            }
            IValue::GenericDict(entries) => entries
                .into_iter()
                .map(|(key, value)| match key {
                    IValue::String(key) => (key, value),
                    key => (format!("{key:?}"), value),
                })
                .collect(),
            _ => {
                return Err(Error::Model(
                    "the module must return a tensor, or a tuple, list or dictionary of them"
                        .into(),
                ));
            }
        };
        let (mut parts, mut names, mut shapes) = (Vec::new(), Vec::new(), Vec::new());
        for (name, value) in entries {
            let IValue::Tensor(tensor) = value else {
                continue;
            };
            shapes.push(format!("\"{name}\" {:?}", tensor.size()));
            match as_columns(&tensor, n_samples)? {
                Some(part) if tensor.dim() == 1 => {
                    names.push(name);
                    parts.push(part);
                }
                Some(part) => {
                    names.extend((0..part.size()[1]).map(|k| format!("{name}.{k}")));
                    parts.push(part);
                }
                None => {}
            }
        }
        if parts.is_empty() {
            Err(no_columns(n_samples, &shapes.join(", ")))
        } else {
            Ok(Self {
                values: Tensor::f_cat(&parts, 1)?,
                names,
            })
        }
    }

    fn of_one(tensor: Tensor, n_samples: i64) -> Result<Self> {
        let values = as_columns(&tensor, n_samples)?
            .ok_or_else(|| no_columns(n_samples, &format!("{:?}", tensor.size())))?;
        let names = (0..values.size()[1]).map(|k| k.to_string()).collect();
        Ok(Self { values, names })
    }
}

/// A tensor as `(n_samples, k)` in double precision; none if it has no such shape.
fn as_columns(tensor: &Tensor, n_samples: i64) -> Result<Option<Tensor>> {
    Ok(match *tensor.size().as_slice() {
        [n] if n == n_samples => Some(tensor.f_view([n, 1])?.f_to_kind(Kind::Double)?),
        [n, k] if n == n_samples && k > 0 => Some(tensor.f_to_kind(Kind::Double)?),
        _ => None,
    })
}

fn no_columns(n_samples: i64, found: &str) -> Error {
    Error::Model(format!(
        "for {n_samples} rows the module returns the shape {found}, but must return \
         [{n_samples}] or [{n_samples}, n_outputs]"
    ))
}
