//! Stored records to ask for, made from a seed, and how they read in memory.

use std::sync::Arc;

use engine::condition::{Checked, Condition, Reach, Source};
use engine::context::Context;
use engine::form::Form;
use engine::value::{Id, Value, Values};
use serde_json::{Value as Json, json};

use crate::Store;
use crate::record::Record;
use crate::table::FormRef;
use crate::testing::{TestForms, context, insert};

/// Small numbers from a seed: a failing case is found again by its number.
pub(super) struct Dice(pub(super) u64);

/// A seed that is another in every run, or the one that `FORMWORK_SEED` says. It is printed, which is shown where the
/// test fails.
pub(super) fn seed_of_this_run() -> u64 {
    let told = std::env::var("FORMWORK_SEED").ok();
    let told = told.map(|seed| seed.parse().expect("FORMWORK_SEED is a number"));
    let seed = told.unwrap_or_else(|| getrandom::u64().unwrap());
    eprintln!("FORMWORK_SEED={seed} gives this run again");
    seed
}

impl Dice {
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sides as u64) as usize
    }

    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }

    pub(super) fn some(&mut self, from: &[&str]) -> Vec<String> {
        from.iter().filter(|_| self.roll(2) == 0).map(ToString::to_string).collect()
    }
}

pub(super) const TEXTS: &[&str] =
    &["甲", "甲乙", "a%b", "A%B", "a_b", "x\\y", "ＡＢ", "Straße", "STRASSE", "b"];
pub(super) const NUMBERS: &[&str] =
    &["0", "-0.01", "1.5", "1.50", "2", "100", "9999999999999999.99", "-9999999999999999.99"];
pub(super) const WHOLE: &[&str] = &["0", "1", "2", "100", "-3"];
pub(super) const FINE: &[&str] = &["0", "1.5", "1.500001", "2", "-0.01", "-0.010001", "100"];
pub(super) const DAYS: &[&str] =
    &["2026-09-21", "2026-09-20", "2026-09-22", "2026-08-31", "2025-12-31", "1969-12-31"];
pub(super) const INSTANTS: &[&str] = &[
    "2026-09-20T16:00:00Z",
    "2026-09-20T15:59:59.999999Z",
    "2026-09-21T16:00:00Z",
    "2025-12-31T16:00:00Z",
    "1969-12-31T23:59:59Z",
];
pub(super) const STATUS: &[&str] = &["paid", "new", "old"];
pub(super) const TAGS: &[&str] = &["x", "y", "z,1"];
pub(super) const CLOCKS: &[&str] = &["00:00", "08:30", "08:30:01", "23:59:59"];
pub(super) const STARS: &[&str] = &["1", "2", "5"];
pub(super) const AREAS: &[&str] = &["n", "n/a", "n/b", "s/a", "s"];
/// What people read of these differs from what is stored: tags, strokes, blanks.
pub(super) const STORIES: &[&str] = &[
    "<p>A<strong>%b</strong></p>",
    "<p>甲</p><p>乙</p>",
    "<ul><li>a_b</li></ul>",
    "&lt;strong&gt; Straße",
    "b",
];
pub(super) const PLACES: &[&str] =
    &["甲省/乙市/丙区/a%b", "甲省/乙市", "甲市/甲市/ＡＢ区", "b省//", "Strasse省/乙市//x\\y"];
pub(super) const SITES: &[&str] = &["31.2304,121.4737 甲", "-31.2304,0 a_b", "0,0"];
pub(super) const DOCS: &[&str] = &["{\"A\":\"甲\"}", "[1,\"a_b\"]", "{\"a%b\":true}"];

fn choices(keys: &[&str]) -> Json {
    json!({"choices": keys.iter().map(|key| json!({"key": key, "label": key})).collect::<Vec<_>>()})
}

pub(super) fn customers() -> Json {
    json!({"key": "customers", "label": "客户", "fields": [
        {"key": "name", "label": "名", "kind": "text"},
        {"key": "score", "label": "分", "kind": "number"},
        {"key": "vip", "label": "贵", "kind": "switch"},
        {"key": "tier", "label": "级", "kind": "select", "options": choices(STATUS)},
        {"key": "labels", "label": "签", "kind": "multi_select", "options": choices(TAGS)},
        {"key": "parent", "label": "上级", "kind": "link", "options": {"form": "customers"}}]})
}

