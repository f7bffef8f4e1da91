//! `closedform polynomial`: a network as polynomials.

use crate::data_arguments::DialectArguments;
use crate::output;
use clap::Args;
use closedform::dataset::DialectOptions;
use closedform::polynomial::TaylorCenter;
use closedform::{Activation, DenseNetwork, Error, Points, Result, TaylorOptions};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Significant digits of the coefficients in a printed formula.
const N_DIGITS: usize = 6;

#[derive(Args)]
#[command(after_help = "\
--weights is JSON: {\"layers\": [{\"activation\": \"tanh\", \"weights\": [[...], ...]}, ...]}. The weights
of a layer have the shape (inputs + 1, outputs), with the biases in the first row.
Activations: elu, exp, linear, sigmoid, silu, sin, softplus, tanh; softmax in the last layer only.
If the last layer is sigmoid or softmax, the network is a classifier, and the polynomials are those
of its logits.

--json prints one object, {\"labels\": [[], [1], [1,1,2], ...], \"values\": [[...], ...]}: the label
[1,1,2] stands for x1^2 x2, and its values are the coefficients for all outputs. Warnings go to
standard error.

--data is a table with a column for every input, named as in training for --network.
For --weights the columns are x1, x2, ..., or all columns in the network's order. Its rows show
which inputs the activations receive.

Examples:
  closedform polynomial --weights network.json
  closedform polynomial --weights network.json --max-order 4 --taylor-order 8 --json
  closedform polynomial --weights deep.json --taylor-order 8,5 --taylor-center -0.5,0
  closedform polynomial --weights deep.json --data table.csv --taylor-center mean
  closedform polynomial --weights deep.json --max-order 13 --taylor-order 13 --economize 3
  closedform polynomial --weights deep.json --figures folder
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
    /// A network saved by --save-network (safetensors).
    #[cfg(feature = "network")]
    #[arg(long, value_name = "FILE")]
    network: Option<PathBuf>,
    /// The highest order of the polynomials.
    #[arg(long, value_name = "Q", default_value_t = TaylorOptions::default().max_order)]
    max_order: usize,
    /// The order of the activations' Taylor series, 1 to 30: one for all layers, or one per layer.
    #[arg(
        long,
        value_name = "K[,K..]",
        default_value = "8",
        value_delimiter = ','
    )]
    taylor_order: Vec<usize>,
    /// The activation input around which the series are expanded, one for all layers or one per
    /// layer: a number, or `mean` for each neuron's own mean over --data.
    #[arg(
        long,
        value_name = "A[,A..]",
        default_value = "0",
        value_delimiter = ',',
        allow_hyphen_values = true,
        value_parser = parse_center
    )]
    taylor_center: Vec<TaylorCenter>,
    /// Give the polynomial of this order that is closest over the ranges of --data: a truncated
    /// series is best at one point only.
    #[arg(long, value_name = "Q")]
    economize: Option<usize>,
    /// Rows of inputs, for mean centers, warnings, ranges and figures. Without it, inputs are
    /// assumed to lie in [-1, 1].
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    #[command(flatten)]
    dialect: DialectArguments,
    /// Also expand a sigmoid in the last layer, instead of giving the polynomials of the logits.
    #[arg(long)]
    expand_output: bool,
    /// The most memory that the conversion may take, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = 1024)]
    max_memory: usize,
    /// Draw figures into this folder: which inputs the activations receive and how well the series
    /// follow them there, the agreement with the network, and the largest coefficients.
    #[arg(long, value_name = "FOLDER")]
    figures: Option<PathBuf>,
    /// Print one JSON object and nothing else.
    #[arg(long)]
    json: bool,
}

pub fn polynomial(arguments: &PolynomialArguments) -> Result<ExitCode> {
    let (network, mut names) = read(arguments)?;
    let dialect = arguments.dialect.options(&[]);
    let points = match &arguments.data {
        Some(path) => Some(points(path, &network, &names, &dialect)?),
        None if dialect != DialectOptions::default() => {
            let reason = "options on how a table is written need --data";
            return Err(Error::Options(reason.into()));
        }
        None => None,
    };
    if let (Some(points), true) = (&points, names.is_empty()) {
        names = points.feature_names().to_vec();
    }
    let options = TaylorOptions {
        max_order: arguments.max_order,
        taylor_orders: arguments.taylor_order.clone(),
        taylor_centers: arguments.taylor_center.clone(),
        points,
        economized_order: arguments.economize,
        expand_output: arguments.expand_output,
        max_bytes: arguments.max_memory.saturating_mul(1 << 20),
        ..TaylorOptions::default()
    };
    let found = network.to_polynomials(&options)?;
    for warning in found.warnings() {
        output::say(format_args!("closedform: warning: {warning}"));
    }
    let printed = if arguments.json {
        let text = serde_json::to_string(found.family());
        let refuse =
            |error| Error::Other(format!("the polynomials can't be written as JSON: {error}"));
        text.map_err(refuse).and_then(|text| output::print(&text))
    } else {
        print(&found, &names)
    };
    let points = options.points.as_ref();
    let drawn = arguments.figures.as_ref().map(|folder| {
        let figures = closedform::plot::polynomial_figures(&found, &network, points, &names)?;
        draw(folder, &figures)
    });
    output::ended(printed, drawn)
}

/// The network and the names of its features; a file of weights has no names.
fn read(arguments: &PolynomialArguments) -> Result<(DenseNetwork, Vec<String>)> {
    #[cfg(feature = "network")]
    if let Some(path) = &arguments.network {
        use closedform::Model;
        let network = closedform::Network::load(path)?;
        let names = network.feature_names().to_vec();
        return Ok((DenseNetwork::from_network(&network)?, names));
    }
    match &arguments.weights {
        Some(path) => Ok((DenseNetwork::from_file(path)?, Vec::new())),
        None => Err(Error::Options("--weights is needed".into())),
    }
}

/// The columns of a table that are the network's inputs, row after row.
fn points(
    path: &Path,
    network: &DenseNetwork,
    names: &[String],
    dialect: &DialectOptions,
) -> Result<Points> {
    if names.is_empty() {
        Points::of_inputs(path, network.n_inputs(), dialect)
    } else {
        Points::from_file_as(path, names, dialect)
    }
}

/// Saves the figures, and names them on standard error: standard output is for the polynomials.
fn draw(folder: &Path, figures: &[(&str, closedform::Figure)]) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|source| Error::File {
        path: folder.into(),
        source,
    })?;
    for (name, figure) in figures {
        let path = folder.join(name);
        figure.save(&path)?;
        output::say(format_args!("drawn: {}", path.display()));
    }
    Ok(())
}

fn parse_center(text: &str) -> Result<TaylorCenter, String> {
    match text {
        "mean" => Ok(TaylorCenter::MeanPotential),
        _ => match text.parse() {
            Ok(center) => Ok(TaylorCenter::At(center)),
            Err(_) => Err("a number or mean is needed".into()),
        },
    }
}

fn print(found: &closedform::polynomial::NetworkPolynomials, names: &[String]) -> Result<()> {
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
