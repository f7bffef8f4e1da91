//! Claim: networks trained together are those trained alone; the simulation study measures them as
//! it says, and keeps its rows whatever happens to it.

use crate::support;

use closedform::network::{Device, Optimizer, Schedule, WeightConstraint};
use closedform::{
    Activation, Dataset, DenseNetwork, Experiment, Hyperparameters, Layer, Network, Task,
    TrainingOptions, progress,
};
use closedform_studies::simulation::{
    EXTENDED_RANGE, Quartiles, SimulatedData, SimulationGroup, SimulationPlan, SimulationRow,
    SimulationSummary,
};
use support::assert_refused;

const SEEDS: [u64; 4] = [3, 0, 7, 3];

fn hyperparameters() -> Hyperparameters {
    Hyperparameters {
        layers: vec![Layer::new(6, Activation::Tanh)],
        n_epochs: 15,
        // Leaves a smaller batch at the end of an epoch.
        batch_size: 30,
        standardize: false,
        ..Hyperparameters::fast()
    }
}

fn datasets() -> Vec<Dataset> {
    let draw = |seed| SimulatedData::draw(3, 100, 0.1, seed).unwrap().training;
    (0..4).map(draw).collect()
}

fn options(hyperparameters: &Hyperparameters) -> TrainingOptions {
    TrainingOptions {
        task: Task::Regression,
        hyperparameters: hyperparameters.clone(),
        device: Device::Cpu,
        ..TrainingOptions::default()
    }
}

fn together(data: &[Dataset], seeds: &[u64], hyperparameters: &Hyperparameters) -> Vec<Network> {
    Network::train_together(data, seeds, &options(hyperparameters), progress::silent).unwrap()
}

/// The largest difference between two networks' outputs on some points.
fn difference(a: &Network, b: &Network, points: &[f64]) -> f64 {
    let (a, b) = (a.outputs(points).unwrap(), b.outputs(points).unwrap());
    a.iter()
        .zip(&b)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f64::max)
}

#[test]
fn a_network_trained_among_others_is_the_one_trained_alone() {
    let plain = hyperparameters();
    let cases = [
        plain.clone(),
        Hyperparameters {
            layers: vec![
                Layer::new(5, Activation::Silu),
                Layer::new(4, Activation::Tanh),
            ],
            standardize: true,
            l2_penalty: 1e-3,
            ..plain.clone()
        },
        Hyperparameters {
            layers: vec![Layer::new(6, Activation::Softplus)],
            optimizer: Optimizer::RmsProp,
            schedule: Schedule::Constant,
            learning_rate: 1e-3,
            constraint: Some(WeightConstraint::L1Ball),
            ..plain.clone()
        },
        Hyperparameters {
            layers: vec![Layer::new(6, Activation::Sigmoid)],
            constraint: Some(WeightConstraint::L1Sphere),
            ..plain
        },
    ];
    let data = datasets();
    for hyperparameters in cases {
        let networks = together(&data, &SEEDS, &hyperparameters);
        for (index, data) in data.iter().enumerate() {
            let options = TrainingOptions {
                seed: SEEDS[index],
                ..options(&hyperparameters)
            };
            let alone = Network::train(data, data, &options, progress::silent)
                .unwrap()
                .0;
            let of_one = together(
                std::slice::from_ref(data),
                &SEEDS[index..=index],
                &hyperparameters,
            );
            for other in [&alone, &of_one[0]] {
                let found = difference(&networks[index], other, data.points());
                // Training is in single precision.
                assert!(found < 2e-5, "{hyperparameters:?}: {found}");
            }
        }
        let apart = difference(&networks[0], &networks[1], data[0].points());
        assert!(apart > 1e-2, "other data and seeds, the same network");
    }
}

#[test]
fn classifiers_are_trained_together_as_they_are_alone() {
    let draw = |seed| Experiment::Three.sample(400, seed);
    let data: Vec<Dataset> = (0..3).map(draw).collect();
    let options = TrainingOptions {
        task: Task::Classification,
        ..options(&Hyperparameters {
            n_epochs: 20,
            batch_size: 60,
            ..Hyperparameters::fast()
        })
    };
    let networks = Network::train_together(&data, &SEEDS[..3], &options, progress::silent).unwrap();
    for ((network, data), &seed) in networks.iter().zip(&data).zip(&SEEDS) {
        let options = TrainingOptions {
            seed,
            ..options.clone()
        };
        let (alone, _) = Network::train(data, data, &options, progress::silent).unwrap();
        let different = difference(network, &alone, data.points());
        assert!(different < 1e-3, "{different}");
        assert!(network.accuracy(data).unwrap() > 0.8);
    }
}

