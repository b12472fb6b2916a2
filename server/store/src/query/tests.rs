//! SQL and memory agree: on conditions over random records and trees, on sorts and pages, on groups.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::access::{Access, Grant};
use engine::condition::{Checked, Condition, Reach, Source, Unit};
use engine::context::Context;
use engine::form::Form;
use engine::value::{Id, Value, Values};
use serde_json::{Value as Json, json};

use super::{Count, From, Function, GroupBy, Groups, Measure, Query, Shelf, Sort, count, groups, page};
use crate::record::Record;
use crate::table::FormRef;
use crate::testing::{TestForms, context, insert, on_both};
use crate::{Error, Store};

/// Small numbers from a seed: a failing case is found again by its number.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sides as u64) as usize
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }

    fn some(&mut self, from: &[&str]) -> Vec<String> {
        from.iter().filter(|_| self.roll(2) == 0).map(ToString::to_string).collect()
    }
}

const TEXTS: &[&str] = &["甲", "甲乙", "a%b", "A%B", "a_b", "x\\y", "ＡＢ", "Straße", "STRASSE", "b"];
const NUMBERS: &[&str] =
    &["0", "-0.01", "1.5", "1.50", "2", "100", "9999999999999999.99", "-9999999999999999.99"];
const WHOLE: &[&str] = &["0", "1", "2", "100", "-3"];
const FINE: &[&str] = &["0", "1.5", "1.500001", "2", "-0.01", "-0.010001", "100"];
const DAYS: &[&str] = &["2026-09-21", "2026-09-20", "2026-09-22", "2026-08-31", "2025-12-31", "1969-12-31"];
const INSTANTS: &[&str] = &[
    "2026-09-20T16:00:00Z",
    "2026-09-20T15:59:59.999999Z",
    "2026-09-21T16:00:00Z",
    "2025-12-31T16:00:00Z",
    "1969-12-31T23:59:59Z",
];
const STATUS: &[&str] = &["paid", "new", "old"];
const TAGS: &[&str] = &["x", "y", "z,1"];

fn choices(keys: &[&str]) -> Json {
    json!({"choices": keys.iter().map(|key| json!({"key": key, "label": key})).collect::<Vec<_>>()})
}

fn customers() -> Json {
    json!({"key": "customers", "label": "客户", "fields": [
        {"key": "name", "label": "名", "kind": "text"},
        {"key": "score", "label": "分", "kind": "number"},
        {"key": "vip", "label": "贵", "kind": "switch"},
        {"key": "tier", "label": "级", "kind": "select", "options": choices(STATUS)},
        {"key": "labels", "label": "签", "kind": "multi_select", "options": choices(TAGS)},
        {"key": "parent", "label": "上级", "kind": "link", "options": {"form": "customers"}}]})
}

fn orders() -> Json {
    json!({"key": "orders", "label": "订单", "fields": [
        {"key": "title", "label": "题", "kind": "text"},
        {"key": "name", "label": "名", "kind": "text"},
        {"key": "note", "label": "注", "kind": "long_text"},
        {"key": "amount", "label": "额", "kind": "number"},
        {"key": "limit", "label": "限", "kind": "number"},
        {"key": "qty", "label": "量", "kind": "number", "options": {"scale": 0}},
        {"key": "fine", "label": "细", "kind": "number", "options": {"scale": 6}},
        {"key": "day", "label": "日", "kind": "date"},
        {"key": "due", "label": "期", "kind": "date"},
        {"key": "at", "label": "时", "kind": "datetime"},
        {"key": "paid", "label": "付", "kind": "switch"},
        {"key": "status", "label": "态", "kind": "select", "options": choices(STATUS)},
        {"key": "tags", "label": "签", "kind": "multi_select", "options": choices(TAGS)},
        {"key": "who", "label": "人", "kind": "member"},
        {"key": "customer", "label": "客户", "kind": "link", "options": {"form": "customers"}},
        {"key": "lines", "label": "行", "kind": "subform", "options": {"fields": [
            {"key": "item", "label": "品", "kind": "text"},
            {"key": "n", "label": "数", "kind": "number", "options": {"scale": 3}},
            {"key": "on", "label": "开", "kind": "switch"},
            {"key": "marks", "label": "标", "kind": "multi_select", "options": choices(TAGS)},
            {"key": "from", "label": "自", "kind": "link", "options": {"form": "customers"}}]}}]})
}

