//! From the figures of a certificate to its verdict.

use super::{Alignment, Verdict};
use crate::effort::reading::VerdictLimits;

const LIMITS: VerdictLimits = VerdictLimits::DEFAULT;

impl Verdict {
    /// The verdict that follows from the other figures of a certificate.
    pub(super) fn of(
        in_box: &Alignment,
        near_boundary: Option<&Alignment>,
        left_by_curve: f64,
        skill: Option<f64>,
    ) -> Self {
        let has_direction = match near_boundary {
            Some(near) => near.mean >= LIMITS.aligned && in_box.mean >= LIMITS.aligned_in_box,
            None => in_box.mean >= LIMITS.aligned,
        };
        if has_direction && left_by_curve <= LIMITS.max_left {
            Self::SameConcept
        } else if skill >= Some(LIMITS.same_decision) {
            Self::SameDecision
        } else {
            Self::NotExplained
        }
    }
}

/// How much better the agreement is than that of always answering the commoner decision; none if
/// the network decides the same everywhere.
pub(super) fn skill(agreement: f64, decisions: &[bool]) -> Option<f64> {
    let yes = decisions.iter().filter(|decision| **decision).count() as f64;
    let rarer = yes.min(decisions.len() as f64 - yes) / decisions.len() as f64;
    (rarer > 0.0).then(|| 1.0 - (1.0 - agreement) / rarer)
}
