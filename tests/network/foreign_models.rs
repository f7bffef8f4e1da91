//! Models as other programs write them: values are those that onnxruntime computed, and gradients
//! those of finite differences.

use crate::reference::model;
use crate::support;
use closedform::network::{ImportOptions, NetworkDescription};
use closedform::{Dataset, ImportedNetwork, Model, Points, Task};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;

/// onnxruntime computes in single precision.
const TOLERANCE: f64 = 1e-4;
/// What central differences leave.
const OF_DIFFERENCES: f64 = 1e-6;

#[derive(Deserialize)]
struct Foreign {
    /// `(n_rows, n_features)`.
    points: Vec<f64>,
    /// `(n_rows, n_values)` for each output.
    answers: BTreeMap<String, Vec<f64>>,
}

impl Foreign {
    fn of(name: &str) -> Self {
        let text = fs::read_to_string(model("foreign.json")).unwrap();
        let mut all: BTreeMap<String, Self> = serde_json::from_str(&text).unwrap();
        all.remove(name).unwrap()
    }

    /// One function of each row's answers, `(n_rows,)`.
    fn each(&self, output: &str, n_values: usize, function: impl Fn(&[f64]) -> f64) -> Vec<f64> {
        let rows = self.answers[output].chunks_exact(n_values);
        rows.map(function).collect()
    }
}

fn options(task: Task, output: Option<&str>) -> ImportOptions {
    ImportOptions {
        task: Some(task),
        output: output.map(str::to_string),
        ..Default::default()
    }
}

fn open(name: &str, task: Task, output: Option<&str>) -> ImportedNetwork {
    let path = model(&format!("{name}.onnx"));
    ImportedNetwork::open(path, &options(task, output)).unwrap()
}

fn assert_close(found: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        let is_close = (found - expected).abs() < tolerance * (1.0 + expected.abs());
        assert!(is_close, "{what}: {found} instead of {expected}");
    }
}

/// The gradients at points are those of central differences.
fn assert_gradients(network: &dyn Model, points: &[f64], what: &str) {
    let n = network.n_features();
    let gradients = network.gradients(points).unwrap();
    let step = 1e-5;
    for feature in 0..n {
        let moved = |by: f64| {
            let mut moved = points.to_vec();
            moved
                .iter_mut()
                .skip(feature)
                .step_by(n)
                .for_each(|x| *x += by);
            network.latent(&moved).unwrap()
        };
        let (above, below) = (moved(step), moved(-step));
        let pairs = above.iter().zip(&below);
        let slopes: Vec<f64> = pairs.map(|(a, b)| (a - b) / (2.0 * step)).collect();
        let found: Vec<f64> = gradients.iter().skip(feature).step_by(n).copied().collect();
        assert_close(&found, &slopes, OF_DIFFERENCES, what);
    }
}

fn assert_agrees(network: &dyn Model, points: &[f64], expected: &[f64], what: &str) {
    assert_close(&network.latent(points).unwrap(), expected, TOLERANCE, what);
    assert_gradients(network, points, what);
}

/// The share of one class among it and another one.
fn share(one: usize, other: usize) -> impl Fn(&[f64]) -> f64 {
    move |row: &[f64]| row[one] / (row[one] + row[other])
}

/// A margin's probability is the share of its first class.
fn assert_shares(network: &dyn Model, points: &[f64], expected: &[f64], what: &str) {
    assert_eq!(network.task(), Task::Classification);
    let latent = network.latent(points).unwrap();
    let found: Vec<f64> = latent.iter().map(|f| 1.0 / (1.0 + (-f).exp())).collect();
    assert_close(&found, expected, TOLERANCE, what);
    assert_gradients(network, points, what);
}

