//! Whether a network has learned anything that can be interpreted.

use super::Network;
use super::halves::all_halves;
use super::numbers::STANDARD_ERRORS;
use crate::dataset::{Dataset, Task};
use crate::error::{Error, Result};
use crate::interpretation::Halves;
use crate::model::Model;
use crate::numerics::spearman;

/// Refuses a network that has learned nothing. Where too few rows are fresh to tell, networks
/// trained on halves of the data are judged on the other halves.
pub(super) fn check(
    network: &Network,
    halves: Option<&Halves<Network>>,
    training: &Dataset,
    fresh: &Dataset,
    seed: u64,
) -> Result<()> {
    let checked = network.check_learned(fresh);
    let (Err(Error::Unlearned(_)), Some(halves)) = (&checked, halves) else {
        return checked;
    };
    let mut scores = Vec::new();
    for ([first, second], [one, two]) in halves.0.iter().zip(&all_halves(training, seed)?) {
        scores.push(rank_score(first, two)?);
        scores.push(rank_score(second, one)?);
    }
    // Two halves of a split are independent, two splits are not.
    let n_splits = halves.0.len() as f64;
    let score = scores.iter().sum::<f64>() / (2.0_f64.sqrt() * n_splits);
    if score > STANDARD_ERRORS {
        Ok(())
    } else {
        checked
    }
}

/// The rank correlation between a network's answers and the targets, in standard errors.
fn rank_score(network: &Network, data: &Dataset) -> Result<f64> {
    let latent = network.latent(data.points())?;
    let correlation = spearman(&latent, data.targets());
    Ok(correlation * (data.n_samples() as f64 - 1.0).sqrt())
}

impl Network {
    /// Refuses a network that has learned nothing: on fresh rows its answers are no better than
    /// chance.
    ///
    /// A network passes if it beats the best constant answer, the most frequent class or the mean
    /// target, by two standard errors of its mean advantage in correct classes or squared errors.
    /// It also passes if its latent model and the targets have a rank correlation two standard
    /// errors above 0: rare classes and heavy tails hide in the mean what ranks show. That test
    /// needs one output.
    ///
    /// This needs the targets that the network was trained on. A network read out of another one,
    /// such as a [`neuron`](Self::neuron), has none: check the trained network instead. For a
    /// [`margin`](Self::margin), pass the rows of its [`pair`](crate::Dataset::pair).
    ///
    /// # Errors
    /// A network that has learned nothing, with its score and that of the constant answer; data
    /// with another number of features or other classes.
    pub fn check_learned(&self, fresh: &Dataset) -> Result<()> {
        let n = fresh.n_samples();
        if self.n_outputs() == 1 && rank_score(self, fresh)? > STANDARD_ERRORS {
            return Ok(());
        }
        let (advantages, figures) = match self.task {
            Task::Classification => self.advantage_in_hits(fresh)?,
            Task::Regression => self.advantage_in_squares(fresh)?,
        };
        let mean = advantages.iter().sum::<f64>() / n as f64;
        let variance = advantages.iter().map(|a| (a - mean).powi(2)).sum::<f64>() / n as f64;
        if mean > STANDARD_ERRORS * (variance / n as f64).sqrt() {
            return Ok(());
        }
        Err(Error::Unlearned(format!(
            "the network has learned nothing that {n} fresh rows confirm: {figures}; a formula \
             would describe noise (more rows, more epochs or other features may help)"
        )))
    }

    fn advantage_in_hits(&self, fresh: &Dataset) -> Result<(Vec<f64>, String)> {
        let hits = self.hits(fresh)?;
        let targets = fresh.targets();
        let n_rows = |class: usize| targets.iter().filter(|t| **t == class as f64).count();
        let n_classes = self.n_outputs().max(2);
        let majority = (0..n_classes).max_by_key(|&class| n_rows(class));
        let majority = majority.unwrap_or_default();
        let number = |is: bool| f64::from(u8::from(is));
        let pairs = hits.iter().zip(targets);
        let advantages = pairs.map(|(hit, t)| number(*hit) - number(*t == majority as f64));
        let share = |n_right: usize| 100.0 * n_right as f64 / targets.len() as f64;
        let figures = format!(
            "it is right on {:.1} % of them, and always answering \"class {majority}\" would be \
             right on {:.1} %",
            share(hits.iter().filter(|hit| **hit).count()),
            share(n_rows(majority))
        );
        Ok((advantages.collect(), figures))
    }

    fn advantage_in_squares(&self, fresh: &Dataset) -> Result<(Vec<f64>, String)> {
        self.check_features(fresh)?;
        let predictions = self.predict(fresh.points())?;
        let targets = fresh.targets();
        let mean = targets.iter().sum::<f64>() / targets.len() as f64;
        let squares = targets.iter().zip(&predictions);
        let squares: Vec<(f64, f64)> = squares
            .map(|(t, p)| ((t - mean).powi(2), (t - p).powi(2)))
            .collect();
        let of_mean: f64 = squares.iter().map(|(of_mean, _)| of_mean).sum();
        let own: f64 = squares.iter().map(|(_, own)| own).sum();
        let figures = format!(
            "its R^2 is {:.3}, and always answering \"{mean:.3}\" would have an R^2 of 0",
            1.0 - own / of_mean
        );
        let advantages = squares.iter().map(|(of_mean, own)| of_mean - own).collect();
        Ok((advantages, figures))
    }
}
