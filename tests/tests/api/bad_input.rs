//! Whatever is sent, the answer says what is wrong with it, and nothing is half-done.

use reqwest::Method;
use serde_json::{Value, json};
use tests::design::{Field, approve, date, form, group, link, number, select, subform, text};
use tests::workspace::{UNKNOWN, faults, id_of, items};
use tests::{Form, Workspace, on_both_shared};

async fn order(workspace: &Workspace) -> Form {
    let app = workspace.app("Sales").await;
    app.form(form("customer", [text("name")])).await;
    app.form(form(
        "order",
        [
            text("name").option("max_length", 20),
            number("amount", 2).option("min", "-100").option("max", "100"),
            date("day"),
            Field::new("at", "datetime"),
            Field::new("month", "month"),
            Field::new("on", "switch"),
            select("state", &["open", "done"]),
            Field::new("tags", "multi_select").option("choices", json!([{"key": "x", "label": "x"}])),
            Field::new("mail", "email"),
            Field::new("phone", "phone"),
            Field::new("who", "member"),
            Field::new("papers", "files"),
            link("customer", "customer"),
            subform("lines", [number("n", 0)]),
        ],
    ))
    .await
}

#[tokio::test]
async fn every_wrong_value_has_a_code_and_a_sentence_at_its_path() {
    on_both_shared(async |workspace| {
        let order = order(&workspace).await;
        let admin = &workspace.admin;
        let cases = [
            ("name", json!(5), "wrong_type"),
            ("name", json!("a name that is too long"), "too_long"),
            ("amount", json!("ten"), "not_a_number"),
            ("amount", json!({}), "wrong_type"),
            ("amount", json!([1]), "wrong_type"),
            ("amount", json!("1.005"), "too_precise"),
            ("amount", json!("100.01"), "too_large"),
            ("amount", json!(-101), "too_small"),
            ("amount", json!("99999999999999999999"), "out_of_range"),
            ("day", json!("2026-13-01"), "not_a_date"),
            ("day", json!("yesterday"), "not_a_date"),
            ("day", json!("-2026-01-01"), "not_a_date"),
            ("at", json!("-002026-01-01T00:00:00Z"), "not_a_moment"),
            ("day", json!(20260101), "wrong_type"),
            ("at", json!("2026-01-01"), "not_a_moment"),
            ("month", json!("2026-00"), "not_a_month"),
            ("on", json!("perhaps"), "wrong_type"),
            ("state", json!("lost"), "unknown_choice"),
            ("state", json!(["open"]), "wrong_type"),
            ("tags", json!(["y"]), "unknown_choice"),
            ("tags", json!(5), "wrong_type"),
            ("mail", json!("nobody"), "not_an_email"),
            ("phone", json!("call me"), "not_a_phone"),
            ("who", json!(UNKNOWN), "not_an_id"),
            ("who", json!("Ann"), "not_an_id"),
            ("papers", json!([UNKNOWN]), "not_an_id"),
            ("customer", json!(UNKNOWN), "dead_link"),
            ("customer", json!(7), "wrong_type"),
            ("lines", json!({"n": 1}), "wrong_type"),
            ("lines", json!([1]), "wrong_type"),
            ("lines", json!([{"n": "x"}]), "not_a_number"),
        ];
        for (field, value, code) in cases {
            let answer = order.create(admin, json!({field: value})).await;
            assert_eq!(answer.status, 422, "{field} {value}: {}", answer.body);
            let found = faults(&answer.body);
            let fits = found.len() == 1
                && found[0].starts_with(&format!("fields.{field}"))
                && found[0].ends_with(&format!(": {code}"));
            assert!(fits, "{field} {value} gives {found:?}, not {code}");
            let error = &answer.body["errors"][0];
            let label = error["label"].as_str().unwrap_or_else(|| panic!("no label in {error}"));
            assert!(label == field || label.starts_with(&format!("{field} 1")), "{error}");
            let detail = answer.body["detail"].as_str().unwrap();
            assert!(
                detail.starts_with(label) && detail.ends_with(error["message"].as_str().unwrap()),
                "{detail}"
            );
        }
        assert!(items(&order.query(admin, json!({})).await.ok()).is_empty());
    })
    .await;
}

