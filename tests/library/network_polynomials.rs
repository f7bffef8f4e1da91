//! Networks as polynomials: against series substituted directly, the published formula, numbers by
//! sympy, and what is refused or warned of.

use crate::support;

use closedform::model::DenseLayer;
use closedform::polynomial::{TaylorCenter, TaylorSeries};
use closedform::{Activation, Dataset, DenseNetwork, Points, Polynomial, TaylorOptions};
use std::f64::consts::PI;
use support::{assert_refused, names};

const SMOOTH: [Activation; 6] = [
    Activation::Exp,
    Activation::Sigmoid,
    Activation::Silu,
    Activation::Sin,
    Activation::Softplus,
    Activation::Tanh,
];

/// A layer with weights of size up to `size`, the same on every run.
fn layer(activation: Activation, n_inputs: usize, n_outputs: usize, size: f64) -> DenseLayer {
    let weight = |row: usize, column: usize| {
        let k = (row * 31 + column * 17 + n_inputs) as f64;
        size * (k * k + 0.3).sin()
    };
    let rows = (0..=n_inputs).map(|row| (0..n_outputs).map(|column| weight(row, column)).collect());
    DenseLayer::new(activation, &rows.collect::<Vec<_>>()).unwrap()
}

fn network(activation: Activation, widths: &[usize], size: f64) -> DenseNetwork {
    let n_layers = widths.len() - 1;
    let layers = widths.windows(2).enumerate().map(|(index, pair)| {
        let is_last = index + 1 == n_layers;
        let activation = if is_last {
            Activation::Linear
        } else {
            activation
        };
        layer(activation, pair[0], pair[1], size)
    });
    DenseNetwork::new(layers.collect()).unwrap()
}

fn options(max_order: usize, taylor_order: usize) -> TaylorOptions {
    TaylorOptions {
        max_order,
        taylor_orders: vec![taylor_order],
        ..TaylorOptions::default()
    }
}

fn points(n_inputs: usize, n: usize) -> Vec<f64> {
    let sides = vec![(-1.0, 1.0); n_inputs];
    Dataset::from_function(&sides, n, 7, |_| 0.0)
        .unwrap()
        .points()
        .to_vec()
}

/// The network at one point with every activation but the last layer's replaced by a function,
/// number by number.
fn forward(
    network: &DenseNetwork,
    x: &[f64],
    activate: &dyn Fn(usize, usize, f64) -> f64,
) -> Vec<f64> {
    let mut values = x.to_vec();
    for (index, layer) in network.layers().iter().enumerate() {
        let potential = |neuron: usize| {
            let column = layer
                .weights()
                .iter()
                .skip(neuron)
                .step_by(layer.n_outputs());
            layer.biases()[neuron] + values.iter().zip(column).map(|(v, w)| v * w).sum::<f64>()
        };
        values = (0..layer.n_outputs())
            .map(|neuron| activate(index, neuron, potential(neuron)))
            .collect();
    }
    values
}

fn assert_relative(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    let size = expected
        .iter()
        .fold(0.0_f64, |size, value| size.max(value.abs()));
    for (found, expected) in found.iter().zip(expected) {
        let error = (found - expected).abs() / size;
        assert!(error < tolerance, "{found} {expected}: {error:.1e}");
    }
}

#[test]
fn one_hidden_layer_is_its_series_substituted() {
    let x = points(3, 50);
    for activation in SMOOTH {
        for center in [0.0, -0.4] {
            let network = network(activation, &[3, 20, 2], 0.5);
            let options = TaylorOptions {
                taylor_centers: vec![TaylorCenter::At(center)],
                ..options(8, 8)
            };
            let found = network.to_polynomials(&options).unwrap();
            assert_eq!(found.family().n_terms(), 165);
            let series = TaylorSeries::new(activation, center, 8).unwrap();
            let expected: Vec<f64> = x
                .chunks_exact(3)
                .flat_map(|x| {
                    forward(&network, x, &|layer, _, u| match layer {
                        0 => series.value(u),
                        _ => u,
                    })
                })
                .collect();
            assert_relative(&found.predict(&x).unwrap(), &expected, 1e-12);
        }
    }
}

