//! Tables on disk: CSV, TSV and Parquet, every cell checked.

use super::classes::MAX_CLASSES;
use super::{Dataset, Task};
use crate::error::{Error, Result};
use crate::gradients::Directions;
use polars::prelude::*;
use std::fs::File;
use std::path::Path;

/// A table whose cells are still text or numbers, with the file's name for error messages.
struct Table<'a> {
    path: &'a Path,
    frame: DataFrame,
}

pub(super) fn dataset_from_file(path: &Path, target: &str, task: Task) -> Result<Dataset> {
    let table = Table::read(path)?;
    table.check_has(target)?;
    let names: Vec<String> = table
        .names()
        .into_iter()
        .filter(|name| name != target)
        .collect();
    if names.is_empty() {
        return Err(table.refuse(format!(
            "\"{target}\" is the only column; at least 1 feature column is needed beside it"
        )));
    }
    let (targets, class_names) = match task {
        Task::Classification => table.classes(target)?,
        Task::Regression => (table.numbers(target)?, Vec::new()),
    };
    let columns = names
        .iter()
        .map(|name| table.numbers(name))
        .collect::<Result<Vec<_>>>()?;
    for (name, column) in names.iter().zip(&columns) {
        if column.iter().all(|value| value == &column[0]) {
            return Err(table.refuse(format!(
                "column \"{name}\" is {} in every row; leave it out, nothing can be learned from it",
                column[0]
            )));
        }
    }
    let dataset = Dataset::from_parts(names, target.to_string(), to_rows(&columns), targets)?;
    Ok(Dataset {
        class_names,
        ..dataset
    })
}

pub(super) fn points_from_file(path: &Path, columns: &[String]) -> Result<Vec<f64>> {
    let table = Table::read(path)?;
    let columns = columns.iter().map(|name| {
        table.check_has(name)?;
        table.numbers(name)
    });
    Ok(to_rows(&columns.collect::<Result<Vec<_>>>()?))
}

pub(crate) fn directions_from_file(path: &Path) -> Result<Directions> {
    let table = Table::read(path)?;
    let names: Vec<String> = table
        .names()
        .into_iter()
        .filter(|name| !is_component(&table, name))
        .collect();
    for name in &names {
        table.check_has(&format!("d_{name}"))?;
    }
    let read = |prefix: &str| -> Result<Vec<f64>> {
        let columns = names
            .iter()
            .map(|name| table.numbers(&format!("{prefix}{name}")));
        Ok(to_rows(&columns.collect::<Result<Vec<_>>>()?))
    };
    let (points, gradients) = (read("")?, read("d_")?);
    Directions::from_gradients(names, points, gradients)
        .map_err(|error| table.refuse(error.to_string()))
}

/// Whether a column holds the gradient component of another one.
fn is_component(table: &Table, name: &str) -> bool {
    name.strip_prefix("d_")
        .is_some_and(|feature| table.frame.column(feature).is_ok())
}

fn to_rows(columns: &[Vec<f64>]) -> Vec<f64> {
    let n_rows = columns.first().map_or(0, Vec::len);
    (0..n_rows)
        .flat_map(|row| columns.iter().map(move |column| column[row]))
        .collect()
}

impl<'a> Table<'a> {
    fn read(path: &'a Path) -> Result<Self> {
        let file = File::open(path).map_err(|source| Error::file(path, source))?;
        let metadata = file
            .metadata()
            .map_err(|source| Error::file(path, source))?;
        if metadata.is_dir() {
            return Err(Error::content(
                path,
                "is a folder; a CSV, TSV or Parquet file is needed",
            ));
        }
        if metadata.len() == 0 {
            return Err(Error::content(
                path,
                "is empty; a header line and rows are needed",
            ));
        }
        let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
        let is_parquet = ending.as_ref().is_some_and(|ending| ending == "parquet");
        let separator = if ending.is_some_and(|ending| ending == "tsv") {
            b'\t'
        } else {
            b','
        };
        let frame = if is_parquet {
            ParquetReader::new(file).finish()
        } else {
            // Every column is read as text, so that a bad cell can be named.
            CsvReadOptions::default()
                .with_has_header(true)
                .with_infer_schema_length(Some(0))
                .map_parse_options(|options| options.with_separator(separator))
                .into_reader_with_file_handle(file)
                .finish()
        };
        let frame = frame.map_err(|error| {
            let text = error.to_string();
            // What follows the first line is advice on how to call polars.
            let reason = match text.lines().next() {
                Some(line) if line.starts_with("found more fields") => {
                    "a row has more cells than the header has columns"
                }
                Some(line) => line,
                None => "unknown format",
            };
            Error::content(path, format!("can't be read: {reason}"))
        })?;
        let table = Self { path, frame };
        if table.frame.height() == 0 {
            return Err(table.refuse("has a header, but no rows"));
        }
        Ok(table)
    }

