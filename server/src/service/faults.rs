//! Faults on their way to a reader: what the fields that they are about are called, and how they are worded.

use std::collections::BTreeMap;

use engine::form::{Form, system_label};
use engine::text::{Fault, Faults, Label, Language, Texts};

use crate::texts::texts;

/// Gives faults of requests about records (`fields.amount`, `create.17.fields.lines.0.qty`, `system.owner`) the labels of
/// their fields, as far as the reader may know that there is such a field. Of a field that they may not see it is told
/// that something is wrong, and neither where nor what; one that is told to be unknown, they named themselves.
pub fn labelled(form: &Form, faults: Faults, readable: &dyn Fn(&str) -> bool) -> Faults {
    let faults = open_reads(form, discreet(form, faults, "fields.", readable), readable);
    let label = |fault: &Fault| match after(&fault.path, "fields.") {
        Some(path) => label_of(form, fault, path, readable),
        None => {
            let name = after(&fault.path, "system.")?.split('.').next()?;
            Some(Label::each(|language| system_label(name, language))).filter(|label| !label.is_blank())
        }
    };
    with_labels(faults, &label)
}

/// As [`labelled`], for paths of fields alone.
pub fn labelled_fields(form: &Form, faults: Faults, readable: &dyn Fn(&str) -> bool) -> Faults {
    let faults = open_reads(form, discreet(form, faults, "", readable), readable);
    with_labels(faults, &|fault: &Fault| label_of(form, fault, &fault.path, readable))
}

/// Each kind of fault of closed fields once. The paths of fields come after `member`.
fn discreet(form: &Form, faults: Faults, member: &str, readable: &dyn Fn(&str) -> bool) -> Faults {
    let mut told = Faults::new();
    for fault in faults {
        let closed = closed_at(form, &fault, member, readable);
        match closed.map(|place| of_closed_field(fault.clone()).under(place)) {
            Some(closed) if told.contains(&closed) => {}
            Some(closed) => told.push(closed),
            None => told.push(fault),
        }
    }
    told
}

/// Faults that name no closed field as one that a value is computed from.
fn open_reads(form: &Form, faults: Faults, readable: &dyn Fn(&str) -> bool) -> Faults {
    // What every record has is closed to nobody.
    let is_open = |path: &String| path.starts_with('$') || readable(path);
    let of_open = |fault: Fault| {
        let reads = fault.read_keys();
        if reads.iter().all(is_open) {
            return fault;
        }
        let open: Vec<String> = reads.into_iter().filter(is_open).collect();
        let names = form.sketch.document.called(&open);
        fault.without_cause().computed_from(&open, names)
    };
    faults.into_iter().map(of_open).collect()
}

/// What stands in a fault's path before a field that the reader may not see; nothing where it leads elsewhere, or they
/// named the field themselves.
fn closed_at<'f>(
    form: &Form,
    fault: &'f Fault,
    member: &str,
    readable: &dyn Fn(&str) -> bool,
) -> Option<&'f str> {
    let field = after(&fault.path, member).filter(|field| !field.is_empty())?;
    if fault.code == "unknown_field" || column_at(form, field).is_none_or(|column| readable(&column)) {
        return None;
    }
    Some(fault.path.strip_suffix(field)?.strip_suffix(member)?.trim_end_matches('.'))
}

/// A fault without what tells of its field. What the designer says to whoever breaks a rule stays.
pub fn of_closed_field(fault: Fault) -> Fault {
    let general = Label::each(|language| {
        texts(language).get("fault-of-closed-field", &BTreeMap::new()).unwrap_or_default()
    });
    let message = fault.message.unwrap_or(general);
    Fault { code: fault.code, message: Some(message), ..Fault::new("", "") }
}

fn with_labels(faults: Faults, label: &dyn Fn(&Fault) -> Option<Label>) -> Faults {
    let with_label = |fault: Fault| Fault { label: fault.label.clone().or_else(|| label(&fault)), ..fault };
    faults.into_iter().map(with_label).collect()
}

