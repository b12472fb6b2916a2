//! What one way refuses, every way refuses, and for the same reason.

use serde_json::{Value, json};
use tests::on_both_shared;
use tests::workspace::id_of;

use super::ways::task_of;
use super::{Outcome, Story, Way};

/// What is wrong, and the codes by which it may be told.
struct Wrong {
    rule: &'static str,
    fields: Value,
    codes: &'static [&'static str],
}

fn wrong(rule: &'static str, fields: Value, codes: &'static [&'static str]) -> Wrong {
    Wrong { rule, fields, codes }
}

/// Every rule of the matrix that refuses.
fn all_wrong(story: &Story) -> Vec<Wrong> {
    // A flow that would set one is not published, and a hook that would is not made.
    let computed: &[&str] = &["not_writable", "not_importable", "field_not_editable", "not_mappable"];
    vec![
        wrong("field types", json!({"amount": "many"}), &["not_a_number"]),
        wrong("digits", json!({"amount": "1.005"}), &["too_precise"]),
        wrong("choices", json!({"kind": "none of them"}), &["unknown_choice"]),
        wrong("required", json!({"amount": null}), &["required"]),
        wrong("ranges, upwards", json!({"amount": "1000.01"}), &["too_large"]),
        wrong("ranges, downwards", json!({"amount": "-1"}), &["too_small"]),
        wrong("regular expressions", json!({"code": "not so"}), &["pattern"]),
        wrong("visibility rules", json!({"kind": "usual", "reason": "hidden"}), &["not_writable"]),
        wrong("computed fields", json!({"double": "7"}), computed),
        wrong("serial numbers", json!({"no": "D-7777"}), computed),
        wrong("what a link offers", json!({"after": story.taken}), &["not_offered"]),
        wrong("submit validations", json!({"amount": "13"}), &["validation"]),
        wrong("uniqueness", json!({"code": "TAKEN"}), &["not_unique"]),
        wrong("aggregate constraints", json!({"lot": "full", "amount": "700"}), &["constraint"]),
    ]
}

/// What a visitor of a public link is told in place of what members are: of a field that is not theirs that it is not there, and
/// nothing of other records.
fn told_to_all(wrong: &Wrong, code: &str) -> bool {
    match code {
        "unknown_field" => ["not_writable", code].iter().any(|code| wrong.codes.contains(code)),
        "not_accepted" => wrong.codes.iter().any(|code| ["not_unique", "constraint"].contains(code)),
        _ => wrong.codes.contains(&code),
    }
}

fn refused(way: Way, outcome: &Outcome, wrong: &Wrong) {
    let Wrong { rule, fields, codes } = wrong;
    match outcome {
        Outcome::Stored(record) => panic!("{way:?} has stored {fields}, against {rule}: {record}"),
        Outcome::Refused(told) => {
            let known = told.iter().all(|code| match way {
                Way::Public => told_to_all(wrong, code),
                _ => codes.contains(&code.as_str()),
            });
            assert!(!told.is_empty() && known, "{way:?} refuses {fields}, against {rule}, as {told:?}");
        }
        // Nobody waits for an answer: administrators read the sentence.
        Outcome::Stuck(why) => {
            assert!(way.is_by_itself() && !why.is_empty(), "{way:?} refuses {fields}, against {rule}");
        }
    }
}

#[tokio::test]
async fn c09_no_way_stores_what_another_refuses() {
    on_both_shared(async |workspace| {
        let story = Story::new(&workspace).await;
        for wrong in all_wrong(&story) {
            for way in Way::ALL {
                refused(way, &way.write(&story, &wrong.fields).await, &wrong);
            }
        }
        // Nothing of all this has used up a number.
        let numbers = story.plain.query(&story.admin, json!({"limit": 500, "fields": ["no"]})).await.ok();
        let mut numbers: Vec<u32> = numbers["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|record| record["fields"]["no"].as_str().unwrap().trim_start_matches("D-").parse().unwrap())
            .collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=numbers.len() as u32).collect::<Vec<_>>());
    })
    .await;
}

/// A member's group counts for what they write, the step's fields for who decides it; the installer is an administrator, so is
/// who says what a hook fills in, and what a flow does itself needs no right.
#[tokio::test]
async fn t16_every_way_asks_for_the_rights_of_who_comes_by_it() {
    on_both_shared(async |workspace| {
        let story = Story::new(&workspace).await;
        let closed =
            wrong("the right to edit a field", json!({"closed": "x"}), &["not_writable", "not_importable"]);
        let secret = wrong("the right to know of a field", json!({"secret": "x"}), &["unknown_field"]);
        for way in Way::ALL {
            for wrong in [&closed, &secret] {
                let outcome = way.write(&story, &wrong.fields).await;
                let is_designed =
                    matches!(way, Way::Demo | Way::Flow | Way::Script | Way::HookNew | Way::HookKnown);
                if way.is_by_itself() || is_designed {
                    assert!(matches!(outcome, Outcome::Stored(_)), "{outcome:?}");
                } else {
                    refused(way, &outcome, wrong);
                }
            }
        }
        let stranger = workspace.person("stranger").await;
        let one = json!({"fields": story.right(&json!({}))});
        stranger.post(&story.plain.path("/records"), one.clone()).await.refused(404, "not_found");
        let bulk = json!({"create": [one]});
        stranger.post(&story.plain.path("/records/bulk"), bulk).await.refused(404, "not_found");
    })
    .await;
}

/// What comes out of the bin is held to what came meanwhile: a value that is taken, a limit that is reached.
#[tokio::test]
async fn what_is_restored_is_held_to_uniqueness_and_limits() {
    on_both_shared(async |workspace| {
        let story = Story::new(&workspace).await;
        let (form, mei) = (&story.plain, &story.mei);
        let first = form.add(story.right(&json!({"code": "TWICE"}))).await;
        let many = form.add(story.right(&json!({"lot": "full", "amount": "500"}))).await;
        for record in [&first, &many] {
            mei.delete(&form.at(record), 1).await.with_status(204);
        }
        form.add(story.right(&json!({"code": "TWICE"}))).await;
        form.add(story.right(&json!({"lot": "full", "amount": "300"}))).await;
        let restore =
            async |record: &Value| mei.post(&format!("{}/restore", form.at(record)), json!({})).await;
        restore(&first).await.refused(409, "not_unique");
        restore(&many).await.refused(409, "constraint");
    })
    .await;
}

/// What is refused at a step is still to be decided; what is right is stored with the decision.
#[tokio::test]
async fn a_refused_decision_leaves_its_task_open() {
    on_both_shared(async |workspace| {
        let story = Story::new(&workspace).await;
        let record = story.flowed.add(story.right(&json!({}))).await;
        let task = task_of(&story.boss, &record).await;
        let path = format!("/tasks/{task}/approve");
        story.boss.post(&path, json!({"fields": {"amount": "13"}})).await.refused(422, "validation");
        assert_eq!(task_of(&story.boss, &record).await, task);
        story.boss.post(&path, json!({"fields": {"amount": "14"}})).await.ok();
        let stored = story.seen(&story.flowed, &record).await;
        assert_eq!((id_of(&stored), &stored["fields"]["amount"]), (id_of(&record), &json!("14.00")));
        assert_eq!(stored["fields"]["double"], "28.00");
    })
    .await;
}
