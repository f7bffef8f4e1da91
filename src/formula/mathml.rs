//! Formulas as MathML, which browsers show without any script.

use super::Expression;
use super::notation::{Notation, Plain, as_fraction, scientific, write_sum};
use super::operator::Operator;
use std::f64::consts::{E, PI};

struct MathMl<'a>(&'a [String]);

impl Expression {
    /// The formula as MathML elements for use inside `<math>`; `names` as for
    /// [`to_formula`](Self::to_formula).
    ///
    /// ```
    /// use closedform::Expression;
    ///
    /// let half: Expression = "x1/2".parse()?;
    /// let expected = "<mfrac><mrow><msub><mi>x</mi><mn>1</mn></msub></mrow>\
    ///                 <mrow><mn>2</mn></mrow></mfrac>";
    /// assert_eq!(half.to_mathml(&[]), expected);
    /// # Ok::<(), closedform::Error>(())
    /// ```
    pub fn to_mathml(&self, names: &[String]) -> String {
        write_sum(self, &MathMl(names))
    }
}

fn row(content: &str) -> String {
    format!("<mrow>{content}</mrow>")
}

fn in_brackets(content: &str) -> String {
    row(&format!("<mo>(</mo>{content}<mo>)</mo>"))
}

impl Notation for MathMl<'_> {
    fn number(&self, value: f64) -> String {
        match value {
            PI => "<mi>&#960;</mi>".to_string(),
            E => "<mi>e</mi>".to_string(),
            _ => scientific(value).map_or(format!("<mn>{value}</mn>"), |(mantissa, exponent)| {
                let power = format!("<msup><mn>10</mn><mn>{exponent}</mn></msup>");
                row(&format!("<mn>{mantissa}</mn><mo>&#8901;</mo>{power}"))
            }),
        }
    }

    fn variable(&self, index: usize) -> String {
        let name = Plain(self.0).variable(index);
        let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
        let number = &name[letters.len()..];
        let identifier = format!("<mi>{}</mi>", crate::notebook::escape_html(letters));
        match (letters.is_empty(), number.is_empty()) {
            (true, _) => format!("<mi>{number}</mi>"),
            (_, true) => identifier,
            (_, false) => format!("<msub>{identifier}<mn>{number}</mn></msub>"),
        }
    }

    fn power(&self, base: &str, exponent: &str) -> String {
        format!("<msup>{base}{exponent}</msup>")
    }

    fn exponent(&self, value: f64) -> String {
        match as_fraction(value) {
            (_, 1.0) => format!("<mn>{value}</mn>"),
            (above, below) => row(&format!("<mn>{above}</mn><mo>/</mo><mn>{below}</mn>")),
        }
    }

    fn call(&self, operator: Operator, arguments: &[String]) -> String {
        let joined = arguments.join("<mo>,</mo>");
        match operator {
            Operator::Sqrt => format!("<msqrt>{joined}</msqrt>"),
            Operator::Abs => row(&format!("<mo>|</mo>{joined}<mo>|</mo>")),
            Operator::Exp => format!("<msup><mi>e</mi>{}</msup>", row(&joined)),
            Operator::Powi | Operator::Pow => format!(
                "<msup>{}{}</msup>",
                in_brackets(&arguments[0]),
                row(&arguments[1])
            ),
            _ => row(&format!(
                "<mi>{}</mi><mo>&#8289;</mo>{}",
                operator.name(),
                in_brackets(&joined)
            )),
        }
    }

    fn group(&self, sum: &str) -> String {
        in_brackets(sum)
    }

    fn product(&self, factors: &[String]) -> String {
        // A thin space, because two adjacent names would read as one.
        factors.join("<mspace width=\"0.17em\"></mspace>")
    }

    fn fraction(&self, above: &[String], below: &[String]) -> String {
        let [above, below] = [above, below].map(|factors| row(&self.product(factors)));
        format!("<mfrac>{above}{below}</mfrac>")
    }

    fn sign(&self, is_first: bool, is_negative: bool) -> &'static str {
        match (is_first, is_negative) {
            (true, false) => "",
            (true, true) => "<mo form=\"prefix\">&#8722;</mo>",
            (false, false) => "<mo>+</mo>",
            (false, true) => "<mo>&#8722;</mo>",
        }
    }
}
