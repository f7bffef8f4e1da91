//! Operators that move, choose and repeat numbers, or make them from nothing.

use super::{Apply, check_size, one};
use crate::error::{Error, Result};
use crate::network::onnx::call::{Call, from_front, single};
use crate::network::onnx::constant::{is_real, kind, to_integers};
use tch::{Device, Kind, Tensor};

pub fn find(operator: &str) -> Option<Apply> {
    let apply: Apply = match operator {
        "Cast" => cast,
        "CastLike" => |call| one(call.input(0)?.f_to_kind(call.input(1)?.kind())?),
        "Concat" => |call| {
            let parts = call.all();
            one(Tensor::f_cat(&parts, call.node.int("axis", 0))?)
        },
        "Constant" => constant,
        "ConstantOfShape" => filled,
        "Dropout" | "Identity" => |call| one(call.input(0)?.shallow_clone()),
        "Expand" => expand,
        "Flatten" => flatten,
        "Gather" => gather,
        "GatherElements" => |call| {
            let x = call.input(0)?;
            let axis = call.axis(x, 0)?;
            one(x.f_gather(axis, &counted_from_front(call, x, axis)?, false)?)
        },
        "OneHot" => one_hot,
        "Pad" => pad,
        "Range" => range,
        "Reshape" => reshape,
        "Shape" => shape,
        "Size" => |call| one(Tensor::f_from_slice(&[call.input(0)?.numel() as i64])?.f_squeeze()?),
        "Slice" => slice,
        "Split" => split,
        "Squeeze" => squeeze,
        "Tile" => tile,
        "Transpose" => |call| {
            let x = call.input(0)?;
            one(match call.node.ints("perm") {
                [] => x.f_permute((0..x.dim() as i64).rev().collect::<Vec<_>>())?,
                order => x.f_permute(order)?,
            })
        },
        "Unsqueeze" => unsqueeze,
        _ => return None,
    };
    Some(apply)
}

/// Floating-point numbers of any width are `f64` here, and integers `i64`.
fn cast(call: &Call) -> Result<Vec<Tensor>> {
    let to = i32::try_from(call.node.int("to", 1)).unwrap_or(0);
    let to = match kind(to)? {
        Kind::Bool => Kind::Bool,
        kind if is_real(kind) => Kind::Double,
        _ => Kind::Int64,
    };
    one(call.input(0)?.f_to_kind(to)?)
}

fn constant(call: &Call) -> Result<Vec<Tensor>> {
    let node = call.node;
    if let Some(constant) = node.tensor("value") {
        return one(constant.to_tensor()?);
    }
    one(if node.has("value_float") {
        Tensor::f_from_slice(&[node.float("value_float", 0.0)])?.f_squeeze()?
    } else if node.has("value_int") {
        Tensor::f_from_slice(&[node.int("value_int", 0)])?.f_squeeze()?
    } else if node.has("value_floats") {
        Tensor::f_from_slice(node.floats("value_floats"))?
    } else if node.has("value_ints") {
        Tensor::f_from_slice(node.ints("value_ints"))?
    } else {
        return Err(Error::Format("it holds no numbers".into()));
    })
}

fn filled(call: &Call) -> Result<Vec<Tensor>> {
    let shape = to_integers(call.input(0)?)?;
    check_size(&shape)?;
    one(match call.node.tensor("value") {
        Some(value) => value.to_tensor()?.f_reshape([1])?.f_expand(shape, false)?,
        None => Tensor::f_zeros(shape, (Kind::Double, Device::Cpu))?,
    })
}

/// To the shape that the tensor's own and the given one have in common.
fn expand(call: &Call) -> Result<Vec<Tensor>> {
    let x = call.input(0)?;
    let mut shape = to_integers(call.input(1)?)?;
    let own = x.size();
    while shape.len() < own.len() {
        shape.insert(0, 1);
    }
    let first = shape.len() - own.len();
    for (side, own) in shape[first..].iter_mut().zip(own) {
        if *side == 1 {
            *side = own;
        }
    }
    check_size(&shape)?;
    one(x.f_expand(shape, false)?)
}

fn flatten(call: &Call) -> Result<Vec<Tensor>> {
    let x = call.input(0)?;
    let shape = x.size();
    let axis = match call.node.int("axis", 1) {
        axis if axis == shape.len() as i64 => shape.len(),
        axis => from_front(axis, shape.len())? as usize,
    };
    let (before, after) = shape.split_at(axis);
    one(x.f_reshape([before.iter().product(), after.iter().product::<i64>()])?)
}

