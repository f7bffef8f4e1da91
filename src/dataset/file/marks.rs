//! What dots and commas in numbers are: decided for the whole file.

use super::cell::Raw;
use super::dialect::DialectOptions;
use super::number::{Mark, Value};
use crate::error::{Error, Result};

/// What the marks of numbers with two readings are, as far as that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Marks {
    /// Whether `1,234` is 1234.
    pub comma_groups: bool,
    /// Whether `1.234` is 1234.
    pub dot_groups: bool,
}

impl Marks {
    /// What numbers with two readings are: what the options say, else what the numbers with one
    /// reading show in columns of numbers, given with their names. And whether commas are decimal
    /// somewhere.
    pub(super) fn new(
        columns: &[(&ShownMarks, &str)],
        options: &DialectOptions,
    ) -> Result<(Self, bool)> {
        let marks = Self {
            comma_groups: groups(Mark::Comma, columns, options)?,
            dot_groups: groups(Mark::Dot, columns, options)?,
        };
        let has_decimal = |shown: &ShownMarks| {
            let is_open = shown.open[Mark::Comma as usize].is_some();
            shown.n_decimal[Mark::Comma as usize] > 0 || is_open && !marks.comma_groups
        };
        Ok((marks, columns.iter().any(|(shown, _)| has_decimal(shown))))
    }

    pub fn number(self, value: Value) -> f64 {
        match value {
            Value::One { number, .. } => number,
            Value::Two {
                mark,
                decimal,
                grouped,
            } => {
                let groups = match mark {
                    Mark::Dot => self.dot_groups,
                    Mark::Comma => self.comma_groups,
                };
                if groups { grouped } else { decimal }
            }
        }
    }
}

/// What the numbers of a column show of their marks.
#[derive(Default)]
pub(super) struct ShownMarks {
    /// The first number with two readings, of each mark.
    open: [Option<(usize, String)>; 2],
    n_decimal: [usize; 2],
    n_thousands: [usize; 2],
}

impl ShownMarks {
    /// Keeps what a number shows; one with two readings shows nothing.
    pub fn add(&mut self, row: usize, value: Value, raw: Raw) {
        match value {
            Value::One {
                decimal, thousands, ..
            } => {
                if let Some(mark) = decimal {
                    self.n_decimal[mark as usize] += 1;
                }
                if let Some(mark) = thousands {
                    self.n_thousands[mark as usize] += 1;
                }
            }
            Value::Two { mark, .. } => {
                if let (None, Raw::Text(text)) = (&self.open[mark as usize], raw) {
                    self.open[mark as usize] = Some((row, text.trim().to_string()));
                }
            }
        }
    }
}

/// Whether a mark groups thousands in numbers with two readings.
fn groups(mark: Mark, columns: &[(&ShownMarks, &str)], options: &DialectOptions) -> Result<bool> {
    if let Some(groups) = options.groups(mark) {
        return Ok(groups);
    }
    let is_any = |count: fn(&ShownMarks) -> [usize; 2], mark: Mark| {
        columns
            .iter()
            .any(|(shown, _)| count(shown)[mark as usize] > 0)
    };
    let is_decimal = is_any(|shown| shown.n_decimal, mark);
    let is_thousands = is_any(|shown| shown.n_thousands, mark);
    let is_other_decimal = is_any(|shown| shown.n_decimal, mark.other());
    let mut open = columns.iter().filter_map(|(shown, name)| {
        let (row, text) = shown.open[mark as usize].as_ref()?;
        Some((*row, text, *name))
    });
    let Some((row, text, name)) = open.next() else {
        return Ok(is_thousands);
    };
    match (mark, is_decimal, is_thousands, is_other_decimal) {
        (_, true, false, false) => Ok(false),
        (_, false, true, _) => Ok(true),
        (Mark::Comma, false, false, true) => Ok(true),
        // Where no comma is decimal, a dot is what programs write.
        (Mark::Dot, _, false, false) => Ok(false),
        _ => Err(refusal(mark, row, text, name)),
    }
}

fn refusal(mark: Mark, row: usize, text: &str, name: &str) -> Error {
    let grouped: String = text.chars().filter(|c| *c != mark.char()).collect();
    let decimal = text.replace(',', ".");
    let remedy = match mark {
        Mark::Comma => "--decimal ,",
        Mark::Dot => "--thousands none",
    };
    let mark = mark.char();
    Error::Cell {
        row,
        column: format!("column \"{name}\""),
        message: format!(
            "\"{text}\" is {grouped} if '{mark}' groups thousands (--thousands {mark}), or {decimal} \
             if it is the decimal mark ({remedy}); the other numbers don't tell which"
        ),
    }
}

/// The marks as a part of what was concluded.
pub(super) fn marks_said(marks: Marks, has_decimal_commas: bool) -> Vec<String> {
    let mut parts = Vec::new();
    if has_decimal_commas {
        parts.push("decimal commas".to_string());
    }
    for (groups, what) in [(marks.comma_groups, "commas"), (marks.dot_groups, "dots")] {
        if groups {
            parts.push(format!("{what} between thousands"));
        }
    }
    parts
}
