//! Where the rest comes from: which columns, alone or in pairs, explain what a formula leaves of its
//! model.

use crate::dataset::Dataset;
use crate::effort::reading::RestLimits;
use crate::numerics::mean;
use serde::Serialize;

const LIMITS: RestLimits = RestLimits::DEFAULT;

/// A part of what the formula leaves of the latent model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RestPart {
    /// One column for a main effect, two for what they only explain together.
    pub columns: Vec<String>,
    /// The share of the rest's variance that they explain, beyond chance.
    pub share: f64,
}

/// The parts of the residuals `(n_samples,)` of a dataset's rows, the largest first.
///
/// Columns are cut into bins with equally many rows. A part is the variance between the bins'
/// means, less what as many random bins would explain. A pair's part is what its cells explain
/// beyond both columns alone.
pub(super) fn parts(residuals: &[f64], data: &Dataset) -> Vec<RestPart> {
    let names = data.feature_names();
    let n_rows = data.n_samples();
    let is_enough = |n_bins: usize| n_rows >= LIMITS.rows_per_bin * n_bins;
    if !is_enough(LIMITS.n_bins) {
        return Vec::new();
    }
    let has_pairs = is_enough(LIMITS.n_bins_of_pair * LIMITS.n_bins_of_pair);
    let columns = 0..data.n_features();
    let column = |feature| data.points().column(feature).collect::<Vec<f64>>();
    let columns: Vec<Vec<f64>> = columns.map(column).collect();
    let fine: Vec<Vec<usize>> = columns.iter().map(|c| bins(c, LIMITS.n_bins)).collect();
    let coarse: Vec<Vec<usize>> = columns
        .iter()
        .map(|c| bins(c, LIMITS.n_bins_of_pair))
        .collect();
    let mut parts: Vec<(Vec<usize>, f64)> = (0..columns.len())
        .map(|feature| (vec![feature], explained(residuals, &fine[feature])))
        .collect();
    for first in (0..columns.len()).filter(|_| has_pairs) {
        for second in first + 1..columns.len() {
            let cells = coarse[first].iter().zip(&coarse[second]);
            let cells: Vec<usize> = cells.map(|(a, b)| a * LIMITS.n_bins_of_pair + b).collect();
            let alone = explained(residuals, &coarse[first]).max(0.0)
                + explained(residuals, &coarse[second]).max(0.0);
            parts.push((vec![first, second], explained(residuals, &cells) - alone));
        }
    }
    parts.retain(|(_, share)| *share >= LIMITS.least);
    parts.sort_by(|a, b| b.1.total_cmp(&a.1));
    parts.truncate(LIMITS.n_parts);
    let named = |features: Vec<usize>| features.into_iter().map(|f| names[f].clone()).collect();
    parts
        .into_iter()
        .map(|(features, share)| RestPart {
            columns: named(features),
            share,
        })
        .collect()
}

/// The bin of every row: bins hold equally many rows, and rows of one value share a bin.
fn bins(column: &[f64], n_bins: usize) -> Vec<usize> {
    let mut sorted = column.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = column.len();
    column
        .iter()
        .map(|value| sorted.partition_point(|other| other < value) * n_bins / n)
        .collect()
}

/// The share of variance between the bins' means, corrected for the number of bins.
fn explained(values: &[f64], bins: &[usize]) -> f64 {
    let n_bins = bins.iter().max().map_or(0, |last| last + 1);
    let mut sums = vec![(0.0_f64, 0.0_f64); n_bins];
    for (value, &bin) in values.iter().zip(bins) {
        sums[bin].0 += value;
        sums[bin].1 += 1.0;
    }
    let center = mean(values.iter().copied());
    let used = sums.iter().filter(|(_, n)| *n > 0.0);
    let between: f64 = used
        .clone()
        .map(|(sum, n)| n * (sum / n - center).powi(2))
        .sum();
    let all: f64 = values.iter().map(|value| (value - center).powi(2)).sum();
    let (n, n_used) = (values.len() as f64, used.count() as f64);
    if all > 0.0 && n > n_used {
        1.0 - (1.0 - between / all) * (n - 1.0) / (n - n_used)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts_of(rest: impl Fn(&[f64]) -> f64) -> Vec<RestPart> {
        let data = Dataset::from_function(&[(-1.0, 1.0); 4], 2000, 5, rest).unwrap();
        parts(data.targets(), &data)
    }

    #[test]
    fn a_main_effect_is_named_by_its_column() {
        let found = parts_of(|x| x[2] * x[2]);
        assert_eq!(found[0].columns, ["x3"]);
        assert!(found[0].share > 0.9, "{found:?}");
        assert_eq!(found.len(), 1, "{found:?}");
    }

    #[test]
    fn a_product_is_named_by_its_pair() {
        let found = parts_of(|x| x[0] * x[3]);
        assert_eq!(found[0].columns, ["x1", "x4"]);
        assert!(found[0].share > 0.7, "{found:?}");
        assert_eq!(found.len(), 1, "{found:?}");
    }

    #[test]
    fn what_no_column_explains_has_no_parts() {
        let noise = |x: &[f64]| ((x[0] * 1e4).sin() + (x[1] * 2e4).sin()).signum();
        assert_eq!(parts_of(noise), Vec::new());
    }
}
