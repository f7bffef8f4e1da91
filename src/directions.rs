//! Points with the directions of a function's gradients: all that the search sees of a network.

#[cfg(feature = "tables")]
use crate::dataset::{DialectOptions, TableFile, feature_words};
use crate::error::{Error, Result};
use crate::points::Points;

/// Points and, at each, the unit direction in which a function grows fastest.
///
/// A gradient that is exactly zero has no direction: it stays zero (Wetzel 2024, algorithm 1.2,
/// line 4), is counted by [`n_zero`](Self::n_zero), and takes no part in any loss.
///
/// ```
/// use closedform::{Directions, Points};
///
/// let points = Points::new(["x1", "x2"], [1.0, 1.0])?;
/// let directions = Directions::from_gradients(points, vec![3.0, 4.0])?;
/// assert_eq!(directions.unit_gradients(), [0.6, 0.8]);
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Directions {
    points: Points,
    unit_gradients: Vec<f64>,
    weights: Vec<f64>,
    n_zero: usize,
}

impl Directions {
    /// Scales gradients `(n_samples, n_features)`, row after row, to unit Euclidean norm.
    ///
    /// # Errors
    /// Gradients of another shape than the points, one that isn't finite, or gradients that are
    /// all zero.
    pub fn from_gradients(points: Points, mut gradients: Vec<f64>) -> Result<Self> {
        if gradients.len() != points.len() {
            return Err(Error::Shape(format!(
                "{} gradient values don't fit {} points of {} features",
                gradients.len(),
                points.n_samples(),
                points.n_features()
            )));
        }
        points.check_finite(&gradients, ["gradient", "component"])?;
        let mut n_zero = 0;
        for gradient in gradients.chunks_exact_mut(points.n_features()) {
            // Scaling by the largest component first keeps tiny gradients from underflowing.
            let largest = gradient
                .iter()
                .fold(0.0_f64, |largest, g| largest.max(g.abs()));
            if largest == 0.0 {
                n_zero += 1;
                continue;
            }
            gradient.iter_mut().for_each(|g| *g /= largest);
            let norm = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
            gradient.iter_mut().for_each(|g| *g /= norm);
        }
        let directions = Self {
            weights: vec![1.0; points.n_samples()],
            points,
            unit_gradients: gradients,
            n_zero,
        };
        if n_zero == directions.n_samples() {
            return Err(Error::Unlearned(format!(
                "all {n_zero} gradients are zero: the function is constant on these points"
            )));
        }
        Ok(directions)
    }

    /// The same directions, of which each counts by its weight `(n_samples,)`: for points where
    /// they are known better or matter more. Only the weights' proportions make a difference.
    ///
    /// ```
    /// use closedform::{Directions, Expression, Points};
    ///
    /// let points = Points::new(["x1", "x2"], [0.0; 4])?;
    /// let given = Directions::from_gradients(points, vec![1.0, 0.0, 0.0, 1.0])?;
    /// let loss = |directions: &Directions| directions.loss(&Expression::variable(0)).unwrap();
    /// assert_eq!(loss(&given), 1.0);
    /// assert_eq!(loss(&given.with_weights(vec![3.0, 1.0])?), 0.5);
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// Another number of weights than of points, a weight that is negative or not finite, or none
    /// above 0 at a point with a direction.
    pub fn with_weights(self, weights: Vec<f64>) -> Result<Self> {
        if weights.len() != self.n_samples() {
            return Err(Error::Shape(format!(
                "there are {} weights for {} points",
                weights.len(),
                self.n_samples()
            )));
        }
        let is_fit = |weight: &f64| weight.is_finite() && *weight >= 0.0;
        if let Some(index) = weights.iter().position(|weight| !is_fit(weight)) {
            return Err(Error::Value(format!(
                "weight {} is {}; only 0 and positive finite numbers are allowed",
                index + 1,
                weights[index]
            )));
        }
        let mut gradients = self
            .unit_gradients
            .chunks_exact(self.n_features())
            .zip(&weights);
        if !gradients.any(|(unit, weight)| *weight > 0.0 && unit.iter().any(|&u| u != 0.0)) {
            return Err(Error::Uninformative(
                "no point with a direction has a weight above 0".into(),
            ));
        }
        Ok(Self { weights, ..self })
    }

