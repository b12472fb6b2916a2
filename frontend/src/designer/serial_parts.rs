//! The parts of a serial number, with the number that they give.

use engine::field::SerialPart;
use engine::field::options::Serial;
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::entry_buttons::EntryButtons;
use super::state::Designer;
use crate::ui::{Choice, ControlSize, Field, MenuButton, MenuItem, NumberInput, Select, Switch, TextInput};
use crate::{i18n, t};

/// What a part may be.
const KINDS: [&str; 4] = ["text", "date", "field", "counter"];
/// The ways in which a day is written.
const DATES: [&str; 6] = ["%Y", "%y", "%Y%m", "%Y%m%d", "%y%m%d", "%m"];
const RESETS: [&str; 4] = ["never", "day", "month", "year"];

/// The options of a serial number.
#[component]
pub fn SerialOptions(designer: Designer, path: String) -> impl IntoView {
    let stored = designer.member(&path, "options.parts");
    let parts = move || stored.get().as_array().cloned().unwrap_or_default();
    let at = StoredValue::new(path);
    let change = move |change: &dyn Fn(&mut Vec<Json>)| {
        let mut all = untrack(parts);
        change(&mut all);
        at.with_value(|path| designer.set(path, "options.parts", Json::Array(all)));
    };
    let replace = move |place: usize, part: Json| {
        change(&|all| {
            if let Some(old) = all.get_mut(place) {
                *old = part.clone();
            }
        });
    };
    // A line stays while its part is of the same kind, so that what has the focus keeps it.
    let kinds_of_parts = Memo::new(move |_| parts().iter().map(kind_of).collect::<Vec<_>>());
    let line = move |place: usize| {
        let part = Memo::new(move |_| parts().get(place).cloned().unwrap_or_default());
        view! {
            <div class="row serial-part">
                <div class="grow"><PartInput designer=designer own=at.get_value() part=part on_change=move |part: Json| replace(place, part)/></div>
                <EntryButtons
                    on_up=move |()| change(&|all| if place > 0 && place < all.len() { all.swap(place, place - 1) })
                    on_down=move |()| change(&|all| if place + 1 < all.len() { all.swap(place, place + 1) })
                    on_remove=move |()| change(&|all| if place < all.len() { drop(all.remove(place)) })
                />
            </div>
        }
    };
    let kinds = move || {
        let has_counter = parts().iter().any(|part| part.get("counter").is_some());
        let item = move |kind: &'static str| {
            let name = move || i18n::lookup(&format!("designer-serial-{kind}"), &[]);
            view! { <MenuItem on_choose=move |()| change(&|all| all.push(new_part(kind)))>{name}</MenuItem> }
        };
        let offered = KINDS.into_iter().filter(move |kind| *kind != "counter" || !has_counter);
        offered.map(item).collect_view()
    };
    let sample = move || {
        let parts = serde_json::from_value::<Vec<SerialPart>>(stored.get()).unwrap_or_default();
        Serial { parts }.render(1, i18n::today(), |key| format!("[{}]", designer.label(key)))
    };
    view! {
        <Field label=t!("designer-serial-parts")>
            <div class="stack g1">
                {move || (0..kinds_of_parts.with(Vec::len)).map(line).collect_view()}
                <div>
                    <MenuButton icon="plus" label=Signal::derive(t!("designer-add-part")) text=Signal::derive(t!("designer-add-part")) size=ControlSize::Small>
                        {kinds}
                    </MenuButton>
                </div>
                <p class="note">{t!("designer-serial-sample")}" "<span class="code" data-sample="true">{sample}</span></p>
            </div>
        </Field>
    }
}

