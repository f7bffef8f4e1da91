//! Which columns are left out for what they hold.

use super::TableOptions;
use super::choice::Choice;
use super::options::Keep;
use super::summary::{LeftOut, Reason};
use crate::dataset::file::{Survey, TableFile};
use crate::dataset::names::{is_made_up, is_quantity};
use crate::error::{Error, Result};

/// The rows of which a column must hold the numbers to be their index, unless its name says so.
const MIN_NUMBERED: usize = 20;

/// Takes the columns out of the inputs that hold what isn't read.
pub(super) fn leave_out_unread(
    file: &TableFile,
    choice: &mut Choice,
    options: &TableOptions,
) -> Vec<LeftOut> {
    let mut left_out = Vec::new();
    if options.may_leave_out() {
        choice.inputs.retain(|&column| {
            let kind = file.unread_kind(column);
            left_out.extend(kind.map(|kind| LeftOut {
                column: file.names()[column].clone(),
                reason: Reason::Unread(kind),
            }));
            kind.is_none()
        });
    }
    left_out
}

/// Takes the columns out of the inputs that can't help a formula. `survey` is of the inputs, in
/// their order. Columns that the options name stay.
pub(super) fn leave_out(
    file: &TableFile,
    choice: &mut Choice,
    survey: &mut Survey,
    options: &TableOptions,
) -> Result<Vec<LeftOut>> {
    let kept = match &options.keep {
        Keep::All => return Ok(Vec::new()),
        Keep::None => Vec::new(),
        Keep::Named(names) => {
            let found = names.iter().map(|name| file.find(name));
            found.collect::<Result<Vec<_>>>()?
        }
    };
    if options.inputs.is_some() {
        return Ok(Vec::new());
    }
    let judge = Judge {
        file,
        choice,
        survey,
        has_target: choice.target.is_some(),
    };
    let mut left_out: Vec<(usize, Reason)> = Vec::new();
    for place in 0..choice.inputs.len() {
        if !kept.contains(&choice.inputs[place])
            && let Some(reason) = judge.surely(place, &left_out)
        {
            left_out.push((place, reason));
        }
    }
    // What may be a quantity stays if there is no other.
    let n_left = choice.inputs.len() - left_out.len();
    let is_out = |place: usize, left_out: &[(usize, Reason)]| {
        left_out.iter().any(|(other, _)| *other == place)
    };
    let doubtful = (0..choice.inputs.len())
        .filter(|&place| !is_out(place, &left_out) && !kept.contains(&choice.inputs[place]))
        .filter_map(|place| Some((place, judge.likely(place)?)));
    let doubtful: Vec<(usize, Reason)> = doubtful.collect();
    if doubtful.len() < n_left {
        left_out.extend(doubtful);
    }
    left_out.sort_by_key(|(place, _)| *place);
    let name = |place: usize| file.names()[choice.inputs[place]].clone();
    let named: Vec<LeftOut> = left_out
        .iter()
        .map(|(place, reason)| LeftOut {
            column: name(*place),
            reason: reason.clone(),
        })
        .collect();
    if named.len() == choice.inputs.len() {
        let found = named
            .iter()
            .map(|out| format!("\"{}\" {}", out.column, out.reason));
        let found: Vec<String> = found.collect();
        let reason = format!(
            "no column is left as an input; left out: {} (--keep reads a column all the same)",
            found.join(", ")
        );
        return Err(Error::Uninformative(reason).in_file(file.path()));
    }
    for (place, _) in left_out.iter().rev() {
        choice.inputs.remove(*place);
        survey.facts.remove(*place);
    }
    Ok(named)
}

struct Judge<'a> {
    file: &'a TableFile<'a>,
    choice: &'a Choice,
    survey: &'a Survey,
    has_target: bool,
}

impl Judge<'_> {
    fn name(&self, place: usize) -> &str {
        &self.file.names()[self.choice.inputs[place]]
    }

    /// Why an input is no quantity.
    fn surely(&self, place: usize, left_out: &[(usize, Reason)]) -> Option<Reason> {
        let facts = &self.survey.facts[place];
        if is_made_up(self.name(place)) {
            return Some(Reason::Index);
        }
        // In a single row, everything is constant.
        if !self.has_target || self.survey.passed.n_rows == 1 {
            return None;
        }
        if facts.is_empty() {
            return Some(Reason::Empty);
        }
        if facts.is_constant() {
            return Some(Reason::Constant);
        }
        if facts.has_words_of_rows() {
            return Some(Reason::Identifier);
        }
        let is_in = |earlier: &usize| left_out.iter().all(|(out, _)| out != earlier);
        let is_same = |earlier: &usize| self.survey.facts[*earlier].signature == facts.signature;
        let first = (0..place).filter(is_in).find(is_same)?;
        Some(Reason::Copy(self.name(first).to_string()))
    }

    /// Why an input may well be no quantity.
    fn likely(&self, place: usize) -> Option<Reason> {
        let (facts, n_rows) = (&self.survey.facts[place], self.survey.passed.n_rows);
        if !self.has_target {
            return None;
        }
        if facts.has_dates_only() {
            return Some(Reason::Date);
        }
        let is_free =
            n_rows >= MIN_NUMBERED && !(self.file.has_names() && is_quantity(self.name(place)));
        if (is_free || facts.is_identifier()) && facts.numbers_rows(n_rows) {
            return Some(Reason::Index);
        }
        facts.is_identifier().then_some(Reason::Identifier)
    }
}
