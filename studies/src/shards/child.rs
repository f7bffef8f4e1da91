//! The process that makes runs: it reads them from standard input, one a line, and answers each with a
//! line on standard output. A run may end this process; its [worker](super::work) starts another.

use crate::problems::{Maker, Measures, Run};
use closedform::interrupt::exit_at_once;
use closedform::{Error, Result};
use serde::{Deserialize, Serialize};
use std::io::{BufRead, Write};
use std::ops::ControlFlow;
use std::sync::mpsc;
use std::time::Instant;

/// What answers begin with, to tell them from what libraries may print.
pub(super) const MARK: &str = "\u{1}";

/// What came of a run.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    /// The process waits for runs.
    Ready,
    Done(Box<Measures>, f64),
    Failed(String, f64),
}

/// Makes the runs that standard input asks for, each with a number of threads, until it is closed. Ends
/// the process at once if it is closed during a run: then nobody waits for the answer.
///
/// # Errors
/// Standard output that can't be written to, or a line that is no run.
pub fn answer_runs(n_threads: usize) -> Result<()> {
    let (sender, runs) = mpsc::channel::<String>();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let Ok(line) = line else { break };
            if sender.send(line).is_err() {
                break;
            }
        }
        exit_at_once(0);
    });
    let mut maker = Maker::default();
    tell(&Answer::Ready)?;
    for line in runs {
        let run: Run = serde_json::from_str(&line)
            .map_err(|error| Error::Format(format!("a line that is no run: {error}")))?;
        let start = Instant::now();
        let made = maker.make(&run, n_threads, &|| ControlFlow::Continue(()));
        let seconds = start.elapsed().as_secs_f64();
        tell(&match made {
            Ok(measures) => Answer::Done(Box::new(measures), seconds),
            Err(error) => Answer::Failed(error.to_string(), seconds),
        })?;
    }
    Ok(())
}

fn tell(answer: &Answer) -> Result<()> {
    let refuse = |error: String| Error::Other(format!("standard output: {error}"));
    let text = serde_json::to_string(answer).map_err(|error| refuse(error.to_string()))?;
    let mut output = std::io::stdout().lock();
    let written = writeln!(output, "{MARK}{text}").and_then(|()| output.flush());
    written.map_err(|error| refuse(error.to_string()))
}
