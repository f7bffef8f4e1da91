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
            _ if command.contains('>') => "",
            _ if command.contains("study init") => "written: problems.toml",
            _ if command.contains("--each-class") => "setosa",
            _ if command.contains("diabetes") => "bmi",
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

/// What the README shows of a command's output, and the command.
struct Shown {
    command: String,
    lines: Vec<String>,
}

/// Every block of output, with the last command before it.
fn shown(readme: &str) -> Vec<Shown> {
    let mut blocks = Vec::new();
    let mut rest = readme;
    while let Some((before, after)) = rest.split_once("```text\n") {
        let (block, later) = after.split_once("```").unwrap();
        let before = &readme[..readme.len() - rest.len() + before.len()];
        let start = before.rfind("closedform ").unwrap();
        let command = before[start..].split(['`', '\n']).next().unwrap();
        let lines = block.lines().map(without_loss);
        let lines = lines.filter(|line| !line.is_empty() && line != "...");
        blocks.push(Shown {
            command: command.to_string(),
            lines: lines.collect(),
        });
        rest = later;
    }
    blocks
}

#[test]
fn what_the_readme_shows_of_outputs_comes_out() {
    let readme = readme();
    let folder = folder_with_data();
    printed(&folder, "closedform data diabetes > diabetes.csv");
    let blocks = shown(&readme);
    assert_eq!(blocks.len(), readme.matches("```text").count());
    assert!(blocks.len() >= 2);
    for Shown { command, lines } in blocks {
        assert!(lines.len() >= 5, "{lines:?}");
        let printed = printed(&folder, &command);
        let found: Vec<String> = printed.lines().map(without_loss).collect();
        for line in lines {
            assert!(
                found.contains(&line),
                "{line} isn't in what {command} printed:\n{printed}"
            );
        }
    }
}
