//! The command line, taken apart option by option.

use std::error::Error;
use std::fmt::{Display, Formatter};
use std::str::FromStr;

/// What any command ends with.
pub type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// A command line that is not understood.
#[derive(Debug)]
pub struct Misuse(pub String);

impl Error for Misuse {}

impl Display for Misuse {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Arguments that nobody has taken yet.
pub struct Arguments(Vec<String>);

impl Arguments {
    pub fn of_process() -> Self {
        Self(std::env::args().skip(1).collect())
    }

    /// Takes the first word.
    pub fn command(&mut self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.remove(0))
    }

    /// Takes an option without value; tells whether it was there.
    pub fn flag(&mut self, name: &str) -> bool {
        let place = self.0.iter().position(|argument| argument == name);
        place.map(|place| self.0.remove(place)).is_some()
    }

    /// Takes an option and its value, if it is there.
    pub fn value<T: FromStr>(&mut self, name: &str) -> Outcome<Option<T>> {
        let Some(place) = self.0.iter().position(|argument| argument == name) else {
            return Ok(None);
        };
        self.0.remove(place);
        if place == self.0.len() {
            return Err(Misuse(format!("{name} needs a value")).into());
        }
        let value = self.0.remove(place);
        match value.parse() {
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(Misuse(format!("{name} can't be \"{value}\"")).into()),
        }
    }

    /// Takes an option and its value, or `default` if it stands there without one.
    pub fn value_or<T: FromStr>(&mut self, name: &str, default: T) -> Outcome<Option<T>> {
        if self.0.last().is_some_and(|argument| argument == name) {
            self.0.pop();
            return Ok(Some(default));
        }
        self.value(name)
    }

    /// Refuses what is left over.
    pub fn finish(self) -> Outcome {
        match self.0.first() {
            None => Ok(()),
            Some(unknown) => Err(Misuse(format!("\"{unknown}\" is not understood")).into()),
        }
    }
}
