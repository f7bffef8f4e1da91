//! Tables of numbers only.

use super::file::TableFile;
use crate::error::Result;
use std::path::Path;

pub(super) fn points_from_file(path: &Path, columns: &[String]) -> Result<Vec<f64>> {
    let file = TableFile::open(path)?;
    let columns = columns.iter().map(|name| file.find(name));
    let columns = columns.collect::<Result<Vec<_>>>()?;
    file.numbers(&columns)
}
