//! What a copied field names, as it is called where the field is put in.

use std::collections::BTreeMap;

use engine::field::FieldKind;
use engine::form::Field;
use engine::formula;
use engine::value::Id;
use serde_json::Value as Json;

/// The formulas of a field.
const FORMULAS: [&str; 3] = ["/compute/formula", "/default/formula", "/options/formula"];
/// The conditions about its record.
const CONDITIONS: [&str; 2] = ["/visible_when", "/required_when"];
/// Those about records of another form, which are compared with fields of its record.
const FILTERS: [&str; 3] = ["/options/filter", "/options/from/filter", "/default/linkage/filter"];
/// Where it names a form, or an aggregate table, besides what links do.
const FORMS: [&str; 4] = [
    "/options/from/form",
    "/options/form/aggregate",
    "/default/linkage/form",
    "/default/linkage/form/aggregate",
];

/// What has another name where a copied field is put in.
pub struct Names<'n> {
    /// The apps that it comes from and goes to.
    pub apps: (&'n str, &'n str),
    /// The keys of the fields that are put in together, by those that they had, where they are others.
    pub keys: &'n BTreeMap<String, String>,
}

impl Names<'_> {
    /// A form, or an aggregate table, that is called otherwise: what is named without its app gets it in another one.
    fn form(&self, name: &str) -> Option<String> {
        let (from, to) = self.apps;
        if from == to || name.is_empty() || name.parse::<Id>().is_ok() {
            return None;
        }
        match name.split_once('/') {
            None => Some(format!("{from}/{name}")),
            // What is of the app that it comes to needs no app.
            Some((app, form)) => (app == to).then(|| form.to_string()),
        }
    }

    /// A field of the record that has another key.
    fn field(&self, key: &str) -> Option<String> {
        self.keys.get(key).cloned()
    }

    /// The path that begins with such a field.
    fn path(&self, path: &str) -> Option<String> {
        match path.split_once('.') {
            None => self.field(path),
            Some((first, rest)) => self.field(first).map(|first| format!("{first}.{rest}")),
        }
    }
}

/// The field with everything that it names as it is called where it is put in; its own key stays.
pub fn named(field: &Field, names: &Names) -> Field {
    let Ok(mut json) = serde_json::to_value(field) else { return field.clone() };
    let (form, path) = (|name: &str| names.form(name), |path: &str| names.path(path));
    for place in FORMULAS {
        replace(&mut json, place, |source| {
            Some(formula::renamed(source, &|key| names.field(key), &|name| names.form(name)))
        });
    }
    for place in FORMS {
        replace(&mut json, place, form);
    }
    for (places, is_own) in [(CONDITIONS.as_slice(), true), (FILTERS.as_slice(), false)] {
        for place in places {
            // What a roll-up is narrowed by is about the records there alone.
            let is_there = matches!(field.kind, FieldKind::Rollup(_)) && !is_own;
            if let Some(condition) = json.pointer_mut(place).filter(|_| !is_there) {
                in_condition(condition, is_own, names);
            }
        }
    }
    match &field.kind {
        FieldKind::Link(_) | FieldKind::Links(_) => {
            replace(&mut json, "/options/form", form);
            replace_in_list(&mut json, "/options/fill", "/to", path);
        }
        FieldKind::Rollup(_) | FieldKind::Query(_) => replace(&mut json, "/options/form", form),
        FieldKind::Lookup(_) => replace(&mut json, "/options/link", path),
        FieldKind::Serial(_) => replace_in_list(&mut json, "/options/parts", "/field", path),
        FieldKind::Money(_) => replace(&mut json, "/options/currency_field", path),
        _others => {}
    }
    name_columns(&mut json, field, names);
    serde_json::from_value(json).unwrap_or_else(|_| field.clone())
}

/// The columns of a sub-form name each other first, and then the fields of the record.
fn name_columns(json: &mut Json, field: &Field, names: &Names) {
    let columns = field.columns();
    if columns.is_empty() {
        return;
    }
    let is_column = |key: &str| columns.iter().any(|column| column.key == key);
    let outside = names.keys.iter().filter(|(key, _)| !is_column(key));
    let keys: BTreeMap<String, String> = outside.map(|(key, now)| (key.clone(), now.clone())).collect();
    let names = Names { apps: names.apps, keys: &keys };
    let columns: Vec<Field> = columns.iter().map(|column| named(column, &names)).collect();
    if let Some(options) = json.pointer_mut("/options").and_then(Json::as_object_mut) {
        options.insert("fields".into(), serde_json::to_value(columns).unwrap_or_default());
    }
}

/// Puts another text where one is, if it is another.
fn replace(json: &mut Json, place: &str, now: impl Fn(&str) -> Option<String>) {
    if let Some(Json::String(text)) = json.pointer_mut(place)
        && let Some(other) = now(text.as_str())
    {
        *text = other;
    }
}

