//! What a visitor gets and sends.

use serde_json::{Value, json};
use tests::design::{approve, form, text};
use tests::workspace::{faults, items};
use tests::{Visit, on_both_shared, together};

use super::{FIELDS, signup};

#[tokio::test]
async fn a_visitor_gets_the_fields_of_the_link_and_their_answer_is_a_record() {
    on_both_shared(async |workspace| {
        let form = signup(&workspace).await;
        let seller = workspace.person("seller").await;
        let values = json!({"kind": "group", "source": "fair", "seller": seller.id});
        let link = json!({"name": "Fair", "fields": FIELDS, "values": values, "again": false,
            "thanks": {"en": "Thank you", "zh-CN": "谢谢"}, "intro": "See you there"});
        let link = form.public(link).await;
        let visit = Visit::open(&workspace.admin.stranger(), &link).await;
        let shown = &visit.form["form"];
        let fields = shown["definition"]["fields"].as_array().unwrap();
        let keys: Vec<&str> = fields.iter().filter_map(|field| field["key"].as_str()).collect();
        assert_eq!(keys, FIELDS);
        // The host of a guest is a member: nobody is told of them.
        assert!(!visit.form.to_string().contains("host") && !visit.form.to_string().contains("seller"));
        assert_eq!(
            (&shown["may"]["operations"], &shown["may"]["fields"]["fee"]),
            (&json!(["create"]), &json!("read"))
        );
        // What the link gives in the visitor's place is not told of either.
        assert_eq!(
            (&visit.form["values"], &visit.form["intro"]),
            (&json!({"kind": "group"}), &json!("See you there"))
        );

        let answer = json!({"name": "Ann", "kind": "group", "seats": 4, "guests": [{"called": "Bea"}]});
        let taken = visit.answer(answer).await.created();
        assert_eq!(taken, json!({"thanks": {"en": "Thank you", "zh-CN": "谢谢"}, "again": false}));
        let records = form.query(&workspace.admin, json!({})).await.ok();
        let fields = &items(&records)[0]["fields"];
        assert_eq!(
            (&fields["fee"], &fields["status"], &fields["source"]),
            (&json!("20.00"), &json!("new"), &json!("fair"))
        );
        assert_eq!((&fields["seller"], &fields["no"]), (&json!(seller.id), &json!("S-0001")));
    })
    .await;
}

/// T16: whatever is not the visitor's to set is refused, and nothing is left out in silence.
#[tokio::test]
async fn t16_nothing_is_set_that_is_not_the_visitors_to_set() {
    on_both_shared(async |workspace| {
        let form = signup(&workspace).await;
        let link = form.public(json!({"name": "Fair", "fields": FIELDS, "values": {"source": "fair"}})).await;
        let visit = Visit::open(&workspace.admin.stranger(), &link).await;
        visit.wait().await;
        for (field, value, code) in [
            ("status", json!("approved"), "unknown_field"),
            ("source", json!("mine"), "unknown_field"),
            ("seller", json!("0sbqd00000001"), "unknown_field"),
            ("no", json!("S-7"), "unknown_field"),
            ("$owner", json!("0sbqd00000001"), "unknown_field"),
            ("created_by", json!("x"), "unknown_field"),
            ("fee", json!("1"), "not_writable"),
            // A rule hides it.
            ("seats", json!(3), "not_writable"),
            ("guests", json!([{"called": "Bea", "host": "0sbqd00000001"}]), "unknown_field"),
        ] {
            visit.send(json!({"name": "Ann", (field): value})).await.refused(422, code);
        }
        for beside in
            [json!({"start_flow": false}), json!({"system": {}}), json!({"draft": true}), json!({"id": "x"})]
        {
            let mut body = json!({"fields": {"name": "Ann"}});
            body.as_object_mut().unwrap().extend(beside.as_object().unwrap().clone());
            let request = visit.request(reqwest::Method::POST, "/answers").json(&body);
            visit.who.send(request).await.refused(422, "unknown_member");
        }
        let wrong = visit.send(json!({"kind": "group", "seats": 13})).await.refused(422, "validation");
        let told = faults(&wrong);
        assert!(told.contains(&"fields.name: required".to_owned()), "{told:?}");
        assert!(wrong.to_string().contains("Not thirteen"), "{wrong}");
        assert!(items(&form.query(&workspace.admin, json!({})).await.ok()).is_empty());
        visit.send(json!({"name": "Ann"})).await.created();
    })
    .await;
}

