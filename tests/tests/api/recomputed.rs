//! What formulas have stored follows what they read where a new definition takes its values over.

use serde_json::{Value, json};
use tests::design::{Design, Field, form, link, number, subform, text};
use tests::on_both_shared;
use tests::workspace::items;

/// Bills whose lines have so many decimals.
fn bill(scale: u32) -> Design {
    let lines = [number("v", scale), number("twice", 4).computed("v * 2")];
    let sum = number("sum", 4).computed("SUM(lines.v)");
    let double = number("double", 4).computed("sum * 2");
    let untouched = number("length", 0).computed("LEN(name)");
    form(
        "bill",
        [text("name"), link("customer", "customer"), subform("lines", lines), sum, double, untouched],
    )
}

fn paths(fields: &Value) -> Vec<&str> {
    fields.as_array().unwrap().iter().map(|field| field["path"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn values_that_are_taken_over_are_computed_with_at_once() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Bills").await;
        let customer = app.form(form("customer", [text("name")])).await;
        let bills = app.form(bill(4)).await;
        let total = Field::new("total", "rollup").option("form", "bill").option("link", "customer");
        let total = total.option("fn", "sum").option("field", "double");
        customer.extend(json!([{"do": "add_field", "field": total.value()}])).await;
        let table = app
            .aggregate(json!({"format": 1, "key": "totals", "label": "Totals",
                "dimensions": [{"key": "name", "label": "Name"}],
                "sources": [{"form": "bill", "group": {"name": "name"},
                    "measures": {"sum": {"fn": "sum", "field": "double"}}}]}))
            .await;
        let ann = customer.add(json!({"name": "Ann"})).await;
        let lines = json!([{"v": "1.2345"}, {"v": "2.2222"}]);
        let fields = json!({"name": "A", "customer": ann["id"], "lines": lines});
        let made = bills.add(fields.clone()).await;
        assert_eq!(made["fields"]["double"], "6.9134");
        let gone = bills.add(fields).await;
        admin.delete(&bills.at(&gone), 1).await.with_status(204);

        admin.put(&bills.path("/draft"), "*", bill(2).document()).await.ok();
        let told = admin.post(&bills.path("/publish/preview"), json!({})).await.ok();
        assert_eq!(paths(&told["recomputed"]), ["double", "lines.twice", "sum"]);
        assert_eq!(paths(&told["computed"]), [""; 0]);
        admin.post(&bills.path("/publish"), json!({})).await.ok();

        let now = bills.read(admin, &made).await.ok();
        let fields = &now["fields"];
        assert_eq!((&fields["sum"], &fields["double"]), (&json!("3.4500"), &json!("6.9000")));
        assert_eq!(fields["lines"][0]["twice"], "2.4600");
        assert_eq!((&now["version"], &fields["length"]), (&made["version"], &json!("1")));
        let rows = admin.get(&format!("/aggregates/{table}/rows")).await.ok();
        assert_eq!(items(&rows)[0]["values"]["sum"], "6.9000");
        assert_eq!(customer.read(admin, &ann).await.ok()["fields"]["total"], "6.9000");
        // Those in the bin, too.
        admin.post(&format!("{}/restore", bills.at(&gone)), json!({})).await.ok();
        assert_eq!(bills.read(admin, &gone).await.ok()["fields"]["sum"], "3.4500");
        assert_eq!(customer.read(admin, &ann).await.ok()["fields"]["total"], "13.8000");
    })
    .await;
}

#[tokio::test]
async fn values_that_come_back_are_computed_with_again() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let price =
            |scale: u32| form("price", [number("net", scale), number("gross", 4).computed("net * 2")]);
        let prices = workspace.form(price(4)).await;
        let one = prices.add(json!({"net": "1.2345"})).await;
        for (scale, gross) in [(2, "2.4600"), (4, "2.4690")] {
            admin.put(&prices.path("/draft"), "*", price(scale).document()).await.ok();
            admin.post(&prices.path("/publish"), json!({})).await.ok();
            assert_eq!(prices.read(admin, &one).await.ok()["fields"]["gross"], gross);
        }
    })
    .await;
}
