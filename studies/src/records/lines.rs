//! Rows as lines of JSON, for studies whose rows don't fit into a table.

use closedform::files::write_atomically;
use closedform::{Error, Result};
use serde::{Serialize, de::DeserializeOwned};
use std::path::{Path, PathBuf};

/// The file of a study's rows.
pub(crate) fn lines_file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.jsonl"))
}

/// Reads the rows of a file.
///
/// # Errors
/// A file that can't be read, or a line that is no row.
pub(crate) fn read_lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::file(path, source))?;
    let rows = text.lines().enumerate().map(|(index, line)| {
        serde_json::from_str(line)
            .map_err(|error| Error::content(path, format!("line {}: {error}", index + 1)))
    });
    rows.collect()
}

/// Writes all rows anew, so that the file is always whole.
///
/// # Errors
/// A file that can't be written.
pub(crate) fn write_lines(path: &Path, rows: &[impl Serialize]) -> Result<()> {
    let lines = rows.iter().map(|row| {
        let line = serde_json::to_string(row);
        line.map_err(|error| Error::content(path, error.to_string()))
    });
    let lines = lines.collect::<Result<Vec<String>>>()?;
    write_atomically(path, (lines.join("\n") + "\n").as_bytes())
}
