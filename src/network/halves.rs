//! Networks trained on halves of the data, which show how exact a network trained on all of it is.

use super::numbers::N_SPLITS;
use super::{Network, TrainingOptions};
use crate::dataset::Dataset;
use crate::directions::Directions;
use crate::error::{Error, Result};
use crate::interpretation::Halves;
use crate::model::TrainingHistory;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

/// The loss that a perfect formula would have because the network's gradients are inexact.
///
/// Two networks are trained the same way on disjoint halves of the data. Their errors are
/// independent and of the same size, so half of the mean squared difference of their normalized
/// gradients is the error of one network: what label noise, finite data and initial weights cause
/// with half the data. An error that all such networks share stays unseen. The result is the mean
/// over several random splits, because two networks may agree by chance: errors are smooth, and
/// along a short boundary they have only two or three degrees of freedom. `fresh` holds rows that
/// nothing is fitted to.
///
/// # Errors
/// Those of [`Network::train`].
pub fn gradient_noise(
    directions: &Directions,
    training: &Dataset,
    fresh: &Dataset,
    options: &TrainingOptions,
) -> Result<f64> {
    train_halves(training, fresh, options, &AtomicBool::new(false))?.noise(directions)
}

/// Trains a network on each half of every split, until done or until `stopped` is set.
pub(super) fn train_halves(
    training: &Dataset,
    fresh: &Dataset,
    options: &TrainingOptions,
    stopped: &AtomicBool,
) -> Result<Halves<Network>> {
    let halves = all_halves(training, options.seed)?.concat();
    let mut networks = train_parts(&halves, fresh, options, stopped)?.into_iter();
    let pairs = std::iter::from_fn(|| Some([networks.next()?, networks.next()?]));
    Ok(Halves(pairs.collect()))
}

/// Trains a network on each of some parts of the data, which have equally many rows, until done or
/// until `stopped` is set.
pub(super) fn train_parts(
    parts: &[Dataset],
    fresh: &Dataset,
    options: &TrainingOptions,
    stopped: &AtomicBool,
) -> Result<Vec<Network>> {
    let flow = || {
        if stopped.load(Ordering::Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let seed_of = |offset: u64| options.seed.wrapping_add(offset);
    let seeds: Vec<u64> = (1..=parts.len() as u64).map(seed_of).collect();
    let mut options = options.clone();
    let batch_size = &mut options.hyperparameters.batch_size;
    *batch_size = (*batch_size).min(parts[0].n_samples());
    if options.hyperparameters.check_together().is_ok() {
        return Network::train_together(parts, &seeds, &options, |_| flow());
    }
    let trained = parts.iter().zip(seeds).map(|(part, seed)| {
        options.seed = seed;
        Ok(Network::train(part, fresh, &options, |_| flow())?.0)
    });
    trained.collect()
}

/// The halves of every split, in the order of the networks trained on them.
pub(super) fn all_halves(training: &Dataset, seed: u64) -> Result<Vec<[Dataset; 2]>> {
    let splits = 0..N_SPLITS;
    splits
        .map(|split| equal_halves(training, seed.wrapping_add(split)))
        .collect()
}

/// A random half of the rows, and equally many of the others.
fn equal_halves(data: &Dataset, seed: u64) -> Result<[Dataset; 2]> {
    let (first, second) = data.split(0.5, seed)?;
    let rows: Vec<usize> = (0..first.n_samples().min(second.n_samples())).collect();
    Ok([first.select(&rows), second.select(&rows)])
}

/// The halves, or none where they can't be trained: half of a small dataset may lack a class or
/// have a constant column. The noise is then unknown, which is no reason to fail.
pub(super) fn measured(halves: Result<Halves<Network>>) -> Result<Option<Halves<Network>>> {
    match halves {
        Ok(halves) => Ok(Some(halves)),
        Err(error) => match error.root() {
            Error::Uninformative(_) | Error::Unlearned(_) => Ok(None),
            _ => Err(error),
        },
    }
}

type Trained = (Network, TrainingHistory);

/// Runs `train` and the training on halves: concurrently if the network is small, otherwise one
/// after the other, because a large network uses all cores by itself.
pub(super) fn train_with_halves(
    train: &mut impl FnMut() -> Result<Trained>,
    training: &Dataset,
    fresh: &Dataset,
    options: &TrainingOptions,
) -> Result<(Trained, Option<Halves<Network>>)> {
    let stopped = AtomicBool::new(false);
    // If the network was stopped early, the halves stop, too.
    let finish = |trained: &Result<Trained>| {
        let is_complete = trained
            .as_ref()
            .is_ok_and(|(_, history)| !history.was_stopped);
        stopped.store(!is_complete, Ordering::Relaxed);
    };
    let halves = || train_halves(training, fresh, options, &stopped);
    if !options.hyperparameters.is_small(training.n_features(), 1) {
        let trained = train();
        finish(&trained);
        return Ok((trained?, measured(halves())?));
    }
    std::thread::scope(|scope| {
        let halves = scope.spawn(halves);
        let trained = train();
        finish(&trained);
        let halves = halves
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Ok((trained?, measured(halves)?))
    })
}
