//! The same seed gives the same result, whatever else the machine is doing.

use crate::small;

use closedform::network::Optimizer;
use closedform::{Activation, Dataset, Experiment, Hyperparameters, Network, progress};

/// A network with every source of chance: initial weights, order of rows, dropout.
fn train(seed: u64) -> Network {
    let data = Experiment::Two.sample(1000, 0);
    let hyperparameters = Hyperparameters {
        dropout: 0.2,
        n_epochs: 5,
        ..small::small(Activation::Elu)
    };
    Network::train(
        &data,
        &data,
        &small::options(hyperparameters, seed),
        progress::silent,
    )
    .unwrap()
    .0
}

#[test]
fn the_same_seed_trains_the_same_network_bit_for_bit() {
    assert_eq!(train(3), train(3));
    assert_ne!(train(3), train(4));
}

#[test]
fn trainings_side_by_side_do_not_disturb_each_other() {
    let alone: Vec<Network> = (0..4).map(train).collect();
    let together: Vec<Network> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|seed| scope.spawn(move || train(seed)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(alone == together);
}

#[test]
fn a_wide_network_beside_small_ones_is_the_same_as_alone() {
    let wide = || {
        let data = Experiment::Two.sample(500, 0);
        let hyperparameters = Hyperparameters {
            layers: vec![closedform::Layer::new(600, Activation::Elu); 2],
            optimizer: Optimizer::Adam { epsilon: 1e-7 },
            n_epochs: 2,
            batch_size: 100,
            ..Hyperparameters::fast()
        };
        small::train(&data, &small::options(hyperparameters, 0))
    };
    let alone = wide();
    let together = std::thread::scope(|scope| {
        let other = scope.spawn(|| (0..3).map(train).count());
        let network = wide();
        other.join().unwrap();
        network
    });
    assert!(alone == together);
}

#[test]
fn the_same_seed_draws_the_same_points() {
    for experiment in Experiment::ALL {
        assert_eq!(experiment.sample(200, 1), experiment.sample(200, 1));
        assert_ne!(experiment.sample(200, 1), experiment.sample(200, 2));
    }
    let draw =
        |seed| Dataset::from_function(&[(0.0, 1.0), (0.0, 2.0)], 50, seed, |x| x[0]).unwrap();
    assert_eq!(draw(1), draw(1));
    assert_ne!(draw(1), draw(2));
    let data = draw(1);
    assert_eq!(data.split(0.5, 1).unwrap(), data.split(0.5, 1).unwrap());
    assert_ne!(data.split(0.5, 1).unwrap(), data.split(0.5, 2).unwrap());
}

/// The command line's JSON object without the times that a run took.
fn result(arguments: &[&str], n_threads: &str) -> serde_json::Value {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_closedform"))
        .args(arguments)
        .env("RAYON_NUM_THREADS", n_threads)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    result.as_object_mut().unwrap().remove("seconds").unwrap();
    result
}

#[test]
fn the_search_finds_the_same_whatever_the_number_of_threads() {
    // Directions of x1 / sqrt(1 + x2^4), which no short formula matches: the evolution runs on.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gradients.csv");
    let points = Experiment::One.sample(150, 0);
    let mut table = String::from("a,b,d_a,d_b\n");
    for x in points.points().chunks(2) {
        let below = 1.0 + x[1].powi(4);
        let slope = -2.0 * x[0] * x[1].powi(3) * below.powf(-1.5);
        table.push_str(&format!("{},{},{},{slope}\n", x[0], x[1], below.powf(-0.5)));
    }
    std::fs::write(&path, table).unwrap();
    let find = |seed, n_threads| {
        let path = path.to_str().unwrap();
        result(
            &["search", "--gradients", path, "--seed", seed, "--json"],
            n_threads,
        )
    };
    let first = find("5", "1");
    assert_eq!(
        first["stop_reason"], "generations",
        "an early end tests too little"
    );
    for n_threads in ["2", "5"] {
        assert_eq!(first, find("5", n_threads), "{n_threads} threads");
    }
}

#[test]
fn a_whole_run_is_fixed_by_its_seed() {
    let arguments = [
        "experiment",
        "1",
        "--points",
        "1000",
        "--epochs",
        "10",
        "--seed",
        "4",
        "--json",
    ];
    assert_eq!(result(&arguments, "1"), result(&arguments, "3"));
}
