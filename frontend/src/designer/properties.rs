//! What is said about the selected field: the daily things on top, rules and defaults folded below.

use std::sync::Arc;

use engine::condition::Condition;
use engine::field::FieldKind;
use engine::form::{Field as FormField, Form};
use engine::formula::Type;
use leptos::html;
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::asking_options::{LinkageOptions, takes_linkage};
use super::canvas::{move_by, widened};
use super::delete_form::DeleteForm;
use super::edge::quarters;
use super::form_rules::{ChecksPanel, FormSwitches, RulesPanel};
use super::formula_editor::Written;
use super::formula_field::FormulaField;
use super::further_options::{placeholder_option, total_option, when_hidden_option};
use super::kind_options::KindOptions;
use super::palette::{kind_icon, kinds_instead_of};
use super::removal::remove;
use super::removed_fields::RemovedFields;
use super::sections::HeadingProperties;
use super::several::SeveralProperties;
use super::standing::{ToldHere, pointer_of};
use super::state::{DesignDialog, Designer, Selected, kind_name, text_of};
use super::title_input::{TitleInput, offered_to_titles};
use super::value_options::MomentOfKind;
use super::where_used::WhereUsed;
use super::who_sees::WhoSees;
use crate::conditions::ConditionBuilder;
use crate::draft_editor::{DraftEditor, SETTINGS};
use crate::fill::sentence;
use crate::shell::AppIcons;
use crate::ui::{
    Button, Choice, ControlSize, Empty, Field, Icon, IconButton, Segment, Segmented, Select, Switch, Tab,
    Tabs, TextInput, Tile, icon_or, toast,
};
use crate::{i18n, t};

/// What the two tabs of the pane are called in the page.
const OF_FIELD: &str = "field";
const OF_FORM: &str = "form";

/// The pane at the right.
#[component]
pub fn Properties(designer: Designer) -> impl IntoView {
    // Built again for another field only: what somebody types stays while the draft changes.
    let shown = Memo::new(move |_| {
        let selected = designer.selected.get();
        let kind = match &selected {
            Selected::Field(path) => {
                designer.document.with(|document| document.field(path).map(|field| field.kind.name()))
            }
            Selected::Form | Selected::Heading(_) => None,
        };
        (selected, kind)
    });
    let several = Memo::new(move |_| designer.more.with(|more| !more.is_empty()));
    // The way back from the form's own settings to the field that one came from.
    let last = StoredValue::new(Selected::Form);
    // Whether somebody asks for the settings of a field where none was selected yet.
    let asks_field = RwSignal::new(false);
    Effect::new(move || {
        let selected = designer.selected.get();
        asks_field.set(false);
        if selected != Selected::Form {
            last.set_value(selected);
        }
    });
    // Each begins with what is used most; while the same is shown, it stays where it is.
    let body = NodeRef::<html::Div>::new();
    Effect::new(move |before: Option<Selected>| {
        let selected = designer.selected.get();
        let is_other = before.is_some_and(|before| before != selected);
        if let Some(body) = body.get_untracked().filter(|_| is_other) {
            body.set_scroll_top(0);
        }
        selected
    });
    let of_form = Memo::new(move |_| {
        designer.selected.with(|selected| *selected == Selected::Form) && !asks_field.get()
    });
    let shown_tab = Signal::derive(move || if of_form.get() { OF_FORM } else { OF_FIELD }.to_string());
    let go = move |tab: &'static str| {
        let to = if tab == OF_FORM { Selected::Form } else { last.get_value() };
        if tab == OF_FIELD && to == Selected::Form {
            return asks_field.set(true);
        }
        asks_field.set(false);
        designer.selected.set(to);
    };
    let tabs = vec![Tab::new(OF_FIELD, t!("designer-tab-field")), Tab::new(OF_FORM, t!("designer-tab-form"))];
    view! {
        <aside class="pane right" data-pane=SETTINGS aria-label=t!("designer-properties")>
            <Tabs tabs=tabs selected=shown_tab on_select=go label=Signal::derive(t!("designer-properties"))/>
            <div class="pane-body" node_ref=body>
                {move || match shown.get() {
                    _ if asks_field.get() => view! {
                        <Empty icon="form" title=t!("designer-nothing-selected") text=Signal::derive(t!("designer-nothing-selected-text"))/>
                    }.into_any(),
                    _ if several.get() => view! { <SeveralProperties designer=designer/> }.into_any(),
                    (Selected::Field(path), Some(_)) => view! { <FieldProperties designer=designer path=path/> }.into_any(),
                    (Selected::Heading(heading), _) => view! { <HeadingProperties designer=designer heading=heading/> }.into_any(),
                    (Selected::Form | Selected::Field(_), _) => view! { <FormProperties designer=designer/> }.into_any(),
                }}
            </div>
        </aside>
    }
}

