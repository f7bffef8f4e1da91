//! `closedform polynomial`: a network as polynomials.

use super::output;
use clap::Args;
use closedform::{
    Activation, DenseNetwork, Error, NetworkPolynomials, Result, TaylorCenter, TaylorOptions,
};
use std::path::PathBuf;

/// Significant digits of the coefficients in a printed formula.
const N_DIGITS: usize = 6;

#[derive(Args)]
#[command(after_help = "\
FILE is JSON: {\"layers\": [{\"activation\": \"tanh\", \"weights\": [[...], ...]}, ...]}, with weights of
shape (inputs + 1, outputs) and the biases in the first row.
Activations: elu, exp, linear, sigmoid, silu, sin, softplus, tanh; softmax in the last layer.
A last layer of sigmoid or softmax makes a classifier: the polynomials are those of its logits.

With --json, one object is printed, {\"labels\": [[], [1], [1,1,2], ...], \"values\": [[...], ...]}: the
label [1,1,2] is x1^2 x2, and its values are the coefficients of all outputs. Warnings go to
standard error.

Examples:
  closedform polynomial --weights network.json
  closedform polynomial --weights network.json --max-order 4 --taylor-order 8 --json
  closedform polynomial --weights deep.json --taylor-order 8,5 --taylor-center -0.5,0
  closedform polynomial --network trained.safetensors --max-order 3")]
pub struct PolynomialArguments {
    /// The network's weights and activations (JSON).
    #[cfg_attr(
        feature = "network",
        arg(
            long,
            value_name = "FILE",
            required_unless_present = "network",
            conflicts_with = "network"
        )
    )]
    #[cfg_attr(
        not(feature = "network"),
        arg(long, value_name = "FILE", required = true)
    )]
    weights: Option<PathBuf>,
    /// A network that this program saved (safetensors).
    #[cfg(feature = "network")]
    #[arg(long, value_name = "FILE")]
    network: Option<PathBuf>,
    /// The highest order of the polynomials.
    #[arg(long, value_name = "Q", default_value_t = TaylorOptions::default().max_order)]
    max_order: usize,
    /// The order of the activations' Taylor series, 1 to 30: one for all layers, or one for each.
    #[arg(
        long,
        value_name = "K[,K..]",
        default_value = "8",
        value_delimiter = ','
    )]
    taylor_order: Vec<usize>,
    /// The potential around which they are expanded: one for all layers, or one for each.
    #[arg(
        long,
        value_name = "A[,A..]",
        default_value = "0",
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    taylor_center: Vec<f64>,
    /// Expand a sigmoid in the last layer, too, in place of leaving it to the logits.
    #[arg(long)]
    expand_output: bool,
    /// The memory that may be taken, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = 1024)]
    max_memory: usize,
    /// Print one JSON object and nothing else.
    #[arg(long)]
    json: bool,
}

pub fn polynomial(arguments: &PolynomialArguments) -> Result<()> {
    let (network, names) = read(arguments)?;
    let centers = arguments.taylor_center.iter();
    let options = TaylorOptions {
        max_order: arguments.max_order,
        taylor_orders: arguments.taylor_order.clone(),
        taylor_centers: centers.map(|center| TaylorCenter::At(*center)).collect(),
        expand_output: arguments.expand_output,
        max_bytes: arguments.max_memory.saturating_mul(1 << 20),
        ..TaylorOptions::default()
    };
    let found = network.to_polynomials(&options)?;
    for warning in found.warnings() {
        eprintln!("closedform: warning: {warning}");
    }
    match arguments.json {
        true => {
            let text = serde_json::to_string(found.family());
            let refuse = |error| Error::Data(format!("no JSON can be written: {error}"));
            output::print(&text.map_err(refuse)?)
        }
        false => print(&found, &names),
    }
}

/// The network and its features' names, which weights alone don't have.
fn read(arguments: &PolynomialArguments) -> Result<(DenseNetwork, Vec<String>)> {
    #[cfg(feature = "network")]
    if let Some(path) = &arguments.network {
        let network = closedform::Network::load(path)?;
        let names = network.feature_names().to_vec();
        return Ok((DenseNetwork::from_network(&network)?, names));
    }
    match &arguments.weights {
        Some(path) => Ok((DenseNetwork::from_file(path)?, Vec::new())),
        None => Err(Error::Data("--weights is needed".into())),
    }
}

fn print(found: &NetworkPolynomials, names: &[String]) -> Result<()> {
    let family = found.family();
    let (n_terms, order, n_inputs) = (family.n_terms(), family.order(), family.n_variables());
    output::print(&format!(
        "inputs: {n_inputs}, order: {order}, monomials: {n_terms}"
    ))?;
    let activation = found.output_activation();
    let name = match activation {
        Activation::Linear => "output",
        _ => "logit",
    };
    for index in 0..family.n_polynomials() {
        let formula = family
            .polynomial(index)?
            .rounded(N_DIGITS)
            .to_formula(names);
        output::print(&format!("{name} {} = {formula}", index + 1))?;
    }
    match activation {
        Activation::Linear => Ok(()),
        _ => output::print(&format!("class probabilities: {activation} of the logits")),
    }
}
