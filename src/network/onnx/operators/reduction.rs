//! Sums, means and extremes along axes.

use super::{Apply, one};
use crate::error::Result;
use crate::network::onnx::call::{Call, from_front};
use tch::Tensor;

pub fn find(operator: &str) -> Option<Apply> {
    let apply: Apply = match operator {
        "ArgMax" => |call| {
            let x = call.input(0)?;
            let keep = call.node.int("keepdims", 1) != 0;
            one(x.f_argmax(call.axis(x, 0)?, keep)?)
        },
        "ArgMin" => |call| {
            let x = call.input(0)?;
            let keep = call.node.int("keepdims", 1) != 0;
            one(x.f_argmin(call.axis(x, 0)?, keep)?)
        },
        "CumSum" => cumulative,
        "ReduceL1" => |call| reduced(call, |x, axes, keep| sum(&x.f_abs()?, axes, keep)),
        "ReduceL2" => |call| {
            reduced(call, |x, axes, keep| {
                Ok(sum(&x.f_square()?, axes, keep)?.f_sqrt()?)
            })
        },
        "ReduceLogSum" => |call| reduced(call, |x, axes, keep| Ok(sum(x, axes, keep)?.f_log()?)),
        "ReduceLogSumExp" => |call| reduced(call, |x, axes, keep| Ok(x.f_logsumexp(axes, keep)?)),
        "ReduceMax" => |call| reduced(call, |x, axes, keep| Ok(x.f_amax(axes, keep)?)),
        "ReduceMean" => |call| reduced(call, |x, axes, keep| Ok(x.f_mean_dim(axes, keep, None)?)),
        "ReduceMin" => |call| reduced(call, |x, axes, keep| Ok(x.f_amin(axes, keep)?)),
        "ReduceProd" => |call| reduced(call, product),
        "ReduceSum" => |call| reduced(call, sum),
        "ReduceSumSquare" => |call| reduced(call, |x, axes, keep| sum(&x.f_square()?, axes, keep)),
        _ => return None,
    };
    Some(apply)
}

/// The axes are an attribute in older files, otherwise an input; without any, all are reduced.
fn reduced(
    call: &Call,
    reduce: impl Fn(&Tensor, &[i64], bool) -> Result<Tensor>,
) -> Result<Vec<Tensor>> {
    let x = call.input(0)?;
    let axes = call.integers("axes", 1)?.unwrap_or_default();
    let axes = if !axes.is_empty() {
        axes
    } else if call.node.int("noop_with_empty_axes", 0) != 0 {
        return one(x.shallow_clone());
    } else {
        (0..x.dim() as i64).collect()
    };
    one(reduce(x, &axes, call.node.int("keepdims", 1) != 0)?)
}

fn sum(x: &Tensor, axes: &[i64], keep: bool) -> Result<Tensor> {
    Ok(x.f_sum_dim_intlist(axes, keep, None)?)
}

fn product(x: &Tensor, axes: &[i64], keep: bool) -> Result<Tensor> {
    let axes: Result<Vec<i64>> = axes.iter().map(|axis| from_front(*axis, x.dim())).collect();
    let mut axes = axes?;
    // From the last axis on, so that the numbers of the others stay.
    axes.sort_unstable_by(|a, b| b.cmp(a));
    let mut product = x.shallow_clone();
    for axis in axes {
        product = product.f_prod_dim_int(axis, keep, None)?;
    }
    Ok(product)
}

fn cumulative(call: &Call) -> Result<Vec<Tensor>> {
    let x = call.input(0)?;
    let axis = call.number("axis", 1)?.unwrap_or(0.0) as i64;
    let is_reversed = call.node.int("reverse", 0) != 0;
    let turned = |x: &Tensor| -> Result<Tensor> {
        Ok(if is_reversed {
            x.f_flip([axis])?
        } else {
            x.shallow_clone()
        })
    };
    let total = turned(&turned(x)?.f_cumsum(axis, None)?)?;
    one(match call.node.int("exclusive", 0) {
        0 => total,
        _ => total.f_sub(x)?,
    })
}
