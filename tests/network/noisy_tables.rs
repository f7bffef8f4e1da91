//! Networks on noisy tables: they are trained with a penalty where they would fit the noise, and
//! their formula predicts as well as they do.

use closedform::{
    Dataset, InterpretOptions, Task, Verdict, interpret, interpretation::Interpreted, progress,
};
use closedform::{Network, network};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// Random rows with targets that a random number takes part in.
fn table(
    sides: &[(f64, f64)],
    n: usize,
    target: impl Fn(&[f64], &mut ChaCha8Rng) -> f64,
) -> Dataset {
    let mut rng = ChaCha8Rng::seed_from_u64(41);
    let points = Dataset::from_function(sides, n, 42, |_| 0.0).unwrap();
    let targets = points.points().rows().map(|x| target(x, &mut rng));
    let targets = targets.collect();
    Dataset::new(points.points().clone(), "y", targets).unwrap()
}

fn interpreted(data: &Dataset, task: Task) -> Interpreted<Network> {
    let (training, fresh) = data.split(0.8, 0).unwrap();
    let mut options = InterpretOptions::with_seed(0);
    options.training.task = task;
    let fast = network::Preset::Fast;
    options.training.hyperparameters = fast.hyperparameters_for_rows(training.n_samples());
    interpret(&training, &fresh, &options, progress::silent).unwrap()
}

/// Asserts what holds for every table here: the formula is as good as the network and better than
/// a linear model.
fn assert_as_good(run: &Interpreted<Network>, better_than_linear: f64) {
    let found = &run.interpretation;
    let scores = &found.certificate().scores;
    assert!(scores.formula.value >= scores.model.value - 0.02, "{found}");
    let linear = scores.linear.unwrap().value;
    assert!(
        scores.formula.value >= linear + better_than_linear,
        "{found}"
    );
    assert_ne!(
        found.certificate().verdict,
        Verdict::NotExplained,
        "{found}"
    );
}

#[test]
fn a_formula_of_noisy_numbers_predicts_as_well_as_the_network() {
    let target = |x: &[f64], rng: &mut ChaCha8Rng| {
        let error: f64 = StandardNormal.sample(rng);
        6.0 * x[0] * x[1] - 4.0 * (x[2] - 0.4).powi(2) + (5.0 * x[3]).sin() + 0.5 * error
    };
    let data = table(&[(0.0, 1.0); 6], 500, target);
    let run = interpreted(&data, Task::Regression);
    assert_as_good(&run, 0.1);
}

#[test]
fn the_probability_behind_random_labels_is_found() {
    let label = |x: &[f64], rng: &mut ChaCha8Rng| {
        let logit = 2.5 * (x[0] * x[0] - x[1] * x[2]);
        f64::from(u8::from(rng.random_bool(1.0 / (1.0 + (-logit).exp()))))
    };
    let data = table(&[(-1.5, 1.5); 3], 1000, label);
    let run = interpreted(&data, Task::Classification);
    assert_as_good(&run, 0.1);
}

#[test]
fn few_rows_of_a_line_are_read_as_that_line() {
    let target = |x: &[f64], rng: &mut ChaCha8Rng| {
        let error: f64 = StandardNormal.sample(rng);
        3.0 * x[0] - 2.0 * x[1] + 0.3 * error
    };
    let data = table(&[(-1.0, 1.0); 3], 50, target);
    let run = interpreted(&data, Task::Regression);
    let found = &run.interpretation;
    let whole = found.whole().unwrap();
    let slope = |x: [f64; 3], y: [f64; 3]| (whole.value(&x) - whole.value(&y)) / 2.0;
    let by_first = slope([1.0, 0.0, 0.0], [-1.0, 0.0, 0.0]);
    let by_second = slope([0.0, 1.0, 0.0], [0.0, -1.0, 0.0]);
    assert!((by_first - 3.0).abs() < 0.6, "{by_first}: {found}");
    assert!((by_second + 2.0).abs() < 0.6, "{by_second}: {found}");
    // Ten fresh rows can't tell what the line is worth: all rows do, each held out once.
    let scores = &found.certificate().scores;
    assert!(scores.are_cross_validated && scores.n_rows == 50, "{found}");
    let worth = [scores.formula.value, scores.linear.unwrap().value];
    assert!(worth.iter().all(|r2| (0.85..1.0).contains(r2)), "{worth:?}");
    assert!(scores.constant.value < 0.0, "{found}");
}

#[test]
fn enough_fresh_rows_are_judged_by_alone() {
    let data = table(&[(-1.0, 1.0); 2], 600, |x, _| 3.0 * x[0] - 2.0 * x[1]);
    let found = interpreted(&data, Task::Regression).interpretation;
    let scores = &found.certificate().scores;
    assert!(
        !scores.are_cross_validated && scores.n_rows == 120,
        "{found}"
    );
}

#[test]
fn a_penalty_is_chosen_only_where_the_network_fits_noise() {
    let penalty = |noise: f64| {
        let target = |x: &[f64], rng: &mut ChaCha8Rng| {
            let error: f64 = StandardNormal.sample(rng);
            x[0] * x[1] + noise * error
        };
        let data = table(&[(-1.0, 1.0); 4], 300, target);
        let (training, fresh) = data.split(0.8, 0).unwrap();
        let mut options = InterpretOptions::with_seed(0);
        options.training.task = Task::Regression;
        let fast = network::Preset::Fast;
        options.training.hyperparameters = fast.hyperparameters_for_rows(training.n_samples());
        let run = |choose_penalty: bool| {
            let options = InterpretOptions {
                choose_penalty,
                ..options.clone()
            };
            let run = interpret(&training, &fresh, &options, progress::silent).unwrap();
            run.interpretation.certificate().scores.model.value
        };
        (run(true), run(false))
    };
    let (with, without) = penalty(0.0);
    assert_eq!(with, without);
    let (with, without) = penalty(0.5);
    assert!(with > without + 0.05, "{with} and {without}");
}

#[test]
fn the_columns_that_a_formula_leaves_out_are_named() {
    let data = table(&[(-1.0, 1.0); 3], 2000, |x, _| x[0] + 0.5 * x[1] * x[1]);
    let (training, fresh) = data.split(0.8, 0).unwrap();
    let model = closedform::BlackBox::new(&data, Task::Regression, |x| x[0] + 0.5 * x[1] * x[1]);
    let formula = "x1".parse().unwrap();
    let candidate = closedform::search::Candidate::new(formula, 0.0);
    let found = closedform::Interpretation::of_candidate(
        &candidate,
        &model.unwrap(),
        &training,
        &fresh,
        1e-4,
    );
    let found = found.unwrap();
    let rest = &found.certificate().rest;
    assert_eq!(rest[0].columns, ["x2"], "{rest:?}");
    assert!(rest[0].share > 0.85, "{rest:?}");
}
