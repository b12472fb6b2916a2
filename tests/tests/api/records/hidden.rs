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

/// A field that is computed goes on while a rule hides it, unless it says otherwise.
#[tokio::test]
async fn what_is_computed_goes_on_while_a_rule_hides_it() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let twice =
            |key: &str| number(key, 0).computed("n * 2").with("visible_when", test("open", "eq", true));
        let fields = [
            Field::new("open", "switch"),
            number("n", 0),
            twice("usual"),
            twice("goes_on").with("when_hidden", "recompute"),
            twice("stays").with("when_hidden", "keep"),
            twice("goes").with("when_hidden", "clear"),
            number("reads", 0).computed("goes_on + 1"),
        ];
        let order = workspace.form(form("order", fields)).await;
        let seen = async |record: &Value| {
            let record = order.read(admin, record).await.ok();
            ["usual", "goes_on", "stays", "goes", "reads"].map(|key| record["fields"][key].clone())
        };
        let made = order.add(json!({"open": true, "n": 6})).await;
        assert_eq!(seen(&made).await, ["12", "12", "12", "12", "13"].map(Value::from));
        let hidden = order.edit(admin, &made, json!({"open": false, "n": 7})).await.ok();
        let expected = [json!("14"), json!("14"), json!("12"), Value::Null, json!("15")];
        assert_eq!(seen(&hidden).await, expected);
        let shown = order.edit(admin, &hidden, json!({"open": true})).await.ok();
        assert_eq!(seen(&shown).await, ["14", "14", "14", "14", "15"].map(Value::from));
        // Of a new one there is nothing to keep.
        let new = order.add(json!({"open": false, "n": 1})).await;
        assert_eq!(seen(&new).await, [json!("2"), json!("2"), Value::Null, Value::Null, json!("3")]);
    })
    .await;
}

/// Any rule that names a field shows it, if the field's own condition holds; what they hide counts for nothing.
#[tokio::test]
async fn rules_of_a_form_show_and_ask_for_fields_together_with_their_own_conditions() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let when = |value: &str| test("kind", "eq", value);
        let fields = [
            select("kind", &["usual", "first", "second"]),
            Field::new("open", "switch"),
            number("fee", 0).with("visible_when", test("open", "eq", true)),
            text("reason"),
            number("total", 0).computed("SUM(fee, 1)"),
        ];
        let rules = json!([
            {"when": when("first"), "show": ["fee", "reason"], "require": ["reason"]},
            {"when": when("second"), "show": ["reason", "fee"]},
        ]);
        let order = workspace.form(form("order", fields).with("rules", rules)).await;
        let refused = async |fields: Value| {
            let answer = order.create(admin, fields).await;
            assert_eq!(answer.status, 422, "{}", answer.body);
            faults(&answer.body)
        };
        // No rule, or not its own condition.
        for fields in [json!({"kind": "usual", "open": true, "fee": 5}), json!({"kind": "second", "fee": 5})]
        {
            assert_eq!(refused(fields).await, ["fields.fee: not_writable"]);
        }
        assert_eq!(refused(json!({"kind": "first"})).await, ["fields.reason: required"]);
        order.add(json!({"kind": "usual"})).await;
        let first = json!({"kind": "first", "open": true, "fee": 5, "reason": "why"});
        let made = order.add(first).await;
        let kept = order.edit(admin, &made, json!({"kind": "second"})).await.ok();
        assert_eq!((&kept["fields"]["fee"], &kept["fields"]["total"]), (&json!("5"), &json!("6")));
        assert_eq!(kept["fields"]["reason"], "why");
        // Its own condition hides the one, no rule the other.
        let closed = order.edit(admin, &kept, json!({"open": false})).await.ok();
        assert_eq!((&closed["fields"]["fee"], &closed["fields"]["total"]), (&Value::Null, &json!("1")));
        assert_eq!(closed["fields"]["reason"], "why");
        let open = order.edit(admin, &closed, json!({"open": true, "fee": 7})).await.ok();
        let usual = order.edit(admin, &open, json!({"kind": "usual"})).await.ok();
        let gone = ["fee", "reason", "total"].map(|key| usual["fields"][key].clone());
        assert_eq!(gone, [Value::Null, Value::Null, json!("1")]);
    })
    .await;
}
