//! Drafts, as stories.

mod asking;
mod circles;
mod computing;
mod given;
mod hiding;
mod linking;
mod refusing;
mod rounding;
mod rows;
mod titles;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::*;
use crate::context::Context;
use crate::form::{Catalogue, Form, FormDocument, Sketch};
use crate::text::{Fault, Faults};
use crate::value::{Id, Row, Timestamp, Value, Values, get};

/// A handful of forms that know each other.
pub(crate) struct World(Vec<Arc<Sketch>>);

impl Catalogue for World {
    fn form(&self, app: &str, name: &str) -> Option<Arc<Sketch>> {
        let (app, key) = name.split_once('/').unwrap_or((app, name));
        self.0.iter().find(|sketch| sketch.app == app && sketch.document.key == key).cloned()
    }
}

pub(crate) fn id(number: i64) -> Id {
    Id::from_i64(number).unwrap()
}

fn world(documents: &[Json]) -> World {
    let sketch = |(place, json): (usize, &Json)| {
        let document: FormDocument = serde_json::from_value(json.clone()).unwrap();
        Arc::new(Sketch { id: id(place as i64 + 1), app: "crm".into(), document })
    };
    World(documents.iter().enumerate().map(sketch).collect())
}

pub(crate) fn publish(documents: &[Json]) -> Result<Arc<Form>, Faults> {
    let world = world(documents);
    Form::publish(world.0.last().unwrap().clone(), 1, &world).map(Arc::new)
}

/// What the circle that was refused leads through; it ends where it begins.
fn circle_of(faults: &[Fault]) -> BTreeSet<&str> {
    let circle = faults.iter().find(|fault| fault.code == "cycle");
    let circle = circle.unwrap_or_else(|| panic!("no circle in {faults:?}"));
    let fields: Vec<&str> = circle.args["fields"].split(" → ").collect();
    assert_eq!(fields.first(), fields.last(), "{fields:?}");
    fields.into_iter().collect()
}

pub(crate) fn context() -> Context {
    let now: Timestamp = "2026-11-22T08:00:00Z".parse().unwrap();
    Context::system(now, jiff::tz::TimeZone::UTC)
}

pub(crate) fn number(text: &str) -> Value {
    Value::Number(text.parse().unwrap())
}

fn product() -> Json {
    json!({"key": "product", "label": "商品", "fields": [
        {"key": "name", "label": "名称", "kind": "text"},
        {"key": "list_price", "label": "标准售价", "kind": "money"}]})
}

fn order() -> Json {
    json!({"key": "order", "label": "订单", "fields": [
        {"key": "channel", "label": "渠道", "kind": "select",
         "options": {"choices": [{"key": "direct", "label": "直销"}, {"key": "online", "label": "线上"}]},
         "default": "direct"},
        {"key": "shop", "label": "店铺", "kind": "text", "required": true,
         "visible_when": {"field": "channel", "op": "eq", "value": "online"}},
        {"key": "lines", "label": "明细", "kind": "subform", "options": {"min_rows": 1, "fields": [
            {"key": "product", "label": "商品", "kind": "link",
             "options": {"form": "product", "fill": [{"from": "list_price", "to": "unit_price"}]}},
            {"key": "qty", "label": "数量", "kind": "number", "options": {"scale": 3}, "required": true, "default": 1},
            {"key": "unit_price", "label": "单价", "kind": "money"},
            {"key": "amount", "label": "金额", "kind": "money", "compute": {"formula": "ROUND(qty * unit_price, 2)"}}]}},
        {"key": "total", "label": "合计", "kind": "money", "compute": {"formula": "SUM(lines.amount)"}},
        {"key": "big", "label": "大单", "kind": "formula", "options": {"formula": "total > 100", "type": "bool"}}],
      "validate": [{"key": "limit", "formula": "total <= 1000", "message": "合计不能超过 1000"}]})
}

fn order_draft() -> Draft {
    Draft::new(publish(&[product(), order()]).unwrap(), context())
}

fn cell(draft: &Draft, row: usize, key: &str) -> Value {
    get(&get(draft.values(), "lines").rows()[row].values, key).clone()
}
