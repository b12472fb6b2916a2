//! Fields of kinds that no example of a function names, what is entered in them, and what links bring into a form.

use engine::form::Column;
use engine::record::Linked;
use engine::value::{Id, Value, Values, parse_date};
use serde_json::{Value as Json, json};

use crate::dice::Dice;

/// The key of a field of each of these kinds begins so.
const PREFIX: &str = "of_";

/// Kinds that people fill in, with what may be entered beside what anybody may enter anywhere: right, written in another
/// way, wrong.
const KINDS: &[(&str, &[&str])] = &[
    ("long_text", &["a\r\nb", "  two\n\nlines  ", "longer than any of these fields lets anybody write"]),
    (
        "rich_text",
        &[
            "<p>a <b>b</b></p>",
            "<P onclick=x>a<script>alert(1)</script>",
            "<a href='javascript:x'>y</a>",
            "a < b",
            "<p>longer than any of these <i>fields</i> lets anybody write</p>",
        ],
    ),
    ("email", &["a@x.cn", "ａ@X.cn", "nobody", "a@b@c"]),
    ("phone", &["138 0013 8000", "１１０", "+86 10 6552 9988", "call me", "2024-01-02"]),
    ("url", &["HTTPS://A.cn", "b.cn/x", "javascript:alert(1)", "http://[::1]/", "a"]),
    ("id_card", &["110105 19491231 002x", "440524188001010014", "110105194912310021", "123"]),
    ("barcode", &["６９０１２３４５６７８９２", "978-7-111-00000-6", "6901234567893", "12", "ABC-1"]),
    ("time", &["9:05", "下午3:05", "3:05:59 PM", "0905", "24:00", "９：０５"]),
    ("month", &["2026-11", "2026年3月", "202402", "2026-13"]),
    ("rating", &["4", "★★☆☆☆", "4/5", "0", "6", "2.5"]),
    ("cascader", &["food/fruit", "食品 > 水果", "tools", "food", "food/nails"]),
    ("location", &["30.25,120.16 杭州", "30.25，120.16　杭州", "120.16,30.25", "nowhere"]),
    ("address", &["上海市黄浦区人民大道1号", "广东省 深圳市 南山区 科技园", "深圳市", "nowhere"]),
    ("json", &["{ \"a\": 1 }", "{\"a\": 1, \"a\": 2}", "[1, 2.50, 1e3]", "{\"b\": {\"c\": [true]}}"]),
    ("members", &[]),
    ("department", &[]),
    ("departments", &[]),
    ("files", &[]),
    ("images", &[]),
    ("signature", &[]),
];

/// The form that is linked to, and its records that are known. What else is linked to is not.
const TARGET: i64 = 2;
const KNOWN: [i64; 3] = [7, 8, 9];

/// Fields of some of these kinds.
pub fn some(dice: &mut Dice, count: usize) -> Vec<Json> {
    let mut fields: Vec<Json> = Vec::new();
    for _ in 0..count {
        let (kind, _) = KINDS.get(dice.roll(KINDS.len())).copied().unwrap_or(("text", &[]));
        let field = field(kind, dice);
        if fields.iter().all(|known| known["key"] != field["key"]) {
            fields.push(field);
        }
    }
    fields
}

/// The paths of all fields of these kinds, whether a form has them or not.
pub fn keys() -> impl Iterator<Item = String> {
    KINDS.iter().map(|(kind, _)| format!("{PREFIX}{kind}"))
}

fn field(kind: &str, dice: &mut Dice) -> Json {
    let mut field = json!({"key": format!("{PREFIX}{kind}"), "label": kind, "kind": kind});
    let options = match kind {
        "rich_text" | "long_text" => json!({"max_length": 8 + dice.roll(30)}),
        "barcode" => json!({"format": dice.pick(&["any", "ean13", "code39", "qr"])}),
        "time" => json!({"precision": dice.pick(&["minute", "second"]), "min": "08:00"}),
        "rating" => json!({"max": 2 + dice.roll(9)}),
        "cascader" => json!({"any_level": dice.once_in(2), "choices": [
            {"key": "food", "label": "食品", "children": [
                {"key": "fruit", "label": "水果"}, {"key": "other", "label": "其他"}]},
            {"key": "tools", "label": "工具"}]}),
        "location" if dice.once_in(2) => {
            json!({"center": {"lng": "121.4737", "lat": "31.2304"}, "radius": 200_000})
        }
        "address" => json!({"level": dice.pick(&["city", "district", "detail"])}),
        "json" if dice.once_in(2) => json!({"schema": {"type": "object", "maxProperties": 1}}),
        "files" => json!({"max_count": 1}),
        "members" | "department" | "departments" => json!({"default_me": dice.once_in(2)}),
        _ => return field,
    };
    field["options"] = options;
    field
}

