//! Checks before training: data and options that don't fit each other are refused.

use super::check_known_classes;
use super::numbers::MAX_THREADS;
use super::training_options::TrainingOptions;
use crate::dataset::{Dataset, Task};
use crate::error::{Error, Result};

/// Checks the training of one network and returns the number of outputs that it needs.
pub(super) fn check(
    training: &Dataset,
    validation: &Dataset,
    options: &TrainingOptions,
) -> Result<usize> {
    check_options(training, options)?;
    (validation.points()).check_features("the training data", training.feature_names())?;
    check_columns(training)?;
    match options.task {
        Task::Classification => {
            let n_classes = training.check_classes()?;
            check_known_classes(validation, n_classes)?;
            Ok(if n_classes == 2 { 1 } else { n_classes })
        }
        Task::Regression => {
            check_numbers(training)?;
            Ok(1)
        }
    }
}

/// Checks the training of several networks together.
pub(super) fn check_together(
    training: &[Dataset],
    seeds: &[u64],
    options: &TrainingOptions,
) -> Result<()> {
    let Some(first) = training.first() else {
        return Err(Error::Shape(
            "there are no datasets; at least 1 is needed".into(),
        ));
    };
    if seeds.len() != training.len() {
        return Err(Error::Shape(format!(
            "there are {} datasets, but {} seeds",
            training.len(),
            seeds.len()
        )));
    }
    check_options(first, options)?;
    options.hyperparameters.check_together()?;
    for (index, data) in training.iter().enumerate() {
        let shape = |data: &Dataset| (data.n_samples(), data.n_features());
        if shape(data) != shape(first) {
            return Err(Error::Shape(format!(
                "dataset {} has shape {:?}, but dataset 1 has {:?}; networks trained together need \
                 datasets of the same shape",
                index + 1,
                shape(data),
                shape(first)
            )));
        }
        check_columns(data)
            .and_then(|()| match options.task {
                Task::Classification => data.check_two_classes(),
                Task::Regression => check_numbers(data),
            })
            .map_err(|error| of_dataset(index, error))?;
    }
    Ok(())
}

fn check_options(training: &Dataset, options: &TrainingOptions) -> Result<()> {
    options.hyperparameters.check(training.n_samples())?;
    match options.n_threads.filter(|n| !(1..=MAX_THREADS).contains(n)) {
        Some(n) => {
            let allowed = format!("between 1 and {MAX_THREADS}");
            Err(Error::parameter("n_threads", n, allowed))
        }
        None => Ok(()),
    }
}

/// Refuses constant features, which have no gradient.
fn check_columns(training: &Dataset) -> Result<()> {
    let points = training.points();
    for (name, (low, high)) in points.feature_names().iter().zip(points.bounds()) {
        if low == high {
            return Err(Error::Uninformative(format!(
                "column \"{name}\" is constant ({low}); a network learns nothing from it: \
                 leave it out"
            )));
        }
    }
    Ok(())
}

/// Refuses targets that are all the same.
fn check_numbers(training: &Dataset) -> Result<()> {
    let first = training.targets()[0];
    if !training.targets().iter().all(|&target| target == first) {
        Ok(())
    } else {
        Err(Error::Uninformative(format!(
            "target \"{}\" is constant ({first}); there is nothing to learn",
            training.target_name()
        )))
    }
}

/// Adds the number of the dataset to an error.
pub(super) fn of_dataset(index: usize, error: Error) -> Error {
    error.at(format!("dataset {}", index + 1))
}
