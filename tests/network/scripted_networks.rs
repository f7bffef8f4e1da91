//! TorchScript modules that Python's torch wrote: outputs and input gradients are torch's own, and
//! modules whose gradients say nothing are refused by name.

use crate::reference;

use closedform::network::{ExecutedNetwork, NetworkDescription, Standardization};
use closedform::{Model, Task};
use reference::{Reference, difference, model};

fn description(task: Task) -> NetworkDescription {
    NetworkDescription {
        task: Some(task),
        ..Default::default()
    }
}

fn load(name: &str, task: Task, output: Option<&str>) -> ExecutedNetwork {
    ExecutedNetwork::from_torchscript(model(name), &description(task), output).unwrap()
}

fn assert_agrees(network: &ExecutedNetwork, reference: &str, coefficients: &[f64], tolerance: f64) {
    let reference = Reference::of(reference);
    let outputs = network.latent(&reference.points).unwrap();
    let gradients = network.gradients(&reference.points).unwrap();
    let found = difference(&outputs, &reference.outputs(coefficients));
    assert!(found < tolerance, "{found}");
    let found = difference(&gradients, &reference.gradients(coefficients));
    assert!(found < tolerance, "{found}");
}

fn refusal(name: &str, description: &NetworkDescription, output: Option<&str>) -> String {
    let refused = ExecutedNetwork::from_torchscript(model(name), description, output);
    let message = refused.unwrap_err().to_string();
    assert!(message.contains(name), "{message}");
    assert!(!message.contains('\n'), "{message}");
    message
}

fn assert_refused(name: &str, task: Task, output: Option<&str>, reasons: &[&str]) {
    let message = refusal(name, &description(task), output);
    for reason in reasons {
        assert!(message.contains(reason), "{message}");
    }
}

#[test]
fn any_operators_agree_with_torch() {
    let network = load("general.pt", Task::Regression, None);
    assert_eq!(network.feature_names(), ["x1", "x2", "x3"]);
    assert_agrees(&network, "general", &[1.0], 1e-11);
    assert_agrees(
        &load("traced.pt", Task::Regression, None),
        "traced",
        &[1.0],
        1e-11,
    );
}

#[test]
fn scaling_told_is_the_network_that_scales() {
    let standardization = |mean: &[f64], scale: &[f64]| {
        Some(Standardization {
            mean: mean.to_vec(),
            scale: scale.to_vec(),
        })
    };
    let scaled = NetworkDescription {
        input_scaling: standardization(&[1.0, -2.0, 0.5], &[2.0, 0.5, 4.0]),
        output_scaling: standardization(&[10.0], &[5.0]),
        ..description(Task::Regression)
    };
    let network = ExecutedNetwork::from_torchscript(model("general.pt"), &scaled, None).unwrap();
    assert_agrees(&network, "scaled general", &[1.0], 1e-11);
}

#[test]
fn a_classifier_may_give_logits_or_probabilities() {
    for name in ["logit.pt", "probability.pt"] {
        let network = load(name, Task::Classification, None);
        assert_eq!(network.task(), Task::Classification);
        assert_agrees(&network, "logit", &[1.0], 1e-11);
    }
    for name in ["classes of outputs", "probabilities"] {
        let (file, output, reference) = match name {
            "probabilities" => ("probabilities.pt", "2 vs 0", "logits"),
            _ => ("outputs.pt", "classes.2 vs classes.0", "classes of outputs"),
        };
        let network = load(file, Task::Classification, Some(output));
        assert_eq!(network.task(), Task::Classification);
        assert_agrees(&network, reference, &[-1.0, 0.0, 1.0], 1e-11);
    }
    let told = NetworkDescription {
        probabilities: Some(false),
        ..description(Task::Classification)
    };
    let network = ExecutedNetwork::from_torchscript(model("probability.pt"), &told, None).unwrap();
    assert!(network.latent(&[0.0, 0.0]).unwrap()[0] > 0.0);
}

#[test]
fn a_probability_without_digits_left_has_a_finite_logit() {
    let network = load("probability.pt", Task::Classification, None);
    let latent = network.latent(&[1e6, 1e6, -1e6, -1e6]).unwrap();
    assert!(
        latent
            .iter()
            .all(|logit| logit.is_finite() && logit.abs() > 30.0),
        "{latent:?}"
    );
}

#[test]
fn an_output_is_chosen_by_its_name() {
    let network = load("outputs.pt", Task::Regression, Some("height"));
    assert_agrees(&network, "height of outputs", &[1.0], 1e-11);
    let network = load("outputs.pt", Task::Classification, Some("logit classes.1"));
    assert_eq!(network.task(), Task::Regression);
    assert_agrees(&network, "classes of outputs", &[0.0, 1.0, 0.0], 1e-11);
    let names = ["\"classes.0\", \"classes.1\", \"classes.2\", \"height\""];
    assert_refused("outputs.pt", Task::Regression, None, &names);
    assert_refused("outputs.pt", Task::Regression, Some("width"), &names);
    let named = NetworkDescription {
        outputs: vec!["sine".to_string(), "cosine".to_string()],
        ..description(Task::Regression)
    };
    let (sine, cosine) = (Some("sine"), Some("cosine"));
    let of = |output| ExecutedNetwork::from_torchscript(model("pair.pt"), &named, output).unwrap();
    let points = [0.3, -0.2, 2.0, 1.0];
    let (sine, cosine) = (
        of(sine).latent(&points).unwrap(),
        of(cosine).latent(&points).unwrap(),
    );
    for (s, c) in sine.iter().zip(cosine) {
        assert!((s * s + c * c - 1.0).abs() < 1e-12);
    }
}

