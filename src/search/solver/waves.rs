//! A spectral start for periodic terms: the peaks of least-squares periodograms.
//!
//! A wave of many periods has no slope to follow towards its frequency, and none at all while its
//! phase is a quarter of a period off. So the frequency is read from a periodogram (Lomb 1976,
//! Scargle 1982; VanderPlas 2018), which fits `a sin(w x) + b cos(w x)` at every frequency and, unlike a
//! Fourier transform, needs no evenly spaced rows.

use super::Rules;
use crate::effort::Waves;
use crate::formula::{Expression, Operator};
use crate::numerics::{range, without};
use crate::search::objective::{Objective, ValueObjective};
use rayon::prelude::*;
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

/// A column that keeps less than this share of its length beside others depends on them.
const DEPENDENT: f64 = 1e-6;
/// Halvings of the interval around a peak: the frequency is then exact to a millionth of a period.
const N_HALVINGS: usize = 20;

/// Where a periodogram has a peak.
#[derive(Clone, Copy)]
pub(super) struct Wave {
    variable: usize,
    /// The variable that the wave is multiplied by.
    amplitude: Option<usize>,
    frequency: f64,
    phase: f64,
    /// The share of the residual's variance that the wave explains.
    share: f64,
    /// Frequencies that differ by less are one.
    width: f64,
}

/// The waves in what a formula leaves of the values, the strongest first; in the values themselves
/// if there is no formula.
///
/// Each is looked for in what the ones before leave. The search for them ends at a peak that chance
/// would explain as well (Scargle 1982).
pub(super) fn waves(
    objective: &ValueObjective,
    formula: Option<&Expression>,
    rules: &Rules,
) -> Vec<Wave> {
    let limits = &rules.effort.waves;
    let is_periodic = |operator: &Operator| matches!(operator, Operator::Sin | Operator::Cos);
    if !(rules.effort.stages.waves && rules.operators.iter().any(is_periodic)) {
        return Vec::new();
    }
    let Some(spectrum) = Spectrum::new(objective, formula, limits) else {
        return Vec::new();
    };
    spectrum.waves(objective.resolution(), limits, rules.is_stopped)
}

impl Wave {
    /// Whether two waves have one frequency, and are multiplied by the same.
    pub fn is_near(&self, other: &Self) -> bool {
        (self.variable, self.amplitude) == (other.variable, other.amplitude)
            && (self.frequency - other.frequency).abs() < self.width
    }

    /// The sine, or cosine, without the variable that multiplies it. Its phase is at
    /// most a quarter of a period, because coefficients may be negative.
    pub fn expression(&self, operators: &[Operator]) -> Expression {
        let wrapped = |phase: f64| phase - PI * (phase / PI).round();
        let sine = wrapped(self.phase);
        let has = |operator| operators.contains(&operator);
        let is_cosine = has(Operator::Cos) && (!has(Operator::Sin) || sine.abs() > FRAC_PI_4);
        let (operator, phase) = if is_cosine {
            (Operator::Cos, wrapped(self.phase - FRAC_PI_2))
        } else {
            (Operator::Sin, sine)
        };
        let turned = Expression::constant(self.frequency) * Expression::variable(self.variable);
        Expression::unary(operator, turned + Expression::constant(phase))
    }
}

/// What periodograms are computed from. Rows are multiplied by the roots of their weights.
struct Spectrum<'a> {
    columns: &'a [Vec<f64>],
    roots: Vec<f64>,
    target: Vec<f64>,
}

