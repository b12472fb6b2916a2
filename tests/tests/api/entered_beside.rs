//! What somebody enters beside a link or a default is theirs, also where it is what was there before; and what is taken back
//! comes back as it was, whatever links would fill.

use serde_json::{Value, json};
use tests::design::{Field, form, link, number, select, subform, test, text};
use tests::workspace::{id_of, items, values_of, version_of};
use tests::{Form, Workspace, on_both_shared};

use crate::import::import;

/// Two products; and sales that a product fills, in rows too, with what is kept while it is hidden.
async fn sales(workspace: &Workspace) -> (Value, Value, Form) {
    let app = workspace.app("Sales").await;
    let product = app.form(form("product", [text("name"), number("price", 2)]).with("title", "{name}")).await;
    let fill = || json!([{"from": "price", "to": "price", "mode": "snapshot"}]);
    let kept = text("kept").with("visible_when", test("kind", "eq", "other")).with("when_hidden", "keep");
    let sale = [
        text("code").unique(),
        link("product", "product").option("fill", fill()),
        number("price", 2),
        number("qty", 0).default_to("1 + 1"),
        select("kind", &["usual", "other"]),
        kept,
        subform(
            "lines",
            [
                link("product", "product").option("fill", fill()),
                number("price", 2),
                number("n", 0).default_to("7"),
            ],
        ),
    ];
    let sale = app.form(form("sale", sale)).await;
    let pen = product.add(json!({"name": "Pen", "price": 5})).await;
    let ink = product.add(json!({"name": "Ink", "price": 9})).await;
    (pen, ink, sale)
}

/// A sale of a product at a price that somebody made, in its row too.
fn by_hand(product: &Value) -> Value {
    json!({
        "code": "S1", "product": product["id"], "price": 4, "kind": "usual",
        "lines": [{"product": product["id"], "price": 3}],
    })
}

#[tokio::test]
async fn a_price_that_is_sent_as_it_was_is_not_the_other_products() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (pen, ink, sale) = sales(&workspace).await;
        let made = sale.add(by_hand(&pen)).await;
        let same = sale.edit(admin, &made, json!({"price": "4.00", "qty": 2})).await.ok();
        assert_eq!(version_of(&same), 1, "what is sent as it is stored is no change");

        let kept = sale.edit(admin, &made, json!({"product": ink["id"], "price": 4})).await.ok();
        assert_eq!(kept["fields"]["price"], "4.00");
        let history = admin.get(&format!("{}/history", sale.at(&kept))).await.ok();
        let changes = items(&history)[0]["changes"].as_object().unwrap();
        assert_eq!(changes.keys().collect::<Vec<_>>(), ["product"], "the price did not change");
        let filled = sale.edit(admin, &kept, json!({"product": pen["id"]})).await.ok();
        assert_eq!(filled["fields"]["price"], "5.00", "and where none is sent it is copied");

        // A row: the columns that are given are those that count.
        let row = &filled["fields"]["lines"][0]["id"];
        let line = json!({"id": row, "product": ink["id"], "price": "3"});
        let kept = sale.edit(admin, &filled, json!({"lines": [line]})).await.ok();
        assert_eq!(kept["fields"]["lines"][0]["price"], "3.00");
        let line = json!({"id": row, "product": pen["id"]});
        let filled = sale.edit(admin, &kept, json!({"lines": [line]})).await.ok();
        assert_eq!(filled["fields"]["lines"][0]["price"], "5.00");

        // Many at once, and what would become of it, say the same.
        let input = json!({"id": made["id"], "record": {"product": ink["id"], "price": "5.00"}});
        let would = admin.post(&sale.path("/evaluate"), input).await.ok();
        assert_eq!(would["values"]["price"], "5.00");
        let row = json!({"id": made["id"], "fields": {"product": ink["id"], "price": "5.00"}});
        admin.post(&sale.path("/records/bulk"), json!({"update": [row]})).await.ok();
        assert_eq!(sale.read(admin, &made).await.ok()["fields"]["price"], "5.00");
    })
    .await;
}

#[tokio::test]
async fn what_is_sent_empty_in_a_new_row_stays_empty() {
    on_both_shared(async |workspace| {
        let (pen, _, sale) = sales(&workspace).await;
        let product = &pen["id"];
        let lines = json!([
            {"product": product, "price": null, "n": null}, {"product": product}, {"product": null},
        ]);
        let made = sale.add(json!({"product": product, "price": null, "qty": null, "lines": lines})).await;
        let fields = &made["fields"];
        assert_eq!((&fields["price"], &fields["qty"]), (&Value::Null, &Value::Null));
        let line = |row: usize| (fields["lines"][row]["price"].clone(), fields["lines"][row]["n"].clone());
        assert_eq!(line(0), (Value::Null, Value::Null));
        assert_eq!(line(1), (json!("5.00"), json!("7")));
        assert_eq!(line(2), (Value::Null, json!("7")));
        // A row that is added later, too.
        let first = &fields["lines"][0]["id"];
        let lines = json!([{"id": first}, {"product": product, "price": null}]);
        let now = sale.edit(&workspace.admin, &made, json!({"lines": lines})).await.ok();
        assert_eq!(now["fields"]["lines"][1]["price"], Value::Null);
        assert_eq!(now["fields"]["lines"][0]["price"], Value::Null, "and the row beside it is as it was");
    })
    .await;
}

