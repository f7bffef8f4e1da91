//! What all cells of a column are, before any is taken: each is read by what the others show.

use super::TableFile;
use super::cell::{Cell, MissingValues, Raw, Seen};
use super::delimited::Passed;
use super::marks::{Marks, ShownMarks, marks_said};
use crate::dataset::names::is_identifier;
use crate::error::Result;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The most values that a text column may have.
pub(crate) const MAX_LEVELS: usize = 20;

/// With at least this share of numbers, a column holds numbers, and its other cells are slips.
const NUMBERS: f64 = 0.9;

/// How many slips are named.
const MAX_SLIPS: usize = 3;

/// The rows by which an identifier is known.
const MAX_IDENTIFIERS: usize = 100_000;

/// What is known of the columns asked for.
pub(crate) struct Survey {
    pub passed: Passed,
    pub facts: Vec<Facts>,
    pub marks: Marks,
    has_decimal_commas: bool,
    missing: MissingValues,
}

/// What the cells of one column are.
#[derive(Default)]
pub(crate) struct Facts {
    pub n_missing: usize,
    n_numbers: usize,
    n_texts: usize,
    /// Dates and times: how many there are, and the first of them with either order of the month.
    n_moments: usize,
    earliest: [f64; 2],
    n_month_first: [usize; 2],
    has_time: bool,
    has_open_order: bool,
    /// The first texts beside numbers, with their rows.
    slips: Vec<(usize, String)>,
    /// The different words, up to one more than may be encoded.
    levels: HashSet<String>,
    marks: ShownMarks,
    /// Currencies and percent signs, with the first row of each; the empty one is a plain number.
    signs: Vec<(String, usize)>,
    /// The number of each row comes to this, whatever their order.
    numbering: u64,
    has_whole_numbers: bool,
    /// What identifies the column's cells in their order.
    pub signature: u64,
    first: Option<u64>,
    is_varied: bool,
    /// The different numbers of a column that is called an identifier.
    distinct: Option<HashSet<u64>>,
    is_repeated: bool,
}

impl TableFile<'_> {
    /// Looks at all cells of these columns.
    pub fn survey(&self, columns: &[usize]) -> Result<Survey> {
        let missing = MissingValues::new(&self.options.missing);
        let mut facts: Vec<Facts> = columns
            .iter()
            .map(|&column| Facts::new(is_identifier(&self.names()[column])))
            .collect();
        let passed = self.visit(columns, |row| {
            for (index, facts) in facts.iter_mut().enumerate() {
                let raw = row.cell(index);
                facts.add(row.number, Seen::new(raw, &missing), raw);
            }
            Ok(())
        })?;
        let name = |&column: &usize| self.names()[column].as_str();
        let shown = facts.iter().zip(columns.iter().map(name));
        let shown = shown.filter(|(facts, _)| facts.n_numbers > facts.n_texts);
        let shown: Vec<_> = shown.map(|(facts, name)| (&facts.marks, name)).collect();
        let marks = Marks::new(&shown, &self.options);
        let (marks, has_decimal_commas) = marks.map_err(|error| error.in_file(self.path()))?;
        Ok(Survey {
            passed,
            facts,
            marks,
            has_decimal_commas,
            missing,
        })
    }
}

impl Survey {
    /// How the cells of a column are read.
    pub fn conversion(&self, index: usize) -> Conversion {
        let facts = &self.facts[index];
        Conversion {
            marks: self.marks,
            missing: self.missing.clone(),
            moments: facts.moments(),
        }
    }

    /// What was concluded about numbers and lines, for the summary.
    pub fn parts(&self) -> Vec<String> {
        let mut parts = marks_said(self.marks, self.has_decimal_commas);
        if self.passed.n_comments > 0 {
            let lines = super::dialect::lines(self.passed.n_comments);
            parts.push(format!("comments skipped ({lines})"));
        }
        if self.passed.is_windows {
            parts.push("Windows-1252 text (Latin-1)".to_string());
        }
        parts
    }
}

