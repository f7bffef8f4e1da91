//! The state of a search in a file, from which the search continues as if never interrupted.

use super::combination::Term;
use super::evolution::{Habitat, Island, SavedIsland};
use super::front::{Candidate, ParetoFront};
use super::objective::Objective;
use super::options::SearchOptions;
use super::state::State;
use crate::error::{Error, Result};
use crate::files::{Lock, write_atomically};
use crate::formula::Stripped;
use crate::formula::{Dimensions, Expression, Operator, Units};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// Changes whenever older files would be misread.
const VERSION: u32 = 1;

/// How deep a formula may be nested. What goes through one is recursive; a search writes a tenth of that.
const MAX_LEVELS: usize = 500;

/// The file of a search, and the settings that distinguish it from other searches.
pub(super) struct Checkpoint<'a> {
    path: &'a Path,
    objective: &'a dyn Objective,
    options: &'a SearchOptions,
    settings: BTreeMap<String, String>,
    _lock: Lock,
}

/// The file's content as JSON. Formulas are in postfix notation with all digits.
#[derive(Serialize, Deserialize)]
struct Saved {
    version: u32,
    settings: BTreeMap<String, String>,
    generation: usize,
    front: Vec<SavedCandidate>,
    islands: Vec<SavedTerms>,
}

#[derive(Serialize, Deserialize)]
struct SavedCandidate {
    expression: String,
    fitted: String,
    stripped: Vec<SavedLayer>,
}

#[derive(Serialize, Deserialize)]
enum SavedLayer {
    Affine(String, String),
    Function(String),
}

/// An island. A term that starts with `log:` is the logarithm of the rest.
#[derive(Serialize, Deserialize)]
struct SavedTerms {
    rng: ChaCha8Rng,
    n_evaluations: u64,
    population: Vec<Vec<String>>,
    best: Vec<Vec<String>>,
}

impl<'a> Checkpoint<'a> {
    /// The checkpoint of the options, if they have one. No other search may write to it meanwhile.
    pub fn of(objective: &'a dyn Objective, options: &'a SearchOptions) -> Result<Option<Self>> {
        let Some(path) = &options.checkpoint else {
            return Ok(None);
        };
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            return Err(Error::content(
                path.as_path(),
                format!("there is no folder {}", folder.display()),
            ));
        }
        let in_use = "another search writes to this checkpoint; wait for it or name another file";
        Ok(Some(Self {
            path,
            objective,
            options,
            settings: settings(objective, options),
            _lock: Lock::of(path, in_use)?,
        }))
    }

    /// Writes the state to a temporary file and renames it, so that there is always one complete
    /// state.
    pub fn save(&self, state: &State) -> Result<()> {
        let islands = state.islands.iter().map(|island| {
            let island = island.saved();
            let texts = |individuals: &[Vec<Term>]| {
                let texts = individuals
                    .iter()
                    .map(|terms| terms.iter().map(term_to_text).collect());
                texts.collect()
            };
            SavedTerms {
                population: texts(&island.population),
                best: texts(&island.best),
                rng: island.rng,
                n_evaluations: island.n_evaluations,
            }
        });
        let front = state
            .front
            .candidates()
            .iter()
            .map(|candidate| SavedCandidate {
                expression: to_postfix(&candidate.expression),
                fitted: to_postfix(&candidate.fitted),
                stripped: candidate.stripped.iter().map(layer_to_text).collect(),
            });
        let saved = Saved {
            version: VERSION,
            settings: self.settings.clone(),
            generation: state.generation,
            front: front.collect(),
            islands: islands.collect(),
        };
        let text = serde_json::to_vec(&saved)
            .map_err(|error| Error::content(self.path, format!("can't be written: {error}")))?;
        write_atomically(self.path, &text)
    }

    /// The state in the file; none if there is no file yet.
    pub fn load(&self, habitat: &Habitat, mut front: ParetoFront) -> Result<Option<State>> {
        let text = match std::fs::read(self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::file(self.path, error)),
        };
        let refuse = |reason: String| Error::content(self.path, reason);
        let saved: Saved = serde_json::from_slice(&text).map_err(|error| {
            refuse(format!(
                "isn't a checkpoint of a search ({error}); name another file"
            ))
        })?;
        if saved.version != VERSION {
            return Err(refuse(format!(
                "is a checkpoint of version {}, but must be of version {VERSION}; name another file",
                saved.version
            )));
        }
        for (name, ours) in &self.settings {
            let theirs = saved.settings.get(name).map_or("missing", String::as_str);
            if theirs != ours {
                return Err(refuse(format!(
                    "belongs to another search, whose {name} is {theirs}, not {ours}; name another \
                     file"
                )));
            }
        }
        let damaged = || refuse("holds a formula that can't be read; name another file".into());
        for candidate in &saved.front {
            let candidate = self.candidate(candidate).ok_or_else(damaged)?;
            front.insert(candidate);
        }
        let islands = saved.islands.into_iter().map(|island| {
            let terms = |individuals: Vec<Vec<String>>| {
                let read = |terms: Vec<String>| terms.iter().map(|term| self.term(term)).collect();
                individuals.into_iter().map(read).collect::<Option<_>>()
            };
            let saved = SavedIsland {
                population: terms(island.population)?,
                best: terms(island.best)?,
                rng: island.rng,
                n_evaluations: island.n_evaluations,
            };
            Island::restored(saved, habitat)
        });
        Ok(Some(State {
            front,
            islands: islands.collect::<Option<_>>().ok_or_else(damaged)?,
            generation: saved.generation,
        }))
    }

    fn candidate(&self, saved: &SavedCandidate) -> Option<Candidate> {
        let expression = self.formula(&saved.expression)?;
        let dimensions = self.options.dimensions(self.objective);
        let surcharge = Dimensions::surcharge(dimensions.as_ref(), &expression)?;
        let found = expression.evaluate(self.objective.columns());
        let stripped = saved.stripped.iter().map(|layer| {
            Some(match layer {
                SavedLayer::Affine(scale, offset) => Stripped::Affine {
                    scale: scale.parse().ok()?,
                    offset: offset.parse().ok()?,
                },
                SavedLayer::Function(function) => Stripped::Function(self.formula(function)?),
            })
        });
        Some(Candidate {
            complexity: self.options.complexity.of(&expression) + surcharge,
            loss: self.objective.loss(&found)?,
            fitted: self.formula(&saved.fitted)?,
            stripped: stripped.collect::<Option<_>>()?,
            penalty: 0.0,
            held_out: None,
            expression,
        })
    }

    fn term(&self, text: &str) -> Option<Term> {
        match text.strip_prefix("log:") {
            Some(inner) => self.formula(inner).map(Term::Log),
            None => self.formula(text).map(Term::Plain),
        }
    }

    /// Allows only variables of the data, and operators of the library or of the search.
    fn formula(&self, postfix: &str) -> Option<Expression> {
        let operators = || Operator::ALL.iter().chain(&self.options.operators);
        // Each formula with its levels.
        let mut stack: Vec<(Expression, usize)> = Vec::new();
        for token in postfix.split(' ') {
            let next = if let Some(index) = token.strip_prefix('x').and_then(|i| i.parse().ok()) {
                (Expression::Variable(index), 1)
            } else if let Ok(number) = token.parse() {
                (Expression::Constant(number), 1)
            } else {
                let operator = *operators().find(|operator| operator.name() == token)?;
                let arguments = stack.len().checked_sub(operator.arity())?;
                let (arguments, levels): (Vec<_>, Vec<_>) =
                    stack.split_off(arguments).into_iter().unzip();
                let levels = 1 + levels.into_iter().max()?;
                if levels > MAX_LEVELS {
                    return None;
                }
                (Expression::applied(operator, arguments), levels)
            };
            stack.push(next);
        }
        let n_features = self.objective.columns().n_features();
        let knows = |formula: &Expression| formula.variables().iter().all(|&v| v < n_features);
        let (formula, _) = stack.pop().filter(|_| stack.is_empty())?;
        Some(formula).filter(knows)
    }
}

