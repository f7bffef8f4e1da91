//! The arguments that say which table to read, and how.

use clap::{Args, ValueEnum};
use closedform::dataset::{Categories, Missing, TableOptions};
use closedform::{Result, Table, Task};
use std::path::Path;
#[cfg(feature = "network")]
use std::path::PathBuf;

/// A table and its target.
#[cfg(feature = "network")]
#[derive(Args)]
pub struct DataArguments {
    /// The table: CSV, TSV (.tsv) or Parquet (.parquet), with a header.
    #[arg(long, value_name = "FILE")]
    pub data: PathBuf,
    /// The target column; all other columns are inputs, unless --inputs or --exclude is given.
    #[arg(long, value_name = "COLUMN", required_unless_present_any = ["model", "program"])]
    target: Option<String>,
    /// Whether the target is a class or a number.
    #[arg(long, value_enum, default_value = "classification")]
    task: TaskChoice,
    /// The share of the rows that is held out from training, to judge the formula.
    #[arg(long, value_name = "SHARE", default_value = "0.2", value_parser = parse_share)]
    pub held_out: f64,
    #[command(flatten)]
    rows: TableArguments,
}

/// How to read a table.
#[derive(Args)]
pub struct TableArguments {
    /// The input columns, separated by commas [default: all but the target].
    #[arg(long, value_name = "LIST", help_heading = TABLE, value_delimiter = ',')]
    inputs: Option<Vec<String>>,
    /// Columns to leave out, separated by commas.
    #[arg(long, value_name = "LIST", help_heading = TABLE, value_delimiter = ',')]
    exclude: Vec<String>,
    /// Keep the rows of two classes of the target, for example setosa,virginica. Class 1 is the
    /// later one in ascending order.
    #[arg(long, value_name = "A,B", help_heading = TABLE, value_parser = crate::parse::parse_classes)]
    classes: Option<[String; 2]>,
    /// What to do with rows that have a missing cell: an empty one, or NA, N/A, NaN, null, none, ?.
    #[arg(long, value_enum, default_value = "refuse", help_heading = TABLE)]
    missing: MissingChoice,
    /// Turn a text column with 2 to 20 different values into columns of 0 and 1, one for each value
    /// except the first.
    #[arg(long, help_heading = TABLE)]
    one_hot: bool,
    /// If the table has more rows than this, draw this many of them at random, fixed by --seed.
    /// Only these take memory.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 20_000,
        help_heading = TABLE,
        value_parser = crate::parse::parse_n_points
    )]
    max_rows: usize,
}

const TABLE: &str = "How the table is read";

#[cfg(feature = "network")]
impl DataArguments {
    pub fn task(&self) -> Task {
        match self.task {
            TaskChoice::Classification => Task::Classification,
            TaskChoice::Regression => Task::Regression,
        }
    }

    /// Reads the table. With predictions, the target holds numbers, whatever the task.
    pub fn read(&self, has_predictions: bool, seed: u64) -> Result<Table> {
        let target = self.target.as_deref();
        let task = if has_predictions {
            Task::Regression
        } else {
            self.task()
        };
        self.rows.read(&self.data, target, task, seed)
    }
}

impl TableArguments {
    /// Reads the table, and says on standard error what happened to its rows and columns.
    pub fn read(&self, path: &Path, target: Option<&str>, task: Task, seed: u64) -> Result<Table> {
        self.read_beside(path, target, task, &[], seed)
    }

    /// The same with columns that are read beside the features.
    pub fn read_beside(
        &self,
        path: &Path,
        target: Option<&str>,
        task: Task,
        beside: &[String],
        seed: u64,
    ) -> Result<Table> {
        let options = TableOptions {
            beside: beside.to_vec(),
            target: target.map(str::to_string),
            task,
            inputs: self.inputs.clone(),
            exclude: self.exclude.clone(),
            classes: self.classes.clone(),
            missing: match self.missing {
                MissingChoice::Refuse => Missing::Refuse,
                MissingChoice::Drop => Missing::Drop,
            },
            categories: if self.one_hot {
                Categories::OneHot
            } else {
                Categories::Refuse
            },
            max_rows: Some(self.max_rows),
            seed,
        };
        let table = Table::read(path, &options)?;
        for sentence in table.summary().sentences() {
            eprintln!("{}: {sentence}", path.display());
        }
        Ok(table)
    }
}

#[cfg(feature = "network")]
#[derive(Clone, Copy, ValueEnum)]
pub enum TaskChoice {
    Classification,
    Regression,
}

#[derive(Clone, Copy, ValueEnum)]
enum MissingChoice {
    Refuse,
    Drop,
}

#[cfg(feature = "network")]
fn parse_share(text: &str) -> std::result::Result<f64, String> {
    let share = text.parse().ok();
    share
        .filter(|share| *share > 0.0 && *share < 1.0)
        .ok_or_else(|| "a number between 0 and 1 is needed".to_string())
}
