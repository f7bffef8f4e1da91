//! What became of a table's rows and columns.

use serde::Serialize;

/// What became of a file's rows and columns when its [`Table`](crate::Table) was read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct TableSummary {
    /// How a text file is written, a part for each conclusion that is out of the ordinary.
    pub read_as: Vec<String>,
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
    /// Columns left out for what they hold.
    pub left_out: Vec<LeftOut>,
    /// What was concluded about single columns, a sentence for each.
    pub remarks: Vec<String>,
}

/// A column that is left out for what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Its name in the file.
    pub column: String,
    /// Why it is left out.
    pub reason: Reason,
}

/// Why a column is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It numbers the rows.
    Index,
    /// It has another value in each row, or more words than may be encoded.
    Identifier,
    /// No row has a value.
    Empty,
    /// All rows have the same value.
    Constant,
    /// It is the same as this column.
    Copy(String),
    /// It holds dates, beside columns of numbers.
    Date,
    /// It holds what isn't read, such as dates in Parquet.
    Unread(&'static str),
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Index => f.write_str("as an index of the rows"),
            Self::Identifier => f.write_str("as an identifier"),
            Self::Empty => f.write_str("as empty"),
            Self::Constant => f.write_str("as constant"),
            Self::Copy(of) => write!(f, "as a copy of \"{of}\""),
            Self::Date => f.write_str("as a date"),
            Self::Unread(kind) => write!(f, "as {kind}"),
        }
    }
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
        if !self.read_as.is_empty() {
            sentences.push(format!("read as: {}", self.read_as.join(", ")));
        }
        if !self.left_out.is_empty() {
            let mut groups: Vec<(&Reason, Vec<String>)> = Vec::new();
            for LeftOut { column, reason } in &self.left_out {
                let name = format!("\"{column}\"");
                match groups.iter_mut().find(|(known, _)| *known == reason) {
                    Some((_, names)) => names.push(name),
                    None => groups.push((reason, vec![name])),
                }
            }
            let groups = groups.iter();
            let columns = groups.map(|(reason, names)| format!("{} {reason}", names.join(", ")));
            let columns: Vec<String> = columns.collect();
            sentences.push(format!(
                "left out: {} (--keep reads a column all the same)",
                columns.join("; ")
            ));
        }
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
        sentences.extend(self.remarks.iter().cloned());
        sentences
    }
}
