//! What rules hide.

use serde_json::{Value, json};
use tests::design::{Field, form, number, select, subform, test, text};
use tests::on_both_shared;
use tests::workspace::faults;

#[tokio::test]
async fn a_field_hidden_by_a_rule_is_emptied_or_kept_and_cannot_be_set() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let when = || test("kind", "eq", "other");
        let order = workspace
            .form(form(
                "order",
                [
                    select("kind", &["usual", "other"]),
                    text("reason").required().with("visible_when", when()),
                    text("note").with("visible_when", when()).with("when_hidden", "keep"),
                    number("amount", 0),
                    text("proof").with("required_when", test("amount", "gt", 100)),
                ],
            ))
            .await;
        let other = json!({"kind": "other", "reason": "why", "note": "kept", "amount": 1});
        let made = order.add(other).await;
        let hidden = order.edit(admin, &made, json!({"kind": "usual"})).await.ok();
        assert_eq!((&hidden["fields"]["reason"], &hidden["fields"]["note"]), (&Value::Null, &json!("kept")));
        let set = order.edit(admin, &hidden, json!({"reason": "x"})).await.refused(422, "not_writable");
        assert_eq!(faults(&set), ["fields.reason: not_writable"]);
        // A value that is there already is no write.
        order.edit(admin, &hidden, json!({"note": "kept", "reason": null})).await.ok();
        let shown = order.edit(admin, &hidden, json!({"kind": "other"})).await.refused(422, "validation");
        assert_eq!(faults(&shown), ["fields.reason: required"]);
        order.add(json!({"kind": "usual", "amount": 100})).await;
        let proof =
            order.create(admin, json!({"kind": "usual", "amount": 101})).await.refused(422, "validation");
        assert_eq!(faults(&proof), ["fields.proof: required"]);
    })
    .await;
}

#[tokio::test]
async fn a_cell_hidden_by_a_rule_is_emptied_or_kept_and_cannot_be_set() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let when = || test("qty", "gt", 0);
        let columns = [
            number("qty", 0),
            text("gone").with("visible_when", when()),
            text("kept").with("visible_when", when()).with("when_hidden", "keep"),
        ];
        let shown = test("open", "eq", true);
        let rest = subform("rest", [number("n", 0)]);
        let rest = rest.with("visible_when", shown).with("when_hidden", "keep");
        let order = form("order", [Field::new("open", "switch"), subform("lines", columns), rest]);
        let order = workspace.form(order).await;
        let line = json!({"qty": 1, "gone": "a", "kept": "b"});
        let made = order.add(json!({"open": true, "lines": [line], "rest": [{"n": 5}]})).await;
        let row = &made["fields"]["lines"][0]["id"];
        let cell = |more: Value| {
            let mut cell = json!({"id": row, "qty": 0});
            for (key, value) in more.as_object().unwrap() {
                cell[key] = value.clone();
            }
            json!({"lines": [cell]})
        };
        for (set, path) in [
            (json!({"gone": "x"}), "fields.lines.0.gone: not_writable"),
            (json!({"kept": "x"}), "fields.lines.0.kept: not_writable"),
            (json!({"kept": null}), "fields.lines.0.kept: not_writable"),
        ] {
            let refused = order.edit(admin, &made, cell(set)).await.refused(422, "not_writable");
            assert_eq!(faults(&refused), [path]);
        }
        let hidden = order.edit(admin, &made, cell(json!({"gone": null, "kept": "b"}))).await.ok();
        let line = &hidden["fields"]["lines"][0];
        assert_eq!((&line["gone"], &line["kept"]), (&Value::Null, &json!("b")));
        // It is refused as well where the row is hidden already.
        let refused = order.edit(admin, &hidden, cell(json!({"gone": "x"}))).await;
        assert_eq!(faults(&refused.refused(422, "not_writable")), ["fields.lines.0.gone: not_writable"]);

        // Rows that are kept are kept whole.
        let closed = order.edit(admin, &hidden, json!({"open": false})).await.ok();
        assert_eq!(closed["fields"]["rest"][0]["n"], "5");
        let refused = order.edit(admin, &closed, json!({"rest": []})).await.refused(422, "not_writable");
        assert_eq!(faults(&refused), ["fields.rest: not_writable"]);
        let open = order.edit(admin, &closed, json!({"open": true})).await.ok();
        assert_eq!(open["fields"]["rest"][0]["n"], "5");
    })
    .await;
}
