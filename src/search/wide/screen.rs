//! Terms chosen one by one from columns, squares and products.

use crate::effort::WideTables;
use crate::formula::Columns;
use crate::numerics::without;
use faer::Mat;

/// A column, or a product of two, which may be the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Term(usize, Option<usize>);

impl Term {
    pub fn columns(self) -> impl Iterator<Item = usize> {
        [Some(self.0), self.1].into_iter().flatten()
    }
}

/// The standardized columns and target, all rows multiplied by the roots of their weights.
pub(super) struct Screen {
    n_rows: usize,
    roots: Vec<f64>,
    target: Vec<f64>,
    /// The columns, without weights.
    columns: Vec<Vec<f64>>,
    /// The columns that products are made of.
    paired: Vec<usize>,
}

impl Screen {
    pub fn new(columns: &Columns, targets: &[f64], weights: &[f64], limits: &WideTables) -> Self {
        let step = targets.len().div_ceil(limits.n_rows).max(1);
        let thin = |values: &[f64]| values.iter().copied().step_by(step).collect::<Vec<f64>>();
        let weights = thin(weights);
        let total: f64 = weights.iter().sum();
        let roots: Vec<f64> = weights.iter().map(|w| (w / total).sqrt()).collect();
        let standardized = |values: &[f64]| {
            let values = thin(values);
            let mean: f64 = values
                .iter()
                .zip(&weights)
                .map(|(v, w)| v * w / total)
                .sum();
            let squares = values.iter().zip(&weights);
            let variance: f64 = squares.map(|(v, w)| (v - mean).powi(2) * w / total).sum();
            let deviation = variance.sqrt();
            let scale = if deviation > 0.0 {
                deviation
            } else {
                f64::INFINITY
            };
            values.iter().map(|v| (v - mean) / scale).collect()
        };
        let columns = columns.raw().iter().map(|column| standardized(column));
        let target: Vec<f64> = standardized(targets);
        let mut screen = Self {
            n_rows: roots.len(),
            target: target
                .iter()
                .zip(&roots)
                .map(|(y, root)| y * root)
                .collect(),
            roots,
            columns: columns.collect(),
            paired: Vec::new(),
        };
        screen.paired = screen.leading(limits.max_paired);
        screen
    }

    /// The values of a term, centered, times the roots of the weights.
    fn values(&self, Term(first, second): Term) -> Vec<f64> {
        let a = &self.columns[first];
        let Some(second) = second else {
            return a
                .iter()
                .zip(&self.roots)
                .map(|(a, root)| a * root)
                .collect();
        };
        let b = &self.columns[second];
        let product: Vec<f64> = a.iter().zip(b).map(|(a, b)| a * b).collect();
        let mean: f64 = product
            .iter()
            .zip(&self.roots)
            .map(|(v, r)| v * r * r)
            .sum();
        let rows = product.iter().zip(&self.roots);
        rows.map(|(v, root)| (v - mean) * root).collect()
    }

    /// The columns that explain most by themselves or by their squares, in the table's order.
    pub fn leading(&self, most: usize) -> Vec<usize> {
        let score = |column: &Vec<f64>| {
            let along = |power: i32| -> f64 {
                let rows = column.iter().zip(&self.roots).zip(&self.target);
                rows.map(|((v, root), y)| v.powi(power) * root * y).sum()
            };
            let fourth: f64 = column
                .iter()
                .zip(&self.roots)
                .map(|(v, r)| (v * v * r).powi(2))
                .sum();
            let of_square = along(2).powi(2) / (fourth - 1.0).max(f64::MIN_POSITIVE);
            along(1).powi(2).max(of_square)
        };
        let scores: Vec<f64> = self.columns.iter().map(score).collect();
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        order.truncate(most);
        order.sort_unstable();
        order
    }

    /// The terms that the criterion keeps, in the order in which they entered.
    pub fn path(&self, limits: &WideTables) -> Vec<Term> {
        let scorer = Scorer::new(self);
        let n_products = self.paired.len() * (self.paired.len() + 1) / 2;
        let n = self.n_rows as f64;
        let price = |term: &Term| {
            let n_tried = match term {
                Term(_, None) => self.columns.len(),
                Term(_, Some(_)) => n_products,
            };
            n.ln() + 2.0 * limits.crowding * (n_tried as f64).ln()
        };
        let criterion = |left: f64, terms: &[Term]| {
            n * left.max(limits.resolution).ln() + terms.iter().map(price).sum::<f64>()
        };
        let most = limits.max_terms.min(self.n_rows / limits.rows_per_term);
        let (mut terms, mut basis): (Vec<Term>, Vec<Vec<f64>>) = (Vec::new(), Vec::new());
        let mut rest = self.target.clone();
        let mut best = (criterion(1.0, &[]), 0);
        while terms.len() < most && terms.len() < best.1 + limits.patience {
            let Some(term) = scorer.best(self, &rest, &terms) else {
                break;
            };
            basis.extend(orthonormal(&self.values(term), &basis));
            terms.push(term);
            rest = without(&self.target, &basis);
            let left = square(&rest);
            let found = criterion(left, &terms);
            if found < best.0 {
                best = (found, terms.len());
            }
            if left < limits.resolution {
                break;
            }
        }
        terms.truncate(best.1);
        self.without_idle(terms, criterion)
    }

