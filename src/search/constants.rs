//! Numbers inside formulas: fitted by Levenberg and Marquardt's method, then shortened.

use super::expression::Expression;
use super::objective::Objective;
use super::tape::{Evaluator, Tape};
use faer::linalg::solvers::Solve;
use faer::{Mat, Side};
use std::f64::consts::{E, PI, SQRT_2};

/// Formulas with more constants than this are left as they are.
const MAX_CONSTANTS: usize = 16;
/// Steps stop when the loss falls by less than this share.
const SETTLED: f64 = 1e-6;
const FIRST_DAMPING: f64 = 1e-3;
const MAX_DAMPING: f64 = 1e8;

/// Fits all constants of a formula, with analytic derivatives; returns it with its loss.
///
/// The damping makes up for directions that don't change the loss, such as a common scale.
pub(crate) fn fitted(
    expression: &Expression,
    objective: &dyn Objective,
    max_steps: usize,
) -> Option<(Expression, f64)> {
    let mut tape = Tape::new(expression);
    let mut evaluator = Evaluator::new();
    let columns = objective.columns();
    let mut loss = objective.loss(evaluator.gradients(&tape, columns))?;
    let n_constants = tape.constants().len();
    let mut damping = FIRST_DAMPING;
    for _ in 0..max_steps {
        if n_constants == 0 || n_constants > MAX_CONSTANTS || loss < objective.resolution() * 1e-3 {
            break;
        }
        let found = evaluator.gradients(&tape, columns).clone();
        let Some(residuals) = objective.residuals(&found) else {
            break;
        };
        let slopes: Vec<Vec<f64>> = (0..n_constants)
            .map(|constant| {
                let sensitivity = evaluator.sensitivity(&tape, constant, columns);
                objective.residual_slopes(&found, &sensitivity)
            })
            .collect();
        let before = loss;
        while damping < MAX_DAMPING {
            let Some(step) = damped_step(&slopes, &residuals, damping) else {
                damping *= 10.0;
                continue;
            };
            let mut moved = tape.clone();
            let constants = moved.constants_mut().iter_mut();
            constants
                .zip(&step)
                .for_each(|(constant, step)| *constant -= step);
            match objective.loss(evaluator.gradients(&moved, columns)) {
                Some(lower) if lower < loss => {
                    (tape, loss) = (moved, lower);
                    damping = (damping / 10.0).max(1e-12);
                    break;
                }
                _ => damping *= 10.0,
            }
        }
        if before - loss <= SETTLED * before {
            break;
        }
    }
    let mut expression = expression.clone();
    let constants = expression.constants_mut().into_iter();
    constants
        .zip(tape.constants())
        .for_each(|(place, value)| *place = *value);
    Some((expression, loss))
}

/// Solves `(J^T J + damping D) step = J^T r`, where `D` is the diagonal of `J^T J`.
fn damped_step(slopes: &[Vec<f64>], residuals: &[f64], damping: f64) -> Option<Vec<f64>> {
    let n = slopes.len();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let mut normal = Mat::<f64>::zeros(n, n);
    for i in 0..n {
        for j in 0..=i {
            let product = dot(&slopes[i], &slopes[j]);
            normal[(i, j)] = product;
            normal[(j, i)] = product;
        }
    }
    let trace = (0..n).map(|i| normal[(i, i)]).sum::<f64>();
    for i in 0..n {
        normal[(i, i)] += damping * (normal[(i, i)] + 1e-9 * trace) + f64::MIN_POSITIVE;
    }
    let right = Mat::from_fn(n, 1, |i, _| dot(&slopes[i], residuals));
    let step = normal.llt(Side::Lower).ok()?.solve(&right);
    let step: Vec<f64> = step.col(0).iter().copied().collect();
    step.iter().all(|value| value.is_finite()).then_some(step)
}

/// Numbers are shortened as long as the loss rises by no more than this share of itself, or of
/// the noise: they carry no more digits than the data supports.
const ROUNDING_SLACK: f64 = 0.01;
/// The same for a plain number, which is far likelier to be meant than 2.03. It is also accepted
/// wherever the loss stays within the noise, as the truth's would.
const PLAIN_NUMBER_SLACK: f64 = 0.1;
/// The formula with numbers that are as short as the loss allows, and its loss.
pub(crate) fn shortened(
    expression: &Expression,
    loss: f64,
    objective: &dyn Objective,
    noise: f64,
) -> (Expression, f64) {
    let mut evaluator = Evaluator::new();
    let plain_limit = (loss * (1.0 + PLAIN_NUMBER_SLACK)).max(noise) + objective.resolution();
    let other_limit = loss + ROUNDING_SLACK * loss.max(noise) + objective.resolution();
    let mut judge = |expression: &Expression| {
        objective.loss(evaluator.gradients(&Tape::new(expression), objective.columns()))
    };
    // All at once first: one wrong number can hold the others off their plain values.
    let mut best = (expression.clone(), loss);
    let mut plain = expression.clone();
    for number in plain.constants_mut() {
        *number = plain_numbers(*number)[0];
    }
    if let Some(reached) = judge(&plain).filter(|reached| *reached <= plain_limit) {
        return (plain, reached);
    }
    for index in 0..expression.n_constants() {
        let exact = *best.0.constants_mut()[index];
        let nothing = std::iter::once((0.0, other_limit));
        let plain = plain_numbers(exact).into_iter();
        let candidates = nothing.chain(plain.map(|number| (number, plain_limit)));
        let special = special_numbers(exact)
            .into_iter()
            .map(|number| (number, other_limit));
        let rounded = (2..=8).map(|n_digits| (rounded(exact, n_digits), other_limit));
        for (number, limit) in candidates.chain(special).chain(rounded) {
            let mut variant = best.0.clone();
            *variant.constants_mut()[index] = number;
            if let Some(reached) = judge(&variant).filter(|reached| *reached <= limit) {
                best = (variant, reached);
                break;
            }
        }
    }
    best
}

/// A number of one digit, and before it the nearest whole number if there is one.
fn plain_numbers(number: f64) -> Vec<f64> {
    let whole = number.round();
    let digit = rounded(number, 1);
    match whole != 0.0 && whole.abs() < 1000.0 {
        true => vec![whole, digit],
        false => vec![digit],
    }
}

/// Simple fractions and multiples of pi, e and the root of 2 that lie near a number.
fn special_numbers(number: f64) -> Vec<f64> {
    let fractions = [2.0, 3.0, 4.0].map(|below| (number * below).round() / below);
    let multiples = [PI, E, SQRT_2].map(|unit| {
        let times = number / unit;
        unit * if times.abs() < 0.75 {
            (2.0 * times).round() / 2.0
        } else {
            times.round()
        }
    });
    let near = |special: &f64| *special != 0.0 && (special / number - 1.0).abs() < 0.01;
    fractions
        .into_iter()
        .chain(multiples)
        .filter(near)
        .collect()
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

    #[test]
    fn special_numbers_are_found_near_a_number() {
        assert!(special_numbers(3.1416).contains(&PI));
        assert!(special_numbers(-1.5708).contains(&(-PI / 2.0)));
        assert!(special_numbers(0.3332).contains(&(1.0 / 3.0)));
        assert!(special_numbers(2.2).is_empty());
    }
}
