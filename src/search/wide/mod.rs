//! Wide tables: the search runs on the columns that a sum of columns, squares and products needs.
//!
//! Terms enter one by one, each for what it explains of what the others leave (orthogonal matching
//! pursuit), so that a column counts by what it adds to the others, and in pairs. The extended
//! Bayesian information criterion, which knows how many terms were tried, says how many stay.

mod screen;

use super::objective::{Objective, Offset};
use super::validation::linear_baseline;
use super::{Baselines, SearchOptions, SearchResult, StopReason};
use crate::formula::{Constraints, Evaluation, Expression, Inside, Units};
use screen::{Screen, Term};

/// A search on some of the columns.
pub(super) struct Narrowed {
    pub objective: Box<dyn Objective>,
    pub options: SearchOptions,
    /// The columns, in their order in the table.
    columns: Vec<usize>,
    /// The number of columns of the table.
    n_features: usize,
}

/// The search on the columns that matter, if the table is wide and some don't.
pub(super) fn narrowed(objective: &dyn Objective, options: &SearchOptions) -> Option<Narrowed> {
    let limits = &options.effort.wide_tables;
    let n_features = objective.columns().n_features();
    if n_features <= limits.max_features || options.constraints.template.is_some() {
        return None;
    }
    // Options that don't fit the table are refused by the search of the whole table.
    let units = options.units.as_ref();
    let mut guessed = options.guesses.iter().flat_map(Expression::variables);
    if units.is_some_and(|units| units.features.len() != n_features)
        || guessed.any(|variable| variable >= n_features)
    {
        return None;
    }
    let (targets, weights) = objective.explained()?;
    let screen = Screen::new(objective.columns(), &targets, &weights, limits);
    let path = screen.path(limits);
    let mut columns: Vec<usize> = path.iter().flat_map(|term| term.columns()).collect();
    if columns.is_empty() {
        columns = screen.leading(limits.max_features);
    }
    columns.extend(options.guesses.iter().flat_map(Expression::variables));
    columns.sort_unstable();
    columns.dedup();
    if columns.len() == n_features {
        return None;
    }
    let narrow = objective.on_columns(&columns)?;
    let place = |column: usize| columns.binary_search(&column).ok();
    let mut guesses = sums(&path, &columns, narrow.as_ref());
    guesses.extend(options.guesses.iter().map(|guess| {
        let places = (0..n_features).map(|column| place(column).unwrap_or_default());
        let definitions: Vec<Expression> = places.map(Expression::variable).collect();
        guess.substituted(&definitions)
    }));
    let inside = options.constraints.inside.iter().map(|inside| Inside {
        operator: inside.operator,
        variables: inside.variables.iter().filter_map(|&v| place(v)).collect(),
    });
    let is_first = n_features <= limits.max_whole;
    let units = options.units.as_ref().map(|units| Units {
        features: columns.iter().map(|&c| units.features[c].clone()).collect(),
        ..units.clone()
    });
    let options = SearchOptions {
        guesses,
        units,
        constraints: Constraints {
            inside: inside.collect(),
            ..options.constraints.clone()
        },
        max_complexity: Some(options.max_complexity_for(objective)),
        // The other half of the time, and the checkpoint, are for the search of all columns.
        time_limit: options
            .time_limit
            .map(|limit| if is_first { limit / 2 } else { limit }),
        checkpoint: options.checkpoint.clone().filter(|_| !is_first),
        ..options.clone()
    };
    Some(Narrowed {
        objective: narrow,
        options,
        columns,
        n_features,
    })
}

impl Narrowed {
    /// The options of a search of the whole table from the formulas that were found; none if these
    /// match, or if there are too many columns.
    pub fn afterwards(
        &self,
        found: &SearchResult,
        options: &SearchOptions,
    ) -> Option<SearchOptions> {
        let is_done = !matches!(
            found.stop_reason,
            StopReason::Generations | StopReason::TimeLimit | StopReason::Evaluations
        );
        if is_done || self.n_features > options.effort.wide_tables.max_whole {
            return None;
        }
        let candidates = found.front.candidates().iter();
        let formulas = candidates.map(|candidate| candidate.expression.clone());
        Some(SearchOptions {
            guesses: formulas.chain(options.guesses.iter().cloned()).collect(),
            time_limit: self.options.time_limit,
            ..options.clone()
        })
    }

    /// The result in the columns of the whole table.
    pub fn widened(
        &self,
        found: SearchResult,
        objective: &dyn Objective,
        options: &SearchOptions,
    ) -> SearchResult {
        let variables = self
            .columns
            .iter()
            .map(|&column| Expression::variable(column));
        let variables: Vec<Expression> = variables.collect();
        let front = found.front.in_features(
            objective.feature_names(),
            options.dimensions(objective),
            |expression| expression.substituted(&variables),
        );
        let medium = objective.thinned(options.effort.points.fitted);
        let medium = medium.as_deref().unwrap_or(objective);
        // The baselines of the search know the columns that matter. A linear model of all columns
        // says something only if there are more rows.
        let columns = medium.columns();
        let is_determined = 2 * columns.n_features() <= columns.n_samples();
        let linear = is_determined
            .then(|| linear_baseline(medium, options))
            .flatten();
        let baselines = found.baselines.map(|baselines| Baselines {
            linear: linear.unwrap_or(baselines.linear),
            ..baselines
        });
        SearchResult {
            front,
            baselines,
            ..found
        }
    }
}

/// The sums of the first terms of a path, fitted: one for each length.
fn sums(path: &[Term], columns: &[usize], narrow: &dyn Objective) -> Vec<Expression> {
    let Some(of_objective) = narrow.sums() else {
        return Vec::new();
    };
    let variable = |column: &usize| columns.binary_search(column).ok().map(Expression::variable);
    let product = |term: &Term| {
        let factors = term.columns().map(|column| variable(&column));
        factors
            .collect::<Option<Vec<_>>>()?
            .into_iter()
            .reduce(|a, b| a * b)
    };
    let terms: Vec<Expression> = path.iter().filter_map(product).collect();
    let found = terms.iter().map(|term| term.evaluate(narrow.columns()));
    let found: Vec<Evaluation> = found.collect();
    let fits = of_objective.terms(&found.iter().collect::<Vec<_>>(), Offset::Fitted);
    let sum = |n_terms: usize| {
        let fit = fits.fit(&(0..n_terms).collect::<Vec<_>>())?;
        let parts = fit.coefficients.into_iter().zip(terms.iter().cloned());
        let sum = Expression::weighted_sum(&parts.collect::<Vec<_>>());
        Some(sum + Expression::constant(fit.offset))
    };
    (1..=terms.len()).filter_map(sum).collect()
}
