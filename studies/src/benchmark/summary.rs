//! Rates of a benchmark, and every problem with its formula.

use super::{BenchmarkRow, Question, Source};
use closedform::numerics::Rate;
use std::fmt::Write;

/// How often one kind of question was answered.
#[derive(Debug, Clone, PartialEq)]
pub struct BenchmarkLine {
    /// Where the equations came from.
    pub source: Source,
    /// The noise.
    pub noise: f64,
    /// The quantile of the threshold, if there were classes.
    pub quantile: Option<f64>,
    /// How often the equation was found.
    pub found: Rate,
    /// How often it stood on the front, chosen or not.
    pub on_front: Rate,
    /// The median of the runs' seconds.
    pub seconds: f64,
}

/// The rates of a benchmark, and its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct BenchmarkSummary {
    /// A line for each kind of question.
    pub lines: Vec<BenchmarkLine>,
    rows: Vec<BenchmarkRow>,
}

impl BenchmarkSummary {
    /// The summary of some rows.
    pub fn new(rows: &[BenchmarkRow]) -> Self {
        let mut kinds: Vec<&Question> = Vec::new();
        for row in rows {
            if !kinds.iter().any(|kind| is_like(kind, &row.question)) {
                kinds.push(&row.question);
            }
        }
        let line = |kind: &Question| {
            let alike: Vec<&BenchmarkRow> = rows
                .iter()
                .filter(|row| is_like(kind, &row.question))
                .collect();
            let mut seconds: Vec<f64> = alike.iter().map(|row| row.seconds).collect();
            seconds.sort_by(f64::total_cmp);
            let is_on_front = |row: &&&BenchmarkRow| {
                row.is_found() || row.outcome.as_ref().is_ok_and(|found| found.is_on_front)
            };
            let rate = |n_found: usize| Rate {
                n_found,
                n: alike.len(),
            };
            BenchmarkLine {
                source: kind.source,
                noise: kind.noise,
                quantile: kind.quantile,
                found: rate(alike.iter().filter(|row| row.is_found()).count()),
                on_front: rate(alike.iter().filter(is_on_front).count()),
                seconds: seconds[seconds.len() / 2],
            }
        };
        let mut rows_by_failure = rows.to_vec();
        rows_by_failure.sort_by_key(BenchmarkRow::is_found);
        Self {
            lines: kinds.into_iter().map(line).collect(),
            rows: rows_by_failure,
        }
    }

    /// A page in Markdown: the rates, then every run, failures first.
    pub fn to_markdown(&self) -> String {
        let mut page = format!("{self}\n");
        page.push_str("| problem | source | noise | seed | seconds | error | formula |\n");
        page.push_str("|---|---|---:|---:|---:|---:|---|\n");
        for row in &self.rows {
            let question = &row.question;
            let (error, formula) = match &row.outcome {
                Ok(found) => (
                    format!("{:.1e}", found.error),
                    format!("`{}`", found.formula),
                ),
                Err(reason) => (String::new(), reason.clone()),
            };
            let mark = if row.is_found() { "" } else { "**missed** " };
            // Writing to a string can't fail.
            let _ = writeln!(
                page,
                "| {mark}{} | {} | {} % | {} | {:.1} | {error} | {formula} |",
                question.problem,
                question.source.name(),
                100.0 * question.noise,
                question.seed,
                row.seconds,
            );
        }
        page
    }
}

/// Whether two questions differ in equation, seed and points at most.
fn is_like(a: &Question, b: &Question) -> bool {
    (a.source, a.noise, a.quantile, a.time_limit) == (b.source, b.noise, b.quantile, b.time_limit)
}

impl std::fmt::Display for BenchmarkSummary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(
            f,
            "| source | noise | quantile | found | on the front | median seconds |"
        )?;
        writeln!(f, "|---|---:|---:|---:|---:|---:|")?;
        for line in &self.lines {
            let quantile = line
                .quantile
                .map_or(String::new(), |quantile| quantile.to_string());
            writeln!(
                f,
                "| {} | {} % | {quantile} | {} of {} | {} | {:.1} |",
                line.source.name(),
                100.0 * line.noise,
                line.found.n_found,
                line.found.n,
                line.on_front.n_found,
                line.seconds
            )?;
        }
        Ok(())
    }
}
