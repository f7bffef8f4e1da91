//! An R function of vectors.

use super::Export;
use super::names::{identifiers, renamed};
use super::numpy::{number, signed};
use super::writer::{Level, Part, Syntax, write as write_formula};
use crate::formula::Operator;
use std::f64::consts::PI;

struct R<'a>(&'a [String]);

impl Syntax for R<'_> {
    fn variable(&self, index: usize) -> String {
        self.0[index].clone()
    }

    fn number(&self, value: f64) -> String {
        match value {
            PI => "pi".into(),
            _ => number(value),
        }
    }

    fn power(&self, base: &Part, exponent: f64) -> (String, Level) {
        let text = format!("{}^{}", base.as_atom(), signed(exponent));
        (text, Level::Power)
    }

    fn call(&self, operator: Operator, arguments: &[Part]) -> (String, Level) {
        match (operator, arguments) {
            (Operator::Pow, [base, exponent]) => {
                let text = format!("{}^{}", base.as_atom(), exponent.as_atom());
                (text, Level::Power)
            }
            // R rounds halves to even numbers, the operator away from 0.
            (Operator::Powi, [base, exponent]) => {
                let (base, exponent) = (base.as_atom(), &exponent.text);
                let text = format!("{base}^(sign({exponent})*floor(abs({exponent}) + 0.5))");
                (text, Level::Power)
            }
            (_, arguments) => {
                let name = match operator {
                    Operator::Max => "pmax",
                    Operator::Min => "pmin",
                    _ => operator.name(),
                };
                let arguments: Vec<&str> = arguments.iter().map(|a| a.text.as_str()).collect();
                (format!("{name}({})", arguments.join(", ")), Level::Atom)
            }
        }
    }
}

pub(super) fn write(export: &Export) -> String {
    let identifiers = identifiers(export);
    let formula = write_formula(&export.expression, &R(&identifiers)).text;
    let (name, rule, parameters) = (&export.name, export.rule_name(), identifiers.join(", "));
    let mut text = renamed(export, &identifiers, "#");
    text += &format!("{name} <- function({parameters}) {{\n");
    // Whole numbers would overflow.
    let used = export.expression.variables();
    for word in used.iter().map(|&index| &identifiers[index]) {
        text += &format!("  {word} <- as.numeric({word})\n");
    }
    text += &match identifiers.first() {
        Some(first) if used.is_empty() => format!("  rep({formula}, length({first}))\n}}\n"),
        _ => format!("  suppressWarnings({formula})\n}}\n"),
    };
    if let Some(threshold) = export.threshold {
        let threshold = signed(threshold);
        text += &format!(
            "\n{rule} <- function({parameters}) {{\n  {name}({parameters}) > {threshold}\n}}\n"
        );
    }
    text
}
