//! What functions are tried of.

use crate::effort::Univariate;

/// What a function is of: `scale x`, or `scale / x`.
#[derive(Clone, Copy)]
pub struct Argument {
    pub is_inverse: bool,
    /// None for 1.
    pub scale: Option<f64>,
}

impl Argument {
    /// The variable or its inverse, as it is and with numbers before it in equal ratios.
    pub fn every(is_inverse: bool, variable: &[f64], limits: &Univariate) -> Vec<Self> {
        let plain = Self {
            is_inverse,
            scale: None,
        };
        let sizes = plain.of(variable).into_iter().map(f64::abs);
        let largest = sizes.fold(f64::MIN_POSITIVE, f64::max);
        let steps = (0..limits.n_scales).map(|step| ratio(limits).powi(step as i32));
        let scales = steps.map(|step| Some(step * limits.least_argument / largest));
        scales
            .map(|scale| Self { scale, ..plain })
            .chain([plain])
            .collect()
    }

    pub fn of(&self, variable: &[f64]) -> Vec<f64> {
        let scale = self.scale.unwrap_or(1.0);
        let argument = |x: &f64| {
            if self.is_inverse {
                scale / x
            } else {
                scale * x
            }
        };
        variable.iter().map(argument).collect()
    }
}

/// The ratio of two scales that follow each other.
pub fn ratio(limits: &Univariate) -> f64 {
    let last = limits.n_scales.saturating_sub(1).max(1) as f64;
    (limits.largest_argument / limits.least_argument).powf(1.0 / last)
}
