//! The tables in `data/` hold what their README says.

use closedform::{Dataset, Directions, Experiment, Task};
use closedform_studies::study::{StudySummary, read_study};

/// A file of the project, wherever the tests run.
fn in_project(name: &str) -> std::path::PathBuf {
    std::path::Path::new(crate::ROOT).join(name)
}

#[test]
fn ellipse_csv_is_a_sample_of_experiment_1() {
    let read = Dataset::from_file(
        in_project("data/ellipse.csv"),
        "label",
        Task::Classification,
    )
    .unwrap();
    let drawn = Experiment::One.sample(2000, 0);
    assert_eq!(read.points(), drawn.points());
    assert_eq!(read.targets(), drawn.targets());
}

#[test]
fn gradients_csv_holds_the_gradient_of_experiment_3() {
    let read = Directions::from_file(in_project("data/gradients.csv")).unwrap();
    assert_eq!(read.n_samples(), 500);
    for (x, unit) in read.points().chunks(3).zip(read.unit_gradients().chunks(3)) {
        let slope = (x[1] + x[2]).cos();
        let gradient = [2.0 * x[0], slope, slope];
        let norm = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
        for (u, g) in unit.iter().zip(gradient) {
            assert!((u - g / norm).abs() < 1e-12, "at {x:?}");
        }
    }
}

#[test]
fn pendulum_csv_holds_periods_with_an_error_of_a_percent() {
    let read = Dataset::from_file(in_project("data/pendulum.csv"), "T", Task::Regression).unwrap();
    assert_eq!(read.feature_names(), ["l", "g", "m"]);
    let errors = read
        .points()
        .chunks(3)
        .zip(read.targets())
        .map(|(x, period)| {
            let truth = 2.0 * std::f64::consts::PI * (x[0] / x[1]).sqrt();
            (period / truth - 1.0).powi(2)
        });
    let error = (errors.sum::<f64>() / read.n_samples() as f64).sqrt();
    assert!((0.005..0.02).contains(&error), "{error}");
}

#[test]
fn the_readme_tells_the_rates_of_the_kept_studies() {
    let summary = |folder| StudySummary::new(&read_study(in_project(folder)).unwrap());
    let (summary, paper) = (summary("data/rates_fast"), summary("data/rates_paper"));
    let of_paper = &paper.main_group().unwrap().lines;
    let readme = std::fs::read_to_string(in_project("README.md")).unwrap();
    let mut lines = summary.main_group().unwrap().lines.iter();
    // The truth of experiment 8 isn't known.
    lines.next_back();
    assert_eq!(lines.len(), 7);
    for line in lines {
        let start = format!("| {} | ", line.experiment);
        let told = readme.lines().find(|told| told.starts_with(&start));
        let rate = format!("| {}/{} |", line.structure.n_found, line.structure.n);
        assert!(told.unwrap().contains(&rate), "{told:?}, not {rate}");
        let paper = of_paper.iter().find(|l| l.experiment == line.experiment);
        let rate = match paper.map(|line| line.structure) {
            Some(rate) => format!("| {}/{} |", rate.n_found, rate.n),
            None => "|  |".to_string(),
        };
        assert!(told.unwrap().ends_with(&rate), "{told:?}, not {rate}");
    }
}
