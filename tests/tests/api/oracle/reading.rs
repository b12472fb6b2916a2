//! The eight ways of reading: lists, counts, groups, sums, search and pickers, exports, lookups and rollups, histories.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tests::workspace::items;
use tests::{Answer, Client, Dice, Person, together};

use super::model::{AREA, Asked, Held, ORDER, Oracle, Stored, decimal, wire};
use super::{Asks, World, parts};

/// Requests that are under way at once.
const AT_ONCE: usize = 12;
/// Requests of each way in a round. Every one is a question of its own.
const LISTS: usize = 24;
const COUNTS: usize = 50;
const LOOKUPS: usize = 15;
const GROUPS: usize = 36;
const SUMS: usize = 24;
const SEARCHES: usize = 10;
const PICKS: usize = 9;
const HISTORIES: usize = 16;

/// Asks a member everything once, with other questions each time. A request that was judged is a case.
pub async fn ask(world: &World, who: &Person, oracle: &Oracle<'_>, dice: &mut Dice, asks: &mut Asks) {
    let reader = Reader { world, who, oracle };
    let mut count = |way: &'static str, asked: usize| *asks.entry(way).or_default() += asked;
    let questions: Vec<Question> = (0..LISTS).map(|_| Question::roll(dice)).collect();
    for part in questions.chunks(AT_ONCE) {
        together(part.iter().map(|question| reader.list(question))).await;
    }
    count("list", LISTS);
    let questions: Vec<Question> = (0..COUNTS).map(|_| Question::roll(dice)).collect();
    for part in questions.chunks(AT_ONCE) {
        together(part.iter().map(|question| reader.count(question))).await;
    }
    count("count", COUNTS);
    let questions: Vec<Question> = (0..LOOKUPS).map(|_| Question::roll(dice)).collect();
    for part in questions.chunks(AT_ONCE) {
        together(part.iter().map(|question| reader.lookups(question))).await;
    }
    reader.rollups().await;
    count("lookup", LOOKUPS + 1);
    let groups = (0..GROUPS).map(|_| Sum::roll(dice, true)).collect::<Vec<_>>();
    let sums = (0..SUMS).map(|_| Sum::roll(dice, false)).collect::<Vec<_>>();
    for part in groups.chunks(AT_ONCE).chain(sums.chunks(AT_ONCE)) {
        together(part.iter().map(|question| reader.sum(question))).await;
    }
    count("group", GROUPS);
    count("aggregate", SUMS);
    let some: Vec<&Stored> = (0..HISTORIES).map(|_| dice.pick(oracle.orders)).collect();
    together(some.iter().map(|order| reader.history(order))).await;
    parts::ask(world, who, oracle, &some).await;
    // The record itself besides.
    count("history", 2 * HISTORIES);
    let some: Vec<&Stored> = (0..SEARCHES).map(|_| dice.pick(oracle.orders)).collect();
    together(some.iter().map(|order| reader.search(order))).await;
    together(some.iter().take(PICKS).map(|order| reader.pick(order))).await;
    reader.pick_any().await;
    count("search", SEARCHES + PICKS + 1);
    reader.export().await;
    count("export", 1);
}

/// What a list is asked for.
struct Question {
    filter: Option<Asked>,
    /// Field and whether it falls.
    sort: Option<(&'static str, bool)>,
}

impl Question {
    fn roll(dice: &mut Dice) -> Question {
        let filter = (dice.roll(6) > 0).then(|| Asked::roll(dice, 2, true));
        let sort = (dice.roll(2) == 0).then(|| (*dice.pick(&["amount", "cost", "day"]), dice.roll(2) == 0));
        Question { filter, sort }
    }
}

/// What is added up.
struct Sum {
    filter: Option<Asked>,
    group: Option<&'static str>,
    field: &'static str,
}

impl Sum {
    fn roll(dice: &mut Dice, by_group: bool) -> Sum {
        Sum {
            filter: (dice.roll(2) > 0).then(|| Asked::roll(dice, 1, true)),
            group: by_group.then(|| *dice.pick(&["region", "note", AREA])),
            field: dice.pick::<&str>(&["amount", "cost"]),
        }
    }
}

struct Reader<'r> {
    world: &'r World,
    who: &'r Client,
    oracle: &'r Oracle<'r>,
}

