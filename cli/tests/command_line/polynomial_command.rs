//! `closedform polynomial`: what it prints, what it refuses, and what it warns of.

use crate::command;

use closedform::polynomial::TaylorCenter;
use closedform::{DenseNetwork, Points, TaylorOptions};
use command::Run;
use serde_json::{Value, json};
use std::fs;

fn run(file: &str, arguments: &[&str]) -> Run {
    let arguments = [&["polynomial"], arguments].concat();
    Run::on_file("network.json", file, &arguments)
}

fn on_weights(network: &Value, arguments: &[&str]) -> Run {
    let arguments = [&["--weights", "network.json"], arguments].concat();
    run(&network.to_string(), &arguments)
}

/// Two inputs, one hidden neuron of tanh, two outputs.
fn small() -> Value {
    json!({"layers": [
        {"activation": "tanh", "weights": [[0], [0.5], [-0.25]]},
        {"activation": "linear", "weights": [[1, 0], [2, -3]]},
    ]})
}

#[test]
fn json_holds_labels_and_the_values_of_every_output() {
    let found = on_weights(
        &small(),
        &["--max-order", "3", "--taylor-order", "3", "--json"],
    );
    assert_eq!((found.code, found.stderr.as_str()), (Some(0), ""));
    let found: Value = serde_json::from_str(&found.stdout).unwrap();
    assert_eq!(found.as_object().unwrap().len(), 2);
    assert_eq!(
        found["labels"],
        json!([
            [],
            [1],
            [2],
            [1, 1],
            [1, 2],
            [2, 2],
            [1, 1, 1],
            [1, 1, 2],
            [1, 2, 2],
            [2, 2, 2]
        ])
    );
    // u - u^3/3 with u = x1/2 - x2/4, by hand.
    let series = [
        0.0,
        0.5,
        -0.25,
        0.0,
        0.0,
        0.0,
        -1.0 / 24.0,
        1.0 / 16.0,
        -1.0 / 32.0,
        1.0 / 192.0,
    ];
    let values = found["values"].as_array().unwrap();
    assert_eq!(values.len(), series.len());
    for (term, (values, by_hand)) in values.iter().zip(series).enumerate() {
        let constant = if term == 0 { 1.0 } else { 0.0 };
        let expected = [constant + 2.0 * by_hand, -3.0 * by_hand];
        assert_eq!(values.as_array().unwrap().len(), 2);
        for (value, expected) in values.as_array().unwrap().iter().zip(expected) {
            assert!(
                (value.as_f64().unwrap() - expected).abs() < 1e-15,
                "{value} {expected}"
            );
        }
    }
}

#[test]
fn economized_terms_give_their_share_to_lower_ones() {
    let arguments = ["--max-order", "3", "--taylor-order", "3", "--json"];
    let economized = |order| {
        on_weights(
            &small(),
            &[&arguments[..], &["--economize", order]].concat(),
        )
    };
    let found: Value = serde_json::from_str(&economized("1").stdout).unwrap();
    assert_eq!(found["labels"], json!([[], [1], [2]]));
    // On [-1, 1] x1^3 is nearest to 3/5 x1, and x1^2 x2 to 1/3 x2, by hand.
    let expected = [
        0.5 - 0.6 / 24.0 - 1.0 / 96.0,
        -0.25 + 1.0 / 48.0 + 0.6 / 192.0,
    ];
    for (row, expected) in expected.iter().enumerate() {
        let value = found["values"][row + 1][0].as_f64().unwrap();
        assert!((value - 2.0 * expected).abs() < 1e-14, "{value}");
    }
    let refused = economized("4");
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""));
    assert!(
        refused.stderr.contains("economized_order is 4"),
        "{}",
        refused.stderr
    );
}

