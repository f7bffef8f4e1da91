//! Texts that are given as they are: formulas, units, and what options hold.

use super::{Read, Reader, Rng};
use crate::bytes::{mutated, reworded};
use closedform::formula::{Complexity, Inside, Nesting, Template, Unit, Units};
use closedform::{Export, Expression, Language, Operator, Result};
use rand::RngExt;

pub const FORMULA: Reader = Reader {
    name: "formula",
    ending: "txt",
    seeds: || {
        seeds(&[
            "x1**2 + 2*x2**2",
            "exp(-(x1 - x2)**2/2)/(x3 + 1)",
            "Max(x1, 3) * atan2(x2, x1) - -x3^-2",
            "sqrt(log(abs(x1) + 1e-3))*pi/E",
            "x1**0.75 + pow(x1, x2) + tanh(sin(cos(x2)))",
        ])
    },
    mutate: |rng, seed| mutate(rng, seed, &FORMULA_WORDS),
    read: Read::Text(formula),
};
pub const UNITS: Reader = Reader {
    name: "units",
    ending: "txt",
    seeds: || {
        seeds(&[
            "kg*m^2/s^2",
            "J/(mol*K)",
            "m, s, kg",
            "x1=m, x2=s^-1, x3=1",
            "m^(1/2)·s",
            "µm",
        ])
    },
    mutate: |rng, seed| mutate(rng, seed, &UNIT_WORDS),
    read: Read::Text(|text, _| {
        let listed = Units::parse_list(text, &names()).map(drop);
        let unit = match Unit::parse(text) {
            Ok(unit) => unit,
            Err(error) => return listed.map_err(|_| error),
        };
        let written = unit.to_string();
        assert_eq!(
            Unit::parse(&written)?,
            unit,
            "{text} is written as {written}"
        );
        Ok(())
    }),
};
pub const OPTIONS: Reader = Reader {
    name: "options",
    ending: "txt",
    seeds: || {
        seeds(&[
            "f(x1, x2) + g(x3)",
            "f(x1)*g(x2, x3)",
            "sin:sin=0",
            "exp:x1,x2",
            "sin=2,exp=2",
            "+,-,*,/,sin,exp",
        ])
    },
    mutate: |rng, seed| mutate(rng, seed, &OPTION_WORDS),
    read: Read::Text(|text, _| {
        let names = names();
        let template = Template::parse(text, &names).map(drop);
        let nesting = Nesting::parse(text).map(drop);
        let inside = Inside::parse(text, &names).map(drop);
        let complexity = Complexity::parse(text).map(drop);
        let operators = Operator::parse_list(text).map(drop);
        template.or(nesting).or(inside).or(complexity).or(operators)
    }),
};

const FORMULA_WORDS: [&str; 28] = [
    "(",
    ")",
    "((((((((((",
    "+",
    "-",
    "*",
    "/",
    "**",
    "^",
    ",",
    "x1",
    "x2",
    "x0",
    "x99999999999999999999",
    "sin(",
    "exp(",
    "Max(",
    "pow(",
    "1e308",
    "1e-320",
    "0",
    "1e999",
    "64",
    "-64",
    "1000",
    "é",
    "\0",
    "pi",
];
const UNIT_WORDS: [&str; 20] = [
    "(",
    ")",
    "((((((((((",
    "*",
    "/",
    "^",
    "**",
    "-",
    "1",
    "m",
    "kg",
    "µ",
    "°C",
    "%",
    "9223372036854775807",
    "(1/2)",
    "(1/0)",
    "=",
    ",",
    "x1",
];
const OPTION_WORDS: [&str; 18] = [
    "(",
    ")",
    "f",
    "*",
    "+",
    ":",
    "=",
    ",",
    "x1",
    "x9",
    "sin",
    "pow",
    "-1",
    "18446744073709551616",
    "",
    "é",
    "\0",
    " ",
];

fn seeds(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn mutate(rng: &mut Rng, seed: &[u8], words: &[&str]) -> Vec<u8> {
    match rng.random_range(0..4) {
        0 => mutated(rng, seed),
        1 => {
            let once = reworded(rng, seed, words);
            mutate(rng, &once, words)
        }
        _ => reworded(rng, seed, words),
    }
}

fn names() -> Vec<String> {
    (1..=3).map(|i| format!("x{i}")).collect()
}

/// Whether a number has an exponent of three digits or more.
fn has_long_exponent(text: &str) -> bool {
    let exponents = text.split(['e', 'E']).skip(1);
    let mut digits = exponents.map(|rest| {
        let rest = rest.trim_start_matches(['+', '-']);
        rest.chars().take_while(char::is_ascii_digit).count()
    });
    digits.any(|n| n >= 3)
}

/// A formula that is read must be written so that it is read again, with the same values.
fn formula(text: &str, rng: &mut Rng) -> Result<()> {
    let names = names();
    let formula = Expression::parse(text, &names)?;
    let point: Vec<f64> = (0..3).map(|_| rng.random_range(-2.0..2.0)).collect();
    let value = formula.value(&point);
    let written = formula.to_formula(&names);
    // What is divided by 0 loses its sign: -x1/0 is written x1/0. Near the least and the largest numbers,
    // digits depend on the order of factors.
    let is_usual = |x: &f64| *x == 0.0 || (1e-150..1e150).contains(&x.abs());
    let are_usual = is_usual(&value) && !has_long_exponent(text);
    if are_usual && written.chars().count() <= 10_000 && !written.contains("/0") {
        let again = Expression::parse(&written, &names)?.value(&point);
        let is_same = again == value
            || !again.is_finite() && !value.is_finite()
            || (again - value).abs() <= 1e-9 * value.abs();
        assert!(is_same, "{text} is {value}, but as {written} {again}");
    }
    let export = Export::new(&formula, &names)?;
    for language in Language::ALL {
        // A language that can't write this operator says so.
        let _ = export.to_source(language);
    }
    Ok(())
}
