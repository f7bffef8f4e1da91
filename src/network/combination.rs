//! Linear combinations of named quantities, as text.

/// The terms of `0.5 fc1.0 - 2 * fc1.3`: coefficients and names. Blanks stand around the signs,
/// because names may hold anything else.
pub(super) fn terms(text: &str) -> Vec<(f64, String)> {
    let mut terms = Vec::new();
    let (mut sign, mut words) = (1.0, Vec::new());
    for word in text.split_whitespace() {
        let next = match word {
            "+" => 1.0,
            "-" => -1.0,
            _ => {
                words.push(word);
                continue;
            }
        };
        terms.extend(term(sign, &words));
        (sign, words) = (next, Vec::new());
    }
    terms.extend(term(sign, &words));
    terms
}

/// A name behind an optional number.
fn term(sign: f64, words: &[&str]) -> Option<(f64, String)> {
    let text = words.join(" ");
    let split = text.split_once('*').or(text.split_once(' '));
    let scaled = split.and_then(|(number, name)| {
        let number: f64 = number.trim().parse().ok()?;
        Some((sign * number, name.trim_matches([' ', '*']).to_string()))
    });
    scaled.or((!text.is_empty()).then_some((sign, text)))
}

#[cfg(test)]
mod tests {
    use super::terms;

    #[test]
    fn terms_are_numbers_and_names() {
        let found = |text: &str| -> Vec<(f64, String)> { terms(text) };
        let named = |terms: &[(f64, &str)]| -> Vec<(f64, String)> {
            (terms.iter().map(|(c, name)| (*c, name.to_string()))).collect()
        };
        assert_eq!(found("fc1.0"), named(&[(1.0, "fc1.0")]));
        assert_eq!(found("2"), named(&[(1.0, "2")]));
        assert_eq!(
            found("0.5 fc1.0 - 2 * /a-b/c.3 + -1e-3*x"),
            named(&[(0.5, "fc1.0"), (-2.0, "/a-b/c.3"), (-1e-3, "x")])
        );
        assert_eq!(found("- a + b"), named(&[(-1.0, "a"), (1.0, "b")]));
        assert_eq!(found(" - "), []);
    }
}
