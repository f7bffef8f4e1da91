//! Products of matrices.

use super::{Apply, one};
use crate::error::{Error, Result};
use crate::network::onnx::call::{Call, alike};
use tch::Tensor;

pub fn find(operator: &str) -> Option<Apply> {
    let apply: Apply = match operator {
        "Einsum" => einsum,
        "Gemm" => gemm,
        "MatMul" => matmul,
        _ => return None,
    };
    Some(apply)
}

/// `alpha A B + beta C`, where either matrix may be transposed.
fn gemm(call: &Call) -> Result<Vec<Tensor>> {
    let node = call.node;
    let matrix = |index: usize, transposed: &str| {
        let matrix = call.input(index)?;
        match (matrix.dim(), node.int(transposed, 0)) {
            (2, 0) => Ok(matrix.shallow_clone()),
            (2, _) => Ok(matrix.f_tr()?),
            _ => Err(Error::Shape(format!(
                "its input {} has shape {:?}, but must be a matrix",
                index + 1,
                matrix.size()
            ))),
        }
    };
    let product = matrix(0, "transA")?.f_matmul(&matrix(1, "transB")?)?;
    let product = product.f_multiply_scalar(node.float("alpha", 1.0))?;
    match call.optional(2) {
        None => one(product),
        Some(biases) => {
            let biases = biases.f_multiply_scalar(node.float("beta", 1.0))?;
            one(product.f_add(&biases)?)
        }
    }
}

fn matmul(call: &Call) -> Result<Vec<Tensor>> {
    let (left, right) = alike(call.input(0)?, call.input(1)?)?;
    one(left.f_matmul(&right)?)
}

fn einsum(call: &Call) -> Result<Vec<Tensor>> {
    let equation = call.node.text("equation", "");
    one(Tensor::f_einsum(equation, &call.all(), None::<i64>)?)
}
