//! Which way requests take through the flows of the templates.

use std::collections::BTreeMap;

use engine::condition::{Reach, Source};
use engine::flow::document::FieldRight;
use engine::flow::{
    Answer, Answers, Calendar, Chosen, Directory, Flow, InForm, OnRecord, Person, Role, Setting, TaskState,
    simulate,
};
use engine::value::{Decimal, Id, Value, Values, get};

use super::replay;
use super::world::{World, full_name};

const ROLES: [&str; 7] = ["REP", "MGR", "DIR", "FIN", "GM", "PUR", "CSMGR"];

fn member(role: &str) -> Id {
    let place = ROLES.iter().position(|known| *known == role).expect("a known role");
    Id::from_i64(place as i64 + 1).expect("positive")
}

/// One member in each role; `also` is in the other's roles too.
fn people(also: Option<(&str, &str)>) -> Directory {
    let person = |role: &str| Person { name: role.to_string(), is_active: true, ..Person::default() };
    let roles = ROLES.iter().zip(100..).map(|(role, number)| {
        let more = also.filter(|(_, other)| other == role).map(|(who, _)| member(who));
        Role {
            id: Id::from_i64(number).expect("positive"),
            key: role.to_string(),
            members: std::iter::once(member(role)).chain(more).collect(),
        }
    });
    Directory {
        members: ROLES.iter().map(|role| (member(role), person(role))).collect(),
        roles: roles.collect(),
        ..Directory::default()
    }
}

fn number(text: &str) -> Value {
    Value::Number(text.parse::<Decimal>().expect("a number"))
}

/// What a quotation's lines came to.
fn quotation(discount: &str, margin: Option<&str>, total: &str) -> Request {
    let mut values = Values::from([
        ("max_discount_pct".to_string(), number(discount)),
        ("base_total".to_string(), number(total)),
    ]);
    values.extend(margin.map(|margin| ("margin_pct".to_string(), number(margin))));
    Request { app: "crm", form: "quotation", values }
}

/// What the branches of a flow read.
struct Request {
    app: &'static str,
    form: &'static str,
    values: Values,
}

impl Source for Request {
    fn value(&self, reach: &Reach) -> Value {
        get(&self.values, &reach.field).clone()
    }

    fn row_values(&self, _: &Reach) -> Vec<Value> {
        Vec::new()
    }
}

fn crm() -> World {
    World::install(&["base", "roi", "crm"].map(String::from))
}

fn flow(world: &World, people: &Directory, app: &str, form: &str) -> Flow {
    let package = world.packages.iter().find(|package| package.manifest.key == app).expect("installed");
    let known = InForm { form: &world.forms[&full_name(app, form)], catalogue: world };
    Flow::publish(package.flows[form].clone(), &known, people).expect("publishes")
}

