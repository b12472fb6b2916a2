//! The options of each kind that a designer sets most: choices, digits, the linked form, the formula, the columns.

use engine::aggregate::is_table;
use engine::field::{FieldKind, ResultType, Shape};
use engine::form::{Field as FormField, Sketch};
use engine::formula::Type;
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::asking_options::{OfferOptions, QueryOptions, TakenOptions};
use super::canvas::move_by;
use super::choices::Choices;
use super::column_heads::AddColumn;
use super::entry_buttons::EntryButtons;
use super::formula_editor::Written;
use super::formula_field::FormulaField;
use super::further_options::{
    counted_filter, currency_field, file_options, number_format_option, rounding_option, row_options,
};
use super::link_fill::FillOptions;
use super::other_forms::{around, learn_further};
use super::palette::kind_icon;
use super::part_options::{NoteOptions, TabsOptions};
use super::people_options::PeopleOptions;
use super::removal::remove;
use super::serial_parts::SerialOptions;
use super::state::{Designer, Selected};
use super::value_options::{
    address_options, barcode_options, grouping_option, length_options, location_options, moment_options,
    other_option, picks_options, range_options, schema_option, switch_option, text_options, tree_options,
};
use crate::fill::sentence;
use crate::shell::ShellContext;
use crate::ui::{Choice, Field, Icon, MultiSelect, NumberInput, Select, TextInput, toast};
use crate::{i18n, t};

