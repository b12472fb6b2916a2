//! What was measured, held against what it should be.

use std::fmt::Write;

/// What a figure counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Milliseconds at the median: less is better.
    Ms,
    /// A rate: more is better.
    PerSecond,
    Seconds,
    Mb,
    /// How many: fewer are better.
    Count,
}

/// What the product is held against.
#[derive(Clone, Copy)]
pub enum Goal {
    /// So many times what the bare server takes or reaches.
    Stack(f64),
    /// So many times what the database alone takes or reaches.
    Floor(f64),
    /// So many times what the product itself takes with fewer records, which is `of`.
    Fewer { times: f64, of: f64 },
}

/// How far from the goal is still accepted.
#[derive(Clone, Copy)]
pub enum Limit {
    /// Twice the goal.
    Double,
    /// So many times what the goal speaks of.
    Times(f64),
    /// This, whatever the others reach.
    At(f64),
    /// Shown, and nothing else.
    Free,
}

/// One line of the table.
pub struct Figure {
    pub name: &'static str,
    pub unit: Unit,
    pub floor: Option<f64>,
    pub stack: Option<f64>,
    pub formwork: Option<f64>,
    /// Of the product to what it is held against; the middle of several runs, where there were several.
    pub ratio: Option<f64>,
    pub goal: Option<Goal>,
    pub limit: Limit,
    /// Milliseconds of processor time for one answer: of the bare server, and of the product.
    pub processor: Option<(f64, f64)>,
}

impl Figure {
    pub fn new(name: &'static str, unit: Unit) -> Figure {
        let (floor, stack, formwork, ratio) = (None, None, None, None);
        Figure { name, unit, floor, stack, formwork, ratio, goal: None, limit: Limit::Free, processor: None }
    }

    /// The ratio that the goal speaks of.
    fn ratio(&self) -> Option<f64> {
        self.ratio.or_else(|| match self.goal? {
            Goal::Stack(_) => Some(self.formwork? / self.stack?),
            Goal::Floor(_) => Some(self.formwork? / self.floor?),
            Goal::Fewer { of, .. } => Some(self.formwork? / of),
        })
    }

    fn factor(&self) -> Option<f64> {
        self.goal.map(|goal| match goal {
            Goal::Stack(factor) | Goal::Floor(factor) | Goal::Fewer { times: factor, .. } => factor,
        })
    }

    fn reaches(&self, value: f64, wanted: f64) -> bool {
        if self.unit == Unit::PerSecond { value >= wanted } else { value <= wanted }
    }

    fn doubled(&self, factor: f64) -> f64 {
        if self.unit == Unit::PerSecond { factor / 2.0 } else { factor * 2.0 }
    }

    /// The limit, where it speaks of a ratio.
    fn times(&self) -> Option<f64> {
        match self.limit {
            Limit::Double => self.factor().map(|factor| self.doubled(factor)),
            Limit::Times(times) => Some(times),
            Limit::At(_) | Limit::Free => None,
        }
    }

    /// Whether it is within its limit; true where there is none, false where it was not measured.
    pub fn holds(&self) -> bool {
        match self.limit {
            Limit::Free => true,
            Limit::At(limit) => self.formwork.is_some_and(|value| self.reaches(value, limit)),
            Limit::Double | Limit::Times(_) => match (self.ratio(), self.times()) {
                (Some(ratio), Some(times)) => self.reaches(ratio, times),
                _ => false,
            },
        }
    }

    /// Whether it is within a limit that does not depend on others, where it has one.
    fn is_within(&self) -> bool {
        !matches!(self.limit, Limit::At(_)) || self.holds()
    }

    /// Its line of the table.
    pub fn line(&self) -> String {
        let sign = if self.unit == Unit::PerSecond { "≥" } else { "≤" };
        let shown = |value: Option<f64>| value.map_or("–".to_string(), |value| self.shown(value));
        let ratio = self.ratio().map_or("–".to_string(), |ratio| format!("{ratio:.2}"));
        let goal = self.goal.map_or("–".to_string(), |goal| match goal {
            Goal::Stack(factor) => format!("{sign} {factor} × stack"),
            Goal::Floor(factor) => format!("{sign} {factor} × floor"),
            Goal::Fewer { times, of } => format!("{sign} {times} × {}", self.shown(of)),
        });
        let limit = match (self.limit, self.times()) {
            (_, Some(times)) => format!("{sign} {} ×", round(times)),
            (Limit::At(limit), _) => format!("{sign} {}", self.shown(limit)),
            _ => "–".to_string(),
        };
        let reached = match (self.ratio(), self.factor()) {
            (Some(ratio), Some(factor)) if self.reaches(ratio, factor) && self.is_within() => "goal",
            _ if matches!(self.limit, Limit::Free) => "–",
            _ if self.holds() => "limit",
            _ => "**past the limit**",
        };
        let processor =
            self.processor.map_or("–".to_string(), |(stack, ours)| format!("{stack:.3} / {ours:.3}"));
        format!(
            "| {} | {} | {} | {} | {ratio} | {goal} | {limit} | {reached} | {processor} |",
            self.name,
            shown(self.floor),
            shown(self.stack),
            shown(self.formwork),
        )
    }

    fn shown(&self, value: f64) -> String {
        match self.unit {
            Unit::Ms if value < 1.0 => format!("{value:.3} ms"),
            Unit::Ms => format!("{value:.2} ms"),
            Unit::PerSecond => format!("{value:.0}/s"),
            Unit::Seconds => format!("{value:.2} s"),
            Unit::Mb => format!("{value:.1} MB"),
            Unit::Count => format!("{value:.0}"),
        }
    }
}

fn round(factor: f64) -> f64 {
    (factor * 1000.0).round() / 1000.0
}

/// The table, in Markdown.
pub fn table(figures: &[Figure]) -> String {
    let mut table = "| operation | floor | stack | formwork | ratio | goal | limit | reached | CPU ms each, stack / formwork |\n\
                     |---|---|---|---|---|---|---|---|---|\n"
        .to_string();
    for figure in figures {
        // Writing into a text does not fail.
        let _ = writeln!(table, "{}", figure.line());
    }
    table
}
