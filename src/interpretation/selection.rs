//! Step 2 of Wetzel (2024), algorithm 1: which points' directions the search is given.

use crate::dataset::Task;
use crate::directions::Directions;
use crate::effort::reading::WideBand;
use crate::error::Result;
use crate::model::Model;
use crate::points::Points;

/// At which points a classifier's directions are taken; a regressor's are taken at all points.
///
/// Labels say where the boundary runs, and so fix the directions on it. How the latent model goes
/// on away from it, they hardly say; but where formulas agree on the boundary, only that tells
/// them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selection {
    /// At the data's own points with outputs within `[delta, 1 - delta]`, all alike: Wetzel
    /// (2024), algorithm 1.2.
    Band,
    /// At the same points moved to the boundary, see [`Model::boundary_directions`], and with a
    /// fifth of the weight at the data's own points in a wider band.
    Boundary,
}

/// The directions of a model that a formula is searched for.
pub(super) struct Selected {
    /// Those that the labels fix.
    pub near: Directions,
    /// All that the search is given, `near` included.
    pub all: Directions,
}

impl Selection {
    /// A model's directions at points, as a formula is searched for them.
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

    /// The same, with those that the labels fix.
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
