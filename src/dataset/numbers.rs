//! Tables of numbers only.

use super::file::{DialectOptions, TableFile};
use super::numbered_names;
use crate::error::Result;
use crate::points::Points;
use std::path::Path;

impl Points {
    /// Reads the named columns of a table's file, whatever other columns there are.
    ///
    /// # Errors
    /// A file that is missing, empty or of another kind, an unknown column, no column, or a cell
    /// that isn't a finite number.
    pub fn from_file(path: impl AsRef<Path>, columns: &[String]) -> Result<Self> {
        Self::from_file_as(path, columns, &DialectOptions::default())
    }

    /// The same with what is known of how a text file writes its table.
    ///
    /// # Errors
    /// Those of [`from_file`](Self::from_file), and options that contradict each other.
    pub fn from_file_as(
        path: impl AsRef<Path>,
        columns: &[String],
        dialect: &DialectOptions,
    ) -> Result<Self> {
        let file = TableFile::open(path.as_ref(), dialect, columns)?;
        let places = columns.iter().map(|name| file.find(name));
        let places = places.collect::<Result<Vec<_>>>()?;
        Self::new(columns, file.numbers(&places)?)
    }

    /// Reads the inputs of a network that has no names for them: the columns `x1`, `x2` and so on,
    /// or, in a table of `n_inputs` columns, all of them in their order and under their own names.
    ///
    /// # Errors
    /// Those of [`from_file`](Self::from_file), and a table with other columns.
    pub fn of_inputs(
        path: impl AsRef<Path>,
        n_inputs: usize,
        dialect: &DialectOptions,
    ) -> Result<Self> {
        let path = path.as_ref();
        let numbered = numbered_names(n_inputs);
        let file = TableFile::open(path, dialect, &[])?;
        let names = file.names();
        if numbered.iter().all(|name| names.contains(name)) {
            Self::from_file_as(path, &numbered, dialect)
        } else if names.len() == n_inputs {
            Self::from_file_as(path, names, dialect)
        } else {
            Err(file.refuse(format!(
                "has the columns {}; the network has {n_inputs} inputs without names, so the table \
                 must have the columns {}, or {n_inputs} columns in the network's order",
                names.join(", "),
                numbered.join(", ")
            )))
        }
    }
}
