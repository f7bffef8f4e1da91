//! Formats with columns of one type each.

use std::fmt::{Display, Formatter};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    Parquet,
    /// Arrow's IPC format, which is also called Feather.
    Arrow,
}

impl Framing {
    /// The format of a file that starts like this.
    pub fn of(start: &[u8]) -> Option<Self> {
        match start {
            [b'P', b'A', b'R', b'1', ..] => Some(Self::Parquet),
            [b'A', b'R', b'R', b'O', b'W', b'1', ..] => Some(Self::Arrow),
            _ => None,
        }
    }
}

impl Display for Framing {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Parquet => "Parquet",
            Self::Arrow => "Feather (Arrow IPC)",
        })
    }
}