/// Morala et al. (2021): a monomial of order `t` with powers `m_i` has the coefficient
/// `sum_j v_j sum_n g^(n)(0) / ((n - t)! m_1! ... m_p!) w_0j^(n-t) w_1j^m_1 ... w_pj^m_p`, and the
/// constant `v_0` more.
#[test]
fn one_hidden_layer_has_the_coefficients_of_the_published_formula() {
    let factorial = |n: usize| (1..=n).map(|k| k as f64).product::<f64>();
    for activation in [Activation::Tanh, Activation::Softplus, Activation::Sigmoid] {
        let network = network(activation, &[3, 7, 1], 0.8);
        let (hidden, output) = (&network.layers()[0], &network.layers()[1]);
        let q = 6;
        let series = TaylorSeries::new(activation, 0.0, q).unwrap();
        let derivative = |n: usize| series.coefficients()[n] * factorial(n);
        let found = network
            .to_polynomials(&options(q, q))
            .unwrap()
            .polynomial(0)
            .unwrap();
        let family = network.to_polynomials(&options(q, q)).unwrap();
        for label in family.family().labels() {
            let t = label.len();
            let powers = [1, 2, 3].map(|v| label.iter().filter(|l| **l == v).count());
            let mut beta = if t == 0 { output.biases()[0] } else { 0.0 };
            for j in 0..7 {
                let w = |i: usize| hidden.weights()[i * 7 + j];
                let monomial: f64 = (0..3).map(|i| w(i).powi(powers[i] as i32)).product();
                let below: f64 = powers.iter().map(|m| factorial(*m)).product();
                let sum: f64 = (t..=q)
                    .map(|n| {
                        let constant = hidden.biases()[j].powi((n - t) as i32);
                        derivative(n) / (factorial(n - t) * below) * constant * monomial
                    })
                    .sum();
                beta += output.weights()[j] * sum;
            }
            let error = (found.coefficient(label) - beta).abs();
            assert!(
                error < 1e-13,
                "{label:?}: {} {beta}",
                found.coefficient(label)
            );
        }
    }
}

#[test]
fn deeper_networks_without_truncation_are_their_series_composed() {
    let x = points(2, 40);
    for activation in SMOOTH {
        for (widths, taylor_order, max_order) in
            [(vec![2, 6, 5, 2], 5, 25), (vec![2, 4, 5, 3, 1], 3, 27)]
        {
            let network = network(activation, &widths, 0.4);
            let options = TaylorOptions {
                taylor_centers: vec![TaylorCenter::At(0.1)],
                ..options(max_order, taylor_order)
            };
            let found = network.to_polynomials(&options).unwrap();
            assert_eq!(found.family().order(), max_order);
            let series = TaylorSeries::new(activation, 0.1, taylor_order).unwrap();
            let n_hidden = widths.len() - 2;
            let expected: Vec<f64> = x
                .chunks_exact(2)
                .flat_map(|x| {
                    forward(&network, x, &|layer, _, u| {
                        if layer < n_hidden { series.value(u) } else { u }
                    })
                })
                .collect();
            assert_relative(&found.predict(&x).unwrap(), &expected, 1e-10);
        }
    }
}

