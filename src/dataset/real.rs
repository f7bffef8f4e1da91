//! Measured data, as the crate linfa-datasets carries them.

use super::{Dataset, Task};
use crate::error::{Error, Result};
use crate::points::Points;
use std::fmt::{Display, Formatter};

/// Data that were measured, not computed from a formula.
///
/// | data | rows | features | target |
/// |---|---|---|---|
/// | `Iris` | 150 | 4 lengths in cm | 3 species of 50 flowers each |
/// | `Diabetes` | 441 | 10, centred and scaled | progression of the disease, 25 to 346 |
/// | `WineQuality` | 1599 | 11 chemical analyses | a grade, 3 to 8 |
///
/// They are those of the crate linfa-datasets 0.8, which have blemishes. Two iris flowers, rows 35
/// and 38, differ from Fisher's table, as they do in the UCI repository. The first of
/// the 442 diabetes patients is missing. 240 wines repeat another row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RealData {
    /// Fisher (1936), "The use of multiple measurements in taxonomic problems": three species of
    /// iris by the length and width of sepals and petals.
    Iris,
    /// Efron, Hastie, Johnstone & Tibshirani (2004), "Least angle regression", table 1: how far
    /// diabetes has advanced after a year, by age, sex, body mass index, blood pressure and six
    /// numbers from blood serum. Features have mean 0 and sum of squares 1, about.
    Diabetes,
    /// Cortez, Cerdeira, Almeida, Matos & Reis (2009), "Modeling wine preferences by data mining
    /// from physicochemical properties": the grade that tasters gave a red vinho verde. Grades are
    /// numbers here, as they were there: 5 lies between 4 and 6, and few wines have a 3 or an 8.
    WineQuality,
}

impl RealData {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Iris, Self::Diabetes, Self::WineQuality];

    /// The data with the given name, such as `diabetes`.
    ///
    /// ```
    /// use closedform::dataset::RealData;
    ///
    /// assert_eq!(RealData::named("wine-quality")?, RealData::WineQuality);
    /// assert!(RealData::named("tulips").is_err());
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// An unknown name; the message lists the known ones.
    pub fn named(name: &str) -> Result<Self> {
        let known = |data: &Self| data.to_string().replace(' ', "-") == name;
        Self::ALL.into_iter().find(known).ok_or_else(|| {
            let names = Self::ALL.map(|data| data.to_string().replace(' ', "-"));
            let allowed = format!("one of {}", names.join(", "));
            Error::parameter("the data", format!("\"{name}\""), allowed)
        })
    }

    /// What the target means.
    pub fn task(self) -> Task {
        match self {
            Self::Iris => Task::Classification,
            Self::Diabetes | Self::WineQuality => Task::Regression,
        }
    }

    /// All rows, in the order of the sources.
    ///
    /// ```
    /// use closedform::dataset::RealData;
    ///
    /// let flowers = RealData::Iris.load()?;
    /// assert_eq!((flowers.n_samples(), flowers.feature_names()[2].as_str()), (150, "petal_length"));
    /// assert_eq!(flowers.class_names()[flowers.targets()[0] as usize], "setosa");
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// None with the data as they are: they are checked like any other.
    pub fn load(self) -> Result<Dataset> {
        match self {
            Self::Iris => {
                let data = linfa_datasets::iris();
                self.dataset(data.records, data.targets.mapv(|class| class as f64))
            }
            Self::Diabetes => {
                let data = linfa_datasets::diabetes();
                self.dataset(data.records, data.targets)
            }
            Self::WineQuality => {
                let data = linfa_datasets::winequality();
                self.dataset(data.records, data.targets.mapv(|grade| grade as f64))
            }
        }
    }

    fn dataset(
        self,
        points: impl IntoIterator<Item = f64>,
        targets: impl IntoIterator<Item = f64>,
    ) -> Result<Dataset> {
        let (feature_names, target_name): (&[&str], &str) = match self {
            Self::Iris => (
                &["sepal_length", "sepal_width", "petal_length", "petal_width"],
                "species",
            ),
            // The crate's names for the last six aren't those of the source.
            Self::Diabetes => (
                &[
                    "age", "sex", "bmi", "bp", "tc", "ldl", "hdl", "tch", "ltg", "glu",
                ],
                "progression",
            ),
            Self::WineQuality => (
                &[
                    "fixed_acidity",
                    "volatile_acidity",
                    "citric_acid",
                    "residual_sugar",
                    "chlorides",
                    "free_sulfur_dioxide",
                    "total_sulfur_dioxide",
                    "density",
                    "ph",
                    "sulphates",
                    "alcohol",
                ],
                "quality",
            ),
        };
        let class_names: &[&str] = match self {
            Self::Iris => &["setosa", "versicolor", "virginica"],
            Self::Diabetes | Self::WineQuality => &[],
        };
        let points: Vec<f64> = points.into_iter().collect();
        let points = Points::new(feature_names.iter().copied(), points)?;
        Ok(Dataset {
            class_names: class_names.iter().map(|name| name.to_string()).collect(),
            ..Dataset::new(points, target_name, targets.into_iter().collect())?
        })
    }
}

impl Display for RealData {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Iris => "iris",
            Self::Diabetes => "diabetes",
            Self::WineQuality => "wine quality",
        })
    }
}
