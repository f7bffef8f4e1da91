//! Trained models as functions: rows in, one number per row out.
//!
//! Interpretation needs only a model's latent model and its gradients. So it works for everything
//! that has both: a closure (`black_box`), a command (`program`), the mean of several models
//! (`ensemble`), one class against all others (`against_rest`), or stored predictions (`predictions`, with gradients by `local_fits`).

mod activation;
mod against_rest;
mod answers;
mod black_box;
mod boundary;
mod dense;
mod dense_file;
mod ensemble;
mod history;
mod local_fits;
mod predictions;
mod program;

pub use activation::Activation;
pub use against_rest::AgainstRest;
pub use answers::Answers;
pub use black_box::{BlackBox, Gradients};
pub use dense::{DenseLayer, DenseNetwork};
pub use ensemble::Ensemble;
pub use history::{Epoch, TrainingHistory};
pub use predictions::Predictions;

use crate::dataset::{Dataset, Task};
use crate::directions::Directions;
use crate::error::{Error, Result};
use crate::numerics::sigmoid;
use crate::points::Points;

/// A trained model that can be interpreted: one number for every row, and its gradient.
///
/// The *latent model* is the logit of a classifier, positive for class 1, or the prediction of a
/// regressor. Points are rows of `n_features` values, one after another.
pub trait Model {
    /// The features' names, in input order, `(n_features,)`.
    fn feature_names(&self) -> &[String];

    /// What the model was trained for.
    fn task(&self) -> Task;

    /// The latent model at points `(n_samples, n_features)`: `(n_samples,)`. It is NaN where the
    /// model has no answer, which may only happen away from the data's rows.
    ///
    /// # Errors
    /// Points of another shape, and any failure of the model to answer.
    fn latent(&self, points: &[f64]) -> Result<Vec<f64>>;

    /// The gradients of the latent model at points `(n_samples, n_features)`, of the same shape and
    /// in the data's units.
    ///
    /// # Errors
    /// Those of [`latent`](Self::latent).
    fn gradients(&self, points: &[f64]) -> Result<Vec<f64>>;

    /// Whether the model answers at any point, or only at its own rows.
    fn is_known_everywhere(&self) -> bool {
        true
    }

    /// The number of inputs.
    fn n_features(&self) -> usize {
        self.feature_names().len()
    }

    /// The model's output at points `(n_samples, n_features)`: `(n_samples,)`. It is the
    /// probability of class 1 for a classifier, the prediction for a regressor.
    ///
    /// # Errors
    /// Those of [`latent`](Self::latent).
    fn predict(&self, points: &[f64]) -> Result<Vec<f64>> {
        let latent = self.latent(points)?;
        Ok(match self.task() {
            Task::Classification => latent.into_iter().map(sigmoid).collect(),
            Task::Regression => latent,
        })
    }

    /// The directions of the latent model's gradients at the points whose output lies within
    /// `[delta, 1 - delta]` (Wetzel 2024, algorithm 1.2; the paper's `delta` is 1e-4).
    ///
    /// Where the sigmoid is saturated, training hardly shapes the latent model. A regressor has no
    /// sigmoid: all points are kept.
    ///
    /// # Errors
    /// A `delta` outside 0 to 0.5, points of other features, or no points left.
    fn directions(&self, points: &Points, delta: f64) -> Result<Directions> {
        let kept = self.band(points, delta)?;
        let gradients = self.gradients(&kept)?;
        Directions::from_gradients(kept, gradients)
    }

    /// The directions of the latent model's gradients on the decision boundary, where the output is
    /// 1/2. The points whose output lies within `[delta, 1 - delta]` are moved along the gradient
    /// until the latent model is 0.
    ///
    /// Labels determine where the boundary runs, and so the directions on it. Away from the
    /// boundary they determine little. Points that would have to leave the box of the given points
    /// are left out.
    ///
    /// # Errors
    /// Those of [`directions`](Self::directions), a regressor, which has no boundary, or no point
    /// that reaches the boundary.
    fn boundary_directions(&self, points: &Points, delta: f64) -> Result<Directions> {
        let near = self.band(points, delta)?;
        let reached = boundary::moved_to_boundary(self, near, points)?;
        let gradients = self.gradients(&reached)?;
        Directions::from_gradients(reached, gradients)
    }

    /// The points whose output lies within `[delta, 1 - delta]`; for a regressor all.
    ///
    /// # Errors
    /// Those of [`directions`](Self::directions).
    fn band(&self, points: &Points, delta: f64) -> Result<Points> {
        points.check_features("the model", self.feature_names())?;
        if !(0.0..0.5).contains(&delta) {
            return Err(Error::parameter("delta", delta, "at least 0 and below 0.5"));
        }
        if self.task() == Task::Regression {
            return Ok(points.clone());
        }
        let outputs = self.predict(points)?;
        let is_inside = |output: &f64| (delta..=1.0 - delta).contains(output);
        let kept = points.filtered(|row, _| outputs.get(row).is_some_and(is_inside));
        if kept.is_empty() {
            Err(Error::Unlearned(format!(
                "none of {} points has an output between {delta} and {}: the model is saturated \
             everywhere; use a smaller delta, or train with fewer epochs or more weight decay",
                outputs.len(),
                1.0 - delta
            )))
        } else {
            Ok(kept)
        }
    }
}

impl Dataset {
    /// The same points with a model's answers as targets: its decisions, 0 or 1, or its
    /// predictions. An interpretation describes the model, so it needs no other labels.
    ///
    /// # Errors
    /// Those of [`Model::latent`], and an answer that isn't finite.
    pub fn answered_by(&self, model: &dyn Model) -> Result<Self> {
        let latent = model.latent(self.points())?;
        let targets = match model.task() {
            Task::Classification => latent
                .iter()
                .map(|f| f64::from(u8::from(*f > 0.0)))
                .collect(),
            Task::Regression => latent,
        };
        Self::new(self.points().clone(), self.target_name(), targets)
    }
}

impl<M: Model + ?Sized> Model for &M {
    fn feature_names(&self) -> &[String] {
        (**self).feature_names()
    }

    fn task(&self) -> Task {
        (**self).task()
    }

    fn latent(&self, points: &[f64]) -> Result<Vec<f64>> {
        (**self).latent(points)
    }

    fn gradients(&self, points: &[f64]) -> Result<Vec<f64>> {
        (**self).gradients(points)
    }

    fn is_known_everywhere(&self) -> bool {
        (**self).is_known_everywhere()
    }
}
