//! Polynomials as text: plain, for sympy, and as LaTeX.

use super::Polynomial;
use crate::formula::Expression;

/// What differs between the text forms.
struct Notation<'a> {
    /// The name of a variable.
    name: &'a dyn Fn(&Expression) -> String,
    between_factors: &'a str,
    power: fn(&str, usize) -> String,
    /// A number that isn't negative.
    number: fn(f64) -> String,
}

impl Polynomial {
    /// The polynomial as plain text, such as `1 - 0.5 x1^2 x2`.
    ///
    /// `names` has shape `(n_variables,)`; a variable without a name is written `x1`, `x2`, ...
    /// Coefficients have all their digits; [`rounded`](Self::rounded) gives fewer.
    pub fn to_plain(&self, names: &[String]) -> String {
        self.write(&Notation {
            name: &|variable| variable.to_formula(names),
            between_factors: " ",
            power: |name, power| format!("{name}^{power}"),
            number: plain_number,
        })
    }

    /// The polynomial in a syntax that sympy's parser and
    /// [`Expression::parse`](crate::Expression::parse) read, such as `1 - 0.5*x1**2*x2`. Names and
    /// digits are those of [`to_plain`](Self::to_plain).
    pub fn to_formula(&self, names: &[String]) -> String {
        self.write(&Notation {
            name: &|variable| variable.to_formula(names),
            between_factors: "*",
            power: |name, power| format!("{name}**{power}"),
            number: plain_number,
        })
    }

    /// The polynomial as LaTeX, such as `1 - 0.5 x_{1}^{2} x_{2}`. Names and digits are those of
    /// [`to_plain`](Self::to_plain).
    pub fn to_latex(&self, names: &[String]) -> String {
        self.write(&Notation {
            name: &|variable| variable.to_latex(names),
            between_factors: " ",
            power: |name, power| format!("{name}^{{{power}}}"),
            number: |value| match plain_number(value).split_once('e') {
                Some((digits, exponent)) => format!("{digits} \\cdot 10^{{{exponent}}}"),
                None => plain_number(value),
            },
        })
    }

    fn write(&self, notation: &Notation) -> String {
        let mut text = String::new();
        for (label, coefficient) in self.terms() {
            text.push_str(match (text.is_empty(), coefficient < 0.0) {
                (true, false) => "",
                (true, true) => "-",
                (false, false) => " + ",
                (false, true) => " - ",
            });
            let mut factors = Vec::new();
            if coefficient.abs() != 1.0 || label.is_empty() {
                factors.push((notation.number)(coefficient.abs()));
            }
            for same in label.chunk_by(|a, b| a == b) {
                let name = (notation.name)(&Expression::variable(same[0] - 1));
                factors.push(match same.len() {
                    1 => name,
                    power => (notation.power)(&name, power),
                });
            }
            text.push_str(&factors.join(notation.between_factors));
        }
        if text.is_empty() {
            "0".to_string()
        } else {
            text
        }
    }
}

impl std::fmt::Display for Polynomial {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_plain(&[]))
    }
}

/// Uses an exponent where many zeros would hide the digits.
fn plain_number(value: f64) -> String {
    if (1e-4..1e16).contains(&value) {
        value.to_string()
    } else {
        format!("{value:e}")
    }
}
