//! Makes the runs of a study whose rows are lines of JSON, several at once.

use super::{Folder, Stop, lines_file, read_lines, work_through, write_lines};
use closedform::{Error, Result};
use serde::{Serialize, de::DeserializeOwned};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Where the rows are kept, and how the runs are made.
pub(crate) struct Series<'a> {
    /// The folder that the rows are kept in.
    pub folder: &'a Path,
    /// The name of the study and of its file.
    pub name: &'static str,
    /// Whether the runs that are in the folder are kept, and the others made.
    pub resume: bool,
    /// How many runs are made at once.
    pub n_jobs: usize,
}

impl Series<'_> {
    /// Makes the runs that aren't in the folder yet, and returns all rows there.
    ///
    /// The file is written anew after every run, so an interruption at any moment loses at most the
    /// runs in progress. `listener` is called after every run with its row, how many of the runs are
    /// on disk, and how many there are. After a `Break`, the runs in progress are given up.
    ///
    /// # Errors
    /// If the folder has rows and `resume` isn't set, if it is in use or can't be written to, if there
    /// are no jobs, or if a run fails.
    pub fn run<C: PartialEq + Sync, R: Clone + Send + Serialize + DeserializeOwned>(
        &self,
        cases: &[C],
        case_of: impl Fn(&R) -> &C + Sync,
        make: impl Fn(&C, &Stop) -> Result<R> + Sync,
        listener: impl Fn(R, usize, usize) -> ControlFlow<()> + Sync,
    ) -> Result<Vec<R>> {
        if self.n_jobs == 0 {
            let n_jobs = self.n_jobs;
            return Err(Error::parameter("the number of jobs", n_jobs, "at least 1"));
        }
        let folder = Folder::open(self.folder, self.name)?;
        let path = lines_file(folder.path(), self.name);
        let read = || read_lines::<R>(&path);
        let rows = if folder.has_rows(&path, self.resume, || Ok(read()?.len()))? {
            read()?
        } else {
            Vec::new()
        };
        let is_left = |case: &&C| !rows.iter().any(|row| case_of(row) == *case);
        let left: Vec<&C> = cases.iter().filter(is_left).collect();
        let rows = Mutex::new(rows);
        let stop = Stop::new();
        work_through(&left, self.n_jobs, &stop, |case| {
            let row = make(case, &stop)?;
            if stop.is_set() {
                return Ok(());
            }
            let mut rows = rows.lock().unwrap_or_else(PoisonError::into_inner);
            rows.push(row.clone());
            write_lines(&path, &rows)?;
            let is_planned = |row: &&R| cases.contains(case_of(row));
            let n_done = rows.iter().filter(is_planned).count();
            if listener(row, n_done, cases.len()).is_break() {
                stop.set();
            }
            Ok(())
        })?;
        Ok(rows.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}