/// Links to what is known and what is not, what they fill and show, and what another form gives by a condition.
pub fn linked() -> Vec<Json> {
    let choices = ["vip", "old", "new"].map(|key| json!({"key": key, "label": key}));
    let tags = json!({ "choices": choices });
    let alike = json!({"field": "state", "op": "eq", "value": {"field": "buyer"}});
    vec![
        json!({"key": "deal", "label": "Deal", "kind": "link", "options": {"form": "payment",
            "fill": [{"from": "state", "to": "copied"}, {"from": "amount", "to": "priced"}]}}),
        json!({"key": "copied", "label": "Copied", "kind": "text"}),
        json!({"key": "priced", "label": "Priced", "kind": "number", "options": {"scale": 1}}),
        json!({"key": "deals", "label": "Deals", "kind": "links", "options": {"form": "payment",
            "fill": [{"from": "tags", "to": "deal_tags"}, {"from": "by", "to": "team"}]}}),
        json!({"key": "deal_tags", "label": "Tags of deals", "kind": "multi_select", "options": tags}),
        json!({"key": "team", "label": "Team", "kind": "members"}),
        json!({"key": "deal_day", "label": "Day of the deal", "kind": "lookup",
            "options": {"link": "deal", "field": "day"}}),
        json!({"key": "worth", "label": "Worth", "kind": "number", "compute": {"formula": "deal.amount * 2"}}),
        json!({"key": "buyer", "label": "Buyer", "kind": "text"}),
        json!({"key": "given", "label": "Given", "kind": "text",
            "default": {"linkage": {"form": "payment", "filter": alike, "field": "state"}}}),
    ]
}

/// What nobody enters: a number that the server gives, a figure over what links here, a list, and what is only laid out.
pub fn given() -> Vec<Json> {
    let parts = json!([{"text": "N-"}, {"date": "%Y%m"}, {"field": "code", "scope": true}, {"text": "-"}, {"counter": {"width": 3, "reset": "month"}}]);
    vec![
        json!({"key": "numbered", "label": "Numbered", "kind": "serial", "options": {"parts": parts}}),
        json!({"key": "counted", "label": "Counted", "kind": "rollup",
            "options": {"form": "payment", "link": "of", "fn": "sum", "field": "amount"}}),
        json!({"key": "open", "label": "Open", "kind": "query",
            "options": {"form": "payment", "columns": ["state"], "limit": 5}}),
        json!({"key": "line", "label": "Line", "kind": "divider"}),
        json!({"key": "hint", "label": "Hint", "kind": "note", "options": {"text": "Say what it is."}}),
    ]
}

/// The same in a row.
pub fn linked_columns() -> Vec<Json> {
    vec![
        json!({"key": "part", "label": "Part", "kind": "link", "options": {"form": "payment",
            "fill": [{"from": "amount", "to": "price"}, {"from": "state", "to": "note"}]}}),
        json!({"key": "part_day", "label": "Day of the part", "kind": "lookup",
            "options": {"link": "part", "field": "day"}}),
    ]
}

/// What is entered in a field of one of these kinds, or in a link; nothing for others.
pub fn entry(column: &Column, dice: &mut Dice) -> Option<Json> {
    let known = |dice: &mut Dice| {
        let place = dice.roll(KNOWN.len() + 1);
        // Past them stands one that nobody knows.
        let id = KNOWN.get(place).copied().unwrap_or(99);
        Id::from_i64(id).map(|id| id.to_string())
    };
    let kind = column.field.kind.name();
    match kind {
        "link" | "department" | "signature" if !dice.once_in(10) => return Some(json!(known(dice))),
        "links" | "members" | "departments" | "files" | "images" if !dice.once_in(10) => {
            return Some(json!([known(dice), known(dice)]));
        }
        "location" if dice.once_in(2) => {
            return Some(
                json!({"lng": dice.roll(200), "lat": "31.2304", "address": dice.pick(&["上海", ""])}),
            );
        }
        "address" if dice.once_in(2) => {
            return Some(
                json!({"province": "广东省", "city": dice.pick(&["深圳市", ""]), "district": dice.pick(&["南山区", "黄浦区"])}),
            );
        }
        "json" if dice.once_in(2) => return Some(json!({"b": [true, dice.roll(9)]})),
        _ => {}
    }
    let (_, entries) = KINDS.iter().find(|(known, _)| *known == kind)?;
    (!entries.is_empty() && !dice.once_in(6)).then(|| json!(dice.pick(entries)))
}

/// The records that links lead to.
pub fn records() -> Linked {
    let mut linked = Linked::default();
    let Some(target) = Id::from_i64(TARGET) else { return linked };
    for (place, id) in KNOWN.iter().enumerate() {
        let Some(id) = Id::from_i64(*id) else { continue };
        let mut values = Values::from([("amount".to_string(), Value::number(place as u32 * 13 + 1))]);
        // One of them is nearly empty.
        if place > 0 {
            let tags = ["vip", "new"].iter().take(place).map(|key| Value::text(*key)).collect();
            values.insert("state".into(), Value::text(if place > 1 { "won" } else { "流程" }));
            values.insert("tags".into(), Value::List(tags));
            values.insert("by".into(), Value::Ref(id));
            values.insert("day".into(), parse_date("2028-02-29").map_or(Value::Empty, Value::Date));
        }
        linked.insert(target, id, values);
    }
    linked
}
