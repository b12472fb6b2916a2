//! MT-1: what it costs to ask for a record that one may not see, and to ask for a change of it, counted: as much as for one that is
//! not there. Times would tell it to whoever asks often enough; turns of the database do not depend on the machine.

use engine::value::Id;
use serde_json::json;
use store::ids;

use super::{Order, bulk, change, read, restore};
use crate::service::flows::design;
use crate::service::forms::groups;
use crate::service::people::{Caller, Credential, members, sign_in};
use crate::service::testing::{app, create, form, id_in, on_an_installation};
use crate::service::{Cause, Installation, Refusal};

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

/// A member who may see, make and delete the records of a form that are called `seen`.
async fn mei_who_sees(installation: &Installation, caller: &Caller, form: &str) -> Caller {
    let mei = json!({"email": "mei@example.com", "name": "Mei", "password": "a long enough password"});
    let mei = members::create(installation, caller, None, serde_json::from_value(mei).unwrap()).await;
    let mei: Id = id_in(&mei.unwrap().body).parse().unwrap();
    let group = json!({
        "format": 1, "key": "mei", "label": "mei", "who": {"members": [mei.to_string()]},
        "operations": ["view", "create", "delete"], "fields": {"*": "edit"},
        "rows": {"field": "what", "op": "eq", "value": "seen"},
    });
    // Who names her in a group has to know of her: somebody who came in after she was made.
    let comes_in = async |member| {
        let workspace = caller.workspace_id();
        sign_in::caller(installation, workspace, member, Credential::Operator, None).await.unwrap().unwrap()
    };
    groups::create(installation, &comes_in(caller.id()).await, None, form.to_string(), group).await.unwrap();
    comes_in(mei).await
}

/// How often the database is asked until a member is told that there is no such record to change: in each way that names one.
async fn changed_in_vain(installation: &Installation, caller: &Caller, form: &str, record: Id) -> Vec<u64> {
    let place = || (form.to_string(), record);
    let fields = || json!({"fields": {"what": "mine"}});
    let turns = || installation.store.turns();
    let mut spent = Vec::new();
    let mut last = turns();
    let mut refused = |refusal: Option<Refusal>| {
        assert_eq!(refusal.map(|refusal| refusal.cause), Some(Cause::Missing), "way {}", spent.len());
        spent.push(turns() - last);
        last = turns();
    };
    let patch = serde_json::from_value(fields()).unwrap();
    refused(change::update(installation, caller, place(), None, patch).await.err());
    refused(change::delete(installation, caller, place(), None).await.err());
    let input = serde_json::from_value(fields()).unwrap();
    refused(change::submit(installation, caller, None, place(), input).await.err());
    refused(change::void(installation, caller, None, place(), "why").await.err());
    for version in [None, Some(1)] {
        let input = serde_json::from_value(json!({ "version": version })).unwrap();
        refused(restore::restore(installation, caller, None, place(), input, Some(None)).await.err());
    }
    let many = json!({"update": [{"id": record, "fields": {"what": "mine"}}]});
    for input in [many, json!({"delete": [record]})] {
        let input = serde_json::from_value(input).unwrap();
        refused(bulk::atomic(installation, caller, None, form.to_string(), input).await.err());
    }
    spent
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mt1_changing_what_one_may_not_see_costs_as_much_as_changing_what_is_not_there() {
    on_an_installation("cost_of_changing_the_unseen", async |installation, caller| {
        let app = app(installation, caller).await;
        let lines = json!({"key": "lines", "label": "l", "kind": "subform", "options": {"fields": [
            {"key": "what", "label": "w", "kind": "text"},
        ]}});
        let fields = json!([{"key": "what", "label": "w", "kind": "text"}, lines]);
        let document = json!({"key": "orders", "label": "o", "fields": fields, "settings": {"drafts": true}});
        let orders = form(installation, caller, &app, document).await;
        let filled = |what: &str| json!({"what": what, "lines": [{"what": "a"}, {"what": "b"}]});
        let plain = create(installation, caller, &orders, filled("canary"), None).await;
        let binned = create(installation, caller, &orders, filled("canary"), None).await;
        change::delete(installation, caller, (orders.clone(), binned), None).await.unwrap();
        // Somebody else's draft, though it is called like what she sees.
        let draft = serde_json::from_value(json!({"fields": filled("seen"), "draft": true})).unwrap();
        let draft = change::create(installation, caller, None, orders.clone(), draft).await.unwrap();
        let draft: Id = id_in(&draft.body).parse().unwrap();
        let seen = create(installation, caller, &orders, filled("seen"), None).await;
        let mei = mei_who_sees(installation, caller, &orders).await;

        // What is put together once for a table is not counted.
        changed_in_vain(installation, &mei, &orders, plain).await;
        let nothing = changed_in_vain(installation, &mei, &orders, ids::next()).await;
        assert!(nothing.iter().all(|turns| *turns > 0), "{nothing:?}");
        for (name, record) in [("a record", plain), ("one in the bin", binned), ("a draft", draft)] {
            assert_eq!(changed_in_vain(installation, &mei, &orders, record).await, nothing, "{name}");
        }

        // Beside one that she sees and may not change, it is told of like what is not there, too.
        let beside = async |record: Id| {
            let rows = [seen, record].map(|id| json!({"id": id, "fields": {"what": "mine"}}));
            let input = serde_json::from_value(json!({ "update": rows })).unwrap();
            let refusal = bulk::atomic(installation, &mei, None, orders.clone(), input).await.unwrap_err();
            (refusal.cause, refusal.code, refusal.faults)
        };
        let of_nothing = beside(ids::next()).await;
        assert_eq!(of_nothing.0, Cause::Missing);
        assert_eq!(beside(plain).await, of_nothing);
        // What she sees she may delete as before.
        change::delete(installation, &mei, (orders.clone(), seen), None).await.unwrap();
    })
    .await;
}
