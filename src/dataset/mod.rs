//! Points with a target: where every experiment begins.

pub(crate) mod classes;
mod experiment;
#[cfg(feature = "tables")]
mod file;
#[cfg(feature = "tables")]
mod names;
#[cfg(feature = "tables")]
mod numbers;
#[cfg(feature = "datasets")]
mod real;
#[cfg(feature = "tables")]
mod table;
mod transform;

pub use experiment::{Concept, Experiment};
#[cfg(feature = "tables")]
pub(crate) use file::TableFile;
#[cfg(feature = "tables")]
pub use file::{DialectOptions, Mark, Separator, Thousands};
#[cfg(feature = "tables")]
pub use names::feature_words;
#[cfg(feature = "datasets")]
pub use real::RealData;
#[cfg(feature = "tables")]
pub use table::{
    Categories, EncodedColumn, Keep, LeftOut, Missing, Reason, Table, TableOptions, TableSummary,
};
pub use transform::TargetTransform;

use crate::error::{Error, Result};
use crate::points::{Points, check_rows};
use rand::{Rng, RngExt, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

/// The share of the rows that trains the network; the others judge the formula (Wetzel 2024,
/// section 3.3.1).
pub const TRAINING_SHARE: f64 = 0.8;

/// What the target column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Task {
    /// Classes, numbered 0, 1 and so on.
    Classification,
    /// A real number.
    Regression,
}

/// Numbers that are drawn at most: 8 GiB of them.
const MAX_SAMPLED: usize = 1 << 30;

/// Points and a target for each, all finite.
///
/// ```
/// use closedform::Dataset;
///
/// let data = Dataset::from_rows(&["a", "b"], &[vec![0.0, 1.0], vec![2.0, 3.0]], &[0.0, 1.0])?;
/// assert_eq!((data.n_samples(), data.n_features()), (2, 2));
/// assert_eq!(data.point(1), [2.0, 3.0]);
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    points: Points,
    target_name: String,
    targets: Vec<f64>,
    /// None where classes have no names but their numbers.
    class_names: Vec<String>,
}

impl Dataset {
    /// Builds a dataset from rows of features, each `(n_features,)`, and targets `(n_samples,)`.
    ///
    /// # Errors
    /// Rows of differing lengths, as many targets as rows not given, no rows, no columns,
    /// or a value that isn't finite; the row (counted from 1) and column are named.
    pub fn from_rows(feature_names: &[&str], rows: &[Vec<f64>], targets: &[f64]) -> Result<Self> {
        let points = Points::from_rows(feature_names.iter().copied(), rows)?;
        Self::new(points, "target", targets.to_vec())
    }

    /// Samples `n_samples` points uniformly from a box and computes each target by `function`.
    ///
    /// The box is one `(low, high)` per feature; features are named `x1`, `x2`, and so on.
    ///
    /// ```
    /// use closedform::Dataset;
    ///
    /// let data = Dataset::from_function(&[(-1.0, 1.0), (0.0, 2.0)], 100, 7, |x| x[0] * x[1])?;
    /// assert_eq!(data.targets()[3], data.point(3)[0] * data.point(3)[1]);
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// An empty box, a side whose low end isn't below its high end, or a target that isn't finite.
    pub fn from_function(
        sides: &[(f64, f64)],
        n_samples: usize,
        seed: u64,
        function: impl Fn(&[f64]) -> f64,
    ) -> Result<Self> {
        check_box(sides)?;
        if n_samples > MAX_SAMPLED / sides.len() {
            let allowed = format!(
                "at most {} in {} features",
                MAX_SAMPLED / sides.len(),
                sides.len()
            );
            return Err(Error::parameter("n_samples", n_samples, allowed));
        }
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut points = Vec::with_capacity(n_samples * sides.len());
        let mut targets = Vec::with_capacity(n_samples);
        for _ in 0..n_samples {
            let point = sample_box(sides, &mut rng);
            targets.push(function(&point));
            points.extend(point);
        }
        let points = Points::new(numbered_names(sides.len()), points)?;
        Self::new(points, "y", targets)
    }

    /// Reads a text file with separated cells or a Parquet file: `target` names the target column, all others are features.
    ///
    /// For classification the target's values, 2 to 100 of them, become 0, 1 and so on, in
    /// ascending order; [`class_names`](Self::class_names) says which is which.
    /// [`Table::read`] states how files are read, and can leave out rows and columns, encode
    /// texts, and sample.
    ///
    /// # Errors
    /// A file that is missing, empty or of another kind, an unknown column, a cell that isn't a
    /// finite number, a constant column, or a target that doesn't fit the task.
    #[cfg(feature = "tables")]
    pub fn from_file(path: impl AsRef<std::path::Path>, target: &str, task: Task) -> Result<Self> {
        Table::read(path, &TableOptions::new(target, task))?.into_dataset()
    }

    /// Points and their targets `(n_samples,)`.
    ///
    /// # Errors
    /// As many targets as rows not given, or a target that isn't finite.
    pub fn new(points: Points, target_name: impl Into<String>, targets: Vec<f64>) -> Result<Self> {
        points.check_targets(&targets)?;
        Ok(Self {
            points,
            target_name: target_name.into(),
            targets,
            class_names: Vec::new(),
        })
    }

