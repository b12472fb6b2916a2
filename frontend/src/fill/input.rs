//! The input of each field kind. This list is the only one.

use engine::field::{FieldKind, Precision, Shape};
use engine::form::Column;
use engine::value::Value;
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::address::AddressInput;
use super::file_list::FileList;
use super::files::FilesInput;
use super::layout::part_alone;
use super::link::LinkInput;
use super::location::LocationInput;
use super::picks::{Picks, are_laid_out};
use super::query::QueryList;
use super::reading::{ValueText, branches, choices, text_in};
use super::references::ReferencesInput;
use super::rich_text::{RichTextInput, RichTextView};
use super::signature::{SignatureInput, SignaturePicture};
use super::state::FormState;
use super::subform::SubformTable;
use super::taken::TakenInput;
use crate::ui::{
    Cascader, DateInput, DateInputKind, FieldContext, InputType, MomentInput, MultiSelect, NumberInput,
    Rating, ScanButton, Select, Switch, TextArea, TextInput, TimeInput,
};
use crate::{i18n, t, text};

/// The control for the value at a path, or its value as text where nobody may set it.
#[component]
pub fn FieldInput(
    state: FormState,
    /// `amount` or `lines.3.qty`.
    path: String,
    /// The path of the field or column, without a row.
    column: String,
) -> impl IntoView {
    state.draft.with_untracked(|draft| match draft.form().column(&column) {
        None => ().into_any(),
        Some(column) if matches!(column.field.kind, FieldKind::Subform(_)) => {
            let editable = state.may_edit(column);
            view! { <SubformTable state=state subform=column.path.clone() editable=editable/> }.into_any()
        }
        Some(column) if state.may_edit(column) || !column.field.kind.holds_data() => {
            input(state, &path, column)
        }
        Some(column) => field_reading(state, &path, column),
    })
}

