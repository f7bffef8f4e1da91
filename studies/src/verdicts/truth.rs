//! The formulas that networks are trained on.

use closedform::Expression;

/// A formula and the box that its points are drawn from.
#[derive(Debug, Clone, PartialEq)]
pub struct Truth {
    /// What kind of formula it is.
    pub kind: &'static str,
    /// The formula in `x1`, `x2`, ...
    pub formula: Expression,
    /// The range of each variable.
    pub sides: Vec<(f64, f64)>,
}

/// A kind, a formula, and the range of each variable.
type Row = (&'static str, &'static str, &'static [(f64, f64)]);

/// One formula of each kind, with the range of each variable. No other study has these. The last two
/// are too long for a search to find, so that a verdict has to say so.
const TRUTHS: &[Row] = &[
    (
        "linear",
        "x1 + 2*x2 - 3*x3",
        &[(-1.0, 1.0), (-1.0, 1.0), (-1.0, 1.0)],
    ),
    ("quadratic", "x1**2 + 3*x2**2", &[(-1.0, 1.0), (-1.0, 1.0)]),
    (
        "mixed quadratic",
        "x1**2 - 1.4*x1*x2 + x3",
        &[(-1.0, 1.0), (-1.0, 1.0), (-1.0, 1.0)],
    ),
    (
        "product",
        "x1*x2 + 2*x3",
        &[(0.0, 2.0), (-1.0, 1.0), (-1.0, 1.0)],
    ),
    (
        "two products",
        "x1*x2 - x3*x4",
        &[(0.0, 2.0), (0.0, 2.0), (0.0, 2.0), (0.0, 2.0)],
    ),
    (
        "distance",
        "(x1 - x2)**2 + 0.7*x3",
        &[(-1.0, 1.0), (-1.0, 1.0), (-1.0, 1.0)],
    ),
    (
        "exponential",
        "exp(1.3*x1) - 2*x2",
        &[(-1.0, 1.0), (-1.0, 1.0)],
    ),
    ("decay", "x1*exp(-0.7*x2)", &[(0.5, 2.0), (0.0, 3.0)]),
    ("bell", "x1 + exp(-2*x2**2)", &[(-1.0, 1.0), (-1.5, 1.5)]),
    ("sine", "x1 + 0.6*sin(3*x2)", &[(-1.0, 1.0), (-1.0, 1.0)]),
    (
        "logarithm",
        "log(x1) + 1.2*x2*x3",
        &[(0.3, 3.0), (-1.0, 1.0), (-1.0, 1.0)],
    ),
    ("root", "sqrt(x1) - 0.8*x2**2", &[(0.0, 2.0), (-1.0, 1.0)]),
    (
        "power law",
        "x1**2*x2/x3",
        &[(0.5, 2.0), (0.5, 2.0), (0.5, 2.0)],
    ),
    ("saturation", "x1*x2/(x1 + 0.8)", &[(0.0, 4.0), (0.5, 2.0)]),
    (
        "quotient",
        "(x1 + x2)/(1.5 + x3)",
        &[(-1.0, 1.0), (-1.0, 1.0), (-1.0, 1.0)],
    ),
    (
        "nested waves",
        "sin(2*x1 + exp(x2)) + cos(3*x2*x3 - sin(2*x1))",
        &[(-1.0, 1.0), (-1.0, 1.0), (-1.0, 1.0)],
    ),
    (
        "many bells",
        "exp(-6*(x1 - 0.4)**2 - 4*x2**2) + 0.8*exp(-5*(x1 + 0.5)**2 - 7*(x2 - 0.3)**2) - 0.6*exp(-9*(x2 + 0.6)**2 - x1)",
        &[(-1.0, 1.0), (-1.0, 1.0)],
    ),
];

impl Truth {
    /// One formula of each kind.
    ///
    /// # Panics
    /// If a formula of the table can't be read; a test reads them all.
    pub fn all() -> Vec<Self> {
        let read = |(kind, formula, sides): &Row| Self {
            kind,
            formula: formula
                .parse()
                .unwrap_or_else(|error| panic!("{kind}: {error}")),
            sides: sides.to_vec(),
        };
        TRUTHS.iter().map(read).collect()
    }
}
