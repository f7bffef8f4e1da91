//! Reads a problem file, and checks all of it before anything runs.

use super::keys::{EQUATION, KEYS, Key, Kind};
use super::plan::{Block, Plan};
use super::settings::{Settings, idle};
use crate::benchmark::ProblemSet;
use closedform::{Error, Experiment, Result};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What a file says of a key: its values, and the place of each.
#[derive(Clone)]
struct Given {
    values: Vec<(Value, usize)>,
    place: usize,
    /// Whether it stands in the problem itself, and not for all problems.
    is_own: bool,
}

type Entries = BTreeMap<&'static str, Given>;

impl Plan {
    /// Reads a problem file.
    ///
    /// # Errors
    /// A file that can't be read, or any key in it that is unknown, out of range, missing, or without
    /// meaning where it stands. The message has file, line and key.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|source| Error::file(path, source))?;
        Reader { path, text: &text }.plan()
    }
}

/// A file and its text.
struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Reader<'_> {
    fn refuse(&self, place: usize, message: &str) -> Error {
        let before = &self.text[..place.min(self.text.len())];
        let line = 1 + before.matches('\n').count();
        Error::content(self.path, format!("line {line}: {message}"))
    }

    fn refuse_key(&self, place: usize, key: &str, message: &str) -> Error {
        self.refuse(place, &format!("`{key}` {message}"))
    }

    fn plan(&self) -> Result<Plan> {
        let parsed = DeTable::parse(self.text).map_err(|error| {
            let place = error.span().map_or(0, |span| span.start);
            self.refuse(place, error.message())
        })?;
        let mut for_all = Entries::new();
        let mut problems = Vec::new();
        for (key, value) in parsed.get_ref() {
            if key.get_ref() == "problem" {
                problems.extend(self.tables(value)?);
            } else {
                self.read_entry(key, value, "", false, &mut for_all)?;
            }
        }
        let mut blocks = Vec::new();
        for (problem, place) in problems {
            let mut entries = for_all.clone();
            for (key, value) in problem {
                self.read_entry(key, value, "", true, &mut entries)?;
            }
            blocks.extend(self.blocks(entries, place)?);
        }
        let plan = Plan { blocks };
        plan.check().map_err(|error| error.in_file(self.path))?;
        Ok(plan)
    }

    fn tables<'v, 't>(
        &self,
        value: &'v Spanned<DeValue<'t>>,
    ) -> Result<Vec<(&'v DeTable<'t>, usize)>> {
        let refuse = |place| self.refuse_key(place, "problem", "is a table: write [[problem]]");
        let array = value.get_ref().as_array();
        let array = array.ok_or_else(|| refuse(value.span().start))?;
        let tables = array.iter().map(|item| {
            let place = item.span().start;
            let table = item.get_ref().as_table();
            table
                .map(|table| (table, place))
                .ok_or_else(|| refuse(place))
        });
        tables.collect()
    }

    /// Reads a key with its values, or the keys of a table.
    fn read_entry(
        &self,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
        table: &str,
        is_own: bool,
        entries: &mut Entries,
    ) -> Result<()> {
        let place = key.span().start;
        let name = format!("{table}{}", key.get_ref());
        if let (DeValue::Table(inner), "") = (value.get_ref(), table) {
            let prefix = format!("{name}.");
            if !KEYS.iter().any(|key| key.name.starts_with(&prefix)) {
                let known = "is no table here; known are search and training";
                return Err(self.refuse_key(place, &name, known));
            }
            for (key, value) in inner {
                self.read_entry(key, value, &prefix, is_own, entries)?;
            }
            return Ok(());
        }
        // So many seeds, from 0 on.
        if name == "seeds" {
            let n = json(value.get_ref()).and_then(|value| value.as_u64());
            let n = n.filter(|n| (1..=1_000_000).contains(n)).ok_or_else(|| {
                let message = "must be a whole number from 1 to 1000000; `seed` takes a list";
                self.refuse_key(place, &name, message)
            })?;
            let given = Given {
                values: (0..n).map(|seed| (seed.into(), place)).collect(),
                place,
                is_own,
            };
            entries.insert("seed", given);
            return Ok(());
        }
        let known = Key::named(&name).filter(|key| is_own || key.is_for_all);
        let known = known.ok_or_else(|| self.refuse_key(place, &name, &unknown(&name, is_own)))?;
        let given = Given {
            values: self.values(known, value)?,
            place,
            is_own,
        };
        entries.insert(known.name, given);
        Ok(())
    }

    /// The values of a key: one, or a list of what it is varied over.
    fn values(&self, key: &Key, value: &Spanned<DeValue<'_>>) -> Result<Vec<(Value, usize)>> {
        let place = value.span().start;
        let items: Vec<&Spanned<DeValue<'_>>> = match value.get_ref() {
            DeValue::Array(items) if items.is_empty() => {
                let message = "is an empty list; without a value, leave the key out";
                return Err(self.refuse_key(place, key.name, message));
            }
            DeValue::Array(items) => items.iter().collect(),
            _ => vec![value],
        };
        let mut values: Vec<(Value, usize)> = Vec::new();
        for item in items {
            let place = item.span().start;
            let read = json(item.get_ref()).map(|value| match value {
                // Experiments are called by their numbers.
                Value::Number(number) if key.name == EQUATION => number.to_string().into(),
                value => value,
            });
            let found = &self.text[item.span()];
            let refuse = |allowed: String| {
                let message = format!("is {found}, but must be {allowed}");
                self.refuse_key(place, key.name, &message)
            };
            let read = key.read(&read.unwrap_or(Value::Null)).map_err(refuse)?;
            let read = match (&key.kind, read.as_str()) {
                (Kind::File, Some(path)) => Value::from(self.found(path, place, key.name)?),
                _ => read,
            };
            if values.iter().any(|(known, _)| *known == read) {
                return Err(self.refuse_key(place, key.name, &format!("has {found} twice")));
            }
            values.push((read, place));
        }
        Ok(values)
    }

    /// The whole path of a file, which workers on other machines open, too.
    fn found(&self, path: &str, place: usize, key: &str) -> Result<String> {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let path = folder.join(path);
        let found = path.canonicalize().map_err(|error| {
            self.refuse_key(place, key, &format!("{}: {error}", path.display()))
        })?;
        found.into_os_string().into_string().map_err(|path| {
            let message = format!("{}: the path isn't text", Path::new(&path).display());
            self.refuse_key(place, key, &message)
        })
    }

    /// The runs of one problem: a block for each task, with the keys that mean something to it.
    fn blocks(&self, mut entries: Entries, place: usize) -> Result<Vec<Block>> {
        let text = |key: &str, entries: &Entries| {
            let given = entries.get(key);
            given.and_then(|given| given.values[0].0.as_str().map(str::to_string))
        };
        let at = |value: Value| Given {
            values: vec![(value, place)],
            place,
            is_own: false,
        };
        for key in ["set", "formula", "data", "model", "name"] {
            if let Some(given) = entries.get(key).filter(|given| given.values.len() > 1) {
                let message = "can't be varied; write one [[problem]] for each";
                return Err(self.refuse_key(given.place, key, message));
            }
        }
        let set = text("set", &entries);
        let named = |key: &str| entries.contains_key(key).then(|| key.to_string());
        let origin = set
            .clone()
            .or_else(|| named("formula"))
            .or_else(|| named("data"));
        let origin = origin.unwrap_or_default();
        let name = set
            .clone()
            .or_else(|| text("formula", &entries))
            .or_else(|| {
                let path = text("data", &entries)?;
                Some(Path::new(&path).file_stem()?.to_string_lossy().into_owned())
            });
        entries
            .entry("name")
            .or_insert_with(|| at(name.unwrap_or_default().into()));
        entries.entry("seed").or_insert_with(|| at(0.into()));
        let has_model = entries.contains_key("model");
        let tasks = match entries.get("task") {
            Some(given) => given.values.iter().map(Some).collect(),
            None => vec![None],
        };
        let mut used: Vec<&str> = Vec::new();
        let mut blocks = Vec::new();
        for task in tasks {
            let mut of_task = entries.clone();
            if let (Some(task), Some(given)) = (task, of_task.get_mut("task")) {
                given.values = vec![task.clone()];
            }
            let task = task.and_then(|(task, _)| task.as_str());
            of_task.retain(|key, _| idle(key, &origin, has_model, task).is_none());
            used.extend(of_task.keys());
            if let Some(set) = set.as_deref() {
                let equations = at(Value::Null);
                let all = || {
                    equations_of(set, task)
                        .into_iter()
                        .map(|name| (name.into(), place))
                };
                of_task.entry(EQUATION).or_insert_with(|| Given {
                    values: all().collect(),
                    ..equations
                });
            }
            self.check(&of_task)?;
            let in_order = KEYS.iter().filter_map(|key| {
                let values = of_task.get(key.name)?.values.iter();
                let values = values.map(|(value, _)| value.clone()).collect();
                Some((key.name.to_string(), values))
            });
            blocks.push(Block {
                settings: in_order.collect(),
            });
        }
        let task = text("task", &entries);
        let is_unused = |(key, given): &(&&str, &Given)| given.is_own && !used.contains(*key);
        if let Some((key, given)) = entries.iter().find(is_unused) {
            let reason = idle(key, &origin, has_model, task.as_deref()).unwrap_or("isn't used");
            return Err(self.refuse_key(given.place, key, reason));
        }
        Ok(blocks)
    }

    /// Checks every value of every key, the others at their first values.
    fn check(&self, entries: &Entries) -> Result<()> {
        let first: Map<String, Value> = entries
            .iter()
            .map(|(key, given)| ((*key).to_string(), given.values[0].0.clone()))
            .collect();
        // Seeds are all alike.
        let varied = entries
            .iter()
            .filter(|(key, given)| **key != "seed" && given.values.len() > 1);
        let others = varied.flat_map(|(key, given)| {
            given.values[1..].iter().map(|(value, place)| {
                let mut settings = first.clone();
                settings.insert((*key).to_string(), value.clone());
                (settings, Some((*key, *place)))
            })
        });
        let settings = std::iter::once((first.clone(), None)).chain(others);
        for (settings, varied) in settings {
            let settings: Settings = serde_json::from_value(Value::Object(settings))
                .map_err(|error| Error::content(self.path, error.to_string()))?;
            settings.check().map_err(|(key, message)| {
                let place = match (varied, entries.get(key)) {
                    (Some((varied, place)), _) if varied == key => place,
                    (_, Some(given)) => given.place,
                    (_, None) => entries["name"].place,
                };
                self.refuse_key(place, key, &message)
            })?;
        }
        Ok(())
    }
}

