//! A child process that makes runs, as its worker sees it.

use super::child::{Answer, MARK};
use super::machine::resident_memory;
use crate::problems::Run;
use closedform::{Error, Result};
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// How many of the last lines that a run printed are kept.
const N_LINES: usize = 20;
/// How often the worker looks at the time and memory of a run.
const LOOK: Duration = Duration::from_millis(200);
/// How long a process may take to start: libtorch may lie on a slow file system.
const START: Duration = Duration::from_secs(120);

/// What a process tells.
enum Event {
    Answer(Answer),
    Printed(String),
    Closed,
}

/// A child process, waiting for runs.
pub(super) struct Process {
    child: Child,
    input: ChildStdin,
    events: Receiver<Event>,
    printed: VecDeque<String>,
}

/// What a run is allowed.
pub(super) struct Limits {
    /// The longest time, in seconds.
    pub seconds: Option<f64>,
    /// The most memory, in bytes.
    pub memory: Option<u64>,
}

/// How a run ended.
pub(super) enum Ended {
    Answered(Answer),
    /// It had to be ended, or its process died; with the reason and what it printed at the end.
    Lost(String, Vec<String>),
    /// The worker doesn't want to know any more.
    GivenUp,
}

impl Process {
    /// Starts a process and waits until it is ready.
    ///
    /// # Errors
    /// A program that doesn't start. That isn't a run's fault.
    pub fn start(program: &mut Command) -> Result<Self> {
        let refuse = |reason: String| Error::Other(format!("runs can't be started: {reason}"));
        let piped = program
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = piped.spawn().map_err(|error| refuse(error.to_string()))?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(input), Some(output), Some(errors)) = pipes else {
            return Err(refuse("the process has no pipes".into()));
        };
        let (sender, events) = channel();
        listen(output, sender.clone(), true);
        listen(errors, sender, false);
        let mut process = Self {
            child,
            input,
            events,
            printed: VecDeque::new(),
        };
        let no_limits = Limits {
            seconds: Some(START.as_secs_f64()),
            memory: None,
        };
        match process.wait(&no_limits, &mut || true) {
            Ended::Answered(Answer::Ready) => Ok(process),
            Ended::Lost(reason, printed) => {
                Err(refuse(format!("{reason}\n{}", printed.join("\n"))))
            }
            _ => Err(refuse("the process answers what it wasn't asked".into())),
        }
    }

    /// Makes a run. `goes_on` is asked several times a second.
    pub fn make(&mut self, run: &Run, limits: &Limits, goes_on: &mut dyn FnMut() -> bool) -> Ended {
        self.printed.clear();
        if let Ok(line) = serde_json::to_string(run) {
            // If this fails, the process is dead, and waiting tells why.
            let _ = writeln!(self.input, "{line}");
        }
        self.wait(limits, goes_on)
    }

    fn wait(&mut self, limits: &Limits, goes_on: &mut dyn FnMut() -> bool) -> Ended {
        let start = Instant::now();
        loop {
            match self.events.recv_timeout(LOOK) {
                Ok(Event::Answer(answer)) => return Ended::Answered(answer),
                Ok(Event::Printed(line)) => self.keep(line),
                Ok(Event::Closed) | Err(RecvTimeoutError::Disconnected) => return self.died(),
                Err(RecvTimeoutError::Timeout) => (),
            }
            if !goes_on() {
                return Ended::GivenUp;
            }
            let seconds = start.elapsed().as_secs_f64();
            if let Some(most) = limits.seconds.filter(|most| seconds > *most) {
                return self.end(format!("took longer than its limit of {most} s"));
            }
            let used = resident_memory(self.child.id());
            if let (Some(most), Some(used)) = (limits.memory, used)
                && used > most
            {
                let mib = |bytes: u64| bytes >> 20;
                let (used, most) = (mib(used), mib(most));
                return self.end(format!(
                    "used {used} MiB of memory, more than its limit of {most}"
                ));
            }
        }
    }

    fn keep(&mut self, line: String) {
        say!("{line}");
        if self.printed.len() == N_LINES {
            self.printed.pop_front();
        }
        self.printed.push_back(line);
    }

    /// Ends the process.
    fn end(&mut self, reason: String) -> Ended {
        let _ = self.child.kill();
        let _ = self.died();
        Ended::Lost(reason, self.printed.drain(..).collect())
    }

    /// The last words of a process that is ending.
    fn died(&mut self) -> Ended {
        let deadline = Instant::now() + Duration::from_secs(2);
        while let Ok(event) = self.events.recv_timeout(deadline - Instant::now()) {
            if let Event::Printed(line) = event {
                self.keep(line);
            }
        }
        let reason = match self.child.wait() {
            Ok(status) => last_words(status),
            Err(error) => error.to_string(),
        };
        Ended::Lost(reason, self.printed.drain(..).collect())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nobody waits for what it is doing.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Why a process ended.
fn last_words(status: std::process::ExitStatus) -> String {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        match status.signal() {
            Some(9) => {
                return "was killed (signal 9), as the system does when memory runs out".into();
            }
            Some(signal) => return format!("was ended by signal {signal}"),
            None => (),
        }
    }
    match status.code() {
        Some(101) => "panicked".into(),
        Some(code) => format!("ended with code {code}"),
        None => "ended".into(),
    }
}

/// Passes on what a pipe says, line by line.
fn listen(pipe: impl Read + Send + 'static, sender: Sender<Event>, has_answers: bool) {
    std::thread::spawn(move || {
        let mut lines = BufReader::new(pipe);
        let mut bytes = Vec::new();
        while let Ok(1..) = lines.read_until(b'\n', &mut bytes) {
            let line = String::from_utf8_lossy(&bytes).trim_end().to_string();
            bytes.clear();
            let answer = line.strip_prefix(MARK).filter(|_| has_answers);
            let event = match answer.and_then(|text| serde_json::from_str(text).ok()) {
                Some(answer) => Event::Answer(answer),
                None => Event::Printed(line),
            };
            if sender.send(event).is_err() {
                return;
            }
        }
        if has_answers {
            let _ = sender.send(Event::Closed);
        }
    });
}
