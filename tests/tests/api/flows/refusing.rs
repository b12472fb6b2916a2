//! Bad input: every refused command names why, in the reader's language; and nobody who has left, and no department or role
//! that is gone, keeps a request from going on.

use serde_json::{Value, json};
use tests::design::{Field, approve, form, group, number, test, text};
use tests::workspace::{faults, id_of, items};
use tests::{Client, Person, on_both_shared};

use super::{act, requests, task, todo};

/// The languages, each with a part of the sentence that belongs to it.
const LANGUAGES: [&str; 3] = ["zh-CN", "zh-TW", "en"];

/// Sends a command in each language: the same code each time, with a sentence of its own.
async fn refused_in_three(who: &Client, path: &str, body: Value, (status, code): (u16, &str)) {
    let mut sentences = Vec::new();
    for language in LANGUAGES {
        let refused = who.speaking(language).post(path, body.clone()).await.refused(status, code);
        let said = refused["detail"].as_str().unwrap().to_owned();
        assert!(!said.is_empty() && said != code, "{path} {language}: {refused}");
        sentences.push(said);
    }
    sentences.dedup();
    assert_eq!(sentences.len(), LANGUAGES.len(), "{path}: {sentences:?}");
}

#[tokio::test]
async fn a_refused_command_says_why_in_three_languages() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form
            .flow(json!([
                approve("boss", &[&r.one.id], json!({"opinion": "optional"})),
                approve("money", &[&r.two.id], json!({"actions": {"transfer": true}}))
            ]))
            .await;
        let asked = r.ask(5).await;
        let instance = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        let first = task(&r.one).await;
        let path = |task: &str, action: &str| format!("/tasks/{task}/{action}");
        // Not yours; a target that was not passed; a person who has left; to oneself.
        refused_in_three(&r.mei, &path(&first, "approve"), json!({}), (403, "not_yours")).await;
        refused_in_three(&r.one, &path(&first, "return"), json!({"to": "money"}), (422, "target_not_passed"))
            .await;
        refused_in_three(&r.one, &path(&first, "transfer"), json!({"to": r.one.id}), (422, "self_transfer"))
            .await;
        let gone = workspace.person("gone").await;
        workspace.admin.delete(&format!("/members/{}", gone.id), 1).await.with_status(204);
        refused_in_three(&r.one, &path(&first, "transfer"), json!({"to": gone.id}), (422, "person_left"))
            .await;
        refused_in_three(&r.one, &path(&first, "submit"), json!({}), (409, "wrong_action")).await;
        refused_in_three(
            &r.mei,
            &format!("{instance}/comment"),
            json!({"text": " "}),
            (422, "comment_empty"),
        )
        .await;
        act(&r.one, &first, "approve", json!({})).await.ok();
        // Closed; withdrawn too late; reminded again; not over yet.
        refused_in_three(&r.one, &path(&first, "approve"), json!({}), (409, "task_closed")).await;
        refused_in_three(&r.mei, &format!("{instance}/withdraw"), json!({}), (409, "already_decided")).await;
        r.mei.post(&format!("{instance}/urge"), json!({})).await.ok();
        refused_in_three(&r.mei, &format!("{instance}/urge"), json!({}), (409, "urged_recently")).await;
        // Handed to and fro: after twenty times it can't go on.
        let waiting = task(&r.two).await;
        for turn in 0..20 {
            let (from, to): (&Person, &Person) =
                if turn % 2 == 0 { (&r.two, &r.three) } else { (&r.three, &r.two) };
            act(from, &waiting, "transfer", json!({"to": to.id})).await.ok();
        }
        refused_in_three(&r.two, &path(&waiting, "transfer"), json!({"to": r.three.id}), (409, "loop")).await;
        act(&r.two, &waiting, "approve", json!({})).await.ok();
        refused_in_three(&r.two, &path(&waiting, "reject"), json!({}), (409, "task_closed")).await;
    })
    .await;
}

