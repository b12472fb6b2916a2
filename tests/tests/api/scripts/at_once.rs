//! Many at once: what a script has looked for is as it saw it until its save ends.

use std::time::Duration;

use serde_json::json;
use tests::design::{form, text};
use tests::{Answer, Client, Form, Workspace, on_both_shared, together};

use super::Depot;

const CLIENTS: usize = 24;

fn clients(workspace: &Workspace) -> Vec<Client> {
    (0..CLIENTS).map(|_| workspace.admin.reconnected()).collect()
}

/// Asks again where the server is busy: that is never the answer to what was asked.
async fn patiently(form: &Form, who: &Client, fields: &serde_json::Value) -> Answer {
    for _ in 0..100 {
        let answer = form.create(who, fields.clone()).await;
        if answer.status != 503 {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the server is busy for good");
}

#[tokio::test]
async fn the_last_pieces_are_posted_once_and_a_balance_is_made_once() {
    on_both_shared(async |workspace| {
        let depot = Depot::build(&workspace).await;
        let clients = clients(&workspace);
        // Nobody finds a balance, and one of them makes it.
        let come = json!({"item": "vase", "qty": "1"});
        let all = clients.iter().map(|who| patiently(&depot.receipts, who, &come));
        for answer in together(all).await {
            answer.created();
        }
        assert_eq!(depot.on_hand("vase").await, Some(CLIENTS as i64));
        // There is enough for half of them.
        let take = json!({"item": "vase", "qty": "-2"});
        let all = clients.iter().map(|who| patiently(&depot.receipts, who, &take));
        let mut taken = 0;
        for answer in together(all).await {
            if answer.status == 201 {
                taken += 1;
            } else {
                answer.refused(409, "too_few");
            }
        }
        assert_eq!((taken, depot.on_hand("vase").await), (CLIENTS / 2, Some(0)));
    })
    .await;
}

#[tokio::test]
async fn what_is_counted_does_not_grow_before_the_save_ends() {
    on_both_shared(async |workspace| {
        let depot = Depot::build(&workspace).await;
        let seats = depot.app.form(form("seat", [text("room")])).await;
        // By a room, and over all.
        let source = "if count(\"seat\", #{room: record.room}) > 5 { refuse(\"full\"); }\n\
                      if count(\"seat\", #{}) > 8 { refuse(\"closed\"); }";
        depot.script("seat", source).await;
        depot.bind(&seats, json!([{"on": "submit", "script": "seat"}])).await;
        let clients = clients(&workspace);
        let rooms = [json!({"room": "A"}), json!({"room": "B"})];
        let all = clients.iter().enumerate().map(|(place, who)| patiently(&seats, who, &rooms[place % 2]));
        let mut taken = 0;
        for answer in together(all).await {
            match answer.status {
                201 => taken += 1,
                _ => assert!(["full", "closed"].contains(&answer.body["code"].as_str().unwrap())),
            }
        }
        assert_eq!((taken, depot.count(&seats).await), (8, 8));
    })
    .await;
}
