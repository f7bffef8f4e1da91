//! Matching values: squared, absolute or Poisson errors.

mod loss;
mod rounding;
mod terms;

pub use loss::ValueLoss;
use terms::ValueTerms;

use super::linear::LinearTerms;
use super::{Fold, LeastSquares, Likelihood, Link, Objective, Offset, Route, Sums, TermFits};
use crate::dataset::Dataset;
use crate::effort::{
    COMPLEXITY_OF_WAVES, COMPLEXITY_PER_FEATURE, COMPLEXITY_PER_ROW, MAX_COMPLEXITY,
    MAX_COMPLEXITY_WITH_FEATURES, MIN_POINTS, ValueFits,
};
use crate::error::{Error, Result};
use crate::formula::Operator;
use crate::formula::{Columns, Evaluation};
use crate::numerics::outlying;
use crate::points::{Points, check_weights};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// Values to be matched.
///
/// ```
/// use closedform::{Points, SearchOptions, ValueObjective, progress, search_for};
///
/// let numbers: Vec<f64> = (0..200).map(|i| 1.0 + f64::from(i * i % 37) / 10.0).collect();
/// let points = Points::new(["x1", "x2"], numbers)?;
/// let values = points.rows().map(|x| 3.0 * x[0] / x[1] + 1.0).collect();
/// let objective = ValueObjective::new(&points, values)?;
/// let found = search_for(&objective, &SearchOptions::default(), progress::silent)?;
/// let best = &found.front.best().unwrap().expression;
/// assert!((best.value(&[4.0, 2.0]) - 7.0).abs() < 1e-6);
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct ValueObjective {
    feature_names: Vec<String>,
    columns: Columns,
    target: Vec<f64>,
    loss: ValueLoss,
    /// The step between neighbouring numbers as each value was written.
    steps: Vec<f64>,
    /// The same for each column of the inputs, once they are needed.
    input_steps: OnceLock<Vec<Vec<f64>>>,
    /// What errors are measured in: the error of the best constant.
    unit: f64,
    fits: ValueFits,
    /// The different rows, before some were left out: a copy of a row says nothing new.
    n_given: usize,
    /// Whether points that lie close together share their errors.
    has_smooth_errors: bool,
    /// How much each row counts, 1 on average; none if all count alike.
    weights: Option<Vec<f64>>,
    /// Rows with the same number are held out together; none if each stands for itself.
    groups: Option<Vec<f64>>,
}

impl ValueObjective {
    /// The objective of matching `values` `(n_samples,)` at points, by mean squared error.
    ///
    /// # Errors
    /// Another number of values than of points, fewer than 5 of them, one that isn't finite, or
    /// values that are all the same.
    pub fn new(points: &Points, values: Vec<f64>) -> Result<Self> {
        check(points, &values)?;
        let (loss, columns) = (ValueLoss::default(), points.to_columns());
        let unit = loss.unit(&values, None);
        if unit > 0.0 {
            Ok(Self {
                feature_names: points.feature_names().to_vec(),
                n_given: n_distinct(&columns, &values),
                columns,
                steps: rounding::steps(&values),
                input_steps: OnceLock::new(),
                target: values,
                loss,
                unit,
                fits: ValueFits::default(),
                has_smooth_errors: false,
                weights: None,
                groups: None,
            })
        } else {
            Err(Error::Uninformative(
                "all values are the same; there is nothing to match".into(),
            ))
        }
    }

    /// A dataset's target by mean squared error.
    ///
    /// # Errors
    /// Those of [`new`](Self::new).
    pub fn from_dataset(data: &Dataset) -> Result<Self> {
        Self::new(data.points(), data.targets().to_vec())
    }

    /// The same values with errors counted otherwise.
    ///
    /// # Errors
    /// A negative value, for [`ValueLoss::Poisson`].
    pub fn with_loss(self, loss: ValueLoss) -> Result<Self> {
        loss.check(&self.target)?;
        Ok(Self {
            unit: loss.unit(&self.target, self.weights.as_deref()),
            loss,
            ..self
        })
    }

