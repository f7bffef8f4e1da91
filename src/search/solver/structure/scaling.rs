//! Products of powers that are all a function depends on, as directions show them.
//!
//! If `f` depends on the products `z = x^b` only, `x_i df/dx_i` is a combination of the powers `b` at
//! every point: these numbers span as many dimensions as there are products. A law of physics has
//! fewer products than variables wherever the units allow one (Buckingham 1914).

use crate::effort::Groups;
use crate::formula::Expression;
use crate::search::objective::{DirectionObjective, Objective};
use faer::{Mat, Side};

/// The directions in products of powers, and these products, in the plainest ways to write them; none
/// if there are as many as variables.
pub(crate) fn products(
    objective: &DirectionObjective,
    noise: f64,
    limits: &Groups,
) -> Vec<(DirectionObjective, Vec<Expression>)> {
    let n = objective.raw().len();
    let span = if n <= limits.max_features_of_products {
        span(objective, limits.max_irrelevant.max(noise))
    } else {
        None
    };
    let Some(span) = span else {
        return Vec::new();
    };
    let sets = (0..1_usize << n).filter(|set| set.count_ones() as usize == span.len());
    let mut ways: Vec<Vec<Powers>> = sets.filter_map(|set| whole(&span, set, limits)).collect();
    let length = |way: &Vec<Powers>| -> i32 {
        let powers = way.iter().flat_map(|row| &row.powers);
        powers.map(|power| power.abs()).sum()
    };
    ways.sort_by_key(length);
    ways.truncate(limits.n_ways);
    let reduced = ways.iter().filter_map(|way| in_products(objective, way));
    reduced.collect()
}

/// The directions in these products.
fn in_products(
    objective: &DirectionObjective,
    way: &[Powers],
) -> Option<(DirectionObjective, Vec<Expression>)> {
    let definitions: Vec<Expression> = way.iter().map(Powers::product).collect();
    let x = objective.raw();
    let (mut raw, mut parts) = (Vec::new(), Vec::new());
    for (row, product) in way.iter().zip(&definitions) {
        let values = product.evaluate(objective.columns()).values;
        let (own, power) = (row.own, f64::from(row.powers[row.own]));
        let slopes = values.iter().enumerate().map(|(point, value)| {
            x[own][point] * objective.directions()[own][point] / (power * value)
        });
        parts.push(slopes.collect());
        raw.push(values);
    }
    if raw.iter().flatten().any(|value| !value.is_finite()) {
        return None;
    }
    let names = (1..=raw.len()).map(|number| format!("z{number}"));
    let weights = objective.weights().to_vec();
    let reduced = DirectionObjective::weighted(names.collect(), raw, parts, weights);
    Some((reduced.with_fits(objective.fits()), definitions))
}

/// The powers of a product, and the variable that stands in no other one.
struct Powers {
    powers: Vec<i32>,
    own: usize,
}

impl Powers {
    fn product(&self) -> Expression {
        let powers = self.powers.iter().enumerate();
        let powers = powers.map(|(variable, power)| (variable, f64::from(*power)));
        Expression::product_of_powers(&powers.collect::<Vec<_>>())
    }
}

/// A basis of what `x_i df/dx_i` spans; none if that is everything, or a single product.
fn span(objective: &DirectionObjective, limit: f64) -> Option<Vec<Vec<f64>>> {
    let (x, u) = (objective.raw(), objective.directions());
    let n = x.len();
    let mut form = Mat::<f64>::zeros(n, n);
    let mut total = 0.0;
    for (point, weight) in objective.weights().iter().enumerate() {
        let slopes: Vec<f64> = (0..n).map(|i| x[i][point] * u[i][point]).collect();
        let square: f64 = slopes.iter().map(|slope| slope * slope).sum();
        if square > 0.0 {
            total += weight;
            for i in 0..n {
                for j in 0..n {
                    form[(i, j)] += weight * slopes[i] * slopes[j] / square;
                }
            }
        }
    }
    let eigen = form.self_adjoint_eigen(Side::Lower).ok()?;
    let sizes = eigen.S().column_vector();
    let kept: Vec<usize> = (0..n).filter(|&k| sizes[k] > limit * total).collect();
    let basis = kept
        .iter()
        .map(|&k| (0..n).map(|i| eigen.U()[(i, k)]).collect());
    (1 < kept.len() && kept.len() < n).then(|| basis.collect())
}

/// The basis in which each variable of a set stands in one row only, if all powers are whole numbers
/// or halves.
fn whole(span: &[Vec<f64>], set: usize, limits: &Groups) -> Option<Vec<Powers>> {
    let mut rows = span.to_vec();
    let n = rows[0].len();
    let own: Vec<usize> = (0..n).filter(|variable| set >> variable & 1 == 1).collect();
    for (place, &variable) in own.iter().enumerate() {
        let largest = (place..rows.len())
            .max_by(|&a, &b| rows[a][variable].abs().total_cmp(&rows[b][variable].abs()))?;
        rows.swap(place, largest);
        let divisor = rows[place][variable];
        if divisor.abs() < limits.dependent {
            return None;
        }
        rows[place].iter_mut().for_each(|entry| *entry /= divisor);
        let row = rows[place].clone();
        for (other, entries) in rows.iter_mut().enumerate() {
            let factor = entries[variable];
            if other != place {
                entries
                    .iter_mut()
                    .zip(&row)
                    .for_each(|(entry, own)| *entry -= factor * own);
            }
        }
    }
    let written = rows.iter().zip(own).map(|(row, own)| {
        let is_whole = |scale: f64| {
            let near = |entry: &f64| (scale * entry - (scale * entry).round()).abs();
            row.iter().all(|entry| near(entry) <= limits.near_whole)
        };
        let scale = [1.0, 2.0].into_iter().find(|scale| is_whole(*scale))?;
        let powers: Vec<i32> = row
            .iter()
            .map(|entry| (scale * entry).round() as i32)
            .collect();
        let is_small = powers
            .iter()
            .all(|power| power.unsigned_abs() as usize <= limits.max_power);
        is_small.then_some(Powers { powers, own })
    });
    written.collect()
}