/// A label with the text for the language on the screen replaced; one text stays one text.
pub fn with_text(label: &Json, text: &str) -> Json {
    match label.as_object() {
        Some(texts) => {
            let mut texts = texts.clone();
            texts.insert(i18n::language_now().tag().to_string(), json!(text));
            Json::Object(texts)
        }
        None => json!(text),
    }
}

/// The text of a label for the language on the screen.
pub fn text_in(label: &Json) -> String {
    let read = serde_json::from_value::<engine::text::Label>(label.clone()).ok();
    read.map(|label| label.get(i18n::language()).to_string()).unwrap_or_default()
}

#[component]
fn FormProperties(designer: Designer) -> impl IntoView {
    let label = Signal::derive(move || {
        designer.document.with(|document| document.label.get(i18n::language()).to_string())
    });
    let title =
        Signal::derive(move || designer.document.with(|document| document.title.clone().unwrap_or_default()));
    let set = move |member: &str, value: Json| {
        let edit = engine::form::edit::Edit::SetForm { member: member.to_string(), value };
        let label = label.get_untracked();
        designer.run(text_of("designer-step-change", &label), vec![edit]);
    };
    let rename = move |text: String| {
        let now = designer.document.with_untracked(|document| serde_json::to_value(&document.label));
        if !text.trim().is_empty() {
            set("label", with_text(&now.unwrap_or_default(), text.trim()));
        }
    };
    let set_title = move |text: String| {
        set("title", if text.trim().is_empty() { Json::Null } else { json!(text.trim()) });
    };
    let icon =
        Signal::derive(move || designer.document.with(|document| icon_or(document.icon.as_deref(), "table")));
    view! {
        <div class="stack g4 prop-top">
            <Field label=t!("designer-form-name")><TextInput value=label on_change=rename name="form-label"/></Field>
            <div class="stack g1">
                <span class="label">{t!("designer-member-icon")}</span>
                <AppIcons icon=icon on_choose=move |name: &'static str| set("icon", json!(name))/>
            </div>
            <TitleInput
                label=Signal::derive(t!("designer-record-title"))
                help=Signal::derive(t!("designer-record-title-help"))
                value=title
                offered=offered_to_titles(designer)
                on_change=set_title
                name="form-title"
            />
        </div>
        <RulesPanel designer=designer/>
        <ChecksPanel designer=designer/>
        <FormSwitches designer=designer/>
        <div class="row wrap prop-top">
            <Button icon="globe" on_press=move |_| designer.dialog.set(Some(DesignDialog::Translations))>{t!("designer-translations")}</Button>
            <Button icon="history" on_press=move |_| designer.dialog.set(Some(DesignDialog::Versions))>{t!("designer-versions")}</Button>
            <Button icon="help" on_press=move |_| designer.dialog.set(Some(DesignDialog::Shortcuts))>{t!("shortcuts")}</Button>
        </div>
        <RemovedFields designer=designer/>
        <DeleteForm designer=designer/>
    }
}

