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
/// Longer sums are not improved by exchange, which takes time with their length.
const MAX_EXCHANGED: usize = 4;
/// In a larger library not all pairs are tried, only partners of the best term.
const MAX_PAIRED: usize = 70;

/// The libraries for a number of features: monomials up to degree 1, 2 and 3, those of degree 2
/// alone (a quantity has one unit); monomials up to degree 2 beside squares of sums and
/// differences of two variables, or beside every unary operator of a variable, sum or difference.
pub(crate) fn libraries(n_features: usize, operators: &[Operator]) -> Vec<Vec<Expression>> {
    let mut libraries: Vec<_> = (1..=3)
        .map(|degree| monomials(n_features, degree))
        .collect();
    libraries.push(monomials(n_features, 2).split_off(n_features));
    let pairs = sums_and_differences(n_features);
    let mut with_squares = monomials(n_features, 2);
    with_squares.extend(pairs.iter().map(|pair| pair.clone() * pair.clone()));
    libraries.push(with_squares);
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

fn sums_and_differences(n_features: usize) -> Vec<Expression> {
    let mut pairs = Vec::new();
    for first in 0..n_features {
        for second in first + 1..n_features {
            let (a, b) = (Expression::variable(first), Expression::variable(second));
            pairs.push(a.clone() + b.clone());
            pairs.push(a - b);
        }
    }
    pairs
}

/// Every unary operator of every variable, sum and difference of two, and of their negatives.
fn function_terms(n_features: usize, operators: &[Operator]) -> Vec<Expression> {
    let mut arguments: Vec<Expression> = (0..n_features).map(Expression::variable).collect();
    arguments.extend(sums_and_differences(n_features));
    let negatives = arguments
        .clone()
        .into_iter()
        .map(|a| Expression::unary(Operator::Neg, a));
    let negatives: Vec<Expression> = negatives.collect();
    let unary = operators.iter().filter(|operator| operator.arity() == 1);
    unary
        .flat_map(|&operator| {
            // An odd or even function of the negative is the same term up to its sign.
            let is_symmetric = matches!(operator, Operator::Sin | Operator::Cos | Operator::Tanh);
            let negatives = if is_symmetric {
                &[]
            } else {
                negatives.as_slice()
            };
            let all = arguments.iter().chain(negatives);
            all.map(move |argument| Expression::unary(operator, argument.clone()))
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

/// Forward selection with exchange: the best term, the best pair, then one term after the other.
fn pick_one_by_one(gradients: &TermGradients) -> Vec<Vec<usize>> {
    let mut subsets: Vec<Vec<usize>> = Vec::new();
    let mut subset: Vec<usize> = Vec::new();
    while subset.len() < MAX_PICKED.min(gradients.n_terms()) {
        let terms = 0..gradients.n_terms();
        let longer = if subset.len() == 1 && terms.len() <= MAX_PAIRED {
            let pairs = terms.clone().flat_map(|a| (0..a).map(move |b| vec![b, a]));
            least_loss(gradients, pairs)
        } else {
            let others = terms.filter(|term| !subset.contains(term));
            least_loss(
                gradients,
                others.map(|term| [subset.as_slice(), &[term]].concat()),
            )
        };
        match longer {
            Some(longer) => subset = longer,
            None => break,
        }
        if subset.len() <= MAX_EXCHANGED {
            subset = exchanged(gradients, subset);
        }
        subsets.push(subset.clone());
    }
    subsets
}

/// Replaces one term after the other by the library's best for its place: the first one picked
/// may be the wrong function of the right variable.
fn exchanged(gradients: &TermGradients, mut subset: Vec<usize>) -> Vec<usize> {
    for place in 0..subset.len() {
        let others = (0..gradients.n_terms()).filter(|term| !subset.contains(term));
        let variants = others.chain([subset[place]]).map(|term| {
            let mut variant = subset.clone();
            variant[place] = term;
            variant
        });
        if let Some(best) = least_loss(gradients, variants) {
            subset = best;
        }
    }
    subset
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
