//! Every number that steers the search, the reading of labels and the verdict, each with its
//! meaning, its unit and the reason for its value.
//!
//! | where | what it steers | how it is changed |
//! |---|---|---|
//! | [`Effort`] | the search, stage by stage | [`SearchOptions::effort`](crate::SearchOptions::effort) |
//! | [`DirectionFits`], [`ValueFits`], [`LabelFits`] | how sums of terms are fitted | `with_fits` of the objective |
//! | [`reading`] | what a formula says about a model | fixed: certificates are to be comparable |
//!
//! The defaults are meant for everyone. What halving and doubling does to the rate of recovery and
//! to the time is measured by `make bench-effort` and kept in `benches/effort.md`, number by number.
//! Numbers that change no result but for its last digits, or only how fast it comes, stand beside
//! the code that they belong to.
//!
//! ```
//! use closedform::SearchOptions;
//! use closedform::effort::Effort;
//!
//! let mut effort = Effort::default();
//! effort.evolution.n_islands = 8;
//! let options = SearchOptions { effort, ..SearchOptions::default() };
//! # assert_eq!(options.effort.evolution.n_islands, 8);
//! ```

mod choice;
mod evolution;
mod fits;
mod groups;
pub mod reading;
mod refinement;
mod screening;
mod solver;
mod stages;

pub use choice::{Choice, Exactness, Prices, WhiteNoiseTest};
pub use evolution::{Evolution, Mutation};
pub use fits::{DirectionFits, LabelFits, ValueFits};
pub use groups::{Findings, Groups};
pub use refinement::{ConstantFit, Refinement, Shortening, Simplification};
pub use screening::{Dictionary, Screening};
pub use solver::{
    Enumeration, Factors, InnerNumbers, PointCounts, Polynomials, Products, Rational, Reach,
    Selection,
};
pub use stages::Stages;

use crate::error::{Error, Result};

/// With fewer points than this almost any formula matches: no search starts.
pub(crate) const MIN_POINTS: usize = 5;

/// Losses below this are rounding error, unless an objective says otherwise: the cosines of
/// directions are exact to some 1e-16, and shortening the numbers of an exact formula adds more.
pub(crate) const RESOLUTION: f64 = 1e-12;

/// Structs of numbers, each field with its default beside it.
macro_rules! numbers {
    ($(
        $(#[$about:meta])*
        $name:ident { $($(#[$doc:meta])* $field:ident: $type:ty = $value:expr,)* }
    )*) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$doc])* #[doc = concat!("\n\nDefault: `", stringify!($value), "`")]
            pub $field: $type,)*
        }

        impl $name {
            /// The defaults, as a constant.
            pub const DEFAULT: Self = Self { $($field: $value,)* };
        }

        impl Default for $name {
            fn default() -> Self {
                Self::DEFAULT
            }
        }

        impl crate::effort::Checked for $name {
            fn check(&self, name: &str) -> crate::error::Result<()> {
                $(crate::effort::Checked::check(
                    &self.$field,
                    &format!("{name}.{}", stringify!($field)),
                )?;)*
                Ok(())
            }
        }
    )*};
}
use numbers;

