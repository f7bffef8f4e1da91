//! Operators of `ai.onnx.ml`: scaling, linear models and support vectors, as scikit-learn's
//! converters write them.

use super::{Apply, one};
use crate::error::{Error, Result};
use crate::network::onnx::call::Call;
use tch::{Kind, Tensor};

pub fn find(operator: &str) -> Option<Apply> {
    let apply: Apply = match operator {
        "ArrayFeatureExtractor" => |call| {
            let indices = call.input(1)?.f_to_kind(Kind::Int64)?.f_reshape([-1])?;
            one(call.input(0)?.f_index_select(-1, &indices)?)
        },
        "Binarizer" => |call| {
            let is_above = real(call, 0)?.f_gt(call.node.float("threshold", 0.0))?;
            one(is_above.f_to_kind(Kind::Double)?)
        },
        "FeatureVectorizer" => |call| {
            let parts: Result<Vec<Tensor>> =
                (0..call.inputs.len()).map(|k| real(call, k)).collect();
            one(Tensor::f_cat(&parts?, 1)?)
        },
        "Imputer" => impute,
        "LinearClassifier" => classifier,
        "LinearRegressor" => |call| {
            let n_targets = call.node.int("targets", 1);
            one(transformed(call, &linear(call, n_targets)?)?)
        },
        "Normalizer" => normalize,
        "OneHotEncoder" => one_hot,
        "Scaler" => |call| {
            let (offset, scale) = (list(call, "offset")?, list(call, "scale")?);
            one(real(call, 0)?.f_sub(&offset)?.f_multiply(&scale)?)
        },
        "SVMRegressor" => support_vectors,
        // It gives the columns of a tensor the names of classes.
        "ZipMap" => |call| one(call.input(0)?.shallow_clone()),
        _ => return None,
    };
    Some(apply)
}

/// An input as floating-point numbers.
fn real(call: &Call, index: usize) -> Result<Tensor> {
    Ok(call.input(index)?.f_to_kind(Kind::Double)?)
}

/// An attribute of one number, or of one number per column.
fn list(call: &Call, name: &str) -> Result<Tensor> {
    Ok(Tensor::f_from_slice(call.node.floats(name))?)
}

/// An attribute as a matrix with rows of this length.
fn matrix(call: &Call, name: &str, n_columns: i64) -> Result<Tensor> {
    Ok(list(call, name)?.f_reshape([-1, n_columns])?)
}

/// Scores `(n_rows, n_scores)`: products with coefficients, and intercepts.
fn linear(call: &Call, n_scores: i64) -> Result<Tensor> {
    let x = real(call, 0)?;
    let coefficients = list(call, "coefficients")?.f_reshape([n_scores, -1])?;
    let scores = x.f_matmul(&coefficients.f_tr()?)?;
    Ok(match call.node.floats("intercepts") {
        [] => scores,
        _ => scores.f_add(&list(call, "intercepts")?)?,
    })
}

/// What turns scores `(n_rows, n_scores)` into probabilities.
pub(super) fn transformed(call: &Call, scores: &Tensor) -> Result<Tensor> {
    Ok(match call.node.text("post_transform", "NONE") {
        "NONE" => scores.shallow_clone(),
        "LOGISTIC" => scores.f_sigmoid()?,
        "SOFTMAX" => scores.f_softmax(-1, None)?,
        other => {
            return Err(Error::Model(format!(
                "its post_transform is {other}; NONE, LOGISTIC and SOFTMAX are read"
            )));
        }
    })
}

/// The number of classes by their labels.
pub(super) fn n_classes(call: &Call) -> usize {
    let numbers = ["classlabels_ints", "classlabels_int64s"].map(|name| call.node.ints(name).len());
    let texts = call.node.texts("classlabels_strings").len();
    numbers.into_iter().chain([texts]).max().unwrap_or(0)
}

