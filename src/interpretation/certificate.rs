//! How far an interpretation holds: measured on fresh points, and said in words.

use super::{Alignment, ConstantInterval};
use serde::Serialize;

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

/// The figures that say how far a formula explains a network, measured on fresh rows; only the
/// intervals come from the rows that it was found on.
///
/// | verdict | mean `\|cos\|` within `delta` | on all fresh rows | left by the monotone curve | decisions |
/// |---|---|---|---|---|
/// | same concept | at least 0.99 | at least 0.96 | at most 5 % | |
/// | same decision | | | | [skill](Self::skill) at least 0.98 |
/// | not explained | otherwise | | | |
///
/// 0.99 is an angle of 8 degrees, about the most that two networks trained on halves of the same data
/// differ by. Over all rows less is asked: where a classifier is saturated, its training has left the latent model
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
    /// [`constant_intervals`](crate::interpretation::constant_intervals).
    pub constants: Vec<ConstantInterval>,
    /// For each of the other seeds that the search asked, whether it chose the same formula.
    pub confirmations: Vec<bool>,
}
