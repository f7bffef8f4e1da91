//! The folder of one study, whose files stay complete whatever interrupts it.

use super::table::parquet_file;
use closedform::files::{Lock, write_atomically};
use closedform::{Error, Result};
use polars::prelude::*;
use std::fs;
use std::path::Path;

/// A folder that a study writes to. It is locked for others as long as this value lives.
pub(crate) struct Folder<'a> {
    path: &'a Path,
    /// The name of its files, and of the study in messages.
    name: &'static str,
    _lock: Lock,
}

impl<'a> Folder<'a> {
    /// Creates the folder if necessary, and removes half-written files that a kill has left there.
    ///
    /// # Errors
    /// If the folder is in use or can't be written to.
    pub fn open(path: &'a Path, name: &'static str) -> Result<Self> {
        fs::create_dir_all(path).map_err(|source| Error::file(path, source))?;
        let in_use = format!(
            "another {name} writes to this folder; wait for it or choose another folder (folder, --out)"
        );
        let _lock = Lock::of(&path.join(name), &in_use)?;
        Ok(Self { path, name, _lock })
    }

    /// Whether there are rows in a file to continue from. They are only used if `resume` is set.
    ///
    /// # Errors
    /// If there are rows but `resume` isn't set: they must not be overwritten by accident.
    pub fn has_rows(
        &self,
        path: &Path,
        resume: bool,
        n_rows: impl Fn() -> Result<usize>,
    ) -> Result<bool> {
        match (path.exists(), resume) {
            (false, _) => Ok(false),
            (true, true) => Ok(true),
            (true, false) => Err(Error::content(
                path,
                format!(
                    "there is a {} of {} runs; continue it (resume, --resume) or choose another \
                     folder (folder, --out)",
                    self.name,
                    n_rows()?
                ),
            )),
        }
    }

    /// Refuses rows that were made with other settings than those to come.
    pub fn check_made_by(&self, found: impl Iterator<Item = String>, wanted: &str) -> Result<()> {
        match found.into_iter().find(|found| found != wanted) {
            None => Ok(()),
            Some(found) => Err(Error::content(
                parquet_file(self.path, self.name),
                format!(
                    "holds runs with {found}, not {wanted}; choose another folder for these \
                     (folder, --out)"
                ),
            )),
        }
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        self.path
    }
}

/// Writes the rows as Parquet and as CSV. Each file is written completely or not at all.
pub(crate) fn write_frame(folder: &Path, name: &str, frame: PolarsResult<DataFrame>) -> Result<()> {
    let parquet = &parquet_file(folder, name);
    let csv = &folder.join(format!("{name}.csv"));
    let refuse = |path: &Path| {
        let path = path.to_path_buf();
        move |error: PolarsError| Error::content(path, format!("can't be written: {error}"))
    };
    let mut frame = frame.map_err(refuse(parquet))?;
    let mut bytes = Vec::new();
    let written = ParquetWriter::new(&mut bytes).finish(&mut frame);
    written.map_err(refuse(parquet))?;
    write_atomically(parquet, &bytes)?;
    bytes.clear();
    let written = CsvWriter::new(&mut bytes).finish(&mut frame);
    written.map_err(refuse(csv))?;
    write_atomically(csv, &bytes)
}
