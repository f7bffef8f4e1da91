//! What can't be computed is refused, by a message that names the value and what is allowed.

use crate::small;
use crate::support;

use closedform::network::{Optimizer, Schedule};
use closedform::{
    Activation, Dataset, Directions, Experiment, Hyperparameters, InterpretOptions, Layer, Model,
    Network, Operator, Points, Result, SearchOptions, Task, TrainingOptions, interpret, progress,
    search,
};
use support::{assert_refused, names};

fn rows(n: usize) -> Vec<Vec<f64>> {
    (0..n).map(|i| vec![i as f64, (i % 3) as f64]).collect()
}

fn half_and_half(n: usize) -> Vec<f64> {
    (0..n).map(|i| f64::from(u8::from(2 * i >= n))).collect()
}

#[test]
fn rows_of_differing_length_are_refused() {
    let rows = [vec![1.0, 2.0], vec![1.0]];
    let result = Dataset::from_rows(&["a", "b"], &rows, &[0.0, 1.0]);
    assert_refused(result, &["row 2 has 1 values", "2 feature names"]);
}

#[test]
fn as_many_targets_as_rows_are_needed() {
    let result = Dataset::from_rows(&["a", "b"], &rows(3), &[0.0, 1.0]);
    assert_refused(result, &["3 rows", "2 targets"]);
}

#[test]
fn values_that_are_not_finite_are_refused() {
    for (value, word) in [
        (f64::NAN, "NaN"),
        (f64::INFINITY, "inf"),
        (f64::NEG_INFINITY, "-inf"),
    ] {
        let mut rows = rows(3);
        rows[1][1] = value;
        let result = Dataset::from_rows(&["a", "b"], &rows, &[0.0, 1.0, 1.0]);
        assert_refused(result, &["row 2", "\"b\"", word, "finite"]);
        let result = Dataset::from_rows(&["a"], &[vec![1.0], vec![2.0]], &[0.0, value]);
        assert_refused(result, &["target", "row 2", word, "finite"]);
        let result = Dataset::from_function(&[(0.0, 1.0)], 5, 0, |_| value);
        assert_refused(result, &["target", "row 1", word, "finite"]);
        let points = Points::new(names(2), [1.0; 4]).unwrap();
        let result = Directions::from_gradients(points, vec![1.0, 1.0, value, 1.0]);
        assert_refused(result, &["gradient 2", "\"x1\"", word, "finite"]);
        let result = Points::new(names(2), [1.0, value]);
        assert_refused(result, &["row 1", "\"x2\"", word, "finite"]);
    }
}

#[test]
fn no_rows_and_no_columns_are_refused() {
    assert_refused(
        Dataset::from_rows(&["a"], &[], &[]),
        &["no rows", "at least 1"],
    );
    let result = Dataset::from_rows(&[], &[vec![], vec![]], &[0.0, 1.0]);
    assert_refused(result, &["no feature columns", "at least 1"]);
    let result = Dataset::from_function(&[(0.0, 1.0)], 0, 0, |_| 0.0);
    assert_refused(result, &["no rows", "at least 1"]);
    assert_refused(Points::new(names(2), []), &["no rows", "at least 1"]);
}

#[test]
fn boxes_without_inside_are_refused() {
    let bad = [
        (1.0, 1.0),
        (2.0, 1.0),
        (0.0, f64::INFINITY),
        (f64::NAN, 1.0),
    ];
    for side in bad {
        let result = Dataset::from_function(&[(0.0, 1.0), side], 5, 0, |_| 0.0);
        let found = format!("({}, {})", side.0, side.1);
        assert_refused(result, &["side 2", &found, "below"]);
    }
    assert_refused(
        Dataset::from_function(&[], 5, 0, |_| 0.0),
        &["no sides", "at least 1"],
    );
}

#[test]
fn fractions_that_leave_a_part_empty_are_refused() {
    let data = Dataset::from_rows(&["a", "b"], &rows(10), &half_and_half(10)).unwrap();
    for fraction in [0.0, 1.0, -0.5, 1.5, 0.01, 0.99, f64::NAN] {
        let result = data.split(fraction, 0);
        assert_refused(
            result,
            &[
                "fraction",
                &fraction.to_string(),
                "between 0 and 1",
                "10 rows",
            ],
        );
    }
}

