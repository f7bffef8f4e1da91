//! Formulas that can be solved for: libraries of enumerated terms, directly and after groups of
//! variables were replaced by what they act as.

pub(crate) mod combination;
mod enumeration;
mod factors;
mod rational;
mod screening;
mod selection;
pub(crate) mod structure;

use crate::search::evaluation::Columns;
use crate::search::formula::Complexity;
use crate::search::formula::Constraints;
use crate::search::formula::Expression;
use crate::search::formula::Operator;
use crate::search::objective::{DirectionObjective, Link, Objective};
use crate::search::refinement::constants;
use crate::search::refinement::simplify::Simplifier;
use combination::{Combination, Term};
use enumeration::{Block, Grammar, enumerate};
use screening::{Dictionary, Screening};
use selection::Library;

/// Points that terms are selected on.
const MAX_POINTS: usize = 256;
/// How far a selection goes.
struct Effort {
    /// Formulas enumerated, up to a complexity and a number, and how many of them stand in a
    /// library as they are and as logarithms.
    max_complexity: usize,
    max_blocks: usize,
    max_plain: usize,
    max_logs: usize,
    /// The length of sums and products.
    max_terms: usize,
}

/// Before structure is looked for.
const QUICK: Effort = Effort {
    max_complexity: 9,
    max_blocks: 1500,
    max_plain: 420,
    max_logs: 300,
    max_terms: 2,
};
/// Afterwards: longer sums,
const LONG: Effort = Effort {
    max_terms: 7,
    ..QUICK
};
/// and in the end larger libraries.
const LARGE: Effort = Effort {
    max_complexity: 11,
    max_blocks: 6000,
    max_plain: 1300,
    max_logs: 900,
    max_terms: 4,
};
/// Formulas enumerated for a dictionary.
const SCREENED_COMPLEXITY: usize = 7;
const MAX_SCREENED: usize = 600;
/// Points that terms are screened on.
const MAX_SCREENED_POINTS: usize = 128;
/// Polynomials have at most this degree and this many monomials.
const MAX_DEGREE: usize = 7;
const MAX_MONOMIALS: usize = 56;
/// With more features than this only monomials are tried.
const MAX_FEATURES: usize = 12;
/// A loss of this size is a match to rounding error.
pub(crate) const EXACT_LOSS: f64 = 1e-11;
/// With a formula this good, fewer other ways are tried.
const GOOD_LOSS: f64 = 0.01;
/// A group is replaced by a formula that matches this well.
const MAX_GROUP_LOSS: f64 = 0.1;
/// How many single replacements are tried at the first step, the second, and so on, after all of
/// them together.
const N_SINGLE: [usize; 3] = [2, 1, 0];
/// Formulas for a group that are written out before one is chosen.
const N_WRITTEN: usize = 5;
/// Fewer points than this within a group tell nothing.
const MIN_POINTS: usize = 20;
/// What a unit of complexity must buy when formulas for a group are compared.
const COMPLEXITY_PRICE: f64 = 0.15;

/// What every step of the solver is given.
#[derive(Clone, Copy)]
pub(crate) struct Rules<'a> {
    pub operators: &'a [Operator],
    pub complexity: &'a Complexity,
    pub constraints: &'a Constraints,
    /// The same without what speaks of certain variables.
    pub inner_constraints: &'a Constraints,
    pub max_complexity: usize,
    pub noise: f64,
    pub simplifier: &'a Simplifier,
    pub is_stopped: &'a dyn Fn() -> bool,
}

impl Rules<'_> {
    /// The rules for formulas in other variables than those of the whole search.
    fn inside(&self) -> Self {
        Self {
            constraints: self.inner_constraints,
            ..*self
        }
    }

    fn price(&self, solved: &Solved) -> f64 {
        let complexity = self.complexity.of(&solved.expression);
        (solved.loss + self.noise).max(1e-13).ln() + COMPLEXITY_PRICE * complexity as f64
    }
}

