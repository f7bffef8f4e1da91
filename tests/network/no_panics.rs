//! Whatever numbers, lengths and files the network's public functions are given, they give a
//! result or an error, but no panic. What comes back doesn't matter.

use crate::odd::{dataset, directions, formula, names, number, numbers, size, task, text};
use crate::small;
use crate::support::cases;
use closedform::model::Ensemble;
use closedform::network::{
    ExecutedNetwork, ImportOptions, NetworkDescription, Optimizer, Schedule, Standardization,
    TuneOptions, WeightConstraint, gradient_noise, tune,
};
use closedform::{
    Activation, DenseNetwork, Hyperparameters, ImportedNetwork, InterpretOptions, Layer, Model,
    Network, Points, TrainingOptions, interpret, progress,
};
use proptest::prelude::*;
use std::time::Duration;

/// Hyperparameters of which most are in range, so that the training begins.
fn hyperparameters() -> impl Strategy<Value = Hyperparameters> {
    let usual = |usual: f64| prop_oneof![6 => Just(usual), 1 => number()];
    let layers = prop::collection::vec(
        (
            prop_oneof![6 => 1..4_usize, 1 => size()],
            prop::sample::select(Activation::ALL.to_vec()),
        ),
        0..3,
    );
    let schedules = (0..3_usize, usual(0.5), size());
    let optimizers = (0..3_usize, usual(0.01));
    let numbers = (usual(0.0), usual(0.0), usual(0.01));
    let counts = (
        prop_oneof![6 => 1..3_usize, 1 => Just(0), 1 => Just(usize::MAX)],
        prop_oneof![6 => 1..9_usize, 1 => size()],
        prop::option::of(size()),
        0..4_usize,
        any::<bool>(),
    );
    (layers, schedules, optimizers, numbers, counts).prop_map(
        |(layers, schedule, optimizer, numbers, counts)| Hyperparameters {
            layers: layers
                .into_iter()
                .map(|(width, activation)| Layer::new(width, activation))
                .collect(),
            dropout: numbers.0,
            l2_penalty: numbers.1,
            constraint: [
                None,
                Some(WeightConstraint::L1Sphere),
                Some(WeightConstraint::L1Ball),
                Some(WeightConstraint::L2Ball),
            ][counts.3],
            optimizer: [
                Optimizer::Adam {
                    epsilon: optimizer.1,
                },
                Optimizer::AdamW {
                    weight_decay: optimizer.1,
                },
                Optimizer::RmsProp,
            ][optimizer.0],
            learning_rate: numbers.2,
            schedule: [
                Schedule::Constant,
                Schedule::Plateau {
                    factor: schedule.1,
                    patience: schedule.2,
                },
                Schedule::OneCycle,
            ][schedule.0],
            early_stopping: counts.2,
            n_epochs: counts.0,
            batch_size: counts.1,
            standardize: counts.4,
        },
    )
}

