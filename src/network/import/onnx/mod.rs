//! Feed-forward networks from ONNX files.
//!
//! The graph is followed from the output back to the input. The operators on that single path
//! become dense layers.

mod constants;
mod messages;
mod operators;
mod wire;

use super::chain::Chain;
use super::description::NetworkDescription;
use super::{Named, named};
use crate::dataset::Task;
use crate::error::{Error, Result};
use constants::Constants;
use messages::{Graph, Node};
use operators::Step;
use std::collections::HashMap;
use std::path::Path;

/// The network that ends at the tensor asked for, or else at the graph's first output. The second
/// value is the part of `asked` that still has to be chosen among the outputs.
pub(super) fn read<'a>(
    folder: &Path,
    bytes: &[u8],
    description: &NetworkDescription,
    output: Option<&'a str>,
) -> Result<(Named, Option<&'a str>)> {
    description.check_no_layers()?;
    let graph = Graph::of_model(bytes)?;
    check_is_dense(&graph)?;
    let constants = Constants::new(&graph, folder);
    let (end, output) = end(&graph, output)?;
    let (input, steps) = path(&graph, end, &constants)?;
    let width = graph
        .inputs
        .iter()
        .find(|info| info.name == input)
        .and_then(|info| info.width());
    let n_features = match (width, description.inputs.len()) {
        (None, 0) => {
            return Err(Error::Model(format!(
                "input \"{input}\" has no fixed number of values in a row: name the inputs"
            )));
        }
        (Some(width), 0) => width,
        (Some(width), n) if width != n => {
            return Err(Error::Shape(format!(
                "the network has {width} inputs, but there are {n} names ({})",
                description.inputs.join(", ")
            )));
        }
        (_, n) => n,
    };
    let mut chain = Chain::new(n_features);
    if let Some(scaling) = &description.input_scaling {
        chain.standardize("input_scaling", scaling)?;
    }
    for step in &steps {
        step.apply(&mut chain, &constants)?;
    }
    check_logarithms(&steps, description)?;
    Ok((named(chain, n_features, description)?, output))
}

/// The tensor where the network ends: both `name` and `name.3` refer to the tensor `name`.
fn end<'a, 'b>(graph: &'a Graph, asked: Option<&'b str>) -> Result<(&'a str, Option<&'b str>)> {
    let find = |name: &str| {
        let mut made = graph.nodes.iter().flat_map(|node| &node.outputs);
        made.find(|tensor| *tensor == name).map(String::as_str)
    };
    if let Some(tensor) = asked.and_then(find) {
        return Ok((tensor, None));
    }
    if let Some((name, index)) = asked.and_then(|asked| asked.rsplit_once('.'))
        && let Some(tensor) = find(name)
    {
        return Ok((tensor, Some(index)));
    }
    match graph.outputs.first() {
        Some(first) => Ok((&first.name, asked)),
        None => Err(Error::Format("the graph has no outputs".into())),
    }
}

/// The graph's input and the steps from it to `end`.
fn path<'a>(
    graph: &'a Graph,
    end: &'a str,
    constants: &Constants,
) -> Result<(&'a str, Vec<Step<'a>>)> {
    let makers: HashMap<&str, &Node> = graph
        .nodes
        .iter()
        .flat_map(|node| {
            node.outputs
                .iter()
                .map(move |output| (output.as_str(), node))
        })
        .collect();
    let mut steps = Vec::new();
    let mut at = end;
    while let Some(&node) = makers.get(at) {
        if steps.len() > graph.nodes.len() {
            return Err(Error::Format(format!(
                "{} depends on its own output",
                node.place()
            )));
        }
        let is_value = |name: &&String| !name.is_empty() && !constants.contains(name);
        let values: Vec<&str> = node
            .inputs
            .iter()
            .filter(is_value)
            .map(String::as_str)
            .collect();
        at = match values.as_slice() {
            [value] => {
                steps.push(Step::Node(node));
                value
            }
            [a, b] if node.op_type == "Mul" && is_sigmoid_of(&makers, b, a) => {
                steps.push(Step::Silu(node));
                a
            }
            [a, b] if node.op_type == "Mul" && is_sigmoid_of(&makers, a, b) => {
                steps.push(Step::Silu(node));
                b
            }
            _ => return Err(branch(node)),
        };
    }
    if !graph.inputs.iter().any(|info| info.name == at) {
        return Err(Error::Format(format!(
            "\"{at}\" is neither an input of the network nor the output of a node"
        )));
    }
    steps.reverse();
    Ok((at, steps))
}

fn is_sigmoid_of(makers: &HashMap<&str, &Node>, name: &str, of: &str) -> bool {
    makers
        .get(name)
        .is_some_and(|node| node.op_type == "Sigmoid" && node.inputs == [of])
}

fn branch(node: &Node) -> Error {
    Error::Model(format!(
        "{}: it joins several branches, but from ONNX only layers in a single sequence are read; \
         save the network as TorchScript, which supports every operator",
        node.place()
    ))
}

/// Refuses other kinds of networks. It looks at their characteristic operator before anything else
/// is read.
fn check_is_dense(graph: &Graph) -> Result<()> {
    for node in &graph.nodes {
        let reason = match node.op_type.as_str() {
            "GRU" | "LSTM" | "RNN" | "Loop" | "Scan" => {
                "the network is recurrent, so its output isn't a function of one row"
            }
            "Conv" | "ConvTranspose" => {
                "the network is convolutional; only dense layers are read from ONNX"
            }
            _ => continue,
        };
        return Err(Error::Model(format!("{}: {reason}", node.place())));
    }
    Ok(())
}

/// The logarithms of a classifier's probabilities differ from each other as its logits do. Anywhere
/// else, a LogSoftmax is another function.
fn check_logarithms(steps: &[Step], description: &NetworkDescription) -> Result<()> {
    let places = steps
        .iter()
        .enumerate()
        .filter_map(|(index, step)| match step {
            Step::Node(node) if node.op_type == "LogSoftmax" => Some((index, node)),
            _ => None,
        });
    let is_classifier = description.task != Some(Task::Regression);
    for (index, node) in places {
        if !is_classifier || index + 1 != steps.len() {
            return Err(Error::Model(format!(
                "{}: only the output of a classifier can be the logarithm of a softmax",
                node.place()
            )));
        }
    }
    Ok(())
}
