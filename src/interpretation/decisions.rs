//! How often a formula decides otherwise than its network, and otherwise than the labels that the
//! network learned from.

use super::noise::Halves;
use super::statistics::{best_threshold, share_right};
use crate::dataset::Dataset;
use crate::error::Result;
use crate::network::Network;
use crate::search::ParetoFront;

/// Numbers of wrong labels that differ by less, differ by chance.
const CHANCE: f64 = 5.0;

/// Penalizes the formulas of a front for their decisions, each at its best threshold: by the
/// logarithm of how much more often than the network itself errs they decide otherwise than it, and
/// of how many labels they get wrong for each that the network does.
///
/// Directions can't tell a curve from its tangent where the curve bends by less than the noise;
/// decisions add up the bends. Of formulas that explain the network alike, the one that tells the
/// labels is likelier to be what it has learned from them.
pub(super) fn penalize(
    front: &mut ParetoFront,
    network: &Network,
    halves: &Halves,
    rows: &Dataset,
) -> Result<()> {
    let n_rows = rows.n_samples() as f64;
    let latent = network.latent(rows.points())?;
    let decisions: Vec<bool> = latent.iter().map(|f| *f > 0.0).collect();
    let labels: Vec<bool> = rows.targets().iter().map(|label| *label > 0.5).collect();
    let n_usual = (n_rows * halves.share_of_errors(rows.points())?).max(1.0);
    let n_wrong_labels =
        n_rows * (1.0 - share_right(decisions.iter().copied(), labels.iter().copied()));
    front.penalize(|formula| {
        let points = rows.points().chunks_exact(rows.n_features());
        let values: Vec<f64> = points.map(|x| formula.value(x)).collect();
        let n_wrong = |truth: &[bool]| {
            let threshold = best_threshold(&values, truth)?;
            let decided = values.iter().map(|value| *value > threshold);
            Some(n_rows * (1.0 - share_right(decided, truth.iter().copied())))
        };
        let (Some(of_network), Some(of_labels)) = (n_wrong(&decisions), n_wrong(&labels)) else {
            return 0.0;
        };
        (of_network / n_usual).max(1.0).ln()
            + ((of_labels + CHANCE) / (n_wrong_labels + CHANCE)).ln()
    });
    Ok(())
}
