//! Composes series with polynomials, a whole layer at a time.
//!
//! A layer's polynomials are one matrix, with a row for every monomial and a column for every
//! neuron.

use super::monomials::{Factors, Monomials};
use rayon::prelude::*;

/// Neurons that are computed side by side, so that a pair of monomials is looked up once for all of
/// them.
const LANES: usize = 8;

/// The same coefficient of several neurons.
type Lanes = [f64; LANES];

/// The potentials of a layer as polynomials up to an order.
pub(super) struct Potentials<'a> {
    /// `(n_monomials, n_neurons)`.
    pub coefficients: &'a [f64],
    pub n_neurons: usize,
    pub order: usize,
}

/// What all layers share: the monomials, and which of them multiply to which.
pub(super) struct Composer<'a> {
    monomials: &'a Monomials,
    factors: Factors,
}

impl<'a> Composer<'a> {
    /// For potentials up to an order.
    pub fn new(monomials: &'a Monomials, potential_order: usize) -> Self {
        Self {
            monomials,
            factors: Factors::new(monomials, potential_order),
        }
    }

    /// Composes the series of every neuron, `(n_neurons, n_coefficients)`, with its potential, up
    /// to `max_order`: `(n_monomials, n_neurons)`.
    ///
    /// The series are in powers of the potential without its constant term. The lowest term of the
    /// n-th power then has at least order n, so powers above `max_order` aren't needed.
    pub fn compose(
        &self,
        potentials: &Potentials,
        series: &[Vec<f64>],
        max_order: usize,
    ) -> Vec<f64> {
        let n_neurons = potentials.n_neurons;
        let blocks = series.par_chunks(LANES).enumerate();
        let blocks: Vec<Vec<Lanes>> = blocks
            .map(|(block, series)| {
                let columns = potentials.columns(block * LANES, series.len());
                self.compose_block(&columns, potentials.order, series, max_order)
            })
            .collect();
        let mut composed = vec![0.0; self.monomials.n_up_to(max_order) * n_neurons];
        for (place, row) in composed.chunks_exact_mut(n_neurons).enumerate() {
            for (neurons, block) in row.chunks_mut(LANES).zip(&blocks) {
                neurons.copy_from_slice(&block[place][..neurons.len()]);
            }
        }
        composed
    }

    /// Horner's scheme. If `t` multiplications are still to come, terms of an order above
    /// `max_order - t` can be left out, because each multiplication raises the order by at least 1.
    fn compose_block(
        &self,
        potentials: &[Lanes],
        potential_order: usize,
        series: &[Vec<f64>],
        max_order: usize,
    ) -> Vec<Lanes> {
        let power = |n: usize| {
            let mut lanes = [0.0; LANES];
            let coefficients = lanes.iter_mut().zip(series);
            coefficients.for_each(|(lane, series)| *lane = series[n]);
            lanes
        };
        let n_factors = self.monomials.n_up_to(potential_order) as u32;
        let highest = (series[0].len() - 1).min(max_order);
        let mut sum = vec![[0.0; LANES]; self.monomials.n_up_to(max_order)];
        sum[0] = power(highest);
        for left in (0..highest).rev() {
            let order = (max_order - left).min((highest - left) * potential_order);
            // From the highest order down, in place: a product needs only terms of lower order, and
            // those are overwritten later.
            for place in (1..self.monomials.n_up_to(order)).rev() {
                let pairs = self.factors.of(place).iter();
                let pairs = pairs.take_while(|[first, _]| *first < n_factors);
                let mut product = [0.0; LANES];
                for &[first, second] in pairs {
                    let (potential, term) = (&potentials[first as usize], &sum[second as usize]);
                    for lane in 0..LANES {
                        product[lane] += potential[lane] * term[lane];
                    }
                }
                sum[place] = product;
            }
            sum[0] = power(left);
        }
        sum
    }
}

impl Potentials<'_> {
    /// Some neurons' columns, side by side.
    fn columns(&self, first: usize, n: usize) -> Vec<Lanes> {
        let rows = self.coefficients.chunks_exact(self.n_neurons);
        let lanes = rows.map(|row| {
            let mut lanes = [0.0; LANES];
            lanes[..n].copy_from_slice(&row[first..first + n]);
            lanes
        });
        lanes.collect()
    }
}
