//! Aggregate tables through a random day of work: whatever is done in whatever order, and refused in between, they hold
//! what a rebuild gives.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::design::{approve, date, form, link, number, select, subform, test, text};
use tests::dice::{cases, seed_of_this_run};
use tests::workspace::{faults, id_of, items, version_of};
use tests::{Answer, App, Client, Dice, Form, Person, Workspace, on_both_shared};

/// The forms that are counted.
const RECEIPT: usize = 0;
const SHIPMENT: usize = 1;
const ADJUSTMENT: usize = 2;

/// A warehouse, and what is known of it to choose the next step from.
struct Work {
    dice: Dice,
    admin: Client,
    boss: Person,
    products: Form,
    shelves: Form,
    /// Receipts, shipments and adjustments.
    counted: [Form; 3],
    stock: String,
    tables: [String; 3],
    product_ids: Vec<String>,
    shelf_ids: Vec<String>,
    live: [Vec<String>; 3],
    drafts: Vec<(usize, String)>,
    binned: Vec<(usize, String)>,
    /// How often forms were published anew.
    published: usize,
    /// What became of the steps.
    told: BTreeMap<(&'static str, String), usize>,
}

/// Pieces on hand, which receipts, approved shipments and final adjustments change, and which are never fewer than none.
fn stock() -> Value {
    json!({
        "format": 1, "key": "stock", "label": "Stock", "dimensions": [{"key": "product", "label": "Product"}],
        "sources": [
            {"form": "receipt", "rows": "lines", "group": {"product": "lines.product"},
                "measures": {"received": {"fn": "sum", "field": "lines.qty"}}},
            {"form": "shipment", "rows": "lines", "filter": test("$flow_state", "eq", "approved"),
                "group": {"product": "lines.product"}, "measures": {"shipped": {"fn": "sum", "field": "lines.qty"}}},
            {"form": "adjustment", "filter": test("kind", "eq", "final"), "group": {"product": "product"},
                "measures": {"adjusted": {"fn": "sum", "field": "qty"}}},
        ],
        "measures": [{"key": "on_hand", "label": "On hand", "formula": "received + adjusted - shipped", "scale": 2}],
        "constraints": [{"key": "enough", "check": test("on_hand", "gte", "0"), "message": "Not enough stock"}],
    })
}

/// Lines by product and month; of two forms under one name.
fn months() -> Value {
    let source = |form: &str| {
        json!({"form": form, "rows": "lines",
            "group": {"product": "lines.product", "month": {"field": "on", "unit": "month"}},
            "measures": {"lines": {"fn": "count"}, "qty": {"fn": "sum", "field": "lines.qty"}}})
    };
    json!({"format": 1, "key": "months", "label": "Months",
        "dimensions": [{"key": "product", "label": "Product"}, {"key": "month", "label": "Month"}],
        "sources": [source("receipt"), source("shipment")]})
}

/// Adjustments by shelf: a link that is cleared when the shelf goes.
fn by_shelf() -> Value {
    json!({"format": 1, "key": "by_shelf", "label": "By shelf",
        "dimensions": [{"key": "shelf", "label": "Shelf"}, {"key": "kind", "label": "Kind"}],
        "sources": [{"form": "adjustment", "group": {"shelf": "shelf", "kind": "kind"},
            "measures": {"n": {"fn": "count"}, "qty": {"fn": "sum", "field": "qty"},
                "average": {"fn": "avg", "field": "qty"}, "least": {"fn": "min", "field": "qty"},
                "most": {"fn": "max", "field": "qty"}, "products": {"fn": "distinct", "field": "product"}}}]})
}

async fn counted_forms(app: &App) -> [Form; 3] {
    let lines = || subform("lines", [link("product", "product"), number("qty", 0).option("min", "1")]);
    let receipt = app.form(form("receipt", [text("note"), date("on"), lines()])).await;
    let shipment = app.form(form("shipment", [text("note"), date("on"), lines()])).await;
    let fields = [
        link("product", "product"),
        link("shelf", "shelf").option("on_target_delete", "clear"),
        select("kind", &["final", "planned"]),
        number("qty", 0),
    ];
    [receipt, shipment, app.form(form("adjustment", fields)).await]
}

impl Work {
    async fn begin(workspace: &Workspace, dice: Dice) -> Self {
        let app = workspace.app("Warehouse").await;
        let products = app.form(form("product", [text("name")])).await;
        let shelves = app.form(form("shelf", [text("name")])).await;
        let counted = counted_forms(&app).await;
        let boss = workspace.person("boss").await;
        counted[SHIPMENT].flow(json!([approve("boss", &[&boss.id], json!({}))])).await;
        let stock = app.aggregate(stock()).await;
        let tables = [stock.clone(), app.aggregate(months()).await, app.aggregate(by_shelf()).await];
        let named = |names: &[&str]| names.iter().map(|name| json!({"name": name})).collect::<Vec<_>>();
        let product_ids = products.add_all(named(&["Chair", "Table", "Lamp", "Shelf"])).await;
        let shelf_ids = shelves.add_all(named(&["A", "B", "C"])).await;
        let admin = workspace.admin.clone();
        Self {
            dice,
            admin,
            boss,
            products,
            shelves,
            counted,
            stock,
            tables,
            product_ids,
            shelf_ids,
            live: Default::default(),
            drafts: Vec::new(),
            binned: Vec::new(),
            published: 0,
            told: BTreeMap::new(),
        }
    }

