//! A function of arrays for MATLAB and GNU Octave.

use super::Export;
use super::names::{identifiers, renamed};
use super::numpy::{number, signed};
use super::writer::{Level, Part, Syntax, write as write_formula};
use crate::formula::Operator;
use std::f64::consts::PI;

struct Matlab<'a> {
    identifiers: &'a [String],
    larger_and_smaller: [String; 2],
    /// The function that turns complex numbers into NaN.
    real: String,
}

impl Syntax for Matlab<'_> {
    const TIMES: &'static str = ".*";
    const OVER: &'static str = "./";

    fn variable(&self, index: usize) -> String {
        self.identifiers[index].clone()
    }

    fn number(&self, value: f64) -> String {
        match value {
            PI => "pi".into(),
            _ => number(value),
        }
    }

    fn power(&self, base: &Part, exponent: f64) -> (String, Level) {
        let text = match exponent {
            exponent if exponent < 0.0 => format!("{}.^({})", base.as_atom(), signed(exponent)),
            exponent => format!("{}.^{}", base.as_atom(), number(exponent)),
        };
        if exponent.fract() == 0.0 {
            (text, Level::Power)
        } else {
            (format!("{}({text})", self.real), Level::Atom)
        }
    }

    fn call(&self, operator: Operator, arguments: &[Part]) -> (String, Level) {
        let [larger, smaller] = &self.larger_and_smaller;
        let arguments: Vec<&str> = arguments.iter().map(|a| a.text.as_str()).collect();
        let arguments = arguments.join(", ");
        let text = match operator {
            Operator::Max => format!("{larger}({arguments})"),
            Operator::Min => format!("{smaller}({arguments})"),
            Operator::Pow => format!("{}(power({arguments}))", self.real),
            // MATLAB rounds halves away from 0, as the operator does.
            Operator::Powi => {
                let (base, exponent) = arguments.split_once(", ").unwrap_or((&arguments, "1"));
                format!("power({base}, round({exponent}))")
            }
            Operator::Log | Operator::Sqrt | Operator::Asin | Operator::Acos => {
                format!("{}({}({arguments}))", self.real, operator.name())
            }
            _ => format!("{}({arguments})", operator.name()),
        };
        (text, Level::Atom)
    }
}

pub(super) fn write(export: &Export) -> String {
    let identifiers = identifiers(export);
    let syntax = Matlab {
        identifiers: &identifiers,
        larger_and_smaller: export.larger_and_smaller(),
        real: export.real_name(),
    };
    let formula = write_formula(&export.expression, &syntax).text;
    let (name, parameters) = (&export.name, identifiers.join(", "));
    let mut text = renamed(export, &identifiers, "%");
    // A file has one function that can be called from outside.
    let outputs = match export.threshold {
        Some(_) => "[value, is_class_1]",
        None => "value",
    };
    text += &format!("function {outputs} = {name}({parameters})\n");
    text += &match identifiers.first() {
        Some(first) if export.expression.n_variables() == 0 => {
            format!("    value = {formula} + zeros(size({first}));\n")
        }
        _ => format!("    value = {formula};\n"),
    };
    if let Some(threshold) = export.threshold {
        text += &format!("    is_class_1 = value > {};\n", signed(threshold));
    }
    text += "end\n";
    let [larger, smaller] = export.larger_and_smaller();
    for (operator, name) in [(Operator::Max, larger), (Operator::Min, smaller)] {
        if export.has(operator) {
            text += &format!(
                "\n% Unlike {0}, this keeps NaN.\n\
                 function c = {name}(a, b)\n    c = {0}(a, b);\n    \
                 c(isnan(a) | isnan(b)) = NaN;\nend\n",
                operator.name()
            );
        }
    }
    let real = export.real_name();
    if formula.contains(&format!("{real}(")) {
        text += &format!(
            "\n% Complex numbers are outside of the formula's domain.\n\
             function x = {real}(z)\n    x = real(z);\n    x(imag(z) ~= 0) = NaN;\nend\n"
        );
    }
    text
}
