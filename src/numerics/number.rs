//! The number types for which operators are defined: a single `f64`, one of many in a vectorized
//! loop, and one of many with a tangent. One definition of an operator serves all three.

use super::elementary;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// The operations that an operator's value and partial derivatives may use.
pub(crate) trait Number:
    Copy
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    fn constant(value: f64) -> Self;
    fn sqrt(self) -> Self;
    fn exp(self) -> Self;
    fn log(self) -> Self;
    fn sin(self) -> Self;
    fn cos(self) -> Self;
    fn tan(self) -> Self;
    fn atan(self) -> Self;
    fn tanh(self) -> Self;
    fn asin(self) -> Self;
    fn acos(self) -> Self;
    fn sinh(self) -> Self;
    fn cosh(self) -> Self;
    /// Whether the angle is small enough for sine, cosine and tangent.
    fn is_near(self) -> bool;
    /// The angle without its whole turns.
    fn turned(self) -> Self;
    /// 1 where the number is positive, otherwise 0.
    fn step(self) -> Self;
    /// The nearest integer, without a derivative.
    fn whole(self) -> Self;
    /// The power with the exponent rounded to an integer.
    fn powi(self, exponent: Self) -> Self;
    /// The power with any exponent.
    fn pow(self, exponent: Self) -> Self;
    /// Applies a function that is known only by its value and derivative.
    fn apply(self, value: impl Fn(f64) -> f64, derivative: impl Fn(f64) -> f64) -> Self;
    /// The same for a function of two arguments.
    fn apply_two(
        self,
        other: Self,
        value: impl Fn(f64, f64) -> f64,
        partials: impl Fn(f64, f64) -> (f64, f64),
    ) -> Self;
}

impl Number for f64 {
    #[inline(always)]
    fn constant(value: f64) -> Self {
        value
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        f64::sqrt(self)
    }

    #[inline(always)]
    fn exp(self) -> Self {
        f64::exp(self)
    }

    #[inline(always)]
    fn log(self) -> Self {
        f64::ln(self)
    }

    #[inline(always)]
    fn sin(self) -> Self {
        f64::sin(self)
    }

    #[inline(always)]
    fn cos(self) -> Self {
        f64::cos(self)
    }

    #[inline(always)]
    fn tan(self) -> Self {
        f64::tan(self)
    }

    #[inline(always)]
    fn atan(self) -> Self {
        f64::atan(self)
    }

    #[inline(always)]
    fn tanh(self) -> Self {
        f64::tanh(self)
    }

    #[inline(always)]
    fn asin(self) -> Self {
        f64::asin(self)
    }

    #[inline(always)]
    fn acos(self) -> Self {
        f64::acos(self)
    }

    #[inline(always)]
    fn sinh(self) -> Self {
        f64::sinh(self)
    }

    #[inline(always)]
    fn cosh(self) -> Self {
        f64::cosh(self)
    }

    #[inline(always)]
    fn is_near(self) -> bool {
        true
    }

    #[inline(always)]
    fn turned(self) -> Self {
        self
    }

    #[inline(always)]
    fn step(self) -> Self {
        f64::from(u8::from(self > 0.0))
    }

    #[inline(always)]
    fn whole(self) -> Self {
        self.round()
    }

    #[inline(always)]
    fn powi(self, exponent: Self) -> Self {
        // The cast saturates: no exponent overflows.
        f64::powi(self, exponent.round() as i32)
    }

    #[inline(always)]
    fn pow(self, exponent: Self) -> Self {
        self.powf(exponent)
    }

    #[inline(always)]
    fn apply(self, value: impl Fn(f64) -> f64, _: impl Fn(f64) -> f64) -> Self {
        value(self)
    }

    #[inline(always)]
    fn apply_two(
        self,
        other: Self,
        value: impl Fn(f64, f64) -> f64,
        _: impl Fn(f64, f64) -> (f64, f64),
    ) -> Self {
        value(self, other)
    }
}

/// A number in a loop over many. Its functions have no branches and no calls, so the compiler turns
/// such loops into vector instructions of the processor's width.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Lane(pub f64);

