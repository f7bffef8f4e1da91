//! Parquet files, in batches of rows.

use super::Raw;
use super::delimited::Passed;
use crate::error::{Error, Result};
use polars::prelude::*;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// How many cells are in memory at once.
const BATCH_CELLS: usize = 1 << 22;

/// A Parquet file whose header was read.
pub(super) struct Parquet {
    schema: Arc<ArrowSchema>,
}

/// Some rows of the columns asked for.
pub(super) struct Batch {
    n_rows: usize,
    columns: Vec<Values>,
}

enum Values {
    Numbers(Vec<Option<f64>>),
    Texts(StringChunked),
}

impl Batch {
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    pub fn cell(&self, index: usize, row: usize) -> Raw<'_> {
        match &self.columns[index] {
            Values::Numbers(numbers) => numbers[row].map_or(Raw::Null, Raw::Number),
            Values::Texts(texts) => texts.get(row).map_or(Raw::Null, Raw::Text),
        }
    }
}

impl Parquet {
    pub fn open(path: &Path) -> Result<(Vec<String>, Self)> {
        let mut file = opened(path)?;
        let schema = ParquetReader::new(&mut file)
            .schema()
            .map_err(|error| refuse(path, &error))?;
        let n_rows = ParquetReader::new(&mut file).num_rows();
        if n_rows.map_err(|error| refuse(path, &error))? == 0 {
            return Err(Error::content(path, "has a header, but no rows"));
        }
        let names = schema.iter_names().map(|name| name.to_string()).collect();
        Ok((names, Self { schema }))
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
        let mut file = opened(path)?;
        let batch = |frame: &DataFrame| -> Result<Batch> {
            let values = columns
                .iter()
                .map(|&column| values(frame, &names[column]).map_err(|error| refuse(path, &error)));
            Ok(Batch {
                n_rows: frame.height(),
                columns: values.collect::<Result<_>>()?,
            })
        };
        let metadata = {
            let mut reader = ParquetReader::new(&mut file);
            reader.get_metadata().cloned()
        };
        let metadata = metadata.map_err(|error| refuse(path, &error))?;
        let n_rows = metadata.num_rows;
        let batch_size = (BATCH_CELLS / columns.len().max(1)).clamp(1 << 10, 1 << 18);
        for first in (0..n_rows).step_by(batch_size) {
            // The file is mapped anew for each batch, so that what was read leaves the memory.
            let mut reader = ParquetReader::new(&mut file)
                .with_projection(Some(columns.to_vec()))
                .with_slice(Some((first, batch_size)))
                .read_parallel(ParallelStrategy::RowGroups)
                .set_rechunk(true);
            reader.set_metadata(metadata.clone());
            let frame = reader.finish().map_err(|error| refuse(path, &error))?;
            visit(first + 1, &batch(&frame)?)?;
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
                    "column \"{name}\" holds {found}; only numbers and texts are read, leave it out \
                     with --exclude or save it as numbers"
                ),
            )),
        }
    }

    /// What a column of neither numbers nor texts holds.
    pub fn unread_kind(&self, column: usize) -> Option<&'static str> {
        use ArrowDataType as Type;
        let (_, field) = self.schema.get_at_index(column)?;
        match &field.dtype {
            dtype if is_number(dtype) || is_text(dtype) => None,
            Type::Date32
            | Type::Date64
            | Type::Time32(_)
            | Type::Time64(_)
            | Type::Timestamp(..) => Some("dates or times"),
            Type::Decimal(..) => Some("decimals"),
            _ => Some("values of another kind"),
        }
    }
}

fn opened(path: &Path) -> Result<File> {
    File::open(path).map_err(|source| Error::file(path, source))
}

fn is_number(dtype: &ArrowDataType) -> bool {
    use ArrowDataType as Type;
    match dtype {
        Type::Null | Type::Boolean | Type::Float32 | Type::Float64 => true,
        Type::Int8 | Type::Int16 | Type::Int32 | Type::Int64 => true,
        Type::UInt8 | Type::UInt16 | Type::UInt32 | Type::UInt64 => true,
        Type::Dictionary(_, inner, _) => is_number(inner),
        _ => false,
    }
}

fn is_text(dtype: &ArrowDataType) -> bool {
    use ArrowDataType as Type;
    match dtype {
        Type::Utf8 | Type::LargeUtf8 | Type::Utf8View => true,
        Type::Dictionary(_, inner, _) => is_text(inner),
        _ => false,
    }
}

fn values(frame: &DataFrame, name: &str) -> PolarsResult<Values> {
    let column = frame.column(name)?;
    if column.dtype().is_primitive_numeric() || column.dtype().is_null() {
        let numbers = column.cast(&DataType::Float64)?;
        return Ok(Values::Numbers(numbers.f64()?.iter().collect()));
    }
    let texts = column.cast(&DataType::String)?;
    Ok(Values::Texts(texts.str()?.rechunk().into_owned()))
}

fn refuse(path: &Path, error: &PolarsError) -> Error {
    let text = error.to_string();
    let reason = text.lines().next().unwrap_or("unknown format");
    Error::content(path, format!("can't be read: {reason}"))
}
