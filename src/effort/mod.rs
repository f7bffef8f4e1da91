//! All numbers that control the search, the judgement of formulas and the verdict, each with its
//! meaning, its unit and the reason for its value.
//!
//! | where | what it controls | how to change it |
//! |---|---|---|
//! | [`Effort`] | the search, stage by stage | [`SearchOptions::effort`](crate::SearchOptions::effort) |
//! | [`DirectionFits`], [`ValueFits`], [`LabelFits`] | how sums of terms are fitted | `with_fits` of the objective |
//! | [`reading`] | how a formula is judged | fixed, so that certificates are comparable |
//!
//! The defaults suit most searches. `make bench-effort` measures what halving and doubling each
//! number does to the rate of recovery and to the time; `benches/effort.md` holds the results.
//! Numbers that only change the last digits of a result, or only the speed, are defined next to the
//! code that uses them.
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

pub use choice::{Choice, Exactness, Prices, Validation, WhiteNoiseTest};
pub use evolution::{Evolution, Mutation};
pub use fits::{DirectionFits, LabelFits, ValueFits};
pub use groups::{Findings, Groups};
pub use refinement::{ConstantFit, Refinement, Shortening, Simplification};
pub use screening::{Dictionary, Outliers, Screening, Waves, WideTables};
pub use solver::{
    Enumeration, Factors, InnerNumbers, PointCounts, Polynomials, PowerLaws, Products, Rational,
    Reach, Scaling, Selection, Univariate,
};
pub use stages::Stages;

use crate::error::{Error, Result};

/// With fewer points than this almost any formula matches, so no search starts.
pub(crate) const MIN_POINTS: usize = 5;

/// Losses below this are rounding error, unless an objective gives another limit. The cosines of
/// directions are exact to about 1e-16, and shortening the numbers of an exact formula adds more.
pub(crate) const RESOLUTION: f64 = 1e-12;

/// The highest complexity tried where neither the user nor the objective says otherwise: the paper's
/// formulas have 20 at most.
pub(crate) const MAX_COMPLEXITY: usize = 30;

/// What values add to that for each feature: the complexity of a linear model's coefficient with
/// its variable and two operators. Data with noise are often described by many small terms.
pub(crate) const COMPLEXITY_PER_FEATURE: usize = 6;

/// What values may have at least: two waves with a number before each and one added, 40, whose
/// phases and frequencies take most of it.
pub(crate) const COMPLEXITY_OF_WAVES: usize = 42;

/// What a row of values supports at most: with more, formulas would interpolate a small table.
pub(crate) const COMPLEXITY_PER_ROW: usize = 2;

/// The limit of that sum: twenty terms are as many as a person reads, and longer ones take long.
pub(crate) const MAX_COMPLEXITY_WITH_FEATURES: usize = 150;

/// Defines structs of numbers, each field with its default next to it.
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
    /// The numbers that control a search.
    Effort {
        /// The stages that take part.
        stages: Stages = Stages::DEFAULT,
        /// The number of points that each stage uses.
        points: PointCounts = PointCounts::DEFAULT,
        /// The losses that count as a match.
        exactness: Exactness = Exactness::DEFAULT,
        /// The improvement that a unit of complexity must bring.
        prices: Prices = Prices::DEFAULT,
        /// How formulas are judged on held-out rows.
        validation: Validation = Validation::DEFAULT,
        /// The formulas that are built one by one.
        enumeration: Enumeration = Enumeration::DEFAULT,
        /// The monomials of a polynomial.
        polynomials: Polynomials = Polynomials::DEFAULT,
        /// How the terms of a sum are chosen.
        selection: Selection = Selection::DEFAULT,
        /// How fitted exponents become integers.
        products: Products = Products::DEFAULT,
        /// When a quadratic form is written as a product or a square.
        factors: Factors = Factors::DEFAULT,
        /// How directions are decomposed.
        groups: Groups = Groups::DEFAULT,
        /// Functions with an inner number, for directions.
        inner_numbers: InnerNumbers = InnerNumbers::DEFAULT,
        /// Quotients of polynomials, for values.
        rational: Rational = Rational::DEFAULT,
        /// Power laws, for values.
        power_laws: PowerLaws = PowerLaws::DEFAULT,
        /// Power laws times a function of one product of powers.
        scaling: Scaling = Scaling::DEFAULT,
        /// Functions of one variable, for values.
        univariate: Univariate = Univariate::DEFAULT,
        /// Sums from a large dictionary, for values.
        screening: Screening = Screening::DEFAULT,
        /// Periodic terms, for values.
        waves: Waves = Waves::DEFAULT,
        /// Rows that absolute errors are solved for without.
        outliers: Outliers = Outliers::DEFAULT,
        /// Wide tables.
        wide_tables: WideTables = WideTables::DEFAULT,
        /// The dictionary of screening.
        dictionary: Dictionary = Dictionary::DEFAULT,
        /// The evolution, which searches where nothing could be solved for.
        evolution: Evolution = Evolution::DEFAULT,
        /// How the inner numbers of formulas are fitted.
        constants: ConstantFit = ConstantFit::DEFAULT,
        /// How numbers are shortened.
        shortening: Shortening = Shortening::DEFAULT,
        /// Which formulas are refined, and how.
        refinement: Refinement = Refinement::DEFAULT,
        /// How far equal formulas are searched for.
        simplification: Simplification = Simplification::DEFAULT,
        /// How the formula of the front is chosen.
        choice: Choice = Choice::DEFAULT,
    }
}

/// A number, or a list or struct of numbers, that is checked against its range.
pub(crate) trait Checked {
    fn check(&self, name: &str) -> Result<()>;
}

/// The largest count: enough for any machine, and the sum of two can't overflow.
const MAX_COUNT: usize = 1_000_000;

/// The error for a number; `name` is its path, with a dot before each field.
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
    /// A count of 0 or above a million, a number that is negative or not finite, a chance above 1,
    /// or dampings with which a fit would never end.
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