/// Everything that determines what a search finds, except how long it runs.
fn settings(objective: &dyn Objective, options: &SearchOptions) -> BTreeMap<String, String> {
    let operators: Vec<&str> = options.operators.iter().map(|o| o.name()).collect();
    let guesses: Vec<String> = options.guesses.iter().map(to_postfix).collect();
    let entries = [
        ("data", fingerprint(objective)),
        ("features", objective.feature_names().join(",")),
        ("operators", operators.join(",")),
        ("max_complexity", format!("{:?}", options.max_complexity)),
        ("complexity", format!("{:?}", options.complexity)),
        ("constraints", format!("{:?}", options.constraints)),
        ("units", options.units.as_ref().map_or("none".into(), units)),
        ("guesses", guesses.join(",")),
        ("noise", format!("{:?}", options.noise)),
        (
            "effort",
            hashed(format!("{:?}", options.effort).into_bytes()),
        ),
        ("seed", options.seed.to_string()),
    ];
    entries
        .map(|(name, value)| (name.to_string(), value))
        .into()
}

fn units(units: &Units) -> String {
    let all = units.features.iter().chain(&units.target);
    let all: Vec<String> = all.map(ToString::to_string).collect();
    format!(
        "{} ({:?}, {:?})",
        all.join(", "),
        units.constants,
        units.policy
    )
}

/// A number that differs for other points, or for another loss on them.
///
/// The losses of a few formulas show what is matched, so the objective needs no further
/// description.
fn fingerprint(objective: &dyn Objective) -> String {
    let columns = objective.columns();
    let variables = (0..columns.n_features()).map(Expression::variable);
    let probes = variables.flat_map(|x| [x.clone() * x.clone(), x]);
    let losses = probes.map(|probe| {
        let loss = objective.loss(&probe.evaluate(columns));
        loss.unwrap_or(f64::NAN)
    });
    let numbers = columns.raw().iter().flatten().copied().chain(losses);
    let hash = hashed(numbers.flat_map(|number| number.to_bits().to_le_bytes()));
    format!("{} points, {hash}", columns.n_samples())
}

/// The FNV-1a hash.
fn hashed(bytes: impl IntoIterator<Item = u8>) -> String {
    let hash = bytes
        .into_iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    format!("{hash:016x}")
}

/// Postfix notation, `x0 2.5 *` for `2.5*x1`: the tree itself, independent of how formulas are
/// written.
fn to_postfix(expression: &Expression) -> String {
    match expression {
        Expression::Constant(number) => format!("{number:?}"),
        Expression::Variable(index) => format!("x{index}"),
        Expression::Apply(operator, arguments) => {
            let arguments: Vec<String> = arguments.iter().map(to_postfix).collect();
            format!("{} {}", arguments.join(" "), operator.name())
        }
    }
}

fn term_to_text(term: &Term) -> String {
    match term {
        Term::Plain(expression) => to_postfix(expression),
        Term::Log(expression) => format!("log:{}", to_postfix(expression)),
    }
}

fn layer_to_text(layer: &Stripped) -> SavedLayer {
    match layer {
        Stripped::Affine { scale, offset } => {
            SavedLayer::Affine(format!("{scale:?}"), format!("{offset:?}"))
        }
        Stripped::Function(function) => SavedLayer::Function(to_postfix(function)),
    }
}
