//! A power law times a function of one product, `y2 B(y1)`, from directions in two products of powers.
//!
//! In logarithms its derivatives are in the proportion `B'(y1) y1 / B(y1)` to 1, which depends on `y1`
//! only. So `y1` shows as the product along which neighbours have the same direction, and `log B` is the
//! integral of what they have. Values of a function of one variable are left to search for.

use crate::effort::Groups;
use crate::formula::Expression;
use crate::search::objective::DirectionObjective;

/// The values of `B` at those of `y1`, and the two products in the variables of the directions.
pub(crate) struct Integrated {
    /// Values of `y1`, in increasing order.
    pub arguments: Vec<f64>,
    /// `log B` there, up to a number.
    pub logarithms: Vec<f64>,
    /// `y1`.
    pub argument: Expression,
    /// The variable that `y2` is.
    pub factor: usize,
}

/// The function, if the directions are those of one; none unless there are two variables, which are
/// positive.
pub(crate) fn integrated(
    objective: &DirectionObjective,
    noise: f64,
    limits: &Groups,
) -> Option<Integrated> {
    let z = objective.raw();
    let is_open = z.len() == 2 && z[0].len() >= limits.min_points;
    if !is_open || z.iter().flatten().any(|value| *value <= 0.0) {
        return None;
    }
    let found = ways(limits.max_power_of_argument as i32).map(|powers| {
        let sorted = Sorted::by(powers, objective);
        (sorted.disagreement(), sorted)
    });
    let (left, sorted) = found.min_by(|a, b| a.0.total_cmp(&b.0))?;
    let is_function = left <= limits.same_direction + noise;
    is_function.then(|| sorted.integrated(limits))?
}

/// The powers that `y1` may have, each up to its inverse; the plain variables first.
fn ways(max_power: i32) -> impl Iterator<Item = [i32; 2]> {
    let mixed = (1..=max_power).flat_map(move |a| (-max_power..=max_power).map(move |b| [a, b]));
    let mixed = mixed.filter(|[a, b]| *b != 0 && (a.abs() == 1 || b.abs() == 1));
    [[1, 0], [0, 1]].into_iter().chain(mixed)
}

/// The slopes of the logarithms, sorted by `y1`.
struct Sorted {
    powers: [i32; 2],
    /// `log y1`.
    places: Vec<f64>,
    /// The derivatives by `log y1` and by `log y2`, as a vector of length 1.
    slopes: Vec<[f64; 2]>,
}

impl Sorted {
    fn by(powers: [i32; 2], objective: &DirectionObjective) -> Self {
        let (z, u) = (objective.raw(), objective.directions());
        let [a, b] = powers.map(f64::from);
        let row = |row: usize| {
            let g = [z[0][row] * u[0][row], z[1][row] * u[1][row]];
            let place = a * z[0][row].ln() + b * z[1][row].ln();
            // y2 is the variable that isn't in y1, or else the second one.
            let [first, second] = if a == 0.0 {
                [g[1] / b, g[0]]
            } else {
                [g[0] / a, g[1] - b / a * g[0]]
            };
            let norm = first.hypot(second);
            (place, [first / norm, second / norm])
        };
        let mut rows: Vec<(f64, [f64; 2])> = (0..z[0].len()).map(row).collect();
        rows.retain(|(place, slopes)| place.is_finite() && slopes[0].is_finite());
        rows.sort_by(|x, y| x.0.total_cmp(&y.0));
        let (places, slopes) = rows.into_iter().unzip();
        Self {
            powers,
            places,
            slopes,
        }
    }

    /// The squared sine of neighbours' slopes as a share of that of slopes from all around.
    fn disagreement(&self) -> f64 {
        let n = self.slopes.len();
        let square = |i: usize, j: usize| {
            let (a, b) = (self.slopes[i], self.slopes[j]);
            (a[0] * b[1] - a[1] * b[0]).powi(2)
        };
        let near: f64 = (1..n).map(|i| square(i - 1, i)).sum();
        let far: f64 = (1..n).map(|i| square(i - 1, (i - 1 + n / 2) % n)).sum();
        if far > 0.0 { near / far } else { f64::INFINITY }
    }

    /// `log B` is the integral of the proportion of the slopes; none where it has poles.
    fn integrated(&self, limits: &Groups) -> Option<Integrated> {
        let steepest = limits.least_slope;
        if self.slopes.iter().any(|slopes| slopes[1].abs() < steepest) {
            return None;
        }
        let rates: Vec<f64> = self
            .slopes
            .iter()
            .map(|slopes| slopes[0] / slopes[1])
            .collect();
        let slopes = slopes(&self.places, &rates);
        let mut sum = 0.0;
        let mut logarithms = vec![0.0];
        for row in 1..rates.len() {
            let width = self.places[row] - self.places[row - 1];
            sum += width * (rates[row - 1] + rates[row]) / 2.0;
            sum += width * width * (slopes[row - 1] - slopes[row]) / 12.0;
            logarithms.push(sum);
        }
        let [a, b] = self.powers.map(f64::from);
        Some(Integrated {
            arguments: self.places.iter().map(|place| place.exp()).collect(),
            logarithms,
            argument: Expression::product_of_powers(&[(0, a), (1, b)]),
            factor: usize::from(a != 0.0),
        })
    }
}

/// Derivatives of values at increasing places, from the parabola through each and its neighbours; 0 at
/// the ends and where places coincide.
fn slopes(places: &[f64], values: &[f64]) -> Vec<f64> {
    let mut slopes = vec![0.0; places.len()];
    for row in 1..places.len() - 1 {
        let before = places[row] - places[row - 1];
        let after = places[row + 1] - places[row];
        let rise = |from: usize, width: f64| (values[from + 1] - values[from]) / width;
        let slope = (rise(row - 1, before) * after + rise(row, after) * before) / (before + after);
        slopes[row] = if slope.is_finite() { slope } else { 0.0 };
    }
    slopes
}