    /// How errors count.
    pub(crate) fn value_loss(&self) -> ValueLoss {
        self.loss
    }

    /// The least error that weights a row.
    fn least_error(&self) -> f64 {
        self.fits.weight_floor * self.unit
    }

    /// The same measure with sums fitted otherwise.
    pub fn with_fits(self, fits: ValueFits) -> Self {
        Self { fits, ..self }
    }

    /// The same values, with errors that points close together share, as a model's outputs have
    /// them. Formulas are then chosen as for directions, and no rows are held out.
    pub fn with_smooth_errors(self) -> Self {
        Self {
            has_smooth_errors: true,
            ..self
        }
    }

    /// The same values with rows that count by weights `(n_samples,)`, of which only the ratios
    /// matter.
    ///
    /// # Errors
    /// Another number of weights than of rows, one that is negative or not finite, or weights of
    /// rows whose values are all the same.
    pub fn with_weights(self, weights: Vec<f64>) -> Result<Self> {
        check_weights(&weights, self.target.len())?;
        let mean = weights.iter().sum::<f64>() / weights.len() as f64;
        let weights: Vec<f64> = weights.iter().map(|weight| weight / mean).collect();
        let unit = self.loss.unit(&self.target, Some(&weights));
        if unit > 0.0 && unit.is_finite() {
            Ok(Self {
                unit,
                weights: Some(weights),
                ..self
            })
        } else {
            Err(Error::Uninformative(
                "all values with a weight are the same; there is nothing to match".into(),
            ))
        }
    }

    /// The same values with errors of the standard deviations `sigma` `(n_samples,)`, each above 0.
    ///
    /// # Errors
    /// Those of [`with_weights`](Self::with_weights), and a standard deviation that isn't positive.
    pub fn with_errors(self, sigma: &[f64]) -> Result<Self> {
        let is_refused = |sigma: &f64| !(*sigma > 0.0 && sigma.powi(-2).is_finite());
        if let Some(row) = sigma.iter().position(is_refused) {
            return Err(Error::Value(format!(
                "the error of row {} is {}; only positive numbers with a finite square \
                 of their inverse are allowed",
                row + 1,
                sigma[row]
            )));
        }
        self.with_weights(sigma.iter().map(|sigma| sigma.powi(-2)).collect())
    }

    /// The same values with groups of rows that are held out together, as rows of one patient or of
    /// one day are: a cross-validation then says what a formula is worth for other groups.
    ///
    /// # Errors
    /// Another number of entries than of rows, one that isn't finite, or a single group.
    pub fn with_groups(self, groups: Vec<f64>) -> Result<Self> {
        let (n, n_entries) = (self.target.len(), groups.len());
        if n_entries != n {
            return Err(Error::Shape(format!(
                "there are {n_entries} entries for groups, but {n} rows"
            )));
        }
        if let Some(row) = groups.iter().position(|group| !group.is_finite()) {
            return Err(Error::Value(format!(
                "the group of row {} is {}; only finite numbers are allowed",
                row + 1,
                groups[row]
            )));
        }
        if groups.iter().all(|group| *group == groups[0]) {
            return Err(Error::Uninformative(
                "all rows belong to one group, so none can be held out".into(),
            ));
        }
        Ok(Self {
            groups: Some(groups),
            ..self
        })
    }

