//! The arguments that say which table to read, and how.

#[cfg(feature = "network")]
use crate::model_arguments::ModelArguments;
use crate::output;
use clap::{Args, ValueEnum};
use closedform::dataset::{
    Categories, DialectOptions, Keep, Mark, Missing, Separator, TableOptions, TargetTransform,
    Thousands,
};
use closedform::{Result, Table, Task};
use std::path::Path;
#[cfg(feature = "network")]
use std::path::PathBuf;

/// A table and its target.
#[cfg(feature = "network")]
#[derive(Args)]
pub struct DataArguments {
    /// The table: text with cells between commas, semicolons, tabs, bars or blanks, or JSON objects,
    /// also packed by gzip or zstd; Parquet or Feather; or a workbook of Excel or OpenDocument.
    /// - reads standard input.
    #[arg(long, value_name = "FILE")]
    pub data: PathBuf,
    /// The target column; all other columns are inputs, unless --inputs or --exclude is given.
    #[arg(long, value_name = "COLUMN", required_unless_present_any = ["model", "program"])]
    target: Option<String>,
    /// Tell one of several classes of the target from all others, which are class 0.
    #[arg(long, value_name = "NAME", requires = "target", conflicts_with_all = ["classes", "model", "program", "predictions"])]
    pub class: Option<String>,
    /// Tell each class of the target from all others, one after the other, and show all formulas with
    /// a table of how they decide together. Of a given --model, each class is read. A time limit is for
    /// each class.
    #[arg(long, requires = "target", conflicts_with_all = ["class", "classes", "output", "program", "predictions", "report", "save_network"])]
    pub each_class: bool,
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
#[derive(Args, Clone)]
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
    /// Columns to read that are usually left out, separated by commas, or `all`: indices,
    /// identifiers, and columns that are empty, constant, copies of others, or dates.
    #[arg(long, value_name = "LIST", help_heading = TABLE, value_parser = parse_keep)]
    keep: Option<Keep>,
    /// Learn a function of a numeric target in its place, for heavy tails and values over many
    /// decades. The formula for the target itself is given, too.
    #[arg(long, value_enum, help_heading = TABLE, conflicts_with = "target_unit")]
    transform_target: Option<TransformChoice>,
    /// What to do with rows that have a missing cell: an empty one, or NA, N/A, NaN, null, none, ?, -.
    #[arg(long, value_enum, default_value = "refuse", help_heading = TABLE)]
    missing: MissingChoice,
    /// Further words and numbers that stand for a missing cell, separated by commas, such as -999.
    #[arg(
        long,
        value_name = "LIST",
        help_heading = TABLE,
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    missing_values: Vec<String>,
    /// Turn a text column with 2 to 20 different values into columns of 0 and 1, one for each value
    /// except the first.
    #[arg(long, help_heading = TABLE)]
    one_hot: bool,
    /// Take Yes and yes for different words.
    #[arg(long, help_heading = TABLE)]
    match_case: bool,
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
    #[command(flatten)]
    dialect: DialectArguments,
}

/// How a text file writes its table. What isn't given is concluded from the file.
#[derive(Args, Clone)]
pub struct DialectArguments {
    /// The sheet of a workbook to read [default: the first with rows].
    #[arg(long, value_name = "NAME", help_heading = TEXT)]
    sheet: Option<String>,
    /// What separates cells: comma, semicolon, tab, bar, blanks, or one other character.
    #[arg(long, value_name = "NAME", help_heading = TEXT, value_parser = Separator::parse)]
    separator: Option<Separator>,
    /// The decimal mark: . or ,
    #[arg(long, value_name = "MARK", help_heading = TEXT, value_parser = parse_mark)]
    decimal: Option<Mark>,
    /// What groups thousands: . or , or none.
    #[arg(long, value_name = "MARK", help_heading = TEXT, value_parser = parse_thousands)]
    thousands: Option<Thousands>,
    /// The character that comment lines begin with, or none.
    #[arg(long, value_name = "CHARACTER", help_heading = TEXT, value_parser = parse_comment)]
    comment: Option<Comment>,
    /// How many lines to leave out above the header, comments included.
    #[arg(long, value_name = "N", help_heading = TEXT)]
    skip: Option<usize>,
    /// The first row names the columns.
    #[arg(long, help_heading = TEXT)]
    header: bool,
    /// The first row holds data; columns are called x1, x2 and so on.
    #[arg(long, help_heading = TEXT, conflicts_with = "header")]
    no_header: bool,
    /// The row below the header holds units.
    #[arg(long, help_heading = TEXT)]
    units_row: bool,
    /// The row below the header holds data.
    #[arg(long, help_heading = TEXT, conflicts_with = "units_row")]
    no_units_row: bool,
}

