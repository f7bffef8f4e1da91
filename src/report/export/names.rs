//! Turns the names of features into identifiers, and checks the name of a function.

use super::Export;
use crate::error::{Error, Result};

/// Reserved words of the languages, and names that the exported code itself uses.
const TAKEN: &[&str] = &[
    // Rust, Python, C
    "False",
    "None",
    "Self",
    "True",
    "abstract",
    "and",
    "as",
    "assert",
    "async",
    "auto",
    "await",
    "become",
    "bool",
    "box",
    "break",
    "case",
    "catch",
    "char",
    "class",
    "const",
    "continue",
    "crate",
    "def",
    "default",
    "del",
    "do",
    "double",
    "dyn",
    "elif",
    "else",
    "enum",
    "except",
    "extern",
    "f64",
    "false",
    "final",
    "finally",
    "float",
    "fn",
    "for",
    "from",
    "gen",
    "global",
    "goto",
    "if",
    "impl",
    "import",
    "in",
    "inline",
    "int",
    "is",
    "lambda",
    "let",
    "long",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "nonlocal",
    "not",
    "null",
    "or",
    "override",
    "pass",
    "priv",
    "pub",
    "raise",
    "ref",
    "register",
    "restrict",
    "return",
    "self",
    "short",
    "signed",
    "sizeof",
    "static",
    "struct",
    "super",
    "switch",
    "trait",
    "true",
    "try",
    "type",
    "typedef",
    "typeof",
    "union",
    "unsafe",
    "unsigned",
    "unsized",
    "use",
    "virtual",
    "void",
    "volatile",
    "where",
    "while",
    "with",
    "yield", // JavaScript, R, MATLAB
    "FALSE",
    "Inf",
    "Infinity",
    "NA",
    "NULL",
    "NaN",
    "TRUE",
    "arguments",
    "classdef",
    "debugger",
    "delete",
    "elseif",
    "end",
    "eval",
    "export",
    "function",
    "instanceof",
    "interface",
    "new",
    "next",
    "otherwise",
    "package",
    "parfor",
    "persistent",
    "private",
    "protected",
    "public",
    "repeat",
    "spmd",
    "this",
    "throw",
    "undefined",
    "var", // called or named in the code
    "abs",
    "acos",
    "asin",
    "atan",
    "cos",
    "cosh",
    "exp",
    "fabs",
    "imag",
    "isnan",
    "jax",
    "jnp",
    "log",
    "main",
    "math",
    "max",
    "min",
    "np",
    "numpy",
    "pow",
    "power",
    "real",
    "rep",
    "round",
    "sin",
    "sinh",
    "size",
    "sqrt",
    "std",
    "symbols",
    "sympy",
    "tan",
    "tanh",
    "torch",
    "value",
    "zeros",
    "Math",
    // names that sympy's parser would read as something else in front of brackets
    "Abs",
    "Max",
    "Min",
    "E",
    "pi",
];

/// Names of C's mathematics library, which no other function may have.
const IN_MATH_H: &[&str] = &[
    "acosh",
    "asinh",
    "atan2",
    "atanh",
    "cbrt",
    "ceil",
    "copysign",
    "drem",
    "erf",
    "erfc",
    "exp2",
    "expm1",
    "fdim",
    "finite",
    "floor",
    "fma",
    "fmax",
    "fmin",
    "fmod",
    "frexp",
    "gamma",
    "hypot",
    "ilogb",
    "isinf",
    "isnan",
    "j0",
    "j1",
    "jn",
    "ldexp",
    "lgamma",
    "log10",
    "log1p",
    "log2",
    "logb",
    "lrint",
    "lround",
    "modf",
    "nan",
    "nearbyint",
    "nextafter",
    "pow10",
    "remainder",
    "remquo",
    "rint",
    "scalb",
    "scalbn",
    "significand",
    "sincos",
    "tgamma",
    "trunc",
    "y0",
    "y1",
    "yn",
];

/// An identifier for each feature, by the rule in the documentation of [`Export`].
pub(super) fn identifiers(export: &Export) -> Vec<String> {
    let mut used = vec![export.name.clone(), export.rule_name()];
    used.extend(export.larger_and_smaller());
    used.push(export.real_name());
    let n_own = used.len();
    for name in &export.feature_names {
        let word = identifier(name);
        let numbered = (2..).map(|number| format!("{word}_{number}"));
        let free = std::iter::once(word.clone())
            .chain(numbered)
            .find(|word| !used.contains(word));
        used.extend(free);
    }
    used.split_off(n_own)
}

fn identifier(name: &str) -> String {
    let keep = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let mut word: String = name.chars().map(keep).collect();
    if !word.starts_with(|c: char| c.is_ascii_alphabetic()) {
        word.insert(0, 'x');
    }
    if TAKEN.contains(&word.as_str()) {
        word.push('_');
    }
    word
}

/// Comments about the renamed features, one line for each.
pub(super) fn renamed(export: &Export, identifiers: &[String], comment: &str) -> String {
    let pairs = identifiers.iter().zip(&export.feature_names);
    pairs
        .filter(|(word, name)| word != name)
        .map(|(word, name)| format!("{comment} {word} is {name:?}\n"))
        .collect()
}

pub(super) fn check_function(name: &str) -> Result<()> {
    let is_word = identifier(name) == name && !IN_MATH_H.contains(&name);
    if is_word {
        Ok(())
    } else {
        Err(Error::parameter(
            "the function's name",
            format!("{name:?}"),
            "a word of ASCII letters, digits and _ that begins with a letter and means nothing else \
         in one of the languages",
        ))
    }
}