#[test]
fn every_neuron_of_every_network_keeps_the_constraint() {
    let hyperparameters = Hyperparameters {
        constraint: Some(WeightConstraint::L1Sphere),
        ..hyperparameters()
    };
    let data = datasets();
    for (network, data) in together(&data, &SEEDS, &hyperparameters).iter().zip(&data) {
        let network = DenseNetwork::from_network(network).unwrap();
        let hidden = &network.layers()[0];
        for neuron in 0..hidden.n_outputs() {
            let weights = hidden
                .weights()
                .iter()
                .skip(neuron)
                .step_by(hidden.n_outputs());
            let norm = weights.map(|w| w.abs()).sum::<f64>() + hidden.biases()[neuron].abs();
            assert!((norm - 1.0).abs() < 1e-5, "{norm}");
        }
        let potentials = &network.potentials(data.points()).unwrap()[0];
        assert!(potentials.iter().all(|u| u.abs() < 1.0 + 1e-5));
    }
}

#[test]
fn training_together_refuses_what_takes_networks_apart() {
    let data = datasets();
    let refused = |data: &[Dataset], seeds: &[u64], hyperparameters, words: &[&str]| {
        let found =
            Network::train_together(data, seeds, &options(&hyperparameters), progress::silent);
        assert_refused(found, words);
    };
    let good = hyperparameters;
    refused(&[], &[], good(), &["no datasets"]);
    refused(&data, &[1, 2], good(), &["4 datasets", "2 seeds"]);
    let other = SimulatedData::draw(4, 100, 0.1, 0).unwrap().training;
    let mixed = [data[0].clone(), other];
    refused(
        &mixed,
        &[0, 1],
        good(),
        &["dataset 2", "(80, 4)", "(80, 3)"],
    );
    let constant = Dataset::from_rows(&["a"], &[vec![0.0], vec![1.0]], &[2.0, 2.0]).unwrap();
    let small = Hyperparameters {
        batch_size: 1,
        ..good()
    };
    refused(&[constant], &[0], small, &["dataset 1", "constant (2)"]);
    for (hyperparameters, word) in [
        (
            Hyperparameters {
                dropout: 0.1,
                ..good()
            },
            "dropout",
        ),
        (
            Hyperparameters {
                early_stopping: Some(3),
                ..good()
            },
            "early_stopping",
        ),
        (
            Hyperparameters {
                schedule: Schedule::Plateau {
                    factor: 0.5,
                    patience: 2,
                },
                ..good()
            },
            "plateau",
        ),
        (
            Hyperparameters {
                batch_size: 0,
                ..good()
            },
            "batch_size",
        ),
    ] {
        refused(&data, &SEEDS, hyperparameters, &[word]);
    }
}

#[test]
fn simulated_data_are_a_polynomial_scaled_to_one() {
    for (n_inputs, n_terms) in [(3, 10), (5, 21)] {
        let data = SimulatedData::draw(n_inputs, 500, 0.0, 11).unwrap();
        assert_eq!(data.polynomial.n_terms(), n_terms);
        assert_eq!(data.polynomial.order(), 2);
        let mut low = vec![f64::INFINITY; n_inputs + 1];
        let mut high = vec![f64::NEG_INFINITY; n_inputs + 1];
        for part in [&data.training, &data.test] {
            // Without noise the targets are the polynomial's values.
            let values = data.polynomial.values(part.points()).unwrap();
            for (row, (value, target)) in values.iter().zip(part.targets()).enumerate() {
                assert!((value - target).abs() < 1e-12, "{value}, {target}");
                let numbers = part.point(row).iter().chain([target]).enumerate();
                numbers.for_each(|(column, number)| {
                    low[column] = low[column].min(*number);
                    high[column] = high[column].max(*number);
                });
            }
        }
        let near = |found: &[f64], wanted: f64| found.iter().all(|v| (v - wanted).abs() < 1e-12);
        assert!(near(&low, -1.0) && near(&high, 1.0), "{low:?}, {high:?}");
    }
}

