//! Tables on disk as points with or without a target, every cell checked.

mod choice;
mod column;
mod entries;
mod features;
mod left_out;
mod options;
mod rare;
mod reservoir;
mod summary;
mod to_csv;
mod units;

pub use options::{Categories, Keep, Missing, TableOptions};
pub use summary::{EncodedColumn, LeftOut, Reason, TableSummary};

use super::file::{Survey, TableFile};
use super::{Dataset, Task};
use crate::error::{Error, Result};
use crate::formula::Units;
use crate::points::Points;
use choice::Choice;
use column::{Column, Role};
use entries::{Entry, is_constant};
use features::Features;
use left_out::{leave_out, leave_out_unread};
use rare::{Rare, drop_rare_levels};
use reservoir::Reservoir;
use std::path::{Path, PathBuf};
use units::units;

/// Rows of a table on disk: points, and the targets if a column of them is named.
///
/// A model can be interpreted without labels; [`with_targets`](Self::with_targets) then takes what
/// the model says of the points.
///
/// ```no_run
/// use closedform::{Table, Task};
/// use closedform::dataset::{Categories, Missing, TableOptions};
///
/// let options = TableOptions {
///     exclude: vec!["id".to_string()],
///     missing: Missing::Drop,
///     categories: Categories::OneHot,
///     max_rows: Some(20_000),
///     ..TableOptions::new("price", Task::Regression)
/// };
/// let table = Table::read("houses.parquet", &options)?;
/// println!("{}", table.summary().sentences().join("\n"));
/// let data = table.into_dataset()?;
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    path: PathBuf,
    points: Points,
    target: Option<Target>,
    units: Option<Units>,
    beside: Vec<(String, Vec<f64>)>,
    summary: TableSummary,
}

#[derive(Debug, Clone, PartialEq)]
struct Target {
    name: String,
    values: Vec<f64>,
    class_names: Vec<String>,
}

