//! Which columns and rows of a table are read, and how.

use crate::dataset::Task;
use crate::dataset::file::DialectOptions;
use crate::error::{Error, Result};

/// What is done with rows that miss a cell in a used column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Missing {
    /// The first of them is named, and the table refused.
    #[default]
    Refuse,
    /// They are left out and counted.
    Drop,
}

/// What is done with text columns among the inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Categories {
    /// The first word is named, and the table refused.
    #[default]
    Refuse,
    /// A column of 2 to 20 values becomes one column of 0 and 1 for each value but the first in
    /// order: that one is where all of them are 0, so that no column follows from the others.
    OneHot,
}

/// Which columns are read that are usually left out: indices, identifiers, and columns that are
/// empty, constant, copies of others, or dates.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Keep {
    /// None of them. Without a target all are read, as a model needs its inputs.
    #[default]
    None,
    /// Those with these names.
    Named(Vec<String>),
    /// All of them.
    All,
}

/// Which columns and rows of a table are read, and how; see [`Table::read`](crate::Table::read).
///
/// | field | default | |
/// |---|---|---|
/// | `target` | none | the target column |
/// | `task` | classification | what the target is |
/// | `inputs` | all columns but the target | the features, in this order |
/// | `exclude` | none | columns to leave out |
/// | `keep` | none | columns to read that are usually left out |
/// | `classes` | all | the two classes whose rows are kept |
/// | `missing` | refuse | rows that miss a cell |
/// | `categories` | refuse | text columns |
/// | `match_case` | no | whether `Yes` and `yes` are two words |
/// | `dialect` | concluded | how a text file writes its table |
/// | `max_rows` | all | at least 1; of more, so many are drawn |
/// | `seed` | 0 | of that draw |
///
/// The rows that `max_rows` keeps are a uniform sample without replacement, in the order of the
/// file, drawn while they pass (Vitter 1985, algorithm R).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableOptions {
    /// The target column; none where a model gives the targets.
    pub target: Option<String>,
    /// What the target is.
    pub task: Task,
    /// The features, in this order; none for all columns but the target.
    pub inputs: Option<Vec<String>>,
    /// Columns to leave out.
    pub exclude: Vec<String>,
    /// Which of the columns are read that are usually left out.
    pub keep: Keep,
    /// The two classes of the target whose rows are kept, as they are called in the file; none for
    /// all classes.
    pub classes: Option<[String; 2]>,
    /// Columns of numbers that are no features but read for every row, such as weights.
    pub beside: Vec<String>,
    /// What is done with rows that miss a cell.
    pub missing: Missing,
    /// What is done with text columns among the inputs.
    pub categories: Categories,
    /// Whether words that differ in upper and lower case only are different words. Single letters
    /// always are.
    pub match_case: bool,
    /// How a text file writes its table; the file shows what isn't given.
    pub dialect: DialectOptions,
    /// The most rows to keep.
    pub max_rows: Option<usize>,
    /// Fixes which rows those are.
    pub seed: u64,
}

impl TableOptions {
    /// All columns and rows of a table with this target.
    pub fn new(target: &str, task: Task) -> Self {
        Self {
            target: Some(target.to_string()),
            task,
            ..Self::default()
        }
    }

    /// Whether columns and rows may be left out that can't help a formula.
    pub(super) fn may_leave_out(&self) -> bool {
        self.target.is_some() && self.inputs.is_none() && self.keep != Keep::All
    }

    pub(super) fn keeps(&self, name: &str) -> bool {
        matches!(&self.keep, Keep::Named(names) if names.iter().any(|kept| kept == name))
    }

    /// The columns that are named, whatever for.
    pub(super) fn named(&self) -> Vec<String> {
        let inputs = self.inputs.iter().flatten();
        let lists = inputs.chain(&self.exclude).chain(&self.beside);
        lists.chain(&self.target).cloned().collect()
    }

    pub(super) fn check(&self) -> Result<()> {
        if self.max_rows == Some(0) {
            return Err(Error::parameter("max_rows", 0, "at least 1"));
        }
        match &self.classes {
            Some([one, other]) if one == other => {
                let found = format!("{one},{other}");
                Err(Error::parameter("classes", found, "two different classes"))
            }
            Some(_) if self.task == Task::Regression || self.target.is_none() => {
                let reason = "--classes keeps the rows of two classes, but the target has none";
                Err(Error::Options(reason.to_string()))
            }
            _ => Ok(()),
        }
    }
}

impl Default for TableOptions {
    fn default() -> Self {
        Self {
            target: None,
            task: Task::Classification,
            inputs: None,
            exclude: Vec::new(),
            keep: Keep::default(),
            classes: None,
            beside: Vec::new(),
            missing: Missing::default(),
            categories: Categories::default(),
            match_case: false,
            dialect: DialectOptions::default(),
            max_rows: None,
            seed: 0,
        }
    }
}