#[test]
fn regressors_of_any_operators_agree_with_onnxruntime() {
    for name in [
        "pinn",
        "normalized",
        "window",
        "fixed",
        "lstm_readout",
        "gru_readout",
        "convolution",
        "gelu",
        "residual",
        "two_inputs",
    ] {
        let foreign = Foreign::of(name);
        let network = open(name, Task::Regression, None);
        let expected = foreign.each("y", 1, |row| row[0]);
        assert_agrees(&network, &foreign.points, &expected, name);
        assert_eq!(network.clone(), network);
    }
    for name in ["support", "distilled"] {
        let foreign = Foreign::of(name);
        let network = open(name, Task::Regression, None);
        let expected = foreign.each("variable", 1, |row| row[0]);
        assert_agrees(&network, &foreign.points, &expected, name);
    }
}

#[test]
fn numbers_of_half_precision_are_computed_with_in_double_precision() {
    let foreign = Foreign::of("half");
    let network = open("half", Task::Regression, None);
    let found = network.latent(&foreign.points).unwrap();
    // onnxruntime keeps eleven bits of every step.
    assert_close(&found, &foreign.answers["y"], 2e-3, "half");
    assert_gradients(&network, &foreign.points, "half");
}

#[test]
fn classifiers_give_the_logits_of_their_probabilities() {
    for (name, output, n_classes, asked, terms) in [
        ("resnet", "y", 2, None, (1, 0)),
        ("sides", "output_probability", 2, None, (1, 0)),
        (
            "sides",
            "output_probability",
            2,
            Some("over vs under"),
            (0, 1),
        ),
        (
            "levels",
            "output_probability",
            3,
            Some("middle vs low"),
            (2, 1),
        ),
        (
            "logistic",
            "output_probability",
            3,
            Some("high vs middle"),
            (0, 2),
        ),
    ] {
        let foreign = Foreign::of(name);
        let network = open(name, Task::Classification, asked);
        let expected = foreign.each(output, n_classes, share(terms.0, terms.1));
        assert_shares(&network, &foreign.points, &expected, name);
    }
}

#[test]
fn pipelines_of_dense_layers_become_dense_layers() {
    for (name, task) in [
        ("distilled", Task::Regression),
        ("sides", Task::Classification),
    ] {
        let network = open(name, task, None);
        assert!(matches!(network, ImportedNetwork::Dense(_)), "{name}");
    }
    let levels = open("levels", Task::Classification, Some("middle vs low"));
    assert!(matches!(levels, ImportedNetwork::Dense(_)));
}

#[test]
fn one_of_several_outputs_is_chosen_by_its_name() {
    let foreign = Foreign::of("three_outputs");
    let check = |asked: &str, task, output: &str, n, of: &dyn Fn(&[f64]) -> f64| {
        let network = open("three_outputs", task, Some(asked));
        assert_agrees(
            &network,
            &foreign.points,
            &foreign.each(output, n, of),
            asked,
        );
    };
    check("energy", Task::Regression, "energy", 1, &|row| row[0]);
    check("force.1", Task::Regression, "force", 2, &|row| row[1]);
    check(
        "force.0 - 0.5 force.1",
        Task::Regression,
        "force",
        2,
        &|row| row[0] - 0.5 * row[1],
    );
    let margin = open(
        "three_outputs",
        Task::Classification,
        Some("state.2 vs state.0"),
    );
    let expected = foreign.each("state", 3, share(2, 0));
    assert_shares(&margin, &foreign.points, &expected, "margin");
    let path = model("three_outputs.onnx");
    let untold = ImportedNetwork::open(&path, &options(Task::Regression, None));
    let message = untold.unwrap_err().to_string();
    for name in ["\"energy.0\"", "\"force.1\"", "\"state.2\""] {
        assert!(message.contains(name), "{message}");
    }
}