/// The options of the field at a path.
#[component]
pub fn KindOptions(designer: Designer, path: String) -> impl IntoView {
    let kind =
        designer.document.with_untracked(|document| document.field(&path).map(|field| field.kind.clone()));
    let count =
        |member: &'static str, label: fn() -> String| count_option(designer, path.clone(), member, label);
    let choice = |member: &'static str, label: fn() -> String, choices: Signal<Vec<Choice>>| {
        choice_option(designer, path.clone(), member, label, choices)
    };
    match kind {
        Some(FieldKind::Text(_)) => text_options(designer, &path),
        Some(FieldKind::LongText(_) | FieldKind::RichText(_)) => length_options(designer, &path),
        Some(FieldKind::Number(_)) => view! {
            {count("options.scale", || t!("designer-scale")())}
            {range_options(designer, &path)}
            {text_option(designer, path.clone(), "options.unit", || t!("designer-unit")())}
            {grouping_option(designer, &path)}
            {rounding_option(designer, &path)}
        }
        .into_any(),
        Some(FieldKind::Money(_)) => view! {
            {count("options.scale", || t!("designer-scale")())}
            {text_option(designer, path.clone(), "options.currency", || t!("designer-currency")())}
            {currency_field(designer, &path)}
            {range_options(designer, &path)}
            {rounding_option(designer, &path)}
        }
        .into_any(),
        Some(FieldKind::Percent(_)) => view! {
            {count("options.scale", || t!("designer-scale")())}
            {range_options(designer, &path)}
            {text_option(designer, path.clone(), "options.unit", || t!("designer-unit")())}
            {grouping_option(designer, &path)}
            {rounding_option(designer, &path)}
        }
        .into_any(),
        Some(kind @ FieldKind::Date(_)) => moment_options(designer, &path, kind, &["year", "month", "day"]),
        Some(kind @ FieldKind::Month(_)) => moment_options(designer, &path, kind, &["year", "month"]),
        Some(kind @ (FieldKind::DateTime(_) | FieldKind::Time(_))) => {
            moment_options(designer, &path, kind, &["minute", "second"])
        }
        Some(FieldKind::Rating(_)) => count("options.max", || t!("designer-stars")()),
        Some(FieldKind::Barcode(_)) => barcode_options(designer, &path),
        Some(FieldKind::Location(_)) => location_options(designer, &path),
        Some(FieldKind::Address(_)) => address_options(designer, &path),
        Some(FieldKind::Cascader(_)) => tree_options(designer, &path),
        Some(FieldKind::Json(_)) => schema_option(designer, &path),
        Some(FieldKind::Files(_) | FieldKind::Images(_)) => view! {
            {count("options.max_count", || t!("designer-max-count")())}
            {file_options(designer, &path)}
        }
        .into_any(),
        Some(FieldKind::Select(_)) => view! {
            <TakenOptions designer=designer path=path.clone()/>
            <Choices designer=designer path=path.clone()/>
            {other_option(designer, &path)}
        }
        .into_any(),
        Some(FieldKind::MultiSelect(_)) => view! {
            <TakenOptions designer=designer path=path.clone()/>
            <Choices designer=designer path=path.clone()/>
            {other_option(designer, &path)}
            {picks_options(designer, &path)}
        }
        .into_any(),
        Some(FieldKind::Link(_) | FieldKind::Links(_)) => {
            // A link may lead to a form of another app.
            learn_further(designer);
            let form = designer.member(&path, "options.form");
            let fields = Signal::derive(move || fields_of(designer, form.get().as_str().unwrap_or_default()));
            view! {
                {form_option(designer, path.clone(), || t!("designer-linked-form")())}
                {several_option(designer, path.clone(), "options.display", || t!("designer-link-display")(), fields)}
                <OfferOptions designer=designer path=path.clone()/>
                <FillOptions designer=designer path=path.clone()/>
                {switch_option(designer, &path, "options.create", || t!("designer-link-create")())}
                {choice("options.on_target_delete", || t!("designer-on-target-delete")(), on_target_delete())}
            }
            .into_any()
        }
        Some(
            kind @ (FieldKind::Member(_)
            | FieldKind::Members(_)
            | FieldKind::Department(_)
            | FieldKind::Departments(_)),
        ) => view! { <PeopleOptions designer=designer path=path kind=kind/> }.into_any(),
        Some(FieldKind::Query(_)) => view! { <QueryOptions designer=designer path=path/> }.into_any(),
        Some(FieldKind::Note(_)) => view! { <NoteOptions designer=designer path=path/> }.into_any(),
        Some(FieldKind::Tabs(_)) => view! { <TabsOptions designer=designer path=path/> }.into_any(),
        Some(FieldKind::Lookup(_)) => {
            let within = path.split_once('.').map(|(subform, _)| subform.to_string());
            let links = Signal::derive(move || links_of(designer, within.as_deref()));
            let link = designer.member(&path, "options.link");
            let within = path.split_once('.').map(|(subform, _)| subform.to_string());
            let fields = Signal::derive(move || {
                let link = link.get().as_str().unwrap_or_default().to_string();
                let at = within.as_ref().map_or_else(|| link.clone(), |subform| format!("{subform}.{link}"));
                let form =
                    designer.document.with(|document| match document.field(&at).map(|field| &field.kind) {
                        Some(FieldKind::Link(link)) => Some(link.form.clone()),
                        _ => None,
                    });
                fields_of(designer, &form.unwrap_or_default())
            });
            view! {
                {choice("options.link", || t!("designer-link")(), links)}
                {choice("options.field", || t!("designer-shown-field")(), fields)}
            }
            .into_any()
        }
        Some(FieldKind::Rollup(_)) => {
            let form = designer.member(&path, "options.form");
            let other = Signal::derive(move || form.get().as_str().unwrap_or_default().to_string());
            let links = Signal::derive(move || links_to_here(designer, &other.get()));
            let fields = Signal::derive(move || fields_of(designer, &other.get()));
            let functions = Signal::derive(|| {
                let name = |name: &str| Choice::new(name, i18n::lookup(&format!("designer-fn-{name}"), &[]));
                ["count", "sum", "avg", "min", "max", "first", "last", "distinct"].map(name).to_vec()
            });
            view! {
                {form_option(designer, path.clone(), || t!("designer-rolled-form")())}
                {choice("options.link", || t!("designer-link-back")(), links)}
                {choice("options.fn", || t!("designer-function")(), functions)}
                {choice("options.field", || t!("designer-rolled-field")(), fields)}
                {counted_filter(designer, &path, other)}
            }
            .into_any()
        }
        Some(FieldKind::Formula(_)) => view! { <FormulaOptions designer=designer path=path/> }.into_any(),
        Some(FieldKind::Subform(_)) => view! {
            <Columns designer=designer subform=path.clone()/>
            {row_options(designer, &path)}
        }
        .into_any(),
        Some(FieldKind::Serial(_)) => view! { <SerialOptions designer=designer path=path/> }.into_any(),
        Some(
            FieldKind::Switch(_)
            | FieldKind::Phone(_)
            | FieldKind::Email(_)
            | FieldKind::Url(_)
            | FieldKind::IdCard(_)
            | FieldKind::Signature(_)
            | FieldKind::Divider(_),
        )
        | None => ().into_any(),
    }
}

