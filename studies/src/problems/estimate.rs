//! How long runs take, and how much memory, roughly.

use super::settings::{Asked, Set};
use super::{Plan, Run};
use closedform::Result;

/// The time and memory of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Seconds on one core.
    pub seconds: f64,
    /// Bytes of memory.
    pub memory: f64,
}

/// Seconds of a search of 40 generations for 1000 rows, on one core.
const SEARCH: f64 = 4.0;
/// Seconds for a row, an epoch and a weight of a network, forward and backward, on one core.
const STEP: f64 = 2e-10;
/// Networks that are trained for a formula: one, and those on halves of the data that measure noise.
const N_NETWORKS: f64 = 3.0;
/// Memory of the program with libtorch, before a run.
const PROGRAM: f64 = 400e6;
/// Bytes for a row and an input while searching: terms, islands and their gradients.
const ROW: f64 = 2000.0;

impl Run {
    /// The time and memory of this run, right to a factor of about three: enough to plan shards by.
    ///
    /// # Errors
    /// Settings that aren't those of a run.
    pub fn estimate(&self) -> Result<Estimate> {
        let settings = self.settings()?;
        let n_rows = settings.n_rows() as f64;
        let generations = settings.generations.unwrap_or(40) as f64 / 40.0;
        let search = SEARCH * generations.max(0.25) * (n_rows / 1000.0).sqrt();
        let search = settings.time_limit.unwrap_or(search);
        let is_network = settings.set == Some(Set::Experiments) || settings.has_network();
        let training = if is_network {
            let preset = settings.preset().hyperparameters();
            let h = settings.hyperparameters(preset, settings.n_rows());
            let widths: Vec<f64> = h.layers.iter().map(|layer| layer.width as f64).collect();
            let inner: f64 = widths.windows(2).map(|pair| pair[0] * pair[1]).sum();
            let outer: f64 = 10.0 * widths.first().copied().unwrap_or(1.0);
            N_NETWORKS * STEP * n_rows * h.n_epochs as f64 * (inner + outer)
        } else {
            0.0
        };
        let inputs = match settings.asked() {
            Asked::Directions => 8.0,
            _ => 4.0,
        };
        let seconds = search + training;
        Ok(Estimate {
            seconds: settings
                .max_seconds
                .map_or(seconds, |most| seconds.min(most)),
            memory: PROGRAM + ROW * n_rows * inputs,
        })
    }
}

impl Plan {
    /// The time of all runs together, and the memory of the largest.
    ///
    /// # Errors
    /// Settings that aren't those of a run.
    pub fn estimate(&self) -> Result<Estimate> {
        let mut total = Estimate {
            seconds: 0.0,
            memory: 0.0,
        };
        let n_runs = self.n_runs();
        // Of a million runs, every hundredth tells as much.
        let step = (n_runs / 10_000).max(1);
        for number in (0..n_runs).step_by(step) {
            let one = self.run(number).estimate()?;
            total.seconds += one.seconds * step as f64;
            total.memory = total.memory.max(one.memory);
        }
        Ok(total)
    }
}
