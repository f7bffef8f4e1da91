//! The process that reads. What it prints is for `watch`: `# n` before each input, and after it `+` if it
//! could be read, `- message` if it was refused, `~ message` if another crate panicked and the library caught
//! that, and `! kind: message` for a finding.

use crate::Batch;
use crate::readers::{Read, Reader, Rng};
use closedform::Error;
use rand::{RngExt, SeedableRng};
use std::any::Any;
use std::fs;
use std::io::Write;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;

/// What the library says where it caught a panic of a reader of another crate.
const CAUGHT: &str = "which its reader ended at";

/// The name of the file that is read, without its ending.
const INPUT: &str = "hostile-input";

/// How many characters of a message are passed on.
const MAX_SHOWN: usize = 400;

/// Where the last panic was, and what it said.
static PANIC: Mutex<Option<String>> = Mutex::new(None);

pub fn read_all(batch: &Batch) {
    panic::set_hook(Box::new(|panic| {
        let text = panic.to_string().replace('\n', " ");
        *PANIC.lock().unwrap_or_else(|held| held.into_inner()) = Some(text);
    }));
    // In memory, where there is such a folder: a million files are written.
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    let folder = folder.expect("a temporary folder can be made");
    let seeds = (batch.reader.seeds)();
    let start = Instant::now();
    for number in batch.first..batch.first + batch.n_inputs {
        if start.elapsed() >= batch.time {
            break;
        }
        say(&format!("# {number}"));
        let (input, mut rng) = input(batch, &seeds, number);
        say(&tried(batch.reader, &input, &mut rng, folder.path()));
    }
}

/// Another hand may have closed the pipe; then there is nobody to read for.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
        std::process::exit(1);
    }
}

/// The input of this number, and the numbers that reading it draws.
pub fn input(batch: &Batch, seeds: &[Vec<u8>], number: u64) -> (Vec<u8>, Rng) {
    let name = batch.reader.name.bytes();
    let reader = name.fold(7_u64, |hash, byte| hash.wrapping_mul(31) ^ u64::from(byte));
    let mut rng = Rng::seed_from_u64(batch.seed ^ reader.rotate_left(32));
    rng.set_stream(number);
    // The first ones are the seeds as they are, which shows that the readers read.
    let index = usize::try_from(number).unwrap_or(usize::MAX);
    if let Some(seed) = seeds.get(index) {
        return (seed.clone(), rng);
    }
    let seed = &seeds[rng.random_range(0..seeds.len())];
    let input = (batch.reader.mutate)(&mut rng, seed);
    (input, rng)
}

/// Reads an input, and says what came of it.
fn tried(reader: &Reader, input: &[u8], rng: &mut Rng, folder: &Path) -> String {
    let path = folder.join(format!("{INPUT}.{}", reader.ending));
    let done = panic::catch_unwind(AssertUnwindSafe(|| match reader.read {
        Read::File(read) => {
            fs::write(&path, input).expect("the input can be written");
            read(&path, rng)
        }
        Read::Text(read) => read(&String::from_utf8_lossy(input), rng),
    }));
    let error = match done {
        Ok(Ok(())) => return "+".into(),
        Ok(Err(error)) => error,
        Err(panic) => return format!("! panic: {}", panicked(&*panic)),
    };
    let message = error.to_string();
    // Options that contradict each other are no file's fault.
    let is_of_file = !matches!(error.root(), Error::Options(_) | Error::Parameter { .. });
    let is_file = matches!(reader.read, Read::File(_)) && is_of_file;
    let kind = if message.trim().is_empty() || is_file && !message.contains(INPUT) {
        "! message:"
    } else if message.contains(CAUGHT) {
        "~"
    } else {
        "-"
    };
    let shown: String = message.chars().take(MAX_SHOWN).collect();
    format!("{kind} {}", shown.replace(char::is_control, " "))
}

fn panicked(panic: &(dyn Any + Send)) -> String {
    let noted = PANIC.lock().unwrap_or_else(|held| held.into_inner()).take();
    noted.unwrap_or_else(|| {
        let text = panic.downcast_ref::<String>().cloned();
        text.unwrap_or_else(|| "no message".into())
    })
}