fn input(state: FormState, path: &str, column: &Column) -> AnyView {
    let text = state.input_text(path.to_string());
    let value = state.value(path.to_string());
    let at = StoredValue::new(path.to_string());
    let enter = move |json: Json| at.with_value(|path| state.enter(path, json));
    let enter_text = move |text: String| enter(Json::String(text));
    let placeholder = column.field.placeholder.clone();
    let placeholder = Signal::derive(move || {
        placeholder.as_ref().map(|label| label.get(i18n::language()).to_string()).unwrap_or_default()
    });
    let kind = StoredValue::new(column.field.kind.clone());
    // A choice that is none of the list stays in sight.
    let typed = state.typed(path.to_string());
    let no_choice = Signal::derive(move || typed.get().unwrap_or_else(|| text!("ui-choose")));
    let is_laid_out = are_laid_out(state, path, &column.field.kind);
    match &column.field.kind {
        FieldKind::Text(_) | FieldKind::Serial(_) => {
            view! { <TextInput value=text on_input=enter_text placeholder=placeholder/> }.into_any()
        }
        FieldKind::Phone(_) => {
            view! { <TextInput value=text on_input=enter_text placeholder=placeholder kind=InputType::Phone/> }.into_any()
        }
        FieldKind::Email(_) => {
            view! { <TextInput value=text on_input=enter_text placeholder=placeholder kind=InputType::Email/> }.into_any()
        }
        FieldKind::LongText(_) => view! { <TextArea value=text on_input=enter_text placeholder=placeholder/> }.into_any(),
        FieldKind::Number(options) => {
            let ungrouped = options.thousands == Some(false);
            match options.unit.clone() {
                Some(unit) => {
                    view! {
                        <NumberInput
                            value=text
                            on_input=enter_text
                            placeholder=placeholder
                            ungrouped=ungrouped
                            suffix=Signal::stored(unit)
                        />
                    }
                    .into_any()
                }
                None => {
                    view! { <NumberInput value=text on_input=enter_text placeholder=placeholder ungrouped=ungrouped/> }
                        .into_any()
                }
            }
        }
        FieldKind::Money(money) => match currency_of(state, money.currency.as_deref(), money.currency_field.is_some(), path) {
            Some(currency) => {
                let sign = Signal::derive(move || i18n::currency_sign(&currency));
                view! { <NumberInput value=text on_input=enter_text placeholder=placeholder prefix=sign/> }.into_any()
            }
            None => view! { <NumberInput value=text on_input=enter_text placeholder=placeholder/> }.into_any(),
        },
        FieldKind::Percent(options) => {
            let sign = Signal::stored(options.sign().to_string());
            view! { <NumberInput value=text on_input=enter_text placeholder=placeholder suffix=sign/> }
                .into_any()
        }
        FieldKind::Date(_) => view! { <DateInput value=text on_change=enter_text/> }.into_any(),
        FieldKind::Month(_) => view! { <DateInput value=text on_change=enter_text kind=DateInputKind::Month/> }.into_any(),
        FieldKind::DateTime(options) => {
            let seconds = options.precision == Some(Precision::Second);
            view! { <MomentInput value=text on_change=enter_text seconds=seconds/> }.into_any()
        }
        FieldKind::Switch(_) => {
            let on = Signal::derive(move || value.get() == Value::Bool(true));
            let turn = move |on: bool| enter(json!(on));
            view! { <Switch checked=on on_change=turn/> }.into_any()
        }
        FieldKind::Select(select) if select.from.is_some() => {
            let is_open = select.allow_other;
            view! { <TakenInput state=state path=path.to_string() is_many=false is_open=is_open/> }.into_any()
        }
        FieldKind::MultiSelect(select) if select.from.is_some() => {
            let is_open = select.allow_other;
            view! { <TakenInput state=state path=path.to_string() is_many=true is_open=is_open/> }.into_any()
        }
        kind @ (FieldKind::Select(_) | FieldKind::MultiSelect(_)) if is_laid_out => {
            let is_many = matches!(kind, FieldKind::MultiSelect(_));
            let kind = StoredValue::new(kind.clone());
            let options = Signal::derive(move || kind.with_value(|kind| choices(kind, i18n::language())));
            let keys = Signal::derive(move || {
                value.get().items().iter().filter_map(Value::as_text).map(str::to_string).collect::<Vec<_>>()
            });
            let choose = move |chosen: Vec<String>| match is_many {
                true => enter(json!(chosen)),
                false => enter(json!(chosen.first())),
            };
            view! { <Picks choices=options chosen=keys is_many=is_many on_change=choose/> }.into_any()
        }
        FieldKind::Select(select) => {
            let other = select.allow_other.then(|| Callback::new(enter_text));
            let place = StoredValue::new(column.path.clone());
            let options = Signal::derive(move || {
                let all = kind.with_value(|kind| choices(kind, i18n::language()));
                place.with_value(|column| state.recent_choices_first(column, all))
            });
            let key = Signal::derive(move || {
                value.get().as_text().filter(|_| typed.with(Option::is_none)).map(str::to_string)
            });
            let choose = move |key: Option<String>| {
                if let Some(key) = &key {
                    place.with_value(|column| state.note_chosen(column, key));
                }
                enter(json!(key));
            };
            view! {
                <Select choices=options value=key clearable=true placeholder=no_choice on_change=choose on_new=other/>
            }
            .into_any()
        }
        FieldKind::MultiSelect(select) => {
            let place = StoredValue::new(column.path.clone());
            let options = Signal::derive(move || {
                let all = kind.with_value(|kind| choices(kind, i18n::language()));
                place.with_value(|column| state.recent_choices_first(column, all))
            });
            let keys = Signal::derive(move || {
                if typed.with(Option::is_some) {
                    return Vec::new();
                }
                value.get().items().iter().filter_map(Value::as_text).map(str::to_string).collect::<Vec<_>>()
            });
            let choose = move |chosen: Vec<String>| {
                let before = keys.get_untracked();
                for key in chosen.iter().filter(|key| !before.contains(key)) {
                    place.with_value(|column| state.note_chosen(column, key));
                }
                enter(json!(chosen));
            };
            let add = move |other: String| {
                let mut keys = keys.get_untracked();
                keys.push(other);
                enter(json!(keys));
            };
            let other = select.allow_other.then(|| Callback::new(add));
            view! {
                <MultiSelect choices=options value=keys placeholder=no_choice on_change=choose on_new=other/>
            }
            .into_any()
        }
        FieldKind::Link(_) | FieldKind::Member(_) | FieldKind::Department(_) => {
            view! { <LinkInput state=state path=path.to_string() column=column.path.clone()/> }.into_any()
        }
        FieldKind::Links(_) | FieldKind::Members(_) | FieldKind::Departments(_) => {
            view! { <ReferencesInput state=state path=path.to_string() column=column.path.clone()/> }.into_any()
        }
        FieldKind::Time(_) => {
            let hint = Signal::derive(move || Some(placeholder.get()).filter(|own| !own.is_empty()).unwrap_or("09:30".into()));
            view! { <TimeInput value=text on_change=enter_text placeholder=hint/> }.into_any()
        }
        FieldKind::Rating(options) => {
            let given = Signal::derive(move || stars(&value.get()));
            let give = move |stars: Option<u32>| enter(json!(stars));
            view! { <Rating value=given max=options.max on_change=give/> }.into_any()
        }
        FieldKind::Url(_) => {
            view! { <TextInput value=text on_change=enter_text placeholder=placeholder kind=InputType::Url/> }.into_any()
        }
        FieldKind::IdCard(_) => {
            view! { <TextInput value=text on_change=enter_text placeholder=placeholder/> }.into_any()
        }
        FieldKind::Barcode(_) if path.contains('.') => {
            view! { <TextInput value=text on_change=enter_text placeholder=placeholder/> }.into_any()
        }
        FieldKind::Barcode(_) => view! {
            <div class="row gap-1">
                <TextInput value=text on_change=enter_text placeholder=placeholder class="grow"/>
                <ScanButton on_code=enter_text/>
            </div>
        }
        .into_any(),
        FieldKind::RichText(_) => {
            view! { <RichTextInput state=state path=path.to_string() kind=column.field.kind.clone()/> }.into_any()
        }
        FieldKind::Location(options) => {
            view! { <LocationInput state=state path=path.to_string() options=options.clone()/> }.into_any()
        }
        FieldKind::Address(options) => {
            view! { <AddressInput state=state path=path.to_string() options=options.clone()/> }.into_any()
        }
        FieldKind::Cascader(tree) => {
            let any_level = tree.any_level;
            let branches = Signal::derive(move || kind.with_value(|kind| branches(kind, i18n::language())));
            let key = Signal::derive(move || {
                value.get().as_text().filter(|_| typed.with(Option::is_none)).map(str::to_string)
            });
            let choose = move |key: Option<String>| enter(json!(key));
            view! {
                <Cascader
                    branches=branches
                    value=key
                    any_level=any_level
                    clearable=true
                    placeholder=no_choice
                    on_change=choose
                />
            }
            .into_any()
        }
        FieldKind::Json(_) => {
            let document = Signal::derive(move || typed.get().unwrap_or_else(|| document_text(&value.get())));
            view! { <TextArea value=document on_change=enter_text placeholder=placeholder rows=6/> }.into_any()
        }
        FieldKind::Files(_) | FieldKind::Images(_) => {
            view! { <FilesInput state=state path=path.to_string() kind=column.field.kind.clone()/> }.into_any()
        }
        FieldKind::Signature(_) => view! { <SignatureInput state=state path=path.to_string()/> }.into_any(),
        FieldKind::Query(_) => view! { <QueryList state=state field=column.path.clone()/> }.into_any(),
        kind @ (FieldKind::Divider(_) | FieldKind::Note(_) | FieldKind::Tabs(_)) => part_alone(kind),
        FieldKind::Subform(_) | FieldKind::Lookup(_) | FieldKind::Rollup(_) | FieldKind::Formula(_) => {
            field_reading(state, path, column)
        }
    }
}

