//! Points on a classifier's decision boundary.

use super::Model;
use crate::dataset::Task;
use crate::error::{Error, Result};
use crate::points::Points;

/// Newton steps along the gradient. Near the boundary, each step at least squares the distance.
const N_STEPS: usize = 8;
/// A point whose distance to the boundary is below this share of the box's longest side is on it.
const ON_BOUNDARY: f64 = 1e-4;

/// Moves the points `near` to the boundary. Points that don't get there inside the box of `all` are
/// left out.
///
/// # Errors
/// A regressor, or no point that reaches the boundary.
pub(super) fn moved_to_boundary(
    model: &(impl Model + ?Sized),
    mut near: Points,
    all: &Points,
) -> Result<Points> {
    if model.task() == Task::Regression {
        return Err(Error::Model(
            "a regressor has no decision boundary; take its directions at all points".into(),
        ));
    }
    let sides = all.bounds();
    let mut steps = steps_to_boundary(model, &near)?;
    for _ in 0..N_STEPS {
        let moved = near.iter().zip(&steps).map(|(x, step)| x + step);
        let moved = near.with_values(moved.collect());
        // Where the gradient is 0, the step is infinite, and the model may have no answer there.
        near = moved.filtered(|_, row| row.iter().all(|x| x.is_finite()));
        steps = steps_to_boundary(model, &near)?;
    }
    let longest_side = sides
        .iter()
        .map(|(low, high)| high - low)
        .fold(0.0, f64::max);
    let is_there = |point: &[f64], step: &[f64]| {
        let distance = step.iter().map(|s| s * s).sum::<f64>().sqrt();
        let mut coordinates = point.iter().zip(&sides);
        distance < ON_BOUNDARY * longest_side
            && coordinates.all(|(x, (low, high))| low <= x && x <= high)
    };
    let mut steps = steps.chunks_exact(model.n_features());
    let reached = near.filtered(|_, point| steps.next().is_some_and(|step| is_there(point, step)));
    if reached.is_empty() {
        Err(Error::Unlearned(
            "no point reaches the decision boundary inside the box of the data: the model \
         decides the same everywhere"
                .into(),
        ))
    } else {
        Ok(reached)
    }
}

/// The step from each point to where the latent model would be 0 if it were linear,
/// `(n_samples, n_features)`; not finite where the gradient is 0.
fn steps_to_boundary(model: &(impl Model + ?Sized), points: &[f64]) -> Result<Vec<f64>> {
    if points.is_empty() {
        return Ok(Vec::new());
    }
    let latent = model.latent(points)?;
    let mut steps = model.gradients(points)?;
    for (step, f) in steps.chunks_exact_mut(model.n_features()).zip(latent) {
        let square: f64 = step.iter().map(|g| g * g).sum();
        step.iter_mut().for_each(|g| *g *= -f / square);
    }
    Ok(steps)
}
