//! A Python module of torch.

use super::Export;
use super::names::{identifiers, renamed};
use super::numpy::{number, signed};
use super::writer::{Level, Part, Syntax, write as write_formula};
use crate::formula::Operator;
use std::f64::consts::{E, PI};

struct Torch<'a>(&'a [String]);

impl Syntax for Torch<'_> {
    fn variable(&self, index: usize) -> String {
        self.0[index].clone()
    }

    fn number(&self, value: f64) -> String {
        match value {
            PI => "math.pi".into(),
            E => "math.e".into(),
            _ => number(value),
        }
    }

    fn power(&self, base: &Part, exponent: f64) -> (String, Level) {
        let exponent = signed(exponent);
        (format!("{}**{exponent}", base.as_atom()), Level::Power)
    }

    fn call(&self, operator: Operator, arguments: &[Part]) -> (String, Level) {
        let name = operator.name();
        let is_number = arguments.iter().all(|part| part.is_number);
        let text = match (operator, arguments) {
            (Operator::Pow, [base, exponent]) => {
                let text = format!("{}**{}", base.as_atom(), exponent.as_atom());
                return (text, Level::Power);
            }
            // Halves are rounded away from 0; torch rounds them to even numbers.
            (Operator::Powi, [base, exponent]) => {
                let (base, exponent) = (base.as_atom(), &exponent.text);
                let rounded = format!("torch.floor(torch.abs({exponent}) + 0.5)");
                let text = format!("{base}**(torch.sign({exponent})*{rounded})");
                return (text, Level::Power);
            }
            // torch's functions take no plain numbers.
            (Operator::Abs | Operator::Max | Operator::Min, arguments) if is_number => {
                format!("{name}({})", joined(arguments))
            }
            (_, arguments) if is_number => format!("math.{name}({})", joined(arguments)),
            (Operator::Max | Operator::Min, [a, b]) if a.is_number || b.is_number => {
                let (tensor, bound) = if a.is_number { (b, a) } else { (a, b) };
                let side = if operator == Operator::Max {
                    "min"
                } else {
                    "max"
                };
                format!("torch.clamp({}, {side}={})", tensor.text, bound.text)
            }
            (Operator::Max, arguments) => format!("torch.maximum({})", joined(arguments)),
            (Operator::Min, arguments) => format!("torch.minimum({})", joined(arguments)),
            (_, arguments) => format!("torch.{name}({})", joined(arguments)),
        };
        (text, Level::Atom)
    }
}

fn joined(arguments: &[Part]) -> String {
    let arguments: Vec<&str> = arguments.iter().map(|part| part.text.as_str()).collect();
    arguments.join(", ")
}

pub(super) fn write(export: &Export) -> String {
    let identifiers = identifiers(export);
    let formula = write_formula(&export.expression, &Torch(&identifiers)).text;
    let class = class_name(&export.name);
    let mut text = String::from("import math\n\nimport torch\n\n\n");
    text += &renamed(export, &identifiers, "#");
    text += &format!("class {class}(torch.nn.Module):\n");
    let features = identifiers.join(", ");
    text += &format!("    \"\"\"Rows (..., n_features) of {features} to (...).\"\"\"\n\n");
    text += "    def forward(self, x):\n";
    let used = export.expression.variables();
    if used.is_empty() {
        text += &format!("        return torch.full_like(x[..., 0], {formula})\n");
    } else {
        let comma = if identifiers.len() == 1 { "," } else { "" };
        text += &format!("        {features}{comma} = x.unbind(-1)\n        return {formula}\n");
    }
    if let Some(threshold) = export.threshold {
        let threshold = signed(threshold);
        text += &format!("\n    def is_class_1(self, x):\n        return self(x) > {threshold}\n");
    }
    text
}

/// `my_rule` as `MyRule`.
fn class_name(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let mut chars = word.chars();
        let first = chars.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(chars).collect::<String>()
    });
    words.collect()
}
