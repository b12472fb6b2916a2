//! Scripts that are bound to what happens to records: they exist, and set what is theirs to set.

use super::super::sketch::Surroundings;
use super::super::{BoundScript, NoScript};
use super::Publisher;
use crate::script::Outline;
use crate::text::Fault;

/// Bindings of one form at most.
const MAX_SCRIPTS: usize = 20;

impl Publisher<'_> {
    pub(super) fn scripts(&mut self) -> Vec<BoundScript> {
        let around = Surroundings { sketch: self.sketch, catalogue: self.catalogue, row_of: None };
        let bindings = &self.sketch.document.scripts;
        if bindings.len() > MAX_SCRIPTS {
            self.faults.push(Fault::new("/scripts", "too_many").arg("max", MAX_SCRIPTS));
        }
        let mut bound = Vec::new();
        for (place, binding) in bindings.iter().enumerate() {
            let when = self.condition(&around, &format!("/scripts/{place}/when"), binding.when.as_ref());
            // Of what is in force, a script is missed when it has to run.
            if self.is_new {
                self.check_script(&format!("/scripts/{place}/script"), &binding.script);
            }
            bound.push(BoundScript { on: binding.on, when, script: binding.script.clone() });
        }
        bound
    }

    fn check_script(&mut self, at: &str, name: &str) {
        match self.catalogue.script(&self.sketch.app, name) {
            Ok(Some(script)) => self.check_outline(at, name, &script.outline),
            Ok(None) => {}
            Err(NoScript) => self.faults.push(Fault::new(at, "unknown_script").arg("name", name)),
        }
    }

    fn check_outline(&mut self, at: &str, name: &str, outline: &Outline) {
        for field in self.sketch.document.closed_to_scripts(&outline.sets) {
            self.faults.push(Fault::new(at, "script_sets_field").arg("field", field));
        }
        let app = name.split_once('/').map_or(self.sketch.app.as_str(), |(app, _)| app);
        for form in &outline.forms {
            if self.catalogue.form(app, form).is_none() {
                self.faults.push(Fault::new(at, "unknown_form").arg("form", form));
            }
        }
        for table in &outline.tables {
            if self.catalogue.table(app, table).is_none() {
                self.faults.push(Fault::new(at, "unknown_table").arg("name", table));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value as Json, json};

    use crate::form::{Catalogue, Form, NoScript, ScriptEvent, Sketch};
    use crate::script::Script;
    use crate::value::Id;

    /// Knows one other form and the script `post`; that of package `crm` reads a form of its own.
    struct Shop;

    impl Catalogue for Shop {
        fn form(&self, app: &str, name: &str) -> Option<Arc<Sketch>> {
            let document = json!({"key": "stock", "label": "S", "fields": [{"key": "n", "label": "N", "kind": "number"}]});
            let document = serde_json::from_value(document).unwrap();
            let known = (app == "shop" && name == "stock") || (app == "crm" && name == "points");
            known.then(|| Arc::new(Sketch { id: Id::from_i64(2).unwrap(), app: app.into(), document }))
        }

        fn script(&self, app: &str, name: &str) -> Result<Option<Arc<Script>>, NoScript> {
            let source = match (app, name) {
                ("shop", "post") => "record.posted = true; count(\"stock\", #{});",
                ("shop", "astray") => "record.n = 1; record.nobody = 1; count(\"gone\", #{});",
                ("shop", "crm/earn") => "count(\"points\", #{});",
                _ => return Err(NoScript),
            };
            Ok(Some(Arc::new(Script::compile(source).unwrap())))
        }
    }

    fn published(scripts: Json) -> Result<Form, Vec<(String, String)>> {
        let fields = json!([{"key": "n", "label": "N", "kind": "number"},
            {"key": "posted", "label": "P", "kind": "switch", "by_script": true}]);
        let document = json!({"key": "receipt", "label": "R", "fields": fields, "scripts": scripts});
        let document = serde_json::from_value(document).unwrap();
        let sketch = Sketch { id: Id::from_i64(1).unwrap(), app: "shop".into(), document };
        let told = |faults: Vec<crate::text::Fault>| {
            faults.into_iter().map(|fault| (fault.path, fault.code.to_string())).collect()
        };
        Form::publish(Arc::new(sketch), 1, &Shop).map_err(told)
    }

    fn refused(scripts: Json) -> Vec<(String, String)> {
        published(scripts).err().unwrap_or_default()
    }

    #[test]
    fn a_script_is_there_and_sets_what_is_its_own() {
        let when = json!({"field": "n", "op": "gt", "value": 1});
        let form = published(json!([{"on": "submit", "when": when, "script": "post"},
            {"on": "void", "script": "crm/earn"}]));
        let form = form.unwrap();
        assert_eq!(form.scripts_on(ScriptEvent::Submit).count(), 1);
        assert!(form.scripts[0].when.is_some() && form.can_be_voided());
        let at = |place: &str, code: &str| (place.to_string(), code.to_string());
        let missing = refused(json!([{"on": "submit", "script": "nobody"}]));
        assert_eq!(missing, [at("/scripts/0/script", "unknown_script")]);
        let astray = refused(json!([{"on": "submit", "script": "astray"}]));
        let place = "/scripts/0/script";
        assert_eq!(
            astray,
            [at(place, "script_sets_field"), at(place, "script_sets_field"), at(place, "unknown_form")]
        );
        let when = json!({"field": "gone", "op": "gt", "value": 1});
        let untyped = refused(json!([{"on": "submit", "when": when, "script": "post"}]));
        assert_eq!(untyped, [at("/scripts/0/when", "unknown_field")]);
        let event = json!({"on": "sometimes", "script": "post"});
        assert!(serde_json::from_value::<crate::form::ScriptBinding>(event).is_err());
    }
}
