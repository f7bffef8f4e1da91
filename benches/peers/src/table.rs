//! Markdown tables whose source is aligned, so that they read well in a terminal too.

use std::fmt::{Display, Formatter, Result};

/// Columns of text, aligned to the left, and then columns of figures, aligned to the right.
pub struct Table {
    n_text: usize,
    /// The header first.
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new(text: &[&str], figures: &[&str]) -> Self {
        let header = text.iter().chain(figures).map(ToString::to_string);
        Self {
            n_text: text.len(),
            rows: vec![header.collect()],
        }
    }

    /// # Panics
    /// If the row is shorter or longer than the header.
    pub fn push(&mut self, row: Vec<String>) {
        assert_eq!(row.len(), self.rows[0].len(), "cells in {row:?}");
        self.rows.push(row);
    }
}

impl Display for Table {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let n_columns = self.rows[0].len();
        let width = |column: usize| {
            let cells = self.rows.iter().map(|row| row[column].chars().count());
            cells.max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..n_columns).map(width).collect();
        for (index, row) in self.rows.iter().enumerate() {
            for (column, (cell, &width)) in row.iter().zip(&widths).enumerate() {
                if column < self.n_text {
                    write!(f, "| {cell:width$} ")?;
                } else {
                    write!(f, "| {cell:>width$} ")?;
                }
            }
            writeln!(f, "|")?;
            if index == 0 {
                for (column, &width) in widths.iter().enumerate() {
                    let end = if column < self.n_text { '-' } else { ':' };
                    write!(f, "|{}{end}", "-".repeat(width + 1))?;
                }
                writeln!(f, "|")?;
            }
        }
        Ok(())
    }
}

/// The median and the longest of some times.
pub fn median_and_highest(seconds: impl Iterator<Item = f64>) -> (f64, f64) {
    let mut seconds: Vec<f64> = seconds.collect();
    seconds.sort_by(f64::total_cmp);
    let highest = seconds.last().copied().unwrap_or(f64::NAN);
    let middle = |index: usize| seconds.get(index).copied().unwrap_or(f64::NAN);
    let n = seconds.len();
    let median = (middle(n / 2) + middle(n.saturating_sub(1) / 2)) / 2.0;
    (median, highest)
}