#[tokio::test]
async fn neither_a_department_nor_a_role_nor_a_member_that_is_gone_holds_a_request_up() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let admin = &workspace.admin;
        let me = admin.get("/me").await.ok()["id"].clone();
        let unique = &r.form.id;
        let department = admin
            .post("/departments", json!({"name": format!("Sales {unique}"), "members": [r.one.id]}))
            .await
            .created();
        let role = admin
            .post("/roles", json!({"name": format!("Clerks {unique}"), "members": [r.two.id]}))
            .await
            .created();
        let step = |key: &str, who: Value| json!({"key": key, "label": key, "kind": "approve", "who": [who]});
        r.form
            .flow(json!([
                step("team", json!({"departments": [id_of(&department)]})),
                step("clerks", json!({"roles": [id_of(&role)]})),
                step("last", json!({"members": [r.three.id]}))
            ]))
            .await;
        let renamed = r.ask(1).await;
        let emptied = r.ask(2).await;
        // A role with another name is the same role.
        let patch = json!({"name": format!("Office {unique}")});
        admin.patch(&format!("/roles/{}", id_of(&role)), 1, patch).await.ok();
        for opened in todo(&r.one).await {
            act(&r.one, &opened, "approve", json!({})).await.ok();
        }
        assert_eq!(todo(&r.two).await.len(), 2);
        // Who leaves is replaced by the administrators, in tasks that wait and in those to come.
        admin.delete(&format!("/members/{}", r.three.id), 1).await.with_status(204);
        let first = todo(&r.two).await;
        for opened in &first {
            act(&r.two, opened, "approve", json!({})).await.ok();
        }
        for asked in [&renamed, &emptied] {
            let told = r.instance(asked).await;
            let open = told["tasks"].as_array().unwrap().iter().find(|task| task["state"] == "open").unwrap();
            assert_eq!((&open["step"], &open["assignee"]), (&json!("last"), &me), "{told}");
            act(admin, open["id"].as_str().unwrap(), "approve", json!({})).await.ok();
            assert_eq!(r.state(asked).await.0, "approved");
        }

        // A department and a role that are gone have nobody: the administrators are asked.
        for (path, thing) in [("departments", &department), ("roles", &role)] {
            admin.delete(&format!("/{path}/{}", id_of(thing)), 1).await.with_status(204);
        }
        let asked = r.ask(3).await;
        for step in ["team", "clerks", "last"] {
            let told = r.instance(&asked).await;
            let open = told["tasks"].as_array().unwrap().iter().find(|task| task["state"] == "open").unwrap();
            assert_eq!((&open["step"], &open["assignee"]), (&json!(step), &me), "{told}");
            act(admin, open["id"].as_str().unwrap(), "approve", json!({})).await.ok();
        }
        assert_eq!(r.state(&asked).await.0, "approved");
    })
    .await;
}

