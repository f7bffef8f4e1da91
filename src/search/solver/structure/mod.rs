//! Structure that shows in the directions alone: groups of variables that act as one.

mod findings;
mod integration;
mod scaling;

pub use findings::{Finding, Relation, Structure};
pub(crate) use integration::{Integrated, integrated};
pub(crate) use scaling::products;

use crate::effort::Groups;
use crate::formula::Evaluation;
use crate::formula::Expression;
use crate::search::objective::{DirectionObjective, Objective};
use rayon::prelude::*;

/// Variables whose derivative is nowhere different from zero, up to the noise.
pub(crate) fn irrelevant(
    objective: &DirectionObjective,
    noise: f64,
    limits: &Groups,
) -> Vec<usize> {
    let shares = objective
        .directions()
        .iter()
        .map(|column| column.iter().map(|u| u * u).sum::<f64>() / column.len().max(1) as f64);
    let limit = limits.max_irrelevant.max(noise);
    let is_small = shares.enumerate().filter(|(_, share)| *share <= limit);
    is_small.map(|(index, _)| index).collect()
}

/// A group of variables and how far its directions depend on the others, 0 being not at all.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub variables: Vec<usize>,
    pub disagreement: f64,
}

/// Groups `S` such that the direction of the gradient within `S` depends on the variables in `S`
/// only: then `f = F(h(x_S), rest)`, whatever monotone function is around it.
///
/// The test compares each point's direction within `S` with that of its neighbour in `S`; the
/// other variables differ freely between the two.
pub(crate) fn groups(objective: &DirectionObjective, limits: &Groups) -> Vec<Group> {
    let tested = objective.subsample(limits.n_points);
    let n = tested.raw().len();
    let mut subsets: Vec<Vec<usize>> = Vec::new();
    for a in 0..n {
        for b in a + 1..n {
            subsets.push(vec![a, b]);
            if n <= limits.max_features_of_triples {
                subsets.extend((b + 1..n).map(|c| vec![a, b, c]));
            }
        }
    }
    let mut groups: Vec<Group> = subsets
        .into_par_iter()
        .filter(|variables| variables.len() < n)
        .map(|variables| Group {
            disagreement: disagreement(&tested, &variables, limits),
            variables,
        })
        .filter(|group| group.disagreement < limits.max_disagreement)
        .collect();
    groups.sort_by(|a, b| {
        let key = |group: &Group| group.variables.len();
        key(a)
            .cmp(&key(b))
            .then(a.disagreement.total_cmp(&b.disagreement))
    });
    groups
}

fn disagreement(objective: &DirectionObjective, variables: &[usize], limits: &Groups) -> f64 {
    let compared = compared(objective, variables, variables, limits);
    if compared.len() < limits.min_points {
        f64::INFINITY
    } else {
        ratio(compared.iter(), variables.len())
    }
}

/// How far a point's direction within a group is from those of two other points: a squared sine
/// times its weight, and the weight.
#[derive(Debug, Clone, Copy)]
struct Compared {
    /// With the nearest neighbour within the group.
    near: (f64, f64),
    /// With a point from all around.
    far: (f64, f64),
}

/// All points that have a direction within the group, each with its nearest one in the variables
/// `among`.
fn compared(
    objective: &DirectionObjective,
    variables: &[usize],
    among: &[usize],
    limits: &Groups,
) -> Vec<Compared> {
    let parts: Vec<&Vec<f64>> = variables
        .iter()
        .map(|&v| &objective.directions()[v])
        .collect();
    let norm = |row: usize| -> f64 {
        let squares = parts.iter().map(|part| part[row].powi(2));
        squares.sum::<f64>().sqrt()
    };
    let weights = objective.weights();
    // Squared sines, weighted so that short parts, which noise turns most, count least.
    let difference = |i: usize, j: usize| {
        let dot: f64 = parts.iter().map(|part| part[i] * part[j]).sum();
        let weight = (norm(i) * norm(j)).powi(2) * weights[i] * weights[j];
        (weight - dot * dot * weights[i] * weights[j], weight)
    };
    let kept = with_a_direction(objective, variables, limits);
    let near = nearest(objective, &kept, among);
    let compare = |(place, (&i, &j)): (usize, (&usize, &usize))| Compared {
        near: difference(i, j),
        far: difference(i, kept[(place + kept.len() / 2) % kept.len()]),
    };
    kept.iter().zip(&near).enumerate().map(compare).collect()
}

