//! The machine, and how quiet it was: figures without them say little.

use std::fs::{File, read_to_string};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// Rounds of work of always the same size.
const ROUNDS: usize = 100;
/// Steps of one round, of about a millisecond.
const STEPS: u64 = 300_000;
/// Writes that wait for the disk.
const WRITES: usize = 20;

/// How it is before and after what is measured.
pub struct Machine {
    before: Ticks,
    rounds: Rounds,
    sync_ms: f64,
}

impl Machine {
    /// Looked at before the first load; `folder` is on the disk that is written to.
    pub fn look(folder: &Path) -> Machine {
        Machine { before: Ticks::now(), rounds: Rounds::run(), sync_ms: sync_ms(folder) }
    }

    /// What to write beside the figures.
    pub fn told(&self) -> String {
        let after = Rounds::run();
        let stolen = Ticks::now().stolen_since(&self.before);
        let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
        format!(
            "{} × {}, {} of memory, Linux {}; a write that waits for the disk takes {:.2} ms\n\
             noise: a round of {:.2} ms took {:.0} % more at the 95th percentile before the run, {:.2} ms and {:.0} % after \
             it; {stolen:.1} % of the processor's time went to other machines",
            cores,
            line("/proc/cpuinfo", "model name"),
            line("/proc/meminfo", "MemTotal"),
            read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().trim(),
            self.sync_ms,
            self.rounds.middle_ms,
            self.rounds.spread(),
            after.middle_ms,
            after.spread(),
        )
    }
}

/// What stands behind a name in a file of `/proc`.
fn line(file: &str, name: &str) -> String {
    let text = read_to_string(file).unwrap_or_default();
    let found = text.lines().find_map(|line| line.strip_prefix(name)?.split_once(':'));
    found.map_or("unknown".to_owned(), |(_, value)| value.trim().to_owned())
}

/// How long equal rounds of work take.
struct Rounds {
    middle_ms: f64,
    slow_ms: f64,
}

impl Rounds {
    fn run() -> Rounds {
        let mut took: Vec<Duration> = Vec::with_capacity(ROUNDS);
        for round in 0..ROUNDS as u64 {
            let started = Instant::now();
            let mixed =
                (0..STEPS).fold(round, |mixed, step| (mixed ^ step).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            std::hint::black_box(mixed);
            took.push(started.elapsed());
        }
        took.sort_unstable();
        let ms = |place: usize| took[place].as_secs_f64() * 1000.0;
        Rounds { middle_ms: ms(ROUNDS / 2), slow_ms: ms(ROUNDS * 95 / 100) }
    }

    /// In hundredths of the middle.
    fn spread(&self) -> f64 {
        (self.slow_ms / self.middle_ms - 1.0) * 100.0
    }
}

/// The middle of how long a small write takes until it is on the disk.
fn sync_ms(folder: &Path) -> f64 {
    let place = folder.join("sync");
    let mut file = File::create(&place).unwrap();
    let mut took = Vec::with_capacity(WRITES);
    for _ in 0..WRITES {
        let started = Instant::now();
        file.write_all(&[0; 4096]).unwrap();
        file.sync_data().unwrap();
        took.push(started.elapsed());
    }
    std::fs::remove_file(place).unwrap();
    took.sort_unstable();
    took[WRITES / 2].as_secs_f64() * 1000.0
}

/// Processor time of all cores, as the kernel counts it.
struct Ticks {
    all: u64,
    /// What a host gave to other machines.
    stolen: u64,
}

impl Ticks {
    fn now() -> Ticks {
        let stat = read_to_string("/proc/stat").unwrap_or_default();
        let first = stat.lines().next().unwrap_or_default();
        let ticks: Vec<u64> =
            first.split_whitespace().skip(1).filter_map(|ticks| ticks.parse().ok()).collect();
        // What guests use is counted among the user's.
        Ticks { all: ticks.iter().take(8).sum(), stolen: ticks.get(7).copied().unwrap_or_default() }
    }

    /// In hundredths of all.
    fn stolen_since(&self, before: &Ticks) -> f64 {
        let all = self.all.saturating_sub(before.all).max(1);
        self.stolen.saturating_sub(before.stolen) as f64 * 100.0 / all as f64
    }
}
