//! The units that stand below a header.

use super::features::Features;
use super::summary::TableSummary;
use crate::dataset::file::{TableFile, unit_of_cell};
use crate::formula::{Unit, Units};

/// The units of the features and of the target, if the file has a row of them that can be used;
/// what was encoded has none.
pub(super) fn units(
    file: &TableFile,
    features: &Features,
    target: Option<usize>,
    summary: &mut TableSummary,
) -> Option<Units> {
    let row = file.units()?;
    let unit = |place: usize| unit_of_cell(row.get(place).map_or("", String::as_str));
    let of_features = features
        .places
        .iter()
        .map(|place| place.map_or(Some(Unit::none()), unit));
    let read = of_features.collect::<Option<Vec<Unit>>>();
    let units = read.map(|of_features| Units {
        target: target.and_then(unit),
        ..Units::new(of_features)
    });
    let refusal = match &units {
        None => Some("not all of them can be read".to_string()),
        Some(units) => units.check_scales().err().map(|error| error.to_string()),
    };
    let Some(refusal) = refusal else {
        let written = units.iter().flat_map(|units| &units.features);
        let written: Vec<String> = features
            .names
            .iter()
            .zip(written)
            .map(|(name, unit)| format!("{name} in {unit}"))
            .collect();
        summary.remarks.push(format!(
            "units from the row below the header: {} (--units sets others, --units none leaves \
             them out)",
            written.join(", ")
        ));
        return units;
    };
    let remark = format!("the row of units below the header isn't used: {refusal}");
    summary.remarks.push(remark);
    None
}
