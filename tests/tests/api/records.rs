//! Records: from their first save to the recycle bin and back.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use tests::design::{Field, date, form, number, select, serial, subform, test, text};
use tests::on_both_shared;
use tests::workspace::{UNKNOWN, faults, id_of, items, version_of};

#[tokio::test]
async fn a_record_is_made_read_changed_deleted_and_restored() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace.form(form("order", [text("name").required(), number("amount", 2)])).await;
        let me = id_of(&admin.get("/me").await.ok());
        let answer = order.create(admin, json!({"name": "  Ann  ", "amount": 12.5})).await;
        assert_eq!(answer.headers["etag"], "\"1\"");
        let made = answer.created();
        assert_eq!(made["fields"], json!({"name": "  Ann", "amount": "12.50"}));
        let system = &made["system"];
        assert_eq!(
            (&system["created_by"], &system["owner"], &system["flow_state"]),
            (&json!(me), &json!(me), &Value::Null)
        );
        assert_eq!(order.read(admin, &made).await.ok()["fields"], made["fields"]);

        let changed = order.edit(admin, &made, json!({"amount": "13"})).await.ok();
        assert_eq!((version_of(&changed), &changed["fields"]["amount"]), (2, &json!("13.00")));
        // Setting what is there already is no change.
        let same = order.edit(admin, &changed, json!({"amount": 13})).await.ok();
        assert_eq!(version_of(&same), 2);

        admin.delete(&order.at(&made), 2).await.with_status(204);
        order.read(admin, &made).await.refused(404, "not_found");
        assert!(items(&order.query(admin, json!({})).await.ok()).is_empty());
        let bin = order.query(admin, json!({"deleted": true})).await.ok();
        assert_eq!(items(&bin)[0]["id"], made["id"]);
        order.edit(admin, &changed, json!({"amount": 1})).await.refused(404, "not_found");
        let back = admin.post(&format!("{}/restore", order.at(&made)), json!({})).await.ok();
        assert_eq!(back["fields"]["amount"], "13.00");
        assert_eq!(order.read(admin, &made).await.ok()["fields"]["name"], "  Ann");
        admin.post(&format!("{}/restore", order.at(&made)), json!({})).await.refused(404, "not_found");

        let history = admin.get(&format!("{}/history", order.at(&made))).await.ok();
        let told = items(&history);
        let versions: Vec<_> = told.iter().map(version_of).collect();
        assert_eq!(versions, [4, 3, 2, 1]);
        assert_eq!(told[2]["changes"], json!({"amount": {"old": "12.50", "new": "13.00"}}));
        assert_eq!(told[3]["changes"]["name"], json!({"old": null, "new": "  Ann"}));
        assert!(told.iter().all(|entry| entry["who"] == me.as_str()));
    })
    .await;
}

#[tokio::test]
async fn a_change_says_which_version_it_saw() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace.form(form("order", [text("name"), number("amount", 2)])).await;
        let made = order.add(json!({"name": "Ann", "amount": 1})).await;
        let path = order.at(&made);
        let blind = admin.request(Method::PATCH, &path).json(&json!({"fields": {"amount": 2}}));
        admin.send(blind).await.refused(428, "if_match_required");
        admin.send(admin.request(Method::DELETE, &path)).await.refused(428, "if_match_required");
        let weak = admin
            .request(Method::PATCH, &path)
            .header("if-match", "1")
            .json(&json!({"fields": {"amount": 2}}));
        admin.send(weak).await.refused(422, "validation");

        order.edit(admin, &made, json!({"amount": 2})).await.ok();
        let stale = order.edit(admin, &made, json!({"amount": 3})).await.refused(412, "stale");
        assert_eq!(
            (version_of(&stale["current"]), &stale["current"]["fields"]["amount"]),
            (2, &json!("2.00"))
        );
        let stale = admin.delete(&path, 1).await.refused(412, "stale");
        assert_eq!(stale["current"]["id"], made["id"]);
        // Any version, on purpose.
        let any = admin
            .request(Method::PATCH, &path)
            .header("if-match", "*")
            .json(&json!({"fields": {"amount": 4}}));
        assert_eq!(admin.send(any).await.ok()["fields"]["amount"], "4.00");
    })
    .await;
}

