//! Options of kinds that are set less often, and what is said of any field beside the daily things.

use std::sync::Arc;

use engine::field::Shape;
use engine::form::Form;
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::kind_options::{count_option, form_named};
use super::properties::{text_in, with_text};
use super::state::Designer;
use crate::api::forms;
use crate::conditions::ConditionBuilder;
use crate::fill::has_total;
use crate::ui::{Choice, Field, Select, Switch, TextInput};
use crate::{i18n, t};

/// A choice of a few that stand for what is not said, too; `named` gives the text of each.
fn one_of(
    designer: Designer,
    path: &str,
    member: &'static str,
    label: fn() -> String,
    (named, keys): (fn(&str) -> String, &'static [&'static str]),
) -> AnyView {
    let stored = designer.member(path, member);
    let at = path.to_string();
    let choices = Signal::derive(move || {
        let name = |key: &&str| Choice::new(*key, i18n::lookup(&named(&key.replace('_', "-")), &[]));
        keys.iter().map(name).collect::<Vec<_>>()
    });
    let first = keys.first().copied().unwrap_or_default();
    let value = Signal::derive(move || Some(stored.get().as_str().unwrap_or(first).to_string()));
    let set = move |key: Option<String>| {
        let value = key.filter(|key| key != first).map_or(Json::Null, Json::String);
        designer.set(&at, member, value);
    };
    view! { <Field label=label><Select choices=choices value=value on_change=set/></Field> }.into_any()
}

/// How what a formula gives is brought to the digits of a number.
pub fn rounding_option(designer: Designer, path: &str) -> AnyView {
    const WAYS: &[&str] = &["half_up", "half_even", "down", "up", "ceiling", "floor"];
    let named = |way: &str| format!("designer-rounding-{way}");
    one_of(designer, path, "options.rounding", || t!("designer-rounding")(), (named, WAYS))
}

/// What a computed number is shown as.
pub fn number_format_option(designer: Designer, path: &str) -> AnyView {
    const FORMATS: &[&str] = &["plain", "percent", "money"];
    let named = |format: &str| format!("designer-shown-as-{format}");
    one_of(designer, path, "options.format", || t!("designer-shown-as")(), (named, FORMATS))
}

/// What becomes of a value while a rule hides its field.
pub fn when_hidden_option(designer: Designer, path: &str, computed: bool) -> AnyView {
    const ENTERED: &[&str] = &["clear", "keep"];
    const COMPUTED: &[&str] = &["recompute", "clear", "keep"];
    let ways = if computed { COMPUTED } else { ENTERED };
    let named = |way: &str| format!("designer-hidden-{way}");
    one_of(designer, path, "when_hidden", || t!("designer-when-hidden")(), (named, ways))
}

/// What stands in an input while nothing is entered.
pub fn placeholder_option(designer: Designer, path: &str) -> AnyView {
    let stored = designer.member(path, "placeholder");
    let at = path.to_string();
    let set = move |text: String| {
        let value = match text.trim() {
            "" => Json::Null,
            text => with_text(&stored.get_untracked(), text),
        };
        designer.set(&at, "placeholder", value);
    };
    let shown = Signal::derive(move || text_in(&stored.get()));
    view! { <Field label=t!("designer-placeholder")><TextInput value=shown on_change=set name="field-placeholder"/></Field> }
        .into_any()
}

/// The field that names the currency of an amount.
pub fn currency_field(designer: Designer, path: &str) -> AnyView {
    let within = path.split_once('.').map(|(subform, _)| subform.to_string());
    let choices = Signal::derive(move || {
        let language = i18n::language();
        designer.document.with(|document| {
            let columns = within.as_ref().and_then(|subform| document.field(subform)).map(|it| it.columns());
            let fields = columns.unwrap_or(&document.fields).iter();
            let names = fields.filter(|field| matches!(field.kind.shape(), Shape::Text | Shape::Key));
            names.map(|field| Choice::new(&field.key, field.label.get(language))).collect::<Vec<_>>()
        })
    });
    let stored = designer.member(path, "options.currency_field");
    let at = path.to_string();
    let set = move |key: Option<String>| {
        designer.set(&at, "options.currency_field", key.map_or(Json::Null, Json::String));
    };
    let value = Signal::derive(move || stored.get().as_str().map(str::to_string));
    view! {
        <Field label=t!("designer-currency-field")><Select choices=choices value=value clearable=true on_change=set/></Field>
    }
    .into_any()
}

