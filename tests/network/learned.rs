//! A network that has learned nothing is not interpreted, and is told with which figures.

use crate::small;
use crate::support;

use closedform::{
    Activation, Dataset, Experiment, Hyperparameters, InterpretOptions, Layer, Network, Task,
    TrainingOptions, interpret, progress,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use support::assert_refused;

const SIDES: [(f64, f64); 2] = [(-1.0, 1.0), (-1.0, 1.0)];

/// Points whose targets have nothing to do with them.
fn random(n: usize, seed: u64, target: impl Fn(&mut ChaCha8Rng) -> f64) -> Dataset {
    let points = Dataset::from_function(&SIDES, n, seed, |_| 0.0).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let rows: Vec<Vec<f64>> = points.points().chunks(2).map(<[f64]>::to_vec).collect();
    let targets: Vec<f64> = (0..n).map(|_| target(&mut rng)).collect();
    Dataset::from_rows(&["x1", "x2"], &rows, &targets).unwrap()
}

fn options(task: Task, seed: u64) -> TrainingOptions {
    let hyperparameters = Hyperparameters {
        n_epochs: 20,
        ..small::small(Activation::Silu)
    };
    TrainingOptions {
        task,
        ..small::options(hyperparameters, seed)
    }
}

fn train(data: &Dataset, fresh: &Dataset, task: Task) -> Network {
    let trained = Network::train(data, fresh, &options(task, 0), progress::silent);
    trained.unwrap().0
}

#[test]
fn a_network_of_random_labels_has_learned_nothing() {
    for n_classes in [2, 3] {
        let label = |rng: &mut ChaCha8Rng| f64::from(rng.random_range(0..n_classes));
        let (training, fresh) = (random(600, 1, label), random(1000, 2, label));
        let network = train(&training, &fresh, Task::Classification);
        let share = 100.0 * network.accuracy(&fresh).unwrap();
        let share = format!("{share:.1} %");
        let words = ["learned nothing", "1000 fresh rows", &share, "\"class "];
        assert_refused(network.check_learned(&fresh), &words);
    }
}

#[test]
fn a_network_of_rare_random_labels_has_learned_nothing_though_it_is_mostly_right() {
    let label = |rng: &mut ChaCha8Rng| f64::from(u8::from(rng.random_bool(0.1)));
    let (training, fresh) = (random(600, 1, label), random(1000, 2, label));
    let network = train(&training, &fresh, Task::Classification);
    assert!(network.accuracy(&fresh).unwrap() > 0.8);
    let words = ["learned nothing", "\"class 0\" would be right on"];
    assert_refused(network.check_learned(&fresh), &words);
}

#[test]
fn a_regressor_of_noise_has_learned_nothing() {
    let noise = |rng: &mut ChaCha8Rng| rng.random_range(-1.0..1.0);
    let (training, fresh) = (random(600, 1, noise), random(1000, 2, noise));
    let network = train(&training, &fresh, Task::Regression);
    assert_refused(
        network.check_learned(&fresh),
        &["learned nothing", "R^2 is "],
    );
}

#[test]
fn what_was_learned_from_few_rows_passes() {
    let (training, fresh) = Experiment::One.sample(500, 0).split(0.9, 0).unwrap();
    let network = train(&training, &fresh, Task::Classification);
    network.check_learned(&fresh).unwrap();
    let target = |x: &[f64]| x[0] * x[1];
    let data = Dataset::from_function(&SIDES, 500, 0, target).unwrap();
    let (training, fresh) = data.split(0.9, 0).unwrap();
    train(&training, &fresh, Task::Regression)
        .check_learned(&fresh)
        .unwrap();
}

#[test]
fn random_labels_are_not_interpreted() {
    let label = |rng: &mut ChaCha8Rng| f64::from(u8::from(rng.random_bool(0.5)));
    let options = InterpretOptions {
        training: options(Task::Classification, 0),
        measure_noise: false,
        ..InterpretOptions::with_seed(0)
    };
    let (training, fresh) = (random(600, 1, label), random(1000, 2, label));
    let run = interpret(&training, &fresh, &options, |step| match step {
        closedform::interpretation::Progress::Training(_) => std::ops::ControlFlow::Continue(()),
        closedform::interpretation::Progress::Search(_) => panic!("a formula was searched for"),
    });
    assert_refused(run, &["learned nothing"]);
}

#[test]
fn a_network_whose_weights_are_not_finite_is_refused() {
    // Weights for such small numbers leave the range of numbers themselves.
    let rows: Vec<Vec<f64>> = (0..60)
        .map(|i| vec![f64::from(i) * 1e-312, f64::from(i % 3)])
        .collect();
    let targets: Vec<f64> = (0..60).map(|i| f64::from(u8::from(i > 30))).collect();
    let data = Dataset::from_rows(&["a", "b"], &rows, &targets).unwrap();
    let hyperparameters = Hyperparameters {
        layers: vec![Layer::new(8, Activation::Tanh)],
        learning_rate: 10.0,
        n_epochs: 5,
        batch_size: 10,
        ..Hyperparameters::fast()
    };
    let options = small::options(hyperparameters, 0);
    let run = Network::train(&data, &data, &options, progress::silent);
    assert_refused(run, &["diverged", "layer 0", "learning rate below 10"]);
}

#[test]
fn points_outside_of_the_data_are_refused() {
    let data = Dataset::from_function(&SIDES, 500, 0, |x| x[0]).unwrap();
    let again = Dataset::from_function(&SIDES, 5000, 1, |x| x[0]).unwrap();
    data.check_covers(again.points()).unwrap();
    let words = ["point 2", "\"x2\"", "1.5", "rest on no row"];
    assert_refused(data.check_covers(&[0.0, 0.0, 0.0, 1.5]), &words);
    assert_refused(data.check_covers(&[f64::NAN, 0.0]), &["point 1", "NaN"]);
    assert_refused(data.check_covers(&[0.0; 3]), &["3 values", "2 features"]);
}
