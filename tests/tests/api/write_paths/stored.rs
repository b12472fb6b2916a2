//! What one way computes, every way computes.

use serde_json::{Value, json};
use tests::on_both_shared;

use super::{Outcome, Story, Way};

async fn stored(way: Way, story: &Story, fields: Value) -> Value {
    match way.write(story, &fields).await {
        Outcome::Stored(record) => record["fields"].clone(),
        other => panic!("{way:?} refuses {fields}: {other:?}"),
    }
}

#[tokio::test]
async fn every_way_normalises_computes_and_numbers() {
    on_both_shared(async |workspace| {
        let story = Story::new(&workspace).await;
        for way in Way::ALL {
            let fields = stored(way, &story, json!({"amount": "１２.5", "lot": "a "})).await;
            assert_eq!((&fields["amount"], &fields["double"]), (&json!("12.50"), &json!("25.00")), "{way:?}");
            assert_eq!(fields["lot"], "a", "{way:?}");
            assert!(fields["no"].as_str().is_some_and(|no| no.starts_with("D-")), "{way:?}");
            // A default is for what is new and was not sent; who puts a draft aside has seen it.
            let is_new = !way.is_edit() && way != Way::WebSubmit;
            let note = if is_new { json!("none") } else { Value::Null };
            assert_eq!(fields["note"], note, "{way:?}");
        }
    })
    .await;
}

/// `clear` empties what a rule hides, `keep` leaves what was stored; no default stands where nobody sees it.
#[tokio::test]
async fn every_way_follows_the_policy_of_what_is_hidden() {
    on_both_shared(async |workspace| {
        let story = Story::new(&workspace).await;
        for way in Way::ALL {
            let fields = stored(way, &story, json!({"kind": "usual"})).await;
            // What was there before an edit held both.
            let kept = if way.is_edit() { json!("this") } else { Value::Null };
            assert_eq!((&fields["reason"], &fields["kept"]), (&Value::Null, &kept), "{way:?}, hidden");

            let fields = stored(way, &story, json!({"kind": "other"})).await;
            let reason = match way {
                _ if way.is_edit() => json!("why"),
                Way::WebSubmit => Value::Null,
                _ => json!("usually"),
            };
            assert_eq!((&fields["reason"], &fields["kept"]), (&reason, &kept), "{way:?}, by itself");

            let shown = json!({"kind": "other", "reason": "else", "kept": "that"});
            let fields = stored(way, &story, shown).await;
            assert_eq!(
                (&fields["reason"], &fields["kept"]),
                (&json!("else"), &json!("that")),
                "{way:?}, shown"
            );
        }
    })
    .await;
}
