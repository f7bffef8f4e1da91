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

/// What features with these names are called in formulas, `(n_features,)`: words that formulas are
/// read back with.
///
/// ```
/// use closedform::dataset::feature_words;
///
/// let words = feature_words(&["petal length (cm)".into(), "2nd".into(), "lambda".into()])?;
/// assert_eq!(words, ["petal_length_cm", "x2nd", "lambda_"]);
/// # Ok::<(), closedform::Error>(())
/// ```
///
/// # Errors
/// Two names that would become the same word.
pub fn feature_words(names: &[String]) -> Result<Vec<String>> {
    let words = names.iter().enumerate();
    let words: Vec<String> = words.map(|(index, name)| word(name, index)).collect();
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    check_distinct(&words, &quoted)?;
    Ok(words)
}

/// Whether a column is called an identifier: `id`, `PassengerId`, `sample_id`, `uuid`, `index`.
pub(crate) fn is_identifier(name: &str) -> bool {
    let last = last_word(name);
    let is_id = ["id", "uuid", "guid"].contains(&last.as_str());
    is_id || ["index", "idx", "key", "rowid"].contains(&name.trim().to_lowercase().as_str())
}

/// Whether a column that holds the rows' numbers may be a quantity all the same: a single letter,
/// with digits or not, a name with a unit, or a word for time.
pub(crate) fn is_quantity(name: &str) -> bool {
    const TIMES: [&str; 15] = [
        "time", "second", "seconds", "sec", "minute", "minutes", "min", "hour", "hours", "day",
        "days", "week", "month", "year", "step",
    ];
    let is_letter = |c: char| c.is_alphabetic();
    let n_letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let is_short = n_letters == 1 && name.starts_with(is_letter);
    is_short || name.contains(['(', '[', '/']) || TIMES.contains(&last_word(name).as_str())
}

/// The last word of a name in lower case: `Id` of `PassengerId`, `id` of `sample_id`.
fn last_word(name: &str) -> String {
    let mut start = 0;
    let mut before = ' ';
    for (place, c) in name.char_indices() {
        let is_start = c.is_alphabetic() && !before.is_alphabetic();
        if is_start || c.is_uppercase() && before.is_lowercase() {
            start = place;
        }
        before = c;
    }
    let word = name[start..].trim_end_matches(|c: char| !c.is_alphabetic());
    word.to_lowercase()
}

/// Whether a program gives this name to a column of row numbers that has none: pandas, R and polars.
pub(crate) fn is_made_up(name: &str) -> bool {
    let name = name.trim();
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let pandas = name.strip_prefix("__index_level_");
    let pandas = pandas.and_then(|rest| rest.strip_suffix("__"));
    let unnamed = name.strip_prefix("Unnamed: ");
    pandas.or(unnamed).is_some_and(is_number) || name == "rownames"
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
    use super::{is_identifier, is_made_up, is_quantity, word};
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

    #[test]
    fn names_tell_identifiers_from_quantities() {
        for name in [
            "id",
            "ID",
            "PassengerId",
            "sample_id",
            "uuid",
            "Index",
            "user id",
        ] {
            assert!(is_identifier(name) && !is_quantity(name), "{name}");
        }
        for name in [
            "x",
            "t",
            "x1",
            "k_2",
            "time",
            "t (s)",
            "elapsed_time",
            "day",
            "depth [m]",
        ] {
            assert!(is_quantity(name) && !is_identifier(name), "{name}");
        }
        for name in ["width", "humid", "index_of_refraction", "no"] {
            assert!(!is_quantity(name) && !is_identifier(name), "{name}");
        }
        assert!(is_made_up("Unnamed: 0") && is_made_up("__index_level_0__"));
        assert!(!is_made_up("Unnamed: x") && !is_made_up("index"));
    }
}
