//! What one cell of a table says.

/// Words that stand for a missing value, in upper or lower case, beside the empty cell.
const MISSING: [&str; 6] = ["na", "n/a", "nan", "null", "none", "?"];

/// One cell of a table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell<'a> {
    /// A finite number.
    Number(f64),
    /// Anything else.
    Text(&'a str),
    /// Nothing, or the word that stands for it.
    Missing(&'a str),
    /// Bytes that are no UTF-8 text.
    Unreadable,
}

impl<'a> Cell<'a> {
    /// Where a comma is no separator, it may be the decimal one.
    pub fn from_text(text: &'a str, has_decimal_commas: bool) -> Self {
        let text = text.trim();
        let number = match text.parse::<f64>() {
            Err(_) if has_decimal_commas => with_decimal_comma(text),
            parsed => parsed.ok(),
        };
        match number {
            Some(number) if number.is_finite() => Self::Number(number),
            Some(number) if number.is_nan() => Self::Missing(text),
            _ if text.is_empty() => Self::Missing(text),
            _ if MISSING.iter().any(|word| word.eq_ignore_ascii_case(text)) => Self::Missing(text),
            _ => Self::Text(text),
        }
    }

    #[cfg(feature = "parquet")]
    pub fn from_number(number: f64) -> Self {
        match number {
            _ if number.is_nan() => Self::Missing("NaN"),
            f64::INFINITY => Self::Text("inf"),
            f64::NEG_INFINITY => Self::Text("-inf"),
            _ => Self::Number(number),
        }
    }

    /// The cell as a number, true and false as 1 and 0; else what stands there instead.
    pub fn number(self) -> Result<f64, String> {
        match self {
            Self::Number(number) => Ok(number),
            Self::Text(text) if text.eq_ignore_ascii_case("true") => Ok(1.0),
            Self::Text(text) if text.eq_ignore_ascii_case("false") => Ok(0.0),
            Self::Text(text) if is_date(text) => Err(format!("\"{text}\" is a date")),
            Self::Text(text) => Err(format!("\"{text}\" is no finite number")),
            Self::Missing("") => Err("the cell is empty".to_string()),
            Self::Missing(word) => Err(format!("\"{word}\" stands for a missing value")),
            Self::Unreadable => Err("the cell is no UTF-8 text".to_string()),
        }
    }

    /// The cell as a word that may name a category: no infinite number, no date.
    pub fn category(self) -> Option<&'a str> {
        match self {
            Self::Text(text) if text.parse::<f64>().is_err() && !is_date(text) => Some(text),
            _ => None,
        }
    }
}

fn with_decimal_comma(text: &str) -> Option<f64> {
    let (whole, fraction) = text.split_once(',')?;
    let is_plain = !text.contains('.') && !fraction.contains(',');
    is_plain
        .then(|| format!("{whole}.{fraction}").parse().ok())
        .flatten()
}

/// Year, month and day, or day, month and year, with or without a time.
fn is_date(text: &str) -> bool {
    let day = text.split(['T', ' ']).next().unwrap_or_default();
    let parts: Vec<&str> = day.split(['-', '/', '.']).collect();
    let are_digits = parts
        .iter()
        .all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    are_digits && matches!(lengths[..], [4, 1..=2, 1..=2] | [1..=2, 1..=2, 2 | 4])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_numbers_texts_or_missing() {
        let read = |text| Cell::from_text(text, false);
        assert_eq!(read(" -1.5e3 "), Cell::Number(-1500.0));
        for missing in ["", " ", "NA", "n/a", "NaN", "-nan", "null", "None", "?"] {
            assert_eq!(read(missing), Cell::Missing(missing.trim()));
        }
        for text in ["inf", "1e999", "nap", "1,5", "1 000", "0x10"] {
            assert_eq!(read(text), Cell::Text(text));
        }
    }

    #[test]
    fn decimal_commas_are_read_where_commas_separate_nothing() {
        let read = |text| Cell::from_text(text, true);
        assert_eq!(read("-1,5e-3"), Cell::Number(-1.5e-3));
        assert_eq!(read("1.5"), Cell::Number(1.5));
        for text in ["1,234,567", "1.234,5", "1,234.5"] {
            assert_eq!(read(text), Cell::Text(text));
        }
    }

    #[test]
    fn dates_are_neither_numbers_nor_categories() {
        for date in ["2024-01-31", "2024-01-31T10:00:00Z", "31.1.2024", "1/31/24"] {
            let cell = Cell::from_text(date, false);
            assert_eq!(cell.number().unwrap_err(), format!("\"{date}\" is a date"));
            assert_eq!(cell.category(), None);
        }
        for word in ["red", "10-20", "1.2.3.4", "a-b-c", "5551-12"] {
            assert_eq!(Cell::from_text(word, false).category(), Some(word));
        }
    }
}
