//! How well a formula's gradients align with the network's: on average, and at the worst points.

use crate::directions::Directions;
use crate::effort::reading::VerdictLimits;
use crate::error::Result;
use crate::formula::{Columns, Expression};
use serde::Serialize;

const LIMITS: VerdictLimits = VerdictLimits::DEFAULT;

/// The distribution of `|cos|` between a formula's gradients and given directions over the points.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Alignment {
    /// The number of points with a direction.
    pub n_points: usize,
    /// The mean `|cos|`.
    pub mean: f64,
    /// The 1 % quantile: at one point in a hundred `|cos|` is lower.
    pub worst_percent: f64,
    /// The lowest `|cos|`.
    pub minimum: f64,
    /// The share of points where `|cos|` exceeds 0.99, which is an angle of 8 degrees.
    pub covered: f64,
}

impl Alignment {
    /// Compares a formula's gradients with directions. Where the formula has no gradient, `|cos|`
    /// is 0.
    ///
    /// ```
    /// use closedform::{Directions, Expression, Points};
    /// use closedform::interpretation::Alignment;
    ///
    /// let points = Points::new(["x1", "x2"], [0.0; 4])?;
    /// let given = Directions::from_gradients(points, vec![1.0, 0.0, 3.0, 4.0])?;
    /// let alignment = Alignment::new(&given, &Expression::variable(0))?;
    /// assert_eq!((alignment.mean, alignment.minimum, alignment.covered), (0.8, 0.6, 0.5));
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// A formula in more features than the directions have.
    pub fn new(directions: &Directions, formula: &Expression) -> Result<Self> {
        formula.check_features(directions.n_features())?;
        let mut cosines: Vec<f64> = abs_cosines(
            formula,
            directions.points(),
            directions.unit_gradients(),
            directions.n_features(),
        )
        .into_iter()
        .flatten()
        .collect();
        cosines.sort_by(f64::total_cmp);
        let n = cosines.len() as f64;
        let n_covered = cosines
            .iter()
            .filter(|cosine| **cosine > LIMITS.aligned)
            .count();
        Ok(Self {
            n_points: cosines.len(),
            mean: cosines.iter().sum::<f64>() / n,
            worst_percent: cosines[(LIMITS.worst * n) as usize],
            minimum: cosines[0],
            covered: n_covered as f64 / n,
        })
    }
}

/// `|cos|` at each point between a formula's gradients and given ones `(n_samples, n_features)`:
/// none where the given gradient is zero, 0 where the formula's is zero or isn't finite.
pub(crate) fn abs_cosines(
    formula: &Expression,
    points: &[f64],
    gradients: &[f64],
    n_features: usize,
) -> Vec<Option<f64>> {
    let found = formula.evaluate_everywhere(&Columns::from_rows(points, n_features));
    let given = gradients.chunks_exact(n_features).enumerate();
    let cosines = given.map(|(row, given)| {
        let own = |index: usize| -> f64 {
            let column = found.gradient.get(index);
            column
                .and_then(|column| column.get(row))
                .copied()
                .unwrap_or(0.0)
        };
        let (mut product, mut square, mut given_square) = (0.0, 0.0, 0.0);
        for (index, g) in given.iter().enumerate() {
            product += own(index) * g;
            square += own(index).powi(2);
            given_square += g * g;
        }
        let cosine = (product / square.sqrt() / given_square.sqrt()).abs();
        (given_square > 0.0).then_some(if cosine.is_finite() {
            cosine.min(1.0)
        } else {
            0.0
        })
    });
    cosines.collect()
}
