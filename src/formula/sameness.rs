//! When two formulas count as the same.

use super::{Columns, Evaluation, Expression};
use crate::numerics::rounded;

/// In what, and how exactly, formulas have to agree to count as the same.
///
/// Whether a formula has the structure of another one, whatever the numbers in both, takes a fit:
/// see [`structure_error`](crate::interpretation::structure_error).
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sameness<'a> {
    /// The same parts in the same order, with numbers that agree in so many digits.
    Written { n_digits: usize },
    /// The same values at these points: the squares of the differences come to at most this share
    /// of the squares by which the first formula's values differ from their mean.
    Values { columns: &'a Columns, share: f64 },
    /// The same gradient directions at these points, as formulas have that are monotone functions
    /// of one another: the mean square of the differences between the unit vectors, one of which
    /// may be turned round everywhere, is below this share.
    Directions { columns: &'a Columns, share: f64 },
}

impl Expression {
    /// Whether two formulas are the same, in the sense and to the tolerance given.
    pub(crate) fn is_same(&self, other: &Self, sameness: Sameness) -> bool {
        match sameness {
            Sameness::Written { n_digits } => {
                self.with_digits(n_digits) == other.with_digits(n_digits)
            }
            Sameness::Values { columns, share } => {
                have_same_values(&self.evaluate(columns), &other.evaluate(columns), share)
            }
            Sameness::Directions { columns, share } => {
                let cosine = mean_cosine(&self.evaluate(columns), &other.evaluate(columns));
                2.0 - 2.0 * cosine.abs() < share
            }
        }
    }

    /// The formula with every number rounded to so many digits.
    fn with_digits(&self, n_digits: usize) -> Self {
        let mut rounded_off = self.clone();
        for number in rounded_off.constants_mut() {
            *number = rounded(*number, n_digits);
        }
        rounded_off
    }
}

fn have_same_values(ours: &Evaluation, theirs: &Evaluation, share: f64) -> bool {
    let mean = ours.values.iter().sum::<f64>() / ours.values.len() as f64;
    let pairs = ours.values.iter().zip(&theirs.values);
    let difference: f64 = pairs.map(|(a, b)| (a - b).powi(2)).sum();
    let spread: f64 = ours.values.iter().map(|a| (a - mean).powi(2)).sum();
    ours.values.len() == theirs.values.len() && difference <= share * spread
}

/// The mean cosine between two formulas' gradients, over the points where both have one.
fn mean_cosine(ours: &Evaluation, theirs: &Evaluation) -> f64 {
    let entry = |column: &Vec<f64>, row: usize| column.get(row).copied().unwrap_or(0.0);
    let dot = |a: &Evaluation, b: &Evaluation, row: usize| -> f64 {
        let pairs = a.gradient.iter().zip(&b.gradient);
        pairs.map(|(a, b)| entry(a, row) * entry(b, row)).sum()
    };
    let cosines: Vec<f64> = (0..ours.values.len())
        .map(|row| {
            dot(ours, theirs, row) / (dot(ours, ours, row) * dot(theirs, theirs, row)).sqrt()
        })
        .filter(|cosine| cosine.is_finite())
        .collect();
    cosines.iter().sum::<f64>() / cosines.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn are_same(first: &str, second: &str, sameness: Sameness) -> bool {
        let read = |text: &str| -> Expression { text.parse().unwrap() };
        read(first).is_same(&read(second), sameness)
    }

    #[test]
    fn written_alike_up_to_the_last_digits() {
        let digits = |n_digits| Sameness::Written { n_digits };
        assert!(are_same("2*x1 + x2", "2.0001*x1 + x2", digits(4)));
        assert!(!are_same("2*x1 + x2", "2.0001*x1 + x2", digits(5)));
        assert!(!are_same("x1 + x2", "x2 + x1", digits(1)));
    }

    #[test]
    fn equal_in_value_or_in_direction() {
        let column = |step: f64| (1..50).map(|row| (step * f64::from(row)).sin()).collect();
        let columns = &Columns::of_one_length(vec![column(1.0), column(1.7)]);
        let values = |share| Sameness::Values { columns, share };
        let directions = |share| Sameness::Directions { columns, share };
        assert!(are_same("x1 + x2", "x2 + x1", values(0.0)));
        assert!(are_same("x1 + x2", "x1 + 1.001*x2", values(1e-4)));
        assert!(!are_same("x1 + x2", "x1 + 1.1*x2", values(1e-4)));
        assert!(!are_same("x1 + x2", "exp(x1 + x2)", values(1e-4)));
        assert!(are_same("x1 + x2", "exp(-x1 - x2)", directions(1e-4)));
        assert!(!are_same("x1 + x2", "x1 + 1.1*x2", directions(1e-4)));
    }
}
