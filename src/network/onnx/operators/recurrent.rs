//! Recurrent layers over a sequence that each row holds.

use super::Apply;
use crate::error::{Error, Result};
use crate::network::onnx::call::Call;
use tch::{Kind, Tensor};

pub fn find(operator: &str) -> Option<Apply> {
    let apply: Apply = match operator {
        "GRU" => |call| run(call, 3, gated_step),
        "LSTM" => |call| run(call, 4, memory_step),
        "RNN" => |call| run(call, 1, plain_step),
        _ => return None,
    };
    Some(apply)
}

/// The weights of one direction, and the state `(n_rows, n_hidden)` that goes from step to step.
struct Layer<'a> {
    call: &'a Call<'a>,
    /// `(n_gates n_hidden, n_inputs)`, as [`recurrent`](Self::recurrent) one gate after another.
    inputs: Tensor,
    /// `(n_gates n_hidden, n_hidden)`.
    recurrent: Tensor,
    /// Biases of inputs and of the state, `(n_gates n_hidden,)` each.
    biases: [Tensor; 2],
    hidden: Tensor,
    /// The memory of an LSTM.
    cell: Tensor,
}

impl Layer<'_> {
    fn of_inputs(&self, x: &Tensor) -> Result<Tensor> {
        Ok(x.f_matmul(&self.inputs.f_tr()?)?.f_add(&self.biases[0])?)
    }

    fn of_state(&self) -> Result<Tensor> {
        let product = self.hidden.f_matmul(&self.recurrent.f_tr()?)?;
        Ok(product.f_add(&self.biases[1])?)
    }
}

type Step = fn(&mut Layer, &Tensor) -> Result<()>;

/// Outputs: all states `(n_steps, n_directions, n_rows, n_hidden)`, the last state and the last
/// memory `(n_directions, n_rows, n_hidden)`.
fn run(call: &Call, n_gates: i64, step: Step) -> Result<Vec<Tensor>> {
    check(call)?;
    let x = call.input(0)?;
    let &[n_steps, n_rows, _] = x.size().as_slice() else {
        return Err(Error::Shape(format!(
            "its input has shape {:?}, but must have steps, rows and features",
            x.size()
        )));
    };
    let directions: &[bool] = match call.node.text("direction", "forward") {
        "forward" => &[false],
        "reverse" => &[true],
        _ => &[false, true],
    };
    let (mut all, mut last, mut memory) = (Vec::new(), Vec::new(), Vec::new());
    for (index, is_reversed) in directions.iter().enumerate() {
        let mut layer = layer(call, index as i64, n_gates, n_rows)?;
        let mut states = Vec::new();
        for time in 0..n_steps {
            let time = if *is_reversed {
                n_steps - 1 - time
            } else {
                time
            };
            step(&mut layer, &x.f_select(0, time)?)?;
            states.push(layer.hidden.shallow_clone());
        }
        if *is_reversed {
            states.reverse();
        }
        all.push(Tensor::f_stack(&states, 0)?);
        last.push(layer.hidden);
        memory.push(layer.cell);
    }
    Ok(vec![
        Tensor::f_stack(&all, 1)?,
        Tensor::f_stack(&last, 0)?,
        Tensor::f_stack(&memory, 0)?,
    ])
}

/// Refuses what exporters of today's programs don't write.
fn check(call: &Call) -> Result<()> {
    let node = call.node;
    let usual = ["Sigmoid", "Tanh", "Relu"];
    let is_usual = |name: &String| usual.contains(&name.as_str());
    let unusual = [
        (
            "activations",
            !node.texts("activations").iter().all(is_usual),
        ),
        ("clip", node.has("clip")),
        ("layout", node.int("layout", 0) != 0),
        ("input_forget", node.int("input_forget", 0) != 0),
        ("sequence_lens", call.optional(4).is_some()),
        ("peepholes", call.optional(7).is_some()),
    ];
    match unusual.iter().find(|(_, is)| *is) {
        None => Ok(()),
        Some((name, _)) => Err(Error::Model(format!("its {name} aren't read"))),
    }
}

