//! The curve of a link through points: monotone, or monotone between a few turning points.

use crate::effort::reading::TurnLimits;
use crate::error::{Error, Result};
use crate::numerics::{share_explained, sigmoid, spearman};
use serde::{Deserialize, Serialize};

const LIMITS: TurnLimits = TurnLimits::DEFAULT;

/// A curve made of monotone pieces, each the least-squares fit that rises or falls (isotonic
/// regression by pool-adjacent-violators, Ayer et al. 1955), made piecewise linear.
///
/// ```
/// use closedform::interpretation::LinkCurve;
///
/// let x: Vec<f64> = (0..50).map(f64::from).collect();
/// let y: Vec<f64> = x.iter().map(|x| -x * x).collect();
/// let curve = LinkCurve::fit(&x, &y)?;
/// assert!(!curve.is_rising() && curve.turns().is_empty());
/// assert_eq!(curve.value(7.5), -56.5);
/// assert_eq!(curve.explained(&x, &y), 1.0);
///
/// let bump: Vec<f64> = x.iter().map(|x| -(x - 20.0).powi(2)).collect();
/// assert_eq!(LinkCurve::fit(&x, &bump)?.turns().len(), 1);
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinkCurve {
    knots: Vec<(f64, f64)>,
    turns: Vec<f64>,
    is_rising: bool,
}

/// Adjacent points that a piece gives the same height.
struct Pool {
    n: f64,
    sum_x: f64,
    sum_y: f64,
}

impl Pool {
    fn height(&self) -> f64 {
        self.sum_y / self.n
    }

    fn add(&mut self, other: &Self) {
        self.n += other.n;
        self.sum_x += other.sum_x;
        self.sum_y += other.sum_y;
    }

    /// What the pool takes from the sum of squares.
    fn explained(&self) -> f64 {
        self.sum_y * self.sum_y / self.n
    }
}

impl LinkCurve {
    /// Fits `y` `(n_samples,)` over `x` `(n_samples,)`, with turning points only if each of them
    /// halves what is left. Pairs that aren't finite are left out.
    ///
    /// # Errors
    /// Lists of different lengths, or no finite pair.
    pub fn fit(x: &[f64], y: &[f64]) -> Result<Self> {
        Self::turning(x, y, |y| y)
    }

    /// The same for logits, whose turning points are looked for in the probabilities: a logit of
    /// -50 says no more about a decision than one of -5.
    ///
    /// # Errors
    /// Those of [`fit`](Self::fit).
    pub fn of_logits(x: &[f64], logits: &[f64]) -> Result<Self> {
        Self::turning(x, logits, sigmoid)
    }

    /// Turning points are where the curve through the `seen` values of `y` turns.
    fn turning(x: &[f64], y: &[f64], seen: fn(f64) -> f64) -> Result<Self> {
        let points = sorted_pairs(x, y)?;
        let seen: Vec<(f64, f64)> = points.iter().map(|(x, y)| (*x, seen(*y))).collect();
        let (x, y): (Vec<f64>, Vec<f64>) = seen.iter().copied().unzip();
        let left = |turns: &[f64], is_rising| {
            1.0 - Self::in_pieces(&seen, turns, is_rising).explained(&x, &y)
        };
        let mut best = (Vec::new(), spearman(&x, &y) >= 0.0);
        let mut least = left(&best.0, best.1);
        if least > LIMITS.worth_a_look {
            let bins = Bins::new(&seen);
            for n_turns in 1..=LIMITS.max_turns {
                let Some((turns, is_rising)) = bins.turns(n_turns) else {
                    break;
                };
                let left = left(&turns, is_rising);
                let n_more = n_turns - best.0.len();
                if left < least * LIMITS.worth_a_turn.powi(n_more as i32) {
                    (best, least) = ((turns, is_rising), left);
                }
            }
        }
        Ok(Self::in_pieces(&points, &best.0, best.1))
    }

    /// Fits the monotone curve. The sign of the rank correlation decides whether it rises or falls.
    ///
    /// # Errors
    /// Those of [`fit`](Self::fit).
    pub fn monotone(x: &[f64], y: &[f64]) -> Result<Self> {
        let points = sorted_pairs(x, y)?;
        let (x, y): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
        Ok(Self::in_pieces(&points, &[], spearman(&x, &y) >= 0.0))
    }

