//! Exports an interpretation.

use super::Export;
use crate::error::Result;
use crate::interpretation::Interpretation;

impl Interpretation {
    /// The formula for export: for a classifier with its threshold, for a regressor the
    /// [whole](Self::whole) formula, if there is one. Of a rule with several bounds, the product of
    /// the formula's distances from them, which is positive in class 1.
    ///
    /// # Errors
    /// Those of [`Export::new`].
    pub fn export(&self) -> Result<Export> {
        let (formula, names) = (&self.candidate().expression, self.feature_names());
        match (self.whole(), self.threshold(), self.rule()) {
            (Some(whole), ..) => Export::new(whole, names),
            (None, None, Some(rule)) => {
                Export::new(&rule.expression(formula), names)?.with_threshold(Some(0.0))
            }
            (None, threshold, _) => Export::new(formula, names)?.with_threshold(threshold),
        }
    }
}
