//! Writes a formula as plain text that sympy reads, and as LaTeX.

use super::expression::{MAX_WHOLE_POWER, numbered};
use super::operator::{Latex as LatexForm, Operator};
use super::{Expression, Named};
use crate::numerics::{n_digits, shortest};
use std::f64::consts::{E, PI};

/// A summand as it is written: a coefficient, and factors with their powers in the numerator and in
/// the denominator.
struct Summand {
    coefficient: f64,
    divisor: f64,
    above: Vec<(Expression, f64)>,
    below: Vec<(Expression, f64)>,
}

impl Summand {
    /// The sum that is the only factor, as in `1/(1/(a + b))`, and whether it is subtracted.
    fn as_sum(&self) -> Option<(Expression, bool)> {
        let is_one = self.coefficient.abs() == 1.0 && self.divisor.abs() == 1.0;
        match (self.above.as_slice(), self.below.as_slice()) {
            ([(sum @ Expression::Apply(Operator::Add | Operator::Sub, _), 1.0)], []) if is_one => {
                Some((sum.clone(), self.coefficient * self.divisor < 0.0))
            }
            _ => None,
        }
    }

    /// The only factor if it is a power that isn't whole, which no negative base has: a power of
    /// this one is a power of its base.
    fn as_real_power(&self) -> Option<(&Expression, f64)> {
        let is_one = self.coefficient == 1.0 && self.divisor == 1.0;
        let (base, power) = match (self.above.as_slice(), self.below.as_slice()) {
            ([(base, power)], []) => (base, *power),
            ([], [(base, power)]) => (base, -power),
            _ => return None,
        };
        (is_one && power.fract() != 0.0).then_some((base, power))
    }
}

/// A notation. All notations share the structure of the text and differ in symbols.
pub(super) trait Notation {
    fn variable(&self, index: usize) -> String;
    /// A non-negative number.
    fn number(&self, value: f64) -> String;
    /// Whether pi or e has a name that is no variable's.
    fn has_name(&self, _constant: f64) -> bool {
        true
    }
    /// A power with a positive exponent, given as text.
    fn power(&self, base: &str, exponent: &str) -> String;
    /// A positive exponent.
    fn exponent(&self, value: f64) -> String;
    fn call(&self, operator: Operator, arguments: &[String]) -> String;
    fn group(&self, sum: &str) -> String;
    fn product(&self, factors: &[String]) -> String;
    fn fraction(&self, above: &[String], below: &[String]) -> String;
    /// The sign before a summand.
    fn sign(&self, is_first: bool, is_negative: bool) -> &'static str {
        match (is_first, is_negative) {
            (true, false) => "",
            (true, true) => "-",
            (false, false) => " + ",
            (false, true) => " - ",
        }
    }
}

pub(super) struct Plain<'a>(pub(super) &'a [String]);
struct Latex<'a>(&'a [String]);

impl Expression {
    /// The formula in a syntax that sympy's parser reads, such as `x1**2 + 2*x2**2`.
    ///
    /// `names` has shape `(n_features,)`; a variable without a name is written `x1`, `x2`, ...
    /// [`parse`](Self::parse) reads the text back if the names are words.
    pub fn to_formula(&self, names: &[String]) -> String {
        write_sum(self, &Plain(names))
    }

    /// The formula as LaTeX, such as `x_{1}^{2} + 2 x_{2}^{2}`; `names` as for
    /// [`to_formula`](Self::to_formula).
    pub fn to_latex(&self, names: &[String]) -> String {
        write_sum(self, &Latex(names))
    }
}

impl std::fmt::Display for Expression {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_formula(&[]))
    }
}

pub(super) fn write_sum(expression: &Expression, notation: &impl Notation) -> String {
    let mut summands = Vec::new();
    collect_summands(expression, false, &mut summands);
    // Each part is written only once. Otherwise nested parts would take exponential time.
    let mut written: Vec<Written> = summands
        .iter()
        .map(|summand| Written::new(summand, notation))
        .collect();
    // Products first, then functions, then numbers, each in alphabetical order.
    written.sort_by(|a, b| a.place.cmp(&b.place));
    // The first summand has no minus sign if possible.
    if let Some(first) = written.iter().position(|summand| !summand.is_negative) {
        written[..=first].rotate_right(1);
    }
    let mut text = String::new();
    for (index, summand) in written.iter().enumerate() {
        text.push_str(notation.sign(index == 0, summand.is_negative));
        text.push_str(&summand.text);
    }
    text
}

