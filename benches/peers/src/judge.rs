//! Whether a formula is the truth: judged by what it computes on fresh points, never by its text.

use crate::arguments::Outcome;
use crate::problems::{Sampling, Side, points};
use closedform::{Directions, Expression, Points};

/// The mean |cos| between gradients that counts as equal, for exact directions.
const EXACT_COSINE: f64 = 0.999_999;
/// The same for noisy ones, from which coefficients are known only roughly. With 0.9999 already
/// `x1 + 1.4*x2` would pass for experiment 2, whose directions differ by few degrees.
const NOISY_COSINE: f64 = 0.999_99;
/// How much more complex than the truth a formula may be: one more coefficient.
const SPARE_COMPLEXITY: usize = 4;
/// The least share of fresh points with the same label, on boundaries that count as one.
const SAME_LABELS: f64 = 0.995;
/// The largest relative error of values that counts as none.
pub const EXACT_VALUE: f64 = 1e-9;

/// Whether a formula has the structure of the truth, whose exact directions are given on points
/// that the search did not see.
pub fn is_recovered(
    found: &Expression,
    truth: &Expression,
    fresh: &Directions,
    is_noisy: bool,
) -> bool {
    let least_cosine = if is_noisy { NOISY_COSINE } else { EXACT_COSINE };
    found.complexity() <= truth.complexity() + SPARE_COMPLEXITY
        && fresh.mean_abs_cosine(found) > least_cosine
}

/// The boundary `T = 0` of a decision function: all that labels can tell of it.
pub struct Boundary {
    truth: Expression,
    n_features: usize,
    /// Fresh points of the box.
    points: Vec<f64>,
    /// The truth's normals at fresh points on the boundary.
    normals: Directions,
}

/// Drawn from a seed that no search has.
const FRESH_SEED: u64 = 1_000_000;
const N_FRESH: usize = 20_000;
/// A value this near to 0 counts as on the boundary.
const ON_BOUNDARY: f64 = 1e-9;
const N_NEWTON_STEPS: usize = 8;

impl Boundary {
    pub fn new(truth: Expression, names: &[String], sides: &[Side]) -> Outcome<Self> {
        let n_features = names.len();
        let points = points(sides, Sampling::Random(N_FRESH), FRESH_SEED);
        let mut on_boundary = Vec::new();
        let mut gradients = Vec::new();
        for point in points.chunks_exact(n_features) {
            let mut point = point.to_vec();
            for _ in 0..N_NEWTON_STEPS {
                let (value, gradient) = truth.value_and_gradient(&point);
                let square: f64 = gradient.iter().map(|g| g * g).sum();
                let step = point.iter_mut().zip(&gradient);
                step.for_each(|(x, g)| *x -= value * g / square);
            }
            let (value, gradient) = truth.value_and_gradient(&point);
            let is_inside = |(x, side): (&f64, &Side)| side.0 <= *x && *x <= side.1;
            if value.abs() < ON_BOUNDARY && point.iter().zip(sides).all(is_inside) {
                on_boundary.extend(point);
                gradients.extend(gradient);
            }
        }
        Ok(Self {
            truth,
            n_features,
            points,
            normals: Directions::from_gradients(Points::new(names, on_boundary)?, gradients)?,
        })
    }

    /// The share of fresh points that get the truth's label.
    pub fn agreement(&self, found: &Expression) -> f64 {
        let points = self.points.chunks_exact(self.n_features);
        let n = points.len() as f64;
        let is_same = |x: &&[f64]| (found.value(x) > 0.0) == (self.truth.value(x) > 0.0);
        points.filter(is_same).count() as f64 / n
    }

    /// Whether a formula has the truth's boundary, and no more structure than it.
    pub fn is_recovered(&self, found: &Expression) -> bool {
        found.complexity() <= self.truth.complexity() + SPARE_COMPLEXITY
            && self.agreement(found) >= SAME_LABELS
            && self.normals.mean_abs_cosine(found) > NOISY_COSINE
    }
}

/// The largest error of predicted values. Near a zero of the truth its typical size, the root
/// mean square, takes its place: there, even a correct formula's rounding errors are relatively
/// large.
pub fn relative_error(predicted: &[f64], truth: &[f64]) -> f64 {
    assert_eq!(predicted.len(), truth.len(), "predictions of other points");
    let mean_square = truth.iter().map(|y| y * y).sum::<f64>() / truth.len() as f64;
    let errors = predicted
        .iter()
        .zip(truth)
        .map(|(p, y)| (p - y).abs() / y.abs().max(mean_square.sqrt()));
    // NaN, which f64::max would pass over, is the worst error of all.
    errors.fold(0.0, |worst, error| match error.is_nan() {
        true => f64::INFINITY,
        false => f64::max(worst, error),
    })
}
