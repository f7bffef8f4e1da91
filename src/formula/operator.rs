//! The operators of formulas, one table entry for each.

use crate::error::{Error, Result};
use crate::numerics::{Number, central_difference, pow_slopes, powi_slope};
use std::borrow::Cow;

/// The LaTeX form of an operator.
pub(crate) enum Latex {
    /// Between its arguments, or by a rule of the notation: `+ - * /` and powers.
    Infix,
    /// The given command before the argument in brackets.
    Function(&'static str),
    /// The given text before and after the argument.
    Around(&'static str, &'static str),
}

/// The properties of an operator other than its value and derivatives.
pub(crate) struct Entry {
    /// The name in a formula and on the command line.
    pub name: &'static str,
    pub arity: usize,
    /// The complexity of Wetzel (2024): 1 for a binary operator, 5 for a unary one. Signs, squares,
    /// cubes and inverses are written with a single binary operator, and have the complexity of
    /// that form. A real power has 2, so that `pow(a, 0.5)` is as complex as `sqrt(a)`.
    pub complexity: usize,
    pub latex: Latex,
    /// Sympy's form, where `{}` stands for each argument. The notation has rules of its own for
    /// arithmetic and powers.
    pub sympy: &'static str,
}

/// Defines the operators from a table. Each entry gives the variant, its properties, and its value
/// and partial derivatives for every kind of [`Number`].
macro_rules! operators {
    ($(
        $(#[$doc:meta])*
        $variant:ident: $name:literal, $arity:literal, $complexity:literal, $latex:expr, $sympy:literal,
        |$a:pat_param, $b:pat_param| $value:expr,
        |$pa:pat_param, $pb:pat_param, $py:pat_param| $partials:expr;
    )*) => {
        /// An operator with one or two arguments.
        ///
        /// One table holds everything about an operator: name, arity, complexity, LaTeX, sympy's
        /// name, value and partial derivatives. [`Operator::unary`] and [`Operator::binary`] make
        /// operators of your own.
        ///
        /// ```
        /// use closedform::Operator;
        ///
        /// let operators = Operator::parse_list("+,-,*,/,sin,exp")?;
        /// assert_eq!(operators.len(), 6);
        /// assert!(Operator::parse_list("+,besselj").is_err());
        /// # Ok::<(), closedform::Error>(())
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Operator {
            $($(#[$doc])* $variant,)*
            /// A user-defined operator.
            Custom(&'static CustomOperator),
        }

        impl Operator {
            /// All operators of the library.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            pub(crate) fn entry(self) -> &'static Entry {
                match self {
                    $(Self::$variant => {
                        static ENTRY: Entry = Entry {
                            name: $name,
                            arity: $arity,
                            complexity: $complexity,
                            latex: $latex,
                            sympy: $sympy,
                        };
                        &ENTRY
                    })*
                    Self::Custom(custom) => &custom.entry,
                }
            }

            /// The value; a unary operator ignores the second argument.
            #[inline(always)]
            pub(crate) fn value<N: Number>(self, a: N, b: N) -> N {
                match self {
                    $(Self::$variant => {
                        let ($a, $b) = (a, b);
                        $value
                    })*
                    Self::Custom(custom) => custom.value(a, b),
                }
            }

            /// The values of many numbers. The operator is looked up once.
            #[inline(always)]
            pub(crate) fn values<N: Number>(self, a: &[N], b: &[N], out: &mut [N]) {
                // Loops with a common, known length, which the compiler can vectorize completely.
                let n = out.len();
                let (a, b) = (&a[..n], &b[..n]);
                match self {
                    $(Self::$variant => {
                        for row in 0..n {
                            let ($a, $b) = (a[row], b[row]);
                            out[row] = $value;
                        }
                    })*
                    Self::Custom(custom) => {
                        for row in 0..n {
                            out[row] = custom.value(a[row], b[row]);
                        }
                    }
                }
            }

            /// The partial derivatives times `outer`, given the arguments and the value `y`.
            #[inline(always)]
            pub(crate) fn partials<N: Number>(
                self,
                a: &[N],
                b: &[N],
                y: &[N],
                outer: &[N],
                first: &mut [N],
                second: &mut [N],
            ) {
                let n = y.len();
                let (a, b, outer) = (&a[..n], &b[..n], &outer[..n]);
                let (first, second) = (&mut first[..n], &mut second[..n]);
                match self {
                    $(Self::$variant => {
                        for row in 0..n {
                            let ($pa, $pb, $py) = (a[row], b[row], y[row]);
                            let partials = $partials;
                            first[row] = outer[row] * partials.0;
                            second[row] = outer[row] * partials.1;
                        }
                    })*
                    Self::Custom(custom) => {
                        for row in 0..n {
                            let partials = custom.partials(a[row], b[row]);
                            first[row] = outer[row] * partials.0;
                            second[row] = outer[row] * partials.1;
                        }
                    }
                }
            }
        }
    };
}

use Latex::{Around, Function, Infix};

#[inline(always)]
fn one<N: Number>() -> N {
    N::constant(1.0)
}

#[inline(always)]
fn zero<N: Number>() -> N {
    N::constant(0.0)
}

/// The partial derivatives of a quotient `y`, with a single division.
#[inline(always)]
fn quotient_partials<N: Number>(divisor: N, y: N) -> (N, N) {
    let inverse = one::<N>() / divisor;
    (inverse, -y * inverse)
}

/// `a` if `is_first` is 1, `b` if it is 0. A small number keeps its digits next to a large one.
#[inline(always)]
fn choice<N: Number>(is_first: N, a: N, b: N) -> N {
    a * is_first + b * (one::<N>() - is_first)
}

#[rustfmt::skip]
operators! {
    /// `a + b`
    Add: "+", 2, 1, Infix, "({} + {})", |a, b| a + b, |_, _, _| (one::<N>(), one::<N>());
    /// `a - b`
    Sub: "-", 2, 1, Infix, "({} - {})", |a, b| a - b, |_, _, _| (one::<N>(), -one::<N>());
    /// `a * b`
    Mul: "*", 2, 1, Infix, "({} * {})", |a, b| a * b, |a, b, _| (b, a);
    /// `a / b`
    Div: "/", 2, 1, Infix, "({} / {})", |a, b| a / b, |_, b, y| quotient_partials(b, y);
    /// `-a`; a sign is as cheap as a binary operator
    Neg: "neg", 1, 1, Infix, "(-{})", |a, _| -a, |_, _, _| (-one::<N>(), zero::<N>());
    /// `a^2`
    Square: "square", 1, 2, Infix, "({})**2", |a, _| a * a, |a, _, _| (a + a, zero::<N>());
    /// `a^3`
    Cube: "cube", 1, 3, Infix, "({})**3", |a, _| a * a * a, |a, _, _| (N::constant(3.0) * a * a, zero::<N>());
    /// `a^b` with `b` rounded to an integer, which has no derivative
    Powi: "powi", 2, 1, Infix, "(({})**({}))", |a, b| a.powi(b), |a, b, _| (powi_slope(a, b), zero::<N>());
    /// `a^b` with any `b`, for a search a number; it is as complex as the root that it includes
    Pow: "pow", 2, 2, Infix, "(({})**({}))", |a, b| a.pow(b), |a, b, y| pow_slopes(a, b, y);
    /// `sqrt(a)`
    Sqrt: "sqrt", 1, 5, Around("\\sqrt{", "}"), "sqrt({})", |a, _| a.sqrt(), |_, _, y| (N::constant(0.5) / y, zero::<N>());
    /// `1 / a`
    Inv: "inv", 1, 2, Infix, "(1/{})", |a, _| one::<N>() / a, |_, _, y| (-(y * y), zero::<N>());
    /// `sin(a)`
    Sin: "sin", 1, 5, Function("\\sin"), "sin({})", |a, _| a.sin(), |a, _, _| (a.cos(), zero::<N>());
    /// `cos(a)`
    Cos: "cos", 1, 5, Function("\\cos"), "cos({})", |a, _| a.cos(), |a, _, _| (-a.sin(), zero::<N>());
    /// `tan(a)`
    Tan: "tan", 1, 5, Function("\\tan"), "tan({})", |a, _| a.tan(), |_, _, y| (one::<N>() + y * y, zero::<N>());
    /// `tanh(a)`
    Tanh: "tanh", 1, 5, Function("\\tanh"), "tanh({})", |a, _| a.tanh(), |_, _, y| (one::<N>() - y * y, zero::<N>());
    /// `exp(a)`
    Exp: "exp", 1, 5, Function("\\exp"), "exp({})", |a, _| a.exp(), |_, _, y| (y, zero::<N>());
    /// `log(a)`, the natural logarithm
    Log: "log", 1, 5, Function("\\log"), "log({})", |a, _| a.log(), |a, _, _| (one::<N>() / a, zero::<N>());
    /// `|a|`
    Abs: "abs", 1, 5, Around("\\left|", "\\right|"), "Abs({})", |a, _| a * (a.step() - (-a).step()), |a, _, _| (a.step() - (-a).step(), zero::<N>());
    /// `1 / (1 + exp(-a))`
    Sigmoid: "sigmoid", 1, 5, Function("\\sigma"), "(1/(1 + exp(-({}))))", |a, _| one::<N>() / (one::<N>() + (-a).exp()), |_, _, y| (y * (one::<N>() - y), zero::<N>());
    /// `atan(a)`
    Atan: "atan", 1, 5, Function("\\arctan"), "atan({})", |a, _| a.atan(), |a, _, _| (one::<N>() / (one::<N>() + a * a), zero::<N>());
    /// `asin(a)`
    Asin: "asin", 1, 5, Function("\\arcsin"), "asin({})", |a, _| a.asin(), |a, _, _| (one::<N>() / (one::<N>() - a * a).sqrt(), zero::<N>());
    /// `acos(a)`
    Acos: "acos", 1, 5, Function("\\arccos"), "acos({})", |a, _| a.acos(), |a, _, _| (-one::<N>() / (one::<N>() - a * a).sqrt(), zero::<N>());
    /// `sinh(a)`
    Sinh: "sinh", 1, 5, Function("\\sinh"), "sinh({})", |a, _| a.sinh(), |a, _, _| (a.cosh(), zero::<N>());
    /// `cosh(a)`
    Cosh: "cosh", 1, 5, Function("\\cosh"), "cosh({})", |a, _| a.cosh(), |a, _, _| (a.sinh(), zero::<N>());
    /// the larger of `a` and `b`
    Max: "max", 2, 1, Function("\\max"), "Max({}, {})", |a, b| choice((a - b).step(), a, b), |a, b, _| ((a - b).step(), one::<N>() - (a - b).step());
    /// the smaller of `a` and `b`
    Min: "min", 2, 1, Function("\\min"), "Min({}, {})", |a, b| choice((b - a).step(), a, b), |a, b, _| ((b - a).step(), one::<N>() - (b - a).step());
}

/// A user-defined operator, given by its value and partial derivatives.
pub struct CustomOperator {
    entry: Entry,
    function: CustomFunction,
}

enum CustomFunction {
    Unary {
        value: fn(f64) -> f64,
        derivative: fn(f64) -> f64,
    },
    Binary {
        value: fn(f64, f64) -> f64,
        partials: fn(f64, f64) -> (f64, f64),
    },
}

impl CustomOperator {
    #[inline(always)]
    fn value<N: Number>(&self, a: N, b: N) -> N {
        match self.function {
            CustomFunction::Unary { value, derivative } => a.apply(value, derivative),
            CustomFunction::Binary { value, partials } => a.apply_two(b, value, partials),
        }
    }

    #[inline(always)]
    fn partials<N: Number>(&self, a: N, b: N) -> (N, N) {
        match self.function {
            CustomFunction::Unary { derivative, .. } => {
                let second = |at| central_difference(derivative, at);
                (a.apply(derivative, second), zero())
            }
            CustomFunction::Binary { partials, .. } => {
                let second = |pick: fn((f64, f64)) -> f64| {
                    move |a: f64, b: f64| {
                        (
                            central_difference(|a| pick(partials(a, b)), a),
                            central_difference(|b| pick(partials(a, b)), b),
                        )
                    }
                };
                (
                    a.apply_two(b, |a, b| partials(a, b).0, second(|pair| pair.0)),
                    a.apply_two(b, |a, b| partials(a, b).1, second(|pair| pair.1)),
                )
            }
        }
    }
}

/// Operators are compared by their names.
macro_rules! by_name {
    ($($trait:ident $method:ident $output:ty),*) => {$(
        impl $trait for CustomOperator {
            fn $method(&self, other: &Self) -> $output {
                self.entry.name.$method(other.entry.name)
            }
        }
    )*};
}

by_name!(PartialEq eq bool, Ord cmp std::cmp::Ordering);

impl Eq for CustomOperator {}

impl PartialOrd for CustomOperator {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl std::hash::Hash for CustomOperator {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.entry.name.hash(state);
    }
}

impl std::fmt::Debug for CustomOperator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.entry.name)
    }
}

impl Operator {
    /// The first argument for this operator's loops over many numbers: an angle without its whole
    /// turns if it is too large.
    #[inline(always)]
    pub(crate) fn near<N: Number>(self, argument: &[N]) -> Cow<'_, [N]> {
        let is_periodic = matches!(self, Self::Sin | Self::Cos | Self::Tan);
        // Without an early exit, which would keep the loop from being vectorized.
        if !is_periodic || argument.iter().fold(true, |all, a| all & a.is_near()) {
            return Cow::Borrowed(argument);
        }
        let near = |a: &N| if a.is_near() { *a } else { a.turned() };
        Cow::Owned(argument.iter().map(near).collect())
    }

