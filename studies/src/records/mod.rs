//! What studies of many runs share: a folder, a table in it, and jobs side by side.
//!
//! | file | what it holds |
//! |---|---|
//! | `folder` | one study to a folder, whose files are whole whatever interrupts it |
//! | `table` | rows read back, with the place of what can't be read |
//! | `jobs` | work done in order, some at once |

mod folder;
mod jobs;
mod table;

pub(crate) use folder::{Folder, write_frame};
pub(crate) use jobs::{Stop, work_through};
pub(crate) use table::Table;
