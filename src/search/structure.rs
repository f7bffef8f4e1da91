//! Structure that shows in the directions alone: groups of variables that act as one.

use super::expression::Expression;
use super::objective::{DirectionObjective, Objective};
use super::tape::Evaluation;
use rayon::prelude::*;

/// Points that the tests look at.
const MAX_TESTED: usize = 400;
/// Groups have at most this many variables.
const MAX_GROUP: usize = 3;
/// Among more variables only pairs are tested.
const MAX_TESTED_TRIPLES: usize = 7;
/// A group is tried if neighbours within it disagree by less than this share of what points
/// drawn at random disagree by. Generous: a wrong guess costs time only.
const MAX_DISAGREEMENT: f64 = 0.25;
/// A variable whose squared derivative has this mean share, or less, does not matter.
const MAX_IRRELEVANT: f64 = 1e-6;
/// Where a group's part of the gradient is shorter than this, it has no direction to speak of.
const MIN_PART: f64 = 0.02;

/// Variables whose derivative is nowhere different from zero, up to the noise.
pub(crate) fn irrelevant(objective: &DirectionObjective, noise: f64) -> Vec<usize> {
    let shares = objective
        .directions()
        .iter()
        .map(|column| column.iter().map(|u| u * u).sum::<f64>() / column.len().max(1) as f64);
    let limit = MAX_IRRELEVANT.max(noise);
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
pub(crate) fn groups(objective: &DirectionObjective) -> Vec<Group> {
    let tested = objective.subsample(MAX_TESTED);
    let n = tested.raw().len();
    let mut subsets: Vec<Vec<usize>> = Vec::new();
    for a in 0..n {
        for b in a + 1..n {
            subsets.push(vec![a, b]);
            if n <= MAX_TESTED_TRIPLES && MAX_GROUP >= 3 {
                subsets.extend((b + 1..n).map(|c| vec![a, b, c]));
            }
        }
    }
    let mut groups: Vec<Group> = subsets
        .into_par_iter()
        .filter(|variables| variables.len() < n)
        .map(|variables| Group {
            disagreement: disagreement(&tested, &variables),
            variables,
        })
        .filter(|group| group.disagreement < MAX_DISAGREEMENT)
        .collect();
    groups.sort_by(|a, b| {
        let key = |group: &Group| group.variables.len();
        key(a)
            .cmp(&key(b))
            .then(a.disagreement.total_cmp(&b.disagreement))
    });
    groups
}

fn disagreement(objective: &DirectionObjective, variables: &[usize]) -> f64 {
    let scaled: Vec<Vec<f64>> = variables
        .iter()
        .map(|&v| standardized(&objective.raw()[v]))
        .collect();
    let parts: Vec<&Vec<f64>> = variables
        .iter()
        .map(|&v| &objective.directions()[v])
        .collect();
    let n = scaled[0].len();
    let norm = |row: usize| {
        parts
            .iter()
            .map(|part| part[row].powi(2))
            .sum::<f64>()
            .sqrt()
    };
    let kept: Vec<usize> = (0..n).filter(|&row| norm(row) > MIN_PART).collect();
    if kept.len() < 20 {
        return f64::INFINITY;
    }
    // Squared sines, weighted so that short parts, which noise turns most, count least.
    let difference = |i: usize, j: usize| {
        let dot: f64 = parts.iter().map(|part| part[i] * part[j]).sum();
        let weight = (norm(i) * norm(j)).powi(2);
        (weight - dot * dot, weight)
    };
    let distance = |i: usize, j: usize| -> f64 {
        scaled
            .iter()
            .map(|column| (column[i] - column[j]).powi(2))
            .sum()
    };
    let mut near = (0.0, 0.0);
    let mut far = (0.0, 0.0);
    for (k, &i) in kept.iter().enumerate() {
        let others = kept.iter().copied().filter(|&j| j != i);
        let nearest = others.min_by(|&a, &b| distance(i, a).total_cmp(&distance(i, b)));
        let pairs = [
            (&mut near, nearest),
            (&mut far, Some(kept[(k + kept.len() / 2) % kept.len()])),
        ];
        for (sum, other) in pairs {
            let (square, weight) = other.map_or((0.0, 0.0), |j| difference(i, j));
            sum.0 += square;
            sum.1 += weight;
        }
    }
    // Directions that hardly differ anywhere agree with any neighbour: they are compared with
    // half of what directions drawn from all around would differ by.
    let isotropic = 1.0 - 1.0 / variables.len() as f64;
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

/// The directions within a group, as a search of their own: in its variables only.
pub(crate) fn within(objective: &DirectionObjective, variables: &[usize]) -> DirectionObjective {
    let pick = |columns: &[Vec<f64>]| -> Vec<Vec<f64>> {
        variables
            .iter()
            .map(|&variable| columns[variable].clone())
            .collect()
    };
    let (mut raw, mut parts) = (pick(objective.raw()), pick(objective.directions()));
    let n = raw[0].len();
    let is_long: Vec<bool> = (0..n)
        .map(|row| parts.iter().map(|part| part[row].powi(2)).sum::<f64>() > MIN_PART.powi(2))
        .collect();
    for column in raw.iter_mut().chain(parts.iter_mut()) {
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
    DirectionObjective::from_columns(names, raw, parts).sign_free()
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
    Some(DirectionObjective::from_columns(names, raw, directions))
}