    fn in_pieces(points: &[(f64, f64)], turns: &[f64], is_rising: bool) -> Self {
        let mut knots = Vec::new();
        let mut rest = points;
        let ends = turns.iter().copied().chain([f64::INFINITY]);
        for (index, end) in ends.enumerate() {
            let (piece, after) = rest.split_at(rest.partition_point(|point| point.0 <= end));
            rest = after;
            let sign = if is_rising == index.is_multiple_of(2) {
                1.0
            } else {
                -1.0
            };
            knots.extend(pooled(piece, sign));
        }
        Self {
            knots,
            turns: turns.to_vec(),
            is_rising,
        }
    }

    /// The curve's height at `x`. Beyond its ends the curve is constant.
    pub fn value(&self, x: f64) -> f64 {
        let place = self.knots.partition_point(|knot| knot.0 <= x);
        match (place.checked_sub(1), self.knots.get(place)) {
            (Some(before), Some(after)) => {
                let before = self.knots[before];
                let share = (x - before.0) / (after.0 - before.0);
                before.1 + share * (after.1 - before.1)
            }
            (None, Some(first)) => first.1,
            (Some(last), None) => self.knots[last].1,
            (None, None) => f64::NAN,
        }
    }

    /// Whether the curve rises, up to its first turning point if it has any.
    pub fn is_rising(&self) -> bool {
        self.is_rising
    }

    /// Where the curve turns, from left to right; empty if it is monotone.
    pub fn turns(&self) -> &[f64] {
        &self.turns
    }

    /// The curve's corners `(x, y)`, from left to right.
    pub fn knots(&self) -> &[(f64, f64)] {
        &self.knots
    }

    /// Where the curve crosses 0, from left to right.
    pub(super) fn crossings(&self) -> Vec<f64> {
        let crossed = self.knots.windows(2).filter_map(|pair| {
            let [(x, y), (next_x, next_y)] = [pair[0], pair[1]];
            ((y > 0.0) != (next_y > 0.0)).then(|| x + (next_x - x) * y / (y - next_y))
        });
        crossed.collect()
    }

    /// The share of the variance of `y` `(n_samples,)` that the curve over `x` `(n_samples,)`
    /// explains. 1 is all of it; at 0 or below, the mean would do as well.
    pub fn explained(&self, x: &[f64], y: &[f64]) -> f64 {
        let heights: Vec<f64> = x.iter().map(|&x| self.value(x)).collect();
        share_explained(&heights, y)
    }
}

/// The finite pairs in the order of `x`.
fn sorted_pairs(x: &[f64], y: &[f64]) -> Result<Vec<(f64, f64)>> {
    if x.len() != y.len() {
        return Err(Error::Shape(format!(
            "there are {} values of x, but {} of y; a curve needs as many of each",
            x.len(),
            y.len()
        )));
    }
    let mut points: Vec<(f64, f64)> = x.iter().copied().zip(y.iter().copied()).collect();
    points.retain(|(x, y)| x.is_finite() && y.is_finite());
    if points.is_empty() {
        return Err(Error::Uninformative(
            "no point has finite numbers, but a curve needs at least 1".into(),
        ));
    }
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    Ok(points)
}

/// The corners of the monotone fit to sorted points, which rises with the sign 1 and falls with -1.
fn pooled(points: &[(f64, f64)], sign: f64) -> Vec<(f64, f64)> {
    let mut pools: Vec<Pool> = Vec::new();
    for same in points.chunk_by(|a, b| a.0 == b.0) {
        let pool = Pool {
            n: same.len() as f64,
            sum_x: same.iter().map(|point| point.0).sum(),
            sum_y: same.iter().map(|point| sign * point.1).sum(),
        };
        add_pooled(&mut pools, pool);
    }
    let knots = pools
        .iter()
        .map(|pool| (pool.sum_x / pool.n, sign * pool.height()));
    knots.collect()
}

/// Adds a pool to those that rise before it: the ones that it violates are joined to it. The result
/// is the change in what all pools explain.
fn add_pooled(pools: &mut Vec<Pool>, mut pool: Pool) -> f64 {
    let mut change = 0.0;
    while let Some(last) = pools.pop_if(|last| last.height() > pool.height()) {
        change -= last.explained();
        pool.add(&last);
    }
    change += pool.explained();
    pools.push(pool);
    change
}

/// Points in the order of `x`, summed up in bins of as many points each.
struct Bins {
    /// The last `x` of each bin.
    ends: Vec<f64>,
    /// What a rising piece, and a falling one, from one bin to another explains of the sum of
    /// squares.
    explained: [Vec<Vec<f64>>; 2],
}

