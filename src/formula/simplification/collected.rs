//! Like terms and like factors collected: what the e-graph would need many steps for in long
//! sums and products, and the form that gauge fixing reads.

use super::language::to_nodes;
use crate::formula::expression::MAX_WHOLE_POWER;
use crate::formula::{Expression, Operator};

/// `coefficient * base^power * ...`; the bases differ, in a fixed order, and no power is 0.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Product {
    pub coefficient: f64,
    /// `sqrt(x)` is `(x, 0.5)`, and `1 / x` is `(x, -1)`.
    pub powers: Vec<(Expression, f64)>,
}

/// `offset + term + ...`; the terms differ in more than their coefficients.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sum {
    pub offset: f64,
    pub terms: Vec<Product>,
}

/// An equal formula with like terms and factors collected; domains grow as in `x*y / y = x`.
pub(super) fn collected(expression: &Expression) -> Expression {
    let collected = Sum::of(expression).expression();
    // A division by zero: better left as it stands.
    if all_finite(&collected) {
        collected
    } else {
        expression.clone()
    }
}

fn all_finite(expression: &Expression) -> bool {
    match expression {
        Expression::Constant(value) => value.is_finite(),
        Expression::Variable(_) => true,
        Expression::Apply(_, arguments) => arguments.iter().all(all_finite),
    }
}

impl Sum {
    pub fn of(expression: &Expression) -> Self {
        let mut sum = Self {
            offset: 0.0,
            terms: Vec::new(),
        };
        sum.add(expression, 1.0);
        sum.terms.retain(|term| term.coefficient != 0.0);
        sum
    }

    fn add(&mut self, expression: &Expression, sign: f64) {
        match expression {
            Expression::Apply(Operator::Add, arguments) => {
                self.add(&arguments[0], sign);
                self.add(&arguments[1], sign);
            }
            Expression::Apply(Operator::Sub, arguments) => {
                self.add(&arguments[0], sign);
                self.add(&arguments[1], -sign);
            }
            Expression::Apply(Operator::Neg, arguments) => self.add(&arguments[0], -sign),
            _ => {
                let mut product = Product::of(expression);
                product.coefficient *= sign;
                self.add_product(product);
            }
        }
    }

    fn add_product(&mut self, product: Product) {
        if product.powers.is_empty() {
            self.offset += product.coefficient;
            return;
        }
        let mut terms = self.terms.iter_mut();
        match terms.find(|term| term.powers == product.powers) {
            Some(term) => term.coefficient += product.coefficient,
            None => self.terms.push(product),
        }
    }

    /// The positive terms come first, which spares a sign.
    pub fn expression(&self) -> Expression {
        let (positive, negative): (Vec<&Product>, Vec<&Product>) =
            self.terms.iter().partition(|term| term.coefficient > 0.0);
        let positive = positive.into_iter().map(Product::expression);
        let offset = Expression::constant(self.offset.abs());
        let sum = positive
            .chain((self.offset > 0.0).then(|| offset.clone()))
            .reduce(|sum, term| sum + term);
        negative
            .into_iter()
            .map(|term| term.scaled(-1.0).expression())
            .chain((self.offset < 0.0).then_some(offset))
            .fold(sum, |sum, term| {
                Some(match sum {
                    Some(sum) => sum - term,
                    None => Expression::unary(Operator::Neg, term),
                })
            })
            // Also what is no number at all ends here.
            .unwrap_or(Expression::Constant(self.offset))
    }
}

impl Product {
    pub fn of(expression: &Expression) -> Self {
        let mut product = Self {
            coefficient: 1.0,
            powers: Vec::new(),
        };
        product.multiply(expression, 1);
        product.powers.retain(|(_, power)| *power != 0.0);
        product
            .powers
            .sort_by_cached_key(|(base, _)| to_nodes(base));
        product
    }

