//! Power laws `c x^p z^q`, alone or plus a number: a line in logarithms, then fitted to the values.

use super::Rules;
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

/// Power laws of all variables that are positive, and of ever fewer of them.
///
/// The least important variable is left out again and again: of noise alone, a variable has an
/// exponent that is small but not 0.
pub(super) fn solve(objective: &ValueObjective, rules: &Rules) -> Vec<Solved> {
    let columns = objective.columns();
    let is_positive = |column: &&Vec<f64>| column.iter().all(|x| *x > 0.0);
    let is_open = rules.effort.stages.power_laws && rules.operators.contains(&Operator::Pow);
    if !is_open || columns.n_features() > rules.effort.dictionary.max_features {
        return Vec::new();
    }
    let positive = columns.raw().iter().enumerate();
    let positive = positive.filter(|(_, column)| is_positive(column));
    let variables: Vec<usize> = positive.map(|(index, _)| index).collect();
    let effort = rules.effort;
    let starts = starts(objective.target(), &effort.power_laws.shifts).into_iter();
    let laws = starts.filter_map(|start| laws(objective, &variables, start, rules));
    let laws: Vec<Expression> = laws.flatten().collect();
    let fitted = laws
        .into_par_iter()
        .filter_map(|law| constants::fitted(&law, objective, effort, effort.power_laws.n_steps));
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
fn laws(
    objective: &ValueObjective,
    variables: &[usize],
    start: Start,
    rules: &Rules,
) -> Option<Vec<Expression>> {
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
        let powers = powers.map(|(&term, &p)| {
            let variable = Expression::variable(variables[term]);
            Expression::binary(Operator::Pow, variable, Expression::constant(p))
        });
        let factor = Expression::constant(start.sign * fit.offset.exp());
        let law = powers.fold(factor, |product, power| product * power);
        laws.push(match start.number {
            0.0 => law,
            number => law + Expression::constant(number),
        });
        let least = (0..parts.len()).min_by(|&a, &b| parts[a].total_cmp(&parts[b]))?;
        left.remove(least);
    }
    laws.retain(|law| rules.constraints.allows_part(law));
    Some(laws)
}
