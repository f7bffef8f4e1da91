//! The keys of a problem file, and what each may be.

use serde_json::{Number, Value};

/// A key: everything about a run that a file can say.
pub(super) struct Key {
    /// Its name; those of a table have the table's name in front, as in `training.epochs`.
    pub name: &'static str,
    pub kind: Kind,
    /// Whether it may stand above the problems, for all of them.
    pub is_for_all: bool,
}

/// What a value may be.
pub(super) enum Kind {
    Text,
    /// A path, relative to the problem file.
    File,
    Choice(&'static [&'static str]),
    Truth,
    /// A whole number, both ends included.
    Count(u64, u64),
    /// A number, both ends included.
    Number(f64, f64),
    /// The same without the ends.
    Between(f64, f64),
}

const fn of_problem(name: &'static str, kind: Kind) -> Key {
    Key {
        name,
        kind,
        is_for_all: false,
    }
}

const fn for_all(name: &'static str, kind: Kind) -> Key {
    Key {
        name,
        kind,
        is_for_all: true,
    }
}

/// The name that each equation of a set has in a run.
pub(super) const EQUATION: &str = "equation";

/// All keys. Runs are in the order of the keys: those with the first seed come first, so that a study
/// that is stopped early has as many runs of each problem.
pub(super) const KEYS: [Key; 36] = {
    use Kind::{Between, Choice, Count, File, Number, Text, Truth};
    [
        for_all("seed", Count(0, u64::MAX)),
        of_problem("name", Text),
        of_problem("set", Choice(&["feynman", "fastsrb", "experiments"])),
        of_problem(EQUATION, Text),
        of_problem("formula", Text),
        of_problem("inputs", Text),
        of_problem("ranges", Text),
        of_problem("data", File),
        of_problem("target", Text),
        of_problem("model", File),
        of_problem("truth", Text),
        for_all(
            "task",
            Choice(&["values", "labels", "directions", "regressor", "classifier"]),
        ),
        for_all("rows", Count(10, 10_000_000)),
        for_all("noise", Number(0.0, 1.0)),
        for_all("input_noise", Number(0.0, 1.0)),
        for_all("label_noise", Number(0.0, 0.5)),
        for_all("quantile", Between(0.0, 1.0)),
        for_all("max_seconds", Between(0.0, 1e9)),
        for_all("search.operators", Text),
        for_all("search.max_complexity", Count(1, 200)),
        for_all("search.generations", Count(1, 1_000_000)),
        for_all("search.time_limit", Between(0.0, 1e9)),
        for_all("search.choose", Choice(&["accuracy", "balanced", "simple"])),
        for_all("training.preset", Choice(&["fast", "paper"])),
        for_all("training.epochs", Count(1, 100_000)),
        for_all("training.batch_size", Count(1, 10_000_000)),
        for_all("training.layers", Count(0, 64)),
        for_all("training.width", Count(1, 65_536)),
        for_all(
            "training.activation",
            Choice(&[
                "elu", "exp", "linear", "relu", "sigmoid", "silu", "sin", "softplus", "tanh",
            ]),
        ),
        for_all("training.learning_rate", Between(0.0, 10.0)),
        for_all("training.schedule", Choice(&["constant", "one-cycle"])),
        for_all("training.dropout", Number(0.0, 0.99)),
        for_all("training.l2_penalty", Number(0.0, 1.0)),
        for_all("training.weight_decay", Number(0.0, 1.0)),
        for_all("training.early_stopping", Count(1, 100_000)),
        for_all("training.standardize", Truth),
    ]
};

impl Key {
    /// The key with a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        KEYS.iter().find(|key| key.name == name)
    }

    /// Checks a value, and gives whole numbers their exact form.
    ///
    /// # Errors
    /// What is allowed, in words.
    pub fn read(&self, value: &Value) -> Result<Value, String> {
        let number = value.as_f64();
        let read = match &self.kind {
            Kind::Text | Kind::File => value.as_str().map(Value::from),
            Kind::Choice(names) => {
                let is_known = |text: &&str| names.contains(text);
                value.as_str().filter(is_known).map(Value::from)
            }
            Kind::Truth => value.as_bool().map(Value::from),
            Kind::Count(least, most) => {
                let count = value.as_u64().filter(|n| (least..=most).contains(&n));
                count.map(Value::from)
            }
            Kind::Number(low, high) => {
                let inside = number.filter(|x| (low..=high).contains(&x));
                inside.and_then(Number::from_f64).map(Value::from)
            }
            Kind::Between(low, high) => {
                let inside = number.filter(|x| low < x && x < high);
                inside.and_then(Number::from_f64).map(Value::from)
            }
        };
        read.ok_or_else(|| self.allowed())
    }

    fn allowed(&self) -> String {
        match &self.kind {
            Kind::Text => "a text".into(),
            Kind::File => "the path of a file".into(),
            Kind::Choice(names) => format!("one of {}", names.join(", ")),
            Kind::Truth => "true or false".into(),
            Kind::Count(least, u64::MAX) => format!("a whole number from {least} on"),
            Kind::Count(least, most) => format!("a whole number from {least} to {most}"),
            Kind::Number(low, high) => format!("a number from {low} to {high}"),
            Kind::Between(low, high) => format!("a number above {low} and below {high}"),
        }
    }
}
