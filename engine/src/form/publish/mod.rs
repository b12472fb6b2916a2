//! Publishing: a document checked and compiled, all its faults found in one go.

mod asking;
mod designed;
mod document;
mod kept;
mod reads;
mod scripts;
mod tabs;
mod target;

use std::collections::BTreeMap;
use std::sync::Arc;

use self::reads::{link_reads, reads_rollup};
use super::limits;
use super::names::Compiled;
use super::sketch::Surroundings;
use super::{
    Catalogue, CheckedDefault, CheckedRule, CheckedValidation, Column, DefaultValue, Field, Form, NoRegions,
    Sketch,
};
use crate::condition::{Checked, Condition, Fields, Reach};
use crate::field::{FieldKind, Regions};
use crate::formula::Type;
use crate::text::{Fault, Faults};
use crate::value::Rounding;

/// Checks a document and compiles it; one that `is_new` is held to what is asked of a design, too.
///
/// # Errors
/// Everything that is wrong with it; paths are JSON pointers into the document.
pub(super) fn publish(
    sketch: &Arc<Sketch>,
    version: u32,
    catalogue: &dyn Catalogue,
    is_new: bool,
) -> Result<Form, Faults> {
    let form = Publisher { sketch, catalogue, is_new, faults: Faults::new() }.run(version, sketch);
    form.map_err(|faults| faults.into_iter().map(|fault| sketch.document.named(fault)).collect())
}

struct Publisher<'a> {
    sketch: &'a Sketch,
    catalogue: &'a dyn Catalogue,
    /// Whether it is a design, and not what is in force already.
    is_new: bool,
    faults: Faults,
}

