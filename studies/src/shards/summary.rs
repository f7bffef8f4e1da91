//! Rates of a study, for every kind of run and for every problem.

use super::Study;
use super::merge::write_tables;
use super::row::{Row, State};
use crate::problems::Values;
use closedform::Result;
use closedform::numerics::Rate;
use serde_json::Value;
use std::collections::HashMap;
use std::fmt::Write;

/// The runs of one kind, or of one problem.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Kind {
    /// The settings that tell it from others.
    pub settings: Vec<String>,
    /// How many of its runs have a row.
    pub n_runs: usize,
    /// How many failed.
    pub n_failed: usize,
    /// How many can be judged: those with a known truth, and those without a formula.
    pub n_judged: usize,
    /// How often the truth was found.
    pub n_found: usize,
    /// How often it was on the front, chosen or not.
    pub n_on_front: usize,
    seconds: Vec<f32>,
    /// The last formula that isn't the truth, or the reason why there is none.
    missed: Option<String>,
}

impl Kind {
    fn add(&mut self, row: &Row) {
        let measures = &row.measures;
        self.n_runs += 1;
        self.n_failed += usize::from(row.state == State::Failed);
        self.n_judged += usize::from(measures.found.is_some() || measures.reason.is_some());
        self.n_found += usize::from(measures.found == Some(true));
        self.n_on_front += usize::from(measures.on_front.or(measures.found) == Some(true));
        self.seconds.push(row.seconds as f32);
        if measures.found != Some(true) {
            self.missed = measures.formula.clone().or_else(|| measures.reason.clone());
        }
    }

    /// How often the truth was found.
    pub fn found(&self) -> Rate {
        Rate {
            n_found: self.n_found,
            n: self.n_judged,
        }
    }

    /// The median of the runs' seconds.
    fn seconds(&self) -> f32 {
        let mut sorted = self.seconds.clone();
        sorted.sort_by(f32::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
    }
}

/// The rates of a study, from what is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The names of the settings that tell kinds from each other.
    pub names: Vec<&'static str>,
    /// A line for each kind of run.
    pub kinds: Vec<Kind>,
    /// A line for each problem.
    pub problems: Vec<Kind>,
    /// How many runs are planned.
    pub n_planned: usize,
}

impl Summary {
    /// Reads the rows of a study once, writes them to `runs.parquet` and `runs.csv` in its folder, and
    /// sums them up.
    ///
    /// # Errors
    /// Files that can't be read or written.
    pub fn write(study: &Study) -> Result<Self> {
        let names = study.file.plan.kinds();
        let (mut kinds, mut problems) = (Groups::default(), Groups::default());
        write_tables(study, |settings, row| {
            kinds.add(names.iter().map(|name| text(settings, name)).collect(), row);
            problems.add(
                vec![text(settings, "name"), text(settings, "equation")],
                row,
            );
        })?;
        let mut problems = problems.kinds;
        let share = |kind: &Kind| kind.found().share().unwrap_or(1.0);
        problems.sort_by(|a, b| share(a).total_cmp(&share(b)));
        Ok(Self {
            names,
            kinds: kinds.kinds,
            problems,
            n_planned: study.n_runs(),
        })
    }

    /// A page in Markdown: the rates, then every problem, those that are found least first.
    pub fn to_markdown(&self) -> String {
        let mut page = format!(
            "{self}\n| problem | found | on the front | failed | missed as |\n|---|---:|---:|---:|---|\n"
        );
        for problem in &self.problems {
            let name = problem.settings.join(" ");
            let (n_on_front, n_failed) = (problem.n_on_front, problem.n_failed);
            let missed = problem
                .missed
                .as_ref()
                .map(|formula| format!("`{formula}`"));
            let missed = missed.unwrap_or_default().replace('|', "\\|");
            // Writing to a string can't fail.
            let _ = writeln!(
                page,
                "| {} | {}/{} | {n_on_front} | {n_failed} | {missed} |",
                name.trim(),
                problem.n_found,
                problem.n_judged
            );
        }
        page
    }
}

/// Kinds in the order in which they first occur.
#[derive(Default)]
struct Groups {
    kinds: Vec<Kind>,
    places: HashMap<Vec<String>, usize>,
}

impl Groups {
    fn add(&mut self, settings: Vec<String>, row: &Row) {
        let place = *self.places.entry(settings).or_insert_with_key(|settings| {
            self.kinds.push(Kind {
                settings: settings.clone(),
                ..Kind::default()
            });
            self.kinds.len() - 1
        });
        self.kinds[place].add(row);
    }
}

fn text(settings: &Values, name: &str) -> String {
    match settings.get(name) {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    }
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let n_runs: usize = self.kinds.iter().map(|kind| kind.n_runs).sum();
        writeln!(f, "{n_runs} of {} runs\n", self.n_planned)?;
        let names: String = self.names.iter().map(|name| format!(" {name} |")).collect();
        writeln!(
            f,
            "|{names} found, 95 % interval | on the front | failed | median seconds |"
        )?;
        let columns = "---|".repeat(self.names.len());
        writeln!(f, "|{columns}---:|---:|---:|---:|")?;
        for kind in &self.kinds {
            let settings = kind.settings.iter().map(|setting| format!(" {setting} |"));
            let settings: String = settings.collect();
            let (found, n_on_front, n_failed) = (kind.found(), kind.n_on_front, kind.n_failed);
            let seconds = kind.seconds();
            writeln!(
                f,
                "|{settings} {found} | {n_on_front} | {n_failed} | {seconds:.1} |"
            )?;
        }
        Ok(())
    }
}
