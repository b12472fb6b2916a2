//! Who administers: the workspace, an app, a form.

use serde_json::{Value, json};
use tests::design::group;
use tests::on_both_shared;
use tests::workspace::{UNKNOWN, id_of};

fn who(member: &str) -> Value {
    json!({"admins": [{"members": [member]}]})
}

#[tokio::test]
async fn t07_each_tier_administers_its_own_and_grants_no_more() {
    on_both_shared(async |workspace| {
        let (ada, mei, lin) =
            (workspace.person("ada").await, workspace.person("mei").await, workspace.person("lin").await);
        let app = workspace.app("Tiers").await;
        let form = |key: &str| json!({"key": key, "label": key, "fields": [{"key": "t", "label": "T", "kind": "text"}]});
        let admin = &workspace.admin;
        let orders = id_of(&admin.post(&app.path("/forms"), form("orders")).await.created());
        let prices = id_of(&admin.post(&app.path("/forms"), form("prices")).await.created());
        let own = format!("/forms/{orders}");
        let other = format!("/forms/{prices}");
        mei.get(&own).await.refused(404, "not_found");

        // The workspace's administrator makes one of the app, and they one of a form.
        admin.patch(&app.path(""), 1, who(&ada.id)).await.ok();
        ada.put(&format!("{own}/admins"), "*", who(UNKNOWN)).await.refused(422, "validation");
        ada.put(&format!("{own}/admins"), "*", who(&mei.id)).await.ok();
        assert_eq!(ada.get(&format!("{own}/admins")).await.ok(), who(&mei.id));

        // Mei designs her form, says who may what with it, and sees its records.
        mei.get(&format!("{own}/draft")).await.ok();
        mei.get(&format!("{own}/permissions")).await.ok();
        let group = group("readers", &[&lin.id]).may(&["view"]).document();
        mei.post(&format!("{own}/permissions"), group).await.created();
        lin.get(&own).await.ok();
        mei.post(&format!("{own}/records"), json!({"fields": {"t": "mine"}})).await.created();
        // Not the other one, nor the app, nor the workspace, nor who administers her own form.
        mei.get(&format!("{other}/draft")).await.refused(404, "not_found");
        mei.post(&format!("{other}/records"), json!({"fields": {"t": "x"}})).await.refused(404, "not_found");
        mei.patch(&app.path(""), 2, who(&mei.id)).await.refused(403, "forbidden");
        mei.post(&app.path("/forms"), form("more")).await.refused(403, "forbidden");
        mei.put(&format!("{own}/admins"), "*", who(&lin.id)).await.refused(403, "forbidden");
        mei.delete(&own, 1).await.refused(403, "forbidden");
        let power = json!({"administrator": true});
        mei.patch(&format!("/members/{}", mei.id), 1, power.clone()).await.refused(403, "forbidden");
        // Nor does the app's administrator reach further than the app.
        ada.patch(&format!("/members/{}", ada.id), 1, power).await.refused(403, "forbidden");
        ada.get(&format!("{other}/draft")).await.ok();

        // What is taken away is gone at the next request.
        ada.put(&format!("{own}/admins"), "*", json!({"admins": []})).await.ok();
        mei.get(&format!("{own}/draft")).await.refused(404, "not_found");
    })
    .await;
}
