//! The options for opening a network's file.

use super::description::{NetworkDescription, Standardization};
use crate::dataset::Task;
use crate::error::{Error, Result};
use std::path::PathBuf;

/// Options for opening a network that another program trained.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ImportOptions {
    /// A JSON file with what the network's file doesn't say: see [`NetworkDescription`].
    pub description: Option<PathBuf>,
    /// The names of the data's features in the network's order. If none, they come from the file or
    /// the description, otherwise they are `x1`, `x2` and so on.
    pub feature_names: Option<Vec<String>>,
    /// What the network was trained for; none if the file or the description says so.
    pub task: Option<Task>,
    /// The quantity to interpret in a network with several; see
    /// [`Network::read_out_by_name`](crate::Network::read_out_by_name). If none, it is the only
    /// output, or with two logits the margin of class 1.
    pub output: Option<String>,
    /// How the inputs were scaled before the network saw them.
    pub input_scaling: Option<Standardization>,
    /// Whether a file is refused that holds code, as TorchScript does: to read its network is to run it.
    pub no_code: bool,
}

impl ImportOptions {
    /// The description, completed by the options.
    pub(super) fn describe(&self) -> Result<NetworkDescription> {
        let mut description = match &self.description {
            Some(path) => NetworkDescription::from_file(path)?,
            None => NetworkDescription::default(),
        };
        if let Some(names) = &self.feature_names {
            check_names(&description.inputs, names)?;
            description.inputs.clone_from(names);
        }
        if let (Some(described), Some(task)) = (description.task, self.task) {
            check_task(described, task)?;
        }
        description.task = self.task.or(description.task);
        if description.input_scaling.is_some() && self.input_scaling.is_some() {
            return Err(Error::Options(
                "the inputs' scaling is given twice, in the options and in the description".into(),
            ));
        }
        description.input_scaling = self.input_scaling.clone().or(description.input_scaling);
        description.check()?;
        Ok(description)
    }
}

/// Refuses data whose features differ from those that the file names, if it names any.
pub(super) fn check_names(of_network: &[String], of_data: &[String]) -> Result<()> {
    if of_network.is_empty() || of_network == of_data {
        Ok(())
    } else {
        Err(Error::Column(format!(
            "the network's inputs are {}, but the data's features are {}",
            of_network.join(", "),
            of_data.join(", ")
        )))
    }
}

pub(super) fn check_task(of_network: Task, asked: Task) -> Result<()> {
    let name = |task| match task {
        Task::Classification => "classification",
        Task::Regression => "regression",
    };
    if of_network == asked {
        Ok(())
    } else {
        Err(Error::Model(format!(
            "the network was trained for {}, but the task is {}",
            name(of_network),
            name(asked)
        )))
    }
}