/// A network of two inputs, tanh to order 4 around 0, softplus to order 3 around 1/4, and two
/// outputs, with
///
/// ```python
/// W1 = [[R(1,10), R(-1,5)], [R(1,2), R(3,10)], [R(-2,5), R(7,10)]]   # R = sympy.Rational
/// W2 = [[R(1,5), R(1,10)], [R(3,5), R(-1,2)], [R(-3,10), R(4,5)]]
/// W3 = [[R(1,4), R(-1,10)], [R(3,2), R(2,5)], [R(-1), R(1,2)]]
/// def layer(weights, inputs):
///     return [b + sum(w * y for w, y in zip(ws, inputs)) for b, *ws in zip(*weights)]
/// def expand(f, a, order, potentials):
///     c = [(sp.diff(f, u, n).subs(u, a) / sp.factorial(n)).evalf(40) for n in range(order + 1)]
///     return [sum(c[n] * (y - a) ** n for n in range(order + 1)) for y in potentials]
/// h = expand(sp.tanh(u), 0, 4, layer(W1, [x1, x2]))
/// h = expand(sp.log(1 + sp.exp(u)), R(1,4), 3, layer(W2, h))
/// for y in layer(W3, h):
///     p = sp.Poly(sp.expand(y), x1, x2)
///     [float(p.coeff_monomial(x1**(n - k) * x2**k)) for n in range(7) for k in range(n + 1)]
/// ```
#[test]
fn truncated_networks_have_the_coefficients_that_sympy_finds() {
    #[rustfmt::skip]
    let expected: [[f64; 28]; 2] = [[
        0.9071420697952233,
        0.19100776261179042, -0.728835282362419,
        -0.022341967160601127, -0.05395173248713179, -0.10892390475304235,
        -0.027333602558172996, 0.11469936432490514, 0.020819440071838922, 0.08174680844030367,
        -0.0016550567350459664, 0.006234548827212892, 0.005398268913304788, 0.01764970388852106, 0.011949518144768299,
        9.279848757938605e-05, -0.00021975788866773345, 0.0023734669326067733, 0.0012766923321421287, 0.0026954019587551855, 0.0006412566328811394,
        6.269440099334563e-05, -0.0002577885642896067, 6.612002953009064e-05, -0.0022011717185367635, -0.00245629889726186, -0.0023345059007211805, -0.0011668094504061178,
    ], [
        0.566539886641623,
        0.044745172925252825, 0.07193243406667854,
        0.0038088064659480623, 0.0002201257967330192, 0.05555576226655445,
        -0.0024443126111423677, -0.002020011224728558, -0.01587886859992953, -0.004203378890907116,
        -0.00041607935951555163, 0.004235574848441596, -0.012334846749586799, -0.005670342815131839, -0.011434052921304472,
        9.712718245199348e-05, -0.0004654493421278346, -0.0006168156830023776, -0.002075533979540656, -0.0011592086064527046, -0.0009842499389267293,
        3.5106482193680295e-05, -0.0003460833070909688, 0.0008343046949706902, 0.0007626278784401643, 0.0022106286470956822, 0.001130831204476467, 0.0008666268301982914,
    ]];
    let layer = |activation, rows: &[[f64; 2]]| {
        let rows: Vec<Vec<f64>> = rows.iter().map(|row| row.to_vec()).collect();
        DenseLayer::new(activation, &rows).unwrap()
    };
    let network = DenseNetwork::new(vec![
        layer(Activation::Tanh, &[[0.1, -0.2], [0.5, 0.3], [-0.4, 0.7]]),
        layer(
            Activation::Softplus,
            &[[0.2, 0.1], [0.6, -0.5], [-0.3, 0.8]],
        ),
        layer(Activation::Linear, &[[0.25, -0.1], [1.5, 0.4], [-1.0, 0.5]]),
    ])
    .unwrap();
    for max_order in 1..=6 {
        let options = TaylorOptions {
            max_order,
            taylor_orders: vec![4, 3],
            taylor_centers: vec![TaylorCenter::At(0.0), TaylorCenter::At(0.25)],
            ..TaylorOptions::default()
        };
        let found = network.to_polynomials(&options).unwrap();
        let found = found.family();
        assert_eq!(found.n_terms(), (max_order + 1) * (max_order + 2) / 2);
        for (term, label) in found.labels().iter().enumerate() {
            for (output, expected) in expected.iter().enumerate() {
                let coefficient = found.coefficients()[2 * term + output];
                let error = (coefficient - expected[term]).abs();
                assert!(
                    error < 1e-16 + 1e-13 * expected[term].abs(),
                    "{label:?}: {coefficient}"
                );
            }
        }
    }
}