/// The label of the highest score, and the scores. Of two classes with one score, it is that of
/// the second.
pub(super) fn decided(call: &Call, scores: &Tensor, is_probability: bool) -> Result<Vec<Tensor>> {
    let mut transformed = transformed(call, scores)?;
    if scores.size().last() == Some(&1) && n_classes(call) == 2 {
        let gives_share = is_probability || call.node.text("post_transform", "NONE") == "LOGISTIC";
        let opposite = transformed.f_neg()?;
        let other = if gives_share {
            opposite.f_add_scalar(1.0)?
        } else {
            opposite
        };
        transformed = Tensor::f_cat(&[other, transformed], -1)?;
    }
    Ok(vec![transformed.f_argmax(-1, false)?, transformed])
}

fn classifier(call: &Call) -> Result<Vec<Tensor>> {
    let n_scores = call.node.floats("intercepts").len().max(1) as i64;
    decided(call, &linear(call, n_scores)?, false)
}

fn normalize(call: &Call) -> Result<Vec<Tensor>> {
    let x = real(call, 0)?;
    let axis = [-1];
    let length = match call.node.text("norm", "MAX") {
        "L1" => x.f_abs()?.f_sum_dim_intlist(axis.as_slice(), true, None)?,
        "L2" => (x.f_square()?)
            .f_sum_dim_intlist(axis.as_slice(), true, None)?
            .f_sqrt()?,
        _ => x.f_amax(axis, true)?,
    };
    one(x.f_div(&length)?)
}

fn impute(call: &Call) -> Result<Vec<Tensor>> {
    let x = real(call, 0)?;
    let given = list(call, "imputed_value_floats")?;
    let missing = call.node.float("replaced_value_float", f64::NAN);
    let is_missing = if missing.is_nan() {
        x.f_isnan()?
    } else {
        x.f_eq(missing)?
    };
    one(given.f_where_self(&is_missing, &x)?)
}

fn one_hot(call: &Call) -> Result<Vec<Tensor>> {
    let categories = call.node.ints("cats_int64s");
    if categories.is_empty() {
        return Err(Error::Model(
            "it encodes text, but only numbers are read: give the encoded columns to the model"
                .into(),
        ));
    }
    let x = real(call, 0)?.f_unsqueeze(-1)?;
    let is_it = x.f_eq_tensor(&Tensor::f_from_slice(categories)?)?;
    one(is_it.f_to_kind(Kind::Double)?)
}

/// A sum of kernels around the support vectors.
fn support_vectors(call: &Call) -> Result<Vec<Tensor>> {
    let x = real(call, 0)?;
    let n_features = x.size().last().copied().unwrap_or(0);
    let coefficients = list(call, "coefficients")?.f_reshape([-1, 1])?;
    let products = if call.node.floats("support_vectors").is_empty() {
        x.f_matmul(&coefficients)?
    } else {
        let vectors = matrix(call, "support_vectors", n_features)?;
        kernel(call, &x, &vectors)?.f_matmul(&coefficients)?
    };
    one(products.f_add(&list(call, "rho")?)?)
}

/// The kernel of each row with each support vector, `(n_rows, n_vectors)`.
fn kernel(call: &Call, x: &Tensor, vectors: &Tensor) -> Result<Tensor> {
    let parameter = |index: usize| {
        let parameters = call.node.floats("kernel_params");
        parameters.get(index).copied().unwrap_or(0.0)
    };
    let (gamma, offset, degree) = (parameter(0), parameter(1), parameter(2));
    let products = || x.f_matmul(&vectors.f_tr()?);
    Ok(match call.node.text("kernel_type", "LINEAR") {
        "LINEAR" => products()?,
        "RBF" => {
            let squares = |rows: &Tensor, keep: bool| -> Result<Tensor> {
                Ok(rows
                    .f_square()?
                    .f_sum_dim_intlist([-1].as_slice(), keep, None)?)
            };
            let lengths = squares(x, true)?.f_add(&squares(vectors, false)?)?;
            let distances = lengths.f_sub(&products()?.f_multiply_scalar(2.0)?)?;
            distances.f_multiply_scalar(-gamma)?.f_exp()?
        }
        name => {
            let line = products()?.f_multiply_scalar(gamma)?.f_add_scalar(offset)?;
            match name {
                "POLY" => line.f_pow_tensor_scalar(degree)?,
                "SIGMOID" => line.f_tanh()?,
                _ => return Err(Error::Model(format!("its kernel {name} isn't read"))),
            }
        }
    })
}
