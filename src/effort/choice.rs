//! What counts as a match, and which formula of the front is chosen.

super::numbers! {
    /// Limits on the loss below which a formula is a match: no formula is better, and the search
    /// may end.
    ///
    /// Each objective gives a [resolution](crate::Objective::resolution), the loss below which
    /// there is only rounding error: 1e-12 for directions, and 1e-22 for squared errors, whose
    /// values are exact to 1e-11. A formula that was solved for on a part of the points has errors
    /// of its own, so its limits are wider.
    Exactness {
        /// A sum that was solved for is a match if its loss is below this multiple of the
        /// resolution.
        solved: f64 = 10.0,
        /// A formula for directions that was solved for is a match below this loss. Its group is
        /// then replaced by it, and no other way is tried. The limit also holds where such a loss
        /// is computed again, and for labels that are separated perfectly, whose resolution is 0.
        solved_loss: f64 = 1e-11,
        /// A sum whose score is below this needs no more terms. A score is faster and less exact
        /// than a loss.
        score: f64 = 1e-10,
        /// Losses below this are not compared before numbers are fitted and shortened, because that
        /// changes them by more.
        unrefined: f64 = 1e-12,
        /// Formulas that are algebraically equal may differ in loss by this share in floating
        /// point.
        same_on_paper: f64 = 1e-6,
        /// Numbers are not fitted further below this share of the resolution.
        fitted: f64 = 1e-3,
        /// Two searches chose the same formula if the squared difference of their values, or of
        /// their directions, is below this share. It is an angle of half a degree, which the last
        /// digits of numbers may cause.
        same_choice: f64 = 1e-4,
    }

    /// The improvement that one unit of complexity must bring, wherever formulas of different
    /// lengths are compared. Prices rise towards the end of the search; before, they only have to
    /// keep a good formula from being lost.
    Prices {
        /// The price in the choice of the front's best formula, in natural logarithms of the loss:
        /// the loss must fall by the factor exp(-0.2), about 18 %.
        ///
        /// A network's gradients have smooth errors, not independent noise. So longer formulas keep
        /// improving slowly, and no significance test stops them. The paper takes the formula at
        /// the steepest change of the front (Wetzel 2024, figure 3); this price does the same.
        choice: f64 = 0.2,
        /// The price if the loss is a likelihood, in its logarithm: the information needed to tell
        /// one operator, variable or digit from the other choices.
        description: f64 = 2.0,
        /// The same where errors are independent and rows are held out: it only limits which formulas
        /// are compared. A coefficient with its variable and two operators, a complexity of 6, costs
        /// 3 nats, as in the Bayesian information criterion for 400 rows.
        value: f64 = 0.5,
        /// With more features than this, the price rises in proportion to the logarithm of their
        /// number, which is what it takes to name one of them: among many, some fit by chance.
        usual_features: f64 = 5.0,
        /// A row of values determines so many units of complexity at most, one number's: near that, the
        /// price rises without limit, as in the corrected Akaike criterion. With half of it,
        /// short laws with noise are lost in tables of a dozen rows; with twice as much, such tables
        /// are interpolated.
        rows_used: f64 = 2.0,
        /// The price among formulas for a group of variables, in natural logarithms of the loss. It
        /// lies between `beam` and `choice`: a group's formula is final, but the loss within a
        /// group is larger than that of the whole.
        group: f64 = 0.15,
        /// The price among the sums of a beam that grows term by term, in natural logarithms of the
        /// score. The beam keeps many sums, so the right one need not come first.
        beam: f64 = 0.1,
        /// The price among individuals of the evolution, in natural logarithms of the loss. It is
        /// low, so that detours through long formulas stay possible.
        evolution: f64 = 0.05,
    }

    /// How the formula of the front is chosen: it is the one with the lowest
    /// [price](Prices::choice).
    Choice {
        /// A formula for values is wild if between rows it leaves the targets' range by more than so
        /// many of its widths. On R's tables of many rows, 3 and 10 choose alike; 1 refuses good
        /// formulas of grouped rows.
        wild: f64 = 10.0,
        /// By how many standard errors a formula with a pole between rows must be better on held-out
        /// rows than those without one. Of the thousands of formulas that a search tries, some have a
        /// pole that fits the noise of a few rows: with 2, one search in five chose such a formula for
        /// a law with noise in 200 columns. A true pole is better by far more than 6.
        pole_margin: f64 = 3.0,
        /// The number of digits of a number, after the first, that each count as a unit of
        /// complexity. So 2 is simpler than 1.97, and a remaining misfit is described by digits
        /// before it is by terms.
        max_spare_digits: usize = 3,
        /// Losses below this multiple of the noise count as equal. A formula with enough numbers
        /// fits the smooth errors of a network and gets far below the loss of the truth; and the
        /// noise is known only up to a factor of a few.
        noise_margin: f64 = 2.0,
        /// The part of a loss that isn't white noise counts as zero below this multiple of its
        /// standard deviation.
        white_noise_margin: f64 = 2.0,
        /// A choice is close if the prices differ by less than this, a factor of 7 in the loss.
        close_choice: f64 = 2.0,
        /// By how much the loss on held-out rows may exceed the least, as a share of a constant's
        /// loss, even where one standard error is more. Measured on 57 tables that R packages ship:
        /// without this limit the R^2 on fresh rows is 0.560 in the mean, with it 0.570; half of it
        /// gives 0.571, and twice 0.566.
        max_excess: f64 = 0.01,
        /// The number of rows from which that limit holds. A search finds formulas that fit fewer rows
        /// by chance, held-out ones too, because all rows decided its form. On 43 tables with 30 to
        /// 150 rows the mean R^2 on fresh rows is 0.315 without the limit and 0.287 with it.
        excess_limited_from: usize = 150,
        /// A formula that is more complex than allowed is worth a word if its loss is below this
        /// share of the least of the others. With half of it, a linear model that explains 99 %
        /// where shorter ones explain 98 % is passed over; with twice as much, most noisy tables
        /// get the advice.
        far_better: f64 = 0.5,
        /// Losses that differ by a smaller share belong to one function, written in two ways.
        same_loss: f64 = 1e-9,
        /// How the white noise is measured.
        white_noise: WhiteNoiseTest = WhiteNoiseTest::DEFAULT,
    }

    /// How formulas are judged on held-out rows.
    Validation {
        /// The number of parts that the rows are split into. Each formula is fitted once for each
        /// part, to all other rows. Fewer parts leave fewer rows to fit to; more take longer.
        n_folds: usize = 10,
    }

    /// How the random part of a loss is measured, which differs independently from point to point.
    WhiteNoiseTest {
        /// With more variables than this, neighbouring points are too far apart for the test.
        max_features: usize = 4,
    }
}