/// How the cells of one column are read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Conversion {
    marks: Marks,
    missing: MissingValues,
    /// The first moment of a column of dates or times, and whether months stand before days.
    moments: Option<(f64, bool)>,
}

impl Conversion {
    /// Whether all cells are dates or times.
    pub fn is_of_moments(&self) -> bool {
        self.moments.is_some()
    }

    /// A cell of the column. Dates and times are seconds since the first of them.
    pub fn cell<'a>(&self, raw: Raw<'a>) -> Cell<'a> {
        match (Seen::new(raw, &self.missing), self.moments) {
            (Seen::Number(numeral), _) => Cell::Number(self.marks.number(numeral.value)),
            (Seen::Moment(moment), Some((first, is_month_first))) => {
                Cell::Number(moment.seconds(is_month_first) - first)
            }
            (Seen::Moment(_), None) => Cell::Date,
            (Seen::Text(text), _) => Cell::Text(text),
            (Seen::Missing(text), _) => Cell::Missing(text),
        }
    }
}

impl Facts {
    fn new(is_identifier: bool) -> Self {
        Self {
            distinct: is_identifier.then(HashSet::new),
            earliest: [f64::INFINITY; 2],
            has_whole_numbers: true,
            ..Self::default()
        }
    }

    fn add(&mut self, row: usize, seen: Seen, raw: Raw) {
        let hash = match seen {
            Seen::Missing(_) => {
                self.n_missing += 1;
                0
            }
            Seen::Number(numeral) => {
                self.n_numbers += 1;
                self.add_sign(row, numeral.sign);
                self.marks.add(row, numeral.value, raw);
                let number = Marks::default().number(numeral.value);
                self.has_whole_numbers &= number.fract() == 0.0;
                hash_of((number + 0.0).to_bits())
            }
            Seen::Moment(moment) => {
                self.n_moments += 1;
                self.has_time |= moment.has_time;
                self.has_open_order |= moment.other_seconds.is_some();
                if let Some(is_month_first) = moment.is_month_first {
                    self.n_month_first[usize::from(is_month_first)] += 1;
                }
                for (earliest, is_month_first) in self.earliest.iter_mut().zip([false, true]) {
                    *earliest = earliest.min(moment.seconds(is_month_first));
                }
                hash_of(moment.seconds.to_bits())
            }
            Seen::Text(text) => {
                self.n_texts += 1;
                if self.slips.len() < MAX_SLIPS {
                    self.slips.push((row, text.to_string()));
                }
                if self.levels.len() <= MAX_LEVELS && !self.levels.contains(text) {
                    self.levels.insert(text.to_string());
                }
                let mut hasher = DefaultHasher::new();
                text.hash(&mut hasher);
                hasher.finish()
            }
        };
        self.signature = hash_of(self.signature.wrapping_add(hash));
        self.numbering = self.numbering.wrapping_add(hash);
        if !matches!(seen, Seen::Missing(_)) {
            self.is_varied |= *self.first.get_or_insert(hash) != hash;
            let distinct = self.distinct.as_mut();
            if let Some(distinct) = distinct.filter(|known| known.len() < MAX_IDENTIFIERS) {
                self.is_repeated |= !distinct.insert(hash);
            }
        }
    }

    fn add_sign(&mut self, row: usize, sign: &str) {
        if !self.signs.iter().any(|(known, _)| known == sign) {
            self.signs.push((sign.to_string(), row));
        }
    }

    /// The first moment, and whether months stand before days, if all cells are dates or times.
    fn moments(&self) -> Option<(f64, bool)> {
        let is_alone = self.n_moments > 0 && self.n_numbers + self.n_texts == 0;
        let is_month_first = match self.n_month_first {
            [0, 0] if self.has_open_order => return None,
            [0, n] if n > 0 => true,
            [_, 0] => false,
            _ => return None,
        };
        is_alone.then_some((self.earliest[usize::from(is_month_first)], is_month_first))
    }

    /// Dates without a time of day.
    pub fn has_dates_only(&self) -> bool {
        self.n_moments > 0 && self.n_numbers + self.n_texts == 0 && !self.has_time
    }

