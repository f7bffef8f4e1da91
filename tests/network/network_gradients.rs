//! A network's gradients are those of its latent model, in the data's own units.

use crate::small;
use crate::support;

use closedform::{Activation, Dataset, Hyperparameters, Model, Network, Task};
use support::central_difference;

/// The step of the finite differences, as a share of the side it goes along.
const STEP: f64 = 1e-5;
/// How far a gradient component may lie from the finite difference, as a share of the gradient's
/// largest.
const TOLERANCE: f64 = 1e-5;
/// Sides far from mean 0 and variance 1, so that a lost scaling shows.
const SIDES: [(f64, f64); 3] = [(100.0, 400.0), (-0.03, 0.01), (-2.0, 5.0)];

fn target(x: &[f64]) -> f64 {
    x[0] / 100.0 + 50.0 * x[1] + x[2].sin() + 0.1 * x[2] * x[2]
}

fn train(task: Task, hyperparameters: Hyperparameters) -> (Network, Dataset) {
    let data = Dataset::from_function(&SIDES, 300, 1, |x| match task {
        Task::Classification => f64::from(u8::from(target(x) > 2.5)),
        Task::Regression => 1000.0 + 30.0 * target(x),
    });
    let data = data.unwrap();
    let options = closedform::TrainingOptions {
        task,
        ..small::options(hyperparameters, 0)
    };
    (small::train(&data, &options), data)
}

fn assert_gradients_match(network: &Network, data: &Dataset, what: &str) {
    let points = &data.points()[..60 * SIDES.len()];
    let gradients = network.gradients(points).unwrap();
    assert_eq!(gradients.len(), points.len());
    let latent = |point: &[f64]| network.latent(point).unwrap()[0];
    // Components in different units are compared per side.
    let sides = SIDES.map(|(low, high)| high - low);
    let mut largest = 0.0_f64;
    for (point, gradient) in points.chunks(3).zip(gradients.chunks(3)) {
        let changes: Vec<f64> = gradient
            .iter()
            .zip(sides)
            .map(|(g, side)| g * side)
            .collect();
        let scale = changes.iter().fold(0.0_f64, |scale, g| scale.max(g.abs()));
        largest = largest.max(scale);
        for (index, change) in changes.iter().enumerate() {
            let difference =
                central_difference(latent, point, index, STEP * sides[index]) * sides[index];
            assert!(
                (change - difference).abs() < TOLERANCE * (scale + 1e-3),
                "{what}, at {point:?}, component {index}: {change} against {difference}"
            );
        }
    }
    assert!(
        largest > 1e-3,
        "{what}: the latent model is flat, nothing was tested"
    );
}

#[test]
fn a_classifiers_gradients_are_finite_differences_for_every_activation() {
    for activation in Activation::ALL {
        for standardize in [true, false] {
            if activation == Activation::Exp && !standardize {
                continue; // It overflows at inputs of 400.
            }
            let hyperparameters = Hyperparameters {
                standardize,
                ..small::small(activation)
            };
            let (network, data) = train(Task::Classification, hyperparameters);
            let what = format!("{activation:?}, standardize {standardize}");
            assert_gradients_match(&network, &data, &what);
        }
    }
}

#[test]
fn a_regressors_gradients_are_in_the_targets_units() {
    for standardize in [true, false] {
        let hyperparameters = Hyperparameters {
            standardize,
            n_epochs: 100,
            ..small::small(Activation::Tanh)
        };
        let (network, data) = train(Task::Regression, hyperparameters);
        assert_gradients_match(&network, &data, "regression");
        if standardize {
            let predictions = network.predict(data.points()).unwrap();
            let errors = predictions
                .iter()
                .zip(data.targets())
                .map(|(p, t)| (p - t).powi(2));
            let error = (errors.sum::<f64>() / data.n_samples() as f64).sqrt();
            // The targets' own deviation is about 45.
            assert!(error < 10.0, "root mean square error {error}");
        }
    }
}

#[test]
fn a_network_without_hidden_layers_has_one_gradient_everywhere() {
    let hyperparameters = Hyperparameters {
        layers: Vec::new(),
        ..small::small(Activation::Tanh)
    };
    let (network, data) = train(Task::Classification, hyperparameters);
    assert_gradients_match(&network, &data, "no hidden layer");
    let gradients = network.gradients(data.points()).unwrap();
    assert!(
        gradients
            .chunks(3)
            .all(|gradient| gradient == &gradients[..3])
    );
}

#[test]
fn a_classifiers_prediction_is_the_sigmoid_of_its_latent_model() {
    let (network, data) = train(Task::Classification, small::small(Activation::Silu));
    let latent = network.latent(data.points()).unwrap();
    for (f, p) in latent.iter().zip(network.predict(data.points()).unwrap()) {
        assert!((p - 1.0 / (1.0 + (-f).exp())).abs() < 1e-15);
    }
}

#[test]
fn a_regressors_prediction_is_its_latent_model() {
    let (network, data) = train(Task::Regression, small::small(Activation::Silu));
    let points = data.points();
    assert_eq!(
        network.latent(points).unwrap(),
        network.predict(points).unwrap()
    );
}

#[test]
fn values_and_gradients_at_a_point_do_not_depend_on_its_company() {
    let (network, data) = train(Task::Classification, small::small(Activation::Elu));
    // More rows than are evaluated at once.
    let points = data.points().repeat(20);
    let (latent, gradients) = (
        network.latent(&points).unwrap(),
        network.gradients(&points).unwrap(),
    );
    for row in [0, 1, 4095, 4096, 5999] {
        let range = row * 3..(row + 1) * 3;
        let point = &points[range.clone()];
        assert!((network.latent(point).unwrap()[0] - latent[row]).abs() < 1e-12);
        let alone = network.gradients(point).unwrap();
        for (a, b) in alone.iter().zip(&gradients[range]) {
            assert!((a - b).abs() <= 1e-12 * (1.0 + a.abs()));
        }
    }
}

#[test]
fn directions_keep_only_points_within_delta() {
    let (network, data) = train(
        Task::Classification,
        Hyperparameters {
            n_epochs: 40,
            ..small::small(Activation::Tanh)
        },
    );
    let outputs = network.predict(data.points()).unwrap();
    let delta = 0.2;
    let n_inside = outputs
        .iter()
        .filter(|p| (delta..=1.0 - delta).contains(*p))
        .count();
    assert!(n_inside > 0 && n_inside < outputs.len(), "{n_inside}");
    let directions = network.directions(data.points(), delta).unwrap();
    assert_eq!(directions.n_samples(), n_inside);
    let kept = network.predict(directions.points()).unwrap();
    assert!(kept.iter().all(|p| (delta..=1.0 - delta).contains(p)));
}
