//! What takes part in a search.

super::numbers! {
    /// What takes part in a search; without a stage the others do what they can.
    ///
    /// What each one is good for shows when it is switched off: `benches/effort.md`.
    Stages {
        /// Libraries and dictionaries hold formulas that were built one by one, beside powers of
        /// the variables.
        enumeration: bool = true,
        /// Terms are combined into sums and products; without it each stands alone.
        combinations: bool = true,
        /// Sums are also looked for from all terms of a library downward.
        elimination: bool = true,
        /// Quadratic forms are also written as products and squares.
        factors: bool = true,
        /// Directions are taken apart: variables without influence left out, groups that act as
        /// one replaced.
        structure: bool = true,
        /// Directions are matched by functions with a number inside.
        inner_numbers: bool = true,
        /// Values are matched by quotients of polynomials.
        rational: bool = true,
        /// Values are matched by sums from a large dictionary.
        screening: bool = true,
        /// What was found is bred.
        evolution: bool = true,
        /// Formulas with plain numbers for all of their own are offered, too.
        plain_numbers: bool = true,
        /// Numbers are shortened.
        shortening: bool = true,
        /// Simplifying begins with like terms and factors collected.
        collection: bool = true,
        /// Simplifying searches equal formulas.
        equalities: bool = true,
        /// Layers that directions can't see are stripped.
        gauge: bool = true,
    }
}
