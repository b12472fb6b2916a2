//! Limits on fields, as designers draw them: ranges, lengths, patterns, precision, currencies, choices, regions.

use std::sync::{Arc, OnceLock};

use engine::field::Regions;
use serde_json::{Value as Json, json};

use crate::dice::Dice;

/// The list of regions that is there.
const REGIONS: &str = "pairs/cn";

/// Draws limits on a field, where its kind has some; now and then none.
pub fn draw(dice: &mut Dice, field: &mut Json) {
    let kind = field["kind"].as_str().unwrap_or_default().to_string();
    if dice.once_in(2) {
        return;
    }
    let Json::Object(limits) = limits(&kind, dice) else { return };
    for (name, limit) in limits {
        field["options"][name] = limit;
    }
}

fn limits(kind: &str, dice: &mut Dice) -> Json {
    match (kind, dice.roll(4)) {
        ("number", 0) => json!({"min": "0", "max": "100"}),
        ("number", 1) => json!({"max": "10"}),
        ("number", _) => json!({"min": "-5.5", "unit": "kg", "thousands": true}),
        ("money", 0) => json!({"currency": dice.pick(&["CNY", "USD", "JPY"])}),
        ("money", 1) => json!({"currency": "CNY", "min": "0", "max": "1000"}),
        ("money", 2) => json!({"currency_field": "code"}),
        ("money", _) => json!({"min": "1"}),
        ("percent", 0) => json!({"max": "100", "unit": "pp"}),
        ("percent", _) => json!({"min": "0", "max": "1"}),
        ("text", 0) => json!({"min_length": 2 + dice.roll(3), "max_length": 5 + dice.roll(9)}),
        ("text", 1) => json!({"pattern": dice.pick(&["[A-Z]{2}-[0-9]+", "流.*", "(a|b|p)*e?n?", "\\w+"])}),
        ("text", _) => json!({"format": dice.pick(FORMATS)}),
        ("date", 0) => json!({"min": "2026-01-01", "max": "2026-12-31"}),
        ("date", 1) => json!({"precision": "month", "min": "2024-03-01"}),
        ("date", _) => json!({"precision": dice.pick(&["day", "month", "year"])}),
        ("datetime", 0) => json!({"min": "2026-01-01T00:00:00Z", "max": "2026-06-30T23:59:59Z"}),
        ("datetime", _) => json!({"precision": dice.pick(&["minute", "second"])}),
        ("month", 0) => json!({"min": "2026-01", "max": "2026-10"}),
        ("month", _) => json!({"precision": dice.pick(&["month", "year"])}),
        ("select", _) => json!({"allow_other": true}),
        ("multi_select", 0) => json!({"allow_other": true}),
        ("multi_select", 1) => json!({"min": 2}),
        ("multi_select", 2) => json!({"max": 1}),
        ("multi_select", _) => json!({"allow_other": true, "min": 1, "max": 2}),
        ("subform", 0) => json!({"min_rows": 1 + dice.roll(2), "max_rows": 2 + dice.roll(3)}),
        ("subform", 1) => json!({"min_rows": 2}),
        ("subform", _) => json!({"max_rows": 1 + dice.roll(4)}),
        ("address", 0) => json!({"regions": "pairs/none"}),
        ("address", _) => json!({"regions": REGIONS}),
        _ => json!({}),
    }
}

const FORMATS: &[&str] = &["plain", "code", "mobile", "tel", "email", "url", "id_card", "plate", "postcode"];

/// The regions of a name; nothing where there are none of it.
pub fn regions(name: &str) -> Option<Arc<Regions>> {
    static SOME: OnceLock<Option<Arc<Regions>>> = OnceLock::new();
    let some = || {
        let regions = json!({"label": "China", "regions": [
            {"name": "广东省", "regions": [{"name": "深圳市", "regions": ["南山区", "福田区"]}, "中山市"]},
            {"name": "上海市", "regions": [{"name": "上海市", "regions": ["浦东新区"]}]}]});
        serde_json::from_value(regions).ok().map(Arc::new)
    };
    SOME.get_or_init(some).clone().filter(|_| name == REGIONS)
}
