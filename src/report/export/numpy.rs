//! A Python function of numpy arrays.

use super::Export;
use super::names::{identifiers, renamed};
use super::writer::{Level, Part, Syntax, write as write_formula};
use crate::formula::Operator;
use std::f64::consts::{E, PI};

struct Numpy<'a>(&'a [String]);

impl Syntax for Numpy<'_> {
    fn variable(&self, index: usize) -> String {
        self.0[index].clone()
    }

    fn number(&self, value: f64) -> String {
        match value {
            PI => "np.pi".into(),
            E => "np.e".into(),
            _ => number(value),
        }
    }

    fn power(&self, base: &Part, exponent: f64) -> (String, Level) {
        let exponent = number(exponent);
        (format!("{}**{exponent}", base.as_atom()), Level::Power)
    }

    fn call(&self, operator: Operator, arguments: &[Part]) -> (String, Level) {
        let name = match operator {
            Operator::Asin => "arcsin",
            Operator::Acos => "arccos",
            Operator::Atan => "arctan",
            Operator::Max => "maximum",
            Operator::Min => "minimum",
            Operator::Powi | Operator::Pow => "power",
            _ => operator.name(),
        };
        let mut arguments: Vec<String> = arguments.iter().map(|part| part.text.clone()).collect();
        if operator == Operator::Powi
            && let Some(exponent) = arguments.last_mut()
        {
            // Rounds halves away from 0. Numpy's own function rounds them to even numbers.
            *exponent = format!("np.trunc({exponent} + np.copysign(0.5, {exponent}))");
        }
        (format!("np.{name}({})", arguments.join(", ")), Level::Atom)
    }
}

/// A number with every digit, without an unnecessary `.0`.
fn number(value: f64) -> String {
    let text = format!("{value:?}");
    text.strip_suffix(".0").map_or(text.clone(), String::from)
}

pub(super) fn write(export: &Export) -> String {
    let identifiers = identifiers(export);
    let formula = write_formula(&export.expression, &Numpy(&identifiers)).text;
    let (name, rule) = (&export.name, export.rule_name());
    let (parameters, used) = (identifiers.join(", "), export.expression.variables());
    let mut text = String::from("import numpy as np\n\n\n");
    text += &renamed(export, &identifiers, "#");
    text += &format!("def {name}({parameters}):\n");
    for &index in &used {
        let word = &identifiers[index];
        text += &format!("    {word} = np.asarray({word}, dtype=float)\n");
    }
    if used.is_empty() && !identifiers.is_empty() {
        // A constant, in the shape of the features.
        let shapes: Vec<String> = identifiers
            .iter()
            .map(|w| format!("np.shape({w})"))
            .collect();
        let shapes = shapes.join(", ");
        text += &format!("    return np.full(np.broadcast_shapes({shapes}), {formula})\n");
    } else {
        text += "    with np.errstate(all=\"ignore\"):\n";
        text += &format!("        return {formula}\n");
    }
    if let Some(threshold) = export.threshold {
        text += &format!("\n\ndef {rule}({parameters}):\n");
        let sign = if threshold.is_sign_negative() {
            "-"
        } else {
            ""
        };
        let threshold = number(threshold.abs());
        text += &format!("    return {name}({parameters}) > {sign}{threshold}\n");
    }
    text
}
