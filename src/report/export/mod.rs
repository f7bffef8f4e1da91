//! Exports formulas as complete code in other languages, which doesn't need this library.
//!
//! `writer` goes through the formula for all languages with infix operators. Each language has a
//! file that says how it writes numbers, powers and functions. `names` turns features into
//! identifiers, and `json` is the one form that can be read back.

mod c;
mod front;
mod javascript;
mod json;
mod language;
mod matlab;
mod names;
mod numpy;
mod of_interpretation;
#[cfg(feature = "onnx")]
mod onnx;
mod r;
mod rust;
mod spreadsheet;
mod sql;
mod sympy;
mod torch;
mod writer;

pub use front::front_to_latex;
pub use json::FormulaTree;
pub use language::Language;

use crate::error::{Error, Result};
use crate::formula::{Expression, Operator, numbered};
use std::path::{Path, PathBuf};

/// A formula for export, with the names of its features and, for a classifier, its threshold.
///
/// The code in every language is complete. It has a function of all features in their order, so
/// that rows can be passed as they are. With a threshold, it also has a function `g_is_class_1` for
/// the decision `g > threshold`. The code does the same operations as the formula, in the same
/// order and with every digit of its numbers, so values agree to the last few bits. Sympy and LaTeX
/// are for reading: their terms are collected, as the library shows them.
///
/// Features become identifiers by one rule for all languages. ASCII letters, digits and underscores
/// stay, and every other character becomes an underscore. A name that doesn't begin with a letter
/// gets an `x` in front. A reserved word of one of the languages (`lambda`, `int`, `exp`) gets an
/// underscore at its end. If the result is already in use, it gets the ending `_2`, `_3`, ...
/// Comments in the code say what was renamed.
///
/// Outside the formula's domain, all languages follow IEEE arithmetic, as the library does: the
/// logarithm of a negative number is NaN, and that of 0 is -infinity. A spreadsheet has no such
/// numbers. It shows `#NUM!` or `#DIV/0!` where one of them would occur, even in an intermediate
/// result. For an infinite argument, `max` and `min` give the larger and the smaller one, where the
/// library's own faster version sometimes gives NaN.
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

/// The name of the function, if no other is given.
const NAME: &str = "g";
/// Features that need no names are at most so many; a formula with more has a slip in an index.
const MAX_UNNAMED: usize = 100_000;

impl Export {
    /// A formula in features with these names, `(n_features,)`. If there are no names, they are
    /// `x1`, `x2`, ... up to the last one in the formula.
    ///
    /// # Errors
    /// If the formula has an operator of your own, which no other language knows, if a part without
    /// variables has no finite value, if a variable has no name, or if a name occurs twice.
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

    /// The same formula with another function name than `g`.
    ///
    /// # Errors
    /// If the name isn't a word of ASCII letters, digits and underscores, or if it is a reserved
    /// word in one of the languages.
    pub fn with_name(self, name: &str) -> Result<Self> {
        names::check_function(name)?;
        let name = name.to_string();
        Ok(Self { name, ..self })
    }

    /// The same formula with a classifier's rule: class 1 is where the formula exceeds the
    /// threshold.
    ///
    /// # Errors
    /// If the threshold isn't finite.
    pub fn with_threshold(self, threshold: Option<f64>) -> Result<Self> {
        match threshold.filter(|threshold| !threshold.is_finite()) {
            Some(value) => Err(Error::parameter("threshold", value, "a finite number")),
            None => Ok(Self { threshold, ..self }),
        }
    }

    /// Reads what [`Language::Json`] or the command line's `--json` writes. From the report of a
    /// regressor it takes the whole formula, if there is one, and the one for the target itself, if a
    /// function of it was learned. Every number is read back exactly.
    ///
    /// # Errors
    /// If the text isn't such JSON, and those of [`new`](Self::new).
    pub fn from_json(text: &str) -> Result<Self> {
        json::read(text)
    }

    /// Reads a file with the text that [`from_json`](Self::from_json) takes.
    ///
    /// # Errors
    /// If the file can't be read or contains something else.
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

    /// Class 1 is where the formula exceeds this number; none if the formula doesn't decide a
    /// class.
    pub fn threshold(&self) -> Option<f64> {
        self.threshold
    }

