//! Matching values: mean squared or absolute error.

use super::linear::LinearTerms;
use super::{Fit, Fold, LeastSquares, Likelihood, Link, Objective, Offset, Route, Sums, TermFits};
use crate::dataset::Dataset;
use crate::effort::{
    COMPLEXITY_PER_FEATURE, COMPLEXITY_PER_ROW, MAX_COMPLEXITY, MAX_COMPLEXITY_WITH_FEATURES,
    MIN_POINTS, ValueFits,
};
use crate::error::{Error, Result};
use crate::formula::Operator;
use crate::formula::{Columns, Evaluation, thinned};
use crate::points::Points;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, BTreeSet};

/// How errors count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ValueLoss {
    /// The mean squared error, as a share of the target's variance.
    #[default]
    Squared,
    /// The mean absolute error, as a share of the target's mean distance from its median.
    Absolute,
}

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
    /// What errors are measured in: the error of the best constant.
    unit: f64,
    fits: ValueFits,
    /// The different rows, before some were left out: a copy of a row says nothing new.
    n_given: usize,
    /// Whether points that lie close together share their errors.
    has_smooth_errors: bool,
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
        let unit = unit_of(&values, loss);
        if unit > 0.0 {
            Ok(Self {
                feature_names: points.feature_names().to_vec(),
                n_given: n_distinct(&columns, &values),
                columns,
                target: values,
                loss,
                unit,
                fits: ValueFits::default(),
                has_smooth_errors: false,
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
    pub fn with_loss(self, loss: ValueLoss) -> Self {
        Self {
            unit: unit_of(&self.target, loss),
            loss,
            ..self
        }
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

    /// The same measure on some of the rows, its unit as it is.
    fn on_rows(&self, columns: Columns, target: Vec<f64>) -> Self {
        Self {
            feature_names: self.feature_names.clone(),
            columns,
            target,
            ..*self
        }
    }

    /// The values.
    pub(crate) fn target(&self) -> &[f64] {
        &self.target
    }

    /// Every k-th point, so that at most `max_samples` are left.
    pub(crate) fn subsample(&self, max_samples: usize) -> Self {
        self.on_rows(
            self.columns.thinned(max_samples),
            thinned(&self.target, max_samples),
        )
    }

    /// What a formula may stand inside of, each with the values that the formula then has: first
    /// nothing, then what the values allow.
    pub(crate) fn linked(&self, operators: &[Operator]) -> Vec<(Link, Self)> {
        let allows = |operator| operators.contains(&operator);
        let is_positive = self.target.iter().all(|y| *y > 0.0);
        let has_one_sign = is_positive || self.target.iter().all(|y| *y < 0.0);
        let mut links = vec![(Link::Identity, Some(self.clone()))];
        if has_one_sign {
            links.push((Link::Product, self.transformed(|y| y.abs().ln())));
        }
        if allows(Operator::Div) && has_one_sign {
            links.push((Link::Inverse, self.transformed(|y| 1.0 / y)));
        }
        if allows(Operator::Sqrt) && is_positive {
            links.push((Link::Function(Operator::Sqrt), self.transformed(|y| y * y)));
        }
        if allows(Operator::Exp) && is_positive {
            links.push((Link::Function(Operator::Exp), self.transformed(f64::ln)));
        }
        if allows(Operator::Log) {
            links.push((Link::Function(Operator::Log), self.transformed(f64::exp)));
        }
        links
            .into_iter()
            .filter_map(|(link, objective)| Some((link, objective?)))
            .collect()
    }

    /// The same points with another function of the values, where it is finite everywhere.
    fn transformed(&self, function: impl Fn(f64) -> f64) -> Option<Self> {
        let target: Vec<f64> = self.target.iter().map(|&y| function(y)).collect();
        let unit = unit_of(&target, self.loss);
        let is_finite = target.iter().all(|y| y.is_finite());
        let has_spread = unit > 0.0 && unit.is_finite();
        (is_finite && has_spread).then(|| Self {
            unit,
            ..self.on_rows(self.columns.clone(), target)
        })
    }
}

/// The error of the best constant.
fn unit_of(target: &[f64], loss: ValueLoss) -> f64 {
    let n = target.len() as f64;
    match loss {
        ValueLoss::Squared => {
            let mean = target.iter().sum::<f64>() / n;
            target.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / n
        }
        ValueLoss::Absolute => {
            let mut sorted = target.to_vec();
            sorted.sort_by(f64::total_cmp);
            let median = sorted[sorted.len() / 2];
            target.iter().map(|y| (y - median).abs()).sum::<f64>() / n
        }
    }
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
        let errors = found
            .values
            .iter()
            .zip(&self.target)
            .map(|(value, y)| value - y);
        let total: f64 = match self.loss {
            ValueLoss::Squared => errors.map(|error| error * error).sum(),
            ValueLoss::Absolute => errors.map(f64::abs).sum(),
        };
        let loss = total / self.target.len() as f64 / self.unit;
        loss.is_finite().then_some(loss)
    }

    fn resolution(&self) -> f64 {
        match self.loss {
            ValueLoss::Squared => self.fits.resolution,
            ValueLoss::Absolute => self.fits.absolute_resolution,
        }
    }

    fn thinned(&self, max_samples: usize) -> Option<Box<dyn Objective>> {
        Some(Box::new(self.subsample(max_samples)))
    }

    /// Room for a linear model of all features beside a formula as others may have it, but no more
    /// than the rows support.
    fn max_complexity(&self) -> usize {
        if self.has_smooth_errors {
            return MAX_COMPLEXITY;
        }
        let linear = self.columns.n_features() * COMPLEXITY_PER_FEATURE;
        (MAX_COMPLEXITY + linear)
            .min(MAX_COMPLEXITY_WITH_FEATURES)
            .min(COMPLEXITY_PER_ROW * self.n_given)
    }

    /// Absolute errors come from a Laplace distribution, `-n log(L)`, which counts each row twice.
    fn likelihood(&self) -> Likelihood {
        match self.loss {
            _ if self.has_smooth_errors => Likelihood::Smooth,
            ValueLoss::Squared => Likelihood::Independent(self.n_given),
            ValueLoss::Absolute => Likelihood::Independent(2 * self.n_given),
        }
    }

    fn sums(&self) -> Option<&dyn Sums> {
        Some(self)
    }

    /// The absolute error is no square.
    fn least_squares(&self) -> Option<&dyn LeastSquares> {
        match self.loss {
            ValueLoss::Squared => Some(self),
            ValueLoss::Absolute => None,
        }
    }

    fn route(&self) -> Option<&dyn Route> {
        Some(self)
    }
}

impl Sums for ValueObjective {
    fn terms<'a>(&'a self, terms: &[&Evaluation], offset: Offset) -> Box<dyn TermFits + 'a> {
        let n = self.target.len();
        let weights = vec![1.0 / n as f64; n];
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
}

impl LeastSquares for ValueObjective {
    fn residuals(&self, found: &Evaluation) -> Option<Vec<f64>> {
        let is_complete = found.values.len() == self.target.len();
        let scale = self.unit.sqrt();
        let residuals = found.values.iter().zip(&self.target);
        is_complete.then(|| residuals.map(|(value, y)| (value - y) / scale).collect())
    }

    fn slopes(&self, _: &Evaluation, sensitivity: &Evaluation) -> Vec<f64> {
        let scale = self.unit.sqrt();
        let slopes = sensitivity.values.iter();
        slopes.map(|slope| slope / scale).collect()
    }

    fn folds(&self, n_folds: usize, seed: u64) -> Vec<Fold> {
        if self.has_smooth_errors {
            return Vec::new();
        }
        // Rows with the same inputs are held out together: each knows the others' target.
        let mut groups: BTreeMap<Vec<u64>, Vec<usize>> = BTreeMap::new();
        for row in 0..self.target.len() {
            groups
                .entry(inputs(&self.columns, row))
                .or_default()
                .push(row);
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
                let pick = |column: &[f64]| rows.iter().map(|&row| column[row]).collect();
                let columns = self.columns.raw().iter().map(|column| pick(column));
                self.on_rows(
                    Columns::of_one_length(columns.collect()),
                    pick(&self.target),
                )
            };
            Fold {
                training: Box::new(part(false)),
                held_out: Box::new(part(true)),
            }
        };
        (0..n_folds).map(split).collect()
    }
}

