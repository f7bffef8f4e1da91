//! From a formula that was found to one that is reported.

use super::refused;
use crate::error::Result;

super::numbers! {
    /// How the numbers inside of formulas are fitted: by Levenberg and Marquardt's method.
    ConstantFit {
        /// Formulas with more constants than this are left as they are: points hardly fix so many.
        max_constants: usize = 16,
        /// Steps stop when the loss falls by less than this share.
        settled: f64 = 1e-6,
        /// The first damping, as a share of the curvature: nearly a whole step.
        first_damping: f64 = 1e-3,
        /// The factor by which a failed step raises it and a good one lowers it.
        damping_factor: f64 = 10.0,
        /// Beyond this a step changes no digit that counts, and the fit ends.
        max_damping: f64 = 1e8,
    }

    /// How numbers are shortened.
    Shortening {
        /// The loss may rise by this share of itself, or of the noise: numbers carry no more digits
        /// than the data supports.
        slack: f64 = 0.01,
        /// The same for a plain number, of one digit or whole, which is far likelier to be meant
        /// than 2.03. It is also accepted wherever the loss stays within the noise, as the truth's
        /// would.
        plain_slack: f64 = 0.1,
        /// Where the loss is a likelihood, a plain number may take away this much of its logarithm:
        /// a fitted number follows the noise, and the truth is worse by a half on average.
        plain_likelihood: f64 = 2.0,
        /// Where errors are independent, the further digits of a number may take away this much of
        /// the logarithm of the likelihood.
        digits_likelihood: f64 = 0.5,
        /// Whole numbers below this are plain.
        max_plain: f64 = 1000.0,
        /// Simple fractions and multiples of pi, e and the root of 2 are tried if they lie within
        /// this share of a number.
        near_special: f64 = 0.01,
        /// The digits that are tried last, and what a number is left with at most; one with more
        /// comes from arithmetic.
        max_digits: usize = 8,
    }

    /// Which formulas are written down, and how.
    Refinement {
        /// Steps of the fit of all numbers.
        n_steps: usize = 12,
        /// Sums of more terms are tried with fewer of their coefficients as the unit.
        max_units: usize = 4,
        /// Ways to write a formula may differ in loss by this share, as their numbers were rounded.
        max_difference: f64 = 0.1,
        /// A loss higher than a simpler formula's by this factor is beaten for good: fitting and
        /// shortening won't make up for it.
        clearly_beaten: f64 = 3.0,
        /// Formulas of one complexity that are refined, which takes some ten milliseconds each,
        max_of_one_length: usize = 3,
        /// and where their losses say nothing, as they are below the noise.
        max_equal_of_one_length: usize = 6,
        /// Numbers that agree in so many digits were meant to be the same.
        digits_that_count: usize = 6,
    }

    /// How far equal formulas are looked for. Measured in steps, never in seconds: the same formula
    /// must always become the same formula.
    Simplification {
        /// Nodes of the graph of equal formulas: its time and memory.
        max_nodes: usize = 3000,
        /// Rounds of rewriting.
        max_iterations: usize = 12,
        /// A rewrite found more often in one round rests for a few, so that the others get their
        /// turn,
        max_matches: usize = 500,
        /// and for how many.
        ban_length: usize = 3,
    }
}

impl ConstantFit {
    pub(super) fn check_steps(&self) -> Result<()> {
        if self.first_damping == 0.0 {
            Err(refused("constants.first_damping", 0, "a positive number"))
        } else if self.damping_factor <= 1.0 {
            let factor = self.damping_factor;
            Err(refused("constants.damping_factor", factor, "above 1"))
        } else {
            Ok(())
        }
    }
}
