//! The best polynomial of a lower order over a box. Truncating a polynomial doesn't give it.

use super::monomials::Monomials;
use super::{Polynomial, PolynomialFamily};
use crate::dataset::check_box;
use crate::error::{Error, Result};

impl Polynomial {
    /// The polynomial up to an order that is nearest to this one over a box, in mean square.
    ///
    /// Truncating a polynomial gives the best approximation near 0. Over a box, lower terms can
    /// take over part of the higher ones. From the highest order down, this method replaces every
    /// monomial above `max_order`: it subtracts the product of Legendre polynomials that has this
    /// monomial as its leading term. Lanczos (1938) economizes power series in the same way, with
    /// Chebyshev polynomials. `sides` is `(n_variables, 2)`: the low and the high end of each
    /// variable.
    ///
    /// ```
    /// use closedform::Polynomial;
    ///
    /// // On [-1, 1], 3/5 x is nearest to x^3. Truncating it would leave nothing.
    /// let cube = Polynomial::from_terms(1, vec![(vec![1, 1, 1], 1.0)])?;
    /// assert_eq!(cube.economized(1, &[(-1.0, 1.0)])?.to_string(), "0.6 x1");
    /// assert_eq!(cube.truncated(1).n_terms(), 0);
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there are not as many sides as variables, if the low end of a side isn't below its high
    /// end, or if numbers overflow.
    pub fn economized(&self, max_order: usize, sides: &[(f64, f64)]) -> Result<Self> {
        check_box(sides)?;
        let n_variables = self.n_variables();
        if sides.len() != n_variables {
            return Err(Error::Shape(format!(
                "the box has {} sides, but the polynomial has {n_variables} variables",
                sides.len()
            )));
        }
        let highest = self.order();
        // x = middle + half t, with t in [-1, 1].
        let affine = |of_side: &dyn Fn(f64, f64) -> (f64, f64)| -> Result<Vec<Self>> {
            let variables = sides.iter().enumerate();
            let variables = variables.map(|(index, &(low, high))| {
                let (slope, shift) = of_side((high - low) / 2.0, (low + high) / 2.0);
                Self::from_terms(n_variables, vec![(vec![index + 1], slope), (vec![], shift)])
            });
            variables.collect()
        };
        let in_box = affine(&|half, middle| (half, middle))?;
        let in_unit_box = affine(&|half, middle| (1.0 / half, -middle / half))?;
        let legendre = monic_legendre(highest);
        let mut economized = self.substituted(&in_box, highest)?;
        for order in (max_order.saturating_add(1)..=highest).rev() {
            let (top, rest): (Vec<_>, Vec<_>) = economized
                .terms()
                .partition(|(label, _)| label.len() == order);
            let rest = rest.into_iter().map(|(label, c)| (label.to_vec(), c));
            let replaced = top.into_iter().flat_map(|(label, c)| {
                let terms = product(&legendre, label).into_iter();
                let below = terms.filter(move |(label, _)| label.len() < order);
                below.map(move |(label, factor)| (label, -c * factor))
            });
            economized = Self::from_terms(n_variables, rest.chain(replaced).collect())?;
        }
        economized.substituted(&in_unit_box, max_order)
    }
}

impl PolynomialFamily {
    /// Every polynomial [economized](Polynomial::economized) over a box.
    pub(super) fn economized(&self, max_order: usize, sides: &[(f64, f64)]) -> Result<Self> {
        let polynomials = (0..self.n_polynomials())
            .map(|index| self.polynomial(index)?.economized(max_order, sides))
            .collect::<Result<Vec<_>>>()?;
        let labels = Monomials::new(self.n_variables(), max_order).labels(max_order);
        let rows = labels.iter();
        let coefficients = rows.flat_map(|label| polynomials.iter().map(|p| p.coefficient(label)));
        let coefficients = coefficients.collect();
        Ok(Self::new(self.n_variables(), labels, coefficients))
    }
}

/// The Legendre polynomials up to an order, from the constant up, with leading coefficient 1:
/// `P_(n+1) = t P_n - n^2 / (4 n^2 - 1) P_(n-1)`.
fn monic_legendre(max_order: usize) -> Vec<Vec<f64>> {
    let mut all = vec![vec![1.0], vec![0.0, 1.0]];
    for n in 1..max_order {
        let square = (n * n) as f64;
        let factor = square / (4.0 * square - 1.0);
        let mut next = vec![0.0];
        next.extend(&all[n]);
        next.iter_mut()
            .zip(&all[n - 1])
            .for_each(|(coefficient, lower)| *coefficient -= factor * lower);
        all.push(next);
    }
    all
}

/// The terms of the product of Legendre polynomials whose leading term is a monomial.
fn product(legendre: &[Vec<f64>], label: &[usize]) -> Vec<(Vec<usize>, f64)> {
    let powers = label.chunk_by(|a, b| a == b);
    powers.fold(vec![(Vec::new(), 1.0)], |terms, power| {
        let factors = legendre[power.len()].iter().enumerate();
        let factors: Vec<(usize, f64)> = factors.map(|(k, c)| (k, *c)).collect();
        let times = |(label, c): &(Vec<usize>, f64)| {
            let (label, c) = (label.clone(), *c);
            let factors = factors
                .clone()
                .into_iter()
                .filter(|(_, factor)| *factor != 0.0);
            factors.map(move |(k, factor)| {
                ([label.as_slice(), &vec![power[0]; k]].concat(), c * factor)
            })
        };
        terms.iter().flat_map(times).collect()
    })
}
