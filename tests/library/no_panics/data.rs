//! Data, directions, statistics.

use crate::odd::{dataset, directions, finite, formula, names, number, numbers, size, text};
use crate::support::cases;
use closedform::interpretation::{
    Alignment, LinkCurve, LinkFunction, Paired, Recovery, constant_intervals, structure_error,
};
use closedform::numerics::{Rate, spearman};
use closedform::search::{DirectionObjective, LabelLoss, LabelObjective, ValueObjective};
use closedform::{Dataset, Directions, Experiment, Points};
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn lists_of_any_length(
        names in names(4),
        points in numbers(24),
        targets in numbers(12),
        (n, row, class) in (size(), size(), size()),
        sides in prop::collection::vec((number(), number()), 0..4),
    ) {
        let rows: Vec<Vec<f64>> = points.chunks(2).map(<[f64]>::to_vec).collect();
        let words: Vec<&str> = names.iter().map(String::as_str).collect();
        let _ = Dataset::from_rows(&words, &rows, &targets);
        let _ = Dataset::from_function(&sides, n, 0, |x| x[0]);
        let _ = Points::from_rows(&names, &rows);
        let Ok(points) = Points::new(names, points) else { return Ok(()) };
        points.row(row);
        points.column(class).count();
        points.bounds();
        if let Ok(data) = Dataset::new(points.clone(), "y", targets.clone()) {
            data.point(row);
            let _ = data.check_covers(&targets);
            let _ = data.check_classes();
            let _ = data.pair(class, row);
        }
        let labels = targets.iter().map(|target| *target > 0.0).collect();
        let _ = LabelObjective::new(&points, labels, LabelLoss::default());
        let _ = ValueObjective::new(&points, targets.clone());
        let _ = Directions::from_gradients(points, targets);
    }

    #[test]
    fn data_that_fit_are_split_and_asked(
        data in dataset(),
        share in number(),
        (row, class) in (size(), size()),
    ) {
        let _ = data.split(share, 0);
        data.point(row);
        data.points().bounds();
        let _ = data.check_classes();
        let _ = data.pair(class, row);
        let _ = LabelObjective::from_dataset(&data, LabelLoss::default());
        let _ = ValueObjective::from_dataset(&data);
    }

    #[test]
    fn directions_and_formulas(
        own in directions(),
        other in directions(),
        weights in numbers(40),
        formula in formula(),
    ) {
        let _ = own.cosines(&other);
        let _ = own.clone().with_others(&other);
        let _ = own.clone().with_weights(weights);
        let _ = own.loss(&formula);
        own.mean_abs_cosine(&formula);
        let _ = Alignment::new(&own, &formula);
        DirectionObjective::new(&own);
    }

    #[test]
    fn statistics_of_any_lists(
        (a, b) in (numbers(12), numbers(12)),
        (k, n) in (size(), size()),
        x in number(),
        name in text(),
    ) {
        spearman(&a, &b);
        let rate = Rate { n_found: k, n };
        rate.share();
        rate.interval();
        if let Ok(curve) = LinkCurve::fit(&a, &b) {
            curve.value(x);
            curve.explained(&a, &b);
            curve.explained(&b, &a);
        }
        Recovery::from_name(&name);
    }

    #[test]
    fn samples_of_experiments(
        number in size(),
        n in 0..20_usize,
        noise in number(),
        share in number(),
        x in numbers(7),
    ) {
        for experiment in [Experiment::from_number(number), Experiment::from_number(number % 9)] {
            let Ok(experiment) = experiment else { continue };
            let data = experiment.sample(n, 0);
            let _ = data.split(share, 0);
            data.point(n);
            data.points().bounds();
            let _ = data.check_classes();
            let _ = experiment.sample_with_noise(n, noise, 0);
            experiment.concepts().iter().for_each(|concept| {
                concept.value(&x);
            });
        }
    }
}

proptest! {
    #![proptest_config(cases(30))]

    #[test]
    fn links_between_any_lists(
        lists in (numbers(30), numbers(30), numbers(30), numbers(30)),
        t in number(),
    ) {
        let training = Paired { formula: &lists.0, latent: &lists.1 };
        let fresh = Paired { formula: &lists.2, latent: &lists.3 };
        if let Ok(link) = LinkFunction::fit(training, fresh, 0) {
            link.value(t);
            link.formula_text();
        }
    }

    #[test]
    fn structure_and_intervals_of_any_formula(
        (formula, truth) in (formula(), formula()),
        sides in prop::collection::vec((finite(), number()), 0..4),
        directions in directions(),
        n in 0..4_u64,
    ) {
        let _ = structure_error(&formula, &truth, &sides);
        let _ = constant_intervals(&directions, &formula, n, 0);
    }
}
