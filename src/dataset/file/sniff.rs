//! What the first lines of a text file say about how it writes its table.

use super::cell::is_missing_word;
use super::dialect::{Dialect, DialectOptions, Header, Separator};
use super::lines::{cells, decoded, ends_in_quotes, is_comment, is_rule, without_mark};
use super::number::Numeral;
use super::units::unit_of_cell;
use crate::dataset::names::word;

/// The lines that are looked at.
const MAX_LINES: usize = 1000;

/// The share of the lines that must have equally many cells.
const REGULAR: f64 = 0.9;

/// The lines of other lengths that may stand above the header.
const MAX_ABOVE: usize = 50;

/// The rows of titles that may stand above the header.
const MAX_TITLES: usize = 3;

/// Characters that comment lines begin with.
const COMMENTS: [char; 2] = ['#', '%'];

/// What separates cells, the least likely to be inside of one first.
const SEPARATORS: [Separator; 6] = [
    Separator::Char('\t'),
    Separator::Char(';'),
    Separator::Char('|'),
    Separator::Char('&'),
    Separator::Char(','),
    Separator::Blanks,
];

/// Concludes how a file is written from its first bytes, which end with a line or the file, and
/// from the columns that the caller names. The names are those of the header, unless they are read
/// from the first row.
pub(super) fn sniff(
    start: &[u8],
    is_tsv: bool,
    options: &DialectOptions,
    named: &[String],
) -> (Dialect, Option<Vec<String>>) {
    let line_end = if start.contains(&b'\n') || !start.contains(&b'\r') {
        b'\n'
    } else {
        b'\r'
    };
    let lines: Vec<String> = start
        .split(|&byte| byte == line_end)
        .take(MAX_LINES)
        .map(|line| {
            without_mark(&decoded(line))
                .trim_end_matches('\r')
                .to_string()
        })
        .collect();
    let given_skip = options.skip.unwrap_or(0).min(lines.len());
    let comment = options
        .comment
        .unwrap_or_else(|| comment_of(&lines[given_skip..]));
    let is_comment = |line: &str| comment.is_some_and(|c| is_comment(line.trim_start(), c));
    let rows = rows(&lines, given_skip, is_comment);
    let separator = options
        .separator
        .or(is_tsv.then_some(Separator::Char('\t')));
    let fit = Fit::of(&rows, separator, options.skip.is_some());
    let rows = &rows[fit.first..];
    let split = |line: &str| cells(line, fit.separator, fit.is_framed);
    let split_rows: Vec<Vec<String>> = rows.iter().map(|(_, line)| split(line)).collect();
    let n_titles = n_titles(&split_rows, options, named);
    let (rows, split_rows) = (&rows[n_titles..], &split_rows[n_titles..]);
    let first_line = rows.first().map_or(0, |(line, _)| *line);
    let above = lines[..first_line].iter().rev();
    let above = above.take_while(|line| is_comment(line) || line.trim().is_empty());
    let above: Vec<&String> = above.filter(|line| !line.trim().is_empty()).collect();
    let in_comment = above.first().and_then(|line| {
        let text = line.trim().trim_start_matches(|c| Some(c) == comment);
        names_in(text, &fit, split_rows.first()?)
    });
    let header = match options.header {
        Some(true) => Header::Row,
        Some(false) => Header::None,
        None => header_of(split_rows, in_comment.is_some(), named),
    };
    let n_columns = split_rows.first().map_or(0, Vec::len);
    let names = match header {
        Header::Row => None,
        Header::Comment => in_comment,
        Header::None => Some((1..=n_columns).map(|number| format!("x{number}")).collect()),
    };
    let n_above = usize::from(header == Header::Row);
    let units = units_of(&split_rows[n_above.min(split_rows.len())..]);
    let units = match (options.units, header) {
        (Some(false), _) | (None, Header::None) => None,
        (Some(true), _) => split_rows.get(n_above).cloned(),
        (None, _) => units,
    };
    let dialect = Dialect {
        separator: fit.separator,
        header,
        comment,
        n_skipped: match fit.first + n_titles {
            0 => given_skip,
            _ => first_line,
        },
        has_row_names: fit.has_row_names && header == Header::Row,
        units,
        line_end,
        is_framed: fit.is_framed,
    };
    (dialect, names)
}

/// The character that comments begin with: more than one line must be none.
fn comment_of(lines: &[String]) -> Option<char> {
    let lines = lines.iter().map(|line| line.trim_start());
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    COMMENTS.into_iter().find(|&c| {
        let n_comments = lines.iter().filter(|line| is_comment(line, c)).count();
        n_comments > 0 && lines.len() - n_comments > 1
    })
}

