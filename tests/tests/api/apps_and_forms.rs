//! Apps, and forms from their draft to their versions.

use serde_json::{Value, json};
use tests::design::{date, form, formula, group, link, number, select, subform, test, text};
use tests::workspace::{faults, id_of, items};
use tests::{Form, on_both_shared};

#[tokio::test]
async fn an_app_is_seen_by_those_who_may_use_something_in_it() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
        let app = workspace.app("Sales").await;
        let order = app.form(form("order", [text("name")])).await;
        mei.get(&app.path("")).await.refused(404, "not_found");
        order.allow(group("clerks", &[&mei.id])).await;
        assert_eq!(mei.get(&app.path("")).await.ok()["administrator"], false);
        assert!(items(&mei.get("/apps").await.ok()).iter().any(|one| one["id"] == app.id.as_str()));
        tom.get(&app.path("")).await.refused(404, "not_found");
        mei.patch(&app.path(""), 1, json!({"label": "Mine"})).await.refused(403, "forbidden");

        // An app's administrator need not be the workspace's.
        let admins = json!({"admins": [{"members": [tom.id]}]});
        admin.patch(&app.path(""), 1, admins).await.ok();
        let renamed =
            tom.patch(&app.path(""), 2, json!({"label": {"en": "Sales", "zh-CN": "销售"}})).await.ok();
        assert_eq!((&renamed["label"]["zh-CN"], &renamed["administrator"]), (&json!("销售"), &json!(true)));
        tom.post(&app.path("/forms"), form("note", [text("n")]).document()).await.created();

        tom.delete(&app.path(""), 3).await.with_status(204);
        admin.get(&app.path("")).await.refused(404, "not_found");
        admin.get(&order.path("")).await.refused(404, "not_found");
        admin.get(&order.path("/records")).await.refused(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn an_app_needs_a_label_and_a_key_of_its_own() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Unique app").await;
        let again =
            admin.post("/apps", json!({"label": "X", "key": app.key})).await.refused(409, "app_taken");
        assert_eq!(faults(&again), ["key: not_unique"]);
        let bad =
            admin.post("/apps", json!({"label": " ", "key": "No Key"})).await.refused(422, "validation");
        assert_eq!(faults(&bad), ["label: label_missing", "key: invalid_key"]);
        let twin = workspace.app("Unique app").await;
        assert_ne!(app.key, twin.key);
    })
    .await;
}

#[tokio::test]
async fn a_form_goes_from_draft_to_version_to_the_next_version() {
    on_both_shared(async |workspace| {
        let (admin, app) = (&workspace.admin, workspace.app("Sales").await);
        let draft = form("order", [text("name")]).with("draft", true);
        let made = admin.post(&app.path("/forms"), draft.document()).await.created();
        assert_eq!((&made["state"], &made["version"]), (&json!("draft"), &json!(0)));
        let path = format!("/forms/{}", id_of(&made));
        let record = json!({"fields": {"name": "early"}});
        admin.post(&format!("{path}/records"), record.clone()).await.refused(404, "not_found");
        assert_eq!(admin.post(&format!("{path}/publish"), json!({})).await.ok()["version"], 1);
        let first = admin.post(&format!("{path}/records"), record).await.created();

        // Edits change the draft alone, until it is published.
        let draft = admin.get(&format!("{path}/draft")).await.ok();
        assert_eq!(draft["changed"], false);
        let add = json!({"do": "add_field", "field": number("amount", 2).with("required", true).value()});
        let edits = json!({"base": draft["base"], "edits": [add]});
        let edited = admin.post(&format!("{path}/draft/edits"), edits).await.ok();
        assert_eq!((&edited["changed"], &edited["edits"]), (&json!(true), &json!(1)));
        assert_eq!(admin.get(&path).await.ok()["definition"]["fields"].as_array().unwrap().len(), 1);
        assert_eq!(admin.post(&format!("{path}/publish"), json!({})).await.ok()["version"], 2);

        let versions = admin.get(&format!("{path}/versions")).await.ok();
        let numbers: Vec<_> = items(&versions).iter().map(|one| one["version"].as_i64().unwrap()).collect();
        assert_eq!(numbers, [2, 1]);
        let document = admin.get(&format!("{path}/versions/1")).await.ok();
        assert_eq!(document["fields"].as_array().unwrap().len(), 1);
        admin.get(&format!("{path}/versions/9")).await.refused(404, "not_found");
        // What was there before has the new field, empty.
        let record = admin.get(&format!("{path}/records/{}", id_of(&first))).await.ok();
        assert_eq!(record["fields"], json!({"name": "early", "amount": null}));
        let missing = admin.post(&format!("{path}/records"), json!({"fields": {"name": "late"}})).await;
        assert_eq!(faults(&missing.refused(422, "validation")), ["fields.amount: required"]);
    })
    .await;
}

