//! Files with columns of one type each, in batches of rows: Parquet, and Arrow's IPC format, which is
//! also called Feather.

use super::Raw;
use super::delimited::Passed;
use super::framing::Framing;
use crate::error::{Error, Result};
use crate::foreign::guarded;
use polars::prelude::*;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// How many cells of Parquet are in memory at once.
const BATCH_CELLS: usize = 1 << 22;

const SECONDS_PER_DAY: f64 = 86_400.0;

/// A file whose header was read.
pub(super) struct Frames {
    framing: Framing,
    schema: Arc<ArrowSchema>,
}

/// Some rows of the columns asked for.
pub(super) struct Batch {
    n_rows: usize,
    columns: Vec<Values>,
}

enum Values {
    Numbers(Vec<Option<f64>>),
    /// Seconds since 1970, or since midnight.
    Moments(Vec<Option<f64>>),
    Texts(StringChunked),
}

impl Values {
    fn len(&self) -> usize {
        match self {
            Self::Numbers(values) | Self::Moments(values) => values.len(),
            Self::Texts(texts) => texts.len(),
        }
    }
}

impl Batch {
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    pub fn cell(&self, index: usize, row: usize) -> Raw<'_> {
        match &self.columns[index] {
            Values::Numbers(numbers) => numbers[row].map_or(Raw::Null, Raw::Number),
            Values::Moments(seconds) => seconds[row].map_or(Raw::Null, Raw::Moment),
            Values::Texts(texts) => texts.get(row).map_or(Raw::Null, Raw::Text),
        }
    }
}

impl Frames {
    pub fn open(path: &Path, framing: Framing) -> Result<(Vec<String>, Self)> {
        let mut file = opened(path)?;
        let schema = read(path, framing, || match framing {
            Framing::Parquet => ParquetReader::new(&mut file).schema(),
            Framing::Arrow => IpcReader::new(&mut file).schema(),
        })?;
        let names = schema.iter_names().map(|name| name.to_string()).collect();
        Ok((names, Self { framing, schema }))
    }

    /// Shows the rows batch by batch, with the number of its first row from 1 on, and counts them.
    pub fn visit(
        &self,
        path: &Path,
        names: &[String],
        columns: &[usize],
        mut visit: impl FnMut(usize, &Batch) -> Result<()>,
    ) -> Result<Passed> {
        for &column in columns {
            self.check_kind(path, &names[column], column)?;
        }
        let mut n_rows = 0;
        let shown = |frame: DataFrame| -> Result<()> {
            let values = columns.iter().map(|&column| values(&frame, &names[column]));
            let batch = Batch {
                n_rows: frame.height(),
                columns: read(path, self.framing, || values.collect())?,
            };
            // polars doesn't check it in a broken file.
            if batch
                .columns
                .iter()
                .any(|column| column.len() != batch.n_rows)
            {
                let reason = "is broken: its columns differ in their numbers of rows";
                return Err(Error::content(path, reason));
            }
            let first = n_rows + 1;
            n_rows += batch.n_rows;
            visit(first, &batch)
        };
        match self.framing {
            Framing::Parquet => in_batches(path, columns, shown)?,
            Framing::Arrow => {
                let reader = IpcReader::new(opened(path)?).with_projection(Some(columns.to_vec()));
                read(path, self.framing, || reader.finish()).and_then(shown)?;
            }
        }
        if n_rows == 0 {
            return Err(Error::content(path, "has a header, but no rows"));
        }
        Ok(Passed {
            n_rows,
            ..Passed::default()
        })
    }

    /// Refuses a column that can't be read before it is.
    fn check_kind(&self, path: &Path, name: &str, column: usize) -> Result<()> {
        match self.unread_kind(column) {
            None => Ok(()),
            Some(found) => Err(Error::content(
                path,
                format!(
                    "column \"{name}\" holds {found}; only numbers, texts, dates and times are read, \
                     leave it out with --exclude or save it as numbers"
                ),
            )),
        }
    }

