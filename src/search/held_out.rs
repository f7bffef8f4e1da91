//! What formulas and simple models lose on held-out rows.

/// What a formula loses on held-out rows, on average over the folds of a cross-validation. Its
/// numbers are fitted anew in every fold; its structure is the one found with all rows.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct HeldOut {
    /// The mean loss on held-out rows.
    pub loss: f64,
    /// The standard error of that mean.
    pub loss_error: f64,
    /// By how much that exceeds the least of all formulas that are no longer than the one with the
    /// shortest description of formula and data; below 0 if it is less.
    pub excess: f64,
    /// The standard error of the excess, from the differences row by row.
    pub excess_error: f64,
    /// Whether the formula runs wild between rows: it has a pole there that its loss doesn't justify,
    /// or leaves the range of the targets far behind.
    pub is_wild: bool,
}

/// What simple models lose on the same held-out rows.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Baselines {
    /// The mean of the other rows.
    pub constant: f64,
    /// A linear model of all features, by least squares; of those that matter, if there are more
    /// than half as many features as rows.
    pub linear: f64,
    /// Boosted regression trees, a model without a formula; none without the feature `trees`.
    pub trees: Option<f64>,
}
