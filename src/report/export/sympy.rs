//! Sympy and LaTeX, which are for reading: terms are collected, as the library shows them.

use super::Export;
use super::names::{identifiers, renamed};
use crate::error::{Error, Result};
use crate::formula::{Expression, Operator};

/// Refuses an exponent with variables: the operator rounds it, but these languages don't.
fn check_exponents(expression: &Expression) -> Result<()> {
    let Expression::Apply(operator, arguments) = expression else {
        return Ok(());
    };
    let variable_exponent = arguments
        .get(1)
        .filter(|second| *operator == Operator::Powi && second.n_variables() > 0);
    match variable_exponent {
        Some(exponent) => Err(Error::Unusable(format!(
            "the exponent {exponent} of a whole power is rounded; sympy and LaTeX only take whole \
             numbers"
        ))),
        None => arguments.iter().try_for_each(check_exponents),
    }
}

pub(super) fn write(export: &Export) -> Result<String> {
    check_exponents(&export.expression)?;
    let identifiers = identifiers(export);
    let formula = export.expression.to_formula(&identifiers);
    let (name, rule) = (&export.name, export.rule_name());
    let mut text = String::from("import sympy\n\n") + &renamed(export, &identifiers, "#");
    text += &format!(
        "symbols = {{name: sympy.Symbol(name, real=True) for name in {identifiers:?}}}\n\
         {name} = sympy.parse_expr(\"{formula}\", symbols)\n"
    );
    if let Some(threshold) = export.threshold {
        text += &format!("{rule} = {name} > {threshold:?}\n");
    }
    Ok(text)
}

pub(super) fn write_latex(export: &Export) -> Result<String> {
    check_exponents(&export.expression)?;
    let formula = export.expression.to_latex(&export.feature_names);
    Ok(match export.threshold {
        Some(threshold) => format!("{formula} > {threshold}\n"),
        None => formula + "\n",
    })
}
