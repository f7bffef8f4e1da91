//! What the model, its formula and two simple models are worth on the same fresh rows.

use super::statistics::values;
use crate::dataset::{Dataset, Task};
use crate::effort::Effort;
use crate::effort::reading::Numbers;
use crate::error::Result;
use crate::formula::Expression;
use crate::numerics::mean;
use crate::search::{LabelLoss, LabelObjective, Objective, ValueObjective, linear_model};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

/// R^2 or accuracy on fresh rows, with a 95 % bootstrap interval over these rows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Score {
    /// The score on all fresh rows; 1 is perfect.
    pub value: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// The upper end of the interval.
    pub high: f64,
}

/// Scores by the targets of the same rows: R^2 for a regressor, accuracy for a classifier.
///
/// If the data have no targets of their own, the targets are the model's answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scores {
    /// The number of rows.
    pub n_rows: usize,
    /// Whether these are all rows, each judged by a model, a formula and a baseline that were fitted
    /// without it; otherwise they are the fresh rows. Few fresh rows can't tell.
    pub are_cross_validated: bool,
    /// The model that is explained.
    pub model: Score,
    /// The formula: a classifier's with its threshold, a regressor's with its phi.
    pub formula: Score,
    /// By how much the model is better than the formula, row by row on the same rows.
    pub behind: Score,
    /// The best constant answer of the training rows: their mean or their commoner class.
    pub constant: Score,
    /// A linear or logistic model of all features, fitted to the training rows; none where these
    /// have only one class or value, or more features than rows.
    pub linear: Option<Score>,
}

/// Predictions for rows that nothing was fitted to; a classifier's decisions are 0 and 1.
#[derive(Default)]
pub(super) struct Answers {
    targets: Vec<f64>,
    model: Vec<f64>,
    formula: Vec<f64>,
    constant: Vec<f64>,
    linear: Option<Vec<f64>>,
}

impl Answers {
    /// Those of the model and of the formula, with those of a constant and of a linear model that are
    /// fitted to the training rows.
    pub fn new(
        model: Vec<f64>,
        formula: Vec<f64>,
        task: Task,
        training: &Dataset,
        fresh: &Dataset,
    ) -> Result<Self> {
        let center = mean(training.targets().iter().copied());
        let constant = match task {
            Task::Regression => center,
            Task::Classification => center.round(),
        };
        let linear = linear(task, training)?.map(|linear| {
            let found = values(&linear, fresh).into_iter();
            match task {
                Task::Regression => found.collect(),
                Task::Classification => found.map(|v| f64::from(u8::from(v > 0.0))).collect(),
            }
        });
        Ok(Self {
            targets: fresh.targets().to_vec(),
            model,
            formula,
            constant: vec![constant; fresh.n_samples()],
            linear,
        })
    }

    /// Those of several parts of the rows; without a linear model if one of them has none.
    pub fn joined(parts: Vec<Self>) -> Self {
        let mut all = Self {
            linear: Some(Vec::new()),
            ..Self::default()
        };
        for part in parts {
            all.targets.extend(part.targets);
            all.model.extend(part.model);
            all.formula.extend(part.formula);
            all.constant.extend(part.constant);
            all.linear = all.linear.zip(part.linear).map(|(mut so_far, part)| {
                so_far.extend(part);
                so_far
            });
        }
        all
    }
}

impl Scores {
    pub(super) fn new(answers: &Answers, task: Task, seed: u64) -> Self {
        let judge = Judge::new(task, &answers.targets, seed);
        Self {
            n_rows: answers.targets.len(),
            are_cross_validated: false,
            model: judge.score(&answers.model),
            formula: judge.score(&answers.formula),
            behind: judge.difference(&answers.model, &answers.formula),
            constant: judge.score(&answers.constant),
            linear: answers.linear.as_ref().map(|linear| judge.score(linear)),
        }
    }
}

/// The score of predictions on rows, without an interval.
pub(super) fn score(task: Task, predictions: &[f64], targets: &[f64]) -> f64 {
    let judge = Judge {
        task,
        targets,
        samples: Vec::new(),
    };
    judge.score(predictions).value
}

