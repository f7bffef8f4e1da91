//! Classifiers of several classes: one logit each, and a boundary between every two of them.

use crate::small;
use crate::support;

use closedform::search::LabelLoss;
use closedform::{
    Activation, Dataset, Hyperparameters, InterpretOptions, LabelObjective, Layer, Model, Network,
    Result, TrainingOptions, interpret, progress,
};
use support::assert_refused;

const SIDES: [(f64, f64); 2] = [(-1.0, 1.0), (0.0, 2.0)];

/// Three bands of `x1 + x2^2`.
fn bands(n: usize, seed: u64) -> Dataset {
    let class = |x: &[f64]| {
        let g = x[0] + x[1] * x[1];
        f64::from(u8::from(g > 0.5)) + f64::from(u8::from(g > 2.0))
    };
    Dataset::from_function(&SIDES, n, seed, class).unwrap()
}

fn options(n_epochs: usize) -> TrainingOptions {
    let hyperparameters = Hyperparameters {
        layers: vec![Layer::new(16, Activation::Silu); 2],
        n_epochs,
        batch_size: 50,
        learning_rate: 2e-2,
        ..Hyperparameters::fast()
    };
    small::options(hyperparameters, 0)
}

#[test]
fn three_classes_are_learned_with_one_logit_each() {
    let fresh = bands(1000, 2);
    let network = small::train(&bands(1000, 1), &options(20));
    assert_eq!(network.n_outputs(), 3);
    let accuracy = network.accuracy(&fresh).unwrap();
    assert!(accuracy > 0.95, "{accuracy}");
    let outputs = network.outputs(fresh.points()).unwrap();
    assert_eq!(outputs.len(), 3 * fresh.n_samples());
    let classes = network.classify(fresh.points()).unwrap();
    for (logits, class) in outputs.chunks(3).zip(&classes) {
        assert!(logits.iter().all(|logit| *logit <= logits[*class]));
    }
    let hits = classes.iter().zip(fresh.targets());
    let n_hits = hits.filter(|(class, t)| **class as f64 == **t).count();
    assert_eq!(accuracy, n_hits as f64 / 1000.0);
    network.check_learned(&fresh).unwrap();
}

#[test]
fn the_loss_is_the_cross_entropy_of_the_softmax() {
    let validation = bands(200, 3);
    let (training, options) = (bands(300, 1), options(3));
    let (network, history) =
        Network::train(&training, &validation, &options, progress::silent).unwrap();
    let outputs = network.outputs(validation.points()).unwrap();
    let losses = outputs.chunks(3).zip(validation.targets());
    let losses = losses.map(|(logits, target)| {
        let sum: f64 = logits.iter().map(|logit| logit.exp()).sum();
        sum.ln() - logits[*target as usize]
    });
    let by_hand = losses.sum::<f64>() / 200.0;
    let last = history.epochs.last().unwrap();
    assert!((last.validation_loss - by_hand).abs() < 1e-5 * by_hand);
    let accuracy = network.accuracy(&validation).unwrap();
    assert!((last.validation_accuracy.unwrap() - accuracy).abs() < 1e-9);
}

#[test]
fn two_classes_share_one_logit() {
    let network = small::classifier(0);
    assert_eq!(network.n_outputs(), 1);
    let points = bands(50, 0).points().to_vec();
    let latent = network.latent(&points).unwrap();
    assert_eq!(network.outputs(&points).unwrap(), latent);
    let classes = network.classify(&points).unwrap();
    for (class, f) in classes.iter().zip(latent) {
        assert_eq!(*class, usize::from(f > 0.0));
    }
}

#[test]
fn what_needs_one_output_names_the_ways_to_one() {
    let data = bands(200, 1);
    let network = small::train(&data, &options(1));
    let ways = ["3 outputs", "margin", "logit", "neuron", "combination"];
    assert_refused(network.latent(data.points()), &ways);
    assert_refused(network.predict(data.points()), &ways);
    assert_refused(network.gradients(data.points()), &ways);
    assert_refused(network.directions(data.points(), 1e-4), &ways);
}

#[test]
fn one_formula_for_three_classes_is_refused_before_any_work() {
    let data = bands(200, 1);
    let words = ["\"y\"", "3 classes (0 to 2)", "--classes 0,1", "--class 0"];
    let mut options = InterpretOptions::with_seed(0);
    options.training = self::options(1);
    let run = interpret(&data, &data, &options, |_| panic!("work was begun"));
    assert_refused(run, &words);
    assert_refused(
        LabelObjective::from_dataset(&data, LabelLoss::Hinge),
        &words,
    );
}

