//! Convolutions and pools over one to three axes behind the rows and channels.

use super::{Apply, check_size, one};
use crate::error::{Error, Result};
use crate::network::onnx::call::Call;
use tch::Tensor;

pub fn find(operator: &str) -> Option<Apply> {
    let apply: Apply = match operator {
        "AveragePool" => average_pool,
        "Conv" => convolution,
        "ConvTranspose" => transposed_convolution,
        "GlobalAveragePool" => |call| {
            let x = call.input(0)?;
            one(x.f_mean_dim(inner_axes(x).as_slice(), true, None)?)
        },
        "GlobalMaxPool" => |call| {
            let x = call.input(0)?;
            one(x.f_amax(inner_axes(x), true)?)
        },
        "MaxPool" => max_pool,
        _ => return None,
    };
    Some(apply)
}

/// The axes behind the rows and channels.
fn inner_axes(x: &Tensor) -> Vec<i64> {
    (2..x.dim() as i64).collect()
}

/// How a window moves over the inner axes; each list has one number per axis.
struct Window {
    size: Vec<i64>,
    strides: Vec<i64>,
    dilations: Vec<i64>,
    before: Vec<i64>,
    after: Vec<i64>,
}

impl Window {
    fn of(call: &Call, x: &Tensor, size: &[i64]) -> Result<Self> {
        let n_axes = x.dim().saturating_sub(2);
        if size.len() != n_axes || !(1..=3).contains(&n_axes) {
            return Err(Error::Shape(format!(
                "its window of shape {size:?} doesn't fit an input of shape {:?}, which needs rows, \
                 channels and one to three further axes",
                x.size()
            )));
        }
        let list = |name: &str| match call.node.ints(name) {
            [] => Ok(vec![1; n_axes]),
            numbers if numbers.len() == n_axes && numbers.iter().all(|n| *n > 0) => {
                Ok(numbers.to_vec())
            }
            numbers => Err(Error::Shape(format!("its {name} are {numbers:?}"))),
        };
        let mut window = Self {
            size: size.to_vec(),
            strides: list("strides")?,
            dilations: list("dilations")?,
            before: vec![0; n_axes],
            after: vec![0; n_axes],
        };
        window.pad(call, &x.size()[2..])?;
        Ok(window)
    }

    fn pad(&mut self, call: &Call, sides: &[i64]) -> Result<()> {
        let mode = call.node.text("auto_pad", "NOTSET");
        let pads = call.node.ints("pads");
        let n_axes = sides.len();
        match mode {
            "VALID" => {}
            "NOTSET" if pads.is_empty() => {}
            "NOTSET" if pads.len() == 2 * n_axes && pads.iter().all(|pad| *pad >= 0) => {
                self.before.copy_from_slice(&pads[..n_axes]);
                self.after.copy_from_slice(&pads[n_axes..]);
            }
            "SAME_UPPER" | "SAME_LOWER" => {
                for (axis, side) in sides.iter().enumerate() {
                    let reach = self.dilations[axis].saturating_mul(self.size[axis] - 1);
                    // The windows begin at multiples of the stride, up to the last number.
                    let last = (side - 1) - (side - 1) % self.strides[axis];
                    let missing = last.saturating_add(reach).saturating_add(1 - side).max(0);
                    let (less, more) = (missing / 2, missing - missing / 2);
                    (self.before[axis], self.after[axis]) = match mode {
                        "SAME_UPPER" => (less, more),
                        _ => (more, less),
                    };
                }
            }
            _ => {
                return Err(Error::Format(format!(
                    "its padding is {mode} with the numbers {pads:?}"
                )));
            }
        }
        Ok(())
    }

