//! What directions show of a function's structure.

super::numbers! {
    /// How directions are taken apart: variables that act as one are replaced by what they act as.
    Groups {
        /// Points that groups are tested on; each is compared with all others.
        n_points: usize = 400,
        /// Among more variables only pairs are tested, no triples: there are too many.
        max_features_of_triples: usize = 7,
        /// A group is tried if neighbours within it disagree by less than this share of what
        /// points drawn at random disagree by. Generous: a wrong guess costs time only.
        max_disagreement: f64 = 0.25,
        /// A variable whose squared derivative has this mean share, or less, makes no difference.
        max_irrelevant: f64 = 1e-6,
        /// Fewer points than this within a group tell nothing.
        min_points: usize = 20,
        /// Where a group's part of the unit gradient is shorter than this, it has no direction to
        /// speak of: noise of a percent would turn it anywhere.
        min_part: f64 = 0.02,
        /// A group is replaced by a formula whose loss is below this, an angle of 18 degrees.
        max_loss: f64 = 0.1,
        /// Formulas for a group that are written out before one is chosen.
        n_written: usize = 5,
        /// How many single replacements are tried at the first step and at the second, after all
        /// of them together.
        n_single: [usize; 2] = [2, 1],
        /// With a formula below this loss, an angle of 6 degrees, fewer other ways are tried.
        good_loss: f64 = 0.01,
    }

    /// What is said of the structure in words.
    Findings {
        /// Bootstrap samples behind each confidence: it is then known to 4 percent.
        n_bootstrap: usize = 200,
        /// What neighbours share by chance, in standard deviations of it; many are each other's
        /// nearest and count twice.
        max_chance: f64 = 4.0,
        /// Rounding error in a squared sine.
        rounding: f64 = 1e-12,
    }
}
