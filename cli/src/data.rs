//! `closedform data`: measured data to try things on.

use crate::output;
use clap::Args;
use closedform::Result;
use closedform::dataset::RealData;

#[derive(Args)]
#[command(after_help = "\
iris: the species of 150 flowers by 4 lengths in cm (Fisher 1936).
diabetes: the progression of the disease in 441 patients by 10 features (Efron et al. 2004).
wine-quality: the grades of 1599 red wines by 11 chemical analyses (Cortez et al. 2009).

Examples:
  closedform data diabetes > diabetes.csv
  closedform data iris > iris.csv")]
pub struct DataNameArguments {
    /// iris, diabetes or wine-quality.
    #[arg(value_name = "NAME", value_parser = RealData::named)]
    name: RealData,
}

pub fn data(arguments: &DataNameArguments) -> Result<()> {
    let text = arguments.name.load()?.to_csv()?;
    output::print(text.trim_end())
}
