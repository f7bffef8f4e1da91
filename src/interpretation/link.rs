//! The link between the formula and the latent model: `f = phi(T)`.

use super::LinkCurve;
use crate::effort::reading::LinkSearch;
use crate::error::Result;
use crate::formula::{Expression, Operator};
use crate::numerics::share_explained;
use crate::points::Points;
use crate::search::{SearchOptions, ValueObjective, search_short};

const LIMITS: LinkSearch = LinkSearch::DEFAULT;

/// The one-dimensional function `phi` in `f = phi(T)`, where `T` is a formula and `f` the latent
/// model (Wetzel 2024, equation 20).
///
/// Directions don't depend on `phi`. It is fitted afterwards on the training points and judged on
/// fresh ones. A classifier's probability of class 1 is then `sigmoid(phi(T))`.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkFunction {
    phi: Phi,
    explained: f64,
    formula_explained: Option<f64>,
    nearest: Option<Expression>,
}

/// The function `phi` itself, without what it was judged by.
#[derive(Debug, Clone, PartialEq)]
pub struct Phi {
    /// The curve.
    pub curve: LinkCurve,
    /// A formula in `T` as its only variable; none if no short one comes close to the curve.
    pub formula: Option<Expression>,
}

impl Phi {
    /// `phi` at a value of `T`: from the formula if there is one, otherwise from the curve.
    pub fn value(&self, t: f64) -> f64 {
        match &self.formula {
            Some(formula) => formula.value(&[t]),
            None => self.curve.value(t),
        }
    }
}

/// Values of a formula `T` and of the latent model at the same points, both `(n_samples,)`.
#[derive(Debug, Clone, Copy)]
pub struct Paired<'a> {
    /// The formula's values.
    pub formula: &'a [f64],
    /// The latent model's values.
    pub latent: &'a [f64],
}

impl LinkFunction {
    /// Fits `phi` on `training` and judges it on `fresh`, both as a curve and as a formula in `T`.
    /// The formula comes from a one-dimensional search on values, whose seed is `seed`. It is kept
    /// only if it explains fresh values about as well as the curve does.
    ///
    /// # Errors
    /// Those of [`LinkCurve::fit`].
    pub fn fit(training: Paired, fresh: Paired, seed: u64) -> Result<Self> {
        let curve = LinkCurve::fit(training.formula, training.latent)?;
        Ok(Self::with_curve(curve, training, fresh, seed))
    }

    /// The same for a classifier, see [`LinkCurve::of_logits`].
    ///
    /// # Errors
    /// Those of [`LinkCurve::fit`].
    pub fn of_classifier(training: Paired, fresh: Paired, seed: u64) -> Result<Self> {
        let curve = LinkCurve::of_logits(training.formula, training.latent)?;
        Ok(Self::with_curve(curve, training, fresh, seed))
    }

    fn with_curve(curve: LinkCurve, training: Paired, fresh: Paired, seed: u64) -> Self {
        let explained = curve.explained(fresh.formula, fresh.latent);
        let allowed = (LIMITS.max_ratio * (1.0 - explained)).max(LIMITS.negligible);
        let judge = |formula: Expression| {
            let values = fresh.formula.iter().map(|&t| formula.value(&[t]));
            let explained = share_explained(&values.collect::<Vec<_>>(), fresh.latent);
            (formula, explained)
        };
        let searched = searched(training, seed);
        let nearest = searched.as_ref().map(|found| found.nearest.clone());
        let judged = searched.map(|found| judge(found.best));
        let accepted = judged.filter(|(_, explained)| 1.0 - explained <= allowed);
        let (formula, formula_explained) = accepted.unzip();
        Self {
            explained,
            nearest: formula.clone().or(nearest),
            phi: Phi { curve, formula },
            formula_explained,
        }
    }

