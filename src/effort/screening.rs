//! Sums for values, from a dictionary too large for a library.

super::numbers! {
    /// How sums grow term by term from a dictionary.
    Screening {
        /// Sums of each start that are extended.
        beam: usize = 12,
        /// Terms that are tried more closely for each sum.
        n_terms_kept: usize = 12,
        /// Sums whose inner numbers are fitted: at the first extension, and at each later one.
        n_tuned: [usize; 2] = [24, 12],
        /// Steps of that fit, which starts at a point of a grid.
        n_steps: usize = 20,
        /// Sums or terms of one complexity that are kept, so that long ones leave room for short
        /// ones.
        max_of_one_length: usize = 2,
        /// With more variables than this, screening doesn't start from a sum of all of them.
        max_summed: usize = 6,
        /// A term is redundant if less than this share of it lies outside the sum: it would add
        /// only rounding error.
        dependent: f64 = 1e-9,
        /// The relative precision to which a sum's residual is known.
        precision: f64 = 1e-9,
    }

    /// How waves are read from the periodograms of values.
    Waves {
        /// With more variables than this there are too many periodograms, one for each variable and
        /// each one that may be its amplitude.
        max_features: usize = 12,
        /// The fewest periods within the range of a variable. A wave of fewer is hardly told from a
        /// trend, and a sine's slope leads to it.
        min_periods: f64 = 2.0,
        /// The most periods. The time grows in proportion; 30 periods within the rows are rare.
        max_periods: f64 = 100.0,
        /// Different values of a variable that a period needs at least: with two, waves can't be told
        /// from each other, and with few, most of them are chance.
        values_per_period: f64 = 3.0,
        /// Frequencies for each peak, which is as wide as one period within the range. With half as
        /// many the highest one may lie between two of them.
        steps_per_peak: usize = 5,
        /// Rows for each variable and each product of two that are removed as a trend. With half as many
        /// a trend takes up waves.
        rows_per_trend: usize = 10,
        /// The least share of what is left that a wave explains. Below it, waves are what a trend of
        /// another form leaves.
        min_share: f64 = 0.1,
        /// The largest probability of such a peak in noise alone. Twice or half as much is no
        /// difference beside real waves, of which it is one in billions.
        max_chance: f64 = 1e-3,
        /// The most waves that are looked for at a time, each in what the others leave.
        max_waves: usize = 4,
    }

    /// The polynomial that rows lie far from which are left out where a formula is solved for by absolute
    /// errors. All rows count in its loss.
    Outliers {
        /// Its highest degree. Higher ones run through outliers at the edge.
        max_degree: usize = 3,
        /// Rows for each of its terms, for the same reason.
        rows_per_term: usize = 8,
    }

    /// Which columns of a wide table are searched.
    WideTables {
        /// Tables with more columns are narrowed first. It is the number up to which the dictionary
        /// has products of powers: with more columns, most ways to solve for formulas are closed.
        max_features: usize = 12,
        /// Up to so many columns, all of them are searched afterwards, from the formulas that were
        /// found: columns of little effect are left out at first. With 300, that took a
        /// minute and 17 GB.
        max_whole: usize = 30,
        /// Rows that columns are compared on.
        n_rows: usize = 1000,
        /// The columns that explain most by themselves, of which products are tried. The products of
        /// twice as many take four times as long.
        max_paired: usize = 600,
        /// The most terms. A table on which more columns matter has no short formula.
        max_terms: usize = 30,
        /// Rows that a term needs at least.
        rows_per_term: usize = 5,
        /// The weight of the number of tried terms in the criterion (Chen & Chen 2008, gamma), of
        /// columns and of products apart. In 500 rows of 50 columns, by the chi-squared distribution, a
        /// product explains noise by chance in every third table with 0.5, in one of a hundred with 1.
        crowding: f64 = 1.0,
        /// Terms after the best sum after which no better one is expected.
        patience: usize = 3,
        /// The share of the target's variance below which nothing is left to explain.
        resolution: f64 = 1e-12,
    }

    /// The terms of the dictionary.
    Dictionary {
        /// The highest complexity of formulas that were built one by one.
        max_complexity: usize = 7,
        /// The largest number of these formulas.
        max_blocks: usize = 600,
        /// The largest number of products of powers that multiply functions.
        max_powers: usize = 60,
        /// The largest number of roots of such products.
        max_roots: usize = 20,
        /// The highest exponent of a variable in such products.
        max_exponent: usize = 3,
        /// The largest sum of the absolute exponents in such products.
        max_degree: usize = 4,
        /// The highest complexity of two powers that form a sum or a difference, for use in
        /// functions and products.
        max_paired: usize = 3,
        /// The largest number of such pairs.
        max_pairs: usize = 300,
        /// The largest number of functions and sums among the formulas that were built one by one.
        max_functions: usize = 200,
        /// The largest number of quotients of variables as arguments of functions with an inner
        /// number.
        max_arguments: usize = 100,
        /// The largest number of sums as arguments of functions with an inner number.
        max_sums: usize = 25,
        /// The largest number of half periods of a sine across the range of a variable.
        max_half_periods: usize = 40,
        /// The same across the range of a longer argument, of which there are many.
        max_half_periods_of_long: usize = 8,
        /// Inner factors of a function, in units of 3 over the range of its argument. Each is twice
        /// the one before, from a nearly straight line to a step.
        factors: [f64; 6] = [0.15, 0.3, 0.6, 1.2, 2.4, 4.8],
        /// Shifts of a pole or zero beyond the end of the argument's range, in units of the range.
        /// Each is about three times the one before.
        shifts: [f64; 7] = [0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0],
        /// Real powers of positive arguments, of either sign.
        exponents: [f64; 4] = [0.3, 0.7, 1.5, 2.5],
        /// Where a variable is compared with a number by max and min, as shares of its range.
        knots: [f64; 7] = [0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95],
        /// With more variables than this there are no products of powers.
        max_features: usize = 12,
    }
}