macro_rules! arithmetic {
    ($($trait:ident $method:ident),*) => {$(
        impl $trait for Lane {
            type Output = Self;

            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(self.0.$method(other.0))
            }
        }
    )*};
}

arithmetic!(Add add, Sub sub, Mul mul, Div div);

impl Neg for Lane {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

macro_rules! functions {
    ($($name:ident $function:path),*) => {$(
        #[inline(always)]
        fn $name(self) -> Self {
            Self($function(self.0))
        }
    )*};
}

impl Number for Lane {
    #[inline(always)]
    fn constant(value: f64) -> Self {
        Self(value)
    }

    functions!(
        sqrt f64::sqrt,
        exp elementary::exp,
        log elementary::ln,
        sin elementary::sin,
        cos elementary::cos,
        tan elementary::tan,
        atan elementary::atan,
        tanh elementary::tanh,
        asin elementary::asin,
        acos elementary::acos,
        sinh elementary::sinh,
        cosh elementary::cosh,
        step Number::step,
        whole f64::round
    );

    #[inline(always)]
    fn is_near(self) -> bool {
        // NaN counts as near: its functions are NaN by either way of computing them.
        (self.0.abs() <= elementary::MAX_ANGLE) | self.0.is_nan()
    }

    #[inline(always)]
    fn turned(self) -> Self {
        let (sine, cosine) = self.0.sin_cos();
        Self(sine.atan2(cosine))
    }

    #[inline(always)]
    fn powi(self, exponent: Self) -> Self {
        Self(Number::powi(self.0, exponent.0))
    }

    #[inline(always)]
    fn pow(self, exponent: Self) -> Self {
        Self(elementary::pow(self.0, exponent.0))
    }

    #[inline(always)]
    fn apply(self, value: impl Fn(f64) -> f64, _: impl Fn(f64) -> f64) -> Self {
        Self(value(self.0))
    }

    #[inline(always)]
    fn apply_two(
        self,
        other: Self,
        value: impl Fn(f64, f64) -> f64,
        _: impl Fn(f64, f64) -> (f64, f64),
    ) -> Self {
        Self(value(self.0, other.0))
    }
}

/// A number and its derivative with respect to one parameter. An operator's partial derivatives,
/// evaluated on tangents, give the mixed second derivatives without further code.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tangent {
    pub value: Lane,
    pub slope: Lane,
}

impl Tangent {
    #[inline(always)]
    fn chain(self, value: Lane, derivative: Lane) -> Self {
        Self {
            value,
            slope: derivative * self.slope,
        }
    }
}

impl Add for Tangent {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self {
            value: self.value + other.value,
            slope: self.slope + other.slope,
        }
    }
}

impl Sub for Tangent {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self {
            value: self.value - other.value,
            slope: self.slope - other.slope,
        }
    }
}

impl Mul for Tangent {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self {
            value: self.value * other.value,
            slope: self.slope * other.value + self.value * other.slope,
        }
    }
}

impl Div for Tangent {
    type Output = Self;

    #[inline(always)]
    fn div(self, other: Self) -> Self {
        let value = self.value / other.value;
        Self {
            value,
            slope: (self.slope - value * other.slope) / other.value,
        }
    }
}

impl Neg for Tangent {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        Self {
            value: -self.value,
            slope: -self.slope,
        }
    }
}

/// The derivative of an integer power. The derivative of the power 0 is 0 even at 0.
#[inline(always)]
pub(crate) fn powi_slope<N: Number>(base: N, exponent: N) -> N {
    let exponent = exponent.whole();
    let is_not_zero = exponent.step() + (-exponent).step();
    exponent * base.powi(exponent - is_not_zero)
}

/// The derivatives of a power with respect to base and exponent, given its value.
#[inline(always)]
pub(crate) fn pow_slopes<N: Number>(base: N, exponent: N, value: N) -> (N, N) {
    let one = N::constant(1.0);
    // 0 has every positive power, whatever the exponent: the logarithm of its base counts as 0.
    let is_zero = one - base.step() - (-base).step();
    (
        exponent * base.pow(exponent - one),
        value * (base + is_zero).log(),
    )
}

/// The step of finite differences for functions that are known only by value and derivative.
const STEP: f64 = 1e-5;

