//! A formula that libtorch evaluates, with trainable numbers.

use crate::error::{Error, Result};
use crate::formula::{Expression, Operator};
use tch::{Kind, Tensor, nn};

/// A formula whose numbers are parameters, in double precision. Integer exponents are not
/// parameters, because they can't change gradually.
pub(super) struct TensorFormula {
    root: Node,
}

enum Node {
    Parameter(Tensor),
    /// A number in an exponent.
    Fixed(f64),
    Variable(usize),
    Apply(Operator, Vec<Node>),
}

impl TensorFormula {
    /// The formula with its parameters registered in a store, counted from left to right. Each
    /// parameter has its own group, so that it can have its own learning rate.
    ///
    /// # Errors
    /// A user-defined operator, whose derivative libtorch doesn't know, or a variable beyond
    /// `n_features`.
    pub fn new(expression: &Expression, n_features: usize, store: &nn::VarStore) -> Result<Self> {
        expression.check_features(n_features)?;
        let root = Node::new(expression, false, store)?;
        Ok(Self { root })
    }

    /// The values at points `(n_samples, n_features)`: `(n_samples,)`.
    pub fn values(&self, points: &Tensor) -> Result<Tensor> {
        let values = self.root.values(points)?;
        // A formula without variables has the same value for all rows.
        Ok(values.f_expand([points.size()[0]], false)?)
    }

    /// The formula with the current values of its parameters.
    pub fn to_expression(&self) -> Result<Expression> {
        self.root.to_expression()
    }
}

impl Node {
    fn new(expression: &Expression, is_exponent: bool, store: &nn::VarStore) -> Result<Self> {
        Ok(match expression {
            Expression::Constant(value) if is_exponent => Self::Fixed(*value),
            Expression::Constant(value) => {
                let tensor = Tensor::f_scalar_tensor(*value, (Kind::Double, store.device()))?;
                let index = store.len();
                let path = store.root().set_group(index);
                Self::Parameter(path.add(&format!("constant{index}"), tensor, true))
            }
            Expression::Variable(index) => Self::Variable(*index),
            Expression::Apply(Operator::Custom(_), _) => {
                return Err(Error::Unusable(format!(
                    "the part {expression} of the formula has an operator of your own, which libtorch \
                     can't differentiate"
                )));
            }
            Expression::Apply(operator, arguments) => {
                let arguments = arguments.iter().enumerate().map(|(place, argument)| {
                    let is_exponent = is_exponent || (*operator == Operator::Powi && place == 1);
                    Self::new(argument, is_exponent, store)
                });
                Self::Apply(*operator, arguments.collect::<Result<_>>()?)
            }
        })
    }

    fn values(&self, points: &Tensor) -> Result<Tensor> {
        Ok(match self {
            Self::Parameter(tensor) => tensor.shallow_clone(),
            Self::Fixed(value) => Tensor::f_scalar_tensor(*value, (Kind::Double, points.device()))?,
            Self::Variable(index) => points.f_select(1, *index as i64)?,
            Self::Apply(operator, arguments) => {
                let values = arguments.iter().map(|argument| argument.values(points));
                apply(*operator, &values.collect::<Result<Vec<_>>>()?)?
            }
        })
    }

    fn to_expression(&self) -> Result<Expression> {
        Ok(match self {
            Self::Parameter(tensor) => Expression::Constant(tensor.f_double_value(&[])?),
            Self::Fixed(value) => Expression::Constant(*value),
            Self::Variable(index) => Expression::Variable(*index),
            Self::Apply(operator, arguments) => {
                let arguments = arguments.iter().map(Self::to_expression);
                Expression::applied(*operator, arguments.collect::<Result<_>>()?)
            }
        })
    }
}