    /// The terms without those that the criterion can do without, once the others are there.
    fn without_idle(
        &self,
        mut terms: Vec<Term>,
        criterion: impl Fn(f64, &[Term]) -> f64,
    ) -> Vec<Term> {
        let of = |terms: &[Term]| {
            let mut basis: Vec<Vec<f64>> = Vec::new();
            for &term in terms {
                basis.extend(orthonormal(&self.values(term), &basis));
            }
            criterion(square(&without(&self.target, &basis)), terms)
        };
        let mut least = of(&terms);
        loop {
            let shorter = (0..terms.len()).map(|left_out| {
                let mut others = terms.clone();
                others.remove(left_out);
                (of(&others), others)
            });
            match shorter.min_by(|a, b| a.0.total_cmp(&b.0)) {
                Some((found, others)) if found < least => (least, terms) = (found, others),
                _ => return terms,
            }
        }
    }
}

/// What all terms explain of a residual, by two products of matrices.
struct Scorer {
    /// The paired columns, `(n_rows, n_paired)`.
    paired: Mat<f64>,
    /// The variances of their products.
    variances: Mat<f64>,
}

impl Scorer {
    fn new(screen: &Screen) -> Self {
        let columns: Vec<&[f64]> = screen
            .paired
            .iter()
            .map(|&c| &screen.columns[c][..])
            .collect();
        let of =
            |value: &dyn Fn(usize, usize) -> f64| Mat::from_fn(screen.n_rows, columns.len(), value);
        let paired = of(&|row, place| columns[place][row]);
        let squares = of(&|row, place| (columns[place][row].powi(2)) * screen.roots[row]);
        let rooted = of(&|row, place| columns[place][row] * screen.roots[row]);
        let (fourth, second) = (squares.transpose() * &squares, rooted.transpose() * &rooted);
        let variances = Mat::from_fn(columns.len(), columns.len(), |a, b| {
            fourth[(a, b)] - second[(a, b)].powi(2)
        });
        Self { paired, variances }
    }

    /// The term that explains most of what is left, of those that aren't there yet.
    fn best(&self, screen: &Screen, rest: &[f64], known: &[Term]) -> Option<Term> {
        let weighted: Vec<f64> = rest
            .iter()
            .zip(&screen.roots)
            .map(|(r, root)| r * root)
            .collect();
        let alone = screen.columns.iter().enumerate().map(|(index, column)| {
            let along: f64 = column.iter().zip(&weighted).map(|(v, r)| v * r).sum();
            (along * along, Term(index, None))
        });
        let (n_rows, n_paired) = (self.paired.nrows(), self.paired.ncols());
        let scaled = Mat::from_fn(n_rows, n_paired, |row, place| {
            self.paired[(row, place)] * weighted[row]
        });
        let along = self.paired.transpose() * &scaled;
        let along = &along;
        let products = (0..n_paired).flat_map(|b| (0..=b).map(move |a| (a, b)));
        let products = products.filter_map(|(a, b)| {
            let variance = self.variances[(a, b)];
            // The square of a column with two values is constant.
            (variance > LEAST_VARIANCE).then(|| {
                let score = along[(a, b)].powi(2) / variance;
                (score, Term(screen.paired[a], Some(screen.paired[b])))
            })
        });
        let mut best: Option<(f64, Term)> = None;
        for (score, term) in alone.chain(products) {
            let is_better = best.is_none_or(|(highest, _)| score > highest);
            if is_better && score.is_finite() && !known.contains(&term) {
                best = Some((score, term));
            }
        }
        best.filter(|(score, _)| *score > 0.0).map(|(_, term)| term)
    }
}

/// Of products of standardized columns, whose variance is about 1.
const LEAST_VARIANCE: f64 = 1e-9;

fn square(values: &[f64]) -> f64 {
    values.iter().map(|v| v * v).sum()
}

/// The direction in which values lie outside the span of a basis; none if they lie inside.
fn orthonormal(values: &[f64], basis: &[Vec<f64>]) -> Option<Vec<f64>> {
    let rest = without(values, basis);
    let norm = square(&rest).sqrt();
    let is_outside = norm > LEAST_VARIANCE * square(values).sqrt();
    is_outside.then(|| rest.iter().map(|v| v / norm).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;
    use rand_distr::StandardNormal;

    /// The columns that are picked from a table of standard normal numbers for a target.
    fn picked(seed: u64, n_columns: usize, target: impl Fn(&[f64], f64) -> f64) -> Vec<usize> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let n = 300;
        let mut draw = || -> Vec<f64> { (0..n).map(|_| rng.sample(StandardNormal)).collect() };
        let columns: Vec<Vec<f64>> = (0..n_columns).map(|_| draw()).collect();
        let noise = draw();
        let row = |row: usize| columns.iter().map(|c| c[row]).collect::<Vec<f64>>();
        let targets: Vec<f64> = (0..n).map(|k| target(&row(k), noise[k])).collect();
        let columns = Columns::of_one_length(columns);
        let limits = WideTables::DEFAULT;
        let screen = Screen::new(&columns, &targets, &vec![1.0; n], &limits);
        let path = screen.path(&limits);
        let mut found: Vec<usize> = path.iter().flat_map(|term| term.columns()).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    #[test]
    fn noise_brings_hardly_any_column_in() {
        let n_false: usize = (0..20)
            .map(|seed| picked(seed, 60, |_, noise| noise).len())
            .sum();
        assert!(n_false <= 2, "{n_false} of 1200 columns");
    }

    #[test]
    fn lines_squares_and_products_bring_in_their_columns_and_no_others() {
        let mut n_right = 0;
        for seed in 0..20 {
            let law = |x: &[f64], noise: f64| x[5] + x[11] * x[40] + 0.7 * x[2] * x[2] + noise;
            n_right += usize::from(picked(seed, 60, law) == [2, 5, 11, 40]);
        }
        assert!(n_right >= 18, "{n_right} of 20");
    }
}
