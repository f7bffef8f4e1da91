//! Compares polynomials with networks, on rows that neither has seen.

use super::candidates::{Candidate, Judged};
use super::comparison_options::ComparisonOptions;
use super::cross_validation::folds;
use crate::dataset::{Dataset, Task};
use crate::error::{Error, Result};
use crate::numerics::mean;
use std::fmt::{Display, Formatter};
use std::ops::RangeInclusive;

/// A difference of fewer standard errors than this may be chance.
const STANDARD_ERRORS: f64 = 2.0;

/// One of the candidates in a comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Contestant {
    /// Its name.
    pub name: String,
    /// The error on the test rows of each split, `(n_splits,)`: the root mean squared error, in the
    /// target's units, or the share of rows classified wrong.
    pub errors: Vec<f64>,
    /// On how many splits cross-validation chose it; none if there was nothing to choose.
    pub n_chosen: Option<usize>,
    /// The mean time of a fit in seconds, including the time of choosing, if something was chosen.
    pub seconds: f64,
}

impl Contestant {
    fn new(name: String, judged: Vec<Judged>, n_chosen: Option<usize>) -> Self {
        Self {
            name,
            errors: judged.iter().map(|judged| judged.error).collect(),
            n_chosen,
            seconds: mean(judged.iter().map(|judged| judged.seconds)),
        }
    }

    /// The mean of the errors.
    pub fn mean(&self) -> f64 {
        mean(self.errors.iter().copied())
    }

    /// The standard deviation of the errors over the splits.
    pub fn deviation(&self) -> f64 {
        deviation(&self.errors)
    }
}

/// Polynomials and networks, fitted to the same rows and judged on the same held-out rows.
///
/// It is printed as a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Whether the target is a class or a number.
    pub task: Task,
    /// How many rows were fitted to.
    pub n_training: usize,
    /// How many rows judged the fits.
    pub n_test: usize,
    /// The best constant prediction, the polynomials of each order, and the networks.
    pub contestants: Vec<Contestant>,
    /// The polynomial of the order that cross-validation chose on each split.
    pub polynomial: Contestant,
    /// The network that cross-validation chose on each split.
    pub network: Contestant,
}

impl Comparison {
    /// Compares polynomials and networks on one dataset, as Cheng et al. (2019) did on theirs.
    ///
    /// Polynomials and networks are treated alike. Every candidate is fitted to the training rows
    /// and judged on the test rows. One polynomial and one network are chosen by cross-validation
    /// within the training rows. The test rows take no part in fitting or choosing.
    ///
    /// ```no_run
    /// use closedform::Hyperparameters;
    /// use closedform::dataset::RealData;
    /// use closedform::regression::{Comparison, ComparisonOptions};
    ///
    /// let data = RealData::WineQuality;
    /// let options = ComparisonOptions::new(data.task(), vec![Hyperparameters::fast()]);
    /// println!("{}", Comparison::new(&data.load()?, &options)?);
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there are no networks or fewer than 2 splits, if a share or a number of folds is outside
    /// its range, or if the monomials don't fit into the allowed memory. Also the errors of
    /// [`Network::train`](crate::Network::train), for instance if a fold lacks a class or is
    /// smaller than a batch.
    pub fn new(data: &Dataset, options: &ComparisonOptions) -> Result<Self> {
        if options.networks.is_empty() {
            return Err(Error::parameter("networks", "empty", "at least one"));
        }
        if options.n_splits < 2 {
            return Err(Error::parameter("n_splits", options.n_splits, "at least 2"));
        }
        options.regression.check()?;
        let task = options.regression.task;
        let n_classes = match task {
            Task::Regression => None,
            Task::Classification => Some(data.check_classes()?),
        };
        let candidates = Candidate::all(options);
        let mut n_rows = (0, 0);
        let mut splits = Vec::new();
        for split in 0..options.n_splits as u64 {
            let seed = options.seed.wrapping_add(split);
            let (training, test) = data.split(options.training_share, seed)?;
            let folds = folds(&training, options.n_folds, seed)?;
            n_rows = (training.n_samples(), test.n_samples());
            let on_split = candidates.iter().map(|candidate| {
                let judge = |kept: &Dataset, left_out: &Dataset| {
                    candidate.judge(kept, left_out, n_classes, seed)
                };
                let by_folds = folds.iter().map(|(kept, left_out)| judge(kept, left_out));
                Ok((judge(&training, &test)?, by_folds.collect::<Result<_>>()?))
            });
            splits.push(on_split.collect::<Result<Vec<OnSplit>>>()?);
        }
        let n_polynomials = options.regression.max_order;
        let (polynomial, of_orders) = chosen("polynomial, chosen", &splits, 1..=n_polynomials);
        let networks = n_polynomials + 1..=n_polynomials + options.networks.len();
        let (network, of_networks) = chosen("network, chosen", &splits, networks);
        let n_chosen = [vec![None], of_orders, of_networks].concat();
        let contestant = |(index, (candidate, n_chosen)): (usize, (&Candidate, Option<usize>))| {
            let judged = splits.iter().map(|split| split[index].0);
            Contestant::new(candidate.name(), judged.collect(), n_chosen)
        };
        Ok(Self {
            task,
            n_training: n_rows.0,
            n_test: n_rows.1,
            contestants: candidates
                .iter()
                .zip(n_chosen)
                .enumerate()
                .map(contestant)
                .collect(),
            polynomial,
            network,
        })
    }

