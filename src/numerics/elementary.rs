//! Elementary functions for vectorized loops, accurate to a few units in the last place.
//!
//! They are straight-line arithmetic without branches, tables or calls. Multiplication and addition
//! round separately, even where a processor could fuse them, so that all processors agree.
//!
//! Methods and coefficients come from fdlibm (exp, ln, sin, cos; Copyright (C) 1993 Sun
//! Microsystems, Inc., free to use, copy, modify and distribute with this notice) and from Cephes
//! (tan, atan, tanh; S. L. Moshier). Angles are reduced with pi/2 split into four parts.

use std::f64::consts::{FRAC_2_PI, FRAC_PI_2, FRAC_PI_4, LOG2_E};

/// Angles up to this size keep all digits when whole turns are subtracted.
pub(super) const MAX_ANGLE: f64 = 1e8;

/// 2^52 + 2^51. A number added to it loses its fraction, and the last bits of the sum are the
/// nearest integer.
const WHOLE: f64 = 6_755_399_441_055_744.0;
/// 2^52, whose last bits are free for an integer.
const TWO_TO_52: f64 = 4_503_599_627_370_496.0;
const EXPONENT_BIAS: f64 = 1023.0;
const N_MANTISSA_BITS: u32 = f64::MANTISSA_DIGITS - 1;

/// ln(2) in two parts, the first with so few digits that its multiples are exact.
const LN_2: [f64; 2] = [6.931_471_803_691_238e-1, 1.908_214_929_270_587_7e-10];
/// pi/2 in parts of 27 bits, the last one of 53.
const QUARTER_TURN: [f64; 4] = [
    1.570_796_325_802_803,
    9.920_935_739_593_517e-10,
    5.721_188_709_663_575e-18,
    1.644_625_693_632_425_8e-26,
];

/// The value of a polynomial whose coefficients are given from the highest down.
#[inline(always)]
fn polynomial<const N: usize>(x: f64, coefficients: [f64; N]) -> f64 {
    let mut value = coefficients[0];
    let mut index = 1;
    // A plain loop. The compiler unrolls it before it vectorizes the loop around it.
    while index < N {
        value = value * x + coefficients[index];
        index += 1;
    }
    value
}

/// 2 to the power of an integer from -1023, which gives 0, to 1023.
#[inline(always)]
fn power_of_two(exponent: f64) -> f64 {
    f64::from_bits((exponent + (WHOLE + EXPONENT_BIAS)).to_bits() << N_MANTISSA_BITS)
}

#[inline(always)]
pub(super) fn exp(x: f64) -> f64 {
    // Beyond these bounds the result is infinite or 0. NaN passes through both comparisons.
    let x = if x > 710.0 { 710.0 } else { x };
    let x = if x < -746.0 { -746.0 } else { x };
    let n = (x * LOG2_E + WHOLE) - WHOLE;
    let (high, low) = (x - n * LN_2[0], n * LN_2[1]);
    let r = high - low;
    let z = r * r;
    let c = r - z * polynomial(
        z,
        [
            4.138_136_797_057_238_5e-8,
            -1.653_390_220_546_525_2e-6,
            6.613_756_321_437_934e-5,
            -2.777_777_777_701_559_3e-3,
            1.666_666_666_666_66e-1,
        ],
    );
    let y = 1.0 + (r * c / (2.0 - c) - low + high);
    // 2^n in two factors, because n may be out of a single one's range where the result is
    // subnormal or large.
    let half = (0.5 * n + WHOLE) - WHOLE;
    y * power_of_two(half) * power_of_two(n - half)
}

/// The number as `2^n (1 + f)`, with `1 + f` between sqrt(1/2) and sqrt(2): `n` and `f`.
#[inline(always)]
fn split(x: f64) -> (f64, f64) {
    let is_subnormal = x < f64::MIN_POSITIVE;
    let normal = if is_subnormal {
        x * (4.0 * TWO_TO_52)
    } else {
        x
    };
    let shift = if is_subnormal { 54.0 } else { 0.0 };
    // x = 2^n m with m between sqrt(1/2), whose upper bits these are, and sqrt(2).
    const ROOT_BITS: u64 = 0x3fe6_a09e << 32;
    let bits = normal.to_bits().wrapping_add(1.0_f64.to_bits() - ROOT_BITS);
    let exponent = f64::from_bits((bits >> N_MANTISSA_BITS) | TWO_TO_52.to_bits());
    let n = exponent - (TWO_TO_52 + EXPONENT_BIAS) - shift;
    let m = f64::from_bits((bits & ((1 << N_MANTISSA_BITS) - 1)) + ROOT_BITS);
    (n, m - 1.0)
}

