//! What a public link lets its visitors do with a form, who have no account: they fill in some of its fields, and see of other
//! forms what an administrator has confirmed (reliability.md T16, T23).

use std::collections::{BTreeMap, BTreeSet};

use super::FieldRight;
use crate::field::{FieldKind, Reference};
use crate::form::{Column, Form};
use crate::record::title_fields;
use crate::text::{Fault, Faults};

/// Whether a field may stand in a form that anybody fills in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Openness {
    /// It tells of nothing but the form itself.
    Open,
    /// It shows records of another form: an administrator has to say that anybody may see them.
    Lookup,
    /// It tells of the people of the workspace, of other records, or of how many there are.
    Closed,
}

/// Whether a field, or a column, may be filled in by anybody.
pub fn openness(column: &Column) -> Openness {
    let kind = &column.field.kind;
    match kind.reference() {
        Some(Reference::Member | Reference::Department) => Openness::Closed,
        Some(Reference::Record) => Openness::Lookup,
        Some(Reference::File) => Openness::Open,
        None if kind.choices_from().is_some() => Openness::Lookup,
        None => match kind {
            FieldKind::Lookup(_) | FieldKind::Rollup(_) | FieldKind::Query(_) | FieldKind::Serial(_) => {
                Openness::Closed
            }
            _ => Openness::Open,
        },
    }
}

/// The fields that a link offers where it does not say which: all that may stand there without anybody's word, in their order.
pub fn usual_fields(form: &Form) -> Vec<String> {
    let open = form.fields().filter(|column| openness(column) == Openness::Open);
    open.map(|column| column.path.clone()).collect()
}

/// What visitors do with each field and column: those of `fields`, as far as each is open or confirmed in `lookups`.
pub fn public_rights(form: &Form, fields: &[String], lookups: &[String]) -> BTreeMap<String, FieldRight> {
    let is_listed = |column: &&Column| {
        let field = column.subform().unwrap_or(&column.path);
        fields.iter().any(|listed| listed == field)
    };
    let is_open = |column: &&Column| match openness(column) {
        Openness::Open => true,
        Openness::Lookup => lookups.contains(&column.path),
        Openness::Closed => false,
    };
    // A column that nobody names is as its sub-form is: each that is not open is named as closed.
    let listed = form.all_columns().filter(is_listed);
    listed
        .map(|column| {
            let right = if is_open(&column) { FieldRight::Edit } else { FieldRight::None };
            (column.path.clone(), right)
        })
        .collect()
}

/// What is wrong with the fields of a link and with what was confirmed of them.
pub fn public_faults(form: &Form, fields: &[String], lookups: &[String]) -> Faults {
    let mut faults = Faults::new();
    let mut seen = BTreeSet::new();
    for (place, path) in fields.iter().enumerate() {
        let at = format!("fields.{place}");
        let Some(column) = form.fields().find(|column| column.path == *path) else {
            faults.push(Fault::new(at, "unknown_field").arg("field", path));
            continue;
        };
        if !seen.insert(path) {
            faults.push(Fault::new(at.clone(), "named_twice").arg("field", path));
        }
        match openness(column) {
            Openness::Lookup if !lookups.contains(path) => {
                faults.push(Fault::new(at, "not_confirmed").arg("field", path));
            }
            Openness::Closed => faults.push(Fault::new(at, "not_public").arg("field", path)),
            Openness::Lookup | Openness::Open => {}
        }
    }
    if fields.is_empty() {
        faults.push(Fault::new("fields", "required"));
    }
    for (place, path) in lookups.iter().enumerate() {
        let at = format!("lookups.{place}");
        match form.column(path) {
            None => faults.push(Fault::new(at, "unknown_field").arg("field", path)),
            Some(column) if openness(column) != Openness::Lookup => {
                faults.push(Fault::new(at, "shows_no_records").arg("field", path));
            }
            Some(_) => {}
        }
    }
    faults
}

