//! Which columns of a table are used.

use super::TableOptions;
use crate::dataset::file::TableFile;
use crate::error::Result;

/// Columns by their index in the file.
pub(super) struct Choice {
    pub inputs: Vec<usize>,
    pub target: Option<usize>,
    /// Those that are read beside them.
    pub beside: Vec<usize>,
    /// The names of those that the options leave out.
    pub ignored: Vec<String>,
    /// Those without a name, counted from 1.
    pub unnamed: Vec<usize>,
}

impl Choice {
    pub fn new(file: &TableFile, options: &TableOptions) -> Result<Self> {
        let target = options.target.as_ref().map(|name| file.find(name));
        let target = target.transpose()?;
        let find_all = |names: &[String]| {
            let found = names.iter().map(|name| file.find(name));
            found.collect::<Result<Vec<_>>>()
        };
        let excluded = find_all(&options.exclude)?;
        let beside = find_all(&options.beside)?;
        let given = options.inputs.as_deref().map(find_all).transpose()?;
        let name = |column: usize| &file.names()[column];
        for (index, &column) in given.iter().flatten().enumerate() {
            let twice = given.iter().flatten().take(index).any(|&c| c == column);
            for (is_wrong, role) in [
                (twice, "named twice as an input"),
                (target == Some(column), "both target and input"),
                (excluded.contains(&column), "both input and excluded"),
            ] {
                if is_wrong {
                    return Err(file.refuse(format!("column \"{}\" is {role}", name(column))));
                }
            }
        }
        if let Some(target) = target.filter(|target| excluded.contains(target)) {
            let name = name(target);
            return Err(file.refuse(format!("column \"{name}\" is both target and excluded")));
        }
        for &column in &beside {
            for (is_wrong, role) in [
                (target == Some(column), "the target"),
                (excluded.contains(&column), "excluded"),
                (given.iter().flatten().any(|&c| c == column), "an input"),
            ] {
                if is_wrong {
                    let name = name(column);
                    return Err(file.refuse(format!(
                        "column \"{name}\" gives weights or groups, and can't be {role} as well"
                    )));
                }
            }
        }
        let n_columns = file.names().len();
        let inputs = given.unwrap_or_else(|| {
            (0..n_columns)
                .filter(|&c| Some(c) != target && !beside.contains(&c))
                .filter(|&c| !excluded.contains(&c) && !name(c).is_empty())
                .collect()
        });
        if inputs.is_empty() {
            return Err(file.refuse(match &options.target {
                Some(target) if options.exclude.is_empty() && options.inputs.is_none() => format!(
                    "\"{target}\" is the only column; at least 1 feature column is needed beside it"
                ),
                _ => "no column is left as an input; at least 1 is needed".to_string(),
            }));
        }
        let is_used = |column: &usize| {
            inputs.contains(column) || target == Some(*column) || beside.contains(column)
        };
        let (unnamed, ignored): (Vec<usize>, Vec<usize>) = (0..n_columns)
            .filter(|column| !is_used(column))
            .partition(|&column| name(column).is_empty());
        Ok(Self {
            ignored: ignored.into_iter().map(|c| name(c).clone()).collect(),
            unnamed: unnamed.into_iter().map(|column| column + 1).collect(),
            inputs,
            target,
            beside,
        })
    }

    /// All columns that are read: the inputs, the target, and those beside.
    pub fn columns(&self) -> Vec<usize> {
        [&self.inputs[..], self.target.as_slice(), &self.beside].concat()
    }
}