/// The indices of the second input, those below 0 counted from the end.
fn counted_from_front(call: &Call, x: &Tensor, axis: i64) -> Result<Tensor> {
    let indices = call.input(1)?.f_to_kind(Kind::Int64)?;
    let side = x.size()[axis as usize];
    let turns = indices.f_lt(0)?.f_to_kind(Kind::Int64)?;
    Ok(indices.f_add(&turns.f_multiply_scalar(side)?)?)
}

fn gather(call: &Call) -> Result<Vec<Tensor>> {
    let x = call.input(0)?;
    let axis = call.axis(x, 0)?;
    let indices = counted_from_front(call, x, axis)?;
    let sides = x.size();
    let (before, after) = sides.split_at(axis as usize);
    let shape = [before, &indices.size(), &after[1..]].concat();
    let chosen = x.f_index_select(axis, &indices.f_reshape([-1])?)?;
    one(chosen.f_reshape(shape)?)
}

fn one_hot(call: &Call) -> Result<Vec<Tensor>> {
    let (indices, values) = (call.input(0)?, call.input(2)?.f_reshape([-1])?);
    let depth = single(call.input(1)?)? as i64;
    let mut shape = indices.size();
    shape.push(depth);
    check_size(&shape)?;
    let axis = match call.node.int("axis", -1) {
        axis if axis < 0 => from_front(axis, shape.len())?,
        axis => axis,
    };
    let turns = indices.f_lt(0)?.f_to_kind(indices.kind())?;
    let indices = indices.f_add(&turns.f_multiply_scalar(depth)?)?;
    let numbers = Tensor::f_arange(depth, (indices.kind(), Device::Cpu))?;
    let is_it = indices.f_unsqueeze(-1)?.f_eq_tensor(&numbers)?;
    let hot = values.f_index_select(0, &is_it.f_to_kind(Kind::Int64)?.f_reshape([-1])?)?;
    one(hot.f_reshape(shape)?.f_movedim_int(-1, axis)?)
}

fn pad(call: &Call) -> Result<Vec<Tensor>> {
    let x = call.input(0)?;
    let pads = call.integers("pads", 1)?.unwrap_or_default();
    let axes = match call.optional(3) {
        Some(axes) => to_integers(axes)?,
        None => (0..x.dim() as i64).collect(),
    };
    if pads.len() != 2 * axes.len() {
        return Err(Error::Shape(format!(
            "there are {} pads for {} axes, but two for each are needed",
            pads.len(),
            axes.len()
        )));
    }
    let mut sides = x.size();
    // libtorch counts the axes from the last.
    let mut both = vec![0; 2 * sides.len()];
    for (index, axis) in axes.iter().enumerate() {
        let axis = from_front(*axis, sides.len())? as usize;
        let (before, after) = (pads[index], pads[axes.len() + index]);
        sides[axis] = sides[axis].saturating_add(before).saturating_add(after);
        let place = 2 * (sides.len() - 1 - axis);
        (both[place], both[place + 1]) = (before, after);
    }
    check_size(&sides)?;
    let number = call.number("value", 2)?.unwrap_or(0.0);
    one(match call.node.text("mode", "constant") {
        "constant" => x.f_pad(both, "constant", number)?,
        mode => {
            let mode = if mode == "edge" { "replicate" } else { mode };
            x.f_pad(both, mode, None)?
        }
    })
}

fn range(call: &Call) -> Result<Vec<Tensor>> {
    let (start, limit, step) = (call.input(0)?, call.input(1)?, call.input(2)?);
    let kind = start.kind();
    let (start, limit, step) = (single(start)?, single(limit)?, single(step)?);
    let n = ((limit - start) / step).ceil().max(0.0);
    if !n.is_finite() {
        return Err(Error::Value(format!(
            "it counts from {start} to {limit} in steps of {step}"
        )));
    }
    check_size(&[n as i64])?;
    let steps = Tensor::f_arange(n as i64, (Kind::Double, Device::Cpu))?;
    let numbers = steps.f_multiply_scalar(step)?.f_add_scalar(start)?;
    one(numbers.f_to_kind(kind)?)
}

/// A side of 0 stays as it is, and one side of -1 is concluded from the others.
fn reshape(call: &Call) -> Result<Vec<Tensor>> {
    let x = call.input(0)?;
    let mut shape = call.integers("shape", 1)?.unwrap_or_default();
    if call.node.int("allowzero", 0) == 0 {
        for (side, own) in shape.iter_mut().zip(x.size()) {
            if *side == 0 {
                *side = own;
            }
        }
    }
    one(x.f_reshape(shape)?)
}

fn shape(call: &Call) -> Result<Vec<Tensor>> {
    let sides = call.input(0)?.size();
    let n = sides.len() as i64;
    let bound = |name: &str, usual: i64| {
        let bound = call.node.int(name, usual);
        (if bound < 0 { bound + n } else { bound }).clamp(0, n) as usize
    };
    let (start, end) = (bound("start", 0), bound("end", n));
    one(Tensor::f_from_slice(sides.get(start..end).unwrap_or(&[]))?)
}