/// The fields of the form that a link field leads to, or that choices come from, which whoever chooses there sees: what its
/// records are called by, and what the field shows beside that.
pub fn looked_up(column: &Column, there: &Form) -> BTreeSet<String> {
    let is_there = |path: &String| there.column(path).is_some();
    if let Some(from) = column.field.kind.choices_from() {
        return BTreeSet::from([from.field.clone()]).into_iter().filter(is_there).collect();
    }
    let shown = column.field.kind.as_link().map(|link| link.display.clone()).unwrap_or_default();
    let titles = title_fields(there).into_iter().map(|column| column.path.clone());
    titles.chain(shown).filter(is_there).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::form::{Catalogue, FormDocument, Sketch};
    use crate::value::Id;

    /// A form that links to itself.
    struct Itself(Arc<Sketch>);

    impl Catalogue for Itself {
        fn form(&self, _: &str, _: &str) -> Option<Arc<Sketch>> {
            Some(self.0.clone())
        }
    }

    fn form() -> Form {
        let document: FormDocument = serde_json::from_value(json!({
            "format": 1, "key": "signup", "label": "Sign up", "fields": [
                {"key": "name", "label": "Name", "kind": "text"},
                {"key": "seller", "label": "Seller", "kind": "member"},
                {"key": "number", "label": "Number", "kind": "serial", "options": {"parts": [{"counter": {"width": 4}}]}},
                {"key": "self", "label": "Brought by", "kind": "link",
                 "options": {"form": "signup", "display": ["city"]}},
                {"key": "city", "label": "City", "kind": "text"},
                {"key": "guests", "label": "Guests", "kind": "subform", "options": {"fields": [
                    {"key": "name", "label": "Name", "kind": "text"},
                    {"key": "host", "label": "Host", "kind": "member"}]}}]}))
        .unwrap();
        let sketch = Arc::new(Sketch { id: Id::from_i64(7).unwrap(), app: "events".into(), document });
        Form::publish(sketch.clone(), 1, &Itself(sketch)).unwrap()
    }

    fn names(all: &[&str]) -> Vec<String> {
        all.iter().map(|name| (*name).to_string()).collect()
    }

    #[test]
    fn t16_of_people_numbers_and_other_records_nothing_is_offered_by_itself() {
        assert_eq!(usual_fields(&form()), ["name", "city", "guests"]);
    }

    #[test]
    fn t16_a_link_opens_its_fields_and_what_was_confirmed_and_nothing_else() {
        let rights = public_rights(&form(), &names(&["name", "self", "guests", "seller"]), &[]);
        let right = |path: &str| rights.get(path).copied();
        assert_eq!((right("name"), right("city")), (Some(FieldRight::Edit), None));
        assert_eq!((right("self"), right("seller")), (Some(FieldRight::None), Some(FieldRight::None)));
        assert_eq!(right("guests.name"), Some(FieldRight::Edit));
        assert_eq!(right("guests.host"), Some(FieldRight::None));
        let rights = public_rights(&form(), &names(&["self"]), &names(&["self"]));
        assert_eq!(rights.get("self"), Some(&FieldRight::Edit));
    }

    #[test]
    fn t23_what_shows_other_records_is_confirmed_and_shows_what_it_is_called_by() {
        let told = |fields: &[&str], lookups: &[&str]| -> Vec<String> {
            let faults = public_faults(&form(), &names(fields), &names(lookups));
            faults.iter().map(|fault| format!("{} {}", fault.path, fault.code)).collect()
        };
        assert_eq!(told(&["name", "self"], &["self"]), [""; 0]);
        assert_eq!(told(&["name", "self"], &[]), ["fields.1 not_confirmed"]);
        assert_eq!(told(&["seller"], &["name"]), ["fields.0 not_public", "lookups.0 shows_no_records"]);
        assert_eq!(told(&["gone", "name", "name"], &[]), ["fields.0 unknown_field", "fields.2 named_twice"]);
        assert_eq!(told(&[], &[]), ["fields required"]);
        let form = form();
        let shown = looked_up(form.column("self").unwrap(), &form);
        assert_eq!(shown.into_iter().collect::<Vec<_>>(), ["city", "name"]);
    }
}