fn layer<'a>(call: &'a Call, index: i64, n_gates: i64, n_rows: i64) -> Result<Layer<'a>> {
    let of_direction =
        |input: usize| -> Result<Tensor> { Ok(call.input(input)?.f_select(0, index)?) };
    let recurrent = of_direction(2)?;
    let n_hidden = recurrent.size().last().copied().unwrap_or(0);
    let options = (Kind::Double, recurrent.device());
    let state = |input: usize| match call.optional(input) {
        Some(state) => Ok(state.f_select(0, index)?),
        None => Ok::<_, Error>(Tensor::f_zeros([n_rows, n_hidden], options)?),
    };
    let biases = match call.optional(3) {
        Some(_) => of_direction(3)?,
        None => Tensor::f_zeros([2 * n_gates * n_hidden], options)?,
    };
    let width = n_gates * n_hidden;
    Ok(Layer {
        call,
        inputs: of_direction(1)?,
        recurrent,
        biases: [
            biases.f_narrow(0, 0, width)?,
            biases.f_narrow(0, width, width)?,
        ],
        hidden: state(5)?,
        cell: state(6)?,
    })
}

fn plain_step(layer: &mut Layer, x: &Tensor) -> Result<()> {
    let potentials = layer.of_inputs(x)?.f_add(&layer.of_state()?)?;
    let is_relu = layer
        .call
        .node
        .texts("activations")
        .iter()
        .any(|name| name == "Relu");
    layer.hidden = if is_relu {
        potentials.f_relu()?
    } else {
        potentials.f_tanh()?
    };
    Ok(())
}

/// The gates are input, output, forget and cell.
fn memory_step(layer: &mut Layer, x: &Tensor) -> Result<()> {
    let potentials = layer.of_inputs(x)?.f_add(&layer.of_state()?)?;
    let gates = potentials.f_chunk(4, -1)?;
    let [input, output, forget, cell] = gates.as_slice() else {
        return Err(Error::Shape(
            "its weights must be those of four gates".into(),
        ));
    };
    let kept = forget.f_sigmoid()?.f_multiply(&layer.cell)?;
    layer.cell = kept.f_add(&input.f_sigmoid()?.f_multiply(&cell.f_tanh()?)?)?;
    layer.hidden = output.f_sigmoid()?.f_multiply(&layer.cell.f_tanh()?)?;
    Ok(())
}

/// The gates are update, reset and new.
fn gated_step(layer: &mut Layer, x: &Tensor) -> Result<()> {
    let of_inputs = layer.of_inputs(x)?.f_chunk(3, -1)?;
    let of_state = layer.of_state()?.f_chunk(3, -1)?;
    let ([z, r, n], [state_z, state_r, state_n]) = (of_inputs.as_slice(), of_state.as_slice())
    else {
        return Err(Error::Shape(
            "its weights must be those of three gates".into(),
        ));
    };
    let update = z.f_add(state_z)?.f_sigmoid()?;
    let reset = r.f_add(state_r)?.f_sigmoid()?;
    let recalled = if layer.call.node.int("linear_before_reset", 0) != 0 {
        reset.f_multiply(state_n)?
    } else {
        let n_hidden = layer.hidden.size().last().copied().unwrap_or(0);
        let weights = layer.recurrent.f_narrow(0, 2 * n_hidden, n_hidden)?;
        let biases = layer.biases[1].f_narrow(0, 2 * n_hidden, n_hidden)?;
        let product = reset
            .f_multiply(&layer.hidden)?
            .f_matmul(&weights.f_tr()?)?;
        product.f_add(&biases)?
    };
    let new = n.f_add(&recalled)?.f_tanh()?;
    // (1 - z) n + z h
    let change = layer.hidden.f_sub(&new)?;
    layer.hidden = new.f_add(&update.f_multiply(&change)?)?;
    Ok(())
}
