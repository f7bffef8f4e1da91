//! Settings and checks at the opening of a program.

use super::ExecutedNetwork;
use super::columns::Columns;
use super::probe::probe_points;
use super::program::Program;
use super::reading::Reading;
use super::script::Script;
use crate::dataset::{Task, numbered_names};
use crate::error::{Error, Result};
use crate::network::NetworkDescription;
use crate::network::tensors::to_vec;

/// What a program's outputs are, beside what the description says.
pub(in crate::network) struct Setting<'a> {
    pub feature_names: Vec<String>,
    /// Whether its outputs are those of one tensor, and go by their numbers.
    pub are_numbered: bool,
    /// Whether its outputs are known to be logits.
    pub are_logits: bool,
    pub asked: Asked<'a>,
}

/// The quantity that is asked for.
pub(in crate::network) enum Asked<'a> {
    /// An output by its name; none for the only one.
    Output(Option<&'a str>),
    /// A linear combination of named outputs.
    Combination(Vec<(f64, String)>),
}

impl ExecutedNetwork {
    pub(in crate::network) fn of_script(
        bytes: Vec<u8>,
        description: &NetworkDescription,
        output: Option<&str>,
    ) -> Result<Self> {
        description.check()?;
        description.check_no_layers()?;
        let script = Script::read(bytes)?;
        let feature_names = if description.inputs.is_empty() {
            numbered_names(script.n_inputs()?)
        } else {
            description.inputs.clone()
        };
        let setting = Setting {
            feature_names,
            are_numbered: false,
            are_logits: false,
            asked: Asked::Output(output),
        };
        Self::open(Program::Script(script), &setting, description)
    }

    pub(in crate::network) fn open(
        program: Program,
        setting: &Setting,
        description: &NetworkDescription,
    ) -> Result<Self> {
        let task = description.task.ok_or_else(|| {
            Error::Options(
                "the file doesn't say what the network was trained for: give the task".into(),
            )
        })?;
        let n_features = setting.feature_names.len();
        let mut network = Self {
            program,
            task,
            reading: Reading::default(),
            input_scaling: input_scaling(description, n_features)?,
            output_scaling: output_scaling(description)?,
            feature_names: setting.feature_names.clone(),
            without_gradient: None,
        };
        let points = probe_points(n_features, &network.input_scaling);
        let columns = network.first_columns(&points)?;
        let names = if setting.are_numbered {
            (0..columns.names.len()).map(|k| k.to_string()).collect()
        } else {
            columns.names.clone()
        };
        let names = named_columns(&names, description)?;
        (network.reading, network.task) = match &setting.asked {
            Asked::Output(output) => Reading::choose(&names, task, *output)?,
            Asked::Combination(terms) => (Reading::combined(&names, terms)?, Task::Regression),
        };
        network.reading.of_probabilities &= !setting.are_logits
            && match description.probabilities {
                Some(told) => told,
                None => {
                    let values = to_vec(&columns.values)?;
                    network.reading.sees_probabilities(&values, names.len())
                }
            };
        network.check_rows_are_alone(&points, &columns.values)?;
        network.without_gradient = network.find_steps(&points)?;
        Ok(network)
    }

    /// The columns at the first points. This also settles the precision.
    fn first_columns(&mut self, points: &[f64]) -> Result<Columns> {
        let inputs = self.to_inputs(points)?;
        let _guard = tch::no_grad_guard();
        let settled = match &mut self.program {
            Program::Script(script) => script.settle_precision(&inputs),
            Program::Graph(_) => Ok(()),
        };
        let refuse = |error: Error| {
            Error::Model(format!(
                "the network doesn't take rows of {} features ({}): {error}",
                self.feature_names.len(),
                self.feature_names.join(", ")
            ))
        };
        settled.map_err(refuse)?;
        let columns = self.columns(&self.program.load()?, &inputs);
        columns.map_err(|error| match self.program.integers() {
            Some(remedy) => Error::Model(format!("{remedy} ({error})")),
            None => error,
        })
    }
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
