//! The arguments that give a trained model.

use clap::{Args, ValueEnum};
use closedform::interpretation::{Matching, Selection};
use closedform::model::{Answers, Gradients};
use closedform::network::{ImportOptions, Opened, OpenedClasses};
use closedform::{
    BlackBox, Dataset, ImportedNetwork, Model, Predictions, ReadingOptions, Result, Task,
};
use std::path::PathBuf;

/// Which trained model to interpret, instead of training one.
#[derive(Args)]
pub struct ModelArguments {
    /// A trained model: ONNX (.onnx) of any network, of a scikit-learn pipeline or of trees;
    /// TorchScript or a state dict (.pt, .pth, .safetensors, numpy's .npz); Keras's dense layers
    /// (.keras, .h5); or weights as JSON.
    #[arg(
        long,
        value_name = "FILE",
        help_heading = MODEL,
        group = "asked",
        conflicts_with_all = ["program", "predictions"]
    )]
    model: Option<PathBuf>,
    /// Which number to interpret in a network with several outputs or classes: 2, '2 vs 0',
    /// 'logit 2', fc2.3 for neuron 3 of layer fc2, or a combination such as 'fc2.3 - 0.5 fc2.1'.
    #[arg(long, value_name = "NAME", help_heading = MODEL, requires = "model")]
    output: Option<String>,
    /// A JSON file that describes what the network's own file doesn't: layers, scaling, names.
    #[arg(long, value_name = "FILE", help_heading = MODEL, requires = "model")]
    model_description: Option<PathBuf>,
    /// A command to interpret as the model: it reads rows as CSV with a header from standard input,
    /// and prints one number per row. Its gradients are taken at the data's own points.
    #[arg(
        long,
        value_name = "COMMAND",
        help_heading = MODEL,
        group = "asked",
        conflicts_with = "predictions"
    )]
    program: Option<String>,
    /// Refuse models that are code: TorchScript, and --program. All other files are only read, whatever
    /// they hold.
    #[arg(long, help_heading = MODEL, conflicts_with = "program")]
    no_code: bool,
    /// Interpret the target column as a model's predictions.
    #[arg(long, help_heading = MODEL, requires = "target")]
    pub predictions: bool,
    /// What a command or the predictions give for classification.
    #[arg(long, value_enum, default_value = "probability", help_heading = MODEL)]
    answers: AnswersChoice,
    /// What the formula is matched to: the directions of the model's gradients, or its values. auto
    /// tries directions first, and values if that formula carries less than the model does. For step
    /// functions such as trees, use values and --smooth.
    #[arg(long, value_enum, default_value = "auto", help_heading = MODEL)]
    by: MatchingChoice,
    /// Estimate the model's gradients by linear fits around each point, spread over this share of
    /// the features' ranges. For step functions such as trees [default for such a --model: 0.1].
    #[arg(long, value_name = "SHARE", help_heading = MODEL, requires = "asked")]
    smooth: Option<f64>,
}

const MODEL: &str = "A model that is already trained";

#[derive(Clone, Copy, ValueEnum)]
enum AnswersChoice {
    Probability,
    Latent,
}

#[derive(Clone, Copy, ValueEnum)]
enum MatchingChoice {
    Auto,
    Directions,
    Values,
}

impl ModelArguments {
    pub fn is_given(&self) -> bool {
        self.model.is_some() || self.program.is_some() || self.predictions
    }

    /// Whether the model takes all columns of the table, as predictions don't.
    pub fn takes_columns(&self) -> bool {
        self.model.is_some() || self.program.is_some()
    }

    /// The model in words, if one is given.
    pub fn described(&self) -> Option<String> {
        match (&self.model, &self.program, self.predictions) {
            (Some(path), ..) => Some(path.display().to_string()),
            (_, Some(command), _) => Some(command.clone()),
            (.., true) => Some("predictions in the target column".to_string()),
            _ => None,
        }
    }

    /// The rows that the model's answers can be read for, and a sentence on those that are left out.
    pub fn readable(&self, data: Dataset, task: Task) -> (Dataset, Option<String>) {
        let has_probabilities = self.predictions
            && task == Task::Classification
            && matches!(self.answers, AnswersChoice::Probability);
        if !has_probabilities {
            return (data, None);
        }
        let n_rows = data.n_samples();
        let (data, n_left_out) = Predictions::with_logits(data);
        let sentence = (n_left_out > 0).then(|| {
            format!(
                "{n_left_out} of {n_rows} predictions are exactly 0 or 1; they have no logit, so their \
                 rows are left out"
            )
        });
        (data, sentence)
    }

    /// The model, if one is given, for rows of `data`, and a remark on its gradients.
    pub fn open(&self, data: &Dataset, task: Task, seed: u64) -> Result<Option<Opened>> {
        let exact = |model: Box<dyn Model>| {
            Some(Opened {
                model,
                remark: None,
            })
        };
        let answers = match self.answers {
            AnswersChoice::Probability => Answers::Probability,
            AnswersChoice::Latent => Answers::Latent,
        };
        if let Some(path) = &self.model {
            let options = self.import_options(data, task);
            return ImportedNetwork::open_for(data, path, &options, self.smooth, seed).map(Some);
        }
        if self.predictions {
            return Ok(exact(Box::new(Predictions::new(data, task, answers)?)));
        }
        let Some(command) = &self.program else {
            return Ok(None);
        };
        let gradients = match self.smooth {
            None => Gradients::default(),
            Some(spread) => Gradients::local_fits(spread, data.n_features(), seed),
        };
        let program = BlackBox::from_command(data, task, command, answers)?;
        Ok(exact(Box::new(program.with_gradients(gradients)?)))
    }

    /// The classes of a network's file, if one is given, for rows of `data`.
    pub fn open_classes(&self, data: &Dataset, seed: u64) -> Result<Option<OpenedClasses>> {
        let Some(path) = &self.model else {
            return Ok(None);
        };
        let options = self.import_options(data, Task::Classification);
        ImportedNetwork::open_classes(data, path, &options, self.smooth, seed).map(Some)
    }

    fn import_options(&self, data: &Dataset, task: Task) -> ImportOptions {
        ImportOptions {
            description: self.model_description.clone(),
            feature_names: Some(data.feature_names().to_vec()),
            task: Some(task),
            output: self.output.clone(),
            input_scaling: None,
            no_code: self.no_code,
        }
    }

    /// The options for reading a given model. A command is slow to start: taking its gradients in
    /// the band, not on the boundary, starts it less often.
    pub fn options(&self, options: ReadingOptions) -> ReadingOptions {
        ReadingOptions {
            selection: match self.program {
                Some(_) => Selection::Band,
                None => options.selection,
            },
            matching: match self.by {
                MatchingChoice::Auto => Matching::Auto,
                MatchingChoice::Directions => Matching::Directions,
                MatchingChoice::Values => Matching::Values,
            },
            ..options
        }
    }
}
