//! A trained model that is given on the command line.

use clap::{Args, ValueEnum};
use closedform::interpretation::{Matching, Selection};
use closedform::model::{Answers, Gradients};
use closedform::network::ImportOptions;
use closedform::{
    BlackBox, Dataset, ImportedNetwork, Model, Predictions, ReadingOptions, Result, Task,
};
use std::path::PathBuf;

/// Which model is interpreted, where none is to be trained.
#[derive(Args)]
pub struct ModelArguments {
    /// A trained network: safetensors, ONNX (.onnx), TorchScript (.pt), or weights as JSON.
    #[arg(
        long,
        value_name = "FILE",
        help_heading = MODEL,
        conflicts_with_all = ["program", "predictions"]
    )]
    model: Option<PathBuf>,
    /// What of a network with several outputs or classes: 2, '2 vs 0', 'logit 2', or neuron 3 of
    /// layer fc2 as fc2.3.
    #[arg(long, value_name = "NAME", help_heading = MODEL, requires = "model")]
    output: Option<String>,
    /// What the network's file leaves unsaid: a JSON file with its layers, scaling, names.
    #[arg(long, value_name = "FILE", help_heading = MODEL, requires = "model")]
    model_description: Option<PathBuf>,
    /// A command that reads rows as CSV on standard input, with a header, and prints one number
    /// for each: it is the model. Its gradients are taken at the data's own points.
    #[arg(long, value_name = "COMMAND", help_heading = MODEL, conflicts_with = "predictions")]
    program: Option<String>,
    /// The target column holds a model's predictions: they are the model.
    #[arg(long, help_heading = MODEL, requires = "target")]
    pub predictions: bool,
    /// What a command or the predictions give for classification.
    #[arg(long, value_enum, default_value = "probability", help_heading = MODEL)]
    answers: AnswersChoice,
    /// What of the model the formula is matched to; values, and --smooth, for models of steps, such
    /// as trees.
    #[arg(long, value_enum, default_value = "directions", help_heading = MODEL)]
    by: MatchingChoice,
    /// Take the gradients of a command's answers by linear fits around each point, spread over this
    /// share of the features' ranges, in place of small differences: for models of steps.
    #[arg(long, value_name = "SHARE", help_heading = MODEL, requires = "program")]
    smooth: Option<f64>,
}

const MODEL: &str = "A model that is trained already";

#[derive(Clone, Copy, ValueEnum)]
enum AnswersChoice {
    Probability,
    Latent,
}

#[derive(Clone, Copy, ValueEnum)]
enum MatchingChoice {
    Directions,
    Values,
}

impl ModelArguments {
    pub fn is_given(&self) -> bool {
        self.model.is_some() || self.program.is_some() || self.predictions
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

    /// The model, if one is given, for rows of `data`.
    pub fn open(&self, data: &Dataset, task: Task, seed: u64) -> Result<Option<Box<dyn Model>>> {
        let answers = match self.answers {
            AnswersChoice::Probability => Answers::Probability,
            AnswersChoice::Latent => Answers::Latent,
        };
        if let Some(path) = &self.model {
            let options = ImportOptions {
                description: self.model_description.clone(),
                feature_names: Some(data.feature_names().to_vec()),
                task: Some(task),
                output: self.output.clone(),
                input_scaling: None,
            };
            return Ok(Some(Box::new(ImportedNetwork::open(path, &options)?)));
        }
        if self.predictions {
            return Ok(Some(Box::new(Predictions::new(data, task, answers)?)));
        }
        let Some(command) = &self.program else {
            return Ok(None);
        };
        let gradients = match self.smooth {
            None => Gradients::default(),
            Some(spread) => Gradients::local_fits(spread, data.n_features(), seed),
        };
        let program = BlackBox::from_command(data, task, command, answers)?;
        Ok(Some(Box::new(program.with_gradients(gradients)?)))
    }

    /// What is asked of a model that is given: a command is started as seldom as can be.
    pub fn options(&self, options: ReadingOptions) -> ReadingOptions {
        ReadingOptions {
            selection: match self.program {
                Some(_) => Selection::Band,
                None => options.selection,
            },
            matching: match self.by {
                MatchingChoice::Directions => Matching::Directions,
                MatchingChoice::Values => Matching::Values,
            },
            ..options
        }
    }
}
