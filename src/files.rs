//! Files that are written as a whole or not at all.

use crate::error::{Error, Result};
use std::{io::Write, path::Path};

/// Writes to a temporary file and renames it, so that a reader never sees half a file.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    let refuse = |source| Error::file(path, source);
    let name = path
        .file_name()
        .ok_or_else(|| Error::content(path, "isn't a file name; give the file to write"))?;
    let mut beside = name.to_os_string();
    beside.push(format!(".{}.part", std::process::id()));
    let beside = path.with_file_name(beside);
    let written = std::fs::File::create(&beside)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&beside, path));
    written.map_err(|source| {
        // Only the first error is reported; a temporary file that can't be removed does no harm.
        let _ = std::fs::remove_file(&beside);
        refuse(source)
    })
}