    pub(crate) fn weight(&self, row: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |weights| weights[row])
    }

    /// The rows that don't lie far from these values, with squared errors (Rousseeuw & Leroy 1987,
    /// chapter 5). None if their targets are all the same.
    pub(in crate::search) fn without_outliers(&self, values: &[f64]) -> Option<Self> {
        let (_, outlying) = self.errors(values);
        let rows = (0..values.len()).filter(|row| !outlying.contains(row));
        self.on_rows(&rows.collect::<Vec<usize>>())
            .with_loss(ValueLoss::Squared)
            .ok()
            .filter(|rest| rest.unit > 0.0)
    }

    /// The errors of these values, and the rows of those that are outlying.
    fn errors(&self, values: &[f64]) -> (Vec<f64>, Vec<usize>) {
        let errors = values.iter().zip(&self.target).map(|(value, y)| y - value);
        let errors: Vec<f64> = errors.collect();
        let rows = outlying(&errors, self.fits.outlying, self.least_error());
        (errors, rows)
    }

    /// The same measure on some of the rows, its unit as it is.
    fn on_rows(&self, rows: &[usize]) -> Self {
        let pick = |column: &Vec<f64>| rows.iter().map(|&row| column[row]).collect::<Vec<f64>>();
        let columns = self.columns.raw().iter().map(pick);
        Self {
            feature_names: self.feature_names.clone(),
            columns: Columns::of_one_length(columns.collect()),
            target: pick(&self.target),
            steps: pick(&self.steps),
            input_steps: OnceLock::new(),
            weights: self.weights.as_ref().map(pick),
            groups: self.groups.as_ref().map(pick),
            ..*self
        }
    }

    /// The loss that the rounding of the values leaves on average: the variance, or for absolute errors
    /// the mean size, of an error that is uniform between two steps.
    pub(crate) fn rounding(&self) -> f64 {
        let error = |step: f64| match self.loss {
            ValueLoss::Squared => step * step / 12.0,
            ValueLoss::Absolute => step / 4.0,
            ValueLoss::Poisson => 0.0,
        };
        let rows = self.steps.iter().enumerate();
        let errors = rows.map(|(row, step)| self.weight(row) * error(*step));
        errors.sum::<f64>() / self.target.len() as f64 / self.unit
    }

    /// The values.
    pub(crate) fn target(&self) -> &[f64] {
        &self.target
    }

    /// Every k-th point, so that at most `max_samples` are left.
    pub(crate) fn subsample(&self, max_samples: usize) -> Self {
        let step = self.target.len().div_ceil(max_samples.max(1)).max(1);
        let rows: Vec<usize> = (0..self.target.len()).step_by(step).collect();
        self.on_rows(&rows)
    }

    /// The variance of the values, which a squared error is measured in.
    pub(crate) fn variance(&self) -> f64 {
        ValueLoss::Squared.unit(&self.target, self.weights.as_deref())
    }

    /// As many rows, drawn with replacement.
    pub(crate) fn resampled(&self, rng: &mut impl rand::RngExt) -> Self {
        let n = self.target.len();
        let rows: Vec<usize> = (0..n).map(|_| rng.random_range(0..n)).collect();
        self.on_rows(&rows)
    }

    /// What a formula may stand inside of, each with the values that the formula then has: first
    /// nothing, then what the values allow.
    pub(crate) fn linked(&self, operators: &[Operator]) -> Vec<(Link, Self)> {
        let allows = |operator| operators.contains(&operator);
        let sign = self.sign();
        let is_positive = sign.is_some_and(|sign| sign.of_most > 0.0);
        let mut links = vec![(Link::Identity, Some(self.clone()))];
        if let Some(sign) = sign {
            let sizes = self.of_one_sign(sign, f64::ln, |size| size * size);
            links.extend(sizes.into_iter().map(|sizes| (Link::Product, sizes)));
        }
        if let Some(sign) = sign
            && allows(Operator::Div)
        {
            let inverses = self.of_one_sign(sign, |y| sign.of_most / y, |size| size.powi(4));
            links.extend(
                inverses
                    .into_iter()
                    .map(|inverses| (Link::Inverse, inverses)),
            );
        }
        if allows(Operator::Sqrt) && is_positive {
            links.push((Link::Function(Operator::Sqrt), self.transformed(|y| y * y)));
        }
        if allows(Operator::Exp) {
            let link = Link::Function(Operator::Exp);
            if self.target.iter().all(|y| *y >= 0.0) {
                links.push((link, self.logarithms()));
            }
            if let Some(sign) = sign
                && is_positive
            {
                links.push((link, self.by_size(sign, f64::ln, |size| size * size)));
            }
        }
        if allows(Operator::Log) {
            links.push((Link::Function(Operator::Log), self.transformed(f64::exp)));
        }
        links
            .into_iter()
            .filter_map(|(link, objective)| Some((link, objective?)))
            .collect()
    }

    /// The sign that the values have up to their errors; none if they have both.
    fn sign(&self) -> Option<Sign> {
        let square_of = |is_of: fn(&f64) -> bool| -> (f64, usize) {
            let some = self.target.iter().filter(|y| is_of(y));
            some.fold((0.0, 0), |(sum, n), y| (sum + y * y, n + 1))
        };
        let (above, below) = (square_of(|y| *y > 0.0), square_of(|y| *y < 0.0));
        let has_zeros = self.target.contains(&0.0);
        let (most, (wrong, n_wrong), of_most) = if above.0 > below.0 {
            (above.0, below, 1.0)
        } else {
            (below.0, above, -1.0)
        };
        let limits = &self.fits;
        if n_wrong == 0 {
            return (!has_zeros).then_some(Sign {
                of_most,
                error: 0.0,
            });
        }
        let error = (wrong / n_wrong as f64).sqrt();
        (wrong <= limits.wrong_sign * most).then_some(Sign { of_most, error })
    }

    /// A function of the sizes of values that have a sign: with all rows alike, as exact values are
    /// best, and with rows that count by `weight` of their size, as errors of one size make them.
    fn of_one_sign(
        &self,
        sign: Sign,
        function: impl Fn(f64) -> f64 + Copy,
        weight: impl Fn(f64) -> f64,
    ) -> [Option<Self>; 2] {
        let is_exact = sign.error == 0.0;
        let plain = is_exact.then(|| self.transformed(|y| function(y.abs())));
        [plain.flatten(), self.by_size(sign, function, weight)]
    }

    /// The second of these. A row whose size is no more than an error doesn't count, and the largest
    /// count alike.
    fn by_size(
        &self,
        sign: Sign,
        function: impl Fn(f64) -> f64,
        weight: impl Fn(f64) -> f64,
    ) -> Option<Self> {
        let limits = &self.fits;
        let mut sizes: Vec<f64> = self.target.iter().map(|y| sign.of_most * y).collect();
        let large = limits.large * (sizes.len() - 1) as f64;
        let (_, &mut large, _) = sizes.select_nth_unstable_by(large as usize, f64::total_cmp);
        let least = (limits.least_size * sign.error).max(f64::MIN_POSITIVE);
        let size = |y: f64| (sign.of_most * y).max(least);
        let counts = |row: usize| match sign.of_most * self.target[row] {
            size if size > least => self.weight(row) * weight(size.min(large) / large),
            _ => 0.0,
        };
        let weights: Vec<f64> = (0..self.target.len()).map(counts).collect();
        let functions = self.transformed(|y| function(size(y)))?;
        functions.with_weights(weights).ok()
    }

    /// The logarithms of values that are 0 or above, of which not all are 0.
    ///
    /// Counts and shares may be 0, of which there is no logarithm: then half of the least other
    /// value is added. The numbers are fitted to the values themselves afterwards.
    fn logarithms(&self) -> Option<Self> {
        let least = self.target.iter().copied().filter(|y| *y > 0.0);
        let half = least.fold(f64::INFINITY, f64::min) / 2.0;
        let has_zeros = self.target.contains(&0.0);
        let raised = if has_zeros { half } else { 0.0 };
        let logarithms = self.transformed(|y| (y + raised).ln())?;
        if self.loss != ValueLoss::Poisson {
            return Some(logarithms);
        }
        // The logarithm of a count has a variance of 1 over its mean.
        let rows = self.target.iter().enumerate();
        let weights = rows
            .map(|(row, y)| self.weight(row) * (y + raised))
            .collect();
        logarithms.with_weights(weights).ok()
    }

    /// The logarithms of the values less a number, or of the number less the values for a sign of
    /// -1, on the rows where they have one; `None` if these are too few.
    ///
    /// The rows count as they do where the errors of the values have one size.
    pub(crate) fn logarithms_from(&self, number: f64, sign: f64) -> Option<Self> {
        let rest = |row: usize| sign * (self.target[row] - number);
        let rows: Vec<usize> = (0..self.target.len())
            .filter(|&row| rest(row) > 0.0)
            .collect();
        let weights = rows.iter().map(|&row| self.weight(row) * rest(row).powi(2));
        let weights: Vec<f64> = weights.collect();
        if rows.len() < MIN_POINTS + self.columns.n_features() {
            return None;
        }
        let logarithms = self
            .on_rows(&rows)
            .transformed(|y| (sign * (y - number)).ln())?;
        logarithms.with_weights(weights).ok()
    }

    /// The same points with another function of the values, where it is finite everywhere.
    fn transformed(&self, function: impl Fn(f64) -> f64) -> Option<Self> {
        let target: Vec<f64> = self.target.iter().map(|&y| function(y)).collect();
        // A transformed count is none.
        let loss = match self.loss {
            ValueLoss::Poisson => ValueLoss::Squared,
            other => other,
        };
        let unit = loss.unit(&target, self.weights.as_deref());
        let rows = self.target.iter().zip(&self.steps);
        let steps =
            rows.map(|(y, step)| (function(y + step / 2.0) - function(y - step / 2.0)).abs());
        let is_finite = target.iter().all(|y| y.is_finite());
        let has_spread = unit > 0.0 && unit.is_finite();
        (is_finite && has_spread).then(|| Self {
            loss,
            unit,
            target,
            steps: steps.collect(),
            ..self.clone()
        })
    }
}