impl Publisher<'_> {
    fn run(mut self, version: u32, sketch: &Arc<Sketch>) -> Result<Form, Faults> {
        self.check_keys();
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        let mut columns = BTreeMap::new();
        for (pointer, path, field) in self.pointers() {
            let column = self.column(&pointer, &path, &field);
            columns.insert(path, column);
        }
        let rules = self.rules();
        let validations = self.validations();
        let scripts = self.scripts();
        self.check_document();
        self.check_tabs();
        if self.is_new {
            self.check_design();
        }
        Self::settle_liveness(&mut columns);
        self.check_uniqueness(&columns);
        let tasks = self.order(&columns, &rules);
        self.faults.extend(limits::faults(&self.pointers(), &columns, &tasks, validations.len()));
        let links = link_reads(&columns, &rules, &validations, &scripts);
        let needs_rollups = reads_rollup(&columns, &tasks, &scripts);
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        Ok(Form {
            sketch: sketch.clone(),
            version,
            columns,
            tasks,
            validations,
            rules,
            scripts,
            links,
            needs_rollups,
        })
    }

    /// Every field with its JSON pointer and its path.
    fn pointers(&self) -> Vec<(String, String, Field)> {
        let all = self.sketch.document.pointers();
        all.map(|(pointer, path, field)| (pointer, path, field.clone())).collect()
    }

    fn column(&mut self, pointer: &str, path: &str, field: &Field) -> Column {
        for fault in field.kind.check_options() {
            let inner = fault.path.replace('.', "/");
            self.faults.push(Fault { path: format!("{pointer}/options/{inner}"), ..fault });
        }
        let row_of = path.split_once('.').map(|(subform, _)| subform);
        let around = Surroundings { sketch: self.sketch, catalogue: self.catalogue, row_of };
        let (reach, read_kind) = match around.find(&field.key) {
            Ok((reach, kind)) => (reach, kind.read_as()),
            Err(fault) => {
                // That the form of a rollup is not there is said at its name.
                let is_said = fault.code == "unknown_form" && matches!(field.kind, FieldKind::Rollup(_));
                if !is_said {
                    self.faults.push(Fault { path: format!("{pointer}/options"), ..fault });
                }
                (Reach::own(&field.key), field.kind.clone())
            }
        };
        let expected = field.kind.formula_type();
        let source = match &field.kind {
            // That it is missing is said once, by the options.
            FieldKind::Formula(formula) if formula.formula.trim().is_empty() => None,
            FieldKind::Formula(formula) => {
                Some((format!("{pointer}/options/formula"), formula.formula.as_str()))
            }
            _ => field
                .compute
                .as_ref()
                .map(|rule| (format!("{pointer}/compute/formula"), rule.formula.as_str())),
        };
        let compute = source.and_then(|(place, source)| self.formula(&around, &place, source, &expected));
        let default = self.default(&around, pointer, field);
        let visible_when =
            self.condition(&around, &format!("{pointer}/visible_when"), field.visible_when.as_ref());
        let required_when =
            self.condition(&around, &format!("{pointer}/required_when"), field.required_when.as_ref());
        let (target, filter) = self.target(&around, pointer, field);
        let kept = self.kept(&around, field, &read_kind, filter.as_ref());
        let query = match &field.kind {
            FieldKind::Query(options) => self.query(&around, pointer, options).map(Box::new),
            _ => None,
        };
        self.check_members(pointer, field);
        let is_lookup = matches!(field.kind, FieldKind::Lookup(_));
        let regions = self.regions(pointer, &field.kind);
        let prefilled = default.is_some() || field.kind.is_of_maker() || self.sketch.document.is_filled(path);
        Column {
            path: path.to_string(),
            shape: field.kind.shape(),
            rounding: rounding_of(&field.kind),
            reach: is_lookup.then_some(reach),
            read_kind,
            field: field.clone(),
            compute,
            default,
            prefilled,
            visible_when,
            required_when,
            target,
            filter,
            regions,
            kept,
            query,
        }
    }

    /// The regions that an address names.
    fn regions(&mut self, pointer: &str, kind: &FieldKind) -> Option<Arc<Regions>> {
        let FieldKind::Address(address) = kind else { return None };
        let name = address.regions.as_deref()?;
        match self.catalogue.regions(name) {
            Ok(regions) => regions,
            Err(NoRegions) => {
                let at = format!("{pointer}/options/regions");
                // A name that is none was said by the options.
                if !self.faults.iter().any(|fault| fault.path == at) {
                    self.faults.push(Fault::new(at, "unknown_regions").arg("name", name));
                }
                None
            }
        }
    }

    fn formula(
        &mut self,
        around: &Surroundings,
        place: &str,
        source: &str,
        expected: &Type,
    ) -> Option<Compiled> {
        let compiled = match self.is_new {
            true => Compiled::new(source, around, expected),
            false => Compiled::kept(source, around, expected),
        };
        match compiled {
            // Another value each time would be a change that nobody made.
            Ok(formula) if formula.is_random() && !place.ends_with("/default/formula") => {
                self.faults.push(Fault::new(place, "random_value"));
                None
            }
            Ok(formula) => Some(formula),
            Err(fault) => {
                self.faults.push(Fault { path: place.to_string(), ..fault });
                None
            }
        }
    }

    fn condition(
        &mut self,
        around: &Surroundings,
        place: &str,
        condition: Option<&Condition>,
    ) -> Option<Checked> {
        match Checked::new(condition?, around) {
            Ok(checked) => Some(checked),
            Err(faults) => {
                self.faults
                    .extend(faults.into_iter().map(|fault| Fault { path: place.to_string(), ..fault }));
                None
            }
        }
    }

    fn default(&mut self, around: &Surroundings, pointer: &str, field: &Field) -> Option<CheckedDefault> {
        let place = format!("{pointer}/default");
        match field.default.as_ref()? {
            DefaultValue::Formula(source) => {
                let expected = field.kind.formula_type();
                self.formula(around, &format!("{place}/formula"), source, &expected)
                    .map(CheckedDefault::Formula)
            }
            DefaultValue::Linkage(linkage) => self
                .linkage(around, &format!("{place}/linkage"), field, linkage)
                .map(|linkage| CheckedDefault::Linkage(Box::new(linkage))),
            // Options that are at fault themselves say nothing about a value.
            DefaultValue::Literal(_) if !field.kind.check_options().is_empty() => None,
            DefaultValue::Literal(json) => match field.kind.parse(json) {
                Ok(value) => Some(CheckedDefault::Value(value)),
                Err(fault) => {
                    self.faults.push(Fault { path: place, ..fault });
                    None
                }
            },
        }
    }

    fn rules(&mut self) -> Vec<CheckedRule> {
        let around = Surroundings { sketch: self.sketch, catalogue: self.catalogue, row_of: None };
        let mut checked = Vec::new();
        for (place, rule) in self.sketch.document.rules.iter().enumerate() {
            let when = self.condition(&around, &format!("/rules/{place}/when"), Some(&rule.when));
            for (member, keys) in [("show", &rule.show), ("require", &rule.require)] {
                for (inner, key) in keys.iter().enumerate() {
                    if self.sketch.document.field(key).is_none() {
                        let at = format!("/rules/{place}/{member}/{inner}");
                        self.faults.push(Fault::new(at, "unknown_field").arg("field", key));
                    }
                }
            }
            if let Some(when) = when {
                checked.push(CheckedRule { when, show: rule.show.clone(), require: rule.require.clone() });
            }
        }
        checked
    }

    fn validations(&mut self) -> Vec<CheckedValidation> {
        let around = Surroundings { sketch: self.sketch, catalogue: self.catalogue, row_of: None };
        let mut checked = Vec::new();
        for (place, validation) in self.sketch.document.validate.iter().enumerate() {
            let at = format!("/validate/{place}/formula");
            if let Some(formula) = self.formula(&around, &at, &validation.formula, &Type::Bool) {
                // Nobody mends a system field.
                let own = formula.reaches().map(Reach::own_path).filter(|path| !path.starts_with('$'));
                let own = own.min_by_key(|path| place_in(&validation.formula, path));
                let at = own.or(formula.reaches().next().map(Reach::own_path)).unwrap_or_default();
                let (key, message) = (validation.key.clone(), validation.message.clone());
                checked.push(CheckedValidation { key, formula, message, at });
            }
        }
        checked
    }
}