#[test]
fn noise_is_a_share_of_the_deviation_of_the_values() {
    let data = SimulatedData::draw(3, 20_000, 0.2, 5).unwrap().training;
    let polynomial = SimulatedData::draw(3, 20_000, 0.2, 5).unwrap().polynomial;
    let values = polynomial.values(data.points()).unwrap();
    let deviation = |numbers: &[f64]| {
        let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
        let squares = numbers.iter().map(|number| (number - mean).powi(2));
        (squares.sum::<f64>() / numbers.len() as f64).sqrt()
    };
    let noise: Vec<f64> = values
        .iter()
        .zip(data.targets())
        .map(|(a, b)| a - b)
        .collect();
    let share = deviation(&noise) / deviation(&values);
    assert!((share - 0.2).abs() < 0.005, "{share}");
}

fn plan() -> SimulationPlan {
    SimulationPlan {
        n_networks: 5,
        n_inputs: vec![3, 4],
        activations: vec![Activation::Tanh, Activation::Softplus],
        widths: vec![5],
        n_samples: 60,
        n_epochs: 40,
        taylor_order: 5,
        ..SimulationPlan::default()
    }
}

#[test]
fn every_polynomial_meets_every_activation_size_and_constraint() {
    let groups = plan().groups().unwrap();
    assert_eq!(groups.len(), 8);
    let seeds = |group: &SimulationGroup| group.seeds.clone();
    let of_three: Vec<_> = groups.iter().filter(|group| group.n_inputs == 3).collect();
    assert!(
        of_three
            .iter()
            .all(|group| seeds(group) == seeds(of_three[0]))
    );
    assert_eq!(of_three[0].seeds.len(), 3);
    let more = SimulationPlan {
        n_networks: 9,
        ..plan()
    };
    assert_eq!(more.groups().unwrap()[0].seeds[..3], of_three[0].seeds);
}

#[test]
fn plans_without_a_study_are_refused_by_name() {
    let refused = |plan: SimulationPlan, words: &[&str]| assert_refused(plan.groups(), words);
    let with = |change: fn(&mut SimulationPlan)| {
        let mut plan = plan();
        change(&mut plan);
        plan
    };
    refused(with(|plan| plan.n_networks = 0), &["no networks"]);
    refused(with(|plan| plan.widths = vec![]), &["no networks"]);
    refused(with(|plan| plan.widths = vec![0]), &["width is 0"]);
    refused(with(|plan| plan.n_inputs = vec![0]), &["inputs is 0"]);
    refused(with(|plan| plan.n_samples = 9), &["points is 9", "10"]);
    refused(with(|plan| plan.noise = -0.1), &["noise is -0.1"]);
    refused(with(|plan| plan.n_epochs = 0), &["n_epochs is 0"]);
    refused(with(|plan| plan.taylor_order = 31), &["31", "1 and 30"]);
    let relu = with(|plan| plan.activations = vec![Activation::Relu]);
    assert_refused(relu.groups(), &["relu"]);
}

#[test]
fn a_row_measures_what_it_says() {
    let group = &plan().groups().unwrap()[0];
    let rows = group.run(progress::silent).unwrap();
    let data = group.data().unwrap();
    let networks = group.train(&data, progress::silent).unwrap();
    for ((row, data), network) in rows.iter().zip(&data).zip(&networks) {
        let test = &data.test;
        let network = DenseNetwork::from_network(network).unwrap();
        let polynomial = group.polynomial(&network).unwrap().polynomial(0).unwrap();
        assert_eq!(polynomial.order(), group.taylor_order);
        let (mut fit, mut agreement, mut extended) = (0.0, 0.0, 0.0);
        let mut largest: f64 = 0.0;
        for index in 0..test.n_samples() {
            let x = test.point(index);
            let wide: Vec<f64> = x.iter().map(|x| EXTENDED_RANGE * x).collect();
            let at = |x: &[f64]| network.outputs(x).unwrap()[0];
            let differs = |x: &[f64]| (at(x) - polynomial.values(x).unwrap()[0]).powi(2);
            fit += (at(x) - test.targets()[index]).powi(2);
            agreement += differs(x);
            extended += differs(&wide);
            for u in &network.potentials(x).unwrap()[0] {
                largest = largest.max(u.abs());
            }
        }
        let n = test.n_samples() as f64;
        let near = |found: f64, wanted: f64| {
            assert!((found - wanted).abs() <= 1e-9 * wanted, "{found}, {wanted}");
        };
        near(row.network_mse, fit / n);
        near(row.polynomial_mse, agreement / n);
        near(row.extended_mse, extended / n);
        // The poles of tanh next to 0 are at i pi/2.
        near(row.largest_potential, largest / std::f64::consts::FRAC_PI_2);
        assert_eq!(row.inside_share == 1.0, row.largest_potential < 1.0);
    }
}

