//! Matching labels: hinge, squared hinge and logistic loss.

mod boundary;
mod fits;
mod residuals;

use super::values::check;
use super::{LeastSquares, Likelihood, Link, Objective, Offset, Sums, Symmetry, TermFits};
use crate::dataset::Dataset;
use crate::effort::LabelFits;
use crate::error::{Error, Result};
use crate::formula::Operator;
use crate::formula::{Columns, Evaluation, Expression};
use crate::points::{Points, check_weights};
use boundary::Boundary;
use fits::LabelTerms;

/// The least distance from the hinge that a step is weighted by: at the hinge itself the weight
/// would be infinite.
const LEAST_DISTANCE: f64 = 1e-3;
/// The least weight of a point in a step, which keeps its equations solvable where all points are
/// told apart.
const LEAST_WEIGHT: f64 = 1e-9;
/// Halvings of an interval of a number: all of its 52 bits but the last.
const N_HALVINGS: usize = 50;

/// How a wrong decision counts, as a function of the margin `m = y T(x)` with `y` -1 or 1; each
/// divided by its value at 0, so that a formula that knows nothing has a loss of 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LabelLoss {
    /// `max(0, 1 - m)` (Wetzel 2024, equation 21).
    #[default]
    Hinge,
    /// `max(0, 1 - m)^2`.
    SquaredHinge,
    /// `log(1 + exp(-m))`.
    Logistic,
}

impl LabelLoss {
    fn of_margin(self, margin: f64) -> f64 {
        let short = (1.0 - margin).max(0.0);
        match self {
            Self::Hinge => short,
            Self::SquaredHinge => short * short,
            // Written so that neither a large nor a small margin overflows.
            Self::Logistic => ((-margin.abs()).exp().ln_1p() + (-margin).max(0.0)) / 2.0_f64.ln(),
        }
    }

    /// The loss's derivative by the margin.
    fn slope(self, margin: f64) -> f64 {
        let short = (1.0 - margin).max(0.0);
        match self {
            Self::Hinge => -f64::from(u8::from(margin < 1.0)),
            Self::SquaredHinge => -2.0 * short,
            Self::Logistic => -1.0 / (1.0 + margin.exp()) / 2.0_f64.ln(),
        }
    }

    /// The logarithm of the likelihood that a unit of one point's loss takes away. The hinge is
    /// no likelihood; twice the hinge is that of Polson and Scott (2011), and the square that of
    /// a margin with a normal error.
    fn log_likelihood(self) -> f64 {
        match self {
            Self::Hinge => 2.0,
            Self::SquaredHinge => 1.0,
            Self::Logistic => 2.0_f64.ln(),
        }
    }

    /// The weight and the aim of a least-squares step at this margin, as `y` times the formula's
    /// value: minimising `weight (aim - m)^2` lowers the loss.
    fn step(self, margin: f64) -> (f64, f64) {
        match self {
            // hinge(m) = (|1 - m| + 1 - m) / 2 and |u| <= u^2 / (2 |u0|) + |u0| / 2.
            Self::Hinge => {
                let distance = (1.0 - margin).abs().max(LEAST_DISTANCE);
                (0.25 / distance, 1.0 + distance)
            }
            Self::SquaredHinge => (if margin < 1.0 { 1.0 } else { LEAST_WEIGHT }, 1.0),
            Self::Logistic => {
                let wrong = 1.0 / (1.0 + margin.exp());
                let weight = (wrong * (1.0 - wrong)).max(LEAST_WEIGHT);
                (weight, margin + wrong / weight)
            }
        }
    }
}

