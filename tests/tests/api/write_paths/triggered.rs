//! What a write brings about besides the record: a flow, an entry in the history, word of it for those who follow.

use serde_json::json;
use tests::workspace::id_of;
use tests::{Inside, Workspace, on_both, on_both_shared};

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

/// The history says by which way a version came; who follows is told of it, but not of demo records, nor of a sheet that asks
/// for silence.
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

        let silent = story.fresh();
        let file = format!("code,amount\n{silent},10\n").into_bytes();
        let file = story.mei.upload("one.csv", "text/csv", file).await;
        let input = json!({"file": file, "mapping": {"code": "code", "amount": "amount"}, "trigger": false});
        story.mei.job(story.mei.post(&story.plain.path("/import"), input).await).await;
        let record = story.with_code(&story.plain, &silent).await.remove(0);
        let told = inside.outbox().await;
        assert!(!told.iter().any(|entry| entry["record"] == json!(id_of(&record))), "{told:?}");
        assert_eq!(story.path_of(&story.plain.id, &record).await, "import");
        let audited = inside.audit_of_records().await;
        let by = |path: &str| audited.iter().any(|entry| entry.changes["path"] == path);
        for path in ["web", "api", "bulk_edit", "import", "task", "flow", "script", "demo"] {
            assert!(by(path), "{path} is in no entry of the audit trail");
        }
    })
    .await;
}
