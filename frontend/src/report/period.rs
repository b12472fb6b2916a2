//! A period: chosen by name or by its ends, kept in the address.

use engine::value::{format_month, parse_month};
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use crate::ui::{Button, ControlSize, DateInput, DateInputKind, Icon, Popover};
use crate::{i18n, t, text};

/// What was chosen. In the address it is `this_year`, `last_n_days:365`, `2022-01..2024-12` or `all`.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Period {
    #[default]
    All,
    Relative(String, Option<u32>),
    /// First and last month; either may be open.
    Between(Option<String>, Option<String>),
}

/// The periods with a name, in the order of the menu.
const NAMED: [(&str, Option<u32>); 7] = [
    ("this_month", None),
    ("previous_month", None),
    ("this_quarter", None),
    ("this_year", None),
    ("previous_year", None),
    ("last_n_days", Some(30)),
    ("last_n_days", Some(365)),
];

impl Period {
    pub fn read(text: &str) -> Period {
        if let Some((from, to)) = text.split_once("..") {
            let month = |text: &str| parse_month(text).map(format_month);
            return Period::Between(month(from), month(to)).plain();
        }
        let (name, n) = text.split_once(':').map_or((text, None), |(name, n)| (name, n.parse().ok()));
        if NAMED.iter().any(|(known, _)| *known == name) {
            Period::Relative(name.to_string(), n)
        } else {
            Period::All
        }
    }

    pub fn written(&self) -> String {
        match self {
            Period::All => "all".to_string(),
            Period::Relative(name, None) => name.clone(),
            Period::Relative(name, Some(n)) => format!("{name}:{n}"),
            Period::Between(from, to) => {
                format!("{}..{}", from.as_deref().unwrap_or_default(), to.as_deref().unwrap_or_default())
            }
        }
    }

    /// As the wire has it.
    pub fn json(&self) -> Json {
        match self {
            Period::All => json!({}),
            Period::Relative(name, None) => json!({ "relative": name }),
            Period::Relative(name, Some(n)) => json!({ "relative": name, "n": n }),
            Period::Between(from, to) => json!({ "from": from, "to": to }),
        }
    }

    /// From a document's default.
    pub fn of_json(json: &Json) -> Period {
        let text = |name: &str| json.get(name).and_then(Json::as_str).map(str::to_string);
        match (text("relative"), json.as_str()) {
            (Some(name), _) => {
                let n = json.get("n").and_then(Json::as_u64).and_then(|n| u32::try_from(n).ok());
                Period::Relative(name, n)
            }
            (None, Some(name)) if parse_month(name).is_some() => {
                Period::Between(Some(name.to_string()), Some(name.to_string()))
            }
            (None, Some(year)) => {
                Period::Between(Some(format!("{year}-01")), Some(format!("{year}-12"))).plain()
            }
            (None, None) => Period::Between(text("from"), text("to")).plain(),
        }
    }

    fn plain(self) -> Period {
        match self {
            Period::Between(None, None) => Period::All,
            other => other,
        }
    }

    /// As people say it.
    pub fn words(&self) -> String {
        match self {
            Period::All => text!("report-period-all"),
            Period::Relative(name, n) => named(name, *n),
            Period::Between(Some(from), Some(to)) if from == to => from.clone(),
            Period::Between(Some(from), Some(to)) => format!("{from} – {to}"),
            Period::Between(Some(from), None) => text!("report-period-since", from = from),
            Period::Between(None, Some(to)) => text!("report-period-until", to = to),
            Period::Between(None, None) => text!("report-period-all"),
        }
    }
}

fn named(name: &str, n: Option<u32>) -> String {
    let key = format!("report-period-{}", name.replace('_', "-"));
    i18n::lookup(&key, &[("n", n.unwrap_or(1).into())])
}

/// A button that shows the period and opens the choice.
#[component]
pub fn PeriodPicker(
    #[prop(into)] value: Signal<Period>,
    #[prop(into)] on_change: Callback<Period>,
    #[prop(optional, into)] label: Signal<String>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let choose = move |period: Period| {
        open.set(false);
        on_change.run(period);
    };
    let item = move |period: Period| {
        let words = period.clone();
        let chosen = period.clone();
        view! {
            <button
                type="button"
                class="menu-item"
                role="option"
                aria-checked=move || value.with(|value| *value == chosen).to_string()
                on:click=move |_| choose(period.clone())
            >
                <span class="grow">{move || words.words()}</span>
                <Icon name="check" class="tick"/>
            </button>
        }
    };
    let ends = move || match value.get() {
        Period::Between(from, to) => (from.unwrap_or_default(), to.unwrap_or_default()),
        _ => Default::default(),
    };
    let set = move |from: String, to: String| {
        let month = |text: &str| parse_month(text).map(format_month);
        on_change.run(Period::Between(month(&from), month(&to)).plain());
    };
    view! {
        <Button size=ControlSize::Small icon="date" expanded=open on_press=move |_| open.update(|open| *open = !*open)>
            {move || label.with(|label| (!label.is_empty()).then(|| view! { <span class="muted">{label.clone()}</span> }))}
            {move || value.with(Period::words)}
            <Icon name="down"/>
        </Button>
        <Popover open=open class="menu" role="listbox">
            {item(Period::All)}
            {NAMED.iter().map(|(name, n)| item(Period::Relative(name.to_string(), *n))).collect_view()}
            <div class="menu-line"></div>
            <div class="period-ends">
                <label class="note muted">
                    {t!("report-from")}
                    <DateInput value=Signal::derive(move || ends().0) on_change=move |from: String| set(from, ends().1) kind=DateInputKind::Month size=ControlSize::Small/>
                </label>
                <label class="note muted">
                    {t!("report-to")}
                    <DateInput value=Signal::derive(move || ends().1) on_change=move |to: String| set(ends().0, to) kind=DateInputKind::Month size=ControlSize::Small/>
                </label>
            </div>
        </Popover>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_keeps_its_meaning_in_the_address() {
        for text in ["all", "this_year", "last_n_days:365", "2022-01..2024-12", "2022-01..", "..2024-12"] {
            assert_eq!(Period::read(text).written(), text);
        }
        assert_eq!(Period::read("nonsense"), Period::All);
        assert_eq!(Period::read("..").written(), "all");
    }

    #[test]
    fn a_documents_default_is_a_period() {
        for (json, text) in [
            (json!({"relative": "last_n_days", "n": 365}), "last_n_days:365"),
            (json!("2024"), "2024-01..2024-12"),
            (json!({"from": "2024-01"}), "2024-01.."),
            (json!(null), "all"),
        ] {
            assert_eq!(Period::of_json(&json).written(), text);
        }
    }
}