impl<'a> Spectrum<'a> {
    fn new(
        objective: &'a ValueObjective,
        formula: Option<&Expression>,
        limits: &Waves,
    ) -> Option<Self> {
        let columns = objective.columns();
        let (mut target, weights) = objective.explained()?;
        if let Some(formula) = formula {
            let found = formula.evaluate(columns).values;
            if found.len() != target.len() || !found.iter().all(|value| value.is_finite()) {
                return None;
            }
            target.iter_mut().zip(&found).for_each(|(y, f)| *y -= f);
        }
        let roots: Vec<f64> = weights.iter().map(|weight| weight.sqrt()).collect();
        target
            .iter_mut()
            .zip(&roots)
            .for_each(|(y, root)| *y *= root);
        let is_tried = columns.n_features() <= limits.max_features;
        is_tried.then_some(Self {
            columns: columns.raw(),
            roots,
            target,
        })
    }

    /// The waves beside a trend, until no more than this share of the values is left.
    fn waves(&self, resolution: f64, limits: &Waves, is_stopped: &dyn Fn() -> bool) -> Vec<Wave> {
        let mut basis = self.trend(limits);
        let mut waves = Vec::new();
        while waves.len() < limits.max_waves && !is_stopped() {
            let rest = without(&self.target, &basis);
            let is_left = square(&rest) > resolution * square(&self.target);
            let peak = is_left.then(|| self.peak(&rest, basis.len(), limits));
            let Some(wave) = peak.flatten() else {
                break;
            };
            for side in self.sides(&wave) {
                add(&mut basis, side);
            }
            waves.push(wave);
        }
        waves
    }

    /// An orthonormal basis of what isn't periodic: a constant and, as far as there are enough rows, the
    /// variables and their products of two.
    fn trend(&self, limits: &Waves) -> Vec<Vec<f64>> {
        let scaled = self.columns.iter().map(|column| {
            let (low, high) = range(column);
            let scaled = column.iter().map(|x| (2.0 * x - low - high) / (high - low));
            scaled.collect()
        });
        let scaled: Vec<Vec<f64>> = scaled.collect();
        let n = scaled.len();
        let products = (0..n).flat_map(|a| (0..=a).map(move |b| [a, b]));
        let products: Vec<[usize; 2]> = products.collect();
        let has_rows = |n_terms: usize| self.target.len() >= limits.rows_per_trend * n_terms;
        let variables = (0..n).filter(|_| has_rows(n)).map(|a| scaled[a].clone());
        let products = products.iter().filter(|_| has_rows(n + products.len()));
        let products = products.map(|[a, b]| {
            let rows = scaled[*a].iter().zip(&scaled[*b]);
            rows.map(|(a, b)| a * b).collect()
        });
        let mut basis = Vec::new();
        add(&mut basis, self.roots.clone());
        for column in variables.chain(products) {
            let rows = column.iter().zip(&self.roots);
            add(&mut basis, rows.map(|(value, root)| value * root).collect());
        }
        basis
    }

    /// The highest peak of all periodograms of a residual; none if it may be chance.
    fn peak(&self, rest: &[f64], n_fitted: usize, limits: &Waves) -> Option<Wave> {
        let n_features = self.columns.len();
        let amplitudes = (0..n_features).map(Some).filter(|_| n_features > 1);
        let amplitudes: Vec<Option<usize>> = std::iter::once(None).chain(amplitudes).collect();
        let rises: Vec<Vec<f64>> = amplitudes.iter().map(|a| self.multiplied(*a)).collect();
        let mut n_tried = 0;
        let mut best: Option<Wave> = None;
        for (variable, column) in self.columns.iter().enumerate() {
            let grid = frequencies(column, limits);
            n_tried += grid.len() * amplitudes.len();
            let powers: Vec<Vec<f64>> = grid
                .par_iter()
                .map(|w| {
                    let turned: Vec<(f64, f64)> =
                        column.iter().map(|x| (w * x).sin_cos()).collect();
                    rises
                        .iter()
                        .map(|rise| fit(&turned, rise, rest).power)
                        .collect()
                })
                .collect();
            // A peak lies above its neighbours. At the lowest frequency there is only a trend.
            for place in 1..grid.len().saturating_sub(1) {
                for (kind, &amplitude) in amplitudes.iter().enumerate() {
                    let power = powers[place][kind];
                    let is_peak =
                        power > powers[place - 1][kind] && power >= powers[place + 1][kind];
                    let share = power / square(rest);
                    if is_peak && best.is_none_or(|best| share > best.share) {
                        best = Some(Wave {
                            variable,
                            amplitude,
                            frequency: grid[place],
                            phase: 0.0,
                            share,
                            width: step(column, limits),
                        });
                    }
                }
            }
        }
        let best = best?;
        let n_free = rest.len().saturating_sub(n_fitted + 2) as f64;
        let by_chance = n_tried as f64 * (1.0 - best.share).max(0.0).powf(n_free / 2.0);
        let is_wave = best.share >= limits.min_share && by_chance <= limits.max_chance;
        is_wave.then(|| self.sharpened(best, rest))
    }

