//! What is printed on standard output, and said on standard error.

#[cfg(feature = "network")]
use closedform::Expression;
#[cfg(feature = "network")]
use closedform::dataset::TargetTransform;
#[cfg(feature = "network")]
use closedform::interpretation::Interpreted;
use closedform::report::{FrontRow, Report};
use closedform::{Error, Result, SearchResult};
use std::borrow::Cow;
use std::fmt::Display;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

/// The exit code of a run whose result is complete, but a file beside it isn't.
const UNSAVED: u8 = 3;

pub fn json(report: &impl serde::Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(report)
        .map_err(|error| Error::Other(format!("the report can't be written as JSON: {error}")))?;
    print(&text)
}

pub fn search(report: &Report, found: &SearchResult) -> Result<()> {
    let cosine = report
        .cosine
        .map(|cosine| format!("mean |cos| {cosine:.6}, "));
    let unit = report.unit.as_ref().map(|unit| format!("unit {unit}, "));
    let structure = report
        .structure
        .iter()
        .map(|sentence| format!("{sentence}\n"));
    print(&format!(
        "{}\n{}\n{}\n{}  {}{}loss {:.2e}, complexity {}\n{}  {} in {:.1} s",
        structure.collect::<String>(),
        found.front,
        report.formula,
        undone_line(report),
        unit.unwrap_or_default(),
        cosine.unwrap_or_default(),
        report.loss,
        report.complexity,
        confidence(report),
        found.stop_reason,
        report.seconds.total
    ))
}

/// The formula for the target itself, where a function of it was learned.
fn undone_line(report: &Report) -> String {
    let undone = report.undone.as_ref();
    let line =
        undone.map(|undone| format!("  this is {}; undone: {}\n", undone.learned, undone.formula));
    line.unwrap_or_default()
}

/// How clear the choice is, line by line.
fn confidence(report: &Report) -> String {
    let held_out = report.held_out.as_ref();
    let measure = held_out.map_or("R^2", |share| share.measure());
    let runner_up = report.runner_up.as_ref().map(|next| {
        let FrontRow { formula, .. } = &next.row;
        match next.row.held_out {
            Some(held_out) => format!(
                "  runner-up {formula}, with {measure} {:.3} on held-out rows\n",
                1.0 - held_out.loss
            ),
            None => format!(
                "  runner-up {formula}, behind by a margin of {:.1} (above 2 is clear)\n",
                next.margin
            ),
        }
    });
    let guesses = report.guesses.iter().map(|guess| {
        let (formula, loss) = (&guess.formula, guess.loss);
        format!(
            "  the guess {formula} has loss {loss:.2e}, complexity {}\n",
            guess.complexity
        )
    });
    let too_complex = report.too_complex.as_ref().map(|best| {
        let FrontRow {
            formula,
            loss,
            complexity,
            ..
        } = best;
        format!(
            "  {formula} has loss {loss:.2e}, but its complexity {complexity} is above the limit \
             (--max-complexity)\n"
        )
    });
    let asked = report.confirmations.len();
    let agreeing = report
        .confirmations
        .iter()
        .filter(|agrees| **agrees)
        .count();
    let seeds = (asked > 0)
        .then(|| format!("  {agreeing} of {asked} other seeds choose the same formula\n"));
    let held_out = held_out.map(|share| format!("  on held-out rows {share}\n"));
    let numbers: Vec<String> = report.numbers.iter().map(ToString::to_string).collect();
    let numbers = match numbers.as_slice() {
        [] => String::new(),
        numbers => format!("  numbers with 95 % intervals: {}\n", numbers.join(", ")),
    };
    let held_out = held_out.map(|held_out| held_out + &numbers);
    let beyond = report.extrapolation.filter(|beyond| beyond.is_wild);
    let beyond = beyond.map(|beyond| format!("  {beyond}\n"));
    let constants = report.constants_of_nature.iter();
    let constants = constants.map(|constant| format!("  {constant}\n"));
    let outlying = report.outlying_rows;
    let outlying = outlying.map(|rows| format!("  {rows} (--loss absolute)\n"));
    held_out.unwrap_or_default()
        + &constants.collect::<String>()
        + &beyond.unwrap_or_default()
        + &outlying.unwrap_or_default()
        + &runner_up.unwrap_or_default()
        + &guesses.collect::<String>()
        + &too_complex.unwrap_or_default()
        + &seeds.unwrap_or_default()
}

#[cfg(feature = "network")]
pub fn run<M>(
    run: &Interpreted<M>,
    read_as: Vec<String>,
    undone: Option<(TargetTransform, &str, &Expression)>,
    is_json: bool,
) -> Result<()> {
    let report = Report {
        read_as,
        ..run.report()
    };
    let report = match undone {
        Some((transform, target, whole)) => report.undoing(transform, target, whole),
        None => report,
    };
    if is_json {
        return json(&report);
    }
    let seconds = &run.seconds;
    let noise = if run.noise > 0.0 {
        format!("{:.2e}", run.noise)
    } else {
        "not measured".to_string()
    };
    print(&format!(
        "{}\n{}{}  {:<44} {noise}\n  {:<44} {:.1} (training {:.1}, gradients {:.1}, search {:.1}: {})",
        run.found.front,
        run.interpretation,
        undone_line(&report),
        "noise",
        "seconds",
        seconds.total,
        seconds.train,
        seconds.gradients,
        seconds.search,
        run.found.stop_reason
    ))
}

/// Ends a run: its result was printed, then the files beside it were written, as far as that went. A
/// full disk costs only these files, and a closed standard output only what is printed.
pub fn ended(
    printed: Result<()>,
    beside: impl IntoIterator<Item = Result<()>>,
) -> Result<ExitCode> {
    let errors: Vec<Error> = beside.into_iter().filter_map(Result::err).collect();
    for error in &errors {
        say(format_args!("closedform: not saved: {error}"));
    }
    printed?;
    Ok(if errors.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(UNSAVED)
    })
}

/// What a search couldn't keep of its state.
pub fn kept(found: &SearchResult) -> Result<()> {
    match &found.unsaved {
        None => Ok(()),
        Some(reason) => Err(Error::Other(reason.clone())),
    }
}

/// Says a line on standard error. If nobody can hear it, the run goes on.
pub fn say(what: impl Display) {
    let _ = writeln!(std::io::stderr(), "{}", printable(&what.to_string()));
}

/// Text in which no character steers a terminal, as those in the name of a column could.
fn printable(text: &str) -> Cow<'_, str> {
    let steers = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if !text.contains(steers) {
        return text.into();
    }
    let written = text.chars().map(|c| match c {
        c if steers(c) => c.escape_default().to_string(),
        c => c.to_string(),
    });
    written.collect::<String>().into()
}

/// Prints a line; a closed pipe (`closedform ... | head`) isn't a failure.
pub fn print(text: &str) -> Result<()> {
    match writeln!(std::io::stdout(), "{}", printable(text)) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::Other(format!("standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Checks that the folder is there before the work begins, not after it.
pub fn check_folder(file: &Path) -> Result<()> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        Some(folder) if !folder.is_dir() => Err(Error::Options(format!(
            "{}: there is no folder {}",
            file.display(),
            folder.display()
        ))),
        _ => Ok(()),
    }
}
