//! A C99 function.

use super::Export;
use super::names::{identifiers, renamed};
use super::writer::{Level, Part, Syntax, write as write_formula};
use crate::formula::Operator;

struct C<'a> {
    identifiers: &'a [String],
    larger_and_smaller: [String; 2],
}

impl Syntax for C<'_> {
    fn variable(&self, index: usize) -> String {
        self.identifiers[index].clone()
    }

    fn number(&self, value: f64) -> String {
        format!("{value:?}")
    }

    fn power(&self, base: &Part, exponent: f64) -> (String, Level) {
        (format!("pow({}, {exponent:?})", base.text), Level::Atom)
    }

    fn call(&self, operator: Operator, arguments: &[Part]) -> (String, Level) {
        let [larger, smaller] = &self.larger_and_smaller;
        let text = match (operator, arguments) {
            (Operator::Max, [a, b]) => format!("{larger}({}, {})", a.text, b.text),
            (Operator::Min, [a, b]) => format!("{smaller}({}, {})", a.text, b.text),
            (Operator::Powi, [base, exponent]) => {
                format!("pow({}, round({}))", base.text, exponent.text)
            }
            (Operator::Abs, [argument, ..]) => format!("fabs({})", argument.text),
            (_, arguments) => {
                let arguments: Vec<&str> = arguments.iter().map(|a| a.text.as_str()).collect();
                format!("{}({})", operator.name(), arguments.join(", "))
            }
        };
        (text, Level::Atom)
    }
}

pub(super) fn write(export: &Export) -> String {
    let identifiers = identifiers(export);
    let syntax = C {
        identifiers: &identifiers,
        larger_and_smaller: export.larger_and_smaller(),
    };
    let formula = write_formula(&export.expression, &syntax).text;
    let (name, rule) = (&export.name, export.rule_name());
    let parameters: Vec<String> = identifiers
        .iter()
        .map(|word| format!("double {word}"))
        .collect();
    let parameters = if parameters.is_empty() {
        "void".into()
    } else {
        parameters.join(", ")
    };
    let mut text = String::from("#include <math.h>\n\n") + &renamed(export, &identifiers, "//");
    let [larger, smaller] = export.larger_and_smaller();
    for (operator, name, symbol) in [(Operator::Max, larger, ">"), (Operator::Min, smaller, "<")] {
        if export.has(operator) {
            text += &format!(
                "// Unlike fmax and fmin, this keeps NaN.\n\
                 static double {name}(double a, double b)\n{{\n    \
                 return a {symbol} b || isnan(a) ? a : b;\n}}\n\n"
            );
        }
    }
    text += &format!("double {name}({parameters})\n{{\n");
    let used = export.expression.variables();
    for (_, word) in identifiers
        .iter()
        .enumerate()
        .filter(|(index, _)| !used.contains(index))
    {
        text += &format!("    (void)({word});\n");
    }
    text += &format!("    return {formula};\n}}\n");
    if let Some(threshold) = export.threshold {
        let arguments = identifiers.join(", ");
        text += &format!(
            "\nint {rule}({parameters})\n{{\n    return {name}({arguments}) > {threshold:?};\n}}\n"
        );
    }
    text
}
