//! Sums of terms fitted to directions.

use super::DirectionObjective;
use crate::formula::Evaluation;
use crate::numerics::eigen::{MAX_SUBSET, Small, picked, smallest_eigenvector, smallest_ratio};
use crate::numerics::{dot, weighted_dot};
use crate::search::objective::{Fit, TermFits};
use faer::Mat;
use std::ops::Range;

/// Points whose gradients are added up at a time, so that no sum leaves the processor's cache.
const BLOCK: usize = 128;
/// Gradients of candidate terms.
///
/// Directions are linear and homogeneous in the coefficients of a sum `T = sum_k c_k h_k`: with
/// unit directions `u_i`, the best `c` minimises
/// `sum_i w_i |(I - u_i u_i^T) grad T(x_i)|^2 / sum_i w_i |grad T(x_i)|^2`,
/// a generalized symmetric eigenproblem whose smallest eigenvector is `c`. The weights
/// `w_i = 1 / |grad T(x_i)|^2` turn both sums into means over angles and are renewed until `c`
/// settles. Subsets are scored with weights that are the same for all of them: the smallest
/// eigenvalue of a sum that matches is 0 under any weights.
pub(super) struct DirectionTerms<'a> {
    target: &'a DirectionObjective,
    n_samples: usize,
    n_features: usize,
    /// One column per term, feature after feature, each scaled to unit mean square.
    gradients: Mat<f64>,
    /// One column per term: its derivative along the target direction.
    projections: Mat<f64>,
    scales: Vec<f64>,
    across: Mat<f64>,
    all: Mat<f64>,
}

impl<'a> DirectionTerms<'a> {
    pub fn new(terms: &[&Evaluation], target: &'a DirectionObjective) -> Self {
        let (n_samples, n_features) = (target.columns.n_samples(), target.directions.len());
        let scales: Vec<f64> = terms
            .iter()
            .map(|term| {
                let square: f64 = term.gradient.iter().flatten().map(|g| g * g).sum();
                (square / n_samples as f64).sqrt().max(f64::MIN_POSITIVE)
            })
            .collect();
        let mut gradients = Mat::<f64>::zeros(n_samples * n_features, terms.len());
        let mut projections = Mat::<f64>::zeros(n_samples, terms.len());
        for (k, term) in terms.iter().enumerate() {
            for (feature, column) in term.gradient.iter().enumerate() {
                let direction = &target.directions[feature];
                for (row, g) in column.iter().enumerate() {
                    let g = g / scales[k];
                    gradients[(feature * n_samples + row, k)] = g;
                    projections[(row, k)] += g * direction[row];
                }
            }
        }
        let mut squares = vec![0.0; n_samples];
        for column in gradients.col_iter() {
            for (index, value) in column.iter().enumerate() {
                squares[index % n_samples] += value * value;
            }
        }
        let mean = squares.iter().sum::<f64>() / n_samples as f64;
        let floor = target.fits.score_floor * mean;
        let weights = squares.iter().zip(&target.weights);
        let weights: Vec<f64> = weights.map(|(s, weight)| weight / (s + floor)).collect();
        let (across, all) = forms(&gradients, &projections, &weights);
        Self {
            target,
            n_samples,
            n_features,
            gradients,
            projections,
            scales,
            across,
            all,
        }
    }

