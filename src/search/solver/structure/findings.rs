//! What the directions show of a function's structure, in words, each with its confidence.

use super::{Compared, compared, groups, nearest, ratio, with_a_direction};
use crate::directions::Directions;
use crate::effort::{Findings, Groups};
use crate::search::objective::DirectionObjective;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::fmt;

/// What directions show of the function behind them before any formula is searched, whatever
/// monotone function is around it.
///
/// ```
/// use closedform::{Directions, Points};
///
/// // The directions of (x1 - x2)^3: the two variables occur as their difference only.
/// let points: Vec<f64> = (0..200).map(|i| f64::from(i * i % 97) / 50.0).collect();
/// let slope = |x: &[f64]| 3.0 * (x[0] - x[1]).powi(2);
/// let gradients = points.chunks(2).flat_map(|x| [slope(x), -slope(x)]).collect();
/// let points = Points::new(["x1", "x2"], points)?;
/// let structure = Directions::from_gradients(points, gradients)?.structure(0);
/// assert!(structure.to_string().starts_with("x1 and x2 occur only as x1 - x2"));
/// # Ok::<(), closedform::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Structure {
    /// The features' names.
    pub feature_names: Vec<String>,
    /// What was found: variables without influence, then pairs, then groups.
    pub findings: Vec<Finding>,
}

/// Something that the directions show.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The variables it is about, counted from 0.
    pub variables: Vec<usize>,
    /// What they are to each other.
    pub relation: Relation,
    /// How far the directions are from it: 0 not at all, 1 as far as any others would be. For a
    /// variable without influence, its mean share of the squared gradient.
    pub disagreement: f64,
    /// What of it is noise: what neighbours don't share; of a group, what neighbours in all
    /// variables disagree by.
    pub noise: f64,
    /// The share of bootstrap samples of the points that show the same.
    pub confidence: f64,
}

/// What variables are to each other in `f = F(h(x_S), rest)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// They make no difference.
    Irrelevant,
    /// `h = a + b`
    Sum,
    /// `h = a - b`
    Difference,
    /// `h = a b`
    Product,
    /// `h = a / b`
    Ratio,
    /// Some function `h` of all of them.
    Group,
}

/// What is said before a search doesn't depend on how far one goes.
const GROUPS: Groups = Groups::DEFAULT;
const FINDINGS: Findings = Findings::DEFAULT;

impl Directions {
    /// What the directions show before any formula is searched.
    ///
    /// A variable whose derivative vanishes makes no difference. A pair occurs only as its sum
    /// where the two derivatives are equal, as its difference where they are opposite, as its
    /// product or ratio where the same holds after each is multiplied by its variable. A group acts
    /// as one if points that are near in its variables have the same direction within it, wherever
    /// the other variables are. What points far from each other differ by and neighbours share is
    /// structure; what neighbours don't share is noise. All of this holds
    /// for `phi(f)` as for `f`. `seed` fixes the bootstrap behind the confidences.
    pub fn structure(&self, seed: u64) -> Structure {
        let objective = DirectionObjective::new(self).subsample(GROUPS.n_points);
        let n = objective.raw().len();
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut findings: Vec<Finding> = (0..n)
            .filter_map(|variable| irrelevant(&objective, variable, &mut rng))
            .collect();
        let is_left = |findings: &[Finding], variable: usize| {
            let known = findings
                .iter()
                .filter(|f| f.relation == Relation::Irrelevant);
            !known
                .flat_map(|finding| &finding.variables)
                .any(|&v| v == variable)
        };
        let left: Vec<usize> = (0..n).filter(|&v| is_left(&findings, v)).collect();
        for (place, &a) in left.iter().enumerate() {
            for &b in &left[place + 1..] {
                findings.extend(pair(&objective, [a, b], &mut rng));
            }
        }
        // Groups that contain a known pair show once the pair is replaced by what it acts as.
        let in_pairs: Vec<usize> = findings.iter().flat_map(|f| f.variables.clone()).collect();
        for group in groups(&objective, &GROUPS) {
            if !group.variables.iter().any(|v| in_pairs.contains(v)) {
                findings.extend(act_as_one(&objective, group.variables, &mut rng));
            }
        }
        Structure {
            feature_names: self.feature_names().to_vec(),
            findings,
        }
    }
}

fn irrelevant(
    objective: &DirectionObjective,
    variable: usize,
    rng: &mut ChaCha8Rng,
) -> Option<Finding> {
    let squares: Vec<f64> = objective.directions()[variable]
        .iter()
        .map(|u| u * u)
        .collect();
    let mean =
        |rows: &[usize]| rows.iter().map(|&row| squares[row]).sum::<f64>() / rows.len() as f64;
    let all: Vec<usize> = (0..squares.len()).collect();
    let share = mean(&all);
    (share <= GROUPS.max_irrelevant).then(|| Finding {
        variables: vec![variable],
        relation: Relation::Irrelevant,
        disagreement: share,
        noise: 0.0,
        confidence: bootstrap(all.len(), rng, |rows| mean(rows) <= GROUPS.max_irrelevant),
    })
}

