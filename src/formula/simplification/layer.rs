//! A layer around a formula that gradient directions can't see.

use super::collected::Product;
use crate::formula::Columns;
use crate::formula::Expression;
use std::fmt;

/// A layer `phi` of a formula `phi(g)`, monotone on the data, that was stripped from it.
#[derive(Debug, Clone, PartialEq)]
pub enum Stripped {
    /// `scale * (.) + offset`
    Affine {
        /// The factor; below zero, the layer turns the orientation.
        scale: f64,
        /// The summand.
        offset: f64,
    },
    /// Any other function, as a formula in one variable.
    Function(Expression),
}

impl Stripped {
    /// The layer as a formula in one variable.
    pub fn to_expression(&self) -> Expression {
        match self {
            Self::Affine { scale, offset } => {
                let scaled = Product {
                    coefficient: *scale,
                    powers: vec![(Expression::variable(0), 1.0)],
                };
                let scaled = scaled.expression();
                match *offset {
                    0.0 => scaled,
                    offset if offset < 0.0 => scaled - Expression::constant(-offset),
                    offset => scaled + Expression::constant(offset),
                }
            }
            Self::Function(function) => function.clone(),
        }
    }

    /// Whether the layer falls where its argument rises; `None` unless it does one of the two on
    /// all given values, and has the other given values there.
    pub(super) fn is_falling(&self, arguments: &[f64], results: &[f64]) -> Option<bool> {
        let dual = self
            .to_expression()
            .evaluate_everywhere(&Columns::of_one_length(vec![arguments.to_vec()]));
        let slopes = dual.gradient.first()?;
        let finite = results.iter().filter(|y| y.is_finite());
        let largest = finite.fold(0.0, |most: f64, y| most.max(y.abs()));
        let rounding = |y: f64| 1e-8 * y.abs() + 1e-12 * largest;
        let mut points = Vec::with_capacity(arguments.len());
        let (mut rises, mut falls) = (false, false);
        for (row, (&x, &y)) in arguments.iter().zip(results).enumerate() {
            // Where the whole formula has no value, it says nothing.
            if !y.is_finite() {
                continue;
            }
            let error = (dual.values[row] - y).abs();
            if !x.is_finite() || error.is_nan() || error > rounding(y) {
                return None;
            }
            let slope = slopes.get(row).copied().unwrap_or(0.0);
            rises |= slope > 0.0;
            falls |= slope < 0.0;
            points.push((x, y));
        }
        if rises == falls {
            return None;
        }
        // One sign of the slope isn't enough: 1/x falls everywhere, but -1 lies below 1.
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let sign = if falls { -1.0 } else { 1.0 };
        let in_order = |pair: &[(f64, f64)]| {
            let (before, after) = (pair[0].1, pair[1].1);
            sign * (after - before) >= -rounding(before) - rounding(after)
        };
        points.windows(2).all(in_order).then_some(falls)
    }
}

impl fmt::Display for Stripped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let formula = self.to_expression().to_formula(&["(.)".to_string()]);
        f.write_str(&formula.replace("((.))", "(.)"))
    }
}