/// One part, by what it is.
#[component]
fn PartInput(
    designer: Designer,
    own: String,
    part: Memo<Json>,
    #[prop(into)] on_change: Callback<Json>,
) -> impl IntoView {
    let kind = part.with_untracked(kind_of);
    let said = move |name: &'static str| {
        Signal::derive(move || {
            let said = part.with(|part| part.get(name).and_then(Json::as_str).map(str::to_string));
            said.filter(|text| !text.is_empty())
        })
    };
    if kind == "text" {
        let text = said("text");
        let text = Signal::derive(move || text.get().unwrap_or_default());
        let set = move |text: String| on_change.run(json!({ "text": text }));
        return view! {
            <Field label=t!("designer-serial-text")><TextInput value=text on_change=set/></Field>
        }
        .into_any();
    }
    if kind == "date" {
        let today = i18n::today();
        let choices: Vec<Choice> = DATES
            .iter()
            .map(|format| {
                let parts = vec![SerialPart { date: Some((*format).to_string()), ..SerialPart::default() }];
                Choice::new(*format, Serial { parts }.render(1, today, |_| String::new()))
            })
            .collect();
        let chosen = said("date");
        let set = move |format: Option<String>| on_change.run(json!({ "date": format.unwrap_or_default() }));
        return view! {
            <Field label=t!("designer-serial-date")><Select choices=choices value=chosen on_change=set/></Field>
        }
        .into_any();
    }
    if kind == "field" {
        let chosen = said("field");
        let scope = Signal::derive(move || part.with(|part| part.get("scope") == Some(&json!(true))));
        let fields = Signal::derive(move || {
            let language = i18n::language();
            designer.document.with(|document| {
                let others =
                    document.fields.iter().filter(|field| field.kind.holds_data() && field.key != own);
                let single = others.filter(|field| field.columns().is_empty());
                single.map(|field| Choice::new(&field.key, field.label.get(language))).collect::<Vec<_>>()
            })
        });
        let set = move |key: Option<String>| {
            on_change.run(field_part(&key.unwrap_or_default(), scope.get_untracked()));
        };
        let set_scope = move |on: bool| {
            on_change.run(field_part(&chosen.get_untracked().unwrap_or_default(), on));
        };
        return view! {
            <div class="stack g1">
                <Field label=t!("designer-serial-field")><Select choices=fields value=chosen on_change=set/></Field>
                <label class="switch-row">
                    <span>{t!("designer-serial-scope")}</span>
                    <Switch checked=scope on_change=set_scope/>
                </label>
            </div>
        }
        .into_any();
    }
    let of_counter = move |name: &str| part.with(|part| part.get("counter")?.get(name).cloned());
    let width = Signal::derive(move || of_counter("width").and_then(|it| it.as_u64()).unwrap_or(4));
    let reset = Signal::derive(move || {
        let reset = of_counter("reset").and_then(|it| it.as_str().map(str::to_string));
        reset.unwrap_or_else(|| "never".to_string())
    });
    let set_width = move |typed: String| {
        let width = typed.trim().parse::<u64>().unwrap_or(width.get_untracked()).clamp(1, 12);
        on_change.run(json!({ "counter": {"width": width, "reset": reset.get_untracked()} }));
    };
    let set_reset = move |reset: Option<String>| {
        let width = width.get_untracked();
        on_change.run(json!({ "counter": {"width": width, "reset": reset.unwrap_or_default()} }));
    };
    let resets = Signal::derive(|| {
        let name = |name: &str| Choice::new(name, i18n::lookup(&format!("designer-reset-{name}"), &[]));
        RESETS.map(name).to_vec()
    });
    view! {
        <div class="stack g1">
            <Field label=t!("designer-serial-width")>
                <NumberInput value=Signal::derive(move || width.get().to_string()) on_change=set_width/>
            </Field>
            <Field label=t!("designer-serial-reset")>
                <Select choices=resets value=Signal::derive(move || Some(reset.get())) on_change=set_reset/>
            </Field>
        </div>
    }
    .into_any()
}

/// Which of the kinds a part is.
fn kind_of(part: &Json) -> &'static str {
    let named = |kind: &&&str| part.get(**kind).is_some_and(|value| !value.is_null());
    KINDS.iter().find(named).copied().unwrap_or("counter")
}

fn field_part(key: &str, scope: bool) -> Json {
    if scope { json!({"field": key, "scope": true}) } else { json!({ "field": key }) }
}

fn new_part(kind: &str) -> Json {
    match kind {
        "text" => json!({"text": "-"}),
        "date" => json!({"date": "%Y%m%d"}),
        "field" => json!({"field": ""}),
        _counter => json!({"counter": {"width": 4}}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_that_can_be_added_is_one_for_the_engine() {
        for kind in KINDS {
            serde_json::from_value::<SerialPart>(new_part(kind)).unwrap();
            assert!(
                !i18n::lookup(&format!("designer-serial-{kind}"), &[]).starts_with("designer-"),
                "{kind}"
            );
        }
        for reset in RESETS {
            let part = json!({"counter": {"width": 4, "reset": reset}});
            serde_json::from_value::<SerialPart>(part).unwrap();
        }
    }
}
