//! The rate of an event, with a confidence interval.

/// The quantile of the normal distribution for intervals of 95 %.
const Z: f64 = 1.959963984540054;

/// The rate of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// The number of times it happened.
    pub n_found: usize,
    /// The number of trials.
    pub n: usize,
}

impl Rate {
    /// The share, in [0, 1]; none for 0 trials.
    pub fn share(self) -> Option<f64> {
        (self.n > 0).then(|| self.n_found as f64 / self.n as f64)
    }

    /// The interval that holds the true share with a confidence of 95 % (Wilson 1927, equation 4).
    /// Unlike the usual normal approximation, it is also right for few trials and for shares of 0
    /// and 1.
    ///
    /// ```
    /// use closedform::numerics::Rate;
    ///
    /// let (low, high) = Rate { n_found: 20, n: 20 }.interval();
    /// assert!((low - 0.8389).abs() < 1e-4 && high == 1.0);
    /// ```
    pub fn interval(self) -> (f64, f64) {
        let n = self.n as f64;
        let Some(share) = self.share() else {
            return (0.0, 1.0);
        };
        let z2 = Z * Z / n;
        let middle = share + z2 / 2.0;
        let half = (z2 * (share * (1.0 - share) + z2 / 4.0)).sqrt();
        let at = |end: f64| (end / (1.0 + z2)).clamp(0.0, 1.0);
        (at(middle - half), at(middle + half))
    }
}

impl std::fmt::Display for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Some(share) = self.share() else {
            return f.pad("-");
        };
        let (low, high) = self.interval();
        let [share, low, high] = [share, low, high].map(|share| 100.0 * share);
        let text = format!(
            "{}/{} = {share:.0} % [{low:.0}, {high:.0}]",
            self.n_found, self.n
        );
        f.pad(&text)
    }
}