    fn refuse(&self, reason: impl Into<String>) -> Error {
        Error::content(self.path, reason)
    }

    fn names(&self) -> Vec<String> {
        self.frame
            .get_column_names()
            .iter()
            .map(|name| name.to_string())
            .collect()
    }

    fn check_has(&self, column: &str) -> Result<()> {
        if self.frame.column(column).is_ok() {
            return Ok(());
        }
        let known = self.names().join(", ");
        Err(self.refuse(format!(
            "has no column \"{column}\"; its columns are {known}"
        )))
    }

    /// A column's cells as text, `None` where a cell is missing.
    fn cells(&self, name: &str) -> Result<Vec<Option<String>>> {
        let refuse = |error: PolarsError| self.refuse(format!("column \"{name}\": {error}"));
        let column = self.frame.column(name).map_err(refuse)?;
        let text = column.cast(&DataType::String).map_err(refuse)?;
        let text = text.str().map_err(refuse)?;
        Ok(text
            .iter()
            .map(|cell| cell.map(|cell| cell.trim().to_string()))
            .collect())
    }

    fn numbers(&self, name: &str) -> Result<Vec<f64>> {
        let refuse = |row: usize, found: String| {
            self.refuse(format!(
                "row {}, column \"{name}\": {found}; only finite numbers are allowed",
                row + 1
            ))
        };
        let cells = self.cells(name)?;
        let numbers = cells.into_iter().enumerate().map(|(row, cell)| {
            let cell = cell.filter(|cell| !cell.is_empty());
            let cell = cell.ok_or_else(|| refuse(row, "the cell is empty".into()))?;
            match cell.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(number),
                _ => Err(refuse(row, format!("\"{cell}\" is no finite number"))),
            }
        });
        numbers.collect()
    }

    /// A column's values as 0, 1 and so on in ascending order, and what each stands for.
    fn classes(&self, name: &str) -> Result<(Vec<f64>, Vec<String>)> {
        let cells = self.cells(name)?.into_iter().enumerate();
        let cells = cells.map(|(row, cell)| {
            cell.filter(|cell| !cell.is_empty()).ok_or_else(|| {
                self.refuse(format!(
                    "row {}, target \"{name}\": the cell is empty; a class is needed",
                    row + 1
                ))
            })
        });
        let cells = cells.collect::<Result<Vec<String>>>()?;
        let mut names: Vec<String> = Vec::new();
        for (row, cell) in cells.iter().enumerate() {
            if names.contains(cell) {
                continue;
            }
            if names.len() == MAX_CLASSES {
                return Err(self.refuse(format!(
                    "row {}, target \"{name}\": \"{cell}\" is one value more than the \
                     {MAX_CLASSES} classes that classification allows (or use --task regression)",
                    row + 1
                )));
            }
            names.push(cell.clone());
        }
        // Numbers are compared as such: 10 comes after 9, and 1.0 is 1.
        let number = |name: &String| name.parse::<f64>().ok().filter(|value| value.is_finite());
        let are_numbers = names.iter().all(|name| number(name).is_some());
        let compare = |a: &String, b: &String| match (number(a), number(b)) {
            (Some(a), Some(b)) if are_numbers => (a + 0.0).total_cmp(&(b + 0.0)),
            _ => a.cmp(b),
        };
        names.sort_by(compare);
        names.dedup_by(|a, b| compare(a, b).is_eq());
        if names.len() == 1 {
            return Err(self.refuse(format!(
                "target \"{name}\" is \"{}\" in every row; classification needs two classes",
                names[0]
            )));
        }
        let class = |cell: &String| names.partition_point(|name| compare(name, cell).is_lt());
        let classes = cells.iter().map(|cell| class(cell) as f64).collect();
        Ok((classes, names))
    }
}
