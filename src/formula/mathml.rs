//! Formulas as MathML, which browsers show without any script.

use super::Expression;
use super::notation::{Notation, Plain, as_fraction, write_sum};
use super::operator::Operator;
use std::f64::consts::{E, PI, SQRT_2};

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
            SQRT_2 => "<msqrt><mn>2</mn></msqrt>".to_string(),
            _ => format!("<mn>{value}</mn>"),
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
        match as_fraction(value, 1.0) {
            (thirds, 3.0) => row(&format!("<mn>{thirds}</mn><mo>/</mo><mn>3</mn>")),
            _ => format!("<mn>{value}</mn>"),
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
