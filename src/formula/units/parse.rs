//! Reads units from text.

use super::exponent::Exponent;
use super::names;
use super::unit::Unit;
use crate::error::{Error, Result};
use std::borrow::Cow;

/// How deep parentheses may be nested. The reader is recursive, and no unit needs more than two.
const MAX_NESTING: usize = 100;
/// How many characters of a unit a message shows: more than any unit has.
const MAX_SHOWN: usize = 60;

impl Unit {
    /// Reads a product of powers: `kg*m^2/s^2`, `kg m**2 s^-2`, `J/(mol*K)`, `m^(1/2)`, `1`.
    ///
    /// A space multiplies like `*`. `*` and `/` are applied from left to right: `m/s*kg` is
    /// `m*kg/s`.
    ///
    /// # Errors
    /// Text that isn't such a product; the message gives the place.
    pub fn parse(text: &str) -> Result<Self> {
        let mut reader = Reader {
            text,
            rest: text.trim_start(),
            nesting: 0,
        };
        let unit = reader.product()?;
        match reader.rest {
            "" => Ok(unit),
            _ => Err(reader.refusal("a product of powers such as kg*m/s^2")),
        }
    }
}

/// Reads a unit; see [`Unit::parse`].
impl std::str::FromStr for Unit {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

struct Reader<'a> {
    text: &'a str,
    /// The rest of the text, without leading white space.
    rest: &'a str,
    nesting: usize,
}

impl<'a> Reader<'a> {
    fn product(&mut self) -> Result<Unit> {
        let mut product = self.power()?;
        loop {
            let is_below = self.takes("/");
            let is_more = is_below
                || self.takes("*")
                || self.takes("·")
                || self
                    .rest
                    .starts_with(|c: char| c.is_alphabetic() || c == '(' || c == '1');
            if !is_more {
                return Ok(product);
            }
            let here = self.rest;
            let sign = Exponent::whole(if is_below { -1 } else { 1 });
            let factor = self.power()?.to_power(sign);
            product = factor
                .and_then(|factor| product.times(&factor))
                .ok_or_else(|| self.refusal_at(here, "of smaller exponents"))?;
        }
    }

    fn power(&mut self) -> Result<Unit> {
        let base = self.factor()?;
        if !(self.takes("**") || self.takes("^")) {
            return Ok(base);
        }
        let here = self.rest;
        let exponent = self
            .exponent()
            .ok_or_else(|| self.refusal_at(here, "with exponents such as 2, -1 or (1/2)"))?;
        base.to_power(exponent)
            .ok_or_else(|| self.refusal_at(here, "of smaller exponents"))
    }

    fn factor(&mut self) -> Result<Unit> {
        if self.takes("(") {
            if self.nesting == MAX_NESTING {
                return Err(self.refusal(&format!("nested at most {MAX_NESTING} levels deep")));
            }
            self.nesting += 1;
            let inner = self.product()?;
            self.nesting -= 1;
            return if self.takes(")") {
                Ok(inner)
            } else {
                Err(self.refusal("with a ) for every ("))
            };
        }
        let is_of_word = |c: char| c.is_alphanumeric() || c == '_';
        let end = self
            .rest
            .find(|c| !is_of_word(c))
            .unwrap_or(self.rest.len());
        let word = &self.rest[..end];
        let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
        if letters.len() < word.len() && names::is_known(letters) {
            let allowed = format!("with powers as in {letters}^2");
            return Err(self.refusal(&allowed));
        }
        let unit = match word {
            "1" => Unit::none(),
            _ if word.starts_with(char::is_alphabetic) => names::unit_of(word),
            _ => return Err(self.refusal("a product of powers such as kg*m/s^2, or 1 for none")),
        };
        self.rest = self.rest[end..].trim_start();
        Ok(unit)
    }

    /// `2`, `-2`, `(-2)` or `(1/2)`.
    fn exponent(&mut self) -> Option<Exponent> {
        if !self.takes("(") {
            return Exponent::new(self.whole()?, 1);
        }
        let numerator = self.whole()?;
        let denominator = if self.takes("/") { self.whole()? } else { 1 };
        self.takes(")").then_some(())?;
        Exponent::new(numerator, denominator)
    }

    fn whole(&mut self) -> Option<i64> {
        let is_negative = self.takes("-");
        let end = self
            .rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(self.rest.len());
        let number: i64 = self.rest[..end].parse().ok()?;
        self.rest = self.rest[end..].trim_start();
        Some(if is_negative { -number } else { number })
    }

    fn takes(&mut self, symbol: &str) -> bool {
        let rest = self.rest.strip_prefix(symbol).map(str::trim_start);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn refusal(&self, allowed: &str) -> Error {
        self.refusal_at(self.rest, allowed)
    }

    fn refusal_at(&self, here: &str, allowed: &str) -> Error {
        let place = match here {
            "" => "; the text ends too early".to_string(),
            _ => format!("; \"{}\" can't be read", beginning(here)),
        };
        let value = format!("\"{}\"", beginning(self.text.trim()));
        Error::parameter("unit", value, format!("{allowed}{place}"))
    }
}

/// As much of a text as a message can show.
fn beginning(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MAX_SHOWN) {
        None => text.into(),
        Some((end, _)) => format!("{}...", &text[..end]).into(),
    }
}
