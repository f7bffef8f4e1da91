//! The stages of a search.

super::numbers! {
    /// The stages of a search. If a stage is switched off, the others run without it.
    ///
    /// `benches/effort.md` shows what each stage contributes: it switches them off one by one.
    Stages {
        /// Libraries and dictionaries also hold formulas that were built one by one, not only
        /// powers of the variables.
        enumeration: bool = true,
        /// Terms are combined into sums and products. Otherwise each is tried alone.
        combinations: bool = true,
        /// Sums are also searched by elimination, starting from all terms of a library.
        elimination: bool = true,
        /// Quadratic forms are also written as products and squares.
        factors: bool = true,
        /// Directions are decomposed: variables without influence are left out, and groups that act
        /// as one variable are replaced by it.
        structure: bool = true,
        /// Directions are matched by functions with an inner number.
        inner_numbers: bool = true,
        /// Values are matched by quotients of polynomials.
        rational: bool = true,
        /// Values are matched by power laws.
        power_laws: bool = true,
        /// Values are taken for a power law times a function of one product of powers, if they look
        /// like one.
        scaling: bool = true,
        /// Values of one variable are matched by every short function of it.
        univariate: bool = true,
        /// Values are matched by sums from a large dictionary.
        screening: bool = true,
        /// Frequencies of sines are read from a spectrum of the values.
        waves: bool = true,
        /// The formulas found so far evolve.
        evolution: bool = true,
        /// Formulas are also offered with plain numbers in place of their own.
        plain_numbers: bool = true,
        /// Numbers are shortened.
        shortening: bool = true,
        /// Simplification begins by collecting like terms and factors.
        collection: bool = true,
        /// Simplification searches for equal formulas.
        equalities: bool = true,
        /// Layers that directions can't show are removed.
        gauge: bool = true,
    }
}
