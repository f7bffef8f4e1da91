//! Formulas that can be solved for: sums and products of enumerated terms (`enumeration`,
//! `libraries`, `selection`), for directions also after groups of variables were replaced by what
//! they act as (`directions`, `structure`), for values also quotients and sums from larger
//! dictionaries (`values`, `rational`, `screening`). `combination` is what is solved for,
//! `factors` writes quadratic forms as products, `inner_numbers` solves for numbers inside of
//! functions, and `agreement` says which units terms may have.

pub(crate) mod agreement;
mod directions;
mod enumeration;
mod factors;
mod inner_numbers;
mod libraries;
mod rational;
mod screening;
mod selection;
pub(crate) mod structure;
mod values;

use crate::formula::Simplifier;
use crate::formula::{Complexity, Constraints, Dimensions, Expression, Operator};
use crate::search::combination::{Combination, Solved};
use crate::search::objective::{Link, Objective};
use agreement::Agreement;
use enumeration::{Grammar, enumerate};

/// Points that terms are selected on.
const MAX_POINTS: usize = 256;
/// How far a selection goes.
struct Effort {
    /// Formulas enumerated, up to a complexity and a number, and how many of them stand in a
    /// library as they are and as logarithms.
    max_complexity: usize,
    max_blocks: usize,
    max_plain: usize,
    max_logs: usize,
    /// The length of sums and products.
    max_terms: usize,
}

/// Before structure is looked for.
const QUICK: Effort = Effort {
    max_complexity: 9,
    max_blocks: 1500,
    max_plain: 420,
    max_logs: 300,
    max_terms: 2,
};
/// Afterwards: longer sums,
const LONG: Effort = Effort {
    max_terms: 7,
    ..QUICK
};
/// and in the end larger libraries.
const LARGE: Effort = Effort {
    max_complexity: 11,
    max_blocks: 6000,
    max_plain: 1300,
    max_logs: 900,
    max_terms: 4,
};
/// A loss of this size is a match to rounding error.
pub(crate) const EXACT_LOSS: f64 = 1e-11;

/// What a unit of complexity must buy when formulas for a group are compared.
const COMPLEXITY_PRICE: f64 = 0.15;

/// How far a search solves for formulas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Quotients of polynomials and sums of up to two terms.
    Short,
    /// Every stage.
    Full,
}

/// What every step of the solver is given.
#[derive(Clone, Copy)]
pub(crate) struct Rules<'a> {
    pub operators: &'a [Operator],
    pub complexity: &'a Complexity,
    pub constraints: &'a Constraints,
    /// The same without what speaks of certain variables.
    pub inner_constraints: &'a Constraints,
    /// What units demand in the variables at hand; nothing where they exclude nothing.
    pub dimensions: Option<&'a Dimensions>,
    pub max_complexity: usize,
    pub noise: f64,
    pub reach: Reach,
    pub simplifier: &'a Simplifier,
    pub is_stopped: &'a dyn Fn() -> bool,
    /// Hears of everything solved for so far, in the variables of the whole search.
    pub hear: &'a dyn Fn(&[Solved]),
}

impl<'a> Rules<'a> {
    /// The rules for formulas in other variables than those of the whole search.
    fn inside<'b>(&self, dimensions: Option<&'b Dimensions>) -> Rules<'b>
    where
        'a: 'b,
    {
        Rules {
            constraints: self.inner_constraints,
            dimensions,
            ..*self
        }
    }

    /// The dimensions of new variables, which are formulas in those at hand.
    fn dimensions_in(&self, definitions: &[Expression]) -> Option<Dimensions> {
        let dimensions = self.dimensions?;
        Some(dimensions.in_variables(definitions))
    }

    fn price(&self, solved: &Solved) -> f64 {
        let complexity = self.complexity.of(&solved.expression);
        (solved.loss + self.noise).max(1e-13).ln() + COMPLEXITY_PRICE * complexity as f64
    }
}

