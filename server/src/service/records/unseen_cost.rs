//! MT-1: what it costs to ask for a record that one may not see, counted: as much as for one that is not there. Times would tell
//! it to whoever asks often enough; turns of the database do not depend on the machine.

use engine::value::Id;
use serde_json::json;
use store::ids;

use super::{Order, read};
use crate::service::flows::design;
use crate::service::people::{Caller, Credential, members, sign_in};
use crate::service::testing::{app, create, form, id_in, on_an_installation};
use crate::service::{Cause, Installation};

/// How often the database is asked until a member is told that there is no such record: for the record as one reads it, and for what
/// of it they may see. Only the writing connection counts, so it is that one that looks.
async fn asked_in_vain(installation: &Installation, caller: &Caller, form: &str, record: Id) -> (u64, u64) {
    let order = Order::to_follow(installation, caller, form).await.unwrap();
    let parts = installation.clone();
    let look = installation.write(move |tx| {
        Box::pin(async move {
            let before = parts.store.turns();
            let read = read::with(tx, &order, record).await.err();
            let between = parts.store.turns();
            let paths = read::visible_paths(tx, &order, record).await.err();
            let after = parts.store.turns();
            for refusal in [read, paths] {
                assert_eq!(refusal.map(|refusal| refusal.cause), Some(Cause::Missing));
            }
            Ok((between - before, after - between))
        })
    });
    look.await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mt1_a_record_that_one_may_not_see_costs_as_much_as_one_that_is_not_there() {
    on_an_installation("cost_of_the_unseen", async |installation, caller| {
        let app = app(installation, caller).await;
        let lines = json!({"key": "lines", "label": "l", "kind": "subform", "options": {"fields": [
            {"key": "what", "label": "w", "kind": "text"},
        ]}});
        let fields = json!([{"key": "what", "label": "w", "kind": "text"}, lines]);
        let document =
            json!({"key": "requests", "label": "r", "fields": fields, "settings": {"drafts": true}});
        let requests = form(installation, caller, &app, document).await;
        let filled = || json!({"what": "canary", "lines": [{"what": "a"}, {"what": "b"}]});
        let plain = create(installation, caller, &requests, filled(), None).await;
        // One with a flow, in which the member has no part.
        let boss =
            json!({"key": "boss", "label": "b", "kind": "approve", "who": [{"members": [caller.id()]}]});
        let flow = json!({"format": 1, "label": "f", "start": {"fields": {"*": "edit"}}, "steps": [boss]});
        design::replace(installation, caller, requests.clone(), None, flow).await.unwrap();
        design::publish(installation, caller, None, requests.clone()).await.unwrap();
        let asked = create(installation, caller, &requests, filled(), None).await;

        let mei = json!({"email": "mei@example.com", "name": "Mei", "password": "a long enough password"});
        let mei = members::create(installation, caller, None, serde_json::from_value(mei).unwrap()).await;
        let mei: Id = id_in(&mei.unwrap().body).parse().unwrap();
        let workspace = caller.workspace_id();
        let mei = sign_in::caller(installation, workspace, mei, Credential::Operator, None).await;
        let mei = mei.unwrap().unwrap();

        // What is put together once for a table is not counted.
        asked_in_vain(installation, &mei, &requests, plain).await;
        let nothing = asked_in_vain(installation, &mei, &requests, ids::next()).await;
        assert!(nothing.0 > 0 && nothing.1 > 0, "{nothing:?}");
        for (name, record) in [("a record", plain), ("a request", asked)] {
            assert_eq!(asked_in_vain(installation, &mei, &requests, record).await, nothing, "{name}");
        }
    })
    .await;
}