/// The operators of the operator table, as libtorch evaluates and differentiates them.
fn apply(operator: Operator, arguments: &[Tensor]) -> Result<Tensor> {
    let a = &arguments[0];
    let b = arguments.get(1).unwrap_or(a);
    Ok(match operator {
        Operator::Add => a.f_add(b)?,
        Operator::Sub => a.f_sub(b)?,
        Operator::Mul => a.f_mul(b)?,
        Operator::Div => a.f_div(b)?,
        Operator::Neg => a.f_neg()?,
        Operator::Square => a.f_mul(a)?,
        Operator::Cube => a.f_mul(a)?.f_mul(a)?,
        Operator::Powi => a.f_pow(&whole(b)?)?,
        Operator::Pow => a.f_pow(b)?,
        Operator::Sqrt => a.f_sqrt()?,
        Operator::Inv => a.f_reciprocal()?,
        Operator::Sin => a.f_sin()?,
        Operator::Cos => a.f_cos()?,
        Operator::Tan => a.f_tan()?,
        Operator::Tanh => a.f_tanh()?,
        Operator::Exp => a.f_exp()?,
        Operator::Log => a.f_log()?,
        Operator::Abs => a.f_abs()?,
        Operator::Sigmoid => a.f_sigmoid()?,
        Operator::Atan => a.f_atan()?,
        Operator::Asin => a.f_asin()?,
        Operator::Acos => a.f_acos()?,
        Operator::Sinh => a.f_sinh()?,
        Operator::Cosh => a.f_cosh()?,
        Operator::Max => a.f_maximum(b)?,
        Operator::Min => a.f_minimum(b)?,
        Operator::Custom(_) => {
            return Err(Error::Unusable(format!(
                "libtorch has no operator \"{}\"",
                operator.name()
            )));
        }
    })
}

/// The nearest integer, halves rounded away from 0, without a derivative.
fn whole(exponent: &Tensor) -> Result<Tensor> {
    let exponent = exponent.f_detach()?;
    let half = exponent.f_sign()?.f_multiply_scalar(0.5)?;
    Ok(exponent.f_add(&half)?.f_trunc()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tch::Device;

    /// Points where all operators are defined and smooth, for both orders of the arguments.
    const POINTS: [[f64; 2]; 3] = [[0.7, 1.3], [1.9, 0.4], [0.6, 2.5]];

    /// `a*f(b*x1 + c)` or `a*f(b*x1, c + x2)`; for `powi` the second argument is an integer.
    fn formula_of(operator: Operator) -> Expression {
        let [a, b, c] = [1.5, 0.4, 0.2].map(Expression::constant);
        let scaled = Expression::applied(Operator::Mul, vec![b, Expression::variable(0)]);
        let arguments = match operator.arity() {
            1 => vec![Expression::applied(Operator::Add, vec![scaled, c])],
            _ if operator == Operator::Powi => vec![scaled, Expression::constant(-3.0)],
            _ => {
                let shifted = Expression::applied(Operator::Add, vec![c, Expression::variable(1)]);
                vec![scaled, shifted]
            }
        };
        Expression::applied(
            Operator::Mul,
            vec![a, Expression::applied(operator, arguments)],
        )
    }

    #[test]
    fn each_operators_values_and_gradients_are_the_tables() {
        const STEP: f64 = 1e-6;
        for &operator in Operator::ALL {
            let expression = formula_of(operator);
            for point in POINTS {
                let store = nn::VarStore::new(Device::Cpu);
                let formula = TensorFormula::new(&expression, 2, &store).unwrap();
                assert_eq!(formula.to_expression().unwrap(), expression);
                let rows = Tensor::from_slice(&[point, point].concat()).view([2, 2]);
                let values = formula.values(&rows).unwrap();
                assert_eq!(values.size(), [2]);
                let close = |found: f64, expected: f64, tolerance: f64| {
                    let error = (found - expected).abs();
                    assert!(
                        error <= tolerance * (1.0 + expected.abs()),
                        "{expression} at {point:?}: {found}, not {expected}"
                    );
                };
                close(values.double_value(&[1]), expression.value(&point), 1e-14);
                values.select(0, 0).backward();
                for mut parameter in store.trainable_variables() {
                    let at = |value: f64, parameter: &mut Tensor| {
                        let _guard = tch::no_grad_guard();
                        parameter.copy_(&Tensor::from(value));
                        formula.to_expression().unwrap().value(&point)
                    };
                    let value = parameter.double_value(&[]);
                    let above = at(value + STEP, &mut parameter);
                    let below = at(value - STEP, &mut parameter);
                    at(value, &mut parameter);
                    let gradient = parameter.grad();
                    let gradient = if gradient.defined() {
                        gradient.double_value(&[])
                    } else {
                        0.0
                    };
                    close(gradient, (above - below) / (2.0 * STEP), 1e-8);
                }
            }
        }
    }
}
