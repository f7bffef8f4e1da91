//! Sums of terms fitted to labels.

use super::{LabelLoss, LabelObjective};
use crate::formula::Evaluation;
use crate::numerics::eigen::{MAX_SUBSET, Small, picked, smallest_ratio};
use crate::numerics::{dot, weighted_dot};
use crate::search::objective::linear::LinearTerms;
use crate::search::objective::values::of_values;
use crate::search::objective::{Fit, Offset, TermFits};
use faer::Mat;

/// The least squared gradient that a point is weighted by, as a share of the mean: it keeps a point
/// where the gradient vanishes from taking all of the weight.
const FLOOR: f64 = 1e-6;

/// Subsets are scored by how far their boundary is from the rough one: with the points `b_i` on
/// that, the best `T = sum_k c_k t_k + c_0` has the least `sum_i T(b_i)^2 / sum_i |grad T(b_i)|^2`,
/// the smallest eigenvalue of a generalized eigenproblem (Taubin 1991). Labels say nothing of a
/// formula's values elsewhere, and so a score by values would miss formulas whose sign is right.
/// The best are then fitted to the labels by steps.
pub(super) struct LabelTerms<'a> {
    objective: &'a LabelObjective,
    values: Vec<Evaluation>,
    scales: Vec<f64>,
    /// One column per term, in units of its scale: its values on the boundary,
    on_boundary: Mat<f64>,
    /// and its gradients there, feature after feature.
    gradients: Mat<f64>,
    /// Each term's mean on the boundary.
    means: Vec<f64>,
    across: Mat<f64>,
    along: Mat<f64>,
}

impl<'a> LabelTerms<'a> {
    pub fn new(objective: &'a LabelObjective, terms: &[&Evaluation]) -> Self {
        let near = &objective.near;
        let share = objective.fits.max_boundary_share;
        let rows = near.nearest((share * objective.labels.len() as f64).ceil() as usize);
        let n = rows.len();
        let unit = objective.scales();
        let slope = |term: &Evaluation, feature: usize, row: usize| {
            term.gradient[feature].get(row).copied().unwrap_or(0.0)
        };
        let scales: Vec<f64> = terms
            .iter()
            .map(|term| {
                let features = unit.iter().enumerate();
                let squares = features.map(|(feature, unit)| {
                    let entries = rows.iter();
                    entries
                        .map(|&row| (unit * slope(term, feature, row)).powi(2))
                        .sum::<f64>()
                });
                let mean = squares.sum::<f64>() / n as f64;
                mean.sqrt().max(f64::MIN_POSITIVE)
            })
            .collect();
        // A step leads from each point to the boundary.
        let on_boundary = Mat::from_fn(n, terms.len(), |i, k| {
            let (term, row) = (terms[k], rows[i]);
            let ways = near.ways.iter().enumerate();
            let step: f64 = ways.map(|(f, way)| way[row] * slope(term, f, row)).sum();
            (term.values[row] + step) / scales[k]
        });
        let mean = |k: usize| on_boundary.col_as_slice(k).iter().sum::<f64>() / n as f64;
        let means: Vec<f64> = (0..terms.len()).map(mean).collect();
        let centred = Mat::from_fn(n, terms.len(), |i, k| on_boundary[(i, k)] - means[k]);
        let gradients = Mat::from_fn(n * unit.len(), terms.len(), |i, k| {
            let (feature, row) = (i / n, rows[i % n]);
            unit[feature] * slope(terms[k], feature, row) / scales[k]
        });
        Self {
            objective,
            values: terms.iter().map(|term| of_values(&term.values)).collect(),
            across: centred.transpose() * &centred,
            along: gradients.transpose() * &gradients,
            means,
            on_boundary,
            gradients,
            scales,
        }
    }

    /// The logistic fit, which is smooth, from the sum whose boundary is nearest to the rough one.
    fn smooth(&self, subset: &[usize]) -> Option<(Fit, Vec<f64>)> {
        let steps = Steps {
            loss: LabelLoss::Logistic,
            objective: self.objective,
            terms: self.picked(subset),
        };
        let (coefficients, offset) = match self.nearest(subset) {
            Some((_, nearest)) => nearest,
            None => (vec![0.0; subset.len()], 0.0),
        };
        let (start, latent) = steps.judged(coefficients, offset)?;
        let sign = self.objective.agreement(&latent).signum();
        let turned: Vec<f64> = latent.iter().map(|value| sign * value).collect();
        let scale = sign * self.objective.best_scale(LabelLoss::Logistic, &turned);
        let coefficients = start.coefficients.iter().map(|c| c * scale).collect();
        steps.run(steps.judged(coefficients, start.offset * scale)?)
    }

    /// The mean squared distance of the boundaries, with the coefficients and the offset.
    fn nearest(&self, subset: &[usize]) -> Option<(f64, (Vec<f64>, f64))> {
        let n = subset.len();
        if n > MAX_SUBSET {
            return None;
        }
        let (across, along) = (picked(&self.across, subset), picked(&self.along, subset));
        let (ratio, vector) = smallest_ratio(&across, &along, n)?;
        let parts = subset.iter().zip(&vector);
        let offset = -parts.clone().map(|(&k, c)| c * self.means[k]).sum::<f64>();
        let coefficients = parts.map(|(&k, c)| c / self.scales[k]).collect();
        Some((ratio, (coefficients, offset)))
    }