/// A summand without its sign, and its place among the others.
struct Written {
    is_negative: bool,
    text: String,
    place: (bool, bool, Vec<String>),
}

impl Written {
    fn new(summand: &Summand, notation: &impl Notation) -> Self {
        let mut above = write_factors(&summand.above, notation);
        let mut below = write_factors(&summand.below, notation);
        let mut factors = summand.above.iter().chain(&summand.below);
        let place = (
            above.is_empty() && below.is_empty(),
            factors.any(|(factor, power)| power.fract() != 0.0 || factor.has_function()),
            above.clone(),
        );
        let number = Fraction::of(summand.coefficient.abs(), summand.divisor.abs(), notation);
        above.splice(0..0, write_factors(number.units[0], notation));
        below.splice(0..0, write_factors(number.units[1], notation));
        if number.above != 1.0 || above.is_empty() {
            above.insert(0, notation.number(number.above));
        }
        if number.below != 1.0 {
            below.insert(0, notation.number(number.below));
        }
        let text = if below.is_empty() {
            notation.product(&above)
        } else {
            notation.fraction(&above, &below)
        };
        Self {
            is_negative: is_negative(summand),
            text,
            place,
        }
    }
}

fn is_negative(summand: &Summand) -> bool {
    summand.coefficient * summand.divisor < 0.0
}