#[tokio::test]
async fn two_who_design_at_once_do_not_lose_each_others_work() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace.form(form("order", [text("name"), number("amount", 2)])).await;
        let base = admin.get(&order.path("/draft")).await.ok()["base"].clone();
        let set = |key: &str, label: &str| {
            json!({"base": base, "edits": [{"do": "set", "key": key, "member": "label", "value": label}]})
        };
        let edits = order.path("/draft/edits");
        admin.post(&edits, set("name", "Customer")).await.ok();
        // Started from the same draft, and touches something else.
        admin.post(&edits, set("amount", "Total")).await.ok();
        let collided = admin.post(&edits, set("name", "Buyer")).await.refused(409, "edits_collide");
        assert_eq!(collided["current"]["definition"]["fields"][0]["label"], "Customer");
        // Another member of the same field is something else; the whole field is not.
        let required = json!({"do": "set", "key": "name", "member": "required", "value": true});
        admin.post(&edits, json!({"base": base, "edits": [required]})).await.ok();
        let gone = json!({"base": base, "edits": [{"do": "remove_field", "key": "name"}]});
        admin.post(&edits, gone).await.refused(409, "edits_collide");
        let name = admin.get(&order.path("/draft")).await.ok()["definition"]["fields"][0].clone();
        assert_eq!((&name["label"], &name["required"]), (&json!("Customer"), &json!(true)));

        // Replacing the whole draft needs its version.
        let document = form("order", [text("name")]).document();
        let draft = order.path("/draft");
        admin.put(&draft, "\"1\"", document.clone()).await.refused(412, "stale");
        admin.send(admin.request(reqwest::Method::PUT, &draft).json(&document)).await.refused(428, "if_match_required");
        admin.put(&draft, "*", form("other", [text("name")]).document()).await.refused(422, "validation");
        admin.put(&draft, "*", document).await.ok();
    })
    .await;
}

