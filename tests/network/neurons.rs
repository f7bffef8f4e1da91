//! Every scalar inside of a network is a network with one output, with the values and gradients
//! that a forward pass by hand gives.

use crate::small;
use crate::support;

use closedform::network::Optimizer;
use closedform::{
    Activation, Dataset, Expression, Hyperparameters, Layer, Model, Network, Points, SearchOptions,
    Task, TrainingOptions, progress, search,
};
use safetensors::SafeTensors;
use support::{assert_refused, central_difference};

const SIDES: [(f64, f64); 3] = [(10.0, 40.0), (-0.3, 0.1), (-2.0, 5.0)];
const LAYERS: [(usize, Activation); 3] = [
    (6, Activation::Tanh),
    (1, Activation::Linear),
    (5, Activation::Silu),
];

fn sum(x: &[f64]) -> f64 {
    x[0] / 10.0 + 5.0 * x[1] + x[2].sin()
}

fn options(task: Task) -> TrainingOptions {
    let hyperparameters = Hyperparameters {
        layers: LAYERS
            .map(|(width, activation)| Layer::new(width, activation))
            .into(),
        n_epochs: 5,
        batch_size: 50,
        ..Hyperparameters::fast()
    };
    TrainingOptions {
        task,
        ..small::options(hyperparameters, 0)
    }
}

/// A classifier of as many classes, of the size of `LAYERS`.
fn classifier(n_classes: usize) -> (Network, Dataset) {
    let class = |x: &[f64]| (sum(x).floor() - 1.0).clamp(0.0, n_classes as f64 - 1.0);
    let data = Dataset::from_function(&SIDES, 300, 1, class).unwrap();
    (small::train(&data, &options(Task::Classification)), data)
}

/// The numbers of a saved file: weights and biases, layer by layer.
struct Numbers(Vec<(Vec<f64>, Vec<f64>)>);

impl Numbers {
    fn of(network: &Network) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("network.safetensors");
        network.save(&path).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        let tensors = SafeTensors::deserialize(&bytes).unwrap();
        let numbers = |layer: usize, name: &str| -> Vec<f64> {
            let tensor = tensors.tensor(&format!("layers.{layer}.{name}")).unwrap();
            let bytes = tensor.data().chunks(8);
            bytes
                .map(|b| f64::from_le_bytes(b.try_into().unwrap()))
                .collect()
        };
        let layers = 0..=LAYERS.len();
        Self(
            layers
                .map(|layer| (numbers(layer, "weights"), numbers(layer, "biases")))
                .collect(),
        )
    }

    /// What all layers hold at a point.
    fn forward(&self, point: &[f64]) -> Vec<Vec<f64>> {
        let activations = LAYERS.map(|(_, activation)| activation);
        let activations = activations.into_iter().chain([Activation::Linear]);
        let mut values = point.to_vec();
        let layers = self.0.iter().zip(activations);
        let layers = layers.map(|((weights, biases), activation)| {
            let potentials = biases.iter().enumerate().map(|(column, bias)| {
                let inputs = values.iter().enumerate();
                let products = inputs.map(|(row, v)| v * weights[row * biases.len() + column]);
                bias + products.sum::<f64>()
            });
            values = potentials
                .map(|p| match activation {
                    Activation::Tanh => p.tanh(),
                    Activation::Silu => p / (1.0 + (-p).exp()),
                    _ => p,
                })
                .collect();
            values.clone()
        });
        layers.collect()
    }
}

/// The read-out has the value that `by_hand` gets from all layers, and gradients that are its
/// finite differences.
fn assert_reads(
    read: &Network,
    whole: &Network,
    data: &Dataset,
    by_hand: impl Fn(&[Vec<f64>]) -> f64,
) {
    assert_eq!(read.n_outputs(), 1);
    assert_eq!(read.feature_names(), whole.feature_names());
    let numbers = Numbers::of(whole);
    let by_hand = |point: &[f64]| by_hand(&numbers.forward(point));
    let sides = SIDES.map(|(low, high)| high - low);
    let points = &data.points()[..20 * SIDES.len()];
    let latent = read.latent(points).unwrap();
    let gradients = read.gradients(points).unwrap();
    for ((point, value), gradient) in points.chunks(3).zip(latent).zip(gradients.chunks(3)) {
        let expected = by_hand(point);
        assert!((value - expected).abs() < 1e-9 * (1.0 + expected.abs()));
        // Components in different units are compared per side.
        let changes = gradient.iter().zip(sides).map(|(g, side)| g * side);
        let changes: Vec<f64> = changes.collect();
        let scale = changes
            .iter()
            .fold(1e-3, |scale: f64, g| scale.max(g.abs()));
        for (k, change) in changes.iter().enumerate() {
            let difference = central_difference(by_hand, point, k, 1e-5 * sides[k]) * sides[k];
            let error = (change - difference).abs();
            assert!(error < 1e-5 * scale, "{change} against {difference}");
        }
    }
}

