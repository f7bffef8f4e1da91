//! Networks of dense layers that Python's torch wrote, as state dicts and as ONNX: outputs and
//! input gradients are torch's own, and what can't be read is refused by name.

use crate::reference;
use crate::small;
use crate::support;

use closedform::network::{DescribedLayer, ImportOptions, NetworkDescription, Standardization};
use closedform::{Activation, Experiment, ImportedNetwork, Model, Network, Task};
use reference::{Reference, difference, model};
use std::fs;
use std::path::Path;

/// What stays of single precision's weights is double precision's arithmetic.
const TOLERANCE: f64 = 1e-11;

fn options(task: Option<Task>, output: Option<&str>) -> ImportOptions {
    ImportOptions {
        task,
        output: output.map(str::to_string),
        ..Default::default()
    }
}

fn described(name: &str) -> ImportOptions {
    ImportOptions {
        description: Some(model(name)),
        ..Default::default()
    }
}

fn assert_agrees(network: &ImportedNetwork, reference: &str, coefficients: &[f64]) {
    let reference = Reference::of(reference);
    let outputs = network.latent(&reference.points).unwrap();
    let gradients = network.gradients(&reference.points).unwrap();
    assert!(difference(&outputs, &reference.outputs(coefficients)) < TOLERANCE);
    assert!(difference(&gradients, &reference.gradients(coefficients)) < TOLERANCE);
}

fn assert_refused(path: &Path, options: &ImportOptions, reasons: &[&str]) {
    let message = ImportedNetwork::open(path, options)
        .unwrap_err()
        .to_string();
    for reason in reasons {
        assert!(message.contains(reason), "{message}");
    }
    assert!(!message.contains('\n'), "{message}");
}

fn by_numbers(activation: Activation) -> NetworkDescription {
    NetworkDescription {
        task: Some(Task::Classification),
        activation: Some(activation),
        ..Default::default()
    }
}

#[test]
fn a_state_dict_with_batch_norms_agrees_with_torch() {
    let network =
        ImportedNetwork::open(model("regressor.safetensors"), &described("regressor.json"))
            .unwrap();
    assert_eq!(network.feature_names(), ["mass", "speed", "height"]);
    assert_eq!(network.task(), Task::Regression);
    assert_agrees(&network, "regressor", &[1.0]);
}

#[test]
fn scaling_told_is_the_network_that_scales() {
    let network =
        ImportedNetwork::open(model("regressor.safetensors"), &described("scaled.json")).unwrap();
    assert_agrees(&network, "scaled regressor", &[1.0]);
    let unscaled = NetworkDescription::from_file(model("regressor.json")).unwrap();
    let plain = Network::from_state_dict(model("regressor.safetensors"), &unscaled).unwrap();
    let Reference { points, .. } = Reference::of("regressor");
    let (mean, scale) = ([1.0, -2.0, 0.5], [2.0, 0.5, 4.0]);
    let columns = points.iter().enumerate();
    let inputs: Vec<f64> = columns
        .map(|(k, x)| (x - mean[k % 3]) / scale[k % 3])
        .collect();
    let expected: Vec<f64> = plain
        .latent(&inputs)
        .unwrap()
        .iter()
        .map(|y| 10.0 + 5.0 * y)
        .collect();
    assert!(difference(&network.latent(&points).unwrap(), &expected) < TOLERANCE);
}

#[test]
fn numbered_layers_need_no_description_but_the_activation() {
    let network =
        Network::from_state_dict(model("classes.safetensors"), &by_numbers(Activation::Relu))
            .unwrap();
    let reference = Reference::of("classes");
    assert_eq!(network.feature_names(), ["x1", "x2"]);
    assert_eq!(
        (network.n_outputs(), network.hidden_widths()),
        (3, vec![5; 5])
    );
    for class in 0..3 {
        let mut unit = [0.0; 3];
        unit[class] = 1.0;
        let logit = network.read_out_by_name(&class.to_string()).unwrap();
        let found = logit.gradients(&reference.points).unwrap();
        assert!(difference(&found, &reference.gradients(&unit)) < TOLERANCE);
    }
}

