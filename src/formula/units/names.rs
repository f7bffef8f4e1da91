//! Units with names of their own, and units that are multiples of others.

use super::exponent::Exponent;
use super::unit::Unit;

/// The base units of the SI, in the order of the exponents below.
const BASE: [&str; 7] = ["m", "kg", "s", "A", "K", "mol", "cd"];

/// The derived units of the SI with their exponents of the base units (BIPM 2019, table 4). The
/// SI's radian and steradian are plain numbers.
#[rustfmt::skip]
const DERIVED: [(&str, [i32; 7]); 23] = [
    ("rad", [0; 7]),
    ("sr", [0; 7]),
    ("Hz", [0, 0, -1, 0, 0, 0, 0]),
    ("N", [1, 1, -2, 0, 0, 0, 0]),
    ("Pa", [-1, 1, -2, 0, 0, 0, 0]),
    ("J", [2, 1, -2, 0, 0, 0, 0]),
    ("W", [2, 1, -3, 0, 0, 0, 0]),
    ("C", [0, 0, 1, 1, 0, 0, 0]),
    ("V", [2, 1, -3, -1, 0, 0, 0]),
    ("F", [-2, -1, 4, 2, 0, 0, 0]),
    ("Ohm", [2, 1, -3, -2, 0, 0, 0]),
    ("ohm", [2, 1, -3, -2, 0, 0, 0]),
    ("Ω", [2, 1, -3, -2, 0, 0, 0]),
    ("S", [-2, -1, 3, 2, 0, 0, 0]),
    ("Wb", [2, 1, -2, -1, 0, 0, 0]),
    ("T", [0, 1, -2, -1, 0, 0, 0]),
    ("H", [2, 1, -2, -2, 0, 0, 0]),
    ("lm", [0, 0, 0, 0, 0, 0, 1]),
    ("lx", [-2, 0, 0, 0, 0, 0, 1]),
    ("Bq", [0, 0, -1, 0, 0, 0, 0]),
    ("Gy", [2, 0, -2, 0, 0, 0, 0]),
    ("Sv", [2, 0, -2, 0, 0, 0, 0]),
    ("kat", [0, 0, -1, 0, 0, 1, 0]),
];

/// Units that are multiples of SI units, with those units.
const MULTIPLES: [(&str, &str); 11] = [
    ("g", "kg"),
    ("min", "s"),
    ("h", "s"),
    ("day", "s"),
    ("L", "m^3"),
    ("l", "m^3"),
    ("eV", "J"),
    ("cal", "J"),
    ("Wh", "J"),
    ("bar", "Pa"),
    ("atm", "Pa"),
];

/// The two characters for micro, and the letter used in their place.
const PREFIXES: [&str; 13] = [
    "T", "G", "M", "k", "h", "d", "c", "m", "u", "\u{b5}", "\u{3bc}", "n", "p",
];

/// The unit with the given name: one of the SI's, or a base symbol of its own.
pub(super) fn unit_of(word: &str) -> Unit {
    let Some((_, exponents)) = DERIVED.iter().find(|(name, _)| *name == word) else {
        return Unit::base(word);
    };
    let powers = BASE.iter().zip(exponents);
    let powers = powers.filter_map(|(base, n)| Unit::base(base).to_power(Exponent::whole(*n)));
    powers.fold(Unit::none(), |product, power| {
        product.times(&power).unwrap_or_default()
    })
}

/// Whether a word is an SI unit or a multiple of one.
pub(super) fn is_known(word: &str) -> bool {
    is_si(word) || multiple_of(word).is_some()
}

fn is_si(word: &str) -> bool {
    BASE.contains(&word) || DERIVED.iter().any(|(name, _)| *name == word)
}

/// The SI unit that a word is a multiple of: `m` for `km`, `kg` for `g` and `mg`.
pub(super) fn multiple_of(word: &str) -> Option<&'static str> {
    let named = |word: &str| {
        let found = MULTIPLES.iter().find(|(name, _)| *name == word);
        found.map(|(_, of)| *of)
    };
    if is_si(word) {
        return None;
    }
    let of_si = |word: &str| {
        let derived = DERIVED.iter().map(|(name, _)| *name);
        BASE.into_iter().chain(derived).find(|name| *name == word)
    };
    named(word).or_else(|| {
        let stems = PREFIXES
            .iter()
            .filter_map(|prefix| word.strip_prefix(prefix));
        let mut found = stems.filter_map(|stem| of_si(stem).or_else(|| named(stem)));
        found.next()
    })
}
