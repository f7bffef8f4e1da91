//! Estimates what a conversion will take before it begins.

use super::TaylorOptions;
use super::monomials::{Factors, n_monomials};
use crate::error::{Error, Result};
use crate::model::DenseNetwork;

/// The orders of the polynomials of every layer, and the memory that they take.
pub(super) struct Plan<'a> {
    network: &'a DenseNetwork,
    options: &'a TaylorOptions,
    pub steps: Vec<Step>,
}

pub(super) struct Step {
    pub is_expanded: bool,
    pub potential_order: usize,
    pub output_order: usize,
}

impl<'a> Plan<'a> {
    pub fn new(network: &'a DenseNetwork, options: &'a TaylorOptions) -> Self {
        let mut order = 1_usize;
        let steps = (0..network.layers().len()).map(|layer| {
            let is_expanded = options.expands(network, layer);
            let potential_order = order;
            if is_expanded {
                let reached = order.saturating_mul(options.taylor_order(layer));
                order = reached.clamp(1, options.max_order);
            }
            Step {
                is_expanded,
                potential_order,
                output_order: order,
            }
        });
        Self {
            network,
            options,
            steps: steps.collect(),
        }
    }

    pub fn highest_order(&self) -> usize {
        self.steps.last().map_or(1, |step| step.output_order)
    }

    /// The highest order of a potential that a series is applied to.
    pub fn highest_composed_order(&self) -> usize {
        let expanded = self.steps.iter().filter(|step| step.is_expanded);
        expanded.map(|step| step.potential_order).max().unwrap_or(0)
    }

    /// Refuses polynomials that don't fit into the allowed memory.
    pub fn check_size(&self) -> Result<()> {
        let n_inputs = self.network.n_inputs();
        let order = self.highest_order();
        let (n_bytes, allowed) = (self.n_bytes(), self.options.max_bytes as u128);
        if n_bytes <= allowed {
            return Ok(());
        }
        Err(Error::parameter(
            "max_order",
            self.options.max_order,
            format!(
                "lower: order {order} in {n_inputs} inputs has {} terms for each neuron, which \
                 takes {} of memory; {} are allowed (TaylorOptions::max_bytes, --max-memory)",
                n_monomials(n_inputs, order),
                memory(n_bytes),
                memory(allowed)
            ),
        ))
    }

    /// Roughly the memory that the conversion takes.
    fn n_bytes(&self) -> u128 {
        let n_inputs = self.network.n_inputs();
        let n_terms = |order: usize| n_monomials(n_inputs, order);
        let order = self.highest_order();
        let n_pairs = Factors::count(n_inputs, order, self.highest_composed_order());
        // A label is a separate list, and every family keeps its labels.
        let n_label_bytes = |order: usize| n_terms(order).saturating_mul(32 + 8 * order as u128);
        let layers = self.network.layers().iter().zip(&self.steps);
        let of_layers = layers.map(|(layer, step)| {
            let row = 8 * layer.n_outputs() as u128;
            let outputs = n_terms(step.output_order).saturating_mul(row);
            let potentials = n_terms(step.potential_order).saturating_mul(row);
            let labels = n_label_bytes(step.potential_order)
                .saturating_add(n_label_bytes(step.output_order));
            (outputs.saturating_add(potentials), labels)
        });
        let of_layers: Vec<(u128, u128)> = of_layers.collect();
        let total = |sum: u128, part: u128| sum.saturating_add(part);
        let numbers = of_layers.iter().map(|(numbers, _)| *numbers);
        // The outputs of the previous layer, and a copy while the blocks of a layer are joined.
        let at_work = numbers.max().unwrap_or(0).saturating_mul(3);
        let kept = if self.options.keep_layers {
            of_layers.iter().flat_map(|(n, l)| [*n, *l]).fold(0, total)
        } else {
            0
        };
        let tables = n_pairs
            .saturating_mul(8)
            .saturating_add(n_terms(order).saturating_mul(32))
            .saturating_add(n_terms(order - 1).saturating_mul(4 * n_inputs as u128));
        [at_work, kept, tables, n_label_bytes(order)]
            .into_iter()
            .fold(0, total)
    }
}

fn memory(n_bytes: u128) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];
    let mut size = n_bytes as f64;
    let mut unit = 0;
    while size >= 1024.0 && unit + 1 < units.len() {
        size /= 1024.0;
        unit += 1;
    }
    format!("{size:.1} {}", units[unit])
}
