//! Formulas solved for from values and labels.

use super::agreement::Agreement;
use super::enumeration::{Grammar, enumerate};
use super::screening::{Dictionary, Screening};
use super::{
    Effort, LARGE, LONG, MAX_POINTS, QUICK, Reach, Rules, has_loss_below, libraries, match_loss,
    rational, select, written,
};
use crate::formula::Columns;
use crate::formula::{Expression, Operator};
use crate::search::combination::Solved;
use crate::search::combination::Term;
use crate::search::objective::{Link, Objective};

/// Formulas enumerated for a dictionary.
const SCREENED_COMPLEXITY: usize = 7;
const MAX_SCREENED: usize = 600;
/// Points that terms are screened on.
const MAX_SCREENED_POINTS: usize = 128;

/// A way to find sums of values.
enum Step<'a> {
    /// From a library,
    Select(&'a Effort),
    /// or by one more term from a dictionary, in every link.
    Screen,
}

/// The quick ways come first.
const SHORT_STEPS: &[Step] = &[Step::Screen, Step::Select(&QUICK)];
const ALL_STEPS: &[Step] = &[
    Step::Screen,
    Step::Select(&LONG),
    Step::Screen,
    Step::Screen,
    Step::Select(&LARGE),
];

/// Values are tried as quotients of polynomials, then as sums.
pub(super) fn solve(objective: &dyn Objective, rules: &Rules) -> Vec<Solved> {
    let thinned = objective.thinned(MAX_POINTS);
    let thin = thinned.as_deref().unwrap_or(objective);
    let is_over =
        |solved: &[Solved]| has_loss_below(match_loss(thin), solved) || (rules.is_stopped)();
    let mut solved = quotients(thin, rules);
    if is_over(&solved) {
        return solved;
    }
    let screened = thin.thinned(MAX_SCREENED_POINTS);
    let screened = screened.as_deref().unwrap_or(thin);
    let [plain, logarithms] = dictionaries(screened.columns(), rules);
    let links = screened.links(rules.operators).into_iter();
    let links: Vec<(Link, Agreement, Box<dyn Objective>)> = links
        .filter_map(|(link, linked)| {
            let agreement = Agreement::of(rules.dimensions, link)?;
            let without_offset = agreement.without_offset(linked.as_ref());
            Some((link, agreement, without_offset.unwrap_or(linked)))
        })
        .collect();
    let mut screenings: Vec<(Link, Screening)> = links
        .iter()
        .map(|(link, agreement, linked)| {
            let (dictionary, start): (_, fn(Expression) -> Term) = match link {
                Link::Product => (&logarithms, Term::Log),
                _ => (&plain, Term::Plain),
            };
            let screening =
                Screening::new(dictionary, linked.as_ref(), agreement.clone(), start, rules);
            (*link, screening)
        })
        .collect();
    let steps = match rules.reach {
        Reach::Short => SHORT_STEPS,
        Reach::Full => ALL_STEPS,
    };
    for step in steps {
        (rules.hear)(&solved);
        match step {
            Step::Select(effort) => solved.extend(select(objective, effort, rules)),
            Step::Screen => {
                screenings.sort_by(|a, b| a.1.left().total_cmp(&b.1.left()));
                for (link, screening) in &mut screenings {
                    for (combination, loss) in screening.grow() {
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
    let grammar = Grammar {
        operators: rules.operators,
        complexity: rules.complexity,
        constraints: rules.constraints,
        dimensions: rules.dimensions,
        max_complexity: SCREENED_COMPLEXITY.min(rules.max_complexity),
        max_blocks: MAX_SCREENED,
    };
    let blocks = if columns.n_features() <= libraries::MAX_FEATURES {
        enumerate(columns, &grammar).0
    } else {
        Vec::new()
    };
    let plain = Dictionary::new(columns, &blocks, rules);
    let logarithms = plain.with_logarithms(&blocks, rules);
    [plain, logarithms]
}

/// Quotients of polynomials that match, in every link.
fn quotients(thin: &dyn Objective, rules: &Rules) -> Vec<Solved> {
    let mut solved = Vec::new();
    if !rules.operators.contains(&Operator::Div) {
        return solved;
    }
    for (link, linked) in thin.links(rules.operators) {
        if matches!(link, Link::Product | Link::Inverse) {
            continue;
        }
        let quotient = linked
            .target()
            .and_then(|target| rational::quotient(thin.columns(), target));
        let expression = quotient.map(|quotient| link.applied(quotient));
        solved.extend(expression.and_then(|expression| {
            let loss = thin.loss(&expression.evaluate(thin.columns()))?;
            rules.agrees(&expression).then_some(())?;
            Some(Solved { expression, loss })
        }));
        if has_loss_below(match_loss(thin), &solved) {
            break;
        }
    }
    solved
}