    /// The mean squared distance with a distance of its own for every point, `|T| / |grad T|`, after
    /// few renewals of the weights. Under weights that are the same for all subsets a term with a
    /// pole is judged by the few points near it.
    fn nearest_everywhere(&self, subset: &[usize]) -> Option<f64> {
        let n = subset.len();
        let n_points = self.on_boundary.nrows();
        let (across, along) = (picked(&self.across, subset), picked(&self.along, subset));
        let (_, mut vector) = smallest_ratio(&across, &along, n)?;
        let mut least = f64::INFINITY;
        for _ in 0..self.objective.fits.n_renewals {
            let combined = |matrix: &Mat<f64>| -> Vec<f64> {
                let mut sum = vec![0.0; matrix.nrows()];
                for (&term, c) in subset.iter().zip(&vector) {
                    let entries = sum.iter_mut().zip(matrix.col_as_slice(term));
                    entries.for_each(|(sum, value)| *sum += c * value);
                }
                sum
            };
            let mut squares = vec![0.0; n_points];
            for column in combined(&self.gradients).chunks_exact(n_points) {
                let entries = squares.iter_mut().zip(column);
                entries.for_each(|(square, g)| *square += g * g);
            }
            let mean = squares.iter().sum::<f64>() / n_points as f64;
            let weights = normalized(squares.iter().map(|s| 1.0 / (s + FLOOR * mean)).collect());
            let values = combined(&self.on_boundary);
            let offset = dot(&values, &weights);
            let distances = values.iter().zip(&squares);
            let total: f64 = distances
                .map(|(v, square)| (v - offset).powi(2) / square.max(f64::MIN_POSITIVE))
                .map(|distance| distance.min(1.0))
                .sum();
            least = least.min(total / n_points as f64);
            let (across, along) = self.weighted_forms(subset, &weights);
            (_, vector) = smallest_ratio(&across, &along, n)?;
        }
        Some(least)
    }

    fn weighted_forms(&self, subset: &[usize], weights: &[f64]) -> (Small, Small) {
        let n_points = weights.len();
        let column = |k: usize| self.on_boundary.col_as_slice(k);
        let means: Vec<f64> = subset.iter().map(|&k| dot(column(k), weights)).collect();
        let product = |a: &[f64], b: &[f64]| weighted_dot(a, b, weights);
        let mut across = [[0.0; MAX_SUBSET]; MAX_SUBSET];
        let mut along = across;
        for (i, &first) in subset.iter().enumerate() {
            for (j, &second) in subset.iter().enumerate().take(i + 1) {
                across[i][j] = product(column(first), column(second)) - means[i] * means[j];
                let columns = |k: usize| self.gradients.col_as_slice(k).chunks_exact(n_points);
                along[i][j] = columns(first)
                    .zip(columns(second))
                    .map(|(a, b)| product(a, b))
                    .sum();
                (across[j][i], along[j][i]) = (across[i][j], along[i][j]);
            }
        }
        (across, along)
    }

    fn picked(&self, subset: &[usize]) -> Vec<&Evaluation> {
        subset.iter().map(|&term| &self.values[term]).collect()
    }
}

impl TermFits for LabelTerms<'_> {
    fn n_terms(&self) -> usize {
        self.values.len()
    }

    fn scale(&self, term: usize) -> f64 {
        self.scales[term]
    }

    fn score(&self, subset: &[usize]) -> f64 {
        if subset.len() <= MAX_SUBSET {
            self.nearest(subset)
                .map_or(f64::INFINITY, |(ratio, _)| ratio)
        } else {
            self.smooth(subset)
                .map_or(f64::INFINITY, |(fit, _)| fit.loss)
        }
    }

    fn closer_score(&self, subset: &[usize]) -> f64 {
        if subset.len() <= MAX_SUBSET {
            self.nearest_everywhere(subset).unwrap_or(f64::INFINITY)
        } else {
            self.score(subset)
        }
    }

    fn fit(&self, subset: &[usize]) -> Option<Fit> {
        let (smooth, _) = self.smooth(subset)?;
        let steps = Steps {
            loss: self.objective.loss,
            objective: self.objective,
            terms: self.picked(subset),
        };
        if steps.loss == LabelLoss::Logistic {
            return Some(smooth);
        }
        let start = steps.judged(smooth.coefficients, smooth.offset)?;
        Some(steps.run(start)?.0)
    }
}

fn normalized(weights: Vec<f64>) -> Vec<f64> {
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}

/// The logistic model with all of the terms, and its latent values.
pub(super) fn logistic(
    objective: &LabelObjective,
    terms: &[&Evaluation],
) -> Option<(Fit, Vec<f64>)> {
    let steps = Steps {
        loss: LabelLoss::Logistic,
        objective,
        terms: terms.to_vec(),
    };
    let start = steps.judged(vec![0.0; terms.len()], 0.0)?;
    steps.run(start)
}

/// Reweighted least squares on a subset of terms.
struct Steps<'a> {
    loss: LabelLoss,
    objective: &'a LabelObjective,
    terms: Vec<&'a Evaluation>,
}

impl Steps<'_> {
    /// The best fit within a number of steps and its latent values.
    fn run(&self, start: (Fit, Vec<f64>)) -> Option<(Fit, Vec<f64>)> {
        let all: Vec<usize> = (0..self.terms.len()).collect();
        let limits = &self.objective.fits;
        let mut best = start;
        for _ in 0..limits.n_steps {
            let (fit, latent) = &best;
            let (target, weights) = self.aims(latent);
            let linear = LinearTerms::new(&self.terms, &target, &weights, Offset::Fitted);
            let Some(aim) = linear.solve(&all, &target, &weights) else {
                break;
            };
            // A whole step may overshoot where labels are nearly told apart.
            let shares = &limits.shares;
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
            let is_settled = fit.loss - next.0.loss <= limits.settled * fit.loss;
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
