//! Polynomial regression, to compare networks with (Cheng, Khomtchouk, Matloff & Mohanty 2019,
//! "Polynomial regression as an alternative to neural nets").
//!
//! | file | what it holds |
//! |---|---|
//! | `design` | scaled inputs, and all their monomials |
//! | `logistic` | coefficients for classes (those for numbers come from plain least squares) |
//! | `cross_validation` | the order that the data support |
//! | `comparison`, `candidates` | polynomials compared with networks, on rows that neither has seen |

#[cfg(feature = "network")]
mod candidates;
#[cfg(feature = "network")]
mod comparison;
#[cfg(feature = "network")]
mod comparison_options;
mod cross_validation;
mod design;
mod logistic;

#[cfg(feature = "network")]
pub use comparison::{Comparison, Contestant};
#[cfg(feature = "network")]
pub use comparison_options::ComparisonOptions;
pub use cross_validation::OrderScore;

use crate::dataset::{Dataset, Task, classes::decide};
use crate::error::{Error, Result};
use crate::numerics::{least_squares, sigmoid};
use crate::polynomial::{Polynomial, PolynomialFamily};
use design::{Design, InputScaling};
use faer::Mat;

/// The options for fitting a polynomial.
#[derive(Debug, Clone, PartialEq)]
pub struct RegressionOptions {
    /// Numbers are fitted by least squares, classes by logistic regression of each class against
    /// all others.
    pub task: Task,
    /// The highest order of a monomial, 1 to 30.
    pub max_order: usize,
    /// The ridge penalty: this factor times the sum of the squared coefficients, without the
    /// constant's, is added to the mean loss. The coefficients are those for inputs scaled to
    /// [-1, 1].
    pub ridge: f64,
}

impl Default for RegressionOptions {
    /// Order 2, for numbers, without ridge penalty.
    fn default() -> Self {
        Self {
            task: Task::Regression,
            max_order: 2,
            ridge: 0.0,
        }
    }
}

impl RegressionOptions {
    fn check(&self) -> Result<()> {
        if !(1..=MAX_ORDER).contains(&self.max_order) {
            let allowed = format!("between 1 and {MAX_ORDER}");
            return Err(Error::parameter("max_order", self.max_order, allowed));
        }
        if !(self.ridge >= 0.0 && self.ridge.is_finite()) {
            return Err(Error::parameter(
                "ridge",
                self.ridge,
                "at least 0 and finite",
            ));
        }
        Ok(())
    }
}

const MAX_ORDER: usize = 30;

/// Polynomials fitted to data: one for numbers or two classes, one per class for more classes.
///
/// ```
/// use closedform::{Dataset, PolynomialRegression};
/// use closedform::regression::RegressionOptions;
///
/// let truth = |x: &[f64]| 1.0 + 2.0 * x[0] * x[1] - 3.0 * x[1] * x[1];
/// let data = Dataset::from_function(&[(0.0, 5.0), (-1.0, 1.0)], 100, 0, truth)?;
/// let fitted = PolynomialRegression::fit(&data, &RegressionOptions::default())?;
/// assert!((fitted.predict(&[2.0, 0.5])?[0] - truth(&[2.0, 0.5])).abs() < 1e-9);
/// assert!((fitted.polynomial(0)?.coefficient(&[1, 2]) - 2.0).abs() < 1e-9);
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PolynomialRegression {
    task: Task,
    feature_names: Vec<String>,
    scaling: InputScaling,
    /// In terms of the scaled inputs, which give the coefficients a common size.
    scaled: PolynomialFamily,
    rank: usize,
}

impl PolynomialRegression {
    /// Fits all monomials up to an order, including interactions.
    ///
    /// Inputs are scaled to [-1, 1] first. A monomial that depends linearly on others over the data
    /// gets the coefficient 0; there are always such monomials if there are more monomials than
    /// rows. See [`rank`](Self::rank).
    ///
    /// # Errors
    /// If an option is outside its range, if the targets of a classification aren't classes, or if
    /// the monomials don't fit into the allowed memory; the error gives their number.
    pub fn fit(data: &Dataset, options: &RegressionOptions) -> Result<Self> {
        options.check()?;
        let n_classes = match options.task {
            Task::Regression => None,
            Task::Classification => Some(data.check_classes()?),
        };
        Self::fit_classes(data, options, n_classes)
    }

