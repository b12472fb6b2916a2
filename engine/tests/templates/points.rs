//! What the loyalty template computes and refuses.

use engine::condition::Reach;
use engine::field::FieldKind;
use engine::formula::Answers;
use engine::record::{Draft, Linked};
use engine::text::Fault;
use engine::value::{Id, Value, Values, get};
use serde_json::Value as Json;

use super::replay;
use super::world::{World, full_name};

fn loyalty() -> World {
    World::install(&["base", "roi", "loyalty"].map(String::from))
}

fn number(text: &str) -> Value {
    Value::Number(text.parse().expect("a number"))
}

fn id(number: i64) -> Id {
    Id::from_i64(number).expect("positive")
}

/// A record with some values, where records of other forms are known.
fn draft(world: &World, form: &str, linked: Linked, values: &[(&str, Value)]) -> Draft {
    let mut context = replay::moment();
    let package = world.packages.iter().find(|package| package.manifest.key == "loyalty").expect("installed");
    for parameter in &package.manifest.parameters {
        let kind = FieldKind::from_parts(&parameter.kind, Json::Null).expect("a kind");
        context.params.insert(parameter.key.clone(), kind.parse(&parameter.default).expect("a value"));
    }
    let mut draft = Draft::new_with(world.forms[&full_name("loyalty", form)].clone(), context, linked);
    draft.apply(values.iter().map(|(key, value)| (key.to_string(), value.clone())).collect::<Values>());
    draft
}

fn known(world: &World, app: &str, form: &str, record: Id, values: &[(&str, Value)]) -> Linked {
    let values: Values = values.iter().map(|(key, value)| (key.to_string(), value.clone())).collect();
    let mut linked = Linked::default();
    linked.insert(world.forms[&full_name(app, form)].id(), record, values);
    linked
}

#[test]
fn the_level_follows_the_spend_of_the_customer() {
    let world = loyalty();
    for (spend, level) in [
        // Who may not see the spend sees no level rather than a false one.
        (None, ""),
        (Some("0"), "V0"),
        (Some("999.99"), "V0"),
        (Some("1000"), "V1"),
        (Some("5000"), "V2"),
        (Some("20000"), "V3"),
    ] {
        let spend: Vec<(&str, Value)> = spend.map(|spend| ("spend_12m", number(spend))).into_iter().collect();
        let linked = known(&world, "base", "customer", id(7), &spend);
        let member = draft(&world, "member", linked, &[("customer", Value::Ref(id(7)))]);
        assert_eq!(get(member.values(), "level").as_text().unwrap_or_default(), level, "{spend:?}");
    }
}

#[test]
fn points_of_a_redemption_are_those_of_the_day_it_was_made() {
    let world = loyalty();
    let linked = known(&world, "loyalty", "reward", id(7), &[("points", number("2500"))]);
    let values = [("reward", Value::Ref(id(7))), ("qty", number("2"))];
    let redemption = draft(&world, "redemption", linked, &values);
    assert_eq!(get(redemption.values(), "points"), &number("5000"));
    assert_eq!(get(redemption.values(), "needs_approval"), &Value::Bool(false));

    let mut redemption = redemption;
    redemption.set("qty", number("3"));
    assert_eq!(get(redemption.values(), "needs_approval"), &Value::Bool(true));

    let dearer = known(&world, "loyalty", "reward", id(7), &[("points", number("9000"))]);
    let form = world.forms[&full_name("loyalty", "redemption")].clone();
    let mut stored = Draft::edit(form, replay::moment(), dearer, redemption.stored_values(), Values::new());
    stored.set("cancelled", Value::Bool(true));
    assert_eq!(get(stored.values(), "points"), &number("7500"));
}