#[test]
fn a_prefix_that_all_tensors_share_may_be_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = fs::read(model("regressor.safetensors")).unwrap();
    let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    for prefix in ["module.", "_orig_mod.", "model.net.", ""] {
        let path = folder.path().join("wrapped.safetensors");
        let named = tensors
            .iter()
            .map(|(name, view)| (format!("{prefix}{name}"), view));
        safetensors::serialize_to_file(named, None, &path).unwrap();
        let network = ImportedNetwork::open(&path, &described("regressor.json")).unwrap();
        assert_agrees(&network, "regressor", &[1.0]);
    }
}

#[test]
fn pickled_state_dicts_are_read_like_others() {
    let folder = tempfile::tempdir().unwrap();
    let description = folder.path().join("classes.json");
    fs::write(
        &description,
        r#"{"activation": "relu", "task": "classification"}"#,
    )
    .unwrap();
    for name in ["pickled.pt", "checkpoint.pt", "whole.pt"] {
        let options = ImportOptions {
            description: Some(description.clone()),
            output: Some("2 vs 0".to_string()),
            ..Default::default()
        };
        let network = ImportedNetwork::open(model(name), &options).unwrap();
        assert_agrees(&network, "classes", &[-1.0, 0.0, 1.0]);
    }
}

#[test]
fn every_precision_is_read() {
    for name in ["half", "brain", "double"] {
        let description = NetworkDescription {
            task: Some(Task::Regression),
            ..by_numbers(Activation::Tanh)
        };
        let path = model(&format!("{name}.safetensors"));
        let network = Network::from_state_dict(path, &description).unwrap();
        let reference = Reference::of(name);
        let found = network.gradients(&reference.points).unwrap();
        assert!(difference(&found, &reference.gradients(&[1.0])) < TOLERANCE);
    }
}

#[test]
fn onnx_agrees_with_torch_and_leaves_the_final_sigmoid_out() {
    let network = ImportedNetwork::open(model("binary.onnx"), &Default::default()).unwrap();
    assert_eq!(network.feature_names(), ["x1", "x2", "x3"]);
    assert_eq!(network.task(), Task::Classification);
    assert_agrees(&network, "binary", &[1.0]);
}

#[test]
fn onnx_of_both_exporters_gives_margins_and_logits() {
    for name in ["three.onnx", "logarithm.onnx", "external.onnx"] {
        for (output, coefficients) in [
            ("2 vs 0", [-1.0, 0.0, 1.0]),
            ("logit 1", [0.0, 1.0, 0.0]),
            ("0", [1.0, 0.0, 0.0]),
        ] {
            let network = ImportedNetwork::open(model(name), &options(None, Some(output))).unwrap();
            assert_agrees(&network, "three", &coefficients);
        }
    }
}

#[test]
fn onnx_without_biases_and_with_numbers_around_the_layers_agrees_with_torch() {
    for name in ["plain.onnx", "plain_dynamo.onnx"] {
        let task = options(Some(Task::Regression), None);
        let network = ImportedNetwork::open(model(name), &task).unwrap();
        assert_agrees(&network, "plain", &[1.0]);
    }
}

#[test]
fn classes_may_have_names() {
    let folder = tempfile::tempdir().unwrap();
    let description = folder.path().join("iris.json");
    fs::write(
        &description,
        r#"{"inputs": ["long", "wide"], "outputs": ["a", "b", "c"]}"#,
    )
    .unwrap();
    let with = |output: &str| ImportOptions {
        description: Some(description.clone()),
        output: Some(output.to_string()),
        ..Default::default()
    };
    let network = ImportedNetwork::open(model("three.onnx"), &with("c vs a")).unwrap();
    assert_eq!(network.feature_names(), ["long", "wide"]);
    assert_agrees(&network, "three", &[-1.0, 0.0, 1.0]);
    assert_refused(
        &model("three.onnx"),
        &with("d"),
        &["\"d\"", "\"a\", \"b\", \"c\"", "\"b vs a\""],
    );
}

