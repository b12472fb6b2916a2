//! What action steps send: whom a message goes to, what a call asks and with what, and what is wrong with either.

use std::sync::Arc;

use super::record_actions::{Shop, form, on_an_order, sketch};
use super::*;
use crate::form::{Catalogue, SecretUse, Secrets, Sketch, Uses};

fn step(key: &str, action: Json) -> Json {
    json!({"kind": "action", "key": key, "label": key, "action": action})
}

fn notify(to: Json) -> Json {
    json!({"kind": "notify", "to": to, "title": "Approved"})
}

/// The shop with secrets.
struct Guarded(Secrets);

impl Guarded {
    fn new() -> Guarded {
        let hosts = vec!["erp.example.com".to_string()];
        let signs = SecretUse { is_sent: false, hosts: hosts.clone() };
        let is_sent = SecretUse { is_sent: true, hosts };
        Guarded(Secrets::from([("signer".to_string(), signs), ("token".to_string(), is_sent)]))
    }
}

impl Catalogue for Guarded {
    fn form(&self, app: &str, name: &str) -> Option<Arc<Sketch>> {
        Shop.form(app, name)
    }

    fn secrets(&self, _: &str) -> Option<&Secrets> {
        Some(&self.0)
    }
}

fn faults(action: Json) -> Vec<String> {
    let found = match Sending::read(&action).unwrap() {
        Ok(Sending::Message(message)) => message.faults(&form("order"), &Shop),
        Ok(Sending::Call(call)) => call.faults(&form("order"), &Guarded::new()),
        Err(fault) => vec![fault],
    };
    found.iter().map(|fault| format!("{} {}", fault.path, fault.code)).collect()
}

#[test]
fn a_message_says_what_its_form_has_and_goes_to_somebody() {
    let said = |more: Json| faults(with(notify(json!([{"submitter": true}])), more));
    assert_eq!(
        said(json!({"body": {"en": "{code}, {amount}\n{customer.name}", "zh-CN": "{code}"}})),
        [""; 0]
    );
    assert_eq!(said(json!({"title": " "})), ["/title label_missing"]);
    assert_eq!(said(json!({"title": "{gone} {gone}"})), ["/title unknown_field"]);
    assert_eq!(said(json!({"body": "{customer.age}"})), ["/body unknown_field"]);
    assert_eq!(said(json!({"channels": []})), ["/channels required"]);
    assert_eq!(said(json!({"title": "x".repeat(201)})), ["/title too_long"]);
    for wrong in [json!({"channels": ["hook"]}), json!({"colour": "red"}), json!({"to": "everybody"})] {
        assert_eq!(said(wrong), [" malformed"]);
    }
    assert!(Sending::read(&json!({"kind": "set"})).is_none(), "it sends nothing");
    let published = |action: Json| {
        let document = json!({"format": 1, "label": "Test", "steps": [step("tell", action)]});
        let document = FlowDocument::read(document).unwrap();
        let refused = Flow::publish(document, &TestForm, &directory()).err().unwrap_or_default();
        refused.into_iter().map(|fault| format!("{} {}", fault.path, fault.code)).collect::<Vec<_>>()
    };
    assert_eq!(published(notify(json!([{"field": "inspector"}]))), [""; 0]);
    assert_eq!(published(notify(json!([]))), ["/steps/0/action/to empty_who"]);
    assert_eq!(published(notify(json!([{"field": "gone"}]))), ["/steps/0/action/to/0/field unknown_field"]);
    assert_eq!(
        published(notify(json!([{"roles": ["NONE"]}]))),
        ["/steps/0/action/to/0/roles/0 unknown_role"]
    );
    assert_eq!(published(json!({"kind": "notify"})), ["/steps/0/action malformed"]);
}

#[test]
fn a_message_goes_to_whom_its_sources_find_when_it_is_reached() {
    let tell = step("tell", notify(json!([{"submitter": true}, {"manager": 1}, {"members": [id("uma")]}])));
    let world = World::started(json!([tell, approve("a", &["cid"])]));
    let told: Vec<Effect> = effects(&world.log);
    let [Effect::Perform { step, members, .. }] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((step.as_str(), members.as_slice()), ("tell", ids(&["sam", "ann", "uma"]).as_slice()));
    assert_eq!(world.open(), ["a:cid"], "it is not waited for");
    let line = world.log.iter().filter_map(Event::line).find(|line| line.action == Did::Act).unwrap();
    assert_eq!(line.members, ids(&["sam", "ann", "uma"]));
    assert!(!world.state.involved().contains(&id("uma")), "a message is no part in the request");
    let walk = simulate(
        &world.flow,
        id("sam"),
        Chosen::new(),
        Answers::new(),
        &Setting {
            now: Timestamp::from_second(world.now).unwrap(),
            people: &world.directory,
            record: &world.record,
            calendar: &world.calendar,
        },
    )
    .unwrap();
    let stop = walk.stops.iter().find(|stop| stop.step == "tell").unwrap();
    assert_eq!(stop.people.iter().map(|asked| asked.member).collect::<Vec<_>>(), ids(&["sam", "ann", "uma"]));
}

