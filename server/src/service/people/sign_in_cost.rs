//! T46: what a sign-in costs that fails, counted: as much for who is known as for who is not. `api::sign_in::passwords` measures that it
//! takes as long, too; these figures do not depend on the machine.

use std::time::Duration;

use serde_json::json;

use super::sign_in::{From, sign_in};
use super::{Caller, members};
use crate::service::testing::{id_in, on_an_installation};
use crate::service::{Installation, jobs};

/// How often a password was checked, and how often the writer of the database was asked, until somebody is turned away.
async fn turned_away(installation: &Installation, email: &str) -> (u64, u64) {
    let figures = || (installation.passwords.runs(), installation.store.turns());
    let input =
        wire::Login { email: email.to_string(), password: "not the password".to_string(), code: None };
    let before = figures();
    let refused = sign_in(installation, &input, From::default()).await.err();
    let after = figures();
    assert_eq!(refused.map(|refusal| refusal.code), Some("wrong_credentials"), "{email}");
    (after.0 - before.0, after.1 - before.1)
}

/// A new member's id.
async fn member(installation: &Installation, caller: &Caller, email: &str, password: Option<&str>) -> String {
    let input = serde_json::from_value(json!({"email": email, "name": "Lin", "password": password})).unwrap();
    id_in(&members::create(installation, caller, None, input).await.unwrap().body)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t46_who_is_not_known_costs_as_much_to_turn_away_as_who_is() {
    on_an_installation("cost_of_signing_in", async |installation, caller| {
        member(installation, caller, "invited@example.com", None).await;
        let gone = member(installation, caller, "gone@example.com", Some("a long enough password")).await;
        members::disable(installation, caller, gone.parse().unwrap()).await.unwrap();
        // What waited for them goes to others beside, and writes too.
        while !jobs::list(installation, caller, false).await.unwrap().iter().all(|job| job.state.is_over()) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        // What is put together once is not counted.
        turned_away(installation, "first@example.com").await;
        let unknown = turned_away(installation, "nobody@example.com").await;
        assert_eq!(unknown.0, 1, "a password is checked once");
        assert!(unknown.1 > 0, "it is written down");
        for email in ["a@example.com", "invited@example.com", "gone@example.com"] {
            assert_eq!(turned_away(installation, email).await, unknown, "{email}");
        }
    })
    .await;
}
