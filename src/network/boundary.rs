//! Points on a classifier's decision boundary.

use super::Network;
use crate::dataset::{Task, bounds_of};
use crate::error::{Error, Result};
use crate::gradients::Directions;

/// Newton steps along the gradient; each at least squares a small distance to the boundary.
const N_STEPS: usize = 8;
/// A point this near to the boundary, as a share of the box's longest side, counts as on it.
const ON_BOUNDARY: f64 = 1e-4;

impl Network {
    /// The directions of the latent model's gradients on the decision boundary, where its output
    /// is 1/2: the points whose output lies within `[delta, 1 - delta]`, each moved along the
    /// gradient until the latent model is 0.
    ///
    /// Labels say where the boundary runs, and so fix the directions on it; how the latent model
    /// goes on away from it is the network's own invention. Points that would have to leave the
    /// box of the given ones are left out.
    ///
    /// # Errors
    /// Those of [`directions`](Self::directions), a regressor, which has no boundary, or no point
    /// that reaches the boundary.
    pub fn boundary_directions(&self, points: &[f64], delta: f64) -> Result<Directions> {
        if self.task() == Task::Regression {
            return Err(Error::Data(
                "a regressor has no decision boundary; take its directions at all points".into(),
            ));
        }
        let near = self.band(points, delta)?;
        let reached = self.moved_to_boundary(near, &bounds_of(points, self.n_features()))?;
        if reached.is_empty() {
            return Err(Error::Nothing(
                "no point reaches the decision boundary inside the box of the data: the network \
                 decides the same everywhere"
                    .into(),
            ));
        }
        let gradients = self.gradients(&reached)?;
        Directions::from_gradients(self.feature_names().to_vec(), reached, gradients)
    }

    /// The points that get to the boundary inside the box, there.
    fn moved_to_boundary(&self, mut points: Vec<f64>, sides: &[(f64, f64)]) -> Result<Vec<f64>> {
        let n_features = self.n_features();
        let mut steps = self.steps_to_boundary(&points)?;
        for _ in 0..N_STEPS {
            for (x, step) in points.iter_mut().zip(&steps) {
                *x += step;
            }
            steps = self.steps_to_boundary(&points)?;
        }
        let longest_side = sides
            .iter()
            .map(|(low, high)| high - low)
            .fold(0.0, f64::max);
        let is_there = |(point, step): &(&[f64], &[f64])| {
            let distance = step.iter().map(|s| s * s).sum::<f64>().sqrt();
            let mut coordinates = point.iter().zip(sides);
            distance < ON_BOUNDARY * longest_side
                && coordinates.all(|(x, (low, high))| low <= x && x <= high)
        };
        Ok(points
            .chunks_exact(n_features)
            .zip(steps.chunks_exact(n_features))
            .filter(is_there)
            .flat_map(|(point, _)| point.iter().copied())
            .collect())
    }

    /// What is to be added to each point for the latent model to be 0 there, were it linear;
    /// not finite where its gradient is 0. `(n_samples, n_features)`.
    fn steps_to_boundary(&self, points: &[f64]) -> Result<Vec<f64>> {
        let latent = self.latent(points)?;
        let mut steps = self.gradients(points)?;
        for (step, f) in steps.chunks_exact_mut(self.n_features()).zip(latent) {
            let square: f64 = step.iter().map(|g| g * g).sum();
            step.iter_mut().for_each(|g| *g *= -f / square);
        }
        Ok(steps)
    }
}