    async fn step(&mut self) {
        match self.dice.roll(22) {
            0..=2 => self.create(RECEIPT).await,
            3..=5 => self.create(SHIPMENT).await,
            6 => self.create(ADJUSTMENT).await,
            7 => self.count_out().await,
            8 | 9 => self.edit_lines(RECEIPT).await,
            10 => self.edit_lines(SHIPMENT).await,
            11 | 12 => self.edit_adjustment().await,
            13 => self.delete().await,
            14 => self.restore().await,
            15 => self.draft().await,
            16 => self.submit().await,
            17 | 18 => self.decide().await,
            19 => self.bulk().await,
            20 => self.remove_a_target().await,
            _ => self.publish().await,
        }
    }

    /// Notes what became of a step. It is accepted, or refused for what others have done; nothing else.
    #[track_caller]
    fn accepted(&mut self, step: &'static str, answer: &Answer) -> bool {
        let accepted = (200..300).contains(&answer.status);
        // What lay in the bin or was a draft may link to what is gone.
        let is_dead = || faults(&answer.body).iter().all(|fault| fault.ends_with(": dead_link"));
        let is_refusal = || answer.status == 409 || (answer.status == 422 && is_dead());
        assert!(accepted || is_refusal(), "{step}: {} {}", answer.status, answer.body);
        let code = if accepted { "accepted" } else { answer.body["code"].as_str().unwrap_or("nothing") };
        *self.told.entry((step, code.to_owned())).or_default() += 1;
        accepted
    }

    /// A product; at times none, which is left out.
    fn product(&mut self) -> Value {
        if self.dice.roll(8) == 0 { Value::Null } else { json!(self.dice.pick(&self.product_ids)) }
    }

    /// After the forms were published anew, at times with parts.
    fn pieces(&mut self, most: usize) -> Value {
        let whole = 1 + self.dice.roll(most);
        let parts = if self.published > 2 { self.dice.roll(3) * 25 } else { 0 };
        json!(if parts == 0 { whole.to_string() } else { format!("{whole}.{parts}") })
    }

    fn line(&mut self) -> Value {
        json!({"product": self.product(), "qty": self.pieces(5)})
    }

