//! A formula as a JSON tree, which can be read back exactly.

use super::{Export, NAME, names_of_operators};
use crate::error::{Error, Result};
use crate::formula::{Expression, Operator, numbered};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

/// How deep arrays may be nested. JSON readers, including this library's, take about 128 levels in
/// all.
const MAX_LEVELS: usize = 120;

/// A formula as a JSON tree with every digit. A tree is a number, a feature's name, or an array of
/// an operator's name and its arguments, such as `["+", ["square", "x1"], 2.0]`.
#[derive(Debug, Clone, PartialEq)]
pub struct FormulaTree {
    expression: Expression,
    feature_names: Vec<String>,
}

impl FormulaTree {
    /// The tree of a formula in features with these names. A feature without a name is `x1`, `x2`,
    /// ...
    pub fn new(expression: &Expression, feature_names: &[String]) -> Self {
        Self {
            expression: expression.clone(),
            feature_names: feature_names.to_vec(),
        }
    }

    fn value(&self, part: &Expression) -> Value {
        match part {
            Expression::Constant(value) => Value::from(*value),
            Expression::Variable(index) => {
                let name = self.feature_names.get(*index).cloned();
                Value::from(name.unwrap_or_else(|| numbered(*index)))
            }
            Expression::Apply(operator, arguments) => {
                let arguments = arguments.iter().map(|argument| self.value(argument));
                let name = std::iter::once(Value::from(operator.name()));
                Value::Array(name.chain(arguments).collect())
            }
        }
    }
}

impl Serialize for FormulaTree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value(&self.expression).serialize(serializer)
    }
}

#[derive(Serialize)]
struct Written<'a> {
    name: &'a str,
    formula: String,
    features: &'a [String],
    tree: FormulaTree,
    threshold: Option<f64>,
}

/// The fields that are read. A report has more.
#[derive(Deserialize)]
struct Read {
    name: Option<String>,
    features: Vec<String>,
    tree: Value,
    whole_tree: Option<Value>,
    undone: Option<Undone>,
    threshold: Option<f64>,
}

#[derive(Deserialize)]
struct Undone {
    tree: Value,
}

pub(super) fn write(export: &Export) -> Result<String> {
    let n_levels = depth(&export.expression);
    if n_levels > MAX_LEVELS {
        return Err(Error::Limit(format!(
            "the formula is nested {n_levels} levels deep, but JSON allows at most {MAX_LEVELS}"
        )));
    }
    let written = Written {
        name: &export.name,
        formula: export.expression.to_formula(&export.feature_names),
        features: &export.feature_names,
        tree: FormulaTree::new(&export.expression, &export.feature_names),
        threshold: export.threshold,
    };
    let text = serde_json::to_string(&written);
    let refuse = |error| Error::Other(format!("the formula can't be written as JSON: {error}"));
    Ok(text.map_err(refuse)? + "\n")
}

pub(super) fn read(text: &str) -> Result<Export> {
    let refuse = |error| {
        Error::Format(format!(
            "no formula to be taken away ({error}); the text must be the output of --json, or of \
             an export in the language json"
        ))
    };
    let read: Read = serde_json::from_str(text).map_err(refuse)?;
    let undone = read.undone.map(|undone| undone.tree);
    let (tree, threshold) = match undone.or(read.whole_tree) {
        Some(whole) => (whole, None),
        None => (read.tree, read.threshold),
    };
    let expression = expression(&tree, &read.features)?;
    Export::new(&expression, &read.features)?
        .with_threshold(threshold)?
        .with_name(read.name.as_deref().unwrap_or(NAME))
}

fn expression(tree: &Value, feature_names: &[String]) -> Result<Expression> {
    match tree {
        Value::Number(number) => {
            let value = number.as_f64().filter(|value| value.is_finite());
            let refuse = || refusal(tree, "a finite number");
            value.map(Expression::Constant).ok_or_else(refuse)
        }
        Value::String(name) => {
            let index = feature_names.iter().position(|known| known == name);
            let refuse = || refusal(tree, &format!("one of the features {feature_names:?}"));
            index.map(Expression::Variable).ok_or_else(refuse)
        }
        Value::Array(parts) => {
            let name = parts.first().and_then(Value::as_str);
            let operator = name.and_then(Operator::named).ok_or_else(|| {
                let first = parts.first().unwrap_or(&Value::Null);
                refusal(
                    first,
                    &format!("one of the operators {}", names_of_operators()),
                )
            })?;
            let arguments = &parts[1..];
            if arguments.len() != operator.arity() {
                return Err(Error::Format(format!(
                    "tree: \"{}\" has {} arguments, but must have {}",
                    operator.name(),
                    arguments.len(),
                    operator.arity()
                )));
            }
            let arguments = arguments.iter().map(|part| expression(part, feature_names));
            Ok(Expression::applied(
                operator,
                arguments.collect::<Result<_>>()?,
            ))
        }
        _ => Err(refusal(
            tree,
            "a number, a feature or an array of an operator",
        )),
    }
}

fn refusal(found: &Value, allowed: &str) -> Error {
    Error::Format(format!("tree: found {found}, but expected {allowed}"))
}

fn depth(expression: &Expression) -> usize {
    match expression {
        Expression::Apply(_, arguments) => 1 + arguments.iter().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}
