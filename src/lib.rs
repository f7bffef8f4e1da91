//! Reads out, as a formula a person can understand, what a trained neural network has learned.
//!
//! A classifier `F = sigmoid(f(x))` often hides a simple quantity `g(x)` behind a monotone `phi`:
//! `f = phi(g)`. The normalized gradients of `f` and `g` then agree everywhere, so a formula is
//! searched whose normalized gradients match the network's (Wetzel 2024, "Closed-Form
//! Interpretation of Neural Network Classifiers with Symbolic Gradients").
//!
//! From data to formula:
//!
//! ```no_run
//! # #[cfg(feature = "network")] {
//! use closedform::{Dataset, InterpretOptions, Language, Task, interpret, progress};
//!
//! let data = Dataset::from_file("points.csv", "label", Task::Classification)?;
//! let (training, fresh) = data.split(0.8, 0)?;
//! let run = interpret(&training, &fresh, &InterpretOptions::with_seed(0), progress::silent)?;
//! println!("{}", run.interpretation); // the formula, its threshold, and how far it holds
//! println!("{}", run.interpretation.export()?.to_source(Language::Numpy)?);
//! # }
//! # Ok::<(), closedform::Error>(())
//! ```
//!
//! Data flows one way, and the folders show it:
//! dataset → network → gradients → search → interpretation → report and plots.
//! Whatever else has values and gradients may stand in the network's place, see [`Model`]. What all
//! this doesn't do, and when to use something else, says [`limits`].
//! Beside it, networks become polynomials by Taylor series (Morala et al. 2021), and polynomials are
//! fitted to data, for comparison.

mod activation;
mod dataset;
mod error;
mod gradients;
mod interpretation;
pub mod interrupt;
mod model;
#[cfg(feature = "network")]
mod network;
#[cfg(feature = "plots")]
mod plot;
mod polynomial;
pub mod progress;
#[doc = include_str!("../limits.md")]
pub mod limits {}
#[cfg(feature = "frames")]
mod records;
mod regression;
mod report;
mod search;
#[cfg(feature = "network")]
mod simulation;
mod statistics;
mod study;

pub use activation::Activation;
#[cfg(feature = "datasets")]
pub use dataset::RealData;
#[cfg(feature = "tables")]
pub use dataset::{Categories, EncodedColumn, Missing, Table, TableOptions, TableSummary};
pub use dataset::{Concept, Dataset, Experiment, Task};
pub use error::{Error, Result};
pub use gradients::Directions;
pub use interpretation::{
    Alignment, Certificate, ConstantInterval, LinkFunction, MonotoneCurve, Paired,
    SymbolicClassification, Verdict, classify_symbolically, constant_intervals, spearman,
};
#[cfg(feature = "network")]
pub use interpretation::{
    InterpretOptions, Interpretation, Interpreted, Matching, Polished, Progress, Selection,
    TRAINING_SHARE, gradient_noise, interpret, interpret_model, polish,
};
pub use model::{Answers, BlackBox, Ensemble, Gradients, Model, Predictions};
#[cfg(feature = "network")]
pub use network::{
    DescribedLayer, Device, Epoch, FormulaModule, Hyperparameters, ImportOptions, ImportedNetwork,
    Layer, Network, NetworkDescription, Optimizer, Preset, Schedule, ScriptedNetwork,
    Standardization, TrainingHistory, TrainingOptions, TuneOptions, Tuned, TuningStep,
    WeightConstraint, tune,
};
#[cfg(feature = "plots")]
pub use plot::{Figure, curve_figure, latent_figure, pareto_figure};
#[cfg(feature = "plots")]
pub use plot::{
    agreement_figure, coefficients_figure, polynomial_figures, potentials_figure,
    prediction_figure, surfaces_figure,
};
#[cfg(all(feature = "plots", feature = "network"))]
pub use plot::{
    coverage_figure, decision_figure, interpretation_figures, recipes_figure,
    simulation_agreement_figure, simulation_extended_figure, simulation_figures,
    simulation_fit_figure, simulation_potentials_figure, training_figure,
};
#[cfg(feature = "plots")]
pub use plot::{fidelity_figure, label_noise_figure, n_points_figure, rates_figure, study_figures};
pub use polynomial::{
    Agreement, DenseLayer, DenseNetwork, LayerPolynomials, NetworkPolynomials, Polynomial,
    PolynomialFamily, Remainder, SeriesFit, TaylorCenter, TaylorOptions, TaylorSeries,
};
#[cfg(feature = "network")]
pub use regression::{Comparison, ComparisonOptions, Contestant};
pub use regression::{OrderScore, PolynomialRegression, RegressionOptions};
pub use report::{Export, FormulaTree, FrontRow, Language, LinkReport, Report, RunnerUp, Seconds};
pub use search::{
    Candidate, Columns, Complexity, ConstantUnits, Constraints, DirectionObjective, Evaluation,
    Evaluator, Expression, Finding, Fit, FormulaUnit, Inside, LabelLoss, LabelObjective, Link,
    Nesting, Objective, Operator, ParetoFront, Relation, Search, SearchOptions, SearchProgress,
    SearchResult, StopReason, Stripped, Structure, Tape, Template, TermFits, Unit, UnitPolicy,
    Units, ValueLoss, ValueObjective, search, search_for,
};
#[cfg(feature = "network")]
pub use simulation::{
    EXTENDED_RANGE, Quartiles, SimulatedData, SimulationGroup, SimulationLine, SimulationPlan,
    SimulationRow, SimulationSettings, SimulationSummary,
};
#[cfg(all(feature = "network", feature = "frames"))]
pub use simulation::{FinishedGroup, SimulationProgress, read_simulation, run_simulation};
#[cfg(feature = "frames")]
pub use study::read_study;
#[cfg(feature = "network")]
pub use study::{DirectionErrors, Recipe, RecipeRun};
#[cfg(all(feature = "network", feature = "frames"))]
pub use study::{FinishedRun, StudyPlan, StudyProgress, run_study};
pub use study::{
    Judgement, Outcome, Rate, Recovery, RunSettings, StudyGroup, StudyLine, StudyRow, StudySummary,
    structure_error,
};

/// The README's example, compiled as a documentation test.
#[cfg(all(doctest, feature = "network"))]
#[doc = include_str!("../README.md")]
mod readme {}
