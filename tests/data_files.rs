//! The tables in `data/` hold what their README says.
#![cfg(feature = "frames")]

use closedform::{Dataset, Directions, Experiment, Task};

#[test]
fn ellipse_csv_is_a_sample_of_experiment_1() {
    let read = Dataset::from_file("data/ellipse.csv", "label", Task::Classification).unwrap();
    let drawn = Experiment::One.sample(2000, 0);
    assert_eq!(read.points(), drawn.points());
    assert_eq!(read.targets(), drawn.targets());
}

#[test]
fn gradients_csv_holds_the_gradient_of_experiment_3() {
    let read = Directions::from_file("data/gradients.csv").unwrap();
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
