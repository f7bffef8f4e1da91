//! Files that are written as a whole or not at all, and by one process at a time.

use crate::error::{Error, Result};
use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Writes to a temporary file and renames it, so that a reader never sees half a file.
///
/// # Errors
/// A path without a file name, or one that can't be written to: the old file is then as it was.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    let refuse = |source| Error::file(path, source);
    let beside = beside(path, &format!(".{}.part", std::process::id()))?;
    let written = File::create(&beside)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&beside, path));
    written.map_err(|source| {
        // Only the first error is reported; a temporary file that can't be removed does no harm.
        let _ = fs::remove_file(&beside);
        refuse(source)
    })
}

/// A file that one process at a time may write: it is locked for others as long as this value lives.
/// The lock is on an empty file beside it, `NAME.lock`, which stays.
#[derive(Debug)]
pub struct Lock {
    _held: File,
}

impl Lock {
    /// Locks a file, and removes what a kill left half written of it. `in_use` is what is said if
    /// somebody else has locked it.
    ///
    /// # Errors
    /// A file that is in use, or a folder that can't be written to.
    pub fn of(path: &Path, in_use: &str) -> Result<Self> {
        let lock = beside(path, ".lock")?;
        let held = File::create(&lock).map_err(|source| Error::file(&lock, source))?;
        match held.try_lock() {
            Ok(()) => {
                remove_parts(path);
                Ok(Self { _held: held })
            }
            Err(TryLockError::WouldBlock) => Err(Error::content(lock, in_use)),
            Err(TryLockError::Error(source)) => Err(Error::file(lock, source)),
        }
    }
}

/// The path of a file beside this one, whose name goes on with `ending`.
fn beside(path: &Path, ending: &str) -> Result<PathBuf> {
    let name = path
        .file_name()
        .ok_or_else(|| Error::content(path, "isn't a file name; give the file to write"))?;
    let mut name: OsString = name.to_os_string();
    name.push(ending);
    Ok(path.with_file_name(name))
}

/// Removes the temporary files of this one. While it is locked, nobody else writes them.
fn remove_parts(path: &Path) {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let files = fs::read_dir(folder.unwrap_or(Path::new("."))).into_iter();
    let start = format!("{}.", path.file_name().unwrap_or_default().display());
    let is_part = |file: &str| file.starts_with(&start) && file.ends_with(".part");
    for file in files.flatten().flatten() {
        if file.file_name().to_str().is_some_and(is_part) {
            // A file that can't be removed takes space, but does no harm.
            let _ = fs::remove_file(file.path());
        }
    }
}
