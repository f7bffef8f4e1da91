//! Polynomials and networks are compared on equal terms, and each wins where it should.
//!
//! `cargo test --release --test network polynomials_or_networks -- --ignored --nocapture` prints the table
//! of data/README.md.

use crate::support;

use closedform::dataset::RealData;
use closedform::network::Optimizer;
use closedform::regression::{Comparison, ComparisonOptions, RegressionOptions};
use closedform::{Activation, Dataset, Hyperparameters, Layer, Task};
use support::assert_refused;

fn tanh(widths: &[usize], n_epochs: usize) -> Hyperparameters {
    let layer = |width: &usize| Layer::new(*width, Activation::Tanh);
    Hyperparameters {
        layers: widths.iter().map(layer).collect(),
        optimizer: Optimizer::AdamW { weight_decay: 0.01 },
        learning_rate: 0.01,
        n_epochs,
        batch_size: 32,
        ..Hyperparameters::fast()
    }
}

fn small(task: Task) -> ComparisonOptions {
    ComparisonOptions {
        n_splits: 3,
        n_folds: 3,
        ..ComparisonOptions::new(task, vec![tanh(&[4], 10), tanh(&[8], 10)])
    }
}

fn compare(data: &Dataset, options: &ComparisonOptions) -> Comparison {
    Comparison::new(data, options).unwrap()
}

#[test]
fn a_polynomial_is_found_by_its_order_and_beats_networks() {
    let truth = |x: &[f64]| 1.0 - x[0] + 2.0 * x[0] * x[1] + x[1] * x[1];
    let data = Dataset::from_function(&[(-1.0, 1.0); 2], 120, 0, truth).unwrap();
    let found = compare(&data, &small(Task::Regression));
    assert_eq!((found.n_training, found.n_test), (96, 24));
    assert!(found.polynomial.mean() < 1e-12);
    let means: Vec<f64> = found.contestants.iter().map(|row| row.mean()).collect();
    assert!(means[0] > means[1] && means[1] > 0.1 && means[2] < 1e-12);
    let (difference, standard_error) = found.difference();
    assert!(difference > 2.0 * standard_error);
    assert!(found.to_string().ends_with("the polynomial is better"));
}

#[test]
fn what_a_polynomial_cannot_follow_is_the_networks() {
    let data = Dataset::from_function(&[(-1.0, 1.0); 2], 400, 0, |x| (4.0 * x[0]).sin()).unwrap();
    let options = ComparisonOptions {
        networks: vec![tanh(&[32, 32], 100)],
        ..small(Task::Regression)
    };
    let found = compare(&data, &options);
    assert!(found.network.mean() < found.polynomial.mean() / 2.0);
    assert!(found.to_string().ends_with("the network is better"));
}

#[test]
fn the_seed_fixes_all_but_the_time() {
    let data = Dataset::from_function(&[(-1.0, 1.0); 2], 60, 0, |x| x[0].exp() * x[1]).unwrap();
    let errors = |seed| {
        let options = ComparisonOptions {
            seed,
            ..small(Task::Regression)
        };
        let found = compare(&data, &options);
        let rows = found.contestants.iter().map(|row| row.errors.clone());
        (
            rows.collect::<Vec<_>>(),
            found.polynomial.errors,
            found.network.errors,
        )
    };
    assert_eq!(errors(1), errors(1));
    assert_ne!(errors(1), errors(2));
}

#[test]
fn what_is_chosen_was_one_of_its_kind() {
    let data = RealData::Iris.load().unwrap();
    let found = compare(&data, &small(Task::Classification));
    let n_chosen: Vec<Option<usize>> = found.contestants.iter().map(|row| row.n_chosen).collect();
    assert_eq!(n_chosen[0], None);
    let sum = |part: &[Option<usize>]| part.iter().flatten().sum::<usize>();
    assert_eq!((sum(&n_chosen[1..4]), sum(&n_chosen[4..])), (3, 3));
    for split in 0..3 {
        let candidates = found.contestants.iter().map(|row| row.errors[split]);
        let candidates: Vec<f64> = candidates.collect();
        assert!(candidates[1..4].contains(&found.polynomial.errors[split]));
        assert!(candidates[4..].contains(&found.network.errors[split]));
        assert!(candidates[0] > 0.5, "a third is right");
    }
    assert!(found.polynomial.mean() < 0.1);
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let data = Dataset::from_function(&[(-1.0, 1.0)], 30, 0, |x| x[0]).unwrap();
    let refused = |options: ComparisonOptions, words: &[&str]| {
        assert_refused(Comparison::new(&data, &options), words);
    };
    let options = || small(Task::Regression);
    let networks = vec![];
    refused(
        ComparisonOptions {
            networks,
            ..options()
        },
        &["networks", "at least one"],
    );
    refused(
        ComparisonOptions {
            n_splits: 1,
            ..options()
        },
        &["n_splits is 1", "at least 2"],
    );
    refused(
        ComparisonOptions {
            n_folds: 25,
            ..options()
        },
        &["n_folds is 25", "24"],
    );
    refused(
        ComparisonOptions {
            training_share: 1.0,
            ..options()
        },
        &["fraction is 1"],
    );
    let regression = RegressionOptions {
        max_order: 31,
        ..RegressionOptions::default()
    };
    refused(
        ComparisonOptions {
            regression,
            ..options()
        },
        &["max_order is 31"],
    );
    refused(small(Task::Classification), &["row 1", "classification"]);
}

/// The same networks and options as in notebook 12.
#[test]
#[ignore = "takes minutes; prints the table of data/README.md"]
fn tables_of_real_data() {
    let network = |widths: &[usize]| Hyperparameters {
        batch_size: 64,
        ..tanh(widths, 60)
    };
    for data in RealData::ALL {
        let networks = vec![network(&[8]), network(&[32, 32])];
        let options = ComparisonOptions::new(data.task(), networks);
        println!("{data}\n{}\n", compare(&data.load().unwrap(), &options));
    }
}