/// What an action or a subflow takes from a record may name somebody who has left since, or a department that is gone.
#[tokio::test]
async fn what_a_flow_carries_along_may_name_who_has_left_and_what_is_gone() {
    on_both_shared(async |workspace| {
        let (mei, boss) = (workspace.person("mei").await, workspace.person("boss").await);
        let (gone, admin) = (workspace.person("gone").await, &workspace.admin);
        let app = workspace.app("Plans").await;
        let named = || [text("what"), Field::new("who", "member"), Field::new("team", "department")];
        let order = app.form(form("order", named())).await;
        let plan = app.form(form("plan", named())).await;
        plan.allow(group("all", &[&mei.id])).await;
        order.flow(json!([approve("last", &[&boss.id], json!({}))])).await;
        let set = json!({"what": "made", "who": {"formula": "who"}, "team": {"formula": "team"}});
        let make = json!({"kind": "create", "form": "order", "set": set, "start_flow": false});
        let (there, back) =
            (json!({"what": "what", "who": "who", "team": "team"}), json!({"who": "who", "team": "team"}));
        plan.flow(json!([
            approve("boss", &[&boss.id], json!({})),
            {"kind": "action", "key": "make", "label": "Make", "action": make},
            {"kind": "subflow", "key": "buy", "label": "Buy", "form": "order", "wait": true, "map_in": there,
                "map_out": back},
        ]))
        .await;
        let team = json!({"name": format!("Team {}", plan.id)});
        let team = id_of(&admin.post("/departments", team).await.created());
        let asked = plan.create(&mei, json!({"what": "x", "who": gone.id, "team": team})).await.created();
        admin.delete(&format!("/members/{}", gone.id), 1).await.with_status(204);
        admin.delete(&format!("/departments/{team}"), 1).await.with_status(204);
        act(&boss, &task(&boss).await, "approve", json!({})).await.ok();
        let orders = order.query(admin, json!({})).await.ok();
        assert_eq!(items(&orders).len(), 2, "{orders}");
        for made in items(&orders) {
            let names = (&made["fields"]["who"], &made["fields"]["team"]);
            assert_eq!(names, (&json!(gone.id), &json!(team)), "{made}");
        }
        act(&boss, &task(&boss).await, "approve", json!({})).await.ok();
        let instance = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        assert_eq!(admin.get(&instance).await.ok()["state"], "approved");
        // Whoever enters something themselves names nobody who has left.
        plan.create(&mei, json!({"what": "y", "who": gone.id})).await.with_status(422);
    })
    .await;
}

#[tokio::test]
async fn a_step_is_completed_once_its_own_checks_hold() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let check = |key: &str, formula: &str, message: &str| json!({"key": key, "formula": formula, "message": message});
        let costs = json!({"fields": {"cost": "edit"},
            "validate": [check("costs", "cost <= amount", "Costs more than was asked for.")]});
        let closed = json!({"fields": {"cost": "hidden"}, "validate": [check("free", "cost = 0", "Not free.")]});
        r.form
            .flow(json!([
                approve("boss", &[&r.one.id], costs),
                json!({"kind": "fill", "key": "note", "label": "Note", "who": [{"members": [r.two.id]}],
                    "fields": {"note": "edit"}, "validate": [check("said", "NOT(ISEMPTY(note))", "Say why.")]}),
                approve("money", &[&r.three.id], closed)
            ]))
            .await;
        let asked = r.ask(5).await;
        let first = task(&r.one).await;
        let refused =
            act(&r.one, &first, "approve", json!({"fields": {"cost": 6}})).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["fields.amount: validation"], "{refused}");
        assert_eq!(refused["errors"][0]["message"], "Costs more than was asked for.");
        assert_eq!(r.state(&asked).await.1, ["boss"], "nothing has moved");
        act(&r.one, &first, "approve", json!({"fields": {"cost": 4}})).await.ok();
        let second = task(&r.two).await;
        act(&r.two, &second, "submit", json!({})).await.refused(422, "validation");
        // Who sends it back need not mend anything first.
        act(&r.two, &second, "return", json!({"to": "boss"})).await.ok();
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        act(&r.two, &task(&r.two).await, "submit", json!({"fields": {"note": "Old ones broke"}})).await.ok();
        // Of a field that is closed to them they are told what is wrong, not where.
        let refused = act(&r.three, &task(&r.three).await, "approve", json!({})).await.refused(422, "validation");
        assert_eq!(refused["errors"][0]["message"], "Not free.");
        assert!(!refused.to_string().contains("cost"), "{refused}");
        act(&r.three, &task(&r.three).await, "reject", json!({})).await.ok();
    })
    .await;
}

