//! A form as somebody sees it to whom some of it is closed: what they may not know of is not there, whatever they ask of it.

use super::names::Compiled;
use super::published::Form;
use super::sketch::{Catalogue, Surroundings};
use crate::condition::{Checked, Condition, Fields, Reach};
use crate::field::FieldKind;
use crate::formula::{Resolved, Scope, Type};
use crate::text::{Fault, Faults};

/// The eyes that a form is seen with.
///
/// A condition or a formula is told what is wrong with it as if the closed fields did not exist: not of what kind they are,
/// nor that an operator does not go with them.
pub struct SeenForm<'f> {
    pub form: &'f Form,
    pub catalogue: &'f dyn Catalogue,
    /// Whether every field on the way to a place is open.
    pub sees: &'f dyn Fn(&Reach) -> bool,
}

impl SeenForm<'_> {
    /// As [`Form::find`].
    ///
    /// # Errors
    /// `unknown_field` for what is not there or not seen, and its kin, without a path.
    pub fn find(&self, path: &str) -> Result<(Reach, FieldKind), Fault> {
        match self.form.find(path, self.catalogue) {
            Ok((reach, kind)) if (self.sees)(&reach) => Ok((reach, kind)),
            Ok(_) => Err(Surroundings::unknown(path)),
            // What is wrong behind a closed field would tell of what kind that is.
            Err(_) if self.leads_over_closed(path) => Err(Surroundings::unknown(path)),
            Err(fault) => Err(fault),
        }
    }

    fn leads_over_closed(&self, path: &str) -> bool {
        let is_closed =
            |way: &str| self.form.find(way, self.catalogue).is_ok_and(|(reach, _)| !(self.sees)(&reach));
        path.match_indices('.').filter_map(|(end, _)| path.get(..end)).any(is_closed)
    }

    /// As [`Form::check`].
    ///
    /// # Errors
    /// What [`Checked::new`] finds.
    pub fn check(&self, condition: &Condition) -> Result<Checked, Faults> {
        Checked::new(condition, self)
    }

    /// As [`Form::formula`].
    ///
    /// # Errors
    /// The formula's fault, without a path.
    pub fn formula(&self, source: &str, expected: &Type) -> Result<Compiled, Fault> {
        let reach = |path: &str| self.find(path).map(|(reach, _)| reach);
        let formula = Compiled::over(source, self, expected, &reach)?;
        if formula.counts_others() { Err(Fault::new("", "asks_others")) } else { Ok(formula) }
    }
}

impl Fields for SeenForm<'_> {
    fn find(&self, path: &str) -> Result<(Reach, FieldKind), Fault> {
        SeenForm::find(self, path)
    }
}

impl Scope for SeenForm<'_> {
    fn resolve(&self, path: &[&str]) -> Option<Resolved> {
        SeenForm::find(self, &path.join(".")).ok()?;
        Scope::resolve(&self.form.surroundings(self.catalogue), path)
    }

    fn records(&self, _: &str) -> Option<Box<dyn Scope + '_>> {
        Some(Box::new(Others))
    }
}

/// Records that nobody counts here in the end: nothing is told of what there is of them.
struct Others;

impl Scope for Others {
    fn resolve(&self, _: &[&str]) -> Option<Resolved> {
        Some(Resolved { ty: Type::Any, live: false })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::form::Sketch;
    use crate::value::Id;

    /// Two forms, in each of which one field is closed.
    struct Shop(Vec<Arc<Sketch>>);

    impl Catalogue for Shop {
        fn form(&self, _: &str, name: &str) -> Option<Arc<Sketch>> {
            self.0.iter().find(|sketch| sketch.document.key == name).cloned()
        }
    }

    fn shop() -> Shop {
        let field = |key: &str, kind: &str| json!({"key": key, "label": key, "kind": kind});
        let mut link = field("who", "link");
        link["options"] = json!({"form": "person"});
        let order = json!({"key": "order", "label": "o", "fields": [field("name", "text"), field("secret", "number"), link]});
        let person = json!({"key": "person", "label": "p", "fields": [field("name", "text"), field("secret", "number")]});
        let sketches = (1..).zip([order, person]).map(|(number, document)| {
            let document = serde_json::from_value(document).unwrap();
            Arc::new(Sketch { id: Id::from_i64(number).unwrap(), app: "x".into(), document })
        });
        Shop(sketches.collect())
    }

    #[test]
    fn what_is_closed_is_told_of_like_what_is_not_there() {
        let shop = shop();
        let form = Form::publish(shop.0[0].clone(), 1, &shop).unwrap();
        let sees = |reach: &Reach| reach.own_path() != "secret" && reach.field != "secret";
        let seen = SeenForm { form: &form, catalogue: &shop, sees: &sees };
        let conditions = |name: &str| {
            [
                json!({"field": name, "op": "eq", "value": "1"}),
                json!({"field": name, "op": "contains", "value": "x"}),
                json!({"field": name, "op": "eq", "value": null}),
                json!({"field": name, "op": "eq", "value": "much"}),
                json!({"field": "name", "op": "eq", "value": {"field": name}}),
                json!({"field": format!("{name}.x"), "op": "eq", "value": "1"}),
                json!({"field": format!("who.{name}"), "op": "contains", "value": "x"}),
                json!({"field": format!("who.{name}.x"), "op": "eq", "value": "x"}),
            ]
        };
        let told = |condition: serde_json::Value, name: &str| {
            let condition: Condition = serde_json::from_value(condition).ok()?;
            let faults = seen.check(&condition).unwrap_err();
            Some(serde_json::to_string(&faults).unwrap().replace(name, "NAME"))
        };
        for (closed, missing) in conditions("secret").into_iter().zip(conditions("sesame")) {
            assert_eq!(told(closed.clone(), "secret"), told(missing, "sesame"), "{closed}");
        }
        let formulas = |name: &str| {
            ["NAME", "NAME + 1", "NAME & 'x'", "SUM(NAME)", "NAME.x", "who.NAME", "UPPER(who.NAME)"]
                .map(|source| source.replace("NAME", name))
        };
        let told = |source: String, name: &str| {
            let fault = seen.formula(&source, &Type::Any).unwrap_err();
            serde_json::to_string(&fault).unwrap().replace(name, "NAME")
        };
        for (closed, missing) in formulas("secret").into_iter().zip(formulas("sesame")) {
            assert_eq!(told(closed.clone(), "secret"), told(missing, "sesame"), "{closed}");
        }
        // What is open is as it was.
        assert!(seen.check(&Condition::test("who.name", crate::condition::Operator::Eq, json!("x"))).is_ok());
        assert!(seen.formula("UPPER(name) & who.name", &Type::Any).is_ok());
        assert_eq!(
            seen.formula("COUNTOF(person, person.name = 'x')", &Type::Any).unwrap_err().code,
            "asks_others"
        );
    }
}
