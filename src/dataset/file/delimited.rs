//! Text files with separated cells, row after row.

use super::Raw;
use super::dialect::{Dialect, DialectOptions, Header, Separator};
use super::lines::{FOR_BLANKS, Lines};
use super::sniff::sniff;
use super::source::{BUFFER_SIZE, Source};
use crate::error::{Error, Result};
use csv::{ByteRecord, Reader, ReaderBuilder};
use std::path::Path;

/// A text file of which the dialect is known.
pub(super) struct Delimited {
    source: Source,
    pub dialect: Dialect,
}

/// One row of it, of which some columns are asked for.
pub(super) struct Record<'a> {
    cells: &'a ByteRecord,
    columns: &'a [usize],
}

impl Record<'_> {
    pub fn cell(&self, index: usize) -> Raw<'_> {
        let cell = self.cells.get(self.columns[index]).unwrap_or_default();
        // Lines are UTF-8 when they come here.
        Raw::Text(std::str::from_utf8(cell).unwrap_or_default())
    }
}

/// What was passed on the way through a file.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Passed {
    pub n_rows: usize,
    pub n_comments: usize,
    /// Whether lines were no UTF-8, and were taken for Windows-1252.
    pub is_windows: bool,
}

impl Delimited {
    /// Concludes the dialect, and reads the columns' names.
    pub fn open(
        path: &Path,
        source: Source,
        options: &DialectOptions,
        named: &[String],
    ) -> Result<(Vec<String>, Self)> {
        let ending = path.extension();
        let is_tsv = ending.is_some_and(|ending| ending.eq_ignore_ascii_case("tsv"));
        let (dialect, names) = sniff(&source.start(path)?, is_tsv, options, named);
        let delimited = Self { source, dialect };
        let names = match names {
            Some(names) => names,
            None => delimited.header(path)?,
        };
        if names.iter().all(String::is_empty) {
            return Err(Error::content(
                path,
                "is empty; a header line and rows are needed",
            ));
        }
        let mut reader = delimited.rows(path)?;
        if !read(path, &mut reader, &mut ByteRecord::new())? {
            return Err(Error::content(path, "has a header, but no rows"));
        }
        Ok((names, delimited))
    }

    /// What was concluded about the file's writing.
    pub fn parts(&self) -> Vec<String> {
        let said = self.source.said().map(str::to_string);
        said.into_iter().chain(self.dialect.parts()).collect()
    }

    fn header(&self, path: &Path) -> Result<Vec<String>> {
        let mut header = ByteRecord::new();
        read(path, &mut self.reader(path)?, &mut header)?;
        let names = header.iter().map(|name| String::from_utf8_lossy(name));
        let names = names.map(|name| name.trim().to_string());
        let row_names = self.dialect.has_row_names.then(String::new);
        Ok(row_names.into_iter().chain(names).collect())
    }

    /// Reads from the first line that is no comment.
    fn reader(&self, path: &Path) -> Result<Reader<Lines>> {
        let lines = Lines::new(self.source.reader(path)?, &self.dialect);
        let separator = match self.dialect.separator {
            Separator::Char(c) => c as u8,
            Separator::Blanks => FOR_BLANKS,
        };
        Ok(ReaderBuilder::new()
            .has_headers(false)
            .delimiter(separator)
            .flexible(true)
            .buffer_capacity(BUFFER_SIZE)
            .from_reader(lines))
    }

    /// Reads from the first row below header and units.
    fn rows(&self, path: &Path) -> Result<Reader<Lines>> {
        let mut reader = self.reader(path)?;
        let has_header = self.dialect.header == Header::Row;
        let n_above = usize::from(has_header) + self.dialect.units.iter().len();
        for _ in 0..n_above {
            read(path, &mut reader, &mut ByteRecord::new())?;
        }
        Ok(reader)
    }

    /// Shows each row, with its number from 1 on.
    pub fn visit(
        &self,
        path: &Path,
        n_names: usize,
        columns: &[usize],
        mut visit: impl FnMut(usize, Record) -> Result<()>,
    ) -> Result<Passed> {
        let mut reader = self.rows(path)?;
        let mut cells = ByteRecord::new();
        let mut number = 0;
        while read(path, &mut reader, &mut cells)? {
            number += 1;
            let n_cells = cells.len();
            let is_rest_empty = cells
                .iter()
                .skip(n_names)
                .all(|cell| cell.trim_ascii().is_empty());
            if n_cells < n_names || !is_rest_empty {
                return Err(self.other_length(path, number, n_cells, n_names));
            }
            let record = Record {
                cells: &cells,
                columns,
            };
            visit(number, record)?;
        }
        let lines = reader.get_ref();
        Ok(Passed {
            n_rows: number,
            n_comments: lines.n_comments,
            is_windows: lines.is_windows,
        })
    }

    fn other_length(&self, path: &Path, row: usize, n_cells: usize, n_names: usize) -> Error {
        let separator = self.dialect.separator;
        let is = match (n_cells > n_names, separator) {
            (true, Separator::Char(',')) => {
                "more cells than the header has columns; a comma inside of a cell, also a decimal \
                 one, needs quotes, and --separator sets what separates cells"
            }
            (true, _) => {
                "more cells than the header has columns; --separator sets what separates cells"
            }
            (false, Separator::Blanks) => {
                "fewer than the header has columns; blanks separate cells, so a missing one needs a \
                 word such as NA"
            }
            (false, _) => "fewer than the header has columns; missing cells are empty ones",
        };
        Error::content(
            path,
            format!("row {row} has {n_cells} cells for {n_names} columns, {is}"),
        )
    }
}

fn read(path: &Path, reader: &mut Reader<Lines>, into: &mut ByteRecord) -> Result<bool> {
    let has_row = reader.read_byte_record(into);
    has_row.map_err(|error| Error::content(path, format!("can't be read: {error}")))
}