fn text_of_json(json: &Json) -> String {
    match json {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A number with all its digits.
pub(super) fn number_option(
    designer: Designer,
    path: String,
    member: &'static str,
    label: fn() -> String,
) -> AnyView {
    typed_number(designer, path, member, label, false)
}

/// A number that counts something.
pub(super) fn count_option(
    designer: Designer,
    path: String,
    member: &'static str,
    label: fn() -> String,
) -> AnyView {
    typed_number(designer, path, member, label, true)
}

fn typed_number(
    designer: Designer,
    path: String,
    member: &'static str,
    label: fn() -> String,
    whole: bool,
) -> AnyView {
    let stored = designer.member(&path, member);
    let set = move |text: String| {
        let text = text.trim();
        let value = match (text.is_empty(), whole) {
            (true, _) => Json::Null,
            (false, true) => match text.parse::<u32>() {
                Ok(number) => json!(number),
                Err(_) => {
                    let fault = engine::text::Fault::new("", "not_a_number").arg("value", text);
                    return toast::show(untrack(|| sentence(&fault)));
                }
            },
            (false, false) => json!(text),
        };
        designer.set(&path, member, value);
    };
    let value = Signal::derive(move || text_of_json(&stored.get()));
    view! { <Field label=label><NumberInput value=value on_change=set/></Field> }.into_any()
}

pub fn text_option(designer: Designer, path: String, member: &'static str, label: fn() -> String) -> AnyView {
    let stored = designer.member(&path, member);
    let set = move |text: String| {
        let value = if text.trim().is_empty() { Json::Null } else { json!(text.trim()) };
        designer.set(&path, member, value);
    };
    let value = Signal::derive(move || text_of_json(&stored.get()));
    view! { <Field label=label><TextInput value=value on_change=set/></Field> }.into_any()
}

/// What becomes of a record when one that it links to is deleted.
fn on_target_delete() -> Signal<Vec<Choice>> {
    Signal::derive(|| {
        let name = |name: &str| Choice::new(name, i18n::lookup(&format!("designer-delete-{name}"), &[]));
        ["restrict", "cascade", "clear"].map(name).to_vec()
    })
}

/// Several of some choices, kept as a list of their keys.
pub(super) fn several_option(
    designer: Designer,
    path: String,
    member: &'static str,
    label: fn() -> String,
    choices: Signal<Vec<Choice>>,
) -> AnyView {
    let stored = designer.member(&path, member);
    let set = move |keys: Vec<String>| {
        designer.set(&path, member, if keys.is_empty() { Json::Null } else { json!(keys) });
    };
    let value = Signal::derive(move || {
        let keys = stored.get();
        let keys = keys.as_array().into_iter().flatten().filter_map(Json::as_str);
        keys.map(str::to_string).collect::<Vec<_>>()
    });
    view! { <Field label=label><MultiSelect choices=choices value=value on_change=set/></Field> }.into_any()
}

fn choice_option(
    designer: Designer,
    path: String,
    member: &'static str,
    label: fn() -> String,
    choices: Signal<Vec<Choice>>,
) -> AnyView {
    let stored = designer.member(&path, member);
    let set = move |key: Option<String>| designer.set(&path, member, key.map_or(Json::Null, Json::String));
    let value = Signal::derive(move || Some(text_of_json(&stored.get())).filter(|key| !key.is_empty()));
    view! { <Field label=label><Select choices=choices value=value on_change=set/></Field> }.into_any()
}

/// The forms that can be linked, this one among them; those of other apps with the app before the key, and its name behind
/// theirs. The chosen one is among them also where nobody could choose it any more: it is never called by its key.
pub(super) fn forms(designer: Designer, chosen: Signal<Option<String>>) -> Signal<Vec<Choice>> {
    let shell = use_context::<ShellContext>();
    let called = move |app: &str| {
        let known = shell.and_then(|shell| shell.app(app));
        known.map_or_else(|| app.to_string(), |app| app.label.get(i18n::language()).to_string())
    };
    Signal::derive(move || {
        let language = i18n::language();
        let own = designer.sketch();
        let mut found = vec![Choice::new(&own.document.key, own.document.label.get(language))];
        // One that belongs to no app stands for a form that is not seen.
        let is_form = |other: &Sketch| !other.app.is_empty() && !is_table(other);
        for other in around(designer).iter().filter(|other| other.id != own.id && is_form(other)) {
            let choice = Choice::new(other.called_in(&own.app), other.document.label.get(language));
            found.push(if other.app == own.app { choice } else { choice.note(called(&other.app)) });
        }
        let is_offered = |key: &String| found.iter().any(|choice| choice.key == *key);
        if let Some(key) = chosen.get().filter(|key| !is_offered(key)) {
            let known = form_named(designer, &key);
            let label = match &known {
                Some(sketch) => sketch.document.label.get(language).to_string(),
                None if designer.knows_others.get() => t!("designer-form-unknown")(),
                None => String::new(),
            };
            found.push(Choice { disabled: known.is_none(), ..Choice::new(key, label) });
        }
        found
    })
}

/// The form that a field names.
pub(super) fn form_option(designer: Designer, path: String, label: fn() -> String) -> AnyView {
    let stored = designer.member(&path, "options.form");
    let set =
        move |key: Option<String>| designer.set(&path, "options.form", key.map_or(Json::Null, Json::String));
    let value = chosen_form(designer, stored);
    view! { <Field label=label><Select choices=forms(designer, value) value=value on_change=set/></Field> }
        .into_any()
}

/// Which of the [`forms`] a document names. It may name one by its key, with the app before it or by its id, as versions do
/// that were published from elsewhere: all of them mean one choice.
pub(super) fn chosen_form(designer: Designer, stored: Memo<Json>) -> Signal<Option<String>> {
    Signal::derive(move || {
        let name = text_of_json(&stored.get());
        let found = form_named(designer, &name).map(|form| form.called_in(&designer.app()));
        found.or(Some(name)).filter(|name| !name.is_empty())
    })
}

fn links_of(designer: Designer, within: Option<&str>) -> Vec<Choice> {
    let language = i18n::language();
    designer.document.with(|document| {
        let fields = match within.and_then(|subform| document.field(subform)) {
            Some(subform) => subform.columns(),
            None => &document.fields,
        };
        let links = fields.iter().filter(|field| matches!(field.kind, FieldKind::Link(_)));
        links.map(|field| Choice::new(&field.key, field.label.get(language))).collect()
    })
}

/// The form that a name means, as far as it is known here.
pub(super) fn form_named(designer: Designer, name: &str) -> Option<std::sync::Arc<Sketch>> {
    let app = designer.sketch().app;
    engine::form::Catalogue::form(&designer.catalogue(), &app, name)
}

pub(super) fn fields_of(designer: Designer, form: &str) -> Vec<Choice> {
    let language = i18n::language();
    let fields = form_named(designer, form).map(|sketch| sketch.document.fields.clone()).unwrap_or_default();
    let stored =
        fields.iter().filter(|field| !matches!(field.kind, FieldKind::Subform(_)) && field.kind.holds_data());
    stored.map(|field| Choice::new(&field.key, field.label.get(language))).collect()
}

/// A field of a form by its key, as far as the form is known here.
pub(super) fn field_named(designer: Designer, form: &str, key: &str) -> Option<FormField> {
    form_named(designer, form)?.document.field(key).cloned()
}

/// The fields of a form that hold one line of text.
pub(super) fn texts_of(designer: Designer, form: &str) -> Vec<Choice> {
    let language = i18n::language();
    let fields = form_named(designer, form).map(|sketch| sketch.document.fields.clone()).unwrap_or_default();
    let texts = fields.iter().filter(|field| field.kind.shape() == Shape::Text);
    texts.map(|field| Choice::new(&field.key, field.label.get(language))).collect()
}

/// The links of another form that lead to this one.
fn links_to_here(designer: Designer, form: &str) -> Vec<Choice> {
    let language = i18n::language();
    let Some(other) = form_named(designer, form) else { return Vec::new() };
    let leads_here = |target: &str| {
        engine::form::Catalogue::form(&designer.catalogue(), &other.app, target)
            .is_some_and(|target| target.id == designer.id)
    };
    let links = other.document.fields.iter().filter(|field| match &field.kind {
        FieldKind::Link(link) => leads_here(&link.form),
        _ => false,
    });
    links.map(|field| Choice::new(&field.key, field.label.get(language))).collect()
}

/// The formula of a formula field, and what it gives.
#[component]
fn FormulaOptions(designer: Designer, path: String) -> impl IntoView {
    let formula = designer.member(&path, "options.formula");
    let result = designer.member(&path, "options.type");
    let value = Signal::derive(move || text_of_json(&formula.get()));
    let at = StoredValue::new(path.clone());
    let types = Signal::derive(|| {
        let name = |name: &str| Choice::new(name, i18n::lookup(&format!("designer-result-{name}"), &[]));
        ["number", "text", "date", "datetime", "bool"].map(name).to_vec()
    });
    let scale = count_option(designer, path.clone(), "options.scale", || t!("designer-scale")());
    let given = move || serde_json::from_value::<ResultType>(result.get()).unwrap_or_default();
    let is_number = move || given() == ResultType::Number;
    let wanted = Signal::derive(move || match given() {
        ResultType::Text => Type::Text,
        ResultType::Number => Type::Number,
        ResultType::Date => Type::Date,
        ResultType::DateTime => Type::DateTime,
        ResultType::Bool => Type::Bool,
    });
    // What it gives follows the formula, in one step with it.
    let set = move |written: Written| {
        let result = written.gives.as_ref().and_then(result_of);
        let members = [("options.formula", json!(written.formula))].into_iter();
        let members = members.chain(result.map(|result| ("options.type", json!(result))));
        at.with_value(|path| designer.set_all_typed(path, members.collect(), &written.typing));
    };
    view! {
        <Field label=t!("designer-formula")>
            <FormulaField
                designer=designer
                path=at.get_value()
                member="options.formula"
                wanted=wanted
                finds=true
                value=value
                tried=true
                on_change=set
            />
        </Field>
        {choice_option(designer, path, "options.type", || t!("designer-result")(), types)}
        {scale}
        {move || is_number().then(|| number_format_option(designer, &at.get_value()))}
    }
}

/// What a formula field gives by a formula of this type, where it may give it.
fn result_of(found: &Type) -> Option<ResultType> {
    match found {
        Type::Text => Some(ResultType::Text),
        Type::Number => Some(ResultType::Number),
        Type::Date => Some(ResultType::Date),
        Type::DateTime => Some(ResultType::DateTime),
        Type::Bool => Some(ResultType::Bool),
        Type::Any | Type::Time | Type::Ref | Type::List(_) | Type::Rows => None,
    }
}

/// The columns of a sub-form: each is a field of its own, selected with a click.
#[component]
fn Columns(designer: Designer, subform: String) -> impl IntoView {
    let at = StoredValue::new(subform);
    let columns = move || {
        let language = i18n::language();
        designer.document.with(|document| {
            let field = at.with_value(|path| document.field(path).cloned());
            let columns = field.map(|field| field.columns().to_vec()).unwrap_or_default();
            columns
                .into_iter()
                .map(|c| (c.key.clone(), c.label.get(language).to_string(), c.kind.name()))
                .collect::<Vec<_>>()
        })
    };
    let line = move |(key, label, kind): (String, String, &'static str)| {
        let path = at.with_value(|subform| format!("{subform}.{key}"));
        let at_place = StoredValue::new(path.clone());
        view! {
            <div class="row">
                <button type="button" class="kind grow" on:click=move |_| designer.selected.set(Selected::Field(path.clone()))>
                    <Icon name=kind_icon(kind)/>
                    <span class="clip">{label}</span>
                </button>
                <EntryButtons
                    on_up=move |()| at_place.with_value(|path| move_by(designer, path, -1))
                    on_down=move |()| at_place.with_value(|path| move_by(designer, path, 1))
                    on_remove=move |()| at_place.with_value(|path| remove(designer, path))
                />
            </div>
        }
    };
    view! {
        <Field label=t!("designer-columns")>
            <div class="stack g1">
                {move || columns().into_iter().map(line).collect_view()}
                <div><AddColumn designer=designer subform=at.get_value()/></div>
            </div>
        </Field>
    }
}
