//! Networks on disk: what is saved comes back bit for bit, anything else is refused by name.

use crate::small;

use closedform::{Activation, Error, Experiment, Model, Network, Task};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

struct Saved {
    folder: TempDir,
    path: PathBuf,
    network: Network,
}

fn saved() -> Saved {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("network.safetensors");
    let network = small::classifier(0);
    network.save(&path).unwrap();
    Saved {
        folder,
        path,
        network,
    }
}

fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The file is refused with a message that names it and holds `reason`.
fn assert_refused(path: &Path, reason: &str) {
    let message = Network::load(path).unwrap_err().to_string();
    assert!(message.contains(&path.display().to_string()), "{message}");
    assert!(message.contains(reason), "{message}");
    assert!(!message.contains('\n'), "{message}");
}

#[test]
fn a_saved_network_comes_back_bit_for_bit() {
    let points = Experiment::One.sample(500, 9).points().to_vec();
    for activation in Activation::ALL {
        let options = small::options(small::small(activation), 0);
        let network = small::train(&Experiment::One.sample(200, 0), &options);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("network.safetensors");
        network.save(&path).unwrap();
        let loaded = Network::load(&path).unwrap();
        assert_eq!(loaded, network, "{activation:?}");
        assert_eq!(
            loaded.latent(&points).unwrap(),
            network.latent(&points).unwrap()
        );
        assert_eq!(
            loaded.gradients(&points).unwrap(),
            network.gradients(&points).unwrap()
        );
        assert_eq!(files(folder.path()), ["network.safetensors"]);
    }
}

#[test]
fn names_and_task_come_back() {
    let rows: Vec<Vec<f64>> = (0..60)
        .map(|i| vec![f64::from(i % 7), f64::from(i)])
        .collect();
    let targets: Vec<f64> = (0..60).map(f64::from).collect();
    let data = closedform::Dataset::from_rows(&["größe \"q\"", "a,b"], &rows, &targets).unwrap();
    let options = closedform::TrainingOptions {
        task: Task::Regression,
        ..small::options(small::small(Activation::Tanh), 0)
    };
    let network = small::train(&data, &options);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("n");
    network.save(&path).unwrap();
    let loaded = Network::load(&path).unwrap();
    assert_eq!(loaded.feature_names(), ["größe \"q\"", "a,b"]);
    assert_eq!(loaded.task(), Task::Regression);
}

#[test]
fn saving_replaces_an_existing_file() {
    let saved = saved();
    let other = small::classifier(1);
    assert_ne!(other, saved.network);
    other.save(&saved.path).unwrap();
    assert_eq!(Network::load(&saved.path).unwrap(), other);
    assert_eq!(files(saved.folder.path()), ["network.safetensors"]);
}

#[test]
fn a_missing_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert_refused(&folder.path().join("nowhere"), "No such file");
}

#[test]
fn a_folder_is_refused() {
    assert_refused(tempfile::tempdir().unwrap().path(), "directory");
}

#[test]
fn every_truncated_file_is_refused() {
    let saved = saved();
    let bytes = fs::read(&saved.path).unwrap();
    for length in [
        0,
        1,
        7,
        8,
        20,
        bytes.len() / 2,
        bytes.len() - 8,
        bytes.len() - 1,
    ] {
        fs::write(&saved.path, &bytes[..length]).unwrap();
        assert_refused(&saved.path, "not a saved network");
    }
}

#[test]
fn bytes_that_are_no_safetensors_are_refused() {
    let saved = saved();
    fs::write(&saved.path, b"x1,x2,label\n1,2,0\n").unwrap();
    assert_refused(&saved.path, "not a saved network");
    fs::write(&saved.path, [255; 4096]).unwrap();
    assert_refused(&saved.path, "not a saved network");
}

/// A safetensors file by hand: 8 bytes of header length, a JSON header, the data.
fn safetensors(header: &serde_json::Value, data: &[f64]) -> Vec<u8> {
    let mut text = serde_json::to_string(header).unwrap();
    while !text.len().is_multiple_of(8) {
        text.push(' ');
    }
    let mut bytes = (text.len() as u64).to_le_bytes().to_vec();
    bytes.extend(text.as_bytes());
    bytes.extend(data.iter().flat_map(|value| value.to_le_bytes()));
    bytes
}

/// A network `x1 w1 + x2 w2 + b`, its tensors as given.
fn linear(description: &str, shape: [usize; 2], data: &[f64]) -> Vec<u8> {
    let split = 8 * shape[0] * shape[1];
    let header = serde_json::json!({
        "__metadata__": {"closedform": description},
        "layers.0.weights": {"dtype": "F64", "shape": shape, "data_offsets": [0, split]},
        "layers.0.biases": {"dtype": "F64", "shape": [1], "data_offsets": [split, split + 8]},
    });
    safetensors(&header, data)
}

