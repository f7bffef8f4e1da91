//! Numbers as people and programs write them.

/// A mark between digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// `.`
    Dot,
    /// `,`
    Comma,
}

impl Mark {
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Dot => Self::Comma,
            Self::Comma => Self::Dot,
        }
    }

    pub(crate) fn char(self) -> char {
        match self {
            Self::Dot => '.',
            Self::Comma => ',',
        }
    }
}

/// A text that is a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Numeral<'a> {
    pub value: Value,
    /// The sign of a currency, or `%`.
    pub sign: &'a str,
}

/// What a number may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Value {
    One {
        number: f64,
        /// The decimal mark that the number shows, even where it has only grouped thousands.
        decimal: Option<Mark>,
        /// The mark that groups its thousands.
        thousands: Option<Mark>,
    },
    /// `1,234` or `1.234`: the mark is the decimal one, or groups thousands.
    Two {
        mark: Mark,
        decimal: f64,
        grouped: f64,
    },
}

/// Signs of currencies, before or after a number.
const CURRENCIES: [&str; 12] = [
    "$", "€", "£", "¥", "₹", "USD", "EUR", "GBP", "CHF", "JPY", "CNY", "INR",
];

impl<'a> Numeral<'a> {
    /// Reads a number with a decimal dot or comma, grouped thousands (`1,234`, `1.234`, `1 234`,
    /// `1'234`), an exponent (Fortran's `D` as well), a currency or a percent sign; none for other
    /// texts and for what isn't finite.
    pub fn parse(text: &'a str) -> Option<Self> {
        let plain = text.trim();
        // Most cells have no sign, and are read here.
        if let Some(value) = value(plain) {
            return Some(Self { value, sign: "" });
        }
        if !plain.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let (digits, is_negative) = match plain.strip_prefix(['-', '−']) {
            Some(rest) => (rest.trim_start(), true),
            None => (plain, false),
        };
        let (rest, sign) = without_sign(digits);
        if rest.len() == plain.len() {
            return None;
        }
        let value = value(rest)?;
        Some(Self {
            value: if is_negative { negated(value) } else { value },
            sign,
        })
    }
}

#[cfg(feature = "parquet")]
impl From<f64> for Numeral<'_> {
    fn from(number: f64) -> Self {
        Self {
            value: one(number, None, None),
            sign: "",
        }
    }
}

fn negated(value: Value) -> Value {
    match value {
        Value::One {
            number,
            decimal,
            thousands,
        } => Value::One {
            number: -number,
            decimal,
            thousands,
        },
        Value::Two {
            mark,
            decimal,
            grouped,
        } => Value::Two {
            mark,
            decimal: -decimal,
            grouped: -grouped,
        },
    }
}

/// The digits without a currency or a percent sign, and that sign.
fn without_sign(text: &str) -> (&str, &str) {
    for sign in CURRENCIES.iter().chain(&["%"]) {
        if let Some(rest) = text.strip_suffix(sign) {
            return (rest.trim_end(), sign);
        }
        if let Some(rest) = text.strip_prefix(sign).filter(|_| *sign != "%") {
            return (rest.trim_start(), sign);
        }
    }
    (text, "")
}

fn value(text: &str) -> Option<Value> {
    let (mantissa, exponent) = split_exponent(text)?;
    let (sign, digits) = match mantissa.strip_prefix(['+', '-']) {
        Some(digits) => (&mantissa[..1], digits),
        None => ("", mantissa),
    };
    let is_part = |c: char| c.is_ascii_digit() || is_mark(c) || is_gap(c);
    if !digits.contains(|c: char| c.is_ascii_digit()) || !digits.chars().all(is_part) {
        return None;
    }
    let number = |digits: &str| {
        let number = format!("{sign}{digits}e{exponent}").parse::<f64>().ok();
        number.filter(|number| number.is_finite())
    };
    let last = digits.rfind(is_mark);
    let mark = last.and_then(|last| digits[last..].chars().next());
    let (Some(last), Some(mark)) = (last, mark) else {
        let number = number(&joined(digits, is_gap)?)?;
        return Some(one(number, None, None));
    };
    let mark = if mark == '.' { Mark::Dot } else { Mark::Comma };
    let (whole, fraction) = (&digits[..last], &digits[last + 1..]);
    let decimal = |whole: &str| number(&format!("{whole}.{fraction}"));
    if fraction.contains(is_gap) {
        return None;
    }
    if whole.contains(mark.other().char()) {
        let whole = joined(whole, |c| c == mark.other().char())?;
        return Some(one(decimal(&whole)?, Some(mark), Some(mark.other())));
    }
    if whole.contains(mark.char()) {
        let all = joined(digits, |c| c == mark.char())?;
        return Some(one(number(&all)?, Some(mark.other()), Some(mark)));
    }
    if whole.contains(is_gap) {
        return Some(one(decimal(&joined(whole, is_gap)?)?, Some(mark), None));
    }
    let may_group = fraction.len() == 3
        && (1..=3).contains(&whole.len())
        && !whole.starts_with('0')
        && mantissa.len() == text.len();
    if may_group {
        return Some(Value::Two {
            mark,
            decimal: decimal(whole)?,
            grouped: number(&format!("{whole}{fraction}"))?,
        });
    }
    Some(one(decimal(whole)?, Some(mark), None))
}

