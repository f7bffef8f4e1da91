//! The part of a model that some of its tensors need, ready to run.

use super::call::Call;
use super::constant::{Constant, is_real, kind};
use super::node::Node;
use super::operators::{find, is_step};
use super::source::Source;
use crate::error::{Error, Result};
use crate::onnx_messages as messages;
use std::collections::{BTreeMap, HashMap, HashSet};
use tch::Tensor;

/// A graph of operators from a model's inputs to the tensors that are asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    opset: i64,
    /// The inputs that are needed, in the file's order.
    pub inputs: Vec<Input>,
    /// The nodes that are needed, each behind those that it depends on.
    pub nodes: Vec<Node>,
    constants: BTreeMap<String, Constant>,
    /// The tensors that were asked for.
    pub outputs: Vec<String>,
    /// How the features make up the inputs.
    pub features: Vec<Vec<usize>>,
    /// The number of rows that a run takes; none for any number.
    pub rows_at_once: Option<i64>,
}

/// A tensor that is given to the network.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    pub name: String,
    is_real: bool,
    /// The sides behind the rows; none where one isn't fixed.
    sides: Option<Vec<i64>>,
    /// The number of rows, if it is fixed.
    pub n_rows: Option<i64>,
    /// The number at which it is held, if it isn't made of features.
    pub held: Option<f64>,
}

impl Input {
    fn read(message: &messages::ValueInfo) -> Result<Self> {
        let tensor = message.r#type.as_ref().and_then(|t| t.tensor_type.as_ref());
        let tensor = tensor.ok_or_else(|| Error::Model("it isn't a tensor".into()))?;
        let is_real = is_real(kind(tensor.elem_type)?);
        let dims = tensor.shape.as_ref().map_or(&[][..], |shape| &shape.dim);
        let fixed = |dim: &messages::Dimension| dim.dim_value.filter(|side| *side > 0);
        let (rows, sides) = match dims {
            [] => (None, None),
            [rows, sides @ ..] => (fixed(rows), sides.iter().map(fixed).collect()),
        };
        Ok(Self {
            name: message.name.clone(),
            is_real,
            sides,
            n_rows: rows,
            held: None,
        })
    }

    /// The number of features that make up the input, if it is fixed.
    pub fn width(&self) -> Option<usize> {
        let sides = self.sides.as_ref()?;
        let product = sides.iter().try_fold(1_i64, |n, side| n.checked_mul(*side));
        product.and_then(|n| usize::try_from(n).ok())
    }

    /// Columns `(n_rows, width)` in the input's shape.
    ///
    /// Integers stay floating-point numbers, so that they have gradients where the graph only
    /// computes with them.
    fn shaped(&self, columns: &Tensor) -> Result<Tensor> {
        Ok(match &self.sides {
            None => columns.shallow_clone(),
            Some(sides) => columns.f_reshape([&[-1], sides.as_slice()].concat())?,
        })
    }
}

impl Graph {
    /// The part of a model that makes some of its tensors.
    pub fn new(source: &Source, outputs: Vec<String>) -> Result<Self> {
        let messages = source.needed(&outputs);
        let nodes: Result<Vec<Node>> = messages
            .nodes
            .iter()
            .map(|node| source.node(node))
            .collect();
        let inputs = messages.inputs.iter().map(|input| {
            Input::read(input).map_err(|error| error.at(format!("input \"{}\"", input.name)))
        });
        let constants = messages.tensors.iter().map(|tensor| {
            let constant = source.constant(tensor)?;
            Ok((tensor.name.clone(), constant))
        });
        let inputs: Vec<Input> = inputs.collect::<Result<_>>()?;
        let mut graph = Self {
            opset: source.opset,
            features: vec![Vec::new(); inputs.len()],
            inputs,
            nodes: nodes?,
            constants: constants.collect::<Result<_>>()?,
            outputs,
            rows_at_once: None,
        };
        graph.fold_constants()?;
        graph.fuse_swish();
        Ok(graph)
    }

    pub fn is_constant(&self, name: &str) -> bool {
        self.constants.contains_key(name)
    }

