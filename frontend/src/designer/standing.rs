//! What stands in the way of publishing a form, what else is worth a look, and at which of its fields.

use std::borrow::Cow;
use std::collections::BTreeMap;

use engine::form::FormDocument;
use engine::text::Fault;
use leptos::prelude::*;
use wire::ProblemError;

use super::state::Designer;
use crate::fill::sentence;
use crate::ui::Icon;

/// The field that a JSON pointer of the document leads into, as a path.
fn field_at(document: &FormDocument, pointer: &str) -> Option<String> {
    let mut parts = pointer.trim_start_matches('/').split('/');
    if parts.next()? != "fields" {
        return None;
    }
    let field = document.fields.get(parts.next()?.parse::<usize>().ok()?)?;
    let column = match (parts.next(), parts.next(), parts.next()) {
        (Some("options"), Some("fields"), Some(place)) => {
            place.parse::<usize>().ok().and_then(|place| field.columns().get(place))
        }
        _ => None,
    };
    Some(column.map_or_else(|| field.key.clone(), |column| format!("{}.{}", field.key, column.key)))
}

/// Something that stands in the way of publishing: the path of its field, if it has one, and what is wrong.
pub type Standing = (Option<String>, String);

/// What the server found and is not filled in since, and what is written here and can't be taken into the draft; each cause
/// once.
pub fn standing(designer: Designer) -> Vec<Standing> {
    let unfinished = designer.unfinished.get();
    let written = |path: Option<&String>| unfinished.keys().any(|(of, _)| Some(of) == path);
    let here = unfinished.iter().map(|((path, _), written)| {
        let rows = path.split_once('.').map(|(rows, _)| rows);
        (Some(path.clone()), sentence(&designer.told_removed(written.fault.clone(), rows)))
    });
    let found = designer.problems.get().into_iter().filter_map(|problem| {
        let path = designer.document.with(|document| field_at(document, &problem.path));
        let is_here = is_of_formula(&problem) && written(path.as_ref());
        let is_mended = designer.document.with(|document| is_filled_since(document, &problem));
        (!is_here && !is_mended).then(|| (path, said(designer, problem)))
    });
    here.chain(found).collect()
}

/// What the server told, and of a field that was removed on this page what it was called.
fn said(designer: Designer, problem: ProblemError) -> String {
    let ProblemError { path, code, args, message, .. } = problem;
    // Where the server knew what it was called, it says so itself.
    if code == "removed_field" {
        return message;
    }
    let fault = Fault { path, code: Cow::Owned(code), args, ..Fault::new("", "") };
    let rows = designer.document.with(|document| document.rows_at(&fault.path).map(str::to_string));
    let told = designer.told_removed(fault, rows.as_deref());
    if told.code == "removed_field" { sentence(&told) } else { message }
}

