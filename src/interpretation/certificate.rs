//! How far an interpretation holds: measured on fresh points, and said in words.

use super::{Alignment, ConstantInterval};
use serde::Serialize;

/// Mean `|cos|` at or above this, near the boundary: the same direction. Networks trained alike
/// agree with each other to 0.98 to 0.999, so a formula that agrees better than this can't be told
/// from what the network has learned.
const SAME_NEAR: f64 = 0.99;
/// The same over all fresh rows, and the share of the latent model's variance that a monotone curve
/// over the formula may leave. Training shapes the latent model only where its sigmoid isn't
/// saturated, so less can be asked here. For networks on seven experiments, the formula of their concept had
/// 0.97 to 1.00 and left 0 to 4 %, save one network that had gone astray away from its boundary
/// (0.94, 2 %); formulas that only shared the boundary had 0.78 to 0.956 and left 4 to 17 %.
const SAME_IN_BOX: f64 = 0.96;
const MAX_LEFT: f64 = 0.05;
/// The share of the decisions of the rarer class that a rule must get right to be the same
/// decision: one that always says the commoner class has 0, whatever its agreement. The formulas of
/// those concepts had 0.99 and more.
const SAME_DECISION: f64 = 0.98;

/// What a formula says about a network, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The formula grows where the latent model grows, in the same directions, over the data.
    SameConcept,
    /// The rule decides as the network does, but away from the boundary the network has another
    /// concept, or none.
    SameDecision,
    /// Neither.
    NotExplained,
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::SameConcept => "the same concept as the network",
            Self::SameDecision => "the same decision only, not the same concept",
            Self::NotExplained => "the network is not explained",
        })
    }
}

/// The figures that say how far a formula explains a network, all measured on fresh rows.
///
/// | verdict | mean `\|cos\|` within `delta` | on all fresh rows | left by the monotone curve | decisions |
/// |---|---|---|---|---|
/// | same concept | at least 0.99 | at least 0.96 | at most 5 % | |
/// | same decision | | | | [skill](Self::skill) at least 0.98 |
/// | not explained | otherwise | | | |
///
/// 0.99 is an angle of 8 degrees, about what two networks trained alike on the same data differ by. Over all
/// rows less is asked: where a classifier is saturated, its training has left the latent model
/// to chance. A regressor has no boundary, and is judged by all rows at 0.99.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Certificate {
    /// What the other figures come to.
    pub verdict: Verdict,
    /// `|cos|` between the gradients of formula and latent model on all fresh rows.
    pub in_box: Alignment,
    /// The same on fresh rows whose output lies within `[delta, 1 - delta]`; none for a regressor.
    pub near_boundary: Option<Alignment>,
    /// Spearman correlation of formula and latent model on fresh rows, in [-1, 1].
    pub spearman: f64,
    /// The share of the latent model's variance on fresh rows that no monotone curve over the
    /// formula explains: how far `f = phi(T)` fails.
    pub left_by_curve: f64,
    /// The share of fresh rows on which rule and network decide alike.
    pub agreement: Option<f64>,
    /// How much better the rule decides than one that always says the network's commoner class:
    /// 1 is always right, 0 no better.
    pub skill: Option<f64>,
    /// The share of fresh rows on which the rule tells the data's label,
    pub label_agreement: Option<f64>,
    /// and the share on which the network does.
    pub network_accuracy: Option<f64>,
    /// The share of fresh rows that lie outside the box of the training rows by more than 1 % of a
    /// side: there the network extrapolates, and so does the formula.
    pub outside: f64,
    /// An interval for each number in the formula; see
    /// [`constant_intervals`](crate::constant_intervals).
    pub constants: Vec<ConstantInterval>,
    /// For each of the other seeds that the search asked, whether it chose the same formula.
    pub confirmations: Vec<bool>,
}

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