#[test]
fn a_layer_more_is_the_algebra_of_polynomials_more() {
    let network = network(Activation::Softplus, &[3, 4, 3, 2], 0.6);
    let found = network
        .to_polynomials(&TaylorOptions {
            keep_layers: true,
            ..options(4, 5)
        })
        .unwrap();
    let mut outputs: Vec<Polynomial> = (1..=3)
        .map(|variable| Polynomial::from_terms(3, vec![(vec![variable], 1.0)]).unwrap())
        .collect();
    assert_eq!(found.layers().len(), 3);
    for (index, layer) in network.layers().iter().enumerate() {
        let (kept, series) = (&found.layers()[index], &found.series()[index]);
        let potential = |neuron: usize| {
            let bias = Polynomial::from_terms(3, vec![(vec![], layer.biases()[neuron])]).unwrap();
            let parts = outputs.iter().enumerate();
            parts.fold(bias, |sum, (input, output)| {
                &sum + &output.scaled(layer.weights()[input * layer.n_outputs() + neuron])
            })
        };
        let potentials: Vec<Polynomial> = (0..layer.n_outputs()).map(potential).collect();
        outputs = if series.is_empty() {
            potentials.clone()
        } else {
            let pairs = potentials.iter().zip(series);
            pairs
                .map(|(potential, series)| series.composed(potential, 4))
                .collect()
        };
        for (family, expected) in [(&kept.potentials, &potentials), (&kept.outputs, &outputs)] {
            assert_eq!(family.n_polynomials(), expected.len());
            for (neuron, expected) in expected.iter().enumerate() {
                let difference = &family.polynomial(neuron).unwrap() - expected;
                assert!(
                    difference.terms().all(|(_, c)| c.abs() < 1e-13),
                    "{difference}"
                );
            }
        }
    }
    assert!(found.series()[2].is_empty());
    assert_eq!(found.layers()[2].outputs, *found.family());
    let plain = network.to_polynomials(&options(4, 5)).unwrap();
    assert!(plain.layers().is_empty());
    assert_eq!(plain.family(), found.family());
}

#[test]
fn the_result_does_not_depend_on_the_number_of_threads() {
    let network = network(Activation::Tanh, &[4, 37, 21, 3], 0.4);
    let with = |n: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(n)
            .build()
            .unwrap();
        pool.install(|| network.to_polynomials(&options(5, 8)).unwrap())
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn linear_layers_stay_exact() {
    let network = network(Activation::Linear, &[3, 5, 4, 1], 1.0);
    let found = network.to_polynomials(&options(4, 8)).unwrap();
    assert_eq!(found.family().order(), 1);
    let x = points(3, 20);
    assert_relative(
        &found.predict(&x).unwrap(),
        &network.outputs(&x).unwrap(),
        1e-14,
    );
}

#[test]
fn labels_go_as_far_as_the_series_reach() {
    let network = network(Activation::Tanh, &[2, 3, 1], 0.5);
    let found = network.to_polynomials(&options(7, 3)).unwrap();
    assert_eq!((found.family().order(), found.family().n_terms()), (3, 10));
}

#[test]
fn class_probabilities_go_through_the_logits() {
    let hidden = layer(Activation::Tanh, 2, 6, 0.3);
    let x = points(2, 100);
    for (activation, n_outputs) in [(Activation::Sigmoid, 1), (Activation::Softmax, 3)] {
        let last = layer(activation, 6, n_outputs, 0.9);
        let network = DenseNetwork::new(vec![hidden.clone(), last]).unwrap();
        let found = network.to_polynomials(&options(9, 9)).unwrap();
        assert_eq!(found.output_activation(), activation);
        let predicted = found.predict(&x).unwrap();
        let exact = network.outputs(&x).unwrap();
        for (row, exact) in predicted
            .chunks_exact(n_outputs)
            .zip(exact.chunks_exact(n_outputs))
        {
            for (predicted, exact) in row.iter().zip(exact) {
                assert!((predicted - exact).abs() < 1e-3);
            }
            if n_outputs > 1 {
                assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-14);
            }
        }
        let logits = network.potentials(&x).unwrap().pop().unwrap();
        for (found, logit) in found.family().values(&x).unwrap().iter().zip(logits) {
            assert!((found - logit).abs() < 1e-2);
        }
    }
}

#[test]
fn a_sigmoid_at_the_output_is_expanded_where_asked() {
    let layers = vec![
        layer(Activation::Tanh, 2, 4, 0.4),
        layer(Activation::Sigmoid, 4, 1, 0.4),
    ];
    let network = DenseNetwork::new(layers).unwrap();
    let options = TaylorOptions {
        expand_output: true,
        ..options(9, 3)
    };
    let found = network.to_polynomials(&options).unwrap();
    assert_eq!(found.output_activation(), Activation::Linear);
    let series =
        [Activation::Tanh, Activation::Sigmoid].map(|a| TaylorSeries::new(a, 0.0, 3).unwrap());
    let x = points(2, 20);
    let expected = x
        .chunks_exact(2)
        .flat_map(|x| forward(&network, x, &|layer, _, u| series[layer].value(u)));
    assert_relative(
        &found.predict(&x).unwrap(),
        &expected.collect::<Vec<_>>(),
        1e-12,
    );
}

