//! Sums of values from a dictionary too large for a library.

super::numbers! {
    /// How sums grow term by term from a dictionary.
    Screening {
        /// Sums that are gone on with at each length.
        beam: usize = 12,
        /// Terms that each sum is tried with closer.
        n_terms_kept: usize = 12,
        /// Sums whose inner numbers are fitted, at first and later.
        n_tuned: [usize; 2] = [24, 6],
        /// Steps of that fit, which begins at a point of a grid.
        n_steps: usize = 20,
        /// Sums or terms kept of one complexity, so that long ones leave room for short ones.
        max_of_one_length: usize = 2,
        /// With more variables than this there is no sum of all of them to start from.
        max_summed: usize = 6,
        /// A term of which less than this share lies outside of the sum already adds nothing but
        /// rounding error.
        dependent: f64 = 1e-9,
        /// What is left is known to about this share.
        precision: f64 = 1e-9,
    }

    /// What may be a term of such a sum.
    Dictionary {
        /// The highest complexity of formulas that were built one by one,
        max_complexity: usize = 7,
        /// and their number.
        max_blocks: usize = 600,
        /// Products of powers that multiply functions,
        max_powers: usize = 60,
        /// roots of them,
        max_roots: usize = 20,
        /// the highest exponent of a variable in them,
        max_exponent: usize = 3,
        /// and the sum of the exponents' sizes at most.
        max_degree: usize = 4,
        /// The complexity of powers of which two make a sum or a difference, which stands in
        /// functions and products,
        max_paired: usize = 3,
        /// and how many of these pairs there are.
        max_pairs: usize = 300,
        /// Functions and sums among the formulas that were built one by one.
        max_functions: usize = 200,
        /// Arguments of functions with a number inside that are quotients of variables,
        max_arguments: usize = 100,
        /// and that are sums.
        max_sums: usize = 25,
        /// Half periods of a sine across the range of a variable,
        max_half_periods: usize = 40,
        /// and of a longer argument, of which there are many.
        max_half_periods_of_long: usize = 8,
        /// Factors inside of a function, in units of 3 over the argument's range: each twice the
        /// one before, from a nearly straight line to a step.
        factors: [f64; 6] = [0.15, 0.3, 0.6, 1.2, 2.4, 4.8],
        /// Shifts of a pole or a zero beyond the end of the argument's range, in units of it: each
        /// about three times the one before.
        shifts: [f64; 7] = [0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0],
        /// With more variables than this there are no products of powers.
        max_features: usize = 12,
    }
}
