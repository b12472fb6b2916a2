//! Every field kind goes through the same story: define, refuse a bad definition, enter, refuse a bad value, store and read,
//! sort, filter with every operator, group, import, export, change of kind. The kinds are rows of a table; one without a row
//! fails. What nobody enters, such as a formula, goes the same way with what becomes of it.

mod given_rows;
mod in_rows;
mod known;
mod reference_rows;
mod rows;
mod table;
mod values;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::design::{Field, form, text};
use tests::workspace::{faults, items, version_of};
use tests::{App, Form, Workspace, on_both_shared};

use known::Known;
use table::{Alone, Asked, Content, Row, Values};
use values::Find;

/// The list of kinds; read so that a new one can't be left out.
const KINDS: &str = include_str!("../../../../engine/src/field/mod.rs");

/// The names of all kinds, as the engine lists them.
fn all_kinds() -> BTreeSet<&'static str> {
    let list = KINDS.rsplit_once("kinds! {").expect("the engine lists its kinds").1;
    let name = |line: &'static str| line.split_once(" = \"")?.1.split_once("\" in ").map(|(name, _)| name);
    list.lines().filter_map(name).collect()
}

#[test]
fn every_kind_has_a_row() {
    let rows = rows::rows(&Known::nothing());
    let kinds: BTreeSet<&str> = rows.iter().map(|row| row.kind).collect();
    assert_eq!(kinds.len(), rows.len(), "a kind has two rows");
    assert!(kinds.len() > 40);
    assert_eq!(kinds, all_kinds());
}

/// Tells the story of some kinds: of those at `part`, `part + PARTS` and so on.
async fn part(part: usize) {
    on_both_shared(async |workspace| {
        let app = workspace.app("Kinds").await;
        let known = Known::new(&workspace, &app).await;
        for row in rows::rows(&known).into_iter().skip(part).step_by(PARTS) {
            eprintln!("the story of {}", row.kind);
            Story { workspace: &workspace, app: &app, row: &row }.tell().await;
        }
    })
    .await;
}

/// How many tests share the kinds, so that they run side by side.
const PARTS: usize = 4;

#[tokio::test]
async fn every_first_kind_goes_its_way() {
    part(0).await;
}

#[tokio::test]
async fn every_second_kind_goes_its_way() {
    part(1).await;
}

#[tokio::test]
async fn every_third_kind_goes_its_way() {
    part(2).await;
}

#[tokio::test]
async fn every_fourth_kind_goes_its_way() {
    part(3).await;
}

struct Story<'s> {
    workspace: &'s Workspace,
    app: &'s App,
    row: &'s Row,
}

