//! Flows as they are designed and published.

use serde_json::{Value, json};
use tests::Client;
use tests::design::{approve, form, test, text};
use tests::on_both_shared;
use tests::workspace::{UNKNOWN, faults};

use super::{act, requests, state, task};

#[tokio::test]
async fn a_flow_that_cannot_work_is_refused_where_it_is_wrong() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let admin = &r.form.admin;
        let publish = async |steps: Value| {
            let document = json!({"format": 1, "label": "Flow", "steps": steps});
            admin.put(&r.form.path("/flow/draft"), "*", document).await.ok();
            let problem = admin.post(&r.form.path("/flow/publish"), json!({})).await;
            assert_eq!(problem.status, 422, "{}", problem.body);
            faults(&problem.body)
        };
        let nobody = publish(json!([approve("boss", &[], json!({"who": []}))])).await;
        assert!(nobody[0].starts_with("/steps/0/who"), "{nobody:?}");
        let unknown = publish(json!([{"key": "b", "label": "B", "kind": "branch", "mode": "exclusive",
            "arms": [{"key": "a", "label": "A", "when": test("gone", "gt", 1), "steps": []}], "default": {"steps": []}}])).await;
        assert!(unknown.iter().any(|fault| fault.starts_with("/steps/0/arms/0/when")), "{unknown:?}");
        let twice = publish(json!([approve("boss", &[&r.one.id], json!({})), approve("boss", &[&r.one.id], json!({}))])).await;
        assert!(twice[0].starts_with("/steps/1"), "{twice:?}");
        let stranger = publish(json!([approve("boss", &[UNKNOWN], json!({}))])).await;
        assert!(stranger[0].starts_with("/steps/0/who"), "{stranger:?}");
        let waits = publish(json!([{"key": "w", "label": "W", "kind": "delay", "for": "tomorrow"}])).await;
        assert_eq!(waits, ["/steps/0/for: bad_duration"]);
        let late = json!({"deadlines": [{"after": "PT24H", "at": {"field": "what"}, "do": "remind"}]});
        let late = publish(json!([approve("boss", &[&r.one.id], late)])).await;
        assert_eq!(late, ["/steps/0/deadlines/0: one_moment"]);
        let action = |action: Value| json!([{"key": "a", "label": "A", "kind": "action", "action": action}]);
        let tells = publish(action(json!({"kind": "notify", "to": []}))).await;
        assert_eq!(tells, ["/steps/0/action/title: required"]);
        let odd = action(json!({"kind": "update", "form": "request", "set": []}));
        assert_eq!(publish(odd).await, ["/steps/0/action/set: wrong_type"]);
        let odd = action(json!({"kind": "set", "set": {"what": "x"}, "colour": "red"}));
        assert_eq!(publish(odd).await, ["/steps/0/action/colour: unknown_member"]);
        let titled = json!({"format": 1, "label": "Flow", "title": "{what} {gone}", "steps": []});
        admin.put(&r.form.path("/flow/draft"), "*", titled).await.ok();
        let problem = admin.post(&r.form.path("/flow/publish"), json!({})).await.with_status(422);
        assert_eq!(faults(&problem), ["/title: unknown_field"]);
        let sets = publish(action(json!({"kind": "set", "set": {"gone": 1, "no": "R-1"}}))).await;
        assert_eq!(sets, ["/steps/0/action/set/gone: unknown_field", "/steps/0/action/set/no: field_not_editable"]);
        let other = workspace.form(form("other", [text("what")])).await;
        let starts = json!([{"key": "s", "label": "S", "kind": "subflow", "form": other.id, "wait": true}]);
        assert_eq!(publish(starts.clone()).await, ["/steps/0/form: no_flow"]);
        // Nor do flows start each other in a circle, however long it is.
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        let third = workspace.form(form("third", [text("what")])).await;
        let leads = |form: &str| json!([{"key": "s", "label": "S", "kind": "subflow", "form": form}]);
        third.flow(leads(&r.form.id)).await;
        other.flow(leads(&third.id)).await;
        assert_eq!(publish(starts).await, ["/steps/0/form: subflow_cycle"]);
        let odd = json!({"format": 1, "label": "Flow", "steps": [{"key": "x", "label": "X", "kind": "telepathy"}]});
        let refused = async |document: Value| {
            let problem = admin.put(&r.form.path("/flow/draft"), "*", document).await;
            assert_eq!(problem.status, 422, "{}", problem.body);
            faults(&problem.body)
        };
        assert_eq!(refused(odd).await, ["/steps/0/kind: wrong_type"]);
        let strange = json!({"format": 1, "label": "Flow", "steps": [], "colour": "red"});
        admin.put(&r.form.path("/flow/draft"), "*", strange).await.refused(422, "unknown_member");
        // What is wrong within steps is told where it stands, everywhere at once.
        let step = |more: Value| approve("boss", &[&r.one.id], more);
        let inside = json!([
            step(json!({"who": [{"manager": "first"}]})),
            {"key": "p", "label": "P", "kind": "parallel", "arms": [{"key": "a", "steps": [
                step(json!({"deadlines": [{"after": "P1D", "do": "remind"}, {"after": "P2D", "do": "explode"}]})),
                step(json!({"colour": "red", "key": "more"})),
            ]}]},
            {"label": "D", "kind": "delay", "for": "P1D"},
        ]);
        let steps = "/steps/1/arms/0/steps";
        assert_eq!(
            refused(json!({"format": 1, "label": "Flow", "steps": inside, "auto_pass": "never"})).await,
            [
                "/steps/0/who/0/manager: wrong_type".to_owned(),
                format!("{steps}/0/deadlines/1/do: wrong_type"),
                format!("{steps}/1/colour: unknown_member"),
                "/steps/2/key: required".to_owned(),
                "/auto_pass: wrong_type".to_owned(),
            ]
        );
        // Nothing of it was published: records take the way of the one flow that was right.
        assert_eq!(r.ask(1).await["instance"]["steps"], json!(["boss"]));
    })
    .await;
}