    /// The error of the chosen network minus that of the chosen polynomial, averaged over the
    /// splits, and the standard error of this difference.
    ///
    /// Splits share rows, so the usual standard error would be too small. This one comes from the
    /// corrected resampled t-test of Nadeau & Bengio (2003), "Inference for the generalization
    /// error".
    pub fn difference(&self) -> (f64, f64) {
        let errors = self.network.errors.iter().zip(&self.polynomial.errors);
        let differences: Vec<f64> = errors
            .map(|(network, polynomial)| network - polynomial)
            .collect();
        let n_splits = differences.len() as f64;
        let shared = 1.0 / n_splits + self.n_test as f64 / self.n_training as f64;
        (
            mean(differences.iter().copied()),
            deviation(&differences) * shared.sqrt(),
        )
    }
}

/// The result on the test rows, and the results on the folds of the training rows.
type OnSplit = (Judged, Vec<Judged>);

/// The candidate with the lowest mean error over the folds, on each split, and how often each
/// candidate was chosen.
fn chosen(
    name: &str,
    splits: &[Vec<OnSplit>],
    candidates: RangeInclusive<usize>,
) -> (Contestant, Vec<Option<usize>>) {
    let mut n_chosen = vec![Some(0); candidates.clone().count()];
    let judged = splits.iter().map(|split| {
        let by_folds = |index: usize| split[index].1.iter();
        let score = |index: &usize| by_folds(*index).map(|fold| fold.error).sum::<f64>();
        let best = candidates
            .clone()
            .min_by(|a, b| score(a).total_cmp(&score(b)));
        let best = best.unwrap_or(*candidates.start());
        let count = &mut n_chosen[best - candidates.start()];
        *count = count.map(|n| n + 1);
        let choosing = candidates.clone().flat_map(by_folds);
        Judged {
            error: split[best].0.error,
            seconds: split[best].0.seconds + choosing.map(|fold| fold.seconds).sum::<f64>(),
        }
    });
    let judged = judged.collect();
    (Contestant::new(name.to_string(), judged, None), n_chosen)
}

fn deviation(values: &[f64]) -> f64 {
    let middle = mean(values.iter().copied());
    let squares: f64 = values.iter().map(|value| (value - middle).powi(2)).sum();
    (squares / (values.len() as f64 - 1.0)).sqrt()
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let n_splits = self.network.errors.len();
        let what = match self.task {
            Task::Regression => "root mean squared error",
            Task::Classification => "share of rows classified wrong",
        };
        writeln!(
            f,
            "error: {what} on {} rows, after fitting to {} rows, {n_splits} splits",
            self.n_test, self.n_training
        )?;
        writeln!(
            f,
            "{:<34}{:>10}{:>12}{:>9}{:>10}",
            "", "mean", "deviation", "chosen", "seconds"
        )?;
        for row in self
            .contestants
            .iter()
            .chain([&self.polynomial, &self.network])
        {
            let n_chosen = row
                .n_chosen
                .map_or(String::new(), |n| format!("{n}/{n_splits}"));
            writeln!(
                f,
                "{:<34}{:>10.4}{:>12.4}{n_chosen:>9}{:>10.3}",
                row.name,
                row.mean(),
                row.deviation(),
                row.seconds
            )?;
        }
        let (difference, standard_error) = self.difference();
        let verdict = match difference / standard_error {
            far if far > STANDARD_ERRORS => "the polynomial is better",
            far if far < -STANDARD_ERRORS => "the network is better",
            _ => "neither is better",
        };
        write!(
            f,
            "network minus polynomial, as chosen: {difference:.4}, standard error \
             {standard_error:.4}: {verdict}"
        )
    }
}
