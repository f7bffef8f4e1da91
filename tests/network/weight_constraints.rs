//! With an l1 norm of 1 for every hidden neuron's weights, no potential leaves [-1, 1].

use crate::small;

use closedform::network::WeightConstraint;
use closedform::{
    Activation, Dataset, Hyperparameters, Layer, Model, Network, Task, TrainingOptions,
};

const SIDES: [(f64, f64); 3] = [(-1.0, 1.0); 3];

fn data(seed: u64) -> Dataset {
    Dataset::from_function(&SIDES, 400, seed, |x| 2.0 * x[0] * x[1] - x[2] * x[2]).unwrap()
}

fn trained(constraint: Option<WeightConstraint>) -> Network {
    let options = TrainingOptions {
        task: Task::Regression,
        hyperparameters: Hyperparameters {
            layers: vec![Layer::new(20, Activation::Tanh); 2],
            constraint,
            n_epochs: 60,
            batch_size: 50,
            standardize: false,
            ..Hyperparameters::fast()
        },
        ..TrainingOptions::default()
    };
    small::train(&data(0), &options)
}

/// The largest potential of any hidden neuron over fresh points, its activation undone.
fn largest_potential(network: &Network) -> f64 {
    let points = data(1);
    let mut largest: f64 = 0.0;
    for layer in 0..2 {
        for index in 0..20 {
            let neuron = network.neuron(layer, index).unwrap();
            for value in neuron.latent(points.points()).unwrap() {
                largest = largest.max(value.abs().atanh());
            }
        }
    }
    largest
}

#[test]
fn potentials_stay_within_one_under_either_l1_constraint() {
    for constraint in [WeightConstraint::L1Sphere, WeightConstraint::L1Ball] {
        let largest = largest_potential(&trained(Some(constraint)));
        assert!(
            largest > 0.3 && largest < 1.0 + 1e-5,
            "{constraint:?}: {largest}"
        );
    }
}

#[test]
fn potentials_leave_it_without() {
    let largest = largest_potential(&trained(None));
    assert!(largest > 1.2, "{largest}");
}

#[test]
fn an_l2_norm_of_one_bounds_potentials_by_the_length_of_the_inputs() {
    let largest = largest_potential(&trained(Some(WeightConstraint::L2Ball)));
    // Inputs of the second layer: 20 values of tanh, and 1 for the bias.
    assert!(largest > 0.3 && largest < 21.0_f64.sqrt(), "{largest}");
}
