//! Whatever maps rows to a number can be interpreted: closures, executables, predictions of old.

use crate::support;

use closedform::interpretation::{Interpreted, Matching};
use closedform::model::{Answers, Gradients};
use closedform::{
    BlackBox, Dataset, Model, Predictions, ReadingOptions, Task, interpret_model, progress,
};
use support::{assert_refused, central_difference};

const SIDES: [(f64, f64); 2] = [(0.5, 2.0); 2];

fn data(n: usize) -> Dataset {
    Dataset::from_function(&SIDES, n, 0, |x| f64::from(u8::from(x[0] * x[1] > 1.0))).unwrap()
}

fn curved(x: &[f64]) -> f64 {
    (x[0] * x[1] * x[1]).sin() + x[1].exp()
}

fn options() -> ReadingOptions {
    let mut options = ReadingOptions::with_seed(0);
    options.search.n_generations = 3;
    options
}

fn read<M: Model>(model: M, data: &Dataset, options: &ReadingOptions) -> Interpreted<M> {
    let (training, fresh) = data.split(0.8, 0).unwrap();
    interpret_model(model, &training, &fresh, options, progress::silent).unwrap()
}

#[test]
fn gradients_of_a_closure_are_those_of_finer_differences() {
    let data = data(300);
    let model = BlackBox::new(&data, Task::Regression, curved).unwrap();
    let gradients = model.gradients(data.points()).unwrap();
    for (x, gradient) in data.points().chunks(2).zip(gradients.chunks(2)) {
        for (index, slope) in gradient.iter().enumerate() {
            let finer = central_difference(curved, x, index, 1e-6);
            let error = (slope - finer).abs() / (1.0 + finer.abs());
            assert!(error < 1e-7, "{x:?}: {slope}, not {finer}");
        }
    }
}

#[test]
fn a_closure_that_classifies_is_read_on_its_boundary() {
    // A saturating function of the concept, as a network makes one.
    let logit = |x: &[f64]| 6.0 * (3.0 * (x[0] * x[1]).ln()).tanh();
    let data = data(2000);
    let model = BlackBox::new(&data, Task::Classification, logit).unwrap();
    let run = read(model, &data, &options());
    assert_eq!(run.interpretation.formula(), "x1*x2");
    let threshold = run.interpretation.threshold().unwrap();
    assert!((threshold - 1.0).abs() < 0.01, "{threshold}");
    assert!(run.history.is_none());
    for x in run.near.points().chunks(2) {
        assert!((x[0] * x[1] - 1.0).abs() < 1e-2, "{x:?}");
    }
}

#[test]
fn local_fits_give_steps_a_slope() {
    // A staircase over x1 + 2 x2 has no gradient anywhere but at its edges.
    let steps = |x: &[f64]| (20.0 * (x[0] + 2.0 * x[1])).floor() / 20.0;
    let data = data(200);
    let model = || BlackBox::new(&data, Task::Regression, steps).unwrap();
    let (training, fresh) = data.split(0.8, 0).unwrap();
    let refused = interpret_model(model(), &training, &fresh, &options(), progress::silent);
    assert_refused(refused, &["gradients are 0", "of 160 points", "local fits"]);
    let fits = Gradients::LocalFits {
        spread: 0.1,
        n_points: 200,
        seed: 0,
    };
    let smooth = model().with_gradients(fits).unwrap();
    for slope in smooth.gradients(data.points()).unwrap().chunks(2) {
        assert!((slope[0] - 1.0).abs() < 0.1, "{slope:?}");
        assert!((slope[1] - 2.0).abs() < 0.1, "{slope:?}");
    }
}

#[test]
fn values_are_matched_where_gradients_say_little() {
    let steps = |x: &[f64]| (200.0 * x[0] * x[0] * x[1]).round() / 200.0;
    let data = data(1000);
    let fits = Gradients::LocalFits {
        spread: 0.05,
        n_points: 40,
        seed: 0,
    };
    let model = BlackBox::new(&data, Task::Regression, steps).unwrap();
    let model = model.with_gradients(fits).unwrap();
    let options = ReadingOptions {
        matching: Matching::Values,
        ..options()
    };
    let run = read(model, &data, &options);
    assert_eq!(run.interpretation.formula(), "x1**2*x2");
}

#[test]
fn predictions_are_read_from_their_neighbours() {
    let rows = data(4000);
    let predicted = rows.points().chunks(2).map(|x| (x[0] * x[1]).exp());
    let rows = Dataset::from_rows(
        &["x1", "x2"],
        &rows
            .points()
            .chunks(2)
            .map(<[f64]>::to_vec)
            .collect::<Vec<_>>(),
        &predicted.collect::<Vec<_>>(),
    )
    .unwrap();
    let model = Predictions::new(&rows, Task::Regression, Answers::default()).unwrap();
    assert_eq!(model.latent(rows.points()).unwrap(), rows.targets());
    let run = read(&model, &rows, &options());
    assert_eq!(run.interpretation.formula(), "x1*x2");
    assert_refused(model.latent(&[0.1, 0.2]), &["[0.1, 0.2]", "own rows"]);
}

