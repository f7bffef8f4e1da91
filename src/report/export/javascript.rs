//! A JavaScript function of numbers.

use super::Export;
use super::names::{identifiers, renamed};
use super::numpy::{number, signed};
use super::writer::{Level, Part, Syntax, write as write_formula};
use crate::formula::Operator;
use std::f64::consts::{E, PI};

struct JavaScript<'a>(&'a [String]);

impl Syntax for JavaScript<'_> {
    fn variable(&self, index: usize) -> String {
        self.0[index].clone()
    }

    fn number(&self, value: f64) -> String {
        match value {
            PI => "Math.PI".into(),
            E => "Math.E".into(),
            _ => number(value),
        }
    }

    // The operator ** allows no sign before its base.
    fn power(&self, base: &Part, exponent: f64) -> (String, Level) {
        let exponent = signed(exponent);
        (format!("Math.pow({}, {exponent})", base.text), Level::Atom)
    }

    fn call(&self, operator: Operator, arguments: &[Part]) -> (String, Level) {
        let text = match (operator, arguments) {
            // Math.round rounds halves up, the operator away from 0.
            (Operator::Powi, [base, exponent]) => {
                let (base, exponent) = (&base.text, &exponent.text);
                format!("Math.pow({base}, Math.sign({exponent})*Math.round(Math.abs({exponent})))")
            }
            (_, arguments) => {
                let arguments: Vec<&str> = arguments.iter().map(|a| a.text.as_str()).collect();
                format!("Math.{}({})", operator.name(), arguments.join(", "))
            }
        };
        (text, Level::Atom)
    }
}

pub(super) fn write(export: &Export) -> String {
    let identifiers = identifiers(export);
    let formula = write_formula(&export.expression, &JavaScript(&identifiers)).text;
    let (name, rule, parameters) = (&export.name, export.rule_name(), identifiers.join(", "));
    let mut text = renamed(export, &identifiers, "//");
    text += &format!("function {name}({parameters}) {{\n  return {formula};\n}}\n");
    if let Some(threshold) = export.threshold {
        let threshold = signed(threshold);
        text += &format!(
            "\nfunction {rule}({parameters}) {{\n  return {name}({parameters}) > {threshold};\n}}\n"
        );
    }
    text
}
