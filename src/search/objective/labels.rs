//! Matching labels: hinge, squared hinge and logistic loss.

use super::linear::LinearTerms;
use super::values::{check, of_values};
use super::{Fit, Objective, TermFits};
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::search::tape::{Columns, Evaluation, thinned};

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

    /// The weight and the aim of a least-squares step at this margin, as `y` times the formula's
    /// value: minimising `weight (aim - m)^2` lowers the loss.
    fn step(self, margin: f64) -> (f64, f64) {
        match self {
            // hinge(m) = (|1 - m| + 1 - m) / 2 and |u| <= u^2 / (2 |u0|) + |u0| / 2.
            Self::Hinge => {
                let distance = (1.0 - margin).abs().max(1e-3);
                (0.25 / distance, 1.0 + distance)
            }
            Self::SquaredHinge => (if margin < 1.0 { 1.0 } else { 1e-9 }, 1.0),
            Self::Logistic => {
                let wrong = 1.0 / (1.0 + margin.exp());
                let weight = (wrong * (1.0 - wrong)).max(1e-9);
                (weight, margin + wrong / weight)
            }
        }
    }
}

/// Labels to be matched: the formula is positive on one class and negative on the other.
///
/// ```
/// use closedform::{LabelLoss, LabelObjective, SearchOptions, progress, search_for};
///
/// let names = vec!["x1".to_string(), "x2".to_string()];
/// let points: Vec<f64> = (0..600).map(|i| f64::from(i * i % 101) / 50.0 - 1.0).collect();
/// let labels = points.chunks(2).map(|x| x[0] > x[1]).collect();
/// let objective = LabelObjective::new(names, points, labels, LabelLoss::Hinge)?;
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
    loss: LabelLoss,
}

impl LabelObjective {
    /// The objective of telling `labels` `(n_samples,)` apart at `points`
    /// `(n_samples, n_features)`, row after row.
    ///
    /// # Errors
    /// Shapes that don't agree, fewer than 5 points, a value that isn't finite, or labels that
    /// are all the same.
    pub fn new(
        feature_names: Vec<String>,
        points: Vec<f64>,
        labels: Vec<bool>,
        loss: LabelLoss,
    ) -> Result<Self> {
        let labels: Vec<f64> = labels
            .iter()
            .map(|label| if *label { 1.0 } else { -1.0 })
            .collect();
        check(&feature_names, &points, &labels)?;
        if labels.iter().all(|label| *label == labels[0]) {
            return Err(Error::Nothing(
                "all labels are the same; there is nothing to tell apart".into(),
            ));
        }
        Ok(Self {
            columns: Columns::from_rows(&points, feature_names.len()),
            feature_names,
            labels,
            loss,
        })
    }

    /// A dataset's classes.
    ///
    /// # Errors
    /// Those of [`new`](Self::new).
    pub fn from_dataset(data: &Dataset, loss: LabelLoss) -> Result<Self> {
        let labels = data.targets().iter().map(|target| *target > 0.5).collect();
        let names = data.feature_names().to_vec();
        Self::new(names, data.points().to_vec(), labels, loss)
    }

    fn margins<'a>(&'a self, values: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        values
            .iter()
            .zip(&self.labels)
            .map(|(value, label)| value * label)
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
        let total: f64 = self
            .margins(&found.values)
            .map(|margin| self.loss.of_margin(margin))
            .sum();
        let loss = total / self.labels.len() as f64;
        loss.is_finite().then_some(loss)
    }

    /// Few points may be told apart without error by a formula that all points refute: a low
    /// loss on a subsample never ends a search.
    fn resolution(&self) -> f64 {
        0.0
    }

    fn thinned(&self, max_samples: usize) -> Option<Box<dyn Objective>> {
        Some(Box::new(Self {
            feature_names: self.feature_names.clone(),
            columns: self.columns.thinned(max_samples),
            labels: thinned(&self.labels, max_samples),
            loss: self.loss,
        }))
    }

    fn terms<'a>(&'a self, terms: &[&Evaluation]) -> Option<Box<dyn TermFits + 'a>> {
        Some(Box::new(LabelTerms::new(self, terms)))
    }

    fn links(
        &self,
        _: &[crate::search::operator::Operator],
    ) -> Vec<(super::Link, Box<dyn Objective>)> {
        vec![(super::Link::Identity, Box::new(self.clone()))]
    }
}

/// The first terms, the simplest ones, make the reference model of the quick score.
const N_REFERENCE: usize = 9;
const N_STEPS: usize = 25;
const N_CLOSER_STEPS: usize = 8;
/// Steps end when the loss falls by less than this share.
const SETTLED: f64 = 1e-4;

/// Subsets are scored by the weighted least squares of one step from a reference model, which
/// puts the weight where that model is unsure, and then fitted by steps of their own.
struct LabelTerms<'a> {
    objective: &'a LabelObjective,
    values: Vec<Vec<f64>>,
    linear: LinearTerms,
}

