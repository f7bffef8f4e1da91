//! From the data of several classes to a formula for each.

use super::{InterpretOptions, Network, interpret};
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::interpretation::{ClassTable, Interpreted, Progress};
use crate::interrupt;
use std::ops::ControlFlow;

/// What was found for each of several classes.
#[derive(Debug)]
pub struct OfClasses {
    /// The runs, `(n_classes,)`, each of one class against all others; for a class of which the network
    /// learned nothing, the reason.
    pub runs: Vec<std::result::Result<Interpreted<Network>, String>>,
    /// How their formulas decide together.
    pub table: ClassTable,
}

/// Interprets a network for each class that tells it from all others, as [`interpret`] does for two
/// classes, and compares the formulas on `fresh` rows.
///
/// A time limit holds for the search of each class. `monitor` is called at every step of every run;
/// after a `Break` the runs that follow end at their first step.
///
/// # Errors
/// Targets that are no classes, and the errors of [`interpret`] but that of a network which has
/// learned nothing.
pub fn interpret_classes(
    training: &Dataset,
    fresh: &Dataset,
    options: &InterpretOptions,
    monitor: impl FnMut(&Progress) -> ControlFlow<()>,
) -> Result<OfClasses> {
    let mut monitor = interrupt::heed(monitor);
    let mut runs = Vec::new();
    for name in training.names_of_classes()? {
        let place = |error: Error| error.at(format!("class {name}"));
        let one = training.against_rest(&name)?;
        let fresh = fresh.against_rest_of(&name, training).map_err(place)?;
        runs.push(match interpret(&one, &fresh, options, &mut monitor) {
            Ok(run) => Ok(run),
            Err(Error::Unlearned(reason)) => Err(reason),
            Err(error) => return Err(place(error)),
        });
    }
    let found = runs.iter().map(|run| match run {
        Ok(run) => Ok(&run.interpretation),
        Err(reason) => Err(reason.as_str()),
    });
    let table = ClassTable::new(&found.collect::<Vec<_>>(), training, fresh)?;
    Ok(OfClasses { runs, table })
}
