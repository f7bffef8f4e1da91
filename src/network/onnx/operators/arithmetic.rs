//! Operators on each number by itself, or on pairs of numbers.

use super::{Apply, one};
use crate::error::{Error, Result};
use crate::network::onnx::call::{Call, alike};
use crate::network::onnx::constant::is_real;
use tch::{Kind, TchError, Tensor};

type Torch<T> = std::result::Result<T, TchError>;

pub fn find(operator: &str) -> Option<Apply> {
    let apply: Apply = match operator {
        "Abs" => |call| one(call.input(0)?.f_abs()?),
        "Acos" => |call| one(call.input(0)?.f_acos()?),
        "Acosh" => |call| one(call.input(0)?.f_acosh()?),
        "Add" => |call| pair(call, Tensor::f_add),
        "And" => |call| pair(call, Tensor::f_logical_and),
        "Asin" => |call| one(call.input(0)?.f_asin()?),
        "Asinh" => |call| one(call.input(0)?.f_asinh()?),
        "Atan" => |call| one(call.input(0)?.f_atan()?),
        "Atanh" => |call| one(call.input(0)?.f_atanh()?),
        "Ceil" => |call| one(call.input(0)?.f_ceil()?),
        "Clip" => clip,
        "Cos" => |call| one(call.input(0)?.f_cos()?),
        "Cosh" => |call| one(call.input(0)?.f_cosh()?),
        "Div" => |call| pair(call, quotient),
        "Equal" => |call| pair(call, Tensor::f_eq_tensor),
        "Erf" => |call| one(call.input(0)?.f_erf()?),
        "Exp" => |call| one(call.input(0)?.f_exp()?),
        "Floor" => |call| one(call.input(0)?.f_floor()?),
        "Greater" => |call| pair(call, Tensor::f_gt_tensor),
        "GreaterOrEqual" => |call| pair(call, Tensor::f_ge_tensor),
        "Less" => |call| pair(call, Tensor::f_lt_tensor),
        "LessOrEqual" => |call| pair(call, Tensor::f_le_tensor),
        "Log" => |call| one(call.input(0)?.f_log()?),
        "Max" => |call| folded(call, Tensor::f_maximum),
        "Mean" => mean,
        "Min" => |call| folded(call, Tensor::f_minimum),
        "Mod" => |call| match call.node.int("fmod", 0) {
            0 => pair(call, remainder),
            _ => pair(call, Tensor::f_fmod_tensor),
        },
        "Mul" => |call| pair(call, Tensor::f_multiply),
        "Neg" => |call| one(call.input(0)?.f_neg()?),
        "Not" => |call| one(call.input(0)?.f_logical_not()?),
        "Or" => |call| pair(call, Tensor::f_logical_or),
        "Pow" => power,
        "Reciprocal" => |call| one(call.input(0)?.f_reciprocal()?),
        "Round" => |call| one(call.input(0)?.f_round()?),
        "Sign" => |call| one(call.input(0)?.f_sign()?),
        "Sin" => |call| one(call.input(0)?.f_sin()?),
        "Sinh" => |call| one(call.input(0)?.f_sinh()?),
        "Sqrt" => |call| one(call.input(0)?.f_sqrt()?),
        "Sub" => |call| pair(call, Tensor::f_sub),
        "Sum" => |call| folded(call, Tensor::f_add),
        "Tan" => |call| one(call.input(0)?.f_tan()?),
        "Where" => choice,
        "Xor" => |call| pair(call, Tensor::f_logical_xor),
        _ => return None,
    };
    Some(apply)
}

fn pair(call: &Call, operation: impl Fn(&Tensor, &Tensor) -> Torch<Tensor>) -> Result<Vec<Tensor>> {
    let (left, right) = alike(call.input(0)?, call.input(1)?)?;
    one(operation(&left, &right)?)
}

/// Integers are divided without their fraction. Through floating-point numbers that can't end the
/// program, as the processor's own division of the lowest integer by -1 does.
fn quotient(left: &Tensor, right: &Tensor) -> Torch<Tensor> {
    if is_real(left.kind()) {
        return left.f_div(right);
    }
    let (left, right) = (
        left.f_to_kind(Kind::Double)?,
        right.f_to_kind(Kind::Double)?,
    );
    left.f_div(&right)?.f_trunc()?.f_to_kind(Kind::Int64)
}

/// What is left of a division, with the sign of the divisor.
fn remainder(left: &Tensor, right: &Tensor) -> Torch<Tensor> {
    if is_real(left.kind()) {
        return left.f_remainder_tensor(right);
    }
    let (real, divisor) = (
        left.f_to_kind(Kind::Double)?,
        right.f_to_kind(Kind::Double)?,
    );
    real.f_remainder_tensor(&divisor)?.f_to_kind(Kind::Int64)
}

/// The same operation from the first input to the last.
fn folded(
    call: &Call,
    operation: impl Fn(&Tensor, &Tensor) -> Torch<Tensor>,
) -> Result<Vec<Tensor>> {
    let inputs = call.all();
    let Some((first, others)) = inputs.split_first() else {
        return Err(Error::Format("it has no inputs".into()));
    };
    let mut total = first.shallow_clone();
    for other in others {
        total = operation(&total, other)?;
    }
    one(total)
}

fn mean(call: &Call) -> Result<Vec<Tensor>> {
    let total = folded(call, Tensor::f_add)?;
    let n = call.all().len() as f64;
    total
        .iter()
        .map(|total| Ok(total.f_div_scalar(n)?))
        .collect()
}

fn power(call: &Call) -> Result<Vec<Tensor>> {
    let base = call.input(0)?;
    let (base, exponent) = alike(base, call.input(1)?)?;
    one(base.f_pow(&exponent)?)
}

/// The bounds are attributes up to version 6, and inputs from version 11 on.
fn clip(call: &Call) -> Result<Vec<Tensor>> {
    let mut clipped = call.input(0)?.shallow_clone();
    if let Some(low) = call.number("min", 1)? {
        clipped = clipped.f_clamp_min(low)?;
    }
    if let Some(high) = call.number("max", 2)? {
        clipped = clipped.f_clamp_max(high)?;
    }
    one(clipped)
}

fn choice(call: &Call) -> Result<Vec<Tensor>> {
    let (yes, no) = alike(call.input(1)?, call.input(2)?)?;
    let condition = call.input(0)?.f_to_kind(Kind::Bool)?;
    one(yes.f_where_self(&condition, &no)?)
}
