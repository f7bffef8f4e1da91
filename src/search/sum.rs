//! Sums of terms with coefficients: the form in which the search handles formulas.

use super::coefficients::TermGradients;
use super::expression::{Dual, Expression};
use super::loss::Target;

/// `sum_k c_k h_k(x)`.
#[derive(Debug, Clone)]
pub(crate) struct Sum {
    pub coefficients: Vec<f64>,
    pub terms: Vec<Expression>,
}

/// Numbers are shortened to fewer digits as long as the loss rises by no more than this share of
/// itself, or of the directions' noise: they carry no more digits than the data supports.
const ROUNDING_SLACK: f64 = 0.01;
/// The same for a number of one digit, which is far likelier to be meant than 2.03. It is also
/// accepted wherever the loss stays within the noise, as the truth's would.
const PLAIN_NUMBER_SLACK: f64 = 0.1;
/// Losses of this size are rounding error.
const NEGLIGIBLE_LOSS: f64 = 1e-12;

impl Sum {
    /// The terms with their best coefficients and the loss, or `None` if a term isn't finite.
    pub fn fit(
        terms: Vec<Expression>,
        target: &Target,
        max_renewals: usize,
    ) -> Option<(Self, f64)> {
        let duals: Vec<Dual> = terms.iter().map(|term| target.evaluate(term)).collect();
        if !duals.iter().all(Dual::is_finite) {
            return None;
        }
        let all: Vec<usize> = (0..terms.len()).collect();
        let gradients = TermGradients::new(&duals.iter().collect::<Vec<_>>(), target);
        let fit = gradients.fit(&all, max_renewals)?;
        Some((
            Self {
                coefficients: fit.coefficients,
                terms,
            },
            fit.loss,
        ))
    }

    /// The sum as a formula: products first, then functions, each in alphabetical order.
    pub fn to_expression(&self) -> Expression {
        let mut parts: Vec<(f64, Expression)> = self
            .coefficients
            .iter()
            .copied()
            .zip(self.terms.iter().cloned())
            .collect();
        parts.sort_by_cached_key(|(_, term)| (term.has_function(), term.to_string()));
        Expression::weighted_sum(&parts).folded()
    }

    /// The complexity that the sum has at least, whatever its coefficients.
    pub fn least_complexity(&self) -> usize {
        self.terms.iter().map(Expression::complexity).sum::<usize>() + self.terms.len() - 1
    }

    /// Scales the sum so that its numbers are as few and as short as the loss allows.
    ///
    /// Scale is free under direction matching; each coefficient in turn is tried as the unit. The
    /// sign is chosen so that the formula grows along the directions.
    pub fn simplified(&self, target: &Target, noise: f64) -> Option<Expression> {
        let exact = target.evaluate(&self.to_expression());
        let exact_loss = target.gradient_loss(&exact)?;
        let sign = target.mean_cosine(&exact.gradient).signum();
        let units = self.coefficients.iter().filter(|unit| unit.abs() > 0.0);
        units
            .map(|unit| {
                let mut sum = self.clone();
                sum.coefficients
                    .iter_mut()
                    .for_each(|c| *c *= sign / unit.abs());
                sum.shorten(target, exact_loss, noise);
                let expression = sum.to_expression();
                (expression, sum.length_of_numbers())
            })
            .min_by_key(|(expression, length)| (expression.complexity(), *length))
            .map(|(expression, _)| expression)
    }

    fn shorten(&mut self, target: &Target, exact_loss: f64, noise: f64) {
        let accepts = |sum: &Self, n_digits: usize| {
            let limit = match n_digits {
                1 => (exact_loss * (1.0 + PLAIN_NUMBER_SLACK)).max(noise),
                _ => exact_loss + ROUNDING_SLACK * exact_loss.max(noise),
            };
            let loss = target.loss(&sum.to_expression());
            loss.is_some_and(|loss| loss <= limit + NEGLIGIBLE_LOSS)
        };
        // All at once first: one wrong number can hold the others off their plain values.
        let mut plain = self.clone();
        plain
            .numbers_mut()
            .into_iter()
            .for_each(|number| *number = rounded(*number, 1));
        if accepts(&plain, 1) {
            *self = plain;
            return;
        }
        for index in 0..self.numbers_mut().len() {
            let exact = *self.numbers_mut()[index];
            for n_digits in 1..=8 {
                *self.numbers_mut()[index] = rounded(exact, n_digits);
                if accepts(self, n_digits) {
                    break;
                }
                *self.numbers_mut()[index] = exact;
            }
        }
    }

    fn numbers_mut(&mut self) -> Vec<&mut f64> {
        let inner = self.terms.iter_mut().flat_map(Expression::constants_mut);
        self.coefficients.iter_mut().chain(inner).collect()
    }

    /// How many characters the numbers take, so that 2 is shorter than 0.5 and 1.98.
    fn length_of_numbers(&mut self) -> usize {
        self.numbers_mut()
            .into_iter()
            .map(|number| number.abs().to_string().len())
            .sum()
    }
}

/// The number with `n_digits` significant decimal digits.
fn rounded(number: f64, n_digits: usize) -> f64 {
    format!("{number:.*e}", n_digits - 1)
        .parse()
        .unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_keeps_significant_digits() {
        assert_eq!(rounded(2.0017, 1), 2.0);
        assert_eq!(rounded(-0.012345, 3), -0.0123);
        assert_eq!(rounded(1234.5, 2), 1200.0);
    }
}