/// `ln(1 + f)` for an `f` that [`split`] returns is `f - h + r`: `h` and `r`.
#[inline(always)]
fn ln_parts(f: f64) -> (f64, f64) {
    let s = f / (2.0 + f);
    let z = s * s;
    let r = z * polynomial(
        z,
        [
            1.479_819_860_511_658_6e-1,
            1.531_383_769_920_937_3e-1,
            1.818_357_216_161_805e-1,
            2.222_219_843_214_978_4e-1,
            2.857_142_874_366_239e-1,
            3.999_999_999_940_942e-1,
            6.666_666_666_666_735e-1,
        ],
    );
    let h = 0.5 * f * f;
    (h, s * (h + r))
}

#[inline(always)]
pub(super) fn ln(x: f64) -> f64 {
    let (n, f) = split(x);
    let (h, r) = ln_parts(f);
    let y = n * LN_2[0] - ((h - (r + n * LN_2[1])) - f);
    let y = if x < f64::INFINITY { y } else { x };
    let y = if x > 0.0 { y } else { f64::NAN };
    if x == 0.0 { f64::NEG_INFINITY } else { y }
}

/// The power `x^p`, accurate to about `1 + |p|` units in the last place.
///
/// As in C, a negative number has whole powers only, and 0 has no negative ones: NaN and infinity.
#[inline(always)]
pub(super) fn pow(x: f64, p: f64) -> f64 {
    // x^p = 2^(p n) exp(p ln(1 + f)). The digits of p n behind the point go to the exponential.
    let (n, f) = split(x.abs());
    let (h, r) = ln_parts(f);
    let upper = f64::from_bits(p.to_bits() & !((1 << 27) - 1));
    let k = (p * n + WHOLE) - WHOLE;
    let rest = (upper * n - k) + (p - upper) * n;
    let y = exp(rest * std::f64::consts::LN_2 + p * (f - h + r));
    let half = (0.5 * k + WHOLE) - WHOLE;
    let y = y * power_of_two(half) * power_of_two(k - half);
    // Outside of what the exponential holds, where k is out of range or no number.
    let logarithm = p * ln(x.abs());
    let y = if logarithm.abs() < 750.0 {
        y
    } else {
        exp(logarithm)
    };
    let halved = 0.5 * p;
    let is_whole = p.floor() == p;
    let is_odd = is_whole && halved.floor() != halved;
    let y = if is_odd { y.copysign(x) } else { y };
    let y = if x < 0.0 && !is_whole { f64::NAN } else { y };
    if p == 0.0 { 1.0 } else { y }
}

/// The reduced angle, at most an eighth of a turn either way, and a number whose last bits hold how
/// many quarter turns were subtracted.
#[inline(always)]
fn reduced(angle: f64) -> (f64, f64) {
    let quarters = angle * FRAC_2_PI + WHOLE;
    let n = quarters - WHOLE;
    let [a, b, c, d] = QUARTER_TURN;
    (angle - n * a - n * b - n * c - n * d, quarters)
}

/// The sine of `r` plus the number of quarter turns in the last bits of `quarters`.
#[inline(always)]
fn sine(r: f64, quarters: f64) -> f64 {
    let z = r * r;
    let sine = r + r
        * z
        * polynomial(
            z,
            [
                1.589_690_995_211_55e-10,
                -2.505_076_025_340_686_3e-8,
                2.755_731_370_707_006_8e-6,
                -1.984_126_982_985_795e-4,
                8.333_333_333_322_49e-3,
                -1.666_666_666_666_663_2e-1,
            ],
        );
    let cosine = 1.0
        - (0.5 * z
            - z * z
                * polynomial(
                    z,
                    [
                        -1.135_964_755_778_819_5e-11,
                        2.087_572_321_298_175e-9,
                        -2.755_731_435_139_066_3e-7,
                        2.480_158_728_947_673e-5,
                        -1.388_888_888_887_411e-3,
                        4.166_666_666_666_66e-2,
                    ],
                ));
    let n = quarters.to_bits();
    let value = if n & 1 == 0 { sine } else { cosine };
    f64::from_bits(value.to_bits() ^ ((n & 2) << 62))
}