    /// Squared gradient norm per sample and the loss of the sum with these (scaled) coefficients,
    /// each point's sign being free: products are fitted through their logarithms, whose
    /// gradients turn round where a factor changes sign.
    fn judge(&self, subset: &[usize], vector: &[f64]) -> (Vec<f64>, f64) {
        let mut squares = vec![0.0; self.n_samples];
        let mut total = 0.0;
        for (block, squares) in squares.chunks_mut(BLOCK).enumerate() {
            let rows = block * BLOCK..block * BLOCK + squares.len();
            let combined = |matrix: &Mat<f64>, rows: Range<usize>| {
                let mut sum = [0.0; BLOCK];
                for (&term, c) in subset.iter().zip(vector) {
                    let entries = &matrix.col_as_slice(term)[rows.clone()];
                    let pairs = sum.iter_mut().zip(entries);
                    pairs.for_each(|(s, entry)| *s += c * entry);
                }
                sum
            };
            let along = combined(&self.projections, rows.clone());
            for feature in 0..self.n_features {
                let first = feature * self.n_samples;
                let sum = combined(&self.gradients, first + rows.start..first + rows.end);
                let pairs = squares.iter_mut().zip(&sum);
                pairs.for_each(|(square, g)| *square += g * g);
            }
            let mut cosines = [0.0; BLOCK];
            for ((cosine, along), square) in cosines.iter_mut().zip(&along).zip(&*squares) {
                *cosine = if *square > 0.0 {
                    (along / square.sqrt()).abs()
                } else {
                    0.0
                };
            }
            total += dot(&cosines[..squares.len()], &self.target.weights[rows]);
        }
        (squares, 2.0 - 2.0 * total / self.n_samples as f64)
    }

    /// Weights that turn squared lengths into angles; a floor keeps points near a vanishing
    /// gradient from taking all of it.
    fn renewed(&self, squares: &[f64]) -> Vec<f64> {
        let mean = squares.iter().sum::<f64>() / squares.len() as f64;
        let floor = self.target.fits.weight_floor * mean;
        let pairs = squares.iter().zip(&self.target.weights);
        pairs
            .map(|(square, weight)| weight / square.max(floor))
            .collect()
    }

    /// The loss after few renewals of the weights. Under weights that are the same for all
    /// subsets a term with a pole is judged by the few points near it.
    fn closer_score_of_few(&self, subset: &[usize]) -> Option<f64> {
        let n = subset.len();
        let (mut above, mut below) = (picked(&self.across, subset), picked(&self.all, subset));
        let mut least = f64::INFINITY;
        for _ in 0..self.target.fits.n_closer {
            let (_, vector) = smallest_ratio(&above, &below, n)?;
            let (squares, loss) = self.judge(subset, &vector[..n]);
            least = least.min(loss);
            let weights = self.renewed(&squares);
            (above, below) = self.forms_of_few(subset, &weights);
        }
        Some(least)
    }

    fn forms_of_few(&self, subset: &[usize], weights: &[f64]) -> (Small, Small) {
        let n = self.n_samples;
        let mut across = [[0.0; MAX_SUBSET]; MAX_SUBSET];
        let mut all = across;
        for (i, &first) in subset.iter().enumerate() {
            for (j, &second) in subset.iter().enumerate().take(i + 1) {
                let mut product = 0.0;
                for feature in 0..self.n_features {
                    let range = feature * n..(feature + 1) * n;
                    let a = &self.gradients.col_as_slice(first)[range.clone()];
                    let b = &self.gradients.col_as_slice(second)[range];
                    product += weighted_dot(a, b, weights);
                }
                let (p, q) = (
                    self.projections.col_as_slice(first),
                    self.projections.col_as_slice(second),
                );
                let along = weighted_dot(p, q, weights);
                all[i][j] = product;
                all[j][i] = product;
                across[i][j] = product - along;
                across[j][i] = product - along;
            }
        }
        (across, all)
    }

    fn pick(&self, subset: &[usize]) -> (Mat<f64>, Mat<f64>) {
        let pick = |matrix: &Mat<f64>| {
            Mat::from_fn(matrix.nrows(), subset.len(), |row, k| {
                matrix[(row, subset[k])]
            })
        };
        (pick(&self.gradients), pick(&self.projections))
    }
}