/// Whoever is there already is told of to nobody: not which value it is, nor that there is one.
#[tokio::test]
async fn what_is_refused_tells_nothing_of_other_records() {
    on_both_shared(async |workspace| {
        let form = signup(&workspace).await;
        form.add(json!({"name": "Ann", "email": "ann@example.com"})).await;
        let link = form.public(json!({"name": "Fair", "fields": FIELDS})).await;
        let visit = Visit::open(&workspace.admin.stranger(), &link).await;
        let refused = visit.answer(json!({"name": "Bea", "email": "ann@example.com"})).await;
        let refused = refused.refused(409, "not_accepted");
        assert!(refused["errors"].as_array().is_none_or(Vec::is_empty), "{refused}");
        assert!(!refused.to_string().contains("email") && !refused.to_string().contains("ann@"), "{refused}");
        visit.send(json!({"name": "Bea", "email": "bea@example.com"})).await.created();
    })
    .await;
}

/// T21: a double click makes one record; another answer under the same ticket is none.
#[tokio::test]
async fn t21_an_answer_is_taken_once_however_often_it_is_sent() {
    on_both_shared(async |workspace| {
        let form = signup(&workspace).await;
        let link = form.public(json!({"name": "Fair", "fields": FIELDS})).await;
        let visit = Visit::open(&workspace.admin.stranger(), &link).await;
        visit.wait().await;
        let fields = json!({"name": "Ann"});
        let answers = together((0..20).map(|_| visit.send(fields.clone()))).await;
        let mut taken = 0;
        for answer in answers {
            match answer.status {
                201 => taken += 1,
                _ => drop(answer.refused(409, "idempotency_in_progress")),
            }
        }
        assert!(taken > 0);
        let again = visit.send(fields).await.created();
        assert_eq!(again["again"], true);
        visit.send(json!({"name": "Bea"})).await.refused(422, "idempotency_key_reused");
        let records = form.query(&workspace.admin, json!({})).await.ok();
        assert_eq!(items(&records).len(), 1);
        let listed = workspace.admin.get(&form.path("/links")).await.ok();
        assert_eq!(items(&listed)[0]["answers"], 1);
    })
    .await;
}

/// An answer starts the flow of its form, which asks its people; whoever sent it is asked nothing.
#[tokio::test]
async fn an_answer_starts_the_flow_and_its_people_decide() {
    on_both_shared(async |workspace| {
        let boss = workspace.person("boss").await;
        let request = workspace.form(form("request", [text("name"), text("verdict"), text("inside")])).await;
        let fields = json!({"name": "edit", "verdict": "hidden", "inside": "read"});
        let step = approve("boss", &[&boss.id], json!({"fields": {"*": "edit"}}));
        let flow = json!({"format": 1, "label": "Check", "start": {"fields": fields}, "steps": [step]});
        workspace.admin.put(&request.path("/flow/draft"), "*", flow).await.ok();
        workspace.admin.post(&request.path("/flow/publish"), json!({})).await.ok();
        let link = request.public(json!({"name": "Box"})).await;
        let visit = Visit::open(&workspace.admin.stranger(), &link).await;
        // What the start of the flow hides is hidden, and what it shows is not filled in.
        let may = &visit.form["form"]["may"]["fields"];
        assert_eq!(may, &json!({"name": "edit", "inside": "read"}));
        assert_eq!(visit.form["form"]["flow"], Value::Null);
        visit.answer(json!({"name": "Ann"})).await.created();
        let todo = boss.get("/tasks?box=todo").await.ok();
        assert_eq!(items(&todo).len(), 1, "{todo}");
        let task = items(&todo)[0]["id"].as_str().unwrap();
        let approved = json!({"fields": {"verdict": "fine"}});
        boss.post(&format!("/tasks/{task}/approve"), approved).await.ok();
        let records = request.query(&workspace.admin, json!({})).await.ok();
        assert_eq!(items(&records)[0]["system"]["flow_state"], "approved");
    })
    .await;
}
