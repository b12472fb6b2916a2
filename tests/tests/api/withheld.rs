//! What answers leave out: names and rules of what their reader may not see.

use serde_json::json;
use tests::design::{Field, form, formula, group, link, number, test, text};
use tests::on_both_shared;

#[tokio::test]
async fn forms_around_a_form_show_no_rules_about_hidden_fields() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Shop").await;
        let credit = test("credit", "gt", 100);
        let fields = [
            text("name").with("required_when", credit.clone()),
            number("credit", 0),
            formula("score", "credit * 2"),
            text("note").with("visible_when", credit.clone()),
        ];
        let customer = form("customer", fields)
            .with("title", "{name} {credit}")
            .with("rules", json!([{"when": credit, "require": ["note"]}]))
            .with(
                "validate",
                json!([{"key": "v", "formula": "credit < 1000", "message": "Too much credit"}]),
            );
        let customer = app.form(customer).await;
        let seen = Field::new("seen", "lookup").option("link", "customer").option("field", "score");
        let fields = [link("customer", "customer"), seen, text("who").computed("customer.name")];
        let order = app.form(form("order", fields)).await;
        let mei = workspace.person("mei").await;
        order.allow(group("all", &[&mei.id])).await;
        customer.allow(group("readers", &[&mei.id]).may(&["view"]).field("credit", "none")).await;

        let shown = mei.get(&order.path("")).await.ok();
        let related = &shown["related"][0]["definition"];
        assert!(!shown["related"].to_string().contains("credit"), "{related}");
        let keys = |document: &serde_json::Value| -> Vec<String> {
            let fields = document["fields"].as_array().unwrap();
            fields.iter().map(|field| field["key"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(keys(related), ["name", "score", "note"]);
        // What the browser computes with is left.
        assert_eq!(keys(&shown["definition"]), ["customer", "seen", "who"]);
        assert_eq!(shown["definition"]["fields"][2]["compute"]["formula"], "customer.name");
    })
    .await;
}

#[tokio::test]
async fn a_link_fills_and_shows_what_of_it_its_reader_may_see() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Depot").await;
        let customer = form("customer", [text("name"), number("credit", 0), text("city"), text("zone")]);
        let customer = app.form(customer).await;
        let fill = |from: &str, to: &str| json!({"from": from, "to": to, "mode": "snapshot"});
        let all = json!([
            fill("credit", "limit"),
            fill("city", "place"),
            fill("zone", "secret"),
            fill("name", "who")
        ]);
        let to =
            link("customer", "customer").option("fill", all).option("display", json!(["credit", "city"]));
        let fields = [to, number("limit", 0), text("place"), text("secret"), text("who")];
        let order = app.form(form("order", fields)).await;
        let mei = workspace.person("mei").await;
        // Of the first mapping neither end can be seen.
        let keepers = group("keepers", &[&mei.id]).field("limit", "none").field("secret", "none");
        order.allow(keepers).await;
        customer.allow(group("readers", &[&mei.id]).may(&["view"]).field("credit", "none")).await;

        let shown = mei.get(&order.path("")).await.ok();
        let options = &shown["definition"]["fields"][0]["options"];
        assert_eq!(options["fill"], json!([fill("city", "place"), fill("name", "who")]));
        assert_eq!(options["display"], json!(["city"]));
    })
    .await;
}

#[tokio::test]
async fn what_stands_in_the_way_of_a_deletion_is_named_to_who_knows_it() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Links").await;
        let target = app.form(form("target", [text("name")])).await;
        let to = link("to", "target").option("on_target_delete", "restrict");
        let from = app.form(form("from", [to]).with("label", "Dismissals")).await;
        let mei = workspace.person("mei").await;
        target.allow(group("all", &[&mei.id])).await;
        let one = target.add(json!({"name": "one"})).await;
        from.add(json!({"to": one["id"]})).await;
        let refused = mei.delete(&target.at(&one), 1).await.refused(409, "linked");
        assert_eq!(refused["detail"], "Another record links here.");
        let refused = workspace.admin.delete(&target.at(&one), 1).await.refused(409, "linked");
        assert_eq!(refused["detail"], "A record of “Dismissals” links here.");
    })
    .await;
}