const DESCRIPTION: &str = r#"{"format": 1, "feature_names": ["x1", "x2"],
    "task": "regression", "activations": ["linear"]}"#;

#[test]
fn the_format_is_the_documented_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("linear.safetensors");
    fs::write(&path, linear(DESCRIPTION, [2, 1], &[2.0, -3.0, 0.5])).unwrap();
    let network = Network::load(&path).unwrap();
    assert_eq!(network.latent(&[1.0, 1.0, 0.0, 2.0]).unwrap(), [-0.5, -5.5]);
    assert_eq!(network.gradients(&[1.0, 1.0]).unwrap(), [2.0, -3.0]);
}

#[test]
fn files_that_do_not_hold_a_network_of_ours_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.safetensors");
    let numbers = [2.0, -3.0, 0.5];
    let other = serde_json::json!({
        "weight": {"dtype": "F64", "shape": [3], "data_offsets": [0, 24]},
    });
    let no_biases = serde_json::json!({
        "__metadata__": {"closedform": DESCRIPTION},
        "layers.0.weights": {"dtype": "F64", "shape": [2, 1], "data_offsets": [0, 16]},
    });
    let of_type = |dtype: &str| {
        serde_json::json!({
            "__metadata__": {"closedform": DESCRIPTION},
            "layers.0.weights": {"dtype": dtype, "shape": [2, 1], "data_offsets": [0, 16]},
            "layers.0.biases": {"dtype": "F64", "shape": [1], "data_offsets": [16, 24]},
        })
    };
    let cases: [(Vec<u8>, &str); 10] = [
        (safetensors(&other, &numbers), "\"closedform\""),
        (safetensors(&no_biases, &numbers[..2]), "layers.0.biases"),
        (safetensors(&of_type("I64"), &numbers), "I64"),
        (linear("{}", [2, 1], &numbers), "not a saved network"),
        (linear("no json", [2, 1], &numbers), "not a saved network"),
        (
            linear(&DESCRIPTION.replace("1,", "2,"), [2, 1], &numbers),
            "format 2",
        ),
        (
            linear(&DESCRIPTION.replace("linear", "gelu"), [2, 1], &numbers),
            "gelu",
        ),
        (linear(DESCRIPTION, [1, 2], &numbers), "[1, 2]"),
        (
            linear(DESCRIPTION, [2, 1], &[2.0, f64::NAN, 0.5]),
            "layers.0.weights\" holds NaN",
        ),
        (
            linear(&DESCRIPTION.replace("\"linear\"", ""), [2, 1], &numbers),
            "outputs",
        ),
    ];
    for (bytes, reason) in cases {
        fs::write(&path, bytes).unwrap();
        assert_refused(&path, reason);
    }
}

#[test]
fn a_description_without_layers_or_features_is_refused_without_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("empty.safetensors");
    let description = r#"{"format": 1, "feature_names": [], "task": "regression",
        "activations": ["linear"]}"#;
    fs::write(&path, linear(description, [0, 1], &[0.5])).unwrap();
    assert_refused(&path, "no features");
}

#[test]
fn a_folder_that_cannot_be_written_to_is_refused() {
    let saved = saved();
    // A folder that isn't there, and a file in a folder's place: refused even to root.
    let parents = [saved.folder.path().join("no/such"), saved.path.clone()];
    for parent in parents {
        let path = parent.join("network.safetensors");
        let error = saved.network.save(&path).unwrap_err();
        assert!(matches!(error, Error::File { .. }), "{error:?}");
        assert!(
            error.to_string().contains(&path.display().to_string()),
            "{error}"
        );
    }
    assert_eq!(files(saved.folder.path()), ["network.safetensors"]);
}

#[test]
fn a_failed_save_leaves_what_was_there() {
    let saved = saved();
    // Renaming onto a folder that isn't empty fails after the new file was written beside it.
    let taken = saved.folder.path().join("taken");
    fs::create_dir(&taken).unwrap();
    fs::write(taken.join("precious"), "kept").unwrap();
    let error = saved.network.save(&taken).unwrap_err();
    assert!(
        error.to_string().contains(&taken.display().to_string()),
        "{error}"
    );
    assert_eq!(files(saved.folder.path()), ["network.safetensors", "taken"]);
    assert_eq!(fs::read_to_string(taken.join("precious")).unwrap(), "kept");
}
