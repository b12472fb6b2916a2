//! A period: chosen by name or by its ends, kept in the address.

use engine::value::{Date, format_date, format_month, parse_date, parse_month};
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use crate::ui::{Button, ControlSize, DateRange, Icon, Popover};
use crate::{i18n, t, text};

/// What was chosen. In the address it is `this_year`, `last_n_days:365`, `2022-01..2024-12`, `2024-11-08..` or `all`.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Period {
    #[default]
    All,
    Relative(String, Option<u32>),
    /// First and last month or day; either may be open.
    Between(Option<String>, Option<String>),
}

/// The periods with a name, in the order of the menu.
const NAMED: [(&str, Option<u32>); 8] = [
    ("this_month", None),
    ("previous_month", None),
    ("this_quarter", None),
    ("previous_quarter", None),
    ("this_year", None),
    ("previous_year", None),
    ("last_n_days", Some(30)),
    ("last_n_days", Some(365)),
];

impl Period {
    pub fn read(text: &str) -> Period {
        if let Some((from, to)) = text.split_once("..") {
            let end = |text: &str| {
                let day = parse_date(text).map(format_date);
                day.or_else(|| parse_month(text).map(format_month))
            };
            return Period::Between(end(from), end(to)).plain();
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

    /// The first and the last day where they are chosen, as the wire has days.
    fn days(&self) -> [String; 2] {
        let Period::Between(from, to) = self else { return Default::default() };
        let day = |text: &Option<String>, of_month: fn(Date) -> Date| {
            let text = text.as_deref()?;
            parse_date(text).or_else(|| parse_month(text).map(of_month)).map(format_date)
        };
        [day(from, Date::first_of_month), day(to, Date::last_of_month)].map(Option::unwrap_or_default)
    }

    /// Between two days; whole months are called by their names.
    fn of_days(ends: &[String; 2]) -> Period {
        let [from, to] = ends.each_ref().map(|text| parse_date(text));
        let is_whole = from.is_none_or(|from| from == from.first_of_month())
            && to.is_none_or(|to| to == to.last_of_month());
        let written = |day: Date| if is_whole { format_month(day) } else { format_date(day) };
        Period::Between(from.map(written), to.map(written)).plain()
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
    let ends = Signal::derive(move || value.with(Period::days));
    let set = move |ends: [String; 2]| on_change.run(Period::of_days(&ends));
    view! {
        <Button size=ControlSize::Small icon="date" expanded=open on_press=move |_| open.update(|open| *open = !*open)>
            {move || label.with(|label| (!label.is_empty()).then(|| view! { <span class="muted">{label.clone()}</span> }))}
            {move || value.with(Period::words)}
            <Icon name="down"/>
        </Button>
        <Popover open=open class="menu" role="group">
            <div role="listbox" aria-label=t!("ui-choose")>
                {item(Period::All)}
                {NAMED.iter().map(|(name, n)| item(Period::Relative(name.to_string(), *n))).collect_view()}
            </div>
            <div class="menu-line"></div>
            <div class="period-ends"><DateRange value=ends on_change=set size=ControlSize::Small/></div>
        </Popover>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_keeps_its_meaning_in_the_address() {
        for text in [
            "all",
            "this_year",
            "last_n_days:365",
            "2022-01..2024-12",
            "2022-01..",
            "..2024-12",
            "2024-11-08..2024-11-15",
        ] {
            assert_eq!(Period::read(text).written(), text);
        }
        assert_eq!(Period::read("nonsense"), Period::All);
        assert_eq!(Period::read("..").written(), "all");
    }

    #[test]
    fn days_are_chosen_and_whole_months_called_by_name() {
        let chosen = |from: &str, to: &str| Period::of_days(&[from.to_string(), to.to_string()]).written();
        assert_eq!(chosen("2024-02-01", "2024-02-29"), "2024-02..2024-02");
        assert_eq!(chosen("2024-02-01", "2024-02-28"), "2024-02-01..2024-02-28");
        assert_eq!(chosen("2024-02-01", ""), "2024-02..");
        assert_eq!(chosen("", "soon"), "all");
        let days = |text: &str| Period::read(text).days().join(" ");
        assert_eq!(days("2024-01..2024-02"), "2024-01-01 2024-02-29");
        assert_eq!(days("2024-01-08.."), "2024-01-08 ");
        assert_eq!(days("this_year"), " ");
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
