//! The rows of a table's file, one after the other: it may be larger than memory.

mod cell;
mod delimited;
mod dialect;
#[cfg(feature = "parquet")]
mod frames;
mod framing;
mod json;
mod lines;
mod marks;
mod moment;
mod number;
mod sniff;
mod source;
mod survey;
mod units;
#[cfg(feature = "excel")]
mod workbook;

pub(crate) use cell::{Cell, Raw};
pub use dialect::{DialectOptions, Separator, Thousands};
pub use number::Mark;
pub(crate) use survey::{Conversion, Facts, MAX_LEVELS, Survey};
pub(crate) use units::unit_of_cell;

use super::names::word;
use crate::error::{Error, Result};
use delimited::{Delimited, Passed, Record};
use dialect::Header;
#[cfg(feature = "parquet")]
use frames::{Batch, Frames};
use framing::Framing;
use source::Source;
use std::path::Path;

/// A table on disk whose header was read.
pub(crate) struct TableFile<'a> {
    path: &'a Path,
    names: Vec<String>,
    options: DialectOptions,
    format: Format,
}

enum Format {
    Delimited(Delimited),
    #[cfg(feature = "parquet")]
    Frames(Frames),
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
    pub fn cell(&self, index: usize) -> Raw<'_> {
        match &self.cells {
            Cells::Record(record) => record.cell(index),
            #[cfg(feature = "parquet")]
            Cells::Batch(batch, row) => batch.cell(index, *row),
        }
    }
}

impl<'a> TableFile<'a> {
    /// Reads the header; `named` are the columns that are asked for, by which it is known.
    pub fn open(path: &'a Path, options: &DialectOptions, named: &[String]) -> Result<Self> {
        options.check()?;
        let source = Source::open(path, options.sheet.as_deref())?;
        let start = source.start(path)?;
        if start.is_empty() {
            return Err(Error::content(
                path,
                "is empty; a header line and rows are needed",
            ));
        }
        let (names, format) = match Framing::of(&start) {
            Some(framing) => framed(path, &source, framing)?,
            None => {
                let (names, delimited) = Delimited::open(path, source, options, named)?;
                (names, Format::Delimited(delimited))
            }
        };
        let table = Self {
            path,
            names,
            options: options.clone(),
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

    pub fn path(&self) -> &Path {
        self.path
    }

    /// Whether the names are the file's own.
    pub fn has_names(&self) -> bool {
        match &self.format {
            Format::Delimited(delimited) => delimited.dialect.header != Header::None,
            #[cfg(feature = "parquet")]
            Format::Frames(_) => true,
        }
    }

    /// The row of units below the header.
    pub fn units(&self) -> Option<&[String]> {
        match &self.format {
            Format::Delimited(delimited) => delimited.dialect.units.as_deref(),
            #[cfg(feature = "parquet")]
            Format::Frames(_) => None,
        }
    }

    /// What a column holds that can't be read.
    pub fn unread_kind(&self, column: usize) -> Option<&'static str> {
        match &self.format {
            Format::Delimited(_) => {
                let _ = column;
                None
            }
            #[cfg(feature = "parquet")]
            Format::Frames(frames) => frames.unread_kind(column),
        }
    }

    /// What was concluded about the file's writing, a part for each thing out of the ordinary.
    pub fn parts(&self) -> Vec<String> {
        match &self.format {
            Format::Delimited(delimited) => delimited.parts(),
            #[cfg(feature = "parquet")]
            Format::Frames(_) => Vec::new(),
        }
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
            let parts = self.parts();
            let read = match parts.as_slice() {
                [] => String::new(),
                parts => format!(" (read as: {})", parts.join(", ")),
            };
            self.refuse(format!(
                "has no column \"{name}\"; its columns are {known}{read}"
            ))
        })
    }

    /// Shows each row to `visit`, with the cells of these columns.
    pub fn visit(
        &self,
        columns: &[usize],
        mut visit: impl FnMut(&Row) -> Result<()>,
    ) -> Result<Passed> {
        match &self.format {
            Format::Delimited(delimited) => {
                delimited.visit(self.path, self.names.len(), columns, |number, record| {
                    visit(&Row {
                        number,
                        cells: Cells::Record(record),
                    })
                })
            }
            #[cfg(feature = "parquet")]
            Format::Frames(frames) => {
                frames.visit(self.path, &self.names, columns, |first, batch| {
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
        let survey = self.survey(columns)?;
        let conversions = (0..columns.len()).map(|index| survey.conversion(index));
        let conversions: Vec<Conversion> = conversions.collect();
        let mut numbers = Vec::with_capacity(survey.passed.n_rows * columns.len());
        self.visit(columns, |row| {
            for (index, conversion) in conversions.iter().enumerate() {
                let number = conversion.cell(row.cell(index)).number().map_err(|found| {
                    let cell = Error::Cell {
                        row: row.number,
                        column: format!("column \"{}\"", self.names[columns[index]]),
                        message: format!("{found}; only finite numbers are allowed"),
                    };
                    cell.in_file(self.path)
                })?;
                numbers.push(number);
            }
            Ok(())
        })?;
        Ok(numbers)
    }
}

#[cfg(feature = "parquet")]
fn framed(path: &Path, source: &Source, framing: Framing) -> Result<(Vec<String>, Format)> {
    if !matches!(source, Source::File) {
        let reason = format!("is {framing}, which is read from a file only, not packed");
        return Err(Error::content(path, reason));
    }
    let (names, frames) = Frames::open(path, framing)?;
    Ok((names, Format::Frames(frames)))
}

#[cfg(not(feature = "parquet"))]
fn framed(path: &Path, _: &Source, framing: Framing) -> Result<(Vec<String>, Format)> {
    let reason =
        format!("is {framing}, which only builds with the feature parquet read; save it as CSV");
    Err(Error::content(path, reason))
}