    fn fields(&mut self, kind: usize) -> Value {
        if kind == ADJUSTMENT {
            let qty = self.dice.roll(11) as i64 - 5;
            let shelf = self.dice.pick(&self.shelf_ids).clone();
            let kind = *self.dice.pick(&["final", "final", "planned"]);
            return json!({"product": self.product(), "shelf": shelf, "kind": kind, "qty": qty});
        }
        let days = [json!("2026-01-05"), json!("2026-01-31"), json!("2026-02-14"), Value::Null];
        let on = self.dice.pick(&days).clone();
        let lines: Vec<_> = (0..1 + self.dice.roll(3)).map(|_| self.line()).collect();
        json!({"on": on, "lines": lines})
    }

    fn path(&self, kind: usize, id: &str) -> String {
        self.counted[kind].path(&format!("/records/{id}"))
    }

    async fn create(&mut self, kind: usize) {
        let fields = self.fields(kind);
        let answer = self.counted[kind].create(&self.admin, fields).await;
        if self.accepted("create", &answer) {
            self.live[kind].push(id_of(&answer.body));
        }
    }

    /// Takes out of a product what there is, a piece less, or the piece that is not there. So the bound itself is tried,
    /// and there is never so much that nothing is refused any more.
    async fn count_out(&mut self) {
        let product = self.dice.pick(&self.product_ids).clone();
        let rows = self.admin.get(&format!("/aggregates/{}/rows?limit=500", self.stock)).await.ok();
        let row = items(&rows).iter().find(|row| row["group"]["product"] == product.as_str());
        let there = row.map_or(0, |row| hundredths(&row["values"]["on_hand"]));
        let taken = there + 100 * (self.dice.roll(3) as i64 - 1);
        let sign = if taken > 0 { "-" } else { "" };
        let qty = format!("{sign}{}.{:02}", taken.abs() / 100, taken.abs() % 100);
        let fields = json!({"product": product, "kind": "final", "qty": qty});
        let answer = self.counted[ADJUSTMENT].create(&self.admin, fields).await;
        let accepted = self.accepted("count out", &answer);
        assert_eq!(accepted, taken <= there, "{qty} of {there} hundredths: {}", answer.body);
        if accepted {
            self.live[ADJUSTMENT].push(id_of(&answer.body));
        }
    }

    /// Another quantity, another product, a row more or less; the other rows stay the rows that they are.
    async fn edit_lines(&mut self, kind: usize) {
        let Some(id) = self.one_of(kind) else { return };
        let path = self.path(kind, &id);
        let seen = self.admin.get(&path).await.ok();
        let mut lines = seen["fields"]["lines"].as_array().cloned().unwrap_or_default();
        let place = self.dice.roll(lines.len().max(1));
        match self.dice.roll(4) {
            0 if !lines.is_empty() => lines[place]["qty"] = self.pieces(6),
            1 if !lines.is_empty() => lines[place]["product"] = self.product(),
            2 if !lines.is_empty() => drop(lines.remove(place)),
            _ => lines.push(self.line()),
        }
        let edit = json!({"fields": {"lines": lines}});
        let answer = self.admin.patch(&path, version_of(&seen), edit).await;
        self.accepted("edit", &answer);
    }

    async fn edit_adjustment(&mut self) {
        let Some(id) = self.one_of(ADJUSTMENT) else { return };
        let path = self.path(ADJUSTMENT, &id);
        let seen = self.admin.get(&path).await.ok();
        let all = self.fields(ADJUSTMENT);
        let member = *self.dice.pick(&["product", "shelf", "kind", "qty"]);
        let edit = json!({"fields": {member: all[member]}});
        let answer = self.admin.patch(&path, version_of(&seen), edit).await;
        self.accepted("edit", &answer);
    }

    fn one_of(&mut self, kind: usize) -> Option<String> {
        let known = &self.live[kind];
        (!known.is_empty()).then(|| self.dice.pick(known).clone())
    }

