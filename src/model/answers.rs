//! The meaning of a classifier's answers, and the latent model that follows from them.

use crate::dataset::Task;
use crate::error::{Error, Result};

/// What the numbers that a model returns are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Answers {
    /// The probability of class 1, from 0 to 1; for a regressor its prediction.
    #[default]
    Probability,
    /// The latent model itself: a logit, or any score that is positive for class 1.
    Latent,
}

/// A probability nearer to 0 or 1 than this counts as this near: double precision can't distinguish
/// them.
const NEAREST: f64 = f64::EPSILON;

impl Answers {
    /// The latent model from answers `(n_samples,)`.
    ///
    ///
    /// # Errors
    /// A classifier's answers that aren't probabilities, or that are only 0 and 1.
    pub fn to_latent(self, task: Task, answers: Vec<f64>) -> Result<Vec<f64>> {
        if self == Self::Latent || task == Task::Regression {
            return Ok(answers);
        }
        if let Some(row) = answers.iter().position(|p| !(0.0..=1.0).contains(p)) {
            return Err(Error::Value(format!(
                "the model's answer for row {} is {}, but a probability must be between 0 and 1 \
                 (or say that answers are the latent model)",
                row + 1,
                answers[row]
            )));
        }
        if answers.len() > 1 && answers.iter().all(|p| *p == 0.0 || *p == 1.0) {
            return Err(Error::Value(
                "the model's answers are all 0 or 1, which are labels; probabilities are needed, \
                 as labels have no gradients"
                    .into(),
            ));
        }
        let logit = |p: f64| {
            let p = p.clamp(NEAREST, 1.0 - NEAREST);
            (p / (1.0 - p)).ln()
        };
        Ok(answers.into_iter().map(logit).collect())
    }
}
