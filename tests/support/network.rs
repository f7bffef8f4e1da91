//! Small networks that train in a blink.

// Every test file compiles this module for itself and uses only a part of it.
#![allow(dead_code)]

use closedform::{
    Activation, Dataset, Experiment, Hyperparameters, Layer, Network, TrainingOptions, progress,
};

/// Two layers of 8 neurons, 3 epochs.
pub fn small(activation: Activation) -> Hyperparameters {
    Hyperparameters {
        layers: vec![Layer::new(8, activation); 2],
        n_epochs: 3,
        batch_size: 50,
        ..Hyperparameters::fast()
    }
}

/// Training options with the small network.
pub fn options(hyperparameters: Hyperparameters, seed: u64) -> TrainingOptions {
    TrainingOptions {
        hyperparameters,
        seed,
        ..TrainingOptions::default()
    }
}

/// Trains without listening, on and with the same rows.
pub fn train(data: &Dataset, options: &TrainingOptions) -> Network {
    Network::train(data, data, options, progress::silent)
        .unwrap()
        .0
}

/// A small classifier of experiment 1.
pub fn classifier(seed: u64) -> Network {
    train(
        &Experiment::One.sample(400, 0),
        &options(small(Activation::Tanh), seed),
    )
}
