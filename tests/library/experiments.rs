//! The eight experiments are those of Wetzel (2024), table 1.

use crate::support;

use closedform::{Dataset, Experiment};

const N: usize = 10_000;

/// The labels that the concepts give without noise; none where two concepts disagree.
fn noise_free(experiment: Experiment, data: &Dataset) -> Vec<Option<f64>> {
    let concepts = experiment.concepts();
    (0..data.n_samples())
        .map(|row| {
            let labels: Vec<bool> = concepts
                .iter()
                .map(|concept| concept.value(data.point(row)) > concept.threshold())
                .collect();
            let agreed = labels.iter().all(|label| *label == labels[0]);
            agreed.then(|| f64::from(u8::from(labels[0])))
        })
        .collect()
}

#[test]
fn samples_have_the_asked_size_the_features_x1_x2_and_stay_in_their_box() {
    let n_features = [2, 2, 3, 3, 3, 6, 4, 3];
    for (experiment, n_features) in Experiment::ALL.into_iter().zip(n_features) {
        let data = experiment.sample(N, 0);
        assert_eq!(
            (data.n_samples(), data.n_features()),
            (N, n_features),
            "{experiment}"
        );
        assert_eq!(data.points().len(), N * n_features);
        assert_eq!(data.feature_names(), support::names(n_features));
        let sides = experiment.sides();
        for ((low, high), (lowest, highest)) in sides.iter().zip(data.points().bounds()) {
            assert!(*low <= lowest && highest < *high, "{experiment}");
        }
        data.check_classes().unwrap();
    }
}

#[test]
fn points_are_drawn_evenly_from_the_box() {
    for experiment in &Experiment::ALL[..6] {
        let data = experiment.sample(N, 1);
        for (feature, (low, high)) in experiment.sides().into_iter().enumerate() {
            let mut counts = [0_usize; 4];
            for row in 0..N {
                let share = (data.point(row)[feature] - low) / (high - low);
                counts[(4.0 * share) as usize] += 1;
            }
            // 2500 expected, with a standard deviation of 43.
            assert!(
                counts.iter().all(|count| (2250..2750).contains(count)),
                "{experiment}, feature {feature}: {counts:?}"
            );
        }
    }
}

#[test]
fn noise_of_1_percent_flips_labels_only_near_the_threshold() {
    // So many points that noise of 0.8 % or 1.2 % would show.
    const N: usize = 200_000;
    // The first six have one concept, of values that a factor N(1, 0.01) moves by 1 %.
    for experiment in &Experiment::ALL[..6] {
        let data = experiment.sample(N, 2);
        let concept = experiment.concepts()[0];
        let clean = noise_free(*experiment, &data);
        let (mut expected, mut variance) = (0.0, 0.0);
        let mut n_flipped = 0;
        for (row, label) in clean.into_iter().enumerate() {
            let value = concept.value(data.point(row));
            let distance = (concept.threshold() - value).abs() / (0.01 * value.abs());
            let chance = upper_tail(distance);
            expected += chance;
            variance += chance * (1.0 - chance);
            if label != Some(data.targets()[row]) {
                n_flipped += 1;
                assert!(distance < 5.0, "{experiment}: {value} was flipped");
            }
        }
        assert!(
            (f64::from(n_flipped) - expected).abs() < 4.0 * f64::sqrt(variance),
            "{experiment}: {n_flipped} flipped, {expected:.1} expected"
        );
        assert!(n_flipped > 0, "{experiment} has no noise");
    }
}

/// The chance that a standard normal variable exceeds `z`, by Simpson's rule.
fn upper_tail(z: f64) -> f64 {
    const END: f64 = 9.0;
    const N_STEPS: usize = 200;
    if z >= END {
        return 0.0;
    }
    let density = |t: f64| (-t * t / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let step = (END - z) / N_STEPS as f64;
    let weighted = (0..=N_STEPS).map(|k| {
        let weight = match k {
            0 | N_STEPS => 1.0,
            k if k % 2 == 1 => 4.0,
            _ => 2.0,
        };
        weight * density(z + step * k as f64)
    });
    weighted.sum::<f64>() * step / 3.0
}

#[test]
fn experiments_7_and_8_keep_only_points_on_which_both_concepts_agree() {
    for experiment in [Experiment::Seven, Experiment::Eight] {
        let data = experiment.sample(N, 3);
        assert_eq!(experiment.concepts().len(), 2);
        let clean = noise_free(experiment, &data);
        // Both concepts are 0 on their boundaries, where the factor of the noise changes nothing.
        let labels: Vec<Option<f64>> = data.targets().iter().copied().map(Some).collect();
        assert_eq!(clean, labels, "{experiment}");
    }
}

#[test]
fn concepts_and_thresholds_are_those_of_table_1() {
    let x = [0.7, 1.1, 0.4, 1.9, 0.3, 1.2];
    let expected: [(f64, f64); 6] = [
        (0.49 + 2.0 * 1.21, 1.0),
        (0.49 + 3.0 * 0.77 + 2.0 * 1.21, 5.0),
        (0.49 + 1.5_f64.sin(), 1.0),
        ((-0.4_f64).exp() - 0.4 * std::f64::consts::PI, 1.0),
        (0.7 * (-(1.21 + 0.16) / 2.0_f64).exp(), 0.2),
        (0.77 / (1.5 * 1.5 + 0.9 * 0.9), 1.0),
    ];
    for (experiment, (value, threshold)) in Experiment::ALL.into_iter().zip(expected) {
        let concept = experiment.concepts()[0];
        assert!((concept.value(&x) - value).abs() < 1e-12, "{experiment}");
        assert_eq!(concept.threshold(), threshold, "{experiment}");
    }
    // The last two are written so that their threshold may be 0 or not; what counts is the label.
    let label = |experiment: Experiment, index: usize| {
        let concept = experiment.concepts()[index];
        concept.value(&x) > concept.threshold()
    };
    assert!(!label(Experiment::Seven, 0) && !label(Experiment::Seven, 1));
    assert!(!label(Experiment::Eight, 0) && !label(Experiment::Eight, 1));
    let high = [1.2, 1.1, 0.9, 1.2];
    let concepts = Experiment::Seven.concepts();
    assert!(concepts.iter().all(|c| c.value(&high) > c.threshold()));
    let concepts = Experiment::Eight.concepts();
    assert!(concepts.iter().all(|c| c.value(&high) > c.threshold()));
}

#[test]
fn experiments_are_numbered_1_to_8() {
    for (index, experiment) in Experiment::ALL.into_iter().enumerate() {
        assert_eq!(experiment.number(), index + 1);
        assert_eq!(Experiment::from_number(index + 1).unwrap(), experiment);
    }
}

#[test]
fn a_split_keeps_every_row_once() {
    let data = Experiment::Three.sample(1001, 0);
    let (first, second) = data.split(0.8, 5).unwrap();
    assert_eq!((first.n_samples(), second.n_samples()), (801, 200));
    let rows = |data: &Dataset| -> Vec<String> {
        (0..data.n_samples())
            .map(|row| format!("{:?} {}", data.point(row), data.targets()[row]))
            .collect()
    };
    let mut together = rows(&first);
    together.extend(rows(&second));
    together.sort();
    let mut all = rows(&data);
    all.sort();
    assert_eq!(together, all);
}