#[test]
fn centers_follow_each_neurons_mean_potential() {
    // Inputs around 3: around 0 the series of tanh says nothing of them.
    let x: Vec<f64> = points(2, 200).iter().map(|x| 3.0 + 0.3 * x).collect();
    let network = network(Activation::Tanh, &[2, 6, 1], 0.9);
    let options = TaylorOptions {
        taylor_centers: vec![TaylorCenter::MeanPotential],
        points: Some(Points::new(names(2), x.clone()).unwrap()),
        ..options(8, 8)
    };
    let found = network.to_polynomials(&options).unwrap();
    let potentials = &network.potentials(&x).unwrap()[0];
    for (neuron, series) in found.series()[0].iter().enumerate() {
        let of_neuron = potentials.iter().skip(neuron).step_by(6);
        let mean = of_neuron.sum::<f64>() / 200.0;
        assert!((series.center() - mean).abs() < 1e-13);
    }
    let worst = |options: &TaylorOptions| {
        let found = network.to_polynomials(options).unwrap();
        let (predicted, exact) = (found.predict(&x).unwrap(), network.outputs(&x).unwrap());
        let differences = predicted.iter().zip(&exact).map(|(p, e)| (p - e).abs());
        (differences.fold(0.0, f64::max), found.warnings().len())
    };
    let (error, n_warnings) = worst(&options);
    assert!(error < 1e-3, "{error}");
    assert_eq!(n_warnings, 0);
    let (error, n_warnings) = worst(&TaylorOptions {
        taylor_centers: vec![TaylorCenter::At(0.0)],
        ..options
    });
    assert!(error > 1.0, "{error}");
    assert_eq!(n_warnings, 1);
}

#[test]
fn elu_needs_a_center_beside_its_kink() {
    let network = network(Activation::Elu, &[2, 4, 1], 0.3);
    assert_refused(network.to_polynomials(&options(2, 4)), &["layer 1", "elu"]);
    let options = TaylorOptions {
        taylor_centers: vec![TaylorCenter::At(-0.5)],
        ..options(2, 4)
    };
    let found = network.to_polynomials(&options).unwrap();
    assert!(
        found.warnings()[0].contains("layer 1 (elu)"),
        "{:?}",
        found.warnings()
    );
}

#[test]
fn layers_may_have_orders_and_centers_of_their_own() {
    let network = network(Activation::Tanh, &[2, 3, 3, 1], 0.4);
    let with = |taylor_orders: Vec<usize>| TaylorOptions {
        taylor_orders,
        max_order: 20,
        ..TaylorOptions::default()
    };
    let order = |orders| {
        network
            .to_polynomials(&with(orders))
            .unwrap()
            .family()
            .order()
    };
    assert_eq!(order(vec![2]), 4);
    assert_eq!(order(vec![2, 5]), 10);
    assert_eq!(order(vec![2, 5, 9]), 10);
    let message = network
        .to_polynomials(&with(vec![1; 4]))
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("taylor_orders") && message.contains("3 layers"),
        "{message}"
    );
    assert!(network.to_polynomials(&with(vec![])).is_err());
}

#[test]
fn potentials_that_leave_the_radius_are_warned_of() {
    let wide = network(Activation::Tanh, &[2, 5, 1], 3.0);
    let found = wide.to_polynomials(&options(3, 3)).unwrap();
    let warning = &found.warnings()[0];
    for word in [
        "layer 1 (tanh)",
        "1.571",
        "% of the potentials",
        "drawn in [-1, 1]",
    ] {
        assert!(warning.contains(word), "{warning}");
    }
    let narrow = network(Activation::Tanh, &[2, 5, 1], 0.3);
    assert!(
        narrow
            .to_polynomials(&options(3, 3))
            .unwrap()
            .warnings()
            .is_empty()
    );
    let far = TaylorOptions {
        taylor_centers: vec![TaylorCenter::At(2.0)],
        ..options(3, 3)
    };
    let found = narrow.to_polynomials(&far).unwrap();
    let warning = &found.warnings()[0];
    for word in ["layer 1 (tanh)", "center 2", "outside the radius", "1.571"] {
        assert!(warning.contains(word), "{warning}");
    }
    let entire = network(Activation::Sin, &[2, 5, 1], 3.0);
    assert!(
        entire
            .to_polynomials(&options(3, 3))
            .unwrap()
            .warnings()
            .is_empty()
    );
}

