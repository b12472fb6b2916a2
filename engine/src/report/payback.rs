//! `payback`: after how many periods what came in outweighs what was spent (domain.md 4.3, M05).

use super::compute::Run;
use super::document::PaybackRule;
use crate::value::{Decimal, Value};

impl Run<'_> {
    /// The periods until the sum of gain less cost is no longer below zero, counted from the first one that has an entry.
    /// Empty where that does not happen by the last one.
    pub fn payback(&self, rule: &PaybackRule) -> Value {
        let (_, groups) = self.groups(&rule.by);
        let periods = groups.iter().filter(|group| group.values.iter().any(|value| !value.is_empty()));
        let nets = periods.map(|group| {
            let part = |measure: &String| group.measures.get(measure).and_then(Value::as_number);
            part(&rule.gain).unwrap_or_default().checked_sub(part(&rule.cost).unwrap_or_default())
        });
        periods_until_even(nets).map(Value::Number).unwrap_or_default()
    }
}

/// Within the period that turns the sum, its share that is needed. A sum that is not below zero to begin with is paid back
/// at once.
fn periods_until_even(nets: impl Iterator<Item = Option<Decimal>>) -> Option<Decimal> {
    let mut sum = Decimal::ZERO;
    for (place, net) in nets.enumerate() {
        let (before, net) = (sum, net?);
        sum = sum.checked_add(net)?;
        if sum < Decimal::ZERO {
            continue;
        }
        let Some(whole) = place.checked_sub(1) else { return Some(Decimal::ZERO) };
        return Decimal::from(whole).checked_add((-before).checked_div(net)?);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn until_even(nets: &[i64]) -> Option<String> {
        let nets = nets.iter().map(|net| Some(Decimal::from(*net)));
        periods_until_even(nets).map(|periods| periods.normalize().to_string())
    }

    #[test]
    fn the_period_that_turns_the_sum_counts_by_the_share_that_is_needed() {
        assert_eq!(until_even(&[-1200, 100, 200, 300, 400, 500]).as_deref(), Some("4.4"));
        assert_eq!(until_even(&[-100, 100]).as_deref(), Some("1"), "zero is even");
        assert_eq!(until_even(&[-100, 0, 0, 200]).as_deref(), Some("2.5"), "months without an entry count");
        assert_eq!(until_even(&[0, -5]).as_deref(), Some("0"), "never below zero");
        assert_eq!(until_even(&[-1200, 100, 200]), None);
        assert_eq!(until_even(&[]), None);
    }
}
