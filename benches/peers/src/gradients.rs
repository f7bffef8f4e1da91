//! Formulas recovered from the true gradients of the experiments, exact, distorted and noisy.

use crate::arguments::{Arguments, Outcome};
use crate::judge;
use crate::monotone::Monotone;
use crate::problems::{self, EXPERIMENTS, Problem};
use crate::table::{Table, median_and_highest};
use closedform::{Directions, Expression, Points, SearchOptions, progress, search};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// Added to a seed, gives points that the search of that seed did not see.
const FRESH: u64 = 1000;

/// What happens to the true gradients before the search sees them.
#[derive(Debug, Clone, Copy)]
struct Condition {
    through_phi: bool,
    /// Standard deviation of what is added to each component of the unit directions.
    noise: f64,
}

impl Condition {
    fn label(&self) -> String {
        let through = if self.through_phi { "through phi" } else { "" };
        match (self.through_phi, self.noise) {
            (false, 0.0) => "exact".into(),
            (true, 0.0) => through.into(),
            (false, noise) => format!("{} % noise", 100.0 * noise),
            (true, noise) => format!("{through}, {} % noise", 100.0 * noise),
        }
    }
}

pub fn run(mut arguments: Arguments) -> Outcome {
    let n_seeds: u64 = arguments.value("--seeds")?.unwrap_or(10);
    let percent: Option<f64> = arguments.value("--noise")?;
    let through_phi = arguments.flag("--through-phi");
    let only: String = arguments.value("--only")?.unwrap_or_default();
    arguments.finish()?;

    let condition = |through_phi, percent: f64| Condition {
        through_phi,
        noise: percent / 100.0,
    };
    let conditions = match (percent, through_phi) {
        (None, false) => vec![
            condition(false, 0.0),
            condition(true, 0.0),
            condition(false, 1.0),
            condition(false, 3.0),
            condition(false, 10.0),
        ],
        (percent, through_phi) => vec![condition(through_phi, percent.unwrap_or(0.0))],
    };
    let labels: Vec<String> = conditions.iter().map(Condition::label).collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let mut table = Table::new(&["", "truth"], &labels);
    let mut totals = vec![0; conditions.len()];
    let experiments = EXPERIMENTS
        .iter()
        .filter(|problem| problem.0.starts_with(&only));
    let mut n_searches = 0;
    for problem in experiments {
        let mut row = vec![problem.0.to_string(), format!("`{}`", problem.1)];
        for (condition, total) in conditions.iter().zip(&mut totals) {
            let searches = (0..n_seeds).map(|seed| recover(problem, *condition, seed));
            let searches: Vec<Search> = searches.collect::<Outcome<_>>()?;
            let n_recovered = searches.iter().filter(|search| search.is_recovered).count();
            *total += n_recovered;
            let (median, highest) = median_and_highest(searches.iter().map(|s| s.seconds));
            row.push(format!(
                "{n_recovered}/{n_seeds}, {median:.2} s, {highest:.2} s"
            ));
        }
        table.push(row);
        n_searches += n_seeds;
    }
    let mut last = vec!["all".to_string(), String::new()];
    last.extend(totals.iter().map(|total| format!("{total}/{n_searches}")));
    table.push(last);
    println!("Recovered, median and longest time:\n\n{table}");
    Ok(())
}

struct Search {
    is_recovered: bool,
    seconds: f64,
}

fn recover(problem: &Problem, condition: Condition, seed: u64) -> Outcome<Search> {
    let &(name, formula, ..) = problem;
    let truth = problems::truth(formula);
    let given = directions(problem, &truth, condition, seed)?;
    let exact = Condition {
        through_phi: false,
        noise: 0.0,
    };
    let fresh = directions(problem, &truth, exact, seed + FRESH)?;
    let options = SearchOptions {
        seed,
        ..Default::default()
    };
    let found = search(&given, &options, progress::silent)?;
    let best = found.front.best().ok_or("the search found no formula")?;
    let is_recovered = judge::is_recovered(&best.expression, &truth, &fresh, condition.noise > 0.0);
    eprintln!(
        "{name}, {}, seed {seed}: {} {} in {:.2} s",
        condition.label(),
        if is_recovered {
            "recovered,"
        } else {
            "MISSED,"
        },
        best.expression,
        found.seconds
    );
    Ok(Search {
        is_recovered,
        seconds: found.seconds,
    })
}

fn directions(
    &(_, _, sides, sampling): &Problem,
    truth: &Expression,
    condition: Condition,
    seed: u64,
) -> Outcome<Directions> {
    let points = problems::points(sides, sampling, seed);
    let (values, gradients): (Vec<f64>, Vec<Vec<f64>>) = points
        .chunks_exact(sides.len())
        .map(|point| truth.value_and_gradient(point))
        .unzip();
    // Other random numbers than those the points are made of.
    let mut rng = ChaCha8Rng::seed_from_u64(!seed);
    let phi = Monotone::random(&values, &mut rng);
    let mut seen = Vec::with_capacity(points.len());
    for (value, gradient) in values.iter().zip(gradients) {
        let slope = if condition.through_phi {
            phi.slope(*value)
        } else {
            1.0
        };
        let norm = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
        for component in gradient {
            let stray: f64 = StandardNormal.sample(&mut rng);
            seen.push(slope * (component / norm + condition.noise * stray));
        }
    }
    let points = Points::new(problems::names(sides), points)?;
    Ok(Directions::from_gradients(points, seen)?)
}