#[test]
fn neurons_of_any_layer_and_their_combinations_are_networks() {
    // enter, tanh; within, tanh; their sum; leave.
    let points = Foreign::of("residual").points;
    let neuron = |name: &str| open("residual", Task::Classification, Some(name));
    let values = |name: &str| neuron(name).latent(&points).unwrap();
    let expected: Vec<f64> = (values("enter.1").iter().zip(values("enter.3")))
        .map(|(one, three)| 2.0 * one - three)
        .collect();
    let combined = neuron("2 enter.1 - enter.3");
    assert_close(
        &combined.latent(&points).unwrap(),
        &expected,
        1e-12,
        "combination",
    );
    assert_gradients(&combined, &points, "combination");
    // The sum of two layers, one of which is behind the other.
    let sums = values("/Add_output_0.2");
    let both = values("/Tanh_output_0.2 + /Tanh_1_output_0.2");
    assert_close(&both, &sums, 1e-12, "sum");
    assert_eq!(neuron("enter.1").task(), Task::Regression);
    // A layer is dense, a sum of two isn't: both name their values.
    for (name, value) in [
        ("enter", "/Tanh_output_0.3"),
        ("/Add_output_0", "/Add_output_0.3"),
    ] {
        let whole = options(Task::Regression, Some(name));
        let refused = ImportedNetwork::open(model("residual.onnx"), &whole).unwrap_err();
        assert!(refused.to_string().contains(value), "{refused}");
    }
}

#[test]
fn inputs_are_found_by_their_names() {
    let named = |names: [&str; 3]| {
        let options = ImportOptions {
            feature_names: Some(names.map(str::to_string).to_vec()),
            ..options(Task::Regression, None)
        };
        ImportedNetwork::open(model("two_inputs.onnx"), &options).unwrap()
    };
    let network = named(["x", "y", "t"]);
    assert_eq!(network.feature_names(), ["x", "y", "t"]);
    let foreign = Foreign::of("two_inputs");
    assert_close(
        &network.latent(&foreign.points).unwrap(),
        &foreign.answers["y"],
        TOLERANCE,
        "names",
    );
}

#[test]
fn an_integer_input_is_held_at_one_number() {
    let foreign = Foreign::of("embedding");
    let rows = foreign.points.chunks_exact(3).zip(&foreign.answers["y"]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fixed.json");
    for kind in 0..3 {
        fs::write(&path, format!("{{\"fixed\": {{\"kind\": {kind}}}}}")).unwrap();
        let options = ImportOptions {
            description: Some(path.clone()),
            ..options(Task::Regression, None)
        };
        let network = ImportedNetwork::open(model("embedding.onnx"), &options).unwrap();
        let of_kind = rows.clone().filter(|(row, _)| row[0] == f64::from(kind));
        let (points, expected): (Vec<_>, Vec<f64>) =
            of_kind.map(|(row, y)| ([row[1], row[2]], *y)).unzip();
        assert_agrees(&network, points.as_flattened(), &expected, "embedding");
    }
    let untold = options(Task::Regression, None);
    let message = ImportedNetwork::open(model("embedding.onnx"), &untold)
        .unwrap_err()
        .to_string();
    assert!(message.contains("{\"fixed\": {\"kind\": 0}}"), "{message}");
    let unknown = NetworkDescription::from_json("{\"fixed\": {\"sort\": 1}}").unwrap();
    fs::write(&path, "{\"fixed\": {\"sort\": 1}}").unwrap();
    assert_eq!(unknown.fixed.len(), 1);
    let options = ImportOptions {
        description: Some(path),
        ..options(Task::Regression, None)
    };
    let message = ImportedNetwork::open(model("embedding.onnx"), &options)
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("no input \"sort\" to be fixed, only \"kind\", \"x\""),
        "{message}"
    );
}