    /// The input with this number around it.
    fn padded(&self, x: &Tensor, number: f64) -> Result<Tensor> {
        // libtorch counts the axes from the last.
        let pads = self.before.iter().zip(&self.after).rev();
        let pads: Vec<i64> = pads.flat_map(|(before, after)| [*before, *after]).collect();
        if pads.iter().all(|pad| *pad == 0) {
            return Ok(x.shallow_clone());
        }
        let mut shape = x.size();
        for (side, (before, after)) in shape[2..]
            .iter_mut()
            .zip(self.before.iter().zip(&self.after))
        {
            *side = side.saturating_add(*before).saturating_add(*after);
        }
        check_size(&shape)?;
        Ok(x.f_pad(pads, "constant", number)?)
    }
}

/// The shape of the kernels, behind the axes of channels.
fn kernel_size(weights: &Tensor) -> Vec<i64> {
    weights.size().into_iter().skip(2).collect()
}

fn convolution(call: &Call) -> Result<Vec<Tensor>> {
    let (x, weights) = (call.input(0)?, call.input(1)?);
    let window = Window::of(call, x, &kernel_size(weights))?;
    let zeros = vec![0; window.size.len()];
    one(window.padded(x, 0.0)?.f_convolution(
        weights,
        call.optional(2),
        &window.strides,
        &zeros,
        &window.dilations,
        false,
        &zeros,
        call.node.int("group", 1),
    )?)
}

fn transposed_convolution(call: &Call) -> Result<Vec<Tensor>> {
    let (x, weights) = (call.input(0)?, call.input(1)?);
    let window = Window::of(call, x, &kernel_size(weights))?;
    let is_even = window.before == window.after && call.node.text("auto_pad", "NOTSET") == "NOTSET";
    if !is_even || call.node.has("output_shape") {
        return Err(Error::Model(
            "a transposed convolution is read with the same padding on both sides only".into(),
        ));
    }
    let further = match call.node.ints("output_padding") {
        [] => vec![0; window.size.len()],
        further => further.to_vec(),
    };
    one(x.f_convolution(
        weights,
        call.optional(2),
        &window.strides,
        &window.before,
        &window.dilations,
        true,
        further,
        call.node.int("group", 1),
    )?)
}

fn max_pool(call: &Call) -> Result<Vec<Tensor>> {
    let x = call.input(0)?;
    let window = Window::of(call, x, call.node.ints("kernel_shape"))?;
    let padded = window.padded(x, f64::NEG_INFINITY)?;
    let is_ceil = call.node.int("ceil_mode", 0) != 0;
    let (size, strides, dilations) = (&window.size, &window.strides, &window.dilations);
    let zeros = vec![0; size.len()];
    one(match size.len() {
        1 => padded.f_max_pool1d(size, strides, &zeros, dilations, is_ceil)?,
        2 => padded.f_max_pool2d(size, strides, &zeros, dilations, is_ceil)?,
        _ => padded.f_max_pool3d(size, strides, &zeros, dilations, is_ceil)?,
    })
}

fn average_pool(call: &Call) -> Result<Vec<Tensor>> {
    let x = call.input(0)?;
    let window = Window::of(call, x, call.node.ints("kernel_shape"))?;
    if call.node.int("ceil_mode", 0) != 0 || window.dilations.iter().any(|step| *step != 1) {
        return Err(Error::Model(
            "an average pool is read without ceil_mode and dilations only".into(),
        ));
    }
    let total = |x: &Tensor| -> Result<Tensor> {
        let padded = window.padded(x, 0.0)?;
        let (size, strides) = (&window.size, &window.strides);
        let zeros = vec![0; size.len()];
        Ok(match size.len() {
            1 => padded.f_avg_pool1d(size, strides, &zeros, false, true)?,
            2 => padded.f_avg_pool2d(size, strides, &zeros, false, true, None)?,
            _ => padded.f_avg_pool3d(size, strides, &zeros, false, true, None)?,
        })
    };
    let mean = total(x)?;
    one(match call.node.int("count_include_pad", 0) {
        // Divided by the share of the window that lies on the input.
        0 => mean.f_div(&total(&x.f_ones_like()?)?)?,
        _ => mean,
    })
}
