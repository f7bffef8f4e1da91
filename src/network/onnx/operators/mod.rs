//! ONNX's operators as operations of libtorch, which differentiates them; one file per family.
//!
//! Floating-point numbers are `f64` throughout, whatever the file computes with.

mod activations;
mod arithmetic;
mod convolution;
mod linear;
mod models;
mod normalization;
mod recurrent;
mod reduction;
mod shape;
mod trees;

use super::call::Call;
use super::node::Node;
use crate::error::{Error, Result};
use tch::Tensor;

/// What an operator makes of its inputs: its outputs, the first of which every operator has.
pub type Apply = fn(&Call) -> Result<Vec<Tensor>>;

/// What libtorch does for a node's operator, if it is supported.
pub fn find(node: &Node) -> Option<Apply> {
    let operator = node.operator.as_str();
    match node.domain.as_str() {
        "" => arithmetic::find(operator)
            .or_else(|| linear::find(operator))
            .or_else(|| activations::find(operator))
            .or_else(|| shape::find(operator))
            .or_else(|| reduction::find(operator))
            .or_else(|| normalization::find(operator))
            .or_else(|| convolution::find(operator))
            .or_else(|| recurrent::find(operator)),
        "ai.onnx.ml" => models::find(operator).or_else(|| trees::find(operator)),
        _ => None,
    }
}

/// Operators whose derivative is 0 wherever it exists.
const STEPS: [&str; 19] = [
    "And",
    "ArgMax",
    "ArgMin",
    "Binarizer",
    "Ceil",
    "Equal",
    "Floor",
    "Greater",
    "GreaterOrEqual",
    "Less",
    "LessOrEqual",
    "Not",
    "OneHot",
    "Or",
    "Round",
    "Sign",
    "TreeEnsembleClassifier",
    "TreeEnsembleRegressor",
    "Xor",
];

/// Whether an operator cuts its values off in steps.
pub fn is_step(operator: &str) -> bool {
    STEPS.contains(&operator)
}

/// The outputs of an operator that has one.
fn one(tensor: Tensor) -> Result<Vec<Tensor>> {
    Ok(vec![tensor])
}

/// The most numbers that one operator may make. Larger tensors are signs of a broken file, and
/// would take all memory.
const MAX_NUMBERS: i64 = 1 << 28;

/// Refuses shapes that would take all memory.
fn check_size(shape: &[i64]) -> Result<()> {
    let product = shape
        .iter()
        .try_fold(1_i64, |product, side| product.checked_mul(*side));
    match product {
        Some(0..=MAX_NUMBERS) => Ok(()),
        _ => Err(Error::Shape(format!(
            "it would make a tensor of shape {shape:?}; at most {MAX_NUMBERS} numbers are allowed"
        ))),
    }
}