/// An order whose fields have names in three languages.
async fn named_order(workspace: &Workspace) -> Form {
    let label = |cn: &str, tw: &str, en: &str| json!({"zh-CN": cn, "zh-TW": tw, "en": en});
    let lines = [number("qty", 0).required().with("label", label("数量", "數量", "Quantity"))];
    let fields = [
        text("customer").required().with("label", label("客户", "客戶", "Customer")),
        subform("lines", lines).with("label", label("明细", "明細", "Lines")),
        number("cost", 2).with("label", label("成本", "成本", "Cost")).option("max", "10"),
    ];
    workspace.form(form("order", fields)).await
}

#[tokio::test]
async fn a_fault_names_its_field_in_the_language_of_its_reader() {
    on_both_shared(async |workspace| {
        let order = named_order(&workspace).await;
        let told = async |language: &'static str, fields: Value| {
            order.create(&workspace.admin.speaking(language), fields).await.refused(422, "validation")
        };
        let one = json!({"lines": [{"qty": 1}]});
        let two = json!({"lines": [{"qty": 1}, {}]});
        let cases = [
            ("zh-CN", "客户", "明细 2 · 数量", "客户：请填写此项。", "客户：请填写此项。（另有 1 处）"),
            ("zh-TW", "客戶", "明細 2 · 數量", "客戶：請填寫此欄位。", "客戶：請填寫此欄位。（另有 1 處）"),
            (
                "en",
                "Customer",
                "Lines 2 · Quantity",
                "Customer: Please fill this in.",
                "Customer: Please fill this in. (and 1 more)",
            ),
        ];
        for (language, customer, quantity, single, several) in cases {
            let answer = told(language, one.clone()).await;
            assert_eq!(
                (&answer["errors"][0]["label"], &answer["detail"]),
                (&json!(customer), &json!(single))
            );
            let answer = told(language, two.clone()).await;
            assert_eq!(faults(&answer), ["fields.customer: required", "fields.lines.1.qty: required"]);
            let labels = [&answer["errors"][0]["label"], &answer["errors"][1]["label"]];
            assert_eq!(labels, [customer, quantity]);
            assert_eq!(answer["detail"], several);
        }
        // The dry run names them too.
        let tried = workspace.admin.post(&order.path("/evaluate"), json!({"record": {}})).await.ok();
        assert!(tried["faults"][0]["label"].is_string(), "{tried}");
    })
    .await;
}

#[tokio::test]
async fn what_a_field_is_called_is_not_told_to_who_may_not_see_it() {
    on_both_shared(async |workspace| {
        let order = named_order(&workspace).await;
        let mei = workspace.person("mei").await;
        order.allow(group("clerks", &[&mei.id]).field("cost", "none")).await;
        let told =
            order.create(&mei, json!({"customer": "x", "cost": 5})).await.refused(422, "unknown_field");
        assert_eq!(faults(&told), ["fields.cost: unknown_field"]);
        assert_eq!(told["errors"][0].get("label"), None, "{told}");
        let own = order.create(&workspace.admin, json!({"customer": "x", "cost": 50})).await;
        assert!(own.refused(422, "validation")["errors"][0]["label"].is_string());
        // What somebody else's rule says of it to who can't see it has no name either.
        let validate = json!([{"key": "limit", "formula": "IFEMPTY(cost, 0) > 1", "message": "Too little."}]);
        let ruled = form("ruled", [text("name"), number("cost", 2)]).with("validate", validate);
        let ruled = workspace.form(ruled).await;
        ruled.allow(group("clerks", &[&mei.id]).field("cost", "none")).await;
        let told = ruled.create(&mei, json!({"name": "x"})).await.refused(422, "validation");
        assert_eq!((told["errors"][0].get("label"), &told["detail"]), (None, &json!("Too little.")));
    })
    .await;
}