/// Stored records of both forms, and people.
struct World {
    forms: TestForms,
    customers: Vec<Record>,
    orders: Vec<Record>,
    people: Vec<Id>,
    context: Context,
}

impl World {
    async fn new(store: &Store, dice: &mut Dice, count: usize) -> World {
        let mut forms = TestForms::new();
        forms.publish(store, customers()).await;
        forms.publish(store, orders()).await;
        let people: Vec<Id> = (0..4).map(|_| crate::ids::next()).collect();
        let mut context = context();
        context.user = Some(people[0]);
        context.departments = vec![people[1]];
        context.subordinates = vec![people[2], people[3]];
        context.params.insert("least".into(), Value::Number("1.505".parse().unwrap()));
        let mut world = World { forms, customers: Vec::new(), orders: Vec::new(), people, context };
        for _ in 0..8 {
            let record = world.forms.record("customers", world.customer(dice));
            world.customers.push(record);
        }
        for _ in 0..count {
            let mut record = world.forms.record("orders", world.order(dice));
            record.system.owner = Some(*dice.pick(&world.people)).filter(|_| dice.roll(3) > 0);
            record.system.collaborators =
                world.people.iter().copied().filter(|_| dice.roll(3) == 0).collect();
            record.system.flow_state =
                Some(dice.pick(&["running", "approved"]).to_string()).filter(|_| dice.roll(2) == 0);
            world.orders.push(record);
        }
        for (form, records) in [("customers", &world.customers), ("orders", &world.orders)] {
            insert(store, world.forms.form_ref(form), records).await.unwrap();
        }
        // Rows are read with their switches.
        for record in &mut world.orders {
            for value in record.values.values_mut() {
                if let Value::Rows(rows) = value {
                    rows.iter_mut().for_each(|row| {
                        row.values.entry("on".into()).or_insert(Value::Bool(false));
                    });
                }
            }
        }
        world
    }

    fn customer(&self, dice: &mut Dice) -> Json {
        let mut fields = json!({});
        let mut put = |dice: &mut Dice, key: &str, value: Json| {
            if dice.roll(4) > 0 {
                fields[key] = value;
            }
        };
        let value = json!(dice.pick(TEXTS));
        put(dice, "name", value);
        let value = json!(dice.pick(NUMBERS));
        put(dice, "score", value);
        put(dice, "vip", json!(true));
        let value = json!(dice.pick(STATUS));
        put(dice, "tier", value);
        let value = json!(dice.some(TAGS));
        put(dice, "labels", value);
        if let Some(parent) = self.customers.last() {
            put(dice, "parent", json!(parent.id.to_string()));
        }
        fields
    }

    fn order(&self, dice: &mut Dice) -> Json {
        let mut fields = json!({});
        for (key, values) in [
            ("title", TEXTS),
            ("name", TEXTS),
            ("note", TEXTS),
            ("amount", NUMBERS),
            ("limit", NUMBERS),
            ("qty", WHOLE),
            ("fine", FINE),
            ("day", DAYS),
            ("due", DAYS),
            ("at", INSTANTS),
            ("status", STATUS),
        ] {
            if dice.roll(5) > 0 {
                fields[key] = json!(dice.pick(values));
            }
        }
        fields["paid"] = json!(dice.roll(2) == 0);
        fields["tags"] = json!(dice.some(TAGS));
        if dice.roll(4) > 0 {
            fields["who"] = json!(dice.pick(&self.people).to_string());
        }
        if dice.roll(4) > 0 {
            fields["customer"] = json!(dice.pick(&self.customers).id.to_string());
        }
        let rows: Vec<Json> = (0..dice.roll(4))
            .map(|_| {
                let mut row = json!({"on": dice.roll(2) == 0, "marks": dice.some(TAGS)});
                if dice.roll(4) > 0 {
                    row["item"] = json!(dice.pick(TEXTS));
                }
                if dice.roll(4) > 0 {
                    row["n"] = json!(dice.pick(WHOLE));
                }
                if dice.roll(4) > 0 {
                    row["from"] = json!(dice.pick(&self.customers).id.to_string());
                }
                row
            })
            .collect();
        fields["lines"] = json!(rows);
        fields
    }

    fn form(&self) -> &Arc<Form> {
        &self.forms.forms["orders"]
    }

