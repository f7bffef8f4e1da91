//! Networks from ONNX files: dense layers where the graph is a sequence of them, otherwise the
//! graph itself, which libtorch executes.

use super::chain::Chain;
use super::dense_graph::append_layers;
use super::description::NetworkDescription;
use super::{ImportedNetwork, named};
use crate::dataset::{Task, numbered_names};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::network::Network;
use crate::network::combination::terms;
use crate::network::executed::{Asked, ExecutedNetwork, Program, Setting, probe_points};
use crate::network::numbers::ROWS_AT_ONCE;
use crate::network::onnx::{Graph, Source};
use std::path::Path;

/// The network that ends at the tensors asked for, or else at the graph's outputs.
pub(super) fn read(
    folder: &Path,
    bytes: &[u8],
    description: &NetworkDescription,
    output: Option<&str>,
) -> Result<ImportedNetwork> {
    description.check_no_layers()?;
    let source = Source::read(bytes, folder)?;
    let end = End::new(&source, output)?;
    let description = end.complete(&source, description);
    match dense(&source, &end, &description)? {
        Some(network) => Ok(network),
        None => executed(&source, &end, &description),
    }
}

/// Where the network ends.
enum End<'a> {
    /// Outputs of the graph, and what is asked for among their values.
    Outputs(Vec<String>, Option<&'a str>),
    /// Tensors inside the graph, and a linear combination of their values: coefficients, places
    /// among the tensors, and numbers of the values, which the only value of a tensor needs not.
    Inside(Vec<String>, Vec<(f64, usize, Option<usize>)>),
}

impl<'a> End<'a> {
    fn new(source: &Source, asked: Option<&'a str>) -> Result<Self> {
        let outputs = source.outputs();
        if let Some(asked) = asked {
            let layers = source.layers();
            if let Some((tensor, index)) = find(source, &layers, asked)
                && outputs.contains(&tensor)
            {
                let within = asked.rsplit_once('.').map(|(_, index)| index);
                return Ok(Self::Outputs(vec![tensor], index.and(within)));
            }
            let mut tensors = Vec::new();
            let places = terms(asked).into_iter().map(|(coefficient, name)| {
                let (tensor, index) = find(source, &layers, &name)?;
                let place = tensors.iter().position(|known| *known == tensor);
                let place = place.unwrap_or_else(|| {
                    tensors.push(tensor);
                    tensors.len() - 1
                });
                Some((coefficient, place, index))
            });
            if let Some(places) = places.collect() {
                return Ok(Self::Inside(tensors, places));
            }
        }
        if outputs.is_empty() {
            return Err(Error::Model(
                "the graph's outputs hold labels or other integers, which have no gradients: \
                 export probabilities, or choose a tensor inside the graph as the output"
                    .into(),
            ));
        }
        Ok(Self::Outputs(outputs, asked))
    }

    fn tensors(&self) -> &[String] {
        match self {
            Self::Outputs(tensors, _) | Self::Inside(tensors, _) => tensors,
        }
    }

    /// The description with what the graph shows: the task, and the classes' names.
    fn complete(&self, source: &Source, description: &NetworkDescription) -> NetworkDescription {
        let mut description = description.clone();
        match self {
            Self::Inside(..) => {
                description.task = Some(Task::Regression);
                description.outputs.clear();
                description.output_scaling = None;
            }
            Self::Outputs(tensors, _) => {
                if let [tensor] = tensors.as_slice() {
                    let classes = source.classes(tensor);
                    let are_shares = !classes.is_empty() || source.logits(tensor).is_some();
                    if description.task.is_none() && are_shares {
                        description.task = Some(Task::Classification);
                    }
                    if description.outputs.is_empty() {
                        description.outputs = classes;
                    }
                }
            }
        }
        description
    }
}

/// A tensor and the number of a value in it, by the name of the tensor or of the layer that makes
/// it, such as `fc1.3`.
fn find(
    source: &Source,
    layers: &[(String, String)],
    name: &str,
) -> Option<(String, Option<usize>)> {
    let tensor = |name: &str| {
        let layer = layers.iter().find(|(layer, _)| layer == name);
        let of_layer = layer.map(|(_, tensor)| tensor.clone());
        of_layer.or(source.maker(name).map(|_| name.to_string()))
    };
    if let Some(tensor) = tensor(name) {
        return Some((tensor, None));
    }
    let (name, index) = name.rsplit_once('.')?;
    Some((tensor(name)?, Some(index.parse().ok()?)))
}

/// The network as dense layers, if its graph is a sequence of them.
fn dense(
    source: &Source,
    end: &End,
    description: &NetworkDescription,
) -> Result<Option<ImportedNetwork>> {
    let [tensor] = end.tensors() else {
        return Ok(None);
    };
    // Of two classes, the one score that decides is enough.
    let score = match (end, description.task) {
        (End::Outputs(..), Some(Task::Classification)) => source.score(tensor),
        _ => None,
    };
    let mut graph = Graph::new(
        source,
        vec![score.unwrap_or_else(|| source.repeated(tensor).to_string())],
    )?;
    let names = features(&mut graph, description)?;
    let mut chain = Chain::new(names.len());
    if let Some(scaling) = &description.input_scaling {
        chain.standardize("input_scaling", scaling)?;
    }
    let is_classifier = description.task != Some(Task::Regression);
    // What goes wrong here goes wrong again where the graph itself is run, and is told there.
    if !append_layers(&graph, &mut chain, is_classifier).unwrap_or(false) {
        return Ok(None);
    }
    let described = NetworkDescription {
        inputs: names.clone(),
        ..description.clone()
    };
    let read = named(chain, names.len(), &described)?;
    // Shares that no sigmoid or softmax at the end shows: their logits are found by their values.
    if is_classifier && gives_shares(&read.network)? {
        return Ok(None);
    }
    match end {
        End::Outputs(_, asked) => read.choose(*asked).map(Some),
        End::Inside(_, terms) => {
            let n = read.network.n_outputs();
            let pairs = terms.iter().map(|(coefficient, _, index)| match index {
                None if n > 1 => Err(Error::Model(format!(
                    "\"{tensor}\" has {n} values: choose \"{tensor}.0\" to \"{tensor}.{}\"",
                    n - 1
                ))),
                index => Ok((*coefficient, index.unwrap_or(0))),
            });
            read.combined(&pairs.collect::<Result<Vec<_>>>()?).map(Some)
        }
    }
}

