//! Random rights and random questions, put to eight ways of reading and worked out by brute force: no record, no field, no
//! number and no sum that the rights do not give, and none that they give is missing.
//!
//! One stored world on each database serves for all cases: the rights of its members are made anew again and again, and each
//! round asks many questions. A case is one request by one member to one way of reading, whose whole answer is judged.

mod model;
mod parts;
mod reading;

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use tests::design::{Field, date, form, link, number, select, subform, text};
use tests::dice::seed_of_this_run;
use tests::workspace::id_of;
use tests::{Client, Dice, Form, Person, Workspace, on_both_shared};

use model::{Asked, CUSTOMER, Fields, Held, ORDER, Oracle, REGIONS, Rights, Stored, TIERS, some_value, wire};

/// Cases of a run on each database, unless `FORMWORK_ORACLE_CASES` says otherwise.
const CASES: usize = 20_000;
const ORDERS: usize = 40;
const CUSTOMERS: usize = 10;
const MEMBERS: usize = 6;
/// Departments: each of the first three is a part of the one before, and the last stands alone.
const WARDS: usize = 4;
/// Member and manager; the first reports to nobody, and whoever reports to the second reports to the first too.
const REPORTS: [(usize, usize); 3] = [(1, 0), (2, 1), (4, 3)];
/// Groups of a member on orders, and on customers.
const GROUPS: usize = 3;
const GROUPS_OF_CUSTOMERS: usize = 2;

/// What is stored, and who asks.
pub struct World {
    admin: Client,
    orders: Form,
    customers: Form,
    shipments: Form,
    stored_orders: Vec<Stored>,
    stored_customers: Vec<Stored>,
    members: Vec<Member>,
    /// Ids of the departments; the member of the same place is in each.
    wards: Vec<String>,
}

struct Member {
    person: Person,
    /// What a row may ask of whoever looks.
    own: Vec<Asked>,
    /// Group ids, in the order of their keys.
    groups: Vec<String>,
    groups_of_customers: Vec<String>,
}

/// How many questions each way of reading was asked.
pub type Asks = BTreeMap<&'static str, usize>;

impl World {
    async fn new(workspace: &Workspace, dice: &mut Dice) -> World {
        let app = workspace.app("Oracle").await;
        let total = Field::new("total", "rollup").option("form", "order").option("link", "customer");
        let total = total.option("fn", "sum").option("field", "amount");
        let customer = [text("name"), select("area", &REGIONS), select("tier", &TIERS)];
        let customers = app.form(form("customer", customer).with("title", "{name}")).await;
        let tier = Field::new("tier", "lookup").option("link", "customer").option("field", "tier");
        let order = [
            text("code"),
            select("region", &REGIONS),
            number("amount", 2),
            number("cost", 2),
            date("day"),
            text("note"),
            link("customer", "customer"),
            tier,
            subform("parts", [text("what"), number("price", 2)]),
            Field::new("clerk", "member"),
            Field::new("ward", "department"),
        ];
        let orders = app.form(form("order", order).with("title", "{code}")).await;
        customers.extend(json!([{"do": "add_field", "field": total.value()}])).await;
        let shipments = app.form(form("shipment", [text("what"), link("order", "order")])).await;
        let everyone = json!({"format": 1, "key": "all", "label": "All", "who": {"everyone": true},
            "operations": ["view", "create"], "fields": {"*": "edit"}});
        workspace.admin.post(&shipments.path("/permissions"), everyone).await.created();

        let mut world = World {
            admin: workspace.admin.clone(),
            orders,
            customers,
            shipments,
            stored_orders: Vec::new(),
            stored_customers: Vec::new(),
            members: Vec::new(),
            wards: Vec::new(),
        };
        world.people(workspace).await;
        world.store(dice).await;
        world
    }

