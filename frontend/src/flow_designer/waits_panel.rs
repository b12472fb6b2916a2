//! The settings of steps that wait for something else than people: a time, or a flow of another form.

use std::collections::BTreeMap;

use engine::flow::document::FieldMoment;
use engine::form::Catalogue;
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::moments::MomentOfField;
use super::settings::PartLabel;
use super::span::{SpanInput, Unit};
use super::state::FlowDesigner;
use super::words::{form_name, is_called};
use crate::ui::{Choice, ControlSize, Field, IconButton, Segment, Segmented, Select, Switch};
use crate::{i18n, t, text};

/// A step that waits for a time.
#[component]
pub fn DelayPanel(designer: FlowDesigner, step: String) -> impl IntoView {
    let (duration, until) = (designer.member(&step, "for"), designer.member(&step, "until"));
    let at = StoredValue::new(step.clone());
    let of_field = Memo::new(move |_| until.with(|until| !until.is_null()));
    let set = move |duration: Json, until: Json| {
        at.with_value(|step| designer.set_all(step, vec![("for", duration), ("until", until)]));
    };
    let turn = move |to: &'static str| match to {
        "field" => set(Json::Null, json!({"field": ""})),
        _span => set(json!("P1D"), Json::Null),
    };
    let span = Signal::derive(move || duration.with(|json| json.as_str().unwrap_or_default().to_string()));
    let moment = Signal::derive(move || serde_json::from_value::<FieldMoment>(until.get()).ok());
    let enter = move |span: String| set(json!(span), Json::Null);
    let put = move |moment: FieldMoment| set(Json::Null, serde_json::to_value(moment).unwrap_or_default());
    let segment = |key: &'static str, words: fn() -> String| Segment::new(key, words);
    view! {
        <div class="stack g4 prop-top">
            <PartLabel designer=designer step=step/>
            <Segmented
                segments=vec![segment("span", || text!("flows-delay-span")), segment("field", || text!("flows-delay-field"))]
                selected=Signal::derive(move || if of_field.get() { "field" } else { "span" }.to_string())
                on_select=turn
                label=Signal::derive(t!("flows-delay"))
            />
            {move || if of_field.get() {
                view! { <MomentOfField designer=designer value=moment on_change=put/> }.into_any()
            } else {
                let units = Signal::stored(Unit::ALL.to_vec());
                view! { <SpanInput value=span units=units on_change=enter label=Signal::derive(t!("flows-how-long"))/> }.into_any()
            }}
            <span class="help">{t!("flows-delay-help")}</span>
        </div>
    }
}

/// The forms of the app whose flows can be started: all but the one that the flow is for. The one that is `named` stands
/// under that name, however the document calls it, also where it is of another app.
pub fn other_forms(designer: FlowDesigner, named: &str) -> Vec<Choice> {
    let language = i18n::language();
    let mut all: Vec<Choice> = designer.form.with_value(|of| {
        let others = of.others.iter().filter(|form| form.id != of.id);
        let choice = |form: &wire::Form| {
            let key = if is_called(form, named) { named } else { form.key.as_str() };
            Choice::new(key, form.label.get(language))
        };
        others.map(choice).collect()
    });
    if !named.is_empty() && all.iter().all(|choice| choice.key != named) {
        all.push(Choice::new(named, form_name(designer, named)));
    }
    all
}

/// The fields of another form, as far as it is known; those that people can set alone, or all.
pub fn fields_of(designer: FlowDesigner, form: &str, settable: bool) -> Vec<Choice> {
    let app = designer.form.with_value(|of| of.form.sketch.app.clone());
    let language = i18n::language();
    let sketch = designer.catalogue.with(|known| known.form(&app, form));
    let fields = sketch.iter().flat_map(|sketch| &sketch.document.fields);
    let offered = fields.filter(|field| field.kind.holds_data() && (!settable || field.is_input()));
    offered.map(|field| Choice::new(&field.key, field.label.get(language))).collect()
}

