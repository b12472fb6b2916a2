//! What a write brings about besides the record: a flow, an entry in the history, word of it for those who follow.

use serde_json::{Value, json};
use tests::design::{form, test, text};
use tests::workspace::items;
use tests::{Inside, Workspace, on_both, on_both_shared};

use super::ways::{task_of, with_format, zipped};
use super::{Outcome, Story, Way};

/// Whether the record with this code is in a flow.
async fn is_running(story: &Story, code: &str) -> bool {
    let found = story.with_code(&story.flowed, code).await;
    assert_eq!(found.len(), 1, "{code}");
    match found[0]["system"]["flow_state"].as_str() {
        Some("running") => true,
        None => false,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_flow_starts_as_its_path_says() {
    on_both_shared(async |workspace| {
        let story = Story::new(&workspace).await;
        let (form, records) = (&story.flowed, story.flowed.path("/records"));
        let mut started = Vec::new();
        // A person always starts the flow; a program unless it says no; a sheet if it says so.
        for (who, asked, starts) in [
            ("web", None, true),
            ("web", Some(false), true),
            ("api", None, true),
            ("api", Some(false), false),
            ("bulk", None, true),
            ("bulk", Some(false), false),
            ("each", None, true),
            ("each", Some(false), false),
            ("import", None, false),
            ("import", Some(true), true),
        ] {
            let fields = story.right(&json!({}));
            let code = fields["code"].as_str().unwrap().to_owned();
            let mut one = json!({"fields": fields});
            if let Some(asked) = asked {
                one["start_flow"] = json!(asked);
            }
            match who {
                "web" => drop(story.mei.post(&records, one).await.created()),
                "api" => drop(story.robot.post(&records, one).await.created()),
                "bulk" | "each" => {
                    let bulk = json!({"create": [one], "atomic": who == "bulk"});
                    story.robot.post(&form.path("/records/bulk"), bulk).await.ok();
                }
                _ => {
                    let text = format!("code,amount\n{code},10\n");
                    let file = story.admin.upload("one.csv", "text/csv", text.into_bytes()).await;
                    let mut input = json!({"file": file, "mapping": {"code": "code", "amount": "amount"}});
                    if let Some(asked) = asked {
                        input["start_flow"] = json!(asked);
                    }
                    let job = story.admin.job(story.admin.post(&form.path("/import"), input).await).await;
                    assert_eq!(job["result"]["created"], 1, "{job}");
                }
            }
            assert_eq!(is_running(&story, &code).await, starts, "{who}, {asked:?}");
            started.push(starts);
        }
        // To edit what is stored starts none.
        let stored = json!({"fields": story.right(&json!({})), "start_flow": false});
        let stored = story.robot.post(&records, stored).await.created();
        form.edit(&story.mei, &stored, json!({"amount": "11"})).await.ok();
        assert!(!is_running(&story, stored["fields"]["code"].as_str().unwrap()).await);
        assert_eq!(started.iter().filter(|starts| **starts).count(), 6);
    })
    .await;
}

#[tokio::test]
async fn what_scripts_make_starts_a_flow_unless_they_say_no() {
    on_both_shared(async |workspace| {
        let story = Story::new(&workspace).await;
        let script = format!("/apps/{}/scripts/make", story.app);
        for (how, starts) in [("", true), (", #{start_flow: true}", true), (", #{start_flow: false}", false)]
        {
            let code = story.fresh();
            let source = format!("create(\"flowed\", #{{code: \"{code}\", amount: 10}}{how});");
            story.admin.put(&script, "*", json!({"source": source})).await.ok();
            story.scripted.create(&story.admin, json!({"go": "now"})).await.created();
            assert_eq!(is_running(&story, &code).await, starts, "a script{how}");
            if starts {
                let made = story.with_code(&story.flowed, &code).await;
                task_of(&story.boss, &made[0]).await;
            }
        }
    })
    .await;
}

/// A package says of each record whether it is in its form's flow, is through it, or never was.
#[tokio::test]
async fn demo_records_start_a_flow_where_the_package_says_so() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let step = json!({"kind": "approve", "key": "look", "label": "Look", "who": [{"submitter": true}]});
        let files = [
            (
                "package.json",
                json!({"format": 1, "key": "shown", "version": "1.0.0", "label": "Shown"}).to_string(),
            ),
            ("forms/ask.json", with_format(form("ask", [text("code")]).document()).to_string()),
            ("flows/ask.json", json!({"format": 1, "label": "Check", "steps": [step]}).to_string()),
            ("demo/ask.csv", "$key,$flow_state,code\na,,A\nb,running,B\nc,approved,C\n".to_owned()),
        ];
        let file = admin.upload("shown.zip", "application/zip", zipped(&files)).await;
        let started = admin.post("/apps/import", json!({"file": file, "demo": true})).await;
        let job = admin.job(started).await;
        assert_eq!(job["state"], "done", "{job}");
        let ask = job["result"]["forms"]["ask"].as_str().unwrap();
        let query = json!({"sort": [{"field": "code"}]});
        let list = admin.post(&format!("/forms/{ask}/records/query"), query).await.ok();
        let states: Vec<Option<&str>> =
            items(&list).iter().map(|record| record["system"]["flow_state"].as_str()).collect();
        assert_eq!(states, [None, Some("running"), Some("approved")]);
        let todo = admin.get("/tasks?box=todo&limit=500").await.ok();
        let waits = |record: &Value| items(&todo).iter().any(|task| task["record"] == record["id"]);
        assert_eq!(items(&list).iter().map(waits).collect::<Vec<bool>>(), [false, true, false]);
    })
    .await;
}