/// The sign of values that have one up to their errors.
#[derive(Debug, Clone, Copy)]
struct Sign {
    of_most: f64,
    /// The root mean square of those with the other sign; 0 if there are none.
    error: f64,
}

/// The bits of a row's inputs.
fn inputs(columns: &Columns, row: usize) -> Vec<u64> {
    let columns = columns.raw().iter();
    columns.map(|column| column[row].to_bits()).collect()
}

/// The number of rows that differ in an input or in the target.
fn n_distinct(columns: &Columns, target: &[f64]) -> usize {
    let rows = target.iter().enumerate();
    let rows = rows.map(|(row, y)| (inputs(columns, row), y.to_bits()));
    rows.collect::<BTreeSet<_>>().len()
}

/// Refuses targets that aren't one for each point, and points that are too few.
pub(super) fn check(points: &Points, targets: &[f64]) -> Result<()> {
    points.check_targets(targets)?;
    if targets.len() < MIN_POINTS {
        return Err(Error::Uninformative(format!(
            "there are {} points, but at least {MIN_POINTS} are needed",
            targets.len()
        )));
    }
    Ok(())
}

impl Objective for ValueObjective {
    fn feature_names(&self) -> Vec<String> {
        self.feature_names.clone()
    }

    fn columns(&self) -> &Columns {
        &self.columns
    }

