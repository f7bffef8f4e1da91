//! Formulas that can be solved for: libraries of enumerated terms, directly and after groups of
//! variables were replaced by what they act as.

use super::combination::{Combination, Term};
use super::enumeration::{Block, Grammar, enumerate};
use super::expression::Expression;
use super::factors;
use super::objective::{DirectionObjective, Objective};
use super::operator::Operator;
use super::selection::Library;
use super::structure;

/// Points that terms are selected on.
const MAX_POINTS: usize = 256;
/// Enumerated formulas, and how many of them stand in a library.
const MAX_BLOCKS: usize = 1500;
const MAX_PLAIN: usize = 420;
const MAX_LOGS: usize = 300;
const MAX_BLOCK_COMPLEXITY: usize = 9;
/// Sums of this many terms are tried before structure is looked for, and afterwards.
const QUICK_TERMS: usize = 2;
const MAX_TERMS: usize = 7;
/// A loss of this size is a match to rounding error.
pub(crate) const EXACT_LOSS: f64 = 1e-11;
/// A group is replaced by a formula that matches this well.
const MAX_GROUP_LOSS: f64 = 0.1;
/// Formulas of a group that are tried in its place, and groups that are tried.
const MAX_TRIED: usize = 2;
/// What a unit of complexity must buy when formulas for a group are compared.
const COMPLEXITY_PRICE: f64 = 0.15;

/// What every step of the solver is given.
pub(crate) struct Rules<'a> {
    pub operators: &'a [Operator],
    pub constant_cost: usize,
    pub max_complexity: usize,
    pub noise: f64,
    pub is_stopped: &'a (dyn Fn() -> bool + Sync),
}

/// A formula with its loss on the points it was found on.
#[derive(Debug, Clone)]
pub(crate) struct Solved {
    pub expression: Expression,
    pub loss: f64,
}

/// Formulas that match directions, found without evolution; in no particular order.
pub(crate) fn solve(objective: &DirectionObjective, rules: &Rules) -> Vec<Solved> {
    let n = objective.raw().len();
    let ignored = structure::irrelevant(objective, rules.noise);
    let kept: Vec<usize> = (0..n).filter(|index| !ignored.contains(index)).collect();
    let all: Vec<Expression> = (0..n).map(Expression::variable).collect();
    let mut solved = Vec::new();
    if !ignored.is_empty() && kept.len() >= 2 {
        let variables: Vec<Expression> = kept.iter().map(|&index| Expression::variable(index)).collect();
        let reduced = structure::within(objective, &kept);
        solve_step(&reduced, &variables, rules, &mut solved);
    }
    if !has_match(&solved) {
        solve_step(objective, &all, rules, &mut solved);
    }
    solved
}

fn has_match(solved: &[Solved]) -> bool {
    solved.iter().any(|found| found.loss < EXACT_LOSS)
}

/// Solves directly, then replaces one group after the other and solves what is left; `variables`
/// are this step's as formulas in those of the whole search.
fn solve_step(
    objective: &DirectionObjective,
    variables: &[Expression],
    rules: &Rules,
    solved: &mut Vec<Solved>,
) {
    let quick = select(objective, QUICK_TERMS, rules);
    let written_out = |found: &Solved| Solved {
        expression: found.expression.substituted(variables),
        loss: found.loss,
    };
    solved.extend(quick.iter().map(written_out));
    if has_match(&quick) || (rules.is_stopped)() {
        return;
    }
    if objective.raw().len() > 2 {
        for (group, h) in replacements(objective, rules) {
            let Some(simpler) = structure::replaced(objective, &group, &h.expression) else {
                continue;
            };
            let rest = (0..variables.len()).filter(|index| !group.contains(index));
            let simpler_variables: Vec<Expression> = std::iter::once(h.expression.substituted(variables))
                .chain(rest.map(|index| variables[index].clone()))
                .collect();
            solve_step(&simpler, &simpler_variables, rules, solved);
            if (rules.is_stopped)() || has_match(solved) {
                return;
            }
        }
    }
    let long = select(objective, MAX_TERMS, rules);
    solved.extend(long.iter().map(written_out));
}