/// `trigger: false` of a sheet, of an edit of many and of an action: history and audit as ever, and no word to anybody.
#[tokio::test]
async fn who_asks_for_silence_tells_nobody() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let story = Story::new(&workspace).await;
        let mut inside = Inside::of(server).await;
        inside.watch_outbox().await;
        let mut told = async |record: &Value| {
            inside.outbox().await.iter().filter(|entry| entry["record"] == record["id"]).count()
        };
        for trigger in [None, Some(true), Some(false)] {
            let is_told = usize::from(trigger != Some(false));
            let asked = |mut input: Value| {
                if let Some(trigger) = trigger {
                    input["trigger"] = json!(trigger);
                }
                input
            };

            let code = story.fresh();
            let text = format!("code,amount\n{code},10\n");
            let file = story.mei.upload("one.csv", "text/csv", text.into_bytes()).await;
            let input = asked(json!({"file": file, "mapping": {"code": "code", "amount": "amount"}}));
            story.mei.job(story.mei.post(&story.plain.path("/import"), input).await).await;
            let record = story.with_code(&story.plain, &code).await.remove(0);
            assert_eq!(told(&record).await, is_told, "import, {trigger:?}");

            let many = json!({"filter": test("$id", "in", json!([record["id"]])), "set": {"amount": "11"}});
            let edited = story.mei.post(&story.plain.path("/bulk-edit"), asked(many)).await;
            let job = story.mei.job(edited).await;
            assert_eq!(job["result"]["changed"], 1, "{job}");
            assert_eq!(told(&record).await, 2 * is_told, "bulk edit, {trigger:?}");
            assert_eq!(story.path_of(&story.plain.id, &record).await, "bulk_edit");

            let code = story.fresh();
            let create = json!({"kind": "create", "form": "plain", "set": {"code": code, "amount": "10"}});
            let by_code = test("code", "eq", code.as_str());
            let update = json!({"kind": "update", "form": "plain", "filter": by_code, "set": {"amount": "12"}});
            let step = |key: &str, action: Value| json!({"kind": "action", "key": key, "label": key, "action": asked(action)});
            let steps = [step("make", create), step("change", update)];
            story.starter.flow(json!(steps)).await;
            let first = story.starter.create(&story.admin, json!({"go": "now"})).await.created();
            let record = story.with_code(&story.plain, &code).await.remove(0);
            assert_eq!(record["fields"]["amount"], "12.00");
            assert_eq!(told(&record).await, 2 * is_told, "action, {trigger:?}");
            assert_eq!(story.path_of(&story.plain.id, &record).await, "flow");
            // The silence is the action's: of the record that began it word goes out.
            assert!(told(&first).await > 0);
        }
    })
    .await;
}

/// The history says by which way a version came; who follows is told of it, but not of demo records.
#[tokio::test]
async fn every_way_leaves_its_name_in_the_history_and_word_in_the_outbox() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let story = Story::new(&workspace).await;
        let mut inside = Inside::of(server).await;
        inside.watch_outbox().await;
        for way in Way::ALL {
            let Outcome::Stored(record) = way.write(&story, &json!({"amount": "21"})).await else {
                panic!("{way:?} stores nothing");
            };
            let form = match way {
                Way::Demo => record["form"].as_str().unwrap(),
                Way::Task | Way::Batch => &story.flowed.id,
                _ if way.is_by_itself() => &story.driven.id,
                _ => &story.plain.id,
            };
            assert_eq!(story.path_of(form, &record).await, way.path(), "{way:?}");
            // One for what was there before, and one for the write.
            let expected = match way {
                Way::Demo => 0,
                Way::WebSubmit => 2,
                _ if way.is_edit() => 2,
                _ => 1,
            };
            let told = inside.outbox().await;
            let told = told.iter().filter(|entry| entry["record"] == record["id"]).count();
            // What a flow sets by itself is told of, and that it has ended.
            let is_told = if way.is_by_itself() { told >= expected } else { told == expected };
            assert!(is_told, "{way:?} is told {told} times");
        }

        let audited = inside.audit_of_records().await;
        let by = |path: &str| audited.iter().any(|entry| entry.changes["path"] == path);
        let paths =
            ["web", "public_form", "hook", "api", "bulk_edit", "import", "task", "flow", "script", "demo"];
        for path in paths {
            assert!(by(path), "{path} is in no entry of the audit trail");
        }
    })
    .await;
}