#[test]
fn a_neuron_is_its_activation() {
    let (network, data) = classifier(3);
    assert_eq!(network.hidden_widths(), [6, 1, 5]);
    for (layer, index) in [(0, 0), (0, 5), (1, 0), (2, 3)] {
        let neuron = network.neuron(layer, index).unwrap();
        assert_reads(&neuron, &network, &data, |layers| layers[layer][index]);
    }
}

#[test]
fn a_combination_is_the_sum_of_its_neurons() {
    let (network, data) = classifier(3);
    let coefficients = [2.0, 0.0, -1.5, 0.25, 1.0];
    let combination = network.combination(2, &coefficients).unwrap();
    assert_reads(&combination, &network, &data, |layers| {
        layers[2].iter().zip(coefficients).map(|(a, c)| a * c).sum()
    });
}

#[test]
fn a_logit_is_an_output() {
    let (network, data) = classifier(3);
    for class in 0..3 {
        let logit = network.logit(class).unwrap();
        assert_reads(&logit, &network, &data, |layers| layers[3][class]);
        assert_eq!(logit.task(), Task::Regression);
    }
}

#[test]
fn a_margin_is_the_difference_of_two_logits() {
    let (network, data) = classifier(3);
    for (class, against) in [(1, 0), (0, 2), (2, 1)] {
        let margin = network.margin(class, against).unwrap();
        assert_reads(&margin, &network, &data, |layers| {
            layers[3][class] - layers[3][against]
        });
        assert_eq!(margin.task(), Task::Classification);
    }
}

#[test]
fn the_logit_of_two_classes_is_the_margin_of_class_1() {
    let (network, data) = classifier(2);
    for read in [network.logit(1), network.margin(1, 0)] {
        assert_reads(&read.unwrap(), &network, &data, |layers| layers[3][0]);
    }
    for read in [network.logit(0), network.margin(0, 1)] {
        assert_reads(&read.unwrap(), &network, &data, |layers| -layers[3][0]);
    }
    let (own, margin) = (&network, network.margin(1, 0).unwrap());
    let points = data.points();
    assert_eq!(
        own.directions(points, 0.1).unwrap(),
        margin.directions(points, 0.1).unwrap()
    );
}

#[test]
fn only_margins_have_a_boundary_that_selects_points() {
    let (network, data) = classifier(3);
    let n_kept = |read: Network| read.directions(data.points(), 0.3).unwrap().n_samples();
    assert_eq!(n_kept(network.neuron(0, 2).unwrap()), 300);
    assert_eq!(n_kept(network.logit(1).unwrap()), 300);
    assert_eq!(n_kept(network.combination(1, &[2.0]).unwrap()), 300);
    let margin = network.margin(2, 0).unwrap();
    let probabilities = margin.predict(data.points()).unwrap();
    let n_near = probabilities.iter().filter(|p| (0.3..=0.7).contains(*p));
    let n_near = n_near.count();
    assert!(n_near > 0 && n_near < 300, "{n_near}");
    assert_eq!(n_kept(margin), n_near);
}

#[test]
fn a_margin_decides_between_its_two_classes() {
    let (network, data) = classifier(3);
    let pair = data.pair(2, 1).unwrap();
    let outputs = network.outputs(pair.points()).unwrap();
    let hits = outputs.chunks(3).zip(pair.targets());
    let n_hits = hits.filter(|(z, t)| (z[2] > z[1]) == (**t == 1.0)).count();
    let accuracy = network.margin(2, 1).unwrap().accuracy(&pair).unwrap();
    assert_eq!(accuracy, n_hits as f64 / pair.n_samples() as f64);
}

