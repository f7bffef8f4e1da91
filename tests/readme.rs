//! Every command of the README runs as it stands there.

use assert_cmd::Command;

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
        let output = Command::cargo_bin("closedform")
            .unwrap()
            .args(command.split_whitespace())
            .assert()
            .success()
            .get_output()
            .stdout
            .clone();
        let printed = String::from_utf8(output).unwrap();
        assert!(
            printed.contains("x1"),
            "closedform {command} printed:\n{printed}"
        );
    }
}