#[test]
fn too_many_terms_are_refused_with_the_figures() {
    let network = network(Activation::Tanh, &[100, 50, 50, 1], 0.1);
    assert_refused(
        network.to_polynomials(&options(6, 8)),
        &[
            "max_order is 6",
            // C(106, 6) by hand.
            "1705904746 terms",
            "GiB",
            "1.0 GiB are allowed",
        ],
    );
    let small = TaylorOptions {
        max_bytes: 1000,
        ..options(2, 8)
    };
    assert!(network.to_polynomials(&small).is_err());
    assert!(network.to_polynomials(&options(2, 8)).is_ok());
}

#[test]
fn options_outside_their_ranges_are_refused() {
    let network = network(Activation::Tanh, &[2, 3, 1], 0.5);
    let refused = |options: TaylorOptions, words: &[&str]| {
        assert_refused(network.to_polynomials(&options), words)
    };
    refused(options(0, 3), &["max_order", "0", "between 1 and 1000"]);
    refused(options(100_000, 3), &["max_order", "100000"]);
    refused(
        options(3, 0),
        &["layer 1", "taylor_order", "between 1 and 30"],
    );
    refused(options(3, 31), &["layer 1", "taylor_order", "31"]);
    let greedy = TaylorOptions {
        max_bytes: usize::MAX,
        ..options(3, 3)
    };
    refused(greedy, &["max_bytes", "128 GiB"]);
    let centered = |center, points: Option<Points>| TaylorOptions {
        taylor_centers: vec![center],
        points,
        ..options(3, 3)
    };
    refused(
        centered(TaylorCenter::At(f64::NAN), None),
        &["layer 1", "taylor_center", "NaN"],
    );
    refused(
        centered(TaylorCenter::MeanPotential, None),
        &["mean potential", "points"],
    );
    refused(
        centered(
            TaylorCenter::MeanPotential,
            Some(Points::new(names(3), [1.0, 2.0, 3.0]).unwrap()),
        ),
        &["3 features", "2 inputs"],
    );
    let found = network.to_polynomials(&options(3, 3)).unwrap();
    assert!(
        found
            .polynomial(1)
            .unwrap_err()
            .to_string()
            .contains("between 0 and 0")
    );
    assert!(found.predict(&[1.0]).is_err());
}

#[test]
fn numbers_that_overflow_are_refused_with_their_layer() {
    let network = network(Activation::Exp, &[2, 3, 1], 1e60);
    assert_refused(
        network.to_polynomials(&options(8, 8)),
        &["layer 1", "too large"],
    );
}

#[test]
fn activations_without_a_series_are_refused_with_their_layer() {
    let layers = vec![
        layer(Activation::Tanh, 2, 3, 0.5),
        layer(Activation::Relu, 3, 3, 0.5),
        layer(Activation::Linear, 3, 1, 0.5),
    ];
    let message = DenseNetwork::new(layers)
        .unwrap()
        .to_polynomials(&options(2, 3))
        .unwrap_err();
    let message = message.to_string();
    assert!(
        message.contains("layer 2") && message.contains("kink"),
        "{message}"
    );
    let softmax = vec![
        layer(Activation::Softmax, 2, 3, 0.5),
        layer(Activation::Linear, 3, 1, 0.5),
    ];
    assert_refused(DenseNetwork::new(softmax), &["layer 1", "last layer"]);
}

#[test]
fn layers_that_do_not_chain_are_refused() {
    let layers = vec![
        layer(Activation::Tanh, 2, 3, 0.5),
        layer(Activation::Linear, 4, 1, 0.5),
    ];
    assert_refused(
        DenseNetwork::new(layers),
        &["layer 2", "4 inputs", "5 rows", "layer 1", "3 neurons"],
    );
    assert!(
        DenseNetwork::new(Vec::new())
            .unwrap_err()
            .to_string()
            .contains("no layers")
    );
    let refused = |rows: &[Vec<f64>], words: &[&str]| {
        assert_refused(DenseLayer::new(Activation::Tanh, rows), words)
    };
    refused(&[], &["no rows"]);
    refused(&[vec![1.0]], &["one row", "biases"]);
    refused(&[vec![], vec![]], &["empty first row"]);
    refused(
        &[vec![1.0, 2.0], vec![1.0]],
        &["row 2", "1 weights", "row 1 has 2"],
    );
    refused(
        &[vec![1.0, 2.0], vec![1.0, f64::NAN]],
        &["row 2, column 2", "NaN"],
    );
}

