//! Power laws `c x^p z^q`, alone or plus a number: a line in logarithms, then fitted to the values.
//! Where real powers aren't allowed, the fitted ones become whole numbers and halves.

use super::Rules;
use crate::effort::Products;
use crate::formula::{Evaluation, Expression, Operator};
use crate::numerics::range;
use crate::search::combination::Solved;
use crate::search::objective::{Objective, Offset, Sums, ValueObjective};
use crate::search::refinement::constants;
use rayon::prelude::*;

/// A number that is taken from the values, and the sign that what is left has on many rows.
#[derive(Clone, Copy)]
struct Start {
    number: f64,
    sign: f64,
}

/// `factor x^p z^q + number`.
struct Law {
    factor: f64,
    powers: Vec<(usize, f64)>,
    number: f64,
}

impl Law {
    fn expression(&self) -> Expression {
        let factor = Expression::constant(self.factor);
        let powers = self.powers.iter().map(|&(variable, power)| {
            let variable = Expression::variable(variable);
            Expression::binary(Operator::Pow, variable, Expression::constant(power))
        });
        self.plus_number(powers.fold(factor, |product, power| product * power))
    }

    /// The law with its numbers replaced by those of its fitted expression.
    fn with_numbers_of(&self, fitted: &Expression) -> Self {
        let numbers = fitted.constants();
        let powers = self.powers.iter().zip(&numbers[1..]);
        Self {
            factor: numbers[0],
            powers: powers
                .map(|((variable, _), power)| (*variable, *power))
                .collect(),
            number: numbers.get(1 + self.powers.len()).copied().unwrap_or(0.0),
        }
    }

    /// The law with each power as the nearest whole number, or half if there are roots; none if no
    /// power is left, or if one is too high, as an outlier drives it up.
    fn with_whole_powers(&self, products: &Products, operators: &[Operator]) -> Option<Expression> {
        let has_roots = operators.contains(&Operator::Sqrt);
        let parts_of_1 = if has_roots { 2.0 } else { 1.0 };
        let powers = self.powers.iter();
        let whole = powers.map(|&(variable, p)| (variable, (parts_of_1 * p).round() / parts_of_1));
        let whole: Vec<(usize, f64)> = whole.filter(|(_, power)| *power != 0.0).collect();
        let product = products.of_powers(&whole, operators)?;
        let law = || self.plus_number(Expression::constant(self.factor) * product);
        (!whole.is_empty()).then(law)
    }

    fn plus_number(&self, law: Expression) -> Expression {
        match self.number {
            0.0 => law,
            number => law + Expression::constant(number),
        }
    }
}

/// Power laws of all variables that are positive, and of ever fewer of them.
///
/// The least important variable is left out again and again: of noise alone, a variable has an
/// exponent that is small but not 0.
pub(super) fn solve(objective: &ValueObjective, rules: &Rules) -> Vec<Solved> {
    let columns = objective.columns();
    let is_positive = |column: &&Vec<f64>| column.iter().all(|x| *x > 0.0);
    let operators = rules.operators;
    let allows = |operator| operators.contains(&operator);
    let is_open = allows(Operator::Pow) || allows(Operator::Div);
    if !(is_open && rules.effort.stages.power_laws)
        || columns.n_features() > rules.effort.dictionary.max_features
    {
        return Vec::new();
    }
    let positive = columns.raw().iter().enumerate();
    let positive = positive.filter(|(_, column)| is_positive(column));
    let variables: Vec<usize> = positive.map(|(index, _)| index).collect();
    let effort = rules.effort;
    let starts = starts(objective.target(), &effort.power_laws.shifts).into_iter();
    let laws = starts.filter_map(|start| laws(objective, &variables, start));
    let laws: Vec<Law> = laws.flatten().collect();
    let fit = |law: &Expression| {
        let n_steps = effort.power_laws.n_steps;
        rules.constraints.allows_part(law).then_some(())?;
        constants::fitted(law, objective, effort, n_steps)
    };
    let fitted = laws.into_par_iter().filter_map(|law| {
        let (expression, loss) = fit(&law.expression())?;
        if allows(Operator::Pow) {
            return Some((expression, loss));
        }
        let law = law.with_numbers_of(&expression);
        fit(&law.with_whole_powers(&effort.products, operators)?)
    });
    let fitted: Vec<(Expression, f64)> = fitted.collect();
    let solved = fitted
        .into_iter()
        .map(|(expression, loss)| Solved { expression, loss });
    solved
        .filter(|found| rules.agrees(&found.expression))
        .collect()
}

/// Nothing is taken from the values, or numbers outside of their range.
fn starts(target: &[f64], shifts: &[f64]) -> Vec<Start> {
    let (low, high) = range(target);
    let sign = if high > -low { 1.0 } else { -1.0 };
    let nothing = Start { number: 0.0, sign };
    let shifted = shifts.iter().flat_map(|share| {
        let shift = share * (high - low);
        let (below, above) = (low - shift, high + shift);
        [(below, 1.0), (above, -1.0)].map(|(number, sign)| Start { number, sign })
    });
    std::iter::once(nothing).chain(shifted).collect()
}

/// The laws from one start, that of all variables first; none if too few rows are left.
fn laws(objective: &ValueObjective, variables: &[usize], start: Start) -> Option<Vec<Law>> {
    let logarithms = objective.logarithms_from(start.number, start.sign)?;
    let terms: Vec<Evaluation> = variables
        .iter()
        .map(|&index| Evaluation {
            values: logarithms.columns().raw()[index]
                .iter()
                .map(|x| x.ln())
                .collect(),
            gradient: Vec::new(),
        })
        .collect();
    let fits = logarithms.terms(&terms.iter().collect::<Vec<_>>(), Offset::Fitted);
    let mut left: Vec<usize> = (0..terms.len()).collect();
    let mut laws = Vec::new();
    while !left.is_empty() {
        let fit = fits.fit(&left)?;
        let powers = left.iter().zip(&fit.coefficients);
        let parts = powers.clone().map(|(&term, p)| p.abs() * fits.scale(term));
        let parts: Vec<f64> = parts.collect();
        laws.push(Law {
            factor: start.sign * fit.offset.exp(),
            powers: powers.map(|(&term, &p)| (variables[term], p)).collect(),
            number: start.number,
        });
        let least = (0..parts.len()).min_by(|&a, &b| parts[a].total_cmp(&parts[b]))?;
        left.remove(least);
    }
    Some(laws)
}