/// The one of the four relations that the pair's directions are nearest to, if what is left is
/// noise: neighbours don't share it.
fn pair(
    objective: &DirectionObjective,
    variables: [usize; 2],
    rng: &mut ChaCha8Rng,
) -> Option<Finding> {
    let kept = with_a_direction(objective, &variables, &GROUPS);
    if kept.len() < GROUPS.min_points {
        return None;
    }
    let [a, b] = variables;
    let (x, u) = (objective.raw(), objective.directions());
    let everywhere: Vec<usize> = (0..x.len()).collect();
    let near = nearest(objective, &kept, &everywhere);
    // What of the pair's part of the gradient is across the direction that the relation gives it.
    let across = |relation: Relation, row: usize| {
        let (to_a, to_b) = match relation {
            Relation::Sum => (1.0, 1.0),
            Relation::Difference => (1.0, -1.0),
            Relation::Product => (x[b][row], x[a][row]),
            _ => (x[b][row], -x[a][row]),
        };
        (u[a][row] * to_b - u[b][row] * to_a) / to_a.hypot(to_b)
    };
    // The squared sine, directions drawn at random having 1, the part that neighbours share, and
    // what they would share by chance.
    let mismatch = |relation: Relation, places: &[usize]| {
        let (mut square, mut shared, mut chance, mut weight) = (0.0, 0.0, 0.0, 0.0);
        for &place in places {
            let (row, neighbour) = (kept[place], near[place]);
            let own = objective.weights()[row];
            square += own * across(relation, row).powi(2);
            let product: f64 = own * across(relation, row) * across(relation, neighbour);
            shared += product;
            chance += product * product;
            weight += own * (u[a][row].powi(2) + u[b][row].powi(2)) / 2.0;
        }
        let shared = (shared / weight).max(0.0);
        (square / weight, shared, chance.sqrt() / weight)
    };
    let is_noise = |(square, shared, chance): (f64, f64, f64)| {
        square < GROUPS.max_disagreement
            && shared <= FINDINGS.max_chance * chance + FINDINGS.rounding
    };
    let all: Vec<usize> = (0..kept.len()).collect();
    let relations = [
        Relation::Sum,
        Relation::Difference,
        Relation::Product,
        Relation::Ratio,
    ];
    let (found, relation) = relations
        .into_iter()
        .map(|relation| (mismatch(relation, &all), relation))
        .min_by(|one, other| one.0.0.total_cmp(&other.0.0))?;
    is_noise(found).then(|| Finding {
        variables: variables.to_vec(),
        relation,
        disagreement: found.0,
        noise: found.0 - found.1,
        confidence: bootstrap(all.len(), rng, |places| {
            is_noise(mismatch(relation, places))
        }),
    })
}

/// A group within which neighbours agree as well as neighbours in all variables do.
fn act_as_one(
    objective: &DirectionObjective,
    variables: Vec<usize>,
    rng: &mut ChaCha8Rng,
) -> Option<Finding> {
    let n = variables.len();
    let everywhere: Vec<usize> = (0..objective.raw().len()).collect();
    let within: Vec<Compared> = compared(objective, &variables, &variables, &GROUPS);
    let around: Vec<Compared> = compared(objective, &variables, &everywhere, &GROUPS);
    let both = |places: &[usize]| {
        let of = |all: &[Compared]| ratio(places.iter().map(|&place| &all[place]), n);
        (of(&within), of(&around))
    };
    let is_same =
        |(within, around): (f64, f64)| within < GROUPS.max_disagreement && within <= around;
    let all: Vec<usize> = (0..within.len()).collect();
    let (disagreement, noise) = both(&all);
    is_same((disagreement, noise)).then(|| Finding {
        relation: Relation::Group,
        disagreement,
        noise,
        confidence: bootstrap(all.len(), rng, |places| is_same(both(places))),
        variables,
    })
}

/// The share of samples, drawn with replacement from as many points, that show something.
fn bootstrap(n: usize, rng: &mut ChaCha8Rng, shows: impl Fn(&[usize]) -> bool) -> f64 {
    let n_shown = (0..FINDINGS.n_bootstrap)
        .filter(|_| {
            let rows: Vec<usize> = (0..n).map(|_| rng.random_range(0..n)).collect();
            shows(&rows)
        })
        .count();
    n_shown as f64 / FINDINGS.n_bootstrap as f64
}

impl Structure {
    /// Each finding as a sentence.
    pub fn sentences(&self) -> Vec<String> {
        self.findings
            .iter()
            .map(|finding| self.sentence(finding))
            .collect()
    }

    fn sentence(&self, finding: &Finding) -> String {
        let names = finding
            .variables
            .iter()
            .map(|&v| self.feature_names[v].as_str());
        let names: Vec<&str> = names.collect();
        let list = match names.as_slice() {
            [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => names.concat(),
        };
        let between = |operator: &str| format!("{list} occur only as {}", names.join(operator));
        let said = match finding.relation {
            Relation::Irrelevant => format!("{list} makes no difference"),
            Relation::Sum => between(" + "),
            Relation::Difference => between(" - "),
            Relation::Product => between("*"),
            Relation::Ratio => between("/"),
            Relation::Group => format!("{list} act as one"),
        };
        format!(
            "{said} (disagreement {:.1e}, noise {:.1e}, confidence {:.0} %)",
            finding.disagreement,
            finding.noise,
            100.0 * finding.confidence
        )
    }
}

impl fmt::Display for Structure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sentences = self.sentences().into_iter();
        sentences.try_for_each(|sentence| writeln!(f, "{sentence}"))
    }
}
