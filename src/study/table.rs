//! A study's rows on disk, as Parquet and as CSV.

use super::{Judgement, Outcome, Recovery, RunSettings, StudyRow};
use crate::error::{Error, Result};
use crate::report::Seconds;
#[cfg(feature = "network")]
use crate::report::write_atomically;
use polars::prelude::*;
use std::fs::File;
use std::path::{Path, PathBuf};

/// The file that rows are read from again.
pub(super) fn parquet_file(folder: &Path) -> PathBuf {
    folder.join("study.parquet")
}

/// Reads the rows of the study in a folder.
///
/// # Errors
/// A folder without a study, or a file that is none.
pub fn read_study(folder: impl AsRef<Path>) -> Result<Vec<StudyRow>> {
    let path = &parquet_file(folder.as_ref());
    let file = File::open(path).map_err(|source| Error::file(path, source))?;
    let refuse = |error: PolarsError| Error::content(path, format!("can't be read: {error}"));
    let frame = ParquetReader::new(file).finish().map_err(refuse)?;
    let table = Table { path, frame };
    (0..table.frame.height())
        .map(|row| table.row(row))
        .collect()
}

/// Writes the rows to both files, each of them whole or not at all.
#[cfg(feature = "network")]
pub(super) fn write(folder: &Path, rows: &[StudyRow]) -> Result<()> {
    let parquet = &parquet_file(folder);
    let csv = &folder.join("study.csv");
    let refuse = |path: &Path| {
        let path = path.to_path_buf();
        move |error: PolarsError| Error::content(path, format!("can't be written: {error}"))
    };
    let mut frame = frame(rows).map_err(refuse(parquet))?;
    let mut bytes = Vec::new();
    let written = ParquetWriter::new(&mut bytes).finish(&mut frame);
    written.map_err(refuse(parquet))?;
    write_atomically(parquet, &bytes)?;
    bytes.clear();
    let written = CsvWriter::new(&mut bytes).finish(&mut frame);
    written.map_err(refuse(csv))?;
    write_atomically(csv, &bytes)
}

#[cfg(feature = "network")]
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

/// Rows as they were read, with the file's name for error messages.
struct Table<'a> {
    path: &'a Path,
    frame: DataFrame,
}

impl Table<'_> {
    fn row(&self, row: usize) -> Result<StudyRow> {
        let settings = RunSettings {
            experiment: self.count("experiment", row)? as usize,
            seed: self.count("seed", row)?,
            n_points: self.count("n_points", row)? as usize,
            label_noise: self.number("label_noise", row)?,
            preset: self.text("preset", row)?,
            n_epochs: self.count("n_epochs", row)? as usize,
            batch_size: self.count("batch_size", row)? as usize,
            n_generations: self.count("n_generations", row)? as usize,
            version: self.text("version", row)?,
        };
        let seconds = Seconds {
            train: self.number("seconds_train", row)?,
            gradients: self.number("seconds_gradients", row)?,
            search: self.number("seconds_search", row)?,
            total: self.number("seconds_total", row)?,
        };
        let outcome = match self.cell("error", row)? {
            AnyValue::Null => Ok(self.outcome(row)?),
            _ => Err(self.text("error", row)?),
        };
        Ok(StudyRow {
            settings,
            seconds,
            outcome,
        })
    }

    fn outcome(&self, row: usize) -> Result<Outcome> {
        let recovery = self.text("structure", row)?;
        let recovery = Recovery::from_name(&recovery).ok_or_else(|| {
            self.refuse("structure", row, &format!("\"{recovery}\" is no recovery"))
        })?;
        Ok(Outcome {
            formula: self.text("formula", row)?,
            complexity: self.count("complexity", row)? as usize,
            loss: self.number("loss", row)?,
            threshold: self.number_if_any("threshold", row)?,
            gradient_noise: self.number("gradient_noise", row)?,
            n_directions: self.count("n_directions", row)? as usize,
            fidelity: self.number_if_any("fidelity", row)?,
            fidelity_of_box: self.number_if_any("fidelity_of_box", row)?,
            network_cosine: self.number_if_any("network_cosine", row)?,
            judgement: Judgement {
                cosine: self.number_if_any("truth_cosine", row)?,
                recovery,
                constants_error: self.number_if_any("constants_error", row)?,
                agreement: self.number_if_any("agreement", row)?,
            },
        })
    }

    fn refuse(&self, column: &str, row: usize, reason: &str) -> Error {
        Error::content(
            self.path,
            format!("row {}, column \"{column}\": {reason}", row + 1),
        )
    }

    fn cell(&self, column: &str, row: usize) -> Result<AnyValue<'_>> {
        let found = self.frame.column(column).and_then(|cells| cells.get(row));
        found.map_err(|_| self.refuse(column, row, "is missing; this is no study's table"))
    }

    fn number_if_any(&self, column: &str, row: usize) -> Result<Option<f64>> {
        match self.cell(column, row)? {
            AnyValue::Null => Ok(None),
            AnyValue::Float64(number) => Ok(Some(number)),
            other => Err(self.refuse(column, row, &format!("{other} is no number"))),
        }
    }

    fn number(&self, column: &str, row: usize) -> Result<f64> {
        self.number_if_any(column, row)?
            .ok_or_else(|| self.refuse(column, row, "is empty; a number is needed"))
    }

    fn count(&self, column: &str, row: usize) -> Result<u64> {
        match self.cell(column, row)? {
            AnyValue::UInt64(count) => Ok(count),
            other => Err(self.refuse(column, row, &format!("{other} is no count"))),
        }
    }

    fn text(&self, column: &str, row: usize) -> Result<String> {
        match self.cell(column, row)? {
            AnyValue::String(text) => Ok(text.to_string()),
            AnyValue::StringOwned(text) => Ok(text.to_string()),
            other => Err(self.refuse(column, row, &format!("{other} is no text"))),
        }
    }
}
