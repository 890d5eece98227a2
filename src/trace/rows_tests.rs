use super::*;
use proptest::prelude::*;

/// A call of a host function, in a call of an export.
#[derive(Clone, Copy, Debug)]
struct Made {
    number: u64,
    call: u8,
    name: u8,
    duration: u64,
}

/// Rows, and the calls that they were made of.
#[derive(Debug, Default)]
struct Both {
    rows: Rows,
    made: Vec<Made>,
}

impl Both {
    fn push(&mut self, number: u64, call: u8, name: u8) {
        let duration = number % 5;
        let joins = match self.made.last() {
            Some(last) if (last.call, last.name) == (call, name) => Joins::Run,
            Some(last) if last.call == call => Joins::Call,
            _ => Joins::Nothing,
        };
        self.made.push(Made {
            number,
            call,
            name,
            duration,
        });
        self.rows.push(number, duration, joins);
    }

    /// Holds the rows against the calls: what is open, only the rows can say.
    fn check(&self) {
        let mut place = 0;
        let mut next = || {
            place += 1;
            self.rows.at(place - 1).expect("there is a row")
        };
        for call in self.made.chunk_by(|one, other| one.call == other.call) {
            let heading = next();
            assert_eq!((heading.level, heading.above), (1, 0));
            if !holds(&heading, call) {
                continue;
            }
            let mut above = 0;
            for run in call.chunk_by(|one, other| one.name == other.name) {
                let few = run.len() < usize::try_from(GROUPED).unwrap();
                if !few {
                    let row = next();
                    above += 1;
                    assert_eq!((row.level, row.above), (2, above));
                    if !holds(&row, run) {
                        continue;
                    }
                }
                for (it, below) in run.iter().zip(1..) {
                    let row = next();
                    above += 1;
                    let under = if few { (2, above) } else { (3, below) };
                    assert_eq!((row.level, row.above), under);
                    assert_eq!((row.number, row.group), (it.number, None));
                }
            }
        }
        assert_eq!(self.rows.count(), place);
        assert_eq!(self.rows.at(place), None);
        assert_eq!(self.rows.passed(), self.made.len() as u64);
    }
}

/// Whether a row that has to stand for these is open.
fn holds(row: &Row, made: &[Made]) -> bool {
    let group = row.group.expect("it stands for several");
    assert_eq!(row.number, made.last().unwrap().number);
    assert_eq!(group.first, made[0].number);
    assert_eq!(group.count, made.len() as u64);
    assert_eq!(
        group.elapsed,
        made.iter().map(|it| it.duration).sum::<u64>()
    );
    group.is_open
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 4 } else { 256 }))]
    #[test]
    fn rows_are_those_of_the_calls_whatever_is_opened_forgotten_and_taken_back(
        deeds in prop::collection::vec((0_u8..10, 0_u8..40, any::<bool>(), any::<bool>()), 1..120),
    ) {
        let mut both = Both::default();
        let mut number = 7;
        for (deed, pick, is_call, open) in deeds {
            let at = both.made.get(usize::from(pick) * both.made.len() / 40).map_or(0, |it| it.number);
            match deed {
                0..6 => for _ in 0..=pick % 7 {
                    both.push(number, pick / 8, deed / 4);
                    // Others do not pass.
                    number += 1 + u64::from(pick % 2);
                },
                6 => {
                    both.rows.forget_before(at);
                    both.made.retain(|it| it.number >= at);
                }
                7 => {
                    both.rows.go_back(at);
                    both.made.retain(|it| it.number < at);
                }
                _ => both.rows.open(at, is_call, open),
            }
            both.check();
        }
    }
}

#[test]
fn equal_calls_are_one_row_from_four_on_that_opens() {
    let mut both = Both::default();
    for number in 0..3 {
        both.push(number, 0, 0);
    }
    assert_eq!(both.rows.count(), 1 + 3);
    both.push(3, 0, 0);
    both.push(4, 0, 1);
    assert_eq!(both.rows.count(), 1 + 1 + 1);
    both.rows.open(0, false, true);
    assert_eq!(both.rows.count(), 1 + 1 + 4 + 1);
    both.push(5, 1, 1);
    // The heading is closed: what is under it is no row, and comes back as it was.
    both.rows.open(0, true, false);
    assert_eq!(both.rows.count(), 1 + 2);
    both.rows.open(0, true, true);
    assert_eq!(both.rows.count(), 1 + 1 + 4 + 1 + 2);
    both.check();
}

#[test]
fn what_is_taken_back_and_put_together_again_is_as_open_as_it_was() {
    let mut both = Both::default();
    let push = |both: &mut Both| {
        for number in 0..10 {
            both.push(number, u8::from(number >= 5), 0);
        }
    };
    push(&mut both);
    both.rows.open(0, false, true);
    both.rows.open(5, true, false);
    let count = both.rows.count();
    assert_eq!(count, 1 + 1 + 5 + 1);
    both.rows.go_back(0);
    both.made.clear();
    assert_eq!(both.rows.count(), 0);
    push(&mut both);
    assert_eq!(both.rows.count(), count);
    both.check();
}

#[test]
fn a_million_rows_are_counted_anew_and_found() {
    let mut rows = Rows::default();
    for number in 0..1_000_000 {
        rows.push(number, 1, Joins::Call);
    }
    assert_eq!(rows.count(), 1_000_001);
    rows.open(0, true, false);
    assert_eq!(rows.count(), 1);
    rows.open(0, true, true);
    assert_eq!(rows.at(777_778).map(|row| row.number), Some(777_777));
    assert_eq!(
        rows.at(0)
            .and_then(|row| row.group)
            .map(|group| group.elapsed),
        Some(1_000_000)
    );
}