numbers! {
    /// The numbers that steer a search.
    Effort {
        /// What takes part at all.
        stages: Stages = Stages::DEFAULT,
        /// How many points each stage looks at.
        points: PointCounts = PointCounts::DEFAULT,
        /// What counts as a match.
        exactness: Exactness = Exactness::DEFAULT,
        /// What a unit of complexity must buy.
        prices: Prices = Prices::DEFAULT,
        /// Which formulas are built one by one.
        enumeration: Enumeration = Enumeration::DEFAULT,
        /// Which monomials stand in a polynomial.
        polynomials: Polynomials = Polynomials::DEFAULT,
        /// How terms are chosen for a sum.
        selection: Selection = Selection::DEFAULT,
        /// How fitted exponents become whole ones.
        products: Products = Products::DEFAULT,
        /// When a quadratic form is written as a product or a square.
        factors: Factors = Factors::DEFAULT,
        /// How directions are taken apart.
        groups: Groups = Groups::DEFAULT,
        /// Functions with a number inside, for directions.
        inner_numbers: InnerNumbers = InnerNumbers::DEFAULT,
        /// Quotients of polynomials, for values.
        rational: Rational = Rational::DEFAULT,
        /// Sums from a large dictionary, for values.
        screening: Screening = Screening::DEFAULT,
        /// That dictionary.
        dictionary: Dictionary = Dictionary::DEFAULT,
        /// What is bred where nothing could be solved for.
        evolution: Evolution = Evolution::DEFAULT,
        /// How the numbers inside of formulas are fitted.
        constants: ConstantFit = ConstantFit::DEFAULT,
        /// How they are shortened.
        shortening: Shortening = Shortening::DEFAULT,
        /// Which formulas are written down, and how.
        refinement: Refinement = Refinement::DEFAULT,
        /// How far equal formulas are looked for.
        simplification: Simplification = Simplification::DEFAULT,
        /// Which formula of the front is chosen.
        choice: Choice = Choice::DEFAULT,
    }
}

/// A number, or a list or struct of them, with what is allowed.
pub(crate) trait Checked {
    fn check(&self, name: &str) -> Result<()>;
}

/// The most that a count may be: enough for any machine, and no sum of two overflows.
const MAX_COUNT: usize = 1_000_000;

/// `name` is the way to the number, each step after a dot.
fn refused(name: &str, value: impl std::fmt::Display, allowed: impl Into<String>) -> Error {
    let place = name.trim_start_matches('.');
    Error::parameter("effort", format!("{place} = {value}"), allowed)
}

impl Checked for usize {
    fn check(&self, name: &str) -> Result<()> {
        if (1..=MAX_COUNT).contains(self) {
            Ok(())
        } else {
            let allowed = format!("between 1 and {MAX_COUNT}");
            Err(refused(name, self, allowed))
        }
    }
}

impl Checked for f64 {
    fn check(&self, name: &str) -> Result<()> {
        if self.is_finite() && *self >= 0.0 {
            Ok(())
        } else {
            Err(refused(name, self, "0 or a positive number"))
        }
    }
}

impl Checked for bool {
    fn check(&self, _: &str) -> Result<()> {
        Ok(())
    }
}

impl<T: Checked, const N: usize> Checked for [T; N] {
    fn check(&self, name: &str) -> Result<()> {
        let mut numbers = self.iter().enumerate();
        numbers.try_for_each(|(index, number)| number.check(&format!("{name}.{index}")))
    }
}

impl Effort {
    /// Refuses numbers that the search can't work with.
    ///
    /// # Errors
    /// A count of 0 or above a million, a number that is negative or not finite, a chance above 1, or
    /// dampings that a fit would never come to an end with.
    pub fn check(&self) -> Result<()> {
        Checked::check(self, "")?;
        self.constants.check_steps()?;
        self.evolution.mutation.check_chances()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_allowed() {
        assert!(Effort::default().check().is_ok());
    }

    #[test]
    fn what_a_search_cannot_work_with_is_refused_by_its_name() {
        let refused = |change: fn(&mut Effort)| {
            let mut effort = Effort::default();
            change(&mut effort);
            effort.check().unwrap_err().to_string()
        };
        let said = refused(|effort| effort.screening.n_tuned[1] = 0);
        assert!(said.contains("screening.n_tuned.1 = 0"), "{said}");
        let said = refused(|effort| effort.prices.choice = f64::NAN);
        assert!(said.contains("prices.choice = NaN"), "{said}");
        let said = refused(|effort| effort.evolution.mutation.variable_chance = 1.1);
        assert!(
            said.contains("evolution.mutation.variable_chance = 1.1"),
            "{said}"
        );
    }
}
