//! What a formula says about a model: how it is judged, and what the figures come to.
//!
//! These are constants. A certificate is worth something only if all of them mean the same.

/// The `delta` by default: gradients are taken where the output lies within `[delta, 1 - delta]`,
/// logits up to 9.2. Closer to 0 and 1 a sigmoid in single precision is saturated.
pub const DELTA: f64 = 1e-4;

super::numbers! {
    /// From a certificate's figures to its verdict.
    VerdictLimits {
        /// The `|cos|` from which directions are the same: an angle of 8 degrees. Networks of the
        /// paper's experiments that are trained on halves of the same data differ by up to 8 degrees
        /// near their boundary, so no less can be asked of a formula, and one that agrees as well
        /// can't be told from what the network has learned. Asked of the mean near the boundary, and
        /// of each point that counts as covered.
        aligned: f64 = 0.99,
        /// Asked of the mean over all fresh rows. Training shapes the latent model only where its
        /// sigmoid isn't saturated, so less can be asked here. A network may go astray far from its
        /// boundary: those of experiment 3 have 0.93 with the truth that they decide by, and get the
        /// weaker verdict.
        aligned_in_box: f64 = 0.96,
        /// The share of the latent model's variance that a monotone curve over the formula may
        /// leave. For networks of the paper's experiments the formulas of their concepts left up to
        /// 3 %, formulas that only shared the boundary 4 to 17 %.
        max_left: f64 = 0.05,
        /// The share of the decisions of the rarer class that a rule must get right to be the same
        /// decision: one that always says the commoner class has 0, whatever its agreement. The
        /// formulas of those concepts had 0.99 and more.
        same_decision: f64 = 0.98,
        /// The share of points that the worst ones are.
        worst: f64 = 0.01,
        /// How far beyond the training rows, as a share of a side, fresh rows still count as inside:
        /// as far as rows of the same kind lie by chance.
        margin: f64 = 0.01,
    }

    /// Which of a classifier's points a search is given.
    WideBand {
        /// The `delta` of the wider band: logits up to 18.4.
        delta: f64 = 1e-8,
        /// How much a point of the wider band counts beside one on the boundary. Networks err there
        /// alike, so that training several doesn't show it: enough to tell formulas apart that agree
        /// on the boundary, not enough to outweigh it.
        weight: f64 = 0.2,
    }

    /// What speaks against a formula beside its directions.
    Penalties {
        /// Numbers of decisions that differ by less, differ by chance.
        chance: f64 = 5.0,
        /// Shares of a model's variance below this are as good as nothing.
        negligible: f64 = 1e-6,
        /// A regressor's formula may leave so many times what the regressor itself errs by.
        allowed: f64 = 2.0,
    }

    /// How the latent model is written as a function of the formula.
    LinkSearch {
        /// Medians over neighbouring points that a formula for phi is searched on. At one `T` the
        /// latent model takes many values, and most of what the network has wrong cancels; a
        /// monotone phi takes the median of `T` to the median of the latent model, however it bends.
        n_medians: usize = 100,
        /// Longer formulas than this say less than the curve does.
        max_complexity: usize = 16,
        /// What a function costs in phi: it is likelier there than two numbers.
        function_complexity: usize = 2,
        /// A formula is accepted if it leaves at most this many times what the monotone curve leaves
        /// of the latent model's variance,
        max_ratio: f64 = 1.25,
        /// or this share of the variance: one part in a thousand shows in no plot.
        negligible: f64 = 1e-3,
    }

    /// How the numbers of a formula are fitted once more.
    Numbers {
        /// Points that are resampled for an interval,
        n_points: usize = 1000,
        /// resamples behind each,
        n_resamples: usize = 100,
        /// and steps of the fit on each.
        n_steps: usize = 20,
        /// The share of resamples on either side of an interval.
        tail: f64 = 0.025,
        /// Steps of the fit of a rule to labels.
        n_steps_of_rule: usize = 40,
        /// Points that a regressor's whole formula is refined on.
        n_points_of_whole: usize = 2000,
    }

    /// Whether a formula has the structure of a truth.
    StructureTest {
        /// Points of the box.
        n_points: usize = 500,
        /// The share of the points at which a formula must have a direction.
        least_defined: f64 = 0.99,
        /// Directions that differ by a mean square below this are equal: numbers were fitted to
        /// them by steps, and rounded before.
        exact: f64 = 1e-6,
        /// A number that leaves this range around the truth's, either way, makes its term vanish
        /// beside the others: `exp(c x)` is as good as linear in `x` where `c` is small.
        most_off: f64 = 10.0,
        /// How much more complex a formula may be than the truth with a number at every place: one
        /// more coefficient.
        spare_complexity: usize = 4,
        /// Steps of the fit of the truth's numbers.
        n_steps: usize = 100,
        /// Parameters that start with either sign; the rest keep the truth's.
        max_signs: usize = 6,
    }
}
