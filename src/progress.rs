//! Listeners for long work: they print, stay silent, or stop it.
//!
//! Training and search call their listener after every step; `ControlFlow::Break` ends the work
//! there and keeps what was found. So does an [interrupt](crate::interrupt), whatever the listener.

use std::fmt::Display;
use std::ops::ControlFlow;

/// Listens to nothing.
pub fn silent<T>(_: &T) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Prints every `n`-th step on a line of its own, as notebooks can show it.
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