    /// The search space of Wetzel (2024), section 3.3.3: `+ - * /`, `sin`, `exp`.
    pub const PAPER: [Self; 6] = [
        Self::Add,
        Self::Sub,
        Self::Mul,
        Self::Div,
        Self::Sin,
        Self::Exp,
    ];

    /// An operator of your own with one argument, of complexity 5.
    ///
    /// Its definition stays in memory until the program ends.
    ///
    /// ```
    /// use closedform::{Expression, Operator};
    ///
    /// let softplus = Operator::unary("softplus", |a| a.exp().ln_1p(), |a| 1.0 / (1.0 + (-a).exp()))?;
    /// let formula = Expression::apply(softplus, vec![Expression::variable(0)])?;
    /// assert_eq!(formula.to_string(), "softplus(x1)");
    /// assert_eq!(formula.value_and_gradient(&[0.0]).1, [0.5]);
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// A name that has other characters than letters, digits and underscores, or that is taken.
    pub fn unary(name: &str, value: fn(f64) -> f64, derivative: fn(f64) -> f64) -> Result<Self> {
        Self::custom(name, 1, 5, CustomFunction::Unary { value, derivative })
    }

    /// An operator of your own with two arguments, of complexity 1. `partials` gives the
    /// derivatives with respect to both.
    ///
    /// # Errors
    /// Those of [`unary`](Self::unary).
    pub fn binary(
        name: &str,
        value: fn(f64, f64) -> f64,
        partials: fn(f64, f64) -> (f64, f64),
    ) -> Result<Self> {
        Self::custom(name, 2, 1, CustomFunction::Binary { value, partials })
    }

