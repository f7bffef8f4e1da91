//! Models of steps, such as trees, with gradients of their own making.

use super::{ImportOptions, ImportedNetwork};
use crate::dataset::Dataset;
use crate::error::Result;
use crate::model::{BlackBox, Gradients, Model};
use std::path::Path;

/// The share of each feature's range that steps are smoothed over. It is wide enough for the trees
/// of a usual ensemble, which split a range into some tens of steps, and keeps whatever bends more
/// slowly.
const USUAL_SHARE: f64 = 0.1;

/// A model for the rows of a table.
pub struct Opened {
    /// The model, with gradients.
    pub model: Box<dyn Model>,
    /// What was done to a model without gradients, and what that costs.
    pub remark: Option<String>,
}

impl ImportedNetwork {
    /// Opens a network for the rows of `data`. If its values have steps, or if a share is given, its
    /// gradients are the slopes of linear fits, spread over this share of each feature's range, as
    /// those of [`Gradients::LocalFits`].
    ///
    /// # Errors
    /// Those of [`open`](Self::open) except for steps, and those of
    /// [`BlackBox::with_gradients`].
    pub fn open_for(
        data: &Dataset,
        path: impl AsRef<Path>,
        options: &ImportOptions,
        share: Option<f64>,
        seed: u64,
    ) -> Result<Opened> {
        let network = Self::open_any(path.as_ref(), options)?;
        let reason = network.without_gradient().map(str::to_string);
        Opened::new(network, reason, data, share, seed)
    }
}

impl Opened {
    /// A model that is as it is, unless a share is given or there is a reason why its gradients don't
    /// say how its values change.
    pub(super) fn new(
        model: impl Model + Send + Sync + 'static,
        reason: Option<String>,
        data: &Dataset,
        share: Option<f64>,
        seed: u64,
    ) -> Result<Self> {
        if reason.is_none() && share.is_none() {
            return Ok(Self {
                model: Box::new(model),
                remark: None,
            });
        }
        let spread = share.unwrap_or(USUAL_SHARE);
        let gradients = Gradients::local_fits(spread, data.n_features(), seed);
        let task = model.task();
        let of_rows = move |points: &[f64]| model.latent(points);
        let model = BlackBox::of_rows(data, task, of_rows)?.with_gradients(gradients)?;
        let remark = reason.filter(|_| share.is_none()).map(|reason| {
            format!(
                "{reason}; its gradients are the slopes of linear fits over {spread} of each \
                 feature's range, and details smaller than that are lost (--smooth sets the share)"
            )
        });
        Ok(Self {
            model: Box::new(model),
            remark,
        })
    }
}