/// The points at which a group's part of the gradient is long enough to have a direction.
fn with_a_direction(
    objective: &DirectionObjective,
    variables: &[usize],
    limits: &Groups,
) -> Vec<usize> {
    let square = |row: usize| -> f64 {
        let parts = variables.iter().map(|&v| objective.directions()[v][row]);
        parts.map(|part| part * part).sum()
    };
    let rows = 0..objective.weights().len();
    rows.filter(|&row| square(row) > limits.min_part.powi(2))
        .collect()
}

/// For each of the points the nearest other one in some of the variables; of a single point,
/// itself.
fn nearest(objective: &DirectionObjective, points: &[usize], among: &[usize]) -> Vec<usize> {
    let scaled: Vec<Vec<f64>> = among
        .iter()
        .map(|&v| standardized(&objective.raw()[v]))
        .collect();
    let distance = |i: usize, j: usize| -> f64 {
        let columns = scaled.iter();
        columns.map(|column| (column[i] - column[j]).powi(2)).sum()
    };
    let nearest_to = |&i: &usize| {
        let others = points.iter().copied().filter(|&j| j != i);
        let nearest = others.min_by(|&a, &b| distance(i, a).total_cmp(&distance(i, b)));
        nearest.unwrap_or(i)
    };
    points.iter().map(nearest_to).collect()
}

/// The squared sine of near points as a share of that of points from all around.
fn ratio<'a>(compared: impl Iterator<Item = &'a Compared>, n_variables: usize) -> f64 {
    let (mut near, mut far) = ((0.0, 0.0), (0.0, 0.0));
    for point in compared {
        for (sum, one) in [(&mut near, point.near), (&mut far, point.far)] {
            sum.0 += one.0;
            sum.1 += one.1;
        }
    }
    // Directions that hardly differ anywhere agree with any neighbour: they are compared with
    // half of what directions drawn from all around would differ by.
    let isotropic = 1.0 - 1.0 / n_variables as f64;
    (near.0 / near.1) / (far.0 / far.1).max(0.5 * isotropic)
}

