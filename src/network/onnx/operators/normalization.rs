//! Normalization, with given or with the rows' own means and variances.

use super::{Apply, one};
use crate::error::{Error, Result};
use crate::network::onnx::call::Call;
use tch::Tensor;

pub fn find(operator: &str) -> Option<Apply> {
    let apply: Apply = match operator {
        "BatchNormalization" => batch,
        "GroupNormalization" => group,
        "InstanceNormalization" => instance,
        "LayerNormalization" => layer,
        "LpNormalization" => norm,
        "RMSNormalization" => root_mean_square,
        _ => return None,
    };
    Some(apply)
}

fn epsilon(call: &Call) -> f64 {
    call.node.float("epsilon", 1e-5)
}

/// One number for each channel, the second axis of `x`.
fn of_channels(numbers: &Tensor, x: &Tensor) -> Result<Tensor> {
    let mut shape = vec![1; x.dim()];
    match shape.get_mut(1) {
        Some(channels) => *channels = -1,
        None => return Err(Error::Shape("its input must have channels, axis 1".into())),
    }
    Ok(numbers.f_reshape(shape)?)
}

fn batch(call: &Call) -> Result<Vec<Tensor>> {
    let x = call.input(0)?;
    if call.node.int("training_mode", 0) != 0 {
        return Err(Error::Model(
            "it is in training mode, in which rows depend on each other: export the model in \
             evaluation mode, such as model.eval()"
                .into(),
        ));
    }
    let part = |index: usize| of_channels(call.input(index)?, x);
    let deviation = part(4)?.f_add_scalar(epsilon(call))?.f_sqrt()?;
    let scaled = x.f_sub(&part(3)?)?.f_div(&deviation)?;
    one(scaled.f_multiply(&part(1)?)?.f_add(&part(2)?)?)
}

/// `x` with mean 0 and variance 1 over some axes.
fn standardized(x: &Tensor, axes: &[i64], epsilon: f64) -> Result<Tensor> {
    let centred = x.f_sub(&x.f_mean_dim(axes, true, None)?)?;
    let variance = centred.f_square()?.f_mean_dim(axes, true, None)?;
    Ok(centred.f_div(&variance.f_add_scalar(epsilon)?.f_sqrt()?)?)
}

/// The axes from the one that the node names on.
fn last_axes(call: &Call, x: &Tensor) -> Result<Vec<i64>> {
    Ok((call.axis(x, -1)?..x.dim() as i64).collect())
}

fn layer(call: &Call) -> Result<Vec<Tensor>> {
    let x = call.input(0)?;
    let axes = last_axes(call, x)?;
    let scaled = standardized(x, &axes, epsilon(call))?.f_multiply(call.input(1)?)?;
    one(match call.optional(2) {
        Some(biases) => scaled.f_add(biases)?,
        None => scaled,
    })
}

fn root_mean_square(call: &Call) -> Result<Vec<Tensor>> {
    let x = call.input(0)?;
    let axes = last_axes(call, x)?;
    let square = x.f_square()?.f_mean_dim(axes.as_slice(), true, None)?;
    let scaled = x.f_div(&square.f_add_scalar(epsilon(call))?.f_sqrt()?)?;
    one(scaled.f_multiply(call.input(1)?)?)
}

fn instance(call: &Call) -> Result<Vec<Tensor>> {
    let x = call.input(0)?;
    let axes: Vec<i64> = (2..x.dim() as i64).collect();
    let scaled = standardized(x, &axes, epsilon(call))?;
    let scaled = scaled.f_multiply(&of_channels(call.input(1)?, x)?)?;
    one(scaled.f_add(&of_channels(call.input(2)?, x)?)?)
}

fn group(call: &Call) -> Result<Vec<Tensor>> {
    let x = call.input(0)?;
    let n_groups = call.node.int("num_groups", 1);
    let shape = x.size();
    let &[n_rows, _, ..] = shape.as_slice() else {
        return Err(Error::Shape("its input must have channels, axis 1".into()));
    };
    let grouped = x.f_reshape([n_rows, n_groups, -1])?;
    let scaled = standardized(&grouped, &[2], epsilon(call))?.f_reshape(&shape)?;
    let scaled = scaled.f_multiply(&of_channels(call.input(1)?, x)?)?;
    one(scaled.f_add(&of_channels(call.input(2)?, x)?)?)
}

fn norm(call: &Call) -> Result<Vec<Tensor>> {
    let x = call.input(0)?;
    let axis = call.axis(x, -1)?;
    let length = match call.node.int("p", 2) {
        1 => x
            .f_abs()?
            .f_sum_dim_intlist([axis].as_slice(), true, None)?,
        _ => (x.f_square()?)
            .f_sum_dim_intlist([axis].as_slice(), true, None)?
            .f_sqrt()?,
    };
    one(x.f_div(&length)?)
}