    /// The complete code in a language, ending with a newline.
    ///
    /// # Errors
    /// If the formula exceeds what the language allows: 120 levels in JSON; 16 384 columns, 8192
    /// characters in a cell and 64 levels in a spreadsheet. Sympy and LaTeX have no powers with a
    /// rounded exponent. ONNX is no text, see [`to_bytes`](Self::to_bytes).
    pub fn to_source(&self, language: Language) -> Result<String> {
        match language {
            Language::Sympy => sympy::write(self),
            Language::Latex => sympy::write_latex(self),
            Language::Rust => Ok(rust::write(self)),
            Language::Numpy => Ok(numpy::write(self)),
            Language::Jax => Ok(numpy::write_jax(self)),
            Language::Torch => Ok(torch::write(self)),
            Language::C => Ok(c::write(self)),
            Language::JavaScript => Ok(javascript::write(self)),
            Language::R => Ok(r::write(self)),
            Language::Matlab => Ok(matlab::write(self)),
            Language::Sql => Ok(sql::write(self)),
            Language::Json => json::write(self),
            Language::Spreadsheet => spreadsheet::write(self),
            Language::Onnx => Err(Error::Unusable(
                "ONNX is no text; it is written to a file".into(),
            )),
        }
    }

    /// The contents of a file in a language: the [source](Self::to_source), or an ONNX graph.
    ///
    /// The graph takes rows `(n_samples, n_features)` in double precision as `features`, and gives
    /// their values `(n_samples,)` as `g`, and with a threshold the decisions as `g_is_class_1`. `tan`,
    /// `asin`, `acos`, `atan`, `sinh` and `cosh` are computed in single precision, because onnxruntime has
    /// them in no other.
    ///
    /// # Errors
    /// Those of [`to_source`](Self::to_source). ONNX needs a feature, and the crate's feature `onnx`.
    pub fn to_bytes(&self, language: Language) -> Result<Vec<u8>> {
        match language {
            #[cfg(feature = "onnx")]
            Language::Onnx => onnx::write(self),
            #[cfg(not(feature = "onnx"))]
            Language::Onnx => Err(Error::Unusable(
                "only builds with the feature onnx write ONNX".into(),
            )),
            _ => self.to_source(language).map(String::into_bytes),
        }
    }

    /// Writes the code to a folder, as `g.py`, `g.c`, ..., and returns the file's path. The folder
    /// is created if necessary.
    ///
    /// # Errors
    /// Those of [`to_bytes`](Self::to_bytes), and if the folder can't be written to.
    pub fn save(&self, folder: impl AsRef<Path>, language: Language) -> Result<PathBuf> {
        let folder = folder.as_ref();
        let contents = self.to_bytes(language)?;
        std::fs::create_dir_all(folder).map_err(|source| Error::file(folder, source))?;
        let path = folder.join(format!("{}{}", self.name, language.ending()));
        crate::files::write_atomically(&path, &contents)?;
        Ok(path)
    }

    /// The name of the function that decides the class.
    fn rule_name(&self) -> String {
        format!("{}_is_class_1", self.name)
    }

    /// Names for functions that give the larger and the smaller of two numbers, for languages whose
    /// own functions lose NaN.
    fn larger_and_smaller(&self) -> [String; 2] {
        ["larger", "smaller"].map(|word| format!("{}_{word}", self.name))
    }

    /// A name for the function that makes NaN of complex numbers.
    fn real_name(&self) -> String {
        format!("{}_real", self.name)
    }

    /// Whether the operator occurs in the formula.
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

/// Refuses what other languages can't express.
fn check(expression: &Expression) -> Result<()> {
    if expression.n_variables() == 0 {
        let value = expression.value(&[]);
        if !value.is_finite() {
            return Err(Error::Unusable(format!(
                "the part {expression} of the formula is {value}; only finite numbers can be \
                 written"
            )));
        }
    }
    let Expression::Apply(operator, arguments) = expression else {
        return Ok(());
    };
    if let Operator::Custom(_) = operator {
        return Err(Error::Unusable(format!(
            "the operator \"{}\" is one of your own; other languages only know {}",
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
