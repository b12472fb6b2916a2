//! A form page by page: by its tabs, or else by the lines with a title that divide it.

use engine::field::FieldKind;
use engine::form::{Form, LayoutItem, LayoutRow};
use engine::text::Label;
use leptos::prelude::*;

use super::live_form::{alone, arrangement, items, placed_fields};
use super::state::FormState;

/// A page of a form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FormPage {
    /// What it is called; nothing for what stands before the first title.
    pub label: Option<Label>,
    inside: Vec<LayoutItem>,
    /// The fields that stand on it.
    pub fields: Vec<String>,
}

impl FormPage {
    fn of(form: &Form, label: Option<Label>, inside: Vec<LayoutItem>) -> FormPage {
        let placed = placed_fields(&inside);
        let tabbed = placed.iter().filter_map(|path| match &form.column(path)?.field.kind {
            FieldKind::Tabs(tabs) => Some(tabs.tabs.iter().flat_map(|tab| tab.fields.clone())),
            _ => None,
        });
        let fields = placed.iter().cloned().chain(tabbed.flatten()).collect();
        FormPage { label, inside, fields }
    }

    /// Whether a field, a column or a cell stands on it.
    pub fn holds(&self, path: &str) -> bool {
        let field = path.split('.').next().unwrap_or_default();
        self.fields.iter().any(|known| known == field)
    }
}

/// What is on its way to become a page.
type Part = (Option<Label>, Vec<LayoutItem>);

/// The pages of a form; one where nothing divides it.
pub fn pages_of(form: &Form) -> Vec<FormPage> {
    let arranged = arrangement(form);
    let by_tabs = divide(&arranged, |item| tabs_in(form, item));
    let parts = if by_tabs.len() > 1 {
        by_tabs
    } else {
        let by_titles =
            divide(&arranged, |item| title_in(form, item).map(|title| vec![(Some(title), Vec::new())]));
        if by_titles.len() > 1 { by_titles } else { vec![(None, arranged)] }
    };
    parts.into_iter().map(|(label, inside)| FormPage::of(form, label, inside)).collect()
}

/// Cuts a layout where an item begins parts of its own. What follows such an item goes on with the last of them.
fn divide(arranged: &[LayoutItem], cut: impl Fn(&LayoutItem) -> Option<Vec<Part>>) -> Vec<Part> {
    let mut parts: Vec<Part> = vec![(None, Vec::new())];
    for item in arranged {
        if let Some(begun) = cut(item) {
            parts.extend(begun);
        } else if let Some((_, inside)) = parts.last_mut() {
            inside.push(item.clone());
        }
    }
    parts.retain(|(_, inside)| !inside.is_empty());
    parts
}

/// The tabs that an item is, each with what stands on it.
fn tabs_in(form: &Form, item: &LayoutItem) -> Option<Vec<Part>> {
    if let Some(tabs) = &item.tabs {
        return Some(tabs.iter().map(|tab| (Some(tab.label.clone()), tab.rows.clone())).collect());
    }
    let FieldKind::Tabs(tabs) = only_kind(form, item)? else { return None };
    let of = |fields: &[String]| -> Vec<LayoutItem> { fields.iter().cloned().map(alone).collect() };
    Some(tabs.tabs.iter().map(|tab| (Some(tab.label.clone()), of(&tab.fields))).collect())
}

/// The title of the line that an item is.
fn title_in(form: &Form, item: &LayoutItem) -> Option<Label> {
    if let Some(title) = &item.divider {
        return Some(title.clone());
    }
    let field = only_field(item)?;
    let column = form.column(&field.field)?;
    matches!(column.field.kind, FieldKind::Divider(_)).then(|| column.field.label.clone())
}

fn only_kind<'f>(form: &'f Form, item: &LayoutItem) -> Option<&'f FieldKind> {
    form.column(&only_field(item)?.field).map(|column| &column.field.kind)
}

/// The field of a row that holds no other.
fn only_field(item: &LayoutItem) -> Option<&LayoutRow> {
    match item.row.as_deref() {
        Some([field]) => Some(field),
        _ => None,
    }
}

/// The fields of a page in their layout.
#[component]
pub fn PageFields(state: FormState, page: FormPage) -> impl IntoView {
    view! { <div class="form">{items(state, page.inside)}</div> }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use engine::form::Sketch;
    use engine::value::Id;
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::api::forms::Related;

    fn pages(more: Json) -> Vec<(String, Vec<String>)> {
        let mut document = json!({"key": "f", "label": "f", "fields": [
            {"key": "a", "label": "A", "kind": "text"}, {"key": "b", "label": "B", "kind": "text"},
            {"key": "c", "label": "C", "kind": "text"}, {"key": "d", "label": "D", "kind": "text"}]});
        let members = more.as_object().cloned().unwrap();
        document.as_object_mut().unwrap().extend(members);
        let document = serde_json::from_value(document).unwrap();
        let sketch = Arc::new(Sketch { id: Id::from_i64(1).unwrap(), app: "x".into(), document });
        let form = Form::publish(sketch, 1, &Related::default()).unwrap();
        let name = |page: &FormPage| {
            page.label
                .as_ref()
                .map(|label| label.get(crate::i18n::Language::En).to_string())
                .unwrap_or_default()
        };
        pages_of(&form).iter().map(|page| (name(page), page.fields.clone())).collect()
    }

    fn page(label: &str, fields: &[&str]) -> (String, Vec<String>) {
        (label.to_string(), fields.iter().map(|field| (*field).to_string()).collect())
    }

    #[test]
    fn a_form_is_turned_by_its_tabs_or_by_its_titles() {
        let row = |field: &str| json!({"row": [{"field": field}]});
        assert_eq!(pages(json!({})), [page("", &["a", "b", "c", "d"])]);
        // What follows the tabs, and what the layout does not name, stands on the last one.
        let tabs = json!({"layout": [row("a"), {"tabs": [{"label": "One", "rows": [row("b")]}, {"label": "Two", "rows": [row("c")]}]}]});
        assert_eq!(pages(tabs), [page("", &["a"]), page("One", &["b"]), page("Two", &["c", "d"])]);
        let titles = json!({"layout": [{"divider": "You"}, row("a"), row("b"), {"divider": "We"}, row("c"), row("d")]});
        assert_eq!(pages(titles), [page("You", &["a", "b"]), page("We", &["c", "d"])]);
        // One title over everything divides nothing.
        let one = json!({"layout": [{"divider": "You"}, row("a"), row("b"), row("c"), row("d")]});
        assert_eq!(pages(one), [page("", &["a", "b", "c", "d"])]);
    }

    #[test]
    fn a_cell_stands_where_its_table_does() {
        let page = FormPage { fields: vec!["lines".into()], ..FormPage::default() };
        assert!(page.holds("lines") && page.holds("lines.3.qty") && !page.holds("line"));
    }
}