/// Labels to be matched: the formula is positive on one class and negative on the other.
///
/// Labels tell where a formula changes sign and nothing else: a positive factor is not part of
/// it. A formula is judged with the factor that suits the loss best.
///
/// ```
/// use closedform::{LabelObjective, Points, SearchOptions, progress, search_for};
/// use closedform::search::LabelLoss;
///
/// let numbers: Vec<f64> = (0..600).map(|i| f64::from(i * i % 101) / 50.0 - 1.0).collect();
/// let points = Points::new(["x1", "x2"], numbers)?;
/// let labels = points.rows().map(|x| x[0] > x[1]).collect();
/// let objective = LabelObjective::new(&points, labels, LabelLoss::Hinge)?;
/// let found = search_for(&objective, &SearchOptions::default(), progress::silent)?;
/// let best = &found.front.best().unwrap().expression;
/// assert!(best.value(&[0.5, 0.1]) > 0.0 && best.value(&[0.1, 0.5]) < 0.0);
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct LabelObjective {
    feature_names: Vec<String>,
    columns: Columns,
    /// -1 and 1.
    labels: Vec<f64>,
    /// How many of the given points each stands for, as a share of all.
    weights: Vec<f64>,
    /// How many labels were given, before any were left out.
    n_given: usize,
    /// Where the boundary roughly lies.
    near: Boundary,
    loss: LabelLoss,
    fits: LabelFits,
}

impl LabelObjective {
    /// The features' standard deviations.
    fn scales(&self) -> Vec<f64> {
        let mean = |column: &[f64]| -> f64 {
            let weighted = column.iter().zip(&self.weights);
            weighted.map(|(value, weight)| value * weight).sum()
        };
        let deviation = |column: &Vec<f64>| {
            let centre = mean(column);
            let squares: Vec<f64> = column.iter().map(|v| (v - centre).powi(2)).collect();
            mean(&squares).sqrt()
        };
        self.columns.raw().iter().map(deviation).collect()
    }
}

impl LabelObjective {
    /// The objective of telling `labels` `(n_samples,)` apart at points.
    ///
    /// # Errors
    /// Another number of labels than of points, fewer than 5 of them, or labels that are all the
    /// same.
    pub fn new(points: &Points, labels: Vec<bool>, loss: LabelLoss) -> Result<Self> {
        let labels: Vec<f64> = labels
            .iter()
            .map(|label| if *label { 1.0 } else { -1.0 })
            .collect();
        check(points, &labels)?;
        if labels.iter().all(|label| *label == labels[0]) {
            return Err(Error::Uninformative(
                "all labels are the same; there is nothing to tell apart".into(),
            ));
        }
        let n = labels.len();
        let mut objective = Self {
            columns: points.to_columns(),
            feature_names: points.feature_names().to_vec(),
            labels,
            weights: vec![1.0 / n as f64; n],
            n_given: n,
            near: Boundary::default(),
            loss,
            fits: LabelFits::default(),
        };
        objective.near = Boundary::roughly(&objective);
        Ok(objective)
    }

    /// The same labels with rows that count by weights `(n_samples,)`, of which only the ratios
    /// matter.
    ///
    /// # Errors
    /// Another number of weights than of rows, one that is negative or not finite, or weights of
    /// rows whose labels are all the same.
    pub fn with_weights(mut self, weights: Vec<f64>) -> Result<Self> {
        check_weights(&weights, self.labels.len())?;
        let sum: f64 = weights.iter().sum();
        let pairs = weights.iter().zip(&self.labels);
        let difference: f64 = pairs.map(|(weight, label)| weight * label).sum();
        if !(sum.is_finite() && difference.abs() < sum) {
            return Err(Error::Uninformative(
                "all labels with a weight are the same; there is nothing to tell apart".into(),
            ));
        }
        self.weights = weights.iter().map(|weight| weight / sum).collect();
        self.near = Boundary::roughly(&self);
        Ok(self)
    }

    /// The same labels with rows that count so that both labels count alike, however rare one is.
    ///
    /// # Errors
    /// Those of [`with_weights`](Self::with_weights).
    pub fn balanced(self) -> Result<Self> {
        let positive = self.labels.iter().filter(|label| **label > 0.0).count() as f64;
        let negative = self.labels.len() as f64 - positive;
        let weight = |label: &f64| 1.0 / if *label > 0.0 { positive } else { negative };
        let weights = self.labels.iter().map(weight).collect();
        self.with_weights(weights)
    }

