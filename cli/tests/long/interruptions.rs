//! Claim: a search on the command line survives Ctrl-C and even a kill at any moment.

use crate::support;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use support::directions_of;

/// Directions that no short formula matches, as a table.
fn write_gradients(path: &Path) {
    let given = directions_of("tanh(x1*x2) + atan(x1 - 1.7*x2)", &[(-2.0, 2.0); 2], 120, 5);
    let rows = given
        .points()
        .chunks(2)
        .zip(given.unit_gradients().chunks(2));
    let rows: String = rows
        .map(|(x, g)| format!("{},{},{},{}\n", x[0], x[1], g[0], g[1]))
        .collect();
    std::fs::write(path, format!("x1,x2,d_x1,d_x2\n{rows}")).unwrap();
}

fn search(folder: &Path, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_closedform"))
        .args(["search", "--gradients", "gradients.csv", "--json"])
        .args(["--operators", "+,*,exp", "--max-complexity", "14"])
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn report(child: Child) -> serde_json::Value {
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{errors}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn front(folder: &Path, arguments: &[&str]) -> serde_json::Value {
    report(search(folder, arguments))["pareto_front"].clone()
}

fn wait_for(file: &Path) {
    while !file.exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn after_a_kill_at_any_moment_the_search_ends_as_if_nothing_had_happened() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write_gradients(&folder.join("gradients.csv"));
    let whole = front(folder, &["--generations", "60"]);
    let arguments = ["--generations", "60", "--checkpoint", "state.json"];
    for milliseconds in [0, 10, 50] {
        let mut killed = search(folder, &arguments);
        wait_for(&folder.join("state.json"));
        std::thread::sleep(Duration::from_millis(milliseconds));
        killed.kill().unwrap();
        killed.wait().unwrap();
    }
    assert_eq!(front(folder, &arguments), whole);
}

#[test]
fn ctrl_c_ends_the_search_and_prints_what_was_found() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write_gradients(&folder.join("gradients.csv"));
    let arguments = ["--generations", "1000000", "--checkpoint", "state.json"];
    let child = search(folder, &arguments);
    wait_for(&folder.join("state.json"));
    let interrupt = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(interrupt.unwrap().success());
    let report = report(child);
    assert_eq!(report["stop_reason"], "interrupted");
    assert!(!report["pareto_front"].as_array().unwrap().is_empty());
}
