//! ONNX operators as steps of a dense network.

use super::constants::{Constant, Constants};
use super::messages::Node;
use crate::error::{Error, Result};
use crate::model::Activation;
use crate::network::import::chain::Chain;
use crate::network::import::state_dict::batch_norm;
use crate::network::import::weights::transposed;

/// A node on the way from the input to the output.
pub enum Step<'a> {
    Node(&'a Node),
    /// Two nodes, `x * sigmoid(x)`.
    Silu(&'a Node),
}

impl Step<'_> {
    /// Appends the step to the layers so far.
    pub fn apply(&self, chain: &mut Chain, constants: &Constants) -> Result<()> {
        match self {
            Self::Silu(node) => chain.activation(&node.name, Activation::Silu),
            Self::Node(node) => {
                apply(node, chain, constants).map_err(|error| error.at(node.place()))
            }
        }
    }
}

fn apply(node: &Node, chain: &mut Chain, constants: &Constants) -> Result<()> {
    let activation = match node.op_type.as_str() {
        "Gemm" | "MatMul" => return linear(node, chain, constants),
        "Add" | "Sub" | "Mul" | "Div" => return arithmetic(node, chain, constants),
        "BatchNormalization" => return normalization(node, chain, constants),
        "Neg" => {
            chain.scale(&vec![(-1.0, 0.0); chain.width()]);
            return Ok(());
        }
        "Dropout" | "Identity" => return Ok(()),
        // Only casts to floating-point types.
        "Cast" if matches!(node.int("to", 1), 1 | 10 | 11 | 16) => return Ok(()),
        "Flatten" if node.int("axis", 1) == 1 => return Ok(()),
        // With one value per row, a change of shape has no effect.
        "Reshape" | "Squeeze" | "Flatten" if chain.width() == 1 => return Ok(()),
        "Elu" if node.float("alpha", 1.0) == 1.0 => Activation::Elu,
        "Exp" => Activation::Exp,
        "Relu" => Activation::Relu,
        "Sigmoid" => Activation::Sigmoid,
        "Sin" => Activation::Sin,
        "LogSoftmax" | "Softmax" if matches!(node.int("axis", -1), -1 | 1) => Activation::Softmax,
        "Softplus" => Activation::Softplus,
        "Swish" if node.float("alpha", 1.0) == 1.0 => Activation::Silu,
        "Tanh" => Activation::Tanh,
        other => return Err(refused(other)),
    };
    chain.activation(&node.name, activation)
}

fn refused(operator: &str) -> Error {
    Error::Model(match operator {
        "ArgMax" | "ArgMin" | "Ceil" | "Equal" | "Floor" | "Greater" | "Less" | "Round"
        | "Sign" | "TopK" => {
            "it can't be differentiated; choose a value before it as the output".to_string()
        }
        _ => "only dense layers with the activations elu (alpha 1), exp, relu, sigmoid, silu, \
              sin, softmax, softplus and tanh are read from ONNX; save the network as TorchScript, \
              which supports every operator"
            .to_string(),
    })
}

/// The constant inputs of a node, from its second input on.
fn operands(node: &Node, constants: &Constants) -> Result<Vec<Constant>> {
    let names = node.inputs.iter().skip(1).filter(|name| !name.is_empty());
    names.map(|name| constants.get(name)).collect()
}

/// `alpha x W + beta b`.
fn linear(node: &Node, chain: &mut Chain, constants: &Constants) -> Result<()> {
    let operands = operands(node, constants)?;
    let first = node
        .inputs
        .first()
        .is_some_and(|name| constants.contains(name));
    let (Some(weights), false, 0) = (operands.first(), first, node.int("transA", 0)) else {
        return Err(Error::Model(
            "the values must come first and the weights second".into(),
        ));
    };
    let &[n_rows, n_columns] = weights.shape.as_slice() else {
        return Err(Error::Shape(format!(
            "the weights have shape {:?}, but must have 2 dimensions",
            weights.shape
        )));
    };
    let (mut values, n_outputs) = match node.int("transB", 0) {
        0 => (weights.values.clone(), n_columns),
        _ => (transposed(&weights.values, n_columns), n_rows),
    };
    let alpha = f64::from(node.float("alpha", 1.0));
    let beta = f64::from(node.float("beta", 1.0));
    values.iter_mut().for_each(|weight| *weight *= alpha);
    let biases = match operands.get(1) {
        Some(biases) => broadcast(biases, n_outputs)?,
        None => vec![0.0; n_outputs],
    };
    let biases = biases.iter().map(|bias| beta * bias).collect();
    chain.linear(&layer_name(node), values, biases)
}

/// The layer's name in the program that trained it, taken from the name of its weights.
fn layer_name(node: &Node) -> String {
    let weights = node
        .inputs
        .get(1)
        .and_then(|name| name.strip_suffix(".weight"));
    weights.unwrap_or(&node.name).to_string()
}

fn arithmetic(node: &Node, chain: &mut Chain, constants: &Constants) -> Result<()> {
    let [left, right] = node.inputs.as_slice() else {
        return Err(Error::Model("it must have two inputs".into()));
    };
    let comes_first = constants.contains(left);
    let constant = constants.get(if comes_first { left } else { right })?;
    let numbers = broadcast(&constant, chain.width())?;
    let pair = |number: f64| match (node.op_type.as_str(), comes_first) {
        ("Add", _) => Some((1.0, number)),
        ("Mul", _) => Some((number, 0.0)),
        ("Sub", false) => Some((1.0, -number)),
        ("Sub", true) => Some((-1.0, number)),
        ("Div", false) => Some((1.0 / number, 0.0)),
        _ => None,
    };
    let pairs: Option<Vec<(f64, f64)>> = numbers.into_iter().map(pair).collect();
    let pairs = pairs.ok_or_else(|| {
        Error::Model("a number divided by the values can't be part of a dense layer".into())
    })?;
    chain.scale(&pairs);
    Ok(())
}

fn normalization(node: &Node, chain: &mut Chain, constants: &Constants) -> Result<()> {
    let parts = operands(node, constants)?
        .into_iter()
        .map(|constant| constant.values);
    let parts: [Vec<f64>; 4] = parts.collect::<Vec<_>>().try_into().map_err(|_| {
        Error::Model("it must have weights, biases, means and variances".to_string())
    })?;
    let eps = f64::from(node.float("epsilon", 1e-5));
    let pairs = batch_norm(&node.name, &parts, eps)?;
    chain.check_width("it", pairs.len())?;
    chain.scale(&pairs);
    Ok(())
}

/// One number for each value, `(width,)`, from a single number or from one for each.
fn broadcast(constant: &Constant, width: usize) -> Result<Vec<f64>> {
    let is_row = constant
        .shape
        .last()
        .is_none_or(|last| *last == constant.values.len());
    match constant.values.as_slice() {
        [number] => Ok(vec![*number; width]),
        numbers if numbers.len() == width && is_row => Ok(numbers.to_vec()),
        _ => Err(Error::Shape(format!(
            "a constant has shape {:?}, but there are {width} values in a row",
            constant.shape
        ))),
    }
}
