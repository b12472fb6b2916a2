//! A form as its designer writes formulas about it: by labels.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde_json::json;

use super::edit::Edit;
use super::sketch::Surroundings;
use super::system::{SYSTEM_FIELDS, system_kind, system_label};
use super::{Catalogue, Field, Form, Sketch};
use crate::condition::Fields;
use crate::field::{Choice, FieldKind};
use crate::formula::{self, Completion, FormulaFault, Name, Names, RECORD, Scope, Span, Type};
use crate::text::Language;
use crate::value::fold;

/// The place that a formula is written for: a field of a form, or a column of one of its sub-forms.
pub struct FormulaInput<'a> {
    pub sketch: &'a Sketch,
    pub catalogue: &'a dyn Catalogue,
    /// The path of the field that the formula is of: `total`, `lines.amount`. In a column the columns beside it are
    /// plain names.
    pub of: &'a str,
    pub language: Language,
    /// The first letters of how a name sounds, where whoever asks knows them.
    pub initials: Option<fn(&str) -> Option<String>>,
}

/// A field that a formula can read, as a list of all of them shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readable {
    /// The keys that lead to it from the place of the formula on.
    pub path: Vec<String>,
    pub label: String,
    /// The name of its kind, where it is a field with one.
    pub kind: Option<&'static str>,
    /// What is written for it in a formula.
    pub written: String,
    /// Whether there are fields behind it: columns, or those of a linked record.
    pub opens: bool,
}

impl Readable {
    /// Whether nobody designed it: every record has it.
    pub fn is_of_system(&self) -> bool {
        self.path.last().is_some_and(|key| key.starts_with('$') || key == RECORD)
    }
}