/// All equations of a set. Those in one variable have no directions, and are left out where directions
/// are compared.
fn equations_of(set: &str, task: Option<&str>) -> Vec<String> {
    let by_angle = matches!(task, Some("labels" | "directions" | "classifier"));
    match ProblemSet::named(set) {
        Ok(set) => {
            let problems = set.problems().into_iter();
            let asked = problems.filter(|problem| !by_angle || problem.ranges.len() > 1);
            asked.map(|problem| problem.name).collect()
        }
        Err(_) => Experiment::ALL.map(|e| e.number().to_string()).to_vec(),
    }
}

fn unknown(name: &str, is_own: bool) -> String {
    let (table, _) = name.rsplit_once('.').unwrap_or(("", ""));
    let is_beside = |key: &&Key| {
        let (beside, _) = key.name.rsplit_once('.').unwrap_or(("", ""));
        beside == table && (is_own || key.is_for_all)
    };
    let known = KEYS.iter().filter(is_beside);
    let known: Vec<&str> = known
        .map(|key| key.name.rsplit('.').next().unwrap_or(""))
        .collect();
    let others = if table.is_empty() {
        ", seeds, search, training"
    } else {
        ""
    };
    format!("isn't known here; known are {}{others}", known.join(", "))
}

/// A single value; none for tables, lists and dates.
fn json(value: &DeValue<'_>) -> Option<Value> {
    match value {
        DeValue::String(text) => Some(text.as_ref().into()),
        DeValue::Boolean(truth) => Some((*truth).into()),
        DeValue::Integer(number) if number.radix() == 10 => {
            serde_json::from_str(number.as_str()).ok()
        }
        DeValue::Float(number) => {
            let number = number.as_str().parse::<f64>().ok()?;
            serde_json::Number::from_f64(number).map(Value::Number)
        }
        _ => None,
    }
}
