//! The languages that a formula can be exported to.

use crate::error::{Error, Result};

/// A language that formulas can be exported to, see [`Export`](crate::Export).
///
/// ```
/// use closedform::Language;
///
/// assert_eq!(Language::parse("numpy")?, Language::Numpy);
/// assert!(Language::parse("cobol").is_err());
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Python code for sympy: symbols and an expression.
    Sympy,
    /// A formula for a LaTeX document, without dollar signs. Features keep their names.
    Latex,
    /// A Rust function of `f64` that needs only the standard library.
    Rust,
    /// A Python function of numpy arrays or numbers.
    Numpy,
    /// A Python function of jax arrays or numbers, which jax can compile and differentiate.
    Jax,
    /// A Python module of torch, from rows `(..., n_features)` to `(...,)`.
    Torch,
    /// A C99 function of `double` that needs only `math.h`.
    C,
    /// A JavaScript function of numbers.
    JavaScript,
    /// An R function of vectors.
    R,
    /// A function of arrays for MATLAB and GNU Octave. With a threshold its second output is the
    /// decision.
    Matlab,
    /// A query in standard SQL, of the table `your_table`, whose columns have the features' names.
    /// MySQL reads it with `ANSI_QUOTES`, and has no `SINH`, `COSH` and `TANH`. Outside the formula's
    /// domain a database gives NULL or an error.
    Sql,
    /// The formula as a tree, such as `["+", ["square", "x1"], 2.0]`: a number, a feature's name,
    /// or an operator's name and its arguments. Further fields are the function's name, all
    /// features and the threshold. [`Export::from_json`](crate::Export::from_json) reads it back
    /// exactly.
    Json,
    /// A cell of a spreadsheet (Excel, LibreOffice), in English notation. The features' values are
    /// in row 2, in their order from column A on. With a threshold, there is a second cell, after a
    /// tab, with the decision. Paste both cells into the columns after the features. Excel itself
    /// keeps only 15 digits of a number.
    Spreadsheet,
    /// An ONNX graph, which is no text: see [`Export::to_bytes`](crate::Export::to_bytes).
    Onnx,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 14] = [
        Self::Sympy,
        Self::Latex,
        Self::Rust,
        Self::Numpy,
        Self::Jax,
        Self::Torch,
        Self::C,
        Self::JavaScript,
        Self::R,
        Self::Matlab,
        Self::Sql,
        Self::Json,
        Self::Spreadsheet,
        Self::Onnx,
    ];

    /// The name, as on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sympy => "sympy",
            Self::Latex => "latex",
            Self::Rust => "rust",
            Self::Numpy => "numpy",
            Self::Jax => "jax",
            Self::Torch => "torch",
            Self::C => "c",
            Self::JavaScript => "javascript",
            Self::R => "r",
            Self::Matlab => "matlab",
            Self::Sql => "sql",
            Self::Json => "json",
            Self::Spreadsheet => "spreadsheet",
            Self::Onnx => "onnx",
        }
    }

    /// Whether code in this language is text, as that of all but ONNX is.
    pub fn is_text(self) -> bool {
        self != Self::Onnx
    }

    /// Reads a [`name`](Self::name).
    ///
    /// # Errors
    /// If there is no language of this name.
    pub fn parse(name: &str) -> Result<Self> {
        let known = Self::ALL.into_iter().find(|known| known.name() == name);
        known.ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            Error::parameter("language", format!("\"{name}\""), format!("one of {names}"))
        })
    }

    /// The end of the file's name.
    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Sympy => "_sympy.py",
            Self::Latex => ".tex",
            Self::Rust => ".rs",
            Self::Numpy => ".py",
            Self::Jax => "_jax.py",
            Self::Torch => "_torch.py",
            Self::C => ".c",
            Self::JavaScript => ".js",
            Self::R => ".R",
            Self::Matlab => ".m",
            Self::Sql => ".sql",
            Self::Json => ".json",
            Self::Spreadsheet => "_cells.txt",
            Self::Onnx => ".onnx",
        }
    }
}

impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
