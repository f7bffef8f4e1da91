//! Dates and times.

const SECONDS_PER_DAY: f64 = 86_400.0;

/// A date, a time of day, or both.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Moment {
    /// Seconds since 1970, or since midnight where there is no date. The second number is for the
    /// other order of day and month, if that is possible, too.
    pub seconds: f64,
    pub other_seconds: Option<f64>,
    /// Which of the two orders it must be: whether the month comes first.
    pub is_month_first: Option<bool>,
    pub has_time: bool,
}

impl Moment {
    /// Reads `2024-01-31`, `31.1.2024`, `1/31/2024`, with or without a time such as `10:15:30.5`
    /// and a zone, or a time alone.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if !text.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let (date, time) = match text.split_once(['T', ' ']) {
            Some((date, time)) => (date, Some(time.trim())),
            None if text.contains(':') => return Self::of_day(text),
            None => (text, None),
        };
        let time = time.map(time_with_zone);
        if time == Some(None) {
            return None;
        }
        let seconds = time.flatten().unwrap_or(0.0);
        let date = Date::parse(date)?;
        Some(Self {
            seconds: date.days * SECONDS_PER_DAY + seconds,
            other_seconds: date.other_days.map(|days| days * SECONDS_PER_DAY + seconds),
            is_month_first: date.is_month_first,
            has_time: time.is_some(),
        })
    }

    /// A moment of a file that says what its dates are. Programs write dates as times at midnight.
    #[cfg(feature = "parquet")]
    pub fn from_seconds(seconds: f64) -> Self {
        Self {
            seconds,
            other_seconds: None,
            is_month_first: None,
            has_time: seconds % SECONDS_PER_DAY != 0.0,
        }
    }

    fn of_day(text: &str) -> Option<Self> {
        Some(Self {
            seconds: time_with_zone(text)?,
            other_seconds: None,
            is_month_first: None,
            has_time: true,
        })
    }

    /// The seconds with day and month in the given order.
    pub fn seconds(self, is_month_first: bool) -> f64 {
        match self.other_seconds {
            Some(other) if is_month_first => other,
            _ => self.seconds,
        }
    }
}

struct Date {
    /// Days since 1970; of `1/2/2024` with the day first.
    days: f64,
    other_days: Option<f64>,
    is_month_first: Option<bool>,
}

impl Date {
    fn parse(text: &str) -> Option<Self> {
        let mark = text.chars().find(|c| matches!(c, '-' | '/' | '.'))?;
        let parts: Vec<&str> = text.split(mark).collect();
        let numbers = parts.iter().map(|part| part.parse::<u32>().ok());
        let numbers = numbers.collect::<Option<Vec<u32>>>()?;
        let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        let certain = |days| Self {
            days,
            other_days: None,
            is_month_first: None,
        };
        match (lengths.as_slice(), numbers.as_slice()) {
            ([4, 1..=2, 1..=2], &[year, month, day]) => days(year, month, day).map(certain),
            ([1..=2, 1..=2, 2 | 4], &[first, second, year]) => {
                let year = if year < 100 { 2000 + year } else { year };
                let (day_first, month_first) =
                    (days(year, second, first), days(year, first, second));
                match (day_first, month_first) {
                    // A dot stands after the day wherever dates are written with dots.
                    (Some(days), _) if mark == '.' => Some(certain(days)),
                    (_, _) if mark == '.' => None,
                    (Some(days), Some(other)) => Some(Self {
                        days,
                        other_days: Some(other),
                        is_month_first: None,
                    }),
                    (Some(days), None) => Some(Self {
                        is_month_first: Some(false),
                        ..certain(days)
                    }),
                    (None, Some(days)) => Some(Self {
                        is_month_first: Some(true),
                        ..certain(days)
                    }),
                    (None, None) => None,
                }
            }
            _ => None,
        }
    }
}

