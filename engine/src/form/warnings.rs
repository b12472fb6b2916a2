//! What in a design may be meant otherwise than it is written. None of it stands in the way of publishing.

use std::collections::BTreeSet;

use super::{Catalogue, Field, FormDocument, Sketch};
use crate::field::{Choice, FieldKind, Link, Shape};
use crate::text::{Fault, Faults, Label, Language};

impl Sketch {
    /// What is worth a look in the document; paths are JSON pointers into it. Of other forms only what `catalogue` finds is
    /// told. What rights make of a field is told by [`crate::access::warnings()`].
    pub fn warnings(&self, catalogue: &dyn Catalogue) -> Faults {
        let document = &self.document;
        let mut found = Faults::new();
        for (pointer, _, field) in document.pointers() {
            if has_one_choice(&field.kind) {
                found.push(Fault::new(format!("{pointer}/options/choices"), "one_choice"));
            }
            if let Some(link) = field.kind.as_link() {
                found.extend(self.untitled(&format!("{pointer}/options/form"), link, catalogue));
            }
        }
        found.extend(untranslated(document));
        found.into_iter().map(|fault| document.named(fault)).collect()
    }

    /// That the records which a link leads to are called by nothing, so that they can't be told apart where one is chosen.
    fn untitled(&self, at: &str, link: &Link, catalogue: &dyn Catalogue) -> Option<Fault> {
        let target = catalogue.form(&self.app, &link.form).filter(|_| link.display.is_empty())?;
        let titled = target.document.title.as_ref().is_some_and(|title| !title.trim().is_empty());
        let named = target.document.fields.iter().any(|field| field.kind.shape() == Shape::Text);
        let label = target.document.label.clone();
        (!titled && !named)
            .then(|| Fault::new(at, "link_without_title").arg("form", &link.form).name("form", label))
    }
}

/// Whether there is nothing to choose but one thing.
fn has_one_choice(kind: &FieldKind) -> bool {
    let is_one = |choices: &[Choice], is_open: bool| choices.len() == 1 && !is_open;
    match kind {
        FieldKind::Select(select) => is_one(&select.choices, select.allow_other || select.from.is_some()),
        FieldKind::MultiSelect(select) => {
            is_one(&select.choices, select.allow_other || select.from.is_some())
        }
        _ => false,
    }
}

/// The languages in which a text says something; none where it is the same for everybody.
fn languages_of(label: &Label) -> BTreeSet<Language> {
    match label {
        Label::Plain(_) => BTreeSet::new(),
        Label::Translated(texts) => {
            let written = texts.iter().filter(|(_, text)| !text.trim().is_empty());
            written.map(|(language, _)| *language).collect()
        }
    }
}