#[test]
fn a_sine_network_is_a_sine_series() {
    // sin(pi x1 / 4 + x2): one neuron, whose polynomial is known.
    let hidden = DenseLayer::new(Activation::Sin, &[vec![0.0], vec![PI / 4.0], vec![1.0]]).unwrap();
    let output = DenseLayer::new(Activation::Linear, &[vec![0.0], vec![6.0]]).unwrap();
    let network = DenseNetwork::new(vec![hidden, output]).unwrap();
    let found = network
        .to_polynomials(&options(3, 3))
        .unwrap()
        .polynomial(0)
        .unwrap();
    let w = PI / 4.0;
    let expected: [(&[usize], f64); 6] = [
        (&[1], 6.0 * w),
        (&[2], 6.0),
        (&[1, 1, 1], -w * w * w),
        (&[1, 1, 2], -3.0 * w * w),
        (&[1, 2, 2], -3.0 * w),
        (&[2, 2, 2], -1.0),
    ];
    assert_eq!(found.n_terms(), expected.len());
    for (label, coefficient) in expected {
        assert!((found.coefficient(label) - coefficient).abs() < 1e-15);
    }
}

#[cfg(feature = "network")]
mod trained {
    use super::*;
    use closedform::{
        Experiment, Hyperparameters, Layer, Model, Network, TrainingOptions, progress,
    };

    fn train(data: &Dataset, activation: Activation, task: closedform::Task) -> Network {
        let hyperparameters = Hyperparameters {
            layers: vec![Layer::new(8, activation)],
            n_epochs: 5,
            batch_size: 50,
            ..Hyperparameters::fast()
        };
        let options = TrainingOptions {
            task,
            hyperparameters,
            ..TrainingOptions::default()
        };
        Network::train(data, data, &options, progress::silent)
            .unwrap()
            .0
    }

    #[test]
    fn a_trained_network_is_the_same_as_plain_numbers_in_the_datas_units() {
        // Away from 0 and of different sizes: training standardizes.
        let sides = [(1.0, 3.0), (-0.1, 0.1)];
        let data = Dataset::from_function(&sides, 500, 0, |x| x[0] * x[0] + 9.0 * x[1]).unwrap();
        for activation in Activation::ALL
            .into_iter()
            .filter(|a| *a != Activation::Softmax)
        {
            let network = train(&data, activation, closedform::Task::Regression);
            let dense = DenseNetwork::from_network(&network).unwrap();
            let outputs = network.outputs(data.points()).unwrap();
            assert_relative(&dense.outputs(data.points()).unwrap(), &outputs, 1e-8);
        }
        let network = train(&data, Activation::Tanh, closedform::Task::Regression);
        let dense = DenseNetwork::from_network(&network).unwrap();
        let options = TaylorOptions {
            taylor_centers: vec![TaylorCenter::MeanPotential],
            points: Some(data.points().clone()),
            ..options(9, 9)
        };
        let found = dense.to_polynomials(&options).unwrap();
        let series = &found.series()[0];
        let expected = data.points().chunks_exact(2).flat_map(|x| {
            forward(&dense, x, &|layer, neuron, u| match layer {
                0 => series[neuron].value(u),
                _ => u,
            })
        });
        let predicted = found.predict(data.points()).unwrap();
        assert_relative(&predicted, &expected.collect::<Vec<_>>(), 1e-9);
    }

    #[test]
    fn classifiers_become_polynomials_of_their_logits() {
        let data = Experiment::One.sample(400, 0);
        let network = train(&data, Activation::Tanh, closedform::Task::Classification);
        let dense = DenseNetwork::from_network(&network).unwrap();
        assert_eq!(dense.layers()[1].activation(), Activation::Sigmoid);
        assert_relative(
            &dense.outputs(data.points()).unwrap(),
            &network.predict(data.points()).unwrap(),
            1e-8,
        );
        let found = dense.to_polynomials(&options(4, 8)).unwrap();
        assert_eq!(found.output_activation(), Activation::Sigmoid);
    }
}