/// The number before a summand as it is written, with the factors of a named number such as pi.
struct Fraction {
    above: f64,
    below: f64,
    units: [&'static [(Expression, f64)]; 2],
}

impl Fraction {
    /// A named number by its name, and any other as a fraction or as one number, whichever has fewer
    /// digits.
    fn of(coefficient: f64, divisor: f64, notation: &impl Notation) -> Self {
        let is_known = |named: &Named| {
            let mut factors = named.factors().into_iter().flatten();
            factors.all(|(factor, _)| constants(factor).all(|known| notation.has_name(known)))
        };
        let named = |number: f64| Named::of(number).filter(is_known);
        if let Some(named) = named(coefficient / divisor) {
            return Self {
                above: named.above.into(),
                below: named.below.into(),
                units: named.factors(),
            };
        }
        let quotient = shortest(coefficient / divisor);
        let is_shorter = quotient.is_normal()
            && n_digits(quotient) < n_digits(coefficient).max(n_digits(divisor));
        let (above, below) = if divisor != 1.0 && is_shorter {
            (quotient, 1.0)
        } else {
            (coefficient, divisor)
        };
        Self {
            above,
            below,
            units: [&[], &[]],
        }
    }
}

/// Pi and e where a factor holds them.
fn constants(factor: &Expression) -> impl Iterator<Item = f64> {
    let numbers = factor.constants().into_iter();
    numbers.filter(|number| [PI, E].contains(number))
}

/// A number that no decimal shows as a fraction, any other over 1.
pub(super) fn as_fraction(value: f64) -> (f64, f64) {
    let named = Named::of(value).filter(|named| named.factors().concat().is_empty());
    named.map_or((value, 1.0), |named| {
        (named.above.into(), named.below.into())
    })
}

fn write_factors(factors: &[(Expression, f64)], notation: &impl Notation) -> Vec<String> {
    let mut written: Vec<String> = factors
        .iter()
        .map(|(base, power)| {
            if *power == 0.5 {
                return notation.call(Operator::Sqrt, &[write_sum(base, notation)]);
            }
            let text = match base {
                Expression::Constant(value) if *value >= 0.0 => notation.number(*value),
                Expression::Variable(index) => notation.variable(*index),
                Expression::Apply(operator, arguments) if is_called(*operator, arguments) => {
                    let written = arguments
                        .iter()
                        .map(|argument| write_sum(argument, notation));
                    notation.call(*operator, &written.collect::<Vec<_>>())
                }
                _ => {
                    let text = write_sum(base, notation);
                    // A fraction of two numbers may be one number.
                    let is_number = text.chars().all(|c| c.is_ascii_digit() || c == '.');
                    if is_number {
                        text
                    } else {
                        notation.group(&text)
                    }
                }
            };
            if *power == 1.0 {
                text
            } else {
                notation.power(&text, &notation.exponent(*power))
            }
        })
        .collect();
    written.sort();
    written
}

fn is_called(operator: Operator, arguments: &[Expression]) -> bool {
    match (operator, arguments) {
        (Operator::Pow, [_, Expression::Constant(exponent)]) => !exponent.is_finite(),
        (Operator::Pow | Operator::Powi, _) => true,
        _ => !matches!(operator.entry().latex, LatexForm::Infix),
    }
}

fn collect_summands(expression: &Expression, negated: bool, summands: &mut Vec<Summand>) {
    match expression {
        Expression::Apply(Operator::Add, arguments) => {
            collect_summands(&arguments[0], negated, summands);
            collect_summands(&arguments[1], negated, summands);
        }
        Expression::Apply(Operator::Sub, arguments) => {
            collect_summands(&arguments[0], negated, summands);
            collect_summands(&arguments[1], !negated, summands);
        }
        Expression::Apply(Operator::Neg, arguments) => {
            collect_summands(&arguments[0], !negated, summands);
        }
        _ => {
            let coefficient = if negated { -1.0 } else { 1.0 };
            let mut summand = Summand {
                coefficient,
                divisor: 1.0,
                above: Vec::new(),
                below: Vec::new(),
            };
            collect_factors(expression, 1, &mut summand);
            match summand.as_sum() {
                Some((sum, negated)) => collect_summands(&sum, negated, summands),
                None => summands.push(summand),
            }
        }
    }
}

/// Collects the factors of `expression` to an integer power; those with a negative one are in the
/// denominator.
fn collect_factors(expression: &Expression, power: i32, summand: &mut Summand) {
    use Operator::{Cube, Div, Inv, Mul, Neg, Pow, Powi, Sqrt, Square};
    let Expression::Apply(operator, arguments) = expression else {
        if let Expression::Constant(value) = expression {
            if power < 0 {
                summand.divisor *= value.powi(-power)
            } else {
                summand.coefficient *= value.powi(power)
            }
            return;
        }
        return collect_base(expression, power.into(), summand);
    };
    match (operator, &arguments[..]) {
        (Neg, [argument]) => {
            if power % 2 != 0 {
                summand.coefficient = -summand.coefficient;
            }
            collect_factors(argument, power, summand);
        }
        (Mul, [left, right]) => {
            collect_factors(left, power, summand);
            collect_factors(right, power, summand);
        }
        (Div, [above, below]) => {
            collect_factors(above, power, summand);
            collect_factors(below, -power, summand);
        }
        (Inv, [argument]) => collect_factors(argument, -power, summand),
        (Square | Cube | Powi, [argument, ..]) => match raised(operator, arguments, power) {
            Some(power) => collect_factors(argument, power, summand),
            None => collect_base(expression, power.into(), summand),
        },
        (Sqrt, [argument]) => collect_real_power(expression, argument, 0.5, power, summand),
        (Pow, [argument, Expression::Constant(exponent)]) => {
            collect_real_power(expression, argument, *exponent, power, summand);
        }
        _ => collect_base(expression, power.into(), summand),
    }
}

/// Collects a whole power of `argument` to the power of `exponent`, which `expression` is.
fn collect_real_power(
    expression: &Expression,
    argument: &Expression,
    exponent: f64,
    power: i32,
    summand: &mut Summand,
) {
    let mut inner = Summand {
        coefficient: 1.0,
        divisor: 1.0,
        above: Vec::new(),
        below: Vec::new(),
    };
    collect_factors(argument, 1, &mut inner);
    let times = f64::from(power);
    let is_real =
        |exponent: f64| (exponent * times).is_finite() && (exponent * times).fract() != 0.0;
    match (inner.as_real_power(), argument) {
        (Some((base, own)), _) if is_real(exponent * own) => {
            collect_base(base, exponent * own * times, summand);
        }
        // 1/(a/b)**0.3 is (b/a)**0.3.
        (_, Expression::Apply(Operator::Div, parts))
            if exponent * times < 0.0 && is_real(exponent) =>
        {
            let inverse = match &parts[0] {
                Expression::Constant(1.0) => parts[1].clone(),
                above => parts[1].clone() / above.clone(),
            };
            collect_base(&inverse, -exponent * times, summand);
        }
        _ if is_real(exponent) || exponent.fract() == 0.0 => {
            collect_base(argument, exponent * times, summand);
        }
        // The square of a root isn't what is in it, which may be below 0.
        _ => collect_base(expression, times, summand),
    }
}

/// The exponent of a power of a power; none if it can't be written.
fn raised(operator: &Operator, arguments: &[Expression], power: i32) -> Option<i32> {
    let exponent = match (operator, arguments.get(1)) {
        (Operator::Square, _) => 2,
        (Operator::Cube, _) => 3,
        (_, Some(Expression::Constant(exponent))) => exponent.round() as i32,
        _ => return None,
    };
    let raised = exponent.checked_mul(power)?;
    (raised.unsigned_abs() <= MAX_WHOLE_POWER).then_some(raised)
}

/// The mantissa and the exponent of a number that takes long to write otherwise.
pub(super) fn scientific(value: f64) -> Option<(String, String)> {
    let text = format!("{value:e}");
    let (mantissa, exponent) = text.split_once('e')?;
    let is_long = value != 0.0 && !PLAIN.contains(&value);
    is_long.then(|| (mantissa.to_string(), exponent.to_string()))
}

/// Numbers that are written without an exponent: in others, zeros would have to be counted.
const PLAIN: std::ops::Range<f64> = 1e-5..1e15;

/// Two factors with opposite signs, such as `b - a` and `a - b`, are written as the same one.
fn collect_base(base: &Expression, power: f64, summand: &mut Summand) {
    let side = if power < 0.0 {
        &mut summand.below
    } else {
        &mut summand.above
    };
    if power != 0.0 {
        let power = power.abs();
        let is_whole = |power: f64| power.fract() == 0.0;
        let joins = |(known, own): &(Expression, f64)| {
            let sum = own + power;
            // Whole powers stay readable, and the others without a value below 0.
            let is_same_kind = match (is_whole(*own) && is_whole(power), is_whole(sum)) {
                (true, _) => sum <= f64::from(MAX_WHOLE_POWER),
                (false, is_whole) => !is_whole,
            };
            let both_whole = is_whole(*own) && is_whole(power);
            is_same_kind && (known == base || both_whole && is_opposite(known, base))
        };
        match side.iter_mut().find(|factor| joins(factor)) {
            Some((known, sum)) => {
                *sum += power;
                if known != base && power % 2.0 != 0.0 {
                    summand.coefficient = -summand.coefficient;
                }
            }
            None => side.push((base.clone(), power)),
        }
    }
}

fn is_opposite(a: &Expression, b: &Expression) -> bool {
    use Expression::Apply;
    match (a, b) {
        (Apply(Operator::Sub, a), Apply(Operator::Sub, b)) => a.iter().eq(b.iter().rev()),
        _ => false,
    }
}

impl Notation for Plain<'_> {
    fn number(&self, value: f64) -> String {
        match value {
            PI if self.has_name(PI) => "pi".to_string(),
            E if self.has_name(E) => "E".to_string(),
            _ => scientific(value).map_or(value.to_string(), |(mantissa, exponent)| {
                format!("{mantissa}e{exponent}")
            }),
        }
    }

