//! How well a rule decides.

use crate::dataset::Dataset;
use crate::effort::reading::VerdictLimits;
use crate::formula::Expression;
use crate::numerics::range;

/// The share of rows with the right decision, in [0, 1].
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

/// Whether a model gives next to the same answer for all rows of a dataset.
pub(super) fn is_constant(latent: &[f64], data: &Dataset) -> bool {
    let spread = |values: &[f64]| {
        let (low, high) = range(values);
        high - low
    };
    spread(latent) <= VerdictLimits::DEFAULT.constant * spread(data.targets())
}

/// A formula's values at the rows of a dataset, `(n_samples,)`.
pub(super) fn values(formula: &Expression, data: &Dataset) -> Vec<f64> {
    let rows = data.points().rows();
    rows.map(|row| formula.value(row)).collect()
}

/// The share of rows whose label is the sign of the formula.
pub(super) fn share_told(rule: &Expression, data: &Dataset) -> f64 {
    let decisions = values(rule, data).into_iter().map(|value| value > 0.0);
    let labels = data.targets().iter().map(|label| *label > 0.5);
    share_right(decisions, labels)
}

/// The threshold `t` for which `value > t` agrees with the most decisions. It lies halfway between
/// two neighbouring values. `None` if all decisions are the same or no value is finite.
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
        // A threshold above the first value of the pair turns that value's decision to "no".
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
    fn the_threshold_lies_between_the_classes() {
        let threshold = best_threshold(&[4.0, 1.0, 3.0, 2.0], &[true, false, true, false]);
        assert_eq!(threshold, Some(2.5));
        assert_eq!(best_threshold(&[1.0, 2.0], &[true, true]), None);
    }
}