    /// The wave with the frequency at the top of its peak, and with its phase.
    fn sharpened(&self, wave: Wave, rest: &[f64]) -> Wave {
        let rise = self.multiplied(wave.amplitude);
        let column = &self.columns[wave.variable];
        let at = |frequency: f64| {
            let turned: Vec<(f64, f64)> =
                column.iter().map(|x| (frequency * x).sin_cos()).collect();
            fit(&turned, &rise, rest)
        };
        let mut frequency = wave.frequency;
        let mut step = wave.width / 2.0;
        let mut best = at(frequency);
        for _ in 0..N_HALVINGS {
            for moved in [frequency - step, frequency + step] {
                let fit = at(moved);
                if fit.power > best.power {
                    (frequency, best) = (moved, fit);
                }
            }
            step /= 2.0;
        }
        Wave {
            frequency,
            phase: best.cosine.atan2(best.sine),
            ..wave
        }
    }

    /// The roots of the weights, times the variable that an amplitude is.
    fn multiplied(&self, amplitude: Option<usize>) -> Vec<f64> {
        match amplitude {
            None => self.roots.clone(),
            Some(variable) => {
                let rows = self.columns[variable].iter().zip(&self.roots);
                rows.map(|(x, root)| x * root).collect()
            }
        }
    }

    /// The columns of the sine and the cosine.
    fn sides(&self, wave: &Wave) -> [Vec<f64>; 2] {
        let rise = self.multiplied(wave.amplitude);
        let rows = || self.columns[wave.variable].iter().zip(&rise);
        [
            rows()
                .map(|(x, r)| r * (wave.frequency * x).sin())
                .collect(),
            rows()
                .map(|(x, r)| r * (wave.frequency * x).cos())
                .collect(),
        ]
    }
}

/// The best `sine sin + cosine cos`, and the square of it.
struct Fitted {
    power: f64,
    sine: f64,
    cosine: f64,
}

fn fit(turned: &[(f64, f64)], rise: &[f64], rest: &[f64]) -> Fitted {
    let (mut ss, mut sc, mut cc, mut along_s, mut along_c) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (((sin, cos), rise), rest) in turned.iter().zip(rise).zip(rest) {
        let (s, c) = (rise * sin, rise * cos);
        ss += s * s;
        sc += s * c;
        cc += c * c;
        along_s += s * rest;
        along_c += c * rest;
    }
    let determinant = ss * cc - sc * sc;
    if determinant <= DEPENDENT * ss * cc {
        return Fitted {
            power: 0.0,
            sine: 1.0,
            cosine: 0.0,
        };
    }
    let sine = (cc * along_s - sc * along_c) / determinant;
    let cosine = (ss * along_c - sc * along_s) / determinant;
    Fitted {
        power: sine * along_s + cosine * along_c,
        sine,
        cosine,
    }
}

