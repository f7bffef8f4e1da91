//! Claim: a file that is made to fill the memory, or to be nested without end, is refused by its name.

use closedform::ImportedNetwork;
use closedform::network::ImportOptions;
use std::path::Path;

/// An archive with one file, which is packed as well as it can be.
const WRITE: &str = "
import json, sys, zipfile
path, name, content, n_zeros = json.load(sys.stdin)
with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as archive:
    archive.writestr(name, bytes(content) + b'0' * n_zeros)
";

fn refused(file: &str, inside: &str, content: &[u8], n_zeros: usize, words: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(file);
    let question = serde_json::json!([&path, inside, content, n_zeros]);
    crate::support::python(WRITE, &question.to_string());
    assert_refused(&path, words);
}

fn assert_refused(path: &Path, words: &[&str]) {
    let error = ImportedNetwork::open(path, &ImportOptions::default()).unwrap_err();
    let message = error.to_string();
    let name = path.file_name().unwrap().to_str().unwrap();
    for word in words.iter().chain(&[name]) {
        assert!(message.contains(word), "\"{message}\" lacks \"{word}\"");
    }
}

#[test]
fn a_pickle_that_nests_without_end_is_refused() {
    // A dictionary in a tuple in a tuple, a million times.
    let pickle = [
        b"\x80\x02}".to_vec(),
        b"\x85".repeat(1_000_000),
        b".".to_vec(),
    ]
    .concat();
    refused(
        "deep.pt",
        "a/data.pkl",
        &pickle,
        0,
        &["nested", "100 levels"],
    );
}

#[test]
fn a_pickle_that_doubles_itself_is_refused() {
    // The same value twice, in a tuple of which there are two, and so on.
    let pickle = [b"\x80\x02}".to_vec(), b"2\x86".repeat(60), b".".to_vec()].concat();
    refused("doubled.pt", "a/data.pkl", &pickle, 0, &["repeats values"]);
}

#[test]
fn an_archive_that_unpacks_to_far_more_than_it_is_is_refused() {
    let n_zeros = 270_000_000;
    for (file, inside) in [
        ("bomb.pt", "a/data.pkl"),
        ("bomb.npz", "fc1.weight.npy"),
        ("bomb.keras", "config.json"),
    ] {
        refused(file, inside, b"", n_zeros, &[inside, "256 MiB", "20 times"]);
    }
}

#[test]
fn code_is_refused_where_none_may_be_run() {
    let options = |no_code| ImportOptions {
        no_code,
        task: Some(closedform::Task::Classification),
        ..ImportOptions::default()
    };
    let model = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let script = model("data/ellipse.pt");
    ImportedNetwork::open(&script, &options(false)).unwrap();
    let message = ImportedNetwork::open(&script, &options(true))
        .unwrap_err()
        .to_string();
    for word in ["ellipse.pt", "TorchScript", "no code may be run", "ONNX"] {
        assert!(message.contains(word), "{message}");
    }
    // A pickle is read without running it, so the next complaint is that it isn't described.
    let pickled = model("tests/models/pickled.pt");
    let message = ImportedNetwork::open(&pickled, &options(true))
        .unwrap_err()
        .to_string();
    assert!(!message.contains("no code may be run"), "{message}");
}
