//! From the figures of a certificate to its verdict.

use super::{Certificate, Verdict};
use crate::effort::reading::VerdictLimits;

const LIMITS: VerdictLimits = VerdictLimits::DEFAULT;

impl Verdict {
    /// The verdict that follows from the other figures of a certificate; `noise` is the share of the
    /// model, of its variance or its decisions, that it is uncertain about itself.
    pub(super) fn of(figures: &Certificate, noise: f64) -> Self {
        let in_box = figures.in_box.mean;
        let has_direction = match &figures.near_boundary {
            Some(near) => near.mean >= LIMITS.aligned && in_box >= LIMITS.aligned_in_box,
            None => in_box >= LIMITS.aligned,
        };
        if has_direction && figures.left_by_curve <= LIMITS.max_left {
            Self::SameConcept
        } else if figures.skill >= Some(LIMITS.same_decision) {
            Self::SameDecision
        } else if is_as_accurate(figures, noise) {
            Self::SameAccuracy
        } else {
            Self::NotExplained
        }
    }
}

/// Whether a formula that carries most of its model predicts as well.
fn is_as_accurate(figures: &Certificate, noise: f64) -> bool {
    let [of_variance, of_decisions] = LIMITS.carried;
    let [least_of_variance, least_of_decisions] = LIMITS.least_carried;
    let least = |usual: f64, least: f64| (1.0 - LIMITS.noise_margin * noise).clamp(least, usual);
    let is_regressor = figures.network_accuracy.is_none();
    let scores = &figures.scores;
    let carries = if is_regressor {
        1.0 - figures.left_by_curve >= least(of_variance, least_of_variance)
    } else {
        figures.skill >= Some(least(of_decisions, least_of_decisions))
    };
    carries
        && (scores.behind.value <= LIMITS.as_accurate || scores.behind.low <= 0.0)
        && scores.formula.value > scores.constant.value
}

/// How much better the agreement is than that of always answering the commoner decision; none if
/// the network decides the same everywhere.
pub(super) fn skill(agreement: f64, decisions: &[bool]) -> Option<f64> {
    let yes = decisions.iter().filter(|decision| **decision).count() as f64;
    let rarer = yes.min(decisions.len() as f64 - yes) / decisions.len() as f64;
    (rarer > 0.0).then(|| 1.0 - (1.0 - agreement) / rarer)
}
