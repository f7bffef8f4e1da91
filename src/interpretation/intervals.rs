//! How well the points determine a formula's numbers, by resampling the points.

use crate::directions::Directions;
use crate::effort::{Effort, reading::Numbers};
use crate::error::Result;
use crate::formula::{Expression, Operator};
use crate::numerics::short;
use crate::search::{DirectionObjective, Objective, ValueObjective, fit_constants};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::Serialize;

const LIMITS: Numbers = Numbers::DEFAULT;

/// A number of a formula, with its bootstrap interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ConstantInterval {
    /// The number in the formula.
    pub value: f64,
    /// The 2.5 % quantile over the resamples.
    pub low: f64,
    /// The 97.5 % quantile over the resamples.
    pub high: f64,
}

impl std::fmt::Display for ConstantInterval {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (low, high) = (short(self.low), short(self.high));
        write!(f, "{} ({low} to {high})", self.value)
    }
}

/// A 95 % bootstrap interval for each number in a formula, in the order of its text (Efron 1979).
/// Points are drawn with replacement, and the numbers are fitted to their directions, starting from
/// the formula's own. Integer exponents have no interval.
///
/// The intervals show how well the points determine the numbers for these directions. They don't
/// include errors that the network makes everywhere and another network wouldn't make; where networks
/// of halves of the data were trained, a [certificate](super::Certificate) has wider intervals that do.
/// A number that was rounded may lie slightly outside its interval.
///
/// ```
/// use closedform::{Directions, Expression, Points};
/// use closedform::interpretation::constant_intervals;
///
/// let points: Vec<f64> = (1..100).flat_map(|i| [(i % 9) as f64 - 4.5, (i % 7) as f64 - 3.5]).collect();
/// let gradients = points.chunks(2).flat_map(|x| [2.0 * x[0], 4.0 * x[1]]).collect();
/// let points = Points::new(["x1", "x2"], points)?;
/// let directions = Directions::from_gradients(points, gradients)?;
/// let formula = "x1*x1 + 2*x2*x2".parse()?;
/// let intervals = constant_intervals(&directions, &formula, 20, 0)?;
/// assert!((intervals[0].low - 2.0).abs() < 1e-6 && (intervals[0].high - 2.0).abs() < 1e-6);
/// # Ok::<(), closedform::Error>(())
/// ```
///
/// # Errors
/// A formula in more features than the directions have.
pub fn constant_intervals(
    directions: &Directions,
    formula: &Expression,
    n_resamples: u64,
    seed: u64,
) -> Result<Vec<ConstantInterval>> {
    formula.check_features(directions.n_features())?;
    let objective = DirectionObjective::new(directions);
    Ok(direction_intervals(objective, formula, n_resamples, seed))
}

/// The same for an objective, which says which signs are free, and a formula in its features.
pub(super) fn direction_intervals(
    objective: DirectionObjective,
    formula: &Expression,
    n_resamples: u64,
    seed: u64,
) -> Vec<ConstantInterval> {
    let thin = objective.subsample(LIMITS.n_points);
    let drawn = |rng: &mut ChaCha8Rng| thin.resampled(rng);
    by_resampling(formula, n_resamples, seed, drawn)
}

/// The same for a formula of values: rows are drawn with replacement, and the numbers are fitted to
/// their values. Independent errors of the values are part of these intervals.
///
/// ```
/// use closedform::{Points, ValueObjective};
/// use closedform::interpretation::value_intervals;
///
/// let numbers: Vec<f64> = (1..100).map(f64::from).collect();
/// let points = Points::new(["x1"], numbers)?;
/// let values = points.rows().map(|x| 3.0 * x[0] + (x[0] * x[0]).sin()).collect();
/// let values = ValueObjective::new(&points, values)?;
/// let slope = value_intervals(&values, &"3*x1".parse()?, 100, 0)?[0];
/// assert!(slope.low < 3.0 && 3.0 < slope.high && slope.high - slope.low < 0.02);
/// # Ok::<(), closedform::Error>(())
/// ```
///
/// # Errors
/// A formula in more features than the values have.
pub fn value_intervals(
    values: &ValueObjective,
    formula: &Expression,
    n_resamples: u64,
    seed: u64,
) -> Result<Vec<ConstantInterval>> {
    formula.check_features(values.columns().n_features())?;
    let thin = values.subsample(LIMITS.n_points);
    let drawn = |rng: &mut ChaCha8Rng| thin.resampled(rng);
    Ok(by_resampling(formula, n_resamples, seed, drawn))
}