fn standardized(column: &[f64]) -> Vec<f64> {
    let n = column.len() as f64;
    let mean = column.iter().sum::<f64>() / n;
    let deviation = (column.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt();
    column
        .iter()
        .map(|v| (v - mean) / deviation.max(f64::MIN_POSITIVE))
        .collect()
}

/// The directions within a group, as a search of their own: in its variables only, and each blind
/// to its sign, as the function around the group may rise here and fall there.
pub(crate) fn within(
    objective: &DirectionObjective,
    variables: &[usize],
    limits: &Groups,
) -> DirectionObjective {
    restricted(objective, variables, limits).sign_free()
}

/// The directions in some of the variables only.
pub(crate) fn restricted(
    objective: &DirectionObjective,
    variables: &[usize],
    limits: &Groups,
) -> DirectionObjective {
    let pick = |columns: &[Vec<f64>]| -> Vec<Vec<f64>> {
        variables
            .iter()
            .map(|&variable| columns[variable].clone())
            .collect()
    };
    let (mut raw, mut parts) = (pick(objective.raw()), pick(objective.directions()));
    let mut weights = objective.weights().to_vec();
    let n = weights.len();
    let is_long: Vec<bool> = (0..n)
        .map(|row| {
            parts.iter().map(|part| part[row].powi(2)).sum::<f64>() > limits.min_part.powi(2)
        })
        .collect();
    let columns = raw.iter_mut().chain(parts.iter_mut());
    for column in columns.chain([&mut weights]) {
        let mut row = 0;
        column.retain(|_| {
            row += 1;
            is_long[row - 1]
        });
    }
    let names = variables
        .iter()
        .map(|index| format!("x{}", index + 1))
        .collect();
    DirectionObjective::weighted(names, raw, parts, weights).with_fits(objective.fits())
}

/// The same directions in other variables: the group is replaced by `h`, which comes first.
///
/// With `f = F(h(x_S), rest)` the part of the gradient within `S` is `F_h grad h`, so
/// `F_h = (grad_S f . grad h) / |grad h|^2`.
pub(crate) fn replaced(
    objective: &DirectionObjective,
    variables: &[usize],
    h: &Expression,
) -> Option<DirectionObjective> {
    let found: Evaluation = h.evaluate(objective.columns());
    if found.values.len() != objective.columns().n_samples() || !found.is_finite() {
        return None;
    }
    let n = found.values.len();
    let entry = |column: &Vec<f64>, row: usize| column.get(row).copied().unwrap_or(0.0);
    let slope = (0..n).map(|row| {
        let (mut dot, mut square) = (0.0, 0.0);
        for &variable in variables {
            let g = entry(&found.gradient[variable], row);
            dot += g * objective.directions()[variable][row];
            square += g * g;
        }
        dot / square
    });
    let rest = (0..objective.raw().len()).filter(|index| !variables.contains(index));
    let rest: Vec<usize> = rest.collect();
    let with = |first: Vec<f64>, columns: &[Vec<f64>]| -> Vec<Vec<f64>> {
        std::iter::once(first)
            .chain(rest.iter().map(|&index| columns[index].clone()))
            .collect()
    };
    let directions = with(slope.collect(), objective.directions());
    let raw = with(found.values.clone(), objective.raw());
    let names = (0..raw.len())
        .map(|index| format!("z{}", index + 1))
        .collect();
    let weights = objective.weights().to_vec();
    let replaced = DirectionObjective::weighted(names, raw, directions, weights);
    Some(replaced.with_fits(objective.fits()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use crate::formula::Columns;

    const N_POINTS: usize = 600;

    fn read(text: &str) -> Expression {
        text.parse().unwrap()
    }

    fn random_points(n_features: usize) -> Vec<Vec<f64>> {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut column = || (0..N_POINTS).map(|_| rng.random_range(0.5..3.0)).collect();
        (0..n_features).map(|_| column()).collect()
    }

    fn gradients(text: &str, points: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let mut gradient = read(text)
            .evaluate(&Columns::of_one_length(points.to_vec()))
            .gradient;
        let n = points[0].len();
        gradient.iter_mut().for_each(|column| column.resize(n, 0.0));
        gradient
    }

    fn names(n: usize) -> Vec<String> {
        (1..=n).map(|number| format!("x{number}")).collect()
    }

    /// The directions of a formula, its gradient multiplied at each point by a number.
    fn scaled(text: &str, n_features: usize, scale: impl Fn(usize) -> f64) -> DirectionObjective {
        let points = random_points(n_features);
        let mut gradient = gradients(text, &points);
        for column in &mut gradient {
            let rows = column.iter_mut().enumerate();
            rows.for_each(|(row, value)| *value *= scale(row));
        }
        DirectionObjective::from_columns(names(n_features), points, gradient)
    }

    fn directions(text: &str, n_features: usize) -> DirectionObjective {
        scaled(text, n_features, |_| 1.0)
    }

    /// Pairs of variables, the surest first.
    fn pairs(objective: &DirectionObjective) -> Vec<Group> {
        let mut groups = groups(objective, &Groups::DEFAULT);
        groups.retain(|group| group.variables.len() == 2);
        groups
    }

    #[test]
    fn a_pair_that_acts_as_one_comes_first() {
        let cases = [
            ("(x1 - x2)*x3 + x3**2", [0, 1]),
            ("sin(x1 + x2)*x3 + exp(x3)", [0, 1]),
            ("x1*exp(x2*x3) + x1**2", [1, 2]),
            ("(x1/x3 + x2)**3 + x2**2", [0, 2]),
            ("log(x1**2 + x2**2)*x3 + x3", [0, 1]),
        ];
        for (text, expected) in cases {
            let found = pairs(&directions(text, 3));
            assert_eq!(found[0].variables, expected, "{text}");
            assert!(found[0].disagreement < 0.02, "{text}: {found:?}");
            // Others are guesses at best.
            let mut others = found[1..].iter();
            assert!(
                others.all(|other| other.disagreement > 0.1),
                "{text}: {found:?}"
            );
        }
    }

    #[test]
    fn the_three_pairs_of_a_force_between_two_points_are_found() {
        let objective = directions("x1*x2/((x3 - x4)**2 + (x5 - x6)**2)", 6);
        let mut found: Vec<Vec<usize>> = pairs(&objective)
            .into_iter()
            .map(|pair| pair.variables)
            .collect();
        found.sort();
        assert_eq!(found, [[0, 1], [2, 3], [4, 5]]);
    }

    #[test]
    fn no_pair_surely_acts_as_one_where_all_depend_on_each_other() {
        for text in [
            "x1*x2 + x3 + sin(x2*x3)",
            "sin(2*x1*x2) + sin(2*x2*x3) + sin(2*x1*x3)",
        ] {
            let found = pairs(&directions(text, 3));
            assert!(
                found.iter().all(|pair| pair.disagreement > 0.1),
                "{text}: {found:?}"
            );
        }
    }

    #[test]
    fn a_triple_that_acts_as_one_is_found() {
        let objective = directions("(x1*x2 + x3**2)*x4 + exp(x4)", 4);
        let groups = groups(&objective, &Groups::DEFAULT);
        let variables: Vec<Vec<usize>> = groups.into_iter().map(|group| group.variables).collect();
        assert!(variables.contains(&vec![0, 1, 2]), "{variables:?}");
    }

    #[test]
    fn groups_are_blind_to_a_monotone_function_rising_or_falling() {
        let text = "x1*x2/((x3 - x4)**2 + (x5 - x6)**2)";
        let sorted = |objective: DirectionObjective| {
            let mut groups = groups(&objective, &Groups::DEFAULT);
            groups.sort_by(|a, b| a.variables.cmp(&b.variables));
            groups
        };
        let plain = sorted(directions(text, 6));
        assert!(plain.len() >= 3);
        let rising = |row: usize| 10.0_f64.powi(row as i32 % 13 - 6);
        for sign in [1.0, -1.0] {
            let other = sorted(scaled(text, 6, |row| sign * rising(row)));
            assert_eq!(plain.len(), other.len());
            for (plain, other) in plain.iter().zip(&other) {
                assert_eq!(plain.variables, other.variables);
                assert!((plain.disagreement - other.disagreement).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn variables_without_influence_are_found_up_to_the_noise() {
        let irrelevant = |objective: &DirectionObjective, noise| {
            super::irrelevant(objective, noise, &Groups::DEFAULT)
        };
        assert_eq!(irrelevant(&directions("x1*x3", 4), 0.0), [1, 3]);
        let weak = directions("x1*x3 + 0.01*x2", 3);
        assert_eq!(irrelevant(&weak, 0.0), Vec::<usize>::new());
        assert_eq!(irrelevant(&weak, 1e-3), [1]);
        assert_eq!(
            irrelevant(&directions("x1*x2*x3", 3), 1e-3),
            Vec::<usize>::new()
        );
    }

    /// `outer` in the variables `z1 = h` and the others against the formula written out.
    fn assert_replaced(text: &str, n_features: usize, group: &[usize], h: &str, outer: &str) {
        let objective = directions(text, n_features);
        let found = replaced(&objective, group, &read(h)).unwrap();
        let points = random_points(n_features);
        let rest = (0..n_features).filter(|index| !group.contains(index));
        let new: Vec<Vec<f64>> = [read(h)
            .evaluate(&Columns::of_one_length(points.clone()))
            .values]
        .into_iter()
        .chain(rest.map(|index| points[index].clone()))
        .collect();
        assert_eq!(found.raw(), new);
        let gradient = gradients(outer, &new);
        let expected = DirectionObjective::from_columns(names(new.len()), new, gradient);
        for (column, expected) in found.directions().iter().zip(expected.directions()) {
            assert_eq!(column.len(), expected.len());
            for (a, b) in column.iter().zip(expected) {
                assert!((a - b).abs() < 1e-12, "{text}: {a} {b}");
            }
        }
    }

    #[test]
    fn directions_after_a_replacement_are_those_of_the_function_around_it() {
        assert_replaced(
            "(x1 - x2)*x3 + x3**2",
            3,
            &[0, 1],
            "x1 - x2",
            "x1*x2 + x2**2",
        );
        assert_replaced(
            "x2*exp(-x1*x3) + x2**2*sin(x4)",
            4,
            &[0, 2],
            "x1*x3",
            "x2*exp(-x1) + x2**2*sin(x3)",
        );
        assert_replaced(
            "(x1*x2 + x3**2)*x4 + exp(x4)",
            4,
            &[0, 1, 2],
            "x1*x2 + x3**2",
            "x1*x2 + exp(x2)",
        );
    }

    #[test]
    fn a_formula_that_is_not_finite_replaces_nothing() {
        let objective = directions("(x1 - x2)*x3 + x3**2", 3);
        assert!(replaced(&objective, &[0, 1], &read("log(x1 - x2)")).is_none());
    }

    #[test]
    fn directions_within_a_group_are_those_of_what_it_acts_as() {
        let objective = directions("(3 - x3)*x1*x2**2 + exp(x3)", 3);
        let inner = within(&objective, &[0, 1], &Groups::DEFAULT);
        let expected = gradients("x1*x2**2", inner.raw());
        assert!(inner.raw()[0].len() > N_POINTS / 2);
        let expected = expected[0].iter().zip(&expected[1]);
        let found = inner.directions()[0].iter().zip(&inner.directions()[1]);
        for ((u, v), (a, b)) in found.zip(expected) {
            let cosine = (u * a + v * b) / a.hypot(*b);
            assert!((cosine.abs() - 1.0).abs() < 1e-12, "{cosine}");
        }
    }
}
