//! Checks of a module at points of all magnitudes, before any data are known.

use super::{ExecutedNetwork, to_vec};
use crate::error::{Error, Result};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use tch::Tensor;

/// The magnitudes of inputs that are tried, because their units aren't known.
const MAGNITUDES: [f64; 7] = [0.1, 1.0, 10.0, 100.0, 1e3, 1e4, 1e5];
const ROWS_OF_EACH: usize = 16;

/// Normally distributed points of each magnitude, shifted and scaled like the inputs:
/// `(n_samples, n_features)`.
pub(in crate::network) fn probe_points(n_features: usize, scaling: &[(f64, f64)]) -> Vec<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let mut points = Vec::with_capacity(MAGNITUDES.len() * ROWS_OF_EACH * n_features);
    for magnitude in MAGNITUDES {
        for _ in 0..ROWS_OF_EACH {
            for (mean, scale) in scaling {
                let normal: f64 = rng.sample(StandardNormal);
                points.push(mean + scale * magnitude * normal);
            }
        }
    }
    points
}

impl ExecutedNetwork {
    /// Refuses a module whose output for a row depends on the other rows, or changes from call to
    /// call: its gradient isn't that of a function.
    ///
    /// `columns` holds all its outputs at the points, `(n_samples, n_columns)`.
    pub(super) fn check_rows_are_alone(&self, points: &[f64], columns: &Tensor) -> Result<()> {
        let program = self.program.load()?;
        let _guard = tch::no_grad_guard();
        // What sums in another order may differ by.
        let tolerance = self.program.precision().sqrt();
        let n_columns = columns.size()[1] as usize;
        let together = to_vec(columns)?;
        let rows = points.chunks_exact(self.feature_names.len());
        let pairs = rows.zip(together.chunks_exact(n_columns));
        for (row, together) in pairs.step_by(ROWS_OF_EACH) {
            let alone = to_vec(&self.columns(&program, &self.to_inputs(row)?)?.values)?;
            for &(column, _) in &self.reading.terms {
                let (alone, together) = (alone[column], together[column]);
                let is_same = (alone - together).abs() <= tolerance * (1.0 + alone.abs());
                if alone.is_finite() && together.is_finite() && !is_same {
                    return Err(Error::Model(format!(
                        "the output for a row is {alone} alone, but {together} among other rows; it \
                     must depend on its own row only (is there a softmax over the rows, or a \
                     dropout or batch norm that isn't in evaluation mode?)"
                    )));
                }
            }
        }
        Ok(())
    }

    /// Why the gradient doesn't say how the output changes, if it doesn't: the output changes with an
    /// input although its gradient is 0 everywhere.
    ///
    /// # Errors
    /// An output that doesn't depend on the inputs.
    pub(super) fn find_steps(&self, points: &[f64]) -> Result<Option<String>> {
        let n_features = self.feature_names.len();
        let gradients = self.raw_gradients(points)?;
        let values = self.values(points)?;
        if gradients.is_none() && values.iter().all(|value| *value == values[0]) {
            return Err(Error::Model(
                "the output doesn't depend on the inputs".into(),
            ));
        }
        let gradients = gradients.unwrap_or_else(|| vec![0.0; points.len()]);
        for feature in 0..n_features {
            let mut components = gradients.iter().skip(feature).step_by(n_features);
            if components.any(|component| *component != 0.0) {
                continue;
            }
            // Each row with this feature's value of the next row.
            let mut others = points.to_vec();
            let column = others.iter_mut().skip(feature).step_by(n_features);
            let next = points
                .iter()
                .skip(feature)
                .step_by(n_features)
                .cycle()
                .skip(1);
            column.zip(next).for_each(|(value, next)| *value = *next);
            let changed = self.values(&others)?;
            if changed
                .iter()
                .zip(&values)
                .any(|(a, b)| a.is_finite() && b.is_finite() && a != b)
            {
                let steps = match self.program.steps() {
                    steps if steps.is_empty() => String::new(),
                    steps => format!(" ({steps})"),
                };
                return Ok(Some(format!(
                    "the output changes with \"{}\", but its gradient is 0 everywhere: an operator \
                     can't be differentiated{steps}",
                    self.feature_names[feature]
                )));
            }
        }
        Ok(None)
    }
}