    fn loss(&self, found: &Evaluation) -> Option<f64> {
        if found.values.len() != self.target.len() {
            return None;
        }
        let rows = found.values.iter().zip(&self.target).enumerate();
        let losses = rows.map(|(row, (value, y))| self.weight(row) * self.loss.of(*value, *y));
        let total: f64 = losses.sum();
        let loss = total / self.target.len() as f64 / self.unit;
        loss.is_finite().then_some(loss)
    }

    fn resolution(&self) -> f64 {
        let of_numbers = match self.loss {
            ValueLoss::Squared | ValueLoss::Poisson => self.fits.resolution,
            ValueLoss::Absolute => self.fits.absolute_resolution,
        };
        of_numbers.max(self.fits.rounding_margin * self.rounding())
    }

    /// Near a pole, the rounding of an input moves the value by more than that of the target.
    fn is_exact(&self, loss: f64, found: &Evaluation) -> bool {
        if self.loss != ValueLoss::Squared || loss >= self.fits.max_rounding {
            return loss < self.resolution();
        }
        let n = self.target.len();
        let steps = self.input_steps.get_or_init(|| {
            let columns = self.columns.raw().iter();
            columns.map(|column| rounding::steps(column)).collect()
        });
        let inputs = found.gradient.iter().zip(steps);
        let moved = inputs.filter(|(slopes, _)| slopes.len() == n);
        let squares = moved.map(|(slopes, steps)| {
            let rows = slopes.iter().zip(steps).enumerate();
            let errors = rows.map(|(row, (slope, step))| self.weight(row) * (slope * step).powi(2));
            errors.sum::<f64>() / 12.0
        });
        let of_inputs = squares.sum::<f64>() / n as f64 / self.unit;
        loss < self.resolution() + self.fits.rounding_margin * of_inputs
    }