    /// The same for values `(n_samples,)` that a formula's function has at points. No points are held
    /// out: `phi` is judged on those that it is fitted to.
    ///
    /// # Errors
    /// Another number of values than of points, and those of [`LinkCurve::fit`].
    pub fn to_values(
        formula: &Expression,
        points: &Points,
        values: &[f64],
        seed: u64,
    ) -> Result<Self> {
        let formula: Vec<f64> = points.rows().map(|row| formula.value(row)).collect();
        let paired = Paired {
            formula: &formula,
            latent: values,
        };
        Self::fit(paired, paired, seed)
    }

    /// The function itself.
    pub fn phi(&self) -> &Phi {
        &self.phi
    }

    /// The curve.
    pub fn curve(&self) -> &LinkCurve {
        &self.phi.curve
    }

    /// The share of the latent model's variance on fresh points that the curve explains.
    pub fn explained(&self) -> f64 {
        self.explained
    }

    /// A formula for `phi`, in `T` as its only variable; none if no short formula comes close to
    /// the curve.
    pub fn formula(&self) -> Option<&Expression> {
        self.phi.formula.as_ref()
    }

    /// The same, or the formula that comes closest to the curve if none is as good; none if the
    /// values don't allow a search.
    pub(super) fn nearest(&self) -> Option<&Expression> {
        self.nearest.as_ref()
    }

    /// The formula's text in `T`.
    pub fn formula_text(&self) -> Option<String> {
        self.formula()
            .map(|formula| formula.to_formula(&["T".to_string()]))
    }

    /// The share of the latent model's variance on fresh points that the formula explains.
    pub fn formula_explained(&self) -> Option<f64> {
        self.formula_explained
    }

    /// `phi` at a value of `T`: from the formula if there is one, otherwise from the curve.
    pub fn value(&self, t: f64) -> f64 {
        self.phi.value(t)
    }
}

/// Formulas for `phi`.
struct Searched {
    /// The one that the front chooses.
    best: Expression,
    /// The one with the least loss.
    nearest: Expression,
}

/// What a search for `phi` finds; none if the values don't allow one.
fn searched(training: Paired, seed: u64) -> Option<Searched> {
    let pairs = training.formula.iter().zip(training.latent);
    let mut finite: Vec<(f64, f64)> = pairs
        .filter(|(t, f)| t.is_finite() && f.is_finite())
        .map(|(t, f)| (*t, *f))
        .collect();
    finite.sort_by(|a, b| a.0.total_cmp(&b.0));
    let near = finite.chunks(finite.len().div_ceil(LIMITS.n_medians).max(1));
    let (t, f): (Vec<f64>, Vec<f64>) = near.map(|near| medians(near.to_vec())).unzip();
    let points = Points::new(["T"], t).ok()?;
    let objective = ValueObjective::new(&points, f).ok()?.with_smooth_errors();
    let front = search_short(&objective, &phi_options(seed)).ok()?;
    Some(Searched {
        best: front.best()?.expression.clone(),
        nearest: front.candidates().last()?.expression.clone(),
    })
}

/// The median of each coordinate.
fn medians(points: Vec<(f64, f64)>) -> (f64, f64) {
    let (mut t, mut f): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
    let median = |values: &mut Vec<f64>| {
        values.sort_by(f64::total_cmp);
        let last = values.len() - 1;
        values[last / 2].midpoint(values[last.div_ceil(2)])
    };
    (median(&mut t), median(&mut f))
}

/// The operators for `phi`: arithmetic and monotone functions. A sine would turn back.
fn phi_options(seed: u64) -> SearchOptions {
    let functions = [Operator::Exp, Operator::Log, Operator::Sqrt, Operator::Tanh];
    let arithmetic = [Operator::Add, Operator::Sub, Operator::Mul, Operator::Div];
    let mut options = SearchOptions {
        operators: [&arithmetic[..], &functions].concat(),
        max_complexity: Some(LIMITS.max_complexity),
        seed,
        ..SearchOptions::default()
    };
    for function in functions {
        let costs = &mut options.complexity.operators;
        costs.insert(function, LIMITS.function_complexity);
    }
    options
}
