//! The runs of a study, in order.

use super::settings::Settings;
use closedform::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use xxhash_rust::xxh3::xxh3_64;

/// The runs of a study: every combination of what its problems vary.
///
/// A run is worked out from its number, so a plan of a million runs is as small as its problem file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub(super) blocks: Vec<Block>,
}

/// Runs of one kind: settings with all of their values. The first one varies slowest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Block {
    pub settings: Vec<(String, Vec<Value>)>,
}

/// The settings of a run with their values.
pub(crate) struct Values<'a>(Vec<(&'a str, &'a Value)>);

impl<'a> Values<'a> {
    /// The value of a setting; none if the run doesn't have it.
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| *value)
    }
}

/// One run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Its number in the plan.
    pub number: usize,
    /// A hash of its settings: equal for equal runs of any study.
    pub id: String,
    /// What defines it.
    pub settings: Map<String, Value>,
}

impl Block {
    pub fn n_runs(&self) -> usize {
        self.settings
            .iter()
            .map(|(_, values)| values.len())
            .product()
    }

    /// The settings of the run with this number in the block.
    pub fn values(&self, number: usize) -> impl Iterator<Item = (&str, &Value)> {
        let mut left = number;
        self.settings.iter().rev().map(move |(name, values)| {
            let value = &values[left % values.len()];
            left /= values.len();
            (name.as_str(), value)
        })
    }

    fn settings(&self, number: usize) -> Map<String, Value> {
        let values = self.values(number);
        values
            .map(|(name, value)| (name.to_string(), value.clone()))
            .collect()
    }

    /// The names of what varies.
    fn varied(&self) -> impl Iterator<Item = &str> {
        let several = self.settings.iter().filter(|(_, values)| values.len() > 1);
        several.map(|(name, _)| name.as_str())
    }
}

impl Plan {
    /// How many runs there are.
    pub fn n_runs(&self) -> usize {
        self.blocks.iter().map(Block::n_runs).sum()
    }

    /// The run with a number from 0 on.
    ///
    /// # Panics
    /// If there is no such run.
    pub fn run(&self, number: usize) -> Run {
        let (block, within) = self.place(number);
        Run::new(number, block.settings(within))
    }

    /// What defines the run with a number, without copies of it.
    ///
    /// # Panics
    /// If there is no such run.
    pub(crate) fn values_of(&self, number: usize) -> Values<'_> {
        let (block, within) = self.place(number);
        Values(block.values(within).collect())
    }

    /// The block of a run, and its number in the block.
    fn place(&self, number: usize) -> (&Block, usize) {
        let mut left = number;
        for block in &self.blocks {
            if left < block.n_runs() {
                return (block, left);
            }
            left -= block.n_runs();
        }
        panic!("run {number} of {}", self.n_runs());
    }

    /// The names of all settings, in the order of the keys.
    pub fn settings(&self) -> Vec<&'static str> {
        let is_used = |name: &str| {
            let mut settings = self.blocks.iter().flat_map(|block| &block.settings);
            settings.any(|(known, _)| known == name)
        };
        let names = super::keys::KEYS.iter().map(|key| key.name);
        names.filter(|name| is_used(name)).collect()
    }

    /// The names of the settings that tell kinds of runs from each other: all that vary, except for
    /// the seed and the equation.
    pub fn kinds(&self) -> Vec<&'static str> {
        let first: Option<Map<String, Value>> = self.blocks.first().map(|b| b.settings(0));
        let varies = |name: &str| {
            let in_block = |block: &Block| block.varied().any(|varied| varied == name);
            let other = |block: &Block| {
                let here = block.settings(0);
                first
                    .as_ref()
                    .is_some_and(|first| first.get(name) != here.get(name))
            };
            self.blocks
                .iter()
                .any(|block| in_block(block) || other(block))
        };
        let told = |name: &&str| !matches!(*name, "seed" | "equation") && varies(name);
        self.settings().into_iter().filter(told).collect()
    }

    /// A value that a setting has in some run.
    pub(crate) fn example(&self, name: &str) -> Option<&Value> {
        let mut settings = self.blocks.iter().flat_map(|block| &block.settings);
        let (_, values) = settings.find(|(known, _)| known == name)?;
        values.first()
    }

    pub(super) fn check(&self) -> Result<()> {
        if self.n_runs() == 0 {
            let message = "there is nothing to run; a file needs at least one [[problem]]";
            return Err(Error::Options(message.into()));
        }
        Ok(())
    }
}

impl Run {
    fn new(number: usize, settings: Map<String, Value>) -> Self {
        // Maps are sorted by name, so that equal settings have equal texts.
        let text = Value::Object(settings.clone()).to_string();
        Self {
            number,
            id: format!("{:016x}", xxh3_64(text.as_bytes())),
            settings,
        }
    }

    /// What the settings mean.
    pub(crate) fn settings(&self) -> Result<Settings> {
        let settings = Value::Object(self.settings.clone());
        serde_json::from_value(settings)
            .map_err(|error| Error::Format(format!("run {}: {error}", self.number)))
    }

    /// The longest that the run may take, in seconds, if it is limited.
    pub fn max_seconds(&self) -> Option<f64> {
        self.settings.get("max_seconds")?.as_f64()
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            value => value.to_string(),
        };
        let settings = self.settings.iter();
        let mut parts: Vec<String> = settings
            .filter(|(name, _)| *name != "name")
            .map(|(name, value)| format!("{name}={}", text(value)))
            .collect();
        if let Some(name) = self.settings.get("name") {
            parts.insert(0, text(name));
        }
        write!(f, "{} {}", self.id, parts.join(" "))
    }
}