    fn thinned(&self, max_samples: usize) -> Option<Box<dyn Objective>> {
        Some(Box::new(self.subsample(max_samples)))
    }

    fn on_columns(&self, columns: &[usize]) -> Option<Box<dyn Objective>> {
        Some(Box::new(Self {
            feature_names: columns
                .iter()
                .map(|&c| self.feature_names[c].clone())
                .collect(),
            columns: self.columns.picked(columns),
            input_steps: OnceLock::new(),
            ..self.clone()
        }))
    }

    fn divided(&self, columns: Vec<Vec<f64>>, divisor: &[f64]) -> Option<Box<dyn Objective>> {
        let quotient = |(y, d): (&f64, &f64)| y / d;
        let target: Vec<f64> = self.target.iter().zip(divisor).map(quotient).collect();
        // An error of a quotient is one of its value, divided in the same way.
        let weights = divisor.iter().enumerate();
        let weights: Vec<f64> = weights.map(|(row, d)| self.weight(row) * d * d).collect();
        let is_finite = |column: &Vec<f64>| column.iter().all(|number| number.is_finite());
        let are_finite = columns.iter().chain([&target, &weights]).all(is_finite);
        if !are_finite || self.loss != ValueLoss::Squared {
            return None;
        }
        let names = (1..=columns.len()).map(|number| format!("z{number}"));
        let divided = Self {
            feature_names: names.collect(),
            columns: Columns::of_one_length(columns),
            target,
            steps: self
                .steps
                .iter()
                .zip(divisor)
                .map(|(step, d)| step / d.abs())
                .collect(),
            input_steps: OnceLock::new(),
            ..self.clone()
        };
        Some(Box::new(divided.with_weights(weights).ok()?))
    }

    fn explained(&self) -> Option<(Vec<f64>, Vec<f64>)> {
        let weights = (0..self.target.len()).map(|row| self.weight(row)).collect();
        Some((self.target.clone(), weights))
    }

    fn of_outliers(&self, found: &Evaluation) -> f64 {
        if self.loss != ValueLoss::Absolute || found.values.len() != self.target.len() {
            return 0.0;
        }
        let (errors, rows) = self.errors(&found.values);
        let lost = rows
            .into_iter()
            .map(|row| self.weight(row) * errors[row].abs());
        lost.sum::<f64>() / errors.len() as f64 / self.unit
    }

    /// Room for a linear model of all features beside a formula as others may have it, and for two
    /// waves, but no more than the rows support.
    fn max_complexity(&self) -> usize {
        if self.has_smooth_errors {
            return MAX_COMPLEXITY;
        }
        let linear = self.columns.n_features() * COMPLEXITY_PER_FEATURE;
        (MAX_COMPLEXITY + linear)
            .clamp(COMPLEXITY_OF_WAVES, MAX_COMPLEXITY_WITH_FEATURES)
            .min(COMPLEXITY_PER_ROW * self.n_given)
    }

    /// Absolute errors come from a Laplace distribution, `-n log(L)`, which counts each row twice.
    fn likelihood(&self) -> Likelihood {
        match self.loss {
            _ if self.has_smooth_errors => Likelihood::Smooth,
            ValueLoss::Squared | ValueLoss::Poisson => Likelihood::Independent(self.n_given),
            ValueLoss::Absolute => Likelihood::Independent(2 * self.n_given),
        }
    }

    fn sums(&self) -> Option<&dyn Sums> {
        Some(self)
    }

