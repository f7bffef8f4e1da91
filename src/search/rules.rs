//! What a search allows while it solves for formulas.

use super::combination::Solved;
use crate::effort::Effort;
use crate::formula::Simplifier;
use crate::formula::{Complexity, Constraints, Dimensions, Operator};

/// How far a search solves for formulas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Quotients of polynomials and sums of up to two terms.
    Short,
    /// Every stage.
    Full,
}

/// What every step of the solver is given.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    pub(super) effort: &'a Effort,
    pub(super) operators: &'a [Operator],
    pub(super) complexity: &'a Complexity,
    pub(super) constraints: &'a Constraints,
    /// The same without what speaks of certain variables.
    pub(super) inner_constraints: &'a Constraints,
    /// What units demand in the variables at hand; nothing where they exclude nothing.
    pub(super) dimensions: Option<&'a Dimensions>,
    pub(super) max_complexity: usize,
    pub(super) noise: f64,
    pub(super) scope: Scope,
    /// Whether products of powers of the variables are tried before other products.
    pub(super) tries_powers: bool,
    pub(super) simplifier: &'a Simplifier,
    pub(super) is_stopped: &'a dyn Fn() -> bool,
    /// Hears of everything solved for so far, in the variables of the whole search.
    pub(super) hear: &'a dyn Fn(&[Solved]),
}

impl<'a> Rules<'a> {
    /// The rules for formulas in other variables than those of the whole search.
    pub(super) fn inside<'b>(&self, dimensions: Option<&'b Dimensions>) -> Rules<'b>
    where
        'a: 'b,
    {
        Rules {
            constraints: self.inner_constraints,
            dimensions,
            ..*self
        }
    }
}
