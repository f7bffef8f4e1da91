//! Monitors for long calls: they print progress, stay silent, or stop the call.
//!
//! Training and search call their monitor after every step. `ControlFlow::Break` ends the work
//! there and keeps what was found. An [interrupt](crate::interrupt) does the same, whatever the
//! monitor.

use std::fmt::Display;
use std::ops::ControlFlow;

/// Ignores all progress.
pub fn silent<T>(_: &T) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Prints every `n`-th step on a line of its own, which notebooks can show.
///
/// ```
/// use closedform::progress;
///
/// let mut listener = progress::print_every(10);
/// for step in 1..=20 {
///     let _ = listener(&format!("step {step}"));
/// }
/// ```
pub fn print_every<T: Display>(n: usize) -> impl FnMut(&T) -> ControlFlow<()> {
    let mut n_steps = 0;
    move |step| {
        n_steps += 1;
        if n_steps % n.max(1) == 0 {
            println!("{step}");
        }
        ControlFlow::Continue(())
    }
}
