//! Claim: what was computed is printed, whatever becomes of the files beside it.

use crate::command::Run;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

const GRADIENTS: &str = "a,b,d_a,d_b\n1,2,2,8\n3,1,6,4\n2,2,4,8\n5,3,10,12\n1,4,2,16\n2,5,4,20\n";

/// Directions that no short formula matches, so that a search of them evolves.
fn odd_gradients() -> String {
    let rows = (1..60).map(|i| {
        let (x, y) = (f64::from(i % 11) / 4.0 - 1.3, f64::from(i % 7) / 3.0 - 0.9);
        let (inner, other) = (
            1.0 - (x * y).tanh().powi(2),
            1.0 / (1.0 + (x - 1.7 * y).powi(2)),
        );
        format!(
            "{x},{y},{},{}\n",
            y * inner + other,
            x * inner - 1.7 * other
        )
    });
    "a,b,d_a,d_b\n".to_string() + &rows.collect::<String>()
}

/// Runs where no file can be written to, as on a full disk: its size may not exceed 0.
fn on_a_full_disk(folder: &Path, arguments: &[&str]) -> Run {
    let script = "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\"";
    let output = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_closedform")])
        .args(arguments)
        .current_dir(folder)
        .output();
    of(output.unwrap())
}

fn of(output: Output) -> Run {
    Run {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
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

fn folder_with(name: &str, content: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), content).unwrap();
    folder
}

#[test]
fn a_full_disk_costs_a_search_its_page_but_not_its_formula() {
    let folder = folder_with("g.csv", GRADIENTS);
    let arguments = ["search", "--gradients", "g.csv", "--report", "page.html"];
    let run = on_a_full_disk(folder.path(), &arguments);
    assert_eq!(run.code, Some(3), "{}", run.stderr);
    assert!(run.stdout.contains("a**2 + 2*b**2"), "{}", run.stdout);
    assert!(
        run.stderr.starts_with("closedform: not saved: page.html"),
        "{}",
        run.stderr
    );
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    assert_eq!(files(folder.path()), ["g.csv"]);
}

#[test]
fn a_search_goes_on_when_its_checkpoint_cant_be_written() {
    let folder = folder_with("g.csv", &odd_gradients());
    let search = [
        "search",
        "--gradients",
        "g.csv",
        "--json",
        "--operators",
        "+,*",
    ];
    let arguments = [&search[..], &["--generations", "3"]].concat();
    let whole = Run::new(folder.path(), &arguments).json();
    assert_eq!(whole["unsaved"], serde_json::Value::Null);
    let arguments = [&arguments[..], &["--checkpoint", "state.json"]].concat();
    let run = on_a_full_disk(folder.path(), &arguments);
    assert_eq!(run.code, Some(3), "{}", run.stderr);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["pareto_front"], whole["pareto_front"]);
    assert_eq!(report["stop_reason"], whole["stop_reason"]);
    assert!(
        report["unsaved"]
            .as_str()
            .unwrap()
            .starts_with("state.json: ")
    );
    assert!(
        run.stderr.contains("not saved: state.json"),
        "{}",
        run.stderr
    );
    assert_eq!(files(folder.path()), ["g.csv", "state.json.lock"]);
}

#[test]
fn a_full_disk_costs_a_run_its_network_but_not_its_formula() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "experiment",
        "1",
        "--points",
        "400",
        "--epochs",
        "5",
        "--json",
    ];
    let arguments = [&arguments[..], &["--save-network", "network.safetensors"]].concat();
    let run = on_a_full_disk(folder.path(), &arguments);
    assert_eq!(run.code, Some(3), "{}", run.stderr);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert!(report["formula"].is_string());
    assert!(
        run.stderr.contains("not saved: network.safetensors"),
        "{}",
        run.stderr
    );
    assert!(files(folder.path()).is_empty());
}

#[test]
fn every_language_that_cant_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "export",
        "--formula",
        "x1**2",
        "--language",
        "numpy,c,onnx",
        "--output",
        "out",
    ];
    let run = on_a_full_disk(folder.path(), &arguments);
    assert_eq!(run.code, Some(3), "{}", run.stderr);
    assert_eq!(run.stdout, "");
    for name in ["g.py", "g.c", "g.onnx"] {
        assert!(run.stderr.contains(name), "\"{}\" lacks {name}", run.stderr);
    }
    assert!(files(&folder.path().join("out")).is_empty());
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_standard_output_costs_what_is_printed_but_not_the_page() {
    let folder = folder_with("g.csv", GRADIENTS);
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_closedform"))
        .args(["search", "--gradients", "g.csv", "--report", "page.html"])
        .current_dir(folder.path())
        .stdout(full)
        .output();
    let run = of(output.unwrap());
    run.assert_failed(&["standard output"]);
    let page = fs::read_to_string(folder.path().join("page.html")).unwrap();
    assert!(page.contains("a**2 + 2*b**2"));
}

fn search_for_long(folder: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_closedform"))
        .args([
            "search",
            "--gradients",
            "g.csv",
            "--json",
            "--operators",
            "+,*",
        ])
        .args(["--generations", "1000000", "--checkpoint", "state.json"])
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn wait_for(file: &Path) {
    while !file.exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

#[test]
fn one_search_at_a_time_writes_to_a_checkpoint() {
    let folder = folder_with("g.csv", &odd_gradients());
    let mut first = search_for_long(folder.path());
    wait_for(&folder.path().join("state.json"));
    let second = of(search_for_long(folder.path()).wait_with_output().unwrap());
    second.assert_failed(&["state.json", "another search", "name another file"]);
    first.kill().unwrap();
    first.wait().unwrap();
    // A lock ends with its process, and what the process left half written is removed.
    fs::write(folder.path().join("state.json.12345.part"), "half").unwrap();
    let arguments = [
        "search",
        "--gradients",
        "g.csv",
        "--json",
        "--operators",
        "+,*",
    ];
    let arguments = [
        &arguments[..],
        &["--checkpoint", "state.json", "--generations", "1"],
    ]
    .concat();
    Run::new(folder.path(), &arguments).json();
    assert_eq!(
        files(folder.path()),
        ["g.csv", "state.json", "state.json.lock"]
    );
}

#[test]
fn every_signal_that_asks_to_end_gets_the_result_and_the_reason() {
    for signal in ["INT", "TERM", "HUP"] {
        let folder = folder_with("g.csv", &odd_gradients());
        let child = search_for_long(folder.path());
        wait_for(&folder.path().join("state.json"));
        let sent = Command::new("kill")
            .args([&format!("-{signal}"), &child.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
        let report = of(child.wait_with_output().unwrap()).json();
        assert_eq!(report["stop_reason"], "interrupted", "{signal}");
        assert!(report["formula"].is_string(), "{signal}");
    }
}

#[test]
fn what_is_said_of_a_column_doesnt_steer_a_terminal() {
    let table = "a,b,\u{1b}]0;owned\u{7}\n1,2,3\n";
    let arguments = ["search", "--data", "t.csv", "--target", "missing"];
    let run = Run::on_file("t.csv", table, &arguments);
    run.assert_failed(&["owned", "\\u{1b}"]);
    assert!(!run.stderr.contains('\u{1b}'), "{:?}", run.stderr);
}