    async fn delete(&mut self) {
        let kind = self.dice.roll(3);
        let Some(id) = self.dice.take(&mut self.live[kind]) else { return };
        let path = self.path(kind, &id);
        let version = version_of(&self.admin.get(&path).await.ok());
        let answer = self.admin.delete(&path, version).await;
        if self.accepted("delete", &answer) {
            self.binned.push((kind, id));
        } else {
            self.live[kind].push(id);
        }
    }

    async fn restore(&mut self) {
        let Some((kind, id)) = self.dice.take(&mut self.binned) else { return };
        let answer = self.admin.post(&format!("{}/restore", self.path(kind, &id)), json!({})).await;
        if self.accepted("restore", &answer) {
            self.live[kind].push(id);
        } else {
            self.binned.push((kind, id));
        }
    }

    async fn draft(&mut self) {
        let kind = *self.dice.pick(&[RECEIPT, SHIPMENT, ADJUSTMENT]);
        let draft = json!({"fields": self.fields(kind), "draft": true});
        let answer = self.admin.post(&self.counted[kind].path("/records"), draft).await;
        if self.accepted("draft", &answer) {
            self.drafts.push((kind, id_of(&answer.body)));
        }
    }

    async fn submit(&mut self) {
        let Some((kind, id)) = self.dice.take(&mut self.drafts) else { return };
        let answer = self.admin.post(&format!("{}/submit", self.path(kind, &id)), json!({})).await;
        if self.accepted("submit", &answer) {
            self.live[kind].push(id);
        } else {
            self.drafts.push((kind, id));
        }
    }

    /// The boss approves or rejects a shipment.
    async fn decide(&mut self) {
        let waiting = self.boss.get("/tasks?box=todo&limit=100").await.ok();
        if items(&waiting).is_empty() {
            return;
        }
        let task = id_of(self.dice.pick(items(&waiting)));
        let action = *self.dice.pick(&["approve", "approve", "reject"]);
        let answer = self.boss.post(&format!("/tasks/{task}/{action}"), json!({"opinion": "so"})).await;
        self.accepted(action, &answer);
    }

    /// Receipts made, changed or deleted in one go: all or none of them, or each for itself.
    async fn bulk(&mut self) {
        let mut known = Vec::new();
        for _ in 0..2 {
            known.extend(self.dice.take(&mut self.live[RECEIPT]));
        }
        let verb = if known.is_empty() { "create" } else { *self.dice.pick(&["create", "update", "delete"]) };
        let rows: Vec<_> = match verb {
            "create" => (0..2).map(|_| json!({"fields": self.fields(RECEIPT)})).collect(),
            "update" => known.iter().map(|id| json!({"id": id, "fields": self.fields(RECEIPT)})).collect(),
            _ => known.iter().map(|id| json!(id)).collect(),
        };
        let asked = json!({verb: rows, "atomic": self.dice.roll(2) == 0});
        let answer = self.admin.post(&self.counted[RECEIPT].path("/records/bulk"), asked).await;
        let done = if self.accepted("bulk", &answer) { self.done(&answer.body) } else { Vec::new() };
        for id in known {
            let is_gone = self.admin.get(&self.path(RECEIPT, &id)).await.status == 404;
            assert_eq!(is_gone, verb == "delete" && done.contains(&id), "{id}: {}", answer.body);
            if is_gone { self.binned.push((RECEIPT, id)) } else { self.live[RECEIPT].push(id) }
        }
        if verb == "create" {
            self.live[RECEIPT].extend(done);
        }
    }

    /// The records of a bulk that were not refused.
    #[track_caller]
    fn done(&self, answer: &Value) -> Vec<String> {
        let results = answer["results"].as_array().unwrap();
        let (refused, done): (Vec<_>, Vec<_>) = results.iter().partition(|one| one["problem"].is_object());
        for one in refused {
            assert_eq!(one["problem"]["code"], "constraint", "{answer}");
        }
        done.into_iter().filter_map(|one| one["id"].as_str().map(str::to_owned)).collect()
    }