#[component]
fn FieldProperties(designer: Designer, path: String) -> impl IntoView {
    let Some(field) = designer.document.with_untracked(|document| document.field(&path).cloned()) else {
        return ().into_any();
    };
    let at = StoredValue::new(path.clone());
    let kind = field.kind.name();
    let label = designer.member(&path, "label");
    let help = designer.member(&path, "help");
    let required = designer.member(&path, "required");
    let unique = designer.member(&path, "unique");
    let set = move |member: &str, value: Json| at.with_value(|path| designer.set(path, member, value));
    let rename = move |text: String| {
        if !text.trim().is_empty() {
            set("label", with_text(&label.get_untracked(), text.trim()));
        }
    };
    let set_help = move |text: String| {
        let value = match text.trim() {
            "" => Json::Null,
            text => with_text(&help.get_untracked(), text),
        };
        set("help", value);
    };
    let on_off = move |member: &'static str, on: bool| set(member, if on { json!(true) } else { Json::Null });
    let is_written = move |member: &'static str| designer.unfinished_at(&(at.get_value(), member)).is_some();
    let has_default = is_written("default");
    let is_computed = field.compute.is_some() || is_written("compute") || designer.is_added(&path, "compute");
    let column = path.contains('.');
    let input = field.kind.is_input();
    let holds = field.kind.holds_data();
    let back = path.split_once('.').map(|(subform, _)| subform.to_string());
    let widths = {
        let key = path.clone();
        move || designer.document.with(|document| quarters(document, &key)).to_string()
    };
    let set_width = move |quarters: &'static str| {
        let Ok(quarters) = quarters.parse::<u32>() else { return };
        let key = at.get_value();
        let edit = designer.document.with_untracked(|document| widened(document, &key, quarters * 3));
        let label = untrack(|| designer.label(&key));
        designer.run(text_of("designer-step-change", &label), vec![edit]);
    };
    view! {
        <div class="stack g4 prop-top">
            {back.map(|subform| {
                let name = subform.clone();
                view! {
                    <button type="button" class="link" on:click=move |_| designer.selected.set(Selected::Field(subform.clone()))>
                        {move || format!("← {}", designer.label(&name))}
                    </button>
                }
            })}
            <div class="row">
                <Tile icon=kind_icon(kind).to_string() colour=1 size="s"/>
                <span class="medium">{move || kind_name(kind)}</span>
                <span class="push row">
                    <IconButton icon="arrow-up" label=Signal::derive(t!("designer-move-up")) size=ControlSize::Small on_press=move |_| at.with_value(|path| move_by(designer, path, -1))/>
                    <IconButton icon="arrow-down" label=Signal::derive(t!("designer-move-down")) size=ControlSize::Small on_press=move |_| at.with_value(|path| move_by(designer, path, 1))/>
                    <IconButton icon="trash" label=Signal::derive(t!("designer-remove")) size=ControlSize::Small on_press=move |_| at.with_value(|path| remove(designer, path))/>
                </span>
            </div>
            <Field label=t!("designer-label")><TextInput value=Signal::derive(move || text_in(&label.get())) on_change=rename name="field-label"/></Field>
            <Field label=t!("designer-help")><TextInput value=Signal::derive(move || text_in(&help.get())) on_change=set_help name="field-help"/></Field>
            <Field label=t!("designer-key") help=Signal::derive(t!("designer-key-help"))>
                <div class="value code">{at.get_value()}</div>
            </Field>
            {(kind != "subform").then(|| view! { <KindChoice designer=designer path=path.clone() kind=kind/> })}
            {(!column).then(|| view! {
                <Field label=t!("designer-width")>
                    <Segmented
                        segments=vec![
                            Segment::new("1", || "1/4".to_string()),
                            Segment::new("2", || "1/2".to_string()),
                            Segment::new("3", || "3/4".to_string()),
                            Segment::new("4", t!("designer-width-full")),
                        ]
                        selected=Signal::derive(widths)
                        on_select=set_width
                        label=Signal::derive(t!("designer-width"))
                    />
                </Field>
            })}
            {input.then(|| view! {
                <div class="stack g1">
                    <label class="switch-row">
                        <span>{t!("designer-required")}</span>
                        <Switch checked=Signal::derive(move || required.get() == true) on_change=move |on| on_off("required", on) name="field-required"/>
                    </label>
                    <label class="switch-row">
                        <span>{t!("designer-unique")}</span>
                        <Switch checked=Signal::derive(move || unique.get() == true) on_change=move |on| on_off("unique", on)/>
                    </label>
                </div>
            })}
            <KindOptions designer=designer path=path.clone()/>
            {column.then(|| total_option(designer, &path))}
            {input.then(|| placeholder_option(designer, &path))}
        </div>
        {input.then(|| view! {
            <details class="fold" open=has_default>
                <summary><Icon name="right"/>{t!("designer-default")}</summary>
                <div><DefaultInput designer=designer path=path.clone() field=field.clone()/></div>
            </details>
            <details class="fold" open=is_computed>
                <summary><Icon name="right"/>{t!("designer-compute")}</summary>
                <div><ComputeInput designer=designer path=path.clone() field=field.clone()/></div>
            </details>
        })}
        <RuleInput designer=designer path=path.clone() member="visible_when" start=field.visible_when.clone() title=Signal::derive(t!("designer-visible-when"))/>
        {input.then(|| view! {
            <RuleInput designer=designer path=path.clone() member="required_when" start=field.required_when.clone() title=Signal::derive(t!("designer-required-when"))/>
        })}
        {holds.then(|| when_hidden_option(designer, &path, is_computed || !input))}
        {holds.then(|| view! { <WhoSees designer=designer path=path.clone()/> })}
        <WhereUsed designer=designer path=path.clone()/>
    }
    .into_any()
}

