//! Like terms and like factors collected: what the e-graph would need many steps for in long
//! sums and products, and the form that gauge fixing reads.

use super::language::to_nodes;
use crate::formula::{Expression, Operator};

/// `coefficient * base^(power / 2) * ...`; the bases differ, in a fixed order, and no power is 0.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Product {
    pub coefficient: f64,
    /// Powers are counted in halves: `sqrt(x)` is `(x, 1)`, and `1 / x` is `(x, -2)`.
    pub powers: Vec<(Expression, i32)>,
}

/// `offset + term + ...`; the terms differ in more than their coefficients.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sum {
    pub offset: f64,
    pub terms: Vec<Product>,
}

const ONE: i32 = 2;

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
        product.multiply(expression, ONE);
        product.powers.retain(|(_, power)| *power != 0);
        product
            .powers
            .sort_by_cached_key(|(base, _)| to_nodes(base));
        product
    }

    /// Multiplies by a whole power of the expression, given in halves.
    fn multiply(&mut self, expression: &Expression, power: i32) {
        match expression {
            Expression::Constant(value) => self.coefficient *= value.powi(power / ONE),
            Expression::Apply(Operator::Mul, arguments) => {
                self.multiply(&arguments[0], power);
                self.multiply(&arguments[1], power);
            }
            Expression::Apply(Operator::Div, arguments) => {
                self.multiply(&arguments[0], power);
                self.multiply(&arguments[1], -power);
            }
            Expression::Apply(Operator::Neg, arguments) => {
                self.coefficient *= (-1.0_f64).powi(power / ONE);
                self.multiply(&arguments[0], power);
            }
            Expression::Apply(Operator::Sqrt, arguments) => match collected(&arguments[0]) {
                root @ Expression::Constant(_) => {
                    self.multiply_base(Expression::unary(Operator::Sqrt, root), power);
                }
                base => self.multiply_base(base, power / ONE),
            },
            Expression::Apply(Operator::Add | Operator::Sub, _) => match collected(expression) {
                sum @ Expression::Apply(Operator::Add | Operator::Sub, _) => {
                    self.multiply_base(sum, power);
                }
                product => self.multiply(&product, power),
            },
            Expression::Apply(operator, arguments) => {
                let arguments = arguments.iter().map(collected).collect();
                self.multiply_base(Expression::applied(*operator, arguments), power);
            }
            Expression::Variable(_) => self.multiply_base(expression.clone(), power),
        }
    }

    fn multiply_base(&mut self, base: Expression, power: i32) {
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
        let side = |sign: i32| {
            let powers = self.powers.iter();
            let powers = powers.map(|(base, power)| (base, power * sign));
            powers
                .filter(|(_, power)| *power > 0)
                .flat_map(|(base, power)| {
                    let root = Expression::unary(Operator::Sqrt, base.clone());
                    let whole = std::iter::repeat_n(base.clone(), (power / ONE) as usize);
                    whole.chain((power % ONE == 1).then_some(root))
                })
                .reduce(|product, factor| product * factor)
        };
        let (above, below) = (side(1), side(-1));
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
