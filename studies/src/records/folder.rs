//! The folder of one study, whose files stay complete whatever interrupts it.

use super::table::parquet_file;
use closedform::files::write_atomically;
use closedform::{Error, Result};
use polars::prelude::*;
use std::fs::{self, File, TryLockError};
use std::path::Path;

/// A folder that a study writes to. It is locked for others as long as this value lives.
pub(crate) struct Folder<'a> {
    path: &'a Path,
    /// The name of its files, and of the study in messages.
    name: &'static str,
    _lock: File,
}

impl<'a> Folder<'a> {
    /// Creates the folder if necessary, and removes half-written files that a kill has left there.
    ///
    /// # Errors
    /// If the folder is in use or can't be written to.
    pub fn open(path: &'a Path, name: &'static str) -> Result<Self> {
        fs::create_dir_all(path).map_err(|source| Error::file(path, source))?;
        let _lock = lock(path, name)?;
        remove_leftovers(path, name);
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

fn lock(folder: &Path, name: &str) -> Result<File> {
    let path = &folder.join(format!("{name}.lock"));
    let file = File::create(path).map_err(|source| Error::file(path, source))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::content(
            path,
            format!(
                "another {name} writes to this folder; wait for it or choose another folder \
                 (folder, --out)"
            ),
        )),
        Err(TryLockError::Error(source)) => Err(Error::file(path, source)),
    }
}

/// Removes half-written files that a kill left behind. While the folder is locked, nobody else
/// writes them.
fn remove_leftovers(folder: &Path, name: &str) {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let prefix = format!("{name}.");
    let is_ours = |name: &str| name.starts_with(&prefix) && name.ends_with(".part");
    for file in files.filter(|file| file.file_name().to_str().is_some_and(is_ours)) {
        // A file that can't be removed takes space, but does no harm.
        let _ = fs::remove_file(file.path());
    }
}
