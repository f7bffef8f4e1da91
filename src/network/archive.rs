//! Archives as PyTorch and Keras write them, read within a limit.

use crate::error::{Error, Result};
use crate::foreign::guarded;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// What may be unpacked in any case, in bytes. Half of it would still hold networks of ten million
/// weights; with twice as much, a broken file could take all memory of a small machine.
const MAX_UNPACKED: usize = 1 << 28;
/// What may be unpacked of a larger file, relative to its size. Weights hardly shrink when they are
/// packed: more than this is an archive that is made to fill the memory.
const MAX_RATIO: usize = 20;

/// How many bytes a file of so many may turn into.
pub(super) fn max_unpacked(n_bytes: usize) -> usize {
    n_bytes.saturating_mul(MAX_RATIO).max(MAX_UNPACKED)
}

/// An archive, with what may still be unpacked of it.
pub(super) struct Archive<'a> {
    files: ZipArchive<Cursor<&'a [u8]>>,
    left: usize,
}

impl<'a> Archive<'a> {
    /// Reads the names of its files.
    ///
    /// # Errors
    /// Bytes that are no archive.
    pub fn open(bytes: &'a [u8]) -> Result<Self> {
        let refused = |error: zip::result::ZipError| Error::Format(error.to_string());
        let files = guarded("archive", || {
            ZipArchive::new(Cursor::new(bytes)).map_err(refused)
        })?;
        Ok(Self {
            files,
            left: max_unpacked(bytes.len()),
        })
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.file_names()
    }

    /// Unpacks a file.
    ///
    /// # Errors
    /// A file that isn't there or is broken, and one that is too large, all unpacked ones together.
    pub fn read(&mut self, name: &str) -> Result<Vec<u8>> {
        let refused = |reason: &dyn std::fmt::Display| {
            Error::Format(format!("\"{name}\" in the archive: {reason}"))
        };
        let left = self.left;
        let content = guarded("archive", || {
            let file = self.files.by_name(name).map_err(|error| refused(&error))?;
            let mut content = Vec::new();
            let read = file.take(left as u64 + 1).read_to_end(&mut content);
            read.map_err(|error| refused(&error))?;
            Ok(content)
        })?;
        match left.checked_sub(content.len()) {
            Some(rest) => self.left = rest,
            None => {
                let limit = MAX_UNPACKED >> 20;
                return Err(refused(&format_args!(
                    "unpacked, the archive's files are larger than {limit} MiB and than {MAX_RATIO} \
                     times the archive"
                )));
            }
        }
        Ok(content)
    }
}
