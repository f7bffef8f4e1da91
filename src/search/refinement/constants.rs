//! Numbers inside formulas: fitted by Levenberg and Marquardt's method, then shortened.

use crate::effort::{Effort, Shortening};
use crate::formula::{Columns, Evaluator, Tape};
use crate::formula::{Expression, Named};
use crate::numerics::rounded;
use crate::search::objective::{LeastSquares, Likelihood, Objective};
use faer::linalg::solvers::Solve;
use faer::{Mat, Side};
use std::f64::consts::{E, PI, SQRT_2};

/// Below this no damping makes a difference.
const LEAST_DAMPING: f64 = 1e-12;
/// The least diagonal entry of the curvature, as a share of them all, that is damped in proportion:
/// a constant without influence must not move at will.
const LEAST_SHARE: f64 = 1e-9;

/// Fits all constants of a formula, with analytic derivatives; returns it with its loss.
///
/// The damping makes up for directions that don't change the loss, such as a common scale. Where
/// the residuals are linear in the values, coefficients are solved for after every step of the
/// other numbers (variable projection; Golub & Pereyra 1973, in Kaufman's simpler form of 1975):
/// in `a exp(b x) + c x` a step of `b` alone makes things worse, unless `a` and `c` follow.
pub(crate) fn fitted(
    expression: &Expression,
    objective: &dyn Objective,
    effort: &Effort,
    max_steps: usize,
) -> Option<(Expression, f64)> {
    let limits = &effort.constants;
    let mut tape = Tape::new(expression);
    let mut evaluator = Evaluator::new();
    let columns = objective.columns();
    let mut loss = objective.loss(evaluator.gradients(&tape, columns))?;
    let exact = objective.resolution() * effort.exactness.fitted;
    let n_constants = tape.constants().len();
    let mut damping = limits.first_damping;
    let is_fit = n_constants > 0 && n_constants <= limits.max_constants;
    let squares = objective.least_squares().filter(|_| is_fit);
    let coefficients = match squares {
        Some(squares) if squares.is_linear() => expression.linear_constants(),
        _ => vec![false; n_constants],
    };
    let n_coefficients = coefficients.iter().filter(|is_one| **is_one).count();
    let is_projected = n_coefficients > 0 && n_coefficients < n_constants;
    let with_loss = |tape: Tape, evaluator: &mut Evaluator| {
        let loss = objective.loss(evaluator.gradients(&tape, columns))?;
        Some((tape, loss))
    };
    if is_projected && max_steps > 0 {
        let solved = squares.and_then(|squares| {
            let solved = solved(squares, &tape, &coefficients, &mut evaluator, columns)?;
            with_loss(solved, &mut evaluator)
        });
        if let Some(lower) = solved.filter(|(_, lower)| *lower < loss) {
            (tape, loss) = lower;
        }
    }
    for _ in 0..max_steps {
        let Some(squares) = squares.filter(|_| loss >= exact) else {
            break;
        };
        let all = |_: &usize| true;
        let Some((slopes, residuals)) = slopes(squares, &tape, &mut evaluator, columns, all) else {
            break;
        };
        let before = loss;
        while damping < limits.max_damping {
            let damped = coefficients
                .iter()
                .map(|is_one| if *is_one { LEAST_DAMPING } else { damping });
            let step = damped_step(&slopes, &residuals, &damped.collect::<Vec<f64>>());
            let mut moved = step.map(|step| shifted(&tape, &step, |_| true));
            if is_projected {
                moved = moved.and_then(|moved| {
                    solved(squares, &moved, &coefficients, &mut evaluator, columns)
                });
            }
            let reached = moved.and_then(|moved| with_loss(moved, &mut evaluator));
            match reached {
                Some((moved, lower)) if lower < loss => {
                    (tape, loss) = (moved, lower);
                    damping = (damping / limits.damping_factor).max(LEAST_DAMPING);
                    break;
                }
                // A step that isn't damped stays the same.
                _ if n_coefficients == n_constants => break,
                _ => damping *= limits.damping_factor,
            }
        }
        if before - loss <= limits.settled * before {
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

/// The formula with the best coefficients for its other numbers.
fn solved(
    squares: &dyn LeastSquares,
    tape: &Tape,
    coefficients: &[bool],
    evaluator: &mut Evaluator,
    columns: &Columns,
) -> Option<Tape> {
    let is_coefficient = |constant: &usize| coefficients[*constant];
    let (slopes, residuals) = slopes(squares, tape, evaluator, columns, is_coefficient)?;
    let damping = vec![LEAST_DAMPING; slopes.len()];
    let step = damped_step(&slopes, &residuals, &damping)?;
    Some(shifted(tape, &step, is_coefficient))
}

/// How the residuals change with some of the constants, and the residuals.
fn slopes(
    squares: &dyn LeastSquares,
    tape: &Tape,
    evaluator: &mut Evaluator,
    columns: &Columns,
    is_asked: impl Fn(&usize) -> bool,
) -> Option<(Vec<Vec<f64>>, Vec<f64>)> {
    let found = evaluator.gradients(tape, columns).clone();
    let residuals = squares.residuals(&found)?;
    let asked = (0..tape.constants().len()).filter(is_asked);
    let slopes = asked.map(|constant| {
        let sensitivity = evaluator.sensitivity(tape, constant, columns);
        squares.slopes(&found, &sensitivity)
    });
    Some((slopes.collect(), residuals))
}

/// The formula with some of its constants moved by a step.
fn shifted(tape: &Tape, step: &[f64], is_moved: impl Fn(&usize) -> bool) -> Tape {
    let mut shifted = tape.clone();
    let constants = shifted.constants_mut().iter_mut().enumerate();
    let moved = constants.filter(|(index, _)| is_moved(index));
    moved
        .zip(step)
        .for_each(|((_, constant), step)| *constant -= step);
    shifted
}

/// Solves `(J^T J + damping D) step = J^T r`, where `D` is the diagonal of `J^T J`.
fn damped_step(slopes: &[Vec<f64>], residuals: &[f64], damping: &[f64]) -> Option<Vec<f64>> {
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
    for (i, damping) in damping.iter().enumerate() {
        normal[(i, i)] += damping * (normal[(i, i)] + LEAST_SHARE * trace) + f64::MIN_POSITIVE;
    }
    let right = Mat::from_fn(n, 1, |i, _| dot(&slopes[i], residuals));
    let step = normal.llt(Side::Lower).ok()?.solve(&right);
    let step: Vec<f64> = step.col(0).iter().copied().collect();
    step.iter().all(|value| value.is_finite()).then_some(step)
}

/// The formula with numbers that are as short as the loss allows, and its loss.
pub(crate) fn shortened(
    expression: &Expression,
    loss: f64,
    objective: &dyn Objective,
    noise: f64,
    effort: &Effort,
) -> (Expression, f64) {
    if !effort.stages.shortening {
        return (expression.clone(), loss);
    }
    let limits = &effort.shortening;
    let mut evaluator = Evaluator::new();
    let resolution = objective.resolution();
    let likelihood = objective.likelihood();
    let (plain_slack, slack, zero_slack) = match likelihood {
        Likelihood::Independent(_) => (
            likelihood.slack(loss, limits.plain_likelihood),
            likelihood.slack(loss, limits.digits_likelihood),
            likelihood.slack(loss, limits.zero_likelihood),
        ),
        _ => (
            limits.plain_slack * loss,
            limits.slack * loss.max(noise),
            limits.slack * loss.max(noise),
        ),
    };
    let plain_limit = (loss + plain_slack).max(noise) + resolution;
    let nats = expression.n_constants() as f64 * limits.plain_likelihood;
    let all_plain_limit = plain_limit.max(loss + likelihood.slack(loss, nats));
    let other_limit = loss + slack + resolution;
    let mut judge = |expression: &Expression, limit: f64| {
        let found = evaluator.gradients(&Tape::new(expression), objective.columns());
        let reached = objective.loss(found)?;
        (reached <= limit || objective.is_exact(reached, found)).then_some(reached)
    };
    // All at once first: one wrong number can hold the others off their plain values.
    let mut best = (expression.clone(), loss);
    let plain = with_plain_numbers(expression, limits);
    let reached = judge(&plain, all_plain_limit);
    let is_plain = reached.is_some();
    if let Some(reached) = reached {
        best = (plain, reached);
    }
    for (index, is_divisor) in expression.divisors().into_iter().enumerate() {
        let exact = *best.0.constants_mut()[index];
        let mut candidates = vec![(0.0, loss + zero_slack + resolution)];
        if !is_plain {
            let plain = plain_numbers(exact, limits).into_iter();
            candidates.extend(plain.map(|number| (number, plain_limit)));
            let few_digits = match likelihood {
                // With noise, some special number is always near: the data must fix more digits.
                Likelihood::Independent(_) => limits.max_unspecial_digits,
                _ => 1,
            };
            let others = short_numbers(exact, is_divisor, few_digits, limits).into_iter();
            candidates.extend(others.map(|number| (number, other_limit)));
        }
        for (number, limit) in candidates {
            let mut variant = best.0.clone();
            *variant.constants_mut()[index] = number;
            if let Some(reached) = judge(&variant, limit) {
                best = (variant, reached);
                break;
            }
        }
    }
    best
}

/// The formula with the nearest plain number for each of its own.
pub(super) fn with_plain_numbers(expression: &Expression, limits: &Shortening) -> Expression {
    let mut plain = expression.clone();
    for number in plain.constants_mut() {
        *number = plain_numbers(*number, limits)[0];
    }
    plain
}

/// A number of one digit, and before it the nearest whole number if there is one.
fn plain_numbers(number: f64, limits: &Shortening) -> Vec<f64> {
    let whole = number.round();
    let digit = rounded(number, 1);
    if whole != 0.0 && whole.abs() < limits.max_plain {
        vec![whole, digit]
    } else {
        vec![digit]
    }
}

/// Numbers near a given one that are shorter, the shortest first: with a few digits, then the usual
/// special numbers, then with more digits, and all others with a name before the most digits.
///
/// Of a divisor, the inverse may be the short one.
fn short_numbers(
    number: f64,
    is_divisor: bool,
    few_digits: usize,
    limits: &Shortening,
) -> Vec<f64> {
    let digits = |n_digits| {
        let inverse = is_divisor.then(|| 1.0 / rounded(1.0 / number, n_digits));
        [rounded(number, n_digits)].into_iter().chain(inverse)
    };
    let named = Named::near(number.abs(), limits.near_named);
    let named = named.map(|named| named.value().copysign(number));
    let short = (2..=few_digits).flat_map(digits);
    let long = (few_digits.max(1) + 1..=limits.max_unnamed_digits).flat_map(digits);
    let longest = (limits.max_unnamed_digits + 1..=limits.max_digits).flat_map(digits);
    let numbers = short
        .chain(special_numbers(number, limits))
        .chain(long)
        .chain(named)
        .chain(longest);
    numbers.filter(|number| number.is_finite()).collect()
}

/// Simple fractions and multiples of pi, e and the root of 2 that lie near a number.
fn special_numbers(number: f64, limits: &Shortening) -> Vec<f64> {
    let fractions = [2.0, 3.0, 4.0].map(|below| ((number * below).round(), 1.0 / below));
    let multiples = [PI, E, SQRT_2].map(|unit| {
        let times = number / unit;
        if times.abs() < 0.75 {
            ((2.0 * times).round(), unit / 2.0)
        } else {
            (times.round(), unit)
        }
    });
    let near = |(times, unit): &(f64, f64)| {
        // Of larger multiples, one is always near.
        let is_special = *times != 0.0 && times.abs() * limits.near_special <= 1.0;
        is_special && (times * unit / number - 1.0).abs() < limits.near_special
    };
    let numbers = fractions.into_iter().chain(multiples).filter(near);
    numbers.map(|(times, unit)| times * unit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::points::Points;
    use crate::search::objective::{DirectionObjective, ValueObjective};
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    fn read(text: &str) -> Expression {
        text.parse().unwrap()
    }

    /// The directions of a formula in two variables, each multiplied by a number.
    fn scaled(text: &str, n: usize, scale: impl Fn(usize) -> f64) -> DirectionObjective {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let mut column = || (0..n).map(|_| rng.random_range(0.5..2.0)).collect();
        let points: Vec<Vec<f64>> = (0..2).map(|_| column()).collect();
        let mut gradient = read(text)
            .evaluate(&Columns::of_one_length(points.clone()))
            .gradient;
        for column in &mut gradient {
            column.resize(n, 0.0);
            let rows = column.iter_mut().enumerate();
            rows.for_each(|(row, value)| *value *= scale(row));
        }
        let names = ["x1", "x2"].map(String::from).to_vec();
        DirectionObjective::from_columns(names, points, gradient)
    }

    fn exact(text: &str) -> DirectionObjective {
        scaled(text, 200, |row| 0.1 + row as f64)
    }

    fn loss(expression: &Expression, objective: &DirectionObjective) -> Option<f64> {
        objective.loss(&expression.evaluate(objective.columns()))
    }

    fn fit(
        start: &Expression,
        objective: &dyn Objective,
        max_steps: usize,
    ) -> Option<(Expression, f64)> {
        fitted(start, objective, &Effort::DEFAULT, max_steps)
    }

    /// The truth, and where the fit starts.
    const FITS: [(&str, &str); 6] = [
        ("exp(1.7*x1) + 2.3*x1*x2", "exp(1.5*x1) + 1.9*x1*x2"),
        ("sin(2.2*x1) + 0.7*x2", "sin(2*x1) + 1*x2"),
        ("x1*x2 + 3.4*sin(x1 + 0.6)", "x1*x2 + 2*sin(x1 + 1)"),
        ("tanh(0.8*x1 - 1.3*x2)*x1", "tanh(1*x1 - 1*x2)*x1"),
        (
            "log(x1 + 1.25) + x2/(x1 + 0.4)",
            "log(x1 + 1) + x2/(x1 + 1)",
        ),
        ("sqrt(x1**2 + 2.5) + 0.3*x2**2", "sqrt(x1**2 + 1) + 1*x2**2"),
    ];

    fn assert_recovers(objective_of: impl Fn(&str) -> DirectionObjective) {
        for (truth, start) in FITS {
            let objective = objective_of(truth);
            let (found, reached) = fit(&read(start), &objective, 60).unwrap();
            for (found, expected) in found.constants().iter().zip(read(truth).constants()) {
                assert!(
                    (found - expected).abs() < 1e-6 * expected.abs(),
                    "{truth}: {found}, not {expected}, at loss {reached:e}"
                );
            }
        }
    }

    #[test]
    fn constants_are_recovered_from_exact_directions() {
        assert_recovers(exact);
    }

    #[test]
    fn constants_are_recovered_from_directions_that_all_point_back() {
        assert_recovers(|truth| scaled(truth, 200, |_| -1.0));
    }

    #[test]
    fn constants_are_recovered_where_each_direction_has_a_sign_of_its_own() {
        assert_recovers(|truth| {
            let turned = scaled(truth, 200, |row| if row % 2 == 0 { 1.0 } else { -1.0 });
            turned.sign_free()
        });
    }

    #[test]
    fn a_fit_never_raises_the_loss_and_tells_the_loss_it_reached() {
        let formulas = [
            "1*x1 + 1*x2",
            "sin(5*x1)*x2 + 3",
            "exp(2*x1 - 4*x2) + 0.1*x1*x2",
            "x1/(x2 + 0.5) + 2*tan(0.3*x1)",
            "abs(x1 - 1.2) + 0.4*x2",
            "powi(x1 + 1, 3) - 2*x2",
            "max(1.1*x1, 0.9*x2) + 0.3*x1*x2",
        ];
        let mut n_lowered = 0;
        for text in formulas {
            for truth in ["x1*x2 + sin(3*x1)", "x1/x2", "exp(x1) - x2**3"] {
                let (start, objective) = (read(text), exact(truth));
                let before = loss(&start, &objective).unwrap();
                for max_steps in [0, 1, 12] {
                    let (found, after) = fit(&start, &objective, max_steps).unwrap();
                    let checked = loss(&found, &objective).unwrap();
                    assert!(after <= before, "{text}: {before} {after}");
                    assert!((after - checked).abs() < 1e-14, "{text}: {after} {checked}");
                    assert!(max_steps > 0 || found == start);
                    n_lowered += usize::from(after < before);
                }
            }
        }
        assert!(n_lowered > 20, "{n_lowered}");
    }

    #[test]
    fn a_formula_that_is_not_finite_has_no_fit() {
        assert_eq!(fit(&read("log(x1 - 5)"), &exact("x1*x2"), 12), None);
    }

    fn values(text: &str) -> ValueObjective {
        let mut rng = ChaCha8Rng::seed_from_u64(4);
        let points: Vec<f64> = (0..400).map(|_| rng.random_range(0.5..3.0)).collect();
        let targets = points.chunks(2).map(|x| read(text).value(x)).collect();
        let points = Points::new(["x1", "x2"].map(String::from).to_vec(), points).unwrap();
        ValueObjective::new(&points, targets).unwrap()
    }

    #[test]
    fn coefficients_follow_the_numbers_inside() {
        let fits = [
            (
                "exp(0.5*x1) - x2",
                "2.15*exp(0.38*x1) - 0.38*x1 - 1*x2 - 1.1",
            ),
            ("5*x1/(x2 + 1.3)", "2*x1/(x2 + 3) + 0.1*x2 + 1"),
            (
                "7*exp(-1.2*x1) + 2*exp(-0.3*x1)",
                "1*exp(-2*x1) + 1*exp(-1*x1)",
            ),
        ];
        for (truth, start) in fits {
            let (found, reached) = fit(&read(start), &values(truth), 20).unwrap();
            assert!(reached < 1e-16, "{truth}: {found}, {reached:e}");
        }
    }

    #[test]
    fn large_coefficients_are_fitted_in_one_step() {
        let (found, _) = fit(
            &read("1*x1 + 1*x2 + 1"),
            &values("3e7*x1 - 2000*x2 + 5e5"),
            1,
        )
        .unwrap();
        for (found, expected) in found.constants().iter().zip([3e7, -2000.0, 5e5]) {
            assert!((found / expected - 1.0).abs() < 1e-6, "{found} {expected}");
        }
    }

    fn short(text: &str, truth: &str, noise: f64) -> Expression {
        let (start, objective) = (read(text), exact(truth));
        let before = loss(&start, &objective).unwrap();
        let (found, after) = shortened(&start, before, &objective, noise, &Effort::DEFAULT);
        assert!((after - loss(&found, &objective).unwrap()).abs() < 1e-14);
        found
    }

    #[test]
    fn numbers_next_to_whole_ones_and_to_pi_become_these() {
        let found = short("exp(1.9999999*x1) + 3.0000001*x2", "exp(2*x1) + 3*x2", 0.0);
        assert_eq!(found, read("exp(2*x1) + 3*x2"));
        let found = short("sin(3.14159265*x1) + x2", "sin(pi*x1) + x2", 0.0);
        assert_eq!(found, read("sin(pi*x1) + x2"));
        let found = short("sin(-1.5707963*x1) + x2", "sin(-pi/2*x1) + x2", 0.0);
        assert_eq!(found.constants(), [-PI / 2.0]);
        let found = short("x1**3 + 0.33333331*x2", "x1**3 + x2/3", 0.0);
        assert_eq!(found.constants(), [1.0 / 3.0]);
    }

    #[test]
    fn numbers_keep_the_digits_that_the_data_support() {
        let found = short("exp(2.03*x1) + x2", "exp(2.03*x1) + x2", 0.0);
        assert_eq!(found.constants(), [2.03]);
        let found = short("exp(2.0299999998*x1) + x2", "exp(2.03*x1) + x2", 0.0);
        assert_eq!(found.constants(), [2.03]);
        let found = short("exp(2.03*x1) + 1.7182*x2", "exp(2.03*x1) + 1.7182*x2", 0.0);
        assert_eq!(found.constants(), [2.03, 1.7182]);
    }

    #[test]
    fn noise_lets_numbers_become_plain() {
        let found = short("exp(2.03*x1) + x2", "exp(2.03*x1) + x2", 0.01);
        assert_eq!(found.constants(), [2.0]);
    }

    #[test]
    fn rounding_keeps_significant_digits() {
        assert_eq!(rounded(2.0017, 1), 2.0);
        assert_eq!(rounded(-0.012345, 3), -0.0123);
        assert_eq!(rounded(1234.5, 2), 1200.0);
    }

    #[test]
    fn special_numbers_are_found_near_a_number() {
        let special_numbers = |number| super::special_numbers(number, &Shortening::DEFAULT);
        assert!(special_numbers(rounded(PI, 5)).contains(&PI));
        assert!(special_numbers(rounded(-PI / 2.0, 5)).contains(&(-PI / 2.0)));
        assert!(special_numbers(0.3332).contains(&(1.0 / 3.0)));
        assert!(special_numbers(1.1).is_empty());
    }
}