#[tokio::test]
async fn a_request_of_another_shape_is_refused_where_it_differs() {
    on_both_shared(async |workspace| {
        let order = order(&workspace).await;
        let admin = &workspace.admin;
        let path = order.path("/records");
        let raw = async |body: &str| {
            let request = admin.request(Method::POST, &path).header("content-type", "application/json");
            admin.send(request.body(body.to_owned())).await
        };
        for broken in [
            "{",
            "{\"fields\": }",
            "nothing",
            "{\"fields\": {}} {}",
            "{\"fields\": {\"name\": \"\\ud800\"}}",
            "\u{1}",
        ] {
            let told = raw(broken).await.refused(400, "malformed_json");
            // The sentence is the reader's; what the parser says is for who writes programs.
            assert!(!told["detail"].as_str().unwrap().contains("expected"), "{told}");
        }
        let latin: &[u8] = b"{\"fields\": {\"name\": \"caf\xe9\"}}";
        let request = admin.request(Method::POST, &path).header("content-type", "application/json");
        admin.send(request.body(latin.to_vec())).await.refused(400, "malformed_json");
        for list in ["[]", "[{\"name\": \"x\"}]", "  [1, 2"] {
            assert_eq!(faults(&raw(list).await.refused(422, "validation")), [": wrong_type"], "{list}");
        }
        assert_eq!(faults(&raw("{\"fields\": []}").await.refused(422, "validation")), ["fields: wrong_type"]);
        assert_eq!(
            faults(&raw("{\"felds\": {}}").await.refused(422, "unknown_member")),
            ["felds: unknown_member"]
        );
        assert_eq!(
            faults(&raw("{\"fields\": {}, \"draft\": \"yes\"}").await.refused(422, "validation")),
            ["draft: wrong_type"]
        );
        assert_eq!(
            faults(&raw("{\"fields\": {\"gone\": 1}}").await.refused(422, "unknown_field")),
            ["fields.gone: unknown_field"]
        );
        assert_eq!(
            faults(&raw("{\"system\": {\"version\": 3}}").await.refused(422, "unknown_member")),
            ["system.version: unknown_member"]
        );
        let deep = format!("{{\"fields\": {{\"name\": {}1{}}}}}", "[".repeat(200), "]".repeat(200));
        raw(&deep).await.refused(422, "too_deep");
        for empty in ["", "{}", "{\"draft\": true}"] {
            assert_eq!(faults(&raw(empty).await.refused(422, "validation")), ["fields: required"], "{empty}");
        }
        let told = raw("{\"fields\": {}, \"draft\": [1]}").await.refused(422, "validation");
        assert_eq!(told["errors"][0]["args"], json!({"found": "array"}));
        for (twice, path) in [
            (r#"{"fields": {"name": "a"}, "fields": {"name": "b"}}"#, "fields"),
            (r#"{"fields": {"name": "a", "name": "b"}}"#, "fields.name"),
            (r#"{"fields": {"name": "a", "lines": [{"n": 1}, {"n": 1, "n": 2}]}}"#, "fields.lines.1.n"),
        ] {
            let found = faults(&raw(twice).await.refused(422, "repeated_member"));
            assert_eq!(found, [format!("{path}: repeated_member")]);
        }
        let draft = admin.request(Method::PUT, &order.path("/draft")).header("if-match", "*");
        let draft = draft
            .header("content-type", "application/json")
            .body(r#"{"key": "order", "fields": [{"key": "a", "key": "b"}]}"#);
        let found = faults(&admin.send(draft).await.refused(422, "repeated_member"));
        assert_eq!(found, ["/fields/0/key: repeated_member"]);
        let nul = raw("{\"fields\": {\"name\": \"a\\u0000b\"}}").await;
        assert!([400, 422].contains(&nul.status), "{}", nul.body);
        assert!(items(&order.query(admin, json!({})).await.ok()).is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_does_not_exist_is_not_found_whatever_its_name() {
    on_both_shared(async |workspace| {
        let order = order(&workspace).await;
        let admin = &workspace.admin;
        let other = workspace.form(form("other", [text("a")])).await;
        let foreign = other.add(json!({"a": "x"})).await;
        for id in [UNKNOWN, "nothing", "%27%20OR%201=1", "..%2f..", &id_of(&foreign), "1", "%00"] {
            let path = order.path(&format!("/records/{id}"));
            admin.get(&path).await.refused(404, "not_found");
            admin.patch(&path, 1, json!({"fields": {"name": "x"}})).await.refused(404, "not_found");
            admin.delete(&path, 1).await.refused(404, "not_found");
            admin.get(&format!("{path}/history")).await.refused(404, "not_found");
            admin.post(&format!("{path}/restore"), json!({})).await.refused(404, "not_found");
            admin.post(&format!("{path}/submit"), json!({})).await.refused(404, "not_found");
        }
        for path in [
            "/forms/nothing",
            "/forms/0sbqd00000001/records",
            "/apps/nothing",
            "/tasks/0sbqd00000001",
            "/instances/x",
            "/jobs/0sbqd00000001",
            "/aggregates/x/rows",
            "/nothing/at/all",
        ] {
            admin.get(path).await.refused(404, "not_found");
        }
        admin.post("/tasks/0sbqd00000001/approve", json!({})).await.refused(404, "not_found");
        admin.post("/instances/0sbqd00000001/withdraw", json!({})).await.refused(404, "not_found");
        other.read(admin, &foreign).await.ok();
    })
    .await;
}

#[tokio::test]
async fn text_of_any_kind_is_kept_as_it_was_meant() {
    on_both_shared(async |workspace| {
        let order = workspace.form(form("order", [text("name"), Field::new("long", "long_text")])).await;
        let admin = &workspace.admin;
        let kept = async |sent: &str| {
            let made = order.add(json!({"name": sent})).await;
            order.read(admin, &made).await.ok()["fields"]["name"].clone()
        };
        for same in [
            "'; DROP TABLE records; --",
            "<script>alert(1)</script>",
            "𝒳😀🇹🇼",
            "{{name}} ${x} %s",
            "\\ \" '",
            "a\u{202e}b",
        ] {
            assert_eq!(kept(same).await, same);
        }
        assert_eq!(kept("   ").await, Value::Null);
        assert_eq!(kept("cafe\u{301}").await, "café", "composed");
        let long = order.add(json!({"long": "line\nline  \n"})).await;
        assert!(long["fields"]["long"].as_str().unwrap().starts_with("line\nline"));
        let endless = order.create(admin, json!({"long": "x".repeat(300 * 1024)})).await;
        assert_eq!(faults(&endless.refused(422, "validation")), ["fields.long: too_long"]);
        let wide = order.create(admin, json!({"name": "x".repeat(70 * 1024)})).await;
        assert_eq!(faults(&wide.refused(422, "validation")), ["fields.name: too_long"]);
    })
    .await;
}

#[tokio::test]
async fn a_refused_decision_changes_neither_flow_nor_record() {
    on_both_shared(async |workspace| {
        let boss = workspace.person("boss").await;
        let request =
            workspace.form(form("request", [text("what"), number("amount", 2).option("max", "10")])).await;
        request
            .flow(json!([approve(
                "boss",
                &[&boss.id],
                json!({"fields": {"*": "edit"}, "opinion": "required"})
            )]))
            .await;
        let asked = request.create(&workspace.admin, json!({"what": "x", "amount": 1})).await.created();
        let task = id_of(&items(&boss.get("/tasks?box=todo").await.ok())[0]);
        let act = async |action: &str, body: Value| boss.post(&format!("/tasks/{task}/{action}"), body).await;
        act("approve", json!({})).await.refused(422, "opinion_required");
        act("approve", json!({"opinion": "ok", "fields": {"amount": 11}})).await.refused(422, "validation");
        act("approve", json!({"opinion": "ok", "fields": {"gone": 11}})).await.refused(422, "unknown_field");
        act("approve", json!({"opinion": "ok", "colour": 1})).await.refused(422, "unknown_member");
        act("return", json!({"opinion": "ok", "to": "nowhere"})).await.refused(422, "unknown_step");
        act("transfer", json!({"to": UNKNOWN})).await.with_status(422);
        act("fly", json!({})).await.refused(404, "not_found");
        let seen = request.read(&workspace.admin, &asked).await.ok();
        assert_eq!(
            (&seen["version"], &seen["fields"]["amount"], &seen["system"]["flow_state"]),
            (&asked["version"], &json!("1.00"), &json!("running"))
        );
        let instance =
            boss.get(&format!("/instances/{}", asked["instance"]["id"].as_str().unwrap())).await.ok();
        assert_eq!(
            instance["log"].as_array().unwrap().iter().filter(|line| line["who"] == boss.id.as_str()).count(),
            0
        );
        act("approve", json!({"opinion": "ok"})).await.ok();
        act("approve", json!({"opinion": "ok"})).await.refused(409, "task_closed");
        boss.get("/tasks?box=nothing").await.refused(422, "validation");
        boss.get("/tasks?box=todo&limit=1000").await.refused(422, "validation");
    })
    .await;
}

#[tokio::test]
async fn an_idempotency_key_has_a_sensible_length() {
    on_both_shared(async |workspace| {
        let order = order(&workspace).await;
        let long = "k".repeat(256);
        let body = json!({"fields": {"name": "x"}});
        let refused = workspace
            .admin
            .post_once(&order.path("/records"), &long, body.clone())
            .await
            .refused(422, "validation");
        assert_eq!(faults(&refused), ["Idempotency-Key: too_long"]);
        workspace.admin.post_once(&order.path("/records"), &long[..255], body).await.created();
    })
    .await;
}

#[tokio::test]
async fn questions_without_measure_are_refused_and_not_carried_out() {
    on_both_shared(async |workspace| {
        let order = order(&workspace).await;
        let admin = &workspace.admin;
        let asked = async |field: &str, op: &str, value: Value| {
            let filter = json!({"filter": {"field": field, "op": op, "value": value}});
            faults(&order.query(admin, filter).await.refused(422, "validation"))
        };
        let many = |one: &str| json!(vec![one; 40_000]);
        assert_eq!(asked("name", "in", many("a")).await, ["filter: too_many"]);
        assert_eq!(asked("tags", "has_any", many("x")).await, ["filter: too_many"]);
        for op in ["contains", "not_contains", "starts_with", "ends_with"] {
            assert_eq!(asked("name", op, json!("x".repeat(501))).await, ["filter: too_long"], "{op}");
        }
        let kept = json!({"filter": {"field": "name", "op": "in", "value": vec!["a"; 1_000]}});
        order.query(admin, kept).await.ok();

        let sort = vec![json!({"field": "name"}); 11];
        let told = order.query(admin, json!({"sort": sort})).await.refused(422, "validation");
        assert_eq!(faults(&told), ["sort: too_many"]);

        let options = format!("/fields/customer/options?q={}", "x".repeat(501));
        let told = admin.get(&order.path(&options)).await.refused(422, "validation");
        assert_eq!(faults(&told), ["q: too_long"]);

        let count = |n: usize| json!({"key": format!("n{n}"), "fn": "count"});
        let counts: Vec<Value> = (0..51).map(count).collect();
        let told = order.add_up(admin, json!({"measures": counts})).await.refused(422, "validation");
        assert_eq!(faults(&told), ["measures: too_many"]);
        let groups = vec![json!({"field": "name"}); 11];
        let asked = json!({"group": groups, "measures": [count(0)]});
        let told = order.add_up(admin, asked).await.refused(422, "validation");
        assert_eq!(faults(&told), ["group: too_many"]);

        for (days, code) in [(4_294_967_295_u64, "too_large"), (3_651, "too_large"), (0, "too_small")] {
            let told = admin.post("/tokens", json!({"name": "long", "days": days})).await;
            assert_eq!(faults(&told.refused(422, "validation")), [format!("days: {code}")]);
        }
        admin.post("/tokens", json!({"name": "long", "days": 3_650})).await.created();
    })
    .await;
}

#[tokio::test]
async fn an_answer_is_not_made_long_by_what_was_sent() {
    on_both_shared(async |workspace| {
        let order = order(&workspace).await;
        let name = "x".repeat(100_000);
        let told = order.create(&workspace.admin, json!({(name): 1})).await;
        assert!(told.bytes.len() < 2_000, "{} bytes", told.bytes.len());
        let told = told.refused(422, "unknown_field");
        assert_eq!(told["errors"][0]["args"]["field"].as_str().map(|field| field.chars().count()), Some(65));
        let many: serde_json::Map<String, Value> = (0..900).map(|n| (format!("gone{n}"), json!(1))).collect();
        let told = order.create(&workspace.admin, Value::Object(many)).await.refused(422, "unknown_field");
        assert_eq!(faults(&told).len(), 100);
    })
    .await;
}

#[tokio::test]
async fn a_list_that_is_asked_for_wrongly_says_which_parameter() {
    on_both_shared(async |workspace| {
        let order = order(&workspace).await;
        let admin = &workspace.admin;
        let asked = async |parameters: &str| admin.get(&order.path(&format!("/records?{parameters}"))).await;
        for (parameters, fault) in [
            ("limit=many", "limit: bad_parameter"),
            ("count=some", "count: bad_parameter"),
            ("deleted=perhaps", "deleted: bad_parameter"),
        ] {
            let refused = asked(parameters).await.refused(422, "validation");
            assert_eq!(faults(&refused), [fault]);
            let told = refused.to_string();
            assert!(!told.contains("deserialize") && !told.contains("Failed"), "{told}");
        }
        asked("filter=%7B").await.refused(400, "malformed_json");
        let someone =
            "filter=%7B%22field%22:%22who%22,%22op%22:%22eq%22,%22value%22:%7B%22var%22:%22nobody%22%7D%7D";
        assert_eq!(faults(&asked(someone).await.refused(422, "validation")), ["filter: wrong_type"]);
        let body = json!({"filter": {"field": "who", "op": "eq", "value": {"var": "nobody"}}});
        assert_eq!(
            faults(&order.query(admin, body).await.refused(422, "validation")),
            ["filter: wrong_type"]
        );
        for exponent in ["1E+99999999999999", "1e400"] {
            let refused = order.create(admin, json!({"amount": exponent})).await.refused(422, "validation");
            assert_eq!(faults(&refused), ["fields.amount: out_of_range"], "{exponent}");
        }
        let app = workspace.app("Faulty").await;
        let width = Field::new("no", "serial").option("parts", json!([{"counter": {"width": 0}}]));
        let refused = app.refused_form(form("f", [width])).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["/fields/0/options/parts/0/counter/width: too_small"]);
        let gone = json!({"form": "gone", "link": "l", "fn": "count"});
        let gone = Field::new("r", "rollup").with("options", gone);
        let refused = app.refused_form(form("f", [text("a"), gone])).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["/fields/1/options/form: unknown_form"]);
    })
    .await;
}

#[tokio::test]
async fn a_parameter_that_nothing_reads_is_refused_wherever_it_is_sent() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let document = admin.get("/openapi.json").await.ok();
        let reads = document["paths"].as_object().unwrap().iter().filter(|(_, item)| item["get"].is_object());
        let mut asked = 0;
        // A provider sends its own parameters along with whoever comes back from it.
        for (path, _) in reads.filter(|(path, _)| !path.ends_with("/provider/callback")) {
            let Some(path) = path.strip_prefix("/api/v1") else { continue };
            let parts = path.split('/').map(|part| if part.starts_with('{') { UNKNOWN } else { part });
            let path = parts.collect::<Vec<_>>().join("/");
            let told = admin.get(&format!("{path}?colour=red")).await.refused(422, "unknown_member");
            assert_eq!(faults(&told), ["colour: unknown_member"], "{path}");
            asked += 1;
        }
        assert!(asked > 80, "{asked}");
        let phrase = json!({"text": "canary of a phrase"});
        admin.post("/phrases?colour=red", phrase).await.refused(422, "unknown_member");
        assert!(!admin.get("/phrases").await.ok().to_string().contains("canary of a phrase"));
        // Who may not come in is told that, whatever they ask for.
        admin.stranger().get("/members?colour=red").await.refused(401, "sign_in_required");
    })
    .await;
}
