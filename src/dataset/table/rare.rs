//! Words that a single row has.

use super::entries::Entry;

/// The share of the rows that may be left out for such words; of more, the words are encoded.
const MAX_SHARE: f64 = 0.1;

/// A word that one row has, of a column.
pub(super) struct Rare {
    pub column: usize,
    pub word: u32,
}

/// Takes the rows out of all columns in which one of the first `n_inputs` has a word that no other
/// row has: nothing tells its effect from the row's error.
pub(super) fn drop_rare_levels(columns: &mut [Vec<Entry>], n_inputs: usize) -> Vec<Rare> {
    let n_rows = columns.first().map_or(0, Vec::len);
    let mut rare = Vec::new();
    let mut is_left_out = vec![false; n_rows];
    for (column, entries) in columns.iter().enumerate().take(n_inputs) {
        let mut counts: Vec<usize> = Vec::new();
        for entry in entries {
            if let Entry::Word(word) = entry {
                let word = *word as usize;
                counts.resize(counts.len().max(word + 1), 0);
                counts[word] += 1;
            }
        }
        for (row, entry) in entries.iter().enumerate() {
            if let Entry::Word(word) = *entry
                && counts[word as usize] == 1
                && !is_left_out[row]
            {
                is_left_out[row] = true;
                rare.push(Rare { column, word });
            }
        }
    }
    if rare.len() as f64 > MAX_SHARE * n_rows as f64 {
        return Vec::new();
    }
    for entries in columns {
        let mut left_out = is_left_out.iter();
        entries.retain(|_| left_out.next() == Some(&false));
    }
    rare
}