/// The part of the weighted gradients' products across the target directions, and all of it.
fn forms(gradients: &Mat<f64>, projections: &Mat<f64>, weights: &[f64]) -> (Mat<f64>, Mat<f64>) {
    let n_samples = weights.len();
    let roots: Vec<f64> = weights.iter().map(|weight| weight.sqrt()).collect();
    let weighted = |matrix: &Mat<f64>| {
        Mat::from_fn(matrix.nrows(), matrix.ncols(), |row, k| {
            matrix[(row, k)] * roots[row % n_samples]
        })
    };
    let (gradients, projections) = (weighted(gradients), weighted(projections));
    let all = gradients.transpose() * &gradients;
    let across = &all - projections.transpose() * &projections;
    (across, all)
}

impl TermFits for DirectionTerms<'_> {
    fn n_terms(&self) -> usize {
        self.scales.len()
    }

    fn scale(&self, term: usize) -> f64 {
        self.scales[term]
    }

    fn score(&self, subset: &[usize]) -> f64 {
        if subset.len() > MAX_SUBSET {
            self.fit(subset).map_or(f64::INFINITY, |fit| fit.loss)
        } else {
            let (above, below) = (picked(&self.across, subset), picked(&self.all, subset));
            let found = smallest_ratio(&above, &below, subset.len());
            found.map_or(f64::INFINITY, |(ratio, _)| ratio)
        }
    }

    fn closer_score(&self, subset: &[usize]) -> f64 {
        if subset.len() > MAX_SUBSET {
            self.score(subset)
        } else {
            self.closer_score_of_few(subset).unwrap_or(f64::INFINITY)
        }
    }

    fn fit(&self, subset: &[usize]) -> Option<Fit> {
        let limits = &self.target.fits;
        let (mut vector, mut squares, mut loss) = self.fit_once(subset, None)?;
        for _ in 0..limits.max_renewals {
            if loss < limits.negligible_loss {
                break;
            }
            let weights = self.renewed(&squares);
            let Some((next, next_squares, reached)) = self.fit_once(subset, Some(&weights)) else {
                break;
            };
            squares = next_squares;
            let moved = change(&vector, &next);
            if reached < loss {
                (vector, loss) = (next, reached);
            }
            if moved < limits.settled {
                break;
            }
        }
        let coefficients = subset
            .iter()
            .zip(&vector)
            .map(|(&term, c)| c / self.scales[term]);
        Some(Fit {
            coefficients: coefficients.collect(),
            offset: 0.0,
            loss,
        })
    }
}

impl DirectionTerms<'_> {
    /// The best scaled coefficients under given weights, or those of the scores, with the sum's
    /// squared gradient norm per sample and its loss.
    fn fit_once(
        &self,
        subset: &[usize],
        weights: Option<&[f64]>,
    ) -> Option<(Vec<f64>, Vec<f64>, f64)> {
        let n = subset.len();
        let vector = if n <= MAX_SUBSET {
            let (across, all) = match weights {
                None => (picked(&self.across, subset), picked(&self.all, subset)),
                Some(weights) => self.forms_of_few(subset, weights),
            };
            smallest_ratio(&across, &all, n)?.1[..n].to_vec()
        } else {
            let sub = |matrix: &Mat<f64>| Mat::from_fn(n, n, |i, j| matrix[(subset[i], subset[j])]);
            let (across, all) = match weights {
                None => (sub(&self.across), sub(&self.all)),
                Some(weights) => {
                    let (gradients, projections) = self.pick(subset);
                    forms(&gradients, &projections, weights)
                }
            };
            smallest_eigenvector(&across, &all)?
        };
        let (squares, loss) = self.judge(subset, &vector);
        Some((vector, squares, loss))
    }
}

/// The largest change of a coefficient between two unit vectors, blind to their sign.
fn change(last: &[f64], next: &[f64]) -> f64 {
    let largest = |sign: f64| {
        let pairs = last.iter().zip(next);
        pairs.fold(0.0_f64, |most, (a, b)| most.max((a + sign * b).abs()))
    };
    largest(1.0).min(largest(-1.0))
}