#[test]
fn the_command_line_is_a_door_to_the_library() {
    let network = DenseNetwork::from_json(&small().to_string()).unwrap();
    let expected = network.to_polynomials(&TaylorOptions::default()).unwrap();
    let found = on_weights(&small(), &["--json"]);
    let found: Value = serde_json::from_str(&found.stdout).unwrap();
    assert_eq!(found, serde_json::to_value(expected.family()).unwrap());
}

#[test]
fn without_json_the_polynomials_are_formulas() {
    let found = on_weights(&small(), &["--max-order", "3", "--taylor-order", "3"]);
    assert_eq!((found.code, found.stderr.as_str()), (Some(0), ""));
    let lines: Vec<&str> = found.stdout.lines().collect();
    assert_eq!(lines[0], "inputs: 2, order: 3, monomials: 10");
    assert_eq!(
        lines[1],
        "output 1 = 1 + x1 - 0.5*x2 - 0.0833333*x1**3 + 0.125*x1**2*x2 - 0.0625*x1*x2**2 \
         + 0.0104167*x2**3"
    );
    assert!(
        lines[2].starts_with("output 2 = -1.5*x1 + 0.75*x2"),
        "{}",
        lines[2]
    );
    assert_eq!(lines.len(), 3);
}

#[test]
fn classifiers_are_polynomials_of_logits() {
    let network =
        json!({"layers": [{"activation": "softmax", "weights": [[0, 1, 2], [1, 0, -1]]}]});
    let found = on_weights(&network, &[]);
    assert_eq!((found.code, found.stderr.as_str()), (Some(0), ""));
    let expected = "inputs: 1, order: 1, monomials: 2\nlogit 1 = x1\nlogit 2 = 1\n\
                    logit 3 = 2 - x1\nclass probabilities: softmax of the logits\n";
    assert_eq!(found.stdout, expected);
    let sigmoid = json!({"layers": [{"activation": "sigmoid", "weights": [[0], [1]]}]});
    let expanded = on_weights(&sigmoid, &["--expand-output", "--taylor-order", "1"]);
    assert!(
        expanded.stdout.ends_with("output 1 = 0.5 + 0.25*x1\n"),
        "{}",
        expanded.stdout
    );
}

#[test]
fn every_layer_may_have_its_own_series() {
    let network = json!({"layers": [
        {"activation": "tanh", "weights": [[0.1], [0.2]]},
        {"activation": "softplus", "weights": [[0.1], [0.2]]},
        {"activation": "linear", "weights": [[0.0], [1.0]]},
    ]});
    let arguments = [
        "--max-order",
        "9",
        "--taylor-order",
        "3,2",
        "--taylor-center",
        "-0.5,0.25",
        "--json",
    ];
    let found = on_weights(&network, &arguments);
    assert_eq!(found.stderr, "");
    let found: Value = serde_json::from_str(&found.stdout).unwrap();
    assert_eq!(found["labels"].as_array().unwrap().len(), 7);
}

#[test]
fn rows_of_data_show_where_neurons_have_their_mean_potentials() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("table.csv");
    fs::write(&table, "label,x2,x1\nno,0,1\nyes,4,3\n").unwrap();
    let arguments = [
        "--data",
        table.to_str().unwrap(),
        "--taylor-center",
        "mean",
        "--json",
    ];
    let found = on_weights(&small(), &arguments);
    assert_eq!((found.code, found.stderr.as_str()), (Some(0), ""));
    let found: Value = serde_json::from_str(&found.stdout).unwrap();
    let options = TaylorOptions {
        taylor_centers: vec![TaylorCenter::MeanPotential],
        points: Some(Points::new(["x1", "x2"], [1.0, 0.0, 3.0, 4.0]).unwrap()),
        ..TaylorOptions::default()
    };
    let network = DenseNetwork::from_json(&small().to_string()).unwrap();
    let expected = network.to_polynomials(&options).unwrap();
    assert_eq!(found, serde_json::to_value(expected.family()).unwrap());
    on_weights(&small(), &["--taylor-center", "mean"]).assert_failed(&["mean", "points", "--data"]);
    fs::write(&table, "x1,y,z\n0,1,2\n").unwrap();
    let words = [
        "table.csv",
        "x1, y, z",
        "2 inputs without names",
        "columns x1, x2",
    ];
    on_weights(&small(), &arguments[..2]).assert_failed(&words);
}

