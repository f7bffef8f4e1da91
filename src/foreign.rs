//! Readers of other crates, whose panics on a broken file become errors.

use crate::error::{Error, Result};
use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

static N_READING: AtomicUsize = AtomicUsize::new(0);

/// Runs a reader of another crate. If it panics on what it reads, that is an error, and nothing is
/// printed of it. `format` says what it reads.
///
/// ```
/// use closedform::foreign::guarded;
///
/// let header = [1, 2, 3];
/// let read = guarded("Parquet", || Ok(header[header.len()]));
/// assert!(read.unwrap_err().to_string().contains("broken Parquet"));
/// ```
///
/// # Errors
/// Those of `read`, and its panics.
pub fn guarded<T>(format: &str, read: impl FnOnce() -> Result<T>) -> Result<T> {
    keep_panics_silent();
    N_READING.fetch_add(1, Ordering::SeqCst);
    let done = panic::catch_unwind(AssertUnwindSafe(read));
    N_READING.fetch_sub(1, Ordering::SeqCst);
    done.unwrap_or_else(|panic| {
        let reason = reason(&*panic);
        let message = format!("is broken {format}, which its reader ended at: {reason}");
        Err(Error::Format(message))
    })
}

/// The first line of what a panic says.
fn reason(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.and_then(|text| text.lines().next())
        .unwrap_or("no reason given")
}

/// Lets the hook of the program say nothing while such a reader is at work: it may panic in threads of
/// its own, so that the thread doesn't tell. A panic elsewhere in that moment still ends its thread, but
/// isn't printed.
fn keep_panics_silent() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if N_READING.load(Ordering::SeqCst) == 0 {
                usual(panic);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_a_reader_is_an_error_that_says_why() {
        let numbers: Vec<f64> = Vec::new();
        let read = guarded("Parquet", || Ok(numbers[numbers.len() + 2]));
        let message = read.unwrap_err().to_string();
        assert!(message.contains("Parquet"), "{message}");
        assert!(message.contains("index is 2"), "{message}");
        assert!(!message.contains('\n'), "{message}");
    }

    #[test]
    fn what_a_reader_returns_is_returned() {
        assert_eq!(guarded("Parquet", || Ok(2)).unwrap(), 2);
        let refused = guarded("Parquet", || Err::<(), _>(Error::Format("no".into())));
        assert_eq!(refused.unwrap_err().to_string(), "no");
    }
}