/// Days since 1970 in the Gregorian calendar (Hinnant 2013, "chrono-compatible low-level date
/// algorithms", days_from_civil).
fn days(year: u32, month: u32, day: u32) -> Option<f64> {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let length = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    // Years begin in March, so that a leap day is their last.
    let year = i64::from(year) - i64::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((i64::from(month) + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    let of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    Some((era * 146_097 + of_era - 719_468) as f64)
}

/// Seconds since midnight in UTC: `10:15`, `10:15:30.25`, `10:15:30Z`, `10:15:30+02:00`.
fn time_with_zone(text: &str) -> Option<f64> {
    let text = text.trim().trim_end_matches('Z').trim_end();
    let zone = text.rfind(['+', '-']);
    let (time, zone) = match zone {
        Some(place) => (text[..place].trim_end(), Some(&text[place..])),
        None => (text, None),
    };
    let offset = match zone {
        None => 0.0,
        Some(zone) => {
            let sign = if zone.starts_with('-') { -1.0 } else { 1.0 };
            let digits: String = zone[1..].chars().filter(|c| *c != ':').collect();
            let number: u32 = digits.parse().ok()?;
            let minutes = match digits.len() {
                2 => number * 60,
                4 => number / 100 * 60 + number % 100,
                _ => return None,
            };
            sign * f64::from(minutes) * 60.0
        }
    };
    let (time, half) = match time.to_ascii_lowercase() {
        lower if lower.ends_with("pm") => (&time[..time.len() - 2], Some(12.0)),
        lower if lower.ends_with("am") => (&time[..time.len() - 2], Some(0.0)),
        _ => (time, None),
    };
    let parts: Vec<&str> = time.trim_end().split(':').collect();
    if !(2..=3).contains(&parts.len()) || parts.iter().any(|part| !is_time_part(part)) {
        return None;
    }
    let number = |part: &str| part.replace(',', ".").parse::<f64>().ok();
    let (hours, minutes) = (number(parts[0])?, number(parts[1])?);
    let seconds = parts.get(2).map_or(Some(0.0), |part| number(part))?;
    if hours > 24.0 || minutes >= 60.0 || seconds > 60.0 || parts[0].contains(['.', ',']) {
        return None;
    }
    let hours = half.map_or(hours, |half| hours % 12.0 + half);
    Some(hours * 3600.0 + minutes * 60.0 + seconds - offset)
}

/// Two digits and, for seconds, decimals.
fn is_time_part(part: &str) -> bool {
    let (whole, decimals) = part.split_once(['.', ',']).unwrap_or((part, "0"));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (1..=2).contains(&whole.len()) && is_digits(whole) && is_digits(decimals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_seconds() {
        let day = 19_753.0 * 86_400.0;
        for (text, seconds, has_time) in [
            ("2024-01-31", day, false),
            ("2024/1/31", day, false),
            ("31.1.2024", day, false),
            ("31.01.24", day, false),
            ("1/31/2024", day, false),
            ("31/1/2024", day, false),
            ("2024-01-31T10:00:00Z", day + 36_000.0, true),
            ("2024-01-31 12:00:00.5+02:00", day + 36_000.5, true),
            ("1/31/2024 1:30 PM", day + 48_600.0, true),
            ("10:15:30.25", 36_930.25, true),
            ("1970-01-01", 0.0, false),
            ("1969-12-31", -86_400.0, false),
        ] {
            let moment = Moment::parse(text).unwrap();
            assert_eq!(
                (moment.seconds, moment.has_time),
                (seconds, has_time),
                "{text}"
            );
        }
        let open = Moment::parse("2/1/2024").unwrap();
        assert_eq!(open.seconds(true) - open.seconds(false), 30.0 * 86_400.0);
    }

    #[test]
    fn other_texts_are_no_moments() {
        for text in [
            "red",
            "10-20",
            "1.2.3.4",
            "5551-12",
            "2024-13-01",
            "2023-02-29",
            "1.5",
            "25:00",
            "10:75",
            "2024",
            "2024-01-31Tnoon",
            "31-31-2024",
            "1:2:3:4",
            "",
        ] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
    }
}
