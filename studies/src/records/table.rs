//! Rows that were read from a file, with the file's name for error messages.

use closedform::foreign::guarded;
use closedform::{Error, Result};
use polars::prelude::*;
use std::fs::File;
use std::path::{Path, PathBuf};

/// The file that rows are read back from; `name` is the name of the study.
pub(crate) fn parquet_file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.parquet"))
}

/// The rows of a study, as they are stored.
pub(crate) struct Table {
    name: &'static str,
    path: PathBuf,
    frame: DataFrame,
}

impl Table {
    /// Reads the rows of the study with this name.
    ///
    /// # Errors
    /// If the folder has no study, or if the file isn't one.
    pub fn read(folder: &Path, name: &'static str) -> Result<Self> {
        let path = parquet_file(folder, name);
        let file = File::open(&path).map_err(|source| Error::file(&path, source))?;
        let refuse = |error: PolarsError| Error::Format(format!("can't be read: {error}"));
        let read = || ParquetReader::new(file).finish().map_err(refuse);
        let frame = guarded("Parquet", read).map_err(|error| error.in_file(&path))?;
        Ok(Self { name, path, frame })
    }

    pub fn n_rows(&self) -> usize {
        self.frame.height()
    }

    pub fn refuse(&self, column: &str, row: usize, reason: &str) -> Error {
        Error::content(
            &self.path,
            format!("row {}, column \"{column}\": {reason}", row + 1),
        )
    }

    fn cell(&self, column: &str, row: usize) -> Result<AnyValue<'_>> {
        let found = self.frame.column(column).and_then(|cells| cells.get(row));
        found.map_err(|_| {
            let name = self.name;
            self.refuse(
                column,
                row,
                &format!("is missing; this isn't the table of a {name}"),
            )
        })
    }

    pub fn number_if_any(&self, column: &str, row: usize) -> Result<Option<f64>> {
        match self.cell(column, row)? {
            AnyValue::Null => Ok(None),
            AnyValue::Float64(number) => Ok(Some(number)),
            other => Err(self.refuse(column, row, &format!("{other} is no number"))),
        }
    }

    pub fn number(&self, column: &str, row: usize) -> Result<f64> {
        self.number_if_any(column, row)?
            .ok_or_else(|| self.refuse(column, row, "is empty; a number is needed"))
    }

    pub fn count(&self, column: &str, row: usize) -> Result<u64> {
        match self.cell(column, row)? {
            AnyValue::UInt64(count) => Ok(count),
            other => Err(self.refuse(column, row, &format!("{other} is no count"))),
        }
    }

    pub fn truth(&self, column: &str, row: usize) -> Result<bool> {
        match self.cell(column, row)? {
            AnyValue::Boolean(truth) => Ok(truth),
            other => Err(self.refuse(column, row, &format!("{other} is neither true nor false"))),
        }
    }

    pub fn text_if_any(&self, column: &str, row: usize) -> Result<Option<String>> {
        match self.cell(column, row)? {
            AnyValue::Null => Ok(None),
            AnyValue::String(text) => Ok(Some(text.to_string())),
            AnyValue::StringOwned(text) => Ok(Some(text.to_string())),
            other => Err(self.refuse(column, row, &format!("{other} is no text"))),
        }
    }

    pub fn text(&self, column: &str, row: usize) -> Result<String> {
        self.text_if_any(column, row)?
            .ok_or_else(|| self.refuse(column, row, "is empty; a text is needed"))
    }
}
