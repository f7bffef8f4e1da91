//! The rows of all shards as one table, in the order of the runs, as Parquet and as CSV.

use super::row::Row;
use super::rows::{parsed, whole_lines};
use super::{Study, chosen};
use crate::problems::Values;
use closedform::{Error, Result};
use polars::prelude::*;
use rayon::prelude::*;
use serde_json::Value;
use std::fs::File;
use std::path::{Path, PathBuf};

/// Rows that are written at once: a million of them would need a gigabyte, a thousand would make Parquet
/// files that are slow to read.
const BATCH: usize = 50_000;

/// How many shards are read at once: enough for many cores, and not so many that their rows together need
/// much memory.
const SHARDS_AT_ONCE: usize = 64;

/// Calls `each` with every row that counts, in the order of the runs, and with the settings of its run.
///
/// # Errors
/// Files that can't be read, rows of another study, and the errors of `each`.
fn each_row<'a>(
    study: &'a Study,
    mut each: impl FnMut(Values<'a>, Row) -> Result<()>,
) -> Result<()> {
    let shards: Vec<usize> = (0..study.n_shards()).collect();
    for shards in shards.chunks(SHARDS_AT_ONCE) {
        let read = shards.par_iter().map(|&shard| rows_of(study, shard));
        for row in read.collect::<Result<Vec<_>>>()?.into_iter().flatten() {
            each(study.file.plan.values_of(row.run), row)?;
        }
    }
    Ok(())
}

/// The rows of a shard that count, in the order of its runs.
fn rows_of(study: &Study, shard: usize) -> Result<Vec<Row>> {
    let path = study.rows_file(shard);
    let mut rows: Vec<Option<Row>> = parsed(&whole_lines(&path)?).map(Some).collect();
    let known = rows.iter().flatten().map(|row| (row.run, row.attempt));
    let chosen = chosen(&study.numbers(shard), known);
    let rows: Vec<Row> = chosen
        .into_iter()
        .filter_map(|row| rows[row?].take())
        .collect();
    // A file holds rows of one study: the first one tells which.
    match rows.first() {
        Some(row) if row.id != study.file.plan.run(row.run).id => {
            let message = format!("run {} is one of another study", row.run);
            Err(Error::content(path, message))
        }
        _ => Ok(rows),
    }
}

/// Writes the rows of a study to `runs.parquet` and `runs.csv` in its folder, a batch at a time. Each
/// file is written completely or not at all. `each` sees every row on the way.
///
/// # Errors
/// Files that can't be read or written.
pub(super) fn write_tables(study: &Study, mut each: impl FnMut(&Values, &Row)) -> Result<()> {
    let settings = study.file.plan.settings();
    let mut tables: Option<Tables> = None;
    let mut batch: Vec<(Values, Row)> = Vec::new();
    let mut flush = |batch: &mut Vec<(Values, Row)>| {
        if batch.is_empty() && tables.is_some() {
            return Ok(());
        }
        let refuse = |error: PolarsError| Error::Other(format!("the table: {error}"));
        let frame = frame(&settings, study, batch).map_err(refuse)?;
        batch.clear();
        let tables = match &mut tables {
            Some(tables) => tables,
            none => none.insert(Tables::create(study.folder(), &frame)?),
        };
        tables.write(&frame)
    };
    each_row(study, |settings, row| {
        each(&settings, &row);
        batch.push((settings, row));
        if batch.len() < BATCH {
            Ok(())
        } else {
            flush(&mut batch)
        }
    })?;
    flush(&mut batch)?;
    tables.map_or(Ok(()), Tables::finish)
}

/// The two files, under names that they lose when they are complete.
struct Tables {
    parquet: polars::io::parquet::write::BatchedWriter<File>,
    csv: polars::io::csv::write::BatchedWriter<File>,
    names: [(PathBuf, PathBuf); 2],
}

impl Tables {
    fn create(folder: &Path, frame: &DataFrame) -> Result<Self> {
        let process = std::process::id();
        let names = ["runs.parquet", "runs.csv"].map(|name| {
            let beside = folder.join(format!("{name}.{process}.part"));
            (beside, folder.join(name))
        });
        let create =
            |path: &PathBuf| File::create(path).map_err(|source| Error::file(path, source));
        let refuse = |error: PolarsError| Error::Other(format!("the table: {error}"));
        let parquet = ParquetWriter::new(create(&names[0].0)?);
        let csv = CsvWriter::new(create(&names[1].0)?);
        Ok(Self {
            parquet: parquet.batched(frame.schema()).map_err(refuse)?,
            csv: csv.batched(frame.schema()).map_err(refuse)?,
            names,
        })
    }

