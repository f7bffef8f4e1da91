//! The library's error type.

use std::path::{Path, PathBuf};

/// An error, with its place, the value found and what is allowed.
///
/// The variants are for code, their texts for people. An error in a file, or in one of several
/// things, is wrapped in [`Content`](Self::Content) or [`At`](Self::At); [`root`](Self::root)
/// returns the error inside:
///
/// ```
/// use closedform::{DenseNetwork, Error};
///
/// let text = r#"{"layers": [{"activation": "tanh", "weights": [[0.5], [1.0, 2.0]]}]}"#;
/// let error = DenseNetwork::from_json(text).unwrap_err();
/// assert!(matches!(error.root(), Error::Shape(_)), "{error}");
/// ```
///
/// A search that runs out of budget isn't an error: see [`StopReason`](crate::search::StopReason).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be opened, read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },

    /// A file was read, but its content can't be used.
    #[error("{}: {error}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong with its content.
        error: Box<Self>,
    },

    /// Something is wrong with one of several things, such as a layer, a dataset or a node.
    #[error("{place}: {error}")]
    At {
        /// Which one it is.
        place: String,
        /// What is wrong with it.
        error: Box<Self>,
    },

    /// Text or a file in the wrong format, such as invalid JSON or ONNX.
    #[error("{0}")]
    Format(String),

    /// Text that isn't a formula.
    #[error("formula, position {position}: {message}")]
    Formula {
        /// The character at which reading stopped, counted from 1.
        position: usize,
        /// What was found there, and what is allowed.
        message: String,
    },

    /// Lengths or counts that don't fit together.
    #[error("{0}")]
    Shape(String),

    /// Columns or features that don't exist, occur twice, or differ from those expected.
    #[error("{0}")]
    Column(String),

    /// A cell of a table that can't be used.
    #[error("row {row}, {column}: {message}")]
    Cell {
        /// The row, counted from 1.
        row: usize,
        /// The column with its role and name, such as `target "class"`.
        column: String,
        /// What was found there, and what is allowed.
        message: String,
    },

    /// A number that isn't finite, where only finite numbers are allowed.
    #[error("{place} is {value}; only finite numbers are allowed")]
    NotFinite {
        /// The place of the number.
        place: String,
        /// The number.
        value: f64,
    },

    /// A number without a valid meaning, such as a class of 1.5.
    #[error("{0}")]
    Value(String),

    /// Data from which nothing can be learned: too few rows, a constant column, a single class.
    #[error("{0}")]
    Uninformative(String),

    /// A model that can't be interpreted: its training diverged, or it is constant or saturated
    /// everywhere.
    #[error("{0}")]
    Unlearned(String),

    /// A model or network of the wrong kind.
    #[error("{0}")]
    Model(String),

    /// No formula was found, or no possible formula is allowed.
    #[error("{0}")]
    NoFormula(String),

    /// A formula that can't be used here, because of an operator or a number in it.
    #[error("{0}")]
    Unusable(String),

    /// Something exceeds the available memory or a fixed limit.
    #[error("{0}")]
    Limit(String),

    /// A hyperparameter or option that is out of range or missing.
    #[error("{name} is {value}, but must be {allowed}")]
    Parameter {
        /// The name of the parameter.
        name: &'static str,
        /// The value given.
        value: String,
        /// The values allowed.
        allowed: String,
    },

    /// Options that are missing or contradict each other.
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

    /// Any other error: a program or a thread that failed, or an error of the caller's own.
    #[error("{0}")]
    Other(String),
}

/// A result with the library's [`Error`] by default.
///
/// The second parameter is for notebooks. The code that the kernel wraps around a cell uses an
/// error type of its own, even after `use closedform::*`.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A file that could not be opened, read or written.
    pub fn file(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Self::File {
            path: path.into(),
            source,
        }
    }

    /// A file in the wrong format, with the place, the value found and what is allowed.
    pub fn content(path: impl Into<PathBuf>, reason: impl Into<String>) -> Self {
        Self::Content {
            path: path.into(),
            error: Box::new(Self::Format(reason.into())),
        }
    }

    /// Adds the file to this error, unless it names one already.
    pub fn in_file(self, path: impl AsRef<Path>) -> Self {
        match self {
            Self::File { .. } | Self::Content { .. } => self,
            error => Self::Content {
                path: path.as_ref().to_path_buf(),
                error: Box::new(error),
            },
        }
    }

    /// Adds the thing that this error is about.
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

    /// The error itself, without its place.
    pub fn root(&self) -> &Self {
        match self {
            Self::Content { error, .. } | Self::At { error, .. } => error.root(),
            error => error,
        }
    }
}
