//! Formulas to take away: complete pieces in other languages, which need nothing of this library.
//!
//! `writer` walks through the formula once for all languages of infix operators; each language
//! has a file that says how it writes numbers, powers and functions. `names` turns features into
//! identifiers, and `json` is the one form that is read back.

mod c;
mod json;
mod language;
mod names;
mod numpy;
mod of_interpretation;
mod rust;
mod spreadsheet;
mod sympy;
mod writer;

pub use json::FormulaTree;
pub use language::Language;

use crate::error::{Error, Result};
use crate::formula::{Expression, Operator, numbered};
use std::path::{Path, PathBuf};

/// A formula to be taken away, with its features' names and, for a classifier, its threshold.
///
/// Every language gets one complete piece: a function of all features in their order, so that rows
/// can be passed as they are, and with a threshold a second one, `g_is_class_1`, for the decision
/// `g > threshold`. It carries out the formula's own operations in their own order with every digit
/// of its numbers, so that values agree to the last few bits. Sympy and LaTeX are for reading: they
/// have the terms collected, as the library shows them.
///
/// Features become identifiers by one rule for all languages: ASCII letters, digits and underscores
/// stay, every other character becomes an underscore; a name that doesn't begin with a letter gets
/// an `x` in front; a word that a language has taken (`lambda`, `int`, `exp`) gets an underscore
/// behind; what is then taken already ends in `_2`, `_3`, ... The piece says in comments
/// what was renamed.
///
/// Outside of the formula's domain all languages give what IEEE arithmetic has there, as the library
/// does: the logarithm of a negative number is no number, that of 0 is -infinity. A spreadsheet has
/// no such numbers: it shows `#NUM!` or `#DIV/0!` where one of them would come up, also on the way. Of
/// an infinite argument `max` and `min` make the larger and the smaller one, which the library
/// itself, faster, sometimes calls no number.
///
/// ```
/// use closedform::{Export, Expression, Language};
///
/// let names = ["width".to_string(), "lambda".to_string()];
/// let formula = Expression::parse("width**2 + 2*lambda**2", &names)?;
/// let export = Export::new(&formula, &names)?.with_threshold(Some(1.0))?;
/// assert_eq!(export.to_source(Language::Spreadsheet)?, "=A2^2+2*B2^2\t=C2>1\n");
/// println!("{}", export.to_source(Language::Numpy)?);
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    name: String,
    expression: Expression,
    feature_names: Vec<String>,
    threshold: Option<f64>,
}

/// The function's name if no other is given.
const NAME: &str = "g";
/// Features that need no names are at most so many; a formula with more has a slip in an index.
const MAX_UNNAMED: usize = 100_000;