/// The kind of the field, which may become another: publishing tells what becomes of its values.
#[component]
fn KindChoice(designer: Designer, path: String, kind: &'static str) -> impl IntoView {
    let is_column = path.contains('.');
    let choices = Signal::derive(move || {
        let named = |kind: &'static str| Choice::new(kind, kind_name(kind));
        kinds_instead_of(kind, is_column).map(named).collect::<Vec<_>>()
    });
    let choose = move |chosen: Option<String>| {
        if let Some(chosen) = chosen.filter(|chosen| chosen != kind) {
            designer.set_kind(&path, &chosen);
        }
    };
    view! {
        <Field label=t!("designer-kind") help=Signal::derive(t!("designer-kind-help"))>
            <Select choices=choices value=Signal::stored(Some(kind.to_string())) on_change=choose/>
        </Field>
    }
}

/// A condition on the record, for a column on its row too, under which something holds for the field.
#[component]
fn RuleInput(
    designer: Designer,
    path: String,
    member: &'static str,
    start: Option<Condition>,
    title: Signal<String>,
) -> impl IntoView {
    let open = start.is_some();
    let condition = RwSignal::new(start);
    let at = StoredValue::new(path);
    Effect::new(move |before: Option<Option<Condition>>| {
        let now = condition.get();
        if before.is_some_and(|before| before != now) {
            let value = now.as_ref().and_then(|now| serde_json::to_value(now).ok()).unwrap_or_default();
            at.with_value(|path| designer.set(path, member, value));
        }
        now
    });
    // The draft as it is, under the names that it has by now; as it was last while it can't be used.
    let form = Memo::new_with_compare(
        move |before: Option<&Option<Arc<Form>>>| designer.form.get().or_else(|| before.cloned().flatten()),
        |_, _| true,
    );
    let is_known = Memo::new(move |_| form.with(Option::is_some));
    let pointer = Signal::derive(move || {
        at.with_value(|path| designer.document.with(|document| pointer_of(document, path, member)))
    });
    let builder = move || {
        let first = is_known.get().then(|| form.get_untracked()).flatten()?;
        let form = Signal::derive(move || form.get().unwrap_or_else(|| first.clone()));
        let (path, subform) = at.with_value(|path| {
            let subform = path.split_once('.').map_or("", |(subform, _)| subform);
            (path.clone(), subform.to_string())
        });
        Some(view! { <ConditionBuilder form=form without=path row_of=subform condition=condition/> })
    };
    view! {
        <details class="fold" open=open data-member=member>
            <summary><Icon name="right"/>{title}</summary>
            <div class="stack g2"><ToldHere designer=designer pointer=pointer/>{builder}</div>
        </details>
    }
}