#[tokio::test]
async fn a_definition_that_cannot_work_is_refused_with_every_fault_and_its_place() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Faulty").await;
        // What is said of the whole depends on what is wrong; the faults are what counts.
        let refused =
            async |design: tests::design::Design| faults(&app.refused_form(design).await.with_status(422));
        let cycle = app
            .refused_form(form(
                "f",
                [
                    number("a", 2).computed("b + 1"),
                    number("b", 2).computed("c * 2"),
                    number("c", 2).computed("a"),
                ],
            ))
            .await
            .refused(422, "validation");
        assert!(faults(&cycle)[0].ends_with("cycle"), "{cycle}");
        let path = cycle["errors"][0]["args"]["fields"].as_str().unwrap();
        assert!(["a", "b", "c"].iter().all(|field| path.contains(field)) && path.contains('→'), "{path}");

        assert_eq!(cycle["errors"][0]["path"], "/fields/0");
        let named =
            |key: &str, label: &str, formula: &str| number(key, 2).computed(formula).with("label", label);
        let design = form("f", [named("a", "Gross", "b + 1"), named("b", "Net", "a - missing")]);
        let unknown = app.refused_form(design).await.refused(422, "unknown_field");
        assert_eq!(faults(&unknown), ["/fields/1/compute/formula: unknown_field"]);
        assert_eq!(unknown["errors"][0]["label"], "Net");
        assert!(unknown["detail"].as_str().unwrap().starts_with("Net"), "{unknown}");
        let design = form("f", [named("a", "Gross", "b + 1"), named("b", "Net", "a - 1")]);
        let cycle = app.refused_form(design).await.refused(422, "validation");
        let error = &cycle["errors"][0];
        assert_eq!((&error["path"], &error["label"]), (&json!("/fields/0"), &json!("Gross")));
        assert_eq!(error["args"], json!({"fields": "a → b → a", "fields_label": "Gross → Net → Gross"}));
        assert!(error["message"].as_str().unwrap().contains("Gross → Net → Gross"), "{error}");

        let unknown = app.refused_form(form("f", [number("a", 2), number("b", 2).computed("SUMM(a)")])).await;
        let unknown = unknown.refused(422, "validation");
        assert_eq!(faults(&unknown), ["/fields/1/compute/formula: unknown_function"]);
        assert_eq!(unknown["errors"][0]["args"]["at"], "0");
        assert_eq!(
            refused(form("f", [number("a", 2), number("b", 2).computed("a + missing")])).await,
            ["/fields/1/compute/formula: unknown_field"]
        );
        assert_eq!(refused(form("f", [number("a", 2), text("b").computed("ROUND(")])).await.len(), 1);
        assert_eq!(refused(form("f", [text("a"), number("a", 2)])).await, ["/fields/1/key: duplicate_key"]);
        assert_eq!(refused(form("f", [])).await, ["/fields: no_fields"]);
        assert_eq!(refused(form("f", [text("1st")])).await, ["/fields/0/key: invalid_key"]);
        assert_eq!(
            refused(form("f", [link("a", "nowhere")])).await,
            ["/fields/0/options/form: unknown_form"]
        );
        assert_eq!(
            refused(form("f", [text("a").option("pattern", "(")])).await,
            ["/fields/0/options/pattern: bad_pattern"]
        );
        assert_eq!(refused(form("f", [select("a", &[])])).await, ["/fields/0/options/choices: no_choices"]);
        let nested = subform("lines", [subform("parts", [text("x")])]);
        assert!(refused(form("f", [nested])).await[0].ends_with("nested_subform"));
        // Everything that is wrong is said at once.
        let several = refused(form("f", [text("a").with("label", ""), text("a")])).await;
        assert_eq!(several, ["/fields/0/label: label_missing", "/fields/1/key: duplicate_key"]);
        assert_eq!(refused(form("f", [number("a", 9)])).await.len(), 1);
        assert!(items(&workspace.admin.get(&app.path("/forms")).await.ok()).is_empty(), "nothing half-done");
    })
    .await;
}