#[tokio::test]
async fn an_import_that_changes_one_column_leaves_the_others_as_the_file_has_them() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (pen, _, sale) = sales(&workspace).await;
        let made = sale.add(by_hand(&pen)).await;
        let file = admin.upload("sales.csv", "text/csv", b"code,product,price\nS1,Ink,4.00\n".to_vec()).await;
        let mapping = json!({"code": "code", "product": "product", "price": "price"});
        let input = json!({"file": file, "mapping": mapping, "mode": "update", "key": ["code"]});
        let job = import(admin, &sale.id, input).await;
        assert_eq!(job["result"]["updated"], 1, "{job}");
        let now = sale.read(admin, &made).await.ok();
        assert_ne!(now["fields"]["product"], made["fields"]["product"]);
        assert_eq!(now["fields"]["price"], "4.00", "the price that was made by hand");
    })
    .await;
}

/// A sale whose reason is kept while it is hidden.
async fn with_kept(workspace: &Workspace, sale: &Form, product: &Value) -> Value {
    let mut fields = by_hand(product);
    fields["kind"] = json!("other");
    fields["kept"] = json!("why");
    let made = sale.add(fields).await;
    sale.edit(&workspace.admin, &made, json!({"kind": "usual"})).await.ok()
}

#[tokio::test]
async fn an_import_is_taken_back_exactly() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (pen, ink, sale) = sales(&workspace).await;
        let made = with_kept(&workspace, &sale, &pen).await;
        assert_eq!(made["fields"]["kept"], "why");
        let text = "code,product,kind,kept,line,n\nS1,Ink,other,new,Ink,2\nS1,Ink,other,new,Ink,3\n";
        let file = admin.upload("sales.csv", "text/csv", text.into()).await;
        let mapping = json!({
            "code": "code", "product": "product", "kind": "kind", "kept": "kept", "line": "lines.product", "n": "lines.n",
        });
        let input = json!({"file": file, "mapping": mapping, "mode": "update", "key": ["code"]});
        let job = import(admin, &sale.id, input).await;
        assert_eq!(job["result"]["updated"], 1, "{job}");
        let changed = sale.read(admin, &made).await.ok();
        assert_eq!((&changed["fields"]["price"], &changed["fields"]["kept"]), (&json!("9.00"), &json!("new")));
        assert_eq!(changed["fields"]["product"], ink["id"]);
        let undone = admin.job(admin.post(&format!("/jobs/{}/undo", id_of(&job)), json!({})).await).await;
        assert_eq!((&undone["result"]["restored"], &undone["result"]["kept"]), (&json!(1), &json!(0)), "{undone}");
        assert_eq!(sale.read(admin, &made).await.ok()["fields"], made["fields"], "rows under their own ids, too");
    })
    .await;
}

#[tokio::test]
async fn a_bulk_edit_is_taken_back_exactly() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (pen, ink, sale) = sales(&workspace).await;
        let made = with_kept(&workspace, &sale, &pen).await;
        let set = json!({"product": ink["id"], "kind": "other", "kept": "new"});
        let input = json!({"filter": test("code", "eq", "S1"), "set": set});
        let job = admin.job(admin.post(&sale.path("/bulk-edit"), input).await).await;
        assert_eq!(job["result"]["changed"], 1, "{job}");
        let changed = sale.read(admin, &made).await.ok();
        assert_eq!(
            (&changed["fields"]["price"], &changed["fields"]["kept"]),
            (&json!("9.00"), &json!("new"))
        );
        let undo = admin.job(admin.post(&format!("/jobs/{}/undo", id_of(&job)), json!({})).await).await;
        assert_eq!(undo["result"]["restored"], 1, "{undo}");
        assert_eq!(sale.read(admin, &made).await.ok()["fields"], made["fields"]);
        // Done again, and an earlier version put back by hand.
        admin.job(admin.post(&format!("/jobs/{}/undo", id_of(&undo)), json!({})).await).await;
        let again = sale.read(admin, &made).await.ok();
        assert_eq!((&again["fields"]["price"], &again["fields"]["kept"]), (&json!("9.00"), &json!("new")));
        let all = sale.query(admin, json!({"fields": ["kept"]})).await.ok();
        assert_eq!(values_of(&all, "kept"), ["new"]);
    })
    .await;
}

#[tokio::test]
async fn a_default_that_is_set_back_to_nothing_asks_no_other_form() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Rates").await;
        let rate = app.form(form("rate", [text("currency"), number("value", 2)])).await;
        rate.add(json!({"currency": "EUR", "value": 8})).await;
        let alike = test("currency", "eq", json!({"field": "currency"}));
        let linkage = json!({"form": "rate", "filter": alike, "field": "value"});
        let asks = |field: Field| field.with("default", json!({"linkage": linkage.clone()}));
        let lines = [text("currency"), asks(number("rate", 2))];
        let sale = app.form(form("sale", [subform("lines", lines)])).await;
        let made = sale.add(json!({"lines": [{"currency": "EUR"}, {"currency": "EUR", "rate": null}]})).await;
        let rates = [0, 1].map(|row: usize| made["fields"]["lines"][row]["rate"].clone());
        assert_eq!(rates, [json!("8.00"), Value::Null]);
    })
    .await;
}
