//! Which way requests take through the flows of the templates.

use std::collections::BTreeMap;

use engine::condition::{Reach, Source};
use engine::flow::document::FieldRight;
use engine::flow::{
    Answer, Answers, Chosen, Directory, Flow, InForm, OnRecord, Person, Role, Setting, TaskState, simulate,
};
use engine::value::{Decimal, Id, Value, Values, get};

use super::replay;
use super::world::{World, full_name};

const ROLES: [&str; 5] = ["REP", "MGR", "DIR", "FIN", "GM"];

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

/// What a quotation's lines came to.
struct Quotation(Values);

impl Quotation {
    fn new(discount: &str, margin: Option<&str>, total: &str) -> Quotation {
        let number = |text: &str| Value::Number(text.parse::<Decimal>().expect("a number"));
        let mut values = Values::from([
            ("max_discount_pct".to_string(), number(discount)),
            ("base_total".to_string(), number(total)),
        ]);
        values.extend(margin.map(|margin| ("margin_pct".to_string(), number(margin))));
        Quotation(values)
    }
}

impl Source for Quotation {
    fn value(&self, reach: &Reach) -> Value {
        get(&self.0, &reach.field).clone()
    }

    fn row_values(&self, _: &Reach) -> Vec<Value> {
        Vec::new()
    }
}

fn crm() -> World {
    World::install(&["base", "roi", "crm"].map(String::from))
}

fn flow(world: &World, people: &Directory) -> Flow {
    let form = &world.forms[&full_name("crm", "quotation")];
    let package = world.packages.iter().find(|package| package.manifest.key == "crm").expect("installed");
    let known = InForm { form, catalogue: world };
    Flow::publish(package.flows["quotation"].clone(), &known, people).expect("publishes")
}

/// The steps at which somebody decides, in order; those side by side by name.
fn route(world: &World, people: &Directory, from: &str, quotation: &Quotation, answers: Answers) -> String {
    let context = replay::moment();
    let form = &world.forms[&full_name("crm", "quotation")];
    let record = OnRecord { form, catalogue: world, source: quotation, context: &context };
    let setting = Setting { now: context.now, people, record: &record };
    let walk =
        simulate(&flow(world, people), member(from), Chosen::new(), answers, &setting).expect("possible");
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
        let quotation = Quotation::new(discount, margin, total);
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
    let quotation = Quotation::new("18", Some("30"), "448698");
    assert_eq!(
        route(&world, &people(None), "REP", &quotation, answers),
        "start manager director start manager director"
    );
}

#[test]
fn nobody_approves_twice_in_a_row_or_what_they_submitted() {
    let world = crm();
    let quotation = Quotation::new("18", Some("30"), "448698");
    for (also, from) in [(Some(("MGR", "DIR")), "REP"), (None, "MGR")] {
        let people = people(also);
        let context = replay::moment();
        let form = &world.forms[&full_name("crm", "quotation")];
        let record = OnRecord { form, catalogue: &world, source: &quotation, context: &context };
        let setting = Setting { now: context.now, people: &people, record: &record };
        let flow = flow(&world, &people);
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
    let flow = flow(&world, &people(None));
    for (step, cost, margin) in [
        ("start", FieldRight::Hidden, FieldRight::Hidden),
        ("manager", FieldRight::Hidden, FieldRight::Read),
        ("finance_joint", FieldRight::Read, FieldRight::Read),
    ] {
        let fields = flow.fields(step).expect("a step");
        assert_eq!((fields.right("lines.cost"), fields.right("margin_pct")), (cost, margin), "{step}");
    }
}
