//! Which units the terms of a sum may have, so that the sum can agree with the search's.

use crate::formula::{Dimension, Dimensions, Expression, Operator, Unit};
use crate::search::objective::{Link, Offset};
use crate::search::rules::Rules;

/// What the terms of one sum have to agree in.
///
/// Where numbers carry units there is nothing to agree in: each coefficient takes its term to the
/// unit of the sum.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Agreement {
    /// Nothing.
    Any,
    /// One unit, whichever it is.
    One,
    /// This one.
    Only(Unit),
    /// Logarithms of factors of any unit, and plain numbers, which stand in an exponential.
    Product,
}

impl Agreement {
    /// For the terms of a sum inside of a link; `None` if no such sum has the target's unit.
    pub fn of(dimensions: Option<&Dimensions>, link: Link) -> Option<Self> {
        let Some(dimensions) = dimensions.filter(|dimensions| dimensions.has_plain_constants())
        else {
            return Some(Self::Any);
        };
        let plain = Dimension::Known(Unit::none());
        let target = dimensions.target().cloned().map(Dimension::Known);
        let inner = match (link, target) {
            (Link::Product, _) => return Some(Self::Product),
            (Link::Function(Operator::Sqrt), target) => {
                target.map(|unit| Dimension::applied(Operator::Square, &[&unit]))
            }
            (Link::Function(_), Some(target)) if target != plain => return None,
            (Link::Function(_), _) => Some(Some(plain)),
            (Link::Inverse, target) => {
                target.map(|unit| Dimension::applied(Operator::Inv, &[&unit]))
            }
            (Link::Identity, target) => target.map(Some),
        };
        match inner {
            None => Some(Self::One),
            Some(Some(Dimension::Known(unit))) => Some(Self::Only(unit)),
            Some(_) => None,
        }
    }

    /// The number that may be added to the sum: none where it would have to have a unit.
    pub fn offset(&self) -> Offset {
        match self {
            Self::Only(unit) if unit.is_none() => Offset::Fitted,
            Self::Any | Self::Product => Offset::Fitted,
            Self::One | Self::Only(_) => Offset::Zero,
        }
    }

    /// Whether a term of this dimension, or the logarithm of one, may stand in the sum.
    pub fn admits(&self, is_log: bool, dimension: &Dimension) -> bool {
        match self {
            Self::Any | Self::One => true,
            Self::Only(unit) => dimension.fits(unit),
            Self::Product => is_log || dimension.fits(&Unit::none()),
        }
    }

    /// What a further term has to agree in, once a term of this dimension is in the sum.
    pub fn after(&self, dimension: &Dimension) -> Self {
        match (self, dimension) {
            (Self::One, Dimension::Known(unit)) => Self::Only(unit.clone()),
            _ => self.clone(),
        }
    }
}

impl Rules<'_> {
    /// The dimension of a part of a formula, if it can have one.
    pub(super) fn dimension_of(&self, part: &Expression) -> Option<Dimension> {
        match self.dimensions {
            Some(dimensions) => dimensions.of_part(part),
            None => Some(Dimension::Free),
        }
    }

    /// Whether the units of a formula agree.
    pub(super) fn agrees(&self, formula: &Expression) -> bool {
        self.dimensions
            .is_none_or(|dimensions| dimensions.allows(formula))
    }
}