    /// Computes the nodes that depend on constants alone, once for all.
    fn fold_constants(&mut self) -> Result<()> {
        let mut left = Vec::new();
        for node in std::mem::take(&mut self.nodes) {
            if !node.operands().all(|name| self.is_constant(name)) {
                left.push(node);
                continue;
            }
            let tensors: Result<HashMap<&str, Tensor>> = node
                .operands()
                .map(|name| Ok((name, self.constants[name].to_tensor()?)))
                .collect();
            let made = apply(&node, self.opset, &HashMap::new(), &tensors?)?;
            for (name, tensor) in node.outputs.iter().zip(made) {
                self.constants.insert(name.clone(), Constant::of(&tensor)?);
            }
        }
        self.nodes = left;
        Ok(())
    }

    /// Makes one operator of `x * sigmoid(x)`, which is how SiLU is written.
    fn fuse_swish(&mut self) {
        let sigmoids: HashMap<String, String> = (self.nodes.iter())
            .filter(|node| node.operator == "Sigmoid" && node.inputs.len() == 1)
            .filter_map(|node| Some((node.outputs.first()?.clone(), node.inputs[0].clone())))
            .collect();
        let is_swish = |node: &Node| {
            let [a, b] = node.inputs.as_slice() else {
                return None;
            };
            let is = |x: &String, s: &String| sigmoids.get(s) == Some(x);
            let found = is(a, b).then(|| a.clone()).or(is(b, a).then(|| b.clone()));
            found.filter(|_| node.operator == "Mul")
        };
        for node in &mut self.nodes {
            if let Some(input) = is_swish(node) {
                *node = node.clone().into_swish(&input);
            }
        }
        let used: HashSet<String> = (self.nodes.iter())
            .flat_map(|node| node.inputs.iter().cloned())
            .chain(self.outputs.iter().cloned())
            .collect();
        self.nodes
            .retain(|node| node.outputs.iter().any(|name| used.contains(name)));
    }

    /// The constants as tensors.
    pub fn load(&self) -> Result<HashMap<&str, Tensor>> {
        let constants = self.constants.iter();
        constants
            .map(|(name, constant)| Ok((name.as_str(), constant.to_tensor()?)))
            .collect()
    }

    /// The tensors that were asked for, at features `(n_samples, n_features)`.
    pub fn run(&self, constants: &HashMap<&str, Tensor>, features: &Tensor) -> Result<Vec<Tensor>> {
        let Some(n) = self.rows_at_once else {
            return self.run_at_once(constants, features);
        };
        let n_samples = features.size()[0];
        let mut parts = Vec::new();
        for start in (0..n_samples).step_by(n as usize) {
            let rows = features.f_narrow(0, start, n.min(n_samples - start))?;
            // The last rows are filled up with copies of the last one.
            let missing = n - rows.size()[0];
            let copies = rows
                .f_narrow(0, rows.size()[0] - 1, 1)?
                .f_repeat([missing, 1])?;
            let made = self.run_at_once(constants, &Tensor::f_cat(&[&rows, &copies], 0)?)?;
            let made = made.iter().map(|made| made.f_narrow(0, 0, n - missing));
            parts.push(made.collect::<std::result::Result<Vec<_>, _>>()?);
        }
        let joined = (0..self.outputs.len()).map(|k| {
            let parts: Vec<&Tensor> = parts.iter().map(|part| &part[k]).collect();
            Ok(Tensor::f_cat(&parts, 0)?)
        });
        joined.collect()
    }

    fn run_at_once(
        &self,
        constants: &HashMap<&str, Tensor>,
        features: &Tensor,
    ) -> Result<Vec<Tensor>> {
        let mut values = self.inputs_of(features)?;
        let wanted = self.outputs.iter().map(String::as_str);
        self.fill_in(constants, &mut values, wanted.collect())?;
        let outputs = self.outputs.iter();
        outputs
            .map(|name| taken(&values, constants, name))
            .collect()
    }

