//! Every command of the README runs as it stands there, and every formula that it shows comes out.

use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

fn readme() -> String {
    std::fs::read_to_string(format!("{}/README.md", crate::ROOT)).unwrap()
}

/// A folder that has the project's data and may be written to.
fn folder_with_data() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let data = std::fs::canonicalize(format!("{}/data", crate::ROOT)).unwrap();
    std::os::unix::fs::symlink(data, folder.path().join("data")).unwrap();
    folder
}

/// What a command prints, run by a shell as the README has it.
fn printed(folder: &TempDir, command: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_closedform"));
    let built = program.parent().unwrap().display();
    let path = format!("{built}:{}", std::env::var("PATH").unwrap());
    let output = Command::new("sh")
        .args(["-c", command])
        .current_dir(folder.path())
        .env("PATH", &path)
        .output()
        .unwrap();
    assert!(output.status.success(), "{command}: {output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_readmes_commands_run() {
    let readme = readme();
    let commands: Vec<&str> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("$ "))
        .filter(|command| command.starts_with("closedform "))
        .collect();
    assert!(
        commands.len() >= 4,
        "the README shows {} commands",
        commands.len()
    );
    let folder = folder_with_data();
    for command in commands {
        let shown = match command {
            _ if command.starts_with("closedform simulation") => "network and polynomial",
            _ if command.contains("pendulum") => "sqrt(l/g)",
            _ => "x1",
        };
        let printed = printed(&folder, command);
        assert!(printed.contains(shown), "{command} printed:\n{printed}");
    }
}

/// A line without its loss, whose last digits differ between processors, and without blanks.
fn without_loss(line: &str) -> String {
    let words = line.split_whitespace();
    words.filter(|word| !is_loss(word)).collect()
}

fn is_loss(word: &str) -> bool {
    word.contains("e-") && word.parse::<f64>().is_ok() || word.ends_with("e0")
}

#[test]
fn the_front_that_the_readme_shows_comes_out() {
    let readme = readme();
    let (before, after) = readme.split_once("```text\n").unwrap();
    let command = before.rsplit_once("`closedform ").unwrap().1;
    let command = format!("closedform {}", command.split_once('`').unwrap().0);
    let shown = after.split_once("```").unwrap().0;
    let printed = printed(&folder_with_data(), &command);
    let lines: Vec<String> = printed.lines().map(without_loss).collect();
    let shown = shown.lines().map(without_loss);
    let shown: Vec<String> = shown
        .filter(|line| !line.is_empty() && line != "...")
        .collect();
    assert!(shown.len() >= 5, "{shown:?}");
    for line in shown {
        assert!(lines.contains(&line), "{line} isn't in\n{printed}");
    }
}