#[test]
fn a_neuron_is_chosen_by_the_name_of_its_layer() {
    let described = NetworkDescription::from_file(model("regressor.json")).unwrap();
    let whole = Network::from_state_dict(model("regressor.safetensors"), &described).unwrap();
    let Reference { points, .. } = Reference::of("regressor");
    let with = |output: &str| ImportOptions {
        description: Some(model("regressor.json")),
        output: Some(output.to_string()),
        ..Default::default()
    };
    let path = model("regressor.safetensors");
    for (name, expected) in [
        ("enter.3", whole.neuron(0, 3).unwrap()),
        ("middle.5", whole.neuron(1, 5).unwrap()),
        ("energy", whole.clone()),
    ] {
        let neuron = ImportedNetwork::open(&path, &with(name)).unwrap();
        assert_eq!(
            neuron.latent(&points).unwrap(),
            expected.latent(&points).unwrap(),
            "{name}"
        );
    }
    let listed = [
        "\"energy\"",
        "\"enter.0\" to \"enter.7\"",
        "\"middle.0\" to \"middle.5\"",
    ];
    assert_refused(&path, &with("enter.8"), &listed);
    assert_refused(&path, &with("energy vs enter"), &listed);
    let found = whole.read_out_by_name("layers.1.2").unwrap();
    assert_eq!(found, whole.neuron(1, 2).unwrap());
    assert!(whole.read_out_by_name("layers.7.2").is_err());
    // In ONNX the name of the weights tells the layer's, and any tensor can be the output.
    let hidden = ImportedNetwork::open(model("binary.onnx"), &options(None, Some("0.network.0.2")));
    let tensor = options(
        Some(Task::Regression),
        Some("/0/network/network.1/Elu_output_0.2"),
    );
    let tensor = ImportedNetwork::open(model("binary.onnx"), &tensor).unwrap();
    let found = difference(
        &hidden.unwrap().latent(&points).unwrap(),
        &tensor.latent(&points).unwrap(),
    );
    assert_eq!(found, 0.0);
}

#[test]
fn weights_as_json_and_saved_networks_open_by_the_same_door() {
    let folder = tempfile::tempdir().unwrap();
    let saved = small::classifier(0);
    let path = folder.path().join("network.safetensors");
    saved.save(&path).unwrap();
    let points = Experiment::One.sample(20, 1).points().to_vec();
    let opened = ImportedNetwork::open(&path, &Default::default()).unwrap();
    assert_eq!(opened, ImportedNetwork::Dense(saved.clone()));
    let described = ImportOptions {
        input_scaling: Some(Standardization {
            mean: vec![0.0; 2],
            scale: vec![1.0; 2],
        }),
        ..Default::default()
    };
    assert_refused(&path, &described, &["leave them out of the description"]);
    assert_refused(
        &path,
        &options(Some(Task::Regression), None),
        &["trained for classification"],
    );

    let path = folder.path().join("weights.json");
    let text = r#"{"layers": [{"activation": "tanh", "weights": [[0.1, 0.2], [0.5, -1], [2, 1]]},
                              {"activation": "sigmoid", "weights": [[0.5], [3], [-2]]}]}"#;
    fs::write(&path, text).unwrap();
    let network = ImportedNetwork::open(&path, &Default::default()).unwrap();
    assert_eq!(network.task(), Task::Classification);
    let expected: Vec<f64> = points
        .chunks_exact(2)
        .map(|x| {
            let hidden = [0.1 + 0.5 * x[0] + 2.0 * x[1], 0.2 - x[0] + x[1]];
            0.5 + 3.0 * hidden[0].tanh() - 2.0 * hidden[1].tanh()
        })
        .collect();
    assert!(difference(&network.latent(&points).unwrap(), &expected) < TOLERANCE);
}

#[test]
fn an_unknown_operator_is_named_with_a_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("unknown.onnx");
    let mut bytes = fs::read(model("gelu.onnx")).unwrap();
    let at = bytes
        .windows(6)
        .position(|window| window == b"\x04Gelu:" || window == b"\x04Gelu*");
    let at = at.unwrap();
    bytes[at + 1..at + 5].copy_from_slice(b"Golu");
    fs::write(&path, bytes).unwrap();
    let task = options(Some(Task::Regression), None);
    let reasons = [
        "operator Golu (node \"/1/Gelu\")",
        "isn't supported",
        "torch.jit.trace",
    ];
    assert_refused(&path, &task, &reasons);
    // What lies before it can be read.
    let before = options(Some(Task::Regression), Some("/0/Gemm_output_0.1"));
    assert!(ImportedNetwork::open(&path, &before).is_ok());
}