    /// The same measure with sums fitted otherwise, and other labels looked at.
    pub fn with_fits(mut self, fits: LabelFits) -> Self {
        self.fits = fits;
        self.near = Boundary::roughly(&self);
        self
    }

    /// The same measure on some of the rows, which count as often as given.
    fn on_rows(&self, rows: &[usize], weights: Vec<f64>) -> Self {
        let pick = |column: &Vec<f64>| rows.iter().map(|&row| column[row]).collect::<Vec<f64>>();
        let sum: f64 = weights.iter().sum();
        Self {
            feature_names: self.feature_names.clone(),
            columns: Columns::of_one_length(self.columns.raw().iter().map(pick).collect()),
            labels: pick(&self.labels),
            weights: weights.iter().map(|weight| weight / sum).collect(),
            near: Boundary {
                distances: pick(&self.near.distances),
                ways: self.near.ways.iter().map(pick).collect(),
            },
            ..*self
        }
    }

    /// A dataset's classes.
    ///
    /// # Errors
    /// More or fewer than two classes, and those of [`new`](Self::new).
    pub fn from_dataset(data: &Dataset, loss: LabelLoss) -> Result<Self> {
        data.check_two_classes()?;
        let labels = data.targets().iter().map(|target| *target > 0.5).collect();
        Self::new(data.points(), labels, loss)
    }

    /// The positive factor that makes a formula's values logits, so that `sigmoid(factor T)` is the
    /// probability of the positive class: the one with the least logistic loss. It is 0 for a formula
    /// that tells nothing.
    pub fn logit_scale(&self, formula: &Expression) -> f64 {
        let values = formula.evaluate_everywhere(&self.columns).values;
        self.best_scale(LabelLoss::Logistic, &values)
    }

    fn mean_loss(&self, loss: LabelLoss, values: &[f64], scale: f64) -> f64 {
        let points = values.iter().zip(self.labels.iter().zip(&self.weights));
        points
            .map(|(value, (label, weight))| weight * loss.of_margin(scale * value * label))
            .sum()
    }

    /// Above 0 if the values, times some positive factor, are better than none.
    fn agreement(&self, values: &[f64]) -> f64 {
        let points = values.iter().zip(self.labels.iter().zip(&self.weights));
        points.map(|(v, (label, weight))| v * label * weight).sum()
    }

    /// The positive factor with the lowest loss; 0 for values that are no better than none.
    fn best_scale(&self, loss: LabelLoss, values: &[f64]) -> f64 {
        let slope = |scale: f64| -> f64 {
            let points = values.iter().zip(self.labels.iter().zip(&self.weights));
            points
                .map(|(value, (label, weight))| {
                    weight * label * value * loss.slope(scale * value * label)
                })
                .sum()
        };
        let size: f64 = values
            .iter()
            .zip(&self.weights)
            .map(|(v, w)| v.abs() * w)
            .sum();
        let limits = &self.fits;
        let (mut low, mut at_low) = (0.0, slope(0.0));
        if !(at_low < 0.0 && size.is_finite()) {
            return 0.0;
        }
        let mut high = 1.0 / size;
        let mut at_high = slope(high);
        while at_high < 0.0 {
            (low, at_low) = (high, at_high);
            high *= 4.0;
            at_high = slope(high);
            if high * size > limits.max_scale {
                return high;
            }
        }
        // The loss is convex in the factor. False position, with the Illinois rule.
        let mut moved_low = None;
        for _ in 0..limits.max_scale_steps {
            if high - low <= limits.scale_settled * high || at_high == 0.0 {
                break;
            }
            let middle = low - at_low * (high - low) / (at_high - at_low);
            let at_middle = slope(middle);
            if at_middle < 0.0 {
                (low, at_low) = (middle, at_middle);
                if moved_low == Some(true) {
                    at_high /= 2.0;
                }
                moved_low = Some(true);
            } else {
                (high, at_high) = (middle, at_middle);
                if moved_low == Some(false) {
                    at_low /= 2.0;
                }
                moved_low = Some(false);
            }
        }
        high
    }