/// What is told of a part of the document: what stands in the way of publishing, and after it what is worth a look.
pub fn told_at(designer: Designer, pointer: &str) -> Vec<(String, bool)> {
    let is_here = |problem: &ProblemError| {
        problem.path.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let faults = designer.problems.get().into_iter().filter(is_here);
    let warnings = designer.warnings.get().into_iter().filter(is_here);
    let faults = faults.map(|problem| (said(designer, problem), false));
    faults.chain(warnings.map(|warning| (warning.message, true))).collect()
}

/// What is wrong with a part of the document, or worth a look, beside it. `pointer` is where it stands now.
#[component]
pub fn ToldHere(designer: Designer, #[prop(into)] pointer: Signal<Option<String>>) -> impl IntoView {
    let told =
        Memo::new(move |_| pointer.get().map(|pointer| told_at(designer, &pointer)).unwrap_or_default());
    let line = |(message, is_warning): (String, bool)| {
        let (tone, icon) = if is_warning { ("row note warn-text", "warning") } else { ("error", "error") };
        view! { <span class=tone data-told=icon><Icon name=icon/><span>{message}</span></span> }
    };
    view! { <div class="contents" aria-live="polite">{move || told.get().into_iter().map(line).collect_view()}</div> }
}

/// Where a member of the field at a path stands in the document.
pub fn pointer_of(document: &FormDocument, path: &str, member: &str) -> Option<String> {
    let mut keys = path.split('.');
    let key = keys.next()?;
    let place = document.fields.iter().position(|field| field.key == key)?;
    let Some(column) = keys.next() else { return Some(format!("/fields/{place}/{member}")) };
    let columns = document.fields.get(place)?.columns();
    let within = columns.iter().position(|field| field.key == column)?;
    Some(format!("/fields/{place}/options/fields/{within}/{member}"))
}

/// What is worth a look, as the server told it last, with the path of its field.
pub fn worth_a_look(designer: Designer) -> Vec<Standing> {
    let told = designer.warnings.get().into_iter();
    let at = |warning: ProblemError| {
        let path = designer.document.with(|document| field_at(document, &warning.path));
        (path, warning.message)
    };
    told.map(at).collect()
}

/// Whether what was missing is there: the server says it again only once it has the draft as it is now.
fn is_filled_since(document: &FormDocument, problem: &ProblemError) -> bool {
    if problem.code != "required" {
        return false;
    }
    let written = serde_json::to_value(document).unwrap_or_default();
    let there = written.pointer(&problem.path).and_then(serde_json::Value::as_str);
    there.is_some_and(|text| !text.trim().is_empty())
}

fn is_of_formula(problem: &ProblemError) -> bool {
    problem.path.ends_with("/formula")
}

/// What is wrong first at each field that has something wrong with it or with one of its columns, by its key.
pub fn at_fields(found: Vec<Standing>) -> BTreeMap<String, String> {
    let mut wrong = BTreeMap::new();
    for (path, message) in found {
        let key = path.as_deref().and_then(|path| path.split('.').next());
        if let Some(key) = key {
            wrong.entry(key.to_string()).or_insert(message);
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_formula_that_was_missing_is_no_problem_once_it_is_written() {
        let document = |formula: &str| -> FormDocument {
            serde_json::from_value(json!({"key": "f", "label": "F", "fields": [
                {"key": "days", "label": "Days", "kind": "formula", "options": {"formula": formula}}]}))
            .unwrap()
        };
        let problem = |code: &str| ProblemError {
            path: "/fields/0/options/formula".into(),
            code: code.into(),
            label: None,
            message: "Please fill this in.".into(),
            args: BTreeMap::new(),
        };
        assert!(!is_filled_since(&document(" "), &problem("required")));
        assert!(is_filled_since(&document("1 + 1"), &problem("required")));
        assert!(!is_filled_since(&document("1 +"), &problem("formula_unfinished")), "that is another fault");
    }

    #[test]
    fn a_part_of_a_field_has_its_place_in_the_document() {
        let document: FormDocument = serde_json::from_value(json!({"key": "f", "label": "F", "fields": [
            {"key": "a", "label": "A", "kind": "text"},
            {"key": "lines", "label": "L", "kind": "subform", "options": {"fields": [
                {"key": "a", "label": "A", "kind": "text"}, {"key": "b", "label": "B", "kind": "text"}]}}]}))
        .unwrap();
        let at = |path: &str| pointer_of(&document, path, "visible_when");
        assert_eq!(at("a").as_deref(), Some("/fields/0/visible_when"));
        assert_eq!(at("lines.b").as_deref(), Some("/fields/1/options/fields/1/visible_when"));
        assert_eq!((at("gone"), at("lines.gone")), (None, None));
        for path in ["a", "lines.b"] {
            assert_eq!(field_at(&document, &at(path).unwrap()).as_deref(), Some(path));
        }
    }

    #[test]
    fn a_field_says_first_what_is_wrong_with_it_or_its_columns() {
        let at = |path: Option<&str>, message: &str| (path.map(str::to_string), message.to_string());
        let found = vec![
            at(Some("lines.amount"), "one"),
            at(None, "two"),
            at(Some("lines"), "three"),
            at(Some("name"), "four"),
        ];
        let wrong = at_fields(found);
        let wrong: Vec<_> = wrong.iter().map(|(key, message)| (key.as_str(), message.as_str())).collect();
        assert_eq!(wrong, [("lines", "one"), ("name", "four")]);
    }
}
