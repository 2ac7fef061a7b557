//! Days of the calendar, as waivers and keys name them.

use std::fmt;

/// A day, counted from 1970-01-01 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i64);

impl Date {
    /// The day of this year, month and day of the month (both from 1); `None` where there is no such day.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        if year == 0 || !(1..=12).contains(&month) || day == 0 || day > length(year, month) {
            return None;
        }
        let before = (1..month).map(|month| i64::from(length(year, month))).sum::<i64>();
        let years = i64::from(year) - 1;
        let leap = years / 4 - years / 100 + years / 400;
        // 719,162 days lie between 0001-01-01 and 1970-01-01.
        Some(Date(years * 365 + leap + before + i64::from(day) - 1 - 719_162))
    }

    /// The day on which this second since 1970 falls.
    #[must_use]
    pub fn of_seconds(seconds: u64) -> Self {
        Date(i64::try_from(seconds / 86_400).unwrap_or(i64::MAX))
    }

    /// The first second of the day since 1970; 0 before that.
    #[must_use]
    pub fn seconds(self) -> u64 {
        u64::try_from(self.0).unwrap_or(0).saturating_mul(86_400)
    }

    /// How many days lie between this one and a later one; negative where that one is earlier.
    #[must_use]
    pub fn days_until(self, later: Date) -> i64 {
        later.0.saturating_sub(self.0)
    }

    /// The day that many days later.
    #[must_use]
    pub fn plus(self, days: u32) -> Self {
        Date(self.0.saturating_add(i64::from(days)))
    }
}

/// `2024-05-01`.
impl std::str::FromStr for Date {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "write a day as 2024-05-01";
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let parts: Vec<&str> = text.split('-').collect();
        let [year, month, day] = parts.as_slice() else { return Err(wrong) };
        let shaped = (year.len(), month.len(), day.len()) == (4, 2, 2) && parts.iter().all(|part| digits(part));
        let date = || Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
        if shaped { date().ok_or("there is no such day") } else { Err(wrong) }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Howard Hinnant's `civil_from_days`: eras of 400 years that start in March.
        let shifted = self.0.saturating_add(719_468);
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = year + era.saturating_mul(400) + i64::from(month <= 2);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

fn length(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (text, days) in
            [("1970-01-01", 0), ("2000-03-01", 11_017), ("2024-02-29", 19_782), ("9999-12-31", 2_932_896)]
        {
            let date: Date = text.parse().unwrap();
            assert_eq!((date.0, date.to_string().as_str()), (days, text));
        }
        for text in ["2023-02-29", "2024-13-01", "2024-1-01", "0000-01-01", "+024-01-01", "", "2024-01-01-01"] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
        assert_eq!(Date::of_seconds(86_400 * 3 + 5).to_string(), "1970-01-04");
    }
}