#[test]
fn a_table_of_as_many_columns_as_inputs_names_them() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("table.csv");
    let with = |header: &str| {
        fs::write(&table, format!("{header}\n1,0\n3,4\n")).unwrap();
        let arguments = ["--data", table.to_str().unwrap(), "--taylor-center", "mean"];
        let found = on_weights(&small(), &arguments);
        assert_eq!((found.code, found.stderr.as_str()), (Some(0), ""));
        found.stdout
    };
    let own = with("breadth,height");
    assert!(own.contains("breadth") && own.contains("height"), "{own}");
    let renamed = own.replace("breadth", "x1").replace("height", "x2");
    assert_eq!(renamed, with("x1,x2"));
}

#[test]
fn weights_are_read_as_r_writes_them() {
    let expected = on_weights(&small(), &["--json"]).stdout;
    let arrays = json!({"layers": [
        {"activation": ["tanh"], "weights": [[0], [0.5], [-0.25]]},
        {"activation": ["linear"], "weights": [[1, 0], [2, -3]]},
    ]});
    // A matrix of one column loses its second dimension.
    let named = r#"{"tanh": [0, 0.5, -0.25], "linear": [[1, 0], [2, -3]]}"#;
    for written in [arrays.to_string(), named.to_string()] {
        let found = run(&written, &["--weights", "network.json", "--json"]);
        assert_eq!(
            (found.stdout, found.code),
            (expected.clone(), Some(0)),
            "{}",
            found.stderr
        );
    }
    // R numbers a name that occurs twice, and the order is that of the file.
    let deep = r#"{"tanh": [[0], [1], [2]], "tanh.1": [[0], [1]], "linear": [[1], [2]]}"#;
    let listed = json!({"layers": [
        {"activation": "tanh", "weights": [[0], [1], [2]]},
        {"activation": "tanh", "weights": [[0], [1]]},
        {"activation": "linear", "weights": [[1], [2]]},
    ]});
    let found = run(deep, &["--weights", "network.json", "--json"]);
    assert_eq!(found.stdout, on_weights(&listed, &["--json"]).stdout);
    run(r#"{"tanh": 3}"#, &["--weights", "network.json"]).assert_failed(&["rows of numbers"]);
}

#[test]
fn figures_are_put_into_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let new = folder.path().join("new");
    let arguments = ["--figures", new.to_str().unwrap(), "--json"];
    let found = on_weights(&small(), &arguments);
    assert_eq!(found.code, Some(0), "{}", found.stderr);
    assert!(serde_json::from_str::<Value>(&found.stdout).is_ok());
    for name in ["potentials.svg", "agreement.svg", "coefficients.svg"] {
        let text = fs::read_to_string(new.join(name)).unwrap();
        assert!(text.starts_with("<svg"), "{name}: {text}");
        assert!(found.stderr.contains(name), "{}", found.stderr);
    }
    fs::write(folder.path().join("file"), "").unwrap();
    let file = folder.path().join("file");
    let found = on_weights(&small(), &["--figures", file.to_str().unwrap()]);
    assert_eq!(found.code, Some(3), "{}", found.stderr);
    assert!(found.stdout.contains("output 1 = "), "{}", found.stdout);
    assert!(found.stderr.contains("not saved: "), "{}", found.stderr);
}

