//! The number of threads that libtorch uses.

use super::numbers::SHARED_WORK;
use super::subnormals::flush_subnormals;
use crate::error::Result;
use std::sync::OnceLock;
use tch::{Device, Kind, Tensor};

/// The number of threads that libtorch uses by default. It is read once, because libtorch forgets
/// it when another number is set.
pub(super) fn most_threads() -> i32 {
    static MOST: OnceLock<i32> = OnceLock::new();
    *MOST.get_or_init(tch::get_num_threads)
}

/// Makes libtorch use `n_threads` threads. It starts them when there is work to share, and they
/// keep the floating-point mode that they are started in.
pub(super) fn start_threads(n_threads: i32) -> Result<()> {
    most_threads();
    tch::set_num_threads(n_threads);
    let shape = [i64::from(n_threads) * SHARED_WORK];
    let work = flush_subnormals(|| Tensor::f_ones(shape, (Kind::Float, Device::Cpu)));
    Ok(work.map(drop)?)
}