/// A formula with its loss on the points it was found on.
#[derive(Debug, Clone)]
pub(crate) struct Solved {
    pub expression: Expression,
    pub loss: f64,
}

/// Formulas found without evolution; in no particular order.
pub(crate) fn solve(objective: &dyn Objective, rules: &Rules) -> Vec<Solved> {
    match objective.directions() {
        Some(directions) => solve_directions(directions, rules),
        None if objective.target().is_some() => solve_values(objective, rules),
        None => {
            let mut solved = select(objective, &LONG, rules);
            if !has_loss_below(EXACT_LOSS, &solved) && !(rules.is_stopped)() {
                solved.extend(select(objective, &LARGE, rules));
            }
            solved
        }
    }
}

/// A way to find sums of values.
enum Step<'a> {
    /// From a library,
    Select(&'a Effort),
    /// or by one more term from a dictionary, in every link.
    Screen,
}

/// Values are tried as quotients of polynomials, then as sums, the quick ways first.
fn solve_values(objective: &dyn Objective, rules: &Rules) -> Vec<Solved> {
    let thinned = objective.thinned(MAX_POINTS);
    let thin = thinned.as_deref().unwrap_or(objective);
    let is_over =
        |solved: &[Solved]| has_loss_below(match_loss(thin), solved) || (rules.is_stopped)();
    let mut solved = quotients(thin, rules);
    if is_over(&solved) {
        return solved;
    }
    let screened = thin.thinned(MAX_SCREENED_POINTS);
    let screened = screened.as_deref().unwrap_or(thin);
    let [plain, logarithms] = dictionaries(screened.columns(), rules);
    let links = screened.links(rules.operators);
    let mut screenings: Vec<(Link, Screening)> = links
        .iter()
        .map(|(link, linked)| {
            let screening = match link {
                Link::Product => Screening::new(&logarithms, linked.as_ref(), Term::Log),
                _ => Screening::new(&plain, linked.as_ref(), Term::Plain),
            };
            (*link, screening)
        })
        .collect();
    for step in [
        Step::Screen,
        Step::Select(&LONG),
        Step::Screen,
        Step::Screen,
        Step::Select(&LARGE),
    ] {
        match step {
            Step::Select(effort) => solved.extend(select(objective, effort, rules)),
            Step::Screen => {
                screenings.sort_by(|a, b| a.1.left().total_cmp(&b.1.left()));
                for (link, screening) in &mut screenings {
                    for (combination, loss) in screening.grow() {
                        solved.extend(written(&combination, loss, *link, thin, rules));
                    }
                    if is_over(&solved) {
                        break;
                    }
                }
            }
        }
        if is_over(&solved) {
            break;
        }
    }
    solved
}

/// Terms as they are, and those for the logarithm of a product.
fn dictionaries(columns: &Columns, rules: &Rules) -> [Dictionary; 2] {
    let grammar = Grammar {
        operators: rules.operators,
        complexity: rules.complexity,
        constraints: rules.constraints,
        max_complexity: SCREENED_COMPLEXITY.min(rules.max_complexity),
        max_blocks: MAX_SCREENED,
    };
    let blocks = match columns.n_features() <= MAX_FEATURES {
        true => enumerate(columns, &grammar).0,
        false => Vec::new(),
    };
    let plain = Dictionary::new(columns, &blocks, rules.operators);
    let logarithms = plain.with_logarithms(&blocks, rules.operators);
    [plain, logarithms]
}

/// A loss of this size is a match to rounding error.
fn match_loss(objective: &dyn Objective) -> f64 {
    10.0 * objective.resolution()
}

