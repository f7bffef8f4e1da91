//! Values that scale: a power law times a function of one product of powers, `x^a phi(x^b)`. Laws of
//! physics have this form whose quantities make one number without a unit (Buckingham 1914).
//!
//! The powers show before phi is known: from neighbouring rows, whatever phi is (`sharp`), or from a
//! smooth curve in its place, where there is noise (`smooth`). Divided by the power law, the values are those of a
//! function of one variable, which is far easier to search for.

mod sharp;
mod smooth;

use super::SearchOptions;
use super::objective::Objective;
use crate::formula::{Constraints, Expression};
use sharp::{Fit, Logarithms};

/// A search for phi.
pub(super) struct Scaled {
    pub objective: Box<dyn Objective>,
    pub options: SearchOptions,
    /// `x^a`.
    factor: Expression,
    /// `x^b`.
    product: Expression,
}

impl Scaled {
    /// The formula for the values with this formula for phi.
    pub fn written(&self, phi: &Expression) -> Expression {
        self.factor.clone() * phi.substituted(std::slice::from_ref(&self.product))
    }
}

/// What scaling shows about values.
#[derive(Default)]
pub(super) struct Scalings {
    /// The values are a power law alone.
    pub power_law: Option<Expression>,
    /// A search for phi.
    pub search: Option<Scaled>,
}

/// The scaling that values show, if any.
pub(super) fn scalings(objective: &dyn Objective, options: &SearchOptions) -> Scalings {
    let limits = &options.effort.scaling;
    let columns = objective.columns();
    let (n, n_rows) = (columns.n_features(), columns.n_samples());
    let is_plain = options.constraints == Constraints::default() && options.checkpoint.is_none();
    let is_open = is_plain && options.effort.stages.scaling;
    if !is_open || !(2..=limits.max_features).contains(&n) || n_rows < limits.min_rows {
        return Scalings::default();
    }
    let medium = objective.thinned(options.effort.points.fitted);
    let medium = medium.as_deref().unwrap_or(objective);
    let Some((values, _)) = medium.explained() else {
        return Scalings::default();
    };
    let Some(logarithms) = Logarithms::of(medium.columns().raw(), &values) else {
        return Scalings::default();
    };
    let fit = match logarithms.sharpest(limits) {
        Some(fit) if fit.left < limits.sure => Some(fit),
        unsure => logarithms.smoothest(limits).or(unsure),
    };
    match fit {
        None => Scalings::default(),
        Some(fit) if fit.product.is_empty() => Scalings {
            power_law: power_law(&fit, &logarithms, options),
            search: None,
        },
        Some(fit) => Scalings {
            power_law: None,
            search: search(&fit, objective, options),
        },
    }
}

fn power_law(fit: &Fit, logarithms: &Logarithms, options: &SearchOptions) -> Option<Expression> {
    let factor = product(&fit.factor, options)?;
    Some(Expression::constant(logarithms.factor_of(fit)) * factor)
}

/// The search for phi with the plainest power law: `x^a phi(x^b)` can also be written with `x^(a + b)`.
fn search(fit: &Fit, objective: &dyn Objective, options: &SearchOptions) -> Option<Scaled> {
    let limits = &options.effort.scaling;
    let highest = limits.max_shift as i32;
    let length = |factor: &Vec<(usize, f64)>| factor.iter().map(|(_, p)| p.abs()).sum::<f64>();
    let factors = (-highest..=highest).map(|shift| fit.shifted(shift));
    let factor = factors.min_by(|a, b| length(a).total_cmp(&length(b)))?;
    let factor = product(&factor, options)?;
    let powers = fit.product.iter().map(|&(v, p)| (v, f64::from(p)));
    let argument = product(&powers.collect::<Vec<_>>(), options)?;
    let columns = objective.columns();
    let values = |formula: &Expression| {
        let mut values = formula.evaluate(columns).values;
        // A constant is evaluated once.
        values.resize(columns.n_samples(), values[0]);
        values
    };
    let objective = objective.divided(vec![values(&argument)], &values(&factor))?;
    let options = SearchOptions {
        units: None,
        guesses: Vec::new(),
        checkpoint: None,
        n_confirmations: 0,
        time_limit: options.time_limit.map(|limit| limit.mul_f64(limits.time)),
        ..options.clone()
    };
    Some(Scaled {
        objective,
        options,
        factor,
        product: argument,
    })
}

fn product(powers: &[(usize, f64)], options: &SearchOptions) -> Option<Expression> {
    options
        .effort
        .products
        .of_powers(powers, &options.operators)
}
