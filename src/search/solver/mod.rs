//! Formulas that can be solved for: sums and products of enumerated terms (`enumeration`,
//! `libraries`, `selection`), for directions also after groups of variables were replaced by what
//! they act as (`directions`, `structure`) or integrated (`one_function`), for values also quotients,
//! power laws, functions of one variable and sums from larger dictionaries (`values`, `rational`,
//! `power_laws`, `univariate`, `screening`), with frequencies from a spectrum (`waves`), and by
//! absolute errors without outliers (`robust`). `combination` is what is solved for, `factors` writes
//! quadratic forms as products, `inner_numbers` solves for numbers inside of functions, and `agreement`
//! says which units terms may have.

pub(crate) mod agreement;
mod directions;
mod enumeration;
mod factors;
mod inner_numbers;
mod libraries;
mod one_function;
mod power_laws;
mod rational;
mod robust;
mod screening;
mod selection;
pub(crate) mod structure;
mod univariate;
mod values;
mod waves;

use crate::effort::Reach;
use crate::formula::{Columns, Dimensions, Expression, Operator};
use crate::search::combination::{Combination, Solved};
use crate::search::objective::{Likelihood, Link, Objective};
use crate::search::rules::{Rules, Scope};
use agreement::Agreement;
use enumeration::{Block, Grammar, enumerate};

/// How far a selection goes: which formulas are enumerated, and how many terms a sum has.
#[derive(Clone, Copy)]
struct Depth<'a> {
    reach: &'a Reach,
    max_terms: usize,
}

/// Losses below this are rounding error; their logarithms would say nothing.
const ROUNDING: f64 = 1e-13;

impl<'a> Rules<'a> {
    /// Formulas up to a complexity and a number, one for each meaning.
    fn blocks(&self, columns: &Columns, max_complexity: usize, max_blocks: usize) -> Vec<Block> {
        if !self.effort.stages.enumeration {
            return Vec::new();
        }
        enumerate(columns, &self.grammar(max_complexity, max_blocks)).0
    }

    /// What is enumerated up to a complexity and a number.
    fn grammar(&self, max_complexity: usize, max_blocks: usize) -> Grammar<'a> {
        Grammar {
            operators: self.operators,
            complexity: self.complexity,
            constraints: self.constraints,
            dimensions: self.dimensions,
            max_complexity: max_complexity.min(self.max_complexity),
            max_blocks,
            limits: &self.effort.enumeration,
        }
    }

    /// The dimensions of new variables, which are formulas in those at hand.
    fn dimensions_in(&self, definitions: &[Expression]) -> Option<Dimensions> {
        let dimensions = self.dimensions?;
        Some(dimensions.in_variables(definitions))
    }

    /// Before structure is looked for,
    fn quick(&self) -> Depth<'a> {
        Depth {
            reach: &self.effort.enumeration.near,
            max_terms: self.n_terms(self.effort.enumeration.n_terms_quick),
        }
    }

    /// afterwards,
    fn long(&self) -> Depth<'a> {
        Depth {
            reach: &self.effort.enumeration.near,
            max_terms: self.n_terms(self.effort.enumeration.n_terms),
        }
    }

    /// and in the end.
    fn far(&self) -> Depth<'a> {
        Depth {
            reach: &self.effort.enumeration.far,
            max_terms: self.n_terms(self.effort.enumeration.n_terms_far),
        }
    }

    fn n_terms(&self, wanted: usize) -> usize {
        if self.effort.stages.combinations {
            wanted
        } else {
            1
        }
    }

    /// What a formula for a group costs.
    fn price(&self, solved: &Solved) -> f64 {
        let complexity = self.complexity.of(&solved.expression);
        let price = self.effort.prices.group;
        (solved.loss + self.noise).max(ROUNDING).ln() + price * complexity as f64
    }

    /// Whether a formula has a loss below a limit that isn't too long, whatever its numbers will be: a
    /// polynomial of many terms can't be the formula that is looked for.
    fn has_loss_below(&self, limit: f64, solved: &[Solved]) -> bool {
        let least = |found: &Solved| self.complexity.without_numbers(&found.expression);
        let mut near = solved.iter().filter(|found| found.loss < limit);
        near.any(|found| least(found) <= self.max_complexity)
    }

    /// A loss of this size is a match to rounding error.
    fn match_loss(&self, objective: &dyn Objective) -> f64 {
        self.effort.exactness.solved * objective.resolution()
    }
}

