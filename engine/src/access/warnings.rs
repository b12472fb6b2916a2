//! What a design and the rights on its records together leave open. None of it stands in the way of publishing.

use super::{FieldRight, Operation, PermissionGroup};
use crate::field::FieldKind;
use crate::flow::{Flow, StepFields};
use crate::form::{Catalogue, Field, Sketch, Uses};
use crate::text::{Fault, Faults};

impl PermissionGroup {
    /// What its people may do with a field of some record, by the rights on the field and by what they do with records:
    /// whoever only reads these edits none of their fields.
    pub fn reaches(&self, path: &str, field: &Field) -> FieldRight {
        let may = |operations: &[Operation]| operations.iter().any(|one| self.operations.contains(one));
        let fills = field.is_input() && may(&[Operation::Create, Operation::Edit, Operation::EditRunning]);
        let most = match (fills, may(&[Operation::View, Operation::Create])) {
            (true, _) => FieldRight::Edit,
            (false, true) => FieldRight::Read,
            (false, false) => FieldRight::None,
        };
        self.right(path).min(most)
    }
}

/// What the groups in force and the flow of a form make of the fields of a design; paths are JSON pointers into it. A form
/// without such groups is its administrators' alone, and nothing is told of it.
pub fn warnings<'g>(
    sketch: &Sketch,
    catalogue: &dyn Catalogue,
    groups: impl Iterator<Item = &'g PermissionGroup>,
    flow: Option<&Flow>,
) -> Faults {
    let groups = groups.filter(|group| group.enabled).collect();
    let steps = flow.map(|flow| flow.step_fields().collect()).unwrap_or_default();
    let rights = Rights { sketch, catalogue, groups, steps };
    let document = &sketch.document;
    let mut found = Faults::new();
    let mut told: Vec<String> = Vec::new();
    for (pointer, path, field) in document.pointers() {
        // What is said of a sub-form is not said of each of its columns.
        let subform = path.split_once('.').map(|(subform, _)| subform);
        if subform.is_some_and(|subform| told.iter().any(|known| known == subform)) {
            continue;
        }
        if let Some(fault) = rights.told_of(&pointer, &path, field) {
            found.push(document.named(fault));
            told.push(path);
        }
    }
    found
}

/// The rights on the records of a form.
struct Rights<'r> {
    sketch: &'r Sketch,
    catalogue: &'r dyn Catalogue,
    groups: Vec<&'r PermissionGroup>,
    steps: Vec<StepFields<'r>>,
}