    /// Every point near the rough boundary, where all that labels tell is, and few of those far
    /// from it, each of which stands for many.
    fn kept(&self, max_samples: usize) -> Vec<(usize, f64)> {
        let importance: Vec<f64> = self
            .near
            .distances
            .iter()
            .zip(&self.weights)
            .map(|(distance, weight)| weight / (1.0 + distance / self.fits.near))
            .collect();
        // The chance to be kept is in proportion to the importance, and at most 1.
        let n_expected =
            |unit: f64| -> f64 { importance.iter().map(|i| (i * unit).min(1.0)).sum() };
        let (mut low, mut high) = (0.0, 1.0);
        while n_expected(high) < max_samples as f64 && high.is_finite() {
            (low, high) = (high, 2.0 * high);
        }
        for _ in 0..N_HALVINGS {
            let middle = (low + high) / 2.0;
            if n_expected(middle) <= max_samples as f64 {
                low = middle
            } else {
                high = middle
            }
        }
        // Systematic sampling: a point is kept where the sum of chances passes a whole number.
        let mut sum = 0.0_f64;
        let mut kept = Vec::with_capacity(max_samples);
        for (row, importance) in importance.iter().enumerate() {
            let chance = (importance * low).min(1.0);
            let before = sum;
            sum += chance;
            if sum.floor() > before.floor() {
                kept.push((row, self.weights[row] / chance));
            }
        }
        kept
    }
}

impl Objective for LabelObjective {
    fn feature_names(&self) -> Vec<String> {
        self.feature_names.clone()
    }

    fn columns(&self) -> &Columns {
        &self.columns
    }

    fn loss(&self, found: &Evaluation) -> Option<f64> {
        if found.values.len() != self.labels.len() {
            return None;
        }
        let loss = self.mean_loss(
            self.loss,
            &found.values,
            self.best_scale(self.loss, &found.values),
        );
        loss.is_finite().then_some(loss)
    }

    /// Few points may be told apart without error by a formula that all points refute: a low
    /// loss on a subsample never ends a search.
    fn resolution(&self) -> f64 {
        0.0
    }

    fn thinned(&self, max_samples: usize) -> Option<Box<dyn Objective>> {
        if self.labels.len() <= max_samples {
            return None;
        }
        let (rows, weights): (Vec<usize>, Vec<f64>) = self.kept(max_samples).into_iter().unzip();
        Some(Box::new(self.on_rows(&rows, weights)))
    }

    fn on_columns(&self, columns: &[usize]) -> Option<Box<dyn Objective>> {
        let mut narrow = Self {
            feature_names: columns
                .iter()
                .map(|&column| self.feature_names[column].clone())
                .collect(),
            columns: self.columns.picked(columns),
            ..self.clone()
        };
        narrow.near = Boundary::roughly(&narrow);
        Some(Box::new(narrow))
    }

    fn explained(&self) -> Option<(Vec<f64>, Vec<f64>)> {
        Some((self.labels.clone(), self.weights.clone()))
    }

    fn likelihood(&self) -> Likelihood {
        Likelihood::PerUnit(self.n_given as f64 * self.loss.log_likelihood())
    }

    fn symmetry(&self) -> Symmetry {
        Symmetry::Factor
    }

    fn rises(&self, found: &Evaluation) -> bool {
        self.agreement(&found.values) >= 0.0
    }

    fn sums(&self) -> Option<&dyn Sums> {
        Some(self)
    }

    fn least_squares(&self) -> Option<&dyn LeastSquares> {
        Some(self)
    }
}

impl Sums for LabelObjective {
    /// Where a formula changes sign hangs on its offset: it is always fitted.
    fn terms<'a>(&'a self, terms: &[&Evaluation], _: Offset) -> Box<dyn TermFits + 'a> {
        Box::new(LabelTerms::new(self, terms))
    }

    /// A product exceeds a threshold where the sum of its factors' logarithms does.
    fn links(&self, _: &[Operator]) -> Vec<(Link, Box<dyn Objective>)> {
        vec![(Link::Product, Box::new(self.clone()))]
    }
}
