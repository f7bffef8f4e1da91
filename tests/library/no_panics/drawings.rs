//! Figures of any numbers.

use super::models::network;
use crate::odd::{dataset, directions, formula, names, number, numbers, size, task};
use crate::support::cases;
use closedform::model::{Epoch, TrainingHistory};
use closedform::plot::style::{name_at, padded, plain, power_of_ten};
use closedform::plot::{
    coefficients_figure, coverage_figure, curve_figure, decision_figure, latent_figure,
    pareto_figure, polynomial_figures, potentials_figure, prediction_figure, surfaces_figure,
    training_figure,
};
use closedform::search::{Candidate, ParetoFront};
use closedform::{BlackBox, Points, Polynomial, TaylorOptions};
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn figures_of_any_lists(
        (a, b) in (numbers(12), numbers(12)),
        curve in prop::collection::vec((number(), number()), 0..6),
        names in names(3),
        (low, high) in (number(), number()),
        (x, y, n) in (size(), size(), size()),
        point in numbers(3),
    ) {
        let _ = latent_figure(&[], &[], "concept");
        let _ = prediction_figure(&[], &[]);
        let _ = latent_figure(&a, &b, "concept");
        let _ = prediction_figure(&a, &b);
        let _ = curve_figure(("x", "y"), &[("one", &curve), ("two", &curve)]);
        let _ = curve_figure(("x", "y"), &[]);
        let values = |points: &[f64]| Ok(points.iter().step_by(point.len().max(1)).map(|x| x * low).collect());
        let sides = [(low, high), (-1.0, 1.0)];
        let _ = surfaces_figure(&[("f", &values)], &point, [x, y], &[sides]);
        let _ = surfaces_figure(&[("f", &values)], &point, [0, 1], &[sides, [(-1.0, 1.0); 2]]);
        let terms = a.iter().enumerate().map(|(k, c)| (vec![1; k], *c)).collect();
        if let Ok(polynomial) = Polynomial::from_terms(1, terms) {
            let _ = coefficients_figure(&[("p", &polynomial)], n, &names);
        }
        padded(a.iter().copied());
        name_at(&names, low);
        plain(&low);
        power_of_ten(&low);
    }

    #[test]
    fn figures_of_models_and_networks(
        (data, directions) in (dataset(), directions()),
        (formula, task) in (formula(), task()),
        (network, points) in (network(), numbers(12)),
        names in names(3),
        (loss, rate) in (number(), number()),
    ) {
        if let Ok(model) = BlackBox::new(&data, task, move |x| loss * x[0]) {
            let _ = decision_figure(&model, &data, &directions);
            let _ = coverage_figure(&model, &formula, &data, None);
            let _ = coverage_figure(&model, &formula, &data, Some(["x1", "x2"]));
        }
        let given = Points::new(&names, &points[..]).ok();
        let options = TaylorOptions { points: given.clone(), ..TaylorOptions::default() };
        if let Ok(polynomials) = network.to_polynomials(&options) {
            let _ = polynomial_figures(&polynomials, &network, given.as_ref(), &names);
            let _ = potentials_figure(&polynomials, &network, &points);
        }
        let mut front = ParetoFront::new(names, 0.0);
        front.insert(Candidate::new(formula.clone(), loss));
        front.insert(Candidate::new(formula, rate));
        let _ = pareto_figure(&front);
        let epoch = |number| Epoch {
            number,
            n_epochs: 2,
            learning_rate: rate,
            training_loss: loss,
            validation_loss: rate,
            validation_accuracy: Some(loss),
        };
        for epochs in [vec![], vec![epoch(1)], vec![epoch(1), epoch(usize::MAX)]] {
            let _ = training_figure(&TrainingHistory { epochs, was_stopped: false, seconds: 0.0 });
        }
    }
}