    fn has_name(&self, constant: f64) -> bool {
        let name = if constant == PI { "pi" } else { "E" };
        !self.0.iter().any(|known| known == name)
    }

    fn variable(&self, index: usize) -> String {
        self.0
            .get(index)
            .cloned()
            .unwrap_or_else(|| numbered(index))
    }

    fn power(&self, base: &str, exponent: &str) -> String {
        format!("{base}**{exponent}")
    }

    fn exponent(&self, value: f64) -> String {
        match as_fraction(value) {
            (_, 1.0) => value.to_string(),
            (above, below) => format!("({above}/{below})"),
        }
    }

    fn call(&self, operator: Operator, arguments: &[String]) -> String {
        let mut parts = operator.entry().sympy.split("{}");
        let mut text = parts.next().unwrap_or_default().to_string();
        for (argument, part) in arguments.iter().zip(parts) {
            text.push_str(argument);
            text.push_str(part);
        }
        text
    }

    fn group(&self, sum: &str) -> String {
        format!("({sum})")
    }

    fn product(&self, factors: &[String]) -> String {
        factors.join("*")
    }

    fn fraction(&self, above: &[String], below: &[String]) -> String {
        let denominator = self.product(below);
        match below {
            [_] => format!("{}/{denominator}", self.product(above)),
            _ => format!("{}/({denominator})", self.product(above)),
        }
    }
}

