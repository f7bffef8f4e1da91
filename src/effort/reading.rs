//! How a formula is judged as an explanation of a model, and which verdict follows from its
//! figures.
//!
//! These numbers are constants, so that all certificates mean the same.

/// The default `delta`: gradients are taken where the output lies within `[delta, 1 - delta]`,
/// which are logits up to 9.2. Closer to 0 and 1 a sigmoid in single precision is saturated.
pub const DELTA: f64 = 1e-4;

super::numbers! {
    /// Limits that turn the figures of a certificate into its verdict.
    VerdictLimits {
        /// The `|cos|` above which directions are the same: an angle of 8 degrees. Networks that
        /// are trained on halves of the data of the paper's experiments differ by up to 8 degrees
        /// near their boundary. So a formula that agrees this well can't be distinguished from what
        /// the network has learned. The limit holds for the mean near the boundary, and for each
        /// point that counts as covered.
        aligned: f64 = 0.99,
        /// The limit for the mean over all fresh rows. It is lower, because training shapes the
        /// latent model only where its sigmoid isn't saturated. Far from the boundary a network may
        /// be wrong: those of experiment 3 have 0.93 with the truth that they decide by, and get
        /// the weaker verdict.
        aligned_in_box: f64 = 0.96,
        /// The largest share of the latent model's variance that the link over the formula
        /// may leave. For networks of the paper's experiments, the formulas of their concepts left
        /// up to 3 %, and formulas that only shared the boundary left 4 to 17 %.
        max_left: f64 = 0.05,
        /// The least skill of a rule that decides as the network does: the share of the rarer
        /// class's decisions that it gets right. A rule that always answers the commoner class has
        /// a skill of 0, whatever its agreement. The formulas of those concepts had 0.99 and more.
        same_decision: f64 = 0.98,
        /// The least share of its model that a formula carries which is as accurate as the model: of
        /// a regressor's variance, or the skill of a classifier's rule.
        carried: [f64; 2] = [0.9, 0.8],
        /// Less may be carried by as much as this multiple of what the model itself is uncertain
        /// about,
        noise_margin: f64 = 2.0,
        /// but not less than these shares: with less, most of the model is something else.
        least_carried: [f64; 2] = [0.75, 0.6],
        /// By how much the R^2 or the accuracy of a formula may fall below the model's, if it is as
        /// accurate.
        as_accurate: f64 = 0.02,
        /// The share of points that count as the worst ones.
        worst: f64 = 0.01,
        /// How far outside the box of the training rows fresh rows still count as inside, as a
        /// share of a side. Rows of the same distribution lie that far outside by chance.
        margin: f64 = 0.01,
        /// A model whose answers spread over less than this share of the targets' range is a
        /// constant. Weights that training has shrunk to nothing leave about 1e-8; a model of
        /// standardized targets that are counted in thousands has 1e-3.
        constant: f64 = 1e-6,
    }

    /// When a formula for values is called wild outside of its rows.
    ExtrapolationLimits {
        /// The number of random points. A region without values that takes 0.2 % of the box is
        /// found in 98 of 100 runs.
        n_points: usize = 2000,
        /// How far values may leave the targets' range, in widths of that range. A cube over twice
        /// the range grows eightfold; half of this would call it wild, and twice would excuse an
        /// exponential that grows twentyfold.
        wild: f64 = 10.0,
    }

    /// When few rows, [outlying](crate::effort::ValueFits::outlying) ones, are said to carry most of a
    /// loss.
    OutlierLimits {
        /// The least share of the loss that they carry. Of errors with a Laplace distribution they
        /// carry an eighth.
        min_share: f64 = 0.5,
        /// The largest share of the rows. More are no exception, but something that the formula misses.
        max_rows: f64 = 0.25,
    }

    /// When a formula of the directions is given up for one of the values.
    EvidenceLimits {
        /// The share of a regressor's variance that a formula may leave and still carry it: as
        /// much as a formula of the same accuracy may fall behind.
        left: f64 = 0.02,
        /// The search by values goes on if no formula of its front leaves less than this share of
        /// the model's values,
        left_by_front: f64 = 0.005,
        /// for so many more rounds, each of which takes about as long as the first search.
        n_rounds: usize = 3,
        /// and for formulas that may be longer by this factor, unless their length was limited.
        /// Held-out rows decide whether they are worth it.
        longer: usize = 2,
        /// By how much a formula's R^2 or accuracy may fall below the model's, on the rows that both
        /// were fitted to, and still carry it.
        score: f64 = 0.005,
        /// Above this noise of the directions, a mean angle of 26 degrees between networks of the
        /// same data, directions aren't searched at all: no short formula could be told from others.
        noise: f64 = 0.1,
        /// Added to the weight of a classifier's logits, which is at most 0.25 at the boundary: far
        /// from it logits should still have the right sign and order.
        weight_floor: f64 = 0.005,
    }

    /// How it is said where the rest comes from that a formula leaves of its model.
    RestLimits {
        /// Bins of a column: enough for a wave.
        n_bins: usize = 8,
        /// Bins of each column of a pair, which makes 16 cells.
        n_bins_of_pair: usize = 4,
        /// Columns and pairs are left out where a bin or a cell would have fewer rows than this.
        rows_per_bin: usize = 8,
        /// Smaller shares of the rest aren't named: they may be chance.
        least: f64 = 0.1,
        /// So many parts are named at most.
        n_parts: usize = 3,
    }

    /// The points of a classifier that a search uses in addition to the boundary.
    WideBand {
        /// The `delta` of the wider band: logits up to 18.4.
        delta: f64 = 1e-8,
        /// The weight of a point of the wider band; a point on the boundary has 1. Networks have
        /// the same errors there, so training several doesn't show them. The weight is enough to
        /// distinguish formulas that agree on the boundary, but too small to outweigh it.
        weight: f64 = 0.2,
    }

    /// Penalties for a formula beside the loss of its directions.
    Penalties {
        /// Numbers of decisions that differ by less than this differ by chance.
        chance: f64 = 5.0,
        /// Shares of a model's variance below this count as nothing.
        negligible: f64 = 1e-6,
        /// A regressor's formula may leave this multiple of the regressor's own error.
        allowed: f64 = 2.0,
    }

    /// How the latent model is expressed as a function of the formula.
    LinkSearch {
        /// The number of medians over neighbouring points on which a formula for phi is searched.
        /// At one `T` the latent model takes many values, and in the median most errors of the
        /// network cancel. A monotone phi maps the median of `T` to the median of the latent model,
        /// whatever its shape.
        n_medians: usize = 100,
        /// The highest complexity of phi. Longer formulas say less than the curve does.
        max_complexity: usize = 16,
        /// The complexity of a function in phi, where a function is likelier than two numbers.
        function_complexity: usize = 2,
        /// A formula is accepted if it leaves at most this multiple of the variance that the
        /// curve leaves.
        max_ratio: f64 = 1.25,
        /// A formula is also accepted if it leaves at most this share of the latent model's
        /// variance, which is invisible in a plot.
        negligible: f64 = 1e-3,
    }

    /// How the searches of an interpretation divide a time limit.
    TimeShares {
        /// What a search gets of the time that is left where others may follow it. With a quarter,
        /// long formulas for directions are cut off; with all of it, no time is left for the
        /// model's values.
        of_one: f64 = 0.5,
    }

    /// When the curve of a link turns back.
    TurnLimits {
        /// Bins over the formula's values, between which the turning points are looked for.
        n_bins: usize = 100,
        /// The least number of bins between two turning points: less is noise.
        bins_per_piece: usize = 5,
        /// At most so many turning points, which is two periods of a sine.
        max_turns: usize = 4,
        /// A curve that leaves at most this share of the variance isn't improved by turning points.
        worth_a_look: f64 = 5e-3,
        /// The share of what is left that each further turning point may leave. Where phi turned, it
        /// was 0.1 to 0.3 for the formulas of a network's front; where it didn't, 0.8 and more.
        worth_a_turn: f64 = 0.5,
        /// A formula of this complexity or less that carries the model is not compared with others
        /// whose link turns.
        short: usize = 12,
        /// Formulas that match directions up to each sign are searched for if a short search of that
        /// kind finds one with at most this loss, an angle of 18 degrees, that is no worse than all
        /// with one sign, or half as long as the chosen one. Of directions that are noise, half
        /// would match.
        promising: f64 = 0.1,
    }

    /// How the numbers of a formula are fitted again.
    Numbers {
        /// Points that are resampled for an interval.
        n_points: usize = 1000,
        /// Resamples for an interval.
        n_resamples: usize = 100,
        /// Steps of the fit to each resample.
        n_steps: usize = 20,
        /// The share of resamples on either side outside an interval.
        tail: f64 = 0.025,
        /// Steps of the fit of a rule to labels.
        n_steps_of_rule: usize = 40,
        /// Points on which a regressor's whole formula is refined.
        n_points_of_whole: usize = 2000,
    }

    /// Whether a formula has the structure of the truth.
    StructureTest {
        /// Random points of the box.
        n_points: usize = 500,
        /// The least share of points at which a formula must have a direction.
        least_defined: f64 = 0.99,
        /// Directions with a mean squared difference below this are equal. The numbers were fitted
        /// to them in steps, and rounded before.
        exact: f64 = 1e-6,
        /// A number may differ from the truth's by this factor at most. Beyond it, the term
        /// vanishes beside the others: `exp(c x)` is practically linear in `x` for a small `c`.
        most_off: f64 = 10.0,
        /// How much more complex a formula may be than the truth with a number at every place: by
        /// one coefficient.
        spare_complexity: usize = 4,
        /// Steps of the fit of the truth's numbers.
        n_steps: usize = 100,
        /// Parameters that are tried with either sign; the rest keep the sign of the truth.
        max_signs: usize = 6,
    }
}
