//! Training without subnormal numbers, which many processors compute a hundred times slower.

use no_denormals::no_denormals;

/// Runs tensor operations with subnormal results rounded to 0. TensorFlow always works this way,
/// PyTorch after `torch.set_flush_denormal(True)`.
///
/// A penalty on weights shrinks unneeded ones below 1e-38 within a hundred epochs, and the gradient
/// of a confident logit gets as small.
#[expect(unsafe_code, reason = "the mode is out of the compiler's sight")]
pub(super) fn flush_subnormals<T>(operations: impl FnOnce() -> T) -> T {
    // SAFETY: the compiler assumes that subnormal numbers exist. In training, only libtorch meets
    // them, and it supports this mode. Rust's own arithmetic in there, on learning rates and
    // dropout factors, never comes near them, and the mode ends with the call.
    unsafe { no_denormals(operations) }
}

#[cfg(test)]
mod tests {
    use super::super::threads::start_threads;
    use super::*;
    use tch::{Device, Kind, Tensor};

    fn squares() -> Vec<f32> {
        let small = Tensor::full([1 << 20], 1e-20, (Kind::Float, Device::Cpu));
        small.square().try_into().unwrap()
    }

    #[test]
    fn no_thread_of_training_has_subnormal_numbers_and_others_have() {
        // A thread for which libtorch has started none yet.
        let trained = || {
            start_threads(2).unwrap();
            squares();
            let flushed = flush_subnormals(squares);
            (flushed, f32::MIN_POSITIVE / std::hint::black_box(2.0))
        };
        let (flushed, half) = std::thread::spawn(trained).join().unwrap();
        assert!(flushed.iter().all(|square| square.to_bits() == 0));
        assert!(half.is_subnormal());
        assert!(squares().iter().all(|square| square.is_subnormal()));
    }
}
