//! What columns are called in formulas.

use crate::error::{Error, Result};
use crate::formula::Operator;

/// Python's keywords, which no reader of formulas takes for a name.
const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

/// The name of the column at an index, made a word that formulas are read back with.
///
/// What is neither letter, digit nor underscore becomes one underscore between the rest; a first
/// digit gets an `x` before it, a keyword of Python or the name of a function an underscore after
/// it. So `petal length (cm)` is `petal_length_cm`, `2nd` is `x2nd` and `lambda` is `lambda_`.
pub(crate) fn word(name: &str, index: usize) -> String {
    let is_in_word = |c: char| c.is_alphabetic() || c.is_ascii_digit() || c == '_';
    let word = if name.chars().all(is_in_word) {
        name.to_string()
    } else {
        let parts = name.split(|c| !is_in_word(c));
        let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
        parts.join("_")
    };
    let is_taken = || Operator::functions().any(|function| function.name() == word);
    match word.chars().next() {
        None => format!("column{}", index + 1),
        Some('0'..='9') => format!("x{word}"),
        _ if KEYWORDS.contains(&word.as_str()) || is_taken() => format!("{word}_"),
        _ => word,
    }
}

/// Refuses two features of one name; `origins` are the columns that they were made of.
pub(crate) fn check_distinct(words: &[String], origins: &[String]) -> Result<()> {
    for (index, word) in words.iter().enumerate() {
        let first = words[..index].iter().position(|other| other == word);
        if let Some(first) = first {
            return Err(Error::Column(format!(
                "{} and {} would both be called {word} in formulas; rename or leave out one",
                origins[first], origins[index]
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::word;
    use crate::formula::Expression;

    #[test]
    fn every_name_becomes_a_word_that_is_read_back() {
        for (name, expected) in [
            ("width", "width"),
            ("_a__1_", "_a__1_"),
            ("petal length (cm)", "petal_length_cm"),
            ("alcohol %", "alcohol"),
            ("2nd", "x2nd"),
            ("0", "x0"),
            ("a-b", "a_b"),
            ("größe", "größe"),
            ("lambda", "lambda_"),
            ("max", "max_"),
            ("%", "column4"),
            ("x+y", "x_y"),
        ] {
            let word = word(name, 3);
            assert_eq!(word, expected);
            let names = [word.clone()];
            let formula = Expression::parse(&format!("2*{word}"), &names).unwrap();
            assert_eq!(formula.to_formula(&names), format!("2*{word}"));
        }
    }
}
