//! From data to formula in one call: what the command line runs.

use super::halves::train_with_halves;
use super::{Network, Preset, TrainingOptions};
use crate::dataset::{Dataset, Task};
use crate::error::Result;
use crate::interpretation::{Interpreted, Progress, Reading, ReadingOptions, Selection};
use crate::interrupt;
use std::ops::ControlFlow;
use std::time::Instant;

/// The options of the three steps of Wetzel (2024), algorithm 1.
#[derive(Debug, Clone, PartialEq)]
pub struct InterpretOptions {
    /// Step 1: training the network.
    pub training: TrainingOptions,
    /// Whether the noise of the gradients is measured, see
    /// [`gradient_noise`](crate::network::gradient_noise); `reading.search.noise` is then ignored.
    pub measure_noise: bool,
    /// Steps 2 and 3: taking its gradients and searching the formula.
    pub reading: ReadingOptions,
}

impl InterpretOptions {
    /// Defaults throughout, with one seed for training and search.
    pub fn with_seed(seed: u64) -> Self {
        Self {
            training: TrainingOptions {
                seed,
                ..TrainingOptions::default()
            },
            measure_noise: true,
            reading: ReadingOptions::with_seed(seed),
        }
    }

    /// The options of a preset: [`with_seed`](Self::with_seed) for `fast`; for `paper` its network,
    /// the band that it takes the directions in, and no measurement of noise, which would
    /// triple the minutes that it trains.
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
                reading: ReadingOptions {
                    selection: Selection::Band,
                    ..fast.reading
                },
            },
        }
    }
}

/// Trains a network, takes its gradients, and searches the formula behind them
/// (Wetzel 2024, algorithm 1).
///
/// Where networks of halves of the data show how exact the network is, that weighs the
/// directions, sets the noise of the search, and penalizes formulas that decide otherwise than the
/// network more often than it errs, or leave more of its values: see
/// [`ParetoFront::best`](crate::ParetoFront::best).
///
/// `fresh` holds rows that nothing is fitted to: training is watched and the formula judged on
/// them. `monitor` hears of every step; `Break` ends the step at hand, and the run goes on with
/// what that step has.
///
/// # Errors
/// More than two classes, and those of [`Network::train`], [`Network::check_learned`] and
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
    let mut train = || {
        Network::train(training, fresh, &options.training, |epoch| {
            monitor(&Progress::Training(*epoch))
        })
    };
    let ((network, history), halves) = if options.measure_noise {
        train_with_halves(&mut train, training, fresh, &options.training)?
    } else {
        (train()?, None)
    };
    network.check_learned(fresh)?;
    let seconds = start.elapsed().as_secs_f64();
    let reading = Reading {
        model: network,
        halves: halves.as_ref(),
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
