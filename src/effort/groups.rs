//! What directions show about a function's structure.

super::numbers! {
    /// How directions are decomposed: a group of variables that acts as one is replaced by one
    /// variable.
    Groups {
        /// Points on which groups are tested; each is compared with all others.
        n_points: usize = 400,
        /// With more variables than this only pairs are tested, because there are too many triples.
        max_features_of_triples: usize = 7,
        /// A group is tried if its neighbours disagree by less than this share of the disagreement
        /// of random points. The limit is generous, because a wrong guess only costs time.
        max_disagreement: f64 = 0.25,
        /// A variable is irrelevant if its mean share of the squared gradient is at most this.
        max_irrelevant: f64 = 1e-6,
        /// The least number of points within a group for a test.
        min_points: usize = 20,
        /// If a group's part of the unit gradient is shorter than this, its direction isn't used:
        /// noise of a percent would turn it anywhere.
        min_part: f64 = 0.02,
        /// A group is replaced by a formula whose loss is below this; 0.1 is an angle of 18
        /// degrees.
        max_loss: f64 = 0.1,
        /// Formulas for a group that are worked out before one is chosen.
        n_written: usize = 5,
        /// Single replacements that are tried in the first step and in the second, after all
        /// replacements together.
        n_single: [usize; 2] = [2, 1],
        /// With a formula below this loss, an angle of 6 degrees, fewer other ways are tried, unless
        /// the directions are said to be exact.
        good_loss: f64 = 0.01,
        /// With more variables than this no products of powers are looked for that replace them: there
        /// are too many ways to write these.
        max_features_of_products: usize = 10,
        /// Ways to write such products that are tried: with x1*x2 and x3/x2 a sum may be short that is
        /// long with x1*x3 and x2/x3.
        n_ways: usize = 4,
        /// How far the powers in such a product may be from whole numbers or halves. Those of exact
        /// directions are exact; those of a network with noise of a percent are within 0.03.
        near_whole: f64 = 0.05,
        /// The highest power in such a product. Higher ones come from bases that are nearly dependent.
        max_power: usize = 4,
        /// Below this size a divisor in their elimination counts as 0.
        dependent: f64 = 1e-3,
        /// Of two products, the highest power of one in the product that a function depends on.
        max_power_of_argument: usize = 2,
        /// Directions depend on that product alone if neighbours in it differ by at most this share of
        /// what all do. Those of exact functions differ by less than 0.001.
        same_direction: f64 = 0.01,
        /// Where the slope by the other product is below this share, the function has a pole or a turn,
        /// and no integral is taken.
        least_slope: f64 = 0.02,
        /// The powers that the function is searched for in: with a half, (a/(b - c))**2 is a quotient.
        powers_of_function: [f64; 3] = [1.0, 0.5, 2.0],
        /// So many of its formulas are kept.
        n_functions: usize = 10,
    }

    /// The findings about the structure that are reported in words.
    Findings {
        /// Bootstrap samples behind each confidence, which is then known to 4 percent.
        n_bootstrap: usize = 200,
        /// The most that neighbours share by chance, in standard deviations. The limit is high,
        /// because many points are each other's nearest neighbour and count twice.
        max_chance: f64 = 4.0,
        /// The rounding error of a squared sine.
        rounding: f64 = 1e-12,
    }
}
