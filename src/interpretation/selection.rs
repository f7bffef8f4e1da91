//! Step 2 of Wetzel (2024), algorithm 1: the points whose directions the search uses.

use crate::dataset::Task;
use crate::directions::Directions;
use crate::effort::reading::WideBand;
use crate::error::Result;
use crate::model::Model;
use crate::points::Points;

/// The points at which a classifier's directions are taken. A regressor's are taken at all points.
///
/// Labels determine where the boundary runs, and so the directions on it. They say little about the
/// latent model away from the boundary. But if several formulas have the same boundary, only that
/// region can distinguish them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selection {
    /// At the data's own points with outputs within `[delta, 1 - delta]`, with equal weights:
    /// Wetzel (2024), algorithm 1.2.
    Band,
    /// At the same points moved to the boundary, see [`Model::boundary_directions`], and with a
    /// fifth of the weight at the data's own points in a wider band.
    Boundary,
}

/// The directions of a model that a formula is searched for.
pub(super) struct Selected {
    /// The directions that the labels determine.
    pub near: Directions,
    /// All directions for the search, including `near`.
    pub all: Directions,
}

impl Selection {
    /// The directions of a model at points, for which a formula is searched.
    ///
    /// ```
    /// use closedform::{Dataset, Network, TrainingOptions, progress};
    /// use closedform::interpretation::Selection;
    ///
    /// let data = Dataset::from_function(&[(-1.0, 1.0); 2], 1000, 0, |x| {
    ///     f64::from(u8::from(x[0] > x[1] * x[1]))
    /// })?;
    /// let (training, fresh) = data.split(0.8, 0)?;
    /// let (network, _) =
    ///     Network::train(&training, &fresh, &TrainingOptions::default(), progress::silent)?;
    /// let given = Selection::Boundary.directions(&network, training.points(), 1e-4)?;
    /// assert!(given.mean_abs_cosine(&"x1 - x2**2".parse()?) > 0.9);
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Model::directions`] and [`Model::boundary_directions`].
    pub fn directions(self, model: &dyn Model, points: &Points, delta: f64) -> Result<Directions> {
        Ok(self.of(model, points, delta)?.all)
    }

    /// The same, together with the part that the labels determine.
    pub(super) fn of(self, model: &dyn Model, points: &Points, delta: f64) -> Result<Selected> {
        let stays = self == Self::Band || !model.is_known_everywhere();
        if stays || model.task() == Task::Regression {
            let near = model.directions(points, delta)?;
            let all = near.clone();
            return Ok(Selected { near, all });
        }
        let near = model.boundary_directions(points, delta)?;
        let wide = model.directions(points, WideBand::DEFAULT.delta.min(delta))?;
        let weights = vec![WideBand::DEFAULT.weight; wide.n_samples()];
        let all = near.clone().with_others(&wide.with_weights(weights)?)?;
        Ok(Selected { near, all })
    }
}
