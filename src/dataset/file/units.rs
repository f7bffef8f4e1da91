//! Units as they stand below a header.

use crate::formula::Unit;

/// The unit that a cell names: in brackets or not, with powers written as `m2`, `m^2` or `m²`;
/// `-`, `%` and nothing stand for none.
pub(crate) fn unit_of_cell(text: &str) -> Option<Unit> {
    let text = text.trim();
    let inner = |open, close| text.strip_prefix(open)?.strip_suffix(close);
    let text = inner('[', ']').or_else(|| inner('(', ')')).unwrap_or(text);
    if matches!(text.trim(), "" | "-" | "%") {
        return Some(Unit::none());
    }
    Unit::parse(&with_powers(text)).ok()
}

/// `kW/m2` as `kW/m^2`, `s-1` as `s^-1`, `°C` as `degC`.
fn with_powers(text: &str) -> String {
    let text = text.replace('°', "deg").replace('²', "2").replace('³', "3");
    let mut written = String::new();
    let mut chars = text.chars().peekable();
    let mut is_after_letter = false;
    while let Some(c) = chars.next() {
        let is_sign = c == '-' && chars.peek().is_some_and(char::is_ascii_digit);
        if is_after_letter && (c.is_ascii_digit() || is_sign) {
            written.push('^');
        }
        written.push(c);
        is_after_letter = c.is_alphabetic();
    }
    written
}

#[cfg(test)]
mod tests {
    use super::unit_of_cell;

    #[test]
    fn units_are_read_as_tables_write_them() {
        for (text, unit) in [
            ("kW/m2", "kW/m^2"),
            ("[m s-1]", "m/s"),
            ("(kg/m³)", "kg/m^3"),
            ("m^2", "m^2"),
            ("-", "1"),
            ("%", "1"),
            ("°C", "degC"),
        ] {
            assert_eq!(unit_of_cell(text).unwrap().to_string(), unit, "{text}");
        }
        for text in ["meters per *", "2.5", "a, b", "n/"] {
            assert_eq!(unit_of_cell(text), None, "{text}");
        }
    }
}
