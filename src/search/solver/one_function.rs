//! Directions in two variables as those of `y2 B(y1)`: a search for `B` by its values.

use super::structure::{Integrated, integrated};
use super::{Rules, Scope, values};
use crate::formula::Operator;
use crate::points::Points;
use crate::search::combination::Solved;
use crate::search::objective::{DirectionObjective, Objective, ValueObjective};
use rayon::prelude::*;

/// Formulas with their losses on the directions; none if these are of another kind, or if units are
/// to agree, which powers of `B` don't have.
pub(super) fn solve(objective: &DirectionObjective, rules: &Rules) -> Vec<Solved> {
    let limits = &rules.effort.groups;
    let needed = [Operator::Mul, Operator::Div];
    if rules.dimensions.is_some()
        || needed
            .iter()
            .any(|needed| !rules.operators.contains(needed))
    {
        return Vec::new();
    }
    let Some(integrated) = integrated(objective, rules.noise, limits) else {
        return Vec::new();
    };
    let mut solved = Vec::new();
    for power in limits.powers_of_function {
        solved.extend(of_power(&integrated, power, objective, rules));
        if rules.has_loss_below(rules.effort.exactness.solved_loss, &solved) || (rules.is_stopped)()
        {
            break;
        }
    }
    solved
}

/// The same with a formula for this power of `B`.
fn of_power(
    integrated: &Integrated,
    power: f64,
    objective: &DirectionObjective,
    rules: &Rules,
) -> Vec<Solved> {
    let logarithms = integrated.logarithms.iter().map(|log| power * log);
    let largest = logarithms.clone().fold(f64::NEG_INFINITY, f64::max);
    let function = logarithms.map(|log| (log - largest).exp()).collect();
    let points = Points::new(["y1"], integrated.arguments.clone());
    let values = points.and_then(|points| ValueObjective::new(&points, function));
    let Ok(values) = values else {
        return Vec::new();
    };
    let rules = Rules {
        scope: Scope::Short,
        noise: 0.0,
        tries_powers: true,
        hear: &|_| (),
        ..rules.inside(None)
    };
    let mut found = values::solve(&values, &rules);
    found.sort_by(|a, b| rules.price(a).total_cmp(&rules.price(b)));
    found.truncate(rules.effort.groups.n_functions);
    let products = &rules.effort.products;
    let factor = products.of_powers(&[(integrated.factor, power)], rules.operators);
    let Some(factor) = factor else {
        return Vec::new();
    };
    let judged = found.into_par_iter().filter_map(|found| {
        let function = found
            .expression
            .substituted(std::slice::from_ref(&integrated.argument));
        let expression = factor.clone() * function;
        let loss = objective.loss(&expression.evaluate(objective.columns()))?;
        Some(Solved { expression, loss })
    });
    judged.collect()
}
