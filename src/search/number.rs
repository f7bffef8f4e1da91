//! The numbers that operators are written over: one `f64`, a pack of them, and a pack with a
//! tangent. One definition of an operator serves all three.

use std::array::from_fn;
use std::ops::{Add, Div, Mul, Neg, Sub};
use wide::f64x4;

/// What an operator's value and partial derivatives may be written with.
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
    /// 1 where positive, else 0.
    fn step(self) -> Self;
    /// The nearest whole number, which has no derivative.
    fn whole(self) -> Self;
    /// The power with an exponent rounded to a whole number.
    fn powi(self, exponent: Self) -> Self;
    /// A function that is known by its value and derivative only.
    fn apply(self, value: impl Fn(f64) -> f64, derivative: impl Fn(f64) -> f64) -> Self;
    /// The same for two arguments.
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

/// Rows that are computed together; the compiler turns the loops over them into vector
/// instructions of the width that the processor at hand has.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(align(64))]
pub(crate) struct Pack(pub [f64; Pack::WIDTH]);

impl Pack {
    pub const WIDTH: usize = 8;
    pub const ZERO: Self = Self([0.0; Self::WIDTH]);

    #[inline(always)]
    fn halves(self, function: impl Fn(f64x4) -> f64x4) -> Self {
        let [a, b, c, d, e, f, g, h] = self.0;
        let [a, b, c, d] = function(f64x4::from([a, b, c, d])).to_array();
        let [e, f, g, h] = function(f64x4::from([e, f, g, h])).to_array();
        Self([a, b, c, d, e, f, g, h])
    }

    /// Vectorized where the arguments can be reduced to one period without losing digits.
    #[inline(always)]
    fn periodic(self, exact: fn(f64) -> f64, vectorized: impl Fn(f64x4) -> f64x4) -> Self {
        let is_near = |lane: &f64| lane.abs() < MAX_REDUCED;
        match self.0.iter().all(is_near) {
            true => self.halves(vectorized),
            false => Self(self.0.map(exact)),
        }
    }
}

/// Up to here the vectorized sine, cosine and tangent are good to a few units in the last place.
const MAX_REDUCED: f64 = 1e8;

macro_rules! lanewise {
    ($($trait:ident $method:ident),*) => {$(
        impl $trait for Pack {
            type Output = Self;

            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(from_fn(#[inline(always)] |lane| self.0[lane].$method(other.0[lane])))
            }
        }
    )*};
}

lanewise!(Add add, Sub sub, Mul mul, Div div);

impl Neg for Pack {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        Self(self.0.map(
            #[inline(always)]
            |lane| -lane,
        ))
    }
}

impl Number for Pack {
    #[inline(always)]
    fn constant(value: f64) -> Self {
        Self([value; Self::WIDTH])
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(self.0.map(
            #[inline(always)]
            |lane| lane.sqrt(),
        ))
    }

    #[inline(always)]
    fn exp(self) -> Self {
        self.halves(
            #[inline(always)]
            |half| half.exp(),
        )
    }

    #[inline(always)]
    fn log(self) -> Self {
        // The vectorized logarithm takes numbers this small for zero.
        match self.0.iter().any(|lane| lane.is_subnormal()) {
            false => self.halves(
                #[inline(always)]
                |half| half.ln(),
            ),
            true => Self(self.0.map(f64::ln)),
        }
    }

    #[inline(always)]
    fn sin(self) -> Self {
        self.periodic(
            f64::sin,
            #[inline(always)]
            |half| half.sin(),
        )
    }

    #[inline(always)]
    fn cos(self) -> Self {
        self.periodic(
            f64::cos,
            #[inline(always)]
            |half| half.cos(),
        )
    }

    #[inline(always)]
    fn tan(self) -> Self {
        self.periodic(
            f64::tan,
            #[inline(always)]
            |half| half.tan(),
        )
    }

    #[inline(always)]
    fn atan(self) -> Self {
        self.halves(
            #[inline(always)]
            |half| half.atan(),
        )
    }

    #[inline(always)]
    fn tanh(self) -> Self {
        self.halves(
            #[inline(always)]
            |half| half.tanh(),
        )
    }

    #[inline(always)]
    fn step(self) -> Self {
        Self(self.0.map(
            #[inline(always)]
            |lane| f64::from(u8::from(lane > 0.0)),
        ))
    }