#[test]
fn experiments_0_and_9_are_refused() {
    for number in [0, 9, usize::MAX] {
        let result = Experiment::from_number(number);
        assert_refused(result, &["experiment", &number.to_string(), "1 to 8"]);
    }
}

#[test]
fn unknown_operators_are_refused() {
    let known = [
        "+", "-", "*", "/", "sin", "cos", "exp", "log", "sqrt", "tanh", "neg",
    ];
    for unknown in ["besselj", "", "SIN", "**"] {
        let result = Operator::parse_list(&format!("+,*,{unknown}"));
        let mut words = vec!["operator"];
        words.extend(known);
        let quoted = format!("\"{unknown}\"");
        words.push(&quoted);
        assert_refused(result, &words);
    }
    assert_refused(Operator::parse_list(""), &["\"\"", "one of"]);
}

#[test]
fn operators_without_plus_or_times_are_refused() {
    for list in ["+", "*", "-,/", "sin,+"] {
        assert_refused(Operator::parse_list(list), &["operators", list, "+ and *"]);
    }
    let given = support::true_directions(Experiment::One, 20, 0);
    let options = SearchOptions {
        operators: vec![],
        ..SearchOptions::default()
    };
    assert_refused(
        search(&given, &options, progress::silent),
        &["operators", "+ and *"],
    );
}

fn train(
    hyperparameters: Hyperparameters,
) -> Result<(Network, closedform::model::TrainingHistory)> {
    let data = Dataset::from_rows(&["a", "b"], &rows(60), &half_and_half(60)).unwrap();
    Network::train(
        &data,
        &data,
        &small::options(hyperparameters, 0),
        progress::silent,
    )
}

fn base() -> Hyperparameters {
    small::small(Activation::Tanh)
}

#[test]
fn hyperparameters_in_range_are_accepted() {
    train(base()).unwrap();
    train(Hyperparameters {
        batch_size: 60,
        n_epochs: 1,
        dropout: 0.5,
        ..base()
    })
    .unwrap();
}

#[test]
fn numbers_of_epochs_out_of_range_are_refused() {
    for n_epochs in [0, 1_000_000] {
        let result = train(Hyperparameters { n_epochs, ..base() });
        assert_refused(
            result,
            &["epochs", &n_epochs.to_string(), "between 1 and 100000"],
        );
    }
}

#[test]
fn batches_without_rows_or_larger_than_the_data_are_refused() {
    for batch_size in [0, 61] {
        let result = train(Hyperparameters {
            batch_size,
            ..base()
        });
        assert_refused(
            result,
            &["batch_size", &batch_size.to_string(), "between 1", "60"],
        );
    }
}

#[test]
fn layers_out_of_range_are_refused() {
    for width in [0, 65_537] {
        let layers = [3, width].map(|width| Layer::new(width, Activation::Tanh));
        let result = train(Hyperparameters {
            layers: layers.to_vec(),
            ..base()
        });
        let found = format!("{width} in hidden layer 1");
        assert_refused(result, &["width", &found, "between 1 and 65536"]);
    }
    let mut options = InterpretOptions::with_seed(0);
    options.training.hyperparameters.layers = vec![Layer::new(usize::MAX, Activation::Tanh); 2];
    let data = Experiment::One.sample(20, 0);
    let result = interpret(&data, &data, &options, progress::silent);
    assert_refused(result, &["width", "between 1 and 65536"]);
    let layers = vec![Layer::new(2, Activation::Tanh); 65];
    assert_refused(
        train(Hyperparameters { layers, ..base() }),
        &["layers", "65", "at most 64"],
    );
}

#[test]
fn learning_rates_out_of_range_are_refused() {
    for learning_rate in [0.0, -1.0, 11.0, f64::NAN, f64::INFINITY] {
        let result = train(Hyperparameters {
            learning_rate,
            ..base()
        });
        assert_refused(
            result,
            &[
                "learning_rate",
                &learning_rate.to_string(),
                "above 0, at most 10",
            ],
        );
    }
}

#[test]
fn dropouts_and_penalties_out_of_range_are_refused() {
    for dropout in [1.0, -0.1, 2.0, f64::NAN, f64::INFINITY] {
        let result = train(Hyperparameters { dropout, ..base() });
        assert_refused(
            result,
            &["dropout", &dropout.to_string(), "at least 0 and below 1"],
        );
    }
    for l2_penalty in [-1.0, 1.5, f64::NAN, f64::INFINITY] {
        let result = train(Hyperparameters {
            l2_penalty,
            ..base()
        });
        assert_refused(
            result,
            &["l2_penalty", &l2_penalty.to_string(), "between 0 and 1"],
        );
    }
}