#[test]
fn predictions_that_are_no_function_of_the_features_are_refused() {
    let twice = |rows: &[[f64; 3]]| {
        let points: Vec<Vec<f64>> = rows.iter().map(|row| row[..2].to_vec()).collect();
        let targets: Vec<f64> = rows.iter().map(|row| row[2]).collect();
        let data = Dataset::from_rows(&["a", "b"], &points, &targets).unwrap();
        Predictions::new(&data, Task::Classification, Answers::Probability)
    };
    let mut rows: Vec<[f64; 3]> = (0..30)
        .map(|k| [f64::from(k), f64::from(k * k % 7), 0.5])
        .collect();
    assert!(twice(&rows).is_ok());
    rows[7] = [rows[3][0], rows[3][1], 0.25];
    assert_refused(twice(&rows), &["rows 4 and 8", "0.5 and 0.25"]);
    rows[7] = [7.0, 1.0, 1.5];
    assert_refused(twice(&rows), &["row 8", "1.5", "between 0 and 1"]);
    assert_refused(twice(&rows[..5]), &["5 rows", "at least 13"]);
    let labels: Vec<[f64; 3]> = rows.iter().map(|row| [row[0], row[1], 1.0]).collect();
    assert_refused(twice(&labels), &["all 0 or 1", "labels"]);
}

#[test]
fn the_answers_of_an_executable_are_its_models() {
    let data = data(300);
    let program = |command: &str| {
        BlackBox::from_command(&data, Task::Regression, command, Answers::Probability).unwrap()
    };
    let product = "awk -F, 'NR > 1 { printf \"%.17g\\n\", $1 * $2 }'";
    let model = program(product);
    let points = &data.points()[..20];
    let expected: Vec<f64> = points.chunks(2).map(|x| x[0] * x[1]).collect();
    assert_eq!(model.latent(points).unwrap(), expected);
    for (x, slope) in points
        .chunks(2)
        .zip(model.gradients(points).unwrap().chunks(2))
    {
        assert!((slope[0] - x[1]).abs() < 1e-6 && (slope[1] - x[0]).abs() < 1e-6);
    }
    let with_header = format!("echo prediction; {product}");
    assert_eq!(program(&with_header).latent(points).unwrap(), expected);

    let refused = |command: &str, words: &[&str]| {
        assert_refused(program(command).latent(points), words);
    };
    refused(
        "cat > /dev/null; echo 1; echo 2",
        &["2 numbers for 10 rows"],
    );
    refused("cat", &["printed \"", "line 2", "one number per line"]);
    refused("echo why >&2; exit 3", &["exit 3", "exit status: 3", "why"]);
    refused("no-such-program-here", &["no-such-program-here", "failed"]);
}

#[test]
fn a_model_without_an_answer_for_a_row_is_refused() {
    let data = data(200);
    let (training, fresh) = data.split(0.8, 0).unwrap();
    let model = BlackBox::new(&data, Task::Regression, |x| (x[0] - 0.6).ln()).unwrap();
    let run = interpret_model(model, &training, &fresh, &options(), progress::silent);
    assert_refused(run, &["the model gives NaN at [0.5", "finite"]);
    let three = Dataset::from_rows(&["a", "b", "c"], &[vec![0.0; 3]], &[0.0]).unwrap();
    let model = BlackBox::new(&data, Task::Regression, curved).unwrap();
    let run = interpret_model(model, &training, &three, &options(), progress::silent);
    assert_refused(run, &["\"a\"", "\"x1\""]);
}

#[test]
fn steps_and_spreads_outside_of_their_ranges_are_refused() {
    let model = || BlackBox::new(&data(50), Task::Regression, curved).unwrap();
    let differences = |step| model().with_gradients(Gradients::Differences { step });
    assert_refused(differences(0.0), &["step", "0", "above 0"]);
    assert_refused(differences(f64::NAN), &["step", "NaN"]);
    let fits = |spread, n_points| {
        model().with_gradients(Gradients::LocalFits {
            spread,
            n_points,
            seed: 0,
        })
    };
    assert_refused(fits(0.7, 50), &["spread", "0.7", "0.5"]);
    assert_refused(fits(0.1, 5), &["n_points", "5", "at least 6"]);
}

#[test]
fn probabilities_of_exactly_0_and_1_are_left_out_and_counted() {
    let rows: Vec<Vec<f64>> = (0..40)
        .map(|k| vec![f64::from(k), f64::from(k * k % 7)])
        .collect();
    let predicted = |k: usize| match k % 4 {
        0 => 0.0,
        1 => 1.0,
        _ => 0.3,
    };
    let targets: Vec<f64> = (0..40).map(predicted).collect();
    let data = Dataset::from_rows(&["a", "b"], &rows, &targets).unwrap();
    let (kept, n_left_out) = Predictions::with_logits(data);
    assert_eq!((kept.n_samples(), n_left_out), (20, 20));
    assert!(kept.targets().iter().all(|p| *p == 0.3));
    assert_eq!(kept.point(0), [2.0, 4.0]);
}