impl Bins {
    fn new(points: &[(f64, f64)]) -> Self {
        let bins = points.chunks(points.len().div_ceil(LIMITS.n_bins).max(1));
        let sum = |bin: &[(f64, f64)]| (bin.len() as f64, bin.iter().map(|point| point.1).sum());
        let sums: Vec<(f64, f64)> = bins.clone().map(sum).collect();
        Self {
            explained: [1.0, -1.0].map(|sign| explained_by_pieces(&sums, sign)),
            ends: bins.map(|bin| bin[bin.len() - 1].0).collect(),
        }
    }

    /// The turning points of the best curve with so many of them, and whether its first piece
    /// rises; none with too few bins.
    fn turns(&self, n_turns: usize) -> Option<(Vec<f64>, bool)> {
        let (n, explained) = (self.ends.len(), &self.explained);
        let best_of = |first: usize| {
            // For each bin the best curve that ends there, with the starts of its pieces.
            let mut best: Vec<Option<(f64, Vec<usize>)>> = (0..n)
                .map(|end| Some((explained[first][0][end], Vec::new())))
                .collect();
            for piece in 1..=n_turns {
                let of_piece = &explained[(first + piece) % 2];
                best = (0..n)
                    .map(|end| {
                        let starts =
                            LIMITS.bins_per_piece..(end + 2).saturating_sub(LIMITS.bins_per_piece);
                        let curves = starts.filter_map(|start| {
                            let (before, turns) = best[start - 1].as_ref()?;
                            Some((before + of_piece[start][end], turns, start))
                        });
                        let (sum, turns, start) = curves.max_by(|a, b| a.0.total_cmp(&b.0))?;
                        Some((sum, [&turns[..], &[start]].concat()))
                    })
                    .collect();
            }
            best.pop().flatten()
        };
        let both =
            [0, 1].map(|first| best_of(first).map(|(sum, starts)| (sum, starts, first == 0)));
        let (_, starts, is_rising) = both
            .into_iter()
            .flatten()
            .max_by(|a, b| a.0.total_cmp(&b.0))?;
        let turns = starts.into_iter().map(|start| self.ends[start - 1]);
        Some((turns.collect(), is_rising))
    }
}

/// What a monotone piece explains of the sum of squares, from each bin to each other, of the bins'
/// numbers of points and sums. It rises with the sign 1 and falls with -1.
fn explained_by_pieces(sums: &[(f64, f64)], sign: f64) -> Vec<Vec<f64>> {
    let from = |start: usize| {
        let mut pools: Vec<Pool> = Vec::new();
        let mut total = 0.0;
        // No piece ends before its start.
        let mut row = vec![0.0; start];
        row.extend(sums[start..].iter().map(|(n, sum)| {
            let pool = Pool {
                n: *n,
                sum_x: 0.0,
                sum_y: sign * sum,
            };
            total += add_pooled(&mut pools, pool);
            total
        }));
        row
    };
    (0..sums.len()).map(from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wave_has_as_many_turning_points_as_it_turns() {
        let x: Vec<f64> = (0..1000).map(|row| f64::from(row) / 1000.0).collect();
        // Two inputs in turn, so that neighbours differ: the rough error of a network.
        let rough = |row: usize| if row.is_multiple_of(2) { 0.05 } else { -0.05 };
        for (n_turns, frequency) in [(0, 1.0), (1, 4.0), (2, 7.0), (3, 10.0)] {
            let wave = x.iter().enumerate();
            let y: Vec<f64> = wave
                .map(|(row, x)| (frequency * x).sin() + rough(row))
                .collect();
            let curve = LinkCurve::fit(&x, &y).unwrap();
            assert_eq!(
                curve.turns().len(),
                n_turns,
                "sin({frequency} x): {curve:?}"
            );
            for (index, turn) in curve.turns().iter().enumerate() {
                let truth = (0.5 + index as f64) * std::f64::consts::PI / frequency;
                assert!((turn - truth).abs() < 0.05, "{turn}, not {truth}");
            }
            assert!(curve.explained(&x, &y) > 0.95);
        }
    }

    #[test]
    fn noise_has_no_turning_points() {
        use rand::{RngExt, SeedableRng};
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
        let x: Vec<f64> = (0..500).map(f64::from).collect();
        for rising in [0.0, 0.01] {
            let y: Vec<f64> = x
                .iter()
                .map(|x| rising * x + rng.random_range(-1.0..1.0))
                .collect();
            assert!(LinkCurve::fit(&x, &y).unwrap().turns().is_empty());
        }
    }
}
