//! Networks for a cross-validation, where too few rows are fresh to judge by them.

use super::halves::train_parts;
use super::numbers::{FEW_FRESH_ROWS, N_FOLDS};
use super::{Network, TrainingOptions};
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::interpretation::TrainedFold;
use std::sync::atomic::AtomicBool;

/// A network for every fold of all rows; none if there are enough fresh rows, or if a fold can't be
/// trained: it may lack a class.
pub(super) fn trained(
    training: &Dataset,
    fresh: &Dataset,
    options: &TrainingOptions,
) -> Result<Vec<TrainedFold<Network>>> {
    if fresh.n_samples() >= FEW_FRESH_ROWS {
        return Ok(Vec::new());
    }
    let parts = parts(&training.joined(fresh)?);
    let own: Vec<Dataset> = parts.iter().map(|[own, _]| own.clone()).collect();
    let networks = match train_parts(&own, fresh, options, &AtomicBool::new(false)) {
        Ok(networks) => networks,
        Err(error) => match error.root() {
            Error::Uninformative(_) | Error::Unlearned(_) => return Ok(Vec::new()),
            _ => return Err(error),
        },
    };
    let folds = networks.into_iter().zip(parts);
    Ok(folds
        .map(|(model, [training, held_out])| TrainedFold {
            model,
            training,
            held_out,
        })
        .collect())
}

/// For every fold equally many rows for training, and the rows that are held out. The rows were
/// shuffled when the fresh ones were set apart.
fn parts(data: &Dataset) -> Vec<[Dataset; 2]> {
    let n = data.n_samples();
    let least = n - n.div_ceil(N_FOLDS);
    let part = |fold: usize| {
        let (held_out, mut own): (Vec<usize>, Vec<usize>) =
            (0..n).partition(|row| row % N_FOLDS == fold);
        own.truncate(least);
        [data.select(&own), data.select(&held_out)]
    };
    (0..N_FOLDS).map(part).collect()
}
