//! What is solved for without evolution, from values, labels and directions.

super::numbers! {
    /// The number of points that each stage uses. Every reported loss is computed on all points.
    PointCounts {
        /// Points on which numbers are fitted and structure is tested. A number is then known to
        /// about 1/30 of the scatter of one point.
        fitted: usize = 1000,
        /// Points on which terms are selected; the time grows in proportion. For labels all points
        /// are used, because each is only one bit.
        selected: usize = 256,
        /// Points on which terms of a dictionary are screened. A dictionary has about ten thousand
        /// terms, and those that pass are judged on more points.
        screened: usize = 128,
        /// Points on which the evolution scores thousands of sums in a generation.
        evolved: usize = 256,
    }

    /// How far formulas are enumerated, and how many of them are in a library.
    Reach {
        /// The highest complexity.
        max_complexity: usize = 9,
        /// The largest number of formulas. With many variables or operators it is reached before
        /// the complexity.
        max_blocks: usize = 1500,
        /// Those that are in a library of sums. All pairs of terms are scored, so the time grows
        /// with the square.
        max_plain: usize = 420,
        /// Those that are in a library of products, as logarithms.
        max_logs: usize = 300,
    }

    /// The formulas that are built one by one, and the number of them that make a sum.
    Enumeration {
        /// The reach at first.
        near: Reach = Reach::DEFAULT,
        /// The reach at the end, if nothing has matched.
        far: Reach = Reach {
            max_complexity: 11,
            max_blocks: 6000,
            max_plain: 1300,
            max_logs: 900,
        },
        /// The largest number of terms of a sum before structure is tested. With more terms, a long
        /// sum that only approximates a group would be accepted in its place.
        n_terms_quick: usize = 2,
        /// The largest number of terms of a sum after that.
        n_terms: usize = 7,
        /// The same for the formulas enumerated at the end, whose pairs alone take long.
        n_terms_far: usize = 4,
        /// The largest complexity of a function in the order of the enumeration. A short function
        /// of a product is more likely to be a term than a long quotient.
        max_function_cost: usize = 2,
        /// Formulas that exceed this somewhere are left out: in a sum with terms of size 1, their
        /// coefficients would have to be as small as rounding errors.
        max_value: f64 = 1e9,
        /// Formulas that are smaller than this everywhere are left out for the same reason.
        min_value: f64 = 1e-9,
        /// Two formulas are equal if their values at 8 points agree to one part in this many. That
        /// is above rounding error and below any real difference.
        same_parts: f64 = 1e8,
    }

    /// The monomials of a polynomial.
    Polynomials {
        /// The highest degree, whatever the number of variables.
        max_degree: usize = 7,
        /// The largest number of monomials: those of 3 variables up to degree 5, of 5 up to degree
        /// 3, and of 9 up to degree 2. With 256 points there are four or more for each of them.
        max_monomials: usize = 56,
        /// The largest number of quotients of powers: those of 2 variables up to degree 5, of 3 up to
        /// degree 3. Physics adds terms such as 1/x**2; half of them lack `y**2/x**2` beside it.
        max_quotients: usize = 64,
        /// With more variables than this only monomials are tried, because even pairs are too many.
        max_features: usize = 12,
    }

    /// How the terms of a sum are chosen.
    Selection {
        /// Subsets kept of each size.
        beam: usize = 100,
        /// Pairs kept. All pairs are scored, but a pair doesn't show yet whether it leads to a good
        /// sum.
        pair_beam: usize = 400,
        /// Subsets of each size that are scored more closely, which takes about ten times as long.
        n_closer: usize = 1500,
        /// Subsets of each size that are fitted exactly, which takes a hundred times as long.
        n_fitted: usize = 10,
        /// A longer subset is kept if its score is at most this share of a shorter one's.
        min_gain: f64 = 0.9,
        /// Terms that add less than this share of the largest term are left out.
        negligible: f64 = 1e-7,
        /// Libraries up to this size are also searched by elimination, starting from all terms.
        max_eliminated: usize = 60,
        /// In that elimination, subsets of this size and below are kept.
        max_kept: usize = 12,
    }

    /// How fitted exponents become integers.
    Products {
        /// The highest exponent. A fit with a fifth power of a factor is more often wrong than
        /// right.
        max_exponent: usize = 4,
        /// How far a fitted exponent may be from an integer, or from a half, to be rounded to it:
        /// less than half of a half.
        near_whole: f64 = 0.12,
        /// The highest exponent if all are nearly exact: a fifth power beside a root has a tenth one
        /// where the scale is free.
        max_sure_exponent: usize = 12,
        /// How far those may be from a whole number or a half. Of two exponents drawn at random, one in
        /// 50 is that near.
        sure: f64 = 0.01,
    }

    /// When a quadratic form is written as a product or a square.
    Factors {
        /// Eigenvalues and coefficients below this share of the largest count as zero.
        negligible: f64 = 1e-3,
        /// How far from a perfect square a form may be, as a share of its mixed coefficient. Its
        /// numbers are fitted again afterwards.
        near_square: f64 = 0.05,
    }

    /// Functions with an inner number, for directions.
    InnerNumbers {
        /// The largest number of terms of a sum.
        max_terms: usize = 3,
        /// The highest exponent of a variable in products and quotients of powers.
        max_exponent: usize = 2,
        /// The largest number of these products and quotients; the shortest are taken.
        max_powers: usize = 100,
        /// With more variables than this there are too many functions to try all pairs of them.
        max_features: usize = 6,
        /// Steps of the fit of the inner numbers, which starts at a point of a grid.
        n_steps: usize = 20,
    }

    /// Power laws, for values.
    PowerLaws {
        /// How far beyond the range of the values the number lies that is taken from them before
        /// logarithms are taken, in units of the range. The number is fitted afterwards.
        shifts: [f64; 3] = [0.01, 0.1, 1.0],
        /// Steps of the fit of all numbers, which starts from the line in logarithms.
        n_steps: usize = 20,
    }

    /// Power laws times a function of one product of powers, for values.
    Scaling {
        /// With more variables than this there are too many products: of 6 variables there are 7800.
        max_features: usize = 6,
        /// With fewer rows than this no scaling is looked for: among thousands of products, one fits a
        /// dozen rows by chance. With twice as many, laws that 60 rows show would be left to the
        /// evolution.
        min_rows: usize = 50,
        /// The highest power of a variable within the product.
        max_power: usize = 2,
        /// Rows on which products are compared at first. With half of them, neighbours differ more,
        /// and a steep function hides the right product; twice as many take twice as long.
        n_rows: usize = 128,
        /// Steps of a fit by absolute errors. After four, powers change in the third digit.
        n_steps: usize = 4,
        /// Products are looked at closely if they leave at most this share on these rows. Products
        /// drawn at random leave half or more.
        promising: f64 = 0.25,
        /// So many of them at most; the product itself and its neighbours are among the first ten.
        n_closer: usize = 30,
        /// A scaling is believed if it leaves at most this share of the differences on all rows. Noise
        /// of a tenth of the spread of the logarithms passes; a sum of unlike terms doesn't.
        accepted: f64 = 0.12,
        /// The plainest product is taken of those that leave at most this multiple of the least.
        as_good: f64 = 2.0,
        /// It is sure, and no curve is asked, if it leaves at most this share: neighbours of exact values
        /// differ by less. Noise leaves more, and so do sums of which one term is far larger than the
        /// others.
        sure: f64 = 0.01,
        /// Rows on which curves are compared at first; the time grows in proportion.
        n_rows_of_curve: usize = 256,
        /// The numbers of a curve that stands for phi, a cubic spline: enough for two turning points, and
        /// few beside the rows.
        n_curve: usize = 8,
        /// A curve is believed if it leaves at most this share of the values' variance: noise of a fifth
        /// of the spread passes.
        accepted_curve: f64 = 0.05,
        /// The plainest product is taken of those whose curves leave at most this multiple of the least.
        as_good_curve: f64 = 1.05,
        /// How far a power may be from a whole number or a half. Fits of 1000 exact rows are within
        /// 0.01.
        near_whole: f64 = 0.06,
        /// The powers of the product that are moved between the power law and the function, up or
        /// down.
        max_shift: usize = 4,
        /// The share of a time limit that phi is searched for: in a search of 10 s, all short functions were
        /// tried after about 1.5 s. The rest is for formulas without a scaling.
        time: f64 = 0.25,
    }

    /// Functions of one variable, for values.
    Univariate {
        /// Neighbouring rows are averaged to so many points at most, which also averages their noise;
        /// the time grows in proportion.
        max_points: usize = 64,
        /// The highest complexity of a function, without its numbers.
        max_complexity: usize = 11,
        /// The largest number of functions, each of which also stands below 1; it is reached before the
        /// complexity if there are more than a few operators. The time grows in proportion.
        max_functions: usize = 3000,
        /// How many numbers are tried before the variable, besides 1: the largest argument then lies
        /// between `least_argument` and `largest_argument`. Between two of them, a fifth apart, the best is
        /// solved for along the tangent.
        n_scales: usize = 24,
        /// With smaller arguments a function is a polynomial.
        least_argument: f64 = 0.25,
        /// With larger ones a sine has more than four periods, for which there is a spectrum.
        largest_argument: f64 = 25.0,
        /// The highest power of the variable before the function, above or below.
        max_power: usize = 4,
        /// The best functions of each complexity along the tangents, whose numbers are fitted to the
        /// averages: near a pole the tangent is far from the curve.
        n_screened: usize = 40,
        /// Those of them whose numbers are fitted to all rows: with noise, several of one length fit alike.
        n_kept: usize = 10,
        /// Steps of that fit.
        n_steps: usize = 8,
    }

    /// Quotients of polynomials that equal the values up to rounding error.
    Rational {
        /// The highest degree of numerator and denominator.
        max_degree: usize = 4,
        /// The highest degree in a single variable, where longer quotients approximate any smooth
        /// function.
        max_degree_of_one: usize = 3,
        /// The largest number of coefficients. The time of a decomposition grows with its third
        /// power.
        max_unknowns: usize = 100,
        /// The least number of points per coefficient. With as many points as coefficients, a
        /// quotient always exists.
        points_per_unknown: usize = 2,
        /// A singular value below this share of the largest is rounding error.
        zero: f64 = 1e-12,
        /// The same as a multiple of the share of the values that was rounded away when they were
        /// written: powers of rounded inputs add their part. Where it is too small, the shortest
        /// quotient is passed over for one with a factor in common above and below.
        zero_per_rounding: f64 = 10.0,
        /// The limit of that share: above it, polynomials come near any function.
        max_zero: f64 = 1e-9,
        /// Terms that contribute less than this share of the largest are rounding error.
        negligible: f64 = 1e-8,
        /// How far from an integer, as a share, a number may be and still count as one when the
        /// scale of the quotient is chosen.
        near_whole: f64 = 1e-7,
    }
}
