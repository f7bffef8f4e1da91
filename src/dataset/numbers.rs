//! Tables of numbers only: points, and directions.

use super::file::TableFile;
use super::names::{check_distinct, word};
use crate::error::{Error, Result};
use crate::gradients::Directions;
use std::path::Path;

pub(super) fn points_from_file(path: &Path, columns: &[String]) -> Result<Vec<f64>> {
    let file = TableFile::open(path)?;
    let columns = columns.iter().map(|name| file.find(name));
    let columns = columns.collect::<Result<Vec<_>>>()?;
    file.numbers(&columns)
}

pub(crate) fn directions_from_file(path: &Path) -> Result<Directions> {
    let file = TableFile::open(path)?;
    let is_known = |name: &str| file.names().iter().any(|known| known == name);
    // A column may hold the gradient component of another one.
    let is_component = |name: &str| name.strip_prefix("d_").is_some_and(is_known);
    let features: Vec<usize> = (0..file.names().len())
        .filter(|&column| !is_component(&file.names()[column]))
        .collect();
    let names: Vec<String> = features.iter().map(|&c| file.names()[c].clone()).collect();
    let words: Vec<String> = features
        .iter()
        .map(|&c| word(&file.names()[c], c))
        .collect();
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    check_distinct(&words, &quoted).map_err(|reason| file.refuse(reason))?;
    let components = names.iter().map(|name| file.find(&format!("d_{name}")));
    let components = components.collect::<Result<Vec<_>>>()?;
    let columns = [features, components].concat();
    let n_features = names.len();
    let numbers = file.numbers(&columns)?;
    let part = |skipped: usize| {
        let rows = numbers.chunks_exact(2 * n_features);
        rows.flat_map(|row| row[skipped..skipped + n_features].iter().copied())
            .collect()
    };
    Directions::from_gradients(words, part(0), part(n_features))
        .map_err(|error| Error::content(path, error.to_string()))
}
