//! The rows of a shard: lines that are only added to, by one worker at a time.
//!
//! A network file system keeps few promises: locks may not hold, two machines that add to one file may
//! overwrite each other, and a worker that was thought dead may come back. So whoever takes over a shard
//! copies the whole rows to a new file, and renames it into the old one's place. That is atomic, in one
//! folder, on every file system. From then on the old worker writes to a file without a name, and ends
//! when it sees that. At worst, it has made a run that is made again.

use super::row::Row;
use closedform::{Error, Result};
use serde::de::DeserializeOwned;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The rows of a shard, open for more.
pub(super) struct ShardRows {
    path: PathBuf,
    file: File,
}

impl ShardRows {
    /// Takes over a shard with what it has. `owner` tells this worker from all others.
    ///
    /// # Errors
    /// A folder that can't be written to.
    pub fn take_over(path: &Path, owner: &str) -> Result<(Self, Vec<Row>)> {
        let text = whole_lines(path)?;
        let rows = parsed(&text).collect();
        let beside = path.with_extension(format!("{owner}.part"));
        let refuse = |source| Error::file(&beside, source);
        let created = OpenOptions::new()
            .create(true)
            .truncate(true)
            .write(true)
            .open(&beside);
        let mut file = created.map_err(refuse)?;
        file.write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(refuse)?;
        std::fs::rename(&beside, path).map_err(|source| Error::file(path, source))?;
        let path = path.to_path_buf();
        Ok((Self { path, file }, rows))
    }

    /// Adds a row: one line, in one write, on disk before this returns.
    ///
    /// # Errors
    /// A disk that is full, or a shard that another worker has taken over.
    pub fn add(&mut self, row: &Row) -> Result<()> {
        let refuse = |source| Error::file(&self.path, source);
        let line = serde_json::to_string(row)
            .map_err(|error| Error::content(&self.path, error.to_string()))?;
        let written = self
            .file
            .write(format!("{line}\n").as_bytes())
            .map_err(refuse)?;
        if written <= line.len() {
            let message = "the disk is full: half a row was written, which doesn't count";
            return Err(Error::content(&self.path, message));
        }
        self.file.sync_data().map_err(refuse)?;
        if !self.is_in_place() {
            let message = "another worker has taken over this shard";
            return Err(Error::content(&self.path, message));
        }
        Ok(())
    }

    /// Whether the open file is still the one with the name.
    #[cfg(unix)]
    fn is_in_place(&self) -> bool {
        use std::os::unix::fs::MetadataExt;
        let (open, named) = (self.file.metadata(), std::fs::metadata(&self.path));
        matches!((open, named), (Ok(open), Ok(named)) if open.ino() == named.ino())
    }

    #[cfg(not(unix))]
    fn is_in_place(&self) -> bool {
        self.path.exists()
    }
}

/// The text of a file up to its last whole line: a line without an end was torn, and doesn't count.
///
/// # Errors
/// A file that is there but can't be read.
pub(super) fn whole_lines(path: &Path) -> Result<String> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(String::new()),
        Err(source) => return Err(Error::file(path, source)),
    };
    let end = bytes
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |last| last + 1);
    Ok(String::from_utf8_lossy(&bytes[..end]).into_owned())
}

/// The rows of a text. What is no row doesn't count: its run is made again.
pub(super) fn parsed<T: DeserializeOwned>(text: &str) -> impl Iterator<Item = T> {
    text.lines()
        .filter_map(|line| serde_json::from_str(line).ok())
}
