//! How a text file writes its table: what was concluded, and the options that say it.

use super::number::Mark;
use crate::error::{Error, Result};
use std::fmt::{Display, Formatter};

/// What stands between the cells of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Separator {
    /// One ASCII character.
    Char(char),
    /// Any number of blanks and tabs.
    Blanks,
}

impl Separator {
    /// Reads `comma`, `semicolon`, `tab`, `bar`, `blanks`, or one ASCII character.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Self> {
        let mut chars = text.chars();
        match (text, chars.next(), chars.next()) {
            ("comma", ..) => Ok(Self::Char(',')),
            ("semicolon", ..) => Ok(Self::Char(';')),
            ("tab" | "\\t", ..) => Ok(Self::Char('\t')),
            ("bar", ..) => Ok(Self::Char('|')),
            ("blanks", ..) => Ok(Self::Blanks),
            (_, Some(' '), None) => Ok(Self::Blanks),
            (_, Some(c), None) if c.is_ascii() && !c.is_ascii_alphanumeric() && c != '"' => {
                Ok(Self::Char(c))
            }
            _ => Err(Error::parameter(
                "the separator",
                format!("\"{text}\""),
                "comma, semicolon, tab, bar, blanks, or one other character such as &",
            )),
        }
    }
}

impl Display for Separator {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Char('\t') => f.write_str("tabs"),
            Self::Char(c) => write!(f, "'{c}'"),
            Self::Blanks => f.write_str("blanks"),
        }
    }
}

/// What groups the thousands of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thousands {
    /// This mark: `1,234` or `1.234` is 1234.
    By(Mark),
    /// Nothing: `1,234` and `1.234` are both a little more than 1.
    Ungrouped,
}

/// How a text file writes its table; what isn't given is concluded from the file.
///
/// | field | not given |
/// |---|---|
/// | `separator` | what splits all rows into equally many cells |
/// | `decimal`, `thousands` | what numbers with one reading show; `1,234` alone is refused |
/// | `comment` | `#` or `%` before lines that are no rows |
/// | `skip` | lines above the header that have other numbers of cells |
/// | `header` | no header if the first row holds numbers like the others |
/// | `units` | a row of units, if the row below the header can be one |
/// | `sheet` | the first sheet of a workbook that has rows |
/// | `missing` | empty cells, `-`, `?`, and the words NA, N/A, NaN, null and none |
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DialectOptions {
    /// What stands between cells.
    pub separator: Option<Separator>,
    /// The decimal mark.
    pub decimal: Option<Mark>,
    /// What groups thousands.
    pub thousands: Option<Thousands>,
    /// What comment lines begin with; `Some(None)` if no line is a comment.
    pub comment: Option<Option<char>>,
    /// How many lines to leave out above the header, comments included.
    pub skip: Option<usize>,
    /// Whether the first row names the columns.
    pub header: Option<bool>,
    /// Whether the row below the header holds units.
    pub units: Option<bool>,
    /// The sheet of a workbook that is read.
    pub sheet: Option<String>,
    /// Further words and numbers that stand for a missing value, such as `-999`.
    pub missing: Vec<String>,
}

/// How a text file writes its table, as it was concluded from the file or given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    /// What stands between cells.
    pub separator: Separator,
    /// Where the columns' names stand.
    pub header: Header,
    /// What comment lines begin with, where the file has some.
    pub comment: Option<char>,
    /// How many lines are left out above the header.
    pub n_skipped: usize,
    /// Whether rows begin with a name, for which the header has no cell.
    pub has_row_names: bool,
    /// The row of units below the header, `(n_columns,)`.
    pub units: Option<Vec<String>>,
    /// The bytes that end a line.
    pub(super) line_end: u8,
    /// Whether bars also stand at both ends of a line.
    pub(super) is_framed: bool,
}

/// Where the columns' names stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Header {
    /// In the first row.
    Row,
    /// In the comment above the first row.
    Comment,
    /// Nowhere: columns are called x1, x2 and so on.
    None,
}

impl Dialect {
    /// What differs from comma, header and nothing else, a part for each conclusion.
    pub(super) fn parts(&self) -> Vec<String> {
        let mut parts = Vec::new();
        if self.separator != Separator::Char(',') {
            parts.push(format!("{} between cells", self.separator));
        }
        match self.header {
            Header::Row => {}
            Header::Comment => parts.push("names from the comment above the rows".to_string()),
            Header::None => parts.push("no header, columns called x1, x2, ...".to_string()),
        }
        if self.n_skipped > 0 {
            parts.push(format!(
                "{} skipped above the header",
                lines(self.n_skipped)
            ));
        }
        if self.has_row_names {
            parts.push("a name at the start of each row".to_string());
        }
        if self.units.is_some() {
            parts.push("units below the header".to_string());
        }
        parts
    }
}

/// `1 line`, `2 lines`.
pub(super) fn lines(n: usize) -> String {
    format!("{n} line{}", if n == 1 { "" } else { "s" })
}

impl DialectOptions {
    /// Refuses options that contradict each other.
    pub(crate) fn check(&self) -> Result<()> {
        if let Some(Separator::Char(c)) = self.separator
            && (!c.is_ascii() || "\"\r\n".contains(c))
        {
            let allowed = "an ASCII character other than a quote or the end of a line";
            return Err(Error::parameter("the separator", format!("{c:?}"), allowed));
        }
        match (self.decimal, self.thousands) {
            (Some(decimal), Some(Thousands::By(mark))) if decimal == mark => {
                Err(Error::Options(format!(
                    "'{}' can't be both the decimal mark and what groups thousands",
                    mark.char()
                )))
            }
            _ => Ok(()),
        }
    }

    /// What a number with two readings is because of the options, for each mark.
    pub(super) fn groups(&self, mark: Mark) -> Option<bool> {
        match (self.thousands, self.decimal) {
            (Some(Thousands::By(given)), _) => Some(given == mark),
            (Some(Thousands::Ungrouped), _) => Some(false),
            (None, Some(decimal)) => Some(decimal != mark),
            (None, None) => None,
        }
    }
}
