//! Decision functions recovered from noisy labels alone, experiments 1 to 6.

use crate::arguments::{Arguments, Misuse, Outcome};
use crate::judge::Boundary;
use crate::problems::{self, EXPERIMENTS, Problem};
use crate::table::{Table, median_and_highest};
use closedform::{Experiment, LabelObjective, ParetoFront, SearchOptions, progress, search_for};
use closedform::search::LabelLoss;

/// The experiments with one decision function, and its thresholds.
const THRESHOLDS: [&str; 6] = ["1", "5", "1", "1", "1/5", "1"];
const N_SAMPLES: usize = 10_000;

pub fn run(mut arguments: Arguments) -> Outcome {
    let n_seeds: u64 = arguments.value("--seeds")?.unwrap_or(10);
    let only: String = arguments.value("--only")?.unwrap_or_default();
    let loss: Option<String> = arguments.value("--loss")?;
    arguments.finish()?;

    let losses = match loss.as_deref() {
        None => vec![LabelLoss::Hinge, LabelLoss::Logistic],
        Some("hinge") => vec![LabelLoss::Hinge],
        Some("logistic") => vec![LabelLoss::Logistic],
        Some(other) => return Err(Misuse(format!("--loss can't be \"{other}\"")).into()),
    };
    let mut table = Table::new(
        &["", "truth", "loss", "last formula"],
        &["recovered", "on the front", "time", "agreement"],
    );
    for (number, (problem, threshold)) in (1..).zip(EXPERIMENTS.iter().zip(THRESHOLDS)) {
        if !problem.0.starts_with(&only) {
            continue;
        }
        let experiment = Experiment::from_number(number)?;
        let truth = problems::truth(&format!("{} - {threshold}", problem.1));
        let boundary = Boundary::new(truth, &problems::names(problem.2), problem.2)?;
        for &loss in &losses {
            let searches =
                (0..n_seeds).map(|seed| decide(problem, experiment, &boundary, loss, seed));
            let searches: Vec<Search> = searches.collect::<Outcome<_>>()?;
            let count = |is_counted: fn(&Search) -> bool| {
                let n = searches.iter().filter(|search| is_counted(search)).count();
                format!("{n}/{n_seeds}")
            };
            let (median, _) = median_and_highest(searches.iter().map(|s| s.seconds));
            let agreement: f64 = searches.iter().map(|s| s.agreement).sum();
            table.push(vec![
                problem.0.to_string(),
                format!("`{} > {threshold}`", problem.1),
                format!("{loss:?}").to_lowercase(),
                searches
                    .last()
                    .map_or(String::new(), |s| format!("`{}`", s.formula)),
                count(|search| search.is_recovered),
                count(|search| search.is_on_front),
                format!("{median:.2} s"),
                format!("{:.2} %", 100.0 * agreement / n_seeds as f64),
            ]);
        }
    }
    println!(
        "Recovered from {N_SAMPLES} labels, median time, mean agreement with fresh labels:\n\n{table}"
    );
    Ok(())
}

struct Search {
    is_recovered: bool,
    /// Whether any formula of the front is the truth.
    is_on_front: bool,
    agreement: f64,
    seconds: f64,
    formula: String,
}

fn decide(
    problem: &Problem,
    experiment: Experiment,
    boundary: &Boundary,
    loss: LabelLoss,
    seed: u64,
) -> Outcome<Search> {
    let data = experiment.sample(N_SAMPLES, seed);
    let objective = LabelObjective::from_dataset(&data, loss)?;
    let options = SearchOptions {
        seed,
        ..Default::default()
    };
    let found = search_for(&objective, &options, progress::silent)?;
    let front: &ParetoFront = &found.front;
    let best = front.best().ok_or("the search found no formula")?;
    let is_recovered = boundary.is_recovered(&best.expression);
    let mut candidates = front.candidates().iter();
    let is_on_front = candidates.any(|c| boundary.is_recovered(&c.expression));
    eprintln!(
        "{}, {loss:?}, seed {seed}: {} {} in {:.2} s",
        problem.0,
        match (is_recovered, is_on_front) {
            (true, _) => "recovered,",
            (false, true) => "MISSED, though on the front,",
            (false, false) => "MISSED,",
        },
        best.expression,
        found.seconds
    );
    Ok(Search {
        is_recovered,
        is_on_front,
        agreement: boundary.agreement(&best.expression),
        seconds: found.seconds,
        formula: best.expression.to_string(),
    })
}
