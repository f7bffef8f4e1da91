//! Formulas solved for from values.

use super::agreement::Agreement;
use super::screening::{Dictionary, Screening};
use super::waves::{Wave, waves};
use super::{Depth, Rules, Scope, power_laws, rational, select, univariate, written};
use crate::effort::Rational;
use crate::formula::Columns;
use crate::formula::Operator;
use crate::search::combination::{Solved, Term};
use crate::search::objective::{Link, Objective, ValueObjective};

/// A way to find sums of values.
enum Step<'a> {
    /// From a library,
    Select(Depth<'a>),
    /// or by one more term from a dictionary, in every link.
    Screen,
}

/// The steps of a search, the quick ways first.
fn steps<'a>(rules: &Rules<'a>) -> Vec<Step<'a>> {
    match rules.scope {
        Scope::Short => vec![Step::Screen, Step::Select(rules.quick())],
        Scope::Full => vec![
            Step::Screen,
            Step::Select(rules.long()),
            Step::Screen,
            Step::Screen,
            Step::Select(rules.far()),
        ],
    }
}

/// Values are tried as quotients of polynomials, as power laws, as functions of one variable, then as
/// sums.
pub(super) fn solve(objective: &ValueObjective, rules: &Rules) -> Vec<Solved> {
    let thin = &objective.subsample(rules.effort.points.selected);
    let is_over = |solved: &[Solved]| {
        rules.has_loss_below(rules.match_loss(thin), solved) || (rules.is_stopped)()
    };
    let mut solved = quotients(thin, rules);
    if !is_over(&solved) {
        solved.extend(power_laws::solve(objective, rules));
    }
    if !is_over(&solved) {
        solved.extend(univariate::solve(objective, rules));
    }
    if is_over(&solved) {
        return solved;
    }
    let screened = thin.subsample(rules.effort.points.screened);
    let [mut plain, logarithms] = dictionaries(screened.columns(), rules);
    let mut known: Vec<Wave> = Vec::new();
    let links: Vec<(Link, Agreement, ValueObjective)> = screened
        .linked(rules.operators)
        .into_iter()
        .filter_map(|(link, linked)| Some((link, Agreement::of(rules.dimensions, link)?, linked)))
        .collect();
    let screened_links = links.iter().filter(|_| rules.effort.stages.screening);
    let mut screenings: Vec<(Link, Screening)> = screened_links
        .map(|(link, agreement, linked)| {
            let start = match link {
                Link::Product => Term::Log,
                _ => Term::Plain,
            };
            (
                *link,
                Screening::new(linked, agreement.clone(), start, rules),
            )
        })
        .collect();
    for step in steps(rules) {
        (rules.hear)(&solved);
        match step {
            Step::Select(depth) => solved.extend(select(objective, depth, rules)),
            Step::Screen => {
                let best = solved.iter().min_by(|a, b| a.loss.total_cmp(&b.loss));
                let mut found = waves(objective, best.map(|best| &best.expression), rules);
                found.retain(|wave| !known.iter().any(|other| other.is_near(wave)));
                let functions = found.iter().map(|wave| wave.expression(rules.operators));
                plain.add(functions.collect(), screened.columns(), rules);
                known.extend(found);
                screenings.sort_by(|a, b| a.1.left().total_cmp(&b.1.left()));
                for (link, screening) in &mut screenings {
                    let dictionary = match link {
                        Link::Product => &logarithms,
                        _ => &plain,
                    };
                    for (combination, loss) in screening.grow(dictionary, rules) {
                        solved.extend(written(&combination, loss, *link, thin, rules));
                    }
                    if is_over(&solved) {
                        break;
                    }
                }
            }
        }
        if is_over(&solved) {
            break;
        }
    }
    solved
}

/// Terms as they are, and those for the logarithm of a product.
fn dictionaries(columns: &Columns, rules: &Rules) -> [Dictionary; 2] {
    let limits = &rules.effort.dictionary;
    let blocks = if columns.n_features() <= limits.max_features {
        rules.blocks(columns, limits.max_complexity, limits.max_blocks)
    } else {
        Vec::new()
    };
    let plain = Dictionary::new(columns, &blocks, rules);
    let logarithms = plain.with_logarithms(&blocks, rules);
    [plain, logarithms]
}

/// Quotients of polynomials that match, in every link.
fn quotients(thin: &ValueObjective, rules: &Rules) -> Vec<Solved> {
    let mut solved = Vec::new();
    if !(rules.effort.stages.rational && rules.operators.contains(&Operator::Div)) {
        return solved;
    }
    for (link, linked) in thin.linked(rules.operators) {
        if matches!(link, Link::Product | Link::Inverse) {
            continue;
        }
        let limits = rules.effort.rational;
        let rounded = limits.zero_per_rounding * linked.rounding().sqrt();
        let limits = Rational {
            zero: limits.zero.max(rounded.min(limits.max_zero)),
            ..limits
        };
        let quotient = rational::quotient(thin.columns(), linked.target(), &limits);
        let expression = quotient.map(|quotient| link.applied(quotient));
        solved.extend(expression.and_then(|expression| {
            let loss = thin.loss(&expression.evaluate(thin.columns()))?;
            let is_short = rules.complexity.of(&expression) <= 2 * rules.max_complexity;
            (is_short && rules.agrees(&expression)).then_some(())?;
            Some(Solved { expression, loss })
        }));
        if rules.has_loss_below(rules.match_loss(thin), &solved) {
            break;
        }
    }
    solved
}
