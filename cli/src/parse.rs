//! Parsers for values that several commands share.

use std::time::Duration;

/// A number of points.
pub fn parse_n_points(text: &str) -> Result<usize, String> {
    let number = text
        .parse::<usize>()
        .ok()
        .filter(|number| (10..=10_000_000).contains(number));
    number.ok_or_else(|| "a whole number from 10 to 10000000 is needed".to_string())
}

/// Two classes, separated by a comma.
pub fn parse_classes(text: &str) -> Result<[String; 2], String> {
    let classes: Vec<String> = text
        .split(',')
        .map(|name| name.trim().to_string())
        .collect();
    let classes: Option<[String; 2]> = classes.try_into().ok();
    classes.ok_or_else(|| "two classes separated by a comma are needed".to_string())
}

#[cfg(feature = "network")]
#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
pub enum Preset {
    Fast,
    Paper,
}

#[cfg(feature = "network")]
impl From<Preset> for closedform::network::Preset {
    fn from(preset: Preset) -> Self {
        match preset {
            Preset::Fast => Self::Fast,
            Preset::Paper => Self::Paper,
        }
    }
}

#[cfg(feature = "network")]
#[derive(Clone, Copy, clap::ValueEnum)]
pub enum Device {
    Auto,
    Cpu,
    Cuda,
}

/// A time, as a positive number of seconds.
pub fn parse_seconds(text: &str) -> Result<Duration, String> {
    text.parse::<f64>()
        .ok()
        .filter(|seconds| *seconds > 0.0)
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| "a positive number of seconds is needed".to_string())
}
