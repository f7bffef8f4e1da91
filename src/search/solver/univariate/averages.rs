//! Rows averaged, and functions fitted to the averages along their tangents.

use super::argument::{Argument, ratio};
use super::fit::{Fit, shortest};
use crate::effort::{Effort, Univariate};
use crate::formula::{Columns, Expression, Operator};
use crate::numerics::eigen::{MAX_SUBSET, Small, cholesky, solve};
use crate::points::Points;
use crate::search::objective::{Objective, ValueObjective};
use crate::search::solver::enumeration::{Block, Grammar, enumerate};

/// Rows that lie next to each other, averaged.
pub struct Averages {
    pub variable: Vec<f64>,
    /// The roots of the rows' weights, by which errors are multiplied.
    roots: Vec<f64>,
    /// The values, multiplied by them.
    values: Vec<f64>,
    /// The sum of their squares.
    size: f64,
    pub objective: ValueObjective,
}

impl Averages {
    /// None if all averages are the same.
    pub fn of(objective: &ValueObjective, max_points: usize) -> Option<Self> {
        let (column, target) = (&objective.columns().raw()[0], objective.target());
        let mut order: Vec<usize> = (0..target.len()).collect();
        order.sort_by(|&a, &b| column[a].total_cmp(&column[b]));
        let (mut variable, mut values, mut weights) = (Vec::new(), Vec::new(), Vec::new());
        for rows in order.chunks(target.len().div_ceil(max_points).max(1)) {
            let weight: f64 = rows.iter().map(|&row| objective.weight(row)).sum();
            if weight > 0.0 {
                let mean = |of: &[f64]| {
                    let parts = rows.iter().map(|&row| objective.weight(row) * of[row]);
                    parts.sum::<f64>() / weight
                };
                variable.push(mean(column));
                values.push(mean(target));
                weights.push(weight);
            }
        }
        let points = Points::new(["x1"], variable.clone()).ok()?;
        let objective = ValueObjective::new(&points, values.clone()).ok()?;
        let roots: Vec<f64> = weights.iter().copied().map(f64::sqrt).collect();
        let values: Vec<f64> = values
            .iter()
            .zip(&roots)
            .map(|(y, root)| y * root)
            .collect();
        Some(Self {
            objective: objective.with_weights(weights).ok()?,
            variable,
            roots,
            size: values.iter().map(|y| y * y).sum(),
            values,
        })
    }

    /// Whether functions of the inverse are tried, too.
    pub fn has_inverse(&self, operators: &[Operator]) -> bool {
        operators.contains(&Operator::Div) && !self.variable.contains(&0.0)
    }

    /// The functions of one argument, the best of each length.
    pub fn fits(
        &self,
        argument: &Argument,
        powers: &[(i32, Vec<f64>)],
        grammar: &Grammar,
        limits: &Univariate,
    ) -> Vec<Fit<Expression>> {
        let columns = Columns::of_one_length(vec![argument.of(&self.variable)]);
        let (blocks, _) = enumerate(&columns, grammar);
        let has_division = grammar.operators.contains(&Operator::Div);
        let functions = blocks.iter().map(|block| (block, &block.expression));
        let functions =
            functions.filter(|(_, function)| function.n_variables() > 0 && is_new(function));
        let fits = functions.flat_map(|(block, _)| {
            let function = Function::of(block, &columns.raw()[0]);
            let inverse = has_division.then(|| function.inverse()).flatten();
            let functions = std::iter::once(function).chain(inverse);
            functions
                .flat_map(|function| self.fits_of(&function, argument, powers, limits))
                .collect::<Vec<_>>()
        });
        let kept = shortest(fits.collect(), limits.n_kept).into_iter();
        kept.map(|fit| fit.map(Expression::clone)).collect()
    }

    /// Powers of the variable that stand before a function, with the variable raised to them and
    /// multiplied by the roots of the weights.
    pub fn powers(&self, effort: &Effort, operators: &[Operator]) -> Vec<(i32, Vec<f64>)> {
        let highest = effort.univariate.max_power as i32;
        let is_allowed = |power: &i32| {
            let powers = [(0, f64::from(*power))];
            let product = effort.products.of_powers(&powers, operators);
            *power == 0 || product.is_some()
        };
        let powers = (-highest..=highest).filter(is_allowed);
        let rows = || self.variable.iter().zip(&self.roots);
        let raised = |power: i32| rows().map(|(x, root)| root * x.powi(power)).collect();
        let powers = powers.map(|power| (power, raised(power)));
        powers
            .filter(|(_, raised): &(i32, Vec<f64>)| raised.iter().all(|x| x.is_finite()))
            .collect()
    }

