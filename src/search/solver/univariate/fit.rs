//! A function with its numbers, and which of many are kept.

use super::argument::Argument;
use crate::effort::Products;
use crate::formula::{Expression, Operator};
use std::collections::{HashMap, HashSet};

/// `a x^power f(argument) + b`.
pub struct Fit<F> {
    pub function: F,
    /// Whether the function is `1/f`.
    pub is_inverse: bool,
    pub argument: Argument,
    pub power: i32,
    pub factor: f64,
    /// None for 0.
    pub offset: Option<f64>,
    pub complexity: usize,
    pub loss: f64,
}

/// The best few of each length, each function once.
pub fn shortest<F: ToString>(mut fits: Vec<Fit<F>>, n_kept: usize) -> Vec<Fit<F>> {
    fits.sort_by(|a, b| a.loss.total_cmp(&b.loss));
    let mut known = HashSet::new();
    let mut n_of_length: HashMap<usize, usize> = HashMap::new();
    fits.retain(|fit| {
        let n = n_of_length.entry(fit.complexity).or_default();
        if *n >= n_kept {
            return false;
        }
        let name = fit.function.to_string();
        let Argument { is_inverse, scale } = fit.argument;
        let inverses = (fit.is_inverse, is_inverse);
        let key = (
            name,
            inverses,
            fit.power,
            scale.is_some(),
            fit.offset.is_some(),
        );
        let is_new = known.insert(key);
        *n += usize::from(is_new);
        is_new
    });
    fits
}

impl<F> Fit<F> {
    pub fn map<G>(self, function: impl Fn(F) -> G) -> Fit<G> {
        Fit {
            function: function(self.function),
            is_inverse: self.is_inverse,
            argument: self.argument,
            power: self.power,
            factor: self.factor,
            offset: self.offset,
            complexity: self.complexity,
            loss: self.loss,
        }
    }
}

impl Fit<Expression> {
    /// The formula; none if its power can't be written.
    pub fn expression(&self, products: &Products, operators: &[Operator]) -> Option<Expression> {
        let variable = Expression::variable(0);
        let argument = match (self.argument.is_inverse, self.argument.scale) {
            (false, None) => variable,
            (false, Some(scale)) => Expression::constant(scale) * variable,
            (true, scale) => Expression::constant(scale.unwrap_or(1.0)) / variable,
        };
        let function = self.function.substituted(std::slice::from_ref(&argument));
        let mut factor = Expression::constant(self.factor);
        if self.power != 0 {
            let powers = [(0, f64::from(self.power))];
            factor = factor * products.of_powers(&powers, operators)?;
        }
        let mut expression = if self.is_inverse {
            factor / function
        } else {
            factor * function
        };
        if let Some(offset) = self.offset {
            expression = expression + Expression::constant(offset);
        }
        Some(expression)
    }
}
