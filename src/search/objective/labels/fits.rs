//! Sums of terms fitted to labels.

use super::{LabelLoss, LabelObjective};
use crate::search::objective::linear::LinearTerms;
use crate::search::objective::values::of_values;
use crate::search::objective::{Fit, TermFits};
use crate::search::tape::Evaluation;

const N_STEPS: usize = 25;
const N_CLOSER_STEPS: usize = 6;
/// Steps end when the loss falls by less than this share.
const SETTLED: f64 = 1e-4;

/// Subsets are scored by least squares against the rough model, with weights where that model is
/// unsure: on both sides of its boundary. They are then fitted by steps of their own.
pub(super) struct LabelTerms<'a> {
    objective: &'a LabelObjective,
    values: Vec<Evaluation>,
    weights: Vec<f64>,
    linear: LinearTerms,
}

impl<'a> LabelTerms<'a> {
    pub fn new(objective: &'a LabelObjective, terms: &[&Evaluation]) -> Self {
        let rough = objective.rough.iter().zip(&objective.weights);
        let weights = normalized(
            rough
                .map(|(latent, weight)| weight * doubt(*latent))
                .collect(),
        );
        Self {
            objective,
            linear: LinearTerms::new(terms, &objective.rough, &weights),
            values: terms.iter().map(|term| of_values(&term.values)).collect(),
            weights,
        }
    }

    /// The logistic fit, which is smooth, from the least squares against the rough model.
    fn smooth(&self, subset: &[usize], n_steps: usize) -> Option<(Fit, Vec<f64>)> {
        let steps = Steps {
            loss: LabelLoss::Logistic,
            objective: self.objective,
            terms: self.picked(subset),
        };
        let start = self
            .linear
            .solve(subset, &self.objective.rough, &self.weights)?;
        steps.run(steps.judged(start.coefficients, start.offset)?, n_steps)
    }

    fn picked(&self, subset: &[usize]) -> Vec<&Evaluation> {
        subset.iter().map(|&term| &self.values[term]).collect()
    }
}

impl TermFits for LabelTerms<'_> {
    fn n_terms(&self) -> usize {
        self.linear.n_terms()
    }

    fn scale(&self, term: usize) -> f64 {
        self.linear.scale(term)
    }

    fn score(&self, subset: &[usize]) -> f64 {
        self.linear.unexplained(subset)
    }

    fn closer_score(&self, subset: &[usize]) -> f64 {
        let fitted = self.smooth(subset, N_CLOSER_STEPS);
        fitted.map_or(f64::INFINITY, |(fit, _)| fit.loss)
    }

    fn fit(&self, subset: &[usize]) -> Option<Fit> {
        let (smooth, _) = self.smooth(subset, N_STEPS)?;
        let steps = Steps {
            loss: self.objective.loss,
            objective: self.objective,
            terms: self.picked(subset),
        };
        if steps.loss == LabelLoss::Logistic {
            return Some(smooth);
        }
        let start = steps.judged(smooth.coefficients, smooth.offset)?;
        Some(steps.run(start, N_STEPS)?.0)
    }
}

/// How much a label still tells where a logistic model has this latent value.
fn doubt(latent: f64) -> f64 {
    let p = 1.0 / (1.0 + latent.abs().exp());
    (p * (1.0 - p)).max(1e-9)
}

fn normalized(weights: Vec<f64>) -> Vec<f64> {
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}

/// The latent values of a logistic model with all of the terms.
pub(super) fn logistic(objective: &LabelObjective, terms: &[&Evaluation]) -> Option<Vec<f64>> {
    let steps = Steps {
        loss: LabelLoss::Logistic,
        objective,
        terms: terms.to_vec(),
    };
    let start = steps.judged(vec![0.0; terms.len()], 0.0)?;
    Some(steps.run(start, N_STEPS)?.1)
}

/// Reweighted least squares on a subset of terms.
struct Steps<'a> {
    loss: LabelLoss,
    objective: &'a LabelObjective,
    terms: Vec<&'a Evaluation>,
}

impl Steps<'_> {
    /// The best fit within `n_steps` and its latent values.
    fn run(&self, start: (Fit, Vec<f64>), n_steps: usize) -> Option<(Fit, Vec<f64>)> {
        let all: Vec<usize> = (0..self.terms.len()).collect();
        let mut best = start;
        for _ in 0..n_steps {
            let (fit, latent) = &best;
            let (target, weights) = self.aims(latent);
            let linear = LinearTerms::new(&self.terms, &target, &weights);
            let Some(aim) = linear.solve(&all, &target, &weights) else {
                break;
            };
            // A whole step may overshoot where labels are nearly told apart.
            let shares = [1.0, 0.5, 0.25, 0.1, 0.03];
            let between = |share: f64, from: f64, to: f64| from + share * (to - from);
            let next = shares.iter().find_map(|&share| {
                let pairs = fit.coefficients.iter().zip(&aim.coefficients);
                let coefficients = pairs.map(|(from, to)| between(share, *from, *to)).collect();
                let offset = between(share, fit.offset, aim.offset);
                self.judged(coefficients, offset)
                    .filter(|(next, _)| next.loss < fit.loss)
            });
            let Some(next) = next else {
                break;
            };
            let is_settled = fit.loss - next.0.loss <= SETTLED * fit.loss;
            best = next;
            if is_settled {
                break;
            }
        }
        Some(best)
    }

    /// The targets and weights of a least-squares step from latent values.
    fn aims(&self, latent: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let labels = self.objective.labels.iter().zip(&self.objective.weights);
        let (target, weights): (Vec<f64>, Vec<f64>) = latent
            .iter()
            .zip(labels)
            .map(|(value, (label, weight))| {
                let (own, aim) = self.loss.step(value * label);
                (aim * label, weight * own)
            })
            .unzip();
        (target, normalized(weights))
    }

    fn judged(&self, coefficients: Vec<f64>, offset: f64) -> Option<(Fit, Vec<f64>)> {
        let mut latent = vec![offset; self.objective.labels.len()];
        for (term, c) in self.terms.iter().zip(&coefficients) {
            let values = latent.iter_mut().zip(&term.values);
            values.for_each(|(sum, value)| *sum += c * value);
        }
        let loss = self.objective.mean_loss(self.loss, &latent, 1.0);
        let fit = Fit {
            coefficients,
            offset,
            loss,
        };
        loss.is_finite().then_some((fit, latent))
    }
}
