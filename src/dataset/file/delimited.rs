//! CSV and TSV files, row after row.

use super::Cell;
use crate::error::{Error, Result};
use csv::{ByteRecord, Reader, ReaderBuilder};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

const BUFFER_SIZE: usize = 1 << 20;

/// What other files that are taken for tables begin with.
const OTHERS: [(&[u8], &str); 5] = [
    (b"PAR1", "holds Parquet; its name must end in .parquet"),
    (
        b"PK\x03\x04",
        "is a spreadsheet or an archive; export it as CSV",
    ),
    (b"\x1f\x8b", "is compressed; unpack it first"),
    (b"\xff\xfe", "is UTF-16 text; save it as UTF-8"),
    (b"\xfe\xff", "is UTF-16 text; save it as UTF-8"),
];

/// A file of cells between separators.
pub(super) struct Delimited {
    reader: Reader<BufReader<File>>,
    /// The row that was read last: the first, to begin with.
    cells: ByteRecord,
    has_decimal_commas: bool,
}

/// One row of it, of which some columns are asked for.
pub(super) struct Record<'a> {
    cells: &'a ByteRecord,
    columns: &'a [usize],
    has_decimal_commas: bool,
}

impl Record<'_> {
    pub fn cell(&self, index: usize) -> Cell<'_> {
        match std::str::from_utf8(&self.cells[self.columns[index]]) {
            Ok(text) => Cell::from_text(text, self.has_decimal_commas),
            Err(_) => Cell::Unreadable,
        }
    }
}

impl Delimited {
    /// Reads the header. A `.tsv` file has tabs between its cells, any other what stands in its
    /// header most often: comma, semicolon or tab.
    pub fn open(path: &Path, file: File) -> Result<(Vec<String>, Self)> {
        let mut file = BufReader::with_capacity(BUFFER_SIZE, file);
        let start = file
            .fill_buf()
            .map_err(|source| Error::file(path, source))?;
        let other = OTHERS.iter().find(|(magic, _)| start.starts_with(magic));
        if let Some((_, reason)) = other {
            return Err(Error::content(path, *reason));
        }
        let is_tsv = path
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("tsv"));
        let separator = if is_tsv { b'\t' } else { separator(start) };
        let mut reader = ReaderBuilder::new()
            .delimiter(separator)
            .flexible(true)
            .buffer_capacity(BUFFER_SIZE)
            .from_reader(file);
        let header = reader.byte_headers().map_err(|error| refuse(path, error))?;
        let names = header.iter().map(|name| {
            let name = std::str::from_utf8(name).map_err(|_| {
                Error::content(path, "the header is no UTF-8 text; save the file as UTF-8")
            });
            name.map(|name| name.trim().to_string())
        });
        let names = names.collect::<Result<Vec<_>>>()?;
        if names.iter().all(String::is_empty) {
            return Err(Error::content(
                path,
                "is empty; a header line and rows are needed",
            ));
        }
        let mut cells = ByteRecord::new();
        let has_row = reader.read_byte_record(&mut cells);
        if !has_row.map_err(|error| refuse(path, error))? {
            return Err(Error::content(path, "has a header, but no rows"));
        }
        let delimited = Self {
            reader,
            cells,
            has_decimal_commas: separator == b';',
        };
        Ok((names, delimited))
    }

    /// Shows each row, with its number from 1 on, and counts them.
    pub fn visit(
        mut self,
        path: &Path,
        n_names: usize,
        columns: &[usize],
        mut visit: impl FnMut(usize, Record) -> Result<()>,
    ) -> Result<usize> {
        let mut number = 0;
        loop {
            number += 1;
            let n_cells = self.cells.len();
            if n_cells != n_names {
                let is = if n_cells > n_names {
                    "more cells than the header has columns"
                } else {
                    "fewer than the header has columns; missing cells are empty ones"
                };
                return Err(Error::content(
                    path,
                    format!("row {number} has {n_cells} cells for {n_names} columns, {is}"),
                ));
            }
            let record = Record {
                cells: &self.cells,
                columns,
                has_decimal_commas: self.has_decimal_commas,
            };
            visit(number, record)?;
            let has_more = self.reader.read_byte_record(&mut self.cells);
            if !has_more.map_err(|error| refuse(path, error))? {
                return Ok(number);
            }
        }
    }
}

fn refuse(path: &Path, error: csv::Error) -> Error {
    Error::content(path, format!("can't be read: {error}"))
}

/// What separates the cells of the header, which the file starts with.
fn separator(start: &[u8]) -> u8 {
    let mut is_quoted = false;
    let header = start.iter().take_while(|&&byte| {
        is_quoted ^= byte == b'"';
        is_quoted || byte != b'\n'
    });
    let mut is_quoted = false;
    let outside: Vec<u8> = header
        .copied()
        .filter(|&byte| {
            is_quoted ^= byte == b'"';
            !is_quoted
        })
        .collect();
    let count = |separator: u8| outside.iter().filter(|&&byte| byte == separator).count();
    // Of several, the last that is the most frequent is taken: the comma.
    let candidates = [b'\t', b';', b','].into_iter();
    candidates.max_by_key(|&byte| count(byte)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::separator;

    #[test]
    fn the_header_tells_the_separator() {
        for (start, expected) in [
            ("a,b,c\n1;2;3;4;5\n", b','),
            ("a;b;\"c,d,e\"\r\n1,5;2;3\n", b';'),
            ("a\tb\n", b'\t'),
            ("\"x\ny;z\";b;c", b';'),
            ("alone\n1;2", b','),
        ] {
            assert_eq!(separator(start.as_bytes()), expected, "{start:?}");
        }
    }
}
