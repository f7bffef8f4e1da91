//! What is solved for without evolution, from values, labels and directions.

super::numbers! {
    /// How many points each stage looks at; every reported loss is computed on all points.
    PointCounts {
        /// Points that numbers are fitted on and structure is seen on. A number is then known to
        /// about 1/30 of the scatter of one point.
        fitted: usize = 1000,
        /// Points that terms are selected on; of labels all are taken, as each is one bit only.
        /// The time of a selection grows in proportion.
        selected: usize = 256,
        /// Points that terms from a dictionary are screened on: a dictionary has some ten
        /// thousand of them, and what passes is judged on more points.
        screened: usize = 128,
        /// Points that the evolution looks at, for thousands of sums in a generation.
        evolved: usize = 256,
    }

    /// How far formulas are enumerated, and how many of them stand in a library.
    Reach {
        /// The highest complexity.
        max_complexity: usize = 9,
        /// How many formulas in all; reached before the complexity where there are many variables
        /// or operators.
        max_blocks: usize = 1500,
        /// How many of them stand in a library of sums. All pairs of terms are scored, so that the
        /// time grows with the square.
        max_plain: usize = 420,
        /// How many of them stand in a library of products, as logarithms.
        max_logs: usize = 300,
    }

    /// Which formulas are built one by one, and how many of them make a sum.
    Enumeration {
        /// At first.
        near: Reach = Reach::DEFAULT,
        /// In the end, where nothing matched.
        far: Reach = Reach {
            max_complexity: 11,
            max_blocks: 6000,
            max_plain: 1300,
            max_logs: 900,
        },
        /// Terms of a sum before structure is looked for: with more, a group is taken for a long
        /// sum that is only near to it.
        n_terms_quick: usize = 2,
        /// Terms of a sum afterwards.
        n_terms: usize = 7,
        /// Terms of a sum from what is enumerated in the end: all its pairs take long enough.
        n_terms_far: usize = 4,
        /// What a function costs at most in the order of the enumeration: a short function of a
        /// product is likelier to be a term than a long quotient.
        max_function_cost: usize = 2,
        /// Formulas larger than this somewhere are no use to a sum of others of size 1, whose
        /// coefficients would have to be rounding errors.
        max_value: f64 = 1e9,
        /// The same for formulas that are smaller than this everywhere.
        min_value: f64 = 1e-9,
        /// Two formulas are one if their values at 8 points agree to one in this many parts of
        /// their size: above rounding error, below any difference that is meant.
        same_parts: f64 = 1e8,
    }

    /// Which monomials stand in a polynomial.
    Polynomials {
        /// The highest degree, whatever the number of variables.
        max_degree: usize = 7,
        /// As many monomials at most: those of 3 variables to degree 5, of 5 to degree 3 and of 9
        /// to degree 2. Among 256 points there are then four for each of them.
        max_monomials: usize = 56,
        /// With more variables than this only monomials are tried: even pairs are too many.
        max_features: usize = 12,
    }

    /// How terms are chosen for a sum.
    Selection {
        /// Subsets kept of each size.
        beam: usize = 100,
        /// Pairs kept: all of them are scored, and none shows yet what it is good for.
        pair_beam: usize = 400,
        /// Subsets of each size that are scored closer, which takes about ten times as long.
        n_closer: usize = 1500,
        /// Subsets of each size that are fitted exactly, which takes a hundred times as long.
        n_fitted: usize = 10,
        /// A longer subset is kept if it leaves at most this share of a shorter one's score.
        min_gain: f64 = 0.9,
        /// Terms that add less than this share of the largest part are left out.
        negligible: f64 = 1e-7,
        /// Libraries up to this size are also searched from all terms downward.
        max_eliminated: usize = 60,
        /// Subsets met on the way down are kept from this size on.
        max_kept: usize = 12,
    }

    /// How fitted exponents become whole ones.
    Products {
        /// The highest exponent: a fifth power of a factor is rarer than a wrong fit.
        max_exponent: usize = 4,
        /// How far a fitted exponent may be from a whole number, or a half, and still be meant as
        /// one: less than a half of a half.
        near_whole: f64 = 0.12,
    }

    /// When a quadratic form is written as a product or a square.
    Factors {
        /// Eigenvalues and coefficients below this share of the largest count as zero.
        negligible: f64 = 1e-3,
        /// How far from a perfect square a form may be, as a share of its mixed coefficient; its
        /// numbers are fitted again afterwards.
        near_square: f64 = 0.05,
    }

    /// Functions with a number inside, for directions.
    InnerNumbers {
        /// Terms of a sum.
        max_terms: usize = 3,
        /// The highest exponent of a variable in products and quotients of powers,
        max_exponent: usize = 2,
        /// and how many of these there are, the shortest.
        max_powers: usize = 100,
        /// With more variables than this there are too many functions to try all pairs of.
        max_features: usize = 6,
        /// Steps of the fit of the numbers inside, which begins at a point of a grid.
        n_steps: usize = 20,
    }

    /// Quotients of polynomials that are the values up to rounding error.
    Rational {
        /// The highest degree above and below,
        max_degree: usize = 4,
        /// and in one variable, where longer quotients come near to any smooth function.
        max_degree_of_one: usize = 3,
        /// Coefficients at most: their number to the third is the time of a decomposition.
        max_unknowns: usize = 100,
        /// Every coefficient takes at least so many points: with as many points as coefficients
        /// there is always a quotient.
        points_per_unknown: usize = 2,
        /// A singular value below this share of the largest is rounding error.
        zero: f64 = 1e-12,
        /// Terms that contribute less than this share of the largest are rounding error.
        negligible: f64 = 1e-8,
        /// How far from whole, as a share, a number may be and still be counted as whole when the
        /// scale of the quotient is chosen.
        near_whole: f64 = 1e-7,
    }
}
