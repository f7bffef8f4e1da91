//! What libtorch executes: a TorchScript module, or a graph from an ONNX file.

use super::columns::Columns;
use super::script::Script;
use crate::error::Result;
use crate::network::onnx::Graph;
use std::collections::HashMap;
use tch::{CModule, IValue, Tensor};

/// A program as plain data.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::network) enum Program {
    Script(Script),
    Graph(Box<Graph>),
}

/// A program during a call, with its numbers as tensors.
pub(super) enum Loaded<'a> {
    Script(&'a Script, CModule),
    Graph(&'a Graph, HashMap<&'a str, Tensor>),
}

impl Program {
    pub(super) fn load(&self) -> Result<Loaded<'_>> {
        Ok(match self {
            Self::Script(script) => Loaded::Script(script, script.load()?),
            Self::Graph(graph) => Loaded::Graph(graph, graph.load()?),
        })
    }

    /// The relative error of its numbers.
    pub fn precision(&self) -> f64 {
        match self {
            Self::Script(script) if !script.is_double => f32::EPSILON.into(),
            _ => f64::EPSILON,
        }
    }

    /// What to do with an input that takes integers, if there is one.
    pub fn integers(&self) -> Option<String> {
        match self {
            Self::Script(_) => None,
            Self::Graph(graph) => graph.integers(),
        }
    }

    /// Its step functions, as text.
    pub fn steps(&self) -> String {
        match self {
            Self::Script(script) => script.steps.clone(),
            Self::Graph(graph) => graph.steps(),
        }
    }
}

impl Loaded<'_> {
    /// What the program makes of features `(n_samples, n_features)`.
    pub fn run(&self, features: &Tensor) -> Result<Columns> {
        let returned = match self {
            Self::Script(script, module) => script.run(module, features)?,
            Self::Graph(graph, constants) => {
                let tensors = graph.run(constants, features)?.into_iter();
                let names = graph.outputs.iter().cloned().map(IValue::String);
                IValue::GenericDict(names.zip(tensors.map(IValue::Tensor)).collect())
            }
        };
        Columns::new(returned, features.size()[0])
    }
}
