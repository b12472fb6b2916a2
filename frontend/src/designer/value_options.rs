//! The options of kinds that say what a value may be: formats, bounds, how exact it is, where it lies.

use engine::field::options::Location;
use engine::field::{Branch, FieldKind};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value as Json, json};

use super::kind_options::{count_option, number_option, text_option};
use super::state::Designer;
use super::tree::{branches_of, lines_of};
use crate::fill::sentence;
use crate::ui::{
    Choice, DateInput, DateInputKind, Field, MomentInput, Select, Switch, TextArea, TextInput, TimeInput,
    toast,
};
use crate::{api, i18n, t};

/// Choices whose names are `BEGINNING-KEY`.
fn named(beginning: fn(&str) -> String, keys: &'static [&'static str]) -> Signal<Vec<Choice>> {
    Signal::derive(move || keys.iter().map(|key| Choice::new(*key, beginning(key))).collect())
}

/// What a text is, how long, by which pattern.
pub fn text_options(designer: Designer, path: &str) -> AnyView {
    const FORMATS: &[&str] =
        &["plain", "code", "mobile", "tel", "email", "url", "id_card", "plate", "postcode"];
    let name = |key: &str| i18n::lookup(&format!("designer-format-{}", key.replace('_', "-")), &[]);
    view! {
        {optional_choice(designer, path.to_string(), "options.format", || t!("designer-format")(), named(name, FORMATS))}
        {length_options(designer, path)}
        {text_option(designer, path.to_string(), "options.pattern", || t!("designer-pattern")())}
        {sound_option(designer, path)}
    }
    .into_any()
}

/// How long a text is.
pub fn length_options(designer: Designer, path: &str) -> AnyView {
    view! {
        {count_option(designer, path.to_string(), "options.min_length", || t!("designer-min-length")())}
        {count_option(designer, path.to_string(), "options.max_length", || t!("designer-max-length")())}
    }
    .into_any()
}

/// Whether lists are in the order of how Chinese sounds.
fn sound_option(designer: Designer, path: &str) -> AnyView {
    let stored = designer.member(path, "options.sort");
    let is_on = Signal::derive(move || stored.get() == json!("pinyin"));
    let at = path.to_string();
    let set = move |on: bool| {
        designer.set(&at, "options.sort", if on { json!("pinyin") } else { Json::Null });
    };
    view! { <Field label=t!("designer-pinyin")><Switch checked=is_on on_change=set/></Field> }.into_any()
}

/// The smallest and the largest number.
pub fn range_options(designer: Designer, path: &str) -> AnyView {
    view! {
        {number_option(designer, path.to_string(), "options.min", || t!("designer-min")())}
        {number_option(designer, path.to_string(), "options.max", || t!("designer-max")())}
    }
    .into_any()
}

/// Whether the digits of a number stand without separators.
pub fn grouping_option(designer: Designer, path: &str) -> AnyView {
    let stored = designer.member(path, "options.thousands");
    let is_on = Signal::derive(move || stored.get() == Json::Bool(false));
    let at = path.to_string();
    let set =
        move |on: bool| designer.set(&at, "options.thousands", if on { json!(false) } else { Json::Null });
    view! { <Field label=t!("designer-thousands")><Switch checked=is_on on_change=set/></Field> }.into_any()
}

/// The earliest and the latest moment, and how exact it is.
pub fn moment_options(
    designer: Designer,
    path: &str,
    kind: FieldKind,
    precisions: &'static [&'static str],
) -> AnyView {
    let name = |key: &str| i18n::lookup(&format!("designer-precision-{key}"), &[]);
    let bound = |member: &'static str, label: fn() -> String| {
        let (stored, at) = (designer.member(path, member), path.to_string());
        let set = move |typed: String| {
            let value = if typed.is_empty() { Json::Null } else { Json::String(typed) };
            designer.set(&at, member, value);
        };
        let value = Signal::derive(move || stored.get().as_str().unwrap_or_default().to_string());
        let kind = kind.clone();
        view! { <Field label=label><MomentOfKind kind=kind value=value on_change=set label=Signal::derive(label)/></Field> }
    };
    view! {
        {bound("options.min", || t!("designer-earliest")())}
        {bound("options.max", || t!("designer-latest")())}
        {optional_choice(designer, path.to_string(), "options.precision", || t!("designer-precision")(), named(name, precisions))}
    }
    .into_any()
}

/// The input of a kind of days, moments or times, for what a form says of it: typed and chosen as in a record. `on_change` hears
/// the wire's form, or nothing; what cannot be read is told and not kept.
#[component]
pub fn MomentOfKind(
    kind: FieldKind,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_change: Callback<String>,
    #[prop(into)] label: Signal<String>,
) -> impl IntoView {
    let read = kind.clone();
    let enter = move |typed: String| match read.parse(&json!(typed)) {
        Ok(value) => on_change.run(read.to_json(&value).as_str().unwrap_or_default().to_string()),
        Err(fault) => toast::show(untrack(|| sentence(&fault))),
    };
    match kind {
        FieldKind::Month(_) => {
            view! { <DateInput value=value on_change=enter kind=DateInputKind::Month label=label/> }
                .into_any()
        }
        FieldKind::DateTime(_) => view! { <MomentInput value=value on_change=enter label=label/> }.into_any(),
        FieldKind::Time(_) => view! { <TimeInput value=value on_change=enter label=label/> }.into_any(),
        _ => view! { <DateInput value=value on_change=enter label=label/> }.into_any(),
    }
}

/// Whether other choices may be entered.
pub fn other_option(designer: Designer, path: &str) -> AnyView {
    switch_option(designer, path, "options.allow_other", || t!("designer-allow-other")())
}

