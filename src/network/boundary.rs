//! Points on a classifier's decision boundary.

use super::Network;
use crate::dataset::Task;
use crate::error::{Error, Result};
use crate::gradients::Directions;

/// Newton steps along the gradient; each at least squares a small distance to the boundary.
const N_STEPS: usize = 8;
/// A point this near to the boundary, as a share of the points' spread, counts as on it.
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
        let near = self.directions(points, delta)?.points().to_vec();
        let reached = self.moved_to_boundary(near, &Sides::of(points, self.n_features()))?;
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

    /// The points that get to the boundary, there.
    fn moved_to_boundary(&self, mut points: Vec<f64>, sides: &Sides) -> Result<Vec<f64>> {
        let n_features = self.n_features();
        let mut distances = Vec::new();
        for _ in 0..=N_STEPS {
            let latent = self.latent(&points)?;
            let gradients = self.gradients(&points)?;
            let rows = points
                .chunks_exact_mut(n_features)
                .zip(gradients.chunks_exact(n_features));
            distances.clear();
            for ((point, gradient), f) in rows.zip(&latent) {
                let square: f64 = gradient.iter().map(|g| g * g).sum();
                distances.push(f.abs() / square.sqrt());
                if square > 0.0 {
                    let step = point.iter_mut().zip(gradient);
                    step.for_each(|(x, g)| *x -= f * g / square);
                }
            }
        }
        let is_there = |(point, distance): &(&[f64], &f64)| {
            **distance < ON_BOUNDARY * sides.spread && sides.contain(point)
        };
        Ok(points
            .chunks_exact(n_features)
            .zip(&distances)
            .filter(is_there)
            .flat_map(|(point, _)| point.iter().copied())
            .collect())
    }
}

/// The box of some points.
struct Sides {
    lows: Vec<f64>,
    highs: Vec<f64>,
    /// The longest side.
    spread: f64,
}

impl Sides {
    fn of(points: &[f64], n_features: usize) -> Self {
        let mut lows = vec![f64::INFINITY; n_features];
        let mut highs = vec![f64::NEG_INFINITY; n_features];
        for point in points.chunks_exact(n_features) {
            for ((low, high), &x) in lows.iter_mut().zip(&mut highs).zip(point) {
                *low = low.min(x);
                *high = high.max(x);
            }
        }
        let lengths = lows.iter().zip(&highs).map(|(low, high)| high - low);
        let spread = lengths.fold(0.0, f64::max);
        Self {
            lows,
            highs,
            spread,
        }
    }

    fn contain(&self, point: &[f64]) -> bool {
        let sides = self.lows.iter().zip(&self.highs);
        point
            .iter()
            .zip(sides)
            .all(|(x, (low, high))| low <= x && x <= high)
    }
}
