//! Dense layers found in a graph of operators.
//!
//! Between two activations, a dense network is affine, whatever operators say so: products, shifts
//! and scales, batch norms, changes of shape. The weights of such a stretch are its gradients, and
//! the biases its values at 0.

use super::chain::Chain;
use crate::error::Result;
use crate::model::Activation;
use crate::network::onnx::{Graph, Node};
use crate::network::tensors::to_vec;
use std::collections::{HashMap, HashSet};
use tch::{Device, Kind, Tensor};

/// Appends the layers of a graph with one output; false if it isn't a sequence of dense layers.
///
/// The logarithms of a classifier's probabilities differ from each other as its logits do, so that
/// they end a classifier as the probabilities themselves would.
pub(super) fn append_layers(graph: &Graph, chain: &mut Chain, is_classifier: bool) -> Result<bool> {
    let [end] = graph.outputs.as_slice() else {
        return Ok(false);
    };
    let mut stretch = Stretch {
        graph,
        constants: graph.load()?,
        start: None,
        reached: graph
            .inputs
            .iter()
            .map(|input| input.name.as_str())
            .collect(),
        layer: "output".to_string(),
    };
    for (index, node) in graph.nodes.iter().enumerate() {
        let operands: Vec<&str> = (node.operands())
            .filter(|name| !graph.is_constant(name))
            .collect();
        if !operands.iter().all(|name| stretch.reached.contains(name)) {
            return Ok(false);
        }
        let may_be_logarithm = is_classifier && index + 1 == graph.nodes.len();
        match (
            activation(node, graph, may_be_logarithm),
            operands.as_slice(),
        ) {
            (Some(activation), [input]) => {
                if !stretch.close(input, chain)? {
                    return Ok(false);
                }
                chain.activation(&node.layer_name(), activation)?;
                stretch.start_at(node);
            }
            _ if is_affine(node, graph) => {
                if matches!(node.operator.as_str(), "Gemm" | "MatMul") {
                    stretch.layer = node.layer_name();
                }
                stretch
                    .reached
                    .extend(node.outputs.iter().map(String::as_str));
            }
            _ => return Ok(false),
        }
    }
    stretch.close(end, chain)
}

/// The way from one activation to the next.
struct Stretch<'a> {
    graph: &'a Graph,
    constants: HashMap<&'a str, Tensor>,
    /// The tensor that the activation before made; none for the network's inputs.
    start: Option<&'a str>,
    /// The tensors that are affine functions of the start.
    reached: HashSet<&'a str>,
    /// The name of the last layer on the way.
    layer: String,
}

impl<'a> Stretch<'a> {
    fn start_at(&mut self, node: &'a Node) {
        self.start = node.outputs.first().map(String::as_str);
        self.reached = self.start.into_iter().collect();
    }

    /// Appends the affine function from the start to `end`; false if it has another shape than rows
    /// of numbers.
    fn close(&self, end: &str, chain: &mut Chain) -> Result<bool> {
        if self.start == Some(end) {
            return Ok(true);
        }
        if !self.reached.contains(end) {
            return Ok(false);
        }
        let n_inputs = chain.width() as i64;
        let zeros = |n_rows: i64| Tensor::f_zeros([n_rows, n_inputs], (Kind::Double, Device::Cpu));
        let biases = self.at(&zeros(1)?, end)?;
        let &[1, n_outputs] = biases.size().as_slice() else {
            return Ok(false);
        };
        // One more row than outputs, so that a mean over the rows shows in the shape.
        let inputs = zeros(n_outputs + 1)?.f_set_requires_grad(true)?;
        let outputs = self.at(&inputs, end)?;
        if outputs.size() != [n_outputs + 1, n_outputs] || !outputs.requires_grad() {
            return Ok(false);
        }
        let gradient = Tensor::f_run_backward(&[outputs.f_trace()?], &[&inputs], false, false)?;
        let [gradient] = gradient.as_slice() else {
            return Ok(false);
        };
        if !gradient.defined() {
            return Ok(false);
        }
        // Row k holds the gradient of output k.
        let weights = gradient.f_narrow(0, 0, n_outputs)?.f_tr()?;
        chain.linear(&self.layer, to_vec(&weights)?, to_vec(&biases)?)?;
        Ok(true)
    }

    /// The values of a tensor for values `(n_rows, n_inputs)` of the start.
    fn at(&self, inputs: &Tensor, end: &str) -> Result<Tensor> {
        let given = match self.start {
            Some(start) => HashMap::from([(start, inputs.shallow_clone())]),
            None => self.graph.inputs_of(inputs)?,
        };
        self.graph.evaluate(&self.constants, given, end)
    }
}

/// The activation that a node is.
fn activation(node: &Node, graph: &Graph, may_be_logarithm: bool) -> Option<Activation> {
    let has_usual_alpha = || node.float("alpha", 1.0) == 1.0;
    Some(match node.operator.as_str() {
        "Elu" if has_usual_alpha() => Activation::Elu,
        "Exp" => Activation::Exp,
        "Relu" => Activation::Relu,
        "Sigmoid" => Activation::Sigmoid,
        "Sin" => Activation::Sin,
        "Softmax" if is_over_rows(node, graph) => Activation::Softmax,
        "LogSoftmax" if may_be_logarithm && is_over_rows(node, graph) => Activation::Softmax,
        "Softplus" => Activation::Softplus,
        "Swish" if has_usual_alpha() => Activation::Silu,
        "Tanh" => Activation::Tanh,
        _ => return None,
    })
}

/// Whether a softmax is taken over the values of each row.
fn is_over_rows(node: &Node, graph: &Graph) -> bool {
    matches!(node.int("axis", graph.softmax_axis()), -1 | 1)
}

/// Whether a node's outputs are affine functions of what isn't constant among its inputs.
fn is_affine(node: &Node, graph: &Graph) -> bool {
    let is_constant = |index: usize| {
        let name = node.inputs.get(index);
        name.is_none_or(|name| name.is_empty() || graph.is_constant(name))
    };
    match node.operator.as_str() {
        "Add" | "AveragePool" | "Concat" | "Dropout" | "FeatureVectorizer" | "Flatten"
        | "GlobalAveragePool" | "Identity" | "Neg" | "Scaler" | "Sub" | "Sum" | "Transpose"
        | "ZipMap" => true,
        "ArrayFeatureExtractor"
        | "BatchNormalization"
        | "Conv"
        | "Div"
        | "Gather"
        | "Pad"
        | "ReduceMean"
        | "ReduceSum"
        | "Reshape"
        | "Slice"
        | "Split"
        | "Squeeze"
        | "Unsqueeze" => (1..node.inputs.len()).all(is_constant),
        "Gemm" | "MatMul" | "Mul" => is_constant(0) || is_constant(1),
        // To floating-point numbers of any width.
        "Cast" => matches!(node.int("to", 1), 1 | 10 | 11 | 16),
        "LinearRegressor" => node.text("post_transform", "NONE") == "NONE",
        _ => false,
    }
}
