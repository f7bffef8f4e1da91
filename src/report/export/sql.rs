//! A query in standard SQL.

use super::Export;
use super::numpy::signed;
use super::writer::{Level, Part, Syntax, write as write_formula};
use crate::formula::Operator;

struct Sql<'a>(&'a [String]);

impl Syntax for Sql<'_> {
    fn variable(&self, index: usize) -> String {
        quoted(&self.0[index])
    }

    /// With an exponent, or the number would be a decimal one with few digits.
    fn number(&self, value: f64) -> String {
        format!("{value:e}")
    }

    fn power(&self, base: &Part, exponent: f64) -> (String, Level) {
        (format!("POWER({}, {exponent:e})", base.text), Level::Atom)
    }

    fn call(&self, operator: Operator, arguments: &[Part]) -> (String, Level) {
        let text = match (operator, arguments) {
            (Operator::Log, [argument, ..]) => format!("LN({})", argument.text),
            // Databases call the larger of two numbers by different names.
            (Operator::Max, [a, b]) => case(a, ">", b),
            (Operator::Min, [a, b]) => case(a, "<", b),
            (Operator::Powi, [base, exponent]) => {
                format!("POWER({}, ROUND({}))", base.text, exponent.text)
            }
            (_, arguments) => {
                let name = match operator {
                    Operator::Pow => "POWER".into(),
                    _ => operator.name().to_ascii_uppercase(),
                };
                let arguments: Vec<&str> = arguments.iter().map(|a| a.text.as_str()).collect();
                format!("{name}({})", arguments.join(", "))
            }
        };
        (text, Level::Atom)
    }
}

fn case(a: &Part, symbol: &str, b: &Part) -> String {
    let (a, b) = (&a.text, &b.text);
    format!("CASE WHEN {a} {symbol} {b} THEN {a} ELSE {b} END")
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

pub(super) fn write(export: &Export) -> String {
    let names = &export.feature_names;
    let formula = write_formula(&export.expression, &Sql(names)).text;
    let (name, rule) = (quoted(&export.name), quoted(&export.rule_name()));
    let used = export.expression.variables();
    let columns = used.iter().map(|&index| {
        let column = quoted(&names[index]);
        // Division of whole columns would drop the decimals.
        format!("CAST({column} AS DOUBLE PRECISION) AS {column}")
    });
    let columns = match columns.collect::<Vec<_>>() {
        columns if columns.is_empty() => "1 AS \"one\"".to_string(),
        columns => columns.join(",\n        "),
    };
    let mut text = format!("SELECT\n    {formula} AS {name}");
    if let Some(threshold) = export.threshold {
        let threshold = signed(threshold);
        text += &format!(",\n    CASE WHEN {formula} > {threshold} THEN 1 ELSE 0 END AS {rule}");
    }
    text + &format!(
        "\nFROM (\n    SELECT\n        {columns}\n    FROM your_table\n) AS features;\n"
    )
}
