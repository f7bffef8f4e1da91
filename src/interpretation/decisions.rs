//! How often a formula decides otherwise than its network, beside how often networks err.

use super::noise::Halves;
use super::statistics::{best_threshold, share_right};
use crate::dataset::Dataset;
use crate::error::Result;
use crate::network::Network;
use crate::search::ParetoFront;

/// Penalizes the formulas of a front that decide otherwise than the network, at their best
/// threshold, by the logarithm of how much more often than the network itself is wrong.
///
/// Directions can't tell a curve from its tangent where the curve bends by less than the noise;
/// decisions add up the bends.
pub(super) fn penalize(
    front: &mut ParetoFront,
    network: &Network,
    halves: &Halves,
    rows: &Dataset,
) -> Result<()> {
    let latent = network.latent(rows.points())?;
    let decisions: Vec<bool> = latent.iter().map(|f| *f > 0.0).collect();
    let usual = halves.share_of_errors(rows.points())?;
    let usual = usual.max(1.0 / rows.n_samples() as f64);
    front.penalize(|formula| {
        let points = rows.points().chunks_exact(rows.n_features());
        let values: Vec<f64> = points.map(|x| formula.value(x)).collect();
        let Some(threshold) = best_threshold(&values, &decisions) else {
            return 0.0;
        };
        let decided = values.iter().map(|value| *value > threshold);
        let differing = 1.0 - share_right(decided, decisions.iter().copied());
        (differing / usual).max(1.0).ln()
    });
    Ok(())
}
