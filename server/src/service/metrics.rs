//! What the server does, in figures for those who watch over it: counted while it runs, and told as Prometheus reads it. There is no
//! name of anybody or anything in them.

use std::fmt::Write;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::{Installation, readiness};

/// Upper ends of the times by which requests are counted, in milliseconds.
const BOUNDS: [u64; 10] = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 10_000];
/// Hundreds of the status.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// Counts of one process.
#[derive(Debug, Default)]
pub struct Metrics {
    by_class: [AtomicU64; CLASSES.len()],
    /// Requests that took no longer than each bound, and longer than the one before it.
    by_time: [AtomicU64; BOUNDS.len()],
    answered: AtomicU64,
    micros: AtomicU64,
    running: AtomicI64,
}

/// A request that is being answered; however it ends, it is under way no more.
pub struct UnderWay<'m> {
    metrics: &'m Metrics,
    began: Instant,
}

impl Metrics {
    pub fn begin(&self) -> UnderWay<'_> {
        self.running.fetch_add(1, Ordering::Relaxed);
        UnderWay { metrics: self, began: Instant::now() }
    }

    fn count(&self, status: u16, took: Duration) {
        if let Some(class) = usize::from(status / 100).checked_sub(1).and_then(|at| self.by_class.get(at)) {
            class.fetch_add(1, Ordering::Relaxed);
        }
        let fits = |bound: &u64| took <= Duration::from_millis(*bound);
        if let Some(time) = BOUNDS.iter().position(fits).and_then(|at| self.by_time.get(at)) {
            time.fetch_add(1, Ordering::Relaxed);
        }
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.micros.fetch_add(micros, Ordering::Relaxed);
        self.answered.fetch_add(1, Ordering::Relaxed);
    }

    /// What was counted, in lines.
    fn lines(&self) -> Vec<String> {
        let mut lines = vec!["# TYPE formwork_requests_total counter".to_string()];
        for (class, count) in CLASSES.iter().zip(&self.by_class) {
            let count = count.load(Ordering::Relaxed);
            lines.push(format!("formwork_requests_total{{status=\"{class}\"}} {count}"));
        }
        lines.push("# TYPE formwork_request_seconds histogram".to_string());
        let mut so_far = 0;
        for (bound, count) in BOUNDS.iter().zip(&self.by_time) {
            so_far += count.load(Ordering::Relaxed);
            let seconds = seconds(bound * 1_000);
            lines.push(format!("formwork_request_seconds_bucket{{le=\"{seconds}\"}} {so_far}"));
        }
        let answered = self.answered.load(Ordering::Relaxed);
        lines.push(format!("formwork_request_seconds_bucket{{le=\"+Inf\"}} {answered}"));
        lines.push(format!("formwork_request_seconds_sum {}", seconds(self.micros.load(Ordering::Relaxed))));
        lines.push(format!("formwork_request_seconds_count {answered}"));
        lines.push("# TYPE formwork_requests_running gauge".to_string());
        lines.push(format!("formwork_requests_running {}", self.running.load(Ordering::Relaxed)));
        lines
    }
}

impl UnderWay<'_> {
    pub fn answered(self, status: u16) {
        self.metrics.count(status, self.began.elapsed());
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.metrics.running.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Microseconds as seconds, with six digits.
fn seconds(micros: u64) -> String {
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

/// Everything that can be said of a server now, in the text format of Prometheus.
pub async fn text(installation: &Installation) -> String {
    let is_ready = readiness::check(installation).await.is_ok();
    let mut lines = installation.metrics.lines();
    lines.push("# TYPE formwork_ready gauge".to_string());
    lines.push(format!("formwork_ready {}", u8::from(is_ready)));
    lines.push("# TYPE formwork_disk_free_bytes gauge".to_string());
    lines.push("# TYPE formwork_disk_reserve_bytes gauge".to_string());
    for (of, free, reserve) in installation.room.figures() {
        lines.push(format!("formwork_disk_free_bytes{{of=\"{of}\"}} {free}"));
        lines.push(format!("formwork_disk_reserve_bytes{{of=\"{of}\"}} {reserve}"));
    }
    lines.push("# TYPE formwork_database_turns_total counter".to_string());
    lines.push(format!("formwork_database_turns_total {}", installation.store.turns()));
    lines.push("# TYPE formwork_info gauge".to_string());
    let mut text = lines.join("\n");
    let (version, database) = (env!("CARGO_PKG_VERSION"), installation.store.version());
    // Writing into a text does not fail.
    let _ = writeln!(text, "\nformwork_info{{version=\"{version}\",database=\"{database}\"}} 1");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_their_status_and_their_time_and_none_stays_under_way() {
        let metrics = Metrics::default();
        metrics.begin().answered(204);
        // Whoever hangs up is answered nothing.
        drop(metrics.begin());
        metrics.count(404, Duration::from_millis(30));
        metrics.count(500, Duration::from_secs(60));
        metrics.count(999, Duration::from_millis(30));
        let _running = metrics.begin();
        let told = metrics.lines().join("\n");
        for line in [
            "formwork_requests_total{status=\"2xx\"} 1",
            "formwork_requests_total{status=\"3xx\"} 0",
            "formwork_requests_total{status=\"4xx\"} 1",
            "formwork_requests_total{status=\"5xx\"} 1",
            "formwork_request_seconds_bucket{le=\"0.005000\"} 1",
            "formwork_request_seconds_bucket{le=\"0.050000\"} 3",
            "formwork_request_seconds_bucket{le=\"10.000000\"} 3",
            "formwork_request_seconds_bucket{le=\"+Inf\"} 4",
            "formwork_request_seconds_count 4",
            "formwork_requests_running 1",
        ] {
            assert!(told.lines().any(|told| told == line), "{line} is not in\n{told}");
        }
    }
}