    /// The same with a known number of classes, some of which may have no row.
    fn fit_classes(
        data: &Dataset,
        options: &RegressionOptions,
        n_classes: Option<usize>,
    ) -> Result<Self> {
        let scaling = InputScaling::of(data);
        let design = Design::new(
            &scaling.scaled(data.points()),
            data.n_features(),
            options.max_order,
        )?;
        let column = |of: &dyn Fn(f64) -> f64| {
            Mat::from_fn(data.n_samples(), 1, |row, _| of(data.targets()[row]))
        };
        let is_class =
            |class: usize| column(&move |target| f64::from(u8::from(target == class as f64)));
        let solutions = match n_classes {
            None => vec![least_squares::solve(
                &design.matrix,
                &column(&|target| target),
                options.ridge,
            )],
            Some(2) => vec![logistic::solve(&design.matrix, &is_class(1), options.ridge)],
            Some(n) => (0..n)
                .map(|class| logistic::solve(&design.matrix, &is_class(class), options.ridge))
                .collect(),
        };
        let n_terms = design.labels.len();
        let coefficients = (0..n_terms).flat_map(|term| {
            solutions
                .iter()
                .map(move |solution| solution.coefficients[term])
        });
        Ok(Self {
            task: options.task,
            feature_names: data.feature_names().to_vec(),
            scaling,
            scaled: PolynomialFamily::new(
                data.n_features(),
                design.labels.clone(),
                coefficients.collect(),
            ),
            rank: solutions
                .iter()
                .map(|solution| solution.rank)
                .min()
                .unwrap_or(0),
        })
    }

    /// The features' names.
    pub fn feature_names(&self) -> &[String] {
        &self.feature_names
    }

    /// How many linearly independent monomials the data have.
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// The number of monomials.
    pub fn n_terms(&self) -> usize {
        self.scaled.n_terms()
    }

    /// The number of polynomials: 1, or one per class for more than two classes.
    pub fn n_polynomials(&self) -> usize {
        self.scaled.n_polynomials()
    }

    /// One of the polynomials, counted from 0, in the data's own units: the prediction, or the
    /// logit of a class.
    ///
    /// # Errors
    /// If no polynomial has this index.
    pub fn polynomial(&self, index: usize) -> Result<Polynomial> {
        let scaled = self.scaled.polynomial(index)?;
        scaled.substituted(&self.scaling.polynomials()?, scaled.order())
    }

    /// The output at points `(n_samples, n_features)`: predictions `(n_samples,)`, probabilities of
    /// class 1 `(n_samples,)`, or probabilities of every class `(n_samples, n_classes)`.
    ///
    /// # Errors
    /// If the points aren't rows with as many features as were fitted.
    pub fn predict(&self, points: &[f64]) -> Result<Vec<f64>> {
        let mut values = self.values(points)?;
        if self.task == Task::Classification {
            values.iter_mut().for_each(|value| *value = sigmoid(*value));
            if self.n_polynomials() > 1 {
                values
                    .chunks_exact_mut(self.n_polynomials())
                    .for_each(logistic::normalize);
            }
        }
        Ok(values)
    }

    /// Predictions or logits, `(n_samples, n_polynomials)`.
    fn values(&self, points: &[f64]) -> Result<Vec<f64>> {
        self.scaled.values(&self.scaling.checked(points)?)
    }

    /// The most probable class at points `(n_samples, n_features)`: `(n_samples,)`.
    ///
    /// # Errors
    /// Those of [`predict`](Self::predict), and if the polynomial wasn't fitted to classes.
    pub fn classify(&self, points: &[f64]) -> Result<Vec<usize>> {
        if self.task == Task::Regression {
            return Err(Error::Model(
                "the polynomial predicts a number; only one fitted to classes has classes".into(),
            ));
        }
        let logits = self.values(points)?;
        Ok(logits
            .chunks_exact(self.n_polynomials())
            .map(decide)
            .collect())
    }

    /// The mean squared error of predictions, or the share of rows classified wrong.
    ///
    /// # Errors
    /// If the data have another number of features.
    pub fn error(&self, data: &Dataset) -> Result<f64> {
        let n = data.n_samples() as f64;
        let targets = data.targets().iter();
        Ok(match self.task {
            Task::Regression => {
                let predicted = self.predict(data.points())?;
                predicted
                    .iter()
                    .zip(targets)
                    .map(|(a, b)| (a - b).powi(2))
                    .sum::<f64>()
                    / n
            }
            Task::Classification => {
                let classes = self.classify(data.points())?;
                let wrong = classes
                    .iter()
                    .zip(targets)
                    .filter(|(k, t)| **k as f64 != **t);
                wrong.count() as f64 / n
            }
        })
    }
}
