//! The functions that layers apply to their neurons.

use super::{Apply, one};
use crate::error::Result;
use crate::network::onnx::call::Call;
use tch::{Kind, Tensor};

/// The numbers of SELU (Klambauer et al. 2017), as ONNX rounds them.
const SELU: (f64, f64) = (1.673_263_192_176_818_8, 1.050_700_998_306_274_4);

pub fn find(operator: &str) -> Option<Apply> {
    let apply: Apply = match operator {
        "Celu" => |call| {
            let alpha = call.node.float("alpha", 1.0);
            let below = below(call.input(0)?)?.f_div_scalar(alpha)?.f_expm1()?;
            above(call, &below.f_multiply_scalar(alpha)?)
        },
        "Elu" => |call| {
            let below = below(call.input(0)?)?.f_expm1()?;
            above(
                call,
                &below.f_multiply_scalar(call.node.float("alpha", 1.0))?,
            )
        },
        "Gelu" => |call| {
            let approximate = call.node.text("approximate", "none");
            one(call.input(0)?.f_gelu(approximate)?)
        },
        "HardSigmoid" => |call| {
            let (alpha, beta) = (call.node.float("alpha", 0.2), call.node.float("beta", 0.5));
            let line = call
                .input(0)?
                .f_multiply_scalar(alpha)?
                .f_add_scalar(beta)?;
            one(line.f_clamp(0.0, 1.0)?)
        },
        "HardSwish" => |call| one(call.input(0)?.f_hardswish()?),
        "LeakyRelu" => |call| {
            let alpha = call.node.float("alpha", 0.01);
            above(call, &below(call.input(0)?)?.f_multiply_scalar(alpha)?)
        },
        "LogSoftmax" => |call| normalized(call, |rows, axis| Ok(rows.f_log_softmax(axis, None)?)),
        "Mish" => |call| one(call.input(0)?.f_mish()?),
        "PRelu" => |call| {
            let slopes = call.input(1)?;
            above(call, &below(call.input(0)?)?.f_multiply(slopes)?)
        },
        "Relu" => |call| one(call.input(0)?.f_relu()?),
        "Selu" => |call| {
            let alpha = call.node.float("alpha", SELU.0);
            let gamma = call.node.float("gamma", SELU.1);
            let below = below(call.input(0)?)?.f_expm1()?.f_multiply_scalar(alpha)?;
            let value = call.input(0)?.f_relu()?.f_add(&below)?;
            one(value.f_multiply_scalar(gamma)?)
        },
        "Sigmoid" => |call| one(call.input(0)?.f_sigmoid()?),
        "Softmax" => |call| normalized(call, |rows, axis| Ok(rows.f_softmax(axis, None)?)),
        "Softplus" => |call| one(call.input(0)?.f_softplus()?),
        "Softsign" => |call| {
            let x = call.input(0)?;
            one(x.f_div(&x.f_abs()?.f_add_scalar(1.0)?)?)
        },
        "Swish" => |call| {
            let x = call.input(0)?;
            let alpha = call.node.float("alpha", 1.0);
            one(x.f_multiply(&x.f_multiply_scalar(alpha)?.f_sigmoid()?)?)
        },
        "Tanh" => |call| one(call.input(0)?.f_tanh()?),
        "ThresholdedRelu" => |call| {
            let x = call.input(0)?;
            let is_above = x.f_gt(call.node.float("alpha", 1.0))?;
            one(x.f_multiply(&is_above.f_to_kind(Kind::Double)?)?)
        },
        _ => return None,
    };
    Some(apply)
}

/// `min(x, 0)`.
fn below(x: &Tensor) -> Result<Tensor> {
    Ok(x.f_clamp_max(0.0)?)
}

/// `max(x, 0)` and another function below 0, which is 0 at 0.
fn above(call: &Call, below: &Tensor) -> Result<Vec<Tensor>> {
    one(call.input(0)?.f_relu()?.f_add(below)?)
}

/// A softmax over one axis; up to version 12, over all axes from the given one on.
fn normalized(
    call: &Call,
    softmax: impl Fn(&Tensor, i64) -> Result<Tensor>,
) -> Result<Vec<Tensor>> {
    let x = call.input(0)?;
    if call.opset >= 13 {
        return one(softmax(x, call.axis(x, -1)?)?);
    }
    let axis = call.axis(x, 1)?;
    let joined = x.f_flatten(axis, -1)?;
    one(softmax(&joined, axis)?.f_reshape(x.size())?)
}