#[tokio::test]
async fn a_design_that_means_nothing_is_refused() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Faulty").await;
        let plain = || form("f", [text("a"), number("n", 0)]);
        let row = |width: u32| json!([{"row": [{"field": "a", "width": width}]}]);
        let twice = json!([{"row": [{"field": "a", "width": 6}, {"field": "a", "width": 6}]}]);
        let rows = subform("r", [text("x")]).option("max_rows", 5000);
        let endless = tests::design::Field::new("j", "json").option("schema", json!({"$ref": "#"}));
        let colours = json!([{"key": "a", "label": "Red"}, {"key": "b", "label": " red"}]);
        let colours = tests::design::Field::new("c", "select").option("choices", colours);
        let aeon = tests::design::Field::new("d", "date").computed("DATEADD(TODAY(), 1, 'eon')");
        for (design, fault) in [
            (plain().with("unique", json!([[]])), "/unique/0: too_few"),
            (plain().with("unique", json!([["a", "a"]])), "/unique/0/1: twice"),
            (plain().with("layout", row(13)), "/layout/0/row/0/width: too_large"),
            (plain().with("layout", twice), "/layout/0/row/1/field: twice"),
            (plain().with("label", "x".repeat(10_000)), "/label: too_long"),
            (plain().with("title", "{a}".repeat(33_000)), "/title: too_long"),
            (form("f", [rows]), "/fields/0/options/max_rows: too_large"),
            (form("f", [endless]), "/fields/0/options/schema: endless_reference"),
            (form("f", [colours]), "/fields/0/options/choices/1/label: choice_twice"),
            (form("f", [aeon]), "/fields/0/compute/formula: formula_literal"),
        ] {
            let refused = app.refused_form(design).await.refused(422, "validation");
            assert_eq!(faults(&refused), [fault]);
        }
        // A draft may be unfinished; it is told what stands in its way, and is not published.
        let kept = app.form(plain()).await;
        let draft = plain().with("layout", row(13)).document();
        let told = workspace.admin.put(&kept.path("/draft"), "*", draft).await.ok();
        assert_eq!(told["problems"][0]["code"], "too_large", "{told}");
        workspace.admin.post(&kept.path("/publish"), json!({})).await.refused(422, "validation");
    })
    .await;
}

#[tokio::test]
async fn a_document_with_unknown_members_is_refused_where_they_stand() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Faulty").await;
        let refused = async |design: tests::design::Design, code: &str| {
            app.refused_form(design).await.refused(422, code)
        };
        let member = refused(form("f", [text("a")]).with("colour", "red"), "unknown_member").await;
        assert_eq!(faults(&member), ["/colour: unknown_member"]);
        let inner = refused(form("f", [text("a").with("colour", "red")]), "unknown_member").await;
        assert!(faults(&inner)[0].starts_with("/fields/0"), "{inner}");
        let option = app.refused_form(form("f", [text("a").option("colour", "red")])).await;
        assert_eq!(option.status, 422, "{}", option.body);
        let kind = app.refused_form(form("f", [tests::design::Field::new("a", "telepathy")])).await;
        assert_eq!(kind.status, 422, "{}", kind.body);
        assert!(kind.body["errors"][0]["path"].as_str().unwrap().starts_with("/fields/0"), "{}", kind.body);
        let workspace_form = app.form(form("f", [text("a")])).await;
        app.refused_form(form("f", [text("a")])).await.refused(409, "form_taken");
        workspace.admin.get(&workspace_form.path("")).await.ok();
    })
    .await;
}

#[tokio::test]
async fn a_change_that_would_break_another_form_is_refused() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Sales").await;
        let customer = app.form(form("customer", [text("name"), text("tier")])).await;
        let order = form("order", [link("customer", "customer"), text("tier").computed("customer.tier")]);
        app.form(order).await;
        let edits = json!({"base": admin.get(&customer.path("/draft")).await.ok()["base"], "edits": [{"do": "remove_field", "key": "tier"}]});
        admin.post(&customer.path("/draft/edits"), edits).await.ok();
        admin.post(&customer.path("/publish"), json!({})).await.refused(409, "form_in_use");
        assert_eq!(admin.get(&customer.path("")).await.ok()["version"], 1);
    })
    .await;
}

