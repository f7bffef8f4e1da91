//! Which table is read on the command line, and what of it.

use clap::{Args, ValueEnum};
use closedform::dataset::{Categories, Missing, TableOptions};
use closedform::{Result, Table, Task};
use std::path::Path;
#[cfg(feature = "network")]
use std::path::PathBuf;

/// A table and what its target is.
#[cfg(feature = "network")]
#[derive(Args)]
pub struct DataArguments {
    /// The table: CSV, TSV (.tsv) or Parquet (.parquet), with a header.
    #[arg(long, value_name = "FILE")]
    pub data: PathBuf,
    /// The target column; all others are inputs, unless --inputs or --exclude are given.
    #[arg(long, value_name = "COLUMN", required_unless_present_any = ["model", "program"])]
    target: Option<String>,
    /// What the target is.
    #[arg(long, value_enum, default_value = "classification")]
    task: TaskChoice,
    /// The share of the rows that the network isn't trained on: they judge the formula.
    #[arg(long, value_name = "SHARE", default_value = "0.2", value_parser = parse_share)]
    pub held_out: f64,
    #[command(flatten)]
    rows: TableArguments,
}

/// What is read of a table.
#[derive(Args)]
pub struct TableArguments {
    /// The input columns, separated by commas; all but the target if not given.
    #[arg(long, value_name = "LIST", help_heading = TABLE, value_delimiter = ',')]
    inputs: Option<Vec<String>>,
    /// Columns to leave out, separated by commas.
    #[arg(long, value_name = "LIST", help_heading = TABLE, value_delimiter = ',')]
    exclude: Vec<String>,
    /// What to do with rows that miss a cell: an empty one, or NA, N/A, NaN, null, none, ?.
    #[arg(long, value_enum, default_value = "refuse", help_heading = TABLE)]
    missing: MissingChoice,
    /// Make a text column of 2 to 20 values one column of 0 and 1 for each value but the first.
    #[arg(long, help_heading = TABLE)]
    one_hot: bool,
    /// Of more rows than this, so many are drawn at random, by --seed; memory is needed for these
    /// only.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 20_000,
        help_heading = TABLE,
        value_parser = crate::parse::parse_n_points
    )]
    max_rows: usize,
}

const TABLE: &str = "What is read of the table";

#[cfg(feature = "network")]
impl DataArguments {
    pub fn task(&self) -> Task {
        match self.task {
            TaskChoice::Classification => Task::Classification,
            TaskChoice::Regression => Task::Regression,
        }
    }

    /// Reads the table; its target may hold numbers whatever the task, as predictions are.
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
    /// Reads the table; what became of its rows and columns is told on standard error.
    pub fn read(&self, path: &Path, target: Option<&str>, task: Task, seed: u64) -> Result<Table> {
        let options = TableOptions {
            target: target.map(str::to_string),
            task,
            inputs: self.inputs.clone(),
            exclude: self.exclude.clone(),
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
