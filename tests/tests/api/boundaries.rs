//! How far a right reaches, and where it ends.

use serde_json::json;
use tests::design::{form, group, test, text};
use tests::on_both_shared;

#[tokio::test]
async fn a_record_leaves_only_the_rows_of_a_group_that_lets_it_go() {
    on_both_shared(async |workspace| {
        let order = workspace.form(form("order", [text("name"), text("region")])).await;
        let mei = workspace.person("mei").await;
        let rows = |region: &str| test("region", "eq", region);
        order.allow(group("mine", &[&mei.id]).may(&["view", "edit"]).rows(rows("mine"))).await;
        // It may let records of other rows go, and others of these rows, but it allows no edit of them.
        order.allow(group("other", &[&mei.id]).may(&["view", "edit", "may_leave"]).rows(rows("other"))).await;
        order.allow(group("look", &[&mei.id]).may(&["view", "may_leave"]).rows(rows("mine"))).await;
        let mine = order.add(json!({"name": "a", "region": "mine"})).await;
        let other = order.add(json!({"name": "b", "region": "other"})).await;
        order.edit(&mei, &mine, json!({"region": "gone"})).await.refused(403, "outside_your_rows");
        order.edit(&mei, &other, json!({"region": "gone"})).await.ok();
        order.read(&mei, &other).await.refused(404, "not_found");
        // From one's own rows into one's own rows is no leaving.
        order.edit(&mei, &mine, json!({"region": "other"})).await.ok();
    })
    .await;
}