#[tokio::test]
async fn the_submitter_says_who_decides_where_the_flow_lets_them() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let own = json!({"who": [{"chosen_by": "submitter"}]});
        let mut step = approve("boss", &[], json!({}));
        step["who"] = own["who"].clone();
        r.form.flow(json!([step, approve("money", &[&r.three.id], json!({}))])).await;
        let told = r.mei.get(&r.form.path("")).await.ok();
        assert_eq!(told["choose"], json!([{"step": "boss", "label": "boss"}]), "{told}");
        let path = r.form.path("/records");
        let ask = |chosen: Value, more: Value| {
            let mut body = json!({"fields": {"what": "Chairs", "amount": 5}, "chosen": chosen});
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            body
        };
        let asked = r.mei.post(&path, ask(json!({"boss": [r.two.id]}), json!({}))).await.created();
        assert_eq!(asked["instance"]["steps"], json!(["boss"]));
        assert_eq!((todo(&r.two).await.len(), todo(&r.one).await.len()), (1, 0));
        // Others are not theirs to choose, nor is anybody where no flow starts, or who has left.
        r.mei.post(&path, ask(json!({"money": [r.two.id]}), json!({}))).await.refused(422, "not_choosable");
        r.mei
            .post(&path, ask(json!({"boss": [r.two.id]}), json!({"draft": true})))
            .await
            .refused(422, "not_choosable");
        let gone = workspace.person("gone").await;
        workspace.admin.delete(&format!("/members/{}", gone.id), 1).await.with_status(204);
        r.mei.post(&path, ask(json!({"boss": [gone.id]}), json!({}))).await.refused(422, "person_left");
        // A draft says it when it is submitted.
        let draft = r.mei.post(&path, json!({"fields": {"what": "Desks"}, "draft": true})).await.created();
        let submit = format!("{}/submit", r.form.at(&draft));
        r.mei.post(&submit, json!({"chosen": {"boss": [r.one.id]}})).await.ok();
        assert_eq!((todo(&r.two).await.len(), todo(&r.one).await.len()), (1, 1));

        // Whoever decides names those who come next, where the flow leaves it to them.
        let next = json!({"who": [{"chosen_by": "previous"}]});
        r.form.flow(json!([approve("first", &[&r.three.id], json!({})), approve("second", &[], next)])).await;
        r.ask(7).await;
        let first = task(&r.three).await;
        let told = r.three.get(&format!("/tasks/{first}")).await.ok();
        assert_eq!(told["choose"][0]["step"], "second", "{told}");
        let chosen = json!({"chosen": {"second": [r.one.id]}});
        let passed = act(&r.three, &first, "approve", chosen).await.ok();
        assert_eq!(passed["tasks"][1]["assignee"], json!(r.one.id), "{passed}");
    })
    .await;
}

#[tokio::test]
async fn the_last_decision_is_refused_with_what_is_still_missing() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let bill = form("bill", [text("what"), number("amount", 2), text("account").required()]);
        let form = workspace.form(bill.with("title", "{what}")).await;
        form.allow(group("all", &[&r.mei.id])).await;
        // Only large bills come by somebody who can fill it in.
        let large = approve("clerk", &[&r.two.id], json!({"fields": {"account": "required"}}));
        let arm = json!({"key": "large", "label": "Large", "when": test("amount", "gt", "100"), "steps": [large]});
        let branch = json!({"kind": "branch", "key": "size", "label": "Size", "mode": "exclusive", "arms": [arm],
            "default": {"label": "Small", "steps": []}});
        let start = json!({"fields": {"*": "edit", "account": "read"}});
        let steps = json!([branch, approve("boss", &[&r.one.id], json!({}))]);
        form.flow_with(json!({"format": 1, "label": "Flow", "start": start, "steps": steps})).await;
        let asked = form.create(&r.mei, json!({"what": "x", "amount": 5})).await.created();
        let opened = task(&r.one).await;
        let refused = act(&r.one, &opened, "approve", json!({})).await.refused(422, "validation");
        assert!(faults(&refused).iter().any(|fault| fault.ends_with("account: required")), "{refused}");
        // Nothing is half-done: it waits as before.
        assert_eq!(todo(&r.one).await, [opened]);
        let instance = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        assert_eq!(r.mei.get(&instance).await.ok()["state"], "running");
    })
    .await;
}
