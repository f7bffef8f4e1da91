//! Quantities inside a network, chosen by name.

use crate::dataset::Task;
use crate::error::{Error, Result};
use crate::model::Activation;
use crate::model::Model;
use crate::network::Network;
use crate::network::combination::terms;

/// The names of a network's layers and outputs.
pub(super) struct Names {
    pub layers: Vec<String>,
    /// The names of the outputs, or of a classifier's classes.
    pub outputs: Vec<String>,
}

impl Names {
    /// Layers are named `layers.0`, `layers.1` and so on, as in saved files; outputs are numbered.
    pub fn numbered(network: &Network) -> Self {
        Self {
            layers: (0..network.layers.len())
                .map(|k| format!("layers.{k}"))
                .collect(),
            outputs: (0..n_names(network)).map(|k| k.to_string()).collect(),
        }
    }

    /// The same with given names in place of the outputs' numbers.
    pub fn with_outputs(mut self, network: &Network, outputs: &[String]) -> Result<Self> {
        if outputs.is_empty() {
            return Ok(self);
        }
        if outputs.len() != n_names(network) && outputs.len() != network.n_outputs() {
            return Err(Error::Shape(format!(
                "there are {} names of outputs, but the network has {} outputs",
                outputs.len(),
                n_names(network)
            )));
        }
        self.outputs = outputs.to_vec();
        Ok(self)
    }
}

/// A classifier with one output still has two classes.
fn n_names(network: &Network) -> usize {
    match network.task() {
        Task::Classification => network.n_outputs().max(2),
        Task::Regression => network.n_outputs(),
    }
}

impl Network {
    /// The named scalar as a network with one output. All names are counted from 0.
    ///
    /// - `2` is output 2, or for a classifier the [`logit`](Self::logit) of class 2.
    /// - `logit 2` is that logit, too.
    /// - `2 vs 0` is the [`margin`](Self::margin) of two classes.
    /// - `layers.0.3` is [`neuron`](Self::neuron) 3 of the first layer.
    /// - `0.5 layers.0.3 - layers.0.1` is that [`combination`](Self::combination) of one layer's
    ///   neurons, or of the outputs.
    ///
    /// For a network that [`ImportedNetwork::open`](crate::ImportedNetwork::open) read, the names
    /// of outputs and layers in its file work, too.
    ///
    /// # Errors
    /// A name that nothing in the network has. The message lists the names that exist.
    pub fn read_out_by_name(&self, name: &str) -> Result<Self> {
        self.choose(name, &Names::numbered(self))
    }

    pub(super) fn choose(&self, name: &str, names: &Names) -> Result<Self> {
        let position = |name: &str| names.outputs.iter().position(|n| n == name.trim());
        if let Some(output) = position(name) {
            return self.output(output, names.outputs.len());
        }
        if let Some((class, against)) = name.split_once(" vs ")
            && let (Some(class), Some(against)) = (position(class), position(against))
        {
            return self.margin(class, against);
        }
        if let Some(class) = name.strip_prefix("logit ")
            && let Some(class) = position(class)
        {
            return self.logit(class);
        }
        if let Some((layer, index)) = self.find_neuron(name, &names.layers) {
            return Ok(self.read_neuron(layer, index));
        }
        if let Some((layer, terms)) = self.find_combination(name, names) {
            return self.combined(layer, &terms);
        }
        Err(Error::parameter(
            "the output",
            format!("\"{name}\""),
            self.list(names),
        ))
    }

    fn output(&self, output: usize, n_names: usize) -> Result<Self> {
        match self.task() {
            _ if n_names == 1 => Ok(self.clone()),
            Task::Classification => self.logit(output),
            Task::Regression => Ok(self.read_neuron(self.layers.len() - 1, output)),
        }
    }

    fn find_neuron(&self, name: &str, layers: &[String]) -> Option<(usize, usize)> {
        let find = |name: &str| layers.iter().position(|layer| layer == name);
        let width = |layer: usize| self.layers[layer].n_outputs();
        // The single neuron of a bottleneck needs no number.
        if let Some(layer) = find(name).filter(|layer| width(*layer) == 1) {
            return Some((layer, 0));
        }
        let (layer, index) = name.rsplit_once('.')?;
        let (layer, index) = (find(layer)?, index.parse().ok()?);
        (index < width(layer)).then_some((layer, index))
    }

    /// A linear combination of the neurons of one layer: the layer, coefficients, and numbers.
    fn find_combination(&self, text: &str, names: &Names) -> Option<(usize, Vec<(f64, usize)>)> {
        let last = self.layers.len() - 1;
        let found = terms(text).into_iter().map(|(coefficient, name)| {
            let output = names.outputs.iter().position(|n| *n == name);
            let output = output.filter(|output| *output < self.n_outputs());
            let output = output.map(|output| (last, output));
            let (layer, index) = output.or_else(|| self.find_neuron(&name, &names.layers))?;
            Some((layer, (coefficient, index)))
        });
        let (layers, terms): (Vec<usize>, Vec<(f64, usize)>) =
            found.collect::<Option<Vec<_>>>()?.into_iter().unzip();
        let layer = *layers.first()?;
        let is_one = layers.iter().all(|other| *other == layer);
        is_one.then_some((layer, terms))
    }

    /// The names that exist, as text.
    pub(super) fn list(&self, names: &Names) -> String {
        let quoted = |names: &[String]| {
            let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
            quoted.join(", ")
        };
        let mut parts = vec![format!("an output, {}", quoted(&names.outputs))];
        if self.task() == Task::Classification
            && let [first, second, ..] = names.outputs.as_slice()
        {
            parts.push(format!("two of them, such as \"{second} vs {first}\""));
        }
        let neurons = names.layers.iter().zip(&self.layers);
        let neurons: Vec<String> = neurons
            .map(|(name, layer)| match layer.n_outputs() {
                1 => format!("\"{name}\""),
                n => format!("\"{name}.0\" to \"{name}.{}\"", n - 1),
            })
            .collect();
        parts.push(format!("a neuron, {}", neurons.join(", ")));
        parts.join("; ")
    }
}

/// Sets the task, and removes the final sigmoid or softmax of a classifier: its latent model is
/// what comes before.
pub(super) fn settle_task(network: &mut Network, told: Option<Task>) -> Result<()> {
    let Some(last) = network.layers.last_mut() else {
        return Ok(());
    };
    let n_outputs = last.n_outputs();
    let gives_probabilities = matches!(last.activation, Activation::Sigmoid | Activation::Softmax);
    network.task = match (told, gives_probabilities) {
        (Some(task), _) => task,
        (None, true) => Task::Classification,
        (None, false) => {
            return Err(Error::Options(format!(
                "the network's last activation is {}, which doesn't show what the network was \
                 trained for: give the task, classification or regression",
                last.activation
            )));
        }
    };
    if network.task == Task::Classification && gives_probabilities {
        if last.activation == Activation::Softmax && n_outputs == 1 {
            return Err(Error::Model(
                "the last layer is a softmax of one neuron, which is 1 everywhere".into(),
            ));
        }
        last.activation = Activation::Linear;
    }
    Ok(())
}
