//! From a formula that was found to one that is reported.

use super::refused;
use crate::error::Result;

super::numbers! {
    /// How the inner numbers of formulas are fitted, by the Levenberg-Marquardt method.
    ConstantFit {
        /// Formulas with more constants than this aren't fitted, because points hardly determine so
        /// many.
        max_constants: usize = 16,
        /// The fit ends when the loss falls by less than this share.
        settled: f64 = 1e-6,
        /// The first damping, as a share of the curvature: nearly a whole step.
        first_damping: f64 = 1e-3,
        /// The factor by which a failed step raises the damping and a good one lowers it.
        damping_factor: f64 = 10.0,
        /// Above this damping a step changes no significant digit, and the fit ends.
        max_damping: f64 = 1e8,
    }

    /// How the digits of numbers are shortened.
    Shortening {
        /// The share by which the loss, or the noise, may rise: numbers have no more digits than
        /// the data support.
        slack: f64 = 0.01,
        /// The same for a plain number, which has one digit or is an integer. It is far more likely
        /// to be the true one than 2.03. It is also accepted if the loss stays within the noise, as
        /// that of the truth would.
        plain_slack: f64 = 0.1,
        /// If the loss is a likelihood, a plain number may lower its logarithm by this much. A
        /// fitted number follows the noise, so the truth is worse by a half on average.
        plain_likelihood: f64 = 2.0,
        /// Where errors are independent, the log-likelihood that the further digits of a number may
        /// cost.
        digits_likelihood: f64 = 0.5,
        /// Where errors are independent, the digits that are tried before special numbers: one number in
        /// ten lies near a special one by chance, and it takes four digits to tell.
        max_unspecial_digits: usize = 3,
        /// The same for a number that is left out with its operator, a complexity of 4.
        zero_likelihood: f64 = 4.0,
        /// Integers below this are plain.
        max_plain: f64 = 1000.0,
        /// Simple fractions and multiples of pi, e and the square root of 2 are tried if they lie
        /// within this share of a number.
        near_special: f64 = 0.01,
        /// The digits that are tried before all other numbers with a name, such as `3/(8*pi)`. There
        /// are 1400 of them per decade, so one in 150 numbers of five digits has such a neighbour by
        /// chance. With 4 digits it is one in 15; with 7, data of seven digits name no number.
        max_unnamed_digits: usize = 5,
        /// They are tried if they lie within this share of a number, which five digits tell apart.
        near_named: f64 = 1e-5,
        /// The largest number of digits that is tried, and that a number keeps. A number with more
        /// digits comes from arithmetic.
        max_digits: usize = 8,
    }

    /// Which formulas are refined, and how.
    Refinement {
        /// Steps of the fit of all numbers.
        n_steps: usize = 12,
        /// The largest number of forms of a sum that are tried, each with another coefficient set
        /// to 1.
        max_units: usize = 4,
        /// Different forms of a formula may differ in loss by this share, because their numbers
        /// were rounded.
        max_difference: f64 = 0.1,
        /// A formula is clearly beaten if its loss exceeds that of a simpler one by this factor:
        /// fitting and shortening can't make up for that.
        clearly_beaten: f64 = 3.0,
        /// Formulas of one complexity that are refined. Each takes about ten milliseconds.
        max_of_one_length: usize = 3,
        /// The same if their losses are below the noise and so can't be compared.
        max_equal_of_one_length: usize = 6,
        /// Numbers that agree in this many digits count as equal.
        digits_that_count: usize = 6,
    }

    /// How far equal formulas are searched for. The limits are steps, not seconds, so that the same
    /// formula always becomes the same formula.
    Simplification {
        /// The largest number of nodes in the graph of equal formulas. It limits time and memory.
        max_nodes: usize = 3000,
        /// The largest number of rounds of rewriting.
        max_iterations: usize = 12,
        /// A rewrite with more matches than this in one round is paused, so that the others get
        /// their turn.
        max_matches: usize = 500,
        /// The number of rounds for which it is paused.
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