/// What can be asked of any network.
fn asked(network: &Network, points: &[f64], (a, b, delta): (usize, usize, f64)) {
    let _ = network.outputs(points);
    let _ = network.classify(points);
    let _ = network.latent(points);
    let _ = network.gradients(points);
    if let Ok(points) = Points::new(network.feature_names(), points) {
        let _ = network.directions(&points, delta);
        let _ = network.boundary_directions(&points, delta);
    }
    for (layer, index) in [(a, b), (1, b), (0, 0), (usize::MAX, 0)] {
        let _ = network.neuron(layer, index);
        let _ = network.combination(layer, points);
        let _ = network.logit(index);
        let _ = network.margin(layer, index);
    }
    let _ = DenseNetwork::from_network(network);
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn trainings_of_any_data(
        (training, validation) in (dataset(), dataset()),
        hyperparameters in hyperparameters(),
        (task, n_threads) in (task(), prop::option::of(prop_oneof![Just(1), size()])),
        (points, n_seeds) in (numbers(12), 0..3_u64),
        places in (size(), size(), number()),
        directions in directions(),
    ) {
        let options = TrainingOptions {
            task,
            hyperparameters,
            n_threads,
            ..TrainingOptions::default()
        };
        for validation in [&training, &validation] {
            let Ok((network, history)) = Network::train(&training, validation, &options, progress::silent) else {
                continue;
            };
            assert!(history.epochs.iter().all(|epoch| !epoch.to_string().is_empty()));
            asked(&network, &points, places);
            asked(&network, training.points(), places);
            let _ = network.accuracy(validation);
            let _ = network.check_learned(validation);
            let _ = Ensemble::new(vec![network]);
        }
        let seeds: Vec<u64> = (0..n_seeds).collect();
        let _ = Network::train_together(&[training.clone(), validation.clone()], &seeds, &options, progress::silent);
        let _ = Network::train_together(&[], &seeds, &options, progress::silent);
        let _ = gradient_noise(&directions, &training, &validation, &options);
    }

    #[test]
    fn tuned_formulas(
        formula in formula(),
        data in dataset(),
        (n_steps, learning_rate, task) in (prop_oneof![4 => 0..3_usize, 1 => Just(usize::MAX)], number(), task()),
    ) {
        let mut n = 0;
        let options = TuneOptions { task, n_steps, learning_rate };
        let _ = tune(&formula, &data, &options, |_| {
            n += 1;
            if n < 4 { std::ops::ControlFlow::Continue(()) } else { std::ops::ControlFlow::Break(()) }
        });
    }

    #[test]
    fn files_of_any_content(
        (text, bytes) in (text(), prop::collection::vec(any::<u8>(), 0..60)),
        (cut, changed) in (0.0..1.0_f64, any::<u8>()),
        (names, output, task) in (prop::option::of(names(3)), prop::option::of(text()), prop::option::of(task())),
        (mean, scale) in (numbers(3), numbers(3)),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let options = ImportOptions {
            description: None,
            feature_names: names,
            task,
            output,
            input_scaling: Some(Standardization { mean, scale }),
            no_code: false,
        };
        let json = format!(r#"{{"layers": [{{"linear": "{text}"}}, {{"activation": "tanh"}}], "inputs": ["{text}"]}}"#);
        let _ = NetworkDescription::from_json(&text);
        let description = NetworkDescription::from_json(&json);
        for ending in ["safetensors", "json", "onnx", "pt", "pth", "keras", ""] {
            let mut whole = saved(ending);
            let place = (cut * whole.len() as f64) as usize;
            let broken = whole[..place].to_vec();
            if let Some(byte) = whole.get_mut(place) {
                *byte = changed;
            }
            for content in [&bytes, &broken, &whole, &text.clone().into_bytes()] {
                let path = folder.path().join(format!("network.{ending}"));
                std::fs::write(&path, content).unwrap();
                for options in [&options, &ImportOptions::default()] {
                    let _ = ImportedNetwork::open(&path, options);
                }
                let _ = Network::load(&path);
                if let Ok(description) = &description {
                    let _ = Network::from_state_dict(&path, description);
                    let _ = ExecutedNetwork::from_torchscript(&path, description, None);
                }
            }
        }
    }
}

/// A file that can be read.
fn saved(ending: &str) -> Vec<u8> {
    let path = match ending {
        "pt" => format!("{}/data/ellipse.pt", crate::ROOT),
        "pth" => format!("{}/tests/models/whole.pt", crate::ROOT),
        "onnx" => format!("{}/tests/models/sides.onnx", crate::ROOT),
        "keras" => format!("{}/tests/models/levels.keras", crate::ROOT),
        "json" => format!("{}/data/tanh_network.json", crate::ROOT),
        "safetensors" => {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("network.safetensors");
            small::classifier(0).save(&path).unwrap();
            return std::fs::read(path).unwrap();
        }
        _ => return b"\x08\x07\x12\x00".to_vec(),
    };
    std::fs::read(path).unwrap()
}

proptest! {
    #![proptest_config(cases(10))]

    #[test]
    fn interpretations_of_any_data(
        (training, fresh) in (dataset(), dataset()),
        hyperparameters in hyperparameters(),
        (task, delta) in (task(), number()),
    ) {
        let mut options = InterpretOptions::with_seed(0);
        options.training = TrainingOptions { task, hyperparameters, ..options.training };
        options.reading.search.max_complexity = Some(6);
        options.reading.search.n_generations = 1;
        options.reading.search.time_limit = Some(Duration::from_millis(20));
        for delta in [delta, 1e-4] {
            options.reading.delta = delta;
            let _ = interpret(&training, &fresh, &options, progress::silent);
        }
    }
}
