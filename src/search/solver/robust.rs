//! Formulas solved for from values, which may have outliers if errors are absolute.
//!
//! What the solver adds and compares by the thousand are squares, which outliers rule. So it is given
//! the rows without them, and what it finds is judged by the absolute errors of all rows.

use super::{Rules, Scope, values};
use crate::formula::Evaluation;
use crate::formula::monomials::{monomials, n_monomials};
use crate::search::combination::Solved;
use crate::search::objective::{Objective, Offset, Route, Sums, ValueLoss, ValueObjective};

impl Route for ValueObjective {
    fn solve(&self, rules: &Rules) -> Vec<Solved> {
        match self.value_loss() {
            ValueLoss::Absolute => without_outliers(self, rules),
            ValueLoss::Squared | ValueLoss::Poisson => values::solve(self, rules),
        }
    }
}

/// At first outliers are the rows that lie far from a polynomial. Then they are those far from the best
/// of the short formulas that the others have.
fn without_outliers(objective: &ValueObjective, rules: &Rules) -> Vec<Solved> {
    let judged = |found: Solved| {
        let loss = objective.loss(&found.expression.evaluate(objective.columns()))?;
        Some(Solved { loss, ..found })
    };
    let mut solved: Vec<Solved> = Vec::new();
    let mut values = polynomial(objective, rules);
    for scope in [Scope::Short, rules.scope] {
        let Some(rest) = values.and_then(|values| objective.without_outliers(&values)) else {
            break;
        };
        let hear = |more: &[Solved]| (rules.hear)(&[&solved, more].concat());
        let inner = Rules {
            hear: &hear,
            scope,
            ..*rules
        };
        let found = values::solve(&rest, &inner);
        solved.extend(found.into_iter().filter_map(judged));
        let best = solved.iter().min_by(|a, b| a.loss.total_cmp(&b.loss));
        values = best.map(|best| best.expression.evaluate(objective.columns()).values);
        if (rules.is_stopped)() {
            break;
        }
    }
    solved
}

/// The values of the polynomial with the least absolute errors, of as high a degree as there are rows
/// for.
fn polynomial(objective: &ValueObjective, rules: &Rules) -> Option<Vec<f64>> {
    let limits = &rules.effort.outliers;
    let columns = objective.columns();
    let (n, n_features) = (columns.n_samples(), columns.n_features());
    let has_rows =
        |degree: &usize| n_monomials(n_features, *degree).saturating_mul(limits.rows_per_term) <= n;
    let degree = (1..=limits.max_degree).take_while(has_rows).last();
    let terms = degree.map_or(Vec::new(), |degree| monomials(n_features, degree));
    let terms: Vec<Evaluation> = terms.iter().map(|term| term.evaluate(columns)).collect();
    let fits = objective.terms(&terms.iter().collect::<Vec<_>>(), Offset::Fitted);
    let fit = fits.fit(&(0..terms.len()).collect::<Vec<_>>())?;
    let value = |row: usize| {
        let parts = terms.iter().zip(&fit.coefficients);
        let sum: f64 = parts.map(|(term, c)| c * term.values[row]).sum();
        fit.offset + sum
    };
    Some((0..n).map(value).collect())
}