#[test]
fn a_center_or_potentials_outside_the_radius_are_warned_of() {
    let found = on_weights(&small(), &["--taylor-center", "4", "--json"]);
    assert_eq!(found.code, Some(0));
    assert!(serde_json::from_str::<Value>(&found.stdout).is_ok());
    for word in [
        "warning",
        "layer 1 (tanh)",
        "center 4",
        "radius of convergence",
        "1.571",
    ] {
        assert!(found.stderr.contains(word), "{}", found.stderr);
    }
    let wide = json!({"layers": [
        {"activation": "tanh", "weights": [[0], [50]]},
        {"activation": "linear", "weights": [[0], [1]]},
    ]});
    let found = on_weights(&wide, &[]);
    assert_eq!(found.code, Some(0));
    for word in ["warning", "layer 1 (tanh)", "potentials", "1.571"] {
        assert!(found.stderr.contains(word), "{}", found.stderr);
    }
}

#[test]
fn what_is_no_network_is_refused_by_place() {
    let layers = |layers: Value| json!({ "layers": layers });
    let one = |activation: &str, weights: Value| {
        layers(json!([{"activation": activation, "weights": weights}]))
    };
    let refused = |network: &Value, words: &[&str]| {
        let words = [&["network.json"], words].concat();
        on_weights(network, &["--json"]).assert_failed(&words);
    };
    refused(&layers(json!([])), &["no layers"]);
    refused(&json!({}), &["not a network", "layers"]);
    refused(&json!([1, 2]), &["not a network"]);
    refused(&layers(json!([{"activation": "tanh"}])), &["weights"]);
    refused(
        &one("swoosh", json!([[1], [2]])),
        &["layer 1", "swoosh", "elu, exp, linear"],
    );
    refused(&one("tanh", json!([])), &["layer 1", "no rows"]);
    refused(&one("tanh", json!([[1]])), &["layer 1", "one row"]);
    refused(
        &one("tanh", json!([[], []])),
        &["layer 1", "empty first row"],
    );
    refused(
        &one("tanh", json!([[1, 2], [3]])),
        &["layer 1", "row 2", "row 1 has 2"],
    );
    refused(
        &one("tanh", json!([[1, 2], [3, null]])),
        &["layer 1", "row 2, column 2", "null"],
    );
    refused(
        &one("tanh", json!([[1, 2], [3, "x"]])),
        &["layer 1", "row 2, column 2", "x"],
    );
    let unchained = layers(json!([
        {"activation": "tanh", "weights": [[1, 2], [3, 4]]},
        {"activation": "linear", "weights": [[1], [2], [3], [4]]},
    ]));
    refused(&unchained, &["layer 2", "3 inputs", "layer 1", "2 neurons"]);
    let softmax = layers(json!([
        {"activation": "softmax", "weights": [[1, 2], [3, 4]]},
        {"activation": "linear", "weights": [[1], [2], [3]]},
    ]));
    refused(&softmax, &["layer 1", "softmax", "last layer"]);
}

#[test]
fn numbers_that_are_not_finite_are_named_though_json_has_none() {
    let with = |number: &str| {
        format!("{{\"layers\": [{{\"activation\": \"tanh\", \"weights\": [[1], [{number}]]}}]}}")
    };
    for (number, word) in [("NaN", "NaN"), ("Infinity", "inf"), ("-Infinity", "-inf")] {
        let found = run(&with(number), &["--weights", "network.json"]);
        found.assert_failed(&["network.json", "layer 1", "row 2, column 1", word, "finite"]);
    }
    run(&with("1e999"), &["--weights", "network.json"]).assert_failed(&["network.json", "number"]);
    run("{\"layers\": [", &["--weights", "network.json"])
        .assert_failed(&["not a network", "line 1"]);
}

#[test]
fn activations_without_a_series_are_refused_with_the_reason() {
    let with = |activation: &str| {
        json!({"layers": [
            {"activation": activation, "weights": [[1], [2]]},
            {"activation": "linear", "weights": [[1], [2]]},
        ]})
    };
    on_weights(&with("relu"), &[]).assert_failed(&["layer 1", "relu", "kink at 0"]);
    on_weights(&with("elu"), &[]).assert_failed(&["layer 1", "elu", "taylor_center is 0"]);
    assert_eq!(
        on_weights(&with("elu"), &["--taylor-center", "1"]).code,
        Some(0)
    );
}

