//! Ctrl-C, or *Interrupt* in a notebook: the running call ends early and returns what it has.
//!
//! A program turns this on once, with [`listen`]. In the project's notebooks, the kernel turns it
//! on through an environment variable. Otherwise Ctrl-C ends the program as usual.
//!
//! Training, searches, studies and simulations listen while they run. After an interrupt every
//! later call also ends at its first step, so that a loop over trainings ends, too. A second
//! interrupt ends the process, and so does an interrupt while no call is running.
//!
//! The state is static. Each cell of a notebook is linked with its own copy of it, and the last
//! copy to call `listen` receives the signal. So an interrupt never reaches the next cell.

use std::io;
use std::ops::ControlFlow;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// The notebooks' kernel sets this to the sentence that says what is lost with the process.
const LAST_WORDS: &str = "CLOSEDFORM_LAST_WORDS";
/// The exit code that shells use for a program ended by Ctrl-C: 128 plus the number of the signal.
const EXIT_CODE: i32 = 130;

static N_RUNNING: AtomicUsize = AtomicUsize::new(0);
static WAS_INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Makes Ctrl-C end the running call, and a second Ctrl-C the program.
///
/// # Errors
/// The program already handles Ctrl-C, or the operating system refuses.
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
    exit_at_once(EXIT_CODE);
}

/// Ends the process without tearing anything down. The usual exit would tear down libtorch during a
/// running training, which then prints pages of errors.
pub fn exit_at_once(code: i32) -> ! {
    signal_hook::low_level::exit(code)
}

/// A running call, which an interrupt ends early. The call runs as long as this value exists.
#[derive(Debug)]
pub struct Running(());

impl Running {
    /// Marks the start of the call.
    pub fn start() -> Self {
        if std::env::var_os(LAST_WORDS).is_some() {
            // If listening is refused, an interrupt ends the process; the call itself can go on.
            let _ = listen();
        }
        N_RUNNING.fetch_add(1, Ordering::SeqCst);
        Self(())
    }

    /// Whether the call should go on.
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

/// A call's monitor, which also ends the call at an interrupt.
pub(crate) fn heed<T>(
    mut listener: impl FnMut(&T) -> ControlFlow<()>,
) -> impl FnMut(&T) -> ControlFlow<()> {
    let running = Running::start();
    move |step| {
        listener(step)?;
        running.flow()
    }
}