impl Number for Tangent {
    #[inline(always)]
    fn constant(value: f64) -> Self {
        Self {
            value: Lane(value),
            slope: Lane(0.0),
        }
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        let root = self.value.sqrt();
        self.chain(root, Lane(0.5) / root)
    }

    #[inline(always)]
    fn exp(self) -> Self {
        let value = self.value.exp();
        self.chain(value, value)
    }

    #[inline(always)]
    fn log(self) -> Self {
        self.chain(self.value.log(), Lane(1.0) / self.value)
    }

    #[inline(always)]
    fn sin(self) -> Self {
        self.chain(self.value.sin(), self.value.cos())
    }

    #[inline(always)]
    fn cos(self) -> Self {
        self.chain(self.value.cos(), -self.value.sin())
    }

    #[inline(always)]
    fn tan(self) -> Self {
        let value = self.value.tan();
        self.chain(value, Lane(1.0) + value * value)
    }

    #[inline(always)]
    fn atan(self) -> Self {
        let one = Lane(1.0);
        self.chain(self.value.atan(), one / (one + self.value * self.value))
    }

    #[inline(always)]
    fn tanh(self) -> Self {
        let value = self.value.tanh();
        self.chain(value, Lane(1.0) - value * value)
    }

    #[inline(always)]
    fn asin(self) -> Self {
        let one = Lane(1.0);
        let slope = one / (one - self.value * self.value).sqrt();
        self.chain(self.value.asin(), slope)
    }

    #[inline(always)]
    fn acos(self) -> Self {
        let one = Lane(1.0);
        let slope = -one / (one - self.value * self.value).sqrt();
        self.chain(self.value.acos(), slope)
    }

    #[inline(always)]
    fn sinh(self) -> Self {
        self.chain(self.value.sinh(), self.value.cosh())
    }

    #[inline(always)]
    fn cosh(self) -> Self {
        self.chain(self.value.cosh(), self.value.sinh())
    }

    #[inline(always)]
    fn step(self) -> Self {
        self.chain(self.value.step(), Lane(0.0))
    }

    #[inline(always)]
    fn whole(self) -> Self {
        self.chain(self.value.whole(), Lane(0.0))
    }

    #[inline(always)]
    fn powi(self, exponent: Self) -> Self {
        let exponent = exponent.value;
        self.chain(self.value.powi(exponent), powi_slope(self.value, exponent))
    }

    #[inline(always)]
    fn pow(self, exponent: Self) -> Self {
        let value = self.value.pow(exponent.value);
        let (to_base, to_exponent) = pow_slopes(self.value, exponent.value, value);
        // A base or exponent that doesn't move has no part, not even where its slope is infinite.
        let part = |slope: Lane, moved: Lane| {
            let part = slope.0 * moved.0;
            Lane(if moved.0 == 0.0 { 0.0 } else { part })
        };
        Self {
            value,
            slope: part(to_base, self.slope) + part(to_exponent, exponent.slope),
        }
    }

    #[inline(always)]
    fn is_near(self) -> bool {
        self.value.is_near()
    }

    #[inline(always)]
    fn turned(self) -> Self {
        Self {
            value: self.value.turned(),
            slope: self.slope,
        }
    }

    #[inline(always)]
    fn apply(self, value: impl Fn(f64) -> f64, derivative: impl Fn(f64) -> f64) -> Self {
        let at = self.value.0;
        self.chain(Lane(value(at)), Lane(derivative(at)))
    }

    #[inline(always)]
    fn apply_two(
        self,
        other: Self,
        value: impl Fn(f64, f64) -> f64,
        partials: impl Fn(f64, f64) -> (f64, f64),
    ) -> Self {
        let (a, b) = (self.value.0, other.value.0);
        let (first, second) = partials(a, b);
        Self {
            value: Lane(value(a, b)),
            slope: Lane(first) * self.slope + Lane(second) * other.slope,
        }
    }
}

/// The derivative of a function by a central difference. It gives second derivatives of operators
/// that a user defined by value and first derivative.
pub(crate) fn central_difference(function: impl Fn(f64) -> f64, at: f64) -> f64 {
    let step = STEP * at.abs().max(1.0);
    (function(at + step) - function(at - step)) / (2.0 * step)
}