/// How many rows a sub-form has.
pub fn row_options(designer: Designer, path: &str) -> AnyView {
    view! {
        {count_option(designer, path.to_string(), "options.min_rows", || t!("designer-min-rows")())}
        {count_option(designer, path.to_string(), "options.max_rows", || t!("designer-max-rows")())}
    }
    .into_any()
}

/// Whether the total of a column of numbers stands below the rows.
pub fn total_option(designer: Designer, path: &str) -> AnyView {
    let at = StoredValue::new(path.to_string());
    // As the rows show it, as long as the draft can be used.
    let shown = Memo::new(move |_| {
        let form = designer.form.get()?;
        let column = at.with_value(|path| form.column(path))?;
        matches!(column.read_kind.shape(), Shape::Decimal(_)).then(|| has_total(column))
    });
    let is_number = Memo::new(move |_| shown.with(Option::is_some));
    let on = Signal::derive(move || shown.get() == Some(true));
    let turn = move |on: bool| at.with_value(|path| designer.set(path, "total", json!(on)));
    let option = move || {
        view! {
            <div class="stack g1">
                <label class="switch-row">
                    <span>{t!("designer-total")}</span>
                    <Switch checked=on on_change=turn name="column-total"/>
                </label>
                <span class="help">{t!("designer-total-help")}</span>
            </div>
        }
    };
    (move || is_number.get().then(option)).into_any()
}

/// How large files may be, and which are taken.
pub fn file_options(designer: Designer, path: &str) -> AnyView {
    const MEBIBYTE: u64 = 1024 * 1024;
    let bytes = designer.member(path, "options.max_bytes");
    let types = designer.member(path, "options.types");
    let (at, of) = (path.to_string(), path.to_string());
    let set_size = move |text: String| {
        let size = text.trim().parse::<u64>().ok().filter(|size| *size > 0);
        designer.set(
            &at,
            "options.max_bytes",
            size.map(|size| json!(size.saturating_mul(MEBIBYTE))).unwrap_or_default(),
        );
    };
    let set_types = move |text: String| {
        let parts = text.split([',', '，', ' ', '、']).map(str::trim).filter(|part| !part.is_empty());
        let parts: Vec<String> = parts.map(str::to_string).collect();
        designer.set(&of, "options.types", if parts.is_empty() { Json::Null } else { json!(parts) });
    };
    let size = Signal::derive(move || {
        bytes.get().as_u64().map(|bytes| (bytes / MEBIBYTE).to_string()).unwrap_or_default()
    });
    let listed = Signal::derive(move || {
        let types = types.get();
        types.as_array().into_iter().flatten().filter_map(Json::as_str).collect::<Vec<_>>().join(", ")
    });
    view! {
        <Field label=t!("designer-max-megabytes")><TextInput value=size on_change=set_size/></Field>
        <Field label=t!("designer-file-types") help=Signal::derive(t!("designer-file-types-help"))>
            <TextInput value=listed on_change=set_types/>
        </Field>
    }
    .into_any()
}

/// Another form as far as it can be used, made anew where it is another one.
pub(super) fn other_form(designer: Designer, other: Signal<String>) -> Memo<Option<Arc<Form>>> {
    Memo::new_with_compare(
        move |_| {
            let sketch = form_named(designer, &other.get())?;
            let others = designer.catalogue();
            forms::usable(&sketch, &engine::form::Catalogue::forms(&others)).map(Arc::new)
        },
        |before: Option<&Option<Arc<Form>>>, now: Option<&Option<Arc<Form>>>| {
            let id =
                |form: Option<&Option<Arc<Form>>>| form.and_then(|it| it.as_ref()).map(|it| it.sketch.id);
            id(before) != id(now)
        },
    )
}

/// Which records of the other form a rollup counts.
pub fn counted_filter(designer: Designer, path: &str, other: Signal<String>) -> AnyView {
    let stored = designer.member(path, "options.filter");
    let start = serde_json::from_value(stored.get_untracked()).ok();
    let condition = RwSignal::new(start);
    let at = path.to_string();
    Effect::new(move |before: Option<Option<engine::condition::Condition>>| {
        let now = condition.get();
        if before.is_some_and(|before| before != now) {
            let value = now.as_ref().and_then(|now| serde_json::to_value(now).ok()).unwrap_or_default();
            designer.set(&at, "options.filter", value);
        }
        now
    });
    let form = other_form(designer, other);
    let builder = move || {
        let form = form.get()?;
        Some(view! { <ConditionBuilder form=Signal::stored(form) condition=condition/> })
    };
    view! { <Field label=t!("designer-counted-where")>{builder}</Field> }.into_any()
}
