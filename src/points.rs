//! Rows of named inputs: what datasets, directions and objectives have in common.

use crate::error::{Error, Result};
use crate::formula::Columns;

/// Rows with the names of their inputs: at least one row and one input, all numbers finite.
///
/// Wherever a slice is asked for, points stand for their numbers `(n_samples, n_features)`, row
/// after row.
///
/// ```
/// use closedform::Points;
///
/// let points = Points::new(["width", "height"], [1.0, 2.0, 3.0, 4.0])?;
/// assert_eq!((points.n_samples(), points.n_features()), (2, 2));
/// assert_eq!(points.row(1), [3.0, 4.0]);
/// assert_eq!(points.bounds(), [(1.0, 3.0), (2.0, 4.0)]);
/// assert_eq!(points[..], [1.0, 2.0, 3.0, 4.0]);
///
/// let error = Points::new(["width"], [1.0, f64::NAN]).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "row 2, column \"width\" is NaN; only finite numbers are allowed"
/// );
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    feature_names: Vec<String>,
    values: Vec<f64>,
}

impl Points {
    /// From numbers `(n_samples, n_features)`, row after row.
    ///
    /// # Errors
    /// No features, no rows, numbers that don't fill the last row, or one that isn't finite; the
    /// row (counted from 1) and column are named.
    pub fn new(
        feature_names: impl IntoIterator<Item = impl Into<String>>,
        values: impl Into<Vec<f64>>,
    ) -> Result<Self> {
        let points = Self::known(
            feature_names.into_iter().map(Into::into).collect(),
            values.into(),
        );
        if points.feature_names.is_empty() {
            return Err(Error::Shape(
                "there are no feature columns; at least 1 is needed".into(),
            ));
        }
        if points.is_empty() {
            return Err(Error::Uninformative(
                "there are no rows; at least 1 is needed".into(),
            ));
        }
        check_rows(&points, points.n_features(), "features")?;
        points.check_finite(&points, ["row", "column"])?;
        Ok(points)
    }

    /// From one row after another, each `(n_features,)`.
    ///
    /// # Errors
    /// Rows of another length, and those of [`new`](Self::new).
    pub fn from_rows(
        feature_names: impl IntoIterator<Item = impl Into<String>>,
        rows: &[impl AsRef<[f64]>],
    ) -> Result<Self> {
        let names: Vec<String> = feature_names.into_iter().map(Into::into).collect();
        let mut lengths = rows.iter().map(|row| row.as_ref().len());
        if let Some(index) = lengths.position(|length| length != names.len()) {
            return Err(Error::Shape(format!(
                "row {} has {} values, but there are {} feature names",
                index + 1,
                rows[index].as_ref().len(),
                names.len()
            )));
        }
        let values = rows.iter().flat_map(AsRef::as_ref).copied();
        Self::new(names, values.collect::<Vec<_>>())
    }

    /// From rows that are known to be whole and finite.
    pub(crate) fn known(feature_names: Vec<String>, values: Vec<f64>) -> Self {
        Self {
            feature_names,
            values,
        }
    }

    /// Other rows of the same features, which are known to be whole and finite.
    pub(crate) fn with_values(&self, values: Vec<f64>) -> Self {
        Self::known(self.feature_names.clone(), values)
    }

    /// The rows at these indices.
    pub(crate) fn select(&self, rows: &[usize]) -> Self {
        let values = rows.iter().flat_map(|&row| self.row(row));
        self.with_values(values.copied().collect())
    }

    /// The rows for which a function of their index and of them is true; there may be none.
    pub(crate) fn filtered(&self, mut is_kept: impl FnMut(usize, &[f64]) -> bool) -> Self {
        let rows = self.rows().enumerate();
        let kept = rows.filter(|(index, row)| is_kept(*index, row));
        self.with_values(kept.flat_map(|(_, row)| row).copied().collect())
    }

    /// These rows, and after them others of the same features.
    pub(crate) fn append(&mut self, others: &Self) {
        self.values.extend(&others.values);
    }

    /// The number of rows.
    pub fn n_samples(&self) -> usize {
        self.values.len() / self.n_features()
    }