    fn write(&mut self, frame: &DataFrame) -> Result<()> {
        let written = self.parquet.write_batch(frame);
        let written = written.and_then(|()| self.csv.write_batch(frame));
        written.map_err(|error| Error::Other(format!("the table: {error}")))
    }

    fn finish(mut self) -> Result<()> {
        let ended = self
            .parquet
            .finish()
            .map(drop)
            .and_then(|()| self.csv.finish());
        ended.map_err(|error| Error::Other(format!("the table: {error}")))?;
        for (beside, path) in &self.names {
            std::fs::rename(beside, path).map_err(|source| Error::file(path, source))?;
        }
        Ok(())
    }
}

fn frame(settings: &[&str], study: &Study, rows: &[(Values, Row)]) -> PolarsResult<DataFrame> {
    let count = |name: &str, of: fn(&Row) -> Option<u64>| {
        Column::new(
            name.into(),
            rows.iter().map(|(_, row)| of(row)).collect::<Vec<_>>(),
        )
    };
    let number = |name: &str, of: fn(&Row) -> Option<f64>| {
        Column::new(
            name.into(),
            rows.iter().map(|(_, row)| of(row)).collect::<Vec<_>>(),
        )
    };
    let truth = |name: &str, of: fn(&Row) -> Option<bool>| {
        Column::new(
            name.into(),
            rows.iter().map(|(_, row)| of(row)).collect::<Vec<_>>(),
        )
    };
    let text = |name: &str, of: fn(&Row) -> Option<&str>| {
        Column::new(
            name.into(),
            rows.iter().map(|(_, row)| of(row)).collect::<Vec<_>>(),
        )
    };
    let mut columns = vec![
        count("run", |row| Some(row.run as u64)),
        text("id", |row| Some(&row.id)),
    ];
    columns.extend(settings.iter().map(|name| setting(name, study, rows)));
    columns.extend([
        text("state", |row| Some(row.state.name())),
        text("reason", |row| row.measures.reason.as_deref()),
        text("formula", |row| row.measures.formula.as_deref()),
        count("complexity", |row| row.measures.complexity),
        number("loss", |row| row.measures.loss),
        truth("found", |row| row.measures.found),
        truth("on_front", |row| row.measures.on_front),
        number("error", |row| row.measures.error),
        text("verdict", |row| row.measures.verdict.as_deref()),
        number("fidelity", |row| row.measures.fidelity),
        number("fidelity_of_box", |row| row.measures.fidelity_of_box),
        number("network_cosine", |row| row.measures.network_cosine),
        number("truth_cosine", |row| row.measures.truth_cosine),
        number("constants_error", |row| row.measures.constants_error),
        number("agreement", |row| row.measures.agreement),
        number("seconds", |row| Some(row.seconds)),
    ]);
    DataFrame::new(rows.len(), columns)
}

/// A setting of each run; none where the run doesn't have it.
fn setting(name: &str, study: &Study, rows: &[(Values, Row)]) -> Column {
    let values = || rows.iter().map(|(settings, _)| settings.get(name));
    let kind = study.file.plan.example(name);
    // `formula` is what was found.
    let name = if name == "formula" {
        "problem.formula"
    } else {
        name
    };
    let name = name.into();
    match kind {
        Some(Value::Bool(_)) => {
            let values = values().map(|value| value.and_then(Value::as_bool));
            Column::new(name, values.collect::<Vec<_>>())
        }
        Some(Value::Number(number)) if number.is_u64() => {
            let values = values().map(|value| value.and_then(Value::as_u64));
            Column::new(name, values.collect::<Vec<_>>())
        }
        Some(Value::Number(_)) => {
            let values = values().map(|value| value.and_then(Value::as_f64));
            Column::new(name, values.collect::<Vec<_>>())
        }
        _ => {
            let values = values().map(|value| value.and_then(Value::as_str));
            Column::new(name, values.collect::<Vec<_>>())
        }
    }
}
