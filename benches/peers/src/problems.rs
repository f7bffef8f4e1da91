//! What is searched for: formulas with the boxes their variables lie in.

use closedform::Expression;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A variable's lowest and highest value.
pub type Side = (f64, f64);

/// Where a problem's points lie in its box.
#[derive(Debug, Clone, Copy)]
pub enum Sampling {
    /// So many, uniformly at random.
    Random(usize),
    /// Along the only side, with this distance.
    Grid(f64),
}
use Sampling::{Grid, Random};

/// A name, the formula in `x1`, `x2`, ..., its box, and the points in it.
pub type Problem = (&'static str, &'static str, &'static [Side], Sampling);

/// Problems that are solved with the same operators.
pub struct Suite {
    pub name: &'static str,
    pub operators: &'static str,
    pub problems: &'static [Problem],
}

/// The formula of a problem.
///
/// # Panics
/// If the text of the table is no formula.
pub fn truth(formula: &str) -> Expression {
    Expression::parse(formula, &[]).unwrap_or_else(|error| panic!("{formula}: {error}"))
}

/// The names of the variables that [`truth`] reads.
pub fn names(sides: &[Side]) -> Vec<String> {
    (1..=sides.len()).map(|index| format!("x{index}")).collect()
}

/// Points `(n_samples, n_features)`, row after row.
pub fn points(sides: &[Side], sampling: Sampling, seed: u64) -> Vec<f64> {
    match sampling {
        Random(n) => {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let boxes = std::iter::repeat_n(sides, n).flatten();
            boxes
                .map(|&(low, high)| rng.random_range(low..high))
                .collect()
        }
        Grid(step) => {
            let (low, high) = sides[0];
            let n_steps = ((high - low) / step).round() as usize;
            (0..=n_steps)
                .map(|index| low + step * index as f64)
                .collect()
        }
    }
}

/// Wetzel (2024), the experiments 1 to 8, with the points of the paper's size.
#[rustfmt::skip]
pub const EXPERIMENTS: &[Problem] = &[
    ("e1", "x1^2 + 2*x2^2",                    &[(-1.0, 1.0); 2], Random(2000)),
    ("e2", "x1^2 + 3*x1*x2 + 2*x2^2",          &[(-2.0, 0.0); 2], Random(2000)),
    ("e3", "x1^2 + sin(x2 + x3)",              &[(-2.0, 0.0); 3], Random(2000)),
    ("e4", "exp(x1 - x2) - pi*x3",             &[(-1.0, 1.0); 3], Random(2000)),
    ("e5", "x1*exp(-(x2^2 + x3^2)/2)",         &[(0.0, 2.0), (-2.0, 2.0), (-2.0, 2.0)], Random(2000)),
    ("e6", "x1*x2/((x3 - x4)^2 + (x5 - x6)^2)", &[(0.0, 2.0); 6], Random(2000)),
    ("e7", "x1*x2 + x3*x4",                    &[(0.0, 2.0); 4], Random(2000)),
    ("e8", "x1*x2 + x3 + sin(x2*x3)",          &[(0.0, 2.0); 3], Random(2000)),
];

pub const SUITES: &[Suite] = &[EXAMPLE, NGUYEN, KEIJZER, KORNS, FEYNMAN];

/// The example of symbolic_regression itself.
#[rustfmt::skip]
const EXAMPLE: Suite = Suite {
    name: "example",
    operators: "+,-,*,/,cos,exp,sin",
    problems: &[
        ("example", "2*cos(x5) + x2^2 - 2", &[(-3.0, 3.0); 5], Random(100)),
    ],
};

/// Uy et al. (2011), with their function set.
#[rustfmt::skip]
const NGUYEN: Suite = Suite {
    name: "Nguyen",
    operators: "+,-,*,/,sin,cos,exp,log",
    problems: &[
        ("Nguyen-1",  "x1^3 + x1^2 + x1",                       &[(-1.0, 1.0)],    Random(20)),
        ("Nguyen-2",  "x1^4 + x1^3 + x1^2 + x1",                &[(-1.0, 1.0)],    Random(20)),
        ("Nguyen-3",  "x1^5 + x1^4 + x1^3 + x1^2 + x1",         &[(-1.0, 1.0)],    Random(20)),
        ("Nguyen-4",  "x1^6 + x1^5 + x1^4 + x1^3 + x1^2 + x1",  &[(-1.0, 1.0)],    Random(20)),
        ("Nguyen-5",  "sin(x1^2)*cos(x1) - 1",                  &[(-1.0, 1.0)],    Random(20)),
        ("Nguyen-6",  "sin(x1) + sin(x1 + x1^2)",               &[(-1.0, 1.0)],    Random(20)),
        ("Nguyen-7",  "log(x1 + 1) + log(x1^2 + 1)",            &[(0.0, 2.0)],     Random(20)),
        ("Nguyen-8",  "sqrt(x1)",                               &[(0.0, 4.0)],     Random(20)),
        ("Nguyen-9",  "sin(x1) + sin(x2^2)",                    &[(0.0, 1.0); 2],  Random(100)),
        ("Nguyen-10", "2*sin(x1)*cos(x2)",                      &[(0.0, 1.0); 2],  Random(100)),
        ("Nguyen-11", "exp(x2*log(x1))",                        &[(0.0, 1.0); 2],  Random(100)),
        ("Nguyen-12", "x1^4 - x1^3 + x2^2/2 - x2",              &[(0.0, 1.0); 2],  Random(100)),
    ],
};

/// Keijzer (2003), numbered as by McDermott et al. (2012); without 6, a sum of x terms.
#[rustfmt::skip]
const KEIJZER: Suite = Suite {
    name: "Keijzer",
    operators: "+,-,*,/,sin,cos,exp,log,sqrt",
    problems: &[
        ("Keijzer-1",  "0.3*x1*sin(2*pi*x1)",             &[(-1.0, 1.0)],    Grid(0.1)),
        ("Keijzer-2",  "0.3*x1*sin(2*pi*x1)",             &[(-2.0, 2.0)],    Grid(0.1)),
        ("Keijzer-3",  "0.3*x1*sin(2*pi*x1)",             &[(-3.0, 3.0)],    Grid(0.1)),
        ("Keijzer-4",  "x1^3*exp(-x1)*cos(x1)*sin(x1)*(sin(x1)^2*cos(x1) - 1)",
                                                          &[(0.0, 10.0)],    Grid(0.05)),
        ("Keijzer-5",  "30*x1*x3/((x1 - 10)*x2^2)",       &[(-1.0, 1.0), (1.0, 2.0), (-1.0, 1.0)],
                                                                             Random(1000)),
        ("Keijzer-7",  "log(x1)",                         &[(1.0, 100.0)],   Grid(1.0)),
        ("Keijzer-8",  "sqrt(x1)",                        &[(0.0, 100.0)],   Grid(1.0)),
        ("Keijzer-9",  "log(x1 + sqrt(x1^2 + 1))",        &[(0.0, 100.0)],   Grid(1.0)),
        ("Keijzer-10", "exp(x2*log(x1))",                 &[(0.0, 1.0); 2],  Random(100)),
        ("Keijzer-11", "x1*x2 + sin((x1 - 1)*(x2 - 1))",  &[(-3.0, 3.0); 2], Random(20)),
        ("Keijzer-12", "x1^4 - x1^3 + x2^2/2 - x2",       &[(-3.0, 3.0); 2], Random(20)),
        ("Keijzer-13", "6*sin(x1)*cos(x2)",               &[(-3.0, 3.0); 2], Random(20)),
        ("Keijzer-14", "8/(2 + x1^2 + x2^2)",             &[(-3.0, 3.0); 2], Random(20)),
        ("Keijzer-15", "x1^3/5 + x2^3/2 - x2 - x1",       &[(-3.0, 3.0); 2], Random(20)),
    ],
};

/// Korns (2011), numbered as by McDermott et al. (2012). The logarithm's variable is positive
/// here, where the original protects the logarithm instead.
#[rustfmt::skip]
const KORNS: Suite = Suite {
    name: "Korns",
    operators: "+,-,*,/,sin,cos,exp,log,sqrt",
    problems: &[
        ("Korns-1", "1.57 + 24.3*x4",                        &[(-50.0, 50.0); 5], Random(10_000)),
        ("Korns-2", "0.23 + 14.2*(x4 + x2)/(3*x5)",          &[(-50.0, 50.0); 5], Random(10_000)),
        ("Korns-3", "-5.41 + 4.9*(x4 - x1 + x2/x5)/(3*x5)",  &[(-50.0, 50.0); 5], Random(10_000)),
        ("Korns-4", "-2.3 + 0.13*sin(x3)",                   &[(-50.0, 50.0); 5], Random(10_000)),
        ("Korns-5", "3 + 2.13*log(x5)",
            &[(-50.0, 50.0), (-50.0, 50.0), (-50.0, 50.0), (-50.0, 50.0), (0.0, 50.0)], Random(10_000)),
    ],
};

/// Udrescu and Tegmark (2020), with their boxes; variables in the order of their list.
#[rustfmt::skip]
const FEYNMAN: Suite = Suite {
    name: "Feynman",
    operators: "+,-,*,/,sin,cos,exp,log,sqrt",
    problems: &[
        ("I.6.20a",  "exp(-x1^2/2)/sqrt(2*pi)",                  &[(1.0, 3.0)],     Random(1000)),
        ("I.6.20",   "exp(-(x2/x1)^2/2)/(sqrt(2*pi)*x1)",        &[(1.0, 3.0); 2],  Random(1000)),
        ("I.8.14",   "sqrt((x2 - x1)^2 + (x4 - x3)^2)",          &[(1.0, 5.0); 4],  Random(1000)),
        ("I.10.7",   "x1/sqrt(1 - x2^2/x3^2)",                   &[(1.0, 5.0), (1.0, 2.0), (3.0, 10.0)], Random(1000)),
        ("I.12.2",   "x1*x2/(4*pi*x3*x4^2)",                     &[(1.0, 5.0); 4],  Random(1000)),
        ("I.13.4",   "x1*(x2^2 + x3^2 + x4^2)/2",                &[(1.0, 5.0); 4],  Random(1000)),
        ("I.14.4",   "x1*x2^2/2",                                &[(1.0, 5.0); 2],  Random(1000)),
        ("I.16.6",   "(x3 + x2)/(1 + x3*x2/x1^2)",               &[(1.0, 5.0); 3],  Random(1000)),
        ("I.18.12",  "x1*x2*sin(x3)",                            &[(1.0, 5.0), (1.0, 5.0), (0.0, 5.0)], Random(1000)),
        ("I.24.6",   "x1*(x2^2 + x3^2)*x4^2/4",                  &[(1.0, 3.0); 4],  Random(1000)),
        ("I.27.6",   "1/(1/x1 + x3/x2)",                         &[(1.0, 5.0); 3],  Random(1000)),
        ("I.29.16",  "sqrt(x1^2 + x2^2 - 2*x1*x2*cos(x3 - x4))", &[(1.0, 5.0); 4],  Random(1000)),
        ("I.34.8",   "x1*x2*x3/x4",                              &[(1.0, 5.0); 4],  Random(1000)),
        ("I.37.4",   "x1 + x2 + 2*sqrt(x1*x2)*cos(x3)",          &[(1.0, 5.0); 3],  Random(1000)),
        ("I.39.11",  "x2*x3/(x1 - 1)",                           &[(2.0, 5.0), (1.0, 5.0), (1.0, 5.0)], Random(1000)),
        ("I.50.26",  "x1*(cos(x2*x3) + x4*cos(x2*x3)^2)",        &[(1.0, 3.0); 4],  Random(1000)),
        ("II.3.24",  "x1/(4*pi*x2^2)",                           &[(1.0, 5.0); 2],  Random(1000)),
        ("II.6.15b", "3*x2*cos(x3)*sin(x3)/(4*pi*x1*x4^3)",      &[(1.0, 3.0); 4],  Random(1000)),
        ("II.11.3",  "x1*x2/(x3*(x4^2 - x5^2))",                 &[(1.0, 3.0), (1.0, 3.0), (1.0, 3.0), (3.0, 5.0), (1.0, 2.0)], Random(1000)),
        ("III.4.32", "1/(exp(x1*x2/(2*pi*x3*x4)) - 1)",          &[(1.0, 5.0); 4],  Random(1000)),
    ],
};
