//! The one error type of the library.

use std::path::PathBuf;

/// What can go wrong, with the place, the value found and what is allowed.
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
    #[error("{}: {reason}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// The place inside the file, the value found and what is allowed.
        reason: String,
    },

    /// Data that can't be used, wherever it came from.
    #[error("{0}")]
    Data(String),

    /// A hyperparameter or option outside its range.
    #[error("{name} is {value}, but must be {allowed}")]
    Parameter {
        /// Its name.
        name: &'static str,
        /// The value given.
        value: String,
        /// The values allowed.
        allowed: String,
    },

    /// Nothing was left to compute with.
    #[error("{0}")]
    Nothing(String),

    /// libtorch reported an error.
    #[error("libtorch: {0}")]
    Torch(String),

    /// A figure could not be drawn.
    #[error("figure: {0}")]
    Figure(String),
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

    /// A file whose content can't be used, with the place, the value found and what is allowed.
    pub fn content(path: impl Into<PathBuf>, reason: impl Into<String>) -> Self {
        Self::Content {
            path: path.into(),
            reason: reason.into(),
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
}