#[test]
fn logarithms_of_probabilities_are_themselves_for_a_regressor() {
    let task = |task, output| options(Some(task), Some(output));
    let path = model("logarithm.onnx");
    let Reference { points, .. } = Reference::of("three");
    let logarithm = ImportedNetwork::open(&path, &task(Task::Regression, "0")).unwrap();
    let logit = ImportedNetwork::open(&path, &task(Task::Classification, "0")).unwrap();
    let shares = |network: &ImportedNetwork| network.latent(&points).unwrap();
    assert!(shares(&logarithm).iter().all(|logarithm| *logarithm < 0.0));
    assert!(difference(&shares(&logit), &shares(&logarithm)) > 0.01);
}

#[test]
fn broken_onnx_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broken.onnx");
    let bytes = fs::read(model("binary.onnx")).unwrap();
    for length in (0..bytes.len()).step_by(7) {
        fs::write(&path, &bytes[..length]).unwrap();
        if ImportedNetwork::open(&path, &Default::default()).is_ok() {
            // Only the versions of the operators stand after the graph.
            assert!(length > bytes.len() - 16, "{length}");
        }
    }
    // The numbers beside are missing, and then elsewhere.
    let bytes = fs::read(model("external.onnx")).unwrap();
    fs::write(&path, &bytes).unwrap();
    assert_refused(
        &path,
        &Default::default(),
        &["external.onnx.data", "No such file"],
    );
    let mut elsewhere = bytes.clone();
    while let Some(at) = elsewhere
        .windows(18)
        .position(|window| window == b"external.onnx.data")
    {
        elsewhere[at..at + 3].copy_from_slice(b"../");
    }
    assert_ne!(elsewhere, bytes);
    fs::write(&path, &elsewhere).unwrap();
    assert_refused(
        &path,
        &Default::default(),
        &["must be in a file next to the model"],
    );
}

#[test]
fn other_inputs_than_the_data_has_are_refused() {
    let named = |names: &[&str]| ImportOptions {
        feature_names: Some(names.iter().map(|name| name.to_string()).collect()),
        ..Default::default()
    };
    let three = ["the network has 3 inputs, but there are 2 names (a, b)"];
    assert_refused(&model("binary.onnx"), &named(&["a", "b"]), &three);
    let other = ImportOptions {
        description: Some(model("regressor.json")),
        ..named(&["mass", "height", "speed"])
    };
    let reasons =
        ["inputs are mass, speed, height, but the data's features are mass, height, speed"];
    assert_refused(&model("regressor.safetensors"), &other, &reasons);
    let description = NetworkDescription {
        inputs: vec!["a".to_string(); 3],
        ..by_numbers(Activation::Relu)
    };
    let refused = Network::from_state_dict(model("classes.safetensors"), &description);
    let message = refused.unwrap_err().to_string();
    assert!(
        message.contains("layer \"0\" takes 2 inputs, but there are 3"),
        "{message}"
    );
}

#[test]
fn a_state_dict_that_isnt_what_is_described_is_refused() {
    let refuse = |file: &str, description: &NetworkDescription, reason: &str| {
        let refused = Network::from_state_dict(model(file), description);
        let message = refused.unwrap_err().to_string();
        assert!(message.contains(reason), "{message}");
        assert!(
            message.contains(file) && !message.contains('\n'),
            "{message}"
        );
    };
    let classes = "classes.safetensors";
    let untold = by_numbers(Activation::Relu);
    refuse(
        classes,
        &NetworkDescription {
            activation: None,
            ..untold.clone()
        },
        "is missing: describe it",
    );
    refuse(
        classes,
        &NetworkDescription {
            task: None,
            ..untold.clone()
        },
        "give the task",
    );
    refuse(
        "regressor.safetensors",
        &untold,
        "\"before\" has no number that gives its order",
    );
    refuse("binary.onnx", &untold, "not a safetensors file");
    let regressor = NetworkDescription::from_file(model("regressor.json")).unwrap();
    let with = |layers: Vec<DescribedLayer>| NetworkDescription {
        layers,
        ..regressor.clone()
    };
    let linear = |name: &str| DescribedLayer::Linear(name.to_string());
    refuse(
        "regressor.safetensors",
        &with(vec![linear("enter"), linear("leaves")]),
        "there is no tensor \"leaves.weight\", only before.bias",
    );
    refuse(
        "regressor.safetensors",
        &with(vec![linear("enter"), linear("leave")]),
        "layer \"leave\" takes 6 values, but the layer before gives 8",
    );
    refuse(
        "regressor.safetensors",
        &with(vec![linear("enter")]),
        "no described layer uses the tensor",
    );
    refuse(
        "regressor.safetensors",
        &with(vec![linear("normal")]),
        "has shape [8], but a linear",
    );
    let scaling = Standardization {
        mean: vec![0.0; 2],
        scale: vec![1.0; 2],
    };
    let scaled = NetworkDescription {
        input_scaling: Some(scaling),
        ..regressor.clone()
    };
    refuse(
        "regressor.safetensors",
        &scaled,
        "input_scaling is for 2 values, but there are 3",
    );
}

