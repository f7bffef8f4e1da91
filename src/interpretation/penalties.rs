//! How much worse than it need be a formula stands for its model: what directions hardly show.
//!
//! Directions can't tell a curve from its tangent where the curve bends by less than the noise, nor
//! see a term that turns them by less. Decisions and values add up what directions miss.

use super::MonotoneCurve;
use super::noise::Halves;
use super::statistics::{best_threshold, share_right, values};
use crate::dataset::Dataset;
use crate::effort::reading::Penalties;
use crate::error::Result;
use crate::formula::Expression;
use crate::model::Model;
use crate::search::ParetoFront;

const LIMITS: Penalties = Penalties::DEFAULT;

/// Penalizes the formulas of a front, each at its best threshold, by twice the logarithm of how much
/// more often than the network itself errs they decide otherwise than it.
///
/// Twice, as losses are squares: a boundary that is shifted by so much decides otherwise in
/// proportion, and its directions' loss grows with the square.
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
        let Some(threshold) = best_threshold(&values, &decisions) else {
            return 0.0;
        };
        let decided = values.iter().map(|value| *value > threshold);
        let n_other = n_rows * (1.0 - share_right(decided, decisions.iter().copied()));
        2.0 * ((n_other + LIMITS.chance) / (n_usual + LIMITS.chance))
            .ln()
            .max(0.0)
    });
    Ok(())
}

/// Penalizes the formulas of a front by the logarithm of how much more of a regressor's variance
/// their best monotone curve leaves than twice what the regressor itself errs by.
///
/// Where that isn't known, for want of halves, what the best formula of the front leaves stands
/// for it.
pub(super) fn by_values(
    front: &mut ParetoFront,
    model: &dyn Model,
    halves: Option<&Halves<impl Model>>,
    rows: &Dataset,
) -> Result<()> {
    let latent = model.latent(rows.points())?;
    let left = |formula: &Expression| -> f64 {
        let values = values(formula, rows);
        // A formula without a value somewhere explains nothing.
        MonotoneCurve::fit(&values, &latent)
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