/// Whether the outputs lie between 0 and 1 at inputs of all magnitudes, which logits don't.
fn gives_shares(network: &Network) -> Result<bool> {
    let scaling = vec![(0.0, 1.0); network.n_features()];
    let outputs = network.outputs(&probe_points(network.n_features(), &scaling))?;
    Ok(outputs.iter().all(|output| (0.0..=1.0).contains(output)))
}

/// The graph itself as the network.
fn executed(
    source: &Source,
    end: &End,
    description: &NetworkDescription,
) -> Result<ImportedNetwork> {
    let mut tensors = end.tensors().to_vec();
    let mut are_logits = false;
    if let (End::Outputs(..), Some(Task::Classification), [tensor]) =
        (end, description.task, tensors.as_mut_slice())
        && let Some(logits) = source.logits(tensor)
    {
        *tensor = logits;
        are_logits = true;
    }
    let asked = match end {
        End::Outputs(_, asked) => Asked::Output(*asked),
        End::Inside(tensors, terms) => {
            let terms = terms.iter().map(|(coefficient, place, index)| {
                let tensor = &tensors[*place];
                let column = index.map_or(tensor.clone(), |index| format!("{tensor}.{index}"));
                (*coefficient, column)
            });
            Asked::Combination(terms.collect())
        }
    };
    let mut graph = Graph::new(source, tensors)?;
    let setting = Setting {
        feature_names: features(&mut graph, description)?,
        are_numbered: matches!((end, end.tensors()), (End::Outputs(..), [_])),
        are_logits,
        asked,
    };
    // A file may be written for a fixed number of rows and yet run with any.
    let n_rows = graph.inputs.iter().find_map(|input| input.n_rows);
    let n_rows = n_rows.filter(|n| *n <= ROWS_AT_ONCE as i64);
    let open = |graph: &Graph| {
        let program = Program::Graph(Box::new(graph.clone()));
        ExecutedNetwork::open(program, &setting, description)
    };
    let opened = match (open(&graph), n_rows) {
        (Err(_), Some(n_rows)) => {
            graph.rows_at_once = Some(n_rows);
            open(&graph)
        }
        (opened, _) => opened,
    };
    opened.map(ImportedNetwork::Executed)
}

/// Gives each of the graph's inputs its features, and names all of them.
fn features(graph: &mut Graph, description: &NetworkDescription) -> Result<Vec<String>> {
    hold(graph, description)?;
    let given = &description.inputs;
    let inputs = graph.inputs.iter().zip(&mut graph.features);
    let mut free: Vec<_> = inputs.filter(|(input, _)| input.held.is_none()).collect();
    let names: Vec<String> = free.iter().map(|(input, _)| input.name.clone()).collect();
    // Inputs of one value each are found by their names, in any order.
    if names.len() > 1
        && names.len() == given.len()
        && names.iter().all(|name| given.contains(name))
    {
        for (input, columns) in free {
            *columns = given
                .iter()
                .position(|name| *name == input.name)
                .into_iter()
                .collect();
        }
        return Ok(given.clone());
    }
    let widths = || free.iter().map(|(input, _)| input.width());
    let known: usize = widths().flatten().sum();
    let n_open = widths().filter(Option::is_none).count();
    let open = match (n_open, given.len().checked_sub(known)) {
        (0, _) => 0,
        (1, Some(left)) if left > 0 => left,
        _ => {
            return Err(Error::Model(format!(
                "input {} has no fixed number of values in a row: name the inputs",
                quoted(&names)
            )));
        }
    };
    let mut next = 0;
    for (input, columns) in &mut free {
        let width = input.width().unwrap_or(open);
        **columns = (next..next + width).collect();
        next += width;
    }
    if next == 0 {
        return Err(Error::Model(
            "the output doesn't depend on the inputs".into(),
        ));
    }
    match given.len() {
        0 if names.len() == next && names.len() > 1 => Ok(names),
        0 => Ok(numbered_names(next)),
        n if n == next => Ok(given.clone()),
        n => Err(Error::Shape(format!(
            "the network has {next} inputs, but there are {n} names ({})",
            given.join(", ")
        ))),
    }
}

/// Holds the inputs that the description fixes.
fn hold(graph: &mut Graph, description: &NetworkDescription) -> Result<()> {
    for (name, number) in &description.fixed {
        let names: Vec<String> = graph
            .inputs
            .iter()
            .map(|input| input.name.clone())
            .collect();
        let input = graph.inputs.iter_mut().find(|input| input.name == *name);
        match input {
            Some(input) if input.width() == Some(1) && number.is_finite() => {
                input.held = Some(*number);
            }
            Some(_) => {
                return Err(Error::Options(format!(
                    "\"{name}\" can't be fixed at {number}: it must be an input of one value, and \
                     the number finite"
                )));
            }
            None => {
                return Err(Error::Options(format!(
                    "there is no input \"{name}\" to be fixed, only {}",
                    quoted(&names)
                )));
            }
        }
    }
    Ok(())
}

fn quoted(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    quoted.join(", ")
}