/// Quotients of polynomials that match, in every link.
fn quotients(thin: &dyn Objective, rules: &Rules) -> Vec<Solved> {
    let mut solved = Vec::new();
    if !rules.operators.contains(&Operator::Div) {
        return solved;
    }
    for (link, linked) in thin.links(rules.operators) {
        if matches!(link, Link::Product | Link::Inverse) {
            continue;
        }
        let quotient = linked
            .target()
            .and_then(|target| rational::quotient(thin.columns(), target));
        let expression = quotient.map(|quotient| link.applied(quotient));
        solved.extend(expression.and_then(|expression| {
            let loss = thin.loss(&expression.evaluate(thin.columns()))?;
            Some(Solved { expression, loss })
        }));
        if has_loss_below(match_loss(thin), &solved) {
            break;
        }
    }
    solved
}

fn solve_directions(objective: &DirectionObjective, rules: &Rules) -> Vec<Solved> {
    let n = objective.raw().len();
    let ignored = structure::irrelevant(objective, rules.noise);
    let kept: Vec<usize> = (0..n).filter(|index| !ignored.contains(index)).collect();
    let all: Vec<Expression> = (0..n).map(Expression::variable).collect();
    let mut solved = Vec::new();
    if !ignored.is_empty() && kept.len() >= 2 {
        let variables: Vec<Expression> = kept
            .iter()
            .map(|&index| Expression::variable(index))
            .collect();
        let reduced = structure::restricted(objective, &kept);
        solve_step(&reduced, &variables, 0, &rules.inside(), &mut solved);
    }
    if !has_loss_below(EXACT_LOSS, &solved) {
        solve_step(objective, &all, 0, rules, &mut solved);
    }
    if !has_loss_below(GOOD_LOSS, &solved) && !(rules.is_stopped)() {
        solved.extend(select(objective, &LARGE, rules));
    }
    solved
}

fn has_loss_below(limit: f64, solved: &[Solved]) -> bool {
    solved.iter().any(|found| found.loss < limit)
}

/// Solves directly, then replaces one group after the other and solves what is left; `variables`
/// are this step's as formulas in those of the whole search.
fn solve_step(
    objective: &DirectionObjective,
    variables: &[Expression],
    depth: usize,
    rules: &Rules,
    solved: &mut Vec<Solved>,
) {
    let quick = select(objective, &QUICK, rules);
    let written_out = |found: &Solved| Solved {
        expression: found.expression.substituted(variables),
        loss: found.loss,
    };
    solved.extend(quick.iter().map(written_out));
    if has_loss_below(EXACT_LOSS, solved) || (rules.is_stopped)() {
        return;
    }
    if objective.raw().len() > 2 {
        for replacement in replacements(objective, depth, rules) {
            let Some((simpler, definitions)) = replaced(objective, &replacement) else {
                continue;
            };
            let definitions: Vec<Expression> = definitions
                .iter()
                .map(|definition| definition.substituted(variables))
                .collect();
            solve_step(&simpler, &definitions, depth + 1, &rules.inside(), solved);
            if (rules.is_stopped)() || has_loss_below(GOOD_LOSS, solved) {
                break;
            }
        }
    }
    // Long sums take longest. Once there is a good formula they are tried in the variables
    // themselves only.
    let is_good = match depth {
        0 => has_loss_below(EXACT_LOSS, solved),
        _ => has_loss_below(GOOD_LOSS, solved),
    };
    if !is_good && !(rules.is_stopped)() {
        let long = select(objective, &LONG, rules);
        solved.extend(long.iter().map(written_out));
    }
}

/// A group of variables and the formula to put in its place.
#[derive(Debug, Clone)]
struct Replacement {
    group: Vec<usize>,
    formula: Expression,
    price: f64,
}

