//! Functions of one variable: every short formula `f` as `a x^s f(k x) + b` and `a x^s f(k/x) + b`.
//!
//! Of one variable there are few enough short formulas to try them all. Neighbouring rows are averaged
//! first: noise that hides which of many formulas is right becomes small, and each takes little time.

mod argument;
mod averages;
mod fit;

use super::Rules;
use super::enumeration::Grammar;
use crate::formula::{Complexity, Constraints, Nesting, Operator};
use crate::search::combination::Solved;
use crate::search::objective::{Objective, ValueLoss, ValueObjective};
use crate::search::refinement::constants;
use argument::Argument;
use averages::Averages;
use fit::{Fit, shortest};
use rayon::prelude::*;

/// The best functions of each length, with their numbers fitted.
pub(super) fn solve(objective: &ValueObjective, rules: &Rules) -> Vec<Solved> {
    let limits = &rules.effort.univariate;
    let is_open = rules.effort.stages.univariate
        && objective.columns().n_features() == 1
        && objective.value_loss() == ValueLoss::Squared
        && rules.operators.contains(&Operator::Mul)
        // A number inside of a function would need a unit.
        && rules.dimensions.is_none();
    if !is_open {
        return Vec::new();
    }
    let Some(averages) = Averages::of(objective, limits.max_points) else {
        return Vec::new();
    };
    let (effort, operators, noise) = (rules.effort, rules.operators, rules.noise);
    // A 1 is as simple as a variable here: the numbers of a function are solved for.
    let complexity = Complexity {
        constant: rules.complexity.variable,
        ..rules.complexity.clone()
    };
    let constraints = Constraints {
        nesting: [&rules.constraints.nesting[..], &unusual_nesting(operators)].concat(),
        ..rules.constraints.clone()
    };
    let grammar = Grammar {
        complexity: &complexity,
        constraints: &constraints,
        ..rules.grammar(limits.max_complexity, limits.max_functions)
    };
    let powers = averages.powers(effort, operators);
    let mut fits = Vec::new();
    for is_inverse in [false, true] {
        if is_inverse && !averages.has_inverse(operators) || (rules.is_stopped)() {
            break;
        }
        let arguments = Argument::every(is_inverse, &averages.variable, limits).into_par_iter();
        fits.par_extend(
            arguments.flat_map_iter(|argument| averages.fits(&argument, &powers, &grammar, limits)),
        );
    }
    let screened = shortest(fits, limits.n_screened).into_par_iter();
    let fitted = screened.filter_map(|fit| {
        let expression = fit.expression(&effort.products, operators)?;
        let n_steps = limits.n_steps;
        let (function, loss) =
            constants::fitted(&expression, &averages.objective, effort, n_steps)?;
        Some(Fit {
            function,
            loss,
            ..fit
        })
    });
    let closest = shortest(fitted.collect(), limits.n_kept).into_par_iter();
    let fitted = closest.filter_map(|Fit { function, .. }| {
        let (fitted, loss) = constants::fitted(&function, objective, effort, limits.n_steps)?;
        let (short, loss) = constants::shortened(&fitted, loss, objective, noise, effort);
        let expression = short.folded();
        Some(Solved { expression, loss })
    });
    unbeaten(fitted.collect(), rules)
}

/// Functions in functions, most of which nobody means: there is room for longer sums without them.
fn unusual_nesting(operators: &[Operator]) -> Vec<Nesting> {
    let usual = [
        Operator::Sqrt,
        Operator::Abs,
        Operator::Square,
        Operator::Cube,
    ];
    let functions = operators.iter().copied();
    let functions = functions.filter(|operator| operator.arity() == 1 && !usual.contains(operator));
    let functions: Vec<Operator> = functions.collect();
    let pairs = functions.iter().flat_map(|&outer| {
        let inner = functions.iter().copied();
        inner.map(move |inner| Nesting {
            outer,
            inner,
            max: 0,
        })
    });
    let is_usual = |pair: &Nesting| pair.outer == Operator::Log && pair.inner == Operator::Exp;
    pairs.filter(|pair| !is_usual(pair)).collect()
}

/// The formulas that no simpler one beats. With noise, many that are right nowhere else fit as well as
/// the right one, but have more digits.
fn unbeaten(mut solved: Vec<Solved>, rules: &Rules) -> Vec<Solved> {
    solved.sort_by(|a, b| a.loss.total_cmp(&b.loss));
    solved.sort_by_cached_key(|found| rules.complexity.of(&found.expression));
    let mut least = f64::INFINITY;
    solved.retain(|found| {
        let is_better = found.loss < least;
        least = least.min(found.loss);
        is_better
    });
    solved
}