impl Notation for Latex<'_> {
    fn number(&self, value: f64) -> String {
        match value {
            PI => "\\pi".to_string(),
            E => "e".to_string(),
            _ => scientific(value).map_or(value.to_string(), |(mantissa, exponent)| {
                format!("{mantissa} \\cdot 10^{{{exponent}}}")
            }),
        }
    }

    fn variable(&self, index: usize) -> String {
        let name = Plain(self.0).variable(index);
        let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
        let number = &name[letters.len()..];
        let escaped: String = letters.chars().map(escaped).collect();
        let symbol = match letters.chars().count() {
            1 => escaped,
            _ => format!("\\mathrm{{{escaped}}}"),
        };
        if number.is_empty() {
            symbol
        } else {
            format!("{symbol}_{{{number}}}")
        }
    }

    fn power(&self, base: &str, exponent: &str) -> String {
        format!("{base}^{{{exponent}}}")
    }

    fn exponent(&self, value: f64) -> String {
        match as_fraction(value) {
            (_, 1.0) => value.to_string(),
            (above, below) => format!("{above}/{below}"),
        }
    }

    fn call(&self, operator: Operator, arguments: &[String]) -> String {
        let argument = arguments.join(", ");
        match operator.entry().latex {
            LatexForm::Function(name) => format!("{name}\\left({argument}\\right)"),
            LatexForm::Around(before, after) => format!("{before}{argument}{after}"),
            LatexForm::Infix => format!("{{\\left({}\\right)}}^{{{}}}", arguments[0], arguments[1]),
        }
    }

    fn group(&self, sum: &str) -> String {
        format!("\\left({sum}\\right)")
    }

    fn product(&self, factors: &[String]) -> String {
        factors.join(" ")
    }

    fn fraction(&self, above: &[String], below: &[String]) -> String {
        format!(
            "\\frac{{{}}}{{{}}}",
            self.product(above),
            self.product(below)
        )
    }
}

/// A character of a name in roman LaTeX.
fn escaped(symbol: char) -> String {
    match symbol {
        '_' | '%' | '#' | '&' | '$' | '{' | '}' => format!("\\{symbol}"),
        ' ' => "\\ ".into(),
        '^' => "\\hat{}".into(),
        '~' => "\\sim{}".into(),
        '\\' => "\\backslash{}".into(),
        _ => symbol.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::SQRT_2;

    fn x(number: usize) -> Expression {
        Expression::variable(number - 1)
    }

    fn c(value: f64) -> Expression {
        Expression::constant(value)
    }

    #[test]
    fn formulas_are_written_as_sympy_reads_them() {
        let cases = [
            (x(1) * x(1) + c(2.0) * (x(2) * x(2)), "x1**2 + 2*x2**2"),
            (x(1) - (x(2) - x(3)), "x1 - x2 + x3"),
            (x(1) * (x(2) - x(3)), "(x2 - x3)*x1"),
            (x(1) / (x(2) * x(3)), "x1/(x2*x3)"),
            (c(-0.5) * x(1) / x(2), "-0.5*x1/x2"),
            (c(1.0) / x(1), "1/x1"),
            (x(1) / c(3.0), "x1/3"),
            (x(1) / (c(-3.0) * x(2)), "-x1/(3*x2)"),
            (x(1) / (x(2) / x(3)), "x1*x3/x2"),
            (
                Expression::unary(Operator::Exp, x(1) - x(2)) - c(3.0) * x(3),
                "exp(x1 - x2) - 3*x3",
            ),
            ((x(1) - x(2)) * (x(1) - x(2)), "(x1 - x2)**2"),
            ((x(1) - x(2)) * (x(2) - x(1)) + x(3), "x3 - (x1 - x2)**2"),
            (
                (x(1) - x(2)) * (x(2) - x(1)) / (x(2) - x(1)),
                "-(x1 - x2)**2/(x2 - x1)",
            ),
            (
                Expression::unary(Operator::Neg, x(1) + c(2.0) * x(2)),
                "-x1 - 2*x2",
            ),
            (x(1) * Expression::unary(Operator::Neg, x(2)), "-x1*x2"),
            (x(1) - c(PI) * x(2), "x1 - pi*x2"),
            (c(4.0 / 3.0) * x(1) + c(-SQRT_2), "4*x1/3 - sqrt(2)"),
            (c(-1.0) / (c(1.0) / (x(1) - x(2))), "x2 - x1"),
        ];
        for (expression, expected) in cases {
            assert_eq!(expression.to_formula(&[]), expected);
        }
    }

    #[test]
    fn latex_has_subscripts_fractions_and_named_columns() {
        let names = vec!["x1".to_string(), "flow_rate".to_string()];
        let formula = c(2.0) * x(1) * x(1) / x(2);
        assert_eq!(
            formula.to_latex(&names),
            "\\frac{2 x_{1}^{2}}{\\mathrm{flow\\_rate}}"
        );
    }
}