impl Export {
    /// A formula in features with these names, `(n_features,)`; without names they are `x1`, `x2`,
    /// ... up to the last one that the formula has.
    ///
    /// # Errors
    /// An operator of the user's own, which no other language knows; a part without variables that
    /// has no finite value; a variable without a name; or names that occur twice.
    pub fn new(expression: &Expression, feature_names: &[String]) -> Result<Self> {
        let feature_names = match feature_names {
            [] => {
                expression.check_features(MAX_UNNAMED)?;
                let last = expression.variables().last().copied();
                last.map_or(Vec::new(), |last| (0..=last).map(numbered).collect())
            }
            names => names.to_vec(),
        };
        expression.check_features(feature_names.len())?;
        let mut sorted: Vec<&String> = feature_names.iter().collect();
        sorted.sort();
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Error::Column(format!(
                "the feature \"{}\" occurs twice",
                pair[0]
            )));
        }
        check(expression)?;
        Ok(Self {
            name: NAME.into(),
            expression: expression.clone(),
            feature_names,
            threshold: None,
        })
    }

    /// The same under another name than `g`.
    ///
    /// # Errors
    /// A name that isn't a word of ASCII letters, digits and underscores, or that a language has
    /// taken.
    pub fn with_name(self, name: &str) -> Result<Self> {
        names::check_function(name)?;
        let name = name.to_string();
        Ok(Self { name, ..self })
    }

    /// The same with the rule of a classifier: class 1 is where the formula exceeds the threshold.
    ///
    /// # Errors
    /// A threshold that isn't finite.
    pub fn with_threshold(self, threshold: Option<f64>) -> Result<Self> {
        match threshold.filter(|threshold| !threshold.is_finite()) {
            Some(value) => Err(Error::parameter("threshold", value, "a finite number")),
            None => Ok(Self { threshold, ..self }),
        }
    }

    /// Reads what [`Language::Json`] writes, or the command line's `--json`; of a regressor's
    /// report the whole formula if there is one. Every number comes back as it was.
    ///
    /// # Errors
    /// Text that is no such JSON, and those of [`new`](Self::new).
    pub fn from_json(text: &str) -> Result<Self> {
        json::read(text)
    }

    /// Reads a file of [`from_json`](Self::from_json)'s text.
    ///
    /// # Errors
    /// A file that can't be read or holds something else.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|source| Error::file(path, source))?;
        Self::from_json(&text).map_err(|error| error.in_file(path))
    }

    /// The function's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The formula.
    pub fn expression(&self) -> &Expression {
        &self.expression
    }

    /// The features' names, `(n_features,)`.
    pub fn feature_names(&self) -> &[String] {
        &self.feature_names
    }

    /// Class 1 is where the formula exceeds this; none where nothing is decided.
    pub fn threshold(&self) -> Option<f64> {
        self.threshold
    }

    /// The complete piece in another language, its last line ended.
    ///
    /// # Errors
    /// A formula beyond what the language can hold: JSON has at most 120 levels; a spreadsheet
    /// 16 384 columns, 8192 characters in a cell and 64 levels; sympy and LaTeX have no power with a
    /// rounded exponent.
    pub fn to_source(&self, language: Language) -> Result<String> {
        match language {
            Language::Sympy => sympy::write(self),
            Language::Latex => sympy::write_latex(self),
            Language::Rust => Ok(rust::write(self)),
            Language::Numpy => Ok(numpy::write(self)),
            Language::C => Ok(c::write(self)),
            Language::Json => json::write(self),
            Language::Spreadsheet => spreadsheet::write(self),
        }
    }

    /// Writes the piece into a folder, which is made if need be, as `g.py`, `g.c`, ...; returns the
    /// file.
    ///
    /// # Errors
    /// Those of [`to_source`](Self::to_source), or a folder that can't be written to.
    pub fn save(&self, folder: impl AsRef<Path>, language: Language) -> Result<PathBuf> {
        let folder = folder.as_ref();
        let source = self.to_source(language)?;
        std::fs::create_dir_all(folder).map_err(|source| Error::file(folder, source))?;
        let path = folder.join(format!("{}{}", self.name, language.ending()));
        crate::files::write_atomically(&path, source.as_bytes())?;
        Ok(path)
    }

    /// The name of the function that decides.
    fn rule_name(&self) -> String {
        format!("{}_is_class_1", self.name)
    }

    /// Names for the larger and the smaller of two, where a language's own forget NaN.
    fn larger_and_smaller(&self) -> [String; 2] {
        ["larger", "smaller"].map(|word| format!("{}_{word}", self.name))
    }

    /// Whether the operator stands in the formula.
    fn has(&self, operator: Operator) -> bool {
        fn stands_in(expression: &Expression, operator: Operator) -> bool {
            match expression {
                Expression::Apply(applied, arguments) => {
                    *applied == operator || arguments.iter().any(|part| stands_in(part, operator))
                }
                _ => false,
            }
        }
        stands_in(&self.expression, operator)
    }
}

/// Refuses what no other language can be told.
fn check(expression: &Expression) -> Result<()> {
    if expression.n_variables() == 0 {
        let value = expression.value(&[]);
        if !value.is_finite() {
            return Err(Error::Unusable(format!(
                "the formula's part {expression} is {value}; only finite numbers can be written"
            )));
        }
    }
    let Expression::Apply(operator, arguments) = expression else {
        return Ok(());
    };
    if let Operator::Custom(_) = operator {
        return Err(Error::Unusable(format!(
            "the operator \"{}\" is one of your own; other languages know {}",
            operator.name(),
            names_of_operators()
        )));
    }
    arguments.iter().try_for_each(check)
}

fn names_of_operators() -> String {
    let names = Operator::ALL.iter().map(|operator| operator.name());
    names.collect::<Vec<_>>().join(" ")
}
