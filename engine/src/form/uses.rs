//! What uses a field: formulas, conditions, links and titles that name it, in its own form and in others. Whoever is about
//! to take it out or to change it is told.
//!
//! A draft need not be finished: what can't be read uses nothing.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::names::Compiled;
use super::sketch::{Surroundings, fields_on};
use super::{Catalogue, DefaultValue, Field, Sketch, pattern_formula, pattern_paths};
use crate::condition::{Condition, Operand};
use crate::field::{FieldKind, Linkage, Origin, SortRule};
use crate::formula::{Type, parse};
use crate::text::Label;
use crate::value::Id;

/// In what a field is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UseKind {
    Formula,
    Default,
    VisibleWhen,
    RequiredWhen,
    Link,
    Lookup,
    Rollup,
    Query,
    Serial,
    Currency,
    Title,
    Rule,
    Validation,
    Unique,
    Script,
}

/// One place in a form that uses a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    pub kind: UseKind,
    /// The path of the field or column in which it stands, if it stands in one.
    pub field: Option<String>,
    /// Which rule it is, counted from one.
    pub number: Option<usize>,
    /// What people read of it: the message of a validation.
    pub label: Option<Label>,
}

impl Use {
    fn of_form(kind: UseKind) -> Use {
        Use { kind, field: None, number: None, label: None }
    }
}

/// Looks for one field in documents about the records of a form.
#[derive(Clone, Copy)]
pub struct Uses<'u> {
    /// The form whose records the documents are about.
    sketch: &'u Sketch,
    catalogue: &'u dyn Catalogue,
    /// The sub-form in whose rows they stand.
    row_of: Option<&'u str>,
    form: Id,
    path: &'u str,
}

