//! Reads formulas: the text that `Expression::to_formula` writes, and what people write.

use super::Expression;
use super::Operator;
use super::expression::MAX_WHOLE_POWER;
use crate::error::{Error, Result};

const MAX_CHARACTERS: usize = 10_000;
/// The nesting of parentheses, function calls and exponents. The reader is recursive in each.
const MAX_NESTING: usize = 100;
/// The largest number of nodes from powers: `((x1**64)**64)**64` alone would have half a million.
const MAX_POWER_NODES: usize = 100_000;

impl Expression {
    /// Reads a formula, such as `x1**2 + 2*sin(x2)`; [`to_formula`](Self::to_formula) writes it.
    ///
    /// It may contain `+ - * /`, powers as `**` or `^`, parentheses, numbers, the constants `pi`
    /// and `E`, and every operator whose name is a word as a function, also under sympy's name
    /// (`Max`). Precedence is that of Python: `-x1**2` is `-(x1**2)`. An exponent may be any
    /// number: `x1**2` is read as a product, `x1**0.75` as `pow(x1, 0.75)`.
    ///
    /// `names` has shape `(n_features,)`; if it is empty, variables are `x1`, `x2`, ... A name can
    /// be read if it has only letters, digits and underscores and doesn't begin with a digit. It
    /// takes precedence over a constant of the same name. A word before a parenthesis is always a
    /// function.
    ///
    /// A formula has at most 10 000 characters and 100 levels of nesting. Long sums and products
    /// become balanced trees, so that none is too deep to be written or evaluated.
    ///
    /// ```
    /// use closedform::Expression;
    ///
    /// let names = ["width".to_string(), "height".to_string()];
    /// let formula = Expression::parse("2*(width + height)^2 / height", &names)?;
    /// assert_eq!(formula.value(&[1.0, 2.0]), 9.0);
    /// assert_eq!(formula.to_formula(&names), "2*(height + width)**2/height");
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// Text that isn't such a formula or exceeds these limits; the message gives the place and the
    /// reason.
    pub fn parse(text: &str, names: &[String]) -> Result<Self> {
        let mut reader = Reader {
            text,
            rest: text.trim_start(),
            names,
            nesting: 0,
            n_power_nodes: 0,
        };
        if let Some((limit, _)) = text.char_indices().nth(MAX_CHARACTERS) {
            let message = format!("a formula has at most {MAX_CHARACTERS} characters");
            return Err(reader.refusal(&text[limit..], message));
        }
        let expression = reader.sum()?;
        match reader.rest {
            "" => Ok(expression),
            _ => Err(reader.unexpected("an operator or the end")),
        }
    }
}

/// Reads a formula in the variables `x1`, `x2`, ...; see [`Expression::parse`].
impl std::str::FromStr for Expression {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text, &[])
    }
}

/// A recursive-descent parser, with one method for each level of precedence.
struct Reader<'a> {
    text: &'a str,
    /// The rest of the text, without leading white space.
    rest: &'a str,
    names: &'a [String],
    nesting: usize,
    n_power_nodes: usize,
}

impl<'a> Reader<'a> {
    fn sum(&mut self) -> Result<Expression> {
        let mut terms = vec![("+", self.product()?)];
        while let Some(sign) = self.takes_one(["+", "-"]) {
            terms.push((sign, self.product()?));
        }
        // After a minus, signs are reversed: a + b - c - d is (a + b) - (c + d).
        let sum = balanced(terms, |(sign, left), (other, right)| {
            if sign == other {
                (sign, left + right)
            } else {
                (sign, left - right)
            }
        });
        Ok(sum.map_or(Expression::Constant(0.0), |(_, sum)| sum))
    }

    /// A single fraction. If `a*b/c*d` were balanced as `(a*b)/(c/d)`, it would have a pole at
    /// `d = 0`.
    fn product(&mut self) -> Result<Expression> {
        let mut above = vec![self.signed()?];
        let mut below = Vec::new();
        while let Some(symbol) = self.takes_one(["*", "/"]) {
            let factor = self.signed()?;
            match symbol {
                "*" => above.push(factor),
                _ => below.push(factor),
            }
        }
        Ok(if below.is_empty() {
            product_of(above)
        } else {
            product_of(above) / product_of(below)
        })
    }