    pub fn is_empty(&self) -> bool {
        self.n_numbers + self.n_texts + self.n_moments == 0
    }

    /// Whether all cells that aren't missing are the same.
    pub fn is_constant(&self) -> bool {
        self.first.is_some() && !self.is_varied
    }

    pub fn has_numbers(&self) -> bool {
        self.n_numbers > 0 && self.n_texts == 0
    }

    /// Words of which there are too many to encode, or one for each row.
    pub fn has_words_of_rows(&self) -> bool {
        let is_of_words = self.n_texts > self.n_numbers && self.n_texts > 2;
        is_of_words && (self.levels.len() > MAX_LEVELS || self.levels.len() == self.n_texts)
    }

    /// Whether the column has all of the numbers 0 to n - 1, or 1 to n, in any order.
    pub fn numbers_rows(&self, n_rows: usize) -> bool {
        let counting = |first: usize| {
            let numbers = first..first + n_rows;
            let hashes = numbers.map(|number| hash_of((number as f64).to_bits()));
            hashes.fold(0_u64, u64::wrapping_add)
        };
        let is_complete = self.n_numbers == n_rows && self.has_whole_numbers;
        is_complete && (self.numbering == counting(0) || self.numbering == counting(1))
    }

    /// Whether the column is called an identifier and holds whole numbers, none of them twice.
    pub fn is_identifier(&self) -> bool {
        let is_unique = self.distinct.is_some() && !self.is_repeated;
        is_unique && self.has_whole_numbers && self.has_numbers()
    }

    /// Why a column that holds numbers, but for a few cells, can't be read.
    pub fn check_numbers(&self, is_target: bool) -> std::result::Result<(), (usize, String)> {
        let is_numbers = self.n_numbers as f64 >= NUMBERS * (self.n_numbers + self.n_texts) as f64;
        let is_word = |(_, text): &&(usize, String)| {
            !text.eq_ignore_ascii_case("true") && !text.eq_ignore_ascii_case("false")
        };
        let slips: Vec<_> = self.slips.iter().filter(is_word).collect();
        if let Some((row, first)) = slips.first().filter(|_| is_numbers) {
            let others = slips.iter().skip(1);
            let others = others.map(|(row, text)| format!(", row {row} has \"{text}\""));
            let rest = match self.n_texts.saturating_sub(MAX_SLIPS) {
                0 => String::new(),
                n => format!(", and {n} more"),
            };
            let remedy = match (is_target, row) {
                (_, 1) => "--units-row leaves out a row of units below the header",
                (true, _) => {
                    "correct the file, or take the word for a missing cell with \
                              --missing-values"
                }
                (false, _) => {
                    "--exclude leaves the column out, --missing-values takes the word for \
                               a missing cell"
                }
            };
            return Err((
                *row,
                format!(
                    "\"{first}\" is no finite number{}{rest}, but {} other rows have one ({remedy})",
                    others.collect::<String>(),
                    self.n_numbers
                ),
            ));
        }
        let has_percent = self.signs.iter().any(|(sign, _)| sign == "%");
        let counted = self
            .signs
            .iter()
            .filter(|(sign, _)| has_percent || !sign.is_empty());
        match counted.collect::<Vec<_>>().as_slice() {
            [(first, _), (other, row), ..] => Err((
                *row,
                format!(
                    "a number {}, but those before it {}; one unit is needed (convert the column)",
                    with_sign(other),
                    with_sign(first)
                ),
            )),
            _ => Ok(()),
        }
    }

    /// The sign at the column's numbers, which isn't read.
    pub fn sign(&self) -> Option<&str> {
        let mut signs = self.signs.iter().map(|(sign, _)| sign.as_str());
        signs.find(|sign| !sign.is_empty())
    }
}

fn with_sign(sign: &str) -> String {
    match sign {
        "" => "without a sign".to_string(),
        _ => format!("with {sign}"),
    }
}

/// A number in which every bit depends on every bit of the given one (Steele, Lea & Flood 2014,
/// splitmix64).
fn hash_of(bits: u64) -> u64 {
    let mixed = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
