//! Datasets as CSV.

use crate::dataset::Dataset;
use crate::error::{Error, Result};

impl Dataset {
    /// The dataset as CSV: a header of the features and the target, then a line for each row.
    /// Classes are written by their names, if they have some.
    ///
    /// ```
    /// use closedform::Dataset;
    ///
    /// let data = Dataset::from_rows(&["a", "b"], &[vec![1.0, 2.5]], &[3.0])?;
    /// assert_eq!(data.to_csv()?, "a,b,target\n1,2.5,3\n");
    /// # Ok::<(), closedform::Error>(())
    /// ```
    ///
    /// # Errors
    /// None that is known: names with commas or quotes are quoted.
    pub fn to_csv(&self) -> Result<String> {
        let failed =
            |error: csv::Error| Error::Other(format!("the rows can't be written: {error}"));
        let mut writer = csv::Writer::from_writer(Vec::new());
        let names = self.feature_names().iter().map(String::as_str);
        let header = names.chain([self.target_name()]);
        writer.write_record(header).map_err(failed)?;
        for (row, target) in self.points().rows().zip(self.targets()) {
            let name = self.class_names().get(*target as usize);
            let target = name.cloned().unwrap_or_else(|| target.to_string());
            let cells = row.iter().map(f64::to_string).chain([target]);
            writer.write_record(cells).map_err(failed)?;
        }
        let bytes = writer
            .into_inner()
            .map_err(|error| failed(error.into_error().into()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}
