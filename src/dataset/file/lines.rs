//! The lines of a text file that are rows, as CSV.

use super::dialect::{Dialect, Separator};
use std::borrow::Cow;
use std::io::{BufRead, Read};

/// What separates cells where blanks did.
pub(super) const FOR_BLANKS: u8 = b'\t';

/// Reads a text file without the lines that are no rows: comments, blank lines, and rules such as
/// `|---|---|`. What is left is UTF-8 with one separator between cells.
pub(super) struct Lines {
    source: Box<dyn BufRead>,
    dialect: Dialect,
    line: Vec<u8>,
    /// The line that is handed out, and how much of it was.
    ready: Vec<u8>,
    n_handed: usize,
    n_lines: usize,
    is_in_quotes: bool,
    pub n_comments: usize,
    /// Whether a line was no UTF-8.
    pub is_windows: bool,
}

impl Lines {
    pub fn new(source: Box<dyn BufRead>, dialect: &Dialect) -> Self {
        Self {
            source,
            dialect: dialect.clone(),
            line: Vec::new(),
            ready: Vec::new(),
            n_handed: 0,
            n_lines: 0,
            is_in_quotes: false,
            n_comments: 0,
            is_windows: false,
        }
    }

    /// Makes the next row ready; nothing is ready at the end.
    fn advance(&mut self) -> std::io::Result<()> {
        self.ready.clear();
        self.n_handed = 0;
        while self.ready.is_empty() {
            self.line.clear();
            if self
                .source
                .read_until(self.dialect.line_end, &mut self.line)?
                == 0
            {
                return Ok(());
            }
            self.n_lines += 1;
            if self.n_lines > self.dialect.n_skipped {
                self.take_line();
            }
        }
        Ok(())
    }

    fn take_line(&mut self) {
        let text = decoded(&self.line);
        self.is_windows |= matches!(text, Cow::Owned(_));
        let text = without_mark(&text);
        if !self.is_in_quotes {
            let body = text.trim();
            if let Some(comment) = self.dialect.comment
                && is_comment(body, comment)
            {
                self.n_comments += 1;
                return;
            }
            if body.is_empty() || is_rule(body) {
                return;
            }
        }
        let was_in_quotes = self.is_in_quotes;
        self.is_in_quotes = ends_in_quotes(text, was_in_quotes);
        let text = if self.dialect.is_framed {
            without_frame(text)
        } else {
            without_end(text, self.dialect.separator)
        };
        match self.dialect.separator {
            Separator::Blanks => collapse(text, was_in_quotes, &mut self.ready),
            Separator::Char(_) => self.ready.extend(text.as_bytes()),
        }
        self.ready.push(b'\n');
    }
}

impl Read for Lines {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.n_handed == self.ready.len() {
            self.advance()?;
        }
        let n = buffer.len().min(self.ready.len() - self.n_handed);
        buffer[..n].copy_from_slice(&self.ready[self.n_handed..self.n_handed + n]);
        self.n_handed += n;
        Ok(n)
    }
}

/// Bytes as text: UTF-8, else Windows-1252, which has Latin-1 in it.
pub(super) fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    /// What 0x80 to 0x9f stand for.
    const SPECIAL: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            let decode = |&byte: &u8| match byte {
                0x80..=0x9f => SPECIAL[usize::from(byte - 0x80)],
                _ => char::from(byte),
            };
            Cow::Owned(bytes.iter().map(decode).collect())
        }
    }
}

/// The text without the byte order mark that a UTF-8 file may begin with.
pub(super) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// Whether a line is a comment; `#N/A` is a spreadsheet's missing cell.
pub(super) fn is_comment(line: &str, begins_with: char) -> bool {
    line.starts_with(begins_with) && !line.starts_with("#N/A")
}

/// A line drawn between header and rows, or what a database says below them: `(20 rows)`,
/// `20 rows in set`.
pub(super) fn is_rule(line: &str) -> bool {
    let is_drawn = line.chars().all(|c| "-+=|: ".contains(c));
    let counted = line.trim_start_matches('(');
    let after = counted.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_count = after.len() < counted.len() && after.starts_with(" row");
    is_count || is_drawn && (line.contains("--") || line.contains("=="))
}

