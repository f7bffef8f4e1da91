//! The numbers, and changes to one of them by name.

use closedform::effort::{DirectionFits, Effort, LabelFits, ValueFits};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The numbers that are most likely to matter. A list is changed as a whole.
const LIKELIEST: [&str; 51] = [
    "points.fitted",
    "points.selected",
    "points.screened",
    "points.evolved",
    "prices.choice",
    "prices.value",
    "prices.usual_features",
    "prices.rows_used",
    "validation.n_folds",
    "prices.group",
    "prices.beam",
    "prices.evolution",
    "enumeration.near.max_complexity",
    "enumeration.near.max_blocks",
    "enumeration.near.max_plain",
    "enumeration.near.max_logs",
    "enumeration.far.max_plain",
    "enumeration.n_terms_quick",
    "enumeration.n_terms",
    "enumeration.n_terms_far",
    "enumeration.max_function_cost",
    "polynomials.max_monomials",
    "selection.beam",
    "selection.pair_beam",
    "selection.n_closer",
    "selection.n_fitted",
    "selection.min_gain",
    "selection.max_eliminated",
    "products.near_whole",
    "groups.n_points",
    "groups.max_disagreement",
    "groups.max_loss",
    "groups.good_loss",
    "groups.n_written",
    "inner_numbers.max_terms",
    "inner_numbers.max_powers",
    "rational.max_degree",
    "screening.beam",
    "screening.n_terms_kept",
    "screening.n_tuned",
    "dictionary.max_blocks",
    "dictionary.max_half_periods",
    "evolution.population",
    "evolution.n_islands",
    "refinement.n_steps",
    "refinement.max_of_one_length",
    "refinement.clearly_beaten",
    "shortening.plain_slack",
    "simplification.max_nodes",
    "directions.n_closer",
    "labels.max_boundary_share",
];

/// All numbers: those of a search, and those of each kind of objective.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Numbers {
    pub effort: Effort,
    pub directions: DirectionFits,
    pub values: ValueFits,
    pub labels: LabelFits,
}

/// The defaults, with one number changed or none.
#[derive(Debug, Clone)]
pub struct Change {
    pub name: String,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Nothing,
    Off(String),
    Scaled(String, f64),
}

impl Change {
    fn nothing() -> Self {
        Self {
            name: "default".into(),
            kind: Kind::Nothing,
        }
    }

    pub fn numbers(&self) -> Result<Numbers, String> {
        let mut all =
            serde_json::to_value(Numbers::default()).map_err(|error| error.to_string())?;
        match &self.kind {
            Kind::Nothing => {}
            Kind::Off(name) => *place(&mut all, name)? = Value::Bool(false),
            Kind::Scaled(name, factor) => scale(place(&mut all, name)?, *factor),
        }
        serde_json::from_value(all).map_err(|error| error.to_string())
    }

    /// Whether the changed number differs from the default and is allowed.
    fn is_possible(&self) -> bool {
        self.numbers().is_ok_and(|numbers| {
            let is_other = format!("{numbers:?}") != format!("{:?}", Numbers::default());
            is_other && numbers.effort.check().is_ok()
        })
    }
}

/// The number with a name: `evolution.n_islands` in the effort, `labels.near` outside it.
fn place<'a>(all: &'a mut Value, name: &str) -> Result<&'a mut Value, String> {
    let path = name.replace('.', "/");
    let inside = format!("/effort/{path}");
    let pointer = if all.pointer(&inside).is_some() {
        inside
    } else {
        format!("/{path}")
    };
    all.pointer_mut(&pointer)
        .ok_or(format!("there is no number {name}"))
}

/// Integers stay integers and are at least 1.
fn scale(number: &mut Value, factor: f64) {
    match number {
        Value::Array(entries) => entries.iter_mut().for_each(|entry| scale(entry, factor)),
        Value::Number(whole) if whole.is_u64() => {
            let scaled = whole.as_f64().unwrap_or(1.0) * factor;
            *number = Value::from(scaled.max(1.0) as u64);
        }
        Value::Number(real) => *number = Value::from(real.as_f64().unwrap_or(0.0) * factor),
        _ => {}
    }
}

/// The defaults, and the requested changes.
pub fn all(only: &[String]) -> Result<Vec<Change>, String> {
    let defaults = serde_json::to_value(Effort::default()).map_err(|error| error.to_string())?;
    let stages = defaults.get("stages").and_then(Value::as_object);
    let stages = stages.into_iter().flat_map(|stages| stages.keys());
    let stages: Vec<String> = stages.map(|stage| format!("stages.{stage}")).collect();
    let mut changes = vec![Change::nothing()];
    for wanted in only {
        let names: Vec<String> = match wanted.as_str() {
            "default" => continue,
            "stages" => stages.clone(),
            "numbers" => LIKELIEST.map(String::from).to_vec(),
            _ => matching(wanted, &stages),
        };
        if names.is_empty() {
            return Err(format!("--only: there is no number {wanted}"));
        }
        for name in names {
            if stages.contains(&name) {
                changes.push(Change {
                    name: format!("{name} off"),
                    kind: Kind::Off(name),
                });
                continue;
            }
            for (sign, factor) in [("/ 2", 0.5), ("* 2", 2.0)] {
                changes.push(Change {
                    name: format!("{name} {sign}"),
                    kind: Kind::Scaled(name.clone(), factor),
                });
            }
        }
    }
    changes.retain(|change| matches!(change.kind, Kind::Nothing) || change.is_possible());
    Ok(changes)
}

/// The number with this name, or those of the stages and of the likeliest numbers with this prefix.
fn matching(wanted: &str, stages: &[String]) -> Vec<String> {
    let all = serde_json::to_value(Numbers::default());
    let number = all
        .ok()
        .and_then(|mut all| place(&mut all, wanted).cloned().ok());
    if number.is_some_and(|number| !number.is_object()) {
        return vec![wanted.into()];
    }
    let likeliest = LIKELIEST.iter().map(|name| name.to_string());
    let all = stages.iter().cloned().chain(likeliest);
    all.filter(|name| name.starts_with(wanted)).collect()
}