/// From as few periods as a trend may have to as many as the rows can tell apart.
fn frequencies(column: &[f64], limits: &Waves) -> Vec<f64> {
    let mut different: Vec<f64> = column.to_vec();
    different.sort_by(f64::total_cmp);
    different.dedup();
    let (low, high) = range(column);
    let highest = (different.len() as f64 / limits.values_per_period).min(limits.max_periods);
    if !((high - low).is_normal() && highest > limits.min_periods) {
        return Vec::new();
    }
    let unit = 2.0 * PI / (high - low);
    let step = step(column, limits);
    let n = ((highest - limits.min_periods) * unit / step).ceil() as usize;
    (0..=n)
        .map(|place| limits.min_periods * unit + place as f64 * step)
        .collect()
}

/// Between two frequencies of a periodogram.
fn step(column: &[f64], limits: &Waves) -> f64 {
    let (low, high) = range(column);
    2.0 * PI / (high - low) / limits.steps_per_peak as f64
}

fn square(values: &[f64]) -> f64 {
    values.iter().map(|v| v * v).sum()
}

/// Adds what is new in a column to an orthonormal basis.
fn add(basis: &mut Vec<Vec<f64>>, column: Vec<f64>) {
    let mut new = without(&column, basis);
    let (length, all) = (square(&new).sqrt(), square(&column).sqrt());
    if length > DEPENDENT * all && length.is_normal() {
        new.iter_mut().for_each(|v| *v /= length);
        basis.push(new);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// A function of unevenly spaced points, with noise of this size.
    fn peaks(function: impl Fn(f64, f64) -> f64, noise: f64) -> Vec<Wave> {
        let mut rng = ChaCha8Rng::seed_from_u64(4);
        let mut column = || -> Vec<f64> { (0..200).map(|_| rng.random_range(0.0..3.0)).collect() };
        let columns = vec![column(), column()];
        let rows = columns[0].iter().zip(&columns[1]).zip(column());
        let target: Vec<f64> = rows
            .map(|((x, y), random)| function(*x, *y) + noise * (random - 1.5))
            .collect();
        let spectrum = Spectrum {
            columns: &columns,
            roots: vec![1.0; target.len()],
            target,
        };
        spectrum.waves(0.0, &Waves::DEFAULT, &|| false)
    }

    #[test]
    fn frequency_and_phase_of_a_wave_are_read_off_beside_a_trend() {
        for periods in [3.0, 5.0, 10.0, 30.0] {
            for phase in [-1.4, 0.0, 0.7] {
                let w = 2.0 * PI * periods / 3.0;
                let found = peaks(|x, y| (w * x + phase).sin() + 2.0 * x - y * y, 0.3);
                assert_eq!(found.len(), 1, "{periods} periods");
                let wave = found[0];
                assert_eq!((wave.variable, wave.amplitude), (0, None));
                // A tenth of a period over the rows, beside a trend; a fit starts from there.
                assert!((wave.frequency - w).abs() < 0.2, "{} {w}", wave.frequency);
                // Frequency and phase are exact in the middle of the rows.
                let error = (wave.frequency - w) * 1.5 + wave.phase - phase;
                assert!(error.abs() < 0.1, "{periods} periods: {error}");
            }
        }
    }

    #[test]
    fn an_amplitude_that_is_a_variable_and_a_second_wave_are_seen() {
        let found = peaks(
            |x, y| 2.0 * (y - 1.5) * (14.0 * x).sin() + (20.0 * y).sin(),
            0.1,
        );
        // The amplitude y - 1.5 has two parts.
        let amplitudes: Vec<Option<usize>> = found.iter().map(|wave| wave.amplitude).collect();
        assert!(amplitudes.contains(&Some(1)) && amplitudes.contains(&None));
        assert!(found.iter().any(|wave| (wave.frequency - 20.0).abs() < 0.2));
    }

    #[test]
    fn noise_and_trends_have_no_waves() {
        assert!(peaks(|_, _| 0.0, 1.0).is_empty());
        assert!(peaks(|x, y| x * y + x.exp() - 3.0 * y, 0.5).is_empty());
    }
}