    /// One function with each power before it, and with a number added.
    fn fits_of<'b>(
        &self,
        function: &Function<'b>,
        argument: &Argument,
        powers: &[(i32, Vec<f64>)],
        limits: &Univariate,
    ) -> Vec<Fit<&'b Expression>> {
        let mut fits = Vec::new();
        for (power, raised) in powers {
            let times = |column: &[f64]| -> Vec<f64> {
                column.iter().zip(raised).map(|(f, x)| f * x).collect()
            };
            let mut columns = vec![times(&function.values)];
            if argument.scale.is_some() {
                columns.push(times(&function.tangent));
            }
            for has_offset in [false, true] {
                if has_offset && *power != 0 {
                    continue;
                }
                if has_offset {
                    columns.push(self.roots.clone());
                }
                let Some((numbers, loss)) = self.least_squares(&columns) else {
                    continue;
                };
                let moved = match argument.scale {
                    Some(_) => numbers[1] / numbers[0],
                    None => 0.0,
                };
                // Further away than the next scale the tangent says nothing.
                if moved.is_nan() || moved.abs() > ratio(limits).ln() {
                    continue;
                }
                fits.push(Fit {
                    function: function.expression,
                    is_inverse: function.is_inverse,
                    power: *power,
                    argument: Argument {
                        scale: argument.scale.map(|scale| scale * moved.exp()),
                        ..*argument
                    },
                    factor: numbers[0],
                    offset: has_offset.then(|| numbers[columns.len() - 1]),
                    complexity: function.complexity
                        + usize::from(argument.scale.is_some())
                        + usize::from(argument.is_inverse)
                        + usize::from(has_offset)
                        + usize::from(*power != 0)
                        + power.unsigned_abs() as usize,
                    loss,
                });
            }
        }
        fits
    }

    /// The coefficients of weighted columns with the least squares of errors, and these.
    fn least_squares(&self, columns: &[Vec<f64>]) -> Option<([f64; MAX_SUBSET], f64)> {
        let n = columns.len();
        let mut products: Small = [[0.0; MAX_SUBSET]; MAX_SUBSET];
        let mut right = [0.0; MAX_SUBSET];
        let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
        for i in 0..n {
            right[i] = dot(&columns[i], &self.values);
            for j in 0..=i {
                products[i][j] = dot(&columns[i], &columns[j]);
            }
        }
        let mut coefficients = right;
        solve(&cholesky(&products, n)?, n, &mut coefficients);
        let explained = dot(&coefficients[..n], &right[..n]);
        // What matches to rounding error is fitted again anyway.
        let loss = (self.size - explained).max(0.0);
        loss.is_finite().then_some((coefficients, loss))
    }
}

/// A function, or its inverse, on the averages.
struct Function<'b> {
    expression: &'b Expression,
    is_inverse: bool,
    complexity: usize,
    values: Vec<f64>,
    /// The derivative by the logarithm of a factor before its argument.
    tangent: Vec<f64>,
}

impl<'b> Function<'b> {
    fn of(block: &'b Block, arguments: &[f64]) -> Self {
        let slopes = block.evaluation.gradient[0].iter().zip(arguments);
        Self {
            expression: &block.expression,
            is_inverse: false,
            complexity: block.complexity,
            values: block.evaluation.values.clone(),
            tangent: slopes.map(|(slope, x)| slope * x).collect(),
        }
    }

    /// None if it isn't finite, or if it is enumerated itself.
    fn inverse(&self) -> Option<Self> {
        let is_quotient = matches!(self.expression, Expression::Apply(Operator::Div, _));
        let values: Vec<f64> = self.values.iter().map(|f| 1.0 / f).collect();
        let rows = self.tangent.iter().zip(&values);
        let tangent: Vec<f64> = rows.map(|(t, inverse)| -t * inverse * inverse).collect();
        let is_finite = values.iter().chain(&tangent).all(|f| f.is_finite());
        (is_finite && !is_quotient).then_some(Self {
            is_inverse: true,
            complexity: self.complexity + 1,
            values,
            tangent,
            ..*self
        })
    }
}

/// Whether a formula isn't a function times the variable, or divided by it: powers stand before
/// functions anyway.
fn is_new(expression: &Expression) -> bool {
    match expression {
        Expression::Apply(Operator::Mul | Operator::Div, sides) => !sides
            .iter()
            .any(|side| matches!(side, Expression::Variable(_))),
        _ => true,
    }
}
