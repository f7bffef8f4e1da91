//! Stored predictions: a model that is known only at its own rows.

use super::Model;
use super::answers::Answers;
use super::black_box::ranges;
use crate::dataset::{Dataset, Task};
use crate::error::{Error, Result};
use crate::numerics::least_squares;
use crate::points::check_rows;
use faer::Mat;
use rayon::prelude::*;
use std::collections::HashMap;

/// Neighbours in a local fit per term of the fit.
const NEIGHBOURS_PER_TERM: usize = 2;

/// A model that consists of its predictions for the rows of a table.
///
/// Its gradients are the slopes of quadratic fits to the predictions at the nearest rows. Distances
/// are measured in shares of each feature's range. The gradients are only as exact as the rows are
/// dense. With many features or few rows, use the model itself as a [`BlackBox`](crate::BlackBox).
#[derive(Debug, Clone, PartialEq)]
pub struct Predictions {
    feature_names: Vec<String>,
    task: Task,
    /// `(n_samples, n_features)`, in shares of the features' ranges.
    places: Vec<f64>,
    latent: Vec<f64>,
    ranges: Vec<f64>,
    rows: HashMap<Vec<u64>, usize>,
}

impl Predictions {
    /// A model from predictions, which are the targets of `data`. For classification, `answers`
    /// says what they are.
    ///
    /// # Errors
    /// A feature that is the same in every row, two rows with the same features but different
    /// predictions, fewer rows than a quadratic fit needs, or answers that don't fit their kind.
    pub fn new(data: &Dataset, task: Task, answers: Answers) -> Result<Self> {
        let ranges = ranges(data)?;
        let n_features = data.n_features();
        let latent = answers.to_latent(task, data.targets().to_vec())?;
        let n_neighbours = n_neighbours(n_features);
        if data.n_samples() <= n_neighbours {
            return Err(Error::Uninformative(format!(
                "there are predictions for {} rows, but gradients in {n_features} features need \
                 at least {}",
                data.n_samples(),
                n_neighbours + 1
            )));
        }
        let mut rows: HashMap<Vec<u64>, usize> = HashMap::new();
        for (row, point) in data.points().rows().enumerate() {
            let before = *rows.entry(key(point)).or_insert(row);
            if latent[before] != latent[row] {
                return Err(Error::Value(format!(
                    "rows {} and {} have the same features, but predictions of {} and {}; a model \
                     must give the same answer for the same features",
                    before + 1,
                    row + 1,
                    data.targets()[before],
                    data.targets()[row]
                )));
            }
        }
        let points = data.points().iter().enumerate();
        let places = points.map(|(index, x)| x / ranges[index % n_features]);
        Ok(Self {
            feature_names: data.feature_names().to_vec(),
            task,
            places: places.collect(),
            latent,
            ranges,
            rows,
        })
    }

    /// The rows whose predicted probabilities have logits, and how many have none: a confident model
    /// in single precision rounds probabilities to exactly 0 or 1.
    ///
    /// Rows of labels, which are all 0 or 1, are kept for [`new`](Self::new) to refuse.
    pub fn with_logits(data: Dataset) -> (Dataset, usize) {
        let has_logit = |row: &usize| ![0.0, 1.0].contains(&data.targets()[*row]);
        let rows: Vec<usize> = (0..data.n_samples()).filter(has_logit).collect();
        let n_left_out = data.n_samples() - rows.len();
        if rows.is_empty() || n_left_out == 0 {
            return (data, 0);
        }
        (data.select(&rows), n_left_out)
    }

    /// The row number of each point.
    fn rows_of(&self, points: &[f64]) -> Result<Vec<usize>> {
        check_rows(points, self.feature_names.len(), "features")?;
        let points = points.chunks_exact(self.feature_names.len());
        let row = |point: &[f64]| {
            self.rows.get(&key(point)).copied().ok_or_else(|| {
                Error::Value(format!(
                    "there is no prediction at {point:?}; predictions are known only at their \
                     own rows"
                ))
            })
        };
        points.map(row).collect()
    }

    /// The features of a row in shares of their ranges, `(n_features,)`.
    fn place(&self, row: usize) -> &[f64] {
        let n_features = self.feature_names.len();
        &self.places[row * n_features..(row + 1) * n_features]
    }

    /// The rows nearest to a row, including itself.
    fn neighbours(&self, row: usize) -> Vec<usize> {
        let distance = |other: usize| {
            let pairs = self.place(row).iter().zip(self.place(other));
            pairs.map(|(a, b)| (a - b).powi(2)).sum::<f64>()
        };
        let mut nearest: Vec<(f64, usize)> = (0..self.latent.len())
            .map(|other| (distance(other), other))
            .collect();
        let n = n_neighbours(self.feature_names.len());
        nearest.select_nth_unstable_by(n, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        nearest[..=n].iter().map(|(_, other)| *other).collect()
    }

    /// The gradient at a row, `(n_features,)`.
    fn slope(&self, row: usize) -> Vec<f64> {
        let n_features = self.feature_names.len();
        let near = self.neighbours(row);
        let squares: Vec<(usize, usize)> = (0..n_features)
            .flat_map(|a| (a..n_features).map(move |b| (a, b)))
            .collect();
        let n_linear = 1 + n_features;
        let design = Mat::from_fn(near.len(), n_linear + squares.len(), |other, term| {
            let step = |feature: usize| self.place(near[other])[feature] - self.place(row)[feature];
            match (term, term.checked_sub(n_linear)) {
                (0, _) => 1.0,
                (_, None) => step(term - 1),
                (_, Some(square)) => step(squares[square].0) * step(squares[square].1),
            }
        });
        let values = Mat::from_fn(near.len(), 1, |other, _| self.latent[near[other]]);
        let fit = least_squares::solve(&design, &values, 0.0);
        let slope = fit.coefficients[1..n_linear].iter().zip(&self.ranges);
        slope.map(|(slope, range)| slope / range).collect()
    }
}

impl Model for Predictions {
    fn feature_names(&self) -> &[String] {
        &self.feature_names
    }

    fn task(&self) -> Task {
        self.task
    }

    fn latent(&self, points: &[f64]) -> Result<Vec<f64>> {
        let rows = self.rows_of(points)?.into_iter();
        Ok(rows.map(|row| self.latent[row]).collect())
    }

    fn gradients(&self, points: &[f64]) -> Result<Vec<f64>> {
        let rows = self.rows_of(points)?;
        Ok(rows.par_iter().flat_map(|row| self.slope(*row)).collect())
    }

    fn is_known_everywhere(&self) -> bool {
        false
    }
}

/// Points are the same if all their bits are the same; -0 counts as 0.
fn key(point: &[f64]) -> Vec<u64> {
    point.iter().map(|x| (x + 0.0).to_bits()).collect()
}

fn n_neighbours(n_features: usize) -> usize {
    NEIGHBOURS_PER_TERM * (1 + n_features + n_features * (n_features + 1) / 2)
}