struct ValueTerms<'a> {
    objective: &'a ValueObjective,
    offset: Offset,
    linear: LinearTerms,
    values: Vec<Vec<f64>>,
    weights: Vec<f64>,
}

impl ValueTerms<'_> {
    fn judged(
        &self,
        subset: &[usize],
        coefficients: Vec<f64>,
        offset: f64,
    ) -> Option<(Fit, Vec<f64>)> {
        let mut found = Evaluation {
            values: vec![offset; self.objective.target.len()],
            gradient: Vec::new(),
        };
        for (&term, c) in subset.iter().zip(&coefficients) {
            let values = found.values.iter_mut().zip(&self.values[term]);
            values.for_each(|(sum, value)| *sum += c * value);
        }
        let loss = self.objective.loss(&found)?;
        let fit = Fit {
            coefficients,
            offset,
            loss,
        };
        Some((fit, found.values))
    }
}

impl TermFits for ValueTerms<'_> {
    fn n_terms(&self) -> usize {
        self.linear.n_terms()
    }

    fn scale(&self, term: usize) -> f64 {
        self.linear.scale(term)
    }

    fn score(&self, subset: &[usize]) -> f64 {
        self.linear.unexplained(subset)
    }

    fn fit(&self, subset: &[usize]) -> Option<Fit> {
        let target = &self.objective.target;
        let solution = self.linear.solve(subset, target, &self.weights)?;
        let (mut best, mut values) = self.judged(subset, solution.coefficients, solution.offset)?;
        if self.objective.loss == ValueLoss::Squared {
            return Some(best);
        }
        // |e| <= e^2 / (2 |e0|) + |e0| / 2: each round lowers the absolute error.
        let limits = &self.objective.fits;
        for _ in 0..limits.n_reweighted {
            let floor = limits.weight_floor * self.objective.unit;
            let weights = values
                .iter()
                .zip(target)
                .map(|(v, y)| 1.0 / (v - y).abs().max(floor));
            let weights: Vec<f64> = weights.collect();
            let sum: f64 = weights.iter().sum();
            let weights: Vec<f64> = weights.iter().map(|weight| weight / sum).collect();
            let terms: Vec<Evaluation> = subset
                .iter()
                .map(|&term| of_values(&self.values[term]))
                .collect();
            let terms: Vec<&Evaluation> = terms.iter().collect();
            let all: Vec<usize> = (0..subset.len()).collect();
            let linear = LinearTerms::new(&terms, target, &weights, self.offset);
            let solution = linear.solve(&all, target, &weights)?;
            let (fit, now) = self.judged(subset, solution.coefficients, solution.offset)?;
            values = now;
            if fit.loss < best.loss {
                best = fit;
            }
        }
        Some(best)
    }
}

pub(super) fn of_values(values: &[f64]) -> Evaluation {
    Evaluation {
        values: values.to_vec(),
        gradient: Vec::new(),
    }
}