impl Table {
    /// Reads a text file with separated cells or a Parquet file, twice: once to conclude how it is
    /// written, once to take its rows. Memory is needed for the rows that are kept, not for the file,
    /// unless it is packed (gzip, zstd), UTF-16, or standard input (`-`).
    ///
    /// - Cells are separated by commas, semicolons, tabs, bars or blanks, whichever splits all rows
    ///   alike. Comment lines (`#`, `%`), lines above the header, a row of units below it, a separator
    ///   at the end of each row, and a missing header are recognised; see
    ///   [`DialectOptions`](super::DialectOptions).
    /// - Numbers may have a decimal comma, grouped thousands, Fortran's `D`, a currency or a percent
    ///   sign. A number with two readings, such as `1,234`, is read by what the other numbers show, or
    ///   refused. Dates and times are seconds since the first of them.
    /// - A missing cell is empty, or one of the words NA, N/A, NaN, null, none, ?, -, in upper or lower
    ///   case. Rows with one in a used column are refused or dropped, see [`Missing`].
    /// - With a target, columns are left out that can't help a formula: indices, identifiers, dates
    ///   beside numbers, and columns that are empty, constant, or copies of others; see [`Keep`]. So
    ///   are columns without a name, and the only row with some word.
    /// - The words true and false are 1 and 0 in a column of numbers. A column with any other word
    ///   is a text column, see [`Categories`].
    /// - Features are called by words that formulas are read back with: whatever is neither letter,
    ///   digit nor underscore becomes an underscore (`petal length (cm)` is `petal_length_cm`), a
    ///   first digit gets an `x` before it, a keyword of Python or the name of a function an
    ///   underscore after it. In the options columns may be called either way.
    /// - For classification the target's values, 2 to 100 of them, become 0, 1 and so on, in
    ///   ascending order.
    /// - Every row of the file is checked, and the sample drawn from those without missing cells.
    ///
    /// [`summary`](Self::summary) says what was concluded.
    ///
    /// # Errors
    /// A file that is missing, empty or of another kind, an unknown column or two of one name, a row
    /// of another length, a cell that can't be used (row and column are named), no row without
    /// missing cells, or options out of range.
    pub fn read(path: impl AsRef<Path>, options: &TableOptions) -> Result<Self> {
        options.check()?;
        let path = path.as_ref();
        let in_file = |error: Error| error.in_file(path);
        let file = TableFile::open(path, &options.dialect, &options.named())?;
        let mut choice = Choice::new(&file, options)?;
        let mut left_out = leave_out_unread(&file, &mut choice, options);
        let mut survey = file.survey(&choice.columns())?;
        left_out.extend(leave_out(&file, &mut choice, &mut survey, options)?);
        let mut columns = columns(file.names(), &choice, &survey, options);
        for (column, facts) in columns.iter_mut().zip(&survey.facts) {
            column.check(facts).map_err(in_file)?;
        }
        let indices = choice.columns();
        let mut sample = Reservoir::new(columns.len(), options.max_rows, options.seed);
        let mut entries = Vec::with_capacity(columns.len());
        let mut n_left_out = 0;
        file.visit(&indices, |row| {
            entries.clear();
            for (index, column) in columns.iter_mut().enumerate() {
                let entry = column.read(row.number, row.cell(index), options);
                entries.extend(entry.map_err(in_file)?);
            }
            if entries.len() == indices.len() {
                sample.offer(&entries)
            } else {
                n_left_out += 1
            }
            Ok(())
        })?;
        let n_rows = survey.passed.n_rows;
        for column in &columns {
            column.check_named(options).map_err(in_file)?;
        }
        let n_of_other_classes = columns.iter().map(|column| column.n_of_other_classes).sum();
        let n_dropped = n_left_out - n_of_other_classes;
        let missing = columns.iter().filter(|column| column.n_missing > 0);
        let missing = missing.map(|column| (column.name.clone(), column.n_missing));
        let mut summary = TableSummary {
            n_rows,
            n_dropped,
            n_of_other_classes,
            missing: missing.collect(),
            n_kept: sample.n_kept(),
            is_sampled: sample.n_kept() < n_rows - n_left_out,
            unnamed: choice.unnamed,
            ignored: choice.ignored,
            read_as: [file.parts(), survey.parts()].concat(),
            left_out,
            remarks: columns.iter().flat_map(Column::remarks).collect(),
            ..TableSummary::default()
        };
        if summary.n_kept == 0 {
            let why = summary.sentences().join("; ");
            let reason = format!("no row is left: {why} (--exclude leaves columns out)");
            return Err(in_file(Error::Uninformative(reason)));
        }
        let mut kept: Vec<Vec<Entry>> = (0..columns.len()).map(|c| sample.column(c)).collect();
        let may_leave_out = options.may_leave_out();
        if may_leave_out {
            let n_inputs = choice.inputs.len();
            for rare in drop_rare_levels(&mut kept, n_inputs) {
                let Rare { column, word } = rare;
                summary.remarks.push(columns[column].rare_remark(word));
                summary.n_kept -= 1;
            }
        }
        let n_inputs = choice.inputs.len();
        let place = choice.target.map(|_| n_inputs);
        let target = place.and_then(|place| columns.get(place)).map(|column| {
            let (values, class_names) = column.target(&kept[n_inputs])?;
            let name = column.name.clone();
            Ok(Target {
                name,
                values,
                class_names,
            })
        });
        let target = target.transpose().map_err(in_file)?;
        let first = n_inputs + choice.target.iter().len();
        let beside = options.beside.iter().enumerate().map(|(index, name)| {
            let (values, _) = columns[first + index].target(&kept[first + index])?;
            Ok((name.clone(), values))
        });
        let beside = beside.collect::<Result<Vec<_>>>().map_err(in_file)?;
        let mut features = Features::default();
        for (input, (column, &index)) in columns.iter().zip(&choice.inputs).enumerate() {
            let entries = &kept[input];
            if may_leave_out && !options.keeps(&column.name) && is_constant(entries) {
                summary.left_out.push(LeftOut {
                    column: column.name.clone(),
                    reason: Reason::Constant,
                });
                continue;
            }
            let added = features.add(column, index, entries, &mut summary);
            added.map_err(in_file)?;
        }
        let target_place = choice.target.filter(|_| options.task == Task::Regression);
        let units = units(&file, &features, target_place, &mut summary);
        Ok(Self {
            path: path.to_path_buf(),
            units,
            points: features.into_points().map_err(in_file)?,
            target,
            beside,
            summary,
        })
    }