/// A linear model of a regressor's training rows, a logistic one of a classifier's.
fn linear(task: Task, training: &Dataset) -> Result<Option<Expression>> {
    let varies = training
        .targets()
        .iter()
        .any(|t| *t != training.targets()[0]);
    if !varies || training.n_features() + 1 >= training.n_samples() {
        return Ok(None);
    }
    let objective: Box<dyn Objective> = match task {
        Task::Regression => Box::new(ValueObjective::from_dataset(training)?),
        Task::Classification => {
            Box::new(LabelObjective::from_dataset(training, LabelLoss::Logistic)?)
        }
    };
    Ok(linear_model(&*objective, &Effort::default()))
}

struct Judge<'a> {
    task: Task,
    targets: &'a [f64],
    /// Rows drawn with replacement, the same for everything that is judged.
    samples: Vec<Vec<usize>>,
}

impl<'a> Judge<'a> {
    fn new(task: Task, targets: &'a [f64], seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let n = targets.len();
        let samples = (0..Numbers::DEFAULT.n_resamples)
            .map(|_| (0..n).map(|_| rng.random_range(0..n)).collect());
        Self {
            task,
            targets,
            samples: samples.collect(),
        }
    }

    fn score(&self, predictions: &[f64]) -> Score {
        self.with_interval(|rows| self.on_rows(predictions, rows))
    }

    fn difference(&self, first: &[f64], second: &[f64]) -> Score {
        self.with_interval(|rows| self.on_rows(first, rows) - self.on_rows(second, rows))
    }

    fn with_interval(&self, score: impl Fn(&[usize]) -> f64) -> Score {
        let all: Vec<usize> = (0..self.targets.len()).collect();
        let value = score(&all);
        let resampled = self.samples.iter();
        let mut resampled: Vec<f64> = resampled
            .map(|rows| score(rows))
            .filter(|score| !score.is_nan())
            .collect();
        resampled.sort_by(f64::total_cmp);
        let last = resampled.len().saturating_sub(1) as f64;
        let tail = Numbers::DEFAULT.tail;
        let at = |share: f64| {
            let place = (share * last).round() as usize;
            resampled.get(place).copied().unwrap_or(value)
        };
        Score {
            value,
            low: at(tail),
            high: at(1.0 - tail),
        }
    }

    fn on_rows(&self, predictions: &[f64], rows: &[usize]) -> f64 {
        let pairs = || {
            rows.iter()
                .map(|&row| (self.targets[row], predictions[row]))
        };
        match self.task {
            Task::Regression => {
                let center = mean(rows.iter().map(|&row| self.targets[row]));
                let squares: f64 = pairs().map(|(t, _)| (t - center).powi(2)).sum();
                let left: f64 = pairs().map(|(t, p)| (t - p).powi(2)).sum();
                1.0 - left / squares
            }
            Task::Classification => {
                mean(pairs().map(|(t, p)| f64::from(u8::from((t > 0.5) == (p > 0.5)))))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_those_counted_by_hand() {
        let targets = [1.0, 2.0, 3.0, 4.0];
        // Squares 5 around the mean, of which one unit is left.
        let found = score(Task::Regression, &[1.0, 2.0, 3.0, 5.0], &targets);
        assert!((found - 0.8).abs() < 1e-12);
        let labels = [0.0, 1.0, 1.0, 0.0];
        let found = score(Task::Classification, &[0.0, 1.0, 0.0, 0.0], &labels);
        assert_eq!(found, 0.75);
    }

    #[test]
    fn the_interval_holds_the_score_and_narrows_with_more_rows() {
        let width = |n: usize| {
            let targets: Vec<f64> = (0..n).map(|i| ((i * 7) % 11) as f64).collect();
            let shift = |(i, t): (usize, &f64)| t + ((i * 5) % 3) as f64 - 1.0;
            let found: Vec<f64> = targets.iter().enumerate().map(shift).collect();
            let score = Judge::new(Task::Regression, &targets, 0).score(&found);
            assert!(score.low <= score.value && score.value <= score.high);
            score.high - score.low
        };
        assert!(width(2000) < width(50) / 2.0);
    }
}