    #[inline(always)]
    fn whole(self) -> Self {
        Self(self.0.map(
            #[inline(always)]
            |lane| lane.round(),
        ))
    }

    #[inline(always)]
    fn powi(self, exponent: Self) -> Self {
        Self(from_fn(
            #[inline(always)]
            |lane| Number::powi(self.0[lane], exponent.0[lane]),
        ))
    }

    #[inline(always)]
    fn apply(self, value: impl Fn(f64) -> f64, _: impl Fn(f64) -> f64) -> Self {
        Self(self.0.map(value))
    }

    #[inline(always)]
    fn apply_two(
        self,
        other: Self,
        value: impl Fn(f64, f64) -> f64,
        _: impl Fn(f64, f64) -> (f64, f64),
    ) -> Self {
        Self(from_fn(|lane| value(self.0[lane], other.0[lane])))
    }
}

/// A number and its derivative with respect to one parameter. An operator's partial derivatives,
/// computed over tangents, give the mixed second derivatives without being written down.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tangent {
    pub value: Pack,
    pub slope: Pack,
}

impl Tangent {
    #[inline(always)]
    fn chain(self, value: Pack, derivative: Pack) -> Self {
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

/// The derivative of a whole power; that of the power 0 is 0 even at 0.
#[inline(always)]
pub(crate) fn powi_slope<N: Number>(base: N, exponent: N) -> N {
    let exponent = exponent.whole();
    let is_not_zero = exponent.step() + (-exponent).step();
    exponent * base.powi(exponent - is_not_zero)
}

/// Step of the finite differences for functions known by value and derivative only.
const STEP: f64 = 1e-5;

impl Number for Tangent {
    #[inline(always)]
    fn constant(value: f64) -> Self {
        Self {
            value: Pack::constant(value),
            slope: Pack::ZERO,
        }
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        let root = self.value.sqrt();
        self.chain(root, Pack::constant(0.5) / root)
    }

    #[inline(always)]
    fn exp(self) -> Self {
        let value = self.value.exp();
        self.chain(value, value)
    }

    #[inline(always)]
    fn log(self) -> Self {
        self.chain(self.value.log(), Pack::constant(1.0) / self.value)
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
        self.chain(value, Pack::constant(1.0) + value * value)
    }

    #[inline(always)]
    fn atan(self) -> Self {
        let one = Pack::constant(1.0);
        self.chain(self.value.atan(), one / (one + self.value * self.value))
    }

    #[inline(always)]
    fn tanh(self) -> Self {
        let value = self.value.tanh();
        self.chain(value, Pack::constant(1.0) - value * value)
    }

    #[inline(always)]
    fn step(self) -> Self {
        self.chain(self.value.step(), Pack::ZERO)
    }

    #[inline(always)]
    fn whole(self) -> Self {
        self.chain(self.value.whole(), Pack::ZERO)
    }

    #[inline(always)]
    fn powi(self, exponent: Self) -> Self {
        let exponent = exponent.value;
        self.chain(self.value.powi(exponent), powi_slope(self.value, exponent))
    }

    #[inline(always)]
    fn apply(self, value: impl Fn(f64) -> f64, derivative: impl Fn(f64) -> f64) -> Self {
        let slopes = Pack(self.value.0.map(derivative));
        self.chain(Pack(self.value.0.map(value)), slopes)
    }

    #[inline(always)]
    fn apply_two(
        self,
        other: Self,
        value: impl Fn(f64, f64) -> f64,
        partials: impl Fn(f64, f64) -> (f64, f64),
    ) -> Self {
        let (a, b) = (self.value.0, other.value.0);
        let partials: [(f64, f64); Pack::WIDTH] = from_fn(|lane| partials(a[lane], b[lane]));
        let first = Pack(partials.map(|partial| partial.0));
        let second = Pack(partials.map(|partial| partial.1));
        Self {
            value: Pack(from_fn(|lane| value(a[lane], b[lane]))),
            slope: first * self.slope + second * other.slope,
        }
    }
}

/// The derivative of a function by a central difference, for second derivatives of operators
/// that a user defined by value and first derivative.
pub(crate) fn central_difference(function: impl Fn(f64) -> f64, at: f64) -> f64 {
    let step = STEP * at.abs().max(1.0);
    (function(at + step) - function(at - step)) / (2.0 * step)
}
