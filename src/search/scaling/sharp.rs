//! The powers of `x^a phi(x^b)`, whatever phi is.
//!
//! Sorted by `x^b`, neighbouring rows have nearly the same phi. So the differences of their logarithms
//! are linear in those of the variables, with the powers `a` for coefficients, and what is left of
//! them says how right `b` is. Where phi crosses 0 its logarithm has a pole; the fits are by absolute
//! errors, which these few rows don't move.

use crate::effort::Scaling;
use crate::numerics::eigen::{MAX_SUBSET, Small, cholesky, solve};
use crate::numerics::{greatest_common_divisor, median};
use rayon::prelude::*;

/// The power law and the product that phi depends on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fit {
    /// Variables with their powers, which are whole numbers or halves.
    pub factor: Vec<(usize, f64)>,
    /// Variables with their powers; empty if phi is constant.
    pub product: Vec<(usize, i32)>,
    /// What is left of the differences, as a share of them.
    pub left: f64,
}

impl Fit {
    /// The power law, multiplied by a power of the product.
    pub fn shifted(&self, shift: i32) -> Vec<(usize, f64)> {
        let mut powers = self.factor.clone();
        for &(variable, power) in &self.product {
            let added = f64::from(shift * power);
            match powers.iter_mut().find(|(other, _)| *other == variable) {
                Some((_, power)) => *power += added,
                None => powers.push((variable, added)),
            }
        }
        powers.retain(|(_, power)| *power != 0.0);
        powers.sort_by_key(|(variable, _)| *variable);
        powers
    }

    pub fn length(&self) -> i32 {
        let lengths = self.product.iter().map(|(_, power)| 1 + power.abs());
        lengths.sum()
    }
}

/// Logarithms of the values and of the variables that are positive.
pub(super) struct Logarithms {
    /// A column for each variable: its logarithms, or itself if it has both signs.
    pub(super) columns: Vec<Vec<f64>>,
    /// The one variable that has both signs. It can only stand inside of phi, alone.
    pub(super) mixed: Option<usize>,
    /// The logarithms of the values' sizes, and their signs.
    pub(super) values: Vec<f64>,
    pub(super) signs: Vec<f64>,
    /// The sign of most values.
    sign: f64,
}

impl Logarithms {
    /// None if there are two variables of both signs, or if too few values differ from 0.
    pub fn of(columns: &[Vec<f64>], values: &[f64]) -> Option<Self> {
        let rows: Vec<usize> = (0..values.len())
            .filter(|&row| values[row] != 0.0)
            .collect();
        let is_mixed = |column: &&Vec<f64>| rows.iter().any(|&row| column[row] <= 0.0);
        let mut mixed = (0..columns.len()).filter(|&index| is_mixed(&&columns[index]));
        let (mixed, others) = (mixed.next(), mixed.next());
        if others.is_some() || 2 * rows.len() < values.len() {
            return None;
        }
        let column = |(index, column): (usize, &Vec<f64>)| {
            let rows = rows.iter().map(|&row| column[row]);
            if mixed == Some(index) {
                rows.collect()
            } else {
                rows.map(f64::ln).collect()
            }
        };
        let n_positive = rows.iter().filter(|&&row| values[row] > 0.0).count();
        Some(Self {
            columns: columns.iter().enumerate().map(column).collect(),
            mixed,
            values: rows.iter().map(|&row| values[row].abs().ln()).collect(),
            signs: rows.iter().map(|&row| values[row].signum()).collect(),
            sign: if 2 * n_positive >= rows.len() {
                1.0
            } else {
                -1.0
            },
        })
    }

    pub fn n_rows(&self) -> usize {
        self.values.len()
    }

    /// The plainest scaling among those that leave least; none if all leave too much.
    pub fn sharpest(&self, limits: &Scaling) -> Option<Fit> {
        let few = self.every(self.values.len().div_ceil(limits.n_rows));
        let products = self.products(limits);
        let mut fits: Vec<Fit> = products
            .into_par_iter()
            .filter_map(|product| few.fit(product, limits))
            .filter(|fit| fit.left < limits.promising)
            .collect();
        fits.sort_by(|a, b| a.left.total_cmp(&b.left));
        fits.truncate(limits.n_closer);
        let closer = fits
            .into_iter()
            .filter_map(|fit| self.fit(fit.product, limits));
        let mut fits: Vec<Fit> = closer.filter(|fit| fit.left < limits.accepted).collect();
        let least = fits
            .iter()
            .map(|fit| fit.left)
            .fold(f64::INFINITY, f64::min);
        fits.retain(|fit| fit.left <= limits.as_good * least);
        fits.into_iter()
            .filter_map(|fit| whole(fit, limits.near_whole))
            .min_by_key(Fit::length)
    }

