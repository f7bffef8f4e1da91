//! How often a formula decides otherwise than its network.

use super::noise::Halves;
use super::statistics::{best_threshold, share_right};
use crate::dataset::Dataset;
use crate::error::Result;
use crate::model::Model;
use crate::search::ParetoFront;

/// Numbers of decisions that differ by less, differ by chance.
const CHANCE: f64 = 5.0;

/// Penalizes the formulas of a front, each at its best threshold, by the logarithm of how much more
/// often than the network itself errs they decide otherwise than it.
///
/// Directions can't tell a curve from its tangent where the curve bends by less than the noise;
/// decisions add up the bends.
pub(super) fn penalize(
    front: &mut ParetoFront,
    model: &dyn Model,
    halves: &Halves,
    rows: &Dataset,
) -> Result<()> {
    let n_rows = rows.n_samples() as f64;
    let latent = model.latent(rows.points())?;
    let decisions: Vec<bool> = latent.iter().map(|f| *f > 0.0).collect();
    let n_usual = n_rows * halves.share_of_errors(rows.points())?;
    front.penalize(|formula| {
        let points = rows.points().chunks_exact(rows.n_features());
        let values: Vec<f64> = points.map(|x| formula.value(x)).collect();
        let Some(threshold) = best_threshold(&values, &decisions) else {
            return 0.0;
        };
        let decided = values.iter().map(|value| *value > threshold);
        let n_other = n_rows * (1.0 - share_right(decided, decisions.iter().copied()));
        ((n_other + CHANCE) / (n_usual + CHANCE)).ln().max(0.0)
    });
    Ok(())
}
