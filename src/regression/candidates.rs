//! The candidates to compare: the best constant prediction, polynomials of each order, and
//! networks.

use super::comparison_options::ComparisonOptions;
use super::{PolynomialRegression, RegressionOptions};
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::network::{Network, TrainingOptions};
use crate::numerics::mean;
use crate::progress;
use std::time::Instant;

/// The error, as in [`Contestant`](super::Contestant), and the seconds that the fit took.
#[derive(Clone, Copy)]
pub(super) struct Judged {
    pub error: f64,
    pub seconds: f64,
}

pub(super) enum Candidate {
    Constant,
    Polynomial(RegressionOptions),
    Network(usize, TrainingOptions),
}

impl Candidate {
    pub fn all(options: &ComparisonOptions) -> Vec<Self> {
        let orders = (1..=options.regression.max_order).map(|max_order| {
            Self::Polynomial(RegressionOptions {
                max_order,
                ..options.regression.clone()
            })
        });
        let networks = options.networks.iter().enumerate().map(|(index, network)| {
            let training = TrainingOptions {
                task: options.regression.task,
                hyperparameters: network.clone(),
                ..TrainingOptions::default()
            };
            Self::Network(index + 1, training)
        });
        [Self::Constant]
            .into_iter()
            .chain(orders)
            .chain(networks)
            .collect()
    }

    pub fn name(&self) -> String {
        match self {
            Self::Constant => "constant".to_string(),
            Self::Polynomial(options) => format!("polynomial, order {}", options.max_order),
            Self::Network(number, options) => {
                let layers = options.hyperparameters.layers.iter();
                let layers = layers.map(|layer| format!("{} {}", layer.width, layer.activation));
                format!(
                    "network {number}: {}",
                    layers.collect::<Vec<_>>().join(", ")
                )
            }
        }
    }

    /// Fits to the training rows, and judges on the test rows.
    pub fn judge(
        &self,
        training: &Dataset,
        test: &Dataset,
        n_classes: Option<usize>,
        seed: u64,
    ) -> Result<Judged> {
        let start = Instant::now();
        let predicted: Vec<f64> = match self {
            Self::Constant => vec![constant(training, n_classes); test.n_samples()],
            Self::Polynomial(options) => {
                let fitted = PolynomialRegression::fit_classes(training, options, n_classes)?;
                match n_classes {
                    None => fitted.predict(test.points())?,
                    Some(_) => numbers(&fitted.classify(test.points())?),
                }
            }
            Self::Network(_, options) => {
                let options = TrainingOptions {
                    seed,
                    ..options.clone()
                };
                // The training rows also serve as validation rows, so that no test row is seen.
                let (network, history) =
                    Network::train(training, training, &options, progress::silent)?;
                if history.was_stopped {
                    return Err(Error::Interrupted("the comparison was interrupted".into()));
                }
                match n_classes {
                    None => network.predict(test.points())?,
                    Some(_) => numbers(&network.classify(test.points())?),
                }
            }
        };
        let seconds = start.elapsed().as_secs_f64();
        let pairs = predicted.iter().zip(test.targets());
        let error = match n_classes {
            None => mean(pairs.map(|(p, t)| (p - t).powi(2))).sqrt(),
            Some(_) => mean(pairs.map(|(p, t)| f64::from(u8::from(p != t)))),
        };
        Ok(Judged { error, seconds })
    }
}

/// The mean target, or the most frequent class.
fn constant(training: &Dataset, n_classes: Option<usize>) -> f64 {
    let targets = training.targets();
    let n_rows = |class: &usize| targets.iter().filter(|t| **t == *class as f64).count();
    match n_classes {
        None => mean(targets.iter().copied()),
        Some(n) => (0..n).max_by_key(n_rows).unwrap_or_default() as f64,
    }
}

fn numbers(classes: &[usize]) -> Vec<f64> {
    classes.iter().map(|class| *class as f64).collect()
}