#[test]
fn no_patience_is_refused() {
    let early_stopping = Some(0);
    let result = train(Hyperparameters {
        early_stopping,
        ..base()
    });
    assert_refused(result, &["early_stopping is 0", "at least 1, or none"]);
    let schedule = Schedule::Plateau {
        factor: 0.5,
        patience: 0,
    };
    let result = train(Hyperparameters { schedule, ..base() });
    assert_refused(result, &["schedule's patience is 0", "at least 1"]);
}

#[test]
fn no_hidden_layers_are_a_linear_model() {
    let layers = Vec::new();
    let (network, _) = train(Hyperparameters { layers, ..base() }).unwrap();
    assert_eq!(network.n_parameters(), 3);
}

#[test]
fn schedules_and_optimizers_out_of_range_are_refused() {
    for factor in [0.0, 1.0, -0.5, f64::NAN, f64::INFINITY] {
        let schedule = Schedule::Plateau {
            factor,
            patience: 3,
        };
        let result = train(Hyperparameters { schedule, ..base() });
        assert_refused(result, &["factor", &factor.to_string(), "below 1"]);
    }
    for epsilon in [0.0, 1.0, -1.0, f64::NAN, f64::INFINITY] {
        let optimizer = Optimizer::Adam { epsilon };
        let result = train(Hyperparameters {
            optimizer,
            ..base()
        });
        assert_refused(result, &["epsilon", &epsilon.to_string(), "below 1"]);
    }
    for weight_decay in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        let optimizer = Optimizer::AdamW { weight_decay };
        let result = train(Hyperparameters {
            optimizer,
            ..base()
        });
        assert_refused(
            result,
            &["weight_decay", &weight_decay.to_string(), "between 0 and 1"],
        );
    }
}

fn train_on(rows: &[Vec<f64>], targets: &[f64], task: Task) -> Result<()> {
    let data = Dataset::from_rows(&["a", "b"], rows, targets).unwrap();
    let options = TrainingOptions {
        task,
        ..small::options(base(), 0)
    };
    Network::train(&data, &data, &options, progress::silent).map(|_| ())
}

#[test]
fn numbers_of_threads_out_of_range_are_refused() {
    let data = Dataset::from_rows(&["a", "b"], &rows(60), &half_and_half(60)).unwrap();
    for n_threads in [0, 1025] {
        let options = TrainingOptions {
            n_threads: Some(n_threads),
            ..small::options(base(), 0)
        };
        let words = ["n_threads", &n_threads.to_string(), "between 1 and 1024"];
        let alone = Network::train(&data, &data, &options, progress::silent);
        assert_refused(alone, &words);
        let data = std::slice::from_ref(&data);
        let together = Network::train_together(data, &[0], &options, progress::silent);
        assert_refused(together, &words);
    }
}

#[test]
fn one_class_alone_is_refused() {
    for class in [0.0, 1.0] {
        let result = train_on(&rows(60), &[class; 60], Task::Classification);
        assert_refused(
            result,
            &["all 60 targets", &class.to_string(), "both classes"],
        );
    }
}

#[test]
fn a_target_that_is_no_class_is_refused() {
    for other in [1.5, 0.5, -1.0, 100.0] {
        let mut targets = half_and_half(60);
        targets[4] = other;
        let result = train_on(&rows(60), &targets, Task::Classification);
        assert_refused(result, &["row 5", &other.to_string(), "0 and 1"]);
    }
}

#[test]
fn constant_columns_and_targets_are_refused() {
    let constant: Vec<Vec<f64>> = (0..60).map(|i| vec![f64::from(i), 7.5]).collect();
    let result = train_on(&constant, &half_and_half(60), Task::Classification);
    assert_refused(result, &["\"b\"", "constant", "7.5"]);
    let result = train_on(&rows(60), &[3.5; 60], Task::Regression);
    assert_refused(result, &["target", "constant", "3.5"]);
}

