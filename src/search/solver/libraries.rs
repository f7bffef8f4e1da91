//! What sums and products are selected from.

use super::Rules;
use super::agreement::Agreement;
use super::enumeration::Block;
use super::selection::Library;
use crate::effort::Reach;
use crate::formula::Columns;
use crate::formula::monomials::{
    highest_degree, highest_degree_of_quotients, monomials, quotients_of_monomials,
};
use crate::formula::{Dimension, Expression, Operator};
use crate::search::combination::Term;
use crate::search::objective::Link;

/// Terms whose values differ by a smaller share are one, written in two ways.
const SAME: f64 = 1e-9;

/// Polynomials and all blocks; for products logarithms of variables, and of blocks. The terms of
/// each agree in their units.
pub(super) fn libraries(
    blocks: &[Block],
    columns: &Columns,
    link: Link,
    agreement: &Agreement,
    reach: &Reach,
    rules: &Rules,
) -> Vec<Library> {
    let empty = || Library::new(agreement.clone());
    if link == Link::Product {
        let logs = logarithms(empty(), blocks, reach, rules);
        let powers = rules.tries_powers.then(|| powers(empty(), columns, rules));
        return powers.into_iter().chain([logs]).collect();
    }
    let mut libraries = polynomials(&empty, columns, rules);
    libraries.extend(quotients(empty(), columns, rules));
    if columns.n_features() <= rules.effort.polynomials.max_features {
        let mut plain = empty();
        plain.add_terms(blocks, reach.max_plain, rules);
        libraries.push(plain);
    }
    libraries
        .into_iter()
        .flat_map(Library::of_one_unit)
        .collect()
}

/// Logarithms of blocks, beside blocks that may stand in an exponential.
fn logarithms(mut logs: Library, blocks: &[Block], reach: &Reach, rules: &Rules) -> Library {
    for block in blocks {
        let is_factor =
            !is_product(&block.expression) && rules.constraints.allows_factor(&block.expression);
        if logs.len() < reach.max_logs && is_factor {
            logs.add(block, Term::Log(block.expression.clone()));
        }
    }
    if rules.operators.contains(&Operator::Exp) {
        logs.add_terms(blocks, logs.len() + reach.max_logs, rules);
    }
    logs
}

impl Library {
    /// Adds blocks as they are until there are `max_terms`; sums of terms are what the selection
    /// makes itself.
    fn add_terms(&mut self, blocks: &[Block], max_terms: usize, rules: &Rules) {
        for block in blocks {
            let is_term =
                !is_sum(&block.expression) && rules.constraints.allows_term(&block.expression);
            if self.len() < max_terms && is_term {
                self.add(block, Term::Plain(block.expression.clone()));
            }
        }
    }
}

/// Logarithms of the variables, beside monomials that may stand in an exponential.
fn powers(mut library: Library, columns: &Columns, rules: &Rules) -> Library {
    for expression in monomials(columns.n_features(), 2) {
        let block = block(expression, columns, rules);
        if matches!(block.expression, Expression::Variable(_)) {
            library.add(&block, Term::Log(block.expression.clone()));
        }
        if rules.operators.contains(&Operator::Exp) {
            library.add(&block, Term::Plain(block.expression.clone()));
        }
    }
    library
}

/// Monomials up to degree 2, and up to as high a degree as their number allows.
fn polynomials(empty: &dyn Fn() -> Library, columns: &Columns, rules: &Rules) -> Vec<Library> {
    let n_features = columns.n_features();
    let highest = highest_degree(n_features, &rules.effort.polynomials);
    let degrees = [Some(2), Some(highest).filter(|&degree| degree > 2)];
    degrees
        .into_iter()
        .flatten()
        .map(|degree| {
            let mut library = empty();
            let is_term = |monomial: &Expression| rules.constraints.allows_term(monomial);
            for expression in monomials(n_features, degree).into_iter().filter(is_term) {
                let term = Term::Plain(expression.clone());
                library.add(&block(expression, columns, rules), term);
            }
            library
        })
        .collect()
}

/// Quotients of powers: `1/x1**2 - x2**2/x1**2` is a sum of two. None if there are too many variables.
fn quotients(mut library: Library, columns: &Columns, rules: &Rules) -> Option<Library> {
    let quotients = quotient_blocks(columns, rules)?;
    let is_term = |block: &&Block| rules.constraints.allows_term(&block.expression);
    for block in quotients.iter().filter(is_term) {
        library.add(block, Term::Plain(block.expression.clone()));
    }
    Some(library)
}

fn quotient_blocks(columns: &Columns, rules: &Rules) -> Option<Vec<Block>> {
    let n_features = columns.n_features();
    let degree = highest_degree_of_quotients(n_features, &rules.effort.polynomials)?;
    rules.operators.contains(&Operator::Div).then_some(())?;
    let quotients = quotients_of_monomials(n_features, degree).into_iter();
    let blocks = quotients.map(|quotient| block(quotient, columns, rules));
    Some(
        blocks
            .filter(|block| block.evaluation.is_finite())
            .collect(),
    )
}

/// Enumerated blocks and, before them, the quotients of powers that are too long to be among them:
/// physics adds `x1**2/x2**2` and `log(x2)`.
pub(super) fn with_quotients(blocks: Vec<Block>, columns: &Columns, rules: &Rules) -> Vec<Block> {
    let mut quotients = quotient_blocks(columns, rules).unwrap_or_default();
    let is_same = |a: &Block, b: &Block| {
        let mut values = a.evaluation.values.iter().zip(&b.evaluation.values);
        values.all(|(a, b)| (a - b).abs() <= SAME * a.abs())
    };
    quotients.retain(|quotient| !blocks.iter().any(|block| is_same(quotient, block)));
    quotients.extend(blocks);
    quotients
}

pub(super) fn block(expression: Expression, columns: &Columns, rules: &Rules) -> Block {
    Block {
        complexity: rules.complexity.of(&expression),
        dimension: rules.dimension_of(&expression).unwrap_or(Dimension::Free),
        evaluation: expression.evaluate(columns),
        expression,
    }
}

fn is_sum(expression: &Expression) -> bool {
    matches!(
        expression,
        Expression::Apply(Operator::Add | Operator::Sub, _)
    )
}

/// Products and quotients are made of logarithms of their factors.
fn is_product(expression: &Expression) -> bool {
    matches!(
        expression,
        Expression::Apply(
            Operator::Mul
                | Operator::Div
                | Operator::Exp
                | Operator::Square
                | Operator::Cube
                | Operator::Inv,
            _
        )
    )
}