    async fn people(&mut self, workspace: &Workspace) {
        let mut people = Vec::new();
        for _ in 0..MEMBERS {
            people.push(workspace.person("reader").await);
        }
        for (place, person) in people.iter().take(WARDS).enumerate() {
            let mut ward = json!({"name": format!("Ward of {}", person.id), "members": [person.id]});
            if (1..WARDS - 1).contains(&place) {
                ward["parent"] = json!(self.wards[place - 1]);
            }
            self.wards.push(id_of(&self.admin.post("/departments", ward).await.created()));
        }
        for (member, manager) in REPORTS {
            let path = format!("/members/{}", people[member].id);
            let request = self.admin.request(Method::PATCH, &path).header("if-match", "*");
            self.admin.send(request.json(&json!({"manager": people[manager].id}))).await.ok();
        }
        let ids: Vec<String> = people.iter().map(|person| person.id.clone()).collect();
        for (place, person) in people.into_iter().enumerate() {
            let own = self.own_of(place, &ids);
            let groups = self.groups(&self.orders, &person, GROUPS).await;
            let groups_of_customers = self.groups(&self.customers, &person, GROUPS_OF_CUSTOMERS).await;
            self.members.push(Member { person, own, groups, groups_of_customers });
        }
    }

    /// What stands for a member in the rows of their groups.
    fn own_of(&self, place: usize, ids: &[String]) -> Vec<Asked> {
        let held = |ids: &[String]| ids.iter().cloned().map(Held::Text).collect::<Vec<_>>();
        let wards = match place {
            0..=2 => &self.wards[place..WARDS - 1],
            3 => &self.wards[WARDS - 1..],
            _ => &[],
        };
        let own = if place < WARDS { &self.wards[place..=place] } else { &[] };
        let below = match place {
            0 => vec![ids[1].clone(), ids[2].clone()],
            1 => vec![ids[2].clone()],
            3 => vec![ids[4].clone()],
            _ => Vec::new(),
        };
        vec![
            Asked::Own { path: "clerk", var: "me", whose: held(&ids[place..=place]) },
            Asked::Own { path: "clerk", var: "my_subordinates", whose: held(&below) },
            Asked::Own { path: "ward", var: "my_departments", whose: held(wards) },
            Asked::Own { path: "ward", var: "my_own_departments", whose: held(own) },
        ]
    }

    async fn store(&mut self, dice: &mut Dice) {
        let some = |dice: &mut Dice, sort| match dice.roll(5) {
            0 => Held::Empty,
            _ => some_value(dice, sort),
        };
        let customers: Vec<Fields> = (0..CUSTOMERS)
            .map(|_| CUSTOMER.iter().map(|(key, sort)| (*key, some(dice, *sort))).collect())
            .collect();
        let ids = self.customers.add_all(customers.iter().map(|fields| written(fields, &[]))).await;
        self.stored_customers = stored(&ids, customers);

        let clerks: Vec<String> = self.members.iter().map(|member| member.person.id.clone()).collect();
        let wards = self.wards.clone();
        let somebody = |dice: &mut Dice, ids: &[String]| match dice.roll(4) {
            0 => Held::Empty,
            _ => Held::Text(dice.pick(ids).clone()),
        };
        let order = |dice: &mut Dice, n: usize| -> Fields {
            let mut fields: Fields = ORDER.iter().map(|(key, sort)| (*key, some(dice, *sort))).collect();
            // Each is called by what no other is.
            let Held::Text(word) = some_value(dice, model::Sort::Text) else { unreachable!() };
            fields.insert("code", Held::Text(format!("{word} c{n:03}x")));
            fields.insert("clerk", somebody(dice, &clerks));
            fields.insert("ward", somebody(dice, &wards));
            let customer = dice.roll(CUSTOMERS + 2);
            fields.insert("customer", if customer < CUSTOMERS { Held::Link(customer) } else { Held::Empty });
            fields
        };
        let orders: Vec<Fields> = (0..ORDERS).map(|n| order(dice, n)).collect();
        // First something else, so that there is a history to be read.
        let first = |fields: &Fields| {
            let mut first = written(fields, &ids);
            first["amount"] = json!("77.77");
            first["cost"] = json!("88.88");
            first["note"] = json!("before");
            first
        };
        let with_parts = orders.iter().enumerate().map(|(place, fields)| {
            let mut first = first(fields);
            first["parts"] = parts::sent(place);
            first
        });
        let order_ids = self.orders.add_all(with_parts).await;
        let rows = orders.iter().zip(&order_ids).map(|(fields, id)| {
            let held = |field| wire(&fields[field]);
            let now = json!({"amount": held("amount"), "cost": held("cost"), "note": held("note")});
            json!({"id": id, "version": 1, "fields": now})
        });
        let update = json!({"update": rows.collect::<Vec<_>>()});
        self.admin.post(&self.orders.path("/records/bulk"), update).await.ok();
        self.stored_orders = stored(&order_ids, orders);
    }