    /// These directions and others, with their weights.
    ///
    /// # Errors
    /// Directions of other features.
    pub fn with_others(mut self, others: &Self) -> Result<Self> {
        (others.points).check_features("these directions", self.feature_names())?;
        self.points.append(&others.points);
        self.unit_gradients.extend(&others.unit_gradients);
        self.weights.extend(&others.weights);
        self.n_zero += others.n_zero;
        Ok(self)
    }

    /// Reads a table's file: the features' columns, then their gradient components `d_<name>`.
    ///
    /// # Errors
    /// Columns that don't pair up, or cells that aren't finite numbers; row and column are named.
    #[cfg(feature = "tables")]
    pub fn from_file(path: impl AsRef<std::path::Path>) -> Result<Self> {
        Self::from_file_as(path, &DialectOptions::default())
    }

    /// The same with what is known of how a text file writes its table.
    ///
    /// # Errors
    /// Those of [`from_file`](Self::from_file), and options that contradict each other.
    #[cfg(feature = "tables")]
    pub fn from_file_as(
        path: impl AsRef<std::path::Path>,
        dialect: &DialectOptions,
    ) -> Result<Self> {
        directions_from_file(path.as_ref(), dialect)
    }

    /// The number of points, those with zero gradient included.
    pub fn n_samples(&self) -> usize {
        self.points.n_samples()
    }

    /// The number of features.
    pub fn n_features(&self) -> usize {
        self.points.n_features()
    }

    /// The features' names.
    pub fn feature_names(&self) -> &[String] {
        self.points.feature_names()
    }

    /// The points, `(n_samples, n_features)`.
    pub fn points(&self) -> &Points {
        &self.points
    }

    /// The unit gradients, `(n_samples, n_features)`, row after row; zero where the gradient was.
    pub fn unit_gradients(&self) -> &[f64] {
        &self.unit_gradients
    }

    /// How much each point counts, `(n_samples,)`; 1 unless given.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The cosine between these and other directions at the same points, `(n_samples,)`; 0 where
    /// either has none.
    ///
    /// # Errors
    /// Directions at another number of points or in another number of features.
    pub fn cosines(&self, other: &Self) -> Result<Vec<f64>> {
        let shape = |directions: &Self| (directions.n_samples(), directions.n_features());
        if shape(self) != shape(other) {
            let ((n, features), (n_other, other_features)) = (shape(self), shape(other));
            return Err(Error::Shape(format!(
                "directions at {n} points in {features} features have no cosines with those at \
                 {n_other} points in {other_features} features"
            )));
        }
        let n_features = self.n_features();
        let rows = self.unit_gradients.chunks_exact(n_features);
        let pairs = rows.zip(other.unit_gradients.chunks_exact(n_features));
        let cosine = |(a, b): (&[f64], &[f64])| a.iter().zip(b).map(|(a, b)| a * b).sum();
        Ok(pairs.map(cosine).collect())
    }

    /// How many gradients are exactly zero and therefore have no direction.
    pub fn n_zero(&self) -> usize {
        self.n_zero
    }
}

#[cfg(feature = "tables")]
fn directions_from_file(path: &std::path::Path, dialect: &DialectOptions) -> Result<Directions> {
    let file = TableFile::open(path, dialect, &[])?;
    let is_known = |name: &str| file.names().iter().any(|known| known == name);
    // A column may hold the gradient component of another one.
    let is_component = |name: &str| name.strip_prefix("d_").is_some_and(is_known);
    let features: Vec<usize> = (0..file.names().len())
        .filter(|&column| !is_component(&file.names()[column]))
        .collect();
    let names: Vec<String> = features.iter().map(|&c| file.names()[c].clone()).collect();
    let words = feature_words(&names).map_err(|error| error.in_file(path))?;
    let components = names.iter().map(|name| file.find(&format!("d_{name}")));
    let components = components.collect::<Result<Vec<_>>>()?;
    let columns = [features, components].concat();
    let n_features = names.len();
    let numbers = file.numbers(&columns)?;
    let part = |skipped: usize| -> Vec<f64> {
        let rows = numbers.chunks_exact(2 * n_features);
        rows.flat_map(|row| row[skipped..skipped + n_features].iter().copied())
            .collect()
    };
    Points::new(words, part(0))
        .and_then(|points| Directions::from_gradients(points, part(n_features)))
        .map_err(|error| error.in_file(path))
}
