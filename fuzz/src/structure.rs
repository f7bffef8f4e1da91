//! Mutations that keep a container valid, and change what is in it.

use crate::bytes::{NUMBERS, mutated, pick};
use crate::readers::Rng;
use rand::RngExt;
use serde_json::{Map, Value, json};
use std::io::{Cursor, Read, Write};
use zip::write::FileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// How deep nesting goes that is meant to be too deep.
const DEPTH: usize = 100_000;

/// A JSON value of which some parts are others. Keys may then occur twice.
pub fn json(rng: &mut Rng, seed: &[u8]) -> Vec<u8> {
    let Ok(mut value) = serde_json::from_slice::<Value>(seed) else {
        return mutated(rng, seed);
    };
    for _ in 0..rng.random_range(1..4) {
        mutate_json(rng, &mut value);
    }
    let mut text = value.to_string();
    match rng.random_range(0..12) {
        0 => {
            let (open, close) = *pick(rng, &[("[", "]"), ("{\"a\":", "}")]);
            text = open.repeat(DEPTH) + &text + &close.repeat(DEPTH);
        }
        1 => {
            if let Some(colon) = text.find(':') {
                let start = text[..colon].rfind(['{', ',']).map_or(0, |at| at + 1);
                let key = text[start..=colon].to_string();
                text.insert_str(start, &format!("{key}null,"));
            }
        }
        2 => {
            text = text.replacen(
                '1',
                pick::<&str>(rng, &["NaN", "Infinity", "1e999", "-0"]),
                3,
            )
        }
        _ => {}
    }
    text.into_bytes()
}

fn mutate_json(rng: &mut Rng, value: &mut Value) {
    let is_here = rng.random_bool(0.25);
    match value {
        Value::Array(values) if !values.is_empty() && !is_here => {
            let at = rng.random_range(0..values.len());
            match rng.random_range(0..8) {
                0 => drop(values.remove(at)),
                1 => {
                    let copy = values[at].clone();
                    let n = 1 << rng.random_range(0..10);
                    values.extend(std::iter::repeat_n(copy, n));
                }
                _ => mutate_json(rng, &mut values[at]),
            }
        }
        Value::Object(fields) if !fields.is_empty() && !is_here => mutate_fields(rng, fields),
        _ => *value = odd_value(rng),
    }
}

fn mutate_fields(rng: &mut Rng, fields: &mut Map<String, Value>) {
    let at = rng.random_range(0..fields.len());
    let Some(key) = fields.keys().nth(at).cloned() else {
        return;
    };
    match rng.random_range(0..8) {
        0 => drop(fields.remove(&key)),
        1 => {
            let copy = fields[&key].clone();
            fields.insert(format!("{key}2"), copy);
        }
        2 => {
            if let Some(value) = fields.remove(&key) {
                fields.insert("\u{1b}[31m, \"".into(), value);
            }
        }
        _ => {
            if let Some(value) = fields.get_mut(&key) {
                mutate_json(rng, value);
            }
        }
    }
}

fn odd_value(rng: &mut Rng) -> Value {
    match rng.random_range(0..10) {
        0 => Value::Null,
        1 => json!([]),
        2 => json!({}),
        3 => json!("x1**2"),
        4 => json!(-1),
        5 => json!(1e308),
        6 => json!("a".repeat(1 << rng.random_range(0..12))),
        7 => json!([[1.0, 2.0], [3.0]]),
        8 => json!(true),
        _ => json!(pick(rng, &NUMBERS)),
    }
}

/// A safetensors file whose header is mutated as JSON, with a length that fits or not.
pub fn safetensors(rng: &mut Rng, seed: &[u8]) -> Vec<u8> {
    let Some((length, rest)) = seed.split_first_chunk::<8>() else {
        return mutated(rng, seed);
    };
    let length = u64::from_le_bytes(*length) as usize;
    let Some((header, numbers)) = rest.split_at_checked(length) else {
        return mutated(rng, seed);
    };
    let header = if rng.random_bool(0.3) {
        described(rng, header)
    } else {
        json(rng, header)
    };
    let told = match rng.random_range(0..10) {
        0 => *pick(rng, &NUMBERS),
        _ => header.len() as u64,
    };
    let numbers = if rng.random_bool(0.2) {
        mutated(rng, numbers)
    } else {
        numbers.to_vec()
    };
    [told.to_le_bytes().as_slice(), &header, &numbers].concat()
}

/// A header in which JSON stands as text, as this library's description does.
fn described(rng: &mut Rng, header: &[u8]) -> Vec<u8> {
    let Ok(mut value) = serde_json::from_slice::<Value>(header) else {
        return mutated(rng, header);
    };
    let inner = value
        .pointer_mut("/__metadata__/closedform")
        .filter(|text| text.is_string());
    if let Some(text) = inner {
        let mutated = json(rng, text.as_str().unwrap_or_default().as_bytes());
        *text = Value::String(String::from_utf8_lossy(&mutated).into_owned());
    }
    value.to_string().into_bytes()
}