#[inline(always)]
pub(super) fn sin(x: f64) -> f64 {
    let (r, quarters) = reduced(x);
    sine(r, quarters)
}

#[inline(always)]
pub(super) fn cos(x: f64) -> f64 {
    let (r, quarters) = reduced(x);
    sine(r, quarters + 1.0)
}

#[inline(always)]
pub(super) fn tan(x: f64) -> f64 {
    let (r, quarters) = reduced(x);
    let z = r * r;
    let p = polynomial(
        z,
        [
            -1.309_369_391_813_837_4e4,
            1.153_516_648_385_874_2e6,
            -1.795_652_519_764_848_8e7,
        ],
    );
    let q = polynomial(
        z,
        [
            1.0,
            1.368_129_634_706_929_5e4,
            -1.320_892_344_402_109_7e6,
            2.500_838_018_233_579e7,
            -5.386_957_559_294_546e7,
        ],
    );
    let tangent = r + r * (z * p / q);
    if quarters.to_bits() & 1 == 0 {
        tangent
    } else {
        -1.0 / tangent
    }
}

#[inline(always)]
pub(super) fn atan(x: f64) -> f64 {
    let a = x.abs();
    // atan(a) = pi/2 + atan(-1 / a) = pi/4 + atan((a - 1) / (a + 1))
    let is_large = a > 2.414_213_562_373_095;
    let is_middle = a > 0.66;
    let pick = |large, middle, small| match (is_large, is_middle) {
        (true, _) => large,
        (false, true) => middle,
        (false, false) => small,
    };
    let t = pick(-1.0, a - 1.0, a) / pick(a, a + 1.0, 1.0);
    // The digits of pi/2 beyond double precision.
    let rest = 6.123_233_995_736_766e-17;
    let (base, rest) = (pick(FRAC_PI_2, FRAC_PI_4, 0.0), pick(rest, 0.5 * rest, 0.0));
    let z = t * t;
    let p = polynomial(
        z,
        [
            -8.750_608_600_031_904e-1,
            -1.615_753_718_733_365e1,
            -7.500_855_792_314_705e1,
            -1.228_866_684_490_136_2e2,
            -6.485_021_904_942_025e1,
        ],
    );
    let q = polynomial(
        z,
        [
            1.0,
            2.485_846_490_142_306_3e1,
            1.650_270_098_316_988_5e2,
            4.328_810_604_912_902_7e2,
            4.853_903_996_359_137e2,
            1.945_506_571_482_614e2,
        ],
    );
    (base + (t * (z * p / q) + rest + t)).copysign(x)
}

#[inline(always)]
pub(super) fn tanh(x: f64) -> f64 {
    let a = x.abs();
    let z = x * x;
    let p = polynomial(
        z,
        [
            -9.643_991_794_250_523e-1,
            -9.928_772_310_019_185e1,
            -1.614_687_684_417_087_4e3,
        ],
    );
    let q = polynomial(
        z,
        [
            1.0,
            1.128_116_784_916_322_9e2,
            2.235_488_390_601_003_6e3,
            4.844_063_053_251_255e3,
        ],
    );
    let near = a + a * (z * (p / q));
    let far = 1.0 - 2.0 / (exp(2.0 * a) + 1.0);
    (if a < 0.625 { near } else { far }).copysign(x)
}

#[inline(always)]
pub(super) fn asin(x: f64) -> f64 {
    atan(x / ((1.0 - x) * (1.0 + x)).sqrt())
}

#[inline(always)]
pub(super) fn acos(x: f64) -> f64 {
    2.0 * atan(((1.0 - x) / (1.0 + x)).sqrt())
}

#[inline(always)]
pub(super) fn cosh(x: f64) -> f64 {
    // In two factors, because the exponential itself overflows earlier.
    let root = exp(0.5 * x.abs());
    0.5 * root * root + 0.5 / root / root
}

#[inline(always)]
pub(super) fn sinh(x: f64) -> f64 {
    let a = x.abs();
    let t = tanh(0.5 * a);
    let near = 2.0 * t / ((1.0 - t) * (1.0 + t));
    let root = exp(0.5 * a);
    let far = 0.5 * root * root - 0.5 / root / root;
    (if a < 0.7 { near } else { far }).copysign(x)
}
