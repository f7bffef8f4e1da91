//! A classifier's rule: between which values of the formula it decides for class 1.

use super::LinkCurve;
use super::statistics::best_threshold;
use crate::formula::Expression;

/// The values of a formula for which a classifier decides for class 1, as intervals.
///
/// One that is open to the right is a threshold: class 1 is where the formula exceeds it. If the
/// link turns back, there are more bounds, as for a class in a shell.
#[derive(Debug, Clone, PartialEq)]
pub struct DecisionRule {
    /// From left to right.
    bounds: Vec<f64>,
    /// Whether values below the first bound belong to class 1.
    begins_inside: bool,
}

impl DecisionRule {
    /// The rule that agrees best with decisions: a threshold, or bounds near those where a link
    /// that turns back crosses 0. None where all decisions are the same.
    pub(super) fn fit(formula: &[f64], decisions: &[bool], link: &LinkCurve) -> Option<Self> {
        let threshold = best_threshold(formula, decisions).map(|threshold| Self {
            bounds: vec![threshold],
            begins_inside: false,
        })?;
        let first = link.knots().first()?;
        let turning = Self {
            bounds: link.crossings(),
            begins_inside: first.1 > 0.0,
        };
        if link.turns().is_empty() || turning.bounds.is_empty() {
            return Some(threshold);
        }
        let n_right = |rule: &Self| {
            let rows = formula.iter().zip(decisions);
            rows.filter(|(value, decision)| rule.decides(**value) == **decision)
                .count()
        };
        let turning = turning.improved(formula, decisions);
        Some(if n_right(&turning) > n_right(&threshold) {
            turning
        } else {
            threshold
        })
    }

    /// Each bound moved to where it agrees best, between its neighbours.
    fn improved(mut self, formula: &[f64], decisions: &[bool]) -> Self {
        for index in 0..self.bounds.len() {
            let low = index
                .checked_sub(1)
                .map_or(f64::NEG_INFINITY, |before| self.bounds[before]);
            let high = self.bounds.get(index + 1).copied().unwrap_or(f64::INFINITY);
            // To the right of this bound a row is inside or not.
            let is_right = self.begins_inside == (index % 2 == 1);
            let rows = formula.iter().zip(decisions);
            let (values, sides): (Vec<f64>, Vec<bool>) = rows
                .filter(|(value, _)| **value > low && **value <= high)
                .map(|(value, decision)| (*value, *decision == is_right))
                .unzip();
            if let Some(bound) = best_threshold(&values, &sides) {
                self.bounds[index] = bound;
            }
        }
        self
    }

    /// Whether a value of the formula means class 1.
    pub fn decides(&self, value: f64) -> bool {
        let n_below = self.bounds.iter().filter(|bound| value > **bound).count();
        self.begins_inside == n_below.is_multiple_of(2)
    }

    /// The intervals of the formula that mean class 1, from left to right; the first may begin at
    /// minus infinity, and the last may end at infinity.
    pub fn intervals(&self) -> Vec<[f64; 2]> {
        let mut ends = self.bounds.clone();
        if self.begins_inside {
            ends.insert(0, f64::NEG_INFINITY);
        }
        if ends.len() % 2 == 1 {
            ends.push(f64::INFINITY);
        }
        ends.chunks_exact(2)
            .map(|pair| [pair[0], pair[1]])
            .collect()
    }

    /// The threshold, if class 1 is where the formula exceeds one.
    pub fn threshold(&self) -> Option<f64> {
        match self.bounds[..] {
            [threshold] if !self.begins_inside => Some(threshold),
            _ => None,
        }
    }

    /// An expression that is positive where a formula means class 1.
    pub(crate) fn expression(&self, formula: &Expression) -> Expression {
        let factors = self.bounds.iter();
        let factors = factors.map(|bound| formula.clone() - Expression::constant(*bound));
        let product = factors.reduce(|a, b| a * b);
        // Right of all bounds, the product is positive.
        let ends_inside = self.begins_inside == self.bounds.len().is_multiple_of(2);
        match product {
            Some(product) if ends_inside => product,
            Some(product) => Expression::constant(0.0) - product,
            None => Expression::constant(1.0),
        }
    }

    /// The rule in words, with a formula's text, as `0.7 < x1**2 + x2**2 < 2.2`.
    pub(crate) fn text(&self, formula: &str, less: &str, or: &str) -> String {
        let parts = self.intervals().into_iter().map(|[low, high]| {
            match (low.is_finite(), high.is_finite()) {
                (true, true) => format!("{low:.4} {less} {formula} {less} {high:.4}"),
                (true, false) => format!("{low:.4} {less} {formula}"),
                (false, _) => format!("{formula} {less} {high:.4}"),
            }
        });
        parts.collect::<Vec<_>>().join(or)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rule for decisions by the sign of a latent model in one variable.
    fn rule(latent: impl Fn(f64) -> f64) -> DecisionRule {
        let x: Vec<f64> = (0..400).map(|row| f64::from(row) / 100.0).collect();
        let f: Vec<f64> = x.iter().map(|x| latent(*x)).collect();
        let decisions: Vec<bool> = f.iter().map(|f| *f > 0.0).collect();
        let rule =
            DecisionRule::fit(&x, &decisions, &LinkCurve::of_logits(&x, &f).unwrap()).unwrap();
        let expression = rule.expression(&Expression::variable(0));
        for (x, decision) in x.iter().zip(decisions) {
            assert_eq!(rule.decides(*x), decision, "{x}: {rule:?}");
            assert_eq!(expression.value(&[*x]) > 0.0, decision, "{x}: {expression}");
        }
        rule
    }

    fn assert_near(rule: &DecisionRule, expected: &[[f64; 2]]) {
        let intervals = rule.intervals();
        assert_eq!(intervals.len(), expected.len(), "{rule:?}");
        for (found, expected) in intervals.iter().flatten().zip(expected.iter().flatten()) {
            assert!(
                found == expected || (found - expected).abs() < 0.02,
                "{rule:?}"
            );
        }
    }

    #[test]
    fn a_monotone_link_has_a_threshold_and_a_turning_one_has_intervals() {
        let infinity = f64::INFINITY;
        let threshold = rule(|x| x - 1.5);
        assert!((threshold.threshold().unwrap() - 1.5).abs() < 0.02);
        assert_near(&threshold, &[[1.5, infinity]]);
        let shell = rule(|x| 1.0 - (x - 2.0).powi(2));
        assert_eq!(shell.threshold(), None);
        assert_near(&shell, &[[1.0, 3.0]]);
        assert_eq!(shell.text("T", "<", " or "), "1.0050 < T < 2.9950");
        let outside = rule(|x| (x - 2.0).powi(2) - 1.0);
        assert_near(&outside, &[[-infinity, 1.0], [3.0, infinity]]);
        assert_eq!(outside.text("T", "<", " or "), "T < 0.9950 or 3.0050 < T");
        let wave = rule(|x| -(3.0 * x).cos());
        let sixth = std::f64::consts::FRAC_PI_6;
        assert_near(&wave, &[[sixth, 3.0 * sixth], [5.0 * sixth, 7.0 * sixth]]);
    }

    #[test]
    fn decisions_that_are_all_the_same_have_no_rule() {
        let curve = LinkCurve::fit(&[1.0, 2.0], &[1.0, 2.0]).unwrap();
        assert_eq!(DecisionRule::fit(&[1.0, 2.0], &[true, true], &curve), None);
    }
}