/// The stars of a rating.
fn stars(value: &Value) -> Option<u32> {
    value.as_number().and_then(|number| u32::try_from(number).ok())
}

/// A document as one reads and writes it, with a line for each member.
fn document_text(value: &Value) -> String {
    let document = value.as_text().and_then(|text| serde_json::from_str::<Json>(text).ok());
    document.and_then(|document| serde_json::to_string_pretty(&document).ok()).unwrap_or_default()
}

/// A value that nobody sets here: plain text, not a greyed input.
pub fn field_reading(state: FormState, path: &str, column: &Column) -> AnyView {
    let value = state.value(path.to_string());
    match &column.read_kind {
        FieldKind::Files(_) | FieldKind::Images(_) => return view! { <FileList value=value/> }.into_any(),
        FieldKind::Signature(_) => return view! { <SignaturePicture value=value/> }.into_any(),
        _ => {}
    }
    if matches!(column.read_kind, FieldKind::RichText(_)) {
        let kind = StoredValue::new(column.read_kind.clone());
        return view! { <RichTextView value=value kind=kind/> }.into_any();
    }
    let number = matches!(column.read_kind.shape(), Shape::Decimal(_));
    let long = matches!(column.read_kind.shape(), Shape::LongText | Shape::Markup);
    let class =
        crate::ui::classes(&["value", if number { "num" } else { "" }, if long { "long" } else { "" }]);
    let waits = matches!(column.field.kind, FieldKind::Serial(_));
    let shown = cell_reading(state, path, column);
    let text = move || {
        let later = waits && value.with(Value::is_empty);
        later.then(|| view! { <span class="muted">{t!("fill-serial-later")}</span> })
    };
    let hidden = move || waits && value.with(Value::is_empty);
    view! {
        <output class=class id=FieldContext::id()>
            {text}
            {move || (!hidden()).then(|| shown())}
        </output>
    }
    .into_any()
}

