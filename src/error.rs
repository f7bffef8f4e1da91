//! The one error type of the library.

use std::path::{Path, PathBuf};

/// What can go wrong, with the place, the value found and what is allowed.
///
/// The kinds are for code, the texts in them for people. An error in a file or in one of several
/// things stands inside of a [`Content`](Self::Content) or an [`At`](Self::At), which
/// [`root`](Self::root) looks through:
///
/// ```
/// use closedform::{DenseNetwork, Error};
///
/// let text = r#"{"layers": [{"activation": "tanh", "weights": [[0.5], [1.0, 2.0]]}]}"#;
/// let error = DenseNetwork::from_json(text).unwrap_err();
/// assert!(matches!(error.root(), Error::Shape(_)), "{error}");
/// ```
///
/// A search that runs out of budget is no error: see [`StopReason`](crate::search::StopReason).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be opened, read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },

    /// A file was read, but what stands in it can't be used.
    #[error("{}: {error}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong in it.
        error: Box<Self>,
    },

    /// Something is wrong with one of several things: a layer, a dataset, a node.
    #[error("{place}: {error}")]
    At {
        /// Which one.
        place: String,
        /// What is wrong with it.
        error: Box<Self>,
    },

    /// A text or a file that isn't of its format, such as JSON or ONNX.
    #[error("{0}")]
    Format(String),

    /// A text that is no formula.
    #[error("formula, position {position}: {message}")]
    Formula {
        /// The character at which the text can't be read on, counted from 1.
        position: usize,
        /// What stands there, and what is allowed.
        message: String,
    },

    /// Lengths or numbers of things that don't fit each other.
    #[error("{0}")]
    Shape(String),

    /// Columns or features that aren't there, stand there twice, or are others than expected.
    #[error("{0}")]
    Column(String),

    /// A cell of a table that can't be used.
    #[error("row {row}, {column}: {message}")]
    Cell {
        /// The row, counted from 1.
        row: usize,
        /// The column by its role and name, such as `target "class"`.
        column: String,
        /// What stands there, and what is allowed.
        message: String,
    },

    /// A number that isn't finite, where only such are allowed.
    #[error("{place} is {value}; only finite numbers are allowed")]
    NotFinite {
        /// Where it stands.
        place: String,
        /// The number.
        value: f64,
    },

    /// Numbers that are outside of what they can mean, such as a class of 1.5.
    #[error("{0}")]
    Value(String),

    /// Data that nothing can be learned from: too few rows, a constant column, one class only.
    #[error("{0}")]
    Uninformative(String),

    /// A model that nothing can be read out of: its training diverged, or it is constant or
    /// saturated everywhere.
    #[error("{0}")]
    Unlearned(String),

    /// A model or a network that isn't of the kind that is needed.
    #[error("{0}")]
    Model(String),

    /// No formula was found, or none that there can be is allowed.
    #[error("{0}")]
    NoFormula(String),

    /// A formula that can't be used here: an operator or a number that isn't known there.
    #[error("{0}")]
    Unusable(String),

    /// More than there is room for.
    #[error("{0}")]
    Limit(String),

    /// A hyperparameter or option outside its range, or one that is missing.
    #[error("{name} is {value}, but must be {allowed}")]
    Parameter {
        /// Its name.
        name: &'static str,
        /// The value given.
        value: String,
        /// The values allowed.
        allowed: String,
    },

    /// Options that are missing or don't go together.
    #[error("{0}")]
    Options(String),

    /// Work that was interrupted before it had a result.
    #[error("{0}")]
    Interrupted(String),

    /// There is nothing to draw.
    #[error("{0}")]
    NothingToDraw(String),

    /// A figure could not be drawn.
    #[error("figure: {0}")]
    Figure(String),

    /// libtorch reported an error.
    #[error("libtorch: {0}")]
    Torch(String),

    /// What no other kind says: a program or a thread that failed, an error of the caller's own.
    #[error("{0}")]
    Other(String),
}

/// A result with the library's [`Error`], unless another error is named.
///
/// The second parameter is for notebooks: the code that the kernel wraps around a cell names an
/// error of its own, even after `use closedform::*`.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A file that could not be opened, read or written.
    pub fn file(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Self::File {
            path: path.into(),
            source,
        }
    }

    /// A file that isn't of its format, with the place, the value found and what is allowed.
    pub fn content(path: impl Into<PathBuf>, reason: impl Into<String>) -> Self {
        Self::Content {
            path: path.into(),
            error: Box::new(Self::Format(reason.into())),
        }
    }

    /// This error with the file that it is about, unless it names one.
    pub fn in_file(self, path: impl AsRef<Path>) -> Self {
        match self {
            Self::File { .. } | Self::Content { .. } => self,
            error => Self::Content {
                path: path.as_ref().to_path_buf(),
                error: Box::new(error),
            },
        }
    }

    /// This error with the thing that it is about.
    pub fn at(self, place: impl Into<String>) -> Self {
        Self::At {
            place: place.into(),
            error: Box::new(self),
        }
    }

    /// A parameter outside its range.
    pub fn parameter(name: &'static str, value: impl ToString, allowed: impl Into<String>) -> Self {
        Self::Parameter {
            name,
            value: value.to_string(),
            allowed: allowed.into(),
        }
    }

    /// A number that isn't finite.
    pub(crate) fn not_finite(place: impl Into<String>, value: f64) -> Self {
        Self::NotFinite {
            place: place.into(),
            value,
        }
    }

    /// What is wrong, wherever it stands.
    pub fn root(&self) -> &Self {
        match self {
            Self::Content { error, .. } | Self::At { error, .. } => error.root(),
            error => error,
        }
    }
}
