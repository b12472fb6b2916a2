//! The approvals of an office: who is asked for which amount or number of days, in which order, and what they may see.

use std::collections::BTreeMap;

use engine::condition::{Reach, Source};
use engine::flow::document::FieldRight;
use engine::flow::{
    Answer, Answers, Calendar, Chosen, Directory, Flow, InForm, OnRecord, Person, Role, Setting, Status,
    Walk, simulate,
};
use engine::value::{Decimal, Id, Value, Values, get};

use super::replay;
use super::world::{World, full_name};

/// Somebody who asks, their manager, and the manager above; then one in each role.
const PEOPLE: [&str; 13] =
    ["rep", "lead", "head", "MGR", "DIR", "GM", "FIN", "LEGAL", "HR", "IT", "OFFICE", "CS", "CSMGR"];

fn member(name: &str) -> Id {
    let place = PEOPLE.iter().position(|known| *known == name).expect("somebody known");
    Id::from_i64(place as i64 + 1).expect("positive")
}

fn name_of(id: Id) -> &'static str {
    PEOPLE[usize::try_from(id.as_i64() - 1).expect("somebody known")]
}

fn people() -> Directory {
    let person = |name: &str| Person {
        name: name.to_string(),
        is_active: true,
        manager: match name {
            "rep" => Some(member("lead")),
            "lead" => Some(member("head")),
            _ => None,
        },
        ..Person::default()
    };
    let roles = PEOPLE.iter().skip(3).zip(100..).map(|(role, number)| Role {
        id: Id::from_i64(number).expect("positive"),
        key: role.to_string(),
        members: vec![member(role)],
    });
    Directory {
        members: PEOPLE.iter().map(|name| (member(name), person(name))).collect(),
        roles: roles.collect(),
        admins: vec![member("GM")],
        ..Directory::default()
    }
}

/// What the flow of a request reads.
struct Request(Values);

impl Source for Request {
    fn value(&self, reach: &Reach) -> Value {
        get(&self.0, &reach.field).clone()
    }

    fn row_values(&self, _: &Reach) -> Vec<Value> {
        Vec::new()
    }
}

fn number(text: &str) -> Value {
    Value::Number(text.parse::<Decimal>().expect("a number"))
}

fn request(values: &[(&str, Value)]) -> Request {
    Request(values.iter().map(|(key, value)| (key.to_string(), value.clone())).collect())
}

fn office() -> World {
    World::install(&["office".to_string()])
}

fn flow(world: &World, form: &str) -> Flow {
    let package = world.packages.first().expect("installed");
    let known = InForm { form: &world.forms[&full_name("office", form)], catalogue: world };
    Flow::publish(package.flows[form].clone(), &known, &people()).expect("publishes")
}

fn walk(world: &World, form: &str, request: &Request, answers: Answers) -> Walk {
    let (context, people) = (replay::moment(), people());
    let calendar = Calendar::in_zone(context.zone.clone());
    let known = &world.forms[&full_name("office", form)];
    let record = OnRecord { form: known, catalogue: world, source: request, context: &context };
    let setting = Setting { now: context.now, people: &people, record: &record, calendar: &calendar };
    simulate(&flow(world, form), member("rep"), Chosen::new(), answers, &setting).expect("possible")
}

/// The steps after the start with who is asked, in order.
fn way(walk: &Walk) -> String {
    let asked = walk.stops.iter().filter(|stop| !stop.people.is_empty() && stop.step != "start");
    let stop = |stop: &engine::flow::Stop| {
        let names: Vec<&str> = stop.people.iter().map(|asked| name_of(asked.member)).collect();
        format!("{}:{}", stop.step, names.join("+"))
    };
    asked.map(stop).collect::<Vec<_>>().join(" ")
}

/// The way of a request that everybody approves.
fn approved(world: &World, form: &str, values: &[(&str, Value)]) -> String {
    let walk = walk(world, form, &request(values), Answers::new());
    assert_eq!(walk.status, Status::Approved, "{form} {values:?}");
    way(&walk)
}

#[test]
fn days_decide_who_approves_a_leave() {
    let world = office();
    for (days, expected) in [
        ("0.5", "manager:lead hr:HR"),
        ("3", "manager:lead hr:HR"),
        ("3.5", "manager:lead head:head hr:HR"),
        ("10", "manager:lead head:head hr:HR"),
        ("10.5", "manager:lead head_long:head general_manager:GM hr:HR"),
    ] {
        assert_eq!(approved(&world, "leave", &[("days", number(days))]), expected, "{days} days");
    }
}

#[test]
fn a_rejected_leave_goes_back_and_takes_its_way_again() {
    let world = office();
    let answers = Answers::from([("head".to_string(), vec![Answer::Reject])]);
    let walk = walk(&world, "leave", &request(&[("days", number("5"))]), answers);
    assert_eq!(walk.status, Status::Approved);
    assert_eq!(way(&walk), "manager:lead head:head manager:lead head:head hr:HR");
}