#[test]
fn a_network_of_three_classes_is_saved_and_loaded_bit_for_bit() {
    let data = bands(200, 1);
    let network = small::train(&data, &options(1));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("network.safetensors");
    network.save(&path).unwrap();
    assert_eq!(Network::load(&path).unwrap(), network);
}

#[test]
fn a_pair_holds_the_rows_of_two_classes() {
    let data = bands(300, 1);
    let pair = data.pair(2, 0).unwrap();
    let expected = (0..300).filter(|&row| data.targets()[row] != 1.0);
    let expected: Vec<(&[f64], f64)> = expected
        .map(|row| (data.point(row), data.targets()[row] / 2.0))
        .collect();
    let rows = (0..pair.n_samples()).map(|row| (pair.point(row), pair.targets()[row]));
    assert_eq!(rows.collect::<Vec<_>>(), expected);
    assert_eq!(pair.check_classes().unwrap(), 2);
    assert_refused(data.pair(1, 1), &["against is 1", "another class"]);
    assert_refused(data.pair(0, 3), &["no row has class 3"]);
}

#[test]
fn class_numbers_without_all_classes_between_are_refused() {
    let rows: Vec<Vec<f64>> = (0..6).map(|i| vec![f64::from(i)]).collect();
    let check = |targets: [f64; 6]| {
        let data = Dataset::from_rows(&["a"], &rows, &targets).unwrap();
        data.check_classes()
    };
    assert_eq!(check([0.0, 1.0, 2.0, 3.0, 2.0, 1.0]).unwrap(), 4);
    let gap = check([0.0, 1.0, 3.0, 3.0, 1.0, 0.0]);
    assert_refused(gap, &["class 2", "highest here is 3"]);
    assert_refused(check([1.0, 2.0, 1.0, 2.0, 1.0, 2.0]), &["class 0"]);
    assert_refused(check([0.0, 1.0, 2.5, 1.0, 0.0, 1.0]), &["row 3", "2.5"]);
}

#[test]
fn rows_of_unknown_classes_are_refused_in_validation_and_judgement() {
    let three = bands(200, 1);
    let two = three.pair(1, 0).unwrap();
    let first = three.targets().iter().position(|t| *t == 2.0).unwrap() + 1;
    let row = format!("row {first} is 2");
    let run = Network::train(&two, &three, &options(1), progress::silent);
    assert_refused(run, &[&row, "classes are 0 to 1"]);
    let network = small::train(&two, &options(1));
    assert_refused(network.accuracy(&three), &[&row, "classes are 0 to 1"]);
}

#[cfg(feature = "parquet")]
mod in_files {
    use super::*;
    use closedform::Task;

    fn read(classes: &[&str]) -> Result<Dataset> {
        let rows = classes.iter().enumerate();
        let rows: String = rows.map(|(i, class)| format!("{i},{class}\n")).collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.csv");
        std::fs::write(&path, format!("a,kind\n{rows}")).unwrap();
        Dataset::from_file(path, "kind", Task::Classification)
    }

    #[test]
    fn words_become_classes_in_the_order_of_the_alphabet() {
        let data = read(&["oak", "ash", "elm", "oak"]).unwrap();
        assert_eq!(data.targets(), [2.0, 0.0, 1.0, 2.0]);
        assert_eq!(data.class_names(), ["ash", "elm", "oak"]);
        assert_eq!(data.pair(0, 2).unwrap().class_names(), ["oak", "ash"]);
    }

    #[test]
    fn numbers_become_classes_in_the_order_of_numbers() {
        let data = read(&["10", "9", "-1.5", "9.0", "0", "-0"]).unwrap();
        assert_eq!(data.targets(), [3.0, 2.0, 0.0, 2.0, 1.0, 1.0]);
        assert_eq!(data.class_names(), ["-1.5", "0", "9", "10"]);
    }

