//! The classes of a network, each against all others.

use super::{ImportOptions, ImportedNetwork, Opened};
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::model::AgainstRest;
use std::path::Path;

/// The classes of a network, for the rows of a table.
pub struct OpenedClasses {
    /// Each class of the data against all others, `(n_classes,)`, as a model.
    pub models: Vec<Opened>,
    /// Which output was taken for which class, if the file doesn't name them.
    pub remark: Option<String>,
}

impl OpenedClasses {
    /// All that is to be said about the classes: which outputs they are, and what was done to a model
    /// without gradients.
    pub fn remarks(&self) -> impl Iterator<Item = &str> {
        let first = self.models.iter().find_map(|class| class.remark.as_deref());
        self.remark.as_deref().into_iter().chain(first)
    }
}

impl ImportedNetwork {
    /// Opens a network once for each class of `data`, whose logit against all others it then is.
    ///
    /// Classes are the outputs with their names. If the file's outputs have no names, they are the
    /// classes in the order of the data's.
    ///
    /// # Errors
    /// Targets that are no classes, classes that the network doesn't have or that the data don't, and
    /// the errors of [`open_for`](Self::open_for).
    pub fn open_classes(
        data: &Dataset,
        path: impl AsRef<Path>,
        options: &ImportOptions,
        share: Option<f64>,
        seed: u64,
    ) -> Result<OpenedClasses> {
        let path = path.as_ref();
        let classes = data.names_of_classes()?;
        let margin = |class: &str, against: &str| {
            let output = Some(format!("{class} vs {against}"));
            let options = ImportOptions {
                output,
                ..options.clone()
            };
            Self::open_any(path, &options)
        };
        let numbers: Vec<String> = (0..classes.len()).map(|class| class.to_string()).collect();
        let (outputs, remark) = match margin(&classes[0], &classes[1]) {
            Ok(_) => (&classes, None),
            Err(unnamed) => {
                margin("0", "1").map_err(|_| unnamed)?;
                (&numbers, Some(taken_for(&classes)))
            }
        };
        let next = classes.len().to_string();
        if remark.is_some() && margin("0", &next).is_ok() {
            return Err(Error::Model(format!(
                "the network has more classes than the {} of target \"{}\" ({}): name its outputs in \
                 a description",
                classes.len(),
                data.target_name(),
                classes.join(", ")
            ))
            .in_file(path));
        }
        let models = outputs.iter().map(|class| {
            let others = outputs.iter().filter(|other| *other != class);
            let margins = others.map(|other| margin(class, other));
            let margins = margins.collect::<Result<Vec<_>>>()?;
            let reason = margins.iter().find_map(Self::without_gradient);
            let reason = reason.map(str::to_string);
            Opened::new(AgainstRest::new(margins)?, reason, data, share, seed)
        });
        Ok(OpenedClasses {
            models: models.collect::<Result<_>>()?,
            remark,
        })
    }
}

fn taken_for(classes: &[String]) -> String {
    let pairs = classes.iter().enumerate();
    let pairs: Vec<String> = pairs
        .map(|(output, class)| format!("{output} is {class}"))
        .collect();
    format!(
        "the network's outputs are taken in the classes' order: {}",
        pairs.join(", ")
    )
}