    fn signed(&mut self) -> Result<Expression> {
        let mut is_negative = false;
        while let Some(sign) = self.takes_one(["+", "-"]) {
            is_negative ^= sign == "-";
        }
        Ok(match self.raised()? {
            operand if !is_negative => operand,
            Expression::Constant(value) => Expression::Constant(-value),
            operand => Expression::unary(Operator::Neg, operand),
        })
    }

    fn raised(&mut self) -> Result<Expression> {
        let base = self.operand()?;
        if self.takes_one(["**", "^"]).is_none() {
            return Ok(base);
        }
        let start = self.rest;
        let exponent = self.nested(Self::signed)?;
        if exponent.n_variables() > 0 {
            return Ok(Expression::binary(Operator::Pow, base, exponent));
        }
        let value = exponent.value(&[]);
        if !value.is_finite() {
            let found = start[..start.len() - self.rest.len()].trim_end();
            let message = format!("the exponent {found:?} is {value}, but must be a finite number");
            return Err(self.refusal(start, message));
        }
        if value.fract() != 0.0 || value.abs() > f64::from(MAX_WHOLE_POWER) {
            let exponent = Expression::Constant(value);
            return Ok(Expression::binary(Operator::Pow, base, exponent));
        }
        self.n_power_nodes += base.n_nodes() * value.abs() as usize;
        if self.n_power_nodes > MAX_POWER_NODES {
            let message = format!("powers multiply out to more than {MAX_POWER_NODES} parts");
            return Err(self.refusal(start, message));
        }
        Ok(power(base, value as i32))
    }

    fn operand(&mut self) -> Result<Expression> {
        match self.rest.chars().next() {
            _ if self.takes("(") => self.nested(Self::group),
            Some('0'..='9' | '.') => self.number(),
            _ if !first_word(self.rest).is_empty() => self.variable_or_call(),
            _ => Err(self.unexpected("a number, a variable, a function or \"(\"")),
        }
    }

    fn number(&mut self) -> Result<Expression> {
        let start = self.rest;
        let mut previous = ' ';
        let is_after = |c: char| {
            let is_sign = matches!((previous, c), ('e' | 'E', '+' | '-'));
            previous = c;
            !(is_sign || matches!(c, '0'..='9' | '.' | 'e' | 'E'))
        };
        let number = &start[..start.find(is_after).unwrap_or(start.len())];
        self.rest = start[number.len()..].trim_start();
        let value = number.parse().ok().filter(|value: &f64| value.is_finite());
        value.map(Expression::Constant).ok_or_else(|| {
            let allowed = "numbers are written 1, 1.5, .5 or 1e-3, up to 1.7e308";
            self.refusal(start, format!("{number:?} isn't a number; {allowed}"))
        })
    }

    fn variable_or_call(&mut self) -> Result<Expression> {
        let start = self.rest;
        let name = first_word(start);
        self.rest = start[name.len()..].trim_start();
        if !self.takes("(") {
            return match (self.variable(name), name) {
                (Some(index), _) => Ok(Expression::Variable(index)),
                (None, "pi") => Ok(Expression::Constant(std::f64::consts::PI)),
                (None, "E") => Ok(Expression::Constant(std::f64::consts::E)),
                (None, _) => Err(self.unknown(start, name, "variable")),
            };
        }
        let function = Operator::functions()
            .find(|known| known.name() == name || known.sympy_name() == Some(name));
        let operator = function.ok_or_else(|| self.unknown(start, name, "function"))?;
        let arguments = self.nested(Self::arguments)?;
        let (found, allowed) = (arguments.len(), operator.arity());
        if found == allowed {
            return Ok(Expression::applied(operator, arguments));
        }
        let message =
            format!("the number of arguments of {name:?} is {found}, but must be {allowed}");
        Err(self.refusal(start, message))
    }