/// The steps at which somebody decides, in order; those side by side by name.
fn route(world: &World, people: &Directory, from: &str, request: &Request, answers: Answers) -> String {
    let context = replay::moment();
    let form = &world.forms[&full_name(request.app, request.form)];
    let record = OnRecord { form, catalogue: world, source: request, context: &context };
    let calendar = Calendar::in_zone(context.zone.clone());
    let setting = Setting { now: context.now, people, record: &record, calendar: &calendar };
    let flow = flow(world, people, request.app, request.form);
    let walk = simulate(&flow, member(from), Chosen::new(), answers, &setting).expect("possible");
    let asked = walk.stops.iter().filter(|stop| stop.arms.is_empty() && !stop.people.is_empty());
    asked.map(|stop| stop.step.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn discount_margin_and_total_decide_who_approves_a_quotation() {
    let world = crm();
    let people = people(None);
    for (discount, margin, total, expected) in [
        ("5", Some("20"), "99999.99", ""),
        ("5.01", Some("20"), "99999.99", "manager"),
        ("5", Some("19.9999"), "99999.99", "manager"),
        ("5", Some("20"), "100000", "manager"),
        ("15", Some("10"), "299999.99", "manager"),
        ("15.01", Some("10"), "299999.99", "manager director"),
        ("0", Some("50"), "300000", "manager director"),
        ("30", Some("10"), "1", "manager director"),
        ("30.01", Some("50"), "1", "manager director_joint finance_joint"),
        ("0", Some("9.9999"), "1", "manager director_joint finance_joint"),
        ("0", None, "0", "manager director_joint finance_joint"),
        ("0", Some("50"), "999999.99", "manager director"),
        ("0", Some("50"), "1000000", "manager director general_manager"),
        ("40", Some("5"), "1000000", "manager director_joint finance_joint general_manager"),
    ] {
        let quotation = quotation(discount, margin, total);
        let taken = route(&world, &people, "REP", &quotation, Answers::new());
        assert_eq!(
            taken,
            format!("start {expected}").trim_end(),
            "discount {discount}, margin {margin:?}, total {total}"
        );
    }
}

#[test]
fn a_rejected_quotation_goes_back_and_takes_its_way_again() {
    let world = crm();
    let answers = Answers::from([("director".to_string(), vec![Answer::Reject])]);
    let quotation = quotation("18", Some("30"), "448698");
    assert_eq!(
        route(&world, &people(None), "REP", &quotation, answers),
        "start manager director start manager director"
    );
}

#[test]
fn nobody_approves_twice_in_a_row_or_what_they_submitted() {
    let world = crm();
    let quotation = quotation("18", Some("30"), "448698");
    for (also, from) in [(Some(("MGR", "DIR")), "REP"), (None, "MGR")] {
        let people = people(also);
        let context = replay::moment();
        let form = &world.forms[&full_name("crm", "quotation")];
        let record = OnRecord { form, catalogue: &world, source: &quotation, context: &context };
        let calendar = Calendar::in_zone(context.zone.clone());
        let setting = Setting { now: context.now, people: &people, record: &record, calendar: &calendar };
        let flow = flow(&world, &people, "crm", "quotation");
        let walk = simulate(&flow, member(from), Chosen::new(), Answers::new(), &setting).expect("possible");
        let mut decided: BTreeMap<Id, usize> = BTreeMap::new();
        for task in
            walk.state.tasks.iter().filter(|task| task.state == TaskState::Done && task.automatic.is_none())
        {
            *decided.entry(task.assignee.expect("somebody")).or_default() += 1;
        }
        assert!(decided.values().all(|count| *count == 1), "{decided:?}");
        assert!(!decided.contains_key(&member(from)), "{decided:?}");
    }
}

#[test]
fn sales_sees_neither_cost_nor_margin_and_finance_sees_both() {
    let world = crm();
    let flow = flow(&world, &people(None), "crm", "quotation");
    for (step, cost, margin) in [
        ("start", FieldRight::Hidden, FieldRight::Hidden),
        ("manager", FieldRight::Hidden, FieldRight::Read),
        ("finance_joint", FieldRight::Read, FieldRight::Read),
    ] {
        let fields = flow.fields(step).expect("a step");
        assert_eq!((fields.right("lines.cost"), fields.right("margin_pct")), (cost, margin), "{step}");
    }
}

#[test]
fn the_amount_decides_who_approves_a_purchase() {
    let world = World::install(&["base", "inventory"].map(String::from));
    let people = people(None);
    for (amount, expected) in [
        ("9999.99", "start purchasing"),
        ("10000", "start purchasing finance"),
        ("99999.99", "start purchasing finance"),
        ("100000", "start purchasing finance_large general_manager"),
    ] {
        let values = Values::from([("base_amount".to_string(), number(amount))]);
        let order = Request { app: "inventory", form: "purchase_order", values };
        assert_eq!(route(&world, &people, "REP", &order, Answers::new()), expected, "{amount}");
    }
}

#[test]
fn a_large_redemption_is_approved_by_a_manager() {
    let world = World::install(&["base", "roi", "loyalty"].map(String::from));
    for (large, expected) in [(false, "start"), (true, "start manager")] {
        let values = Values::from([("needs_approval".to_string(), Value::Bool(large))]);
        let redemption = Request { app: "loyalty", form: "redemption", values };
        assert_eq!(route(&world, &people(None), "REP", &redemption, Answers::new()), expected);
    }
}