#[test]
fn validation_data_with_other_columns_are_refused() {
    let data = Dataset::from_rows(&["a", "b"], &rows(60), &half_and_half(60)).unwrap();
    let other = Dataset::from_rows(&["a", "c"], &rows(60), &half_and_half(60)).unwrap();
    let result = Network::train(&data, &other, &small::options(base(), 0), progress::silent);
    assert_refused(result, &["\"b\"", "\"c\"", "differ"]);
}

#[test]
fn a_loss_that_stops_being_finite_is_refused() {
    let rows: Vec<Vec<f64>> = (0..60)
        .map(|i| vec![f64::from(i) * 1e30, f64::from(i % 3)])
        .collect();
    let targets: Vec<f64> = (0..60).map(|i| f64::from(i) * 1e30).collect();
    let data = Dataset::from_rows(&["a", "b"], &rows, &targets).unwrap();
    let hyperparameters = Hyperparameters {
        standardize: false,
        ..base()
    };
    let options = TrainingOptions {
        task: Task::Regression,
        ..small::options(hyperparameters, 0)
    };
    let result = Network::train(&data, &data, &options, progress::silent);
    assert_refused(result, &["training loss", "epoch 1", "learning rate"]);
}

#[test]
fn deltas_out_of_range_are_refused() {
    let network = small::classifier(0);
    let points = Points::new(names(2), [0.1, 0.2]).unwrap();
    for delta in [0.5, -0.1, 1.0, f64::NAN] {
        let result = network.directions(&points, delta);
        assert_refused(
            result,
            &["delta", &delta.to_string(), "at least 0 and below 0.5"],
        );
    }
}

#[test]
fn points_of_another_width_are_refused() {
    let network = small::classifier(0);
    let points = [0.1, 0.2, 0.3];
    assert_refused(network.latent(&points), &["3 values", "2 features"]);
    assert_refused(network.predict(&points), &["3 values", "2 features"]);
    assert_refused(network.gradients(&points), &["3 values", "2 features"]);
    let one_row = Points::new(names(3), points).unwrap();
    assert_refused(
        network.directions(&one_row, 0.1),
        &["features", "x3", "the model"],
    );
    assert_refused(network.latent(&[]), &["0 values", "2 features"]);
    let other = Experiment::Three.sample(20, 0);
    assert_refused(network.accuracy(&other), &["features"]);
}

#[test]
fn a_network_that_is_saturated_everywhere_is_refused() {
    let network = small::classifier(0);
    let far = Points::new(names(2), [1e6, 1e6, -1e6, 1e6]).unwrap();
    let result = network.directions(&far, 0.499_999);
    assert_refused(
        result,
        &["none of 2 points", "0.499999", "saturated", "smaller delta"],
    );
}

#[test]
fn search_options_out_of_range_are_refused() {
    let given = support::true_directions(Experiment::One, 20, 0);
    let find = |options: SearchOptions| search(&given, &options, progress::silent);
    for max_complexity in [0, 201] {
        let result = find(SearchOptions {
            max_complexity: Some(max_complexity),
            ..SearchOptions::default()
        });
        let value = max_complexity.to_string();
        assert_refused(result, &["max_complexity", &value, "between 1 and 200"]);
    }
    for noise in [f64::NAN, -0.1, 2.1] {
        let result = find(SearchOptions {
            noise,
            ..SearchOptions::default()
        });
        assert_refused(result, &["noise", &noise.to_string(), "between 0 and 2"]);
    }
    let result = find(SearchOptions {
        n_generations: 1_000_001,
        ..SearchOptions::default()
    });
    assert_refused(result, &["n_generations", "1000001", "at most 1000000"]);
}

#[test]
fn a_search_with_one_feature_is_refused() {
    let points = Points::new(names(1), [1.0, 2.0]).unwrap();
    let given = Directions::from_gradients(points, vec![1.0, 2.0]).unwrap();
    let result = search(&given, &SearchOptions::default(), progress::silent);
    assert_refused(result, &["1 feature", "2 or more"]);
}

#[test]
fn gradients_that_do_not_fit_the_points_are_refused() {
    let points = Points::new(names(2), [1.0; 4]).unwrap();
    let result = Directions::from_gradients(points, vec![1.0; 6]);
    assert_refused(result, &["2 points", "6 gradient values", "2 features"]);
    assert_refused(Points::new(names(2), [1.0; 3]), &["3 values", "2 features"]);
    assert_refused(Points::new(names(0), []), &["no feature columns"]);
}
