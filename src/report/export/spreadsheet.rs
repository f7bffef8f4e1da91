//! Cells of a spreadsheet.
//!
//! Source: Microsoft, "Calculation operators and precedence in Excel": a sign binds strongest, then
//! `%`, `^`, `* /`, and `+ -`. Operators of equal precedence are evaluated from left to right.

use super::Export;
use super::writer::{Level, Part, Syntax, write as write_formula};
use crate::error::{Error, Result};
use crate::formula::Operator;
use std::f64::consts::{PI, SQRT_2};

const MAX_COLUMNS: usize = 16_384;
const MAX_CHARACTERS: usize = 8192;
const MAX_LEVELS: usize = 64;

struct Spreadsheet;

impl Syntax for Spreadsheet {
    const SIGNED: Level = Level::Atom;
    const SPACE: &'static str = "";

    fn variable(&self, index: usize) -> String {
        cell(index)
    }

    fn number(&self, value: f64) -> String {
        match value {
            PI => "PI()".into(),
            SQRT_2 => "SQRT(2)".into(),
            _ => number(value),
        }
    }

    fn power(&self, base: &Part, exponent: f64) -> (String, Level) {
        match exponent {
            // Excel has no 0^0.
            0.0 => ("1".into(), Level::Atom),
            _ => (
                format!("{}^{}", base.as_atom(), number(exponent)),
                Level::Power,
            ),
        }
    }

    fn call(&self, operator: Operator, arguments: &[Part]) -> (String, Level) {
        let text = match (operator, arguments) {
            (Operator::Log, [argument, ..]) => format!("LN({})", argument.text),
            (Operator::Powi, [base, exponent]) => {
                format!("POWER({},ROUND({},0))", base.text, exponent.text)
            }
            (_, arguments) => {
                let arguments: Vec<&str> = arguments.iter().map(|a| a.text.as_str()).collect();
                let name = match operator {
                    Operator::Pow => "POWER".into(),
                    _ => operator.name().to_ascii_uppercase(),
                };
                format!("{name}({})", arguments.join(","))
            }
        };
        (text, Level::Atom)
    }
}

fn number(value: f64) -> String {
    let text = format!("{value:?}").replace('e', "E");
    text.strip_suffix(".0").map_or(text.clone(), String::from)
}

/// The cell in row 2 of a column, counted from 0. The letters A to Z are digits, without a zero.
fn cell(column: usize) -> String {
    let mut letters = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        letters.insert(0, char::from(b'A' + ((left - 1) % 26) as u8));
        left = (left - 1) / 26;
    }
    format!("{}2", letters.iter().collect::<String>())
}

pub(super) fn write(export: &Export) -> Result<String> {
    let refuse = |what: &str, found: usize, most: usize| {
        Err(Error::Limit(format!(
            "the formula has {found} {what}, but a spreadsheet allows at most {most}"
        )))
    };
    // One more column for the formula, and one for the rule.
    let n_columns = export.feature_names.len() + 2;
    if n_columns > MAX_COLUMNS {
        return refuse("columns", n_columns, MAX_COLUMNS);
    }
    let formula = format!("={}", write_formula(&export.expression, &Spreadsheet).text);
    if formula.len() > MAX_CHARACTERS {
        return refuse("characters", formula.len(), MAX_CHARACTERS);
    }
    let n_levels = depth(&formula);
    if n_levels > MAX_LEVELS {
        return refuse("levels of nested brackets", n_levels, MAX_LEVELS);
    }
    let rule = export.threshold.map(|threshold| {
        let sign = if threshold.is_sign_negative() {
            "-"
        } else {
            ""
        };
        let value = cell(export.feature_names.len());
        format!("\t={value}>{sign}{}", number(threshold.abs()))
    });
    Ok(format!("{formula}{}\n", rule.unwrap_or_default()))
}

fn depth(formula: &str) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    for symbol in formula.chars() {
        match symbol {
            '(' => open += 1,
            ')' => open -= 1,
            _ => (),
        }
        most = most.max(open);
    }
    most
}
