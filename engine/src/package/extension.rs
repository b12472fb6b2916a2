//! What a package adds to a form of a package that it needs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::field::{Choice, FieldKind};
use crate::form::{ComputeRule, Field, FormDocument, LayoutItem, Rule, ScriptBinding, Validation};
use crate::text::{Fault, Faults};

/// Additional columns, by the key of their sub-form.
pub type Columns = BTreeMap<String, Vec<Field>>;

/// `extensions/PKG/FORMKEY.json`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Extension {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: Columns,
    /// Formulas that replace those of fields marked as extensible.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub compute: BTreeMap<String, ComputeRule>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub choices: BTreeMap<String, Vec<Choice>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub layout: Vec<LayoutItem>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub validate: Vec<Validation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unique: Vec<Vec<String>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scripts: Vec<ScriptBinding>,
}

impl Extension {
    /// Adds all this of `package` to a form. `replaced` remembers which formulas a package has replaced already: two doing so
    /// is a refusal.
    ///
    /// # Errors
    /// Every clash, with a JSON pointer into the extension. The form is then not to be used.
    pub fn apply(
        &self,
        package: &str,
        form: &mut FormDocument,
        replaced: &mut Vec<String>,
    ) -> Result<(), Faults> {
        let mut faults = Faults::new();
        for (place, field) in self.fields.iter().enumerate() {
            if form.field(&field.key).is_some() {
                faults
                    .push(Fault::new(format!("/fields/{place}/key"), "duplicate_key").arg("key", &field.key));
            } else {
                form.fields.push(field.clone());
            }
        }
        for (subform, columns) in &self.columns {
            for (place, column) in columns.iter().enumerate() {
                let at = format!("/columns/{subform}/{place}");
                match form.fields.iter_mut().find(|field| field.key == *subform).map(|field| &mut field.kind)
                {
                    Some(FieldKind::Subform(options))
                        if options.fields.iter().all(|known| known.key != column.key) =>
                    {
                        options.fields.push(column.clone());
                    }
                    Some(FieldKind::Subform(_)) => {
                        faults.push(Fault::new(format!("{at}/key"), "duplicate_key").arg("key", &column.key));
                    }
                    _ => faults.push(Fault::new(at, "not_a_subform").arg("field", subform)),
                }
            }
        }
        for (path, rule) in &self.compute {
            let at = format!("/compute/{path}");
            if replaced.contains(path) {
                faults.push(Fault::new(at, "twice"));
                continue;
            }
            match field_mut(form, path).filter(|field| field.extensible) {
                Some(field) => {
                    field.compute = Some(rule.clone());
                    replaced.push(path.clone());
                }
                None => faults.push(Fault::new(at, "not_writable")),
            }
        }
        for (path, choices) in &self.choices {
            let at = format!("/choices/{path}");
            let list = field_mut(form, path).and_then(|field| match &mut field.kind {
                FieldKind::Select(options) => Some(&mut options.choices),
                FieldKind::MultiSelect(options) => Some(&mut options.choices),
                _ => None,
            });
            match list {
                Some(list) => list.extend(choices.iter().cloned()),
                None => faults.push(Fault::new(at, "unknown_field").arg("field", path)),
            }
        }
        // A form without layout shows its fields in order, the added ones too.
        if !form.layout.is_empty() {
            form.layout.extend(self.layout.iter().cloned());
        }
        form.rules.extend(self.rules.iter().cloned());
        form.validate.extend(self.validate.iter().cloned());
        form.unique.extend(self.unique.iter().cloned());
        // Its scripts stay those of its own app.
        form.scripts.extend(self.scripts.iter().cloned().map(|mut binding| {
            if !binding.script.contains('/') {
                binding.script = format!("{package}/{}", binding.script);
            }
            binding
        }));
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

fn field_mut<'f>(form: &'f mut FormDocument, path: &str) -> Option<&'f mut Field> {
    match path.split_once('.') {
        None => form.fields.iter_mut().find(|field| field.key == path),
        Some((subform, column)) => {
            let field = form.fields.iter_mut().find(|field| field.key == subform)?;
            match &mut field.kind {
                FieldKind::Subform(options) => options.fields.iter_mut().find(|field| field.key == column),
                _ => None,
            }
        }
    }
}