impl<'u> Uses<'u> {
    /// Looks for the field at `path` of the form with this id, in documents about records of `sketch`.
    pub fn new(sketch: &'u Sketch, catalogue: &'u dyn Catalogue, (form, path): (Id, &'u str)) -> Uses<'u> {
        Uses { sketch, catalogue, row_of: None, form, path }
    }

    /// The same field, in documents about records of another form.
    pub fn about<'a>(&'a self, sketch: &'a Sketch) -> Uses<'a> {
        Uses { sketch, row_of: None, ..*self }
    }

    fn in_row_of<'a>(&'a self, row_of: Option<&'a str>) -> Uses<'a> {
        Uses { row_of, ..*self }
    }

    fn around(&self) -> Surroundings<'_> {
        Surroundings { sketch: self.sketch, catalogue: self.catalogue, row_of: self.row_of }
    }

    /// Whether a field's path is the one that is looked for, or lies in it.
    fn covers(&self, path: &str) -> bool {
        let inside = path.strip_prefix(self.path);
        inside.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    /// Whether a path such as `amount`, `customer.tier` or `lines.qty` leads to the field or over it.
    pub fn path(&self, path: &str) -> bool {
        let named = self.around().named_by(path);
        named.iter().any(|(form, field)| *form == self.form && self.covers(field))
    }

    pub fn condition(&self, condition: &Condition) -> bool {
        condition.tests().iter().any(|test| {
            let compared = matches!(&test.value, Some(Operand::Field(other)) if self.path(other));
            compared || self.path(&test.field)
        })
    }

    pub fn formula(&self, source: &str) -> bool {
        let Ok(node) = parse(source) else { return false };
        let mut found = false;
        node.each_path(&mut |segments| {
            let names: Vec<&str> = segments.iter().map(|segment| segment.name.as_str()).collect();
            found = found || self.path(&names.join("."));
        });
        found || self.asked(source)
    }

    /// Whether a formula asks for it of other records, as `SUMOF` and its kin do.
    fn asked(&self, source: &str) -> bool {
        let compiled = Compiled::kept(source, &self.around(), &Type::Any);
        compiled.is_ok_and(|compiled| {
            compiled.figures().iter().any(|figure| {
                let named = figure.reaches().into_iter().flat_map(|reach| fields_on(figure.form, reach));
                named.into_iter().any(|(form, field)| form == self.form && self.covers(&field))
            })
        })
    }

    /// Whether a text with names of fields, and formulas, in braces names it.
    pub fn pattern(&self, pattern: &str) -> bool {
        pattern_paths(pattern).iter().any(|name| match pattern_formula(name) {
            Some(source) => self.formula(source),
            None => self.path(name),
        })
    }

    /// Whether a document that the engine does not know more of names it: by members `field`, `fields`, `columns`, in
    /// conditions and in formulas.
    pub fn json(&self, json: &Json) -> bool {
        match json {
            Json::Array(items) => items.iter().any(|item| self.json(item)),
            Json::Object(members) => members.iter().any(|(name, inner)| match (name.as_str(), inner) {
                ("field", Json::String(path)) => self.path(path),
                ("formula", Json::String(source)) => self.formula(source),
                ("fields" | "set", Json::Object(fields)) => {
                    fields.keys().any(|path| self.path(path)) || self.json(inner)
                }
                ("fields" | "columns" | "display", Json::Array(items)) => {
                    items.iter().any(|item| match item {
                        Json::String(path) => self.path(path),
                        other => self.json(other),
                    })
                }
                _ => self.json(inner),
            }),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => false,
        }
    }

    /// Every place in the form itself that uses the field. What a field says of itself goes with it.
    pub fn in_form(&self) -> Vec<Use> {
        let document = &self.sketch.document;
        let mut found = Vec::new();
        for (path, field) in document.all_fields() {
            if self.sketch.id == self.form && self.covers(&path) {
                continue;
            }
            let row_of = path.split_once('.').map(|(subform, _)| subform);
            let here = self.in_row_of(row_of);
            let kinds = here.in_field(field);
            found.extend(
                kinds.into_iter().map(|kind| Use { field: Some(path.clone()), ..Use::of_form(kind) }),
            );
        }
        if document.title.as_deref().is_some_and(|title| self.pattern(title)) {
            found.push(Use::of_form(UseKind::Title));
        }
        for (place, rule) in document.rules.iter().enumerate() {
            let named = rule.show.iter().chain(&rule.require).any(|path| self.path(path));
            if named || self.condition(&rule.when) {
                found.push(Use { number: Some(place + 1), ..Use::of_form(UseKind::Rule) });
            }
        }
        for validation in document.validate.iter().filter(|validation| self.formula(&validation.formula)) {
            let label = Some(validation.message.clone());
            found.push(Use { label, ..Use::of_form(UseKind::Validation) });
        }
        if document.unique.iter().flatten().any(|path| self.path(path)) {
            found.push(Use::of_form(UseKind::Unique));
        }
        let mut scripts = document.scripts.iter().filter_map(|script| script.when.as_ref());
        if scripts.any(|when| self.condition(when)) {
            found.push(Use::of_form(UseKind::Script));
        }
        found
    }

    /// Whether a question to another form names it: what is asked there, or what it is asked with from here.
    fn question(
        &self,
        origin: &Origin,
        filter: Option<&Condition>,
        sort: &[SortRule],
        names: &[&str],
    ) -> bool {
        let tests = filter.map(Condition::tests).unwrap_or_default();
        let with = |operand: &Option<Operand>| matches!(operand, Some(Operand::Field(own)) if self.path(own));
        if tests.iter().any(|test| with(&test.value)) {
            return true;
        }
        let Origin::Form(name) = origin else { return false };
        self.around().form(name).is_some_and(|target| {
            let there = self.about(&target);
            let tested = tests.iter().map(|test| test.field.as_str());
            let sorted = sort.iter().map(|by| by.field.as_str());
            tested.chain(sorted).chain(names.iter().copied()).any(|path| there.path(path))
        })
    }

    fn default(&self, default: &DefaultValue) -> bool {
        match default {
            DefaultValue::Literal(_) => false,
            DefaultValue::Formula(source) => self.formula(source),
            DefaultValue::Linkage(linkage) => self.linkage(linkage),
        }
    }

    fn linkage(&self, linkage: &Linkage) -> bool {
        let copied = linkage.field.iter().map(String::as_str);
        let names: Vec<&str> =
            copied.chain(linkage.columns.iter().map(|column| column.from.as_str())).collect();
        self.question(&linkage.form, Some(&linkage.filter), &linkage.sort, &names)
    }

    /// In what of a field it is used.
    fn in_field(&self, field: &Field) -> Vec<UseKind> {
        let mut found = Vec::new();
        let mut note = |kind: UseKind, used: bool| {
            if used {
                found.push(kind);
            }
        };
        let computed = field.compute.as_ref().map(|rule| rule.formula.as_str());
        let formula = match &field.kind {
            FieldKind::Formula(formula) => Some(formula.formula.as_str()),
            _ => computed,
        };
        note(UseKind::Formula, formula.is_some_and(|source| self.formula(source)));
        note(UseKind::Default, field.default.as_ref().is_some_and(|default| self.default(default)));
        let when = |condition: &Option<Condition>| condition.as_ref().is_some_and(|it| self.condition(it));
        note(UseKind::VisibleWhen, when(&field.visible_when));
        note(UseKind::RequiredWhen, when(&field.required_when));
        if let Some(link) = field.kind.as_link() {
            let own = link.fill.iter().any(|fill| self.path(&fill.to));
            let there = self.around().form(&link.form).is_some_and(|target| {
                let there = self.about(&target);
                link.display.iter().any(|path| there.path(path))
                    || link.fill.iter().any(|fill| there.path(&fill.from))
            });
            let origin = Origin::Form(link.form.clone());
            let offered = self.question(&origin, link.filter.as_ref(), &[], &[]);
            note(UseKind::Link, own || there || offered);
        }
        if let Some(from) = field.kind.choices_from() {
            let origin = Origin::Form(from.form.clone());
            note(UseKind::Link, self.question(&origin, from.filter.as_ref(), &[], &[&from.field]));
        }
        match &field.kind {
            FieldKind::Query(query) => {
                let names: Vec<&str> = query.columns.iter().map(String::as_str).collect();
                note(UseKind::Query, self.question(&query.form, query.filter.as_ref(), &query.sort, &names));
            }
            FieldKind::Lookup(_) => note(UseKind::Lookup, self.path(&field.key)),
            FieldKind::Rollup(rollup) => {
                let used = self.around().form(&rollup.form).is_some_and(|target| {
                    let there = self.about(&target);
                    there.path(&rollup.link)
                        || rollup.field.as_ref().is_some_and(|path| there.path(path))
                        || rollup.filter.as_ref().is_some_and(|filter| there.condition(filter))
                });
                note(UseKind::Rollup, used);
            }
            FieldKind::Serial(serial) => {
                let mut parts = serial.parts.iter().filter_map(|part| part.field.as_ref());
                note(UseKind::Serial, parts.any(|path| self.path(path)));
            }
            FieldKind::Money(money) => {
                let used = money.currency_field.as_ref().is_some_and(|path| self.path(path));
                note(UseKind::Currency, used);
            }
            _ => {}
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;

    struct World(Vec<Arc<Sketch>>);

    impl Catalogue for World {
        fn form(&self, _: &str, name: &str) -> Option<Arc<Sketch>> {
            self.0.iter().find(|sketch| sketch.document.key == name).cloned()
        }
    }

    fn id(number: i64) -> Id {
        Id::from_i64(number).unwrap()
    }

    fn world() -> World {
        let sketch = |number: i64, document: Json| {
            let document = serde_json::from_value(document).unwrap();
            Arc::new(Sketch { id: id(number), app: "crm".into(), document })
        };
        let test = |field: &str| json!({"field": field, "op": "gt", "value": 0});
        let customer = sketch(
            1,
            json!({"key": "customer", "label": "Customer", "title": "{name}", "fields": [
                {"key": "name", "label": "N", "kind": "text"},
                {"key": "discount", "label": "D", "kind": "number"},
                {"key": "asked", "label": "A", "kind": "formula", "options": {"formula": "SUMOF(order, order.net > 0, order.net)"}},
                {"key": "spent", "label": "S", "kind": "rollup", "options": {
                    "form": "order", "link": "customer", "fn": "sum", "field": "net", "filter": test("lines.qty")}}]}),
        );
        let order = sketch(
            2,
            json!({"key": "order", "label": "Order", "title": "{customer.name}", "unique": [["net", "day"]], "fields": [
                {"key": "customer", "label": "C", "kind": "link", "options": {"form": "customer", "display": ["discount"]}},
                {"key": "seen", "label": "L", "kind": "lookup", "options": {"link": "customer", "field": "discount"}},
                {"key": "day", "label": "T", "kind": "date", "required_when": test("net")},
                {"key": "net", "label": "N", "kind": "number", "compute": {"formula": "SUM(lines.qty) - seen"}},
                {"key": "lines", "label": "R", "kind": "subform", "options": {"fields": [
                    {"key": "qty", "label": "Q", "kind": "number"},
                    {"key": "twice", "label": "W", "kind": "formula", "options": {"formula": "qty * 2"}}]}}],
              "rules": [{"when": test("customer.discount"), "require": ["day"]}],
              "validate": [{"key": "v", "formula": "net > 0", "message": "positive"}]}),
        );
        World(vec![customer, order])
    }

    fn uses(world: &World, document: usize, form: i64, path: &str) -> Vec<(UseKind, Option<String>)> {
        let found = Uses::new(&world.0[document], world, (id(form), path)).in_form();
        found.into_iter().map(|one| (one.kind, one.field)).collect()
    }

    #[test]
    fn every_use_of_a_field_is_found_in_its_form_and_in_others() {
        let world = world();
        let at = |path: &str| Some(path.to_string());
        assert_eq!(
            uses(&world, 1, 1, "discount"),
            [
                (UseKind::Link, at("customer")),
                (UseKind::Lookup, at("seen")),
                (UseKind::Formula, at("net")),
                (UseKind::Rule, None)
            ]
        );
        assert_eq!(uses(&world, 1, 1, "name"), [(UseKind::Title, None)]);
        assert_eq!(
            uses(&world, 0, 2, "net"),
            [(UseKind::Formula, at("asked")), (UseKind::Rollup, at("spent"))]
        );
        assert_eq!(
            uses(&world, 1, 2, "net"),
            [(UseKind::RequiredWhen, at("day")), (UseKind::Validation, None), (UseKind::Unique, None)]
        );
        assert_eq!(
            uses(&world, 1, 2, "lines.qty"),
            [(UseKind::Formula, at("net")), (UseKind::Formula, at("lines.twice"))]
        );
        assert_eq!(
            uses(&world, 0, 2, "lines"),
            [(UseKind::Rollup, at("spent"))],
            "a column lies in its rows"
        );
        assert_eq!(uses(&world, 1, 2, "lines"), [(UseKind::Formula, at("net"))]);
        assert_eq!(
            uses(&world, 1, 2, "seen"),
            [(UseKind::Formula, at("net"))],
            "also a lookup by its own name"
        );
        assert!(uses(&world, 0, 2, "day").is_empty());
    }

    #[test]
    fn a_document_of_any_make_names_a_field_by_its_members() {
        let world = world();
        let uses = Uses::new(&world.0[1], &world, (id(2), "net"));
        assert!(uses.json(&json!({"sort": [{"field": "net", "desc": true}]})));
        assert!(uses.json(&json!({"do": [{"set": {"net": {"formula": "1"}}}]})));
        assert!(uses.json(&json!({"columns": ["day", "net"]})));
        assert!(uses.json(&json!({"when": {"formula": "net > day"}})));
        assert!(!uses.json(&json!({"label": "net", "field": "day", "columns": [{"field": "day"}]})));
    }

    #[test]
    fn a_link_uses_what_its_offer_is_held_against() {
        let sketch = |number: i64, document: Json| {
            let document = serde_json::from_value(document).unwrap();
            Arc::new(Sketch { id: id(number), app: "crm".into(), document })
        };
        let contact = json!({"key": "contact", "label": "C", "fields": [
            {"key": "name", "label": "N", "kind": "text"}, {"key": "city", "label": "C", "kind": "text"}]});
        let visit = json!({"key": "visit", "label": "V", "fields": [
            {"key": "town", "label": "T", "kind": "text"}, {"key": "name", "label": "N", "kind": "text"},
            {"key": "contact", "label": "C", "kind": "link", "options": {
                "form": "contact", "filter": {"field": "city", "op": "eq", "value": {"field": "town"}}}}]});
        let world = World(vec![sketch(1, contact), sketch(2, visit)]);
        let link = vec![(UseKind::Link, Some("contact".to_string()))];
        for (form, path) in [(1, "city"), (2, "town")] {
            assert_eq!(uses(&world, 1, form, path), link, "{path} of {form}");
        }
        assert_eq!(uses(&world, 1, 2, "name"), vec![]);
    }

    #[test]
    fn lists_and_linked_defaults_use_what_they_ask_and_what_they_ask_with() {
        let sketch = |number: i64, document: Json| {
            let document = serde_json::from_value(document).unwrap();
            Arc::new(Sketch { id: id(number), app: "crm".into(), document })
        };
        let alike = json!({"field": "code", "op": "eq", "value": {"field": "code"}});
        let rate = sketch(
            1,
            json!({"key": "rate", "label": "Rate", "fields": [
            {"key": "code", "label": "C", "kind": "text"}, {"key": "rate", "label": "R", "kind": "number"}]}),
        );
        let bill = sketch(
            2,
            json!({"key": "bill", "label": "Bill", "fields": [
            {"key": "code", "label": "C", "kind": "text"},
            {"key": "rates", "label": "L", "kind": "query", "options": {
                "form": "rate", "filter": alike, "columns": ["rate"]}},
            {"key": "found", "label": "F", "kind": "number", "default": {"linkage": {
                "form": "rate", "filter": alike, "field": "rate"}}}]}),
        );
        let world = World(vec![rate, bill]);
        let both =
            vec![(UseKind::Query, Some("rates".to_string())), (UseKind::Default, Some("found".to_string()))];
        for (form, path) in [(1, "code"), (1, "rate"), (2, "code")] {
            assert_eq!(uses(&world, 1, form, path), both, "{path} of {form}");
        }
    }
}