    fn form_ref(&self) -> FormRef {
        self.forms.form_ref("orders")
    }

    fn check(&self, condition: &Json) -> Checked {
        let condition: Condition = serde_json::from_value(condition.clone()).unwrap();
        self.form().check(&condition, &self.forms).unwrap_or_else(|faults| panic!("{faults:?}"))
    }

    fn source<'w>(&'w self, record: &'w Record) -> InMemory<'w> {
        InMemory { world: self, record }
    }

    /// A random condition, at most so deep.
    fn condition(&self, dice: &mut Dice, depth: usize) -> Json {
        match dice.roll(if depth == 0 { 1 } else { 5 }) {
            1 => json!({"not": self.condition(dice, depth - 1)}),
            2 => json!({"all": self.conditions(dice, depth)}),
            3 => json!({"any": self.conditions(dice, depth)}),
            _ => self.test(dice),
        }
    }

    fn conditions(&self, dice: &mut Dice, depth: usize) -> Vec<Json> {
        (0..dice.roll(4)).map(|_| self.condition(dice, depth - 1)).collect()
    }

    fn test(&self, dice: &mut Dice) -> Json {
        let field = *dice.pick(&[
            "title",
            "note",
            "amount",
            "qty",
            "fine",
            "day",
            "at",
            "paid",
            "status",
            "tags",
            "who",
            "customer",
            "customer.name",
            "customer.score",
            "customer.vip",
            "customer.tier",
            "customer.labels",
            "customer.parent.name",
            "customer.parent.labels",
            "customer.$id",
            "lines.item",
            "lines.n",
            "lines.on",
            "lines.marks",
            "lines.from",
            "lines.from.name",
            "lines.from.labels",
            "lines.from.vip",
            "$owner",
            "$collaborators",
            "$flow_state",
            "$id",
            "$created_at",
            "$version",
        ]);
        let kind = self.form().find(field, &self.forms).unwrap().1;
        let op = *dice.pick(kind.operators());
        let mut test = json!({"field": field, "op": op});
        if field.starts_with("lines.") {
            test["match"] = json!(dice.pick(&["any", "all"]));
        }
        if op.is_unary() {
            return test;
        }
        test["value"] = if op.name() == "within" {
            relative(dice)
        } else if op.takes_list() {
            match (op.name(), dice.roll(6)) {
                ("between", _) => json!([self.literal(dice, field), self.literal(dice, field)]),
                (_, 0) if ["who", "$owner", "$collaborators"].contains(&field) => {
                    json!({"var": dice.pick(&["my_departments", "my_subordinates"])})
                }
                _ => (0..dice.roll(3)).map(|_| self.literal(dice, field)).collect(),
            }
        } else {
            let searches = ["contains", "not_contains", "starts_with", "ends_with"].contains(&op.name());
            self.operand(dice, field, searches)
        };
        test
    }

    fn operand(&self, dice: &mut Dice, field: &str, searches: bool) -> Json {
        let other = match field {
            "title" => Some("name"),
            "amount" => Some(*dice.pick(&["limit", "fine", "qty", "customer.score"])),
            "fine" => Some(*dice.pick(&["amount", "qty"])),
            "day" => Some("due"),
            "customer" => Some("customer.parent"),
            _ => None,
        };
        match (dice.roll(4), field) {
            (0, _) if other.is_some() && !searches => json!({"field": other}),
            (0, "day") | (1, "day" | "at") => relative(dice),
            (2, "day") => json!({"var": "today"}),
            (2, "at") => json!({"var": "now"}),
            (0, "who" | "$owner") => json!({"var": "me"}),
            (0, "amount" | "qty" | "fine") => json!({"param": "least"}),
            (1, "amount" | "qty" | "fine") => json!({"param": "nothing"}),
            _ if searches => json!(dice.pick(&["a", "%", "_", "\\", "ss", "甲", "B", "ａ%b"])),
            _ => self.literal(dice, field),
        }
    }