#[tokio::test]
async fn of_two_changes_from_one_version_exactly_one_is_made() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace.form(form("order", [number("a", 0), number("b", 0)])).await;
        for round in 1..=10 {
            let made = order.add(json!({"a": 0, "b": 0})).await;
            let (one, two) = tokio::join!(
                order.edit(admin, &made, json!({"a": round})),
                order.edit(admin, &made, json!({"b": round})),
            );
            let mut answers = [one.status, two.status];
            answers.sort_unstable();
            assert_eq!(answers, [200, 412]);
            assert_eq!(version_of(&order.read(admin, &made).await.ok()), 2);
        }
    })
    .await;
}

#[tokio::test]
async fn decimals_are_exact_and_never_clipped() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace.form(form("order", [
            number("amount", 2),
            number("rate", 8),
            number("whole", 0),
            number("product", 2).computed("amount * rate"),
        ])).await;
        let exact = order.add(json!({"amount": "9999999999999999.99", "rate": 0.00000001, "whole": "999999999999999999"})).await;
        assert_eq!(exact["fields"], json!({
            "amount": "9999999999999999.99", "rate": "0.00000001", "whole": "999999999999999999", "product": "100000000.00",
        }));
        assert_eq!(order.read(admin, &exact).await.ok()["fields"], exact["fields"]);
        let refused = async |fields: Value| {
            faults(&order.create(admin, fields).await.refused(422, "validation"))
        };
        assert_eq!(refused(json!({"amount": "0.001"})).await, ["fields.amount: too_precise"]);
        assert_eq!(refused(json!({"amount": 0.125})).await, ["fields.amount: too_precise"]);
        assert_eq!(refused(json!({"amount": "10000000000000000"})).await, ["fields.amount: out_of_range"]);
        assert_eq!(refused(json!({"whole": "-1000000000000000000"})).await, ["fields.whole: out_of_range"]);
        assert_eq!(refused(json!({"whole": 1e300})).await, ["fields.whole: out_of_range"]);
        assert_eq!(refused(json!({"amount": "12,50"})).await, ["fields.amount: not_a_number"]);
        assert_eq!(refused(json!({"amount": true})).await, ["fields.amount: wrong_type"]);
        // Zeros at the end are no precision; full-width digits are digits.
        let zeros = order.add(json!({"amount": "1.5000", "whole": "１２"})).await;
        assert_eq!((&zeros["fields"]["amount"], &zeros["fields"]["whole"]), (&json!("1.50"), &json!("12")));
        // A result that fits nowhere is refused, not clipped.
        let overflow = refused(json!({"amount": "9999999999999999.99", "rate": "9999999999"})).await;
        assert_eq!(overflow.len(), 1, "{overflow:?}");
        // Sums are exact, too.
        for _ in 0..10 {
            order.add(json!({"amount": "0.1"})).await;
        }
        let filter = json!({"filter": test("amount", "eq", "0.1"), "measures": [{"key": "sum", "fn": "sum", "field": "amount"}]});
        assert_eq!(order.add_up(admin, filter).await.ok()["rows"][0]["values"]["sum"], "1.00");
    })
    .await;
}