#[test]
fn a_call_is_held_against_its_form_and_the_secrets_of_its_app() {
    let call =
        |more: Json| faults(with(json!({"kind": "call", "url": "https://erp.example.com/orders"}), more));
    assert_eq!(call(json!({"url": "https://erp.example.com/orders/{code}?for={customer.name}"})), [""; 0]);
    assert_eq!(call(json!({"url": "https://{code}/orders"})), ["/url bad_url"]);
    assert_eq!(call(json!({"url": "https://erp.example.com/{gone}"})), ["/url unknown_field"]);
    assert_eq!(call(json!({"method": "GET", "body": {}})), ["/body no_body_taken"]);
    assert_eq!(call(json!({"headers": {"X-Code": "{code}"}})), [""; 0]);
    assert_eq!(call(json!({"headers": {"x y": "1"}})), ["/headers/x y bad_header"]);
    assert_eq!(
        call(json!({"headers": {"Authorization": "1"}})),
        ["/headers/Authorization header_not_allowed"]
    );
    assert_eq!(call(json!({"headers": {"x": "{gone}"}})), ["/headers/x unknown_field"]);
    let body =
        json!({"body": {"a": ["{gone}"], "b": {"field": "gone"}, "c": {"formula": "code +"}, "d": "{code}"}});
    let wrong = call(body);
    assert_eq!(wrong.len(), 3, "{wrong:?}");
    assert!(wrong.iter().any(|fault| fault == "/body/a/0 unknown_field"), "{wrong:?}");
    assert!(wrong.iter().any(|fault| fault.starts_with("/body/c/formula ")), "{wrong:?}");
    assert_eq!(call(json!({"secret": "signer"})), [""; 0]);
    assert_eq!(call(json!({"secret": "nobody"})), ["/secret unknown_secret"]);
    assert_eq!(
        call(json!({"secret": "token", "url": "http://erp.example.com/"})),
        ["/url secret_needs_https"]
    );
    assert_eq!(call(json!({"secret": "signer", "url": "http://erp.example.com/"})), [""; 0]);
    assert_eq!(
        call(json!({"secret": "token", "url": "https://evil.example.com/"})),
        ["/secret secret_not_for_host"]
    );
    assert_eq!(call(json!({"method": "TRACE"})), [" malformed"]);
    assert_eq!(call(json!({"save_as": "x"})), [" malformed"]);
}

#[test]
fn a_call_is_written_with_the_values_of_its_record() {
    on_an_order(|order| {
        let action = json!({"kind": "call", "method": "PUT", "url": "https://erp.example.com/{code}/x",
            "headers": {"X-Code": "no {code}"},
            "body": {"amount": {"field": "amount"}, "twice": {"formula": "amount * 2"}, "code": "<{code}>",
                "big": {"formula": "amount > 5"}, "wrong": {"formula": "1 / (amount - 100)"},
                "customer": {"field": "customer"}, "kept": [1.50, null, true]}});
        let Some(Sending::Call(call)) = Sending::of(&action) else { panic!("it is a call") };
        let request = call.request(order);
        assert_eq!(request.method, CallMethod::Put);
        assert_eq!(request.url, "https://erp.example.com/A-1/x");
        assert_eq!(request.headers, [("x-code".to_string(), "no A-1".to_string())]);
        let body: Json = serde_json::from_str(request.body.as_deref().unwrap()).unwrap();
        assert_eq!(body["amount"], json!("100.00"), "a field is written as the API writes it");
        assert_eq!(body["twice"].to_string(), "200", "a formula gives a number");
        assert_eq!((&body["code"], &body["big"]), (&json!("<A-1>"), &json!(true)));
        assert_eq!(body["wrong"], json!({"error": "#DIV/0!"}));
        assert_eq!(body["customer"], json!("0000000000009"));
        assert_eq!(body["kept"].to_string(), "[1.5,null,true]");
    });
}

#[test]
fn a_field_that_is_named_in_what_is_sent_is_known_to_be_used() {
    let order = sketch("order").unwrap();
    let using = |action: Json, path: &str| {
        let document = json!({"format": 1, "label": "Test", "steps": [step("send", action)]});
        let document = FlowDocument::read(document).unwrap();
        let uses = Uses::new(&order, &Shop, (order.id, path));
        !document.steps_using(&uses).is_empty()
    };
    let to_field = with(notify(json!([{"field": "code"}])), json!({"title": "{amount}"}));
    assert!(using(to_field.clone(), "code") && using(to_field.clone(), "amount"));
    assert!(!using(to_field, "customer"));
    let call = json!({"kind": "call", "url": "https://x.example/{code}", "headers": {"x": "{amount}"},
        "body": {"a": [{"field": "customer"}], "b": "{lines.qty}", "c": {"formula": "1 + 1"}}});
    for path in ["code", "amount", "customer", "lines"] {
        assert!(using(call.clone(), path), "{path}");
    }
    assert!(!using(json!({"kind": "call", "url": "https://x.example/"}), "code"));
}
