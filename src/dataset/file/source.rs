//! The bytes of a table's file, which are read twice: once to look, once to take.

use super::json::{is_json, to_csv};
use crate::error::{Error, Result};
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;

/// How much is looked at first, and read at once.
pub(super) const BUFFER_SIZE: usize = 1 << 20;

/// A path that stands for standard input.
const STANDARD_INPUT: &str = "-";

/// Where a table's bytes come from.
pub(super) enum Source {
    File,
    /// What can be read only once, or had to be unpacked, and what is to be said of it.
    Memory(Arc<[u8]>, Option<String>),
}

impl Source {
    /// Opens a file; what is packed by gzip or zstd is unpacked, UTF-16 becomes UTF-8, and JSON and
    /// sheets become CSV.
    pub fn open(path: &Path, sheet: Option<&str>) -> Result<Self> {
        let failed = |source| Error::file(path, source);
        let is_standard_input = path == Path::new(STANDARD_INPUT);
        let mut bytes = Vec::new();
        let mut is_file = false;
        let mut opened: Box<dyn Read> = if is_standard_input {
            Box::new(std::io::stdin())
        } else {
            let metadata = std::fs::metadata(path).map_err(failed)?;
            if metadata.is_dir() {
                let reason = "is a folder; a text or Parquet file is needed";
                return Err(Error::content(path, reason));
            }
            is_file = metadata.is_file();
            Box::new(File::open(path).map_err(failed)?)
        };
        let is_other = |start: &[u8]| {
            let mut magics = OTHERS.iter().map(|(magic, _)| *magic).chain(WORKBOOKS);
            is_json(start) || magics.any(|magic| start.starts_with(magic))
        };
        if is_file {
            let mut start = opened.take(64);
            start.read_to_end(&mut bytes).map_err(failed)?;
            if !is_other(&bytes) {
                return match sheet {
                    None => Ok(Self::File),
                    Some(_) => Err(Error::content(path, NO_WORKBOOK)),
                };
            }
            opened = start.into_inner();
        }
        opened.read_to_end(&mut bytes).map_err(failed)?;
        let mut bytes = unpacked(path, bytes)?;
        if WORKBOOKS.iter().any(|magic| bytes.starts_with(magic)) {
            let (csv, said) = sheet_to_csv(path, bytes, sheet)?;
            return Ok(Self::Memory(csv.into(), said));
        }
        if sheet.is_some() {
            return Err(Error::content(path, NO_WORKBOOK));
        }
        if is_json(&bytes) {
            bytes = to_csv(path, &bytes)?;
        }
        Ok(Self::Memory(bytes.into(), None))
    }

    /// What is to be said of the file beside its dialect.
    pub fn said(&self) -> Option<&str> {
        match self {
            Self::Memory(_, said) => said.as_deref(),
            Self::File => None,
        }
    }

    /// Reads from the start.
    pub fn reader(&self, path: &Path) -> Result<Box<dyn BufRead>> {
        Ok(match self {
            Self::Memory(bytes, _) => Box::new(Cursor::new(bytes.clone())),
            Self::File => {
                let file = File::open(path).map_err(|source| Error::file(path, source))?;
                Box::new(BufReader::with_capacity(BUFFER_SIZE, file))
            }
        })
    }

    /// The first bytes, up to the end of a line.
    pub fn start(&self, path: &Path) -> Result<Vec<u8>> {
        let failed = |source| Error::file(path, source);
        let mut start = Vec::new();
        let mut reader = self.reader(path)?.take(BUFFER_SIZE as u64);
        reader.read_to_end(&mut start).map_err(failed)?;
        let is_whole = reader.into_inner().fill_buf().map_err(failed)?.is_empty();
        if !is_whole && let Some(end) = start.iter().rposition(|byte| b"\n\r".contains(byte)) {
            start.truncate(end);
        }
        Ok(start)
    }
}