pub(super) fn orders() -> Json {
    json!({"key": "orders", "label": "订单", "fields": [
        {"key": "title", "label": "题", "kind": "text"},
        {"key": "name", "label": "名", "kind": "text", "options": {"sort": "pinyin"}},
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
        {"key": "team", "label": "组", "kind": "members"},
        {"key": "dept", "label": "部", "kind": "department"},
        {"key": "units", "label": "诸部", "kind": "departments"},
        {"key": "partners", "label": "伙伴", "kind": "links", "options": {"form": "customers"}},
        {"key": "photos", "label": "图", "kind": "images"},
        {"key": "signed", "label": "签", "kind": "signature"},
        {"key": "hint", "label": "注", "kind": "note", "options": {"text": "x"}},
        {"key": "customer", "label": "客户", "kind": "link", "options": {"form": "customers"}},
        {"key": "clock", "label": "刻", "kind": "time"},
        {"key": "stars", "label": "星", "kind": "rating"},
        {"key": "area", "label": "域", "kind": "cascader", "options": {"any_level": true, "choices": [
            {"key": "s", "label": "南", "children": [{"key": "a", "label": "甲"}]},
            {"key": "n", "label": "北", "children": [{"key": "b", "label": "乙"}, {"key": "a", "label": "甲"}]}]}},
        {"key": "story", "label": "述", "kind": "rich_text"},
        {"key": "place", "label": "址", "kind": "address"},
        {"key": "site", "label": "处", "kind": "location"},
        {"key": "doc", "label": "文", "kind": "json"},
        {"key": "lines", "label": "行", "kind": "subform", "options": {"fields": [
            {"key": "item", "label": "品", "kind": "text"},
            {"key": "n", "label": "数", "kind": "number", "options": {"scale": 3}},
            {"key": "on", "label": "开", "kind": "switch"},
            {"key": "marks", "label": "标", "kind": "multi_select", "options": choices(TAGS)},
            {"key": "crew", "label": "人", "kind": "members"},
            {"key": "unit", "label": "部", "kind": "department"},
            {"key": "from", "label": "自", "kind": "link", "options": {"form": "customers"}}]}}]})
}

/// Some of the ids, in their order; none at all now and then.
fn some_of(dice: &mut Dice, ids: &[Id]) -> Vec<String> {
    if dice.roll(4) == 0 {
        return Vec::new();
    }
    ids.iter().filter(|_| dice.roll(3) == 0).map(Id::to_string).collect()
}

/// Stored records of both forms, and people.
pub(super) struct World {
    pub(super) forms: TestForms,
    pub(super) customers: Vec<Record>,
    pub(super) orders: Vec<Record>,
    pub(super) people: Vec<Id>,
    /// The second is a part of the first, the third of the second; the fourth stands alone.
    pub(super) departments: Vec<Id>,
    pub(super) context: Context,
}

impl World {
    pub(super) async fn new(store: &Store, dice: &mut Dice, count: usize) -> World {
        let mut forms = TestForms::new();
        forms.publish(store, customers()).await;
        forms.publish(store, orders()).await;
        let people: Vec<Id> = (0..4).map(|_| crate::ids::next()).collect();
        let mut context = context();
        context.user = Some(people[0]);
        let departments: Vec<Id> = (0..4).map(|_| crate::ids::next()).collect();
        context.above = Arc::new([(departments[1], departments[0]), (departments[2], departments[1])].into());
        context.departments = vec![people[1], departments[1], departments[2]];
        context.subordinates = vec![people[2], people[3]];
        context.params.insert("least".into(), Value::Number("1.505".parse().unwrap()));
        let (customers, orders) = (Vec::new(), Vec::new());
        let mut world = World { forms, customers, orders, people, departments, context };
        for _ in 0..8 {
            let record = world.forms.record("customers", world.customer(dice));
            world.customers.push(record);
        }
        for _ in 0..count {
            let mut record = world.forms.record("orders", world.order(dice));
            record.system.owner = Some(*dice.pick(&world.people)).filter(|_| dice.roll(3) > 0);
            record.system.department = Some(*dice.pick(&world.departments)).filter(|_| dice.roll(3) > 0);
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
            ("clock", CLOCKS),
            ("stars", STARS),
            ("area", AREAS),
            ("story", STORIES),
            ("place", PLACES),
            ("site", SITES),
            ("doc", DOCS),
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
        fields["team"] = json!(some_of(dice, &self.people));
        fields["units"] = json!(some_of(dice, &self.departments));
        let customers: Vec<Id> = self.customers.iter().map(|customer| customer.id).collect();
        fields["partners"] = json!(some_of(dice, &customers));
        fields["photos"] = json!(some_of(dice, &self.people));
        for (key, ids) in [("dept", &self.departments), ("signed", &self.people)] {
            if dice.roll(4) > 0 {
                fields[key] = json!(dice.pick(ids).to_string());
            }
        }
        if dice.roll(4) > 0 {
            fields["customer"] = json!(dice.pick(&self.customers).id.to_string());
        }
        let rows: Vec<Json> = (0..dice.roll(4))
            .map(|_| {
                let mut row = json!({"on": dice.roll(2) == 0, "marks": dice.some(TAGS)});
                row["crew"] = json!(some_of(dice, &self.people));
                if dice.roll(4) > 0 {
                    row["unit"] = json!(dice.pick(&self.departments).to_string());
                }
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

    pub(super) fn form(&self) -> &Arc<Form> {
        &self.forms.forms["orders"]
    }

    pub(super) fn form_ref(&self) -> FormRef {
        self.forms.form_ref("orders")
    }

    pub(super) fn check(&self, condition: &Json) -> Checked {
        let condition: Condition = serde_json::from_value(condition.clone()).unwrap();
        self.form().check(&condition, &self.forms).unwrap_or_else(|faults| panic!("{faults:?}"))
    }

    pub(super) fn source<'w>(&'w self, record: &'w Record) -> InMemory<'w> {
        InMemory { world: self, record }
    }
}

/// A stored record as the interpreter in memory reads it.
pub(super) struct InMemory<'w> {
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