#[test]
fn the_budget_and_the_amount_decide_who_approves_an_expense() {
    let world = office();
    for (amount, over, expected) in [
        ("1000", false, "manager:lead pay:FIN"),
        ("1000.01", false, "manager:lead finance:FIN pay:FIN"),
        ("10000", false, "manager:lead finance:FIN pay:FIN"),
        ("10000.01", false, "manager:lead finance:FIN general_manager:GM pay:FIN"),
        ("1", true, "manager:lead finance_joint:FIN director_joint:DIR pay:FIN"),
        ("10000.01", true, "manager:lead finance_joint:FIN director_joint:DIR general_manager:GM pay:FIN"),
    ] {
        let values = [("amount", number(amount)), ("over_budget", Value::Bool(over))];
        assert_eq!(approved(&world, "expense", &values), expected, "{amount}, over budget: {over}");
    }
}

#[test]
fn amount_terms_and_days_decide_who_approves_a_contract() {
    let world = office();
    let joint = "manager:lead legal:LEGAL finance:FIN";
    for (amount, standard, days, expected) in [
        ("99999.99", true, "60", "manager:lead".to_string()),
        ("100000", true, "60", joint.to_string()),
        ("1", false, "30", joint.to_string()),
        ("1", true, "61", joint.to_string()),
        ("200000", true, "30", format!("{joint} director:DIR")),
        ("499999.99", true, "30", format!("{joint} director:DIR")),
        ("500000", true, "30", format!("{joint} director:DIR general_manager:GM")),
    ] {
        let values = [
            ("amount", number(amount)),
            ("standard_terms", Value::Bool(standard)),
            ("payment_days", number(days)),
        ];
        assert_eq!(approved(&world, "contract", &values), expected, "{amount} {standard} {days}");
    }
    // Terms that nobody ticked are no standard ones.
    let values = [("amount", number("1")), ("payment_days", number("30"))];
    assert_eq!(approved(&world, "contract", &values), joint);
}

#[test]
fn one_side_of_a_joint_decision_sends_the_contract_back() {
    let world = office();
    let answers = Answers::from([("legal".to_string(), vec![Answer::Reject])]);
    let values = [("amount", number("100000")), ("payment_days", number("30"))];
    let walk = walk(&world, "contract", &request(&values), answers);
    assert_eq!(walk.status, Status::Approved);
    assert!(way(&walk).ends_with("manager:lead legal:LEGAL finance:FIN"), "{}", way(&walk));
}

#[test]
fn the_amount_decides_who_approves_a_refund() {
    let world = office();
    for (amount, expected) in
        [("5000", "service_manager:CSMGR pay:FIN"), ("5000.01", "service_manager:CSMGR finance:FIN pay:FIN")]
    {
        assert_eq!(approved(&world, "refund", &[("cash_refund", number(amount))]), expected, "{amount}");
    }
}

#[test]
fn the_change_decides_who_approves_a_budget() {
    let world = office();
    for (old, change, expected) in [
        ("1000", "10", "finance:FIN"),
        ("1000", "-10", "finance:FIN"),
        ("1000", "10.0001", "finance:FIN general_manager:GM"),
        ("1000", "-10.0001", "finance:FIN general_manager:GM"),
        ("0", "0", "finance:FIN general_manager:GM"),
    ] {
        let values = [("old_amount", number(old)), ("change_pct", number(change))];
        assert_eq!(approved(&world, "budget", &values), expected, "{old} by {change} per cent");
    }
}

#[test]
fn a_newcomer_is_prepared_by_everybody_side_by_side() {
    let world = office();
    let prepared = "it:IT office:OFFICE lead:head told:HR";
    for (salary, expected) in
        [("30000", format!("hr:HR {prepared}")), ("30000.01", format!("hr:HR general_manager:GM {prepared}"))]
    {
        let values = [("salary", number(salary)), ("lead", Value::Ref(member("head")))];
        assert_eq!(approved(&world, "onboarding", &values), expected, "{salary}");
    }
}

#[test]
fn whoever_prepares_fills_their_own_field_and_sees_no_salary() {
    let world = office();
    let flow = flow(&world, "onboarding");
    for (step, own) in [("it", "account"), ("office", "workplace"), ("lead", "plan")] {
        let fields = flow.fields(step).expect("a step");
        assert_eq!(
            (fields.right(own), fields.right("salary")),
            (FieldRight::Required, FieldRight::Hidden),
            "{step}"
        );
    }
}

#[test]
fn every_step_and_arm_is_called_something_in_every_language() {
    let world = office();
    let package = world.packages.first().expect("installed");
    let mut empty = BTreeMap::new();
    for (form, document) in &package.flows {
        let json = serde_json::to_value(document).expect("a document");
        unnamed(&json, &mut |place| {
            empty.entry(form.clone()).or_insert_with(Vec::new).push(place.to_string());
        });
    }
    assert!(empty.is_empty(), "{empty:?}");
    assert_eq!(package.flows.len(), 6);
}

/// Names the places of labels that lack a language.
fn unnamed(json: &serde_json::Value, tell: &mut dyn FnMut(&str)) {
    match json {
        serde_json::Value::Object(members) => {
            if let Some(label) = members.get("label") {
                let has_all = ["zh-CN", "zh-TW", "en"]
                    .iter()
                    .all(|tag| label[*tag].as_str().is_some_and(|text| !text.is_empty()));
                if !has_all {
                    tell(members.get("key").and_then(|key| key.as_str()).unwrap_or("?"));
                }
            }
            members.values().for_each(|member| unnamed(member, tell));
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| unnamed(item, tell)),
        _ => {}
    }
}