impl FormulaInput<'_> {
    /// What can be read behind a path of keys, and with an empty one by itself, in the order of the form. The field that the
    /// formula is of is left out, as where one types.
    pub fn readable(&self, path: &[String]) -> Vec<Readable> {
        let keys: Vec<&str> = path.iter().map(String::as_str).collect();
        let mut before = String::new();
        for (place, key) in keys.iter().enumerate() {
            let members = self.members(keys.get(..place).unwrap_or_default());
            let Some(name) = members.iter().find(|name| name.key == *key) else { return Vec::new() };
            before = format!("{before}{}.", formula::shown(name, &members));
        }
        let members = self.members(&keys);
        let others = members.iter().filter(|name| !self.is_own(&keys, &name.key));
        let readable = |name: &Name| {
            let path: Vec<String> = path.iter().chain([&name.key]).cloned().collect();
            Readable {
                label: name.label.clone(),
                kind: name.kind,
                written: format!("{before}{}", formula::shown(name, &members)),
                opens: self.opens(name, &path),
                path,
            }
        };
        others.map(readable).collect()
    }

    fn opens(&self, name: &Name, path: &[String]) -> bool {
        let leads_on = match name.kind {
            Some(kind) => matches!(kind, "link" | "subform"),
            None => name.key == RECORD,
        };
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        leads_on && !self.members(&path).is_empty()
    }

    /// The formula as it is stored, from what was written with labels; see [`formula::to_keys`].
    ///
    /// # Errors
    /// What can't be understood, with its place in `source`.
    pub fn to_keys(&self, source: &str) -> Result<String, FormulaFault> {
        formula::to_keys(source, self)
    }

    /// The formula as it is shown, from what is stored; see [`formula::to_labels`].
    pub fn to_labels(&self, source: &str) -> String {
        formula::to_labels(source, self)
    }

    /// Checks what was written with labels, for a place that takes `wanted`, and gives it as it is stored.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place in `source`.
    pub fn check(&self, source: &str, wanted: &Type) -> Result<String, FormulaFault> {
        formula::check_labels(source, self, &self.surroundings(), wanted)
    }

    /// What the formula gives that was written with labels; nothing where it can't be understood.
    pub fn gives(&self, source: &str) -> Option<Type> {
        formula::type_of_labels(source, self, &self.surroundings())
    }

    /// What is wrong with a formula that is right by itself: that its field follows from itself by it. `stored` is what is
    /// stored of it, as the member `member` of its field.
    pub fn circle(&self, source: &str, stored: &str, member: &str) -> Option<FormulaFault> {
        let value = if member == "options.formula" { json!(stored) } else { json!({ "formula": stored }) };
        let edit = Edit::Set { key: self.of.to_string(), member: member.to_string(), value };
        let mut document = self.sketch.document.clone();
        edit.apply(&mut document).ok()?;
        let sketch = Sketch { id: self.sketch.id, app: self.sketch.app.clone(), document };
        let faults = Form::compile(Arc::new(sketch), 1, self.catalogue).err()?;
        let circle = faults.iter().find(|fault| fault.code == "cycle")?;
        let mut path: Vec<String> = circle.args.get("fields")?.split(" → ").map(str::to_string).collect();
        if path.len() > 1 {
            path.pop();
        }
        // It is told from the field on that the formula is of.
        let own = path.iter().position(|field| field == self.of)?;
        path.rotate_left(own);
        path.push(self.of.to_string());
        let through = path.get(1).cloned().unwrap_or_default();
        let leads = |keys: &[String]| {
            let path = keys.join(".");
            path == through || self.row_of().is_some_and(|rows| format!("{rows}.{path}") == through)
        };
        let named = formula::named_paths(source, self).into_iter().find(|(_, keys)| leads(keys));
        let span = named.map(|(span, _)| span).unwrap_or(Span { at: 0, length: source.chars().count() });
        let labels = self.sketch.document.labels_of(&path, " → ");
        let labels = labels.get(self.language).to_string();
        Some(FormulaFault::new("cycle", span).arg("fields", labels))
    }

    /// What can stand at the cursor; see [`formula::complete`].
    pub fn complete(&self, source: &str, cursor: usize) -> Completion {
        formula::complete(source, cursor, self, self.language)
    }

    /// Where names of fields stand in what was written with labels; see [`formula::named_spans`].
    pub fn named_spans(&self, source: &str) -> Vec<Span> {
        formula::named_spans(source, self)
    }

    fn surroundings(&self) -> Surroundings<'_> {
        Surroundings { sketch: self.sketch, catalogue: self.catalogue, row_of: self.row_of() }
    }

    /// The sub-form whose columns are plain names.
    fn row_of(&self) -> Option<&str> {
        self.of.split_once('.').map(|(subform, _)| subform)
    }

    fn name(&self, path: &[&str], field: &Field) -> Name {
        let ty = self.type_of(path, &field.key);
        Name::new(&field.key, field.label.get(self.language), ty).of_kind(field.kind.name())
    }

    fn type_of(&self, path: &[&str], key: &str) -> Type {
        let path: Vec<&str> = path.iter().copied().chain([key]).collect();
        Scope::resolve(&self.surroundings(), &path).map_or(Type::Any, |resolved| resolved.ty)
    }

    fn system_names(&self, path: &[&str]) -> Vec<Name> {
        let name = |key: &&str| {
            let name = Name::new(*key, system_label(key, self.language), self.type_of(path, key));
            match system_kind(key) {
                Some(kind) => name.of_kind(kind.name()),
                None => name,
            }
        };
        SYSTEM_FIELDS.iter().map(name).collect()
    }

    /// The names of a form's own fields and its system fields.
    fn form_names(&self, path: &[&str], sketch: &Sketch) -> Vec<Name> {
        let fields = sketch.document.fields.iter().filter(|field| field.kind.holds_data());
        let mut names: Vec<Name> = fields.map(|field| self.name(path, field)).collect();
        add_behind(&mut names, self.system_names(path));
        names
    }

    /// What a formula can begin with.
    fn first_names(&self) -> Vec<Name> {
        let columns =
            self.row_of().and_then(|subform| self.sketch.document.field(subform)).map(Field::columns);
        let record = Name::new(RECORD, system_label(RECORD, self.language), Type::Any);
        let Some(columns) = columns else {
            let mut names = self.form_names(&[], self.sketch);
            if self.sketch.document.field(RECORD).is_none() {
                add_behind(&mut names, vec![record]);
            }
            return names;
        };
        let mut names: Vec<Name> = columns.iter().map(|column| self.name(&[], column)).collect();
        let mut others = self.form_names(&[], self.sketch);
        others.retain(|name| columns.iter().all(|column| column.key != name.key));
        add_behind(&mut names, others);
        add_behind(&mut names, vec![record]);
        names
    }

    /// The choices at a path of keys; nothing where there are none.
    fn choices_at(&self, path: &[&str]) -> Option<Vec<Choice>> {
        let (_, kind) = Fields::find(&self.surroundings(), &path.join(".")).ok()?;
        let is_listed = matches!(kind, FieldKind::Select(_) | FieldKind::MultiSelect(_));
        is_listed.then(|| kind.choices().to_vec())
    }

    /// The form whose field stands at the end of a path, with the field.
    fn end_of(&self, path: &[&str]) -> Option<(Arc<Sketch>, Field)> {
        let (reach, field) = self.surroundings().resolve(&path.join(".")).ok()?;
        let sketch = match reach.hops.last() {
            Some((_, form)) => self.catalogue.form(&self.sketch.app, &form.to_string())?,
            None => Arc::new(self.sketch.clone()),
        };
        Some((sketch, field))
    }
}

