//! Watches over a process that reads, and starts the next where one crashed or hung.

use crate::worker::input;
use crate::{Batch, readers::Reader};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How long one input may take, in the time of a processor: other programs may keep this one waiting.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long one input may take on the clock, where it doesn't compute.
const MAX_WAIT: Duration = Duration::from_secs(100);
/// The memory of a process in KiB, with what its libraries and threads reserve: about 2 GiB of its own.
const MEMORY: u64 = 4 << 20;
/// How many findings of a reader are written; more of them are of the same kind, mostly.
const MAX_FINDINGS: usize = 20;

/// What came up in the inputs of one reader.
#[derive(Default)]
struct Tally {
    n_inputs: u64,
    n_read: u64,
    /// How often polars ended the process, for it reserves as much memory as a file tells it to.
    n_out_of_memory: u64,
    /// What panics of other crates' readers the library caught, and how often.
    caught: BTreeMap<String, u64>,
    /// The number of an input, and what it did.
    findings: Vec<(u64, String)>,
}

/// Reads all inputs of a batch, prints a line, and returns the number of findings.
pub fn watch(batch: &Batch, out: &Path) -> io::Result<usize> {
    let start = Instant::now();
    let end = batch.first + batch.n_inputs;
    let mut tally = Tally::default();
    let mut next = batch.first;
    while next < end && tally.findings.len() < MAX_FINDINGS && start.elapsed() < batch.time {
        let rest = Batch {
            first: next,
            n_inputs: end - next,
            time: batch.time.saturating_sub(start.elapsed()),
            ..*batch
        };
        next = follow(&rest, &mut tally)?;
    }
    let n_findings = tally.findings.len();
    println!(
        "{:<16}{:>10}{:>10}{:>10}{:>10}{:>10.1}{:>10}",
        batch.reader.name,
        tally.n_inputs,
        tally.n_read,
        tally.caught.values().sum::<u64>(),
        tally.n_out_of_memory,
        start.elapsed().as_secs_f64(),
        n_findings
    );
    write(batch, &tally, out)?;
    Ok(n_findings)
}

/// Follows one process to its end, and returns the number of the input to go on with.
fn follow(batch: &Batch, tally: &mut Tally) -> io::Result<u64> {
    let mut child = started(batch)?;
    let lines = lines(&mut child);
    let mut current = None;
    let (mut begun, mut used) = (Instant::now(), Duration::ZERO);
    let finding = loop {
        match lines.recv_timeout(PATIENCE / 4) {
            Ok(line) => match line.split_at_checked(1) {
                Some(("#", number)) => {
                    current = number.trim().parse().ok();
                    begun = Instant::now();
                    used = Duration::ZERO;
                    tally.n_inputs += 1;
                }
                Some(("+", _)) => tally.n_read += 1,
                Some(("~", message)) => {
                    *tally.caught.entry(message.trim().into()).or_default() += 1;
                }
                Some(("!", message)) => {
                    let number = current.unwrap_or(batch.first);
                    tally.findings.push((number, message.trim().into()));
                    if tally.findings.len() >= MAX_FINDINGS {
                        break None;
                    }
                }
                _ => {}
            },
            Err(RecvTimeoutError::Timeout) => {
                let now = processor_time(&child);
                if used.is_zero() {
                    used = now;
                }
                if now.saturating_sub(used) > PATIENCE || begun.elapsed() > MAX_WAIT {
                    break Some("hang".to_string());
                }
            }
            Err(RecvTimeoutError::Disconnected) => break None,
        }
    };
    let _ = match (&finding, tally.findings.len() >= MAX_FINDINGS) {
        (Some(_), _) | (_, true) => child.kill(),
        _ => Ok(()),
    };
    let status = child.wait()?;
    let mut errors = String::new();
    if let Some(mut stderr) = child.stderr.take() {
        let _ = stderr.read_to_string(&mut errors);
    }
    let crash = || {
        let first = errors.lines().find(|line| !line.is_empty());
        format!("crash: {status}: {}", first.unwrap_or_default())
    };
    let finding = finding.or_else(|| (!status.success()).then(crash));
    if let (Some(_), Some(number)) = (&finding, current)
        && errors.starts_with("memory allocation of")
        && errors.contains("polars")
    {
        tally.n_out_of_memory += 1;
        return Ok(number + 1);
    }
    match (finding, current) {
        (Some(finding), Some(number)) if tally.findings.len() < MAX_FINDINGS => {
            tally.findings.push((number, finding));
            Ok(number + 1)
        }
        (Some(finding), None) => Err(io::Error::other(finding)),
        _ => Ok(batch.first + batch.n_inputs),
    }
}

/// How long a process has computed.
#[cfg(target_os = "linux")]
fn processor_time(child: &Child) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap_or_default();
    // Behind the name, in ticks of 10 ms: those of the program and those of the system.
    let rest = stat.rsplit(')').next().unwrap_or_default();
    let ticks = rest.split_whitespace().skip(11).take(2);
    let ticks = ticks.filter_map(|ticks| ticks.parse::<u64>().ok());
    Duration::from_millis(10 * ticks.sum::<u64>())
}

/// Elsewhere the clock alone decides.
#[cfg(not(target_os = "linux"))]
fn processor_time(_: &Child) -> Duration {
    Duration::ZERO
}

/// A process with a limit on its memory, which only the shell can set without unsafe code.
fn started(batch: &Batch) -> io::Result<Child> {
    let script = format!("ulimit -v {MEMORY}; exec \"$0\" \"$@\"");
    Command::new("sh")
        .args(["-c", &script])
        .arg(std::env::current_exe()?)
        .args(["--worker", batch.reader.name])
        .args(["--seed", &batch.seed.to_string()])
        .args(["--from", &batch.first.to_string()])
        .args(["--inputs", &batch.n_inputs.to_string()])
        .args(["--seconds", &batch.time.as_secs().max(1).to_string()])
        // Each thread would reserve memory of its own.
        .env("MALLOC_ARENA_MAX", "1")
        // Says where memory ran out.
        .env("RUST_BACKTRACE", "1")
        .env("RAYON_NUM_THREADS", "1")
        .env("POLARS_MAX_THREADS", "1")
        .env("OMP_NUM_THREADS", "1")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
}

fn lines(child: &mut Child) -> Receiver<String> {
    let (sender, receiver) = channel();
    if let Some(stdout) = child.stdout.take() {
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
    }
    receiver
}

/// Writes each finding with its input, and what was caught.
fn write(batch: &Batch, tally: &Tally, out: &Path) -> io::Result<()> {
    let Reader { name, ending, .. } = batch.reader;
    let seeds = (batch.reader.seeds)();
    fs::create_dir_all(out)?;
    for (number, finding) in &tally.findings {
        let path = out.join(format!("{name}-{}-{number}.{ending}", batch.seed));
        fs::write(&path, input(batch, &seeds, *number).0)?;
        println!("  {finding}\n    {}", path.display());
    }
    for (message, count) in tally.caught.iter().take(MAX_FINDINGS) {
        println!(
            "  caught {count} times: {}",
            message.replace(|c: char| c.is_control(), " ")
        );
    }
    Ok(())
}