/// Groups of variables with formulas to put in their place, the best first.
fn replacements(
    objective: &DirectionObjective,
    rules: &Rules,
) -> Vec<(Vec<usize>, Solved)> {
    if std::env::var("DBG").is_ok() { eprintln!("groups {:?}", structure::groups(objective)); }
    let mut found: Vec<(f64, Vec<usize>, Solved)> = Vec::new();
    for group in structure::groups(objective) {
        if (rules.is_stopped)() {
            break;
        }
        let inner = structure::within(objective, &group.variables);
        let names: Vec<Expression> = group.variables.iter().map(|&index| Expression::variable(index)).collect();
        let mut best: Vec<(f64, Solved)> = select(&inner, QUICK_TERMS, rules)
            .into_iter()
            .filter(|solved| solved.loss < MAX_GROUP_LOSS)
            .map(|solved| (price(&solved, rules.noise), solved))
            .collect();
        best.sort_by(|a, b| a.0.total_cmp(&b.0));
        let is_match = best.first().is_some_and(|(_, solved)| solved.loss < EXACT_LOSS);
        if std::env::var("DBG").is_ok() { eprintln!("group {:?}: {:?}", group.variables, best.iter().take(3).map(|(p,s)|(*p,s.loss,s.expression.to_string())).collect::<Vec<_>>()); }
        for (price, solved) in best.into_iter().take(MAX_TRIED) {
            let expression = solved.expression.substituted(&names);
            found.push((price, group.variables.clone(), Solved { expression, ..solved }));
        }
        // A pair that matches to rounding error is no guess.
        if is_match {
            break;
        }
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found.truncate(MAX_TRIED);
    found.into_iter().map(|(_, group, solved)| (group, solved)).collect()
}

fn price(solved: &Solved, noise: f64) -> f64 {
    (solved.loss + noise).max(1e-13).ln() + COMPLEXITY_PRICE * solved.expression.complexity() as f64
}

/// Sums and products of enumerated terms.
fn select(
    objective: &DirectionObjective,
    max_terms: usize,
    rules: &Rules,
) -> Vec<Solved> {
    let thin = objective.subsample(MAX_POINTS);
    let grammar = Grammar {
        operators: rules.operators,
        constant_cost: rules.constant_cost,
        max_complexity: MAX_BLOCK_COMPLEXITY.min(rules.max_complexity),
        max_blocks: MAX_BLOCKS,
    };
    let (blocks, _) = enumerate(thin.columns_of(), thin.raw(), &grammar);
    let mut solved = Vec::new();
    for library in libraries(&blocks, thin.raw().len(), rules.operators) {
        for (combination, loss) in library.select(&thin, max_terms, rules.noise) {
            let product = factors::product_of_linear_forms(&combination);
            for combination in std::iter::once(combination).chain(product) {
                if combination.least_complexity() > 2 * rules.max_complexity {
                    continue;
                }
                let expressions = combination.to_expressions(rules.operators);
                // Scaled otherwise a sum is the same; one that rises will do.
                let rises = |expression: &&Expression| {
                    thin.mean_cosine(&expression.evaluate(thin.columns_of())) > 0.0
                };
                let Some(expression) = expressions.iter().find(rises).or(expressions.first()) else {
                    continue;
                };
                let expression = expression.clone();
                let is_sum = combination.terms.iter().all(|term| matches!(term, Term::Plain(_)));
                let loss = match is_sum && loss > EXACT_LOSS {
                    true => Some(loss),
                    false => thin.loss(&expression.evaluate(thin.columns_of())),
                };
                solved.extend(loss.map(|loss| Solved { expression, loss }));
            }
        }
        if has_match(&solved) {
            break;
        }
    }
    solved
}

/// Monomials of degree 2, all blocks, and logarithms of blocks beside what may stand in an
/// exponential.
fn libraries(blocks: &[Block], n_features: usize, operators: &[Operator]) -> Vec<Library> {
    let mut monomials = Library::new();
    let mut plain = Library::new();
    let mut logs = Library::new();
    for block in blocks {
        let (degree, is_monomial) = monomial_degree(&block.expression);
        if is_monomial && degree <= 2 {
            monomials.add(block, Term::Plain(block.expression.clone()));
        }
        // Sums of terms are what the selection makes itself.
        let is_sum = matches!(block.expression, Expression::Apply(Operator::Add | Operator::Sub, _));
        if plain.len() < MAX_PLAIN && !is_sum {
            plain.add(block, Term::Plain(block.expression.clone()));
        }
        if logs.len() < MAX_LOGS && !is_product(&block.expression) {
            logs.add(block, Term::Log(block.expression.clone()));
        }
    }
    if operators.contains(&Operator::Exp) {
        let n_logs = logs.len();
        for block in blocks {
            let is_sum = matches!(block.expression, Expression::Apply(Operator::Add | Operator::Sub, _));
            if logs.len() < n_logs + MAX_LOGS && !is_sum {
                logs.add(block, Term::Plain(block.expression.clone()));
            }
        }
    }
    match n_features <= 12 {
        true => vec![monomials, plain, logs],
        false => vec![monomials],
    }
}

/// The degree of a product of variables, and whether it is one.
fn monomial_degree(expression: &Expression) -> (usize, bool) {
    match expression {
        Expression::Variable(_) => (1, true),
        Expression::Apply(Operator::Mul, factors) => factors
            .iter()
            .map(monomial_degree)
            .fold((0, true), |(sum, all), (degree, is_one)| (sum + degree, all && is_one)),
        _ => (0, false),
    }
}

/// Products and quotients are made of logarithms of their factors.
fn is_product(expression: &Expression) -> bool {
    matches!(
        expression,
        Expression::Apply(Operator::Mul | Operator::Div | Operator::Exp | Operator::Square | Operator::Cube | Operator::Inv, _)
    )
}

impl Combination {
    /// The terms of a sum as expressions, if it has no logarithms.
    pub fn plain_terms(&self) -> Option<Vec<&Expression>> {
        let terms = self.terms.iter().map(|term| match term {
            Term::Plain(expression) => Some(expression),
            Term::Log(_) => None,
        });
        terms.collect()
    }
}