/// Adds names of lower rank. Where a label is taken it is marked with the key, so that the first one stays plain.
fn add_behind(names: &mut Vec<Name>, others: Vec<Name>) {
    for mut other in others {
        if names.iter().any(|name| name.label == other.label) {
            other.label = format!("{}#{}", other.label, other.key);
        }
        names.push(other);
    }
}

impl Names for FormulaInput<'_> {
    fn members(&self, path: &[&str]) -> Vec<Name> {
        if path.is_empty() {
            return self.first_names();
        }
        if path == [RECORD] && self.sketch.document.field(RECORD).is_none() {
            return self.form_names(path, self.sketch);
        }
        let Some((sketch, field)) = self.end_of(path) else { return Vec::new() };
        match &field.kind {
            FieldKind::Subform(subform) => {
                subform.fields.iter().map(|column| self.name(path, column)).collect()
            }
            FieldKind::Link(link) => {
                let target = self.catalogue.form(&sketch.app, &link.form);
                target.map_or_else(Vec::new, |target| self.form_names(path, &target))
            }
            _ => Vec::new(),
        }
    }

    fn forms(&self) -> Vec<Name> {
        let named = |sketch: Arc<Sketch>| {
            let key = &sketch.document.key;
            let key =
                if sketch.app == self.sketch.app { key.clone() } else { format!("{}/{key}", sketch.app) };
            Name::new(key, sketch.document.label.get(self.language), Type::Rows)
        };
        let own = std::iter::once(Arc::new(self.sketch.clone()));
        // What stands for a form that one does not see belongs to no app, what stands for a table to no app of a form.
        let is_form = |sketch: &Arc<Sketch>| !sketch.app.is_empty() && !sketch.app.contains('/');
        let others = self.catalogue.forms().into_iter();
        let others = others.filter(|sketch| sketch.id != self.sketch.id && is_form(sketch));
        own.chain(others).map(named).collect()
    }

    fn members_of(&self, form: &str, path: &[&str]) -> Vec<Name> {
        let own = form == self.sketch.document.key;
        let found = if own { Some(Arc::new(self.sketch.clone())) } else { self.surroundings().form(form) };
        let Some(sketch) = found else { return Vec::new() };
        let there = FormulaInput { sketch: &sketch, of: "", ..*self };
        if path.is_empty() { there.form_names(&[], &sketch) } else { Names::members(&there, path) }
    }

    fn initials(&self, name: &str) -> Option<String> {
        self.initials.and_then(|initials| initials(name))
    }

    fn choice_key(&self, path: &[&str], said: &str) -> Option<String> {
        let choices = self.choices_at(path)?;
        if choices.iter().any(|choice| choice.key == said) {
            return None;
        }
        let folded = fold(said.trim());
        let called = |choice: &&Choice| choice.label.texts().iter().any(|label| fold(label) == folded);
        choices.iter().find(called).map(|choice| choice.key.clone())
    }

    fn choice_label(&self, path: &[&str], key: &str) -> Option<String> {
        let choice = self.choices_at(path)?.into_iter().find(|choice| choice.key == key)?;
        let label = choice.label.get(self.language).to_string();
        (self.choice_key(path, &label).as_deref() == Some(key)).then_some(label)
    }

    fn has_rows(&self) -> bool {
        self.row_of().is_some()
    }

    fn is_own(&self, path: &[&str], key: &str) -> bool {
        let from_record =
            path.strip_prefix(&[RECORD]).filter(|_| self.sketch.document.field(RECORD).is_none());
        let in_form = from_record.unwrap_or(path);
        match self.of.split_once('.') {
            None => in_form.is_empty() && key == self.of,
            Some((subform, column)) => key == column && (path.is_empty() || in_form == [subform]),
        }
    }
}