impl<'a> LabelTerms<'a> {
    fn new(objective: &'a LabelObjective, terms: &[&Evaluation]) -> Self {
        let values: Vec<Vec<f64>> = terms.iter().map(|term| term.values.clone()).collect();
        let reference: Vec<usize> = (0..terms.len().min(N_REFERENCE)).collect();
        let logistic = LabelObjective {
            loss: LabelLoss::Logistic,
            ..objective.clone()
        };
        let fitted = Steps::new(&logistic, &values, &reference).run(N_CLOSER_STEPS);
        let latent = fitted.map_or(vec![0.0; objective.labels.len()], |(_, latent)| latent);
        let (target, weights) = aims(&logistic, &latent);
        Self {
            objective,
            linear: LinearTerms::new(terms, &target, &weights),
            values,
        }
    }
}

/// The targets and weights (with sum 1) of a least-squares step from latent values.
fn aims(objective: &LabelObjective, latent: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let margins = latent.iter().zip(&objective.labels);
    let (target, weights): (Vec<f64>, Vec<f64>) = margins
        .map(|(value, label)| {
            let (weight, aim) = objective.loss.step(value * label);
            (aim * label, weight)
        })
        .unzip();
    let sum: f64 = weights.iter().sum();
    (target, weights.iter().map(|weight| weight / sum).collect())
}

/// Reweighted least squares on a subset of terms.
struct Steps<'a> {
    objective: &'a LabelObjective,
    terms: Vec<Evaluation>,
}

impl<'a> Steps<'a> {
    fn new(objective: &'a LabelObjective, values: &[Vec<f64>], subset: &[usize]) -> Self {
        Self {
            objective,
            terms: subset
                .iter()
                .map(|&term| of_values(&values[term]))
                .collect(),
        }
    }

    /// The best fit within `n_steps` and its latent values.
    fn run(&self, n_steps: usize) -> Option<(Fit, Vec<f64>)> {
        let n_terms = self.terms.len();
        let mut best = self.judged(vec![0.0; n_terms], 0.0)?;
        // The hinge's own steps are short; the smooth loss leads near.
        if self.objective.loss == LabelLoss::Hinge {
            let logistic = LabelObjective {
                loss: LabelLoss::Logistic,
                ..self.objective.clone()
            };
            let smooth = Steps {
                objective: &logistic,
                terms: self.terms.clone(),
            };
            let (start, _) = smooth.run(n_steps)?;
            best = self.judged(start.coefficients, start.offset)?;
        }
        let all: Vec<usize> = (0..n_terms).collect();
        let terms: Vec<&Evaluation> = self.terms.iter().collect();
        for _ in 0..n_steps {
            let (fit, latent) = &best;
            let (target, weights) = aims(self.objective, latent);
            let linear = LinearTerms::new(&terms, &target, &weights);
            let Some(aim) = linear.solve(&all, &target, &weights) else {
                break;
            };
            // A whole step may overshoot where labels are nearly told apart.
            let shares = [1.0, 0.5, 0.25, 0.1, 0.03];
            let between = |share: f64, from: f64, to: f64| from + share * (to - from);
            let next = shares.iter().find_map(|&share| {
                let pairs = fit.coefficients.iter().zip(&aim.coefficients);
                let coefficients = pairs.map(|(from, to)| between(share, *from, *to)).collect();
                let offset = between(share, fit.offset, aim.offset);
                self.judged(coefficients, offset)
                    .filter(|(next, _)| next.loss < fit.loss)
            });
            let Some(next) = next else {
                break;
            };
            let is_settled = fit.loss - next.0.loss <= SETTLED * fit.loss;
            best = next;
            if is_settled {
                break;
            }
        }
        Some(best)
    }

    fn judged(&self, coefficients: Vec<f64>, offset: f64) -> Option<(Fit, Vec<f64>)> {
        let mut latent = vec![offset; self.objective.labels.len()];
        for (term, c) in self.terms.iter().zip(&coefficients) {
            let values = latent.iter_mut().zip(&term.values);
            values.for_each(|(sum, value)| *sum += c * value);
        }
        let loss = self.objective.loss(&of_values(&latent))?;
        let fit = Fit {
            coefficients,
            offset,
            loss,
        };
        Some((fit, latent))
    }
}

impl TermFits for LabelTerms<'_> {
    fn n_terms(&self) -> usize {
        self.linear.n_terms()
    }

    fn scale(&self, term: usize) -> f64 {
        self.linear.scale(term)
    }

    fn score(&self, subset: &[usize]) -> f64 {
        self.linear.unexplained(subset)
    }

    fn closer_score(&self, subset: &[usize]) -> f64 {
        let fitted = Steps::new(self.objective, &self.values, subset).run(N_CLOSER_STEPS);
        fitted.map_or(f64::INFINITY, |(fit, _)| fit.loss)
    }

    fn fit(&self, subset: &[usize]) -> Option<Fit> {
        let (fit, _) = Steps::new(self.objective, &self.values, subset).run(N_STEPS)?;
        Some(fit)
    }
}
