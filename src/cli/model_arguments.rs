//! A trained model that is given on the command line.

use clap::{Args, ValueEnum};
use closedform::{
    Answers, Dataset, Gradients, InterpretOptions, Matching, Model, Predictions, Program, Result,
    Selection, Task,
};

/// Which model is interpreted, where none is to be trained.
#[derive(Args)]
pub struct ModelArguments {
    /// A command that reads rows as CSV on standard input, with a header, and prints one number
    /// for each: it is the model.
    #[arg(long, value_name = "COMMAND", help_heading = MODEL, conflicts_with = "predictions")]
    program: Option<String>,
    /// The target column holds a model's predictions: they are the model.
    #[arg(long, help_heading = MODEL)]
    predictions: bool,
    /// What the model gives for classification.
    #[arg(long, value_enum, default_value = "probability", help_heading = MODEL)]
    answers: AnswersChoice,
    /// What of the model the formula is matched to; values for models of steps, such as trees.
    #[arg(long, value_enum, default_value = "directions", help_heading = MODEL)]
    by: MatchingChoice,
    /// Take the gradients of a command's answers by linear fits around each point, spread over this
    /// share of the features' ranges, in place of small differences: for models of steps.
    #[arg(long, value_name = "SHARE", requires = "program", help_heading = MODEL)]
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
    /// Whether the target column holds numbers, whatever the task.
    pub fn has_predictions(&self) -> bool {
        self.predictions
    }

    /// The model, if one is given, for rows of `data`.
    pub fn model(&self, data: &Dataset, task: Task, seed: u64) -> Result<Option<Box<dyn Model>>> {
        let answers = match self.answers {
            AnswersChoice::Probability => Answers::Probability,
            AnswersChoice::Latent => Answers::Latent,
        };
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
        let program = Program::new(command, data, task, answers, gradients)?;
        Ok(Some(Box::new(program)))
    }

    /// What is asked of a model that is given: a command is started as seldom as can be.
    pub fn options(&self, options: InterpretOptions) -> InterpretOptions {
        InterpretOptions {
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