#[tokio::test]
async fn a_draft_says_whether_it_differs_from_what_is_published() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let admin = &r.form.admin;
        let path = r.form.path("/flow/draft");
        let changed = async || {
            let answer = admin.get(&path).await;
            answer.headers["x-unpublished-changes"].to_str().unwrap().to_owned()
        };
        assert_eq!(changed().await, "false", "there is none");
        // Who changes the draft is told the same; a first step that is taken out again leaves nothing to publish.
        let put = async |document: &Value| {
            let answer = admin.put(&path, "*", document.clone()).await;
            answer.headers["x-unpublished-changes"].to_str().unwrap().to_owned()
        };
        let empty = admin.get(&path).await.ok();
        let mut first = empty.clone();
        first["steps"] = json!([approve("boss", &[&r.one.id], json!({}))]);
        assert_eq!((put(&first).await, changed().await), ("true".into(), "true".into()));
        assert_eq!((put(&empty).await, changed().await), ("false".into(), "false".into()));
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        assert_eq!(changed().await, "false");
        let published = admin.get(&path).await.ok();
        let mut other = published.clone();
        other["label"] = json!("Other");
        assert_eq!(put(&other).await, "true");
        // Also where what is left out stands in full.
        let mut in_full = published.clone();
        in_full["auto_pass"] = json!("off");
        assert_eq!(put(&in_full).await, "false");
        assert_eq!(put(&published).await, "false");
    })
    .await;
}

#[tokio::test]
async fn running_requests_stay_on_the_version_they_began_with() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form
            .flow(json!([
                approve("old", &[&r.one.id], json!({})),
                approve("old_end", &[&r.two.id], json!({}))
            ]))
            .await;
        let asked = r.ask(5).await;
        r.form.flow(json!([approve("new", &[&r.three.id], json!({}))])).await;
        assert_eq!(state(&r.ask(6).await).1, ["new"]);
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        assert_eq!(r.state(&asked).await.1, ["old_end"]);
        assert_eq!(r.instance(&asked).await["flow_version"], 1);
    })
    .await;
}

#[tokio::test]
async fn what_a_step_calls_an_action_is_told_to_whoever_decides() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let names = json!({"return": {"label": {"zh-CN": "打回", "zh-TW": "打回", "en": "Push back"}}, "add_sign": false});
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({"actions": names}))])).await;
        r.ask(5).await;
        let told = r.one.get(&format!("/tasks/{}", task(&r.one).await)).await.ok();
        assert_eq!(told["action_labels"], json!({"return": names["return"]["label"]}));
        let actions = told["actions"].as_array().unwrap();
        assert!(actions.contains(&json!("return")) && !actions.contains(&json!("add-sign")), "{told}");
    })
    .await;
}

#[tokio::test]
async fn what_a_step_says_of_the_request_as_a_whole_is_told_to_whoever_sees_it() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let called = |words: &str| json!({"label": {"zh-CN": words, "zh-TW": words, "en": words}});
        let off = json!({"comment": false, "urge": false, "reassign": false, "terminate": false});
        let names = json!({"comment": called("Ask"), "urge": called("Nudge"), "terminate": called("Stop"),
            "reassign": called("Pass"), "reactivate": called("Redo"), "withdraw": called("Undo")});
        r.form
            .flow(json!([
                approve("quiet", &[&r.one.id], json!({"actions": off})),
                approve("boss", &[&r.two.id], json!({"actions": names})),
            ]))
            .await;
        let asked = r.ask(5).await;
        let path = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        let admin = &r.form.admin;
        let offered = async |who: &Client, action: &str| {
            let told = who.get(&path).await.ok();
            let is_offered = told["actions"].as_array().unwrap().contains(&json!(action));
            (is_offered, told["action_labels"][action]["en"].clone())
        };
        for action in ["comment", "reassign", "terminate"] {
            assert_eq!(offered(admin, action).await, (false, Value::Null), "{action}");
        }
        assert_eq!(offered(&r.mei, "urge").await, (false, Value::Null));
        r.mei.post(&format!("{path}/comment"), json!({"text": "Why?"})).await.refused(403, "action_off");
        assert_eq!(offered(&r.mei, "withdraw").await, (true, Value::Null));

        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        for (action, words) in [("comment", "Ask"), ("reassign", "Pass"), ("terminate", "Stop")] {
            assert_eq!(offered(admin, action).await, (true, json!(words)), "{action}");
        }
        assert_eq!(offered(&r.mei, "urge").await, (true, json!("Nudge")));
        r.mei.post(&format!("{path}/comment"), json!({"text": "Why?"})).await.ok();
        act(&r.two, &task(&r.two).await, "reject", json!({"opinion": "No"})).await.ok();
        assert_eq!(offered(admin, "reactivate").await, (true, json!("Redo")));
        assert_eq!(
            offered(admin, "comment").await,
            (true, Value::Null),
            "nobody waits who calls it otherwise"
        );
    })
    .await;
}
