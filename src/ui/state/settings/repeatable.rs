//! Clocks and randomness that make two runs alike, as they are typed.

use super::{Field, Problem, measure, number, problem};
use crate::amount::time;
use crate::protocol::Determinism;

/// What is typed for [`Determinism`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Repeatable {
    pub(crate) on: bool,
    /// A date and a time in UTC: `2000-01-01T12:00:00`.
    pub(crate) start: String,
    /// As a time, `1 µs`; a number alone is nanoseconds.
    pub(crate) step: String,
    pub(crate) seed: String,
}

impl Default for Repeatable {
    fn default() -> Self {
        let Determinism { step, seed, .. } = Determinism::default();
        Self {
            on: false,
            start: "2000-01-01T12:00:00".to_owned(),
            step: time(step),
            seed: seed.to_string(),
        }
    }
}

impl Repeatable {
    pub(super) fn determinism(&self, problems: &mut Vec<Problem>) -> Option<Determinism> {
        if !self.on {
            return None;
        }
        let realtime = nanoseconds(self.start.trim());
        if realtime.is_none() {
            let message = format_args!(
                "{:?} is not a time like 2000-01-01T12:00:00, from 1970 to 2500",
                self.start
            );
            problems.push(problem(Field::Start, message));
        }
        Some(Determinism {
            realtime: realtime.unwrap_or_default(),
            step: measure(Field::Step, &self.step, 0, u64::MAX, problems).unwrap_or_default(),
            seed: number(Field::Seed, &self.seed, 0, u64::MAX, problems).unwrap_or_default(),
        })
    }
}

/// Nanoseconds from 1970 to a date and a time in UTC; the seconds may be left out.
fn nanoseconds(text: &str) -> Option<u64> {
    let (date, time) = text.split_once(['T', ' '])?;
    let part = |text: &str, min: u64, max: u64| {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|_| digits);
        number.filter(|number| (min..=max).contains(number))
    };
    let mut date = date.split('-');
    let year = part(date.next()?, 1970, 2500)?;
    let month = part(date.next()?, 1, 12)?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 => 28 + u64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let day = part(date.next()?, 1, last)?;
    let mut time = time.trim_end_matches('Z').split(':');
    let hour = part(time.next()?, 0, 23)?;
    let minute = part(time.next()?, 0, 59)?;
    let second = part(time.next().unwrap_or("0"), 0, 59)?;
    if date.next().is_some() || time.next().is_some() {
        return None;
    }
    // Years that begin with March have the leap day at their end.
    let (years, months) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days =
        years * 365 + years / 4 - years / 100 + years / 400 + (months * 153 + 2) / 5 + day - 1;
    let days = days.checked_sub(719_468)?;
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second;
    seconds.checked_mul(1_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_utc() {
        for (text, seconds) in [
            ("1970-01-01T00:00", 0),
            ("1970-01-02 00:00:01", 86_401),
            ("2000-01-01T12:00:00", 946_728_000),
            ("2000-02-29T00:00:00Z", 951_782_400),
            ("2023-11-14T22:13:20", 1_700_000_000),
        ] {
            assert_eq!(nanoseconds(text), Some(seconds * 1_000_000_000), "{text}");
        }
        for text in [
            "",
            "2000",
            "2001-02-29T00:00",
            "2000-13-01T00:00",
            "1969-12-31T00:00",
            "2000-01-01T24:00",
            "2000-01-01T00:00:00:00",
            "2000-01-01T+1:00",
        ] {
            assert_eq!(nanoseconds(text), None, "{text}");
        }
    }

    #[test]
    fn it_is_off_until_it_is_switched_on() {
        let mut form = Repeatable::default();
        let mut problems = Vec::new();
        assert_eq!(form.determinism(&mut problems), None);
        form.on = true;
        assert_eq!(
            form.determinism(&mut problems),
            Some(Determinism::default())
        );
        assert_eq!(problems, []);
        form.start = "noon".to_owned();
        form.seed = "x".to_owned();
        form.determinism(&mut problems);
        let fields: Vec<Field> = problems.iter().map(|problem| problem.field).collect();
        assert_eq!(fields, [Field::Start, Field::Seed]);
    }
}