/// The objective in new variables, and those as formulas in the old ones.
fn replaced(
    objective: &DirectionObjective,
    replacements: &[Replacement],
) -> Option<(DirectionObjective, Vec<Expression>)> {
    let mut objective = objective.clone();
    let mut definitions: Vec<Expression> = (0..objective.raw().len())
        .map(Expression::variable)
        .collect();
    for replacement in replacements {
        // Where the group's variables stand by now.
        let places: Vec<usize> = replacement
            .group
            .iter()
            .filter_map(|&old| {
                definitions
                    .iter()
                    .position(|d| *d == Expression::variable(old))
            })
            .collect();
        let mut moved: Vec<Expression> = (0..definitions.len()).map(Expression::variable).collect();
        moved.resize(
            moved.len().max(replacement.group.iter().max()? + 1),
            Expression::constant(0.0),
        );
        for (&old, &place) in replacement.group.iter().zip(&places) {
            moved[old] = Expression::variable(place);
        }
        let formula = replacement.formula.substituted(&moved);
        objective = structure::replaced(&objective, &places, &formula)?;
        let rest = (0..definitions.len()).filter(|place| !places.contains(place));
        definitions = std::iter::once(replacement.formula.clone())
            .chain(rest.map(|place| definitions[place].clone()))
            .collect();
    }
    Some((objective, definitions))
}

/// What to replace, the most promising first: all groups that don't overlap at once, then, at
/// the first steps, single ones.
fn replacements(
    objective: &DirectionObjective,
    depth: usize,
    rules: &Rules,
) -> Vec<Vec<Replacement>> {
    let mut found: Vec<Replacement> = Vec::new();
    for group in structure::groups(objective) {
        if (rules.is_stopped)() {
            break;
        }
        // Once pairs are found, larger groups among the same variables show at the next step.
        let is_covered =
            |variable: &usize| found.iter().any(|other| other.group.contains(variable));
        if group.variables.len() > 2 && group.variables.iter().any(is_covered) {
            continue;
        }
        found.extend(formulas_of(objective, &group.variables, rules));
    }
    found.sort_by(|a, b| a.price.total_cmp(&b.price));
    let mut together: Vec<Replacement> = Vec::new();
    for replacement in &found {
        let overlaps =
            |other: &Replacement| other.group.iter().any(|v| replacement.group.contains(v));
        if !together.iter().any(overlaps) {
            together.push(replacement.clone());
        }
    }
    let n_tried = N_SINGLE[depth.min(N_SINGLE.len() - 1)];
    let singles = found.into_iter().map(|replacement| vec![replacement]);
    let mut tried = vec![together];
    tried.extend(
        singles
            .filter(|single| tried[0].len() > 1 || single[0].group != tried[0][0].group)
            .take(n_tried)
            .collect::<Vec<_>>(),
    );
    tried.retain(|replacements| !replacements.is_empty());
    tried
}

/// Formulas for what a group acts as, with plain numbers where they fit.
fn formulas_of(objective: &DirectionObjective, group: &[usize], rules: &Rules) -> Vec<Replacement> {
    let inner = structure::within(objective, group);
    if inner.columns().n_samples() < MIN_POINTS {
        return Vec::new();
    }
    let names: Vec<Expression> = group
        .iter()
        .map(|&index| Expression::variable(index))
        .collect();
    let mut best: Vec<(f64, Solved)> = select(&inner, &QUICK, &rules.inside())
        .into_iter()
        .filter(|solved| solved.loss < MAX_GROUP_LOSS)
        .map(|solved| (rules.price(&solved), solved))
        .collect();
    best.sort_by(|a, b| a.0.total_cmp(&b.0));
    best.truncate(N_WRITTEN);
    let thin = inner.subsample(MAX_POINTS);
    let written = best.into_iter().map(|(_, solved)| {
        let (formula, loss) =
            constants::shortened(&solved.expression, solved.loss, &thin, rules.noise);
        let expression = rules.simplifier.simplified(&formula.folded());
        Solved { expression, loss }
    });
    let simplest = written.min_by(|a, b| rules.price(a).total_cmp(&rules.price(b)));
    let replacement = simplest.map(|solved| Replacement {
        group: group.to_vec(),
        price: rules.price(&solved),
        formula: solved.expression.substituted(&names),
    });
    replacement.into_iter().collect()
}

