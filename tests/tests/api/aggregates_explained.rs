//! Which records make a number of an aggregate table, and what the number was.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use tests::design::{approve, date, form, group, number, select, subform, test, text};
use tests::dice::{cases, seed_of_this_run};
use tests::workspace::{faults, id_of, items, version_of};
use tests::{Answer, App, Client, Dice, Form, Person, Workspace, on_both_shared};

/// Receipts and issues with lines; issues count when they are approved.
struct Store {
    app: App,
    receipt: Form,
    issue: Form,
    boss: Person,
    stock: String,
}

fn stock() -> Value {
    let of = |form: &str, measure: &str| {
        json!({"form": form, "rows": "lines", "group": {"item": "lines.item", "place": "place"},
            "measures": {measure: {"label": measure.to_uppercase(), "fn": "sum", "field": "lines.qty"}}})
    };
    let mut issued = of("issue", "issued");
    issued["filter"] = test("$flow_state", "eq", "approved");
    json!({"format": 1, "key": "stock", "label": "Stock",
        "dimensions": [{"key": "item", "label": "Item"}, {"key": "place", "label": "Place"}],
        "sources": [of("receipt", "received"), issued],
        "measures": [{"key": "on_hand", "label": "On hand", "formula": "received - issued", "scale": 0},
            {"key": "share", "label": "Share", "formula": "issued / received * 100", "scale": 1}]})
}

impl Store {
    async fn build(workspace: &Workspace, table: Value) -> Self {
        let app = workspace.app("Store").await;
        let fields = || {
            let lines = subform("lines", [text("item"), number("qty", 0)]);
            [text("name"), date("on"), select("place", &["north", "south"]), lines]
        };
        let receipt = app.form(form("receipt", fields()).with("title", "{name}")).await;
        let issue = app.form(form("issue", fields()).with("title", "{name}")).await;
        let boss = workspace.person("boss").await;
        issue.flow(json!([approve("boss", &[&boss.id], json!({}))])).await;
        let stock = app.aggregate(table).await;
        Self { app, receipt, issue, boss, stock }
    }

    /// An issue that is approved.
    async fn issue(&self, fields: Value) -> Value {
        let made = self.issue.add(fields).await;
        let waiting = self.boss.get("/tasks?box=todo&limit=100").await.ok();
        for task in items(&waiting) {
            self.boss.post(&format!("/tasks/{}/approve", id_of(task)), json!({})).await.ok();
        }
        made
    }

    async fn explain(&self, who: &Client, asked: Value) -> Answer {
        who.post(&format!("/aggregates/{}/records", self.stock), asked).await
    }
}

fn lines(name: &str, lines: &[(&str, i64)]) -> Value {
    let rows: Vec<_> = lines.iter().map(|(item, qty)| json!({"item": item, "qty": qty})).collect();
    json!({"name": name, "place": "north", "on": "2026-11-22", "lines": rows})
}

/// Title and contribution of each record.
fn told(explained: &Value) -> Vec<(&str, &str)> {
    let text = |value: &'_ Value| value.as_str().map(str::to_owned).unwrap_or_default();
    let all = items(explained).iter();
    all.map(|record| {
        assert!(!text(&record["form"]).is_empty() && !text(&record["app"]).is_empty(), "{record}");
        (record["title"].as_str().unwrap(), record["contribution"].as_str().unwrap_or("-"))
    })
    .collect()
}

fn asked(measure: &str) -> Value {
    json!({"group": {"item": "pen", "place": "north"}, "measure": measure})
}

