//! What was measured in the browser, held against its limit.

use std::fmt::Write;

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Less is better, as of all others but the last.
    Ms,
    Seconds,
    Mb,
    /// More is better.
    PerSecond,
}

/// One line of the table.
#[derive(Clone, Debug)]
pub struct Figure {
    pub name: String,
    pub value: f64,
    pub unit: Unit,
    /// None where it is only shown.
    pub limit: Option<f64>,
    /// How often it was measured.
    pub samples: usize,
}

impl Figure {
    pub fn new(name: impl Into<String>, value: f64, unit: Unit, samples: usize) -> Figure {
        Figure { name: name.into(), value, unit, limit: None, samples }
    }

    pub fn at_most(self, limit: f64) -> Figure {
        Figure { limit: Some(limit), ..self }
    }

    /// For rates, where less would be worse.
    pub fn at_least(self, limit: f64) -> Figure {
        self.at_most(limit)
    }

    /// Whether it is within its limit; true where there is none, false where nothing was measured.
    pub fn holds(&self) -> bool {
        let Some(limit) = self.limit else { return true };
        let is_reached = if self.unit == Unit::PerSecond { self.value >= limit } else { self.value <= limit };
        self.samples > 0 && is_reached
    }

    /// Its line of the table.
    pub fn line(&self) -> String {
        let sign = if self.unit == Unit::PerSecond { "≥" } else { "≤" };
        let limit = self.limit.map_or("–".to_string(), |limit| format!("{sign} {}", self.shown(limit)));
        let reached = match self.limit {
            None => "–",
            Some(_) if self.holds() => "yes",
            Some(_) => "**past the limit**",
        };
        format!("| {} | {} | {limit} | {reached} | {} |", self.name, self.shown(self.value), self.samples)
    }

    fn shown(&self, value: f64) -> String {
        match self.unit {
            Unit::Ms => format!("{value:.1} ms"),
            Unit::Seconds => format!("{value:.2} s"),
            Unit::Mb => format!("{value:.3} MB"),
            Unit::PerSecond => format!("{value:.1}/s"),
        }
    }
}

/// The table, in Markdown.
pub fn table(figures: &[Figure]) -> String {
    let mut table = "| what | measured | limit | within it | samples |\n|---|---|---|---|---|\n".to_string();
    for figure in figures {
        // Writing into a text does not fail.
        let _ = writeln!(table, "{}", figure.line());
    }
    table
}

/// The value that so great a share of all does not pass: 0.95 for all but the slowest twentieth. 0 of nothing.
pub fn percentile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(place.saturating_sub(1)).copied().unwrap_or_default()
}

/// The greatest of all; 0 of nothing.
pub fn worst(values: &[f64]) -> f64 {
    percentile(values, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_the_slowest_twentieth_are_below_the_percentile() {
        let values: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert_eq!(
            (percentile(&values, 0.95), percentile(&values, 0.5), worst(&values)),
            (95.0, 50.0, 100.0)
        );
        assert_eq!((percentile(&[7.0], 0.95), percentile(&[], 0.95)), (7.0, 0.0));
    }

    #[test]
    fn a_figure_is_held_against_its_limit_and_nothing_measured_holds_none() {
        let fast = Figure::new("open", 120.0, Unit::Ms, 10).at_most(200.0);
        assert!(
            fast.holds() && fast.line() == "| open | 120.0 ms | ≤ 200.0 ms | yes | 10 |",
            "{}",
            fast.line()
        );
        let slow = Figure { value: 200.1, ..fast.clone() };
        assert!(!slow.holds() && slow.line().contains("**past the limit**"));
        assert!(!Figure { samples: 0, ..fast }.holds());
        let rate = Figure::new("drag", 58.0, Unit::PerSecond, 1).at_least(59.0);
        assert!(!rate.holds() && Figure { value: 60.0, ..rate }.holds());
        assert!(Figure::new("drop", 900.0, Unit::Ms, 1).holds(), "what is only shown");
    }
}
