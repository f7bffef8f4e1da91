//! Sums of terms fitted to values.

use super::super::linear::LinearTerms;
use super::super::{Fit, Objective, Offset, TermFits};
use super::{ValueLoss, ValueObjective, of_values};
use crate::formula::Evaluation;

pub(super) struct ValueTerms<'a> {
    pub objective: &'a ValueObjective,
    pub offset: Offset,
    pub linear: LinearTerms,
    pub values: Vec<Vec<f64>>,
    pub weights: Vec<f64>,
}

impl ValueTerms<'_> {
    fn judged(
        &self,
        subset: &[usize],
        coefficients: Vec<f64>,
        offset: f64,
    ) -> Option<(Fit, Vec<f64>)> {
        let mut found = Evaluation {
            values: vec![offset; self.objective.target.len()],
            gradient: Vec::new(),
        };
        for (&term, c) in subset.iter().zip(&coefficients) {
            let values = found.values.iter_mut().zip(&self.values[term]);
            values.for_each(|(sum, value)| *sum += c * value);
        }
        let loss = self.objective.loss(&found)?;
        let fit = Fit {
            coefficients,
            offset,
            loss,
        };
        Some((fit, found.values))
    }
}

impl TermFits for ValueTerms<'_> {
    fn n_terms(&self) -> usize {
        self.linear.n_terms()
    }

    fn scale(&self, term: usize) -> f64 {
        self.linear.scale(term)
    }

    fn score(&self, subset: &[usize]) -> f64 {
        self.linear.unexplained(subset)
    }

    fn fit(&self, subset: &[usize]) -> Option<Fit> {
        let target = &self.objective.target;
        let solution = self.linear.solve(subset, target, &self.weights)?;
        let (mut best, mut values) = self.judged(subset, solution.coefficients, solution.offset)?;
        if self.objective.loss == ValueLoss::Squared {
            return Some(best);
        }
        // Squared errors, weighted anew in each round, come close to the other losses.
        let (objective, limits) = (self.objective, &self.objective.fits);
        let floor = objective.least_error();
        for _ in 0..limits.n_reweighted {
            let rows = values.iter().zip(target).enumerate();
            let weights = rows.map(|(row, (v, y))| {
                objective.weight(row) * objective.loss.weight_of_square(*v, *y, floor)
            });
            let weights: Vec<f64> = weights.collect();
            let sum: f64 = weights.iter().sum();
            let weights: Vec<f64> = weights.iter().map(|weight| weight / sum).collect();
            let terms: Vec<Evaluation> = subset
                .iter()
                .map(|&term| of_values(&self.values[term]))
                .collect();
            let terms: Vec<&Evaluation> = terms.iter().collect();
            let all: Vec<usize> = (0..subset.len()).collect();
            let linear = LinearTerms::new(&terms, target, &weights, self.offset);
            let solution = linear.solve(&all, target, &weights)?;
            let (fit, now) = self.judged(subset, solution.coefficients, solution.offset)?;
            values = now;
            if fit.loss < best.loss {
                best = fit;
            }
        }
        Some(best)
    }
}