/// A value as it stands in a cell: words, chips or digits without anything around them.
pub type Shown = std::sync::Arc<dyn Fn() -> AnyView + Send + Sync>;

/// How the value at a path is shown where nobody sets it.
pub fn cell_reading(state: FormState, path: &str, column: &Column) -> Shown {
    let value = state.value(path.to_string());
    let kind = StoredValue::new(column.read_kind.clone());
    let column_path = column.path.clone();
    let text = Signal::derive(move || {
        let value = value.get();
        state.draft.with_untracked(|draft| {
            let column = draft.form().column(&column_path);
            column
                .map(|column| text_in(draft.form(), &column_path, &column.read_kind, &value, state.titles))
                .unwrap_or_default()
        })
    });
    let Some(form) = column.target.filter(|_| matches!(column.field.kind, FieldKind::Link(_))) else {
        let waits = state.waits(path.to_string());
        let is_undetermined = state.is_undetermined(path.to_string());
        let shown = move || match is_undetermined.get() {
            true => view! { <span class="muted" title=t!("fill-undetermined")>"—"</span> }.into_any(),
            false => view! { <ValueText value=value kind=kind text=text titles=state.titles waits=waits/> }
                .into_any(),
        };
        return std::sync::Arc::new(move || shown.into_any());
    };
    // Only a record that the reader may see has a title.
    let address = move || {
        let record = value.get().as_ref_id()?;
        state.titles.known(record)?;
        state.loaders.address.run((form, record))
    };
    let shown = move || match address() {
        Some(address) => view! { <a class="link clip" href=address title=text>{text}</a> }.into_any(),
        None => view! { <ValueText value=value kind=kind text=text titles=state.titles/> }.into_any(),
    };
    std::sync::Arc::new(move || shown.into_any())
}

/// The currency of an amount: what its field says, else that of the workspace. None where the record says it, and in the rows
/// of a table, where there is no room.
fn currency_of(state: FormState, own: Option<&str>, in_record: bool, path: &str) -> Option<String> {
    if in_record || path.contains('.') {
        return None;
    }
    own.map(str::to_string).or_else(|| state.loaders.currency.get_value())
}
