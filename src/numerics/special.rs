//! Functions that the standard library doesn't have.

/// `1 / (1 + exp(-u))`.
pub(crate) fn sigmoid(u: f64) -> f64 {
    1.0 / (1.0 + (-u).exp())
}

/// `log(1 + exp(u))`, without the overflow of `exp`.
pub(crate) fn softplus(u: f64) -> f64 {
    u.max(0.0) + (-u.abs()).exp().ln_1p()
}
