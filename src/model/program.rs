//! An executable as a model: it reads rows as CSV on standard input and prints one number for each
//! on standard output.

use super::answers::Answers;
use super::black_box::{BlackBox, check_count};
use crate::dataset::{Dataset, Task};
use crate::error::{Error, Result};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

impl BlackBox {
    /// A command that predicts for rows with the features of `data`, in any programming language.
    /// For classification, `answers` says what its numbers are.
    ///
    /// The shell runs the command whenever predictions are needed, a few times in all, each time
    /// with all rows at once. Standard input holds a header with the features' names and then a
    /// line of numbers for every row. The command prints one number per line, in the same order. A
    /// first line that isn't a number is a header.
    ///
    /// ```no_run
    /// use closedform::{BlackBox, Dataset, Model, Task};
    /// use closedform::model::Answers;
    ///
    /// let rows = Dataset::from_file("data/ellipse.csv", "label", Task::Classification)?;
    /// let command = "python scripts/scikit_learn.py predict model.joblib";
    /// let model =
    ///     BlackBox::from_command(&rows, Task::Classification, command, Answers::Probability)?;
    /// let gradients = model.gradients(&[0.5, -0.5])?;
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`new`](Self::new). If the command fails later, the call that needed its
    /// predictions returns the error.
    pub fn from_command(
        data: &Dataset,
        task: Task,
        command: &str,
        answers: Answers,
    ) -> Result<Self> {
        let names = data.feature_names().to_vec();
        let command = command.to_string();
        Self::of_rows(data, task, move |points| {
            let refuse = |reason: String| Error::Other(format!("\"{command}\" {reason}"));
            let given = ask(&command, to_csv(&names, points)).map_err(refuse)?;
            check_count(&given, points.len() / names.len())
                .map_err(|error| error.at(format!("\"{command}\"")))?;
            answers.to_latent(task, given)
        })
    }
}

/// Runs the command once. The error is the reason why there is no answer.
fn ask(command: &str, table: String) -> std::result::Result<Vec<f64>, String> {
    let (shell, flag) = if cfg!(windows) {
        ("cmd", "/C")
    } else {
        ("sh", "-c")
    };
    let mut child = Command::new(shell)
        .args([flag, command])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("can't be started: {error}"))?;
    let pipe = child.stdin.take();
    // Written from a thread of its own, because a program may answer while it still reads. A
    // program that ends before it has read everything explains itself, so a broken pipe is ignored.
    let writer = std::thread::spawn(move || {
        if let Some(mut pipe) = pipe {
            let _ = pipe.write_all(table.as_bytes());
        }
    });
    let output = child
        .wait_with_output()
        .map_err(|error| format!("can't be waited for: {error}"))?;
    let _ = writer.join();
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        let last = words.lines().rev().find(|line| !line.trim().is_empty());
        return Err(format!(
            "failed with {}: {}",
            output.status,
            last.unwrap_or("it printed nothing on standard error")
        ));
    }
    numbers(&String::from_utf8_lossy(&output.stdout))
}

/// A header, and a line for each of the points `(n_samples, n_features)`.
fn to_csv(names: &[String], points: &[f64]) -> String {
    let mut table = names.join(",");
    for row in points.chunks_exact(names.len()) {
        for (index, value) in row.iter().enumerate() {
            table.push(if index == 0 { '\n' } else { ',' });
            // Writing to a string can't fail.
            let _ = write!(table, "{value}");
        }
    }
    table.push('\n');
    table
}

/// Reads one number per line, after a header if there is one.
fn numbers(text: &str) -> std::result::Result<Vec<f64>, String> {
    let mut lines = text.lines().map(str::trim).enumerate().peekable();
    if lines
        .peek()
        .is_some_and(|(_, line)| line.parse::<f64>().is_err())
    {
        lines.next();
    }
    lines
        .filter(|(_, line)| !line.is_empty())
        .map(|(place, line)| {
            line.parse().map_err(|_| {
                format!(
                    "printed \"{line}\" in line {}, but must print one number per line",
                    place + 1
                )
            })
        })
        .collect()
}
