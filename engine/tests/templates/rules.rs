//! Rules of the templates that reach from one record into others, and what their scripts say.

use std::collections::BTreeMap;

use engine::field::FieldKind;
use engine::record::{Draft, Linked};
use engine::script::Script;
use engine::text::{Language, Texts};
use engine::value::{Id, Row, Value, Values, get};

use super::replay;
use super::world::{World, full_name, read_all};

fn id(number: i64) -> Id {
    Id::from_i64(number).expect("positive")
}

fn number(text: &str) -> Value {
    Value::Number(text.parse().expect("a number"))
}

fn values(given: &[(&str, Value)]) -> Values {
    given.iter().map(|(key, value)| (key.to_string(), value.clone())).collect()
}

fn all() -> World {
    World::install(&["base", "roi", "crm", "inventory"].map(String::from))
}

#[test]
fn a_quantity_has_no_more_decimals_than_its_product() {
    let world = all();
    let documents = world.forms.iter().filter(|(_, form)| form.column("lines.qty").is_some());
    let documents: BTreeMap<_, _> = documents.collect();
    assert_eq!(documents.len(), 6, "orders, quotations, and what moves goods");
    let product = world.forms[&full_name("base", "product")].id();
    for (name, form) in documents {
        for (scale, quantities, refused) in [
            ("0", &["3", "20"][..], false),
            ("0", &["3.0"], false),
            ("0", &["3", "2.5"], true),
            ("1", &["2.5"], false),
            ("1", &["2.55"], true),
            ("2", &["2.55"], false),
            ("2", &["2.555"], true),
            ("3", &["2.555"], false),
        ] {
            let mut linked = Linked::default();
            linked.insert(product, id(7), values(&[("qty_scale", number(scale))]));
            let rows = quantities.iter().map(|qty| Row {
                id: None,
                values: values(&[("product", Value::Ref(id(7))), ("qty", number(qty))]),
            });
            let mut draft = Draft::new_with(form.clone(), replay::moment(), linked);
            draft.apply(values(&[("lines", Value::Rows(rows.collect()))]));
            let faults = draft.faults(&|_| true);
            let told =
                faults.iter().any(|fault| fault.args.get("key").is_some_and(|key| key == "qty_decimals"));
            assert_eq!(told, refused, "{name:?} {scale} {quantities:?}");
        }
    }
}

#[test]
fn whose_product_is_not_known_is_not_held_to_its_decimals() {
    let world = all();
    let form = world.forms[&full_name("base", "order")].clone();
    let row = Row { id: None, values: values(&[("product", Value::Ref(id(7))), ("qty", number("2.5"))]) };
    let mut draft = Draft::new_with(form, replay::moment(), Linked::default());
    draft.apply(values(&[("lines", Value::Rows(vec![row]))]));
    let faults = draft.faults(&|_| true);
    assert!(!faults.iter().any(|fault| fault.args.get("key").is_some_and(|key| key == "qty_decimals")));
}

#[test]
fn names_of_customers_are_compared_without_case_width_and_spaces() {
    let world = all();
    let form = &world.forms[&full_name("base", "customer")];
    assert!(form.column("name_key").is_some_and(|column| column.field.unique));
    let key = |name: &str| {
        let mut draft = Draft::new_with(form.clone(), replay::moment(), Linked::default());
        draft.apply(values(&[("name", Value::text(name))]));
        get(draft.values(), "name_key").clone()
    };
    assert_eq!(key("ＡＣＭＥ　 Trading"), Value::text("acme trading"));
    assert_eq!(key("Acme  trading "), key("ACME Trading"));
    assert_eq!(key("㈱山田"), key("(株)山田"));
    assert_ne!(key("Acme Trading"), key("AcmeTrading"));
}

#[test]
fn a_vip_without_an_advisor_is_pointed_out_and_refused_nothing() {
    let world = all();
    let form = &world.forms[&full_name("base", "customer")];
    for (tier, advisor, pointed_out) in
        [("VIP", Value::Empty, true), ("VIP", Value::Ref(id(7)), false), ("KEY", Value::Empty, false)]
    {
        let mut draft = Draft::new_with(form.clone(), replay::moment(), Linked::default());
        draft.apply(values(&[("value_tier", Value::text(tier)), ("advisor", advisor)]));
        assert_eq!(!draft.is_hidden("advisor_missing"), pointed_out, "{tier}");
        let faults = draft.faults(&|_| true);
        assert!(faults.iter().all(|fault| !fault.path.starts_with("advisor")), "{faults:?}");
    }
}

#[test]
fn whose_time_or_salary_is_asked_for_these_alone() {
    let world = all();
    let form = &world.forms[&full_name("roi", "cost_entry")];
    for (category, item, member, whole) in [
        ("time", "handling", true, false),
        ("people", "salary", true, true),
        ("people", "training", false, false),
        ("marketing", "gift", false, false),
    ] {
        let mut draft = Draft::new_with(form.clone(), replay::moment(), Linked::default());
        let given =
            [("category", Value::text(category)), ("item", Value::text(item)), ("member", Value::Ref(id(7)))];
        draft.apply(values(&given));
        assert_eq!(!draft.is_hidden("member"), member, "{category} {item}");
        assert_eq!(!draft.is_hidden("allocation_pct"), whole, "{category} {item}");
    }
}

/// What a form binds is there, names forms that are there, and says what it refuses in each language.
#[test]
fn scripts_that_forms_bind_are_there_and_have_their_words() {
    let packages = read_all();
    let mut bound = 0;
    for (key, package) in &packages {
        for (name, form) in &package.forms {
            for binding in &form.scripts {
                assert!(
                    package.scripts.contains_key(&binding.script),
                    "{key}/{name} binds {}",
                    binding.script
                );
                bound += 1;
            }
        }
        for (script, source) in &package.scripts {
            let outline = Script::compile(source).expect("was read").outline;
            for form in &outline.forms {
                let (app, form) = full_name(key, form);
                assert!(packages[&app].forms.contains_key(&form), "{key}/{script} names {app}/{form}");
            }
            for code in source.split("refuse(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                for language in Language::ALL {
                    let words = package.texts.get(&language).map(String::as_str).unwrap_or_default();
                    let texts = Texts::from_sources(language, &[words]);
                    let args = BTreeMap::from([("month".to_string(), "2026-11".to_string())]);
                    assert!(texts.get(code, &args).is_some(), "{key}/{script}: {code} in {language:?}");
                }
            }
        }
    }
    assert!(bound >= 5, "{bound}");
}

/// A field that holds a member is one: scripts compare whose it is.
#[test]
fn whose_cost_it_is_is_a_member() {
    let world = all();
    let form = &world.forms[&full_name("roi", "cost_entry")];
    let kind = form.column("member").map(|column| &column.field.kind);
    assert!(matches!(kind, Some(FieldKind::Member(_))));
}
