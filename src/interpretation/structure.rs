//! Whether a formula has the structure of the truth: equal to it up to a monotone function and the
//! values of its constants.

use super::template::{parameters, template_of};
use crate::dataset::Dataset;
use crate::effort::{Effort, reading::StructureTest};
use crate::error::Result;
use crate::formula::{Columns, Complexity, Expression, Operator, Simplifier};
use crate::search::{DirectionObjective, fit_constants};

const LIMITS: StructureTest = StructureTest::DEFAULT;
/// The seed of the random points; no result depends on it.
const SEED: u64 = 0;
/// The largest relative error of a formula's constants if the formula has the structure of the
/// truth, otherwise `None`.
///
/// A formula `T` has the structure of `g` if `T = phi(g')` for a monotone `phi`, where `g'` is `g`
/// with other numbers (Wetzel 2024, section 2.3, explains why no more can be known). All numbers of
/// `g` are free, including the coefficients and signs of its terms. They are fitted so that its
/// gradient directions match those of `T` at random points of the box, `(low, high)` per feature.
/// The match must be exact, no term of `g` may vanish, and `T` must depend on as many directions as
/// `g`. Without its monotone layers, `T` may be more complex than `g` by at most one coefficient.
///
/// ```
/// use closedform::interpretation::structure_error;
///
/// let truth = "exp(x1 - x2) - pi*x3".parse()?;
/// let sides = [(-1.0, 1.0); 3];
/// let error = |formula: &str| structure_error(&formula.parse()?, &truth, &sides);
/// assert!((error("exp(x1 - x2) - 3.15*x3")?.unwrap() - 0.00268).abs() < 1e-5);
/// assert_eq!(error("x1 - x2 - 3.15*x3")?, None);
/// # Ok::<(), closedform::Error>(())
/// ```
///
/// # Errors
/// A box with a side that isn't an interval, or a formula in more features than the box has.
pub fn structure_error(
    formula: &Expression,
    truth: &Expression,
    sides: &[(f64, f64)],
) -> Result<Option<f64>> {
    for formula in [formula, truth] {
        formula.check_features(sides.len())?;
    }
    let points = Dataset::from_function(sides, LIMITS.n_points, SEED, |_| 0.0)?;
    let columns = points.points().to_columns();
    let template = template_of(truth);
    let simplifier = Simplifier::new(Operator::ALL, Complexity::default());
    let bare = simplifier.gauge_fixed(formula, &columns).expression;
    let complexity = bare.complexity().min(formula.complexity());
    if complexity > template.complexity() + LIMITS.spare_complexity {
        return Ok(None);
    }
    let names = points.feature_names();
    let (given, known) = (
        objective(formula, &columns, names),
        objective(truth, &columns, names),
    );
    if given.weights().len() < (LIMITS.least_defined * LIMITS.n_points as f64) as usize
        || rank(&given) < rank(&known)
    {
        return Ok(None);
    }
    Ok(starts(&template).find_map(|start| {
        let (mut found, _) = fit_constants(&start, &given, &Effort::DEFAULT, LIMITS.n_steps)
            .filter(|(_, loss)| *loss < LIMITS.exact)?;
        let mut expected = template.clone();
        let pairs = parameters(&mut found)
            .into_iter()
            .zip(parameters(&mut expected));
        let ratios: Vec<f64> = pairs.map(|(found, expected)| *found / *expected).collect();
        let is_near = |ratio: &f64| (1.0 / LIMITS.most_off..LIMITS.most_off).contains(&ratio.abs());
        let errors = ratios.iter().map(|ratio| (ratio - 1.0).abs());
        ratios
            .iter()
            .all(is_near)
            .then(|| errors.fold(0.0, f64::max))
    }))
}

/// The directions of a formula, without the points where it has none.
fn objective(formula: &Expression, columns: &Columns, names: &[String]) -> DirectionObjective {
    let mut gradient = formula.evaluate_everywhere(columns).gradient;
    for column in &mut gradient {
        column.resize(columns.n_samples(), 0.0);
    }
    let weights = vec![1.0; columns.n_samples()];
    DirectionObjective::weighted(names.to_vec(), columns.raw().to_vec(), gradient, weights)
}

/// The template itself, and the template with every other choice of signs. A fit can't cross 0,
/// because there a term has no influence.
fn starts(template: &Expression) -> impl Iterator<Item = Expression> {
    let n_signs = parameters(&mut template.clone())
        .len()
        .min(LIMITS.max_signs);
    (0..1_usize << n_signs).map(move |signs| {
        let mut start = template.clone();
        for (index, parameter) in parameters(&mut start).into_iter().take(n_signs).enumerate() {
            if signs >> index & 1 == 1 {
                *parameter = -*parameter;
            }
        }
        start
    })
}

/// The number of dimensions that directions span, by elimination in the matrix of their mean
/// products. It distinguishes `(x1 + 2 x2)^2`, which is equivalent to `x1 + 2 x2`, from a general
/// quadratic form.
fn rank(objective: &DirectionObjective) -> usize {
    let directions = objective.directions();
    let product = |a: &Vec<f64>, b: &Vec<f64>| -> f64 {
        a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>() / a.len() as f64
    };
    let row = |a| directions.iter().map(|b| product(a, b)).collect();
    let mut matrix: Vec<Vec<f64>> = directions.iter().map(row).collect();
    let n = matrix.len();
    let mut rank = 0;
    while rank < n {
        let pivot = (0..n).max_by(|&a, &b| matrix[a][a].total_cmp(&matrix[b][b]));
        let Some(pivot) = pivot.filter(|&pivot| matrix[pivot][pivot] > LIMITS.exact) else {
            break;
        };
        let above = matrix[pivot].clone();
        for row in &mut matrix {
            let factor = row[pivot] / above[pivot];
            row.iter_mut()
                .zip(&above)
                .for_each(|(entry, above)| *entry -= factor * above);
        }
        rank += 1;
    }
    rank
}