    /// The factor of a power law.
    pub fn factor_of(&self, fit: &Fit) -> f64 {
        let rows = 0..self.values.len();
        let left: Vec<f64> = rows
            .map(|row| {
                let powers = fit.factor.iter().map(|(v, p)| p * self.columns[*v][row]);
                self.values[row] - powers.sum::<f64>()
            })
            .collect();
        self.sign * median(&left).exp()
    }

    pub(super) fn every(&self, step: usize) -> Self {
        let thin = |column: &Vec<f64>| column.iter().step_by(step.max(1)).copied().collect();
        Self {
            columns: self.columns.iter().map(thin).collect(),
            values: thin(&self.values),
            signs: thin(&self.signs),
            ..*self
        }
    }

    /// All products up to their inverse and to powers of the whole, the empty one first. A variable of
    /// both signs is the only one that can be inside of phi.
    pub(super) fn products(&self, limits: &Scaling) -> Vec<Vec<(usize, i32)>> {
        if let Some(mixed) = self.mixed {
            return vec![vec![(mixed, 1)]];
        }
        let mut products: Vec<Vec<(usize, i32)>> = vec![Vec::new()];
        for variable in 0..self.columns.len() {
            for place in 0..products.len() {
                let known = products[place].clone();
                // The first power is positive, for the inverse is tried with it.
                let highest = limits.max_power as i32;
                let lowest = if known.is_empty() { 1 } else { -highest };
                for power in (lowest..=highest).filter(|power| *power != 0) {
                    products.push([&known[..], &[(variable, power)]].concat());
                }
            }
        }
        let is_power = |product: &[(usize, i32)]| {
            let powers = product
                .iter()
                .map(|(_, power)| u64::from(power.unsigned_abs()));
            powers
                .reduce(greatest_common_divisor)
                .is_some_and(|divisor| divisor > 1)
        };
        products.retain(|product| !is_power(product));
        products
    }

    /// Where each row lies along a product, in logarithms.
    pub(super) fn places(&self, product: &[(usize, i32)]) -> Vec<f64> {
        let place = |row: usize| -> f64 {
            let parts = product.iter();
            let parts = parts.map(|&(v, p)| f64::from(p) * self.columns[v][row]);
            parts.sum()
        };
        (0..self.values.len()).map(place).collect()
    }

    /// The power law that goes with a product. The product's first variable isn't in it.
    fn fit(&self, product: Vec<(usize, i32)>, limits: &Scaling) -> Option<Fit> {
        let n_rows = self.values.len();
        let places = self.places(&product);
        let mut order: Vec<usize> = (0..n_rows).collect();
        if !product.is_empty() {
            order.sort_by(|&a, &b| places[a].total_cmp(&places[b]));
        }
        let pivot = product.first().map(|(variable, _)| *variable);
        let variables: Vec<usize> = (0..self.columns.len())
            .filter(|variable| Some(*variable) != pivot && Some(*variable) != self.mixed)
            .collect();
        let differences = |column: &Vec<f64>| -> Vec<f64> {
            // What a row differs by from the line between its neighbours.
            let rows = order.windows(3);
            let difference = |rows: &[usize]| {
                let [before, row, after] = [rows[0], rows[1], rows[2]];
                let width = places[after] - places[before];
                let share = if width > 0.0 {
                    (places[row] - places[before]) / width
                } else {
                    0.5
                };
                column[row] - (1.0 - share) * column[before] - share * column[after]
            };
            rows.map(difference).collect()
        };
        let target = differences(&self.values);
        let terms: Vec<Vec<f64>> = variables
            .iter()
            .map(|&variable| differences(&self.columns[variable]))
            .collect();
        let (powers, left) = by_absolute_errors(&terms, &target, limits.n_steps)?;
        Some(Fit {
            factor: variables.into_iter().zip(powers).collect(),
            product,
            left,
        })
    }
}

