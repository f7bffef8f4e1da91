//! A formula as a module of libtorch, whose numbers can be trained.

use crate::error::{Error, Result};
use crate::formula::{Expression, Operator};
use tch::{Kind, Tensor, nn};

/// A formula whose numbers are parameters, for a training of your own with `tch`; [`tune`] trains
/// it without.
///
/// Its input has shape `(n_samples, n_features)`, its output `(n_samples,)`, both in double
/// precision. Exponents of whole powers are no parameters: nothing changes with them gradually.
///
/// ```
/// use closedform::Expression;
/// use closedform::network::FormulaModule;
/// use tch::nn::{self, Module, OptimizerConfig};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let store = nn::VarStore::new(tch::Device::Cpu);
/// let formula = Expression::parse("2*x1 + 0.5*x2", &[])?;
/// let module = FormulaModule::new(&store.root(), &formula, 2)?;
/// let mut optimizer = nn::Adam::default().build(&store, 0.1)?;
/// let inputs = tch::Tensor::from_slice(&[1.0, 0.0, 0.0, 1.0]).view([2, 2]);
/// let targets = tch::Tensor::from_slice(&[3.0, 1.0]);
/// for _ in 0..300 {
///     let loss = (module.forward(&inputs) - &targets).square().mean(tch::Kind::Double);
///     optimizer.backward_step(&loss);
/// }
/// let tuned = module.to_expression()?;
/// assert!((tuned.value(&[1.0, 0.0]) - 3.0).abs() < 1e-3);
/// # Ok(())
/// # }
/// ```
///
/// [`tune`]: crate::network::tune
#[derive(Debug)]
pub struct FormulaModule {
    root: Node,
    n_features: usize,
}

#[derive(Debug)]
enum Node {
    Parameter(Tensor),
    /// A number in an exponent.
    Fixed(f64),
    Variable(usize),
    Apply(Operator, Vec<Node>),
}

impl FormulaModule {
    /// A module whose parameters, named `constant0`, `constant1`, ... from left to right, stand in
    /// the store of `path` and on its device.
    ///
    /// # Errors
    /// An operator of the user's own, of which libtorch has no derivative; a variable beyond
    /// `n_features`.
    pub fn new(path: &nn::Path, expression: &Expression, n_features: usize) -> Result<Self> {
        Self::with_paths(expression, n_features, &|_| path.clone())
    }

    /// The same with a path for each parameter, counted from 0.
    pub(super) fn with_paths<'a>(
        expression: &Expression,
        n_features: usize,
        path_of: &dyn Fn(usize) -> nn::Path<'a>,
    ) -> Result<Self> {
        expression.check_features(n_features)?;
        let root = Node::new(expression, false, path_of, &mut 0)?;
        Ok(Self { root, n_features })
    }

    /// The values at points `(n_samples, n_features)`: `(n_samples,)`.
    ///
    /// # Errors
    /// A tensor of another shape, or an error of libtorch.
    pub fn values(&self, points: &Tensor) -> Result<Tensor> {
        let shape = points.size();
        match shape.as_slice() {
            [n_samples, n_features] if *n_features == self.n_features as i64 => {
                let values = self.root.values(points)?;
                // A formula without variables is one number for all rows.
                Ok(values.f_expand([*n_samples], false)?)
            }
            _ => Err(Error::Shape(format!(
                "the points have the shape {shape:?}, but must have (n_samples, {})",
                self.n_features
            ))),
        }
    }

    /// The formula with its parameters as they are now.
    ///
    /// # Errors
    /// An error of libtorch.
    pub fn to_expression(&self) -> Result<Expression> {
        self.root.to_expression()
    }
}

impl nn::Module for FormulaModule {
    /// The values at points `(n_samples, n_features)`, see [`values`](FormulaModule::values).
    ///
    /// # Panics
    /// Where [`values`](FormulaModule::values) gives an error: tch's trait has no room for one.
    fn forward(&self, points: &Tensor) -> Tensor {
        self.values(points)
            .unwrap_or_else(|error| panic!("{error}"))
    }
}

impl Node {
    fn new<'a>(
        expression: &Expression,
        is_exponent: bool,
        path_of: &dyn Fn(usize) -> nn::Path<'a>,
        n_parameters: &mut usize,
    ) -> Result<Self> {
        Ok(match expression {
            Expression::Constant(value) if is_exponent => Self::Fixed(*value),
            Expression::Constant(value) => {
                let path = path_of(*n_parameters);
                let tensor = Tensor::f_scalar_tensor(*value, (Kind::Double, path.device()))?;
                let name = format!("constant{n_parameters}");
                *n_parameters += 1;
                Self::Parameter(path.add(&name, tensor, true))
            }
            Expression::Variable(index) => Self::Variable(*index),
            Expression::Apply(Operator::Custom(_), _) => {
                return Err(Error::Unusable(format!(
                    "the formula's part {expression} has an operator of your own, which libtorch \
                     can't differentiate"
                )));
            }
            Expression::Apply(operator, arguments) => {
                let arguments = arguments.iter().enumerate().map(|(place, argument)| {
                    let is_exponent = is_exponent || (*operator == Operator::Powi && place == 1);
                    Self::new(argument, is_exponent, path_of, n_parameters)
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

/// The values of the operator table, as libtorch computes and differentiates them.
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

/// The nearest whole number, halves away from 0, without a derivative.
fn whole(exponent: &Tensor) -> Result<Tensor> {
    let exponent = exponent.f_detach()?;
    let half = exponent.f_sign()?.f_multiply_scalar(0.5)?;
    Ok(exponent.f_add(&half)?.f_trunc()?)
}