    /// Empty groups of a member, which get their rights later.
    async fn groups(&self, form: &Form, person: &Person, count: usize) -> Vec<String> {
        let mut groups = Vec::new();
        for n in 0..count {
            let key = format!("g{n}_{}", person.id);
            let group = json!({"format": 1, "key": key, "label": key, "who": {"members": [person.id]},
                "operations": [], "fields": {"*": "none"}, "enabled": false});
            groups.push(id_of(&self.admin.post(&form.path("/permissions"), group).await.created()));
        }
        groups
    }

    /// Gives a member other rights.
    async fn give(&self, dice: &mut Dice, member: &Member) -> (Vec<Rights>, Vec<Rights>) {
        let fields: Vec<&'static str> =
            ORDER.iter().map(|(key, _)| *key).chain(["tier", "parts", "parts.what", "parts.price"]).collect();
        let rows = |dice: &mut Dice| Asked::of_somebody(dice, &member.own);
        let orders: Vec<Rights> = (0..GROUPS).map(|_| Rights::roll(dice, &fields, rows)).collect();
        let fields: Vec<&'static str> = CUSTOMER.iter().map(|(key, _)| *key).chain(["total"]).collect();
        let customers: Vec<Rights> =
            (0..GROUPS_OF_CUSTOMERS).map(|_| Rights::roll(dice, &fields, Asked::of_customer)).collect();
        for (form, groups, rights) in [
            (&self.orders, &member.groups, &orders),
            (&self.customers, &member.groups_of_customers, &customers),
        ] {
            for (n, (id, rights)) in groups.iter().zip(rights).enumerate() {
                let key = format!("g{n}_{}", member.person.id);
                let document = rights.document(dice, &key, &member.person.id);
                self.admin.put(&form.path(&format!("/permissions/{id}")), "*", document).await.ok();
            }
        }
        (orders, customers)
    }
}

/// The fields of a record as they are sent; a link by the id of what it leads to.
fn written(fields: &Fields, customers: &[String]) -> Value {
    let mut sent = json!({});
    for (key, held) in fields {
        sent[*key] = match held {
            Held::Link(place) => json!(customers[*place]),
            other => wire(other),
        };
    }
    sent
}

fn stored(ids: &[String], fields: Vec<Fields>) -> Vec<Stored> {
    ids.iter().zip(fields).map(|(id, fields)| Stored { id: id.clone(), fields }).collect()
}

fn cases() -> usize {
    std::env::var("FORMWORK_ORACLE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES)
}

#[tokio::test]
async fn what_each_way_of_reading_shows_is_what_the_rights_give() {
    let seed = seed_of_this_run();
    let wanted = cases();
    on_both_shared(async |workspace| {
        let mut dice = Dice::new(seed);
        let world = World::new(&workspace, &mut dice).await;
        let mut asks = Asks::new();
        let mut round = 0;
        while asks.values().sum::<usize>() < wanted {
            let member = &world.members[round % MEMBERS];
            round += 1;
            let (of_orders, of_customers) = world.give(&mut dice, member).await;
            let oracle = Oracle {
                orders: &world.stored_orders,
                customers: &world.stored_customers,
                of_orders: &of_orders,
                of_customers: &of_customers,
            };
            reading::ask(&world, &member.person, &oracle, &mut dice, &mut asks).await;
        }
        eprintln!("{} cases in {round} rounds: {asks:?}", asks.values().sum::<usize>());
        assert_eq!(asks.len(), 8, "a way of reading was not asked: {asks:?}");
        assert!(wanted < CASES || asks.values().all(|asked| *asked >= 50), "{asks:?}");
    })
    .await;
}
