//! Sums and products of terms with numbers before or above them: what the search solves for.

use crate::effort::Products;
use crate::formula::Evaluation;
use crate::formula::{Complexity, Expression, Operator};
use crate::numerics::{n_digits, rounded};

/// The digits of a fitted exponent that are no rounding error.
const SETTLED_DIGITS: usize = 6;

/// A part of a combination.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Term {
    /// The expression itself.
    Plain(Expression),
    /// The logarithm of its size: a sum of these is the logarithm of a product of powers.
    Log(Expression),
}

impl Term {
    pub fn expression(&self) -> &Expression {
        match self {
            Self::Plain(expression) | Self::Log(expression) => expression,
        }
    }

    /// The values and derivatives of the term, from those of its expression.
    pub fn evaluation(&self, of_expression: &Evaluation) -> Evaluation {
        let Self::Log(_) = self else {
            return of_expression.clone();
        };
        let values = &of_expression.values;
        let gradient = of_expression
            .gradient
            .iter()
            .map(|column| column.iter().zip(values).map(|(g, v)| g / v).collect());
        Evaluation {
            gradient: gradient.collect(),
            values: values.iter().map(|value| value.abs().ln()).collect(),
        }
    }
}

/// `sum_k c_k t_k(x)`, where logarithms among the terms make it a product of powers.
#[derive(Debug, Clone)]
pub(crate) struct Combination {
    pub coefficients: Vec<f64>,
    pub terms: Vec<Term>,
    pub offset: f64,
    /// Whether a factor makes no difference.
    pub is_scale_free: bool,
}

impl Combination {
    /// The formulas that the combination can be read as.
    ///
    /// Where the scale is free, a sum is given with each of its coefficients as the unit, a
    /// product as itself and its inverse, with its exponents as whole numbers, and parts without
    /// logarithm within one exponential. Where the offset matters all the same, as it does to a
    /// sign, a product stands beside what it has to exceed.
    pub fn to_expressions(&self, operators: &[Operator], products: &Products) -> Vec<Expression> {
        let is_product = self.terms.iter().any(|term| matches!(term, Term::Log(_)));
        match (is_product, self.is_scale_free) {
            (false, true) => self.to_sums(),
            (false, false) => {
                let parts = self.parts(1.0);
                vec![Expression::weighted_sum(&parts).folded()]
            }
            (true, true) => {
                let logs = self.coefficients_of(|term| matches!(term, Term::Log(_)));
                let Some(scale) = whole_scale(&logs, products) else {
                    return Vec::new();
                };
                // Half the scale is shorter where a tenth power is left beside squares.
                self.to_products(
                    &[scale, -scale, scale / 2.0, -scale / 2.0],
                    operators,
                    &WholePowers {
                        operators,
                        products,
                    },
                )
            }
            (true, false) => self.to_products(
                &[1.0],
                operators,
                &WholePowers {
                    operators,
                    products,
                },
            ),
        }
    }

    /// The products that the combination can be read as with its exponents as they are; none if
    /// real powers aren't allowed.
    ///
    /// Where the scale is free, each of the exponents is 1 or -1 in one of them; those whose other
    /// exponents have the fewest digits come first.
    pub fn to_real_powers(&self, operators: &[Operator]) -> Vec<Expression> {
        let logs = self.coefficients_of(|term| matches!(term, Term::Log(_)));
        if logs.is_empty() || !operators.contains(&Operator::Pow) {
            return Vec::new();
        }
        if !self.is_scale_free {
            return self.to_products(&[1.0], operators, &RealPowers);
        }
        let mut scales: Vec<f64> = logs.iter().map(|power| 1.0 / power.abs()).collect();
        scales.sort_by_cached_key(|scale| {
            let powers = logs
                .iter()
                .map(|power| rounded(power * scale, SETTLED_DIGITS));
            powers.map(n_digits).sum::<usize>()
        });
        let scales: Vec<f64> = scales.iter().flat_map(|scale| [*scale, -scale]).collect();
        self.to_products(&scales, operators, &RealPowers)
    }

