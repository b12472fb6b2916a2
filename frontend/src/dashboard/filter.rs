//! A filter on top of a dashboard, kept in the address.

use leptos::prelude::*;
use serde_json::{Map, Value as Json, json};
use wire::DashboardFilter;

use crate::api::{dashboards, records};
use crate::i18n;
use crate::report::address::Address;
use crate::report::period::{Period, PeriodPicker};
use crate::report::record_filter::RecordFilter;
use crate::ui::{Choice, Found, MultiSelect, Searching};

/// What the address says of the filters, as the wire has it. What it does not say is left to the defaults.
pub fn chosen(filters: &[DashboardFilter], address: Address) -> Map<String, Json> {
    let mut all = Map::new();
    for filter in filters {
        let Some(text) = address.get(&filter.key) else { continue };
        let value = if filter.kind == "period" {
            Period::read(&text).json()
        } else {
            let (keys, _) = text.split_once('~').unwrap_or((&text, ""));
            json!(keys.split(',').filter(|key| !key.is_empty()).map(unmarked).collect::<Vec<_>>())
        };
        all.insert(filter.key.clone(), value);
    }
    all
}

/// A value as it stands in the address: free of the marks between values and before a name, and of the percent sign, which
/// the router takes for an escape of its own even where the browser has undone them.
fn marked(key: &str) -> String {
    key.replace('!', "!0").replace(',', "!1").replace('~', "!2").replace('%', "!3")
}

fn unmarked(key: &str) -> String {
    key.replace("!3", "%").replace("!2", "~").replace("!1", ",").replace("!0", "!")
}

/// Where the choices of a filter are looked for; `None` where they are known.
fn search_of(dashboard: String, filter: &DashboardFilter) -> Option<Callback<String, Searching>> {
    let named = |id: String, title: String| Found { id, title, ..Found::default() };
    match (filter.form, filter.field.clone()) {
        (Some(form), Some(field)) => Some(Callback::new(move |text: String| -> Searching {
            let field = field.clone();
            Box::pin(async move {
                let items = records::options(form, &field, &text).await?;
                Ok(items.into_iter().map(|item| named(item.id.to_string(), item.title)).collect())
            })
        })),
        _ if filter.has_options => {
            let key = filter.key.clone();
            Some(Callback::new(move |text: String| -> Searching {
                let (dashboard, key) = (dashboard.clone(), key.clone());
                Box::pin(async move {
                    let language = i18n::language_now();
                    let choices = dashboards::options(&dashboard, &key, &text).await?;
                    let found = choices
                        .into_iter()
                        .map(|choice| named(choice.key, choice.label.get(language).to_string()));
                    Ok(found.collect())
                })
            }))
        }
        _ => None,
    }
}

/// One filter of the dashboard with this id.
#[component]
pub fn FilterControl(dashboard: String, filter: DashboardFilter, address: Address) -> impl IntoView {
    let key = StoredValue::new(filter.key.clone());
    let text = move || key.with_value(|key| address.get(key));
    let set = move |text: Option<String>| key.with_value(|key| address.set(key, text));
    let label = filter.label.clone();
    let label = Signal::derive(move || label.get(i18n::language()).to_string());
    if filter.kind == "period" {
        let default = Period::of_json(&filter.default);
        let kept = default.clone();
        let value = Signal::derive(move || text().map_or(default.clone(), |text| Period::read(&text)));
        let change = move |period: Period| set((period != kept).then(|| period.written()));
        return view! { <PeriodPicker value=value on_change=change label=label/> }.into_any();
    }
    match search_of(dashboard, &filter) {
        // What was picked goes into the address with its name, so that it can be shown at once.
        Some(search) => {
            let title = move || text().and_then(|text| Some(unmarked(text.split_once('~')?.1)));
            let title = Signal::derive(move || title().unwrap_or_default());
            let change = move |found: Option<Found>| {
                set(found.map(|found| format!("{}~{}", marked(&found.id), marked(&found.title))));
            };
            view! { <RecordFilter label=label title=title search=search on_change=change/> }.into_any()
        }
        None => {
            let choices = filter.choices.clone();
            let choices = Signal::derive(move || {
                let language = i18n::language();
                choices
                    .iter()
                    .map(|choice| Choice::new(choice.key.clone(), choice.label.get(language)))
                    .collect::<Vec<_>>()
            });
            let value = Signal::derive(move || {
                let text = text().unwrap_or_default();
                text.split(',').filter(|key| !key.is_empty()).map(unmarked).collect::<Vec<_>>()
            });
            let change = move |keys: Vec<String>| {
                let keys: Vec<String> = keys.iter().map(|key| marked(key)).collect();
                set((!keys.is_empty()).then(|| keys.join(",")));
            };
            view! { <span class="filter-box"><MultiSelect choices=choices value=value on_change=change placeholder=label label=label/></span> }.into_any()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_value_comes_back_from_the_address() {
        for value in ["a", "Chairs, red", "~", "100 %", "%2C", "%7E,~%25", "!1", "!!0%3", "No!"] {
            let marked = marked(value);
            assert!(!marked.contains([',', '~', '%']), "{marked}");
            assert_eq!(unmarked(&marked), value);
        }
    }
}