#[test]
fn a_module_that_needs_single_precision_gets_it() {
    let network = load("single.pt", Task::Regression, None);
    let points = [0.3, -0.2];
    let gradient = network.gradients(&points).unwrap();
    let step = 1e-2;
    for feature in 0..2 {
        let at = |sign: f64| {
            let mut moved = points;
            moved[feature] += sign * step;
            network.latent(&moved).unwrap()[0]
        };
        let slope = (at(1.0) - at(-1.0)) / (2.0 * step);
        assert!(
            (slope - gradient[feature]).abs() < 1e-3,
            "{slope} {gradient:?}"
        );
    }
}

#[test]
fn points_go_in_batches_and_networks_are_values() {
    let network = load("general.pt", Task::Regression, None);
    let points: Vec<f64> = (0..3 * 10_000).map(|k| (k as f64 * 0.37).sin()).collect();
    let copy = network.clone();
    assert_eq!(copy, network);
    let found = std::thread::spawn(move || copy.gradients(&points).unwrap())
        .join()
        .unwrap();
    let rows: Vec<f64> = (27_000..27_003)
        .map(|k| (f64::from(k) * 0.37).sin())
        .collect();
    assert!(difference(&network.gradients(&rows).unwrap(), &found[27_000..27_003]) < 1e-12);
}

#[test]
fn a_step_is_refused_by_its_operator() {
    let changes = "the output changes with \"x1\", but its gradient is 0 everywhere";
    assert_refused(
        "rounded.pt",
        Task::Regression,
        None,
        &[changes, "torch.round"],
    );
    assert_refused(
        "chosen.pt",
        Task::Regression,
        None,
        &[changes, "torch.argmax"],
    );
    let changes = "the output changes with \"x2\", but its gradient is 0 everywhere";
    assert_refused(
        "half_rounded.pt",
        Task::Regression,
        None,
        &[changes, "torch.floor"],
    );
    assert_refused(
        "constant.pt",
        Task::Regression,
        None,
        &["doesn't depend on the inputs"],
    );
}

#[test]
fn recurrent_modules_are_refused_by_their_layer() {
    for (name, layer) in [("lstm", "LSTM"), ("gru", "GRU"), ("rnn", "RNN")] {
        let reasons = ["recurrent", &format!("holds a layer {layer})")];
        assert_refused(&format!("{name}.pt"), Task::Regression, None, &reasons);
    }
}

#[test]
fn an_output_that_depends_on_other_rows_is_refused() {
    let reasons = ["must depend on its own row only"];
    assert_refused("mixed.pt", Task::Regression, None, &reasons);
}

#[test]
fn other_shapes_are_refused() {
    let reasons = [
        "the module returns the shape [112, 2, 2]",
        "[112] or [112, n_outputs]",
    ];
    let two = NetworkDescription {
        inputs: vec!["a".to_string(), "b".to_string()],
        ..description(Task::Regression)
    };
    let message = refusal("square.pt", &two, None);
    assert!(
        reasons.iter().all(|reason| message.contains(reason)),
        "{message}"
    );
    let three = NetworkDescription {
        inputs: vec!["a".to_string(), "b".to_string(), "c".to_string()],
        ..description(Task::Regression)
    };
    let message = refusal("traced.pt", &three, None);
    let reasons = [
        "rows of 3 features (a, b, c)",
        "mat1 and mat2 shapes cannot be multiplied",
    ];
    assert!(
        reasons.iter().all(|reason| message.contains(reason)),
        "{message}"
    );
}

#[test]
fn values_that_arent_finite_are_refused_with_their_row() {
    let network = load("logarithm.pt", Task::Regression, None);
    let at = |row: [f64; 2]| network.latent(&row).is_ok();
    let rows = [[5.0, 5.0], [-5.0, -5.0], [5.0, -5.0], [-5.0, 5.0]];
    let bad = rows.into_iter().find(|row| !at(*row)).unwrap();
    let good = rows.into_iter().find(|row| at(*row)).unwrap();
    let message = network
        .latent(&[good, bad].concat())
        .unwrap_err()
        .to_string();
    let reason = format!("output at row 2 (x1 = {}, x2 = {}) is NaN", bad[0], bad[1]);
    assert!(message.contains(&reason), "{message}");
}

#[test]
fn what_isnt_torchscript_is_refused_with_the_way_to_write_it() {
    let reasons = [
        "pickled tensors",
        "torch.jit.script",
        "safetensors.torch.save_file",
    ];
    assert_refused("pickled.pt", Task::Regression, None, &reasons);
    assert_refused(
        "classes.safetensors",
        Task::Regression,
        None,
        &["not a TorchScript file"],
    );
    let untold = NetworkDescription::default();
    assert!(refusal("general.pt", &untold, None).contains("give the task"));
}
