//! How the cells of one column become numbers or values by name.

use super::entries::{Entry, levels, numbers};
use super::{Categories, Missing, TableOptions};
use crate::dataset::classes::MAX_CLASSES;
use crate::dataset::file::{Cell, Conversion, Facts, MAX_LEVELS, Raw};
use crate::error::{Error, Result};

/// What a column is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Input,
    /// The target of a classification.
    Classes,
    /// The target of a regression.
    Values,
    /// Numbers beside features and target.
    Beside,
}

/// What is known of a column while its cells pass.
pub(super) struct Column {
    pub name: String,
    pub n_missing: usize,
    /// Cells with another class than those that were named.
    pub n_of_other_classes: usize,
    role: Role,
    conversion: Conversion,
    /// The different words.
    words: Vec<String>,
    /// Other spellings of them.
    spellings: Vec<(u32, String)>,
    /// What a reader may not expect of the column.
    remarks: Vec<String>,
    /// The row of the first of them.
    first_word: usize,
    /// The different numbers of classes.
    numbers: Vec<f64>,
}

impl Column {
    pub fn new(name: &str, role: Role, conversion: Conversion) -> Self {
        Self {
            name: name.to_string(),
            n_missing: 0,
            n_of_other_classes: 0,
            role,
            conversion,
            words: Vec::new(),
            spellings: Vec::new(),
            remarks: Vec::new(),
            first_word: 0,
            numbers: Vec::new(),
        }
    }

    /// What the column is called in messages.
    pub fn described(&self) -> String {
        match self.role {
            Role::Input | Role::Beside => format!("column \"{}\"", self.name),
            Role::Classes | Role::Values => format!("target \"{}\"", self.name),
        }
    }

    pub fn refusal(&self, row: usize, message: String) -> Error {
        Error::Cell {
            row,
            column: self.described(),
            message,
        }
    }

    /// Whether an input has words in place of numbers.
    pub fn is_text(&self) -> bool {
        !self.words.is_empty()
    }

    /// Refuses what can't be read as a whole, and notes what the numbers stand for.
    pub fn check(&mut self, facts: &Facts) -> Result<()> {
        if self.role == Role::Classes {
            return Ok(());
        }
        let is_target = self.role == Role::Values;
        let checked = facts.check_numbers(is_target);
        checked.map_err(|(row, message)| self.refusal(row, message))?;
        let described = self.described();
        if self.conversion.is_of_moments() {
            let remark = format!("{described} holds times, read as seconds since the first");
            self.remarks.push(remark);
        }
        if let Some(sign) = facts.sign() {
            let remark = format!("{described} is read without its sign {sign}: 5 {sign} is 5");
            self.remarks.push(remark);
        }
        Ok(())
    }

    /// What is said of a word that only one row has.
    pub fn rare_remark(&self, word: u32) -> String {
        format!(
            "the only row with \"{}\" in {} is left out (--keep all takes such rows)",
            self.words[word as usize],
            self.described()
        )
    }

    /// What a reader may not expect of the column, a sentence for each.
    pub fn remarks(&self) -> Vec<String> {
        let words = (0..self.words.len() as u32).filter_map(|index| {
            let others = self.spellings.iter().filter(|(word, _)| *word == index);
            let others: Vec<String> = others.map(|(_, text)| format!("\"{text}\"")).collect();
            let (others, word) = (others.join(", "), &self.words[index as usize]);
            (!others.is_empty()).then(|| {
                format!(
                    "{}: {others} taken for \"{word}\" (--match-case keeps them apart)",
                    self.described()
                )
            })
        });
        self.remarks.iter().cloned().chain(words).collect()
    }

    /// Reads the cell of a row; none if the row is left out, because the cell is missing or has
    /// another class than those that were named.
    pub fn read(&mut self, row: usize, raw: Raw, options: &TableOptions) -> Result<Option<Entry>> {
        let cell = self.conversion.cell(raw);
        if matches!(cell, Cell::Missing(_)) && options.missing == Missing::Drop {
            self.n_missing += 1;
            return Ok(None);
        }
        let class = match (self.role, cell) {
            (Role::Classes, Cell::Text(word)) => Some(self.class_word(row, word, options)?),
            (Role::Classes, Cell::Number(number)) => Some(self.class_number(row, number)?),
            _ => None,
        };
        if let Some(class) = class {
            return Ok(self.if_named(class, options));
        }
        let found = match cell.number() {
            Ok(number) => return Ok(Some(Entry::Number(number))),
            Err(found) => found,
        };
        let is_encoded = self.role == Role::Input && options.categories == Categories::OneHot;
        if let Some(word) = cell.category().filter(|_| is_encoded) {
            return self.level(row, word, options).map(Some);
        }
        let allowed = match self.role {
            Role::Classes => "a class is needed",
            Role::Input | Role::Values | Role::Beside => "only finite numbers are allowed",
        };
        let remedy = match (cell, self.role) {
            (Cell::Missing(_), _) => " (--missing drop leaves such rows out)",
            (_, Role::Input) if cell.category().is_some() => {
                " (--exclude leaves the column out, --one-hot encodes its words)"
            }
            (_, Role::Input) => " (--exclude leaves the column out)",
            (_, Role::Beside) => " (give groups as numbers)",
            _ => "",
        };
        Err(self.refusal(row, format!("{found}; {allowed}{remedy}")))
    }

