//! Rank correlation, and how well a rule decides.

use crate::dataset::Dataset;
use crate::search::Expression;

/// Spearman's rank correlation of two equally long lists, in [-1, 1]; ties share their mean rank.
///
/// It is 1 exactly where one list is a rising function of the other, whatever its shape. A list
/// that is constant has no ranks to compare: the result is 0.
///
/// ```
/// use closedform::spearman;
///
/// assert_eq!(spearman(&[1.0, 2.0, 3.0], &[1.0, 10.0, 100.0]), 1.0);
/// assert_eq!(spearman(&[1.0, 2.0, 3.0], &[5.0, 5.0, 5.0]), 0.0);
/// ```
///
/// # Panics
/// If the lists differ in length.
pub fn spearman(first: &[f64], second: &[f64]) -> f64 {
    assert_eq!(
        first.len(),
        second.len(),
        "lists of different lengths have no correlation"
    );
    let (a, b) = (ranks(first), ranks(second));
    let mean = (first.len() as f64 - 1.0) / 2.0;
    let product = |x: &[f64], y: &[f64]| -> f64 {
        x.iter().zip(y).map(|(x, y)| (x - mean) * (y - mean)).sum()
    };
    let norm = (product(&a, &a) * product(&b, &b)).sqrt();
    if norm > 0.0 {
        product(&a, &b) / norm
    } else {
        0.0
    }
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    for tied in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let position =
            order.partition_point(|&other| values[other].total_cmp(&values[tied[0]]).is_lt());
        let mean = position as f64 + (tied.len() as f64 - 1.0) / 2.0;
        tied.iter().for_each(|&index| ranks[index] = mean);
    }
    ranks
}

/// The share of rows that are decided as the truth has it, in [0, 1].
pub(super) fn share_right(
    decisions: impl Iterator<Item = bool>,
    truth: impl ExactSizeIterator<Item = bool>,
) -> f64 {
    let n = truth.len() as f64;
    let n_right = decisions
        .zip(truth)
        .filter(|(decision, truth)| decision == truth)
        .count();
    n_right as f64 / n
}

/// A formula's values at the rows of a dataset, `(n_samples,)`.
pub(super) fn values(formula: &Expression, data: &Dataset) -> Vec<f64> {
    let rows = data.points().chunks_exact(data.n_features());
    rows.map(|row| formula.value(row)).collect()
}

/// The share of rows whose label the formula's sign tells.
pub(super) fn share_told(rule: &Expression, data: &Dataset) -> f64 {
    let decisions = values(rule, data).into_iter().map(|value| value > 0.0);
    let labels = data.targets().iter().map(|label| *label > 0.5);
    share_right(decisions, labels)
}

/// The threshold `t` for which `value > t` agrees with the most decisions, halfway between two
/// neighbouring values; `None` if all decisions are the same or no value is finite.
#[cfg(any(feature = "network", test))]
pub(crate) fn best_threshold(values: &[f64], decisions: &[bool]) -> Option<f64> {
    let mut rows: Vec<(f64, bool)> = values
        .iter()
        .copied()
        .zip(decisions.iter().copied())
        .filter(|(value, _)| value.is_finite())
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let n_positive = rows.iter().filter(|(_, decision)| *decision).count();
    if n_positive == 0 || n_positive == rows.len() {
        return None;
    }
    let mut agreed = n_positive;
    let mut best: Option<(usize, f64)> = None;
    for pair in rows.windows(2) {
        // Moving the threshold above the first of the pair turns its decision to "no".
        agreed = if pair[0].1 { agreed - 1 } else { agreed + 1 };
        let improves = best.is_none_or(|(most, _)| agreed > most);
        if pair[0].0 < pair[1].0 && improves {
            best = Some((agreed, pair[0].0.midpoint(pair[1].0)));
        }
    }
    best.map(|(_, threshold)| threshold)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_their_mean_rank() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 0.0]), [2.5, 1.0, 2.5, 0.0]);
    }

    #[test]
    fn the_threshold_lies_between_the_classes() {
        let threshold = best_threshold(&[4.0, 1.0, 3.0, 2.0], &[true, false, true, false]);
        assert_eq!(threshold, Some(2.5));
        assert_eq!(best_threshold(&[1.0, 2.0], &[true, true]), None);
    }
}
