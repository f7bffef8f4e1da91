//! An executable as a model: rows as CSV on its standard input, a number for each on its standard
//! output.

use super::Model;
use super::answers::Answers;
use super::black_box::{Gradients, check_count, ranges};
use crate::dataset::{Dataset, Task, check_rows};
use crate::error::{Error, Result};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

/// A command that predicts, whatever language its model lives in.
///
/// The shell runs it whenever predictions are needed, a few times in all, with all rows at once: a
/// header of the features' names and then a line of numbers for every row on standard input. It
/// prints one number a line, in the same order; a first line that is no number is a header.
/// Gradients are [differences](Gradients) of its answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Program {
    command: String,
    feature_names: Vec<String>,
    task: Task,
    answers: Answers,
    ranges: Vec<f64>,
    gradients: Gradients,
}

impl Program {
    /// A command for rows with the features of `data`; `answers` says what it gives for
    /// classification.
    ///
    /// # Errors
    /// A feature that is the same in every row, or numbers of `gradients` outside of their ranges.
    pub fn new(
        command: &str,
        data: &Dataset,
        task: Task,
        answers: Answers,
        gradients: Gradients,
    ) -> Result<Self> {
        gradients.check(data.n_features())?;
        Ok(Self {
            command: command.to_string(),
            feature_names: data.feature_names().to_vec(),
            task,
            answers,
            ranges: ranges(data)?,
            gradients,
        })
    }

    /// Starts the command once.
    fn ask(&self, points: &[f64]) -> Result<Vec<f64>> {
        let refuse = |reason: String| Error::Data(format!("\"{}\" {reason}", self.command));
        let (shell, flag) = match cfg!(windows) {
            true => ("cmd", "/C"),
            false => ("sh", "-c"),
        };
        let mut child = Command::new(shell)
            .args([flag, &self.command])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| refuse(format!("can't be started: {error}")))?;
        let table = self.to_csv(points);
        let pipe = child.stdin.take();
        // From a thread of its own: a program may answer while it still reads. One that ends
        // without reading all has its own words for why, so a broken pipe says nothing new.
        let writer = std::thread::spawn(move || {
            if let Some(mut pipe) = pipe {
                let _ = pipe.write_all(table.as_bytes());
            }
        });
        let output = child
            .wait_with_output()
            .map_err(|error| refuse(format!("can't be waited for: {error}")))?;
        let _ = writer.join();
        if !output.status.success() {
            let words = String::from_utf8_lossy(&output.stderr);
            let last = words.lines().rev().find(|line| !line.trim().is_empty());
            return Err(refuse(format!(
                "failed with {}: {}",
                output.status,
                last.unwrap_or("it said nothing on standard error")
            )));
        }
        numbers(&String::from_utf8_lossy(&output.stdout)).map_err(refuse)
    }

    fn to_csv(&self, points: &[f64]) -> String {
        let mut table = self.feature_names.join(",");
        for row in points.chunks_exact(self.feature_names.len()) {
            for (index, value) in row.iter().enumerate() {
                table.push(if index == 0 { '\n' } else { ',' });
                // Writing to a string can't fail.
                let _ = write!(table, "{value}");
            }
        }
        table.push('\n');
        table
    }
}

/// One number a line, below a header if there is one.
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
                    "printed \"{line}\" in line {}; one number a line is needed",
                    place + 1
                )
            })
        })
        .collect()
}

impl Model for Program {
    fn feature_names(&self) -> &[String] {
        &self.feature_names
    }

    fn task(&self) -> Task {
        self.task
    }

    fn latent(&self, points: &[f64]) -> Result<Vec<f64>> {
        check_rows(points, self.feature_names.len(), "features")?;
        let answers = self.ask(points)?;
        check_count(&answers, points.len() / self.feature_names.len())
            .map_err(|error| Error::Data(format!("\"{}\": {error}", self.command)))?;
        self.answers.to_latent(self.task, answers)
    }

    fn gradients(&self, points: &[f64]) -> Result<Vec<f64>> {
        check_rows(points, self.feature_names.len(), "features")?;
        self.gradients
            .of(|moved| self.latent(moved), points, &self.ranges)
    }
}