/// An archive of which one file is mutated, left out, doubled, renamed or made huge.
pub fn archive(
    rng: &mut Rng,
    seed: &[u8],
    mutate: impl Fn(&mut Rng, &str, &[u8]) -> Vec<u8>,
) -> Vec<u8> {
    let Some(mut files) = unpacked(seed) else {
        return mutated(rng, seed);
    };
    let at = rng.random_range(0..files.len());
    match rng.random_range(0..16) {
        0 => drop(files.remove(at)),
        1 => {
            let copy = files[at].clone();
            files.push(copy);
        }
        2 => files[at].0 += "\u{1b}[31m",
        // Zeros, which pack a thousand to one.
        3 => files[at].1 = vec![0; 1 << rng.random_range(20..27)],
        4 => return mutated(rng, seed),
        _ => {
            let (name, content) = &files[at];
            let content = mutate(rng, name, content);
            files[at].1 = content;
        }
    }
    packed(&files).unwrap_or_else(|| mutated(rng, seed))
}

fn unpacked(bytes: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let files = (0..archive.len()).map(|index| {
        let mut file = archive.by_index(index).ok()?;
        let mut content = Vec::new();
        file.read_to_end(&mut content).ok()?;
        Some((file.name().to_string(), content))
    });
    files
        .collect::<Option<Vec<_>>>()
        .filter(|files| !files.is_empty())
}

pub fn packed(files: &[(String, Vec<u8>)]) -> Option<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        let is_large = content.len() > 1 << 16;
        let method = if is_large {
            CompressionMethod::Deflated
        } else {
            CompressionMethod::Stored
        };
        let options = FileOptions::default().compression_method(method);
        archive.start_file(name.as_str(), options).ok()?;
        archive.write_all(content).ok()?;
    }
    Some(archive.finish().ok()?.into_inner())
}

/// A pickle with some opcodes more, or none but random ones.
pub fn pickle(rng: &mut Rng, seed: &[u8]) -> Vec<u8> {
    /// What doubles, nests, marks and recalls.
    const CODES: [&[u8]; 20] = [
        b"2", b"(", b")", b"]", b"}", b"t", b"l", b"d", b"s", b"u", b"a", b"e", b"R", b"b", b"Q",
        b"0", b"\x85", b"\x86", b"\x94", b"h\x00",
    ];
    let mut bytes = if rng.random_bool(0.2) {
        b"\x80\x02}".to_vec()
    } else {
        seed.to_vec()
    };
    let at = rng.random_range(0..=bytes.len());
    let n = 1 << rng.random_range(0..8);
    let part: Vec<u8> = match rng.random_range(0..4) {
        0 => b"2\x86".repeat(n),
        1 => b"\x85".repeat(n << 10),
        _ => (0..n).flat_map(|_| pick(rng, &CODES).to_vec()).collect(),
    };
    bytes.splice(at..at, part);
    if rng.random_bool(0.5) {
        mutated(rng, &bytes)
    } else {
        bytes
    }
}

/// A message in the wire format of protocol buffers, of which some field is mutated, left out, doubled or
/// nested in itself.
pub fn message(rng: &mut Rng, seed: &[u8]) -> Vec<u8> {
    let Some(mut fields) = fields(seed) else {
        return mutated(rng, seed);
    };
    if fields.is_empty() {
        return mutated(rng, seed);
    }
    let at = rng.random_range(0..fields.len());
    match rng.random_range(0..12) {
        0 => drop(fields.remove(at)),
        1 => {
            let copy = fields[at].clone();
            let n = 1 << rng.random_range(0..8);
            fields.extend(std::iter::repeat_n(copy, n));
        }
        2 => {
            let to = rng.random_range(0..fields.len());
            fields.swap(at, to);
        }
        3 => fields[at].0 = (fields[at].0 & 7) | (rng.random_range(1..24) << 3),
        _ => {
            let (key, content) = &mut fields[at];
            *content = match (*key & 7, content.len()) {
                (2, 2..) if rng.random_bool(0.8) => message(rng, content),
                (2, _) => mutated(rng, content),
                (0, _) => varint(*pick(rng, &NUMBERS)),
                (_, n) => (0..n).map(|_| rng.random()).collect(),
            };
        }
    }
    let written = fields.iter().map(|(key, content)| {
        let length = if key & 7 == 2 {
            varint(content.len() as u64)
        } else {
            Vec::new()
        };
        [varint(*key), length, content.clone()].concat()
    });
    written.collect::<Vec<_>>().concat()
}

/// The fields with their keys, if the bytes are such a message as a whole.
fn fields(mut bytes: &[u8]) -> Option<Vec<(u64, Vec<u8>)>> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let key = read_varint(&mut bytes)?;
        let n = match key & 7 {
            0 => {
                let value = read_varint(&mut bytes)?;
                fields.push((key, varint(value)));
                continue;
            }
            1 => 8,
            2 => usize::try_from(read_varint(&mut bytes)?).ok()?,
            5 => 4,
            _ => return None,
        };
        let (content, rest) = bytes.split_at_checked(n)?;
        fields.push((key, content.to_vec()));
        bytes = rest;
    }
    Some(fields)
}

fn read_varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}
