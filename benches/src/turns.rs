//! A fair contest in one process: everybody has a turn in each round, in an order that changes from
//! round to round, and sides are compared within a round, so that a processor that slows down or a
//! busy neighbour hits both. What is measured is the thread's own processor time: waiting while
//! another program has the core does not count. Nobody here sleeps or uses other threads.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// A turn runs its work as often as fits in this time (at least once), so that the clock and a cold
/// cache after somebody else's turn weigh little.
const TURN: Duration = Duration::from_millis(2);
/// Below this the median would be chance.
const MIN_ROUNDS: usize = 25;

/// One side.
pub struct Contestant<'a> {
    name: String,
    work: Box<dyn FnMut() + 'a>,
    /// Microseconds of one piece of work, a figure for each round.
    times: Vec<f64>,
}

impl<'a> Contestant<'a> {
    /// A side that does `work` again and again.
    pub fn new(name: impl Into<String>, work: impl FnMut() + 'a) -> Self {
        Self {
            name: name.into(),
            work: Box::new(work),
            times: Vec::new(),
        }
    }

    /// Who it is.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The median time of one piece of work, in microseconds.
    #[must_use]
    pub fn microseconds(&self) -> f64 {
        quartiles(self.times.clone()).median
    }

    /// This side's time over that of `ours`, round by round. Above 1: `ours` is faster.
    #[must_use]
    pub fn over(&self, ours: &Self) -> Quartiles {
        let ratios = self.times.iter().zip(&ours.times);
        quartiles(ratios.map(|(theirs, ours)| theirs / ours).collect())
    }

    /// The mean time of one piece of work, in microseconds, and its standard error.
    #[must_use]
    pub fn mean(&self) -> (f64, f64) {
        let count = f64::from(u32::try_from(self.times.len()).unwrap_or(u32::MAX));
        let mean = self.times.iter().sum::<f64>() / count;
        let squares = self.times.iter().map(|time| (time - mean).powi(2));
        (mean, (squares.sum::<f64>() / count / count).sqrt())
    }

    fn seconds(&mut self, repeats: u32) -> f64 {
        let start = processor_time();
        for _ in 0..repeats {
            (self.work)();
        }
        processor_time().saturating_sub(start).as_secs_f64()
    }

    /// How often the work fits in a turn. Its first run, with cold caches, does not count.
    fn repeats(&mut self) -> u32 {
        let mut repeats = 1;
        self.seconds(repeats);
        while self.seconds(repeats) < TURN.as_secs_f64() / 2.0 {
            repeats *= 2;
        }
        repeats
    }
}

/// Of this thread so far.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::try_from(time).expect("a thread's time is not below zero")
}

/// The middle half of some figures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quartiles {
    /// A quarter of the figures is below.
    pub low: f64,
    /// Half of them is.
    pub median: f64,
    /// Three quarters are.
    pub high: f64,
}

/// The middle half of `figures`.
///
/// # Panics
/// If there are none.
#[must_use]
pub fn quartiles(mut figures: Vec<f64>) -> Quartiles {
    assert!(!figures.is_empty(), "nothing was measured");
    figures.sort_by(f64::total_cmp);
    let at = |quarter: usize| figures[(figures.len() - 1) * quarter / 4];
    Quartiles {
        low: at(1),
        median: at(2),
        high: at(3),
    }
}

/// Does each side's work once in each of so many rounds: for work that takes another time each time, by chance,
/// so that what counts is the mean.
pub fn take_single_turns(contestants: &mut [Contestant<'_>], rounds: usize) {
    for round in 0..rounds {
        for index in order(round, contestants.len()) {
            let seconds = contestants[index].seconds(1);
            contestants[index].times.push(seconds * 1e6);
        }
    }
}

/// Runs rounds until `time` is over, and at least 25.
pub fn take_turns(contestants: &mut [Contestant<'_>], time: Duration) {
    let repeats: Vec<u32> = contestants.iter_mut().map(Contestant::repeats).collect();
    let start = Instant::now();
    for round in 0.. {
        if round >= MIN_ROUNDS && start.elapsed() >= time {
            return;
        }
        for index in order(round, contestants.len()) {
            let seconds = contestants[index].seconds(repeats[index]);
            let microseconds = seconds * 1e6 / f64::from(repeats[index]);
            contestants[index].times.push(microseconds);
        }
    }
}

/// Who comes when: each round begins with the next one, every other round goes backwards, so that
/// nobody always follows the same neighbour.
fn order(round: usize, count: usize) -> impl Iterator<Item = usize> {
    (0..count).map(move |step| {
        let place = (step + round) % count;
        if round.is_multiple_of(2) {
            place
        } else {
            count - 1 - place
        }
    })
}