/// Sums and products of enumerated terms, inside of what the objective links them to.
fn select(objective: &dyn Objective, effort: &Effort, rules: &Rules) -> Vec<Solved> {
    // A label is one bit, a direction many digits: labels are taken as many as there are.
    let thinned = match objective.log_likelihood() {
        Some(_) => None,
        None => objective.thinned(MAX_POINTS),
    };
    let thin = thinned.as_deref().unwrap_or(objective);
    let grammar = Grammar {
        operators: rules.operators,
        complexity: rules.complexity,
        constraints: rules.constraints,
        max_complexity: effort.max_complexity.min(rules.max_complexity),
        max_blocks: effort.max_blocks,
    };
    let (blocks, _) = enumerate(thin.columns(), &grammar);
    let mut solved = Vec::new();
    let links = thin.links(rules.operators);
    let direct = [(Link::Identity, thin)];
    let linked = links.iter().map(|(link, linked)| (*link, linked.as_ref()));
    let direct = direct.into_iter().filter(|_| links.is_empty());
    for (link, linked) in linked.chain(direct) {
        for library in libraries(&blocks, thin, link, effort, rules) {
            for (combination, loss) in library.select(linked, effort.max_terms, rules.noise) {
                let product = factors::product_of_linear_forms(&combination);
                let squares = factors::perfect_squares(&combination);
                let forms = std::iter::once(combination).chain(product).chain(squares);
                for combination in forms {
                    if combination.least_complexity(rules.complexity) <= 2 * rules.max_complexity {
                        solved.extend(written(&combination, loss, link, thin, rules));
                    }
                }
            }
            let is_match = has_loss_below(match_loss(thin), &solved);
            if is_match || (rules.is_stopped)() {
                return solved;
            }
        }
    }
    solved
}

/// A combination as a formula, the simplest one that rises, with its loss.
fn written(
    combination: &Combination,
    loss: f64,
    link: Link,
    thin: &dyn Objective,
    rules: &Rules,
) -> Option<Solved> {
    let expressions = combination.to_expressions(rules.operators).into_iter();
    let rises =
        |expression: &Expression| thin.orientation(&expression.evaluate(thin.columns())) >= 0.0;
    let simplest = expressions
        .filter(rises)
        .min_by_key(Expression::complexity)?;
    let expression = link.applied(simplest);
    let loss = match link == Link::Identity && loss > EXACT_LOSS {
        true => loss,
        false => thin.loss(&expression.evaluate(thin.columns()))?,
    };
    Some(Solved { expression, loss })
}

/// Polynomials and all blocks; for products logarithms of variables, and of blocks.
fn libraries(
    blocks: &[Block],
    thin: &dyn Objective,
    link: Link,
    effort: &Effort,
    rules: &Rules,
) -> Vec<Library> {
    if link == Link::Product {
        let logs = logarithms(blocks, effort, rules);
        return match thin.directions() {
            Some(_) => vec![logs],
            None => vec![powers(thin.columns(), rules), logs],
        };
    }
    let mut libraries = polynomials(thin.columns(), rules);
    if thin.columns().n_features() <= MAX_FEATURES {
        let mut plain = Library::new();
        plain.add_terms(blocks, effort.max_plain, rules);
        libraries.push(plain);
    }
    libraries
}

/// Logarithms of blocks, beside blocks that may stand in an exponential.
fn logarithms(blocks: &[Block], effort: &Effort, rules: &Rules) -> Library {
    let mut logs = Library::new();
    for block in blocks {
        let is_factor =
            !is_product(&block.expression) && rules.constraints.allows_factor(&block.expression);
        if logs.len() < effort.max_logs && is_factor {
            logs.add(block, Term::Log(block.expression.clone()));
        }
    }
    if rules.operators.contains(&Operator::Exp) {
        logs.add_terms(blocks, logs.len() + effort.max_logs, rules);
    }
    logs
}