#[test]
fn trees_have_values_and_smoothed_gradients() {
    let rows = |points: &[f64]| {
        let points = Points::new(["x1", "x2"], points).unwrap();
        let n = points.n_samples();
        Dataset::new(points, "y", vec![0.0; n]).unwrap()
    };
    for (name, task, step) in [
        ("boosted", Task::Regression, "TreeEnsembleRegressor"),
        ("forest", Task::Classification, "TreeEnsembleClassifier"),
    ] {
        let path = model(&format!("{name}.onnx"));
        let options = options(task, None);
        let message = ImportedNetwork::open(&path, &options)
            .unwrap_err()
            .to_string();
        assert!(
            message.contains(step) && message.contains("gradient is 0"),
            "{message}"
        );
        let foreign = Foreign::of(name);
        let data = rows(&foreign.points);
        let opened = ImportedNetwork::open_for(&data, &path, &options, None, 0).unwrap();
        let remark = opened.remark.unwrap();
        assert!(remark.contains("0.1 of each feature's range"), "{remark}");
        let gradients = opened.model.gradients(&foreign.points).unwrap();
        assert!(gradients.iter().all(|slope| slope.is_finite()));
        assert!(gradients.iter().any(|slope| *slope != 0.0));
        if task == Task::Regression {
            let found = opened.model.latent(&foreign.points).unwrap();
            assert_close(&found, &foreign.answers["variable"], TOLERANCE, name);
        }
        let told = ImportedNetwork::open_for(&data, &path, &options, Some(0.2), 0).unwrap();
        assert!(told.remark.is_none());
    }
}

#[test]
fn a_network_that_mixes_rows_is_refused() {
    let message = ImportedNetwork::open(model("lstm.onnx"), &options(Task::Regression, None));
    let message = message.unwrap_err().to_string();
    assert!(
        message.contains("must depend on its own row only"),
        "{message}"
    );
}

#[cfg(feature = "keras")]
#[test]
fn sequences_of_dense_layers_that_keras_saved_become_dense_layers() {
    let foreign = Foreign::of("keras");
    for name in ["levels.keras", "levels.h5"] {
        let options = options(Task::Classification, Some("2 vs 0"));
        let network = ImportedNetwork::open(model(name), &options).unwrap();
        assert!(matches!(network, ImportedNetwork::Dense(_)), "{name}");
        let expected = foreign.each("y", 3, share(2, 0));
        assert_shares(&network, &foreign.points, &expected, name);
    }
}

/// Writes the model of `levels.keras` as one whose layers are called one after the other; `extra` is
/// what the last layer takes beside the one before it.
#[cfg(feature = "keras")]
fn functional(path: &std::path::Path, extra: &[&str]) {
    const WRITE: &str = r#"
import json, sys, zipfile
source, target, extra = json.load(sys.stdin)
with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, 'w') as new:
    for name in old.namelist():
        content = old.read(name)
        if name == 'config.json':
            model = json.loads(content)
            model['class_name'] = 'Functional'
            layers, before = model['config']['layers'], []
            for layer in layers:
                taken = before + (extra if layer is layers[-1] else [])
                tensors = [{'class_name': '__keras_tensor__', 'config': {'keras_history': [n, 0, 0]}}
                           for n in taken]
                layer['inbound_nodes'] = [{'args': tensors, 'kwargs': {}}] if before else []
                before = [layer['config']['name']]
            content = json.dumps(model)
        new.writestr(name, content)
"#;
    let question = serde_json::json!([model("levels.keras"), path, extra]);
    support::python(WRITE, &question.to_string());
}

#[cfg(feature = "keras")]
#[test]
fn functional_models_of_keras_whose_layers_follow_each_other_become_dense_layers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("functional.keras");
    functional(&path, &[]);
    let options = options(Task::Classification, Some("2 vs 0"));
    let found = ImportedNetwork::open(&path, &options).unwrap();
    let expected = ImportedNetwork::open(model("levels.keras"), &options).unwrap();
    assert_eq!(found, expected);
    functional(&path, &["another"]);
    let refused = ImportedNetwork::open(&path, &options)
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("another") && refused.contains("as ONNX"),
        "{refused}"
    );
}
