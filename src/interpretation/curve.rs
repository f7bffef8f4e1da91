//! A monotone curve through points, by pooling adjacent violators.

use crate::error::{Error, Result};
use crate::numerics::share_explained;
use crate::numerics::spearman;

/// A monotone curve: the rising or falling least-squares fit (isotonic regression by
/// pool-adjacent-violators, Ayer et al. 1955), made piecewise linear.
///
/// ```
/// use closedform::interpretation::MonotoneCurve;
///
/// let x: Vec<f64> = (0..50).map(f64::from).collect();
/// let y: Vec<f64> = x.iter().map(|x| -x * x).collect();
/// let curve = MonotoneCurve::fit(&x, &y)?;
/// assert!(!curve.is_rising());
/// assert_eq!(curve.value(7.5), -56.5);
/// assert_eq!(curve.explained(&x, &y), 1.0);
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct MonotoneCurve {
    knots: Vec<(f64, f64)>,
    is_rising: bool,
}

/// Adjacent points that the curve gives the same height.
struct Pool {
    n: f64,
    sum_x: f64,
    sum_y: f64,
}

impl Pool {
    fn height(&self) -> f64 {
        self.sum_y / self.n
    }

    fn add(&mut self, other: &Self) {
        self.n += other.n;
        self.sum_x += other.sum_x;
        self.sum_y += other.sum_y;
    }
}

impl MonotoneCurve {
    /// Fits `y` `(n_samples,)` over `x` `(n_samples,)`. The sign of their rank correlation decides
    /// whether the curve rises or falls. Pairs that aren't finite are left out.
    ///
    /// # Errors
    /// Lists of different lengths, or no finite pair.
    pub fn fit(x: &[f64], y: &[f64]) -> Result<Self> {
        if x.len() != y.len() {
            return Err(Error::Shape(format!(
                "there are {} values of x, but {} of y; a curve needs as many of each",
                x.len(),
                y.len()
            )));
        }
        let mut points: Vec<(f64, f64)> = x.iter().copied().zip(y.iter().copied()).collect();
        points.retain(|(x, y)| x.is_finite() && y.is_finite());
        if points.is_empty() {
            return Err(Error::Uninformative(
                "no point has finite numbers, but a curve needs at least 1".into(),
            ));
        }
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (x, y): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
        let is_rising = spearman(&x, &y) >= 0.0;
        let sign = if is_rising { 1.0 } else { -1.0 };
        let mut pools: Vec<Pool> = Vec::new();
        for same in points.chunk_by(|a, b| a.0 == b.0) {
            let mut pool = Pool {
                n: same.len() as f64,
                sum_x: same.iter().map(|point| point.0).sum(),
                sum_y: same.iter().map(|point| sign * point.1).sum(),
            };
            while let Some(last) = pools.pop_if(|last| last.height() > pool.height()) {
                pool.add(&last);
            }
            pools.push(pool);
        }
        let knots = pools
            .iter()
            .map(|pool| (pool.sum_x / pool.n, sign * pool.height()));
        Ok(Self {
            knots: knots.collect(),
            is_rising,
        })
    }

    /// The curve's height at `x`. Beyond its ends the curve is constant.
    pub fn value(&self, x: f64) -> f64 {
        let place = self.knots.partition_point(|knot| knot.0 <= x);
        match (place.checked_sub(1), self.knots.get(place)) {
            (Some(before), Some(after)) => {
                let before = self.knots[before];
                let share = (x - before.0) / (after.0 - before.0);
                before.1 + share * (after.1 - before.1)
            }
            (None, Some(first)) => first.1,
            (Some(last), None) => self.knots[last].1,
            (None, None) => f64::NAN,
        }
    }

    /// Whether the curve rises.
    pub fn is_rising(&self) -> bool {
        self.is_rising
    }

    /// The curve's corners `(x, y)`, from left to right.
    pub fn knots(&self) -> &[(f64, f64)] {
        &self.knots
    }

    /// The share of the variance of `y` `(n_samples,)` that the curve over `x` `(n_samples,)`
    /// explains. 1 is all of it; at 0 or below, the mean would do as well.
    pub fn explained(&self, x: &[f64], y: &[f64]) -> f64 {
        let heights: Vec<f64> = x.iter().map(|&x| self.value(x)).collect();
        share_explained(&heights, y)
    }
}