/// What comes after a member's name in a request's path.
fn after<'p>(path: &'p str, member: &str) -> Option<&'p str> {
    let (before, path) = path.split_once(member)?;
    (before.is_empty() || before.ends_with('.')).then_some(path)
}

/// A field that is told to be unknown has no label, even where there is one that the reader may not see.
fn label_of(form: &Form, fault: &Fault, path: &str, readable: &dyn Fn(&str) -> bool) -> Option<Label> {
    if fault.code == "unknown_field" || !readable(&column_at(form, path)?) {
        return None;
    }
    form.sketch.document.label_at(path).filter(|label| !label.is_blank())
}

/// The field that a path names, or the column: `lines.price` for `lines.0.price`.
fn column_at(form: &Form, path: &str) -> Option<String> {
    let mut parts = path.split('.').filter(|part| part.parse::<usize>().is_err());
    let field = parts.next()?;
    let column = parts.next().map(|column| format!("{field}.{column}"));
    Some(column.filter(|path| form.column(path).is_some()).unwrap_or_else(|| field.to_string()))
}

/// A fault as the wire has it.
pub fn error(fault: &Fault, language: Language) -> wire::ProblemError {
    wire::ProblemError {
        path: fault.path.clone(),
        code: fault.code.to_string(),
        label: fault.label.as_ref().map(|label| label.get(language).to_string()),
        message: message(fault, language),
        args: fault.args_with_names(language),
    }
}

/// The sentence of a fault: the engine's, or the server's own for what only a request can get wrong.
pub fn message(fault: &Fault, language: Language) -> String {
    let key = format!("fault-{}", fault.code.replace('_', "-"));
    match &fault.message {
        Some(label) => label.get(language).to_string(),
        None => texts(language)
            .get(&key, &fault.spoken_args(language))
            .unwrap_or_else(|| Texts::of(language).fault(fault, language)),
    }
}

/// One sentence for `count` faults: what is wrong with the first, where, and how many more there are.
pub fn detail(first: &Fault, count: usize, language: Language) -> String {
    let say = |key: &str, args: [(&str, String); 2]| {
        let args = args.map(|(name, value)| (name.to_string(), value)).into_iter().collect();
        texts(language).get(key, &args)
    };
    let message = message(first, language);
    let named = first.label.as_ref().and_then(|label| {
        let label = label.get(language).to_string();
        say("detail-at-field", [("label", label), ("message", message.clone())])
    });
    let one = named.unwrap_or(message);
    match count.saturating_sub(1) {
        0 => one,
        more => say("detail-and-more", [("detail", one.clone()), ("count", more.to_string())]).unwrap_or(one),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sentence_names_the_field_and_says_how_much_more_there_is() {
        let label: Label = serde_json::from_str(r#"{"zh-CN": "客户", "en": "Customer"}"#).unwrap();
        let fault = Fault { label: Some(label), ..Fault::new("fields.customer", "required") };
        assert_eq!(detail(&fault, 1, Language::ZhCn), "客户：请填写此项。");
        assert_eq!(detail(&fault, 1, Language::En), "Customer: Please fill this in.");
        assert_eq!(detail(&fault, 3, Language::ZhCn), "客户：请填写此项。（另有 2 处）");
        assert_eq!(detail(&fault, 3, Language::En), "Customer: Please fill this in. (and 2 more)");
        assert_eq!(detail(&Fault::new("fields.x", "required"), 1, Language::En), "Please fill this in.");
    }

    #[test]
    fn members_of_a_request_are_told_from_keys_of_fields() {
        assert_eq!(after("fields.amount", "fields."), Some("amount"));
        assert_eq!(after("create.17.fields.fields.0.x", "fields."), Some("fields.0.x"));
        assert_eq!(after("upsert.rows.1.fields.a", "fields."), Some("a"));
        assert_eq!(after("myfields.amount", "fields."), None);
        assert_eq!(after("", "fields."), None);
    }
}
