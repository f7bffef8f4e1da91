//! A Rust function that compiles without warnings.

use super::Export;
use super::names::{identifiers, renamed};
use super::writer::{Level, Part, Syntax, write as write_formula};
use crate::formula::Operator;
use std::f64::consts::{E, PI, SQRT_2};

struct Rust<'a> {
    identifiers: &'a [String],
    larger_and_smaller: [String; 2],
}

impl Rust<'_> {
    /// A method call on the first argument. A plain number gets `f64::`, because its type isn't
    /// known.
    fn method(&self, receiver: &Part, name: &str, argument: &str) -> (String, Level) {
        let text = match (receiver.is_number, argument) {
            (true, "") => format!("f64::{name}({})", receiver.text),
            (true, _) => format!("f64::{name}({}, {argument})", receiver.text),
            (false, _) => format!("{}.{name}({argument})", receiver.as_atom()),
        };
        (text, Level::Atom)
    }
}

impl Syntax for Rust<'_> {
    fn variable(&self, index: usize) -> String {
        self.identifiers[index].clone()
    }

    fn number(&self, value: f64) -> String {
        match value {
            PI => "std::f64::consts::PI".into(),
            E => "std::f64::consts::E".into(),
            SQRT_2 => "std::f64::consts::SQRT_2".into(),
            _ => format!("{value:?}"),
        }
    }

    fn power(&self, base: &Part, exponent: f64) -> (String, Level) {
        if exponent == f64::from(exponent as i32) {
            self.method(base, "powi", &exponent.to_string())
        } else {
            self.method(base, "powf", &format!("{exponent:?}"))
        }
    }

    fn call(&self, operator: Operator, arguments: &[Part]) -> (String, Level) {
        let [larger, smaller] = &self.larger_and_smaller;
        match (operator, arguments) {
            (Operator::Max, [a, b]) => (format!("{larger}({}, {})", a.text, b.text), Level::Atom),
            (Operator::Min, [a, b]) => (format!("{smaller}({}, {})", a.text, b.text), Level::Atom),
            (Operator::Powi, [base, exponent]) => {
                let (exponent, _) = self.method(exponent, "round", "");
                self.method(base, "powi", &format!("{exponent} as i32"))
            }
            (Operator::Pow, [base, exponent]) => self.method(base, "powf", &exponent.text),
            (Operator::Log, [argument, ..]) => self.method(argument, "ln", ""),
            (_, [argument, ..]) => self.method(argument, operator.name(), ""),
            (_, []) => (String::new(), Level::Atom),
        }
    }
}

pub(super) fn write(export: &Export) -> String {
    let identifiers = identifiers(export);
    let syntax = Rust {
        identifiers: &identifiers,
        larger_and_smaller: export.larger_and_smaller(),
    };
    let formula = write_formula(&export.expression, &syntax).text;
    let (name, rule) = (&export.name, export.rule_name());
    let parameters: Vec<String> = identifiers
        .iter()
        .map(|word| format!("{word}: f64"))
        .collect();
    let parameters = parameters.join(", ");
    let attribute = |lints: &[(bool, &str)]| {
        let lints = lints.iter().filter(|(is_needed, _)| *is_needed);
        let lints: Vec<&str> = lints.map(|(_, lint)| *lint).collect();
        if lints.is_empty() {
            String::new()
        } else {
            format!("#[allow({})]\n", lints.join(", "))
        }
    };
    let mut words = identifiers.iter().chain([name]);
    let is_odd = words.any(|word| word.contains("__") || word.chars().any(char::is_uppercase));
    let odd = (is_odd, "non_snake_case");
    let many = (identifiers.len() > 7, "clippy::too_many_arguments");
    let is_unused = export.expression.variables().len() < identifiers.len();
    let mut text = renamed(export, &identifiers, "//");
    text += &attribute(&[odd, (is_unused, "unused_variables"), many]);
    text += &format!("pub fn {name}({parameters}) -> f64 {{\n    {formula}\n}}\n");
    if let Some(threshold) = export.threshold {
        text += "\n";
        text += &attribute(&[odd, many]);
        let arguments = identifiers.join(", ");
        text += &format!(
            "pub fn {rule}({parameters}) -> bool {{\n    {name}({arguments}) > {threshold:?}\n}}\n"
        );
    }
    let [larger, smaller] = export.larger_and_smaller();
    for (operator, name, symbol) in [(Operator::Max, larger, ">"), (Operator::Min, smaller, "<")] {
        if export.has(operator) {
            text += &format!(
                "\n{}// Unlike the method of f64, this keeps NaN.\n\
                 fn {name}(a: f64, b: f64) -> f64 {{\n    \
                 if a {symbol} b || a.is_nan() {{ a }} else {{ b }}\n}}\n",
                attribute(&[odd])
            );
        }
    }
    text
}
