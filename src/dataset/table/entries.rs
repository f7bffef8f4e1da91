//! Cells as they are kept, and the different values among them.

/// A cell that was read, in 16 bytes, whatever the file has there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Entry {
    Number(f64),
    /// The index of one of the column's words.
    Word(u32),
}

/// The numbers of a column without words.
pub(super) fn numbers(entries: &[Entry]) -> Vec<f64> {
    let numbers = entries.iter().filter_map(|entry| match entry {
        Entry::Number(number) => Some(*number),
        Entry::Word(_) => None,
    });
    numbers.collect()
}

/// Whether all entries are the same, and there is more than one.
pub(super) fn is_constant(entries: &[Entry]) -> bool {
    let is_first = |entry: &Entry| compare(entry, &entries[0]).is_eq();
    entries.len() > 1 && entries.iter().all(is_first)
}

/// Each entry's value as 0, 1 and so on in ascending order, and what each value is called.
///
/// Numbers are compared as such: 10 comes after 9. In a column with words they are words.
pub(super) fn levels(entries: &[Entry], words: &[String]) -> (Vec<usize>, Vec<String>) {
    let mut values = entries.to_vec();
    values.sort_unstable_by(compare);
    values.dedup_by(|a, b| compare(a, b).is_eq());
    let name = |entry: &Entry| match entry {
        Entry::Number(number) => (number + 0.0).to_string(),
        Entry::Word(word) => words[*word as usize].clone(),
    };
    let mut named: Vec<(String, usize)> = values.iter().map(name).zip(0..).collect();
    if !words.is_empty() {
        named.sort_unstable();
    }
    let mut ranks = vec![0; values.len()];
    for (rank, (_, value)) in named.iter().enumerate() {
        ranks[*value] = rank;
    }
    let rank = |entry: &Entry| ranks[values.partition_point(|value| compare(value, entry).is_lt())];
    let of_entries = entries.iter().map(rank).collect();
    (
        of_entries,
        named.into_iter().map(|(name, _)| name).collect(),
    )
}

fn compare(a: &Entry, b: &Entry) -> std::cmp::Ordering {
    match (a, b) {
        // -0 is 0.
        (Entry::Number(a), Entry::Number(b)) => (a + 0.0).total_cmp(&(b + 0.0)),
        (Entry::Word(a), Entry::Word(b)) => a.cmp(b),
        (Entry::Number(_), Entry::Word(_)) => std::cmp::Ordering::Less,
        (Entry::Word(_), Entry::Number(_)) => std::cmp::Ordering::Greater,
    }
}
