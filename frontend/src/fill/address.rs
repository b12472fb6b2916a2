//! An address: a choice for each region, by the list that the field names, and a line for the rest.

use std::sync::Arc;

use engine::field::options::Address;
use engine::field::{AddressLevel, FieldKind, Region, Regions};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Map, Value as Json};

use super::state::FormState;
use crate::t;
use crate::ui::{CellField, Choice, Select, TextInput, unique_id};

/// What a part is called.
fn part_name(level: AddressLevel) -> String {
    match level {
        AddressLevel::Province => t!("fill-part-province")(),
        AddressLevel::City => t!("fill-part-city")(),
        AddressLevel::District => t!("fill-part-district")(),
        AddressLevel::Detail => t!("fill-part-detail")(),
    }
}

/// The control of an address.
#[component]
pub fn AddressInput(state: FormState, path: String, options: Address) -> impl IntoView {
    let value = state.value(path.clone());
    let at = StoredValue::new(path);
    let regions = RwSignal::new(None::<Arc<Regions>>);
    let list = options.regions.clone();
    let has_list = RwSignal::new(list.is_some());
    if let Some(list) = list {
        spawn_local(async move {
            // Without the list the names are typed; the server says which it does not know.
            match state.loaders.filled_by.regions(&list).await {
                Ok(found) => drop(regions.try_set(Some(found))),
                Err(_) => {
                    let _ = has_list.try_set(false);
                }
            }
        });
    }
    let deepest = options.level;
    let kind = StoredValue::new(FieldKind::Address(options));
    let parts = Memo::new(move |_| {
        let json = kind.with_value(|kind| kind.to_json(&value.get()));
        AddressLevel::ALL
            .map(|level| json.get(level.name()).and_then(Json::as_str).unwrap_or_default().to_string())
    });
    let part = move |level: AddressLevel| {
        parts.with(|parts| {
            let mut named = AddressLevel::ALL.into_iter().zip(parts);
            named.find(|(known, _)| *known == level).map(|(_, part)| part.clone()).unwrap_or_default()
        })
    };
    // Another region has other ones below it.
    let set = move |level: AddressLevel, text: String| {
        let kept = |known: AddressLevel| known < level || known == AddressLevel::Detail;
        let members: Map<String, Json> = untrack(|| {
            AddressLevel::ALL
                .into_iter()
                .filter(|known| *known <= deepest)
                .map(|known| match known {
                    known if known == level => (known, text.clone()),
                    known if kept(known) => (known, part(known)),
                    known => (known, String::new()),
                })
                .filter(|(_, part)| !part.trim().is_empty())
                .map(|(known, part)| (known.name().to_string(), Json::String(part)))
                .collect()
        });
        at.with_value(|path| state.enter(path, Json::Object(members)));
    };
    let below = move |level: AddressLevel| {
        let path: Vec<String> =
            AddressLevel::ALL.into_iter().filter(|known| *known < level).map(part).collect();
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let named = |region: &Region| Choice::new(region.name(), region.name());
        regions.with(|list| {
            list.as_ref()
                .map(|list| list.below(&path).iter().map(named).collect::<Vec<_>>())
                .unwrap_or_default()
        })
    };
    let control = move |level: AddressLevel| {
        let label = Signal::derive(move || part_name(level));
        let text = Signal::derive(move || part(level));
        if level == AddressLevel::Detail || !has_list.get() {
            return view! {
                <TextInput value=text on_change=move |typed: String| set(level, typed) placeholder=label label=label class="grow"/>
            }
            .into_any();
        }
        let chosen = Signal::derive(move || Some(part(level)).filter(|name| !name.is_empty()));
        let choose = move |name: Option<String>| set(level, name.unwrap_or_default());
        view! {
            <Select choices=Signal::derive(move || below(level)) value=chosen clearable=true placeholder=label label=label on_change=choose/>
        }
        .into_any()
    };
    // The field's own label is for the first of them.
    let other = move |level: AddressLevel| {
        view! {
            <CellField id=unique_id("part") error=Signal::stored(None::<String>) required=false>{move || control(level)}</CellField>
        }
    };
    let others = AddressLevel::ALL.into_iter().skip(1).filter(|level| *level <= deepest);
    let (regions_below, detail): (Vec<AddressLevel>, Vec<AddressLevel>) =
        others.partition(|level| *level != AddressLevel::Detail);
    view! {
        <div class="stack g1">
            <div class="row gap-1 wrap">
                {move || control(AddressLevel::Province)}
                {regions_below.into_iter().map(other).collect_view()}
            </div>
            {detail.into_iter().map(other).collect_view()}
        </div>
    }
}