    fn literal(&self, dice: &mut Dice, field: &str) -> Json {
        let name = field.rsplit('.').next().unwrap();
        match name {
            "title" | "name" | "note" | "item" => json!(dice.pick(TEXTS)),
            "amount" | "score" => json!(dice.pick(NUMBERS)),
            "qty" | "n" | "$version" => json!(dice.pick(WHOLE)),
            "fine" => json!(dice.pick(FINE)),
            "day" => json!(dice.pick(DAYS)),
            "at" | "$created_at" => json!(dice.pick(INSTANTS)),
            "paid" | "vip" | "on" => json!(dice.roll(2) == 0),
            "status" | "tier" => json!(dice.pick(STATUS)),
            "tags" | "labels" | "marks" => json!(dice.pick(TAGS)),
            "$flow_state" => json!(dice.pick(&["running", "approved", "rejected"])),
            "who" | "$owner" | "$collaborators" => json!(dice.pick(&self.people).to_string()),
            "$id" if field == "$id" => json!(dice.pick(&self.orders).id.to_string()),
            _ => json!(dice.pick(&self.customers).id.to_string()),
        }
    }
}

fn relative(dice: &mut Dice) -> Json {
    match dice.roll(5) {
        0 => json!({"relative": "last_n_days", "n": 2}),
        1 => json!({"relative": "next_n_days", "n": 2}),
        2 => json!({"relative": "today"}),
        3 => json!({"relative": "this_month"}),
        _ => json!({"relative": "previous_year"}),
    }
}

/// A stored record as the interpreter in memory reads it.
struct InMemory<'w> {
    world: &'w World,
    record: &'w Record,
}

impl InMemory<'_> {
    fn follow(&self, start: Value, reach: &Reach) -> Value {
        let mut at = start;
        for (place, _) in reach.hops.iter().enumerate() {
            let Some(id) = at.as_ref_id() else { return Value::Empty };
            let found = self.world.customers.iter().find(|customer| customer.id == id);
            let Some(customer) = found else { return Value::Empty };
            let next = reach.hops.get(place + 1).map_or(reach.field.as_str(), |(link, _)| link);
            at = customer.value(next);
        }
        at
    }
}

impl Source for InMemory<'_> {
    fn value(&self, reach: &Reach) -> Value {
        let first = reach.hops.first().map_or(&reach.field, |(link, _)| link);
        self.follow(self.record.value(first), reach)
    }

    fn row_values(&self, reach: &Reach) -> Vec<Value> {
        let first = reach.hops.first().map_or(&reach.field, |(link, _)| link);
        let rows = self.record.value(reach.rows.as_deref().unwrap_or_default());
        let value = |values: &Values| engine::value::get(values, first).clone();
        rows.rows().iter().map(|row| self.follow(value(&row.values), reach)).collect()
    }
}

fn asking(filter: Checked) -> Query {
    Query {
        shelf: Shelf::Live,
        filter,
        sort: Vec::new(),
        limit: 500,
        from: From::Start,
        fields: Some(Vec::new()),
    }
}

async fn ids(store: &Store, world: &World, query: &Query) -> Vec<Id> {
    let mut db = store.read().await.unwrap();
    let access = Access::system("test");
    let page = page(&mut db, &access, world.form_ref(), query, &world.context).await;
    page.unwrap_or_else(|error| panic!("{error}: {query:?}")).records.iter().map(|record| record.id).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conditions_hold_in_sql_where_they_hold_in_memory() {
    let cases = std::env::var("FORMWORK_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(400);
    on_both(async |store| {
        let mut dice = Dice(1);
        let world = World::new(store, &mut dice, 60).await;
        let mut held = 0;
        for case in 0..cases {
            let json = world.condition(&mut dice, 3);
            let condition = world.check(&json);
            let expected: BTreeSet<Id> = world
                .orders
                .iter()
                .filter(|record| condition.holds(&world.source(record), &world.context))
                .map(|record| record.id)
                .collect();
            // With a sort that has an index the same condition is written otherwise.
            let sort = if case % 2 == 0 { Vec::new() } else { vec![sort(&world, "$created_at", true)] };
            let query = Query { sort, ..asking(condition) };
            let found: BTreeSet<Id> = ids(store, &world, &query).await.into_iter().collect();
            held += expected.len();
            if found != expected {
                let wrong = world
                    .orders
                    .iter()
                    .find(|order| found.contains(&order.id) != expected.contains(&order.id));
                panic!("case {case}: {json}\nfound {} of {}: {wrong:#?}", found.len(), expected.len());
            }
        }
        // The cases mean something only if they neither hold everywhere nor nowhere.
        let share = held * 100 / (cases * world.orders.len());
        assert!((10..=90).contains(&share), "{share} % of the tests held");
    })
    .await;
}

/// The period of a report's parameter: two ends, either of which may be open.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn periods_hold_in_sql_where_they_hold_in_memory() {
    on_both(async |store| {
        let world = World::new(store, &mut Dice(7), 60).await;
        let mut sizes = BTreeSet::new();
        for field in ["day", "at"] {
            let values = world.orders.iter().map(|record| record.value(field));
            let days = values.filter_map(|value| match value {
                Value::Date(day) => Some(day),
                Value::DateTime(instant) => Some(world.context.date_of(instant)),
                _ => None,
            });
            let days: BTreeSet<_> = days.collect();
            let days: Vec<Value> = days.into_iter().map(Value::Date).chain([Value::Empty]).collect();
            for from in days.iter().step_by(3) {
                for to in days.iter().rev().step_by(4) {
                    let asked = world.check(&json!({"not": {"not":
                        {"field": field, "op": "within", "value": {"param": "when"}}}}));
                    let ends = Value::List(vec![from.clone(), to.clone()]);
                    let period = asked.with_params(&|_| Some(ends.clone())).unwrap();
                    for condition in [period.clone(), Checked::Not(Box::new(period))] {
                        let held = |record: &&Record| condition.holds(&world.source(record), &world.context);
                        let expected: BTreeSet<Id> =
                            world.orders.iter().filter(held).map(|record| record.id).collect();
                        let found = ids(store, &world, &asking(condition.clone())).await;
                        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected, "{field} {ends:?}");
                        sizes.insert(expected.len());
                    }
                }
            }
        }
        assert!(sizes.len() > 5, "{sizes:?}");
    })
    .await;
}

