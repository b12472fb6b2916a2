//! What flows write by themselves: after a deadline has decided, after a step has passed automatically, and when a flow that was
//! waited for gives fields back.

use std::time::Duration;

use serde_json::{Map, Value, json};
use tests::design::approve;
use tests::workspace::{id_of, items};
use tokio::time::sleep;

use super::ways::{problem, task_of};
use super::{Outcome, Story, codes};

/// How often, and how long in all, it is looked whether something has happened.
const PAUSE: Duration = Duration::from_millis(50);
const LOOKS: usize = 400;

/// The deadline approves after a second; the step behind it sets the fields.
pub async fn deadline(story: &Story, fields: &Value) -> Outcome {
    let late = json!({"deadlines": [{"after": "PT1S", "do": "auto_approve"}]});
    let steps = json!([approve("boss", &[&story.boss.id], late), sets(fields)]);
    let known = match begin(story, steps).await {
        Ok(known) => known,
        Err(refused) => return refused,
    };
    what_came(story, &known, fields).await
}

/// The boss approves the first step, with which the second one passes; the step behind that sets the fields.
pub async fn auto_pass(story: &Story, fields: &Value) -> Outcome {
    let boss = |key: &str| approve(key, &[&story.boss.id], json!({}));
    let known = match begin(story, json!([boss("first"), boss("second"), sets(fields)])).await {
        Ok(known) => known,
        Err(refused) => return refused,
    };
    let task = task_of(&story.boss, &known).await;
    let decided = story.boss.post(&format!("/tasks/{task}/approve"), json!({})).await;
    match problem(decided) {
        Some(wrong) => refused(story, &known, fields, &wrong).await,
        None => what_came(story, &known, fields).await,
    }
}

/// The boss fills in a request that the flow has started; its fields come back when it ends.
pub async fn child(story: &Story, fields: &Value) -> Outcome {
    let back: Map<String, Value> =
        fields.as_object().unwrap().keys().map(|key| (key.clone(), json!(key))).collect();
    let ask = json!({"kind": "subflow", "key": "ask", "label": "Ask", "form": "asked", "wait": true,
        "map_in": {}, "map_out": back});
    let known = match begin(story, json!([ask])).await {
        Ok(known) => known,
        Err(refused) => return refused,
    };
    let todo = format!("/tasks?box=todo&form={}&limit=1", story.asked.id);
    let task = id_of(&items(&story.boss.get(&todo).await.ok())[0]);
    let filled = story.boss.post(&format!("/tasks/{task}/submit"), json!({"fields": fields})).await;
    match problem(filled) {
        Some(wrong) => refused(story, &known, fields, &wrong).await,
        None => what_came(story, &known, fields).await,
    }
}

/// A step that sets fields of the flow's own record.
fn sets(fields: &Value) -> Value {
    let action = json!({"kind": "set", "set": fields});
    json!({"kind": "action", "key": "set", "label": "Set", "action": action})
}

/// A record that begins a flow of these steps. What is wrong with every record that they would write is told when they are
/// published.
async fn begin(story: &Story, steps: Value) -> Result<Value, Outcome> {
    let document = json!({"format": 1, "label": "Flow", "start": {"fields": {"*": "edit"}},
        "auto_pass": "consecutive", "steps": steps});
    let form = &story.driven;
    story.admin.put(&form.path("/flow/draft"), "*", document).await.ok();
    match problem(story.admin.post(&form.path("/flow/publish"), json!({})).await) {
        Some(wrong) => Err(Outcome::Refused(codes(&wrong))),
        None => Ok(form.add(story.before(&json!({}))).await),
    }
}

/// Waits until the flow has ended, or can't go on by itself.
async fn what_came(story: &Story, known: &Value, fields: &Value) -> Outcome {
    let path = instance(known);
    for _ in 0..LOOKS {
        let told = story.admin.get(&path).await.ok();
        if told["state"] == "approved" {
            return Outcome::Stored(story.seen(&story.driven, known).await);
        }
        let mut waits = told["waits"].as_array().into_iter().flatten();
        if let Some(reason) = waits.find_map(|wait| wait["failed"]["reason"].as_str()) {
            unchanged(story, known, fields).await;
            return Outcome::Stuck(reason.to_owned());
        }
        sleep(PAUSE).await;
    }
    panic!("nothing became of {fields}");
}

/// A person was refused by what the flow would have done.
async fn refused(story: &Story, known: &Value, fields: &Value, wrong: &Value) -> Outcome {
    unchanged(story, known, fields).await;
    Outcome::Refused(codes(wrong))
}

/// Nothing was stored; and nothing is tried again.
async fn unchanged(story: &Story, known: &Value, fields: &Value) {
    let after = story.seen(&story.driven, known).await;
    assert_eq!(after["version"], known["version"], "a flow has stored {fields} by itself, and refused it");
    story.admin.post(&format!("{}/terminate", instance(known)), json!({})).await.ok();
}

fn instance(record: &Value) -> String {
    format!("/instances/{}", record["instance"]["id"].as_str().unwrap())
}
