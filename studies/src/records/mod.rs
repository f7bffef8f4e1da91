//! What studies of many runs share: a folder, a table in it, and parallel jobs.
//!
//! | file | what it holds |
//! |---|---|
//! | `folder` | the folder of one study, whose files stay complete whatever interrupts it |
//! | `table` | rows that are read back, with the place of an error |
//! | `lines` | rows as lines of JSON |
//! | `series` | the runs of a study with such rows, made several at once |
//! | `jobs` | works through items in order, several at once |

mod folder;
mod jobs;
mod lines;
mod series;
mod table;

pub(crate) use folder::{Folder, write_frame};
pub(crate) use jobs::{Stop, work_through};
pub(crate) use lines::{lines_file, read_lines, write_lines};
pub(crate) use series::Series;
pub(crate) use table::{Table, parquet_file};
