//! A sheet of a workbook (Excel, OpenDocument), as CSV.

use crate::error::{Error, Result};
use crate::foreign::guarded;
use calamine::{Data, Range, Reader, Sheets, open_workbook_auto_from_rs};
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

/// The most cells of a sheet, with the empty ones between others: all are in memory, at 32 bytes. A cell
/// far from the table, which happens, makes them many. Half of it would refuse full sheets of 16 columns;
/// twice as much would take 2 GiB.
const MAX_CELLS: usize = 1 << 25;

/// The rows of a sheet, the first if none is named, and what is to be said of it.
pub(super) fn to_csv(
    path: &Path,
    bytes: Arc<[u8]>,
    named: Option<&str>,
) -> Result<(Vec<u8>, Option<String>)> {
    let read = guarded("workbook", || rows(path, bytes, named));
    read.map_err(|error| error.in_file(path))
}

fn rows(path: &Path, bytes: Arc<[u8]>, named: Option<&str>) -> Result<(Vec<u8>, Option<String>)> {
    let failed = |error: calamine::Error| {
        let reason =
            format!("is a workbook or an archive that can't be read, export it as CSV: {error}");
        Error::content(path, reason)
    };
    let mut workbook = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(failed)?;
    let names = workbook.sheet_names();
    let (sheet, range) = match named {
        Some(name) => {
            let sheet = names.iter().find(|known| *known == name).ok_or_else(|| {
                let known = names.join(", ");
                Error::content(
                    path,
                    format!("has no sheet \"{name}\"; its sheets are {known}"),
                )
            })?;
            (sheet, range(&mut workbook, sheet))
        }
        None => first_with_rows(&mut workbook, &names)
            .ok_or_else(|| Error::content(path, "has no sheet with rows"))?,
    };
    let said = (names.len() > 1).then(|| format!("sheet \"{sheet}\" of {}", names.join(", ")));
    let range = range.map_err(failed)?;
    let failed = |error: csv::Error| Error::content(path, format!("can't be read: {error}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in range
        .rows()
        .filter(|row| row.iter().any(|cell| *cell != Data::Empty))
    {
        writer.write_record(row.iter().map(text)).map_err(failed)?;
    }
    let written = writer.into_inner();
    Ok((
        written.map_err(|error| failed(error.into_error().into()))?,
        said,
    ))
}

/// The first sheet with rows, or that can't be read, with its cells or what is wrong with it.
fn first_with_rows<'a>(
    workbook: &mut Sheets<Cursor<Arc<[u8]>>>,
    names: &'a [String],
) -> Option<(&'a String, Cells)> {
    let mut sheets = names.iter().map(|name| (name, range(workbook, name)));
    sheets.find(|(_, cells)| cells.as_ref().map_or(true, |range| range.height() > 1))
}

type Cells = std::result::Result<Range<Data>, calamine::Error>;

/// The cells of a sheet between its first and last row and column.
fn range(workbook: &mut Sheets<Cursor<Arc<[u8]>>>, name: &str) -> Cells {
    let positions: Vec<(u32, u32)> = match workbook {
        Sheets::Xlsx(workbook) => {
            let mut cells = workbook.worksheet_cells_reader(name)?;
            let positions = std::iter::from_fn(|| cells.next_cell().transpose());
            let positions = positions.map(|cell| cell.map(|cell| cell.get_position()));
            positions.collect::<std::result::Result<_, _>>()?
        }
        Sheets::Xlsb(workbook) => {
            let mut cells = workbook.worksheet_cells_reader(name)?;
            let positions = std::iter::from_fn(|| cells.next_cell().transpose());
            let positions = positions.map(|cell| cell.map(|cell| cell.get_position()));
            positions.collect::<std::result::Result<_, _>>()?
        }
        // Their sheets are small, or are written out cell by cell.
        Sheets::Xls(_) | Sheets::Ods(_) => Vec::new(),
    };
    let span = |of: fn(&(u32, u32)) -> u32| {
        let (first, last) = (
            positions.iter().map(of).min(),
            positions.iter().map(of).max(),
        );
        first
            .zip(last)
            .map_or(0, |(first, last)| (last - first) as usize + 1)
    };
    let (n_rows, n_columns) = (span(|position| position.0), span(|position| position.1));
    if n_rows.saturating_mul(n_columns) > MAX_CELLS {
        let reason = format!(
            "its cells are spread over {n_rows} rows and {n_columns} columns, more than {MAX_CELLS} \
             cells; delete what stands far from the table"
        );
        return Err(calamine::Error::Io(std::io::Error::other(reason)));
    }
    workbook.worksheet_range(name)
}

fn text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            match (hour, minute, second, milli) {
                (0, 0, 0, 0) => date,
                _ => format!("{date}T{hour:02}:{minute:02}:{second:02}.{milli:03}"),
            }
        }
        // A length of time is a number of days.
        Data::DateTime(moment) => moment.as_f64().to_string(),
        other => other.to_string(),
    }
}