    /// The class, unless two others were named.
    fn if_named(&mut self, class: Entry, options: &TableOptions) -> Option<Entry> {
        let Some(named) = &options.classes else {
            return Some(class);
        };
        if named.iter().any(|name| self.is_called(class, name)) {
            return Some(class);
        }
        self.n_of_other_classes += 1;
        None
    }

    fn is_called(&self, class: Entry, name: &str) -> bool {
        match class {
            Entry::Number(number) => name.parse() == Ok(number),
            Entry::Word(index) => is_same_word(&self.words[index as usize], name),
        }
    }

    /// Refuses a named class that no row has.
    pub fn check_named(&self, options: &TableOptions) -> Result<()> {
        if self.role != Role::Classes {
            return Ok(());
        }
        let words = (0..self.words.len()).map(|index| Entry::Word(index as u32));
        let numbers = self.numbers.iter().copied().map(Entry::Number);
        let found: Vec<Entry> = numbers.chain(words).collect();
        let is_missing = |name: &&String| !found.iter().any(|class| self.is_called(*class, name));
        let Some(missing) = options.classes.iter().flatten().find(is_missing) else {
            return Ok(());
        };
        let (_, names) = levels(&found, &self.words);
        Err(Error::Value(format!(
            "{} has no class \"{missing}\"; its classes are {}",
            self.described(),
            names.join(", ")
        )))
    }

    fn class_word(&mut self, row: usize, word: &str, options: &TableOptions) -> Result<Entry> {
        if let Some(known) = self.known(word, options) {
            return Ok(known);
        }
        self.check_room(row, word)?;
        Ok(self.keep(word))
    }

    fn class_number(&mut self, row: usize, number: f64) -> Result<Entry> {
        if !self.numbers.contains(&number) {
            self.check_room(row, &number.to_string())?;
            self.numbers.push(number);
        }
        Ok(Entry::Number(number))
    }

    fn check_room(&self, row: usize, value: &str) -> Result<()> {
        if self.words.len() + self.numbers.len() < MAX_CLASSES {
            Ok(())
        } else {
            let message = format!(
                "\"{value}\" is one value more than the {MAX_CLASSES} classes that classification \
                 allows (or use --task regression)"
            );
            Err(self.refusal(row, message))
        }
    }

    fn level(&mut self, row: usize, word: &str, options: &TableOptions) -> Result<Entry> {
        if let Some(known) = self.known(word, options) {
            return Ok(known);
        }
        if self.words.is_empty() {
            self.first_word = row;
        }
        if self.words.len() == MAX_LEVELS {
            let message = format!(
                "\"{word}\" is one word more than the {MAX_LEVELS} that --one-hot encodes \
                 (--exclude leaves the column out)"
            );
            return Err(self.refusal(row, message));
        }
        Ok(self.keep(word))
    }

    /// The word, if it was seen before: also in another case, unless that matters.
    fn known(&mut self, word: &str, options: &TableOptions) -> Option<Entry> {
        let is_word =
            |known: &String| known == word || !options.match_case && is_same_word(known, word);
        let index = self.words.iter().position(is_word)?;
        let spelling = (index as u32, word.to_string());
        if self.words[index] != word && !self.spellings.contains(&spelling) {
            self.spellings.push(spelling);
        }
        Some(Entry::Word(index as u32))
    }

    fn keep(&mut self, word: &str) -> Entry {
        self.words.push(word.to_string());
        Entry::Word(self.words.len() as u32 - 1)
    }

    /// The level of each entry of a text column, and the levels' names.
    pub fn levels(&self, entries: &[Entry]) -> Result<(Vec<usize>, Vec<String>)> {
        let (of_rows, names) = levels(entries, &self.words);
        let (name, word, row) = (&self.name, &self.words[0], self.first_word);
        match names.len() {
            1 => Err(Error::Uninformative(format!(
                "column \"{name}\" is \"{}\" in every row; nothing can be learned from that, \
                 --exclude leaves it out",
                names[0]
            ))),
            0..=MAX_LEVELS => Ok((of_rows, names)),
            n_levels => Err(Error::Limit(format!(
                "column \"{name}\" has the word \"{word}\" in row {row}, and {n_levels} different \
                 values; --one-hot encodes at most {MAX_LEVELS} (--exclude leaves the column out)"
            ))),
        }
    }

    /// The targets that the entries stand for, and what the classes are called.
    pub fn target(&self, entries: &[Entry]) -> Result<(Vec<f64>, Vec<String>)> {
        if self.role != Role::Classes {
            return Ok((numbers(entries), Vec::new()));
        }
        let (classes, names) = levels(entries, &self.words);
        match names.len() {
            1 => Err(Error::Uninformative(format!(
                "target \"{}\" is \"{}\" in every row; classification needs two classes",
                self.name, names[0]
            ))),
            _ => Ok((
                classes.into_iter().map(|class| class as f64).collect(),
                names,
            )),
        }
    }
}

/// Whether two spellings are of one word. Single letters in upper and lower case are two things, as
/// the alleles A and a are.
fn is_same_word(one: &str, other: &str) -> bool {
    one == other
        || one.len() > 1 && one.len() == other.len() && one.to_lowercase() == other.to_lowercase()
}