#[tokio::test]
async fn all_that_is_wrong_with_a_record_is_said_at_once_and_nothing_is_stored() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace.form(
            form("order", [
                text("name").required().option("max_length", 5),
                number("qty", 0).option("min", "1").option("max", "10"),
                select("state", &["open", "done"]),
                date("from"),
                date("to"),
                subform("lines", [number("n", 0).required()]),
            ])
            .with("validate", json!([{"key": "range", "formula": "to >= from", "message": "Ends before it starts"}])),
        ).await;
        let wrong = json!({"qty": 11, "state": "lost", "from": "2026-02-30", "lines": [{"n": 1}, {}]});
        let problem = order.create(admin, wrong).await.refused(422, "validation");
        let mut found = faults(&problem);
        found.sort();
        // What can't be read comes first: rules are about values.
        assert_eq!(found, ["fields.from: not_a_date", "fields.state: unknown_choice"]);
        let problem = order.create(admin, json!({"name": "Anneliese", "lines": [{"n": 1}, {}], "from": "2026-03-02", "to": "2026-03-01"})).await.refused(422, "validation");
        let mut found = faults(&problem);
        found.sort();
        assert_eq!(found, ["fields.from: validation", "fields.lines.1.n: required", "fields.name: too_long"]);
        assert!(problem.to_string().contains("Ends before it starts"));
        assert!(items(&order.query(admin, json!({})).await.ok()).is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_unique_value_is_there_once_whoever_comes_first() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace
            .form(
                form("order", [text("code").unique(), text("from"), text("to")])
                    .with("unique", json!([["from", "to"]])),
            )
            .await;
        let first = order.add(json!({"code": "A", "from": "x", "to": "y"})).await;
        let clash = order.create(admin, json!({"code": "A"})).await.refused(409, "not_unique");
        assert_eq!(faults(&clash), ["fields.code: not_unique"]);
        order.create(admin, json!({"from": "x", "to": "y"})).await.refused(409, "not_unique");
        order.add(json!({"code": "B", "from": "x", "to": "z"})).await;
        // Empty values clash with nothing; letters of another case are other letters.
        order.add(json!({"from": "x"})).await;
        order.add(json!({"from": "x"})).await;
        order.add(json!({"code": "a"})).await;

        // The bin holds no value, and restoring asks for it back.
        admin.delete(&order.at(&first), 1).await.with_status(204);
        let second = order.add(json!({"code": "A"})).await;
        let restore = format!("{}/restore", order.at(&first));
        admin.post(&restore, json!({})).await.refused(409, "not_unique");
        admin.delete(&order.at(&second), 1).await.with_status(204);
        admin.post(&restore, json!({})).await.ok();

        // Of many at once one is made.
        let race = (0..8).map(|_| order.create(admin, json!({"code": "RACE"})));
        let mut statuses: Vec<_> =
            tests::together(race).await.into_iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
    })
    .await;
}

#[tokio::test]
async fn two_records_swap_a_unique_value_in_one_change() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace.form(form("order", [text("code").unique()])).await;
        let (a, b) = (order.add(json!({"code": "A"})).await, order.add(json!({"code": "B"})).await);
        let swap = json!({"update": [
            {"id": a["id"], "version": 1, "fields": {"code": "B"}}, {"id": b["id"], "version": 1, "fields": {"code": "A"}},
        ]});
        admin.post(&order.path("/records/bulk"), swap).await.ok();
        assert_eq!(order.read(admin, &a).await.ok()["fields"]["code"], "B");
        assert_eq!(order.read(admin, &b).await.ok()["fields"]["code"], "A");
    })
    .await;
}

#[tokio::test]
async fn serial_numbers_have_no_gap_and_are_never_given_twice() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace.form(form("order", [serial("no", "SO-"), number("amount", 0).option("max", "100")])).await;
        let writers = (0..24).map(|n| {
            // Every fourth is refused, and takes no number.
            let amount = if n % 4 == 0 { 101 } else { n };
            order.create(admin, json!({"amount": amount}))
        });
        let answers = tests::together(writers).await;
        let given: BTreeSet<String> = answers
            .into_iter()
            .filter(|answer| answer.status == 201)
            .map(|answer| answer.body["fields"]["no"].as_str().unwrap().to_owned())
            .collect();
        let expected: BTreeSet<String> = (1..=18).map(|n| format!("SO-{n:04}")).collect();
        assert_eq!(given, expected);

        // Deleting gives no number back; a draft has none until it is submitted.
        let last = order.add(json!({"amount": 1})).await;
        assert_eq!(last["fields"]["no"], "SO-0019");
        admin.delete(&order.at(&last), 1).await.with_status(204);
        let draft = admin.post(&order.path("/records"), json!({"fields": {"amount": 2}, "draft": true})).await.created();
        assert_eq!(draft["fields"]["no"], Value::Null);
        assert_eq!(order.add(json!({"amount": 1})).await["fields"]["no"], "SO-0020");
        let submitted = admin.post(&format!("{}/submit", order.at(&draft)), json!({})).await.ok();
        assert_eq!(submitted["fields"]["no"], "SO-0021");
        // Nobody sets one.
        let set = order.create(admin, json!({"no": "SO-9999"})).await.refused(422, "not_writable");
        assert_eq!(faults(&set), ["fields.no: not_writable"]);
        let rows: Vec<_> = (0..3).map(|n| json!({"amount": n})).collect();
        let many = order.add_all(rows).await;
        let numbers = order.query(admin, json!({"filter": {"field": "no", "op": "gte", "value": "SO-0022"}, "sort": [{"field": "no"}]})).await;
        assert_eq!((many.len(), numbers.status), (3, 422), "a serial has no order but its text's");
    })
    .await;
}

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