/// Before it is sent for approval, and not only when it is approved; what is said is told at the quantity.
#[test]
fn a_redemption_beyond_the_balance_is_told_before_it_is_sent() {
    let world = loyalty();
    let told = |earned: Option<&str>, redeemed: Option<&str>, qty: &str, cancelled: bool| {
        let earned: Vec<(&str, Value)> =
            earned.map(|points| ("points_earned", number(points))).into_iter().collect();
        let linked = known(&world, "loyalty", "member", id(7), &earned);
        let values = [("member", Value::Ref(id(7))), ("unit_points", number("100")), ("qty", number(qty))];
        let mut draft = draft(&world, "redemption", linked.clone(), &values);
        if cancelled {
            // Only what was stored can be cancelled.
            let form = world.forms[&full_name("loyalty", "redemption")].clone();
            let moment = replay::moment();
            let given = Values::from([("$created_at".to_string(), Value::DateTime(moment.now))]);
            draft = Draft::edit(form, moment, linked, draft.stored_values(), given);
            draft.set("cancelled", Value::Bool(true));
        }
        let mut answers = Answers::default();
        let asks: Vec<String> = draft.asks().iter().map(|ask| ask.key.clone()).collect();
        for key in asks {
            answers.insert(key, redeemed.map(number).unwrap_or_default());
        }
        draft.answer(&answers);
        let faults = draft.faults(&|_| true);
        let of_points = |fault: &&Fault| fault.args.get("key").is_some_and(|key| key == "enough_points");
        faults.iter().find(of_points).map(|fault| fault.path.clone())
    };
    let at_quantity = Some("qty".to_string());
    assert_eq!(told(Some("300"), Some("0"), "3", false), None);
    assert_eq!(told(Some("300"), None, "3", false), None, "what others redeemed is not known yet");
    assert_eq!(told(Some("300"), Some("0"), "4", false), at_quantity);
    assert_eq!(told(Some("300"), Some("100"), "3", false), at_quantity);
    assert_eq!(told(Some("0"), Some("0"), "1", false), at_quantity);
    assert_eq!(told(Some("300"), Some("100"), "3", true), None, "what is cancelled takes no points");
    // Who may not read the points is answered by the server.
    assert_eq!(told(None, Some("100"), "3", false), None);
}

#[test]
fn a_redemption_is_redeemed_once_it_is_approved() {
    let world = loyalty();
    let form = &world.forms[&full_name("loyalty", "redemption")];
    let status = |state: Option<&str>, fields: &[(&str, Value)]| {
        let moment = replay::moment();
        let mut given = Values::from([("$created_at".to_string(), Value::DateTime(moment.now))]);
        given.extend(state.map(|state| ("$flow_state".to_string(), Value::text(state))));
        let mut draft = Draft::edit(form.clone(), moment, Linked::default(), Values::new(), given);
        draft.apply(fields.iter().map(|(key, value)| (key.to_string(), value.clone())).collect::<Values>());
        get(draft.values(), "status").as_text().map(str::to_string)
    };
    let day = ("delivered_at", Value::Date(replay::moment().today()));
    let taken_back = ("cancelled", Value::Bool(true));
    for (state, fields, expected) in [
        (Some("running"), vec![], "running"),
        (Some("rejected"), vec![], "rejected"),
        (Some("approved"), vec![], "done"),
        (None, vec![], "done"),
        (Some("approved"), vec![day.clone()], "delivered"),
        (Some("approved"), vec![day.clone(), taken_back.clone()], "cancelled"),
        // Nobody hands out or takes back what is not approved.
        (Some("running"), vec![day, taken_back], "running"),
    ] {
        assert_eq!(status(state, &fields).as_deref(), Some(expected), "{state:?} {fields:?}");
    }
    let fresh = draft(&world, "redemption", Linked::default(), &[]);
    assert_eq!(get(fresh.values(), "status"), &Value::text("draft"));
}

#[test]
fn entries_have_the_sign_of_their_type_and_count_once() {
    let world = loyalty();
    for (kind, points, refused) in [
        ("EARN", "100", None),
        ("EARN", "-100", Some("adds")),
        ("EARN", "0", Some("not_zero")),
        ("CLAWBACK", "-100", None),
        ("CLAWBACK", "100", Some("takes")),
        ("ADJUST", "-5", None),
        ("ADJUST", "5", None),
    ] {
        let values = [("type", Value::text(kind)), ("points", number(points)), ("ref", Value::text("POS-1"))];
        let entry = draft(&world, "ledger", Linked::default(), &values);
        let found = entry.faults(&|_| true);
        let broken: Vec<&str> =
            found.iter().filter_map(|fault| fault.args.get("key").map(String::as_str)).collect();
        assert_eq!(broken.first().copied(), refused, "{kind} {points}");
        let key = get(entry.values(), "key");
        assert!(key.as_text().is_some_and(|key| key.starts_with(kind)), "{key:?}");
    }
}

#[test]
fn a_balance_below_zero_breaks_its_constraint() {
    let world = loyalty();
    let table =
        world.aggregates.iter().find(|table| table.document.key == "balance").expect("is in the template");
    let place = |key: &str| table.base.iter().position(|measure| measure.key == key).expect("is measured");
    for (redeemed, broken) in [(100, false), (101, true)] {
        let mut sums = vec![Some(0.into()); table.base.len()];
        sums[place("earned")] = Some(100.into());
        sums[place("redeemed")] = Some(redeemed.into());
        let measures = table.measures(&sums, &[Value::Ref(id(7))], &replay::moment());
        assert_eq!(table.broken_constraint(&measures, &replay::moment()).is_some(), broken);
    }
    assert!(table.sources.iter().all(|source| source.group[0].reach == Reach::own("member")));
}
