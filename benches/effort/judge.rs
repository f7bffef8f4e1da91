//! Searches a problem and judges the result on fresh points.

use crate::arguments::Arguments;
use crate::changes::Numbers;
use crate::clock::Clock;
use crate::problems::{Given, Problem};
use crate::records::Outcome;
use closedform::search::{DirectionObjective, LabelLoss};
use closedform::{
    Directions, Expression, LabelObjective, Objective, Operator, Points, Result, SearchOptions,
    ValueObjective, search_for,
};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use std::ops::ControlFlow;

const N_FRESH: usize = 1000;
/// How much more complex than the truth a formula may be: one more number.
const SPARE_COMPLEXITY: usize = 4;
/// The largest deviation of the mean `|cos|` from 1, for directions.
const MAX_TURN: f64 = 1e-4;
/// The largest error for values without noise, as a share of their spread.
const MAX_SHARE: f64 = 1e-4;
/// The largest error for noisy values, as a share of the noise; a fit to hundreds of points can
/// reach it.
const MAX_SHARE_OF_NOISE: f64 = 0.5;
/// The largest share of labels that the formula's sign gets wrong.
const MAX_WRONG: f64 = 0.01;

/// Searches a problem with these numbers. The seed fixes the points, the noise and the search.
pub fn searched(
    problem: &Problem,
    seed: u64,
    numbers: &Numbers,
    arguments: &Arguments,
) -> Result<Outcome> {
    let truth: Expression = problem.formula.parse()?;
    let objective = objective(problem, &truth, seed, numbers)?;
    let operators = ["+,-,*,/,sin,exp", problem.operators].join(",");
    let options = SearchOptions {
        operators: Operator::parse_list(operators.trim_end_matches(','))?,
        n_generations: arguments.n_generations,
        effort: numbers.effort,
        seed,
        ..SearchOptions::default()
    };
    let clock = Clock::start();
    let found = search_for(objective.as_ref(), &options, |_| {
        if clock.seconds() < arguments.limit {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    })?;
    let seconds = clock.seconds();
    let mut outcome = Outcome {
        is_recovered: false,
        seconds,
        formula: "nothing".into(),
        complexity: 0,
        error: 1.0,
        stop_reason: found.stop_reason.to_string(),
    };
    if let Some(best) = found.front.best() {
        let allowed = match problem.given {
            Given::Directions => MAX_TURN,
            Given::Values if problem.noise > 0.0 => MAX_SHARE_OF_NOISE * problem.noise,
            Given::Values => MAX_SHARE,
            Given::Labels => MAX_WRONG,
        };
        outcome.formula = found.front.formula(best);
        outcome.complexity = best.complexity;
        outcome.error = error(problem, &truth, &best.expression, seed)?;
        outcome.is_recovered =
            outcome.error < allowed && best.complexity <= truth.complexity() + SPARE_COMPLEXITY;
    }
    Ok(outcome)
}

fn objective(
    problem: &Problem,
    truth: &Expression,
    seed: u64,
    numbers: &Numbers,
) -> Result<Box<dyn Objective>> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let points = points(problem, problem.n_points(), &mut rng)?;
    let rows = points.rows();
    Ok(match problem.given {
        Given::Directions => {
            let gradients = rows.flat_map(|row| {
                let gradient = truth.value_and_gradient(row).1;
                let length = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
                let components = gradient.into_iter();
                let noise = problem.noise;
                let noisy = components.map(|g| g / length + noise * normal(&mut rng));
                noisy.collect::<Vec<f64>>()
            });
            let gradients = gradients.collect();
            let directions = Directions::from_gradients(points.clone(), gradients)?;
            Box::new(DirectionObjective::new(&directions).with_fits(numbers.directions))
        }
        Given::Values => {
            let values: Vec<f64> = rows.map(|row| truth.value(row)).collect();
            let scatter = problem.noise * spread(&values);
            let noisy = values
                .iter()
                .map(|value| value + scatter * normal(&mut rng));
            let noisy = noisy.collect();
            let objective = ValueObjective::new(&points, noisy)?;
            Box::new(objective.with_fits(numbers.values))
        }
        Given::Labels => {
            let labels = rows.map(|row| (truth.value(row) > 0.0) ^ rng.random_bool(problem.noise));
            let labels = labels.collect();
            let objective = LabelObjective::new(&points, labels, LabelLoss::Logistic)?;
            Box::new(objective.with_fits(numbers.labels))
        }
    })
}

/// The error of a formula against the truth, on fresh points without noise.
fn error(problem: &Problem, truth: &Expression, found: &Expression, seed: u64) -> Result<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(1);
    let points = points(problem, N_FRESH, &mut rng)?;
    let rows = points.rows();
    let values =
        |formula: &Expression| -> Vec<f64> { rows.clone().map(|row| formula.value(row)).collect() };
    Ok(match problem.given {
        Given::Directions => {
            let gradients = rows.flat_map(|row| truth.value_and_gradient(row).1);
            let gradients = gradients.collect();
            let exact = Directions::from_gradients(points.clone(), gradients)?;
            1.0 - exact.mean_abs_cosine(found)
        }
        Given::Values => {
            let (expected, found) = (values(truth), values(found));
            let pairs = expected.iter().zip(&found);
            let square: f64 = pairs.map(|(a, b)| (a - b).powi(2)).sum();
            let error = (square / N_FRESH as f64).sqrt() / spread(&expected);
            if error.is_finite() { error } else { 1.0 }
        }
        Given::Labels => {
            let (expected, found) = (values(truth), values(found));
            let mut pairs = expected.iter().zip(&found);
            let n_wrong = pairs.by_ref().filter(|(a, b)| (**a > 0.0) != (**b > 0.0));
            n_wrong.count() as f64 / N_FRESH as f64
        }
    })
}

fn points(problem: &Problem, n: usize, rng: &mut impl Rng) -> Result<Points> {
    let names = (1..=problem.sides.len()).map(|number| format!("x{number}"));
    let sides = (0..n).flat_map(|_| problem.sides);
    let drawn = sides.map(|(low, high)| rng.random_range(*low..*high));
    Points::new(names, drawn.collect::<Vec<_>>())
}

fn normal(rng: &mut impl Rng) -> f64 {
    rng.sample(StandardNormal)
}

/// The standard deviation.
fn spread(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let square: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (square / n).sqrt()
}