#[tokio::test]
async fn these_records_make_that_number() {
    on_both_shared(async |workspace| {
        let store = Store::build(&workspace, stock()).await;
        let admin = &workspace.admin;
        store.receipt.add(lines("first", &[("pen", 5), ("ink", 9), ("pen", 2)])).await;
        store.receipt.add(lines("second", &[("ink", 4)])).await;
        let third = store.receipt.add(lines("third", &[("pen", 3)])).await;
        store
            .receipt
            .add(json!({"name": "elsewhere", "place": "south", "lines": [{"item": "pen", "qty": 8}]}))
            .await;
        store.issue(lines("taken", &[("pen", 4)])).await;
        store.issue.add(lines("waiting", &[("pen", 1)])).await;
        let binned = store.receipt.add(lines("binned", &[("pen", 1)])).await;
        admin.delete(&store.receipt.at(&binned), 1).await.with_status(204);

        let found = store.explain(admin, asked("on_hand")).await.ok();
        assert_eq!((&found["label"], &found["value"]), (&json!("On hand"), &json!("6")));
        assert_eq!((&found["formula"], &found["adds_up"]), (&json!("RECEIVED - ISSUED"), &json!(true)));
        let mut made = told(&found);
        made.sort_unstable();
        assert_eq!(made, [("first", "7"), ("taken", "-4"), ("third", "3")]);
        let sum: i64 = made.iter().map(|(_, part)| part.parse::<i64>().unwrap()).sum();
        assert_eq!(found["value"], sum.to_string());
        assert_eq!((&found["hidden"], &found["next"]), (&json!(0), &Value::Null));
        let of = |title: &str| items(&found).iter().find(|record| record["title"] == title).unwrap().clone();
        assert_eq!((&of("third")["id"], &of("third")["form"]), (&third["id"], &json!(store.receipt.id)));
        assert_eq!(of("third")["parts"], json!({"RECEIVED": "3"}));
        assert_eq!(of("taken")["parts"], json!({"ISSUED": "4"}));

        // A stored measure has the records of its own source alone, and a ratio has parts, but nothing that adds up.
        let found = store.explain(admin, asked("received")).await.ok();
        assert_eq!(told(&found), [("third", "3"), ("first", "7")], "the newest first");
        assert_eq!(found.get("formula"), None);
        let found = store.explain(admin, asked("share")).await.ok();
        assert_eq!((&found["value"], &found["adds_up"]), (&json!("40.0"), &json!(false)));
        assert!(told(&found).iter().all(|(_, part)| *part == "-"), "{found}");

        // Nothing counts for a group that is not there; what is no group and no measure is named.
        let nothing = json!({"group": {"item": "glue", "place": "north"}, "measure": "on_hand"});
        let found = store.explain(admin, nothing).await.ok();
        assert_eq!((&found["value"], items(&found).len()), (&Value::Null, 0));
        let wrong = json!({"group": {"item": "pen", "colour": "red"}, "measure": "on_hand"});
        let wrong = store.explain(admin, wrong).await.refused(422, "unknown_field");
        assert_eq!(faults(&wrong), ["group.colour: unknown_field", "group.place: bad_operand"]);
        let wrong = store.explain(admin, asked("item")).await.refused(422, "unknown_field");
        assert_eq!(faults(&wrong), ["measure: unknown_field"]);
    })
    .await;
}

#[tokio::test]
async fn the_records_come_page_by_page() {
    on_both_shared(async |workspace| {
        let store = Store::build(&workspace, stock()).await;
        let admin = &workspace.admin;
        for n in 0..7 {
            store.receipt.add(lines(&format!("r{n}"), &[("pen", n)])).await;
            store.receipt.add(lines("other", &[("ink", n)])).await;
        }
        for n in 0..3 {
            store.issue(lines(&format!("i{n}"), &[("pen", 1)])).await;
        }
        let mut cursor = Value::Null;
        let mut all = BTreeMap::new();
        for page in 0.. {
            let mut ask = asked("on_hand");
            ask["limit"] = json!(3);
            if !cursor.is_null() {
                ask["cursor"] = cursor.clone();
            }
            let found = store.explain(admin, ask).await.ok();
            assert!(items(&found).len() <= 3 && page < 6, "{found}");
            for (title, part) in told(&found) {
                assert_eq!(
                    all.insert(title.to_owned(), part.parse::<i64>().unwrap()),
                    None,
                    "{title} came twice"
                );
            }
            cursor = found["next"].clone();
            if cursor.is_null() {
                break;
            }
        }
        assert_eq!((all.len(), all.values().sum::<i64>()), (10, 18));
        // A cursor is for the one who got it, and for what was asked.
        let mut other = asked("received");
        let first = json!({"group": {"item": "pen", "place": "north"}, "measure": "on_hand", "limit": 2});
        other["cursor"] = store.explain(admin, first).await.ok()["next"].clone();
        assert_eq!(
            faults(&store.explain(admin, other).await.refused(422, "validation")),
            ["cursor: bad_cursor"]
        );
    })
    .await;
}

