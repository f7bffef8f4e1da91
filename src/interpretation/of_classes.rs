//! From models of several classes to a formula for each.

use super::{ClassTable, Interpreted, Progress, ReadingOptions, interpret_model};
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::interrupt;
use crate::model::Model;
use std::ops::ControlFlow;

/// What was found for each of several classes.
#[derive(Debug)]
pub struct OfClasses<M> {
    /// The runs, `(n_classes,)`, each of one class against all others; for a class of which the model
    /// learned nothing, the reason.
    pub runs: Vec<std::result::Result<Interpreted<M>, String>>,
    /// How their formulas decide together.
    pub table: ClassTable,
}

impl<M> OfClasses<M> {
    /// Calls `interpret` for each class with its number, and with the rows of `training` and `fresh`
    /// with targets 1 for this class and 0 for all others.
    pub(crate) fn of_each(
        training: &Dataset,
        fresh: &Dataset,
        mut interpret: impl FnMut(usize, &Dataset, &Dataset) -> Result<Interpreted<M>>,
    ) -> Result<Self> {
        let mut runs = Vec::new();
        for (class, name) in training.names_of_classes()?.into_iter().enumerate() {
            let place = |error: Error| error.at(format!("class {name}"));
            let one = training.against_rest(&name)?;
            let fresh = fresh.against_rest_of(&name, training).map_err(place)?;
            runs.push(match interpret(class, &one, &fresh) {
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
        Ok(Self { runs, table })
    }
}

/// Interprets models `(n_classes,)`, each of one class against all others, as [`interpret_model`] does,
/// and compares the formulas on `fresh` rows.
///
/// A time limit holds for the search of each class. `monitor` is called at every step of every run;
/// after a `Break` the runs that follow end at their first step.
///
/// # Errors
/// Targets that are no classes, another number of models, and the errors of [`interpret_model`] but
/// that of a model which has learned nothing.
pub fn interpret_models<M: Model>(
    models: Vec<M>,
    training: &Dataset,
    fresh: &Dataset,
    options: &ReadingOptions,
    monitor: impl FnMut(&Progress) -> ControlFlow<()>,
) -> Result<OfClasses<M>> {
    let n_classes = training.check_classes()?;
    if models.len() != n_classes {
        let n_models = models.len();
        let reason = format!("there are {n_models} models for {n_classes} classes");
        return Err(Error::Shape(reason));
    }
    let mut monitor = interrupt::heed(monitor);
    let mut models = models.into_iter();
    OfClasses::of_each(training, fresh, |class, training, fresh| {
        let model = models
            .next()
            .ok_or_else(|| Error::Shape(format!("there is no model for class {class}")))?;
        interpret_model(model, training, fresh, options, &mut monitor)
    })
}
