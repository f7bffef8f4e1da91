//! A Python function of arrays of numpy, or of jax, whose functions are called alike.

use super::Export;
use super::names::{identifiers, renamed};
use super::writer::{Level, Part, Syntax, write as write_formula};
use crate::formula::Operator;
use std::f64::consts::{E, PI};

struct Numpy<'a> {
    identifiers: &'a [String],
    /// What the module is called in the code.
    module: &'static str,
}

impl Syntax for Numpy<'_> {
    fn variable(&self, index: usize) -> String {
        self.identifiers[index].clone()
    }

    fn number(&self, value: f64) -> String {
        match value {
            PI => format!("{}.pi", self.module),
            E => format!("{}.e", self.module),
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
            let module = self.module;
            *exponent = format!("{module}.trunc({exponent} + {module}.copysign(0.5, {exponent}))");
        }
        let text = format!("{}.{name}({})", self.module, arguments.join(", "));
        (text, Level::Atom)
    }
}

/// A number with every digit, without an unnecessary `.0`.
pub(super) fn number(value: f64) -> String {
    let text = format!("{value:?}");
    text.strip_suffix(".0").map_or(text.clone(), String::from)
}

pub(super) fn write(export: &Export) -> String {
    let body = |formula: &str| {
        format!("    with np.errstate(all=\"ignore\"):\n        return {formula}\n")
    };
    String::from("import numpy as np\n\n\n") + &functions(export, "np", body)
}

/// The same for jax, which can compile and differentiate the function.
pub(super) fn write_jax(export: &Export) -> String {
    let body = |formula: &str| format!("    return {formula}\n");
    String::from("import jax.numpy as jnp\n\n\n") + &functions(export, "jnp", body)
}

fn functions(export: &Export, module: &'static str, body: impl Fn(&str) -> String) -> String {
    let identifiers = identifiers(export);
    let syntax = Numpy {
        identifiers: &identifiers,
        module,
    };
    let formula = write_formula(&export.expression, &syntax).text;
    let (name, rule) = (&export.name, export.rule_name());
    let (parameters, used) = (identifiers.join(", "), export.expression.variables());
    let mut text = renamed(export, &identifiers, "#");
    text += &format!("def {name}({parameters}):\n");
    for &index in &used {
        let word = &identifiers[index];
        text += &format!("    {word} = {module}.asarray({word}, dtype=float)\n");
    }
    if used.is_empty() && !identifiers.is_empty() {
        // A constant, in the shape of the features.
        let shapes = identifiers.iter().map(|w| format!("{module}.shape({w})"));
        let shapes = shapes.collect::<Vec<_>>().join(", ");
        text += &format!("    shape = {module}.broadcast_shapes({shapes})\n");
        text += &format!("    return {module}.full(shape, {formula})\n");
    } else {
        text += &body(&formula);
    }
    if let Some(threshold) = export.threshold {
        text += &format!("\n\ndef {rule}({parameters}):\n");
        text += &format!("    return {name}({parameters}) > {}\n", signed(threshold));
    }
    text
}

/// A number of any sign.
pub(super) fn signed(value: f64) -> String {
    let sign = if value.is_sign_negative() { "-" } else { "" };
    format!("{sign}{}", number(value.abs()))
}