#[test]
fn a_description_is_read_strictly() {
    for (text, reason) in [
        ("{\"input\": []}", "unknown field `input`"),
        (
            "{\"layers\": [{\"convolution\": \"c\"}]}",
            "unknown variant `convolution`",
        ),
        (
            "{\"layers\": [{\"activation\": \"swoosh\"}]}",
            "unknown variant `swoosh`",
        ),
        (
            "{\"input_scaling\": {\"mean\": [0], \"scale\": [0]}}",
            "the scale not 0",
        ),
        (
            "{\"input_scaling\": {\"mean\": [0], \"scale\": []}}",
            "1 means and 0 scales",
        ),
        ("", "not a description of a network"),
    ] {
        let message = NetworkDescription::from_json(text).unwrap_err().to_string();
        assert!(message.contains(reason), "{message}");
    }
}

#[test]
fn arrays_that_numpy_saved_are_read_as_a_state_dict() {
    const WRITE: &str = "
import json, sys
import numpy as np
source, target, order = json.load(sys.stdin)
raw = open(source, 'rb').read()
start = 8 + int.from_bytes(raw[:8], 'little')
header = json.loads(raw[8:start])
arrays = {}
for name, entry in header.items():
    if name != '__metadata__':
        first, last = entry['data_offsets']
        kind = {'F64': '<f8', 'F32': '<f4', 'F16': '<f2', 'I64': '<i8'}[entry['dtype']]
        numbers = np.frombuffer(raw[start + first:start + last], kind)
        arrays[name] = np.asarray(numbers.reshape(entry['shape']), order=order)
np.savez(target, **arrays)
";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.npz");
    let write = |order: &str| {
        let question = serde_json::json!([model("regressor.safetensors"), &path, order]);
        support::python(WRITE, &question.to_string());
    };
    write("C");
    let options = described("regressor.json");
    let found = ImportedNetwork::open(&path, &options).unwrap();
    let expected = ImportedNetwork::open(model("regressor.safetensors"), &options).unwrap();
    assert_eq!(found, expected);
    write("F");
    assert_refused(
        &path,
        &options,
        &["weights.npz", "numpy.ascontiguousarray("],
    );
}

#[test]
fn an_output_must_be_chosen_where_there_are_several() {
    let three = [
        "the network has 3 outputs",
        "\"0\", \"1\", \"2\"",
        "\"1 vs 0\"",
        "\"0.0.0\"",
    ];
    assert_refused(&model("three.onnx"), &Default::default(), &three);
}

#[test]
fn unknown_endings_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (name, reasons) in [
        ("network.tflite", ["Keras", "model.export("]),
        ("network.pt2", ["torch.export", "torch.onnx.export("]),
        ("network.joblib", ["run its code", "skl2onnx.to_onnx("]),
        ("network.npy", ["single array", "numpy.savez("]),
        ("network.npz", ["numpy.savez", "numpy.ascontiguousarray("]),
        ("network", ["the ending must be", "onnx, safetensors"]),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, "").unwrap();
        assert_refused(&path, &Default::default(), &reasons);
    }
    assert_refused(
        &folder.path().join("none.onnx"),
        &Default::default(),
        &["No such file"],
    );
}
