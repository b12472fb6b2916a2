//! Bodies that are right, for what is described as a document of its own: without them few requests would come further
//! than its first check.

use serde_json::{Value, json};
use tests::design::{approve, form, group, number, test, text};

use crate::canary::world::World;

/// Right bodies of an operation; none where its description is enough.
pub fn of(operation: &str, world: &World) -> Vec<Value> {
    let (member, file) = (&world.people[0], &world.files[0]);
    let record = world.ids[0].clone();
    let clerks = group("more", &[member]).rows(test("region", "eq", "north")).document();
    let count = json!([{"key": "n", "fn": "count"}, {"key": "s", "fn": "sum", "field": "amount"}]);
    let flow = json!({"format": 1, "label": "Approval", "start": {"fields": {"*": "edit"}},
        "steps": [approve("boss", &[member], json!({}))]});
    match operation {
        "POST /api/v1/apps/{app}/forms" => {
            vec![form("described", [text("name"), number("amount", 2)]).with("format", 1).document()]
        }
        "PUT /api/v1/forms/{form}/draft" => {
            vec![form("patient", [text("name"), number("amount", 2)]).with("format", 1).document()]
        }
        "POST /api/v1/forms/{form}/draft/edits" => vec![
            json!({"base": 1, "edits": [{"do": "add_field", "field": text("more").value()}]}),
            json!({"base": 1, "edits": [{"do": "remove_field", "key": "name"}]}),
        ],
        "POST /api/v1/forms/{form}/permissions" | "PUT /api/v1/forms/{form}/permissions/{id}" => vec![clerks],
        "POST /api/v1/forms/{form}/permissions/preview" | "POST /api/v1/forms/{form}/permissions/dry-run" => {
            vec![json!({"document": clerks})]
        }
        "PUT /api/v1/forms/{form}/flow/draft" => vec![flow],
        "POST /api/v1/forms/{form}/flow/ahead" => vec![json!({"record": {"name": "x", "amount": 5}})],
        "POST /api/v1/forms/{form}/flow/simulate" => vec![json!({"record": {"name": "x", "amount": 5}})],
        "POST /api/v1/forms/{form}/flow/try-condition" => vec![json!({"when": test("amount", "gt", "1")})],
        "POST /api/v1/forms/{form}/records" => vec![
            json!({"fields": {"name": "x", "region": "north", "amount": "1.50"}}),
            json!({"fields": {"note": "x", "who": record}}),
            json!({"fields": {"name": "x"}, "draft": true}),
        ],
        "PATCH /api/v1/forms/{form}/records/{id}" => vec![json!({"fields": {"amount": 7}})],
        "POST /api/v1/forms/{form}/records/bulk" => vec![
            json!({"create": [{"fields": {"name": "x"}}, {"fields": {"amount": "x"}}], "atomic": false}),
            json!({"update": [{"id": record, "fields": {"amount": 8}}]}),
            json!({"upsert": {"key": ["name"], "rows": [{"fields": {"name": "Ann", "amount": 3}}]}}),
            json!({"delete": [record]}),
        ],
        "POST /api/v1/forms/{form}/bulk-edit" => {
            vec![json!({"filter": test("amount", "gt", "0"), "set": {"amount": {"formula": "amount + 1"}}})]
        }
        "POST /api/v1/forms/{form}/records/query" => vec![
            json!({"filter": {"any": [test("amount", "gte", "1"), test("region", "eq", "south")]}}),
            json!({"sort": [{"field": "amount", "desc": true}], "count": "exact", "titles": true}),
            json!({"fields": ["name", "who"], "limit": 500}),
        ],
        "POST /api/v1/forms/{form}/aggregate" => {
            vec![
                json!({"group": [{"field": "region"}], "measures": count}),
                json!({"group": [], "measures": count}),
            ]
        }
        "POST /api/v1/forms/{form}/evaluate" => vec![json!({"record": {"name": "x", "amount": "1"}})],
        "POST /api/v1/forms/{form}/export" => vec![json!({"format": "csv"}), json!({"format": "xlsx"})],
        "POST /api/v1/forms/{form}/import" | "POST /api/v1/forms/{form}/import/preview" => {
            vec![json!({"file": file, "mapping": {"name": "name"}, "mode": "create", "dry_run": true})]
        }
        "POST /api/v1/forms/{form}/prints" | "PUT /api/v1/prints/{id}" => {
            vec![json!({"key": "described", "label": "x",
            "blocks": [{"kind": "text", "text": "{name}"}, {"kind": "fields", "fields": ["region", "amount"]}]})]
        }
        "POST /api/v1/forms/{form}/views" => {
            vec![json!({"label": "Mine"}), json!({"label": "Rich", "filter": test("amount", "gt", "1")})]
        }
        "POST /api/v1/apps/{app}/aggregates" | "PUT /api/v1/aggregates/{id}" => vec![json!({"format": 1,
            "key": "described", "label": "x", "dimensions": [{"key": "region", "label": "x"}],
            "sources": [{"form": "patient", "group": {"region": "region"}, "measures": {"n": {"fn": "count"}}}]})],
        "POST /api/v1/apps/{app}/dashboards" => vec![json!({"format": 1, "key": "described", "label": "x",
            "read": {"everyone": true}, "tiles": [{"key": "t", "label": "t", "at": [0, 0, 6, 4], "kind": "bar",
                "source": "patient", "group": [{"field": "region"}], "measures": count}]})],
        "POST /api/v1/members" => vec![json!({"email": "described@example.com", "name": "x"})],
        "POST /api/v1/tasks/{task}/{action}" => vec![json!({}), json!({"opinion": "fine"})],
        "POST /api/v1/instances/{instance}/{action}" => vec![json!({"text": "hello"}), json!({})],
        "POST /api/v1/forms/{form}/records/restore" | "POST /api/v1/forms/{form}/records/purge" => {
            vec![json!({"ids": world.ids})]
        }
        _ => Vec::new(),
    }
}
