//! How well an interpretation explains the network: measured on fresh points, and as a verdict.

use super::{Alignment, ConstantInterval, RestPart, Scores};
use serde::{Deserialize, Serialize};

/// What a formula says about a network, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The formula grows where the latent model grows, in the same directions, over all of the
    /// data.
    SameConcept,
    /// The rule decides as the network does, but away from the boundary the network follows another
    /// concept, or none.
    SameDecision,
    /// The formula carries most of the network and predicts the data as well, within 0.02 of R^2 or
    /// accuracy. What it leaves is within the network's own uncertainty.
    SameAccuracy,
    /// None of these.
    NotExplained,
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::SameConcept => "the same concept as the network",
            Self::SameDecision => "the same decision only, not the same concept",
            Self::SameAccuracy => "as accurate as the network, not the same in detail",
            Self::NotExplained => "the network is not explained",
        })
    }
}

/// Figures that show how well a formula explains a network. They are measured on fresh rows; only
/// the intervals come from the rows that the formula was found on.
///
/// | verdict | mean `\|cos\|` within `delta` | on all fresh rows | left by the link | decisions |
/// |---|---|---|---|---|
/// | same concept | at least 0.99 | at least 0.96 | at most 5 % | |
/// | same decision | | | | [skill](Self::skill) at least 0.98 |
/// | same accuracy | | | at most 10 %, see below | skill at least 0.8, see below |
/// | not explained | otherwise | | | |
///
/// 0.99 is an angle of 8 degrees, about the largest difference between two networks trained on
/// halves of the same data. Over all rows the limit is lower, because training hardly shapes the
/// latent model of a saturated classifier. A regressor has no boundary; all of its rows are held to
/// 0.99.
///
/// A formula of the same accuracy has an R^2 or accuracy on fresh rows at most 0.02 below the
/// network's, or below it by no more than chance explains, and above that of the best constant. What it may leave of the network is twice the
/// share that the network is uncertain about, if that is more, and at most a quarter: networks trained on halves of the
/// data show it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Certificate {
    /// The verdict that follows from the other figures.
    pub verdict: Verdict,
    /// `|cos|` between the gradients of the formula and of the latent model on all fresh rows.
    pub in_box: Alignment,
    /// The same on fresh rows whose output lies within `[delta, 1 - delta]`; none for a regressor,
    /// or without such rows.
    pub near_boundary: Option<Alignment>,
    /// Spearman correlation between the formula and the latent model on fresh rows, in [-1, 1].
    pub spearman: f64,
    /// The share of the latent model's variance on fresh rows that no link over the
    /// formula explains: how far `f = phi(T)` fails.
    pub left_by_curve: f64,
    /// The columns that this rest comes from, from the rows that the formula was found on; empty for
    /// the same concept, or where no column explains a tenth of it.
    pub rest: Vec<RestPart>,
    /// The share of fresh rows on which the rule and the network make the same decision.
    pub agreement: Option<f64>,
    /// How much better the rule decides than always answering the network's commoner class: 1 is
    /// always right, 0 is no better.
    pub skill: Option<f64>,
    /// What the network, the formula, a linear model and a constant are worth on the fresh rows.
    pub scores: Scores,
    /// The share of fresh rows for which the rule gives the data's label.
    pub label_agreement: Option<f64>,
    /// The share of fresh rows for which the network gives the data's label.
    pub network_accuracy: Option<f64>,
    /// The share of fresh rows that lie outside the box of the training rows by more than 1 % of a
    /// side. There the network extrapolates, and so does the formula.
    pub outside: f64,
    /// An interval for each number in the formula; see
    /// [`constant_intervals`](crate::interpretation::constant_intervals).
    pub constants: Vec<ConstantInterval>,
    /// For each confirmation search with another seed, whether it chose the same formula.
    pub confirmations: Vec<bool>,
}