#[test]
fn constrained_networks_agree_with_their_polynomials_where_free_ones_need_not() {
    let groups = plan().groups().unwrap();
    let rows: Vec<SimulationRow> = groups
        .iter()
        .flat_map(|group| group.run(progress::silent).unwrap())
        .collect();
    let constrained = rows.iter().filter(|row| row.settings.constrained);
    for row in constrained {
        assert_eq!(row.inside_share, 1.0);
        assert!(row.largest_potential < 2.0 / std::f64::consts::PI + 1e-5);
        assert!(row.polynomial_mse < row.extended_mse, "{row:?}");
    }
    let summary = SimulationSummary::new(&rows);
    assert_eq!((summary.n_networks, summary.lines.len()), (20, 4));
    for pair in summary.lines.chunks_exact(2) {
        let ([free, held], activation) = ([&pair[0], &pair[1]], pair[0].activation);
        assert!(!free.constrained && held.constrained && held.activation == activation);
        assert_eq!((free.n_networks, held.all_inside), (5, 1.0));
        assert!(
            held.polynomial_mse.median < free.polynomial_mse.median,
            "{activation}"
        );
    }
}

#[test]
fn quartiles_are_those_of_a_sample_by_hand() {
    let found = Quartiles::of(&[5.0, 1.0, 2.0, 4.0, 3.0]).unwrap();
    assert_eq!((found.lower, found.median, found.upper), (2.0, 3.0, 4.0));
    let one = Quartiles::of(&[7.0]).unwrap();
    assert_eq!((one.lower, one.upper), (7.0, 7.0));
}

/// What needs files.
mod kept {
    use super::*;
    use closedform_studies::simulation::{SimulationProgress, read_simulation, run_simulation};
    use std::fs::{self, File};
    use std::ops::ControlFlow;
    use std::process::{Command, Output, Stdio};
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;
    use tempfile::TempDir;

    fn go_on(_: &SimulationProgress) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    /// The small simulation, made without interruption.
    static WHOLE: LazyLock<(TempDir, Vec<SimulationRow>)> = LazyLock::new(|| {
        let folder = tempfile::tempdir().unwrap();
        let rows = run_simulation(&plan(), folder.path(), false, 1, &go_on).unwrap();
        assert_eq!(rows.len(), 20);
        (folder, rows)
    });

    /// Rows without what no two runs share.
    fn timeless(rows: &[SimulationRow]) -> Vec<SimulationRow> {
        let without = |row: &SimulationRow| SimulationRow {
            seconds_train: 0.0,
            seconds_polynomials: 0.0,
            ..row.clone()
        };
        rows.iter().map(without).collect()
    }

    #[test]
    fn both_files_hold_the_rows_that_a_simulation_returns() {
        let (folder, rows) = &*WHOLE;
        assert_eq!(&read_simulation(folder.path()).unwrap(), rows);
        let csv = fs::read_to_string(folder.path().join("simulation.csv")).unwrap();
        assert_eq!(csv.lines().count(), 1 + rows.len());
    }

    #[test]
    fn the_rows_are_the_same_with_1_job_and_with_2() {
        let folder = tempfile::tempdir().unwrap();
        let rows = run_simulation(&plan(), folder.path(), false, 2, &go_on).unwrap();
        assert_eq!(timeless(&rows), timeless(&WHOLE.1));
    }

