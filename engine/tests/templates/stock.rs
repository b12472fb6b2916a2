//! The inventory template's stock: what a shipment of more than there is says.

use std::collections::BTreeMap;

use engine::aggregate::Breach;
use engine::text::Language;
use engine::value::{Decimal, Id, Value};

use super::replay;
use super::world::World;

fn id(number: i64) -> Id {
    Id::from_i64(number).expect("positive")
}

#[test]
fn a_shipment_of_too_much_says_of_what_where_and_how_much_there_is() {
    let world = World::install(&["base".to_string(), "inventory".to_string()]);
    let table =
        world.aggregates.iter().find(|table| table.document.key == "stock").expect("is in the template");
    let sums = |shipped: &str| -> Vec<Option<Decimal>> {
        let sum = |key: &str| match key {
            "received" => "12.500".parse().ok(),
            "shipped" => shipped.parse().ok(),
            _ => Some(Decimal::ZERO),
        };
        table.base.iter().map(|measure| sum(&measure.key)).collect()
    };
    let group = [Value::Ref(id(7)), Value::Ref(id(8))];
    let context = replay::moment();
    let before = table.measures(&sums("10"), &group, &context);
    let after = table.measures(&sums("20"), &group, &context);
    let constraint = table.broken_constraint(&after, &context).expect("is broken");
    assert!(table.broken_constraint(&before, &context).is_none());
    let breach = Breach { aggregate: table, constraint, group: &group, before: &before, after: &after };
    assert_eq!(breach.measure(), Some(("on_hand", 3)));

    let titles = BTreeMap::from([(id(7), "胡桃木餐桌".to_string()), (id(8), "上海仓".to_string())]);
    let message = breach.message(&titles);
    let told = |language: Language| message.get(language).to_string();
    assert!(
        told(Language::ZhCn).ends_with("（胡桃木餐桌 · 上海仓：现存量目前是 2.5，将变为 -7.5）"),
        "{message:?}"
    );
    assert!(
        told(Language::ZhTw).ends_with("（胡桃木餐桌 · 上海仓：現存量目前是 2.5，將變為 -7.5）"),
        "{message:?}"
    );
    assert!(
        told(Language::En).ends_with(" (胡桃木餐桌 · 上海仓: On hand is 2.5 and would be -7.5)"),
        "{message:?}"
    );
    // What the reader may not see has no title here.
    let withheld = breach.message(&BTreeMap::from([(id(8), "上海仓".to_string())]));
    assert!(
        withheld.get(Language::En).ends_with(" (上海仓: On hand is 2.5 and would be -7.5)"),
        "{withheld:?}"
    );
    let nothing = breach.message(&BTreeMap::new());
    assert!(nothing.get(Language::En).ends_with(" (On hand is 2.5 and would be -7.5)"), "{nothing:?}");
}
