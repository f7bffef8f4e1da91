//! The threads that libtorch works with.

use super::numbers::SHARED_WORK;
use super::subnormals::flush_subnormals;
use crate::error::Result;
use std::sync::OnceLock;
use tch::{Device, Kind, Tensor};

/// As many threads as libtorch uses by itself; it forgets them once it is told another number.
pub(super) fn most_threads() -> i32 {
    static MOST: OnceLock<i32> = OnceLock::new();
    *MOST.get_or_init(tch::get_num_threads)
}

/// Has libtorch work with so many threads. It starts them with the first work to share, and they
/// keep the mode that they are started in.
pub(super) fn start_threads(n_threads: i32) -> Result<()> {
    most_threads();
    tch::set_num_threads(n_threads);
    let shape = [i64::from(n_threads) * SHARED_WORK];
    let work = flush_subnormals(|| Tensor::f_ones(shape, (Kind::Float, Device::Cpu)));
    Ok(work.map(drop)?)
}