    #[test]
    fn a_simulation_that_is_there_is_neither_overwritten_nor_mixed_with_another() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let file = "simulation.parquet";
        fs::copy(WHOLE.0.path().join(file), folder.join(file)).unwrap();
        let refused = |plan: &SimulationPlan, resume, n_jobs, words: &[&str]| {
            assert_refused(run_simulation(plan, folder, resume, n_jobs, &go_on), words);
            assert_eq!(read_simulation(folder).unwrap(), WHOLE.1);
        };
        refused(&plan(), false, 1, &[file, "20 runs", "--resume", "--out"]);
        let longer = SimulationPlan {
            n_epochs: 41,
            ..plan()
        };
        refused(&longer, true, 1, &[file, "40 epochs", "41 epochs", "--out"]);
        refused(&plan(), true, 0, &["jobs is 0"]);
        let lock = File::open(folder.join("simulation.lock")).unwrap();
        lock.lock().unwrap();
        refused(&plan(), true, 1, &["simulation.lock", "another simulation"]);
    }

    #[test]
    fn after_a_break_the_rest_is_made_and_no_network_is_trained_twice() {
        let folder = tempfile::tempdir().unwrap();
        let is_enough = AtomicBool::new(false);
        let kept = run_simulation(&plan(), folder.path(), false, 1, &|progress| {
            match (progress, is_enough.load(Ordering::Relaxed)) {
                (SimulationProgress::Finished(_), _) => is_enough.store(true, Ordering::Relaxed),
                (SimulationProgress::Step, true) => return ControlFlow::Break(()),
                _ => {}
            }
            ControlFlow::Continue(())
        });
        let kept = kept.unwrap();
        assert_eq!(kept.len(), 3);
        assert_eq!(read_simulation(folder.path()).unwrap(), kept);
        let rows = run_simulation(&plan(), folder.path(), true, 1, &go_on).unwrap();
        assert_eq!(timeless(&rows), timeless(&WHOLE.1));
        assert!(kept.iter().all(|row| rows.contains(row)));
    }

    fn closedform(folder: &std::path::Path, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_closedform"));
        command
            .args(arguments.split_whitespace())
            .current_dir(folder);
        command
    }

    fn text(bytes: &[u8]) -> String {
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    const SMALL: &str =
        "simulation --networks 3 --epochs 30 --taylor-order 4 --jobs 2 --out killed";

    #[test]
    fn after_a_kill_the_command_ends_with_all_rows_and_reports_them() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let mut killed = closedform(folder, SMALL)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while !folder.join("killed/simulation.parquet").exists() {
            assert!(killed.try_wait().unwrap().is_none(), "ended without a row");
            std::thread::sleep(Duration::from_millis(2));
        }
        killed.kill().unwrap();
        killed.wait().unwrap();
        let kept = read_simulation(folder.join("killed")).unwrap();
        let run = |arguments: &str| -> Output { closedform(folder, arguments).output().unwrap() };
        assert_eq!(run(SMALL).status.code(), Some(1));
        let done = run(&format!("{SMALL} --resume --json"));
        assert!(done.status.success(), "{}", text(&done.stderr));
        let summary: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
        assert_eq!(summary["n_networks"], 54);
        assert_eq!(summary["lines"].as_array().unwrap().len(), 18);
        assert!(text(&done.stderr).contains("54/54"));
        let rows = read_simulation(folder.join("killed")).unwrap();
        assert!(kept.iter().all(|row| rows.contains(row)), "made again");

        let report = run("simulation report --in killed");
        assert!(report.status.success(), "{}", text(&report.stderr));
        for words in [
            "54 networks",
            "tanh width 25    l1",
            "softplus  width 4  free",
        ] {
            assert!(
                text(&report.stdout).contains(words),
                "{}",
                text(&report.stdout)
            );
        }
        for name in ["agreement", "extended_range", "fit", "potentials"] {
            assert!(folder.join(format!("killed/{name}.svg")).exists(), "{name}");
        }
    }

    #[test]
    fn the_command_refuses_with_one_line() {
        let folder = tempfile::tempdir().unwrap();
        for (arguments, words) in [
            ("simulation --networks 0", "no networks"),
            ("simulation --epochs 0", "n_epochs is 0"),
            ("simulation --taylor-order 99", "99"),
            ("simulation --jobs 0", "jobs is 0"),
            ("simulation report --in nowhere", "nowhere"),
        ] {
            let output = closedform(folder.path(), arguments).output().unwrap();
            assert_eq!(output.status.code(), Some(1), "{arguments}");
            let message = text(&output.stderr);
            assert!(
                message.contains(words) && message.lines().count() == 1,
                "{message}"
            );
            assert!(output.stdout.is_empty());
        }
    }
}
