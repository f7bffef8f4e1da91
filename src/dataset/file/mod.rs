//! The rows of a CSV, TSV or Parquet file, one after the other: it may be larger than memory.

mod cell;
mod delimited;
#[cfg(feature = "parquet")]
mod parquet;

pub(super) use cell::Cell;

use super::names::word;
use crate::error::{Error, Result};
use delimited::{Delimited, Record};
#[cfg(feature = "parquet")]
use parquet::{Batch, Parquet};
use std::fs::File;
use std::path::Path;

/// A table on disk whose header was read.
pub(crate) struct TableFile<'a> {
    path: &'a Path,
    names: Vec<String>,
    format: Format,
}

enum Format {
    Delimited(Delimited),
    #[cfg(feature = "parquet")]
    Parquet(Parquet),
}

/// One row of the columns asked for; `number` counts from 1, without the header.
pub(crate) struct Row<'a> {
    pub number: usize,
    cells: Cells<'a>,
}

enum Cells<'a> {
    Record(Record<'a>),
    /// A row of a batch, counted from 0.
    #[cfg(feature = "parquet")]
    Batch(&'a Batch, usize),
}

impl Row<'_> {
    /// The cell of the column that was asked for at this index.
    pub fn cell(&self, index: usize) -> Cell<'_> {
        match &self.cells {
            Cells::Record(record) => record.cell(index),
            #[cfg(feature = "parquet")]
            Cells::Batch(batch, row) => batch.cell(index, *row),
        }
    }
}

impl<'a> TableFile<'a> {
    pub fn open(path: &'a Path) -> Result<Self> {
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
        if metadata.is_file() && metadata.len() == 0 {
            return Err(Error::content(
                path,
                "is empty; a header line and rows are needed",
            ));
        }
        let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
        let (names, format) = if ending.is_some_and(|ending| ending == "parquet") {
            #[cfg(not(feature = "parquet"))]
            return Err(Error::content(
                path,
                "is Parquet, which only builds with the feature frames read; save it as CSV",
            ));
            #[cfg(feature = "parquet")]
            {
                let (names, parquet) = Parquet::open(path, file)?;
                (names, Format::Parquet(parquet))
            }
        } else {
            let (names, delimited) = Delimited::open(path, file)?;
            (names, Format::Delimited(delimited))
        };
        let table = Self {
            path,
            names,
            format,
        };
        for (index, name) in table.names.iter().enumerate() {
            let first = table.names.iter().position(|other| other == name);
            if let Some(first) = first.filter(|first| *first < index && !name.is_empty()) {
                return Err(table.refuse(format!(
                    "columns {} and {} are both called \"{name}\"; each needs a name of its own",
                    first + 1,
                    index + 1
                )));
            }
        }
        Ok(table)
    }

    /// The columns' names as they stand in the file.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    pub fn refuse(&self, reason: impl Into<String>) -> Error {
        Error::Column(reason.into()).in_file(self.path)
    }

    /// The index of a column, called as in the file or as in formulas.
    pub fn find(&self, name: &str) -> Result<usize> {
        let position = self.names.iter().position(|known| known == name);
        let by_word = || {
            let mut words = (0..self.names.len()).filter(|&i| word(&self.names[i], i) == name);
            words.next().filter(|_| words.next().is_none())
        };
        position.or_else(by_word).ok_or_else(|| {
            let known = self.names.join(", ");
            self.refuse(format!("has no column \"{name}\"; its columns are {known}"))
        })
    }

    /// Shows each row to `visit`, with the cells of these columns, and counts the rows.
    pub fn visit(
        self,
        columns: &[usize],
        mut visit: impl FnMut(&Row) -> Result<()>,
    ) -> Result<usize> {
        match self.format {
            Format::Delimited(delimited) => {
                delimited.visit(self.path, self.names.len(), columns, |number, record| {
                    visit(&Row {
                        number,
                        cells: Cells::Record(record),
                    })
                })
            }
            #[cfg(feature = "parquet")]
            Format::Parquet(parquet) => {
                parquet.visit(self.path, &self.names, columns, |first, batch| {
                    (0..batch.n_rows()).try_for_each(|row| {
                        visit(&Row {
                            number: first + row,
                            cells: Cells::Batch(batch, row),
                        })
                    })
                })
            }
        }
    }

    /// All rows of these columns as numbers, row after row.
    pub fn numbers(self, columns: &[usize]) -> Result<Vec<f64>> {
        let names: Vec<String> = columns.iter().map(|&c| self.names[c].clone()).collect();
        let path = self.path;
        let mut numbers = Vec::new();
        self.visit(columns, |row| {
            for (index, name) in names.iter().enumerate() {
                let number = row.cell(index).number().map_err(|found| {
                    let cell = Error::Cell {
                        row: row.number,
                        column: format!("column \"{name}\""),
                        message: format!("{found}; only finite numbers are allowed"),
                    };
                    cell.in_file(path)
                })?;
                numbers.push(number);
            }
            Ok(())
        })?;
        Ok(numbers)
    }
}