    fn variable(&self, name: &str) -> Option<usize> {
        if !self.names.is_empty() {
            return self.names.iter().position(|known| known == name);
        }
        // Each variable has one name, so x01 isn't allowed.
        let number = name.strip_prefix('x').filter(|n| !n.starts_with('0'))?;
        number.parse::<usize>().ok()?.checked_sub(1)
    }

    fn arguments(&mut self) -> Result<Vec<Expression>> {
        let mut arguments = vec![self.sum()?];
        while self.takes(",") {
            arguments.push(self.sum()?);
        }
        self.closed(arguments, "an operator, \",\" or \")\"")
    }

    fn group(&mut self) -> Result<Expression> {
        let inner = self.sum()?;
        self.closed(inner, "an operator or \")\"")
    }

    fn closed<T>(&mut self, inner: T, allowed: &str) -> Result<T> {
        if self.takes(")") {
            Ok(inner)
        } else {
            Err(self.unexpected(allowed))
        }
    }

    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.nesting == MAX_NESTING {
            let message = format!("a formula is nested at most {MAX_NESTING} levels deep");
            return Err(self.refusal(self.rest, message));
        }
        self.nesting += 1;
        let inner = read(self)?;
        self.nesting -= 1;
        Ok(inner)
    }

    /// Reads the symbol if it comes next.
    fn takes(&mut self, symbol: &str) -> bool {
        let rest = self.rest.strip_prefix(symbol);
        self.rest = rest.map_or(self.rest, str::trim_start);
        rest.is_some()
    }

    fn takes_one(&mut self, symbols: [&'static str; 2]) -> Option<&'static str> {
        symbols.into_iter().find(|symbol| self.takes(symbol))
    }

    fn unexpected(&self, allowed: &str) -> Error {
        let width = self.rest.chars().next().map_or(0, char::len_utf8);
        let found = match &self.rest[..width.max(first_word(self.rest).len())] {
            "" => "the end".to_string(),
            found => format!("{found:?}"),
        };
        self.refusal(self.rest, format!("found {found}, but expected {allowed}"))
    }

    fn unknown(&self, start: &str, name: &str, kind: &str) -> Error {
        let variables = match self.names {
            [] => "x1 x2 ...".to_string(),
            names => names.join(" "),
        };
        let functions: Vec<&str> = Operator::functions().map(Operator::name).collect();
        let message = format!(
            "{name:?} isn't a {kind}; variables are {variables}, constants are pi E, \
             functions are {}",
            functions.join(" ")
        );
        self.refusal(start, message)
    }

    /// `start` is the rest of the text at the place of the error.
    fn refusal(&self, start: &str, message: String) -> Error {
        let position = self.text.chars().count() - start.chars().count() + 1;
        Error::Formula { position, message }
    }
}

/// The letters, digits and underscores at the start of the text.
fn first_word(text: &str) -> &str {
    let is_in_word = |c: char| c.is_alphabetic() || c.is_ascii_digit() || c == '_';
    &text[..text.len() - text.trim_start_matches(is_in_word).len()]
}

fn power(base: Expression, exponent: i32) -> Expression {
    let product = product_of(vec![base; exponent.unsigned_abs() as usize]);
    if exponent < 0 {
        Expression::Constant(1.0) / product
    } else {
        product
    }
}

fn product_of(factors: Vec<Expression>) -> Expression {
    balanced(factors, |left, right| left * right).unwrap_or(Expression::Constant(1.0))
}

/// Joins the parts as a balanced tree, whose depth is the logarithm of their number.
fn balanced<T>(mut parts: Vec<T>, join: fn(T, T) -> T) -> Option<T> {
    if parts.len() < 2 {
        return parts.pop();
    }
    let right = parts.split_off(parts.len().div_ceil(2));
    Some(join(balanced(parts, join)?, balanced(right, join)?))
}