/// The rows with the number of their first line, which quoted cells may make longer than one line.
fn rows(
    lines: &[String],
    n_skipped: usize,
    is_comment: impl Fn(&str) -> bool,
) -> Vec<(usize, String)> {
    let mut rows: Vec<(usize, String)> = Vec::new();
    let mut is_in_quotes = false;
    for (number, line) in lines.iter().enumerate().skip(n_skipped) {
        if let Some((_, row)) = rows.last_mut().filter(|_| is_in_quotes) {
            row.push('\n');
            row.push_str(line);
        } else if line.trim().is_empty() || is_comment(line) || is_rule(line.trim()) {
            continue;
        } else {
            rows.push((number, line.clone()));
        }
        is_in_quotes = ends_in_quotes(line, is_in_quotes);
    }
    rows
}

/// How a separator splits the rows.
struct Fit {
    separator: Separator,
    is_framed: bool,
    /// The row with the header.
    first: usize,
    has_row_names: bool,
}

impl Fit {
    /// The separator that splits the rows into equally many cells, at least 2; else the one that
    /// the first row has most of. First the header is to be the first row, then it may have a cell
    /// less than the rows, then it may be further below.
    fn of(rows: &[(usize, String)], given: Option<Separator>, is_skip_given: bool) -> Self {
        let candidates: Vec<Separator> = match given {
            Some(separator) => vec![separator],
            None => SEPARATORS.to_vec(),
        };
        let regular = |separator| Regular::new(rows, separator);
        let regular: Vec<Regular> = candidates.iter().filter_map(|&s| regular(s)).collect();
        let (blanks, others): (Vec<&Regular>, Vec<&Regular>) = regular
            .iter()
            .partition(|regular| regular.separator == Separator::Blanks);
        let found = [others, blanks].into_iter().find_map(|regular| {
            let with = |find: fn(&Regular) -> Option<Fit>| regular.iter().find_map(|r| find(r));
            let first = with(Regular::full_header).or_else(|| with(Regular::short_header));
            first.or_else(|| with(Regular::header_below).filter(|_| !is_skip_given))
        });
        found.unwrap_or_else(|| Self {
            separator: given.unwrap_or_else(|| most_frequent(rows)),
            is_framed: false,
            first: 0,
            has_row_names: false,
        })
    }
}

/// Rows as a separator splits them, most often into so many cells.
struct Regular {
    separator: Separator,
    is_framed: bool,
    /// The cells of all rows, with what may be the header.
    rows: Vec<Vec<String>>,
    n_cells: usize,
}

impl Regular {
    fn new(rows: &[(usize, String)], separator: Separator) -> Option<Self> {
        let has_bars = |(_, line): &(usize, String)| line.trim_start().starts_with('|');
        let is_framed = separator == Separator::Char('|') && rows.iter().all(has_bars);
        let split = |(_, line): &(usize, String)| cells(line, separator, is_framed);
        let rows: Vec<Vec<String>> = rows.iter().map(split).collect();
        let body = rows
            .get(1..)
            .filter(|body| !body.is_empty())
            .unwrap_or(&rows);
        let count = |n: usize| body.iter().filter(|row| row.len() == n).count();
        let several = body.iter().map(Vec::len).filter(|&n| n > 1);
        let n_cells = several.max_by_key(|&n| count(n))?;
        Some(Self {
            separator,
            is_framed,
            rows,
            n_cells,
        })
    }

    fn fit(&self, first: usize, has_row_names: bool) -> Fit {
        Fit {
            separator: self.separator,
            is_framed: self.is_framed,
            first,
            has_row_names,
        }
    }

    /// Whether the rows after one are all of one length, but for a few.
    fn is_regular_after(&self, first: usize) -> bool {
        let body = &self.rows[first + 1..];
        let n_regular = body.iter().filter(|row| row.len() == self.n_cells).count();
        n_regular as f64 >= REGULAR * body.len() as f64
    }

    fn full_header(&self) -> Option<Fit> {
        let is_full = self.rows.first()?.len() == self.n_cells;
        (is_full && self.is_regular_after(0)).then(|| self.fit(0, false))
    }

    /// A header with a cell less than the rows, which begin with a name or end with a separator.
    fn short_header(&self) -> Option<Fit> {
        let [header, body @ ..] = self.rows.as_slice() else {
            return None;
        };
        let is_short = header.len() + 1 == self.n_cells;
        let is_split = header.len() > 1 || self.separator == Separator::Blanks;
        let has_numbers = body.first()?.iter().any(|cell| is_number(cell));
        let is_header = is_short && is_split && has_numbers && self.is_regular_after(0);
        let is_last_empty = body
            .iter()
            .all(|row| row.last().is_none_or(String::is_empty));
        is_header.then(|| self.fit(0, !is_last_empty))
    }