impl Library {
    /// Adds blocks as they are until there are `max_terms`; sums of terms are what the selection
    /// makes itself.
    fn add_terms(&mut self, blocks: &[Block], max_terms: usize, rules: &Rules) {
        for block in blocks {
            let is_term =
                !is_sum(&block.expression) && rules.constraints.allows_term(&block.expression);
            if self.len() < max_terms && is_term {
                self.add(block, Term::Plain(block.expression.clone()));
            }
        }
    }
}

/// Logarithms of the variables, beside monomials that may stand in an exponential.
fn powers(columns: &Columns, rules: &Rules) -> Library {
    let mut library = Library::new();
    for expression in monomials(columns.n_features(), 2) {
        let block = Block {
            complexity: rules.complexity.of(&expression),
            evaluation: expression.evaluate(columns),
            expression,
        };
        if matches!(block.expression, Expression::Variable(_)) {
            library.add(&block, Term::Log(block.expression.clone()));
        }
        if rules.operators.contains(&Operator::Exp) {
            library.add(&block, Term::Plain(block.expression.clone()));
        }
    }
    library
}

/// Monomials up to degree 2, and up to as high a degree as their number allows.
fn polynomials(columns: &Columns, rules: &Rules) -> Vec<Library> {
    let n_features = columns.n_features();
    let highest = highest_degree(n_features);
    let degrees = [Some(2), Some(highest).filter(|&degree| degree > 2)];
    degrees
        .into_iter()
        .flatten()
        .map(|degree| {
            let mut library = Library::new();
            let is_term = |monomial: &Expression| rules.constraints.allows_term(monomial);
            for expression in monomials(n_features, degree).into_iter().filter(is_term) {
                let block = Block {
                    complexity: rules.complexity.of(&expression),
                    evaluation: expression.evaluate(columns),
                    expression,
                };
                let term = Term::Plain(block.expression.clone());
                library.add(&block, term);
            }
            library
        })
        .collect()
}

/// The highest degree at which there are not too many monomials.
pub(crate) fn highest_degree(n_features: usize) -> usize {
    let n_monomials = |degree: usize| (1..=degree).fold(1, |n, d| n * (n_features + d) / d) - 1;
    let degrees = (2..=MAX_DEGREE).take_while(|&degree| n_monomials(degree) <= MAX_MONOMIALS);
    degrees.last().unwrap_or(1)
}

/// All products of at most `degree` variables.
pub(crate) fn monomials(n_features: usize, degree: usize) -> Vec<Expression> {
    let mut all: Vec<(usize, Expression)> = (0..n_features)
        .map(|index| (index, Expression::variable(index)))
        .collect();
    let mut last = all.clone();
    for _ in 1..degree {
        last = last
            .iter()
            .flat_map(|(highest, product)| {
                (*highest..n_features)
                    .map(|index| (index, product.clone() * Expression::variable(index)))
            })
            .collect();
        all.extend(last.iter().cloned());
    }
    all.into_iter().map(|(_, product)| product).collect()
}

fn is_sum(expression: &Expression) -> bool {
    matches!(
        expression,
        Expression::Apply(Operator::Add | Operator::Sub, _)
    )
}

/// Products and quotients are made of logarithms of their factors.
fn is_product(expression: &Expression) -> bool {
    matches!(
        expression,
        Expression::Apply(
            Operator::Mul
                | Operator::Div
                | Operator::Exp
                | Operator::Square
                | Operator::Cube
                | Operator::Inv,
            _
        )
    )
}

impl Combination {
    /// The terms of a sum as expressions, if it has no logarithms.
    pub fn plain_terms(&self) -> Option<Vec<&Expression>> {
        let terms = self.terms.iter().map(|term| match term {
            Term::Plain(expression) => Some(expression),
            Term::Log(_) => None,
        });
        terms.collect()
    }
}