/// The fields of the flow's own form, and the columns of one of its sub-forms.
pub fn own_fields(designer: FlowDesigner, rows: Option<&str>, settable: bool) -> Vec<Choice> {
    let (form, language) = (designer.published_form(), i18n::language());
    let offered = |column: &&engine::form::Column| {
        column.field.kind.holds_data() && (!settable || column.field.is_input())
    };
    let mut found: Vec<Choice> = form
        .fields()
        .filter(offered)
        .map(|column| Choice::new(&column.path, column.field.label.get(language)))
        .collect();
    if let Some(rows) = rows {
        let of_rows = form.column(rows).map(|column| column.field.label.get(language).to_string());
        let of_rows = of_rows.unwrap_or_default();
        let columns = form.columns_of(rows).filter(offered);
        found.extend(columns.map(|column| {
            Choice::new(&column.path, format!("{of_rows} / {}", column.field.label.get(language)))
        }));
    }
    found
}

/// A step that starts the flow of another form.
#[component]
pub fn SubflowPanel(designer: FlowDesigner, step: String) -> impl IntoView {
    let form = designer.member(&step, "form");
    let for_each = designer.member(&step, "for_each");
    let wait = designer.member(&step, "wait");
    let (map_in, map_out) = (designer.member(&step, "map_in"), designer.member(&step, "map_out"));
    let at = StoredValue::new(step.clone());
    let named = Memo::new(move |_| form.with(|json| json.as_str().unwrap_or_default().to_string()));
    let rows = Memo::new(move |_| for_each.with(|json| json.as_str().map(str::to_string)));
    let waits = Signal::derive(move || wait.with(|json| *json == json!(true)));
    let set =
        move |member: &'static str, value: Json| at.with_value(|step| designer.set(step, member, value));
    let choose = move |key: Option<String>| {
        let Some(key) = key else { return };
        designer.know(key.clone());
        // The fields of another form are others.
        let members = vec![("form", json!(key)), ("map_in", Json::Null), ("map_out", Json::Null)];
        at.with_value(|step| designer.set_all(step, members));
    };
    let turn_wait = move |on: bool| {
        let wait = if on { json!(true) } else { Json::Null };
        let mut members = vec![("wait", wait)];
        if !on {
            members.push(("map_out", Json::Null));
        }
        at.with_value(|step| designer.set_all(step, members));
    };
    let subforms = Signal::derive(move || {
        let form = designer.published_form();
        let is_subform = |column: &&engine::form::Column| column.field.kind.name() == "subform";
        let choice = |column: &engine::form::Column| {
            Choice::new(&column.path, column.field.label.get(i18n::language()))
        };
        form.fields().filter(is_subform).map(choice).collect::<Vec<_>>()
    });
    let others = Signal::derive(move || other_forms(designer, &named.get()));
    let theirs = move |settable: bool| Signal::derive(move || fields_of(designer, &named.get(), settable));
    let ours =
        move |settable: bool| Signal::derive(move || own_fields(designer, rows.get().as_deref(), settable));
    let read = |map: Memo<Json>| {
        Memo::new(move |_| serde_json::from_value::<BTreeMap<String, String>>(map.get()).unwrap_or_default())
    };
    let write = move |member: &'static str, map: BTreeMap<String, String>| {
        let value = if map.is_empty() { Json::Null } else { json!(map) };
        set(member, value);
    };
    let choose_rows = move |key: Option<String>| set("for_each", key.map(Json::String).unwrap_or_default());
    view! {
        <div class="stack g4 prop-top">
            <PartLabel designer=designer step=step/>
            <Field label=t!("flows-subflow-form")>
                <Select choices=others value=Signal::derive(move || Some(named.get()).filter(|key| !key.is_empty())) on_change=choose/>
            </Field>
            <Field label=t!("flows-subflow-rows") help=Signal::derive(t!("flows-subflow-rows-help"))>
                <Select
                    choices=subforms
                    value=rows
                    on_change=choose_rows
                    clearable=true
                    placeholder=Signal::derive(t!("flows-subflow-once"))
                />
            </Field>
            <label class="switch-row">
                <span><span>{t!("flows-subflow-wait")}</span><span class="help">{t!("flows-subflow-wait-help")}</span></span>
                <Switch checked=waits on_change=turn_wait label=Signal::derive(t!("flows-subflow-wait"))/>
            </label>
            <Mapping title=Signal::derive(t!("flows-map-in")) targets=theirs(true) sources=ours(false) value=read(map_in) on_change=move |map| write("map_in", map)/>
            <Show when=move || waits.get()>
                <Mapping title=Signal::derive(t!("flows-map-out")) targets=ours(true) sources=theirs(false) value=read(map_out) on_change=move |map| write("map_out", map)/>
            </Show>
        </div>
    }
}

