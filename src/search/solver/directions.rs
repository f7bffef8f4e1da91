//! Formulas solved for from directions: directly, and after groups of variables were replaced.

use super::{Rules, Scope, inner_numbers, one_function, select, structure};
use crate::formula::Expression;
use crate::search::combination::Solved;
use crate::search::objective::{DirectionObjective, Objective, Route};
use crate::search::refinement::constants;

impl Route for DirectionObjective {
    fn solve(&self, rules: &Rules) -> Vec<Solved> {
        // Products of powers are left to the larger library, which holds them too.
        let rules = Rules {
            tries_powers: false,
            ..*rules
        };
        match rules.scope {
            Scope::Short => select(self, rules.quick(), &rules),
            Scope::Full => solve(self, &rules),
        }
    }
}

fn solve(objective: &DirectionObjective, rules: &Rules) -> Vec<Solved> {
    let n = objective.raw().len();
    let ignored = if rules.effort.stages.structure {
        structure::irrelevant(objective, rules.noise, &rules.effort.groups)
    } else {
        Vec::new()
    };
    let kept: Vec<usize> = (0..n).filter(|index| !ignored.contains(index)).collect();
    let all: Vec<Expression> = (0..n).map(Expression::variable).collect();
    let mut solved = Vec::new();
    if !ignored.is_empty() && kept.len() >= 2 {
        let variables: Vec<Expression> = kept
            .iter()
            .map(|&index| Expression::variable(index))
            .collect();
        let reduced = structure::restricted(objective, &kept, &rules.effort.groups);
        let dimensions = rules.dimensions_in(&variables);
        let rules = rules.inside(dimensions.as_ref());
        solve_step(&reduced, &variables, 0, &rules, &mut solved);
    }
    let is_exact =
        |solved: &[Solved]| rules.has_loss_below(rules.effort.exactness.solved_loss, solved);
    let ways = if rules.effort.stages.structure && !is_exact(&solved) {
        structure::products(objective, rules.noise, &rules.effort.groups)
    } else {
        Vec::new()
    };
    // At first short sums only: a long one of products may match what a short one of differences is.
    for (reduced, products) in &ways {
        let dimensions = rules.dimensions_in(products);
        let rules = rules.inside(dimensions.as_ref());
        let quick = select(reduced, rules.quick(), &rules).into_iter();
        solved.extend(quick.map(|found| written_out(&found, products)));
        if is_exact(&solved) || (rules.is_stopped)() {
            break;
        }
    }
    let reduced = ways.first().map(|(reduced, products)| (reduced, products));
    for (objective, variables) in std::iter::once((objective, &all)).chain(reduced) {
        if rules.effort.stages.structure && !is_exact(&solved) && !(rules.is_stopped)() {
            let found = one_function::solve(objective, rules).into_iter();
            solved.extend(found.map(|found| written_out(&found, variables)));
        }
    }
    if !is_exact(&solved) {
        solve_step(objective, &all, 0, rules, &mut solved);
    }
    if let Some((reduced, products)) = ways.first()
        && !is_exact(&solved)
        && !(rules.is_stopped)()
    {
        let dimensions = rules.dimensions_in(products);
        let rules = rules.inside(dimensions.as_ref());
        solve_step(reduced, products, 0, &rules, &mut solved);
    }
    if !is_exact(&solved) && !(rules.is_stopped)() {
        solved.extend(inner_numbers::solve(objective, rules));
    }
    if !rules.has_loss_below(good_loss(rules), &solved) && !(rules.is_stopped)() {
        solved.extend(select(objective, rules.far(), rules));
    }
    solved
}

/// The loss below which fewer other ways are tried. Directions without noise have a formula that is
/// exact, so one that is only near is no reason to stop.
fn good_loss(rules: &Rules) -> f64 {
    if rules.noise > 0.0 {
        rules.effort.groups.good_loss
    } else {
        rules.effort.exactness.solved_loss
    }
}

/// Solves directly, then replaces one group after the other and solves what is left; `variables`
/// are this step's as formulas in those of the whole search.
fn solve_step(
    objective: &DirectionObjective,
    variables: &[Expression],
    depth: usize,
    rules: &Rules,
    solved: &mut Vec<Solved>,
) {
    let good_loss = good_loss(rules);
    let exact_loss = rules.effort.exactness.solved_loss;
    let quick = select(objective, rules.quick(), rules);
    solved.extend(quick.iter().map(|found| written_out(found, variables)));
    (rules.hear)(solved);
    if rules.has_loss_below(exact_loss, solved) || (rules.is_stopped)() {
        return;
    }
    if rules.effort.stages.structure && objective.raw().len() > 2 {
        for replacement in replacements(objective, depth, rules) {
            let Some((simpler, definitions)) = replaced(objective, &replacement) else {
                continue;
            };
            let dimensions = rules.dimensions_in(&definitions);
            let inside = rules.inside(dimensions.as_ref());
            let definitions: Vec<Expression> = definitions
                .iter()
                .map(|definition| definition.substituted(variables))
                .collect();
            solve_step(&simpler, &definitions, depth + 1, &inside, solved);
            if (rules.is_stopped)() || rules.has_loss_below(good_loss, solved) {
                break;
            }
        }
    }
    // Long sums take longest. Once there is a good formula they are tried in the variables
    // themselves only.
    let is_good = match depth {
        0 => rules.has_loss_below(exact_loss, solved),
        _ => rules.has_loss_below(good_loss, solved),
    };
    if !is_good && !(rules.is_stopped)() {
        let long = select(objective, rules.long(), rules);
        solved.extend(long.iter().map(|found| written_out(found, variables)));
        (rules.hear)(solved);
    }
}

