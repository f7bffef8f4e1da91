//! Ctrl-C, or *Interrupt* in a notebook: the running call ends early and returns what it has.
//!
//! A program asks for this once, by [`listen`]. In the project's notebooks the kernel asks, by an
//! environment variable. Where nobody asks, Ctrl-C ends the program as usual.
//!
//! Training, searches, studies and simulations listen while they run. After an interrupt every
//! later call ends at its first step, too, so that a loop over trainings comes to its end. A second
//! interrupt ends the process, and so does one while no call is running.
//!
//! The state is static. Each cell of a notebook is linked with a copy of its own, and the copy that
//! began to listen last receives the signal. So an interrupt never reaches the next cell.

use std::io;
use std::ops::ControlFlow;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Set by the notebooks' kernel to the sentence that says what is lost with the process.
const LAST_WORDS: &str = "CLOSEDFORM_LAST_WORDS";
/// What shells report for a program that was ended by Ctrl-C: 128 and the number of the signal.
const EXIT_CODE: i32 = 130;

static N_RUNNING: AtomicUsize = AtomicUsize::new(0);
static WAS_INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C ends the running call, and a second one the program.
///
/// # Errors
/// The program handles Ctrl-C already, or the operating system refuses.
pub fn listen() -> io::Result<()> {
    static REFUSAL: OnceLock<Option<String>> = OnceLock::new();
    let install = || Some(ctrlc::set_handler(hear).err()?.to_string());
    REFUSAL
        .get_or_init(install)
        .as_ref()
        .map_or(Ok(()), |reason| Err(io::Error::other(reason.as_str())))
}

fn hear() {
    let is_first = !WAS_INTERRUPTED.swap(true, Ordering::SeqCst);
    if is_first && N_RUNNING.load(Ordering::SeqCst) > 0 {
        return;
    }
    if let Ok(last_words) = std::env::var(LAST_WORDS) {
        eprintln!("{last_words}");
    }
    // At once: the usual exit would tear down libtorch under a training that still runs, whose last
    // words are pages.
    signal_hook::low_level::exit(EXIT_CODE);
}

/// A call that an interrupt ends early, for as long as this value lives.
#[derive(Debug)]
pub struct Running(());

impl Running {
    /// Marks the start of the call.
    pub fn start() -> Self {
        if std::env::var_os(LAST_WORDS).is_some() {
            // Where that is refused, an interrupt ends the process: the call can go on.
            let _ = listen();
        }
        N_RUNNING.fetch_add(1, Ordering::SeqCst);
        Self(())
    }

    /// Whether the call is to go on.
    pub fn flow(&self) -> ControlFlow<()> {
        if WAS_INTERRUPTED.load(Ordering::SeqCst) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        N_RUNNING.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The listener of a call, which ends the call at an interrupt, too.
pub(crate) fn heed<T>(
    mut listener: impl FnMut(&T) -> ControlFlow<()>,
) -> impl FnMut(&T) -> ControlFlow<()> {
    let running = Running::start();
    move |step| {
        listener(step)?;
        running.flow()
    }
}
