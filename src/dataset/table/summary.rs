//! What became of a table's rows and columns.

use serde::Serialize;

/// What became of a file's rows and columns when its [`Table`](crate::Table) was read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct TableSummary {
    /// Rows in the file.
    pub n_rows: usize,
    /// Rows left out, as a cell of theirs was missing.
    pub n_dropped: usize,
    /// Rows left out, as they have another class than the two that were named.
    pub n_of_other_classes: usize,
    /// How many cells are missing in each used column that misses some.
    pub missing: Vec<(String, usize)>,
    /// Rows kept.
    pub n_kept: usize,
    /// Whether those are a sample, as there were more than wanted.
    pub is_sampled: bool,
    /// Text columns that became columns of 0 and 1.
    pub encoded: Vec<EncodedColumn>,
    /// Columns that formulas call by another name: what they are called in the file, and there.
    pub renamed: Vec<(String, String)>,
    /// Columns that the options leave out.
    pub ignored: Vec<String>,
    /// Columns left out as they have no name, counted from 1.
    pub unnamed: Vec<usize>,
}

/// A text column that became columns of 0 and 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EncodedColumn {
    /// Its name in the file.
    pub column: String,
    /// The value where all of the new columns are 0.
    pub reference: String,
    /// The new columns, each 1 where the old one has one other value, in ascending order.
    pub names: Vec<String>,
}

impl TableSummary {
    /// What a reader may not expect, a sentence for each; nothing if the file was taken as it is.
    pub fn sentences(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        if self.n_dropped > 0 {
            let missing = self.missing.iter();
            let missing = missing.map(|(column, n)| format!("{n} in \"{column}\""));
            let missing: Vec<String> = missing.collect();
            sentences.push(format!(
                "{} of {} rows dropped for missing cells: {}",
                self.n_dropped,
                self.n_rows,
                missing.join(", ")
            ));
        }
        if self.n_of_other_classes > 0 {
            sentences.push(format!(
                "{} of {} rows left out, because they have other classes",
                self.n_of_other_classes, self.n_rows
            ));
        }
        if self.is_sampled {
            sentences.push(format!(
                "{} of {} rows kept, drawn at random",
                self.n_kept,
                self.n_rows - self.n_dropped - self.n_of_other_classes
            ));
        }
        for encoded in &self.encoded {
            sentences.push(format!(
                "column \"{}\" became {}; 0 in all of them is \"{}\"",
                encoded.column,
                encoded.names.join(", "),
                encoded.reference
            ));
        }
        for (column, name) in &self.renamed {
            sentences.push(format!("column \"{column}\" is called {name} in formulas"));
        }
        for number in &self.unnamed {
            sentences.push(format!("column {number} has no name and is left out"));
        }
        sentences
    }
}