    fn custom(
        name: &str,
        arity: usize,
        complexity: usize,
        function: CustomFunction,
    ) -> Result<Self> {
        let is_word = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_word || Self::ALL.iter().any(|operator| operator.name() == name) {
            return Err(Error::parameter(
                "the operator's name",
                format!("\"{name}\""),
                "a word of letters, digits and _ that no other operator has",
            ));
        }
        let name: &'static str = Box::leak(name.to_string().into_boxed_str());
        let arguments = ["{}"; 2][..arity].join(", ");
        Ok(Self::Custom(Box::leak(Box::new(CustomOperator {
            entry: Entry {
                name,
                arity,
                complexity,
                latex: Function(Box::leak(
                    format!("\\mathrm{{{}}}", name.replace('_', "\\_")).into_boxed_str(),
                )),
                sympy: Box::leak(format!("{name}({arguments})").into_boxed_str()),
            },
            function,
        }))))
    }

    /// The name in a formula and on the command line.
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// The number of arguments, 1 or 2.
    pub fn arity(self) -> usize {
        self.entry().arity
    }

    /// The operator's contribution to a formula's complexity.
    pub fn complexity(self) -> usize {
        self.entry().complexity
    }

    /// Sympy's name for the operator as a function, if it has one.
    pub(crate) fn sympy_name(self) -> Option<&'static str> {
        let (name, _) = self.entry().sympy.split_once('(')?;
        (!name.is_empty()).then_some(name)
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|operator| operator.name() == name)
    }

    /// The operators that a formula writes as a function, such as `sin(a)`.
    pub(crate) fn functions() -> impl Iterator<Item = Self> {
        let all = Self::ALL.iter().copied();
        all.filter(|operator| operator.name().starts_with(char::is_alphabetic))
    }

    /// Reads a comma-separated list of operator names.
    ///
    /// # Errors
    /// An unknown name, or a list without `+` and `*`, which every sum with coefficients needs.
    pub fn parse_list(list: &str) -> Result<Vec<Self>> {
        let mut operators = Vec::new();
        for name in list.split(',').map(str::trim) {
            let operator = Self::named(name).ok_or_else(|| {
                let known: Vec<&str> = Self::ALL.iter().map(|operator| operator.name()).collect();
                Error::parameter(
                    "operator",
                    format!("\"{name}\""),
                    format!("one of {}", known.join(" ")),
                )
            })?;
            if !operators.contains(&operator) {
                operators.push(operator);
            }
        }
        check_operators(&operators)?;
        Ok(operators)
    }
}

pub(crate) fn check_operators(operators: &[Operator]) -> Result<()> {
    if operators.contains(&Operator::Add) && operators.contains(&Operator::Mul) {
        return Ok(());
    }
    let names: Vec<&str> = operators.iter().map(|operator| operator.name()).collect();
    Err(Error::parameter(
        "operators",
        format!("\"{}\"", names.join(",")),
        "a list with + and * (formulas are sums with coefficients)",
    ))
}