/// Formulas found without evolution; in no particular order.
pub(crate) fn solve(objective: &dyn Objective, rules: &Rules) -> Vec<Solved> {
    match objective.directions() {
        None if objective.target().is_some() => values::solve(objective, rules),
        _ if rules.reach == Reach::Short => select(objective, &QUICK, rules),
        Some(directions) => directions::solve(directions, rules),
        None => {
            let mut solved = select(objective, &LONG, rules);
            (rules.hear)(&solved);
            if !has_loss_below(EXACT_LOSS, &solved) && !(rules.is_stopped)() {
                solved.extend(select(objective, &LARGE, rules));
            }
            solved
        }
    }
}

/// A loss of this size is a match to rounding error.
fn match_loss(objective: &dyn Objective) -> f64 {
    10.0 * objective.resolution()
}

fn has_loss_below(limit: f64, solved: &[Solved]) -> bool {
    solved.iter().any(|found| found.loss < limit)
}

/// Sums and products of enumerated terms, inside of what the objective links them to.
fn select(objective: &dyn Objective, effort: &Effort, rules: &Rules) -> Vec<Solved> {
    // A label is one bit, a direction many digits: labels are taken as many as there are.
    let thinned = match objective.log_likelihood() {
        Some(_) => None,
        None => objective.thinned(MAX_POINTS),
    };
    let thin = thinned.as_deref().unwrap_or(objective);
    let grammar = Grammar {
        operators: rules.operators,
        complexity: rules.complexity,
        constraints: rules.constraints,
        dimensions: rules.dimensions,
        max_complexity: effort.max_complexity.min(rules.max_complexity),
        max_blocks: effort.max_blocks,
    };
    let (blocks, _) = enumerate(thin.columns(), &grammar);
    let mut solved = Vec::new();
    let links = thin.links(rules.operators);
    let direct = [(Link::Identity, thin)];
    let linked = links.iter().map(|(link, linked)| (*link, linked.as_ref()));
    let direct = direct.into_iter().filter(|_| links.is_empty());
    for (link, linked) in linked.chain(direct) {
        let Some(agreement) = Agreement::of(rules.dimensions, link) else {
            continue;
        };
        for library in libraries::libraries(&blocks, thin, link, &agreement, effort, rules) {
            let without_offset = library.agreement.without_offset(linked);
            let linked = without_offset.as_deref().unwrap_or(linked);
            for (combination, loss) in library.select(linked, effort.max_terms, rules) {
                let product = factors::product_of_linear_forms(&combination);
                let squares = factors::perfect_squares(&combination);
                let forms = std::iter::once(combination).chain(product).chain(squares);
                for combination in forms {
                    if combination.least_complexity(rules.complexity) <= 2 * rules.max_complexity {
                        solved.extend(written(&combination, loss, link, thin, rules));
                    }
                }
            }
            let is_match = has_loss_below(match_loss(thin), &solved);
            if is_match || (rules.is_stopped)() {
                return solved;
            }
        }
    }
    solved
}

/// A combination as a formula, the simplest one that rises, with its loss.
fn written(
    combination: &Combination,
    loss: f64,
    link: Link,
    thin: &dyn Objective,
    rules: &Rules,
) -> Option<Solved> {
    let expressions = combination.to_expressions(rules.operators).into_iter();
    let rises =
        |expression: &Expression| thin.orientation(&expression.evaluate(thin.columns())) >= 0.0;
    let agrees = |expression: &Expression| match (rules.dimensions, link) {
        (None, _) => true,
        (_, Link::Identity | Link::Product) => rules.agrees(expression),
        _ => rules.agrees(&link.applied(expression.clone())),
    };
    let simplest = expressions
        .filter(|expression| agrees(expression) && rises(expression))
        .min_by_key(Expression::complexity)?;
    let expression = link.applied(simplest);
    let loss = if link == Link::Identity && loss > EXACT_LOSS {
        loss
    } else {
        thin.loss(&expression.evaluate(thin.columns()))?
    };
    Some(Solved { expression, loss })
}