#[test]
fn read_outs_can_be_read_out_saved_and_loaded() {
    let (network, data) = classifier(3);
    let margin = network.margin(1, 0).unwrap();
    let neuron = margin.neuron(0, 4).unwrap();
    assert_reads(&neuron, &network, &data, |layers| layers[0][4]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("margin.safetensors");
    margin.save(&path).unwrap();
    assert_eq!(Network::load(&path).unwrap(), margin);
}

#[test]
fn what_a_network_does_not_hold_is_refused_with_the_range() {
    let (network, data) = classifier(3);
    assert_refused(network.neuron(3, 0), &["layer is 3", "between 0 and 2"]);
    assert_refused(network.neuron(0, 6), &["index is 6", "between 0 and 5"]);
    assert_refused(network.combination(7, &[1.0]), &["layer is 7"]);
    assert_refused(network.combination(2, &[1.0]), &["1 coefficients", "5"]);
    assert_refused(
        network.combination(1, &[f64::NAN]),
        &["coefficient 0", "NaN"],
    );
    assert_refused(network.combination(1, &[0.0]), &["all coefficients are 0"]);
    assert_refused(network.logit(3), &["class is 3", "between 0 and 2"]);
    assert_refused(network.margin(0, 5), &["against is 5", "between 0 and 2"]);
    assert_refused(network.margin(1, 1), &["against is 1", "another class"]);
    let regressor = Dataset::from_function(&SIDES, 100, 0, sum).unwrap();
    let regressor = small::train(&regressor, &options(Task::Regression));
    for result in [regressor.logit(0), regressor.margin(1, 0)] {
        assert_refused(result, &["only a classifier has classes"]);
    }
    assert_refused(regressor.accuracy(&data), &["only a classifier"]);
    let flat = Hyperparameters {
        layers: Vec::new(),
        ..small::small(Activation::Tanh)
    };
    let flat = small::train(&data, &small::options(flat, 0));
    assert_refused(flat.neuron(0, 0), &["no hidden layers"]);
}

#[test]
fn a_neuron_that_is_zero_everywhere_has_no_directions() {
    let relu = Hyperparameters {
        layers: vec![Layer::new(8, Activation::Relu)],
        ..small::small(Activation::Relu)
    };
    let (_, data) = classifier(2);
    let network = small::train(&data, &small::options(relu, 0));
    let neuron = network.neuron(0, 0).unwrap();
    let activations = neuron.latent(data.points()).unwrap();
    let asleep = data.points().chunks(3).zip(activations);
    let asleep = asleep
        .filter(|(_, a)| *a == 0.0)
        .flat_map(|(x, _)| x.iter());
    let asleep: Vec<f64> = asleep.copied().collect();
    let asleep = Points::new(data.feature_names(), asleep).unwrap();
    let words = ["gradients are zero", "constant"];
    assert_refused(neuron.directions(&asleep, 1e-4), &words);
}

/// A regressor that has to pass everything through one linear neuron, in hidden layer 2.
fn bottleneck(width: usize, n_epochs: usize, seed: u64) -> TrainingOptions {
    let wide = Layer::new(width, Activation::Silu);
    let hyperparameters = Hyperparameters {
        layers: vec![wide, wide, Layer::new(1, Activation::Linear), wide],
        n_epochs,
        ..Hyperparameters::fast()
    };
    TrainingOptions {
        task: Task::Regression,
        ..small::options(hyperparameters, seed)
    }
}

/// A target that depends on `x1 x2` only, beside a feature that it doesn't depend on.
fn of_a_product(n: usize, seed: u64, highest: f64, h: fn(f64) -> f64) -> (Dataset, Dataset) {
    let sides = [(0.0, highest), (0.0, highest), (-1.0, 1.0)];
    let data = Dataset::from_function(&sides, n, seed, |x| h(x[0] * x[1])).unwrap();
    data.split(0.8, seed).unwrap()
}

#[test]
fn a_bottleneck_carries_what_the_target_depends_on() {
    let (training, fresh) = of_a_product(4000, 0, 1.2, f64::sin);
    let options = bottleneck(32, 20, 0);
    let trained = Network::train(&training, &fresh, &options, progress::silent);
    let network = trained.unwrap().0;
    network.check_learned(&fresh).unwrap();
    let neuron = network.neuron(2, 0).unwrap();
    let directions = neuron.directions(training.points(), 1e-4).unwrap();
    let product = Expression::parse("x1*x2", &[]).unwrap();
    let cosine = directions.mean_abs_cosine(&product);
    assert!(cosine > 0.99, "{cosine}");
}

/// How often search reads `x1 x2` out of a bottleneck, with a target that rises with it and one
/// that rises and falls.
#[test]
#[ignore = "a measurement of minutes: cargo test --release --test network neurons -- --ignored --nocapture"]
fn how_often_a_bottleneck_is_read() {
    let product = Expression::parse("x1*x2", &[]).unwrap();
    for highest in [1.2, 2.0] {
        for (weight_decay, seed) in (0..5).map(|seed| (1e-2, seed)).chain([(0.0, 0)]) {
            let (training, fresh) = of_a_product(10_000, seed, highest, f64::sin);
            let mut options = bottleneck(64, 60, seed);
            options.hyperparameters.optimizer = Optimizer::AdamW { weight_decay };
            let trained = Network::train(&training, &fresh, &options, progress::silent);
            let network = trained.unwrap().0;
            let neuron = network.neuron(2, 0).unwrap();
            let directions = neuron.directions(training.points(), 1e-4).unwrap();
            let output = network.directions(training.points(), 1e-4).unwrap();
            let options = SearchOptions {
                n_generations: 5,
                seed,
                ..SearchOptions::default()
            };
            let found = search(&directions, &options, progress::silent).unwrap();
            println!(
                "x1, x2 up to {highest}, decay {weight_decay}, seed {seed}: |cos| with x1 x2 \
                 {:.5} (output {:.5}): {}",
                directions.mean_abs_cosine(&product),
                output.mean_abs_cosine(&product),
                found.front.formula(found.front.best().unwrap())
            );
        }
    }
}
