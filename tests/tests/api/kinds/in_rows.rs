//! The same kinds as columns of a sub-form: entered, refused, found by every operator, made another kind and back.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::design::{Field, form, subform, text};
use tests::workspace::{faults, items};
use tests::{App, Form, Workspace, on_both_shared};

use super::known::Known;
use super::table::{Content, Row, Values};
use super::{rows, values};

/// How many tests share the kinds, so that they run side by side.
const PARTS: usize = 2;

/// Tells the story of some kinds: of those at `part`, `part + PARTS` and so on.
async fn part(part: usize) {
    on_both_shared(async |workspace| {
        let app = workspace.app("Columns").await;
        let known = Known::new(&workspace, &app).await;
        let rows = rows::rows(&known);
        let entered = rows.iter().filter_map(|row| match &row.content {
            Content::Values(values) => Some((row, &**values)),
            Content::Alone(_) | Content::Nothing => None,
        });
        for (row, values) in entered.skip(part).step_by(PARTS) {
            eprintln!("the story of {} in rows", row.kind);
            Story { workspace: &workspace, app: &app, row, values }.tell().await;
        }
    })
    .await;
}

#[tokio::test]
async fn every_first_kind_is_a_column() {
    part(0).await;
}

#[tokio::test]
async fn every_second_kind_is_a_column() {
    part(1).await;
}

struct Story<'s> {
    workspace: &'s Workspace,
    app: &'s App,
    row: &'s Row,
    values: &'s Values,
}