fn sort(world: &World, path: &str, descending: bool) -> Sort {
    let (reach, kind) = world.form().find(path, &world.forms).unwrap();
    Sort { reach, kind, descending }
}

/// The order that a list must have, from the kinds alone.
fn sorted(world: &World, sorts: &[Sort]) -> Vec<Id> {
    let mut records: Vec<&Record> = world.orders.iter().collect();
    records.sort_by(|a, b| {
        for sort in sorts {
            let (x, y) = (world.source(a).value(&sort.reach), world.source(b).value(&sort.reach));
            let order = match (x.is_empty(), y.is_empty()) {
                (true, true) => std::cmp::Ordering::Equal,
                (true, false) => std::cmp::Ordering::Greater,
                (false, true) => std::cmp::Ordering::Less,
                (false, false) => {
                    let folded = |value: &Value| match value {
                        Value::Text(text) => Value::text(engine::value::fold(text)),
                        other => other.clone(),
                    };
                    let order = sort.kind.order(&folded(&x), &folded(&y));
                    if sort.descending { order.reverse() } else { order }
                }
            };
            if order.is_ne() {
                return order;
            }
        }
        let order = a.id.cmp(&b.id);
        if sorts.last().is_some_and(|sort| sort.descending) { order.reverse() } else { order }
    });
    records.iter().map(|record| record.id).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_follow_each_other_without_gaps_or_doubles() {
    on_both(async |store| {
        let mut dice = Dice(2);
        let world = World::new(store, &mut dice, 70).await;
        let paths = [
            "title",
            "amount",
            "fine",
            "day",
            "at",
            "paid",
            "status",
            "customer.name",
            "customer.score",
            "$created_at",
            "$owner",
            "$id",
            "$version",
            "customer.tier",
        ];
        for case in 0..40 {
            let count = dice.roll(4);
            let sorts: Vec<Sort> =
                (0..count).map(|_| sort(&world, dice.pick::<&str>(&paths), dice.roll(2) == 0)).collect();
            let expected = sorted(&world, &sorts);
            let limit = 1 + dice.roll(30) as u32;
            let mut query = Query { sort: sorts, limit, ..asking(Checked::always()) };
            let mut walked = Vec::new();
            for _ in 0..=expected.len() {
                let mut db = store.read().await.unwrap();
                let access = Access::system("test");
                let part = page(&mut db, &access, world.form_ref(), &query, &world.context).await.unwrap();
                walked.extend(part.records.iter().map(|record| record.id));
                // A cursor survives the way to the client and back.
                let next = part.next.map(|next| serde_json::to_string(&next).unwrap());
                match next {
                    Some(next) => query.from = From::After(serde_json::from_str(&next).unwrap()),
                    None => break,
                }
            }
            assert_eq!(walked, expected, "case {case}: {:?}", query.sort);
            let skip = dice.roll(expected.len() + 3);
            query.from = From::Offset(skip as u64);
            let jumped: Vec<Id> = expected.iter().skip(skip).take(limit as usize).copied().collect();
            assert_eq!(
                ids(store, &world, &query).await,
                jumped,
                "case {case}, offset {skip}: {:?}",
                query.sort
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_asked_is_refused() {
    on_both(async |store| {
        let world = World::new(store, &mut Dice(3), 1).await;
        for path in ["note", "tags", "lines.n"] {
            let query = Query { sort: vec![sort(&world, path, false)], ..asking(Checked::always()) };
            let mut db = store.read().await.unwrap();
            let refused =
                page(&mut db, &Access::system("test"), world.form_ref(), &query, &world.context).await;
            assert!(matches!(refused, Err(Error::NotAskable { .. })), "{path}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counts_are_exact_and_shelves_apart() {
    on_both(async |store| {
        let world = World::new(store, &mut Dice(4), 40).await;
        let (access, form) = (Access::system("test"), world.form_ref());
        let mut draft = world.forms.record("orders", json!({"title": "稿"}));
        draft.system.flow_state = Some("draft".into());
        draft.system.created_by = Some(world.people[0]);
        let mut binned = world.forms.record("orders", json!({"title": "废"}));
        binned.system.deleted_at = Some(binned.system.created_at);
        insert(store, form, &[draft.clone(), binned.clone()]).await.unwrap();
        let mut db = store.read().await.unwrap();
        let all = Checked::always();
        for (shelf, expected) in [
            (Shelf::Live, 40),
            (Shelf::Drafts(world.people[0]), 1),
            (Shelf::Drafts(world.people[1]), 0),
            (Shelf::Bin, 1),
        ] {
            for how in [Count::Exact, Count::Estimate] {
                let counted = count(&mut db, &access, form, shelf, &all, how, &world.context).await.unwrap();
                assert_eq!((counted.value, counted.exact), (expected, true), "{shelf:?}");
            }
        }
        drop(db);
        let query = Query { shelf: Shelf::Bin, ..asking(Checked::always()) };
        assert_eq!(ids(store, &world, &query).await, [binned.id]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_shows_the_first_rows_and_their_true_number() {
    on_both(async |store| {
        let mut forms = TestForms::new();
        forms.publish(store, customers()).await;
        forms.publish(store, orders()).await;
        let lines: Vec<Json> = (0..33).map(|n| json!({"n": n})).collect();
        let long = forms.record("orders", json!({"title": "长", "lines": lines}));
        let short = forms.record("orders", json!({"title": "短", "lines": [{"n": 1}]}));
        let form = forms.form_ref("orders");
        insert(store, form, &[long.clone(), short.clone()]).await.unwrap();
        let mut db = store.read().await.unwrap();
        let fields = Some(vec!["lines".to_string()]);
        let query = Query { fields, ..asking(Checked::always()) };
        let page = page(&mut db, &Access::system("test"), form, &query, &context()).await.unwrap();
        let [first, second] = &page.records[..] else { panic!() };
        assert_eq!((first.value("lines").rows().len(), first.row_counts.get("lines")), (20, Some(&33)));
        assert_eq!((second.value("lines").rows().len(), second.row_counts.get("lines")), (1, None));
        assert!(!first.values.contains_key("title"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closed_fields_and_rows_stay_closed_in_every_question() {
    on_both(async |store| {
        let world = World::new(store, &mut Dice(5), 50).await;
        let (form, context) = (world.form_ref(), &world.context);
        let grant = |json: Json| {
            Grant::new(&serde_json::from_value(json).unwrap(), world.form(), &world.forms).unwrap()
        };
        // Everything is seen, but amounts only of paid orders.
        let access = Access::granted(vec![
            grant(json!({"key": "a", "label": "a", "operations": ["view"],
                         "fields": {"*": "read", "amount": "none"},
                         "rows": {"field": "status", "op": "ne", "value": "old"}})),
            grant(json!({"key": "b", "label": "b", "operations": ["view"], "fields": {"*": "read"},
                         "rows": {"all": [{"field": "paid", "op": "eq", "value": true},
                                          {"field": "status", "op": "ne", "value": "old"}]}})),
        ]);
        let seen: Vec<&Record> =
            world.orders.iter().filter(|order| order.value("status") != Value::text("old")).collect();
        let amount = |record: &Record| match record.value("paid") {
            Value::Bool(true) => record.value("amount"),
            _ => Value::Empty,
        };
        let mut db = store.read().await.unwrap();
        let filter = world.check(&json!({"field": "amount", "op": "gte", "value": "0"}));
        let query = Query { sort: vec![sort(&world, "amount", true)], ..asking(filter.clone()) };
        let found = page(&mut db, &access, form, &query, context).await.unwrap();
        let zero = Value::number(0);
        let expected: BTreeSet<Id> = seen
            .iter()
            .filter(|order| amount(order).compare(&zero).is_some_and(std::cmp::Ordering::is_ge))
            .map(|order| order.id)
            .collect();
        assert_eq!(found.records.iter().map(|record| record.id).collect::<BTreeSet<_>>(), expected);
        let counted =
            count(&mut db, &access, form, Shelf::Live, &filter, Count::Exact, context).await.unwrap();
        assert_eq!(counted.value, expected.len() as u64);
        // A sort must not tell what is closed: those records come last, by id.
        let query = Query { sort: vec![sort(&world, "amount", false)], ..asking(Checked::always()) };
        let found = page(&mut db, &access, form, &query, context).await.unwrap();
        let tail: Vec<Id> = found
            .records
            .iter()
            .skip_while(|record| {
                !amount(world.orders.iter().find(|order| order.id == record.id).unwrap()).is_empty()
            })
            .map(|record| record.id)
            .collect();
        assert!(tail.is_sorted() && !tail.is_empty());
        assert_eq!(tail.len(), seen.iter().filter(|order| amount(order).is_empty()).count());
        // A sum leaves them out, and so does a group.
        let (reach, kind) = world.form().find("amount", &world.forms).unwrap();
        let wanted = Groups {
            shelf: Shelf::Live,
            filter: Checked::always(),
            group: Vec::new(),
            measures: vec![Measure { function: Function::Sum, of: Some((reach, kind)) }],
        };
        let sums = groups(&mut db, &access, form, &wanted, context).await.unwrap();
        let expected: engine::value::Decimal =
            seen.iter().filter_map(|order| amount(order).as_number()).sum();
        assert_eq!(sums[0].values, [Value::Number(expected)]);
        // One record is not to be had by its id either.
        let hidden = world.orders.iter().find(|order| order.value("status") == Value::text("old")).unwrap();
        assert_eq!(crate::record::get(&mut db, &access, form, hidden.id, context).await.unwrap(), None);
        let nobody = Access::granted(Vec::new());
        assert!(page(&mut db, &nobody, form, &query, context).await.unwrap().records.is_empty());
    })
    .await;
}

/// Groups as they must be, added up in memory.
fn grouped(
    world: &World,
    paths: &[(&str, Option<Unit>)],
    of: &str,
) -> BTreeMap<String, (i64, engine::value::Decimal)> {
    let mut all = BTreeMap::new();
    for record in &world.orders {
        let group: Vec<Value> = paths
            .iter()
            .map(|(path, unit)| {
                let reach = world.form().find(path, &world.forms).unwrap().0;
                match (world.source(record).value(&reach), unit) {
                    (Value::Date(day), Some(unit)) => Value::Date(unit.start(day)),
                    (Value::DateTime(at), Some(unit)) => Value::Date(unit.start(world.context.date_of(at))),
                    (value, _) => value,
                }
            })
            .collect();
        let entry = all.entry(format!("{group:?}")).or_insert((0, engine::value::Decimal::ZERO));
        entry.0 += 1;
        entry.1 += record.value(of).as_number().unwrap_or_default();
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn groups_add_up_exactly() {
    on_both(async |store| {
        // Amounts go up to eighteen digits: their sum is beyond a 64-bit number.
        let world = World::new(store, &mut Dice(6), 400).await;
        let mut db = store.read().await.unwrap();
        let access = Access::system("test");
        let cases: [&[(&str, Option<Unit>)]; 7] = [
            &[],
            &[("status", None)],
            &[("status", None), ("paid", None)],
            &[("day", Some(Unit::Month))],
            &[("at", Some(Unit::Day)), ("customer.tier", None)],
            &[("at", Some(Unit::Year))],
            &[("customer.vip", None)],
        ];
        for paths in cases {
            let by = paths.iter().map(|(path, unit)| {
                let (reach, kind) = world.form().find(path, &world.forms).unwrap();
                GroupBy { reach, kind, unit: *unit }
            });
            let measure = |function, path: &str| {
                let of = world.form().find(path, &world.forms).unwrap();
                Measure { function, of: Some(of) }
            };
            let wanted = Groups {
                shelf: Shelf::Live,
                filter: Checked::always(),
                group: by.collect(),
                measures: vec![
                    Measure { function: Function::Count, of: None },
                    measure(Function::Sum, "amount"),
                    measure(Function::Max, "day"),
                    measure(Function::Distinct, "title"),
                    measure(Function::Sum, "lines.n"),
                ],
            };
            let found = groups(&mut db, &access, world.form_ref(), &wanted, &world.context).await.unwrap();
            let expected = grouped(&world, paths, "amount");
            assert_eq!(found.len(), expected.len(), "{paths:?}");
            let mut lines = engine::value::Decimal::ZERO;
            for group in &found {
                let (count, sum) = &expected[&format!("{:?}", group.group)];
                assert_eq!(group.values[0], Value::number(*count), "{paths:?}");
                assert_eq!(group.values[1], Value::Number(*sum), "{paths:?} {:?}", group.group);
                assert_eq!(group.records, *count as u64);
                lines += group.values[4].as_number().unwrap();
            }
            let rows = world.orders.iter().flat_map(|order| order.value("lines").rows().to_vec());
            let all: engine::value::Decimal =
                rows.filter_map(|row| engine::value::get(&row.values, "n").as_number()).sum();
            assert_eq!(lines, all, "{paths:?}");
            if paths.is_empty() {
                assert_eq!(found[0].values[2], Value::Date("2026-09-22".parse().unwrap()));
                let titles: BTreeSet<String> = world
                    .orders
                    .iter()
                    .filter_map(|order| order.value("title").as_text().map(str::to_string))
                    .collect();
                assert_eq!(found[0].values[3], Value::number(titles.len() as i64));
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn averages_have_four_more_digits_and_nothing_gives_nothing() {
    on_both(async |store| {
        let mut forms = TestForms::new();
        forms.publish(store, customers()).await;
        let form = forms.form_ref("customers");
        let find = |path: &str| forms.forms["customers"].find(path, &forms).unwrap();
        let wanted = Groups {
            shelf: Shelf::Live,
            filter: Checked::always(),
            group: Vec::new(),
            measures: [Function::Avg, Function::Min, Function::Sum, Function::Count]
                .map(|function| Measure { function, of: Some(find("score")) })
                .to_vec(),
        };
        let mut db = store.read().await.unwrap();
        let access = Access::system("test");
        let empty = groups(&mut db, &access, form, &wanted, &context()).await.unwrap();
        assert_eq!(empty[0].values, [Value::Empty, Value::Empty, Value::number(0), Value::number(0)]);
        drop(db);
        let scores = [json!({"score": "1"}), json!({"score": "1"}), json!({"score": "2"}), json!({})];
        insert(store, form, &scores.map(|fields| forms.record("customers", fields))).await.unwrap();
        let mut db = store.read().await.unwrap();
        let found = groups(&mut db, &access, form, &wanted, &context()).await.unwrap();
        let number = |text: &str| Value::Number(text.parse().unwrap());
        assert_eq!(found[0].values, [number("1.333333"), number("1"), number("4"), number("3")]);
        // Every value of a many-valued field counts in its own group.
        let tags = [json!({"labels": ["x", "y"]}), json!({"labels": ["x"]})];
        drop(db);
        insert(store, form, &tags.map(|fields| forms.record("customers", fields))).await.unwrap();
        let (reach, kind) = find("labels");
        let wanted =
            Groups { group: vec![GroupBy { reach, kind, unit: None }], measures: Vec::new(), ..wanted };
        let mut db = store.read().await.unwrap();
        let found = groups(&mut db, &access, form, &wanted, &context()).await.unwrap();
        let counts: BTreeMap<String, u64> =
            found.iter().map(|group| (format!("{:?}", group.group[0]), group.records)).collect();
        let expected = [("Empty", 4), ("Text(\"x\")", 2), ("Text(\"y\")", 1)];
        assert_eq!(counts, expected.map(|(key, count)| (key.to_string(), count)).into());
    })
    .await;
}
