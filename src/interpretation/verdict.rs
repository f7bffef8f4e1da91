//! From a certificate's figures to its verdict.

use super::{Alignment, Verdict};

/// Mean `|cos|` at or above this, near the boundary: the same direction. Networks trained on
/// halves of the same data agree with each other to 0.99 and better, so a formula that agrees as well
/// can't be told from what the network has learned.
const SAME_NEAR: f64 = 0.99;
/// The same over all fresh rows. Training shapes the latent model only where its sigmoid isn't
/// saturated, so less can be asked here. A network may go astray far from its boundary: those of
/// experiment 3 have 0.93 with the truth that they decide by, and get the weaker verdict.
const SAME_IN_BOX: f64 = 0.96;
/// The share of the latent model's variance that a monotone curve over the formula may leave. For
/// networks of the paper's experiments the formulas of their concepts left up to 3 %, formulas that
/// only shared the boundary 4 to 17 %.
const MAX_LEFT: f64 = 0.05;
/// The share of the decisions of the rarer class that a rule must get right to be the same
/// decision: one that always says the commoner class has 0, whatever its agreement. The formulas of
/// those concepts had 0.99 and more.
const SAME_DECISION: f64 = 0.98;

impl Verdict {
    /// The verdict that follows from the other figures of a certificate.
    pub(super) fn of(
        in_box: &Alignment,
        near_boundary: Option<&Alignment>,
        left_by_curve: f64,
        skill: Option<f64>,
    ) -> Self {
        let has_direction = match near_boundary {
            Some(near) => near.mean >= SAME_NEAR && in_box.mean >= SAME_IN_BOX,
            None => in_box.mean >= SAME_NEAR,
        };
        if has_direction && left_by_curve <= MAX_LEFT {
            Self::SameConcept
        } else if skill >= Some(SAME_DECISION) {
            Self::SameDecision
        } else {
            Self::NotExplained
        }
    }
}

/// How much better decisions agree than the commoner one always would; none where the network
/// decides the same everywhere.
pub(super) fn skill(agreement: f64, decisions: &[bool]) -> Option<f64> {
    let yes = decisions.iter().filter(|decision| **decision).count() as f64;
    let rarer = yes.min(decisions.len() as f64 - yes) / decisions.len() as f64;
    (rarer > 0.0).then(|| 1.0 - (1.0 - agreement) / rarer)
}
