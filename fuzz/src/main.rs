//! `make fuzz`: every reader and parser is given broken and hostile inputs. A panic, a crash, a hang, too
//! much memory, and a message that doesn't name the file are findings, each written to a file with the
//! input that causes it.
//!
//! An input is made of the reader's name, a seed and a number, so that a finding can be made again by
//! these. Inputs are read in a process of their own, which may crash.

mod bytes;
mod readers;
mod structure;
mod watch;
mod worker;

use clap::Parser;
use readers::Reader;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Gives broken and hostile inputs to every reader and parser.
#[derive(Parser)]
struct Arguments {
    /// The readers to try [default: all].
    readers: Vec<String>,
    /// How many inputs each reader gets at most.
    #[arg(long, default_value_t = 10_000)]
    inputs: u64,
    /// How many seconds each reader is tried at most.
    #[arg(long, default_value_t = 3600)]
    seconds: u64,
    /// Another seed makes other inputs.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// The number of the first input; with --inputs 1, one input is made again.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Where findings are written.
    #[arg(long, default_value = "target/fuzz")]
    out: PathBuf,
    /// List the readers.
    #[arg(long)]
    list: bool,
    /// Read here, without a watch, and print what is said of each input.
    #[arg(long)]
    worker: bool,
}

/// Some inputs of one reader.
struct Batch {
    reader: &'static Reader,
    seed: u64,
    first: u64,
    n_inputs: u64,
    time: Duration,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let is_asked = |reader: &&Reader| {
        arguments.readers.is_empty() || arguments.readers.iter().any(|name| name == reader.name)
    };
    let known: Vec<&str> = readers::ALL.iter().map(|reader| reader.name).collect();
    if let Some(name) = arguments
        .readers
        .iter()
        .find(|name| !known.contains(&name.as_str()))
    {
        eprintln!(
            "fuzz: there is no reader {name}; readers are {}",
            known.join(", ")
        );
        return ExitCode::from(2);
    }
    if arguments.list {
        println!("{}", known.join("\n"));
        return ExitCode::SUCCESS;
    }
    let batches = readers::ALL.iter().filter(is_asked).map(|reader| Batch {
        reader,
        seed: arguments.seed,
        first: arguments.from,
        n_inputs: arguments.inputs,
        time: Duration::from_secs(arguments.seconds),
    });
    if arguments.worker {
        batches.for_each(|batch| worker::read_all(&batch));
        return ExitCode::SUCCESS;
    }
    println!(
        "{:<16}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}",
        "reader", "inputs", "read", "caught", "aborted", "seconds", "findings"
    );
    let mut n_findings = 0;
    for batch in batches {
        match watch::watch(&batch, &arguments.out) {
            Ok(found) => n_findings += found,
            Err(error) => {
                eprintln!("fuzz: {}: {error}", batch.reader.name);
                return ExitCode::FAILURE;
            }
        }
    }
    if n_findings == 0 {
        ExitCode::SUCCESS
    } else {
        eprintln!(
            "fuzz: {n_findings} findings, see {}",
            arguments.out.display()
        );
        ExitCode::FAILURE
    }
}
