//! Any function as a model, with gradients from differences of its values.

use super::Model;
use super::local_fits::LocalFits;
use crate::dataset::{Dataset, Task};
use crate::error::{Error, Result};
use crate::points::check_rows;

/// How the gradients of a model are computed from its values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Gradients {
    /// Central differences of four answers along each feature, at `x - 2h`, `x - h`, `x + h` and
    /// `x + 2h`, where `h` is this share of the feature's range in the data. The error grows with
    /// `h^4`. This is for smooth models: the default of 1e-3 leaves errors of about 1e-11, or of
    /// 1e-4 if the model computes in single precision.
    Differences {
        /// Above 0, at most 0.1.
        step: f64,
    },
    /// The slope of a linear fit to the model's values at points around `x`, spread over this share
    /// of each feature's range. This is for step functions such as trees, which have no gradients
    /// of their own. Details smaller than the spread are lost.
    LocalFits {
        /// Above 0, at most 0.5.
        spread: f64,
        /// The number of points around each `x`: at least 2 for every feature and 2 more.
        n_points: usize,
        /// Fixes the positions of these points.
        seed: u64,
    },
}

impl Default for Gradients {
    fn default() -> Self {
        Self::Differences { step: 1e-3 }
    }
}

/// The number of points of a local fit per feature.
const POINTS_PER_FEATURE: usize = 20;

impl Gradients {
    /// [`LocalFits`](Self::LocalFits) with enough points for `n_features`.
    pub fn local_fits(spread: f64, n_features: usize, seed: u64) -> Self {
        Self::LocalFits {
            spread,
            n_points: POINTS_PER_FEATURE.saturating_mul(n_features.saturating_add(1)),
            seed,
        }
    }

    fn check(&self, n_features: usize) -> Result<()> {
        let share = |name, value: f64, most: f64| {
            if value > 0.0 && value <= most {
                Ok(())
            } else {
                Err(Error::parameter(
                    name,
                    value,
                    format!("above 0 and at most {most}, a share of the features' ranges"),
                ))
            }
        };
        match *self {
            Self::Differences { step } => share("step", step, 0.1),
            Self::LocalFits {
                spread, n_points, ..
            } => {
                share("spread", spread, 0.5)?;
                let least = 2 * n_features + 2;
                if n_points >= least {
                    Ok(())
                } else {
                    Err(Error::parameter(
                        "n_points",
                        n_points,
                        format!("at least {least} for {n_features} features"),
                    ))
                }
            }
        }
    }

    /// Gradients `(n_samples, n_features)` of `function`, which maps points `(n, n_features)` to
    /// values `(n,)`, at points `(n_samples, n_features)`. `ranges` is `(n_features,)`.
    fn of(
        &self,
        function: impl Fn(&[f64]) -> Result<Vec<f64>>,
        points: &[f64],
        ranges: &[f64],
    ) -> Result<Vec<f64>> {
        match *self {
            Self::Differences { step } => differences(function, points, ranges, step),
            Self::LocalFits {
                spread,
                n_points,
                seed,
            } => LocalFits::around(n_points, seed, ranges, spread).slopes(function, points),
        }
    }
}

/// Where a function is evaluated along a feature, in steps. The slope is 2/3 of the inner
/// difference minus 1/12 of the outer one, which is exact for polynomials of order 4.
const STENCIL: [f64; 4] = [-2.0, -1.0, 1.0, 2.0];

/// All points moved along all features are evaluated at once, so that an executable starts once.
fn differences(
    function: impl Fn(&[f64]) -> Result<Vec<f64>>,
    points: &[f64],
    ranges: &[f64],
    step: f64,
) -> Result<Vec<f64>> {
    let n_features = ranges.len();
    let mut moved = Vec::with_capacity(STENCIL.len() * n_features * points.len());
    for point in points.chunks_exact(n_features) {
        for (index, range) in ranges.iter().enumerate() {
            for n_steps in STENCIL {
                moved.extend_from_slice(point);
                let last = moved.len() - n_features;
                moved[last + index] += n_steps * step * range;
            }
        }
    }
    let values = function(&moved)?;
    let answers = values.as_chunks::<{ STENCIL.len() }>().0.iter();
    // The difference of equal answers is exactly 0.
    let slope = |(place, [a, b, c, d]): (usize, &[f64; STENCIL.len()])| {
        let difference = 2.0 / 3.0 * (c - b) - (d - a) / 12.0;
        difference / (step * ranges[place % n_features])
    };
    Ok(answers.enumerate().map(slope).collect())
}

