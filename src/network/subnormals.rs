//! Training without subnormal numbers, which many processors take a hundred times as long for.

use no_denormals::no_denormals;

/// Runs tensor operations in which what would be subnormal is 0, as TensorFlow does always, and
/// PyTorch after `torch.set_flush_denormal(True)`.
///
/// A penalty on weights drives those that nothing needs below 1e-38 within a hundred epochs, and a
/// sure logit has a gradient as small.
#[expect(unsafe_code, reason = "the mode is out of the compiler's sight")]
pub(super) fn flush_subnormals<T>(operations: impl FnOnce() -> T) -> T {
    // SAFETY: the compiler takes it for granted that subnormal numbers exist. Those of training are
    // libtorch's, which allows for the mode; Rust's own arithmetic in there, learning rates and
    // dropout's factors, never comes near them, and the mode ends with the call.
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