    /// One tensor, from the values of others that it needs.
    pub fn evaluate<'a>(
        &'a self,
        constants: &'a HashMap<&str, Tensor>,
        mut values: HashMap<&'a str, Tensor>,
        wanted: &'a str,
    ) -> Result<Tensor> {
        self.fill_in(constants, &mut values, HashSet::from([wanted]))?;
        taken(&values, constants, wanted)
    }

    /// The inputs at features `(n_samples, n_features)`.
    pub fn inputs_of(&self, features: &Tensor) -> Result<HashMap<&str, Tensor>> {
        let inputs = self.inputs.iter().zip(&self.features);
        let values = inputs.map(|(input, columns)| {
            let columns: Vec<i64> = columns.iter().map(|column| *column as i64).collect();
            let chosen = match input.held {
                Some(number) => features.f_narrow(1, 0, 1)?.f_full_like(number)?,
                None => features.f_index_select(1, &Tensor::f_from_slice(&columns)?)?,
            };
            let shaped = input.shaped(&chosen);
            let at = |error: Error| error.at(format!("input \"{}\"", input.name));
            Ok((input.name.as_str(), shaped.map_err(at)?))
        });
        values.collect()
    }

    /// Adds what the wanted tensors need and what isn't there yet.
    fn fill_in<'a>(
        &'a self,
        constants: &HashMap<&str, Tensor>,
        values: &mut HashMap<&'a str, Tensor>,
        mut wanted: HashSet<&'a str>,
    ) -> Result<()> {
        let mut needed = Vec::new();
        for node in self.nodes.iter().rev() {
            let is_missing = |name: &String| {
                wanted.contains(name.as_str()) && !values.contains_key(name.as_str())
            };
            if node.outputs.iter().any(is_missing) {
                wanted.extend(node.operands());
                needed.push(node);
            }
        }
        for node in needed.into_iter().rev() {
            let made = apply(node, self.opset, values, constants)?;
            values.extend(node.outputs.iter().map(String::as_str).zip(made));
        }
        Ok(())
    }

    /// The axis of a softmax that names none.
    pub fn softmax_axis(&self) -> i64 {
        if self.opset >= 13 { -1 } else { 1 }
    }

    /// What to do with the first of the inputs that take integers, if there are any.
    pub fn integers(&self) -> Option<String> {
        let mut inputs = self.inputs.iter();
        let input = inputs.find(|input| !input.is_real && input.held.is_none())?;
        let name = &input.name;
        Some(format!(
            "input \"{name}\" takes integers: hold it at one, as by {{\"fixed\": {{\"{name}\": 0}}}} \
             in the description"
        ))
    }

    /// Its step functions, as text.
    pub fn steps(&self) -> String {
        let nodes = self.nodes.iter().filter(|node| is_step(&node.operator));
        let mut steps: Vec<String> = nodes.map(|node| node.operator.clone()).collect();
        steps.extend(self.integers());
        steps.sort_unstable();
        steps.dedup();
        steps.join(", ")
    }
}

fn taken(
    values: &HashMap<&str, Tensor>,
    constants: &HashMap<&str, Tensor>,
    name: &str,
) -> Result<Tensor> {
    let value = values.get(name).or_else(|| constants.get(name));
    value
        .map(Tensor::shallow_clone)
        .ok_or_else(|| Error::Format(format!("nothing makes the tensor \"{name}\"")))
}

/// What a node makes of the values so far.
fn apply(
    node: &Node,
    opset: i64,
    values: &HashMap<&str, Tensor>,
    constants: &HashMap<&str, Tensor>,
) -> Result<Vec<Tensor>> {
    let given = |name: &String| match name.as_str() {
        "" => Ok(None),
        name => {
            let value = values.get(name).or_else(|| constants.get(name));
            value.map(Some).ok_or_else(|| {
                Error::Format(format!(
                    "it takes \"{name}\", which nothing before it makes"
                ))
            })
        }
    };
    let run = || {
        let inputs = node.inputs.iter().map(given).collect::<Result<_>>()?;
        let apply = find(node).ok_or_else(|| Error::Model("it isn't known".into()))?;
        apply(&Call {
            node,
            opset,
            inputs,
        })
    };
    run().map_err(|error| error.at(node.place()))
}
