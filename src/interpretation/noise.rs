//! How exact a network's gradients are, measured by training on halves of the data.

use crate::dataset::{Dataset, Task};
use crate::error::{Error, Result};
use crate::gradients::Directions;
use crate::model::Model;
use crate::network::{Network, TrainingHistory, TrainingOptions};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

/// The loss that a perfect formula would have because the network's gradients are inexact.
///
/// Two networks are trained the same way on disjoint halves of the data. They err alike and
/// independently, so half of the mean squared difference of their normalized gradients is each
/// one's own error: what label noise, finite data and initial weights cause, for half the data.
/// An error that all such networks share stays unseen. The mean is taken over several random
/// splits: errors are smooth, along a short boundary they have two or three degrees of freedom
/// only, and one pair of networks may agree by chance. `fresh` holds rows that nothing is fitted to.
///
/// # Errors
/// Those of [`Network::train`].
pub fn gradient_noise(
    directions: &Directions,
    training: &Dataset,
    fresh: &Dataset,
    options: &TrainingOptions,
) -> Result<f64> {
    Halves::train(training, fresh, options, &AtomicBool::new(false))?.noise(directions)
}

/// Into how many pairs of halves the data is split, each at random.
const N_SPLITS: u64 = 2;

/// Pairs of networks, each pair trained on disjoint halves of the data.
pub(super) struct Halves(Vec<[Network; 2]>);

impl Halves {
    /// Trains all of them until done or until `stopped` is set.
    fn train(
        training: &Dataset,
        fresh: &Dataset,
        options: &TrainingOptions,
        stopped: &AtomicBool,
    ) -> Result<Self> {
        let flow = || match stopped.load(Ordering::Relaxed) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        };
        let seed_of = |offset: u64| options.seed.wrapping_add(offset);
        let splits = (0..N_SPLITS).map(|split| equal_halves(training, seed_of(split)));
        let halves = splits.collect::<Result<Vec<_>>>()?.concat();
        let seeds: Vec<u64> = (1..=2 * N_SPLITS).map(seed_of).collect();
        let mut options = options.clone();
        let batch_size = &mut options.hyperparameters.batch_size;
        *batch_size = (*batch_size).min(halves[0].n_samples());
        let is_binary = options.task == Task::Regression || training.check_two_classes().is_ok();
        let networks = match is_binary && options.hyperparameters.allow_training_together() {
            true => Network::train_together(&halves, &seeds, &options, |_| flow())?,
            false => {
                let trained = halves.iter().zip(seeds).map(|(half, seed)| {
                    options.seed = seed;
                    Ok(Network::train(half, fresh, &options, |_| flow())?.0)
                });
                trained.collect::<Result<Vec<_>>>()?
            }
        };
        let mut networks = networks.into_iter();
        let pairs = std::iter::from_fn(|| Some([networks.next()?, networks.next()?]));
        Ok(Self(pairs.collect()))
    }

    /// See [`gradient_noise`].
    pub fn noise(&self, directions: &Directions) -> Result<f64> {
        let weights = directions.weights();
        let total: f64 = weights.iter().sum();
        self.mean(|pair| {
            let [first, second] = at_points_of(directions, pair)?;
            let cosines = first.cosines(&second);
            let agreement: f64 = cosines.iter().zip(weights).map(|(c, w)| c * w).sum();
            Ok(1.0 - agreement / total)
        })
    }

    /// The share of points `(n_samples, n_features)` that a network of all of the data classifies
    /// wrong: half of what two of a pair classify differently.
    ///
    /// Where boundaries are shifted at random, the share of points between two of them is
    /// proportional to the distance: that between two of a pair is sqrt(2) of one's own error, and
    /// that sqrt(2) of the error with twice the data.
    pub fn share_of_errors(&self, points: &[f64]) -> Result<f64> {
        self.mean(|[first, second]| {
            let (first, second) = (first.latent(points)?, second.latent(points)?);
            let pairs = first.iter().zip(&second);
            let n_different = pairs.filter(|(a, b)| (**a > 0.0) != (**b > 0.0)).count();
            Ok(n_different as f64 / first.len() as f64 / 2.0)
        })
    }

    /// The share of a regressor's variance at points `(n_samples, n_features)`, where it is
    /// `predicted`, by which a network of all of the data errs: a quarter of the mean squared
    /// difference of two of a pair, as squares add up.
    pub fn share_of_variance(&self, points: &[f64], predicted: &[f64]) -> Result<f64> {
        let mean = predicted.iter().sum::<f64>() / predicted.len() as f64;
        let spread: f64 = predicted.iter().map(|f| (f - mean).powi(2)).sum();
        self.mean(|[first, second]| {
            let (first, second) = (first.latent(points)?, second.latent(points)?);
            let pairs = first.iter().zip(&second);
            let squares: f64 = pairs.map(|(a, b)| (a - b).powi(2)).sum();
            Ok(squares / 4.0 / spread)
        })
    }

    /// The directions, each weighted by how well each pair and the network itself agree on it: 1
    /// where they do, 1/2 at the median of their disagreement.
    pub fn weigh(&self, directions: Directions) -> Result<Directions> {
        let mut disagreements = vec![0.0; directions.n_samples()];
        for pair in &self.0 {
            let [first, second] = at_points_of(&directions, pair)?;
            let cosines = [
                first.cosines(&second),
                first.cosines(&directions),
                second.cosines(&directions),
            ];
            for (point, sum) in disagreements.iter_mut().enumerate() {
                *sum += 3.0 - cosines.iter().map(|cosines| cosines[point]).sum::<f64>();
            }
        }
        let mut sorted = disagreements.clone();
        sorted.sort_by(f64::total_cmp);
        let median = sorted[sorted.len() / 2].max(f64::EPSILON);
        let weighted = directions.weights().iter().zip(&disagreements);
        let weights = weighted.map(|(weight, d)| weight * median / (median + d));
        let weights = weights.collect();
        directions.with_weights(weights)
    }

    /// The mean over the pairs.
    fn mean(&self, of_pair: impl Fn(&[Network; 2]) -> Result<f64>) -> Result<f64> {
        let sum = self.0.iter().map(of_pair).sum::<Result<f64>>()?;
        Ok(sum / self.0.len() as f64)
    }
}

