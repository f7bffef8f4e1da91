//! Settings and checks at the opening of a module.

use super::archive::Code;
use super::columns::Columns;
use super::reading::Reading;
use super::{ScriptedNetwork, load, probe};
use crate::dataset::{Task, numbered_names};
use crate::error::{Error, Result};
use crate::network::NetworkDescription;
use crate::network::tensors::to_vec;
use tch::CModule;

impl ScriptedNetwork {
    pub(in crate::network) fn parse(
        bytes: Vec<u8>,
        description: &NetworkDescription,
        output: Option<&str>,
    ) -> Result<Self> {
        description.check()?;
        description.check_no_layers()?;
        let code = Code::read(&bytes)?;
        code.check_feed_forward()?;
        let task = description.task.ok_or_else(|| {
            Error::Options(
                "the file doesn't say what the network was trained for: give the task".into(),
            )
        })?;
        let feature_names = if !description.inputs.is_empty() {
            description.inputs.clone()
        } else {
            numbered_names(n_inputs(&load(&bytes, true)?)?)
        };
        let mut network = Self {
            bytes,
            task,
            reading: Reading {
                terms: Vec::new(),
                of_probabilities: false,
            },
            is_double: true,
            input_scaling: input_scaling(description, feature_names.len())?,
            output_scaling: output_scaling(description)?,
            feature_names,
        };
        let points = probe::points(network.feature_names.len(), &network.input_scaling);
        let columns = network.first_columns(&points)?;
        let names = named_columns(&columns.names, description)?;
        (network.reading, network.task) = Reading::choose(&names, task, output)?;
        network.reading.of_probabilities = task == Task::Classification
            && match description.probabilities {
                Some(told) => told,
                None => {
                    let values = to_vec(&columns.values)?;
                    network.reading.sees_probabilities(&values, names.len())
                }
            };
        network.check_rows_are_alone(&points, &columns.values)?;
        network.check_differentiable(&points, &code)?;
        Ok(network)
    }

    /// The columns at the first points. This also settles the precision.
    fn first_columns(&mut self, points: &[f64]) -> Result<Columns> {
        let inputs = self.to_inputs(points)?;
        let _guard = tch::no_grad_guard();
        let returned = self.run(&load(&self.bytes, true)?, &inputs).or_else(|_| {
            self.is_double = false;
            self.run(&load(&self.bytes, false)?, &inputs)
        });
        let returned = returned.map_err(|error| {
            Error::Model(format!(
                "the module doesn't take rows of {} features ({}): {error}",
                self.feature_names.len(),
                self.feature_names.join(", ")
            ))
        })?;
        Columns::new(returned, inputs.size()[0])
    }
}

/// The number of inputs of the module's first matrix.
fn n_inputs(module: &CModule) -> Result<usize> {
    let sizes = module
        .named_parameters()?
        .into_iter()
        .map(|(_, tensor)| tensor.size());
    let mut matrices = sizes.filter(|size| size.len() == 2);
    let width = matrices
        .next()
        .and_then(|size| usize::try_from(size[1]).ok());
    width
        .filter(|width| *width > 0)
        .ok_or_else(|| Error::Options("the number of inputs isn't told: name the inputs".into()))
}

fn input_scaling(description: &NetworkDescription, n: usize) -> Result<Vec<(f64, f64)>> {
    let Some(scaling) = &description.input_scaling else {
        return Ok(vec![(0.0, 1.0); n]);
    };
    if scaling.mean.len() == n {
        Ok(scaling
            .mean
            .iter()
            .copied()
            .zip(scaling.scale.iter().copied())
            .collect())
    } else {
        Err(Error::Shape(format!(
            "input_scaling is for {} values, but there are {n}",
            scaling.mean.len()
        )))
    }
}

fn output_scaling(description: &NetworkDescription) -> Result<(f64, f64)> {
    match description
        .output_scaling
        .as_ref()
        .map(|s| (s.mean.as_slice(), s.scale.as_slice()))
    {
        None => Ok((0.0, 1.0)),
        Some(([mean], [scale])) => Ok((*mean, *scale)),
        Some((means, _)) => Err(Error::Shape(format!(
            "output_scaling is for {} values, but TorchScript takes one for the chosen output",
            means.len()
        ))),
    }
}

/// The columns' names, or the given names in their place.
fn named_columns(names: &[String], description: &NetworkDescription) -> Result<Vec<String>> {
    let given = &description.outputs;
    match given.len() {
        0 => Ok(names.to_vec()),
        n if n == names.len() => Ok(given.clone()),
        n => Err(Error::Shape(format!(
            "there are {n} names of outputs, but the module has {} outputs ({})",
            names.len(),
            names.join(", ")
        ))),
    }
}
