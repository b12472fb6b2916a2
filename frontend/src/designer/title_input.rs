//! The pattern of a title: a text that names fields. Fields are put in by what people call them, and below it reads so.

use engine::field::{FieldKind, Shape};
use engine::form::{Catalogue, Column, Form, fill_text, pattern_paths};
use engine::text::Language;
use leptos::prelude::*;

use super::state::Designer;
use crate::ui::{Choice, ControlSize, Field, Select, TextInput};
use crate::{i18n, t};

/// What a title may name of a form: its own fields that are read as words, and what linked records are called.
pub fn named_in_titles(form: &Form, known: &dyn Catalogue, language: Language) -> Vec<Choice> {
    let choice = |column: &Column| {
        let path = path_in_title(column, known)?;
        Some(Choice::new(path, column.field.label.get(language)))
    };
    form.fields().filter(|column| column.field.kind.holds_data()).filter_map(choice).collect()
}

/// The same of a draft: as it was last while it can't be used.
pub fn offered_to_titles(designer: Designer) -> Signal<Vec<Choice>> {
    let offered = Memo::new_with_compare(
        move |before: Option<&Vec<Choice>>| match designer.form.get() {
            Some(form) => named_in_titles(&form, &designer.catalogue(), i18n::language()),
            None => before.cloned().unwrap_or_default(),
        },
        |_, _| true,
    );
    offered.into()
}

/// How a title names a column; nothing for what is no word. A link stands for what its record is called.
fn path_in_title(column: &Column, known: &dyn Catalogue) -> Option<String> {
    if let FieldKind::Link(_) = &column.field.kind {
        let target = known.form("", &column.target?.to_string())?;
        let titled =
            target.document.title.as_deref().and_then(|title| pattern_paths(title).into_iter().next());
        let first = || {
            let mut fields = target.document.fields.iter();
            fields.find(|field| field.kind.shape() == Shape::Text).map(|field| field.key.clone())
        };
        let path = titled.filter(|path| !path.contains('.')).or_else(first)?;
        return Some(format!("{}.{path}", column.path));
    }
    let is_word = !matches!(
        column.shape,
        Shape::Ref | Shape::Refs | Shape::Rows | Shape::Markup | Shape::Nothing | Shape::LongText
    );
    is_word.then(|| column.path.clone())
}

/// A pattern with a name in braces behind it.
fn with_name(pattern: &str, path: &str) -> String {
    let gap = if pattern.is_empty() || pattern.ends_with(char::is_whitespace) { "" } else { " " };
    format!("{pattern}{gap}{{{path}}}")
}

/// A pattern as it reads with the names of its fields; nothing where it names none that is known.
fn as_read(pattern: &str, offered: &[Choice]) -> Option<String> {
    let label =
        |path: &str| offered.iter().find(|choice| choice.key == path).map(|choice| choice.label.clone());
    let names_any = pattern_paths(pattern).iter().any(|path| label(path).is_some());
    let name = |path: &str| label(path).map_or_else(|| format!("{{{path}}}"), |label| format!("[{label}]"));
    names_any.then(|| fill_text(pattern, &name))
}

/// The input of a title's pattern, with the list of fields to put in.
#[component]
pub fn TitleInput(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] help: Signal<String>,
    #[prop(into)] value: Signal<String>,
    /// What can be named, by its path.
    #[prop(into)]
    offered: Signal<Vec<Choice>>,
    #[prop(into)] on_change: Callback<String>,
    /// Name of the input, for browsers and tests.
    name: &'static str,
) -> impl IntoView {
    let insert = move |path: Option<String>| {
        if let Some(path) = path {
            on_change.run(with_name(&value.get_untracked(), &path));
        }
    };
    let read = move || value.with(|pattern| offered.with(|offered| as_read(pattern, offered)));
    view! {
        <div class="stack g1">
            <Field label=label help=help>
                <TextInput value=value on_change=on_change name=name/>
            </Field>
            {move || read().map(|read| view! { <p class="note">{t!("designer-title-reads")}" "<span data-title="true">{read}</span></p> })}
            <Select
                choices=offered
                value=Signal::stored(None::<String>)
                on_change=insert
                placeholder=Signal::derive(t!("designer-title-insert"))
                label=Signal::derive(t!("designer-title-insert"))
                size=ControlSize::Small
            />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use engine::form::{FormDocument, Sketch};
    use engine::value::Id;
    use serde_json::{Value, json};

    use super::*;
    use crate::api::forms::Related;

    #[test]
    fn a_title_names_words_and_what_links_are_called() {
        let sketch = |id: i64, document: Value| {
            let document: FormDocument = serde_json::from_value(document).unwrap();
            Arc::new(Sketch { id: Id::from_i64(id).unwrap(), app: "x".into(), document })
        };
        let buyer = json!({"key": "buyer", "label": "buyer", "title": "{name}", "fields": [
            {"key": "phone", "label": "phone", "kind": "text"}, {"key": "name", "label": "name", "kind": "text"}]});
        let order = json!({"key": "order", "label": "order", "fields": [
            {"key": "no", "label": "Number", "kind": "text"},
            {"key": "buyer", "label": "Buyer", "kind": "link", "options": {"form": "buyer"}},
            {"key": "by", "label": "By", "kind": "member"},
            {"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": [
                {"key": "item", "label": "Item", "kind": "text"}]}},
            {"key": "sum", "label": "Sum", "kind": "money"}]});
        let own = sketch(1, order);
        let known = Related::of(vec![sketch(2, buyer), own.clone()]);
        let form = Form::publish(own, 1, &known).unwrap();
        let offered = named_in_titles(&form, &known, Language::En);
        let paths: Vec<&str> = offered.iter().map(|choice| choice.key.as_str()).collect();
        assert_eq!(paths, ["no", "buyer.name", "sum"]);
        // What is put in stands behind what is there, and is read by its name.
        let pattern = with_name(&with_name("", "no"), "buyer.name");
        assert_eq!(pattern, "{no} {buyer.name}");
        assert_eq!(as_read(&pattern, &offered).as_deref(), Some("[Number] [Buyer]"));
        assert_eq!(as_read("{none} of {no}", &offered).as_deref(), Some("{none} of [Number]"));
        assert_eq!(as_read("Order", &offered), None);
    }
}
