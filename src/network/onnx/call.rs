//! What an operator is given: its node, and the tensors that it takes.

use super::constant::{is_real, to_integers};
use super::node::Node;
use crate::error::{Error, Result};
use tch::Tensor;

/// A node with the tensors that it takes.
pub struct Call<'a> {
    pub node: &'a Node,
    /// The version of ONNX's operators that the file was written for.
    pub opset: i64,
    pub inputs: Vec<Option<&'a Tensor>>,
}

impl Call<'_> {
    /// An input, counted from 0.
    pub fn input(&self, index: usize) -> Result<&Tensor> {
        self.optional(index)
            .ok_or_else(|| Error::Format(format!("its input {} is missing", index + 1)))
    }

    pub fn optional(&self, index: usize) -> Option<&Tensor> {
        self.inputs.get(index).copied().flatten()
    }

    /// The inputs that aren't left out.
    pub fn all(&self) -> Vec<&Tensor> {
        self.inputs.iter().copied().flatten().collect()
    }

    /// Integers that are an input, or an attribute in files of older versions.
    pub fn integers(&self, name: &str, index: usize) -> Result<Option<Vec<i64>>> {
        match self.optional(index) {
            Some(tensor) => to_integers(tensor).map(Some),
            None if self.node.has(name) => Ok(Some(self.node.ints(name).to_vec())),
            None => Ok(None),
        }
    }

    /// A number that is an input, or an attribute in files of older versions.
    pub fn number(&self, name: &str, index: usize) -> Result<Option<f64>> {
        match self.optional(index) {
            Some(tensor) => single(tensor).map(Some),
            None if self.node.has(name) => Ok(Some(self.node.float(name, 0.0))),
            None => Ok(None),
        }
    }

    /// The axis that an attribute names, counted from the front.
    pub fn axis(&self, tensor: &Tensor, usual: i64) -> Result<i64> {
        from_front(self.node.int("axis", usual), tensor.dim())
    }
}

/// An axis that may be counted from the end.
pub fn from_front(axis: i64, n_axes: usize) -> Result<i64> {
    let n_axes = n_axes as i64;
    if (-n_axes..n_axes).contains(&axis) {
        Ok(axis.rem_euclid(n_axes))
    } else {
        Err(Error::Shape(format!(
            "its axis is {axis}, but the tensor has {n_axes} axes"
        )))
    }
}

/// The only number of a tensor.
pub fn single(tensor: &Tensor) -> Result<f64> {
    if tensor.numel() == 1 {
        Ok(tensor.f_double_value(&vec![0; tensor.dim()])?)
    } else {
        let shape = tensor.size();
        Err(Error::Shape(format!(
            "one number is needed, but there is a tensor of shape {shape:?}"
        )))
    }
}

/// Two tensors of one kind: integers beside floating-point numbers become such numbers.
pub fn alike(left: &Tensor, right: &Tensor) -> Result<(Tensor, Tensor)> {
    let kind = if is_real(left.kind()) {
        left.kind()
    } else {
        right.kind()
    };
    Ok((left.f_to_kind(kind)?, right.f_to_kind(kind)?))
}
