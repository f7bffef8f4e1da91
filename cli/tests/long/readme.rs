//! Every command of the README runs as it stands there.

use std::path::Path;
use std::process::Command;

#[test]
fn the_readmes_commands_run() {
    let readme = std::fs::read_to_string(format!("{}/README.md", crate::ROOT)).unwrap();
    let commands: Vec<&str> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("$ closedform "))
        .collect();
    assert!(
        commands.len() >= 4,
        "the README shows {} commands",
        commands.len()
    );
    // A folder that has the data and may be written to.
    let folder = tempfile::tempdir().unwrap();
    let data = std::fs::canonicalize(format!("{}/data", crate::ROOT)).unwrap();
    std::os::unix::fs::symlink(data, folder.path().join("data")).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_closedform"));
    let built = program.parent().unwrap().display();
    let path = format!("{built}:{}", std::env::var("PATH").unwrap());
    for command in commands {
        let output = Command::new("sh")
            .args(["-c", &format!("closedform {command}")])
            .current_dir(folder.path())
            .env("PATH", &path)
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "closedform {command}: {output:?}");
        let shown = match command {
            _ if command.starts_with("simulation") => "network and polynomial",
            _ if command.contains("pendulum") => "sqrt(l/g)",
            _ => "x1",
        };
        assert!(
            printed.contains(shown),
            "closedform {command} printed:\n{printed}"
        );
    }
}