    /// The number of rows.
    pub fn n_samples(&self) -> usize {
        self.targets.len()
    }

    /// The number of feature columns.
    pub fn n_features(&self) -> usize {
        self.points.n_features()
    }

    /// The features' names, in column order.
    pub fn feature_names(&self) -> &[String] {
        self.points.feature_names()
    }

    /// The target column's name.
    pub fn target_name(&self) -> &str {
        &self.target_name
    }

    /// All features, `(n_samples, n_features)`.
    pub fn points(&self) -> &Points {
        &self.points
    }

    /// The features of one row, `(n_features,)`; none where there is no such row.
    pub fn point(&self, row: usize) -> &[f64] {
        self.points.row(row)
    }

    /// The targets, `(n_samples,)`; for classification 0, 1 and so on.
    pub fn targets(&self) -> &[f64] {
        &self.targets
    }

    /// Splits the rows at random; the first part holds the given fraction of them, rounded.
    ///
    /// ```
    /// use closedform::Experiment;
    ///
    /// let (training, validation) = Experiment::One.sample(1000, 0).split(0.8, 0)?;
    /// assert_eq!((training.n_samples(), validation.n_samples()), (800, 200));
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// A fraction that isn't between 0 and 1, or so extreme that one part would be empty.
    pub fn split(&self, fraction: f64, seed: u64) -> Result<(Self, Self)> {
        let n_first = (self.n_samples() as f64 * fraction).round() as usize;
        if !(fraction > 0.0 && fraction < 1.0) || n_first == 0 || n_first == self.n_samples() {
            return Err(Error::parameter(
                "fraction",
                fraction,
                format!(
                    "between 0 and 1, leaving a row on either side of {} rows",
                    self.n_samples()
                ),
            ));
        }
        let mut rows: Vec<usize> = (0..self.n_samples()).collect();
        rows.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        Ok((self.select(&rows[..n_first]), self.select(&rows[n_first..])))
    }

    /// These rows and others of the same table.
    #[cfg(feature = "network")]
    pub(crate) fn joined(&self, other: &Self) -> Result<Self> {
        let points = [&self.points[..], &other.points[..]].concat();
        Ok(Self {
            points: Points::new(self.feature_names().to_vec(), points)?,
            target_name: self.target_name.clone(),
            targets: [&self.targets[..], &other.targets].concat(),
            class_names: self.class_names.clone(),
        })
    }

    pub(crate) fn select(&self, rows: &[usize]) -> Self {
        Self {
            points: self.points.select(rows),
            target_name: self.target_name.clone(),
            targets: rows.iter().map(|&row| self.targets[row]).collect(),
            class_names: self.class_names.clone(),
        }
    }

    /// Refuses points `(n_samples, n_features)` that leave the box of the data by more than 5 % of
    /// a side: what a network says there rests on no row.
    ///
    /// ```
    /// use closedform::Dataset;
    ///
    /// let data = Dataset::from_rows(&["a"], &[vec![0.0], vec![2.0]], &[0.0, 1.0])?;
    /// data.check_covers(&[0.5, 2.1])?;
    /// let error = data.check_covers(&[0.5, 2.2]).unwrap_err();
    /// assert!(error.to_string().contains("point 2"));
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// Points that aren't rows of as many features, or the first point that leaves the box.
    pub fn check_covers(&self, points: &[f64]) -> Result<()> {
        const TOLERANCE: f64 = 0.05;
        check_rows(points, self.n_features(), "features")?;
        let bounds = self.points.bounds();
        for (index, value) in points.iter().enumerate() {
            let feature = index % self.n_features();
            let (low, high) = bounds[feature];
            let room = TOLERANCE * (high - low);
            if !(low - room..=high + room).contains(value) {
                return Err(Error::Value(format!(
                    "point {}: \"{}\" is {value}, but the data range from {low} to {high}; a \
                     network's gradients outside of them rest on no row",
                    index / self.n_features() + 1,
                    self.feature_names()[feature]
                )));
            }
        }
        Ok(())
    }
}

pub(crate) fn check_box(sides: &[(f64, f64)]) -> Result<()> {
    if sides.is_empty() {
        return Err(Error::Shape(
            "the box has no sides; at least 1 is needed".into(),
        ));
    }
    for (index, &(low, high)) in sides.iter().enumerate() {
        if !(low < high && low.is_finite() && high.is_finite()) {
            return Err(Error::Value(format!(
                "side {} of the box is ({low}, {high}); its low end must be below its high end, both finite",
                index + 1
            )));
        }
    }
    Ok(())
}

fn sample_box(sides: &[(f64, f64)], rng: &mut impl Rng) -> Vec<f64> {
    sides
        .iter()
        .map(|&(low, high)| rng.random_range(low..high))
        .collect()
}

pub(crate) fn numbered_names(n: usize) -> Vec<String> {
    (1..=n).map(|number| format!("x{number}")).collect()
}