#[test]
fn orders_out_of_range_are_refused_by_name() {
    let refused = |arguments: &[&str], words: &[&str]| {
        on_weights(&small(), arguments).assert_failed(words);
    };
    refused(
        &["--max-order", "0"],
        &["max_order", "0", "between 1 and 1000"],
    );
    refused(&["--max-order", "1000000"], &["max_order", "1000000"]);
    refused(
        &["--taylor-order", "0"],
        &["taylor_order", "0", "between 1 and 30"],
    );
    refused(&["--taylor-order", "31"], &["taylor_order", "31"]);
    refused(&["--taylor-order", "3,3,3"], &["taylor_orders", "2 layers"]);
    refused(&["--taylor-center", "nan"], &["taylor_center", "NaN"]);
    refused(
        &["--max-memory", "0"],
        &["terms", "memory", "0.0 bytes are allowed", "--max-memory"],
    );
}

#[test]
fn wrong_usage_is_told_by_the_arguments() {
    for arguments in [
        &[][..],
        &["--weights", "network.json", "--max-order", "-1"],
        &["--weights", "network.json", "--taylor-order", "x"],
        &["--weights", "network.json", "--taylor-center", "median"],
    ] {
        let found = run("", arguments);
        assert_eq!(
            (found.code, found.stdout.as_str()),
            (Some(2), ""),
            "{arguments:?}"
        );
        assert!(!found.stderr.contains("panicked"));
    }
    run("", &["--weights", "missing.json"]).assert_failed(&["missing.json", "No such file"]);
    let help = run("", &["--help"]);
    assert_eq!(help.code, Some(0));
    for word in ["Examples:", "--taylor-center", "--weights", "[1,1,2]"] {
        assert!(help.stdout.contains(word), "{}", help.stdout);
    }
}

mod saved {
    use super::*;
    use closedform::{Dataset, Hyperparameters, Layer, Network, Task, TrainingOptions, progress};

    #[test]
    fn a_saved_network_becomes_polynomials_in_its_own_features() {
        let rows: Vec<Vec<f64>> = (0..100)
            .map(|k| vec![(k as f64).sin(), (k as f64).cos()])
            .collect();
        let targets: Vec<f64> = rows.iter().map(|row| row[0] * row[1]).collect();
        let data = Dataset::from_rows(&["width", "height"], &rows, &targets).unwrap();
        let options = TrainingOptions {
            task: Task::Regression,
            hyperparameters: Hyperparameters {
                layers: vec![Layer::new(4, closedform::Activation::Tanh)],
                n_epochs: 1,
                batch_size: 50,
                ..Hyperparameters::fast()
            },
            ..TrainingOptions::default()
        };
        let (network, _) = Network::train(&data, &data, &options, progress::silent).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("network.safetensors");
        network.save(&path).unwrap();
        let path = path.to_str().unwrap();
        let found = run("", &["--network", path, "--max-order", "2"]);
        assert_eq!(found.code, Some(0), "{}", found.stderr);
        assert!(found.stdout.contains("*width*height"), "{}", found.stdout);
        let found = run("", &["--network", path, "--json"]);
        let found: Value = serde_json::from_str(&found.stdout).unwrap();
        let expected = DenseNetwork::from_network(&network).unwrap();
        let expected = expected.to_polynomials(&TaylorOptions::default()).unwrap();
        assert_eq!(found, serde_json::to_value(expected.family()).unwrap());
        let both = run("", &["--network", path, "--weights", "network.json"]);
        assert_eq!(both.code, Some(2));
        run("", &["--network", "network.json"])
            .assert_failed(&["network.json", "not a saved network"]);
    }
}