    /// What a column holds that isn't read.
    pub fn unread_kind(&self, column: usize) -> Option<&'static str> {
        let (_, field) = self.schema.get_at_index(column)?;
        (!is_read(&field.dtype)).then_some("values of another kind")
    }
}

/// Shows the rows of a Parquet file. It is mapped anew for each batch, so that what was read leaves
/// the memory.
fn in_batches(
    path: &Path,
    columns: &[usize],
    mut visit: impl FnMut(DataFrame) -> Result<()>,
) -> Result<()> {
    let mut file = opened(path)?;
    let metadata = read(path, Framing::Parquet, || {
        ParquetReader::new(&mut file).get_metadata().cloned()
    })?;
    let batch_size = (BATCH_CELLS / columns.len().max(1)).clamp(1 << 10, 1 << 18);
    for first in (0..metadata.num_rows).step_by(batch_size) {
        let mut reader = ParquetReader::new(&mut file)
            .with_projection(Some(columns.to_vec()))
            .with_slice(Some((first, batch_size)))
            .read_parallel(ParallelStrategy::RowGroups)
            .set_rechunk(true);
        reader.set_metadata(metadata.clone());
        visit(read(path, Framing::Parquet, || reader.finish())?)?;
    }
    Ok(())
}

fn opened(path: &Path) -> Result<File> {
    File::open(path).map_err(|source| Error::file(path, source))
}

fn is_read(dtype: &ArrowDataType) -> bool {
    use ArrowDataType as Type;
    match dtype {
        Type::Null | Type::Boolean | Type::Float32 | Type::Float64 | Type::Decimal(..) => true,
        Type::Int8 | Type::Int16 | Type::Int32 | Type::Int64 => true,
        Type::UInt8 | Type::UInt16 | Type::UInt32 | Type::UInt64 => true,
        Type::Date32 | Type::Date64 | Type::Time32(_) | Type::Time64(_) => true,
        Type::Timestamp(..) => true,
        Type::Utf8 | Type::LargeUtf8 | Type::Utf8View => true,
        Type::Dictionary(_, inner, _) => is_read(inner),
        _ => false,
    }
}

fn values(frame: &DataFrame, name: &str) -> PolarsResult<Values> {
    let column = frame.column(name)?;
    let numbers = || -> PolarsResult<Vec<Option<f64>>> {
        let numbers = column.to_physical_repr().cast(&DataType::Float64)?;
        Ok(numbers.f64()?.iter().collect())
    };
    let moments = |seconds: f64| -> PolarsResult<Values> {
        let numbers = numbers()?.into_iter();
        let numbers = numbers.map(|number| number.map(|number| number * seconds));
        Ok(Values::Moments(numbers.collect()))
    };
    match column.dtype() {
        DataType::Date => moments(SECONDS_PER_DAY),
        DataType::Time => moments(1e-9),
        DataType::Datetime(TimeUnit::Nanoseconds, _) => moments(1e-9),
        DataType::Datetime(TimeUnit::Microseconds, _) => moments(1e-6),
        DataType::Datetime(TimeUnit::Milliseconds, _) => moments(1e-3),
        DataType::Decimal(..) => {
            let numbers = column.cast(&DataType::Float64)?;
            Ok(Values::Numbers(numbers.f64()?.iter().collect()))
        }
        dtype if dtype.is_primitive_numeric() || dtype.is_null() => Ok(Values::Numbers(numbers()?)),
        _ => {
            let texts = column.cast(&DataType::String)?;
            Ok(Values::Texts(texts.str()?.rechunk().into_owned()))
        }
    }
}

/// Lets polars read a part of the file.
fn read<T>(path: &Path, framing: Framing, part: impl FnOnce() -> PolarsResult<T>) -> Result<T> {
    let refused = |error: PolarsError| {
        let text = error.to_string();
        let reason = text.lines().next().unwrap_or("unknown format");
        Error::Format(format!("can't be read: {reason}"))
    };
    let done = guarded(&framing.to_string(), || part().map_err(refused));
    done.map_err(|error| error.in_file(path))
}
