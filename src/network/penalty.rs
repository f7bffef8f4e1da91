//! The L2 penalty that suits noisy or few rows, chosen by cross-fitting: networks trained on halves
//! of the data are judged on the other halves.

use super::halves::{all_halves, measured, train_halves};
use super::numbers::{OVERFIT, PENALTIES};
use super::{Network, TrainingOptions};
use crate::dataset::{Dataset, Task};
use crate::error::Result;
use crate::interpretation::Halves;
use crate::model::Model;
use crate::numerics::{mean, softplus};
use std::sync::atomic::AtomicBool;

/// Losses of networks trained on halves, as shares of the loss of the best constant.
struct CrossFit {
    /// On the rows that they were trained on.
    training: f64,
    /// On the other halves.
    held_out: f64,
}

/// The options with the L2 penalty that predicts best, with the networks trained that way on
/// halves. None if the networks trained without a penalty don't fit noise, or predict best.
pub(super) fn chosen(
    halves: &Halves<Network>,
    training: &Dataset,
    fresh: &Dataset,
    options: &TrainingOptions,
) -> Result<Option<(TrainingOptions, Halves<Network>)>> {
    let without = CrossFit::new(halves, training, options)?;
    if without.held_out - without.training <= OVERFIT {
        return Ok(None);
    }
    let mut least = without.held_out;
    let mut best = None;
    for penalty in PENALTIES {
        let mut options = options.clone();
        options.hyperparameters.l2_penalty = penalty;
        let halves = train_halves(training, fresh, &options, &AtomicBool::new(false));
        let Some(halves) = measured(halves)? else {
            continue;
        };
        let loss = CrossFit::new(&halves, training, &options)?.held_out;
        if loss < least {
            (least, best) = (loss, Some((options, halves)));
        }
    }
    Ok(best)
}

impl CrossFit {
    fn new(
        halves: &Halves<Network>,
        training: &Dataset,
        options: &TrainingOptions,
    ) -> Result<Self> {
        let (mut own, mut others) = (Vec::new(), Vec::new());
        let splits = all_halves(training, options.seed)?;
        for ([first, second], [one, two]) in halves.0.iter().zip(&splits) {
            for (network, seen, unseen) in [(first, one, two), (second, two, one)] {
                own.push(share_of_constant(network, seen)?);
                others.push(share_of_constant(network, unseen)?);
            }
        }
        Ok(Self {
            training: mean(own.into_iter()),
            held_out: mean(others.into_iter()),
        })
    }
}

/// A network's squared error or cross-entropy, as a share of that of the best constant.
fn share_of_constant(network: &Network, data: &Dataset) -> Result<f64> {
    let latent = network.latent(data.points())?;
    let targets = data.targets();
    let center = mean(targets.iter().copied());
    let pairs = targets.iter().zip(&latent);
    let (own, constant) = match network.task() {
        Task::Regression => (
            mean(pairs.map(|(t, f)| (t - f).powi(2))),
            mean(targets.iter().map(|t| (t - center).powi(2))),
        ),
        Task::Classification => (
            mean(pairs.map(|(t, f)| softplus(*f) - t * f)),
            -(center * center.ln() + (1.0 - center) * (1.0 - center).ln()),
        ),
    };
    Ok(own / constant)
}