impl Story<'_> {
    async fn tell(&self) {
        let form = self.form("columns", self.row.kind, &self.row.options).await;
        self.refuse(&form).await;
        self.enter(&form).await;
        self.find(&form).await;
        self.turn_into_text(&form).await;
        self.turn_from().await;
    }

    /// A form whose rows have a column `x` of a kind.
    async fn form(&self, name: &str, kind: &str, options: &Value) -> Form {
        let column = Field::new("x", kind);
        let column = if options.is_null() { column } else { column.with("options", options.clone()) };
        let key = format!("{}_{name}", self.row.kind);
        self.app.form(form(&key, [subform("lines", [column, text("n")]), text("name")])).await
    }

    async fn refuse(&self, form: &Form) {
        for (value, code) in &self.values.refused {
            let lines = json!({"lines": [{"n": "right"}, {"x": value}]});
            let answer = form.create(&self.workspace.admin, lines).await;
            assert_eq!(answer.status, 422, "{} takes {value} in a row", self.row.kind);
            let found = faults(&answer.body);
            let fits = |fault: &String| {
                fault.starts_with("fields.lines.1.x") && fault.ends_with(&format!(": {code}"))
            };
            assert!(found.iter().all(fits), "{} {value}: {found:?}, not {code}", self.row.kind);
        }
    }

    /// The samples in a row each; a row without a value, `n`; and a record without rows, `z`.
    async fn enter(&self, form: &Form) {
        let admin = &self.workspace.admin;
        for (number, sample) in self.values.samples.iter().enumerate() {
            let lines = json!([{"x": sample.entered, "n": "a"}]);
            let made = form.add(json!({"lines": lines, "name": number.to_string()})).await;
            let read = form.read(admin, &made).await.ok();
            let line = &read["fields"]["lines"][0];
            assert_eq!(line["x"], sample.kept, "{} in a row", self.row.kind);
            // What is read can be sent back: it changes nothing.
            let same = json!({"lines": [{"id": line["id"], "x": line["x"]}]});
            let again = form.edit(admin, &read, same).await.ok();
            assert_eq!(again["version"], read["version"], "{} is another after it was read", self.row.kind);
        }
        let made = form.add(json!({"lines": [{"x": null, "n": "a"}], "name": "n"})).await;
        assert_eq!(made["fields"]["lines"][0]["x"], self.values.empty, "{}", self.row.kind);
        form.add(json!({"name": "z"})).await;
    }

    /// In one row, any is all; and all holds without rows. Operators of other kinds are refused.
    async fn find(&self, form: &Form) {
        let admin = &self.workspace.admin;
        for (operator, operand, expected) in &self.values.finds {
            for (quantity, others) in [("any", ""), ("all", "z")] {
                let mut filter = json!({"field": "lines.x", "op": operator, "match": quantity});
                if !operand.is_null() {
                    filter["value"] = operand.clone();
                }
                let query = json!({"filter": filter, "sort": [{"field": "name"}]});
                let list = form.query(admin, query).await.ok();
                let names =
                    items(&list).iter().map(|record| record["fields"]["name"].as_str().unwrap_or("?"));
                let found: String = names.collect();
                let kind = self.row.kind;
                assert_eq!(found, format!("{expected}{others}"), "{kind} {operator} {operand}, {quantity}");
            }
        }
        let told: BTreeSet<&str> = self.values.finds.iter().map(|(operator, ..)| *operator).collect();
        for operator in values::OPERATORS.iter().filter(|operator| !told.contains(**operator)) {
            let mut filter = json!({"field": "lines.x", "op": operator, "match": "any"});
            if !operator.ends_with("_empty") {
                filter["value"] = json!("a");
            }
            let answer = form.query(admin, json!({ "filter": filter })).await;
            assert_eq!(answer.status, 422, "{} takes {operator} in a row", self.row.kind);
            assert_eq!(faults(&answer.body), ["filter: unknown_operator"], "{} {operator}", self.row.kind);
        }
    }

    /// What stands in the first row of each record, by their names.
    async fn cells(&self, form: &Form) -> Vec<Value> {
        let query = json!({"sort": [{"field": "name"}], "fields": ["lines", "name"]});
        let list = form.query(&self.workspace.admin, query).await.ok();
        items(&list).iter().map(|record| record["fields"]["lines"][0]["x"].clone()).collect()
    }

    /// The column becomes a text: what people read of its values.
    async fn turn_into_text(&self, form: &Form) {
        let is_long = ["long_text", "json"].contains(&self.row.kind);
        let target = if is_long { "text" } else { "long_text" };
        self.change_kind(form, target, &Value::Null).await;
        let cells = self.cells(form).await;
        for (sample, cell) in self.values.samples.iter().zip(cells) {
            let expected = if is_long { sample.label.replace('\n', " ") } else { sample.label.clone() };
            assert_eq!(cell, json!(expected), "{} as {target} in a row", self.row.kind);
        }
    }

    /// A column of another kind becomes one of this: values that fit stay, others are empty; and all of them come back with
    /// the former kind.
    async fn turn_from(&self) {
        let Some(from) = &self.values.from else { return };
        let form = self.form("from_column", from.kind, &Value::Null).await;
        for (number, (entered, _)) in from.values.iter().enumerate() {
            let lines = json!([{"x": entered, "n": "a"}]);
            form.add(json!({"lines": lines, "name": number.to_string()})).await;
        }
        let before = self.cells(&form).await;
        self.change_kind(&form, self.row.kind, &self.row.options).await;
        for (cell, (entered, expected)) in self.cells(&form).await.iter().zip(&from.values) {
            assert_eq!(cell, expected, "{entered} as {} in a row", self.row.kind);
        }
        self.change_kind(&form, from.kind, &Value::Null).await;
        assert_eq!(self.cells(&form).await, before, "{} back as {}", self.row.kind, from.kind);
    }

    /// Gives the column `x` another kind, and publishes the form.
    async fn change_kind(&self, form: &Form, kind: &str, options: &Value) {
        let admin = &self.workspace.admin;
        let mut document = admin.get(&form.path("/draft")).await.ok()["definition"].clone();
        let column = &mut document["fields"][0]["options"]["fields"][0];
        assert_eq!(column["key"], "x");
        column["kind"] = json!(kind);
        if let Some(members) = column.as_object_mut() {
            members.remove("options");
        }
        if !options.is_null() {
            column["options"] = options.clone();
        }
        admin.put(&form.path("/draft"), "*", document).await.ok();
        admin.post(&form.path("/publish"), json!({})).await.ok();
    }
}