impl Rights<'_> {
    /// What is worth a look about the field at a path.
    fn told_of(&self, pointer: &str, path: &str, field: &Field) -> Option<Fault> {
        if self.groups.is_empty() || !field.kind.holds_data() {
            return None;
        }
        if self.is_never_filled(path, field) {
            return Some(Fault::new(format!("{pointer}/required"), "required_not_editable"));
        }
        if self.is_seen(path, field) {
            return None;
        }
        let is_computed = field.compute.is_some() || matches!(field.kind, FieldKind::Formula(_));
        if is_computed && self.is_unused(path) {
            return Some(Fault::new(pointer, "formula_shown_nowhere"));
        }
        field.is_input().then(|| Fault::new(pointer, "hidden_from_all"))
    }

    /// Whether a record needs the field, and nobody of those who make one can fill it, nor does it come by itself.
    fn is_never_filled(&self, path: &str, field: &Field) -> bool {
        let comes =
            field.default.is_some() || field.kind.is_of_maker() || self.sketch.document.is_filled(path);
        let mut makers =
            self.groups.iter().filter(|group| group.operations.contains(&Operation::Create)).peekable();
        let is_made = makers.peek().is_some();
        let is_wanted = field.required && field.is_input() && !comes;
        is_wanted
            && is_made
            && makers.all(|group| group.reaches(path, field) != FieldRight::Edit)
            && !self.steps.iter().any(|step| step.is_editable(path))
    }

    /// Whether some group, or a step of the flow, shows the field.
    fn is_seen(&self, path: &str, field: &Field) -> bool {
        let by_group = self.groups.iter().any(|group| group.reaches(path, field) != FieldRight::None);
        by_group || self.steps.iter().any(|step| step.is_visible(path))
    }

    /// Whether nothing in the form reads the field.
    fn is_unused(&self, path: &str) -> bool {
        Uses::new(self.sketch, self.catalogue, (self.sketch.id, path)).in_form().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value as Json, json};

    use super::*;
    use crate::value::Id;

    struct Alone;

    impl Catalogue for Alone {
        fn form(&self, _: &str, _: &str) -> Option<Arc<Sketch>> {
            None
        }
    }

    fn group(operations: &[&str], fields: Json) -> PermissionGroup {
        let group = json!({"key": "g", "label": "G", "who": {"everyone": true}, "operations": operations, "fields": fields});
        serde_json::from_value(group).unwrap()
    }

    /// What is told of a form with these fields under these groups.
    fn told(fields: Json, groups: &[PermissionGroup]) -> Vec<String> {
        let document = serde_json::from_value(json!({"key": "f", "label": "F", "fields": fields})).unwrap();
        let sketch = Sketch { id: Id::from_i64(1).unwrap(), app: "x".into(), document };
        let warnings = warnings(&sketch, &Alone, groups.iter(), None);
        warnings.iter().map(|fault| format!("{} {}", fault.path, fault.code)).collect()
    }

    fn required(member: &str, value: Json) -> Json {
        let mut field = json!({"key": "n", "label": "N", "kind": "number", "required": true});
        field[member] = value;
        json!([field])
    }

    #[test]
    fn a_required_field_that_no_maker_can_fill_is_worth_a_look() {
        let never = ["/fields/0/required required_not_editable"];
        let plain = || required("help", json!("h"));
        let reads = group(&["view", "create"], json!({"*": "edit", "n": "read"}));
        let edits = group(&["view", "create"], json!({"*": "edit"}));
        let later = group(&["view", "edit"], json!({"*": "edit"}));
        assert_eq!(told(plain(), std::slice::from_ref(&reads)), never);
        assert_eq!(
            told(plain(), &[reads.clone(), later.clone()]),
            never,
            "the record is not made without it"
        );
        assert_eq!(told(plain(), &[reads.clone(), edits]), [""; 0]);
        assert_eq!(told(plain(), &[]), [""; 0], "it is its administrators' alone");
        assert_eq!(told(plain(), &[later]), [""; 0], "nobody makes any");
        assert_eq!(told(required("default", json!(1)), std::slice::from_ref(&reads)), [""; 0]);
        assert_eq!(told(required("compute", json!({"formula": "1"})), std::slice::from_ref(&reads)), [""; 0]);
        assert_eq!(told(required("required", json!(false)), &[reads]), [""; 0]);
    }

    #[test]
    fn a_field_that_every_group_hides_is_worth_a_look() {
        let fields = || json!([{"key": "a", "label": "A", "kind": "text"}, {"key": "b", "label": "B", "kind": "note"}]);
        let hides = group(&["view", "create", "edit"], json!({"*": "edit", "a": "none"}));
        let mut off = group(&["view"], json!({"*": "read"}));
        off.enabled = false;
        let adds = group(&["create"], json!({"a": "edit"}));
        let deletes = group(&["delete"], json!({"*": "edit"}));
        assert_eq!(told(fields(), &[hides.clone(), off, deletes]), ["/fields/0 hidden_from_all"]);
        assert_eq!(told(fields(), &[hides, adds]), [""; 0]);
        let column = json!({"key": "c", "label": "C", "kind": "text"});
        let rows = json!([{"key": "r", "label": "R", "kind": "subform", "options": {"fields": [column]}}]);
        let none = group(&["view", "edit"], json!({"*": "none"}));
        let of_column = group(&["view", "edit"], json!({"*": "edit", "r.c": "none"}));
        assert_eq!(told(rows.clone(), &[none]), ["/fields/0 hidden_from_all"], "said once");
        assert_eq!(told(rows, &[of_column]), ["/fields/0/options/fields/0 hidden_from_all"]);
    }

    #[test]
    fn a_formula_that_is_shown_nowhere_and_read_by_nothing_is_worth_a_look() {
        let fields = |validated: &str| {
            json!([{"key": "a", "label": "A", "kind": "number"},
                {"key": "twice", "label": "T", "kind": "formula", "options": {"formula": "a * 2"}},
                {"key": "other", "label": "O", "kind": "formula", "options": {"formula": validated}}])
        };
        let hides = [group(&["view", "create"], json!({"*": "edit", "twice": "none"}))];
        assert_eq!(told(fields("a + 1"), &hides), ["/fields/1 formula_shown_nowhere"]);
        assert_eq!(told(fields("twice + 1"), &hides), [""; 0]);
    }

    #[test]
    fn who_only_reads_records_edits_no_field_of_them() {
        let field = |json: Json| -> Field { serde_json::from_value(json).unwrap() };
        let plain = field(json!({"key": "n", "label": "N", "kind": "number"}));
        let serial = field(json!({"key": "n", "label": "N", "kind": "serial"}));
        for (operations, of_plain, of_serial) in [
            (&["view", "edit"][..], FieldRight::Edit, FieldRight::Read),
            (&["create"][..], FieldRight::Edit, FieldRight::Read),
            (&["view"][..], FieldRight::Read, FieldRight::Read),
            (&["export"][..], FieldRight::None, FieldRight::None),
        ] {
            let group = group(operations, json!({"*": "edit"}));
            assert_eq!(group.reaches("n", &plain), of_plain, "{operations:?}");
            assert_eq!(group.reaches("n", &serial), of_serial, "{operations:?}");
        }
    }
}