/// The intervals, wider by the errors of the model that the directions come from. A pair holds the
/// formula's numbers as they fit two models, each trained on one half of the data.
///
/// The difference within a pair has four times the variance of the error of a model of all of the data:
/// two models differ, and each saw half as many rows.
pub(super) fn with_errors_of_model(
    mut intervals: Vec<ConstantInterval>,
    pairs: &[[Vec<f64>; 2]],
) -> Vec<ConstantInterval> {
    let Some(quantile) = pairs.len().checked_sub(1).and_then(|n| T_QUANTILES.get(n)) else {
        return intervals;
    };
    for (index, interval) in intervals.iter_mut().enumerate() {
        let squares = pairs
            .iter()
            .map(|[a, b]| (a[index] - b[index]).powi(2) / 4.0);
        let error = quantile * (squares.sum::<f64>() / pairs.len() as f64).sqrt();
        let center = (interval.low + interval.high) / 2.0;
        let half = (interval.high - interval.low) / 2.0;
        interval.low = center - half.hypot(error);
        interval.high = center + half.hypot(error);
    }
    intervals
}

/// The 97.5 % quantiles of Student's t distribution with 1, 2, ... degrees of freedom.
const T_QUANTILES: [f64; 5] = [12.706, 4.303, 3.182, 2.776, 2.571];

/// A formula's numbers as they fit directions.
pub(super) fn fitted_numbers(
    objective: &DirectionObjective,
    formula: &Expression,
) -> Option<Vec<f64>> {
    let thin = objective.subsample(LIMITS.n_points);
    let (fitted, _) = fit_constants(formula, &thin, &Effort::DEFAULT, LIMITS.n_steps)?;
    Some(numbers(&fitted))
}

fn by_resampling<O: Objective>(
    formula: &Expression,
    n_resamples: u64,
    seed: u64,
    drawn: impl Fn(&mut ChaCha8Rng) -> O + Sync,
) -> Vec<ConstantInterval> {
    if numbers(formula).is_empty() || n_resamples == 0 {
        return Vec::new();
    }
    let resamples = (0..n_resamples).into_par_iter();
    let fits: Vec<Vec<f64>> = resamples
        .filter_map(|index| {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            rng.set_stream(index);
            let drawn = drawn(&mut rng);
            let (fitted, _) = fit_constants(formula, &drawn, &Effort::DEFAULT, LIMITS.n_steps)?;
            Some(numbers(&fitted))
        })
        .collect();
    // If the formula isn't finite on every point, no fit succeeds.
    if fits.is_empty() {
        return Vec::new();
    }
    let intervals = numbers(formula)
        .into_iter()
        .enumerate()
        .map(|(index, value)| {
            let mut found: Vec<f64> = fits.iter().map(|fit| fit[index]).collect();
            found.sort_by(f64::total_cmp);
            let quantile = |share: f64| found[(share * (found.len() - 1) as f64).round() as usize];
            ConstantInterval {
                value,
                low: quantile(LIMITS.tail),
                high: quantile(1.0 - LIMITS.tail),
            }
        });
    intervals.collect()
}

/// The numbers in a formula, without integer exponents.
fn numbers(formula: &Expression) -> Vec<f64> {
    match formula {
        Expression::Constant(number) => vec![*number],
        Expression::Variable(_) => Vec::new(),
        Expression::Apply(Operator::Powi, parts) => numbers(&parts[0]),
        Expression::Apply(_, parts) => parts.iter().flat_map(numbers).collect(),
    }
}