/// Formulas found without evolution, on the objective's own route if it has one; in no particular
/// order.
pub(crate) fn solve(objective: &dyn Objective, rules: &Rules) -> Vec<Solved> {
    match objective.route() {
        Some(route) => route.solve(rules),
        None => sums(objective, rules),
    }
}

/// The route of an objective that has none of its own: longer and longer sums.
fn sums(objective: &dyn Objective, rules: &Rules) -> Vec<Solved> {
    if rules.scope == Scope::Short {
        return select(objective, rules.quick(), rules);
    }
    let mut solved = select(objective, rules.long(), rules);
    (rules.hear)(&solved);
    let is_solved = rules.has_loss_below(rules.effort.exactness.solved_loss, &solved);
    if !is_solved && !(rules.is_stopped)() {
        solved.extend(select(objective, rules.far(), rules));
    }
    solved
}

/// Sums and products of enumerated terms, inside of what the objective links them to.
fn select(objective: &dyn Objective, depth: Depth, rules: &Rules) -> Vec<Solved> {
    // A label is one bit, a direction many digits: labels are taken as many as there are.
    let thinned = match objective.likelihood() {
        Likelihood::PerUnit(_) => None,
        _ => objective.thinned(rules.effort.points.selected),
    };
    let thin = thinned.as_deref().unwrap_or(objective);
    let reach = depth.reach;
    let blocks = rules.blocks(thin.columns(), reach.max_complexity, reach.max_blocks);
    let blocks = libraries::with_quotients(blocks, thin.columns(), rules);
    let mut solved = Vec::new();
    let links = thin.sums().map(|sums| sums.links(rules.operators));
    let links = links.unwrap_or_default();
    let linked = links.iter().map(|(link, linked)| (*link, linked.as_ref()));
    let mut linked: Vec<(Link, &dyn Objective)> = std::iter::once((Link::Identity, thin))
        .chain(linked)
        .collect();
    // Where a*b**0.75 is allowed, a**4*b**3 with the same directions needn't be met first.
    if rules.operators.contains(&Operator::Pow) {
        linked.sort_by_key(|(link, _)| *link != Link::Product);
    }
    for (link, linked) in linked {
        let Some(agreement) = Agreement::of(rules.dimensions, link) else {
            continue;
        };
        for library in libraries::libraries(&blocks, thin.columns(), link, &agreement, reach, rules)
        {
            for (combination, loss) in library.select(linked, depth.max_terms, rules) {
                let factored = factors::factored(&combination, rules.effort);
                let forms = std::iter::once(combination).chain(factored);
                for combination in forms {
                    if combination.least_complexity(rules.complexity) <= 2 * rules.max_complexity {
                        solved.extend(written(&combination, loss, link, thin, rules));
                    }
                }
            }
            // A match that is too long with its numbers may be short inside of another link.
            let limit = rules.match_loss(thin);
            let mut matches = solved.iter().filter(|found| found.loss < limit);
            let is_match =
                matches.any(|found| rules.complexity.of(&found.expression) <= rules.max_complexity);
            if is_match || (rules.is_stopped)() {
                return solved;
            }
        }
    }
    solved
}

/// A combination as a formula, the simplest one that rises, with its loss; a product also with its
/// exponents as they are.
fn written(
    combination: &Combination,
    loss: f64,
    link: Link,
    thin: &dyn Objective,
    rules: &Rules,
) -> Vec<Solved> {
    let rises = |expression: &Expression| thin.rises(&expression.evaluate(thin.columns()));
    let agrees = |expression: &Expression| match (rules.dimensions, link) {
        (None, _) => true,
        (_, Link::Identity | Link::Product) => rules.agrees(expression),
        _ => rules.agrees(&link.applied(expression.clone())),
    };
    let simplest = |expressions: Vec<Expression>| {
        expressions
            .into_iter()
            .filter(|expression| agrees(expression) && rises(expression))
            .min_by_key(Expression::complexity)
    };
    let whole = combination.to_expressions(rules.operators, &rules.effort.products);
    let real = combination.to_real_powers(rules.operators);
    let written = [whole, real].into_iter().filter_map(simplest);
    let judged = written.filter_map(|expression| {
        let expression = link.applied(expression);
        let loss = if link == Link::Identity && loss > rules.effort.exactness.solved_loss {
            loss
        } else {
            thin.loss(&expression.evaluate(thin.columns()))?
        };
        Some(Solved { expression, loss })
    });
    judged.collect()
}
