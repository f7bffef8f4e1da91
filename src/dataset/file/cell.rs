//! What one cell of a table says.

use super::moment::Moment;
use super::number::{Numeral, Value};

/// Words that stand for a missing value, in upper or lower case, beside the empty cell.
const MISSING: [&str; 14] = [
    "na", "n/a", "nan", "-nan", "null", "none", "?", "-", "--", ".", "#n/a", "<na>", "n.a.", "\\n",
];

/// One cell as a file gives it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Raw<'a> {
    #[cfg(feature = "parquet")]
    Null,
    #[cfg(feature = "parquet")]
    Number(f64),
    /// Seconds since 1970, or since midnight.
    #[cfg(feature = "parquet")]
    Moment(f64),
    Text(&'a str),
}

/// What a cell may be; what it is depends on the other cells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Seen<'a> {
    Number(Numeral<'a>),
    Moment(Moment),
    /// Anything else.
    Text(&'a str),
    /// Nothing, or what stands for it.
    Missing(&'a str),
}

/// What stands for a missing value beside the usual words.
#[derive(Debug, Clone, Default)]
pub(crate) struct MissingValues {
    words: Vec<String>,
    numbers: Vec<f64>,
}

impl MissingValues {
    pub fn new(given: &[String]) -> Self {
        let numbers = given.iter().filter_map(|text| text.trim().parse().ok());
        Self {
            numbers: numbers.collect(),
            words: given.iter().map(|text| text.trim().to_string()).collect(),
        }
    }

    fn has_number(&self, value: Value) -> bool {
        matches!(value, Value::One { number, .. } if self.numbers.contains(&number))
    }
}

impl<'a> Seen<'a> {
    pub fn new(raw: Raw<'a>, missing: &MissingValues) -> Self {
        match raw {
            #[cfg(feature = "parquet")]
            Raw::Null => Self::Missing(""),
            #[cfg(feature = "parquet")]
            Raw::Number(number) => match number {
                _ if number.is_nan() => Self::Missing("NaN"),
                f64::INFINITY => Self::Text("inf"),
                f64::NEG_INFINITY => Self::Text("-inf"),
                _ if missing.numbers.contains(&number) => Self::Missing("the number"),
                _ => Self::Number(Numeral::from(number)),
            },
            #[cfg(feature = "parquet")]
            Raw::Moment(seconds) => Self::Moment(Moment::from_seconds(seconds)),
            Raw::Text(text) => {
                let text = text.trim();
                if is_missing_word(text) || missing.words.iter().any(|word| word == text) {
                    return Self::Missing(text);
                }
                match Numeral::parse(text) {
                    Some(numeral) if missing.has_number(numeral.value) => Self::Missing(text),
                    Some(numeral) => Self::Number(numeral),
                    None => Moment::parse(text).map_or(Self::Text(text), Self::Moment),
                }
            }
        }
    }
}

/// Whether a cell is empty, or a word for that.
pub(super) fn is_missing_word(text: &str) -> bool {
    text.is_empty() || MISSING.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// One cell of a table, as the column that it stands in is read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell<'a> {
    /// A finite number.
    Number(f64),
    /// Anything else.
    Text(&'a str),
    /// Nothing, or what stands for it.
    Missing(&'a str),
    /// A date where the column has other things, too.
    Date,
}

impl<'a> Cell<'a> {
    /// The cell as a number, true and false as 1 and 0; else what stands there instead.
    pub fn number(self) -> Result<f64, String> {
        match self {
            Self::Number(number) => Ok(number),
            Self::Text(text) if text.eq_ignore_ascii_case("true") => Ok(1.0),
            Self::Text(text) if text.eq_ignore_ascii_case("false") => Ok(0.0),
            Self::Date => Err("the cell is a date or a time".to_string()),
            Self::Text(text) => Err(format!("\"{text}\" is no finite number")),
            Self::Missing("") => Err("the cell is empty".to_string()),
            Self::Missing(word) => Err(format!("\"{word}\" stands for a missing value")),
        }
    }

    /// The cell as a word that may name a category: no infinite number, no date.
    pub fn category(self) -> Option<&'a str> {
        match self {
            Self::Text(text) if text.parse::<f64>().is_err() => Some(text),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_numbers_moments_texts_or_missing() {
        let missing = MissingValues::new(&["-999".to_string(), "lost".to_string()]);
        let see = |text| Seen::new(Raw::Text(text), &missing);
        for text in [
            "", " ", "NA", "n/a", "NaN", "-nan", "null", "None", "?", "-", "-999.0", "lost",
        ] {
            assert_eq!(see(text), Seen::Missing(text.trim()));
        }
        for text in ["inf", "1e999", "nap", "0x10", "a-b-c", "10-20"] {
            assert_eq!(see(text), Seen::Text(text));
        }
        assert!(matches!(see(" -1.5e3 "), Seen::Number(_)));
        assert!(matches!(see("2024-01-31"), Seen::Moment(_)));
    }
}
