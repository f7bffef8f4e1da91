//! Libraries of terms, and the sums that can be picked from them without any evolution.

use super::coefficients::TermGradients;
use super::expression::{Dual, Expression};
use super::loss::Target;
use super::operator::Operator;
use super::sum::Sum;

/// A library with more terms than this is left to the evolution.
const MAX_TERMS: usize = 160;
/// Above this many terms, those that contribute least are dropped several at a time.
const MAX_CAREFUL: usize = 12;
const MAX_RENEWALS: usize = 6;
/// Sums picked term by term stop at this length.
const MAX_PICKED: usize = 6;

/// The libraries for a number of features: monomials up to degree 1, 2 and 3, those of degree 2
/// alone (a quantity has one unit), and monomials up to degree 2 beside every unary operator of
/// one variable and of sums and differences of two.
pub(crate) fn libraries(n_features: usize, operators: &[Operator]) -> Vec<Vec<Expression>> {
    let mut libraries: Vec<_> = (1..=3)
        .map(|degree| monomials(n_features, degree))
        .collect();
    libraries.push(monomials(n_features, 2).split_off(n_features));
    let mut with_functions = monomials(n_features, 2);
    with_functions.extend(function_terms(n_features, operators));
    libraries.push(with_functions);
    libraries.retain(|library| library.len() <= MAX_TERMS);
    libraries
}

/// All products of at most `degree` variables.
fn monomials(n_features: usize, degree: usize) -> Vec<Expression> {
    let mut all: Vec<(usize, Expression)> = (0..n_features)
        .map(|index| (index, Expression::variable(index)))
        .collect();
    let mut last = all.clone();
    for _ in 1..degree {
        last = last
            .iter()
            .flat_map(|(highest, product)| {
                (*highest..n_features)
                    .map(|index| (index, product.clone() * Expression::variable(index)))
            })
            .collect();
        all.extend(last.iter().cloned());
    }
    all.into_iter().map(|(_, product)| product).collect()
}

fn function_terms(n_features: usize, operators: &[Operator]) -> Vec<Expression> {
    let mut arguments: Vec<Expression> = (0..n_features).map(Expression::variable).collect();
    for first in 0..n_features {
        for second in 0..n_features {
            let (a, b) = (Expression::variable(first), Expression::variable(second));
            if first < second {
                arguments.push(a.clone() + b.clone());
            }
            if first != second {
                arguments.push(a - b);
            }
        }
    }
    let unary = operators.iter().filter(|operator| operator.arity() == 1);
    unary
        .flat_map(|&operator| {
            arguments
                .iter()
                .map(move |argument| Expression::unary(operator, argument.clone()))
        })
        .collect()
}

/// Good sums of a library's terms, of every length: from all terms downward, and from one upward.
pub(crate) fn sums(library: &[Expression], target: &Target) -> Vec<Sum> {
    let (terms, duals): (Vec<&Expression>, Vec<Dual>) = library
        .iter()
        .map(|term| (term, target.evaluate(term)))
        .filter(|(_, dual)| dual.is_finite())
        .unzip();
    let gradients = TermGradients::new(&duals.iter().collect::<Vec<_>>(), target);
    let mut sums = Vec::new();
    let mut keep = |subset: &[usize]| {
        if let Some(fit) = gradients.fit(subset, MAX_RENEWALS) {
            sums.push(Sum {
                coefficients: fit.coefficients,
                terms: subset.iter().map(|&index| terms[index].clone()).collect(),
            });
        }
    };
    eliminate(&gradients).iter().for_each(|subset| keep(subset));
    pick_one_by_one(&gradients)
        .iter()
        .for_each(|subset| keep(subset));
    sums
}

/// Backward elimination: subsets of falling length, recorded once they are short.
fn eliminate(gradients: &TermGradients) -> Vec<Vec<usize>> {
    let mut subset: Vec<usize> = (0..gradients.n_terms()).collect();
    let mut subsets = Vec::new();
    while !subset.is_empty() {
        if subset.len() <= MAX_CAREFUL {
            subsets.push(subset.clone());
        }
        if subset.len() == 1 {
            break;
        }
        let shorter = if subset.len() > MAX_CAREFUL {
            without_least(gradients, &subset)
        } else {
            least_loss(
                gradients,
                (0..subset.len()).map(|out| without(&subset, out)),
            )
        };
        match shorter {
            Some(shorter) => subset = shorter,
            None => break,
        }
    }
    subsets
}

/// Forward selection: the term that helps most, then the best beside it, and so on.
fn pick_one_by_one(gradients: &TermGradients) -> Vec<Vec<usize>> {
    let mut subsets: Vec<Vec<usize>> = Vec::new();
    let mut subset: Vec<usize> = Vec::new();
    while subset.len() < MAX_PICKED.min(gradients.n_terms()) {
        let longer = (0..gradients.n_terms())
            .filter(|term| !subset.contains(term))
            .map(|term| [subset.as_slice(), &[term]].concat());
        match least_loss(gradients, longer) {
            Some(longer) => subset = longer,
            None => break,
        }
        subsets.push(subset.clone());
    }
    subsets
}

fn without(subset: &[usize], out: usize) -> Vec<usize> {
    let mut shorter = subset.to_vec();
    shorter.remove(out);
    shorter
}

fn without_least(gradients: &TermGradients, subset: &[usize]) -> Option<Vec<usize>> {
    let contributions = gradients.contributions(subset, MAX_RENEWALS)?;
    let mut order: Vec<usize> = (0..subset.len()).collect();
    order.sort_by(|&a, &b| contributions[b].total_cmp(&contributions[a]));
    order.truncate((subset.len() * 7 / 8).max(MAX_CAREFUL));
    order.sort_unstable();
    Some(order.into_iter().map(|place| subset[place]).collect())
}

fn least_loss(
    gradients: &TermGradients,
    subsets: impl Iterator<Item = Vec<usize>>,
) -> Option<Vec<usize>> {
    subsets
        .filter_map(|subset| gradients.fit(&subset, 2).map(|fit| (fit.loss, subset)))
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, subset)| subset)
}
