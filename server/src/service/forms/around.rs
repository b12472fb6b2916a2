//! The forms around a draft as its designer sees them. One that they may not use is not there, a field that they may not
//! read is not in it: what publishing finds wrong tells them nothing of either. What the form in force names already is not
//! theirs to answer for.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use engine::access::FieldRight;
use engine::field::{FieldKind, OnTargetDelete, Regions};
use engine::form::{Catalogue, Field, Form, FormDocument, NoRegions, NoScript, Sketch};
use engine::script::Script;
use engine::text::{Fault, Faults};
use engine::value::Id;

use super::view::visible;
use crate::service::designs::{FormDesign, With};
use crate::service::people::Caller;

/// What is wrong with a draft among the forms that its designer sees, as far as it is not in force already.
pub fn unseen(with: &With<'_>, caller: &Caller) -> Faults {
    if caller.is_administrator() {
        return Faults::new();
    }
    let around = Around { with, caller, seen: RefCell::default() };
    let mut faults = Form::publish(as_told(with), 1, &around).err().unwrap_or_default();
    if let Some(before) = before(with) {
        faults.retain(|fault| !stands(&fault.path, &with.sketch.document, before));
    }
    faults
}

/// The links of a draft that keep the records of a form from being deleted, or are deleted with them, though its designer
/// does not administer that form: `target_not_administered`, where it is not so already.
pub fn holding(with: &With<'_>, caller: &Caller, form: &Form) -> Faults {
    let mut faults = Faults::new();
    for column in form.all_columns() {
        let (Some(link), Some(target)) = (column.field.kind.as_link(), column.target) else { continue };
        let design = with.designs.forms.get(&target).filter(|_| target != form.id());
        let is_free = link.on_target_delete == OnTargetDelete::Clear
            || design.is_none_or(|design| with.designs.administers_form(design, caller));
        let old = before(with).and_then(|document| document.field(&column.path)?.kind.as_link());
        let stands = old.is_some_and(|old| {
            let there = with.form(&with.sketch.app, &old.form);
            old.on_target_delete == link.on_target_delete && there.is_some_and(|there| there.id == target)
        });
        if !is_free && !stands {
            let at = pointer(&with.sketch.document, &column.path);
            faults.push(Fault::new(format!("{at}/options/on_target_delete"), "target_not_administered"));
        }
    }
    faults
}

/// What is worth a look in a draft: in itself, in the titles of the forms that its designer administers too, and in what the
/// groups and the flow in force make of its fields.
pub fn warnings(with: &With<'_>, caller: &Caller) -> Faults {
    let mut faults = with.sketch.warnings(&Administered { with, caller });
    if let Some(design) = with.designs.forms.get(&with.sketch.id) {
        let groups = design.groups.iter().map(|group| &group.document);
        let flow = design.flow.as_ref().map(|(_, flow)| &**flow);
        faults.extend(engine::access::warnings(&with.sketch, with, groups, flow));
    }
    faults
}

/// The forms that a designer administers besides the own one: what could be better in another is told to nobody else.
struct Administered<'a> {
    with: &'a With<'a>,
    caller: &'a Caller,
}

impl Catalogue for Administered<'_> {
    fn form(&self, app: &str, name: &str) -> Option<Arc<Sketch>> {
        let designs = self.with.designs;
        let administers = |form: &Id| {
            designs.forms.get(form).is_some_and(|design| designs.administers_form(design, self.caller))
        };
        self.with.form(app, name).filter(|sketch| administers(&sketch.id))
    }
}

/// The document in force; absent before the first version.
fn before<'w>(with: &'w With<'_>) -> Option<&'w FormDocument> {
    let design = with.designs.forms.get(&with.sketch.id)?;
    design.sketch.as_deref().map(|sketch| &sketch.document)
}

/// The draft as it is checked: what a figure in force gives may be computed with, whoever sees what it counts.
fn as_told(with: &With<'_>) -> Arc<Sketch> {
    let in_force = with.designs.forms.get(&with.sketch.id).filter(|design| design.sketch.is_some());
    let Some(Ok(compiled)) = in_force.map(|design| with.designs.compiled(design)) else {
        return with.sketch.clone();
    };
    let mut sketch = Sketch::clone(&with.sketch);
    for field in &mut sketch.document.fields {
        let is_figure = matches!(field.kind, FieldKind::Rollup(_));
        let known = compiled.form.column(&field.key).filter(|_| is_figure);
        if let Some(column) = known.filter(|column| means_the_same(&column.field, field)) {
            field.kind = column.read_kind.clone();
        }
    }
    Arc::new(sketch)
}

/// The JSON pointer of the field or column at a path.
fn pointer(document: &FormDocument, path: &str) -> String {
    let (key, inner) = path.split_once('.').map_or((path, None), |(key, inner)| (key, Some(inner)));
    let place = |fields: &[Field], key: &str| fields.iter().position(|field| field.key == key);
    let field = place(&document.fields, key).unwrap_or_default();
    let columns = document.fields.get(field).map(Field::columns).unwrap_or_default();
    match inner.and_then(|inner| place(columns, inner)) {
        Some(column) => format!("/fields/{field}/options/fields/{column}"),
        None => format!("/fields/{field}"),
    }
}

