//! A uniform sample of rows, drawn while they pass.

use super::entries::Entry;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Keeps so many rows that each set of them is as likely (Vitter 1985, algorithm R): the first
/// ones, and then the n-th in the place of a random one, with a chance of `max_rows / n`.
pub(super) struct Reservoir {
    n_columns: usize,
    max_rows: usize,
    rng: ChaCha8Rng,
    n_seen: usize,
    /// The kept rows, each by its number among those seen.
    kept: Vec<usize>,
    /// `(n_kept, n_columns)`.
    entries: Vec<Entry>,
}

impl Reservoir {
    pub fn new(n_columns: usize, max_rows: Option<usize>, seed: u64) -> Self {
        Self {
            n_columns,
            max_rows: max_rows.unwrap_or(usize::MAX),
            rng: ChaCha8Rng::seed_from_u64(seed),
            n_seen: 0,
            kept: Vec::new(),
            entries: Vec::new(),
        }
    }

    pub fn offer(&mut self, row: &[Entry]) {
        if self.kept.len() < self.max_rows {
            self.kept.push(self.n_seen);
            self.entries.extend(row);
        } else {
            let place = self.rng.random_range(0..=self.n_seen as u64) as usize;
            if place < self.max_rows {
                self.kept[place] = self.n_seen;
                let start = place * self.n_columns;
                self.entries[start..start + self.n_columns].copy_from_slice(row);
            }
        }
        self.n_seen += 1;
    }

    pub fn n_kept(&self) -> usize {
        self.kept.len()
    }

    /// One column of the kept rows, in the order in which they came.
    pub fn column(&self, index: usize) -> Vec<Entry> {
        let mut places: Vec<usize> = (0..self.kept.len()).collect();
        places.sort_unstable_by_key(|&place| self.kept[place]);
        let entries = places
            .iter()
            .map(|place| self.entries[place * self.n_columns + index]);
        entries.collect()
    }
}