    #[test]
    fn a_file_may_hold_100_classes() {
        let names: Vec<String> = (0..101).map(|i| format!("c{i:03}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(read(&names[..100]).unwrap().check_classes().unwrap(), 100);
        assert_refused(read(&names), &["row 101", "\"c100\"", "100 classes"]);
    }
}

/// How often search reads the boundaries of three classes out of fast networks.
mod measured {
    use super::*;
    use closedform::interpretation::Selection;
    use closedform::network::gradient_noise;
    use closedform::{Expression, Interpretation, SearchOptions, search};

    fn measure(
        sides: &[(f64, f64)],
        class: fn(&[f64]) -> f64,
        boundaries: &[(usize, usize, &str)],
    ) {
        for seed in 0..5 {
            let data = Dataset::from_function(sides, 10_000, seed, class).unwrap();
            let (training, fresh) = data.split(0.8, seed).unwrap();
            let options = small::options(Hyperparameters::fast(), seed);
            let (network, _) =
                Network::train(&training, &fresh, &options, progress::silent).unwrap();
            network.check_learned(&fresh).unwrap();
            println!(
                "seed {seed}, accuracy {:.4}",
                network.accuracy(&fresh).unwrap()
            );
            for &(class, against, truth) in boundaries {
                let margin = network.margin(class, against).unwrap();
                let rows = training.pair(class, against).unwrap();
                let fresh = fresh.pair(class, against).unwrap();
                let directions = Selection::Boundary
                    .directions(&margin, rows.points(), 1e-4)
                    .unwrap();
                let noise = gradient_noise(&directions, &rows, &fresh, &options).unwrap();
                let options = SearchOptions {
                    noise,
                    seed,
                    ..SearchOptions::default()
                };
                let found = search(&directions, &options, progress::silent).unwrap();
                let read = Interpretation::new(&found.front, &margin, &rows, &fresh, 1e-4).unwrap();
                let truth = Expression::parse(truth, &[]).unwrap();
                let all = support::directions_of(&truth.to_string(), sides, 2000, 99);
                println!(
                    "  {class} against {against}: {} points, |cos| {:.5} of the truth with the \
                     network, {:.5} with the formula, agreement {:.4}: {}",
                    directions.n_samples(),
                    directions.mean_abs_cosine(&truth),
                    all.mean_abs_cosine(&read.candidate().expression),
                    read.agreement().unwrap(),
                    read.formula()
                );
            }
        }
    }

    #[test]
    #[ignore = "a measurement of minutes: cargo test --release --test network classes -- --ignored --nocapture"]
    fn bands_of_one_function() {
        let class = |x: &[f64]| {
            let g = x[0] * x[0] + 2.0 * x[1] * x[1];
            f64::from(u8::from(g > 0.5)) + f64::from(u8::from(g > 1.0))
        };
        let truth = "x1**2 + 2*x2**2";
        measure(&[(-1.0, 1.0); 2], class, &[(1, 0, truth), (2, 1, truth)]);
    }

    #[test]
    #[ignore = "a measurement of minutes: cargo test --release --test network classes -- --ignored --nocapture"]
    fn regions_of_two_functions() {
        let class = |x: &[f64]| match (x[0] * x[1] > 1.0, x[0] + x[2] * x[2] > 2.5) {
            (false, _) => 0.0,
            (true, false) => 1.0,
            (true, true) => 2.0,
        };
        let boundaries = [(1, 0, "x1*x2"), (2, 0, "x1*x2"), (2, 1, "x1 + x3**2")];
        measure(&[(0.0, 2.0); 3], class, &boundaries);
    }
}

/// Class 1 has 30 % of the rows right of 0.3 and 2 % of the others, so that it is never the commoner.
fn rare(n: usize, seed: u64) -> Dataset {
    let mut draws = 0_u64;
    let sides = [(-1.0, 1.0), (-1.0, 1.0)];
    let data = Dataset::from_function(&sides, n, seed, |_| 0.0).unwrap();
    let targets = data.points().chunks(2).map(|x| {
        // A draw for each row that the row doesn't tell.
        draws = draws
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(seed + 1_442_695);
        let draw = (draws >> 33) as f64 / f64::from(1_u32 << 31);
        f64::from(u8::from(draw < if x[0] > 0.3 { 0.3 } else { 0.02 }))
    });
    let targets: Vec<f64> = targets.collect();
    let rows: Vec<Vec<f64>> = data.points().chunks(2).map(<[f64]>::to_vec).collect();
    Dataset::from_rows(&["x1", "x2"], &rows, &targets).unwrap()
}

#[test]
fn a_rare_class_that_is_never_the_commoner_is_decided_for_once_classes_count_alike() {
    let (training, fresh) = (rare(3000, 1), rare(1000, 2));
    let share_of_class_1 = |balance: bool| {
        let hyperparameters = Hyperparameters {
            n_epochs: 15,
            ..small::small(Activation::Silu)
        };
        let options = TrainingOptions {
            balance,
            ..small::options(hyperparameters, 0)
        };
        let trained = Network::train(&training, &fresh, &options, progress::silent);
        let (network, _) = trained.unwrap();
        let right_of = |side: f64| {
            let points: Vec<f64> = (0..100)
                .flat_map(|i| [side, f64::from(i) / 50.0 - 1.0])
                .collect();
            let latent = network.latent(&points).unwrap();
            latent.iter().filter(|f| **f > 0.0).count()
        };
        [right_of(-0.4), right_of(0.8)]
    };
    let [left, right] = share_of_class_1(false);
    assert!(left < 10 && right < 10, "{left} {right}");
    let [left, right] = share_of_class_1(true);
    assert!(left < 10 && right > 90, "{left} {right}");
}
