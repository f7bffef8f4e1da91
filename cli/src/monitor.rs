//! Progress bars on a terminal, and Ctrl-C.

use crate::output;
#[cfg(feature = "network")]
use closedform::interpretation::Progress;
use closedform::interrupt::{self, Running};
use closedform::search::SearchProgress;
use indicatif::{ProgressBar, ProgressStyle};
use std::ops::ControlFlow;
#[cfg(feature = "network")]
use std::path::Path;

/// Shows the progress on standard error, if that is a terminal, and stops the work on Ctrl-C.
pub struct Monitor {
    interruption: Interruption,
    bar: Option<(&'static str, ProgressBar)>,
}

impl Monitor {
    pub fn new() -> Self {
        Self {
            interruption: Interruption::new(),
            bar: None,
        }
    }

    #[cfg(feature = "network")]
    pub fn step(&mut self, progress: &Progress) -> ControlFlow<()> {
        match progress {
            Progress::Training(epoch) => {
                let message = match epoch.validation_accuracy {
                    Some(accuracy) => format!("accuracy {:.2} %", 100.0 * accuracy),
                    None => format!("loss {:.3e}", epoch.validation_loss),
                };
                self.show("training", epoch.number, epoch.n_epochs, message)
            }
            Progress::Search(progress) => self.search(progress),
        }
    }

    pub fn search(&mut self, progress: &SearchProgress) -> ControlFlow<()> {
        let message = format!("loss {:.2e}", progress.loss);
        self.show(
            "searching",
            progress.generation,
            progress.n_generations,
            message,
        )
    }

    pub fn finish(&mut self) {
        if let Some((_, bar)) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn show(
        &mut self,
        name: &'static str,
        position: usize,
        length: usize,
        message: String,
    ) -> ControlFlow<()> {
        if self.bar.as_ref().is_none_or(|(known, _)| *known != name) {
            self.finish();
            // indicatif draws on standard error, and only if that is a terminal.
            let bar = ProgressBar::new(length as u64);
            let style = ProgressStyle::with_template("{prefix:9} {bar:30} {pos}/{len}  {msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_prefix(name);
            self.bar = Some((name, bar));
        }
        if let Some((_, bar)) = &self.bar {
            bar.set_message(message);
            bar.set_position(position as u64);
        }
        self.interruption.flow()
    }
}

/// Whether Ctrl-C has been pressed since this value was made. A second Ctrl-C ends the program.
pub struct Interruption(Running);

impl Interruption {
    pub fn new() -> Self {
        // Without a handler, Ctrl-C still ends the program, but loses what was found.
        if let Err(error) = interrupt::listen() {
            output::say(format_args!(
                "closedform: Ctrl-C will end the program without keeping results: {error}"
            ));
        }
        Self(Running::start())
    }

    /// Tells the work to end once Ctrl-C has been pressed.
    pub fn flow(&self) -> ControlFlow<()> {
        self.0.flow()
    }

    /// Says how to continue a study, if it was interrupted.
    #[cfg(feature = "network")]
    pub fn tell_how_to_resume(&self, folder: &Path) {
        if self.flow().is_break() {
            output::say(format_args!(
                "interrupted; use --resume to continue with {}",
                folder.display()
            ));
        }
    }
}
