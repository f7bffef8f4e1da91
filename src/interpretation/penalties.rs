//! Penalties for formulas by their decisions or values, which show differences that directions
//! hardly show.
//!
//! Directions can't distinguish a curve from its tangent if the curve bends by less than the noise,
//! nor can they show a term that turns them by less than the noise. In decisions and values such
//! differences add up.

use super::noise::Halves;
use super::statistics::{share_right, values};
use super::{DecisionRule, LinkCurve};
use crate::dataset::Dataset;
use crate::effort::reading::Penalties;
use crate::error::Result;
use crate::formula::Expression;
use crate::model::Model;
use crate::search::ParetoFront;

const LIMITS: Penalties = Penalties::DEFAULT;

/// Penalizes the formulas of a front, each at its best threshold, by how often they disagree with
/// the network's decisions. The penalty is twice the logarithm of that number over the number of
/// the network's own errors.
///
/// The factor of two is there because losses are squares: when a boundary is shifted, the number of
/// different decisions grows with the shift, and the loss of the directions with its square.
pub(super) fn by_decisions(
    front: &mut ParetoFront,
    network: &dyn Model,
    halves: &Halves<impl Model>,
    rows: &Dataset,
) -> Result<()> {
    let n_rows = rows.n_samples() as f64;
    let latent = network.latent(rows.points())?;
    let decisions: Vec<bool> = latent.iter().map(|f| *f > 0.0).collect();
    let n_usual = n_rows * halves.share_of_errors(rows.points())?;
    front.penalize(|formula| {
        let values = values(formula, rows);
        let link = LinkCurve::of_logits(&values, &latent).ok();
        let Some(rule) = link.and_then(|link| DecisionRule::fit(&values, &decisions, &link)) else {
            return 0.0;
        };
        let decided = values.iter().map(|value| rule.decides(*value));
        let n_other = n_rows * (1.0 - share_right(decided, decisions.iter().copied()));
        2.0 * ((n_other + LIMITS.chance) / (n_usual + LIMITS.chance))
            .ln()
            .max(0.0)
    });
    Ok(())
}

/// Penalizes the formulas of a front by the variance of a regressor that their best link
/// leaves unexplained. The penalty is the logarithm of that variance over twice the regressor's own
/// error.
///
/// If that error isn't known, because no networks were trained on halves, the variance that the
/// best formula of the front leaves is used instead.
pub(super) fn by_values(
    front: &mut ParetoFront,
    model: &dyn Model,
    halves: Option<&Halves<impl Model>>,
    rows: &Dataset,
) -> Result<()> {
    let latent = model.latent(rows.points())?;
    let left = |formula: &Expression| -> f64 {
        let values = values(formula, rows);
        // A formula without any finite value explains nothing.
        LinkCurve::fit(&values, &latent)
            .map_or(1.0, |curve| 1.0 - curve.explained(&values, &latent))
    };
    let usual = match halves {
        Some(halves) => halves.share_of_variance(rows.points(), &latent)?,
        None => {
            let formulas = front.candidates().iter();
            formulas.map(|c| left(&c.expression)).fold(1.0, f64::min)
        }
    };
    let usual = usual.max(LIMITS.negligible);
    front.penalize(|formula| (left(formula) / (LIMITS.allowed * usual)).ln().max(0.0));
    Ok(())
}
