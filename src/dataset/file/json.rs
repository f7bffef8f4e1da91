//! JSON objects, one for each row, as CSV.

use crate::error::{Error, Result};
use serde_json::{Map, Value};
use std::path::Path;

/// Whether a file holds objects: one in each line, or a list of them.
pub(super) fn is_json(start: &[u8]) -> bool {
    let mut bytes = start.iter().filter(|byte| !byte.is_ascii_whitespace());
    let first = (bytes.next(), bytes.next());
    matches!(first, (Some(b'{'), Some(b'"')) | (Some(b'['), Some(b'{')))
}

/// The rows under a header of all keys, in the order in which they come; what a row lacks is empty.
pub(super) fn to_csv(path: &Path, bytes: &[u8]) -> Result<Vec<u8>> {
    let rows = rows(path, bytes)?;
    let mut names: Vec<&str> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        // Rows mostly have the keys of the row before them.
        if index > 0 && row.keys().eq(rows[index - 1].keys()) {
            continue;
        }
        for name in row.keys() {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
    }
    let failed = |error: csv::Error| Error::content(path, format!("can't be read: {error}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&names).map_err(failed)?;
    for row in &rows {
        let cells = names.iter().map(|name| match row.get(*name) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
        });
        writer.write_record(cells).map_err(failed)?;
    }
    let written = writer.into_inner();
    written.map_err(|error| failed(error.into_error().into()))
}

fn rows(path: &Path, bytes: &[u8]) -> Result<Vec<Map<String, Value>>> {
    let bytes = bytes.trim_ascii();
    let read = if bytes.starts_with(b"[") {
        serde_json::from_slice(bytes)
    } else {
        let objects = serde_json::Deserializer::from_slice(bytes);
        objects.into_iter().collect()
    };
    read.map_err(|error| {
        let reason = format!("is no list of JSON objects, nor one in each line: {error}");
        Error::content(path, reason)
    })
}