/// Both networks' directions at the points of others.
fn at_points_of(directions: &Directions, pair: &[Network; 2]) -> Result<[Directions; 2]> {
    let at_points = |network: &Network| -> Result<Directions> {
        let points = directions.points().to_vec();
        let gradients = network.gradients(&points)?;
        Directions::from_gradients(directions.feature_names().to_vec(), points, gradients)
    };
    let [first, second] = pair;
    Ok([at_points(first)?, at_points(second)?])
}

/// A random half of the rows and as many of the others.
fn equal_halves(data: &Dataset, seed: u64) -> Result<[Dataset; 2]> {
    let (first, second) = data.split(0.5, seed)?;
    let rows: Vec<usize> = (0..first.n_samples().min(second.n_samples())).collect();
    Ok([first.select(&rows), second.select(&rows)])
}

/// Halves of small data may miss a class or hold a column constant; their noise is then unknown,
/// which is no reason to fail.
fn measured(halves: Result<Halves>) -> Result<Option<Halves>> {
    match halves {
        Ok(halves) => Ok(Some(halves)),
        Err(Error::Data(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

type Trained = (Network, TrainingHistory);

/// Runs `train` with the halves beside it if the network is small, after it otherwise: large ones
/// use all cores by themselves.
pub(super) fn train_with_halves(
    train: &mut impl FnMut() -> Result<Trained>,
    training: &Dataset,
    fresh: &Dataset,
    options: &TrainingOptions,
) -> Result<(Trained, Option<Halves>)> {
    let stopped = AtomicBool::new(false);
    // A network that was stopped early stops the halves, too.
    let finish = |trained: &Result<Trained>| {
        let is_complete = trained
            .as_ref()
            .is_ok_and(|(_, history)| !history.was_stopped);
        stopped.store(!is_complete, Ordering::Relaxed);
    };
    let train_halves = || Halves::train(training, fresh, options, &stopped);
    if !options.hyperparameters.is_small(training.n_features()) {
        let trained = train();
        finish(&trained);
        return Ok((trained?, measured(train_halves())?));
    }
    std::thread::scope(|scope| {
        let halves = scope.spawn(train_halves);
        let trained = train();
        finish(&trained);
        let halves = halves
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Ok((trained?, measured(halves)?))
    })
}