#[tokio::test]
async fn defaults_and_formulas_are_worked_out_by_the_server() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace
            .form(form(
                "order",
                [
                    number("qty", 0).default_to("1"),
                    number("price", 2),
                    number("total", 2).computed("qty * price"),
                    date("day").default_to("TODAY()"),
                    tests::design::formula("double", "total * 2"),
                    subform("lines", [number("n", 0), number("square", 0).computed("n * n")]),
                    number("sum", 0).computed("SUM(lines.square)"),
                ],
            ))
            .await;
        let made = order.add(json!({"price": "2.50", "lines": [{"n": 3}, {"n": 4}]})).await;
        let fields = &made["fields"];
        assert_eq!(
            (&fields["qty"], &fields["total"], &fields["double"], &fields["sum"]),
            (&json!("1"), &json!("2.50"), &json!("5.00"), &json!("25"))
        );
        assert_eq!(fields["day"].as_str().unwrap().len(), 10);
        for path in ["total", "double", "sum"] {
            let set = order.create(admin, json!({"price": 1, path: 7})).await.refused(422, "not_writable");
            assert_eq!(faults(&set), [format!("fields.{path}: not_writable")]);
        }
        // A default can be emptied.
        let none = order.add(json!({"qty": null, "price": 1})).await;
        assert_eq!((&none["fields"]["qty"], &none["fields"]["total"]), (&Value::Null, &Value::Null));
        let changed = order.edit(admin, &made, json!({"qty": 4})).await.ok();
        assert_eq!(
            (&changed["fields"]["total"], &changed["fields"]["double"]),
            (&json!("10.00"), &json!("20.00"))
        );
        let by_formula = order
            .query(
                admin,
                json!({"filter": test("total", "eq", "10"), "sort": [{"field": "total", "desc": true}]}),
            )
            .await
            .ok();
        assert_eq!(items(&by_formula).len(), 1);
    })
    .await;
}

