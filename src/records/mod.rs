//! What studies of many runs share: a folder, a table in it, and jobs side by side.
//!
//! | file | what it holds |
//! |---|---|
//! | `folder` | one study to a folder, whose files are whole whatever interrupts it |
//! | `table` | rows read back, with the place of what can't be read |
//! | `jobs` | work done in order, some at once |

#[cfg(feature = "network")]
mod folder;
#[cfg(feature = "network")]
mod jobs;
mod table;

#[cfg(feature = "network")]
pub(crate) use folder::{Folder, write_frame};
#[cfg(feature = "network")]
pub(crate) use jobs::{Stop, work_through};
pub(crate) use table::Table;
