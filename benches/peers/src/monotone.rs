//! Random monotone functions, which change a gradient's length and common sign and nothing else.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

#[derive(Debug, Clone, Copy)]
enum Shape {
    Exponential,
    CubePlusLine,
    Tanh,
    Logarithm,
}

const SHAPES: [Shape; 4] = [
    Shape::Exponential,
    Shape::CubePlusLine,
    Shape::Tanh,
    Shape::Logarithm,
];

/// `phi(g)`, rising or falling, over the values that `g` has.
#[derive(Debug, Clone, Copy)]
pub struct Monotone {
    shape: Shape,
    /// How far the shape is bent over the range of `g`.
    bend: f64,
    sign: f64,
    lowest: f64,
    range: f64,
}

impl Monotone {
    /// A random one for these values of `g`.
    pub fn random(values: &[f64], rng: &mut ChaCha8Rng) -> Self {
        let lowest = values.iter().copied().fold(f64::INFINITY, f64::min);
        let highest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Self {
            shape: SHAPES[rng.random_range(0..SHAPES.len())],
            bend: rng.random_range(0.5..4.0),
            sign: if rng.random_bool(0.5) { 1.0 } else { -1.0 },
            lowest,
            range: highest - lowest,
        }
    }

    /// `phi'(g)`, up to a positive factor.
    pub fn slope(&self, g: f64) -> f64 {
        // From -bend to bend.
        let u = self.bend * (2.0 * (g - self.lowest) / self.range - 1.0);
        self.sign
            * match self.shape {
                Shape::Exponential => u.exp(),
                Shape::CubePlusLine => 3.0 * u * u + 0.1,
                Shape::Tanh => 1.0 - u.tanh().powi(2),
                Shape::Logarithm => 1.0 / (u + self.bend + 0.1),
            }
    }
}
