//! Figures of studies and simulations.

mod recipes;
mod simulation;
mod study;

pub use recipes::recipes_figure;
pub use simulation::{
    simulation_agreement_figure, simulation_extended_figure, simulation_figures,
    simulation_fit_figure, simulation_potentials_figure,
};
pub use study::{fidelity_figure, rates_figure, study_figures};
