//! Chooses the order that the data support, by cross-validation.

use super::{PolynomialRegression, RegressionOptions};
use crate::dataset::{Dataset, Task};
use crate::error::{Error, Result};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// How well an order predicts rows that it wasn't fitted to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OrderScore {
    /// The highest order of a monomial.
    pub max_order: usize,
    /// The mean of [`PolynomialRegression::error`] over the folds.
    pub error: f64,
    /// Its standard error: the folds' standard deviation divided by the root of their number.
    pub standard_error: f64,
}

/// The rows kept and the rows left out, for each of `n_folds` folds. Every row is left out once.
pub(super) fn folds(data: &Dataset, n_folds: usize, seed: u64) -> Result<Vec<(Dataset, Dataset)>> {
    let n_rows = data.n_samples();
    if !(2..=n_rows).contains(&n_folds) {
        let allowed = format!("between 2 and the number of rows, {n_rows}");
        return Err(Error::parameter("n_folds", n_folds, allowed));
    }
    let mut rows: Vec<usize> = (0..n_rows).collect();
    rows.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    let fold = |fold: usize| {
        let is_kept = |(place, _): &(usize, &usize)| place % n_folds != fold;
        let (kept, left_out): (Vec<_>, Vec<_>) = rows.iter().enumerate().partition(is_kept);
        let part = |rows: Vec<(usize, &usize)>| {
            let rows: Vec<usize> = rows.into_iter().map(|(_, row)| *row).collect();
            data.select(&rows)
        };
        (part(kept), part(left_out))
    };
    Ok((0..n_folds).map(fold).collect())
}

impl PolynomialRegression {
    /// Fits the order, from 1 to `max_order`, with the lowest error on held-out rows. The rows are
    /// shuffled by `seed`, and each of `n_folds` parts is held out once.
    ///
    /// ```
    /// use closedform::{Dataset, PolynomialRegression};
    /// use closedform::regression::RegressionOptions;
    ///
    /// let data = Dataset::from_function(&[(-1.0, 1.0)], 60, 0, |x| x[0].powi(3))?;
    /// let options = RegressionOptions { max_order: 5, ..RegressionOptions::default() };
    /// let (fitted, scores) = PolynomialRegression::cross_validated(&data, &options, 5, 0)?;
    /// assert!(fitted.n_terms() >= 4 && scores[1].error > 1e-3 && scores[2].error < 1e-20);
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there are fewer than 2 folds, or more folds than rows; and those of [`fit`](Self::fit).
    pub fn cross_validated(
        data: &Dataset,
        options: &RegressionOptions,
        n_folds: usize,
        seed: u64,
    ) -> Result<(Self, Vec<OrderScore>)> {
        options.check()?;
        let n_classes = match options.task {
            Task::Regression => None,
            Task::Classification => Some(data.check_classes()?),
        };
        let folds = folds(data, n_folds, seed)?;
        let scores = (1..=options.max_order).map(|max_order| {
            let options = RegressionOptions {
                max_order,
                ..options.clone()
            };
            let errors = folds.par_iter().map(|(kept, left_out)| {
                Self::fit_classes(kept, &options, n_classes)?.error(left_out)
            });
            let errors = errors.collect::<Result<Vec<f64>>>()?;
            let n = n_folds as f64;
            let error = errors.iter().sum::<f64>() / n;
            let variance = errors.iter().map(|e| (e - error).powi(2)).sum::<f64>() / (n - 1.0);
            Ok(OrderScore {
                max_order,
                error,
                standard_error: (variance / n).sqrt(),
            })
        });
        let scores = scores.collect::<Result<Vec<OrderScore>>>()?;
        let best = scores.iter().min_by(|a, b| a.error.total_cmp(&b.error));
        let max_order = best.map_or(1, |score| score.max_order);
        let options = RegressionOptions {
            max_order,
            ..options.clone()
        };
        Ok((Self::fit_classes(data, &options, n_classes)?, scores))
    }
}