/// The fit with whole and half powers; none if a power is far from those.
pub(super) fn whole(mut fit: Fit, near_whole: f64) -> Option<Fit> {
    for (_, power) in &mut fit.factor {
        let near = (2.0 * *power).round() / 2.0;
        if (*power - near).abs() > near_whole {
            return None;
        }
        *power = near;
    }
    fit.factor.retain(|(_, power)| *power != 0.0);
    Some(fit)
}

/// The coefficients with the least absolute errors, by weights that are renewed, and the median error
/// as a share of the median target.
fn by_absolute_errors(
    terms: &[Vec<f64>],
    target: &[f64],
    n_steps: usize,
) -> Option<(Vec<f64>, f64)> {
    let (n_terms, n_rows) = (terms.len(), target.len());
    if n_terms > MAX_SUBSET || n_rows <= 2 * n_terms {
        return None;
    }
    let sizes: Vec<f64> = target.iter().map(|t| t.abs()).collect();
    let size = median(&sizes);
    let mut weights = vec![1.0; n_rows];
    let mut coefficients = [0.0; MAX_SUBSET];
    let mut left = f64::INFINITY;
    for _ in 0..n_steps {
        let mut products: Small = [[0.0; MAX_SUBSET]; MAX_SUBSET];
        coefficients = [0.0; MAX_SUBSET];
        for row in 0..n_rows {
            for i in 0..n_terms {
                let weighted = weights[row] * terms[i][row];
                coefficients[i] += weighted * target[row];
                for j in 0..=i {
                    products[i][j] += weighted * terms[j][row];
                }
            }
        }
        let factor = cholesky(&products, n_terms)?;
        solve(&factor, n_terms, &mut coefficients);
        let error = |row: usize| -> f64 {
            let found = (0..n_terms).map(|i| coefficients[i] * terms[i][row]);
            (target[row] - found.sum::<f64>()).abs()
        };
        let errors: Vec<f64> = (0..n_rows).map(error).collect();
        left = median(&errors);
        // Errors below the median count alike, so that a few exact rows don't carry the fit.
        let floor = left.max(f64::MIN_POSITIVE);
        for (weight, error) in weights.iter_mut().zip(&errors) {
            *weight = 1.0 / error.max(floor);
        }
    }
    (size > 0.0).then(|| (coefficients[..n_terms].to_vec(), left / size))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    const LIMITS: Scaling = Scaling::DEFAULT;

    fn shown(n: usize, law: impl Fn(&[f64]) -> f64) -> Option<Fit> {
        let mut rng = ChaCha8Rng::seed_from_u64(0);
        let mut column = || -> Vec<f64> { (0..1000).map(|_| rng.random_range(1.0..5.0)).collect() };
        let columns: Vec<Vec<f64>> = (0..n).map(|_| column()).collect();
        let row = |row: usize| {
            columns
                .iter()
                .map(|column| column[row])
                .collect::<Vec<f64>>()
        };
        let values: Vec<f64> = (0..1000).map(|index| law(&row(index))).collect();
        Logarithms::of(&columns, &values)?.sharpest(&LIMITS)
    }

    #[test]
    fn a_power_law_has_no_function_inside() {
        let fit = shown(3, |x| -3.0 * x[0] * x[1].powi(4) / x[2].sqrt()).unwrap();
        assert_eq!(fit.factor, [(0, 1.0), (1, 4.0), (2, -0.5)]);
        assert!(fit.product.is_empty());
    }

    #[test]
    fn the_powers_show_whatever_the_function_is() {
        let laws: [fn(f64) -> f64; 4] = [
            f64::tanh,
            f64::cos,
            |t| (-t).exp(),
            |t| 1.0 / (t.exp() - 1.0),
        ];
        for law in laws {
            let fit = shown(4, |x| x[3].powi(2) * law(x[0] * x[1] / x[2])).unwrap();
            assert_eq!(fit.product, [(0, 1), (1, 1), (2, -1)]);
            assert_eq!(fit.factor, [(3, 2.0)]);
            assert_eq!(fit.shifted(-1), [(0, -1.0), (1, -1.0), (2, 1.0), (3, 2.0)]);
        }
    }

    #[test]
    fn two_functions_have_no_scaling() {
        assert_eq!(shown(3, |x| x[0] * x[1].sin() + x[2].exp()), None);
    }
}