/// What a table begins with that isn't plain text.
const OTHERS: [(&[u8], Packing); 4] = [
    (b"\x1f\x8b", Packing::Gzip),
    (b"\x28\xb5\x2f\xfd", Packing::Zstd),
    (b"\xff\xfe", Packing::Utf16(u16::from_le_bytes)),
    (b"\xfe\xff", Packing::Utf16(u16::from_be_bytes)),
];

/// What workbooks begin with: archives, and the files of Excel before 2007.
const WORKBOOKS: [&[u8]; 2] = [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"];

const NO_WORKBOOK: &str = "is no workbook, so no sheet can be chosen (--sheet)";

#[derive(Clone, Copy)]
enum Packing {
    Gzip,
    Zstd,
    Utf16(fn([u8; 2]) -> u16),
}

fn unpacked(path: &Path, bytes: Vec<u8>) -> Result<Vec<u8>> {
    let other = OTHERS.iter().find(|(magic, _)| bytes.starts_with(magic));
    match other.map(|(_, packing)| *packing) {
        None => Ok(bytes),
        Some(packing @ (Packing::Gzip | Packing::Zstd)) => decompressed(path, packing, &bytes),
        Some(Packing::Utf16(from_bytes)) => {
            let units = bytes
                .chunks_exact(2)
                .map(|pair| from_bytes([pair[0], pair[1]]));
            let text = char::decode_utf16(units).collect::<std::result::Result<String, _>>();
            let text =
                text.map_err(|_| Error::content(path, "is broken UTF-16 text; save it as UTF-8"));
            text.map(String::into_bytes)
        }
    }
}

#[cfg(feature = "excel")]
fn sheet_to_csv(
    path: &Path,
    bytes: Vec<u8>,
    sheet: Option<&str>,
) -> Result<(Vec<u8>, Option<String>)> {
    super::workbook::to_csv(path, bytes.into(), sheet)
}

#[cfg(not(feature = "excel"))]
fn sheet_to_csv(path: &Path, _: Vec<u8>, _: Option<&str>) -> Result<(Vec<u8>, Option<String>)> {
    let reason = "is a workbook, which only builds with the feature excel read; export it as CSV";
    Err(Error::content(path, reason))
}

/// What may be unpacked in any case, in bytes. It stays in memory: with twice as much, a small file could
/// fill that of a small machine; half of it would refuse tables of ten million numbers.
#[cfg(feature = "parquet")]
const MAX_UNPACKED: usize = 1 << 29;
/// What may be unpacked of a larger file, relative to its size. Tables of numbers shrink to a fifth, those
/// of repeated words to a tenth.
#[cfg(feature = "parquet")]
const MAX_RATIO: usize = 20;

#[cfg(feature = "parquet")]
fn decompressed(path: &Path, packing: Packing, bytes: &[u8]) -> Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    let limit = bytes.len().saturating_mul(MAX_RATIO).max(MAX_UNPACKED);
    let mut read =
        |decoder: &mut dyn Read| decoder.take(limit as u64 + 1).read_to_end(&mut unpacked);
    let done = match packing {
        Packing::Gzip => read(&mut flate2::read::MultiGzDecoder::new(bytes)),
        _ => zstd::stream::read::Decoder::new(bytes).and_then(|mut decoder| read(&mut decoder)),
    };
    done.map_err(|error| Error::content(path, format!("can't be unpacked: {error}")))?;
    if unpacked.len() > limit {
        let limit = MAX_UNPACKED >> 20;
        let reason = format!(
            "is larger than {limit} MiB when it is unpacked, and than {MAX_RATIO} times the file; \
             unpack it first"
        );
        return Err(Error::content(path, reason));
    }
    Ok(unpacked)
}

#[cfg(not(feature = "parquet"))]
fn decompressed(path: &Path, _: Packing, _: &[u8]) -> Result<Vec<u8>> {
    let reason = "is compressed, which only builds with the feature parquet read; unpack it first";
    Err(Error::content(path, reason))
}
