//! Short sums of quotients of powers and of functions with a number inside, solved for from
//! directions: the number steps through a grid, and is fitted once it is known which terms go
//! together.

use super::agreement::Agreement;
use super::libraries::block;
use super::screening::{powers, with_numbers};
use super::selection::Library;
use super::{Rules, written};
use crate::formula::Expression;
use crate::search::combination::{Solved, Term};
use crate::search::objective::{DirectionObjective, Link, Objective};
use crate::search::refinement::constants;
use rayon::prelude::*;

/// Sums of products and quotients of powers and of functions of one variable, such as
/// `x1 + sin(2.7 x2)` or, as `1/x1 + 0.3/(x1 x2)`, what directions show of `x1 x2/(x2 + 0.3)`.
///
/// Without it a function with a number inside has to be bred, and on inexact directions a long
/// sum of powers is met first.
pub(super) fn solve(objective: &DirectionObjective, rules: &Rules) -> Vec<Solved> {
    let limits = &rules.effort.inner_numbers;
    let thin = objective.subsample(rules.effort.points.selected);
    let columns = thin.columns();
    if !rules.effort.stages.inner_numbers || columns.n_features() > limits.max_features {
        return Vec::new();
    }
    let functions = columns
        .raw()
        .iter()
        .enumerate()
        .flat_map(|(index, values)| {
            let families = with_numbers(&Expression::variable(index), values, rules);
            families.into_iter().flatten()
        });
    let terms = powers(columns.n_features(), limits.max_exponent, rules)
        .into_iter()
        .take(limits.max_powers)
        .chain(functions.map(|(function, _)| function));
    let Some(agreement) = Agreement::of(rules.dimensions, Link::Identity) else {
        return Vec::new();
    };
    let mut library = Library::new(agreement);
    let is_allowed = |term: &Expression| {
        rules.constraints.allows_term(term) && rules.dimension_of(term).is_some()
    };
    for term in terms.filter(is_allowed) {
        library.add(&block(term.clone(), columns, rules), Term::Plain(term));
    }
    let libraries = library.of_one_unit().into_iter();
    let written: Vec<Solved> = libraries
        .flat_map(|library| library.select(&thin, rules.n_terms(limits.max_terms), rules))
        .flat_map(|(sum, loss)| written(&sum, loss, Link::Identity, &thin, rules))
        .collect();
    let tuned = written.into_par_iter().filter_map(|found| {
        let fitted = constants::fitted(&found.expression, &thin, rules.effort, limits.n_steps);
        let (expression, loss) = fitted?;
        Some(Solved { expression, loss })
    });
    tuned.collect()
}