/// What is to be thought of a question before it is asked.
enum Expected {
    Answered,
    /// It names what does not exist for the member.
    Unknown,
    /// It looks behind a link that shows the member no record at all: both are right, and neither tells anything.
    Either,
}

impl Reader<'_> {
    fn expected(&self, paths: &[&'static str]) -> Expected {
        if paths.iter().any(|path| *path != AREA && !self.oracle.knows(path)) {
            return Expected::Unknown;
        }
        match paths.contains(&AREA) && !self.oracle.knows(AREA) {
            true if self.oracle.views_customers() => Expected::Unknown,
            true => Expected::Either,
            false => Expected::Answered,
        }
    }

    /// The answer where there should be one.
    fn judged(&self, answer: Answer, paths: &[&'static str], told: &str) -> Option<Value> {
        if !self.oracle.uses_orders() {
            assert_eq!(answer.status, 404, "{told}: {}", answer.body);
            return None;
        }
        if !self.oracle.views_orders() {
            let mut rows = answer.body["rows"].as_array().into_iter().flatten();
            let none = answer.body["items"].as_array().is_none_or(Vec::is_empty)
                && rows.all(|row| row["values"]["n"] == "0");
            assert!(answer.status >= 400 || none, "{told}: {}", answer.body);
            return None;
        }
        match self.expected(paths) {
            Expected::Answered => Some(answer.ok()),
            Expected::Either if answer.status == 422 => None,
            Expected::Either => Some(answer.ok()),
            Expected::Unknown => {
                assert_eq!(
                    (answer.status, answer.body["code"].as_str()),
                    (422, Some("unknown_field")),
                    "{told}: {}",
                    answer.body
                );
                None
            }
        }
    }

    /// Puts a question about orders with these further members; gives the answer, where there should be one, and how it
    /// was asked.
    async fn queried(&self, question: &Question, mut asked: Value) -> (Option<Value>, String) {
        let mut paths = Vec::new();
        if let Some(filter) = &question.filter {
            filter.paths(&mut paths);
            asked["filter"] = filter.document();
        }
        if let Some((field, desc)) = question.sort {
            paths.push(field);
            asked["sort"] = json!([{"field": field, "desc": desc}]);
        }
        let told = format!("{asked} by {:?}", self.oracle.of_orders);
        let answer = self.world.orders.query(self.who, asked).await;
        (self.judged(answer, &paths, &told), told)
    }

    /// The number alone, with one record at most beside it.
    async fn count(&self, question: &Question) {
        let (Some(list), told) = self.queried(question, json!({"limit": 1, "count": "exact"})).await else {
            return;
        };
        let found = self.oracle.found(question.filter.as_ref());
        assert_eq!(list["count"]["value"], found.len(), "the number of {told}");
        assert_eq!(items(&list).len(), found.len().min(1), "records of {told}");
        assert!(found.len() <= 1 || !list["next"].is_null(), "there is more of {told}");
    }

    /// What the records of a list show through their links.
    async fn lookups(&self, question: &Question) {
        let (Some(list), told) = self.queried(question, json!({"limit": 500})).await else { return };
        let found = self.oracle.found(question.filter.as_ref());
        assert_eq!(items(&list).len(), found.len(), "records of {told}");
        for item in items(&list) {
            let order = found.iter().find(|order| order.id == item["id"].as_str().unwrap()).unwrap();
            self.has_lookup(order, &item["fields"], &told);
        }
    }

    async fn list(&self, question: &Question) {
        let asked = json!({"limit": 500, "count": "exact"});
        let (Some(list), told) = self.queried(question, asked).await else { return };
        let found = self.oracle.found(question.filter.as_ref());
        let expected: BTreeSet<&str> = found.iter().map(|order| order.id.as_str()).collect();
        let shown: BTreeSet<&str> = items(&list).iter().map(|item| item["id"].as_str().unwrap()).collect();
        assert_eq!(shown, expected, "records of {told}");
        assert_eq!(list["count"]["value"], expected.len(), "the number of {told}");
        for item in items(&list) {
            let order = found.iter().find(|order| order.id == item["id"].as_str().unwrap()).unwrap();
            self.has_fields(order, &item["fields"], &told);
            self.has_lookup(order, &item["fields"], &told);
        }
        if let Some((field, desc)) = question.sort {
            self.is_sorted(items(&list), field, desc, &told);
        }
    }

    /// Exactly those that are readable.
    fn has_fields(&self, order: &Stored, fields: &Value, told: &str) {
        for (key, _) in ORDER {
            let shown = fields.get(key);
            if !self.oracle.reads_of_order(order, key) {
                assert_eq!(shown, None, "{key} of {} in {told}", order.id);
                continue;
            }
            let held = match &order.fields[key] {
                Held::Link(place) => json!(self.oracle.customers[*place].id),
                other => wire(other),
            };
            assert_eq!(shown.unwrap_or(&Value::Null), &held, "{key} of {} in {told}", order.id);
        }
    }

    /// What the link leads to, where that may be seen.
    fn has_lookup(&self, order: &Stored, fields: &Value, told: &str) {
        let shown = fields.get("tier").cloned().unwrap_or_default();
        let customer = match order.fields["customer"] {
            Held::Link(place) => Some(&self.oracle.customers[place]),
            _ => None,
        };
        let is_open = self.oracle.reads_of_order(order, "tier");
        let visible = customer.filter(|customer| {
            is_open && self.oracle.sees_customer(customer) && self.oracle.reads_of_customer(customer, "tier")
        });
        match visible {
            None => assert_eq!(shown, Value::Null, "tier of {} in {told}", order.id),
            Some(customer) if self.oracle.reads_of_order(order, "customer") => {
                assert_eq!(shown, wire(&customer.fields["tier"]), "tier of {} in {told}", order.id);
            }
            // Shown through a link that is not shown itself, or not at all.
            Some(customer) => {
                assert!(shown.is_null() || shown == wire(&customer.fields["tier"]), "{shown} in {told}");
            }
        }
    }

    /// First what is filled for the member, in order; where it stands among the rest tells nothing of what it holds.
    fn is_sorted(&self, items: &[Value], field: &str, desc: bool, told: &str) {
        let shown = items.iter().map(|item| {
            let id = item["id"].as_str().unwrap();
            let order = self.oracle.orders.iter().find(|order| order.id == id).unwrap();
            (self.oracle.shown(order, field), id)
        });
        let shown: Vec<(Held, &str)> = shown.collect();
        let filled = shown.iter().take_while(|(held, _)| *held != Held::Empty).count();
        assert!(shown[filled..].iter().all(|(held, _)| *held == Held::Empty), "{shown:?} in {told}");
        let in_order = |pair: &[(Held, &str)]| match desc {
            true => pair[0].0 >= pair[1].0,
            false => pair[0].0 <= pair[1].0,
        };
        assert!(shown[..filled].windows(2).all(in_order), "{shown:?} in {told}");
        let ids: Vec<&str> = shown[filled..].iter().map(|(_, id)| *id).collect();
        let rising = ids.is_sorted();
        assert!(rising || ids.iter().rev().is_sorted(), "the rest of {told} goes by what it holds: {ids:?}");
    }

    async fn sum(&self, question: &Sum) {
        let mut paths = vec![question.field];
        let measures = ["sum", "min", "max"]
            .map(|function| json!({"key": function, "fn": function, "field": question.field}));
        let mut measures = measures.to_vec();
        measures.push(json!({"key": "n", "fn": "count"}));
        let mut asked = json!({"measures": measures, "group": []});
        if let Some(filter) = &question.filter {
            filter.paths(&mut paths);
            asked["filter"] = filter.document();
        }
        if let Some(group) = question.group {
            paths.push(group);
            asked["group"] = json!([{"field": group}]);
        }
        let told = format!("{asked} by {:?}", self.oracle.of_orders);
        let answer = self.world.orders.add_up(self.who, asked).await;
        let Some(answer) = self.judged(answer, &paths, &told) else { return };
        let mut expected: BTreeMap<String, (usize, Vec<i64>)> = BTreeMap::new();
        for order in self.oracle.found(question.filter.as_ref()) {
            let group = question.group.map_or(Held::Empty, |group| self.oracle.shown(order, group));
            let (count, values) = expected.entry(wire(&group).to_string()).or_default();
            *count += 1;
            if let Held::Number(number) = self.oracle.shown(order, question.field) {
                values.push(number);
            }
        }
        let mut told_of = BTreeSet::new();
        for row in answer["rows"].as_array().unwrap() {
            let group = row["group"].get(0).cloned().unwrap_or_default().to_string();
            let none = (0, Vec::new());
            let (count, values) = expected.get(&group).unwrap_or(&none);
            let value = |key: &str| row["values"][key].clone();
            let number = |number: Option<i64>| number.map_or(Value::Null, |number| json!(decimal(number)));
            assert_eq!(value("n"), json!(count.to_string()), "the number in {group} of {told}");
            let sum = (!values.is_empty()).then(|| values.iter().sum::<i64>());
            // Of no amount the sum is nothing, or none.
            let is_none = sum.is_none() && (value("sum").is_null() || value("sum") == json!("0.00"));
            assert!(is_none || value("sum") == number(sum), "the sum in {group} of {told}: {row}");
            assert_eq!(value("min"), number(values.iter().min().copied()), "the least in {group} of {told}");
            assert_eq!(value("max"), number(values.iter().max().copied()), "the most in {group} of {told}");
            told_of.insert(group);
        }
        let missing = expected.keys().find(|group| !told_of.contains(*group));
        assert_eq!(missing, None, "a group of {told}: {answer}");
    }

    async fn history(&self, order: &Stored) {
        let path = self.world.orders.path(&format!("/records/{}/history", order.id));
        let answer = self.who.get(&path).await;
        let told = format!("{path} by {:?}", self.oracle.of_orders);
        if !self.oracle.sees_order(order) {
            assert_eq!((answer.status, answer.body["code"].as_str()), (404, Some("not_found")), "{told}");
            return;
        }
        let history = answer.ok();
        let changed: BTreeSet<&str> = items(&history)
            .iter()
            .filter_map(|entry| entry["changes"].as_object())
            .flat_map(|changes| changes.keys())
            .map(String::as_str)
            .filter(|key| ["amount", "cost", "note"].contains(key))
            .collect();
        let expected = ["amount", "cost", "note"].into_iter();
        let expected: BTreeSet<&str> =
            expected.filter(|key| self.oracle.reads_of_order(order, key)).collect();
        assert_eq!(changed, expected, "{told}: {history}");
        let text = history.to_string();
        for (field, before) in [("amount", "77.77"), ("cost", "88.88"), ("note", "\"before\"")] {
            let is_told = text.contains(before);
            assert_eq!(is_told, expected.contains(field), "{before} in {told}: {history}");
        }
    }

    /// A record is found by its name where the member may know it, and nowhere else.
    async fn search(&self, order: &Stored) {
        let code = code_of(order);
        let hits = self.who.get(&format!("/search?q={code}")).await.ok();
        let is_found = items(&hits).iter().any(|hit| hit["id"] == json!(order.id));
        let may = self.oracle.sees_order(order) && self.oracle.reads_of_order(order, "code");
        assert_eq!(is_found, may, "{code} by {:?}: {hits}", self.oracle.of_orders);
        assert!(may || !hits.to_string().contains(code), "{code} by {:?}: {hits}", self.oracle.of_orders);
    }

    async fn pick(&self, order: &Stored) {
        let code = code_of(order);
        let path = self.world.shipments.path(&format!("/fields/order/options?q={code}"));
        let offered = self.who.get(&path).await;
        if offered.status == 404 && !self.oracle.views_orders() {
            return;
        }
        let offered = offered.ok();
        let is_offered = items(&offered).iter().any(|item| item["id"] == json!(order.id));
        let may = self.oracle.sees_order(order) && self.oracle.reads_of_order(order, "code");
        assert_eq!(is_offered, may, "{code} by {:?}: {offered}", self.oracle.of_orders);
        assert!(
            may || !offered.to_string().contains(code),
            "{code} by {:?}: {offered}",
            self.oracle.of_orders
        );
    }

    async fn pick_any(&self) {
        let path = self.world.shipments.path("/fields/order/options");
        let offered = self.who.get(&path).await;
        if offered.status == 404 && !self.oracle.views_orders() {
            return;
        }
        let offered = offered.ok();
        let visible: Vec<&Stored> = self.oracle.found(None);
        for item in items(&offered) {
            let order = visible.iter().find(|order| json!(order.id) == item["id"]);
            let order = order.unwrap_or_else(|| panic!("{item} by {:?}", self.oracle.of_orders));
            let names = item.to_string().contains(code_of(order));
            let may = self.oracle.reads_of_order(order, "code");
            assert!(may || !names, "{item} by {:?}", self.oracle.of_orders);
        }
        assert_eq!(items(&offered).len(), visible.len().min(20), "by {:?}", self.oracle.of_orders);
    }

    /// Sums that customers show over all their orders, to who may read the field.
    async fn rollups(&self) {
        let answer = self.world.customers.query(self.who, json!({"limit": 500})).await;
        let told = format!("customers by {:?}", self.oracle.of_customers);
        if !self.oracle.uses_customers() {
            assert_eq!(answer.status, 404, "{told}");
            return;
        }
        if !self.oracle.views_customers() && (answer.status == 403 || answer.status == 404) {
            return;
        }
        let list = answer.ok();
        let seen = |customer: &&Stored| self.oracle.sees_customer(customer);
        let expected: BTreeSet<&str> =
            self.oracle.customers.iter().filter(seen).map(|customer| customer.id.as_str()).collect();
        let shown: BTreeSet<&str> = items(&list).iter().map(|item| item["id"].as_str().unwrap()).collect();
        assert_eq!(shown, expected, "{told}");
        for item in items(&list) {
            let place = self.oracle.customers.iter().position(|customer| json!(customer.id) == item["id"]);
            let place = place.unwrap();
            let customer = &self.oracle.customers[place];
            let total = item["fields"].get("total");
            if !self.oracle.reads_of_customer(customer, "total") {
                assert_eq!(total, None, "{told}");
                continue;
            }
            let linked =
                self.oracle.orders.iter().filter(|order| order.fields["customer"] == Held::Link(place));
            let amounts = linked.filter_map(|order| match order.fields["amount"] {
                Held::Number(number) => Some(number),
                _ => None,
            });
            let sum: i64 = amounts.sum();
            // However many digits it has behind the point.
            let total = total.and_then(Value::as_str).unwrap_or("0");
            let plain = |text: &str| match text.contains('.') {
                true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
                false => text.to_owned(),
            };
            assert_eq!(plain(total), plain(&decimal(sum)), "{told}");
        }
    }

    async fn export(&self) {
        let export = json!({"format": "json"});
        let started = self.who.post(&self.world.orders.path("/export"), export).await;
        let told = format!("an export by {:?}", self.oracle.of_orders);
        if !self.oracle.of_orders.iter().any(|rights| rights.is_on && rights.exports) {
            assert!([403, 404].contains(&started.status), "{told}: {}", started.body);
            return;
        }
        if started.status == 422 {
            // No field is left to be exported.
            let reads_any = ORDER.iter().any(|(key, _)| self.oracle.knows(key));
            assert!(!reads_any, "{told}: {}", started.body);
            return;
        }
        let job = self.who.job(started).await;
        assert_eq!(job["state"], "done", "{told}: {job}");
        let file = self.who.get(&format!("/files/{}", job["result"]["file"].as_str().unwrap())).await.ok();
        let rows = file.as_array().unwrap();
        let expected: BTreeSet<&str> = self
            .oracle
            .orders
            .iter()
            .filter(|order| self.oracle.exports_order(order))
            .map(|order| order.id.as_str())
            .collect();
        let exported: BTreeSet<&str> = rows.iter().map(|row| row["$id"].as_str().unwrap()).collect();
        assert_eq!(exported, expected, "{told}");
        assert_eq!(job["result"]["records"], expected.len(), "{told}");
        for row in rows {
            let order = self.oracle.orders.iter().find(|order| json!(order.id) == row["$id"]).unwrap();
            for (key, _) in ORDER {
                let shown = row.get(key).cloned().unwrap_or_default();
                let held = match &order.fields[key] {
                    Held::Link(place) => json!(self.oracle.customers[*place].id),
                    other => wire(other),
                };
                let is_readable = self.oracle.reads_of_order(order, key);
                assert!(is_readable || shown.is_null(), "{key} of {} in {told}", order.id);
                if self.oracle.exports_field(order, key) {
                    assert_eq!(shown, held, "{key} of {} in {told}", order.id);
                } else {
                    assert!(shown.is_null() || shown == held, "{key} of {} in {told}", order.id);
                }
            }
        }
    }
}

/// The part of an order's name that no other has.
fn code_of(order: &Stored) -> &str {
    let Held::Text(code) = &order.fields["code"] else { panic!("{order:?}") };
    code.split(' ').next_back().unwrap()
}