    fn to_products(
        &self,
        scales: &[f64],
        operators: &[Operator],
        powers: &dyn Powers,
    ) -> Vec<Expression> {
        let products = scales.iter().filter_map(|&scale| {
            let product = self.to_product(scale, operators, powers)?;
            Some(if self.is_scale_free {
                self.above_threshold(scale, product)
            } else {
                (Expression::constant(self.offset.exp()) * product).folded()
            })
        });
        products.collect()
    }

    fn parts(&self, scale: f64) -> Vec<(f64, Expression)> {
        let parts = self.coefficients.iter().zip(&self.terms);
        let mut parts: Vec<(f64, Expression)> = parts
            .map(|(c, term)| (c * scale, term.expression().clone()))
            .collect();
        // Products first, then functions, each in alphabetical order.
        parts.sort_by_cached_key(|(_, term)| (term.has_function(), term.to_string()));
        if self.offset != 0.0 {
            parts.push((self.offset * scale, Expression::constant(1.0)));
        }
        parts
    }

    /// A formula with the sign of `log(product) / scale + offset`, or the product itself if there
    /// is no offset.
    fn above_threshold(&self, scale: f64, product: Expression) -> Expression {
        if self.offset == 0.0 {
            return product;
        }
        let threshold = Expression::constant((-scale * self.offset).exp());
        let sign = scale.signum();
        Expression::weighted_sum(&[(sign, product), (-sign, threshold)])
    }

    fn to_sums(&self) -> Vec<Expression> {
        let units = self.coefficients.iter().filter(|unit| unit.abs() > 0.0);
        units
            .flat_map(|unit| [1.0 / unit.abs(), -1.0 / unit.abs()])
            .map(|scale| {
                let parts = self.parts(scale);
                // The unit itself is exactly 1, whatever the division said.
                let exact = |c: f64| {
                    if (c.abs() - 1.0).abs() < 1e-14 {
                        c.signum()
                    } else {
                        c
                    }
                };
                let parts: Vec<_> = parts
                    .into_iter()
                    .map(|(c, term)| (exact(c), term))
                    .collect();
                Expression::weighted_sum(&parts).folded()
            })
            .collect()
    }

    /// The product of powers with the coefficients times `scale` as exponents.
    fn to_product(
        &self,
        scale: f64,
        operators: &[Operator],
        powers: &dyn Powers,
    ) -> Option<Expression> {
        let allows = |operator| operators.contains(&operator);
        let (mut above, mut below) = (Vec::new(), Vec::new());
        let mut exponent = Vec::new();
        for (c, term) in self.coefficients.iter().zip(&self.terms) {
            match term {
                Term::Plain(expression) => exponent.push((c * scale, expression.clone())),
                Term::Log(factor) => {
                    let power = c * scale;
                    let side = if power > 0.0 { &mut above } else { &mut below };
                    side.extend(powers.factors(factor, power.abs())?);
                }
            }
        }
        if !exponent.is_empty() {
            if !allows(Operator::Exp) {
                return None;
            }
            // exp(-a) above is exp(a) below: the side that needs fewer signs.
            let n_negative = exponent.iter().filter(|(c, _)| *c < 0.0).count();
            let goes_below = 2 * n_negative > exponent.len() && allows(Operator::Div);
            if goes_below {
                exponent.iter_mut().for_each(|(c, _)| *c = -*c);
            }
            let factor =
                Expression::unary(Operator::Exp, Expression::weighted_sum(&exponent).folded());
            if goes_below {
                below.push(factor)
            } else {
                above.push(factor)
            }
        }
        let product = |factors: Vec<Expression>| factors.into_iter().reduce(|a, b| a * b);
        match (product(above), product(below)) {
            (Some(numerator), None) => Some(numerator),
            (Some(numerator), Some(denominator)) if allows(Operator::Div) => {
                Some(numerator / denominator)
            }
            (None, Some(denominator)) if allows(Operator::Div) && !self.is_scale_free => {
                Some(Expression::constant(1.0) / denominator)
            }
            _ => None,
        }
    }