    /// The number of features.
    pub fn n_features(&self) -> usize {
        self.feature_names.len()
    }

    /// The features' names, in column order.
    pub fn feature_names(&self) -> &[String] {
        &self.feature_names
    }

    /// All rows, each `(n_features,)`.
    pub fn rows(&self) -> std::slice::ChunksExact<'_, f64> {
        self.values.chunks_exact(self.n_features())
    }

    /// One row, `(n_features,)`; empty where there is no such row.
    pub fn row(&self, row: usize) -> &[f64] {
        self.rows().nth(row).unwrap_or_default()
    }

    /// One feature at all rows, `(n_samples,)`; nothing where there is no such feature.
    pub fn column(&self, feature: usize) -> impl Iterator<Item = f64> + Clone {
        self.rows().filter_map(move |row| row.get(feature)).copied()
    }

    /// The same numbers column by column, as formulas are evaluated on them.
    pub fn to_columns(&self) -> Columns {
        Columns::from_rows(&self.values, self.n_features())
    }

    /// Each feature's lowest and highest value, `(n_features,)`.
    pub fn bounds(&self) -> Vec<(f64, f64)> {
        let bounds = |feature| {
            self.column(feature)
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                    (low.min(value), high.max(value))
                })
        };
        (0..self.n_features()).map(bounds).collect()
    }

    /// Refuses other features than those of something else, which `owner` names in the message.
    ///
    /// # Errors
    /// Names both lists.
    pub fn check_features(&self, owner: &str, names: &[String]) -> Result<()> {
        if self.feature_names == names {
            Ok(())
        } else {
            Err(Error::Column(format!(
                "the features of the data, {:?}, and of {owner}, {names:?}, differ",
                self.feature_names
            )))
        }
    }

    /// Refuses targets `(n_samples,)` that aren't one finite number for every row.
    pub(crate) fn check_targets(&self, targets: &[f64]) -> Result<()> {
        if targets.len() != self.n_samples() {
            return Err(Error::Shape(format!(
                "there are {} rows, but {} targets",
                self.n_samples(),
                targets.len()
            )));
        }
        match targets.iter().position(|value| !value.is_finite()) {
            None => Ok(()),
            Some(index) => {
                let place = format!("the target of row {}", index + 1);
                Err(Error::not_finite(place, targets[index]))
            }
        }
    }

    /// Refuses numbers `(n_samples, n_features)` that aren't all finite; `kinds` is what their
    /// rows and columns are called.
    pub(crate) fn check_finite(&self, values: &[f64], kinds: [&str; 2]) -> Result<()> {
        let Some(index) = values.iter().position(|value| !value.is_finite()) else {
            return Ok(());
        };
        let ([row, column], n_features) = (kinds, self.n_features());
        let name = &self.feature_names[index % n_features];
        let place = format!("{row} {}, {column} \"{name}\"", index / n_features + 1);
        Err(Error::not_finite(place, values[index]))
    }
}

impl std::ops::Deref for Points {
    type Target = [f64];

    fn deref(&self) -> &[f64] {
        &self.values
    }
}

/// Refuses weights `(n_samples,)` that aren't one finite number of at least 0 for every row.
pub(crate) fn check_weights(weights: &[f64], n_samples: usize) -> Result<()> {
    if weights.len() != n_samples {
        return Err(Error::Shape(format!(
            "there are {} weights, but {n_samples} rows",
            weights.len()
        )));
    }
    let is_refused = |weight: &f64| !weight.is_finite() || *weight < 0.0;
    match weights.iter().position(is_refused) {
        None => Ok(()),
        Some(row) => Err(Error::Value(format!(
            "the weight of row {} is {}; only 0 and positive finite numbers are allowed",
            row + 1,
            weights[row]
        ))),
    }
}

/// Refuses values that are no rows of so many columns, whatever these are called.
pub(crate) fn check_rows(values: &[f64], n_columns: usize, columns: &str) -> Result<()> {
    if !values.is_empty() && values.len().is_multiple_of(n_columns) {
        Ok(())
    } else {
        Err(Error::Shape(format!(
            "{} values are no rows of {n_columns} {columns}",
            values.len()
        )))
    }
}