#[tokio::test]
async fn rows_of_a_sub_form_keep_their_ids() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace
            .form(form("order", [text("name"), subform("lines", [text("item"), number("qty", 0)])]))
            .await;
        let made = order.add(json!({"lines": [{"item": "a", "qty": 1}, {"item": "b", "qty": 2}]})).await;
        let rows = made["fields"]["lines"].as_array().unwrap().clone();
        let (a, b) = (id_of(&rows[0]), id_of(&rows[1]));
        // Known rows change where a column is given, new ones get ids, missing ones go, the order is the array's.
        let new = json!({"lines": [{"item": "c"}, {"id": b, "qty": 5}]});
        let changed = order.edit(admin, &made, new).await.ok();
        let lines = changed["fields"]["lines"].as_array().unwrap().clone();
        assert_eq!((lines.len(), &lines[1]), (2, &json!({"id": b, "item": "b", "qty": "5"})));
        assert_eq!(lines[0]["item"], "c");
        assert_eq!(order.read(admin, &made).await.ok()["fields"]["lines"], json!(lines));
        let unknown = order
            .edit(admin, &changed, json!({"lines": [{"id": a, "qty": 1}]}))
            .await
            .refused(422, "unknown_row");
        assert_eq!(faults(&unknown), ["fields.lines.0.id: unknown_row"]);
        let twice = json!({"lines": [{"id": b}, {"id": b}]});
        assert_eq!(
            faults(&order.edit(admin, &changed, twice).await.refused(422, "validation")),
            ["fields.lines.1.id: twice"]
        );
        let column = order
            .edit(admin, &changed, json!({"lines": [{"colour": "red"}]}))
            .await
            .refused(422, "unknown_field");
        assert_eq!(faults(&column), ["fields.lines.0.colour: unknown_field"]);

        // A list gives rows only when they are asked for, and then the first twenty.
        let many: Vec<_> = (0..25).map(|n| json!({"qty": n})).collect();
        let long = order.add(json!({"name": "long", "lines": many})).await;
        assert_eq!(long["fields"]["lines"].as_array().unwrap().len(), 25);
        let listed = order
            .query(admin, json!({"fields": ["name", "lines"], "filter": test("name", "eq", "long")}))
            .await
            .ok();
        let record = &items(&listed)[0];
        assert_eq!(
            (record["fields"]["lines"].as_array().unwrap().len(), &record["row_counts"]["lines"]),
            (20, &json!(25))
        );
        let plain = order.query(admin, json!({})).await.ok();
        assert!(items(&plain)[0]["fields"].get("lines").is_none());
        let too_many: Vec<_> = (0..1001).map(|n| json!({"qty": n})).collect();
        let refused = order.create(admin, json!({"lines": too_many})).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["fields.lines: too_many"]);
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_unchecked_and_its_creators_alone() {
    on_both_shared(async |workspace| {
        let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
        let order = workspace.form(form("order", [text("code").required().unique(), number("qty", 0)])).await;
        order.allow(tests::design::group("clerks", &[&mei.id, &tom.id])).await;
        let draft = |fields: Value| json!({"fields": fields, "draft": true});
        let post =
            async |who: &tests::Client, fields: Value| who.post(&order.path("/records"), draft(fields)).await;
        let made = post(&mei, json!({"qty": 1})).await.created();
        assert_eq!(made["system"]["flow_state"], "draft");
        post(&mei, json!({"qty": "many"})).await.refused(422, "validation");
        order.read(&tom, &made).await.refused(404, "not_found");
        order.edit(&tom, &made, json!({"qty": 2})).await.refused(404, "not_found");
        assert!(items(&order.query(&tom, json!({})).await.ok()).is_empty());
        let counted = order.add_up(&tom, json!({"measures": [{"key": "n", "fn": "count"}]})).await.ok();
        assert_eq!(counted["rows"][0]["values"]["n"], "0");
        order.read(&workspace.admin, &made).await.ok();

        let submit = format!("{}/submit", order.at(&made));
        tom.post(&submit, json!({})).await.refused(404, "not_found");
        assert_eq!(
            faults(&mei.post(&submit, json!({})).await.refused(422, "validation")),
            ["fields.code: required"]
        );
        // A draft holds no unique value.
        let twin = post(&mei, json!({"code": "A"})).await.created();
        order.add(json!({"code": "A"})).await;
        mei.post(&format!("{}/submit", order.at(&twin)), json!({})).await.refused(409, "not_unique");
        let submitted = mei.post(&submit, json!({"fields": {"code": "B"}})).await.ok();
        assert_eq!(submitted["system"]["flow_state"], Value::Null);
        order.read(&tom, &made).await.ok();
        mei.post(&submit, json!({})).await.refused(409, "not_a_draft");
    })
    .await;
}

#[tokio::test]
async fn an_idempotency_key_makes_one_record_however_often_it_is_sent() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace.form(form("order", [serial("no", "SO-"), number("amount", 0)])).await;
        let path = order.path("/records");
        let body = json!({"fields": {"amount": 1}});
        let first = admin.post_once(&path, "key-1", body.clone()).await.created();
        let again = admin.post_once(&path, "key-1", body.clone()).await;
        assert_eq!(again.headers["etag"], "\"1\"");
        assert_eq!(again.created(), first);
        admin
            .post_once(&path, "key-1", json!({"fields": {"amount": 2}}))
            .await
            .refused(422, "idempotency_key_reused");
        // Another person's key is another key, and what was refused is not kept.
        let mei = workspace.person("mei").await;
        order.allow(tests::design::group("clerks", &[&mei.id])).await;
        assert_ne!(mei.post_once(&path, "key-1", body.clone()).await.created()["id"], first["id"]);
        admin.post_once(&path, "key-2", json!({"fields": {"amount": "x"}})).await.refused(422, "validation");
        admin.post_once(&path, "key-2", json!({"fields": {"amount": "3"}})).await.created();

        // At once: one effect, and everybody else hears of it or waits for it.
        let at_once = (0..8).map(|_| admin.post_once(&path, "key-3", body.clone()));
        let answers = tests::together(at_once).await;
        let mut ids = BTreeSet::new();
        for answer in answers {
            match answer.status {
                201 => drop(ids.insert(id_of(&answer.body))),
                _ => drop(answer.refused(409, "idempotency_in_progress")),
            }
        }
        assert_eq!(ids.len(), 1);
        assert_eq!(order.query(admin, json!({"count": "exact"})).await.ok()["count"]["value"], 4);
    })
    .await;
}