    fn least_squares(&self) -> Option<&dyn LeastSquares> {
        Some(self)
    }

    fn route(&self) -> Option<&dyn Route> {
        Some(self)
    }
}

impl Sums for ValueObjective {
    fn terms<'a>(&'a self, terms: &[&Evaluation], offset: Offset) -> Box<dyn TermFits + 'a> {
        let n = self.target.len();
        let total: f64 = (0..n).map(|row| self.weight(row)).sum();
        let weights: Vec<f64> = (0..n).map(|row| self.weight(row) / total).collect();
        Box::new(ValueTerms {
            objective: self,
            offset,
            linear: LinearTerms::new(terms, &self.target, &weights, offset),
            values: terms.iter().map(|term| term.values.clone()).collect(),
            weights,
        })
    }

    fn links(&self, operators: &[Operator]) -> Vec<(Link, Box<dyn Objective>)> {
        let others = self.linked(operators).into_iter();
        others
            .filter(|(link, _)| *link != Link::Identity)
            .map(|(link, objective)| (link, Box::new(objective) as Box<dyn Objective>))
            .collect()
    }

    /// The mean of counts is the exponential of a sum, so that it can't be negative.
    fn usual_link(&self) -> Option<(Link, Box<dyn Objective>)> {
        let logarithms = (self.loss == ValueLoss::Poisson).then(|| self.logarithms())??;
        Some((Link::Function(Operator::Exp), Box::new(logarithms)))
    }
}

impl LeastSquares for ValueObjective {
    fn residuals(&self, found: &Evaluation) -> Option<Vec<f64>> {
        let is_complete = found.values.len() == self.target.len();
        let scale = self.unit.sqrt();
        let rows = found.values.iter().zip(&self.target).enumerate();
        let residuals = rows.map(|(row, (value, y))| {
            let (root, _) = self.loss.root(*value, *y, self.least_error());
            self.weight(row).sqrt() * root / scale
        });
        is_complete.then(|| residuals.collect())
    }

    fn slopes(&self, found: &Evaluation, sensitivity: &Evaluation) -> Vec<f64> {
        let scale = self.unit.sqrt();
        let values = found.values.iter().zip(&self.target);
        let slopes = sensitivity.values.iter().zip(values).enumerate();
        slopes
            .map(|(row, (slope, (value, y)))| {
                let (_, outer) = self.loss.root(*value, *y, self.least_error());
                self.weight(row).sqrt() * outer * slope / scale
            })
            .collect()
    }

    /// With the weights of the moment, absolute errors are squares.
    fn is_linear(&self) -> bool {
        matches!(self.loss, ValueLoss::Squared | ValueLoss::Absolute)
    }

    fn folds(&self, n_folds: usize, seed: u64) -> Vec<Fold> {
        if self.has_smooth_errors {
            return Vec::new();
        }
        // Rows with the same inputs are held out together: each knows the others' target.
        let mut groups: BTreeMap<Vec<u64>, Vec<usize>> = BTreeMap::new();
        for row in 0..self.target.len() {
            let key = match &self.groups {
                Some(groups) => vec![groups[row].to_bits()],
                None => inputs(&self.columns, row),
            };
            groups.entry(key).or_default().push(row);
        }
        let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
        groups.sort();
        groups.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        let n_folds = n_folds.min(groups.len());
        let split = |fold: usize| {
            let part = |is_held_out: bool| {
                let groups = groups.iter().enumerate();
                let groups = groups.filter(|(place, _)| (place % n_folds == fold) == is_held_out);
                let rows: Vec<usize> = groups.flat_map(|(_, rows)| rows).copied().collect();
                self.on_rows(&rows)
            };
            Fold {
                training: Box::new(part(false)),
                held_out: Box::new(part(true)),
            }
        };
        (0..n_folds).map(split).collect()
    }
}

pub(in crate::search) fn of_values(values: &[f64]) -> Evaluation {
    Evaluation {
        values: values.to_vec(),
        gradient: Vec::new(),
    }
}
