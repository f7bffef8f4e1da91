//! `closedform export`: a formula in other languages.

use crate::output;
use clap::Args;
use closedform::report::front_to_latex;
use closedform::{Error, Export, Expression, Language, Result};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args)]
#[command(after_help = "\
Languages: sympy, latex, rust, numpy, jax, torch, c, javascript, r, matlab, sql, json, spreadsheet,
onnx. The code is complete and doesn't need this program: a function of all features in their order, and for a classifier also its decision.
Features whose names aren't valid identifiers are renamed; comments in the code say how.
A spreadsheet formula reads the features from row 2, starting at column A, in their order. SQL reads
columns of these names from your_table. ONNX is a file, and needs --output.

Examples:
  closedform interpret --data points.csv --target label --json > found.json
  closedform export --from found.json --language numpy > rule.py
  closedform export --from found.json --language all --name rule --output taken
  closedform export --from found.json --front > front.tex
  closedform export --formula 'x1**2 + 2*x2**2' --threshold 1 --language spreadsheet
  closedform export --formula '2*width + height' --inputs width,height --language c")]
pub struct ExportArguments {
    /// A file with the output of --json, or of `export --language json`.
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "formula",
        conflicts_with = "formula"
    )]
    from: Option<PathBuf>,
    /// The formula as text.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    formula: Option<String>,
    /// The features of --formula, in their order [default: x1, x2, ...].
    #[arg(
        long,
        value_name = "NAME,NAME,..",
        value_delimiter = ',',
        value_parser = parse_name,
        conflicts_with = "from"
    )]
    inputs: Vec<String>,
    /// Class 1 is where --formula exceeds this number.
    #[arg(
        long,
        value_name = "T",
        allow_negative_numbers = true,
        conflicts_with = "from"
    )]
    threshold: Option<f64>,
    /// The language. Several, separated by commas, or `all` need --output.
    #[arg(long, value_name = "LIST", value_parser = parse_languages, required_unless_present = "front")]
    language: Option<Languages>,
    /// Print every formula of the front of --from as a LaTeX table.
    #[arg(long, requires = "from", conflicts_with_all = ["language", "name", "output"])]
    front: bool,
    /// The name of the function [default: g].
    #[arg(long, value_name = "WORD")]
    name: Option<String>,
    /// Write g.py, g.c, ... to this folder, instead of printing the code.
    #[arg(long, value_name = "FOLDER")]
    output: Option<PathBuf>,
}

/// One value for clap, which would read a plain `Vec` as a repeated argument.
#[derive(Clone)]
struct Languages(Vec<Language>);

fn parse_name(name: &str) -> Result<String> {
    Ok(name.trim().to_string())
}

fn parse_languages(list: &str) -> Result<Languages> {
    if list == "all" {
        return Ok(Languages(Language::ALL.to_vec()));
    }
    let languages = list.split(',').map(|name| Language::parse(name.trim()));
    languages.collect::<Result<_>>().map(Languages)
}

pub fn export(arguments: &ExportArguments) -> Result<ExitCode> {
    if let (true, Some(path)) = (arguments.front, &arguments.from) {
        let text = std::fs::read_to_string(path).map_err(|source| Error::File {
            path: path.clone(),
            source,
        })?;
        let table = front_to_latex(&text).map_err(|error| error.in_file(path))?;
        return output::ended(output::print(table.trim_end()), []);
    }
    let export = read(arguments)?;
    let export = match &arguments.name {
        Some(name) => export.with_name(name)?,
        None => export,
    };
    let languages = arguments.language.iter();
    let languages: Vec<Language> = languages.flat_map(|list| list.0.clone()).collect();
    let printed = match (&arguments.output, languages.as_slice()) {
        (Some(folder), languages) => {
            // What one language can't have written, the others may.
            let saved = languages.iter().map(|language| {
                let path = export.save(folder, *language)?;
                output::print(&path.display().to_string())
            });
            return output::ended(Ok(()), saved);
        }
        (None, [Language::Onnx]) => Err(Error::Options(
            "ONNX is no text; choose a folder for the file with --output".into(),
        )),
        (None, [language]) => output::print(export.to_source(*language)?.trim_end()),
        (None, _) => Err(Error::Options(
            "several languages make several files; choose a folder for them with --output".into(),
        )),
    };
    output::ended(printed, [])
}

fn read(arguments: &ExportArguments) -> Result<Export> {
    match (&arguments.from, &arguments.formula) {
        (Some(path), _) => Export::from_file(path),
        (None, Some(text)) => {
            let expression = Expression::parse(text, &arguments.inputs)?;
            Export::new(&expression, &arguments.inputs)?.with_threshold(arguments.threshold)
        }
        (None, None) => Err(Error::Options("--from or --formula is needed".into())),
    }
}
