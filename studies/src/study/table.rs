//! The rows of a study on disk, as Parquet and as CSV.

use super::{Outcome, RunSettings, StudyRow};
use crate::records::Table;
use crate::records::write_frame;
use closedform::Result;
use closedform::interpretation::Seconds;
use closedform::interpretation::{Judgement, Recovery};
use polars::prelude::*;
use std::path::Path;

/// The name of a study's files.
pub(super) const NAME: &str = "study";

/// Reads the rows of the study in a folder.
///
/// # Errors
/// If the folder has no study, or if the file isn't one.
pub fn read_study(folder: impl AsRef<Path>) -> Result<Vec<StudyRow>> {
    let table = Table::read(folder.as_ref(), NAME)?;
    (0..table.n_rows())
        .map(|row| study_row(&table, row))
        .collect()
}

/// Writes the rows to both files. Each is written completely or not at all.
pub(super) fn write(folder: &Path, rows: &[StudyRow]) -> Result<()> {
    write_frame(folder, NAME, frame(rows))
}

fn frame(rows: &[StudyRow]) -> PolarsResult<DataFrame> {
    let count = |name: &str, of: fn(&StudyRow) -> u64| {
        Column::new(name.into(), rows.iter().map(of).collect::<Vec<_>>())
    };
    let number = |name: &str, of: fn(&StudyRow) -> f64| {
        Column::new(name.into(), rows.iter().map(of).collect::<Vec<_>>())
    };
    let text = |name: &str, of: fn(&StudyRow) -> Option<&str>| {
        Column::new(name.into(), rows.iter().map(of).collect::<Vec<_>>())
    };
    let outcome_count = |name: &str, of: fn(&Outcome) -> usize| {
        let found = rows
            .iter()
            .map(|row| row.outcome.as_ref().ok().map(|o| of(o) as u64));
        Column::new(name.into(), found.collect::<Vec<_>>())
    };
    let outcome = |name: &str, of: fn(&Outcome) -> Option<f64>| {
        let found = rows
            .iter()
            .map(|row| row.outcome.as_ref().ok().and_then(of));
        Column::new(name.into(), found.collect::<Vec<_>>())
    };
    let columns = vec![
        count("experiment", |row| row.settings.experiment as u64),
        count("seed", |row| row.settings.seed),
        count("n_points", |row| row.settings.n_points as u64),
        number("label_noise", |row| row.settings.label_noise),
        text("preset", |row| Some(&row.settings.preset)),
        count("n_epochs", |row| row.settings.n_epochs as u64),
        count("batch_size", |row| row.settings.batch_size as u64),
        count("n_generations", |row| row.settings.n_generations as u64),
        text("version", |row| Some(&row.settings.version)),
        number("seconds_train", |row| row.seconds.train),
        number("seconds_gradients", |row| row.seconds.gradients),
        number("seconds_search", |row| row.seconds.search),
        number("seconds_total", |row| row.seconds.total),
        text("formula", |row| {
            row.outcome.as_ref().ok().map(|o| o.formula.as_str())
        }),
        outcome_count("complexity", |o| o.complexity),
        outcome("loss", |o| Some(o.loss)),
        outcome("threshold", |o| o.threshold),
        outcome("gradient_noise", |o| Some(o.gradient_noise)),
        outcome_count("n_directions", |o| o.n_directions),
        outcome("fidelity", |o| o.fidelity),
        outcome("fidelity_of_box", |o| o.fidelity_of_box),
        outcome("network_cosine", |o| o.network_cosine),
        outcome("truth_cosine", |o| o.judgement.cosine),
        text("structure", |row| {
            let outcome = row.outcome.as_ref().ok();
            outcome.map(|o| o.judgement.recovery.name())
        }),
        outcome("constants_error", |o| o.judgement.constants_error),
        outcome("agreement", |o| o.judgement.agreement),
        text("error", |row| {
            row.outcome.as_ref().err().map(String::as_str)
        }),
    ];
    DataFrame::new(rows.len(), columns)
}

fn study_row(table: &Table, row: usize) -> Result<StudyRow> {
    let settings = RunSettings {
        experiment: table.count("experiment", row)? as usize,
        seed: table.count("seed", row)?,
        n_points: table.count("n_points", row)? as usize,
        label_noise: table.number("label_noise", row)?,
        preset: table.text("preset", row)?,
        n_epochs: table.count("n_epochs", row)? as usize,
        batch_size: table.count("batch_size", row)? as usize,
        n_generations: table.count("n_generations", row)? as usize,
        version: table.text("version", row)?,
    };
    let seconds = Seconds {
        train: table.number("seconds_train", row)?,
        gradients: table.number("seconds_gradients", row)?,
        search: table.number("seconds_search", row)?,
        total: table.number("seconds_total", row)?,
    };
    let outcome = match table.text_if_any("error", row)? {
        None => Ok(outcome(table, row)?),
        Some(reason) => Err(reason),
    };
    Ok(StudyRow {
        settings,
        seconds,
        outcome,
    })
}

fn outcome(table: &Table, row: usize) -> Result<Outcome> {
    let recovery = table.text("structure", row)?;
    let recovery = Recovery::from_name(&recovery)
        .ok_or_else(|| table.refuse("structure", row, &format!("\"{recovery}\" is no recovery")))?;
    Ok(Outcome {
        formula: table.text("formula", row)?,
        complexity: table.count("complexity", row)? as usize,
        loss: table.number("loss", row)?,
        threshold: table.number_if_any("threshold", row)?,
        gradient_noise: table.number("gradient_noise", row)?,
        n_directions: table.count("n_directions", row)? as usize,
        fidelity: table.number_if_any("fidelity", row)?,
        fidelity_of_box: table.number_if_any("fidelity_of_box", row)?,
        network_cosine: table.number_if_any("network_cosine", row)?,
        judgement: Judgement {
            cosine: table.number_if_any("truth_cosine", row)?,
            recovery,
            constants_error: table.number_if_any("constants_error", row)?,
            agreement: table.number_if_any("agreement", row)?,
        },
    })
}