/// Whether what a fault is about is in force already as it is.
fn stands(pointer: &str, now: &FormDocument, before: &FormDocument) -> bool {
    let steps: Vec<&str> = pointer.split('/').skip(1).collect();
    let number = |step: usize| steps.get(step).and_then(|step| step.parse::<usize>().ok());
    match steps.first().copied() {
        Some("fields") => {
            let Some(field) = number(1).and_then(|place| now.fields.get(place)) else { return false };
            let Some(old) = before.field(&field.key) else { return false };
            let is_column = steps.get(2..4) == Some(&["options", "fields"][..]);
            match number(4).filter(|_| is_column).and_then(|place| field.columns().get(place)) {
                None => means_the_same(field, old),
                Some(column) => {
                    old.columns().iter().any(|known| known.key == column.key && means_the_same(known, column))
                }
            }
        }
        Some("rules") => {
            let rule = number(1).and_then(|place| now.rules.get(place));
            rule.is_some_and(|rule| before.rules.contains(rule))
        }
        Some("validate") => {
            let check = number(1).and_then(|place| now.validate.get(place));
            check.is_some_and(|check| before.validate.contains(check))
        }
        Some("scripts") => {
            let binding = number(1).and_then(|place| now.scripts.get(place));
            binding.is_some_and(|binding| before.scripts.contains(binding))
        }
        Some("title") => now.title == before.title,
        _ => false,
    }
}

/// Whether two fields read the same of other forms: how they are called does not matter.
fn means_the_same(one: &Field, other: &Field) -> bool {
    one.kind == other.kind
        && one.default == other.default
        && one.compute == other.compute
        && one.visible_when == other.visible_when
        && one.required_when == other.required_when
}

/// The forms and tables that a draft is checked among.
struct Around<'a> {
    with: &'a With<'a>,
    caller: &'a Caller,
    /// What was asked for once, by the form.
    seen: RefCell<BTreeMap<Id, Option<Arc<Sketch>>>>,
}

impl Around<'_> {
    fn seen(&self, sketch: Arc<Sketch>) -> Option<Arc<Sketch>> {
        if sketch.id == self.with.sketch.id {
            return Some(sketch);
        }
        if let Some(known) = self.seen.borrow().get(&sketch.id) {
            return known.clone();
        }
        let id = sketch.id;
        let seen = self.with.designs.forms.get(&id).and_then(|design| self.look(design, sketch));
        self.seen.borrow_mut().insert(id, seen.clone());
        seen
    }

    fn look(&self, design: &FormDesign, sketch: Arc<Sketch>) -> Option<Arc<Sketch>> {
        let designs = self.with.designs;
        if designs.administers_form(design, self.caller) {
            return Some(sketch);
        }
        if !designs.may_use(design, self.caller) {
            return None;
        }
        let access = designs.access(design, &designs.compiled(design).ok()?, self.caller);
        let document = visible(&sketch.document, &|path| access.right(path) >= FieldRight::Read);
        let read = Sketch { id: sketch.id, app: sketch.app.clone(), document };
        // What a figure of it gives is told, not of what it is made.
        let document = read.outline(self.with);
        Some(Arc::new(Sketch { document, ..read }))
    }
}

impl Catalogue for Around<'_> {
    fn form(&self, app: &str, name: &str) -> Option<Arc<Sketch>> {
        self.with.form(app, name).and_then(|sketch| self.seen(sketch))
    }

    fn regions(&self, name: &str) -> Result<Option<Arc<Regions>>, NoRegions> {
        self.with.regions(name)
    }

    fn script(&self, app: &str, name: &str) -> Result<Option<Arc<Script>>, NoScript> {
        self.with.script(app, name)
    }

    fn table(&self, app: &str, name: &str) -> Option<Arc<Sketch>> {
        let table = self.with.table(app, name)?;
        let design = self.with.designs.aggregates.get(&table.id)?;
        let readers = design.document.read.as_ref();
        self.with.designs.may_read(design.row.app, readers, self.caller).then_some(table)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn document(fields: Json) -> FormDocument {
        serde_json::from_value(json!({"key": "f", "label": "f", "title": "{a}", "fields": fields})).unwrap()
    }

    #[test]
    fn what_is_in_force_as_it_is_need_not_be_answered_for() {
        let link = |key: &str, display: Json| json!({"key": key, "label": key, "kind": "link", "options": {"form": "x", "display": display}});
        let rows = |columns: Json| json!({"key": "rows", "label": "r", "kind": "subform", "options": {"fields": columns}});
        let column = link("c", json!(["one"]));
        let before = document(json!([link("a", json!(["one"])), rows(json!([column]))]));
        let renamed = json!({"key": "a", "label": "other", "kind": "link", "options": {"form": "x", "display": ["one"]}});
        let now = document(json!([
            rows(json!([link("d", json!([])), column])),
            renamed,
            link("b", json!(["one"]))
        ]));
        for (pointer, is_known) in [
            ("/fields/1/options/display/0", true),
            ("/fields/2/options/form", false),
            ("/fields/0/options/fields/1/options/form", true),
            ("/fields/0/options/fields/0/options/form", false),
            ("/fields/0", false),
            ("/title", true),
            ("/rules/0/when", false),
            ("", false),
        ] {
            assert_eq!(stands(pointer, &now, &before), is_known, "{pointer}");
        }
        let changed = document(json!([link("a", json!(["two"]))]));
        assert!(!stands("/fields/0/options/display/0", &changed, &before));
        assert_eq!(pointer(&now, "rows.c"), "/fields/0/options/fields/1");
        assert_eq!(pointer(&now, "b"), "/fields/2");
    }
}
