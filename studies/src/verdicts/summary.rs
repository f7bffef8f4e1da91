//! How often verdicts are wrong, and how often intervals hold the truth.

use super::{Condition, Judged, VerdictCase, VerdictRow};
use closedform::Task;
use closedform::numerics::Rate;

/// The rates of one task under one condition.
#[derive(Debug, Clone, PartialEq)]
pub struct VerdictLine {
    /// What the networks were trained for; none for all rows together.
    pub kind: Option<(Task, Condition)>,
    /// How many runs there were.
    pub n_runs: usize,
    /// Among the formulas called the same concept: those that don't have the truth's directions.
    pub wrong: Rate,
    /// Among the formulas with the truth's structure and directions: those not called the same concept.
    pub missed: Rate,
    /// Among the intervals of formulas with the truth's structure: those that hold the true number.
    pub held: Rate,
    /// The runs that ended without a formula.
    pub n_refused: usize,
}

/// The rates of a study of verdicts.
#[derive(Debug, Clone, PartialEq)]
pub struct VerdictSummary {
    /// A line for each task and condition, then one for all.
    pub lines: Vec<VerdictLine>,
}

impl VerdictSummary {
    /// The summary of some rows.
    pub fn new(rows: &[VerdictRow]) -> Self {
        let tasks = [Task::Classification, Task::Regression].into_iter();
        let kinds = tasks.flat_map(|task| Condition::of(task).map(move |c| (task, c)));
        let of_kind = |kind: (Task, Condition)| {
            let is_alike = |row: &&VerdictRow| (row.case.task, row.case.condition) == kind;
            let alike: Vec<&VerdictRow> = rows.iter().filter(is_alike).collect();
            line(Some(kind), &alike)
        };
        let mut lines: Vec<VerdictLine> =
            kinds.map(of_kind).filter(|line| line.n_runs > 0).collect();
        lines.push(line(None, &rows.iter().collect::<Vec<_>>()));
        Self { lines }
    }
}

fn line(kind: Option<(Task, Condition)>, rows: &[&VerdictRow]) -> VerdictLine {
    let judged: Vec<&Judged> = rows
        .iter()
        .filter_map(|row| row.outcome.as_ref().ok())
        .collect();
    let share = |of: &dyn Fn(&Judged) -> bool, which: &dyn Fn(&Judged) -> bool| {
        let all: Vec<&&Judged> = judged.iter().filter(|judged| of(judged)).collect();
        Rate {
            n_found: all.iter().filter(|judged| which(judged)).count(),
            n: all.len(),
        }
    };
    VerdictLine {
        kind,
        n_runs: rows.len(),
        wrong: share(&Judged::is_called_same, &|judged| !judged.is_same()),
        missed: share(
            &|judged| judged.has_structure && judged.is_same(),
            &|judged| !judged.is_called_same(),
        ),
        held: Rate {
            n_found: judged.iter().map(|judged| judged.n_held).sum(),
            n: judged.iter().map(|judged| judged.n_numbers).sum(),
        },
        n_refused: rows.len() - judged.len(),
    }
}

impl std::fmt::Display for VerdictSummary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(
            f,
            "| network | data | runs | \"same concept\" wrong | truth found, not called same | intervals that hold the truth | no formula |"
        )?;
        writeln!(f, "|---|---|---:|---:|---:|---:|---:|")?;
        for line in &self.lines {
            let (network, data) = match line.kind {
                None => ("all", ""),
                Some((task, condition)) => (VerdictCase::network(task), condition.name()),
            };
            writeln!(
                f,
                "| {network} | {data} | {} | {} | {} | {} | {} |",
                line.n_runs, line.wrong, line.missed, line.held, line.n_refused
            )?;
        }
        Ok(())
    }
}