#[tokio::test]
async fn a_bulk_is_all_or_nothing_or_row_by_row() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace.form(form("order", [text("code").unique(), number("qty", 0).option("min", "0")])).await;
        let bulk = order.path("/records/bulk");
        let row = |code: &str, qty: i64| json!({"fields": {"code": code, "qty": qty}});
        let refused = admin.post(&bulk, json!({"create": [row("A", 1), row("B", -1), row("C", -2)]})).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["create.1.fields.qty: too_small", "create.2.fields.qty: too_small"]);
        order.add(json!({"code": "C"})).await;
        let clash = admin.post(&bulk, json!({"create": [row("A", 1), row("C", 1)]})).await.refused(409, "not_unique");
        assert_eq!(faults(&clash), ["create.1.fields.code: not_unique"]);
        assert_eq!(items(&order.query(admin, json!({})).await.ok()).len(), 1, "nothing half-done");

        let each = json!({"create": [row("A", 1), row("B", -1), row("C", 1), row("D", 1)], "atomic": false});
        let answer = admin.post(&bulk, each.clone()).await.ok();
        let results = answer["results"].as_array().unwrap();
        let codes: Vec<_> = results.iter().map(|one| one["problem"]["code"].as_str().unwrap_or("done")).collect();
        assert_eq!(codes, ["done", "validation", "not_unique", "done"]);

        let a = &results[0];
        let stale = json!({"update": [{"id": a["id"], "version": 7, "fields": {"qty": 9}}]});
        admin.post(&bulk, stale).await.refused(412, "stale");
        let update = json!({"update": [{"id": a["id"], "version": 1, "fields": {"qty": 9}}, {"id": results[3]["id"], "fields": {"qty": 8}}]});
        assert_eq!(admin.post(&bulk, update).await.ok()["results"][0]["version"], 2);
        let twice = json!({"update": [{"id": a["id"], "fields": {"qty": 1}}, {"id": a["id"], "fields": {"qty": 2}}]});
        admin.post(&bulk, twice).await.refused(422, "validation");
        let upsert = json!({"upsert": {"key": ["code"], "rows": [row("A", 20), row("E", 30)]}});
        let upserted = admin.post(&bulk, upsert).await.ok();
        assert_eq!((&upserted["results"][0]["id"], &upserted["results"][0]["version"]), (&a["id"], &json!(3)));
        let unknown = json!({"delete": [a["id"], UNKNOWN]});
        let missing = admin.post(&bulk, unknown).await;
        assert!(missing.status == 404 || missing.status == 422, "{}", missing.body);
        order.read(admin, a).await.ok();
        admin.post(&bulk, json!({"delete": [a["id"]]})).await.ok();
        order.read(admin, a).await.refused(404, "not_found");
        admin.post(&bulk, json!({"create": [], "delete": []})).await.refused(422, "validation");
        let many: Vec<_> = (0..5001).map(|_| json!({"fields": {}})).collect();
        assert_eq!(faults(&admin.post(&bulk, json!({"create": many})).await.refused(422, "validation")), [": too_many"]);
    })
    .await;
}

#[tokio::test]
async fn only_who_may_changes_the_owner() {
    on_both_shared(async |workspace| {
        let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
        let order = workspace.form(form("order", [text("name")])).await;
        order.allow(tests::design::group("clerks", &[&mei.id])).await;
        let made = order.create(&mei, json!({"name": "x"})).await.created();
        let to_tom = json!({"system": {"owner": tom.id}});
        mei.patch(&order.at(&made), 1, to_tom.clone()).await.refused(403, "forbidden");
        let changed = workspace.admin.patch(&order.at(&made), 1, to_tom).await.ok();
        assert_eq!((&changed["system"]["owner"], version_of(&changed)), (&json!(tom.id), 2));
        let unknown = json!({"system": {"owner": UNKNOWN}});
        let refused = workspace.admin.patch(&order.at(&made), 2, unknown).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["system.owner: not_an_id"]);
        let fixed = json!({"system": {"created_by": tom.id}});
        workspace.admin.patch(&order.at(&made), 2, fixed).await.refused(422, "unknown_member");
    })
    .await;
}
