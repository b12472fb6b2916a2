//! A form's outline: what other forms have to know of it.

use super::{Catalogue, Field, FormDocument, Sketch, Surroundings};
use crate::condition::Fields;
use crate::field::FieldKind;

impl Sketch {
    /// The document as others read it through links: its fields and their kinds. How it names, lays out, computes, fills
    /// and checks its records is its own matter, and so is the way to a lookup that does not lead anywhere here.
    pub fn outline(&self, catalogue: &dyn Catalogue) -> FormDocument {
        FormDocument {
            format: self.document.format,
            key: self.document.key.clone(),
            label: self.document.label.clone(),
            icon: self.document.icon.clone(),
            fields: self.outlined(&self.document.fields, None, catalogue),
            ..FormDocument::default()
        }
    }

    fn outlined(&self, fields: &[Field], row_of: Option<&str>, catalogue: &dyn Catalogue) -> Vec<Field> {
        let around = Surroundings { sketch: self, catalogue, row_of };
        // A part of the layout, and a list that is shown there, is nothing to others.
        let leads_on = |field: &&Field| match field.kind {
            FieldKind::Lookup(_) => around.find(&field.key).is_ok(),
            _ => field.kind.holds_data(),
        };
        let outlined = |field: &Field| {
            // What a rollup gives is told, not of what it is made.
            let given = match &field.kind {
                FieldKind::Rollup(rollup) => around.rollup_kind(rollup).ok(),
                _ => None,
            };
            let mut kind = given.unwrap_or_else(|| field.kind.clone());
            if let Some(link) = kind.as_link_mut() {
                link.filter = None;
                link.display.clear();
                link.fill.clear();
            }
            match &mut kind {
                FieldKind::Subform(rows) => {
                    rows.fields = self.outlined(&rows.fields, Some(&field.key), catalogue);
                }
                FieldKind::Formula(formula) => formula.formula.clear(),
                FieldKind::Rollup(rollup) => {
                    rollup.link.clear();
                    rollup.field = None;
                    rollup.filter = None;
                }
                FieldKind::Serial(serial) => serial.parts.clear(),
                FieldKind::Money(money) => money.currency_field = None,
                FieldKind::Select(select) if select.from.is_some() => {
                    (select.from, select.allow_other) = (None, true);
                }
                FieldKind::MultiSelect(select) if select.from.is_some() => {
                    (select.from, select.allow_other) = (None, true);
                }
                _ => {}
            }
            Field {
                kind,
                default: None,
                compute: None,
                visible_when: None,
                required_when: None,
                ..field.clone()
            }
        };
        fields.iter().filter(leads_on).map(outlined).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::*;
    use crate::form::Form;
    use crate::value::Id;

    struct World(Vec<Arc<Sketch>>);

    impl Catalogue for World {
        fn form(&self, _: &str, name: &str) -> Option<Arc<Sketch>> {
            self.0.iter().find(|sketch| sketch.document.key == name).cloned()
        }
    }

    fn sketch(id: i64, document: Value) -> Arc<Sketch> {
        let document = serde_json::from_value(document).unwrap();
        Arc::new(Sketch { id: Id::from_i64(id).unwrap(), app: "crm".into(), document })
    }

    #[test]
    fn an_outline_has_fields_and_kinds_and_is_enough_for_others() {
        let customer = sketch(
            1,
            json!({"key": "customer", "label": "客户", "title": "{name} {secret}", "fields": [
                {"key": "name", "label": "名称", "kind": "text", "visible_when": {"field": "secret", "op": "gt", "value": 0}},
                {"key": "score", "label": "评分", "kind": "formula", "options": {"formula": "secret * 2", "scale": 1}},
                {"key": "seen", "label": "见", "kind": "lookup", "options": {"link": "secret", "field": "x"}},
                {"key": "town", "label": "城", "kind": "select", "options": {"from": {"form": "secret", "field": "name"}}},
                {"key": "lines", "label": "明细", "kind": "subform", "options": {"fields": [
                    {"key": "n", "label": "数", "kind": "number", "compute": {"formula": "record.secret"}}]}}],
              "rules": [{"when": {"field": "secret", "op": "gt", "value": 0}, "require": ["name"]}],
              "validate": [{"key": "v", "formula": "secret > 0", "message": "secret"}]}),
        );
        let outline = customer.outline(&World(Vec::new()));
        let json = serde_json::to_value(&outline).unwrap();
        assert!(!json.to_string().contains("secret"), "{json}");
        let keys: Vec<String> = outline.all_fields().map(|(path, _)| path).collect();
        assert_eq!(keys, ["name", "score", "town", "lines", "lines.n"]);

        let order = sketch(
            2,
            json!({"key": "order", "label": "订单", "fields": [
                {"key": "customer", "label": "客户", "kind": "link", "options": {"form": "customer"}},
                {"key": "twice", "label": "双", "kind": "formula", "options": {"formula": "customer.score * 2"}}]}),
        );
        let known = sketch(1, json);
        let form = Form::publish(order.clone(), 1, &World(vec![known, order])).unwrap();
        assert!(form.column("twice").is_some_and(|column| column.is_live()));
    }
}