#[tokio::test]
async fn who_may_not_see_a_record_learns_that_there_is_one() {
    on_both_shared(async |workspace| {
        let [reader, narrow, stranger] = [
            workspace.person("reader").await,
            workspace.person("narrow").await,
            workspace.person("stranger").await,
        ];
        let mut table = stock();
        table["read"] = json!({"members": [reader.id, narrow.id]});
        table["rows"] = test("item", "ne", "gold");
        let store = Store::build(&workspace, table).await;
        let mine = group("some", &[&reader.id, &narrow.id]).may(&["view"]).rows(test("name", "ne", "secret"));
        store.receipt.allow(mine).await;
        store.receipt.add(lines("secret", &[("pen", 5)])).await;
        store.receipt.add(lines("open", &[("pen", 2)])).await;
        store.receipt.add(lines("open too", &[("gold", 2)])).await;
        store.issue(lines("taken", &[("pen", 1)])).await;
        let found = store.explain(&reader, asked("on_hand")).await.ok();
        // The number is for whoever reads the table; of its records one is another's, and issues are closed altogether.
        assert_eq!((&found["value"], told(&found)), (&json!("6"), vec![("open", "2")]));
        assert_eq!(found["hidden"], 2);
        // Which records count would tell what is in a field that one does not read.
        let blind = group("blind", &[&stranger.id]).may(&["view"]).field("place", "none");
        store.receipt.allow(blind).await;
        store.explain(&stranger, asked("on_hand")).await.refused(404, "not_found");
        let closed = json!({"group": {"item": "gold", "place": "north"}, "measure": "received"});
        store.explain(&reader, closed.clone()).await.refused(404, "not_found");
        assert_eq!(items(&store.explain(&workspace.admin, closed).await.ok()).len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_record_whose_fields_are_closed_counts_as_one_that_is_not_seen() {
    on_both_shared(async |workspace| {
        let mei = workspace.person("mei").await;
        let mut table = stock();
        table["read"] = json!({"everyone": true});
        let store = Store::build(&workspace, table).await;
        store.receipt.add(lines("open", &[("pen", 2)])).await;
        store.receipt.allow(group("blind", &[&mei.id]).may(&["view"]).field("lines.qty", "none")).await;
        let found = store.explain(&mei, asked("received")).await.ok();
        assert_eq!((&found["value"], &found["hidden"], items(&found).len()), (&json!("2"), &json!(1), 0));
    })
    .await;
}

/// The groups as they were, by their dimensions.
async fn as_of(who: &Client, table: &str, at: &str) -> Value {
    let path = format!("/aggregates/{table}/rows?limit=500&as_of={}", at.replace('+', "%2B"));
    items(&who.get(&path).await.ok()).iter().cloned().collect()
}

async fn now_kept(who: &Client, table: &str) -> Value {
    items(&who.get(&format!("/aggregates/{table}/rows?limit=500")).await.ok()).iter().cloned().collect()
}

/// The present, as the server writes it; what comes later comes after it.
async fn moment() -> String {
    tokio::time::sleep(Duration::from_millis(3)).await;
    let now = jiff::Timestamp::now().to_string();
    tokio::time::sleep(Duration::from_millis(3)).await;
    now
}

fn every_function() -> Value {
    let of = |function: &str| json!({"fn": function, "field": "lines.qty"});
    json!({"format": 1, "key": "all", "label": "All",
        "dimensions": [{"key": "place", "label": "Place"}, {"key": "month", "label": "Month"}],
        "sources": [{"form": "receipt", "rows": "lines",
            "group": {"place": "place", "month": {"field": "on", "unit": "month"}},
            "measures": {"sum": of("sum"), "average": of("avg"), "least": of("min"), "most": of("max"),
                "items": {"fn": "distinct", "field": "lines.item"}, "lines": {"fn": "count"}}}]})
}

/// A random change of the store; whether it was made.
async fn step(store: &Store, dice: &mut Dice, known: &mut Vec<String>) {
    let admin = &store.receipt.admin;
    let some = |dice: &mut Dice| {
        let rows: Vec<_> = (0..dice.roll(4))
            .map(|_| json!({"item": (["pen", "ink", "cap"][dice.roll(3)]), "qty": dice.roll(9) as i64 - 2}))
            .collect();
        let on = ["2026-10-31", "2026-11-01", "2026-11-30"][dice.roll(3)];
        json!({"name": "r", "place": (["north", "south"][dice.roll(2)]), "on": on, "lines": rows})
    };
    let at = |id: &str| store.receipt.path(&format!("/records/{id}"));
    let which = if known.is_empty() { None } else { Some(dice.roll(known.len())) };
    match (dice.roll(8), which) {
        (0..=2, Some(which)) => {
            let seen = admin.get(&at(&known[which])).await;
            if seen.status == 200 {
                let edit = json!({"fields": some(dice)});
                admin.patch(&at(&known[which]), version_of(&seen.body), edit).await.ok();
            }
        }
        (3, Some(which)) => {
            let seen = admin.get(&at(&known[which])).await;
            if seen.status == 200 {
                admin.delete(&at(&known[which]), version_of(&seen.body)).await;
            }
        }
        (4, Some(which)) => {
            admin.post(&format!("{}/restore", at(&known[which])), json!({})).await;
        }
        (5, _) => {
            let draft = json!({"fields": some(dice), "draft": true});
            known.push(id_of(&admin.post(&store.receipt.path("/records"), draft).await.created()));
        }
        (6, Some(which)) => {
            admin.post(&format!("{}/submit", at(&known[which])), json!({})).await;
        }
        (7, _) => {
            let qty = 1 + dice.roll(5) as i64;
            store.issue(lines("i", &[("pen", qty)])).await;
        }
        _ => known.push(id_of(&store.receipt.add(some(dice)).await)),
    }
}

#[tokio::test]
async fn what_was_kept_at_an_instant_is_told_of_that_instant_whatever_came_after() {
    // Each step is asked about again in the end, over all records: more steps take more time by their square.
    let (seed, steps) = (seed_of_this_run(), cases(40).min(600));
    on_both_shared(async |workspace| {
        let mut dice = Dice::new(seed);
        let store = Store::build(&workspace, stock()).await;
        let admin = &workspace.admin;
        let all = store.app.aggregate(every_function()).await;
        let tables = [store.stock.clone(), all];
        let mut known = Vec::new();
        let mut seen: Vec<(String, [Value; 2])> = Vec::new();
        let before = moment().await;
        for _ in 0..steps {
            step(&store, &mut dice, &mut known).await;
            let kept = [now_kept(admin, &tables[0]).await, now_kept(admin, &tables[1]).await];
            seen.push((moment().await, kept));
        }
        for (place, (at, kept)) in seen.iter().enumerate() {
            for (table, kept) in tables.iter().zip(kept) {
                let told = as_of(admin, table, at).await;
                assert_eq!(told, *kept, "after step {place} of seed {seed}, at {at}");
            }
        }
        assert_eq!(as_of(admin, &tables[0], &before).await, json!([]));
        for table in &tables {
            let verified = admin.post(&format!("/aggregates/{table}/verify"), json!({})).await.ok();
            assert_eq!(verified["right"], true, "{verified}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_past_is_asked_for_in_pages_or_by_a_job_and_by_its_readers_alone() {
    on_both_shared(async |workspace| {
        let reader = workspace.person("reader").await;
        let mut table = stock();
        table["read"] = json!({"members": [reader.id]});
        table["rows"] = test("item", "ne", "gold");
        let store = Store::build(&workspace, table).await;
        let admin = &workspace.admin;
        store.receipt.add(lines("r", &[("pen", 5), ("ink", 2), ("gold", 1), ("cap", 4)])).await;
        let at = moment().await;
        store.receipt.add(lines("later", &[("pen", 50), ("cup", 1)])).await;

        let path = format!("/aggregates/{}/rows?as_of={at}", store.stock);
        let first = reader.get(&format!("{path}&limit=2")).await.ok();
        let names = |page: &Value| -> Vec<String> {
            items(page).iter().map(|row| row["group"]["item"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(&first), ["cap", "ink"]);
        let next = first["next"].as_str().unwrap();
        let second = reader.get(&format!("{path}&limit=2&cursor={next}")).await.ok();
        assert_eq!((names(&second), &second["next"]), (vec!["pen".to_owned()], &Value::Null));
        assert_eq!(items(&second)[0]["values"]["on_hand"], "5");
        let labelled = reader.get(&format!("{path}&limit=1&labels=true")).await.ok();
        assert_eq!(items(&labelled)[0]["labels"], json!({"item": "cap", "place": "north"}));

        // The same, however many records there are.
        let job = reader
            .job(reader.post(&format!("/aggregates/{}/as-of", store.stock), json!({"at": at})).await)
            .await;
        assert_eq!((&job["state"], &job["result"]["total"]), (&json!("done"), &json!(3)), "{job}");
        let told = job["result"]["items"].as_array().unwrap().iter();
        let values = |rows: Vec<&Value>| -> Vec<Value> {
            rows.into_iter().map(|row| json!([row["group"], row["values"]])).collect()
        };
        let paged = items(&first).iter().chain(items(&second)).collect();
        assert_eq!(values(told.collect()), values(paged));

        for (wrong, code) in [("yesterday", "not_a_moment"), ("2999-01-01T00:00:00Z", "too_large")] {
            let path = format!("/aggregates/{}/rows?as_of={wrong}", store.stock);
            assert_eq!(
                faults(&admin.get(&path).await.refused(422, "validation")),
                [format!("as_of: {code}")]
            );
        }
        let stranger = workspace.person("stranger").await;
        stranger.get(&path).await.refused(404, "not_found");
        stranger
            .post(&format!("/aggregates/{}/as-of", store.stock), json!({"at": at}))
            .await
            .refused(404, "not_found");
    })
    .await;
}
