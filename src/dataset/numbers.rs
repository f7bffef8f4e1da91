//! Tables of numbers only.

use super::file::{DialectOptions, TableFile};
use crate::error::Result;
use crate::points::Points;
use std::path::Path;

impl Points {
    /// Reads the named columns of a text or Parquet file, whatever other columns there are.
    ///
    /// # Errors
    /// A file that is missing, empty or of another kind, an unknown column, no column, or a cell
    /// that isn't a finite number.
    pub fn from_file(path: impl AsRef<Path>, columns: &[String]) -> Result<Self> {
        let file = TableFile::open(path.as_ref(), &DialectOptions::default(), columns)?;
        let places = columns.iter().map(|name| file.find(name));
        let places = places.collect::<Result<Vec<_>>>()?;
        Self::new(columns, file.numbers(&places)?)
    }
}
