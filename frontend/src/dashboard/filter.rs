//! A filter on top of a dashboard, kept in the address.

use leptos::prelude::*;
use serde_json::{Map, Value as Json, json};
use wire::DashboardFilter;

use crate::api::records;
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
            let (ids, _) = text.split_once('~').unwrap_or((&text, ""));
            json!(ids.split(',').filter(|id| !id.is_empty()).collect::<Vec<_>>())
        };
        all.insert(filter.key.clone(), value);
    }
    all
}

#[component]
pub fn FilterControl(filter: DashboardFilter, address: Address) -> impl IntoView {
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
    match (filter.form, filter.field.clone()) {
        // A record or a member: its name goes into the address with it, so that it can be shown at once.
        (Some(form), Some(field)) => {
            let title = move || text().and_then(|text| Some(text.split_once('~')?.1.to_string()));
            let title = Signal::derive(move || title().unwrap_or_default());
            let search = Callback::new(move |text: String| -> Searching {
                let field = field.clone();
                Box::pin(async move {
                    let items = records::options(form, &field, &text).await?;
                    let found = items.into_iter().map(|item| Found {
                        id: item.id.to_string(),
                        title: item.title,
                        ..Found::default()
                    });
                    Ok(found.collect())
                })
            });
            let change =
                move |found: Option<Found>| set(found.map(|found| format!("{}~{}", found.id, found.title)));
            view! { <RecordFilter label=label title=title search=search on_change=change/> }.into_any()
        }
        _ => {
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
                text.split(',').filter(|key| !key.is_empty()).map(str::to_string).collect::<Vec<_>>()
            });
            let change = move |keys: Vec<String>| set((!keys.is_empty()).then(|| keys.join(",")));
            view! { <span class="filter-box"><MultiSelect choices=choices value=value on_change=change placeholder=label label=label/></span> }.into_any()
        }
    }
}
