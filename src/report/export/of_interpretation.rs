//! Exports an interpretation.

use super::Export;
use crate::error::Result;
use crate::interpretation::Interpretation;

impl Interpretation {
    /// The formula for export: for a classifier with its threshold, for a regressor the
    /// [whole](Self::whole) formula, if there is one.
    ///
    /// # Errors
    /// Those of [`Export::new`].
    pub fn export(&self) -> Result<Export> {
        match self.whole() {
            Some(whole) => Export::new(whole, self.feature_names()),
            None => Export::new(&self.candidate().expression, self.feature_names())?
                .with_threshold(self.threshold()),
        }
    }
}
