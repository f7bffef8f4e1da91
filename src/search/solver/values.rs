//! Formulas solved for from values and labels.

use super::combination::Term;
use super::enumeration::{Grammar, enumerate};
use super::screening::{Dictionary, Screening};
use super::{
    Effort, LARGE, LONG, MAX_POINTS, Rules, Solved, has_loss_below, libraries, match_loss,
    rational, select, written,
};
use crate::search::evaluation::Columns;
use crate::search::formula::Operator;
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

/// Values are tried as quotients of polynomials, then as sums, the quick ways first.
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
    let links = screened.links(rules.operators);
    let mut screenings: Vec<(Link, Screening)> = links
        .iter()
        .map(|(link, linked)| {
            let screening = match link {
                Link::Product => Screening::new(&logarithms, linked.as_ref(), Term::Log),
                _ => Screening::new(&plain, linked.as_ref(), Term::Plain),
            };
            (*link, screening)
        })
        .collect();
    for step in [
        Step::Screen,
        Step::Select(&LONG),
        Step::Screen,
        Step::Screen,
        Step::Select(&LARGE),
    ] {
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
        max_complexity: SCREENED_COMPLEXITY.min(rules.max_complexity),
        max_blocks: MAX_SCREENED,
    };
    let blocks = match columns.n_features() <= libraries::MAX_FEATURES {
        true => enumerate(columns, &grammar).0,
        false => Vec::new(),
    };
    let plain = Dictionary::new(columns, &blocks, rules.operators);
    let logarithms = plain.with_logarithms(&blocks, rules.operators);
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
            Some(Solved { expression, loss })
        }));
        if has_loss_below(match_loss(thin), &solved) {
            break;
        }
    }
    solved
}
