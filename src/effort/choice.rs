//! What counts as a match, and which formula of the front is chosen.

super::numbers! {
    /// What counts as a match: no formula is better, and the search may end.
    ///
    /// Each objective says below which loss there is rounding error only, its
    /// [resolution](crate::Objective::resolution): 1e-12 for directions, 1e-22 for squared errors,
    /// whose numbers are exact to 1e-11. What is solved for on some of the points comes with errors
    /// of its own and is measured less strictly.
    Exactness {
        /// A sum that was solved for is a match below this many times the resolution.
        solved: f64 = 10.0,
        /// The same for directions, as a loss: a group is then replaced by its formula, and no
        /// other way is tried. Also where a loss that was solved for is computed anew, and where
        /// labels leave nothing to be desired, whose resolution is 0.
        solved_loss: f64 = 1e-11,
        /// A sum whose score is below this needs no more terms. A score is quicker and less exact
        /// than a loss.
        score: f64 = 1e-10,
        /// Losses this small are not compared before numbers are fitted and shortened, which changes
        /// them by more.
        unrefined: f64 = 1e-12,
        /// Formulas that are equal on paper may differ in loss by this share in floating point.
        same_on_paper: f64 = 1e-6,
        /// Numbers are not fitted on below this share of the resolution.
        fitted: f64 = 1e-3,
        /// Two searches chose the same formula if the squares of what their values, or their
        /// directions, differ by are below this share: an angle of half a degree, which the last
        /// digits of numbers make.
        same_choice: f64 = 1e-4,
    }

    /// What a unit of complexity must buy, wherever formulas of different lengths are compared. The
    /// nearer to the end, the dearer: on the way a good formula must only not be lost.
    Prices {
        /// In the choice of the front's best formula, as a natural logarithm of the loss: a loss
        /// lower by the factor exp(-0.2), about 18 %.
        ///
        /// A network's gradients carry smooth artefacts, not independent noise, so longer formulas
        /// go on improving slowly for ever and no significance test stops them; the paper reads the
        /// answer off the steepest change of the front (Wetzel 2024, figure 3), and this price does
        /// the same.
        choice: f64 = 0.2,
        /// The same where the loss is a likelihood, as a logarithm of it: what it takes to tell an
        /// operator, a variable or a digit from the others there are.
        description: f64 = 2.0,
        /// The same where errors are independent.
        value: f64 = 1.0,
        /// Among formulas for a group of variables, as a natural logarithm of the loss. Between beam
        /// and choice: a group's formula is final, but the loss within a group is larger than that
        /// of the whole.
        group: f64 = 0.15,
        /// Among sums in a beam that grow term by term, as a natural logarithm of the score: many are
        /// kept, so that the right one need not come first.
        beam: f64 = 0.1,
        /// Among individuals of the evolution, as a natural logarithm of the loss: long ways round
        /// stay open.
        evolution: f64 = 0.05,
    }

    /// Which formula of the front is chosen: the one of the lowest [price](Prices::choice).
    Choice {
        /// Of a number's digits so many count as a unit of complexity each, after the first: 2 is
        /// simpler than 1.97, and what is left of a misfit goes into digits before it goes into
        /// terms.
        max_spare_digits: usize = 3,
        /// Losses below so many times the noise count as equal. A formula with numbers to spare fits
        /// the errors of a network, which are smooth, far below the loss that the truth has; and the
        /// noise is known up to a factor of a few only.
        noise_margin: f64 = 2.0,
        /// What is left of a loss beside white noise counts as nothing below so many times its
        /// uncertainty, which is one standard deviation.
        white_noise_margin: f64 = 2.0,
        /// Prices that differ by less, a factor of 7 in the loss, make a close choice.
        close_choice: f64 = 2.0,
        /// Losses that differ by a smaller share are those of one function, written in two ways.
        same_loss: f64 = 1e-9,
        /// How the white noise is measured.
        white_noise: WhiteNoiseTest = WhiteNoiseTest::DEFAULT,
    }

    /// How formulas are judged on held-out rows.
    Validation {
        /// The parts that the rows are split into: each formula is fitted so many times, to all rows
        /// but one part's. Fewer leave fewer rows to fit to; more take longer.
        n_folds: usize = 10,
    }

    /// How the part of a loss that differs at random from point to point is measured.
    WhiteNoiseTest {
        /// With more variables than this neighbours are too far from each other to tell.
        max_features: usize = 4,
    }
}