/// Where a formula names something first; behind everything where it does not, as by another name.
fn place_in(formula: &str, name: &str) -> usize {
    let is_of_name = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.');
    let whole = formula.match_indices(name).map(|(at, _)| at).find(|at| {
        let (before, behind) = formula.split_at(*at);
        let after = behind.get(name.len()..).and_then(|rest| rest.chars().next());
        !is_of_name(before.chars().next_back()) && !is_of_name(after.filter(|c| *c != '.'))
    });
    whole.unwrap_or(usize::MAX)
}

/// The rounding among a kind's options, whichever kind it is.
pub(super) fn rounding_of(kind: &FieldKind) -> Rounding {
    let options = kind.options();
    options.get("rounding").and_then(|name| serde_json::from_value(name.clone()).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::value::Id;

    struct Alone;

    impl Catalogue for Alone {
        fn form(&self, _: &str, _: &str) -> Option<Arc<Sketch>> {
            None
        }
    }

    #[test]
    fn a_formula_that_is_missing_or_wrong_is_one_fault() {
        for (formula, code) in [("", "required"), (" ", "required"), ("nobody", "unknown_field")] {
            let document = serde_json::from_value(json!({"key": "f", "label": "F", "fields": [
                {"key": "n", "label": "N", "kind": "number"},
                {"key": "d", "label": "D", "kind": "formula", "options": {"formula": formula}}]}));
            let document = document.unwrap();
            let sketch = Sketch { id: Id::from_i64(1).unwrap(), app: "x".into(), document };
            let faults = Form::publish(Arc::new(sketch), 1, &Alone).err().unwrap_or_default();
            let found: Vec<(&str, &str)> =
                faults.iter().map(|fault| (fault.path.as_str(), fault.code.as_ref())).collect();
            assert_eq!(found, [("/fields/1/options/formula", code)], "{formula:?}");
        }
    }

    #[test]
    fn a_form_that_a_rollup_does_not_find_is_said_once() {
        let options = json!({"form": "gone", "link": "l", "fn": "count"});
        let document = json!({"key": "f", "label": "F", "fields": [
            {"key": "r", "label": "R", "kind": "rollup", "options": options}]});
        let document = serde_json::from_value(document).unwrap();
        let sketch = Sketch { id: Id::from_i64(1).unwrap(), app: "x".into(), document };
        let faults = Form::publish(Arc::new(sketch), 1, &Alone).err().unwrap_or_default();
        let told: Vec<String> = faults.iter().map(|fault| format!("{} {}", fault.path, fault.code)).collect();
        assert_eq!(told, ["/fields/0/options/form unknown_form"]);
    }

    #[test]
    fn a_text_that_is_unique_or_has_an_order_of_its_own_has_at_most_500_characters() {
        let faults = |member: &str, max: u32, unique: Json| {
            let mut field = json!({"key": "a", "label": "A", "kind": "text", "options": {"max_length": max}});
            match member {
                "unique" => field["unique"] = json!(true),
                "sort" => field["options"]["sort"] = json!("pinyin"),
                _ => {}
            }
            let fields = json!([field, {"key": "b", "label": "B", "kind": "number"}]);
            let document = json!({"key": "f", "label": "F", "fields": fields, "unique": unique});
            let document = serde_json::from_value(document).unwrap();
            let sketch = Sketch { id: Id::from_i64(1).unwrap(), app: "x".into(), document };
            let faults = Form::publish(Arc::new(sketch), 1, &Alone).err().unwrap_or_default();
            faults.iter().map(|fault| format!("{}: {}", fault.path, fault.code)).collect::<Vec<_>>()
        };
        let refused = ["/fields/0/options/max_length: too_large"];
        for (member, unique) in [
            ("unique", json!([])),
            ("sort", json!([])),
            ("", json!([["a", "b"]])),
            ("unique", json!([["a", "b"]])),
        ] {
            assert_eq!(faults(member, 500, unique.clone()), [""; 0], "{member} {unique}");
            assert_eq!(faults(member, 501, unique.clone()), refused, "{member} {unique}");
        }
        assert_eq!(faults("", 501, json!([])), [""; 0]);
    }

    #[test]
    fn texts_that_are_unique_together_share_what_an_index_takes() {
        let faults = |max: u32| {
            let text =
                |key: &str| json!({"key": key, "label": key, "kind": "text", "options": {"max_length": max}});
            let document =
                json!({"key": "f", "label": "F", "fields": [text("a"), text("b")], "unique": [["a", "b"]]});
            let document = serde_json::from_value(document).unwrap();
            let sketch = Sketch { id: Id::from_i64(1).unwrap(), app: "x".into(), document };
            let faults = Form::publish(Arc::new(sketch), 1, &Alone).err().unwrap_or_default();
            faults.iter().map(|fault| format!("{}: {}", fault.path, fault.code)).collect::<Vec<_>>()
        };
        assert_eq!(faults(325), [""; 0]);
        let refused = ["a", "b"].map(|_| "too_large");
        let told: Vec<String> =
            faults(326).into_iter().map(|fault| fault.split(": ").last().unwrap().into()).collect();
        assert_eq!(told, refused);
    }
}