    fn coefficients_of(&self, is_wanted: impl Fn(&Term) -> bool) -> Vec<f64> {
        let parts = self.coefficients.iter().zip(&self.terms);
        parts
            .filter(|(_, term)| is_wanted(term))
            .map(|(c, _)| *c)
            .collect()
    }

    /// The terms of a sum as expressions, if it has no logarithms.
    pub fn plain_terms(&self) -> Option<Vec<&Expression>> {
        let terms = self.terms.iter().map(|term| match term {
            Term::Plain(expression) => Some(expression),
            Term::Log(_) => None,
        });
        terms.collect()
    }

    /// The complexity that the combination has at least, whatever its numbers.
    pub fn least_complexity(&self, complexity: &Complexity) -> usize {
        let terms = self.terms.iter();
        let terms = terms.map(|term| complexity.of(term.expression()));
        terms.sum::<usize>() + self.terms.len() - 1
    }
}

/// How a power becomes a part of a product.
trait Powers {
    /// The factors that make up a power with an exponent above 0; none if it isn't allowed.
    fn factors(&self, base: &Expression, exponent: f64) -> Option<Vec<Expression>>;
}

/// With exponents rounded to whole numbers or, where roots are allowed, to halves.
struct WholePowers<'a> {
    operators: &'a [Operator],
    products: &'a Products,
}

impl Powers for WholePowers<'_> {
    fn factors(&self, base: &Expression, exponent: f64) -> Option<Vec<Expression>> {
        let power = if self.operators.contains(&Operator::Sqrt) {
            (2.0 * exponent).round() / 2.0
        } else {
            exponent.round()
        };
        let is_near = (power - exponent).abs() <= self.products.near(power);
        if !is_near || power == 0.0 {
            return None;
        }
        Some(Expression::half_power(base, power))
    }
}

/// With exponents as they are.
struct RealPowers;

impl Powers for RealPowers {
    fn factors(&self, base: &Expression, exponent: f64) -> Option<Vec<Expression>> {
        let is_one = rounded(exponent, SETTLED_DIGITS) == 1.0;
        let power = || {
            let exponent = Expression::constant(exponent);
            Expression::binary(Operator::Pow, base.clone(), exponent)
        };
        Some(vec![if is_one { base.clone() } else { power() }])
    }
}

/// The factor that brings all exponents near whole numbers, the smallest ones if there are more.
fn whole_scale(exponents: &[f64], products: &Products) -> Option<f64> {
    let largest = exponents
        .iter()
        .fold(0.0_f64, |largest, e| largest.max(e.abs()));
    let units = (1..=products.max_sure_exponent).map(|largest| largest as f64);
    let mut units = units.filter(|unit| {
        exponents.iter().all(|exponent| {
            let exponent = exponent * unit / largest;
            let whole = exponent.round();
            whole != 0.0 && (exponent - whole).abs() < products.near(*unit)
        })
    });
    units.next().map(|unit| unit / largest)
}

impl Products {
    /// A product of variables to whole and half powers; none if it can't be written with the operators,
    /// or if a power is so high that nobody would write its factors.
    pub fn of_powers(&self, powers: &[(usize, f64)], operators: &[Operator]) -> Option<Expression> {
        let has_roots = operators.contains(&Operator::Sqrt);
        let is_written = |(_, power): &(usize, f64)| {
            power.abs() <= self.max_sure_exponent as f64 && (has_roots || power.fract() == 0.0)
        };
        let is_product = powers.iter().all(is_written);
        is_product.then(|| Expression::product_of_powers(powers))
    }

    /// How far fitted exponents may be from whole numbers or halves if the largest has this size; below 0
    /// where it is too high.
    fn near(&self, largest: f64) -> f64 {
        if largest <= self.max_exponent as f64 {
            self.near_whole
        } else if largest <= self.max_sure_exponent as f64 {
            self.sure
        } else {
            -1.0
        }
    }
}

/// A formula with its loss on the points it was found on.
#[derive(Debug, Clone)]
pub struct Solved {
    pub expression: Expression,
    pub loss: f64,
}
