//! From data to formula in one call. The command line runs this function.

use super::halves::train_with_halves;
use super::{Network, Preset, TrainingOptions};
use super::{folds, learned, penalty};
use crate::dataset::{Dataset, Task};
use crate::error::Result;
use crate::interpretation::{Interpreted, Progress, Reading, ReadingOptions, Selection};
use crate::interrupt;
use std::ops::ControlFlow;
use std::time::Instant;

/// Options for the three steps of Wetzel (2024), algorithm 1.
#[derive(Debug, Clone, PartialEq)]
pub struct InterpretOptions {
    /// Step 1: training the network.
    pub training: TrainingOptions,
    /// Whether to measure the noise of the gradients; see
    /// [`gradient_noise`](crate::network::gradient_noise). If so, `reading.search.noise` is
    /// ignored.
    pub measure_noise: bool,
    /// Whether to train with an [L2 penalty](crate::Hyperparameters::l2_penalty) if the network
    /// fits noise: networks trained on halves of the data choose it by how well they predict the
    /// other halves. Needs `measure_noise`, and does nothing if the hyperparameters have a penalty.
    pub choose_penalty: bool,
    /// Steps 2 and 3: computing the gradients and searching for the formula.
    pub reading: ReadingOptions,
}

impl InterpretOptions {
    /// Default options, with one seed for training and search.
    pub fn with_seed(seed: u64) -> Self {
        Self {
            training: TrainingOptions {
                seed,
                ..TrainingOptions::default()
            },
            measure_noise: true,
            choose_penalty: true,
            reading: ReadingOptions::with_seed(seed),
        }
    }

    /// The options of a preset. For `fast` they are those of [`with_seed`](Self::with_seed). For
    /// `paper` they have the paper's network and take directions in the paper's band; the noise
    /// isn't measured, because that would triple the training time, which is minutes.
    pub fn with_preset(preset: Preset, seed: u64) -> Self {
        let fast = Self::with_seed(seed);
        match preset {
            Preset::Fast => fast,
            Preset::Paper => Self {
                training: TrainingOptions {
                    hyperparameters: preset.hyperparameters(),
                    ..fast.training
                },
                measure_noise: false,
                choose_penalty: false,
                reading: ReadingOptions {
                    selection: Selection::Band,
                    ..fast.reading
                },
            },
        }
    }
}

/// Trains a network, computes its gradients, and searches for the formula behind them (Wetzel
/// 2024, algorithm 1).
///
/// With `measure_noise`, networks trained on halves of the data show how exact the network is. This
/// weights the directions and sets the noise of the search. It also penalizes formulas that
/// disagree with the network's decisions more often than the network errs, or that leave more of a
/// regressor's values unexplained: see [`ParetoFront::best`](crate::ParetoFront::best).
///
/// `fresh` holds rows that nothing is fitted to: they are training's validation rows, and the
/// formula is judged on them. If there are fewer than 100, a cross-validation of all rows tells what
/// network and formula are worth. `monitor` is called at every step; `Break` ends the current step, and
/// the run goes on with what that step has found.
///
/// # Errors
/// More than two classes, and the errors of [`Network::train`], [`Network::check_learned`] and
/// [`interpret_model`](crate::interpret_model).
pub fn interpret(
    training: &Dataset,
    fresh: &Dataset,
    options: &InterpretOptions,
    monitor: impl FnMut(&Progress) -> ControlFlow<()>,
) -> Result<Interpreted<Network>> {
    let mut monitor = interrupt::heed(monitor);
    let start = Instant::now();
    if options.training.task == Task::Classification {
        training.check_two_classes()?;
    }
    let mut train = |options: &TrainingOptions| {
        Network::train(training, fresh, options, |epoch| {
            monitor(&Progress::Training(*epoch))
        })
    };
    let mut own = options.training.clone();
    let ((mut network, mut history), mut halves) = if options.measure_noise {
        train_with_halves(&mut || train(&own), training, fresh, &own)?
    } else {
        (train(&own)?, None)
    };
    let is_free = options.choose_penalty && own.hyperparameters.l2_penalty == 0.0;
    if let Some(without) = halves.as_ref().filter(|_| is_free && !history.was_stopped)
        && let Some((penalized, others)) = penalty::chosen(without, training, fresh, &own)?
    {
        own = penalized;
        halves = Some(others);
        (network, history) = train(&own)?;
    }
    learned::check(&network, halves.as_ref(), training, fresh, own.seed)?;
    let seconds = start.elapsed().as_secs_f64();
    let folds = if history.was_stopped {
        Vec::new()
    } else {
        folds::trained(training, fresh, &own)?
    };
    let reading = Reading {
        model: network,
        halves: halves.as_ref(),
        folds: &folds,
        training,
        fresh,
        options: &options.reading,
    };
    let mut run = reading.interpret(monitor)?;
    run.history = Some(history);
    run.seconds.train = seconds;
    run.seconds.total += seconds;
    Ok(run)
}