#[tokio::test]
async fn of_two_forms_published_at_once_that_break_each_other_one_is_refused() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Sales").await;
        let edit = async |form: &Form, edit: Value| {
            let draft = admin.get(&form.path("/draft")).await.ok();
            let edits = json!({"base": draft["base"], "edits": [edit]});
            admin.post(&form.path("/draft/edits"), edits).await.ok();
        };
        for round in 0..8 {
            let (there, here) = (format!("customer{round}"), format!("order{round}"));
            let customer = app.form(form(&there, [text("name"), text("tier")])).await;
            let order = app.form(form(&here, [link("customer", &there), text("note")])).await;
            edit(&customer, json!({"do": "remove_field", "key": "tier"})).await;
            let tier = text("tier").computed("customer.tier");
            edit(&order, json!({"do": "add_field", "field": tier.value()})).await;
            // Each is right by what is in force when it is asked for.
            let (lost, gained) = (customer.path("/publish"), order.path("/publish"));
            let (lost, gained) = tokio::join!(admin.post(&lost, json!({})), admin.post(&gained, json!({})));
            match lost.status {
                200 => assert_eq!(gained.status, 422, "round {round}"),
                _ => {
                    gained.ok();
                    lost.refused(409, "form_in_use");
                }
            }
            order.add(json!({"note": "still works"})).await;
            customer.add(json!({"name": "still works"})).await;
        }
    })
    .await;
}

#[tokio::test]
async fn the_schema_says_what_a_program_has_to_send() {
    on_both_shared(async |workspace| {
        let order = workspace
            .form(form(
                "order",
                [
                    text("name").required(),
                    number("qty", 0),
                    select("state", &["open", "done"]),
                    date("day"),
                    formula("double", "qty * 2"),
                    subform("lines", [number("price", 2)]),
                ],
            ))
            .await;
        let schema = workspace.admin.get(&order.path("/schema")).await.ok();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(schema["required"], json!(["name"]));
        let properties = &schema["properties"];
        assert_eq!(properties["state"]["enum"], json!(["open", "done", null]));
        assert_eq!(properties["day"]["format"], "date");
        assert_eq!(properties["double"]["readOnly"], true);
        assert!(properties["lines"]["items"]["properties"]["price"].is_object());
        // What a group hides is in no schema and no definition.
        let mei = workspace.person("mei").await;
        order.allow(group("clerks", &[&mei.id]).field("qty", "none")).await;
        let seen = mei.get(&order.path("/schema")).await.ok();
        assert!(
            seen["properties"].get("qty").is_none() && seen["properties"].get("name").is_some(),
            "{seen}"
        );
        let definition = mei.get(&order.path("")).await.ok()["definition"].to_string();
        assert!(!definition.contains("qty"), "{definition}");
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_says_what_a_save_would_make_and_stores_nothing() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace
            .form(form(
                "order",
                [
                    number("qty", 0).required(),
                    number("price", 2),
                    number("total", 2).computed("qty * price"),
                    number("share", 2).computed("100 / qty"),
                    text("reason").with("visible_when", test("qty", "gt", "10")),
                    subform("lines", [number("n", 0).option("max", "5")]),
                ],
            ))
            .await;
        let evaluate =
            async |record: Value| admin.post(&order.path("/evaluate"), json!({"record": record})).await.ok();
        let tried = evaluate(json!({"qty": 12, "price": "1.25"})).await;
        assert_eq!((&tried["values"]["total"], &tried["values"]["share"]), (&json!("15.00"), &json!("8.33")));
        assert_eq!((&tried["visible"]["reason"], &tried["required"]["qty"]), (&json!(true), &json!(true)));
        assert_eq!(tried["faults"], json!([]));
        let tried = evaluate(json!({"qty": 0, "lines": [{"n": 5}, {"n": 6}]})).await;
        assert_eq!(tried["values"]["share"], json!({"error": "#DIV/0!"}));
        assert_eq!(tried["visible"]["reason"], false);
        assert_eq!(
            faults(&json!({"errors": tried["faults"]})),
            ["share: formula_error", "lines.1.n: too_large"]
        );
        let tried = evaluate(json!({"qty": "1.5", "nothing": 1})).await;
        let found = faults(&json!({"errors": tried["faults"]}));
        assert!(
            found.contains(&"nothing: unknown_field".to_owned())
                && found.contains(&"qty: too_precise".to_owned()),
            "{found:?}"
        );
        assert!(items(&admin.get(&order.path("/records")).await.ok()).is_empty());
    })
    .await;
}
