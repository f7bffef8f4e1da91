//! Columns as the features that formulas are written in.

use super::column::Column;
use super::entries::{Entry, numbers};
use super::summary::{EncodedColumn, TableSummary};
use crate::dataset::names::{check_distinct, word};
use crate::error::Result;
use crate::points::Points;

/// Columns of numbers, with what each was made of.
#[derive(Default)]
pub(super) struct Features {
    pub names: Vec<String>,
    origins: Vec<String>,
    /// The column of the file that each is, unless it was encoded.
    pub places: Vec<Option<usize>>,
    columns: Vec<Vec<f64>>,
}

impl Features {
    /// Adds the column that stands at an index of the file: as it is, or encoded.
    pub fn add(
        &mut self,
        column: &Column,
        index: usize,
        entries: &[Entry],
        summary: &mut TableSummary,
    ) -> Result<()> {
        if !column.is_text() {
            let name = word(&column.name, index);
            if name != column.name {
                summary.renamed.push((column.name.clone(), name.clone()));
            }
            self.push(name, column.described(), Some(index), numbers(entries));
            return Ok(());
        }
        let (levels, level_names) = column.levels(entries)?;
        let mut names = Vec::new();
        // The first level is where all new columns are 0.
        for (level, level_name) in level_names.iter().enumerate().skip(1) {
            let name = word(&format!("{} {level_name}", column.name), index);
            let origin = format!("\"{level_name}\" of {}", column.described());
            let is_level = levels
                .iter()
                .map(|&other| f64::from(u8::from(other == level)));
            self.push(name.clone(), origin, None, is_level.collect());
            names.push(name);
        }
        summary.encoded.push(EncodedColumn {
            column: column.name.clone(),
            reference: level_names[0].clone(),
            names,
        });
        Ok(())
    }

    fn push(&mut self, name: String, origin: String, place: Option<usize>, column: Vec<f64>) {
        self.names.push(name);
        self.places.push(place);
        self.origins.push(origin);
        self.columns.push(column);
    }

    pub fn into_points(self) -> Result<Points> {
        check_distinct(&self.names, &self.origins)?;
        let n_rows = self.columns.first().map_or(0, Vec::len);
        let rows = (0..n_rows).flat_map(|row| self.columns.iter().map(move |column| column[row]));
        let values: Vec<f64> = rows.collect();
        Points::new(self.names, values)
    }
}
