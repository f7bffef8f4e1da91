//! Values that scale: a power law times a function of one product of powers, `x^a phi(x^b)`. Laws of
//! physics have this form whose quantities make one number without a unit (Buckingham 1914).
//!
//! The powers show before phi is known (`fits`). Divided by the power law, the values are those of a
//! function of one variable, which is far easier to search for.

mod fits;

use super::SearchOptions;
use super::objective::Objective;
use crate::formula::{Constraints, Expression};
use fits::{Fit, Logarithms};

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
    /// Searches for phi, that with the plainest power law first: `x^a phi(x^b)` can also be written
    /// with `x^(a + b)`.
    pub searches: Vec<Scaled>,
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
    // Noise of one size blurs the logarithms of the smallest values most.
    let shares = limits.largest.iter();
    let parts = shares.map(|&share| logarithms.largest(share));
    let mut parts = parts.filter(|part| part.n_rows() >= limits.min_rows);
    match parts.find_map(|part| part.best(limits)) {
        None => Scalings::default(),
        Some(fit) if fit.product.is_empty() => Scalings {
            power_law: power_law(&fit, &logarithms, options),
            searches: Vec::new(),
        },
        Some(fit) => Scalings {
            power_law: None,
            searches: searches(&fit, objective, options),
        },
    }
}

fn power_law(fit: &Fit, logarithms: &Logarithms, options: &SearchOptions) -> Option<Expression> {
    let factor = product(&fit.factor, options)?;
    Some(Expression::constant(logarithms.factor_of(fit)) * factor)
}

fn searches(fit: &Fit, objective: &dyn Objective, options: &SearchOptions) -> Vec<Scaled> {
    let limits = &options.effort.scaling;
    let mut factors: Vec<Vec<(usize, f64)>> = (-(limits.max_shift as i32)
        ..=limits.max_shift as i32)
        .map(|shift| fit.shifted(shift))
        .collect();
    let length = |factor: &Vec<(usize, f64)>| factor.iter().map(|(_, p)| p.abs()).sum::<f64>();
    factors.sort_by(|a, b| length(a).total_cmp(&length(b)));
    factors.truncate(fit.n_searches(limits));
    let powers = fit.product.iter().map(|&(v, p)| (v, f64::from(p)));
    let Some(argument) = product(&powers.collect::<Vec<_>>(), options) else {
        return Vec::new();
    };
    let searches = factors.iter().filter_map(|factor| {
        let factor = product(factor, options)?;
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
            time_limit: options
                .time_limit
                .map(|limit| limit / (2 * limits.n_searches as u32)),
            ..options.clone()
        };
        Some(Scaled {
            objective,
            options,
            factor,
            product: argument.clone(),
        })
    });
    searches.collect()
}

fn product(powers: &[(usize, f64)], options: &SearchOptions) -> Option<Expression> {
    options
        .effort
        .products
        .of_powers(powers, &options.operators)
}