/// A line without the bars at both of its ends.
pub(super) fn without_frame(line: &str) -> &str {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    line.strip_suffix('|').unwrap_or(line)
}

/// A line without its end: after cells between `&` that is LaTeX's `\\`, too.
fn without_end(line: &str, separator: Separator) -> &str {
    match separator {
        Separator::Char('&') => line.trim_end().trim_end_matches("\\\\"),
        _ => line.trim_end_matches(['\n', '\r']),
    }
}

/// Whether a quoted cell goes on in the next line. A quote opens a cell only at its start: in
/// `5" pipe` it is an inch.
pub(super) fn ends_in_quotes(line: &str, mut is_in_quotes: bool) -> bool {
    if !line.contains('"') {
        return is_in_quotes;
    }
    let mut before = None;
    for c in line.chars() {
        if c == '"' {
            let is_start = before.is_none_or(|c| ",;\t|& \"".contains(c));
            is_in_quotes = !is_in_quotes && is_start;
        }
        before = Some(c);
    }
    is_in_quotes
}

/// One separator for each run of blanks outside of quotes, none at the ends.
fn collapse(line: &str, mut is_in_quotes: bool, into: &mut Vec<u8>) {
    let line = if is_in_quotes {
        line
    } else {
        line.trim_start()
    };
    let mut is_after_blank = true;
    for byte in line.trim_end().bytes() {
        let is_blank = !is_in_quotes && matches!(byte, b' ' | b'\t');
        if byte == b'"' && (is_in_quotes || is_after_blank) {
            is_in_quotes = !is_in_quotes;
        }
        match is_blank {
            true if !is_after_blank => into.push(FOR_BLANKS),
            true => {}
            false => into.push(byte),
        }
        is_after_blank = is_blank;
    }
}

/// The cells of one line, without quotes.
pub(super) fn cells(line: &str, separator: Separator, is_framed: bool) -> Vec<String> {
    let line = if is_framed {
        without_frame(line)
    } else {
        without_end(line, separator)
    };
    let mut plain = Vec::new();
    let separator = match separator {
        Separator::Char(c) => {
            plain.extend(line.as_bytes());
            c as u8
        }
        Separator::Blanks => {
            collapse(line, false, &mut plain);
            FOR_BLANKS
        }
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .delimiter(separator)
        .from_reader(plain.as_slice());
    let record = reader.records().next().and_then(std::result::Result::ok);
    let cells = record.iter().flatten();
    cells.map(|cell| cell.trim().to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_outside_of_quotes_separate() {
        let blanks = |line| cells(line, Separator::Blanks, false);
        assert_eq!(blanks("  1   2.5\t\t3  "), ["1", "2.5", "3"]);
        assert_eq!(blanks("\"a  b\" c 5\""), ["a  b", "c", "5\""]);
    }

    #[test]
    fn quotes_open_cells_only_at_their_start() {
        assert!(ends_in_quotes("1,\"a", false));
        assert!(!ends_in_quotes("1,\"a \"\"b\"\" c\",2", false));
        assert!(!ends_in_quotes("5\" pipe,2", false));
        assert!(!ends_in_quotes("b\",3", true));
    }

    #[test]
    fn rules_are_no_rows() {
        for rule in [
            "|---|:--:|",
            "-----+-----",
            "====  ===",
            "(20 rows)",
            "(1 row)",
            "20 rows in set (0.00 sec)",
        ] {
            assert!(is_rule(rule), "{rule}");
        }
        for row in ["-", "- - -", "1 -- 2", "(a rows)", "|1|2|"] {
            assert!(!is_rule(row), "{row}");
        }
    }

    #[test]
    fn bytes_that_are_no_utf_8_are_windows_1252() {
        assert_eq!(decoded(b"gr\xf6\xdfe \x80"), "größe €");
        assert!(matches!(decoded("größe".as_bytes()), Cow::Borrowed(_)));
    }
}