/// What a new record starts with: a value, a formula, or what another form has.
#[component]
fn DefaultInput(designer: Designer, path: String, field: FormField) -> impl IntoView {
    let value = designer.member(&path, "default");
    let formula = move || value.get().get("formula").and_then(Json::as_str).map(str::to_string);
    let written = (path.clone(), "default");
    let by_formula = RwSignal::new(designer.unfinished_at(&written).or_else(|| untrack(formula)).is_some());
    let by_linkage = RwSignal::new(value.with_untracked(|value| value.get("linkage").is_some()));
    let may_link = takes_linkage(&field.kind);
    let written = StoredValue::new(written);
    let choose_way = move |way: &'static str| {
        by_formula.set(way == "formula");
        by_linkage.set(way == "linkage");
        // Who wants a value wants none of what is written.
        if way != "formula" {
            written.with_value(|written| designer.hear_unfinished(written, None));
        }
    };
    let at = StoredValue::new(path);
    let kind = StoredValue::new(field.kind.clone());
    let set = move |value: Json| at.with_value(|path| designer.set(path, "default", value));
    let enter = move |text: String| {
        let parsed = kind.with_value(|kind| kind.parse(&json!(text)).map(|value| kind.to_json(&value)));
        match parsed {
            Ok(json) => set(json),
            Err(fault) => toast::show(untrack(|| sentence(&fault))),
        }
    };
    let shown = Signal::derive(move || match value.get() {
        Json::String(text) => text,
        Json::Null => String::new(),
        Json::Object(members) if members.contains_key("formula") => String::new(),
        // As it is typed, such as an address in one line.
        other => kind.with_value(|kind| {
            let known = kind.parse_wire(&other).ok();
            known.map_or_else(|| other.to_string(), |value| kind.cell_text(&value, i18n::language()))
        }),
    });
    let literal = move || {
        let choices = kind.with_value(|kind| match kind {
            FieldKind::Select(select) => {
                let language = i18n::language();
                Some(
                    select
                        .choices
                        .iter()
                        .map(|choice| Choice::new(&choice.key, choice.label.get(language)))
                        .collect::<Vec<_>>(),
                )
            }
            _ => None,
        });
        if let Some(choices) = choices {
            let chosen = Signal::derive(move || Some(shown.get()).filter(|key| !key.is_empty()));
            let choose = move |key: Option<String>| set(key.map_or(Json::Null, Json::String));
            let is_open =
                kind.with_value(|kind| matches!(kind, FieldKind::Select(select) if select.allow_other));
            let other = is_open.then(|| Callback::new(enter));
            return view! {
                <Select choices=choices value=chosen clearable=true on_change=choose on_new=other label=Signal::derive(t!("designer-default"))/>
            }
            .into_any();
        }
        if kind.with_value(|kind| kind.name() == "switch") {
            let on = Signal::derive(move || value.get() == true);
            return view! { <Switch checked=on on_change=move |on| set(json!(on)) label=Signal::derive(t!("designer-default"))/> }
                .into_any();
        }
        let label = Signal::derive(t!("designer-default"));
        let is_moment = |kind: &FieldKind| {
            matches!(
                kind,
                FieldKind::Date(_) | FieldKind::Month(_) | FieldKind::DateTime(_) | FieldKind::Time(_)
            )
        };
        if kind.with_value(is_moment) {
            let kind = kind.get_value();
            return view! { <MomentOfKind kind=kind value=shown on_change=enter label=label/> }.into_any();
        }
        view! { <TextInput value=shown on_change=enter label=label/> }.into_any()
    };
    let set_formula = move |written: Written| {
        at.with_value(|path| designer.set_typed(path, "default", formula_rule(&written), &written.typing));
    };
    let mut ways = vec![
        Segment::new("value", t!("designer-default-value")),
        Segment::new("formula", t!("designer-kind-formula")),
    ];
    if may_link {
        ways.push(Segment::new("linkage", t!("designer-default-linkage")));
    }
    view! {
        <div class="stack g2">
            <Segmented
                segments=ways
                selected=Signal::derive(move || match (by_formula.get(), by_linkage.get()) {
                    (true, _) => "formula",
                    (_, true) => "linkage",
                    _ => "value",
                }.to_string())
                on_select=choose_way
                label=Signal::derive(t!("designer-default"))
            />
            {move || if by_linkage.get() {
                view! { <LinkageOptions designer=designer path=at.get_value()/> }.into_any()
            } else if by_formula.get() {
                let wanted = kind.with_value(|kind| kind.formula_type());
                view! {
                    <FormulaField designer=designer path=at.get_value() member="default" wanted=Signal::stored(wanted) value=Signal::derive(move || formula().unwrap_or_default()) on_change=set_formula/>
                }.into_any()
            } else {
                literal().into_any()
            }}
        </div>
    }
}

/// A formula as a member of a field; nothing where none is written.
fn formula_rule(written: &Written) -> Json {
    if written.formula.is_empty() { Json::Null } else { json!({ "formula": written.formula }) }
}

/// The formula that computes a field when its record is saved. A column that was made for its formula becomes of the kind that
/// this gives.
#[component]
fn ComputeInput(designer: Designer, path: String, field: FormField) -> impl IntoView {
    let stored = designer.member(&path, "compute.formula");
    let value = Signal::derive(move || stored.get().as_str().map(str::to_string).unwrap_or_default());
    let wanted = field.kind.formula_type();
    let finds = designer.is_added(&path, "compute");
    let found = StoredValue::new(None::<Type>);
    let at = StoredValue::new(path.clone());
    let set = move |written: Written| {
        found.set_value(written.gives.clone());
        at.with_value(|path| designer.set_typed(path, "compute", formula_rule(&written), &written.typing));
    };
    // Not before: another kind makes its settings anew, and the dialog with them.
    let done = Callback::new(move |()| {
        if let Some(kind) = found.get_value().as_ref().and_then(kind_that_holds) {
            at.with_value(|path| designer.set_kind(path, kind));
        }
    });
    view! {
        <span class="help">{t!("designer-compute-help")}</span>
        <FormulaField
            designer=designer
            path=path
            member="compute"
            wanted=Signal::stored(wanted)
            finds=finds
            value=value
            tried=true
            on_change=set
            on_done=finds.then_some(done)
        />
    }
}

/// The kind of a column that holds what a formula gives; nothing for what numbers hold.
fn kind_that_holds(found: &Type) -> Option<&'static str> {
    match found {
        Type::Text => Some("text"),
        Type::Bool => Some("switch"),
        Type::Date => Some("date"),
        Type::DateTime => Some("datetime"),
        Type::Number | Type::Any | Type::Time | Type::Ref | Type::List(_) | Type::Rows => None,
    }
}
