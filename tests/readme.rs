//! Every command of the README runs as it stands there.

use std::process::Command;

#[test]
fn the_readmes_commands_run() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let commands: Vec<&str> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("$ closedform "))
        .collect();
    assert!(
        commands.len() >= 4,
        "the README shows {} commands",
        commands.len()
    );
    for command in commands {
        let output = Command::new(env!("CARGO_BIN_EXE_closedform"))
            .args(command.split_whitespace())
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "closedform {command}: {output:?}");
        assert!(
            printed.contains("x1"),
            "closedform {command} printed:\n{printed}"
        );
    }
}