fn slice(call: &Call) -> Result<Vec<Tensor>> {
    let x = call.input(0)?;
    let starts = call.integers("starts", 1)?.unwrap_or_default();
    let ends = call.integers("ends", 2)?.unwrap_or_default();
    let axes = call.integers("axes", 3)?;
    let axes = axes.unwrap_or_else(|| (0..starts.len() as i64).collect());
    let steps = match call.optional(4) {
        Some(steps) => to_integers(steps)?,
        None => vec![1; starts.len()],
    };
    if [ends.len(), axes.len(), steps.len()] != [starts.len(); 3] {
        return Err(Error::Shape(format!(
            "it has {} starts, {} ends, {} axes and {} steps, but must have as many of each",
            starts.len(),
            ends.len(),
            axes.len(),
            steps.len()
        )));
    }
    let mut part = x.shallow_clone();
    for (index, axis) in axes.iter().enumerate() {
        let axis = from_front(*axis, part.dim())?;
        let side = part.size()[axis as usize];
        let chosen = chosen(side, starts[index], ends[index], steps[index])?;
        part = part.f_index_select(axis, &Tensor::f_from_slice(&chosen)?)?;
    }
    one(part)
}

/// The indices from `start` to `end`, both of which may be counted from the end of the axis.
fn chosen(side: i64, start: i64, end: i64, step: i64) -> Result<Vec<i64>> {
    let from_front = |bound: i64| if bound < 0 { bound + side } else { bound };
    let (start, end) = (from_front(start), from_front(end));
    let step_size = usize::try_from(step.unsigned_abs()).unwrap_or(usize::MAX);
    match step {
        0 => Err(Error::Value("its step is 0".into())),
        1.. => Ok((start.clamp(0, side)..end.clamp(0, side))
            .step_by(step_size)
            .collect()),
        _ => {
            let (start, end) = (start.clamp(-1, side - 1), end.clamp(-1, side - 1));
            Ok((end + 1..=start).rev().step_by(step_size).collect())
        }
    }
}

fn split(call: &Call) -> Result<Vec<Tensor>> {
    let x = call.input(0)?;
    let axis = call.axis(x, 0)?;
    let sizes = match call.integers("split", 1)? {
        Some(sizes) => sizes,
        None => {
            let n = call.node.outputs.len() as i64;
            let side = x.size()[axis as usize];
            let size = (side + n - 1) / n.max(1);
            (0..n).map(|k| (side - k * size).clamp(0, size)).collect()
        }
    };
    Ok(x.f_split_with_sizes(sizes, axis)?)
}

fn squeeze(call: &Call) -> Result<Vec<Tensor>> {
    let x = call.input(0)?;
    let Some(axes) = call.integers("axes", 1)? else {
        return one(x.f_squeeze()?);
    };
    let mut shape = x.size();
    let axes: Result<Vec<i64>> = axes.iter().map(|axis| from_front(*axis, x.dim())).collect();
    let mut axes = axes?;
    axes.sort_unstable();
    axes.dedup();
    for axis in axes.into_iter().rev() {
        let side = shape.remove(axis as usize);
        if side != 1 {
            return Err(Error::Shape(format!(
                "its axis {axis} has {side} values, but only an axis of one value can be left out"
            )));
        }
    }
    one(x.f_reshape(shape)?)
}

fn tile(call: &Call) -> Result<Vec<Tensor>> {
    let x = call.input(0)?;
    let repeats = to_integers(call.input(1)?)?;
    let sides = x.size();
    if repeats.len() != sides.len() {
        return Err(Error::Shape(format!(
            "there are {} repeats for {} axes",
            repeats.len(),
            sides.len()
        )));
    }
    let pairs = sides.iter().zip(&repeats);
    check_size(
        &pairs
            .map(|(side, n)| side.saturating_mul(*n))
            .collect::<Vec<_>>(),
    )?;
    one(x.f_repeat(repeats)?)
}

fn unsqueeze(call: &Call) -> Result<Vec<Tensor>> {
    let x = call.input(0)?;
    let axes = call.integers("axes", 1)?.unwrap_or_default();
    let n_axes = x.dim() + axes.len();
    let axes: Result<Vec<i64>> = axes.iter().map(|axis| from_front(*axis, n_axes)).collect();
    let mut axes = axes?;
    axes.sort_unstable();
    let mut shape = x.size();
    for axis in axes {
        let axis = (axis as usize).min(shape.len());
        shape.insert(axis, 1);
    }
    one(x.f_reshape(shape)?)
}