/// The same in each item of a list.
fn replace_in_list(json: &mut Json, list: &str, place: &str, now: impl Fn(&str) -> Option<String>) {
    if let Some(Json::Array(items)) = json.pointer_mut(list) {
        items.iter_mut().for_each(|item| replace(item, place, &now));
    }
}

/// The fields of the record in a condition: those that are compared, where it is about that record, and those with which others
/// are compared.
fn in_condition(condition: &mut Json, is_own: bool, names: &Names) {
    if let Json::Array(parts) = condition {
        return parts.iter_mut().for_each(|part| in_condition(part, is_own, names));
    }
    if is_own {
        replace(condition, "/field", |path| names.path(path));
    }
    replace(condition, "/value/field", |path| names.path(path));
    for parts in ["/all", "/any", "/not"] {
        if let Some(parts) = condition.pointer_mut(parts) {
            in_condition(parts, is_own, names);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The field with these members as it is written in the app `office`, where `number_1` is called `number_2` and `lines`
    /// `lines_2`.
    fn named_in_office(members: Json) -> Json {
        let keys = BTreeMap::from([
            ("number_1".to_string(), "number_2".to_string()),
            ("lines".to_string(), "lines_2".to_string()),
        ]);
        let mut json = json!({"key": "a", "label": "A"});
        for (name, member) in members.as_object().unwrap() {
            json[name] = member.clone();
        }
        let field: Field = serde_json::from_value(json).unwrap();
        let named = named(&field, &Names { apps: ("shop", "office"), keys: &keys });
        serde_json::to_value(named).unwrap()
    }

    fn at(members: Json, place: &str) -> Json {
        named_in_office(members).pointer(place).cloned().unwrap_or_default()
    }

    #[test]
    fn forms_and_tables_keep_their_meaning_in_another_app() {
        let linkage = |form: Json| {
            let test = json!({"field": "number_1", "op": "eq", "value": {"field": "number_1"}});
            json!({"kind": "text", "default": {"linkage": {"form": form, "filter": test, "field": "name"}}})
        };
        assert_eq!(at(linkage(json!("order")), "/default/linkage/form"), "shop/order");
        assert_eq!(
            at(linkage(json!({"aggregate": "stock"})), "/default/linkage/form"),
            json!({"aggregate": "shop/stock"})
        );
        // The other form has a field of that name, too.
        let filter = at(linkage(json!("order")), "/default/linkage/filter");
        assert_eq!(filter, json!({"field": "number_1", "op": "eq", "value": {"field": "number_2"}}));
        let query = |form: Json| json!({"kind": "query", "options": {"form": form}});
        assert_eq!(
            at(query(json!({"aggregate": "office/stock"})), "/options/form"),
            json!({"aggregate": "stock"})
        );
        // An id means one form, wherever it is written.
        let id = Id::from_i64(77).unwrap().to_string();
        assert_eq!(at(json!({"kind": "link", "options": {"form": id}}), "/options/form"), id);
        let counts =
            json!({"kind": "number", "compute": {"formula": "COUNTOF(order, order.buyer = number_1)"}});
        assert_eq!(at(counts, "/compute/formula"), "COUNTOF([shop/order], [shop/order].buyer = number_2)");
    }

    #[test]
    fn what_is_said_of_fields_with_other_keys_follows_them() {
        let test = json!({"any": [{"field": "number_1", "op": "gt", "value": 0},
            {"not": {"field": "b", "op": "eq", "value": {"field": "number_1"}}}]});
        let shown = at(json!({"kind": "text", "visible_when": test}), "/visible_when");
        assert_eq!(shown["any"][0]["field"], "number_2");
        assert_eq!(shown["any"][1]["not"]["value"]["field"], "number_2");
        assert_eq!(
            at(json!({"kind": "lookup", "options": {"link": "number_1", "field": "x"}}), "/options/link"),
            "number_2"
        );
        let link = json!({"kind": "link", "options": {"form": "customer", "fill": [{"from": "number_1", "to": "number_1"}]}});
        let fill = at(link, "/options/fill/0");
        assert_eq!((&fill["from"], &fill["to"]), (&json!("number_1"), &json!("number_2")));
        let sum = json!({"kind": "formula", "options": {"formula": "SUM(lines.number_1) + number_1"}});
        assert_eq!(at(sum, "/options/formula"), "SUM(lines_2.number_1) + number_2");
        // In a row its own columns are meant first.
        let column = |key: &str, formula: &str| json!({"key": key, "label": key, "kind": "number", "compute": {"formula": formula}});
        let of_rows = |columns: Json| json!({"kind": "subform", "options": {"fields": columns}});
        let place = "/options/fields/0/compute/formula";
        assert_eq!(at(of_rows(json!([column("b", "number_1 * 2")])), place), "number_2 * 2");
        let beside =
            json!([column("b", "number_1 * 2"), {"key": "number_1", "label": "N", "kind": "number"}]);
        assert_eq!(at(of_rows(beside), place), "number_1 * 2");
    }
}