/// Which field takes its value from which.
#[component]
fn Mapping(
    title: Signal<String>,
    targets: Signal<Vec<Choice>>,
    sources: Signal<Vec<Choice>>,
    value: Memo<BTreeMap<String, String>>,
    #[prop(into)] on_change: Callback<BTreeMap<String, String>>,
) -> impl IntoView {
    let free = Signal::derive(move || {
        let taken = value.get();
        targets.with(|all| {
            all.iter().filter(|target| !taken.contains_key(&target.key)).cloned().collect::<Vec<_>>()
        })
    });
    // A field of the same key or name is most likely meant.
    let add = move |target: Option<String>| {
        let Some(target) = target else { return };
        let source =
            targets.with_untracked(|targets| sources.with_untracked(|all| likely(&target, targets, all)));
        let Some(source) = source else { return };
        let mut map = value.get_untracked();
        map.insert(target, source);
        on_change.run(map);
    };
    let line = move |target: String| {
        let key = StoredValue::new(target);
        let name = move || {
            key.with_value(|key| {
                let known = targets.with(|all| all.iter().find(|target| target.key == *key).cloned());
                known.map_or_else(|| key.clone(), |target| target.label)
            })
        };
        let source = Signal::derive(move || value.with(|map| key.with_value(|key| map.get(key).cloned())));
        let choose = move |source: Option<String>| {
            if let Some(source) = source {
                let mut map = value.get_untracked();
                map.insert(key.get_value(), source);
                on_change.run(map);
            }
        };
        let remove = move |_| {
            let mut map = value.get_untracked();
            key.with_value(|key| map.remove(key));
            on_change.run(map);
        };
        view! {
            <div class="map-row">
                <span class="clip" title=name>{name}</span>
                <Select choices=sources value=source on_change=choose label=Signal::derive(move || text!("flows-map-from", name = name()))/>
                <IconButton icon="close" label=Signal::derive(move || text!("flows-map-remove", name = name())) size=ControlSize::Small on_press=remove/>
            </div>
        }
    };
    let keys = move || value.with(|map| map.keys().cloned().collect::<Vec<_>>());
    view! {
        <div class="field">
            <span class="label">{title}</span>
            <div class="stack g2">
                <For each=keys key=String::clone children=line/>
                <Select choices=free value=Signal::stored(None::<String>) on_change=add placeholder=Signal::derive(t!("flows-map-add")) label=title size=ControlSize::Small/>
            </div>
        </div>
    }
}

/// The source that a target most likely takes its value from.
fn likely(target: &str, targets: &[Choice], sources: &[Choice]) -> Option<String> {
    let label = targets.iter().find(|known| known.key == target).map(|known| known.label.as_str());
    let named = |source: &&Choice| source.key == target || source.key.ends_with(&format!(".{target}"));
    let called = |source: &&Choice| Some(source.label.as_str()) == label;
    let found = sources.iter().find(named).or_else(|| sources.iter().find(called)).or(sources.first());
    found.map(|source| source.key.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_takes_its_value_from_the_one_that_is_called_alike() {
        let choices = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(key, label)| Choice::new(*key, *label)).collect::<Vec<_>>()
        };
        let targets = choices(&[("sum", "Total"), ("note", "Note"), ("qty", "Quantity")]);
        let sources = choices(&[
            ("amount", "Amount"),
            ("total", "Total"),
            ("note", "Remark"),
            ("lines.qty", "Lines / Qty"),
        ]);
        assert_eq!(likely("note", &targets, &sources).as_deref(), Some("note"));
        assert_eq!(likely("sum", &targets, &sources).as_deref(), Some("total"));
        assert_eq!(likely("qty", &targets, &sources).as_deref(), Some("lines.qty"));
        assert_eq!(likely("sum", &targets, &[]), None);
    }
}