/// How many choices there are to be.
pub fn picks_options(designer: Designer, path: &str) -> AnyView {
    view! {
        {count_option(designer, path.to_string(), "options.min", || t!("designer-fewest-choices")())}
        {count_option(designer, path.to_string(), "options.max", || t!("designer-most-choices")())}
    }
    .into_any()
}

/// Which bar codes are taken.
pub fn barcode_options(designer: Designer, path: &str) -> AnyView {
    const FORMATS: &[&str] = &["any", "ean13", "ean8", "upc_a", "itf14", "code128", "code39", "qr"];
    let name = |key: &str| i18n::lookup(&format!("designer-barcode-{}", key.replace('_', "-")), &[]);
    optional_choice(
        designer,
        path.to_string(),
        "options.format",
        || t!("designer-barcode")(),
        named(name, FORMATS),
    )
}

/// How deep an address goes, and which regions it has.
pub fn address_options(designer: Designer, path: &str) -> AnyView {
    const LEVELS: &[&str] = &["province", "city", "district", "detail"];
    let name = |key: &str| i18n::lookup(&format!("fill-part-{key}"), &[]);
    let lists = RwSignal::new(Vec::<wire::RegionList>::new());
    spawn_local(async move {
        if let Ok(found) = api::regions::lists().await {
            lists.try_set(found);
        }
    });
    let choices = Signal::derive(move || {
        let language = i18n::language();
        lists.with(|lists| {
            lists.iter().map(|list| Choice::new(&list.name, list.label.get(language))).collect::<Vec<_>>()
        })
    });
    view! {
        {optional_choice(designer, path.to_string(), "options.level", || t!("designer-level")(), named(name, LEVELS))}
        {optional_choice(designer, path.to_string(), "options.regions", || t!("designer-regions")(), choices)}
    }
    .into_any()
}

/// Around which place a location lies.
pub fn location_options(designer: Designer, path: &str) -> AnyView {
    let kind = || FieldKind::Location(Location::default());
    let stored = designer.member(path, "options.center");
    let shown = Signal::derive(move || {
        let center = stored.get();
        let part = |name: &str| center.get(name).and_then(Json::as_str).unwrap_or_default().to_string();
        if center.is_object() { format!("{},{}", part("lat"), part("lng")) } else { String::new() }
    });
    let at = path.to_string();
    let set = move |typed: String| match kind().parse(&json!(typed)) {
        Ok(place) => {
            let place = kind().to_json(&place);
            let center = place.get("lng").map(|lng| json!({"lng": lng, "lat": place.get("lat")}));
            designer.set(&at, "options.center", center.unwrap_or_default());
        }
        Err(fault) => toast::show(untrack(|| sentence(&fault))),
    };
    view! {
        <Field label=t!("designer-center")><TextInput value=shown on_change=set/></Field>
        {count_option(designer, path.to_string(), "options.radius", || t!("designer-radius")())}
        {switch_option(designer, path, "options.current_only", || t!("designer-current-only")())}
    }
    .into_any()
}

/// The tree of choices.
pub fn tree_options(designer: Designer, path: &str) -> AnyView {
    let stored = designer.member(path, "options.choices");
    let branches = move || serde_json::from_value::<Vec<Branch>>(stored.get()).unwrap_or_default();
    let lines = Signal::derive(move || lines_of(&branches(), i18n::language()));
    let at = path.to_string();
    let set = move |text: String| {
        let changed = untrack(|| branches_of(&text, &branches(), i18n::language()));
        designer.set(&at, "options.choices", json!(changed));
    };
    view! {
        <Field label=t!("designer-tree") help=Signal::derive(t!("designer-tree-help"))>
            <TextArea value=lines on_change=set rows=8/>
        </Field>
        {switch_option(designer, path, "options.any_level", || t!("designer-any-level")())}
    }
    .into_any()
}

/// What a document has to look like.
pub fn schema_option(designer: Designer, path: &str) -> AnyView {
    let stored = designer.member(path, "options.schema");
    let shown = Signal::derive(move || match stored.get() {
        Json::Null => String::new(),
        schema => serde_json::to_string_pretty(&schema).unwrap_or_default(),
    });
    let at = path.to_string();
    let set = move |typed: String| {
        if typed.trim().is_empty() {
            return designer.set(&at, "options.schema", Json::Null);
        }
        match serde_json::from_str::<Json>(&typed) {
            Ok(schema) => designer.set(&at, "options.schema", schema),
            Err(_) => {
                let fault = engine::text::Fault::new("", "not_json");
                toast::show(untrack(|| sentence(&fault)));
            }
        }
    };
    view! { <Field label=t!("designer-schema")><TextArea value=shown on_change=set rows=8/></Field> }
        .into_any()
}

/// Something that is on or off, and off unless said.
pub fn switch_option(designer: Designer, path: &str, member: &'static str, label: fn() -> String) -> AnyView {
    let stored = designer.member(path, member);
    let is_on = Signal::derive(move || stored.get() == Json::Bool(true));
    let at = path.to_string();
    let set = move |on: bool| designer.set(&at, member, if on { json!(true) } else { Json::Null });
    view! { <Field label=label><Switch checked=is_on on_change=set/></Field> }.into_any()
}

/// One of a few, or none.
fn optional_choice(
    designer: Designer,
    path: String,
    member: &'static str,
    label: fn() -> String,
    choices: Signal<Vec<Choice>>,
) -> AnyView {
    let stored = designer.member(&path, member);
    let set = move |key: Option<String>| designer.set(&path, member, key.map_or(Json::Null, Json::String));
    let value = Signal::derive(move || stored.get().as_str().map(str::to_string));
    view! { <Field label=label><Select choices=choices value=value clearable=true on_change=set/></Field> }
        .into_any()
}