/// A formula in the variables that these definitions are written in.
fn written_out(found: &Solved, definitions: &[Expression]) -> Solved {
    Solved {
        expression: found.expression.substituted(definitions),
        loss: found.loss,
    }
}

/// A group of variables and the formula to put in its place.
#[derive(Debug, Clone)]
struct Replacement {
    group: Vec<usize>,
    formula: Expression,
    price: f64,
}

/// The objective in new variables, and those as formulas in the old ones.
fn replaced(
    objective: &DirectionObjective,
    replacements: &[Replacement],
) -> Option<(DirectionObjective, Vec<Expression>)> {
    let mut objective = objective.clone();
    let mut definitions: Vec<Expression> = (0..objective.raw().len())
        .map(Expression::variable)
        .collect();
    for replacement in replacements {
        // Where the group's variables stand by now.
        let places: Vec<usize> = replacement
            .group
            .iter()
            .filter_map(|&old| {
                definitions
                    .iter()
                    .position(|d| *d == Expression::variable(old))
            })
            .collect();
        let mut moved: Vec<Expression> = (0..definitions.len()).map(Expression::variable).collect();
        moved.resize(
            moved.len().max(replacement.group.iter().max()? + 1),
            Expression::constant(0.0),
        );
        for (&old, &place) in replacement.group.iter().zip(&places) {
            moved[old] = Expression::variable(place);
        }
        let formula = replacement.formula.substituted(&moved);
        objective = structure::replaced(&objective, &places, &formula)?;
        let rest = (0..definitions.len()).filter(|place| !places.contains(place));
        definitions = std::iter::once(replacement.formula.clone())
            .chain(rest.map(|place| definitions[place].clone()))
            .collect();
    }
    Some((objective, definitions))
}

/// What to replace, the most promising first: all groups that don't overlap at once, then, at
/// the first steps, single ones.
fn replacements(
    objective: &DirectionObjective,
    depth: usize,
    rules: &Rules,
) -> Vec<Vec<Replacement>> {
    let mut found: Vec<Replacement> = Vec::new();
    for group in structure::groups(objective, &rules.effort.groups) {
        if (rules.is_stopped)() {
            break;
        }
        // Once pairs are found, larger groups among the same variables show at the next step.
        let is_covered =
            |variable: &usize| found.iter().any(|other| other.group.contains(variable));
        if group.variables.len() > 2 && group.variables.iter().any(is_covered) {
            continue;
        }
        found.extend(formulas_of(objective, &group.variables, rules));
    }
    found.sort_by(|a, b| a.price.total_cmp(&b.price));
    let mut together: Vec<Replacement> = Vec::new();
    for replacement in &found {
        let overlaps =
            |other: &Replacement| other.group.iter().any(|v| replacement.group.contains(v));
        if !together.iter().any(overlaps) {
            together.push(replacement.clone());
        }
    }
    let n_single = &rules.effort.groups.n_single;
    let n_tried = n_single.get(depth).copied().unwrap_or(0);
    let singles = found.into_iter().map(|replacement| vec![replacement]);
    let mut tried = vec![together];
    tried.extend(
        singles
            .filter(|single| tried[0].len() > 1 || single[0].group != tried[0][0].group)
            .take(n_tried)
            .collect::<Vec<_>>(),
    );
    tried.retain(|replacements| !replacements.is_empty());
    tried
}

/// Formulas for what a group acts as, with plain numbers where they fit.
fn formulas_of(objective: &DirectionObjective, group: &[usize], rules: &Rules) -> Vec<Replacement> {
    let limits = &rules.effort.groups;
    let inner = structure::within(objective, group, limits);
    if inner.columns().n_samples() < limits.min_points {
        return Vec::new();
    }
    let names: Vec<Expression> = group
        .iter()
        .map(|&index| Expression::variable(index))
        .collect();
    let dimensions = rules.dimensions_in(&names);
    let mut best: Vec<(f64, Solved)> =
        select(&inner, rules.quick(), &rules.inside(dimensions.as_ref()))
            .into_iter()
            .filter(|solved| solved.loss < limits.max_loss)
            .map(|solved| (rules.price(&solved), solved))
            .collect();
    best.sort_by(|a, b| a.0.total_cmp(&b.0));
    best.truncate(limits.n_written);
    let thin = inner.subsample(rules.effort.points.selected);
    let written = best.into_iter().map(|(_, solved)| {
        let (formula, loss) = constants::shortened(
            &solved.expression,
            solved.loss,
            &thin,
            rules.noise,
            rules.effort,
        );
        let expression = rules.simplifier.simplified(&formula);
        Solved { expression, loss }
    });
    let simplest = written.min_by(|a, b| rules.price(a).total_cmp(&rules.price(b)));
    let replacement = simplest.map(|solved| Replacement {
        group: group.to_vec(),
        price: rules.price(&solved),
        formula: solved.expression.substituted(&names),
    });
    replacement.into_iter().collect()
}