impl Story<'_> {
    async fn tell(&self) {
        self.bad_definitions().await;
        match &self.row.content {
            Content::Values(values) => self.of_values(values).await,
            Content::Alone(alone) => self.of_what_is_given(alone).await,
            Content::Nothing => self.of_a_part().await,
        }
    }

    /// A field of the kind.
    fn field(&self, options: &Value) -> Field {
        let field = Field::new("x", self.row.kind);
        if options.is_null() { field } else { field.with("options", options.clone()) }
    }

    /// A form with the field and the number of each record.
    async fn form(&self, name: &str, field: Field, others: &[Field]) -> Form {
        let key = format!("{}_{name}", self.row.kind);
        let fields = [field, text("name")].into_iter().chain(others.iter().cloned());
        self.app.form(form(&key, fields)).await
    }

    async fn bad_definitions(&self) {
        for (options, path, code) in &self.row.bad {
            let design = form("bad", [self.field(options)]);
            let problem = self.app.refused_form(design).await.with_status(422);
            let expected = format!("/fields/0/options/{path}: {code}");
            let found = faults(&problem);
            assert!(found.contains(&expected), "{} {options}: {found:?}, not {expected}", self.row.kind);
        }
        let mut options = if self.row.options.is_null() { json!({}) } else { self.row.options.clone() };
        options["no_option"] = json!(1);
        let answer = self.app.refused_form(form("bad", [self.field(&options)])).await;
        assert_eq!(answer.status, 422, "{} takes an unknown option", self.row.kind);
    }

    /// What a program is told to send.
    async fn schema(&self, form: &Form) {
        let schema = self.workspace.admin.get(&form.path("/schema")).await.ok();
        assert!(schema["properties"]["x"].is_object(), "{}: {schema}", self.row.kind);
    }

    /// A kind whose values nobody enters, or that are no single values.
    async fn of_what_is_given(&self, alone: &Alone) {
        let form = self.form("form", self.field(&self.row.options), &alone.others).await;
        self.schema(&form).await;
        for (value, code) in &alone.refused {
            self.refuse(&form, value, code).await;
        }
        let made = form.add(alone.enter.clone()).await;
        let read = form.read(&self.workspace.admin, &made).await.ok();
        assert_eq!(without_ids(&read["fields"]["x"]), alone.reads, "{}", self.row.kind);
        self.workspace.admin.delete(&form.at(&made), version_of(&made)).await.with_status(204);
        self.of_records(&form, &alone.asked).await;
    }

    /// What is asked of records whose values nobody enters.
    async fn of_records(&self, form: &Form, asked: &Asked) {
        let mut made: Vec<Value> = Vec::new();
        for (enter, name) in asked.enter.iter().zip(["0", "1", "n"]) {
            let mut fields = enter.clone();
            fields["name"] = json!(name);
            for value in fields.as_object_mut().expect("fields").values_mut() {
                let place = value.as_str().and_then(|text| text.strip_prefix('$')?.parse::<usize>().ok());
                if let Some(place) = place {
                    *value = made[place]["id"].clone();
                }
            }
            made.push(form.add(fields).await);
        }
        for (record, kept) in made.iter().zip(&asked.kept) {
            let read = form.read(&self.workspace.admin, record).await.ok();
            assert_eq!(without_ids(&read["fields"]["x"]), *kept, "{}", self.row.kind);
        }
        self.sort(form, asked.sorted).await;
        self.find(form, &asked.finds).await;
        if asked.sorted.is_some() {
            let groups = asked.kept.iter().map(|kept| (kept.clone(), 1)).collect();
            self.group(form, groups, true).await;
            self.export_given(form, &asked.kept).await;
        }
        self.import_given(form, asked.imports).await;
        if asked.sorted.is_some() {
            change_kind(self.workspace, form, "long_text", &Value::Null).await;
            let list = form.query(&self.workspace.admin, json!({"sort": [{"field": "name"}]})).await.ok();
            for (record, kept) in items(&list).iter().zip(&asked.kept) {
                let left = if asked.stays { kept } else { &Value::Null };
                assert_eq!(record["fields"]["x"], *left, "{} as long_text", self.row.kind);
            }
        }
    }

    /// A file has what is read.
    async fn export_given(&self, form: &Form, kept: &[Value]) {
        let exported = self.exported(form).await;
        for (kept, name) in kept.iter().zip(["0", "1", "n"]) {
            let line = format!("{},{name}", kept.as_str().unwrap_or_default());
            assert!(exported.lines().any(|found| found == line), "{}: {line} of {exported}", self.row.kind);
        }
    }

    /// No file brings it, but for what is told.
    async fn import_given(&self, form: &Form, imports: Option<&str>) {
        let admin = &self.workspace.admin;
        let cells = format!("x,name\n{},9\n", imports.unwrap_or("1"));
        let file = admin.upload("cells.csv", "text/csv", cells.into_bytes()).await;
        let input = json!({"file": file, "mapping": {"x": "x", "name": "name"}});
        let answer = admin.post(&form.path("/import"), input).await;
        let Some(brought) = imports else {
            let problem = answer.refused(422, "validation");
            assert_eq!(faults(&problem), ["mapping.x: not_importable"], "{}", self.row.kind);
            return;
        };
        let job = admin.job(answer).await;
        assert_eq!(job["result"]["failed"], 0, "{}: {job}", self.row.kind);
        let asked = json!({"filter": {"field": "name", "op": "eq", "value": "9"}});
        let list = form.query(admin, asked).await.ok();
        assert_eq!(items(&list)[0]["fields"]["x"], brought, "{}", self.row.kind);
    }

    /// A kind without values: it is part of the form, and of no record.
    async fn of_a_part(&self) {
        let form = self.form("form", self.field(&self.row.options), &[]).await;
        let answer = form.create(&self.workspace.admin, json!({"x": "a"})).await;
        assert_eq!(answer.status, 422, "{} takes a value", self.row.kind);
        let made = form.add(json!({"name": "0"})).await;
        assert!(made["fields"].get("x").is_none_or(Value::is_null), "{made}");
    }

    async fn refuse(&self, form: &Form, value: &Value, code: &str) {
        let answer = form.create(&self.workspace.admin, json!({"x": value})).await;
        assert_eq!(answer.status, 422, "{} takes {value}", self.row.kind);
        let found = faults(&answer.body);
        let fits =
            found.iter().all(|fault| fault.starts_with("fields.x") && fault.ends_with(&format!(": {code}")));
        assert!(fits, "{} {value}: {found:?}, not {code}", self.row.kind);
    }

    async fn of_values(&self, values: &Values) {
        let form = self.form("form", self.field(&self.row.options), &[]).await;
        self.schema(&form).await;
        for (value, code) in &values.refused {
            self.refuse(&form, value, code).await;
        }
        self.enter(&form, values).await;
        self.type_in(&form, values).await;
        self.sort(&form, values.sorted).await;
        self.find(&form, &values.finds).await;
        self.group(&form, values.groups(), values.sorted.is_some()).await;
        self.export(&form, values).await;
        self.import(values).await;
        self.turn_into_text(&form, values).await;
        self.turn_from(values).await;
    }

    /// The samples, stored and read; and a record without a value, whose name is `n`.
    async fn enter(&self, form: &Form, values: &Values) {
        for (number, sample) in values.samples.iter().enumerate() {
            let made = form.add(json!({"x": sample.entered, "name": number.to_string()})).await;
            assert_eq!(made["fields"]["x"], sample.kept, "{}", self.row.kind);
            let read = form.read(&self.workspace.admin, &made).await.ok();
            assert_eq!(read["fields"]["x"], sample.kept, "{} as it is read", self.row.kind);
            // What is read can be sent back: it changes nothing.
            let again = form.edit(&self.workspace.admin, &read, json!({"x": sample.kept})).await.ok();
            assert_eq!(again["version"], read["version"], "{} is another after it was read", self.row.kind);
        }
        let made = form.add(json!({"x": null, "name": "n"})).await;
        assert_eq!(made["fields"]["x"], values.empty, "{}", self.row.kind);
    }

    /// What people type or paste is the same value.
    async fn type_in(&self, form: &Form, values: &Values) {
        for (typed, number) in &values.typed {
            let asked = json!({"record": {"x": typed}});
            let answer = self.workspace.admin.post(&form.path("/evaluate"), asked).await.ok();
            assert_eq!(answer["faults"], json!([]), "{} {typed}", self.row.kind);
            assert_eq!(answer["values"]["x"], values.samples[*number].kept, "{} {typed}", self.row.kind);
        }
    }

    /// The names of the records that a query finds, in its order.
    async fn names(&self, form: &Form, query: Value) -> String {
        let list = form.query(&self.workspace.admin, query).await.ok();
        items(&list).iter().map(|record| record["fields"]["name"].as_str().unwrap_or("?")).collect()
    }

    async fn sort(&self, form: &Form, sorted: Option<[&str; 2]>) {
        for (place, desc) in [(0, false), (1, true)] {
            let query = json!({"sort": [{"field": "x", "desc": desc}, {"field": "name"}]});
            match sorted {
                Some(expected) => {
                    let found = self.names(form, query).await;
                    assert_eq!(found, expected[place], "{} sorted, desc: {desc}", self.row.kind);
                }
                None => {
                    let answer = form.query(&self.workspace.admin, query).await;
                    answer.refused(422, "not_sortable");
                }
            }
        }
    }

    /// Every operator of the kind finds what it says; all others are refused.
    async fn find(&self, form: &Form, finds: &[Find]) {
        for (operator, operand, expected) in finds {
            let mut filter = json!({"field": "x", "op": operator});
            if !operand.is_null() {
                filter["value"] = operand.clone();
            }
            let query = json!({"filter": filter, "sort": [{"field": "name"}]});
            let found = self.names(form, query).await;
            assert_eq!(found, *expected, "{} {operator} {operand}", self.row.kind);
        }
        let told: BTreeSet<&str> = finds.iter().map(|(operator, ..)| *operator).collect();
        for operator in values::OPERATORS.iter().filter(|operator| !told.contains(**operator)) {
            let mut filter = json!({"field": "x", "op": operator});
            if !operator.ends_with("_empty") {
                filter["value"] = json!("a");
            }
            let answer = form.query(&self.workspace.admin, json!({ "filter": filter })).await;
            assert_eq!(answer.status, 422, "{} takes {operator}", self.row.kind);
            assert_eq!(faults(&answer.body), ["filter: unknown_operator"], "{} {operator}", self.row.kind);
        }
    }

    async fn group(&self, form: &Form, mut expected: Vec<(Value, usize)>, in_order: bool) {
        let asked = json!({"group": [{"field": "x"}], "measures": [{"key": "n", "fn": "count"}]});
        let rows = form.add_up(&self.workspace.admin, asked).await.ok()["rows"].clone();
        let found: Vec<(Value, Value)> = rows
            .as_array()
            .expect("rows")
            .iter()
            .map(|row| (row["group"][0].clone(), row["values"]["n"].clone()))
            .collect();
        let count = |(value, count): &(Value, usize)| (value.clone(), json!(count.to_string()));
        assert_eq!(found.len(), expected.len(), "{}: {rows}", self.row.kind);
        if in_order {
            assert_eq!(found, expected.iter().map(count).collect::<Vec<_>>(), "{}", self.row.kind);
        }
        expected.retain(|group| !found.contains(&count(group)));
        assert!(expected.is_empty(), "{}: {expected:?} is not in {rows}", self.row.kind);
    }

    /// The fields of all records, as a file.
    async fn exported(&self, form: &Form) -> String {
        let admin = &self.workspace.admin;
        let asked = json!({"fields": ["x", "name"], "format": "csv"});
        let job = admin.job(admin.post(&form.path("/export"), asked).await).await;
        assert_eq!(job["state"], "done", "{job}");
        let file = job["result"]["file"].as_str().expect("a file");
        let answer = admin.get(&format!("/files/{file}")).await;
        String::from_utf8(answer.bytes).expect("UTF-8")
    }

    /// The values come back from the file.
    async fn export(&self, form: &Form, values: &Values) {
        let admin = &self.workspace.admin;
        let exported = self.exported(form).await;
        if values.cells.is_empty() {
            // What no file brings is there to be read: a line for each record below the headers.
            assert_eq!(exported.lines().count(), 4, "{}: {exported}", self.row.kind);
            return;
        }
        let into = self.form("back", self.field(&self.row.options), &[]).await;
        let file = admin.upload("exported.csv", "text/csv", exported.clone().into_bytes()).await;
        let input = json!({"file": file, "mapping": {"x": "x", "name": "name"}});
        let job = admin.job(admin.post(&into.path("/import"), input).await).await;
        assert_eq!(job["result"]["failed"], 0, "{}: {job} of {exported}", self.row.kind);
        let list = into.query(admin, json!({"sort": [{"field": "name"}]})).await.ok();
        let found: Vec<&Value> = items(&list).iter().map(|record| &record["fields"]["x"]).collect();
        let [one, other] = &values.samples;
        assert_eq!(found, [&one.kept, &other.kept, &values.empty], "{} of {exported}", self.row.kind);
    }

    async fn import(&self, values: &Values) {
        if values.cells.is_empty() {
            return;
        }
        let admin = &self.workspace.admin;
        let form = self.form("import", self.field(&self.row.options), &[]).await;
        let line = |(number, (cell, _)): (usize, &(String, usize))| {
            format!("\"{}\",{number}\n", cell.replace('"', "\"\""))
        };
        let lines: String = values.cells.iter().enumerate().map(line).collect();
        let file = admin.upload("cells.csv", "text/csv", format!("x,name\n{lines}").into_bytes()).await;
        let input = json!({"file": file, "mapping": {"x": "x", "name": "name"}});
        let job = admin.job(admin.post(&form.path("/import"), input).await).await;
        assert_eq!(job["result"]["failed"], 0, "{}: {job}", self.row.kind);
        let list = form.query(admin, json!({"sort": [{"field": "name"}]})).await.ok();
        let found: Vec<&Value> = items(&list).iter().map(|record| &record["fields"]["x"]).collect();
        let expected: Vec<&Value> =
            values.cells.iter().map(|(_, number)| &values.samples[*number].kept).collect();
        assert_eq!(found, expected, "{} from cells", self.row.kind);
    }

    /// The field becomes a text: what people read of its values.
    async fn turn_into_text(&self, form: &Form, values: &Values) {
        let is_long = ["long_text", "json"].contains(&self.row.kind);
        let target = if is_long { "text" } else { "long_text" };
        change_kind(self.workspace, form, target, &Value::Null).await;
        let list = form.query(&self.workspace.admin, json!({"sort": [{"field": "name"}]})).await.ok();
        let found: Vec<&Value> = items(&list).iter().map(|record| &record["fields"]["x"]).collect();
        for (sample, found) in values.samples.iter().zip(found) {
            let expected = if is_long { sample.label.replace('\n', " ") } else { sample.label.clone() };
            assert_eq!(*found, json!(expected), "{} as {target}", self.row.kind);
        }
    }

    /// A field of another kind becomes one of this: values that fit stay, others are empty.
    async fn turn_from(&self, values: &Values) {
        let Some(from) = &values.from else { return };
        let form = self.form("from", Field::new("x", from.kind), &[]).await;
        for (number, (entered, _)) in from.values.iter().enumerate() {
            form.add(json!({"x": entered, "name": number.to_string()})).await;
        }
        change_kind(self.workspace, &form, self.row.kind, &self.row.options).await;
        let list = form.query(&self.workspace.admin, json!({"sort": [{"field": "name"}]})).await.ok();
        for (record, (entered, expected)) in items(&list).iter().zip(&from.values) {
            assert_eq!(record["fields"]["x"], *expected, "{entered} as {}", self.row.kind);
        }
    }
}

/// Gives the field `x` another kind, and publishes the form.
async fn change_kind(workspace: &Workspace, form: &Form, kind: &str, options: &Value) {
    let admin = &workspace.admin;
    let mut document = admin.get(&form.path("/draft")).await.ok()["definition"].clone();
    let field = &mut document["fields"][0];
    assert_eq!(field["key"], "x");
    field["kind"] = json!(kind);
    if let Some(members) = field.as_object_mut() {
        members.remove("options");
    }
    if !options.is_null() {
        field["options"] = options.clone();
    }
    admin.put(&form.path("/draft"), "*", document).await.ok();
    admin.post(&form.path("/publish"), json!({})).await.ok();
}

/// Rows without the ids that they were given.
fn without_ids(value: &Value) -> Value {
    let mut value = value.clone();
    for row in value.as_array_mut().into_iter().flatten() {
        if let Some(members) = row.as_object_mut() {
            members.remove("id");
        }
    }
    value
}
