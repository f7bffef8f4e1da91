//! Numbers as files hold them: bytes of a numeric type.

use crate::error::Result;
use crate::network::tensors::to_vec;
use tch::Kind;

/// Numbers, row after row, and their shape.
pub(super) struct Tensor {
    pub shape: Vec<usize>,
    pub values: Vec<f64>,
}

/// Little-endian bytes of a numeric type as `f64`.
pub(super) fn to_numbers(bytes: &[u8], kind: Kind) -> Result<Vec<f64>> {
    let n = bytes.len() / kind.elt_size_in_bytes();
    to_vec(&tch::Tensor::f_from_data_size(bytes, &[n as i64], kind)?)
}

/// The transpose of a matrix `(n_rows, n_columns)`.
pub(super) fn transposed(values: &[f64], n_columns: usize) -> Vec<f64> {
    let columns = 0..n_columns;
    columns
        .flat_map(|column| values.iter().skip(column).step_by(n_columns).copied())
        .collect()
}