/// One value for clap, which would read a plain `Option` as an argument that may be missing.
#[derive(Clone, Copy)]
struct Comment(Option<char>);

const TABLE: &str = "How the table is read";
const TEXT: &str = "How a text file is read; by default, as its rows show";

#[cfg(feature = "network")]
impl DataArguments {
    /// The function of the target that is learned in its place.
    pub fn transform(&self) -> Option<TargetTransform> {
        self.rows.transform()
    }

    pub fn task(&self) -> Task {
        match self.task {
            TaskChoice::Classification => Task::Classification,
            TaskChoice::Regression => Task::Regression,
        }
    }

    /// Reads the table. With predictions, the target holds numbers, whatever the task; a given model
    /// takes all columns.
    pub fn read(&self, model: &ModelArguments, seed: u64) -> Result<Table> {
        let target = self.target.as_deref();
        let task = if model.predictions {
            Task::Regression
        } else {
            self.task()
        };
        let keep = model.takes_columns().then_some(Keep::All);
        let rows = TableArguments {
            keep: self.rows.keep.clone().or(keep),
            ..self.rows.clone()
        };
        rows.read(&self.data, target, task, seed)
    }
}

impl TableArguments {
    /// How a text file writes its table.
    pub fn dialect(&self) -> DialectOptions {
        self.dialect.options(&self.missing_values)
    }

    /// The function of the target that is learned in its place.
    pub fn transform(&self) -> Option<TargetTransform> {
        self.transform_target.map(|choice| match choice {
            TransformChoice::Log => TargetTransform::Log,
            TransformChoice::Asinh => TargetTransform::Asinh,
        })
    }

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
            keep: self.keep.clone().unwrap_or_default(),
            match_case: self.match_case,
            dialect: self.dialect(),
            max_rows: Some(self.max_rows),
            seed,
        };
        let table = Table::read(path, &options)?;
        for sentence in table.summary().sentences() {
            output::say(format_args!("{}: {sentence}", path.display()));
        }
        Ok(table)
    }
}

impl DialectArguments {
    pub fn options(&self, missing: &[String]) -> DialectOptions {
        let either = |yes: bool, no: bool| (yes || no).then_some(yes);
        DialectOptions {
            separator: self.separator,
            decimal: self.decimal,
            thousands: self.thousands,
            comment: self.comment.map(|Comment(comment)| comment),
            skip: self.skip,
            header: either(self.header, self.no_header),
            units: either(self.units_row, self.no_units_row),
            sheet: self.sheet.clone(),
            missing: missing.to_vec(),
        }
    }
}

#[cfg(feature = "network")]
#[derive(Clone, Copy, ValueEnum)]
pub enum TaskChoice {
    Classification,
    Regression,
}

#[derive(Clone, Copy, ValueEnum)]
enum TransformChoice {
    /// The logarithm, of targets above 0: equal ratios count alike.
    Log,
    /// The inverse hyperbolic sine: a logarithm of both signs, linear near 0.
    Asinh,
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

fn parse_keep(text: &str) -> std::result::Result<Keep, String> {
    Ok(match text {
        "all" => Keep::All,
        list => Keep::Named(
            list.split(',')
                .map(|name| name.trim().to_string())
                .collect(),
        ),
    })
}

fn parse_mark(text: &str) -> std::result::Result<Mark, String> {
    match text {
        "." | "dot" => Ok(Mark::Dot),
        "," | "comma" => Ok(Mark::Comma),
        _ => Err(". or , is needed".to_string()),
    }
}

fn parse_thousands(text: &str) -> std::result::Result<Thousands, String> {
    match text {
        "none" => Ok(Thousands::Ungrouped),
        mark => parse_mark(mark)
            .map(Thousands::By)
            .map_err(|_| ". or , or none is needed".to_string()),
    }
}

fn parse_comment(text: &str) -> std::result::Result<Comment, String> {
    let mut chars = text.chars();
    match (text, chars.next(), chars.next()) {
        ("none", ..) => Ok(Comment(None)),
        (_, Some(c), None) => Ok(Comment(Some(c))),
        _ => Err("one character or none is needed".to_string()),
    }
}