    /// A shelf goes and its adjustments lose it; a product stays while anything links to it.
    async fn remove_a_target(&mut self) {
        let (form, ids, step) = if self.dice.roll(2) == 0 {
            (&self.shelves, &mut self.shelf_ids, "shelf")
        } else {
            (&self.products, &mut self.product_ids, "product")
        };
        let Some(id) = self.dice.take(ids) else { return };
        let path = form.path(&format!("/records/{id}"));
        let version = version_of(&self.admin.get(&path).await.ok());
        let answer = self.admin.delete(&path, version).await;
        let is_gone = answer.status == 204;
        ids.push(if is_gone { id_of(&form.add(json!({"name": "New"})).await) } else { id });
        self.accepted(step, &answer);
    }

    /// Quantities get parts, one form after the other; then the forms get more and more fields.
    async fn publish(&mut self) {
        let scale = |key: &str| json!([{"do": "set", "key": key, "member": "options.scale", "value": 2}]);
        let (kind, edits) = match self.published {
            0 => (RECEIPT, scale("lines.qty")),
            1 => (SHIPMENT, scale("lines.qty")),
            2 => (ADJUSTMENT, scale("qty")),
            // A form has room for so many fields, and a long run is about something else.
            more if more < 30 => {
                let field = text(&format!("more_{more}")).value();
                (self.dice.roll(3), json!([{"do": "add_field", "field": field}]))
            }
            _ => return,
        };
        self.counted[kind].extend(edits).await;
        self.published += 1;
    }

    /// What is kept is what a rebuild gives, and nothing was taken that was not there.
    async fn check(&self, when: &str) {
        for table in &self.tables {
            let verified = self.admin.post(&format!("/aggregates/{table}/verify"), json!({})).await.ok();
            assert_eq!(verified["right"], true, "{when}: {verified}\n{:#?}", self.told);
        }
        let rows = self.admin.get(&format!("/aggregates/{}/rows?limit=500", self.stock)).await.ok();
        for row in items(&rows) {
            assert!(!row["values"]["on_hand"].as_str().unwrap().starts_with('-'), "{when}: {row}");
        }
    }

    /// Whether it was a day that this story is about: something was refused for want of stock, something was approved.
    fn has_seen_all(&self) -> bool {
        let refused = self.count(|_, code| code == "constraint");
        let approved = self.count(|step, code| step == "approve" && code == "accepted");
        refused > 0 && approved > 0
    }

    fn count(&self, is_meant: impl Fn(&str, &str) -> bool) -> usize {
        self.told.iter().filter(|((step, code), _)| is_meant(step, code)).map(|(_, count)| count).sum()
    }
}

/// A number of the API that is not negative, in hundredths.
fn hundredths(number: &Value) -> i64 {
    let number = number.as_str().unwrap();
    let (whole, parts) = number.split_once('.').unwrap_or((number, ""));
    format!("{whole}{parts:0<2}").parse().unwrap()
}

#[tokio::test]
async fn whatever_is_done_the_tables_are_what_a_rebuild_gives() {
    const BETWEEN_CHECKS: usize = 15;
    // One day in fifty lacks a refusal or an approval in its usual length. It goes on until it has both.
    const MOST_MORE: usize = 600;
    let (seed, steps) = (seed_of_this_run(), cases(120));
    on_both_shared(async |workspace| {
        let mut work = Work::begin(&workspace, Dice::new(seed)).await;
        let mut step = 0;
        while step < steps || (step < steps + MOST_MORE && !work.has_seen_all()) {
            step += 1;
            work.step().await;
            if step % BETWEEN_CHECKS == 0 {
                work.check(&format!("after {step} steps with seed {seed}")).await;
            }
        }
        work.check(&format!("at the end of {step} steps with seed {seed}")).await;
        let told = format!("seed {seed}: {:#?}", work.told);
        assert!(work.count(|_, code| code == "accepted") * 2 > step, "{told}");
        assert!(work.has_seen_all(), "{told}");
    })
    .await;
}