/// That the names of fields are not written in each language in which the form has a name; at the first of them.
fn untranslated(document: &FormDocument) -> Option<Fault> {
    let wanted = languages_of(&document.label);
    let lacks = |field: &Field| !field.label.is_blank() && !wanted.is_subset(&languages_of(&field.label));
    let mut lacking = document.pointers().filter(|place| lacks(place.2)).map(|(pointer, ..)| pointer);
    let first = lacking.next().filter(|_| wanted.len() > 1)?;
    Some(Fault::new(format!("{first}/label"), "not_translated").arg("count", lacking.count() + 1))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value as Json, json};

    use super::*;
    use crate::value::Id;

    /// A form of others.
    struct Beside(Arc<Sketch>);

    impl Catalogue for Beside {
        fn form(&self, _: &str, name: &str) -> Option<Arc<Sketch>> {
            (name == self.0.document.key).then(|| self.0.clone())
        }
    }

    fn sketch(document: Json) -> Sketch {
        Sketch {
            id: Id::from_i64(1).unwrap(),
            app: "x".into(),
            document: serde_json::from_value(document).unwrap(),
        }
    }

    /// What is told of a form with these fields and this name, beside a form `other`.
    fn told(label: Json, fields: Json, other: Json) -> Vec<String> {
        let beside = Beside(Arc::new(sketch(other)));
        let warnings = sketch(json!({"key": "f", "label": label, "fields": fields})).warnings(&beside);
        warnings.iter().map(|fault| format!("{} {}", fault.path, fault.code)).collect()
    }

    fn other() -> Json {
        json!({"key": "other", "label": "Other", "fields": []})
    }

    #[test]
    fn a_list_of_one_choice_is_worth_a_look() {
        let of = |kind: &str, options: Json| {
            told(json!("F"), json!([{"key": "s", "label": "S", "kind": kind, "options": options}]), other())
        };
        let choices = |count: u32| {
            let choice = |number: u32| json!({"key": format!("c{number}"), "label": format!("C{number}")});
            (0..count).map(choice).collect::<Json>()
        };
        for kind in ["select", "multi_select"] {
            assert_eq!(of(kind, json!({"choices": choices(1)})), ["/fields/0/options/choices one_choice"]);
            assert_eq!(of(kind, json!({"choices": choices(2)})), [""; 0]);
            assert_eq!(of(kind, json!({"choices": choices(1), "allow_other": true})), [""; 0]);
        }
        let column = json!({"key": "s", "label": "S", "kind": "select", "options": {"choices": choices(1)}});
        let rows = json!([{"key": "r", "label": "R", "kind": "subform", "options": {"fields": [column]}}]);
        assert_eq!(
            told(json!("F"), rows, other()),
            ["/fields/0/options/fields/0/options/choices one_choice"]
        );
    }

    #[test]
    fn a_link_to_records_that_are_called_by_nothing_is_worth_a_look() {
        let of = |options: Json, title: Json, kind: &str| {
            let fields = json!([{"key": "a", "label": "A", "kind": kind}]);
            let other = json!({"key": "other", "label": "Other", "title": title, "fields": fields});
            told(json!("F"), json!([{"key": "l", "label": "L", "kind": "link", "options": options}]), other)
        };
        let link = || json!({"form": "other"});
        assert_eq!(of(link(), Json::Null, "number"), ["/fields/0/options/form link_without_title"]);
        assert_eq!(of(link(), json!(" "), "number"), ["/fields/0/options/form link_without_title"]);
        assert_eq!(of(link(), json!("{a}"), "number"), [""; 0]);
        assert_eq!(of(link(), Json::Null, "text"), [""; 0], "the first text is what a record is called by");
        assert_eq!(of(json!({"form": "other", "display": ["a"]}), Json::Null, "number"), [""; 0]);
        assert_eq!(of(json!({"form": "gone"}), Json::Null, "number"), [""; 0], "that is a fault");
    }

    #[test]
    fn names_are_wanted_in_each_language_of_the_form() {
        let both = |text: &str| json!({"zh-CN": text, "en": text});
        let field = |key: &str, label: Json| json!({"key": key, "label": label, "kind": "text"});
        let of = |label: Json, fields: Json| told(label, fields, other());
        assert_eq!(of(both("F"), json!([field("a", both("A"))])), [""; 0]);
        assert_eq!(of(json!("F"), json!([field("a", both("A")), field("b", json!("B"))])), [""; 0]);
        assert_eq!(
            of(json!({"en": "F"}), json!([field("a", json!("A"))])),
            [""; 0],
            "one language is no other"
        );
        let lacking = json!([field("a", both("A")), field("b", json!("B")), field("c", json!({"en": "C"}))]);
        let document = json!({"key": "f", "label": both("F"), "fields": lacking});
        let warnings = sketch(document).warnings(&Beside(Arc::new(sketch(other()))));
        let [warning] = warnings.as_slice() else { panic!("{warnings:?}") };
        assert_eq!((warning.path.as_str(), warning.args["count"].as_str()), ("/fields/1/label", "2"));
    }
}