fn one(number: f64, decimal: Option<Mark>, thousands: Option<Mark>) -> Value {
    Value::One {
        number,
        decimal,
        thousands,
    }
}

/// What stands before and after an exponent's letter; the exponent is 0 where there is none.
fn split_exponent(text: &str) -> Option<(&str, i32)> {
    match text.split_once(['e', 'E', 'd', 'D']) {
        None => Some((text, 0)),
        Some((mantissa, exponent)) => Some((mantissa, exponent.parse().ok()?)),
    }
}

fn is_mark(c: char) -> bool {
    c == '.' || c == ','
}

/// What groups thousands beside the marks: a blank, also one of fixed width, or an apostrophe.
fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’')
}

/// The digits of groups of three, or digits without groups.
fn joined(text: &str, is_between: impl Fn(char) -> bool) -> Option<String> {
    let groups: Vec<&str> = text.split(is_between).collect();
    let is_digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let is_grouped = match groups.as_slice() {
        [_] => true,
        [first, rest @ ..] => {
            (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3)
        }
        [] => false,
    };
    (is_grouped && groups.iter().all(|group| is_digits(group))).then(|| groups.concat())
}

#[cfg(test)]
mod tests {
    use super::super::marks::Marks;
    use super::*;

    fn single(text: &str) -> Option<f64> {
        match Numeral::parse(text)?.value {
            Value::One { number, .. } => Some(number),
            Value::Two { .. } => None,
        }
    }

    #[test]
    fn a_number_with_one_reading_is_read_so() {
        for (text, number) in [
            (" -1.5e3 ", -1500.0),
            ("0.339D+02", 33.9),
            ("1.0d-3", 0.001),
            ("12,5", 12.5),
            ("-,5", -0.5),
            ("5.", 5.0),
            ("0,123", 0.123),
            ("1535,500", 1535.5),
            ("1.234,5", 1234.5),
            ("1,234.5", 1234.5),
            ("1.234.567", 1_234_567.0),
            ("1 234 567,8", 1_234_567.8),
            ("1'234", 1234.0),
            ("$1,234.50", 1234.5),
            ("-$3", -3.0),
            ("12,5 %", 12.5),
            ("1.234,50 €", 1234.5),
            ("−2", -2.0),
            ("1.250e0", 1.25),
        ] {
            assert_eq!(single(text), Some(number), "{text}");
        }
    }

    #[test]
    fn three_digits_after_one_mark_have_two_readings() {
        for (text, mark) in [("1,234", Mark::Comma), ("-1.234", Mark::Dot)] {
            let value = Numeral::parse(text).unwrap().value;
            let Value::Two { mark: found, .. } = value else {
                panic!("{text} has one reading");
            };
            assert_eq!(found, mark);
            let grouping = Marks {
                comma_groups: true,
                dot_groups: true,
            };
            assert_eq!(grouping.number(value).abs(), 1234.0);
            assert_eq!(Marks::default().number(value).abs(), 1.234);
        }
    }

    #[test]
    fn other_texts_are_no_numbers() {
        for text in [
            "",
            "inf",
            "nan",
            "1e999",
            "nap",
            "0x10",
            "1,2,3",
            "1.2.3.4",
            "12,34,567",
            "1 2",
            "e5",
            "d",
            "-",
            ".",
            "%",
            "$",
            "10-20",
            "5 mm",
            "1,234.567.8",
            "2024-01-31",
        ] {
            assert_eq!(Numeral::parse(text), None, "{text}");
        }
    }
}