    /// The features' names, in column order.
    pub fn feature_names(&self) -> &[String] {
        self.points.feature_names()
    }

    /// All features, `(n_samples, n_features)`.
    pub fn points(&self) -> &Points {
        &self.points
    }

    /// The targets, `(n_samples,)`, if their column was named.
    pub fn targets(&self) -> Option<&[f64]> {
        self.target.as_ref().map(|target| &target.values[..])
    }

    /// The numbers `(n_samples,)` of a column that was read [beside](TableOptions::beside) the
    /// features.
    pub fn beside(&self, name: &str) -> Option<&[f64]> {
        let mut columns = self.beside.iter();
        let (_, values) = columns.find(|(beside, _)| beside == name)?;
        Some(values)
    }

    /// The units of the features, and of a regression's target, if the file has a row of them below
    /// its header.
    pub fn units(&self) -> Option<&Units> {
        self.units.as_ref()
    }

    /// What became of the file's rows and columns.
    pub fn summary(&self) -> &TableSummary {
        &self.summary
    }

    /// The rows with the target column of the file: what a network is trained on.
    ///
    /// # Errors
    /// A table without targets, or features that have one value in every row, all of them named.
    pub fn into_dataset(self) -> Result<Dataset> {
        let constant = self.feature_names().iter().zip(self.points.bounds());
        let constant: Vec<_> = constant.filter(|(_, (low, high))| low == high).collect();
        if !constant.is_empty() {
            let found = constant
                .iter()
                .map(|(name, (value, _))| format!("column \"{name}\" is {value}"));
            let names: Vec<&str> = constant.iter().map(|(name, _)| name.as_str()).collect();
            let (found, names) = (found.collect::<Vec<_>>().join(", "), names.join(","));
            let reason = format!(
                "{found} in every row; nothing can be learned from that, --exclude {names} leaves \
                 it out"
            );
            return Err(Error::Uninformative(reason).in_file(self.path));
        }
        let target = self.target.ok_or_else(|| {
            let reason = "was read without a target column; one is needed";
            Error::Column(reason.into()).in_file(&self.path)
        })?;
        Ok(Dataset {
            class_names: target.class_names,
            ..Dataset::new(self.points, target.name, target.values)?
        })
    }

    /// The rows with targets `(n_samples,)` from elsewhere, such as what a model says of
    /// [`points`](Self::points), in place of the file's.
    ///
    /// # Errors
    /// Another number of targets than rows, or one that isn't finite.
    pub fn with_targets(self, target_name: &str, targets: Vec<f64>) -> Result<Dataset> {
        Dataset::new(self.points, target_name, targets)
    }
}

/// The inputs' columns, then the target's, then those beside.
fn columns(
    names: &[String],
    choice: &Choice,
    survey: &Survey,
    options: &TableOptions,
) -> Vec<Column> {
    let inputs = choice.inputs.iter().map(|&place| (place, Role::Input));
    let role = match options.task {
        Task::Classification => Role::Classes,
        Task::Regression => Role::Values,
    };
    let target = choice.target.iter().map(|&place| (place, role));
    let beside = choice.beside.iter().map(|&place| (place, Role::Beside));
    let columns = inputs.chain(target).chain(beside).enumerate();
    columns
        .map(|(index, (place, role))| Column::new(&names[place], role, survey.conversion(index)))
        .collect()
}