    /// A header of words below other lines.
    fn header_below(&self) -> Option<Fit> {
        let rows = self.rows.iter().take(MAX_ABOVE + 1);
        let first = rows.clone().position(|row| row.len() == self.n_cells)?;
        let is_header = !self.rows[first].iter().any(|cell| is_number(cell));
        let has_rows = first > 0 && first + 1 < self.rows.len();
        (is_header && has_rows && self.is_regular_after(first)).then(|| self.fit(first, false))
    }
}

/// Comma, semicolon or tab, by how often the first row has them outside of quotes.
fn most_frequent(rows: &[(usize, String)]) -> Separator {
    let first = rows.first().map_or("", |(_, line)| line);
    // Of several, the last that is the most frequent is taken: the comma.
    let candidates = ['\t', ';', ','].map(Separator::Char);
    let count = |separator: &Separator| cells(first, *separator, false).len();
    let found = candidates.into_iter().max_by_key(count);
    found.unwrap_or(Separator::Char(','))
}

fn is_number(cell: &str) -> bool {
    Numeral::parse(cell).is_some()
}

/// Words in a comment that are as many as the cells of the row below it.
fn names_in(text: &str, fit: &Fit, row: &[String]) -> Option<Vec<String>> {
    let splits = [fit.separator, Separator::Blanks].into_iter();
    let mut splits = splits.map(|separator| cells(text.trim(), separator, false));
    splits.find(|names| {
        names.len() == row.len()
            && names
                .iter()
                .all(|name| !name.is_empty() && !is_number(name))
    })
}

/// Whether one of the cells is the name of a column that the caller asks for.
fn has_named(row: &[String], named: &[String]) -> bool {
    let is_named = |(index, cell): (usize, &String)| {
        let is_word = || !is_number(cell) && named.contains(&word(cell, index));
        !cell.is_empty() && (named.contains(cell) || is_word())
    };
    row.iter().enumerate().any(is_named)
}

/// The rows of titles above the one that has the names asked for.
fn n_titles(rows: &[Vec<String>], options: &DialectOptions, named: &[String]) -> usize {
    let is_given = options.skip.is_some() || options.header.is_some();
    let header = rows.iter().position(|row| has_named(row, named));
    let is_of_words = |row: &Vec<String>| !row.iter().any(|cell| is_number(cell));
    let titles = header.map_or(&[][..], |header| &rows[..header]);
    let are_titles = titles.len() <= MAX_TITLES && titles.iter().all(is_of_words);
    if are_titles && !is_given {
        titles.len()
    } else {
        0
    }
}

/// Whether the first row names the columns: not if it holds numbers, and otherwise only words that
/// its columns have in other rows as well.
fn header_of(rows: &[Vec<String>], has_names_above: bool, named: &[String]) -> Header {
    let Some((first, body)) = rows.split_first() else {
        return Header::Row;
    };
    if has_named(first, named) {
        return Header::Row;
    }
    let has_number = first.iter().any(|cell| is_number(cell));
    // Programs number columns from 0 on where they have no names.
    let is_numbering = |(index, cell): (usize, &String)| *cell == index.to_string();
    if !has_number || first.iter().enumerate().all(is_numbering) {
        return Header::Row;
    }
    if has_names_above {
        return Header::Comment;
    }
    let recurs =
        |column: usize, cell: &String| body.iter().any(|row| row.get(column) == Some(cell));
    let is_value = |(column, cell): (usize, &String)| is_number(cell) || recurs(column, cell);
    if first.iter().enumerate().all(is_value) {
        Header::None
    } else {
        Header::Row
    }
}

/// The row of units that the first of these rows may be: a unit for each column of numbers, and for
/// no other.
fn units_of(rows: &[Vec<String>]) -> Option<Vec<String>> {
    let (units, body) = rows.split_first()?;
    let has_numbers = |column: usize| {
        let cells = body.iter().filter_map(|row| row.get(column));
        let mut known = cells.filter(|cell| !is_missing_word(cell)).peekable();
        known.peek().is_some() && known.all(|cell| is_number(cell))
    };
    let is_unit = |(column, cell): (usize, &String)| {
        if has_numbers(column) {
            unit_of_cell(cell).is_some() && (cell == "-" || !is_missing_word(cell))
        } else {
            is_missing_word(cell)
        }
    };
    let has_word = units
        .iter()
        .any(|cell| !is_missing_word(cell) && cell != "1");
    (has_word && units.iter().enumerate().all(is_unit)).then(|| units.clone())
}
