//! Axes: round steps, short numbers.

use crate::i18n::{self, Language};

/// An axis with its ticks, from the lowest to the highest.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    pub low: f64,
    pub high: f64,
    pub ticks: Vec<f64>,
}

/// About how many steps an axis has.
const STEPS: f64 = 4.0;

impl Scale {
    /// A scale that has room for all values, and for 0.
    pub fn over(values: impl Iterator<Item = f64>) -> Scale {
        let (low, high) =
            values.fold((0.0f64, 0.0f64), |(low, high), value| (low.min(value), high.max(value)));
        let step = round_step((high - low) / STEPS);
        let first = (low / step).floor() as i64;
        let last = ((high / step).ceil() as i64).max(first + 1);
        let ticks: Vec<f64> = (first..=last).map(|tick| tick as f64 * step).collect();
        Scale { low: first as f64 * step, high: last as f64 * step, ticks }
    }

    /// Where a value lies between the bottom (`from`) and the top (`to`) of a drawing.
    pub fn place(&self, value: f64, from: f64, to: f64) -> f64 {
        from + (value - self.low) / (self.high - self.low) * (to - from)
    }
}

/// 1, 2, 2.5 or 5 times a power of ten, at or above `step`.
fn round_step(step: f64) -> f64 {
    if step <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(step.log10().floor());
    let round = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|round| round * power >= step * 0.999_999);
    round.unwrap_or(10.0) * power
}

/// A number on an axis: in 万 and 亿, or thousands and millions.
pub fn axis_text(value: f64, unit: Option<&str>) -> String {
    let (large, huge) = match i18n::language() {
        Language::ZhCn => ((1e4, "万"), (1e8, "亿")),
        Language::ZhTw => ((1e4, "萬"), (1e8, "億")),
        Language::En => ((1e3, "k"), (1e6, "M")),
    };
    let (divisor, suffix) = match value.abs() {
        size if size >= huge.0 => huge,
        size if size >= large.0 => large,
        _ => (1.0, ""),
    };
    let number = format!("{:.2}", value / divisor);
    let number = number.trim_end_matches('0').trim_end_matches('.');
    let number = if number == "-0" { "0" } else { number };
    match unit.filter(|unit| *unit == "%") {
        Some(unit) => format!("{number}{suffix}\u{a0}{unit}"),
        None if suffix.is_empty() => number.to_string(),
        None => format!("{number}\u{a0}{suffix}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_have_round_steps_and_include_zero() {
        let scale = Scale::over([120.0, 410.0].into_iter());
        assert_eq!((scale.low, scale.high), (0.0, 600.0));
        let scale = Scale::over([-3.0, 4.0].into_iter());
        assert_eq!((scale.low, scale.high), (-4.0, 4.0));
        let scale = Scale::over(std::iter::empty());
        assert_eq!((scale.low, scale.high), (0.0, 1.0));
        assert!(Scale::over([6_400_000.0].into_iter()).ticks.len() <= 6);
    }
}
