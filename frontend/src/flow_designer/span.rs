//! Lengths of time as people enter them: a number and a unit.

use leptos::prelude::*;

use crate::ui::{Choice, NumberInput, Select};
use crate::{i18n, text};

/// The units of a length of time, as ISO 8601 writes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Minutes,
    Hours,
    Days,
    Weeks,
    Months,
}

impl Unit {
    pub const ALL: [Unit; 5] = [Unit::Minutes, Unit::Hours, Unit::Days, Unit::Weeks, Unit::Months];

    pub fn key(self) -> &'static str {
        match self {
            Unit::Minutes => "minutes",
            Unit::Hours => "hours",
            Unit::Days => "days",
            Unit::Weeks => "weeks",
            Unit::Months => "months",
        }
    }

    fn of(key: &str) -> Option<Unit> {
        Unit::ALL.into_iter().find(|unit| unit.key() == key)
    }
}

/// A length of time in one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub number: u32,
    pub unit: Unit,
}

impl Span {
    /// Reads one in one unit, such as `PT24H`; nothing for others, such as `P1DT12H`, and for those that lead back.
    pub fn read(text: &str) -> Option<Span> {
        let rest = text.strip_prefix('P')?;
        let (rest, is_time) = rest.strip_prefix('T').map_or((rest, false), |rest| (rest, true));
        let unit = match (rest.chars().last()?, is_time) {
            ('M', true) => Unit::Minutes,
            ('H', true) => Unit::Hours,
            ('D', false) => Unit::Days,
            ('W', false) => Unit::Weeks,
            ('M', false) => Unit::Months,
            _ => return None,
        };
        let digits = rest.trim_end_matches(|last: char| last.is_ascii_alphabetic());
        if digits.is_empty() || !digits.chars().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        Some(Span { number: digits.parse().ok()?, unit })
    }

    /// As documents write it.
    pub fn written(self) -> String {
        let number = self.number;
        match self.unit {
            Unit::Minutes => format!("PT{number}M"),
            Unit::Hours => format!("PT{number}H"),
            Unit::Days => format!("P{number}D"),
            Unit::Weeks => format!("P{number}W"),
            Unit::Months => format!("P{number}M"),
        }
    }
}

/// A length of time in words: `3 天`. One that is not in one unit is shown as it is written.
pub fn span_words(text: &str) -> String {
    match Span::read(text) {
        Some(span) => {
            i18n::lookup(&format!("flows-span-{}", span.unit.key()), &[("count", span.number.into())])
        }
        None => text.to_string(),
    }
}

/// A number and a unit.
#[component]
pub fn SpanInput(
    /// As documents write it; empty for none.
    #[prop(into)]
    value: Signal<String>,
    /// The units that are offered.
    #[prop(into)]
    units: Signal<Vec<Unit>>,
    #[prop(into)] on_change: Callback<String>,
    #[prop(into)] label: Signal<String>,
) -> impl IntoView {
    let span = Memo::new(move |_| Span::read(&value.get()));
    // What is chosen before there is a number.
    let chosen = RwSignal::new(Unit::Hours);
    let unit = move || span.get().map_or_else(|| chosen.get(), |span| span.unit);
    let choices = Signal::derive(move || {
        let choice =
            |unit: &Unit| Choice::new(unit.key(), i18n::lookup(&format!("flows-unit-{}", unit.key()), &[]));
        let mut all: Vec<Choice> = units.with(|units| units.iter().map(choice).collect());
        let own = unit();
        if all.iter().all(|known| known.key != own.key()) {
            all.push(choice(&own));
        }
        all
    });
    let enter = move |number: String| {
        if let Ok(number) = number.parse::<u32>() {
            on_change.run(Span { number, unit: untrack(unit) }.written());
        }
    };
    let turn = move |key: Option<String>| {
        let Some(unit) = key.as_deref().and_then(Unit::of) else { return };
        chosen.set(unit);
        if let Some(span) = span.get_untracked() {
            on_change.run(Span { unit, ..span }.written());
        }
    };
    let number = Signal::derive(move || span.get().map(|span| span.number.to_string()).unwrap_or_default());
    let other = move || {
        value.with(|text| {
            (!text.is_empty() && span.get().is_none()).then(|| text!("flows-span-other", text = text.clone()))
        })
    };
    view! {
        <div class="row span-input">
            <NumberInput value=number on_change=enter label=label/>
            <Select
                choices=choices
                value=Signal::derive(move || Some(unit().key().to_string()))
                on_change=turn
                label=Signal::derive(move || text!("flows-unit"))
            />
        </div>
        {move || other().map(|words| view! { <span class="help">{words}</span> })}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_in_one_unit_are_read_and_written() {
        for text in ["PT30M", "PT24H", "P3D", "P2W", "P1M"] {
            assert_eq!(Span::read(text).map(Span::written).as_deref(), Some(text));
        }
        for text in ["P1DT12H", "-P1D", "P", "PT", "PD", "3 days", "P1Y", "PT5D"] {
            assert_eq!(Span::read(text), None, "{text}");
        }
    }

    #[test]
    fn every_unit_has_its_words() {
        for unit in Unit::ALL {
            let words = span_words(&Span { number: 3, unit }.written());
            assert!(words.contains('3') && !words.starts_with('P'), "{words}");
        }
        assert_eq!(span_words("P1DT12H"), "P1DT12H");
    }
}
