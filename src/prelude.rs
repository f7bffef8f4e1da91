//! All names at once, for notebooks: `use closedform::prelude::*`.

pub use crate::dataset::*;
pub use crate::directions::Directions;
pub use crate::error::{Error, Result};
pub use crate::formula::*;
pub use crate::interpretation::*;
pub use crate::model::*;
#[cfg(feature = "network")]
pub use crate::network::*;
pub use crate::numerics::*;
#[cfg(feature = "plots")]
pub use crate::plot::*;
pub use crate::points::Points;
pub use crate::polynomial::*;
pub use crate::progress;
pub use crate::regression::*;
pub use crate::report::*;
pub use crate::search::*;
