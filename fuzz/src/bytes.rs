//! Mutations of bytes that know no structure.

use crate::readers::Rng;
use rand::RngExt;

/// How many mutations an input gets at most. Most get one or two: what is broken everywhere is refused at
/// the first byte.
const MAX_MUTATIONS: u32 = 8;

/// Numbers at which counts, lengths and shapes go wrong.
pub const NUMBERS: [u64; 16] = [
    0,
    1,
    2,
    7,
    0x7f,
    0x80,
    0xff,
    0x100,
    0x7fff,
    0xffff,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    1 << 40,
    i64::MAX as u64,
    u64::MAX,
];

/// A few random mutations.
pub fn mutated(rng: &mut Rng, seed: &[u8]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    let n_mutations = 1 << rng.random_range(0..=MAX_MUTATIONS.ilog2());
    for _ in 0..n_mutations {
        mutate(rng, &mut bytes);
    }
    bytes
}

fn mutate(rng: &mut Rng, bytes: &mut Vec<u8>) {
    if bytes.is_empty() {
        bytes.push(rng.random());
        return;
    }
    let at = place(rng, bytes.len());
    match rng.random_range(0..9) {
        0 => bytes[at] ^= 1 << rng.random_range(0..8),
        1 => bytes[at] = rng.random(),
        2 => bytes.truncate(at),
        3 => bytes.insert(at, rng.random()),
        4 => {
            let end = (at + rng.random_range(1..64)).min(bytes.len());
            bytes.drain(at..end);
        }
        5 => {
            let end = (at + rng.random_range(1..64)).min(bytes.len());
            let part = bytes[at..end].to_vec();
            let to = place(rng, bytes.len());
            bytes.splice(to..to, part);
        }
        6 | 7 => {
            let number = pick(rng, &NUMBERS).to_le_bytes();
            let width = 1 << rng.random_range(0..4);
            let is_big = rng.random_bool(0.3);
            for (offset, place) in bytes[at..].iter_mut().take(width).enumerate() {
                *place = number[if is_big { width - 1 - offset } else { offset }];
            }
        }
        _ => {
            let n = 1 << rng.random_range(0..12);
            let filler = bytes[at];
            bytes.splice(at..at, std::iter::repeat_n(filler, n));
        }
    }
}

/// A place, in every third case near the end, where many formats keep their tables of contents.
fn place(rng: &mut Rng, n: usize) -> usize {
    let start = if rng.random_bool(0.33) {
        n.saturating_sub(64)
    } else {
        0
    };
    rng.random_range(start..n)
}

pub fn pick<'a, T>(rng: &mut Rng, from: &'a [T]) -> &'a T {
    &from[rng.random_range(0..from.len())]
}

/// Text made of words: some words of the seed are left out, repeated, or replaced by others.
pub fn reworded(rng: &mut Rng, seed: &[u8], words: &[&str]) -> Vec<u8> {
    let text = String::from_utf8_lossy(seed);
    let mut parts = split(&text);
    for _ in 0..rng.random_range(1..6) {
        let at = rng.random_range(0..=parts.len());
        let word = pick(rng, words);
        match (rng.random_range(0..5), parts.get(at).cloned()) {
            (0, Some(_)) => drop(parts.remove(at)),
            (1, Some(part)) => parts.insert(at, part),
            (2, Some(_)) => parts[at] = word.to_string(),
            (3, Some(part)) => {
                let n = 1 << rng.random_range(0..14);
                parts[at] = part.repeat(n.min(1 + 100_000 / part.len().max(1)));
            }
            _ => parts.insert(at, word.to_string()),
        }
    }
    parts.concat().into_bytes()
}

/// Words and numbers, and every other character alone.
fn split(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut before = false;
    for c in text.chars() {
        let is_of_word = c.is_alphanumeric() || c == '_';
        match parts.last_mut() {
            Some(part) if is_of_word && before => part.push(c),
            _ => parts.push(c.to_string()),
        }
        before = is_of_word;
    }
    parts
}
