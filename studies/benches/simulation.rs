//! What a network of the simulation study costs among 500 others, in a batch of one, and by the
//! library's ordinary training. Each sample trains as many networks as its name says, for 10 epochs.

use closedform::network::Device;
use closedform::{Activation, Dataset, Hyperparameters, Network, Task, TrainingOptions, progress};
use closedform_studies::simulation::{SimulationGroup, SimulationPlan};
use divan::Bencher;

fn main() {
    divan::main();
}

fn group(n_networks: usize, constrained: bool) -> SimulationGroup {
    let plan = SimulationPlan {
        n_networks,
        n_inputs: vec![4],
        activations: vec![Activation::Tanh],
        widths: vec![10],
        constraints: vec![constrained],
        n_epochs: 10,
        ..SimulationPlan::default()
    };
    plan.groups().expect("a plan of one group").remove(0)
}

fn training(group: &SimulationGroup) -> Vec<Dataset> {
    let data = group.data().expect("a plan's data");
    data.into_iter().map(|data| data.training).collect()
}

fn bench(
    bencher: Bencher,
    n_networks: usize,
    constrained: bool,
    train: fn(&[Dataset], &[u64], &Hyperparameters),
) {
    let group = group(n_networks, constrained);
    let (data, hyperparameters) = (training(&group), group.hyperparameters());
    bencher
        .counter(divan::counter::ItemsCount::new(n_networks))
        .bench_local(|| train(&data, &group.seeds, &hyperparameters));
}

fn options(hyperparameters: &Hyperparameters, seed: u64) -> TrainingOptions {
    TrainingOptions {
        task: Task::Regression,
        hyperparameters: hyperparameters.clone(),
        device: Device::Cpu,
        seed,
        ..TrainingOptions::default()
    }
}

fn together(data: &[Dataset], seeds: &[u64], hyperparameters: &Hyperparameters) {
    let options = options(hyperparameters, 0);
    Network::train_together(data, seeds, &options, progress::silent).expect("networks");
}

fn alone(data: &[Dataset], seeds: &[u64], hyperparameters: &Hyperparameters) {
    for (data, seed) in data.iter().zip(seeds) {
        let options = options(hyperparameters, *seed);
        Network::train(data, data, &options, progress::silent).expect("a network");
    }
}

#[divan::bench(args = [false, true], sample_count = 10, sample_size = 1)]
fn together_500(bencher: Bencher, constrained: bool) {
    bench(bencher, 500, constrained, together);
}

#[divan::bench(args = [false, true], sample_count = 10, sample_size = 1)]
fn batch_of_one(bencher: Bencher, constrained: bool) {
    bench(bencher, 1, constrained, together);
}

#[divan::bench(args = [false, true], sample_count = 10, sample_size = 1)]
fn one_alone(bencher: Bencher, constrained: bool) {
    bench(bencher, 1, constrained, alone);
}
