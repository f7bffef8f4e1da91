//! From the data of several classes to a formula for each.

use super::{InterpretOptions, Network, interpret};
use crate::dataset::Dataset;
use crate::error::Result;
use crate::interpretation::{OfClasses, Progress};
use crate::interrupt;
use std::ops::ControlFlow;

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
) -> Result<OfClasses<Network>> {
    let mut monitor = interrupt::heed(monitor);
    OfClasses::of_each(training, fresh, |_, training, fresh| {
        interpret(training, fresh, options, &mut monitor)
    })
}