    /// Multiplies by a whole power of the expression.
    fn multiply(&mut self, expression: &Expression, power: i32) {
        match expression {
            Expression::Constant(value) => self.coefficient *= value.powi(power),
            Expression::Apply(Operator::Mul, arguments) => {
                self.multiply(&arguments[0], power);
                self.multiply(&arguments[1], power);
            }
            Expression::Apply(Operator::Div, arguments) => {
                self.multiply(&arguments[0], power);
                self.multiply(&arguments[1], -power);
            }
            Expression::Apply(Operator::Neg, arguments) => {
                self.coefficient *= (-1.0_f64).powi(power);
                self.multiply(&arguments[0], power);
            }
            Expression::Apply(operator @ (Operator::Sqrt | Operator::Pow), arguments) => {
                let exponent = match arguments.get(1) {
                    None => 0.5,
                    Some(Expression::Constant(exponent)) => *exponent,
                    Some(_) => return self.multiply_function(*operator, arguments, power),
                };
                match collected(&arguments[0]) {
                    Expression::Constant(_) => self.multiply_function(*operator, arguments, power),
                    base => self.multiply_real_power(base, exponent * f64::from(power)),
                }
            }
            Expression::Apply(Operator::Add | Operator::Sub, _) => match collected(expression) {
                sum @ Expression::Apply(Operator::Add | Operator::Sub, _) => {
                    self.multiply_base(sum, power.into());
                }
                product => self.multiply(&product, power),
            },
            Expression::Apply(operator, arguments) => {
                self.multiply_function(*operator, arguments, power);
            }
            Expression::Variable(_) => self.multiply_base(expression.clone(), power.into()),
        }
    }

    fn multiply_function(&mut self, operator: Operator, arguments: &[Expression], power: i32) {
        let arguments = arguments.iter().map(collected).collect();
        self.multiply_base(Expression::applied(operator, arguments), power.into());
    }

    /// A power of a product of real powers is one of real powers, too: `sqrt(x*sqrt(x))` is
    /// `x^0.75`. Of other products it isn't, because their factors may be negative together.
    fn multiply_real_power(&mut self, base: Expression, power: f64) {
        let inner = Self::of(&base);
        let n_of = |is_such: fn(f64) -> bool| {
            let powers = inner.powers.iter().filter(|(_, power)| is_such(*power));
            powers.count()
        };
        let n_even = n_of(|power| power % 2.0 == 0.0);
        let n_odd = n_of(|power| power.abs() % 2.0 == 1.0);
        let is_real = inner.coefficient > 0.0 && n_even == 0 && n_odd <= 1;
        if is_real && inner.powers.len() > n_odd {
            self.coefficient *= inner.coefficient.powf(power);
            for (base, own) in inner.powers {
                self.multiply_base(base, own * power);
            }
        } else {
            self.multiply_base(base, power);
        }
    }

    fn multiply_base(&mut self, base: Expression, power: f64) {
        match self.powers.iter_mut().find(|(known, _)| *known == base) {
            Some((_, total)) => *total += power,
            None => self.powers.push((base, power)),
        }
    }

    pub fn scaled(&self, factor: f64) -> Self {
        Self {
            coefficient: self.coefficient * factor,
            powers: self.powers.clone(),
        }
    }

    pub fn expression(&self) -> Expression {
        let side = |sign: f64| {
            let powers = self.powers.iter().map(|(base, power)| (base, power * sign));
            let powers = powers.filter(|(_, power)| *power > 0.0);
            powers
                .flat_map(|(base, power)| factors(base, power))
                .reduce(|product, factor| product * factor)
        };
        let (above, below) = (side(1.0), side(-1.0));
        let magnitude = self.coefficient.abs();
        let number = (magnitude != 1.0 || above.is_none()).then(|| Expression::constant(magnitude));
        let factors = [number, above].into_iter().flatten();
        let product = factors.reduce(|product, factor| product * factor);
        let product = product.unwrap_or(Expression::Constant(1.0));
        let quotient = match below {
            Some(below) => product / below,
            None => product,
        };
        if self.coefficient < 0.0 {
            Expression::unary(Operator::Neg, quotient)
        } else {
            quotient
        }
    }
}

/// A power above 0 as a product: whole ones and halves without real powers.
fn factors(base: &Expression, power: f64) -> Vec<Expression> {
    let rest = power.fract();
    if (rest != 0.0 && rest != 0.5) || power > f64::from(MAX_WHOLE_POWER) {
        let exponent = Expression::Constant(power);
        return vec![Expression::binary(Operator::Pow, base.clone(), exponent)];
    }
    Expression::half_power(base, power)
}