/// A function from points `(n_samples, n_features)` to values `(n_samples,)`.
type OfRows = dyn Fn(&[f64]) -> Result<Vec<f64>> + Send + Sync;

/// Any function of rows as a model.
///
/// ```
/// use closedform::{BlackBox, Dataset, Model, Task};
///
/// let data = Dataset::from_function(&[(0.0, 2.0); 2], 500, 0, |x| x[0] * x[1])?;
/// let model = BlackBox::new(&data, Task::Regression, |x| (x[0] * x[1]).exp())?;
/// let slope = model.gradients(&[1.0, 0.5])?;
/// assert!((slope[0] - 0.5 * 0.5_f64.exp()).abs() < 1e-9);
/// # Ok::<(), closedform::Error>(())
/// ```
pub struct BlackBox {
    feature_names: Vec<String>,
    task: Task,
    ranges: Vec<f64>,
    gradients: Gradients,
    function: Box<OfRows>,
}

impl BlackBox {
    /// A function of one row `(n_features,)`. The features and their ranges are those of `data`.
    ///
    /// For classification the function returns the logit of class 1, positive where class 1 is
    /// likelier.
    ///
    /// # Errors
    /// A feature that is the same in every row.
    pub fn new(
        data: &Dataset,
        task: Task,
        function: impl Fn(&[f64]) -> f64 + Send + Sync + 'static,
    ) -> Result<Self> {
        let n_features = data.n_features();
        let of_rows = move |points: &[f64]| {
            let rows = points.chunks_exact(n_features);
            Ok(rows.map(&function).collect())
        };
        Self::of_rows(data, task, of_rows)
    }

    /// A function of many rows at once, from `(n_samples, n_features)` to `(n_samples,)`, which may
    /// fail.
    ///
    /// # Errors
    /// Those of [`new`](Self::new).
    pub fn of_rows(
        data: &Dataset,
        task: Task,
        function: impl Fn(&[f64]) -> Result<Vec<f64>> + Send + Sync + 'static,
    ) -> Result<Self> {
        Ok(Self {
            feature_names: data.feature_names().to_vec(),
            task,
            ranges: ranges(data)?,
            gradients: Gradients::default(),
            function: Box::new(function),
        })
    }

    /// The same model with another way of computing gradients than central differences.
    ///
    /// # Errors
    /// Numbers outside their ranges, see [`Gradients`].
    pub fn with_gradients(self, gradients: Gradients) -> Result<Self> {
        gradients.check(self.feature_names.len())?;
        Ok(Self { gradients, ..self })
    }
}

impl Model for BlackBox {
    fn feature_names(&self) -> &[String] {
        &self.feature_names
    }

    fn task(&self) -> Task {
        self.task
    }

    fn latent(&self, points: &[f64]) -> Result<Vec<f64>> {
        check_rows(points, self.feature_names.len(), "features")?;
        let values = (self.function)(points)?;
        check_count(&values, points.len() / self.feature_names.len())?;
        Ok(values)
    }

    fn gradients(&self, points: &[f64]) -> Result<Vec<f64>> {
        check_rows(points, self.feature_names.len(), "features")?;
        self.gradients
            .of(|moved| self.latent(moved), points, &self.ranges)
    }
}

impl std::fmt::Debug for BlackBox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlackBox")
            .field("feature_names", &self.feature_names)
            .field("task", &self.task)
            .field("gradients", &self.gradients)
            .finish_non_exhaustive()
    }
}

/// Each feature's range over the data, `(n_features,)`.
pub(super) fn ranges(data: &Dataset) -> Result<Vec<f64>> {
    let bounds = data.points().bounds();
    let named = bounds.iter().zip(data.feature_names());
    let range = |((low, high), name): (&(f64, f64), &String)| {
        if high > low {
            Ok(high - low)
        } else {
            Err(Error::Uninformative(format!(
                "column \"{name}\" is {low} in every row and has no gradient: leave it out"
            )))
        }
    };
    named.map(range).collect()
}

/// Refuses a number of answers that differs from the number of rows.
pub(super) fn check_count(values: &[f64], n_rows: usize) -> Result<()> {
    if values.len() == n_rows {
        Ok(())
    } else {
        Err(Error::Shape(format!(
            "the model gave {} numbers for {n_rows} rows, but must give one for each",
            values.len()
        )))
    }
}
