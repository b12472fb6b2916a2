//! Defaults that come from another form: read when a record or a row begins, by typed conditions, and kept as they were.

use serde_json::{Value, json};
use tests::design::{Field, date, form, group, number, select, subform, test, text};
use tests::workspace::{faults, items, values_of};
use tests::{App, Client, Form, on_both_shared};

/// The condition that a field of the other form is what a field of the new record holds.
fn alike(there: &str, here: &str) -> Value {
    test(there, "eq", json!({"field": here}))
}

fn from(field: Field, linkage: Value) -> Field {
    field.with("default", json!({"linkage": linkage}))
}

async fn rates(app: &App) -> Form {
    let fields = [
        text("currency"),
        date("day"),
        number("value", 4),
        Field::new("keeper", "member"),
        select("source", &["bank", "market"]),
    ];
    let rate = app.form(form("rate", fields)).await;
    rate.add_all([
        json!({"currency": "EUR", "day": "2026-01-01", "value": "7.8", "source": "bank"}),
        json!({"currency": "EUR", "day": "2026-02-01", "value": "7.9", "source": "market"}),
        json!({"currency": "USD", "day": "2026-01-01", "value": "7.1", "source": "bank"}),
    ])
    .await;
    rate
}

/// Sales whose rate is the newest one of their currency.
fn sale() -> [Field; 4] {
    let newest = json!([{"field": "day", "desc": true}]);
    let rate =
        json!({"form": "rate", "filter": alike("currency", "currency"), "field": "value", "sort": newest});
    [
        text("currency"),
        number("amount", 2),
        from(number("rate", 4), rate),
        number("total", 2).computed("amount * rate"),
    ]
}

#[tokio::test]
async fn a_new_record_takes_what_the_other_form_says_and_keeps_it() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Rates").await;
        let rate = rates(&app).await;
        let sale = app.form(form("sale", sale())).await;
        let made = sale.add(json!({"currency": "EUR", "amount": 10})).await;
        assert_eq!(
            (&made["fields"]["rate"], &made["fields"]["total"]),
            (&json!("7.9000"), &json!("79.00")),
            "the newest one, and it is computed with"
        );
        // What is entered is taken, also where it is empty; where nobody is meant, nothing is.
        let entered = async |fields: Value| sale.add(fields).await["fields"]["rate"].clone();
        assert_eq!(entered(json!({"currency": "EUR", "rate": 8})).await, "8.0000");
        assert_eq!(entered(json!({"currency": "EUR", "rate": null})).await, Value::Null);
        assert_eq!(entered(json!({"currency": "JPY"})).await, Value::Null);
        assert_eq!(entered(json!({"amount": 1})).await, Value::Null);

        // It is a copy: neither the other form nor another currency changes what a stored record holds.
        let newest = items(&rate.query(admin, json!({"sort": [{"field": "day", "desc": true}]})).await.ok())
            [0]
        .clone();
        rate.edit(admin, &newest, json!({"value": "9"})).await.ok();
        assert_eq!(sale.read(admin, &made).await.ok()["fields"]["rate"], "7.9000");
        let changed = sale.edit(admin, &made, json!({"currency": "USD"})).await.ok();
        assert_eq!(changed["fields"]["rate"], "7.9000");
        assert_eq!(
            entered(json!({"currency": "EUR"})).await,
            "9.0000",
            "and the next one begins with the new one"
        );
    })
    .await;
}

#[tokio::test]
async fn what_a_record_would_become_says_the_same_as_its_save() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Rates").await;
        rates(&app).await;
        let sale = app.form(form("sale", sale())).await;
        let evaluated = async |record: Value| {
            let answer = admin.post(&sale.path("/evaluate"), json!({"record": record})).await.ok();
            (answer["values"]["rate"].clone(), answer["values"]["total"].clone())
        };
        assert_eq!(
            evaluated(json!({"currency": "USD", "amount": 2})).await,
            (json!("7.1000"), json!("14.20"))
        );
        assert_eq!(evaluated(json!({"currency": "USD", "rate": 3, "amount": 2})).await.1, "6.00");
        assert_eq!(evaluated(json!({"amount": 2})).await, (Value::Null, Value::Null));
        assert!(items(&sale.query(admin, json!({})).await.ok()).is_empty(), "nothing is stored");

        let rows =
            [json!({"currency": "USD"}), json!({"currency": "EUR"}), json!({"currency": "USD", "rate": 1})];
        sale.add_all(rows).await;
        let sorted = json!({"sort": [{"field": "rate"}]});
        let list = sale.query(admin, sorted).await.ok();
        assert_eq!(values_of(&list, "rate"), ["1.0000", "7.1000", "7.9000"], "many at once as one by one");

        let file = admin.upload("sales.csv", "text/csv", b"currency,amount\nEUR,2\n".to_vec()).await;
        let mapping = json!({"currency": "currency", "amount": "amount"});
        let input = json!({"file": file, "mapping": mapping, "mode": "create", "key": [], "dry_run": false});
        let job = admin.job(admin.post(&sale.path("/import"), input).await).await;
        assert_eq!(job["result"]["created"], 1, "{job}");
        let imported = sale.query(admin, json!({"filter": test("total", "eq", "15.8")})).await.ok();
        assert_eq!(items(&imported).len(), 1, "a file's records too");
    })
    .await;
}

#[tokio::test]
async fn all_that_is_found_goes_into_fields_that_hold_several() {
    on_both_shared(async |workspace| {
        let mei = workspace.person("mei").await;
        let app = workspace.app("Rates").await;
        let rate = rates(&app).await;
        rate.add(json!({"currency": "EUR", "source": "bank", "keeper": mei.id})).await;
        let all = |field: &str| {
            json!({"form": "rate", "filter": alike("currency", "currency"), "field": field, "take": "all"})
        };
        let choices = json!([{"key": "bank", "label": "bank"}, {"key": "market", "label": "market"}]);
        let several = [
            text("currency"),
            from(Field::new("sources", "multi_select").option("choices", choices), all("source")),
            from(Field::new("keepers", "members"), all("keeper")),
        ];
        // A record itself is no field of it.
        let itself = from(Field::new("found", "links").option("form", "rate"), all("$id"));
        let refused = app.refused_form(form("sale", several.clone().into_iter().chain([itself]))).await;
        assert_eq!(faults(&refused.with_status(422)), ["/fields/3/default/linkage/field: unknown_field"]);
        let sale = form("sale", several);
        let sale = app.form(sale).await;
        let made = sale.add(json!({"currency": "EUR"})).await;
        assert_eq!(
            (&made["fields"]["sources"], &made["fields"]["keepers"]),
            (&json!(["bank", "market"]), &json!([mei.id]))
        );
    })
    .await;
}

#[tokio::test]
async fn rows_come_from_the_other_form_and_each_row_asks_for_its_own_cells() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Kits").await;
        let price = app.form(form("price", [text("sku"), number("value", 2)])).await;
        price.add_all([json!({"sku": "pen", "value": 2}), json!({"sku": "ink", "value": 5})]).await;
        let parts = subform("parts", [text("sku"), number("qty", 0)]);
        let kit = app.form(form("kit", [text("name"), parts])).await;
        kit.add(json!({"name": "school", "parts": [{"sku": "pen", "qty": 3}, {"sku": "ink", "qty": 1}]}))
            .await;
        let value = json!({"form": "price", "filter": alike("sku", "sku"), "field": "value"});
        let columns = [
            text("sku"),
            number("qty", 0),
            from(number("price", 2), value),
            number("amount", 2).computed("qty * price"),
        ];
        let copied = json!([{"from": "parts.sku", "to": "sku"}, {"from": "parts.qty", "to": "qty"}]);
        let linkage = json!({"form": "kit", "filter": alike("name", "kit"), "columns": copied});
        let fields = [
            text("kit"),
            from(subform("rows", columns), linkage),
            number("total", 2).computed("SUM(rows.amount)"),
        ];
        let order = app.form(form("order", fields)).await;

        let made = order.add(json!({"kit": "school"})).await;
        let rows = made["fields"]["rows"].as_array().unwrap();
        let cells = |row: &Value| [row["sku"].clone(), row["qty"].clone(), row["price"].clone()];
        assert_eq!(rows.iter().map(cells).collect::<Vec<_>>(), [["pen", "3", "2.00"], ["ink", "1", "5.00"]]);
        assert_eq!(made["fields"]["total"], "11.00");
        assert!(rows.iter().all(|row| row["id"].is_string()), "they are rows like others");
        assert_eq!(order.add(json!({"kit": "school", "rows": []})).await["fields"]["rows"], json!([]));
        let own = order.add(json!({"kit": "school", "rows": [{"sku": "ink", "qty": 2}]})).await;
        assert_eq!(own["fields"]["total"], "10.00", "their own rows, and what those ask for");

        // A row that comes later asks too; those that are there keep what they took.
        let [pen, ink] =
            [&rows[0], &rows[1]].map(|row| json!({"id": row["id"], "sku": row["sku"], "qty": row["qty"]}));
        let lists =
            items(&price.query(admin, json!({"filter": test("sku", "eq", "ink")})).await.ok())[0].clone();
        price.edit(admin, &lists, json!({"value": 6})).await.ok();
        let more = order.edit(admin, &made, json!({"rows": [pen, ink, {"sku": "ink", "qty": 1}]})).await.ok();
        let prices: Vec<&Value> =
            more["fields"]["rows"].as_array().unwrap().iter().map(|row| &row["price"]).collect();
        assert_eq!(prices, ["2.00", "5.00", "6.00"]);
    })
    .await;
}

#[tokio::test]
async fn the_other_form_answers_what_whoever_makes_the_record_may_see() {
    on_both_shared(async |workspace| {
        let (mei, lin) = (workspace.person("mei").await, workspace.person("lin").await);
        let kim = workspace.person("kim").await;
        let app = workspace.app("Rates").await;
        let rate = rates(&app).await;
        let sale = app.form(form("sale", sale())).await;
        sale.allow(group("all", &[&mei.id, &lin.id, &kim.id])).await;
        rate.allow(group("old", &[&mei.id]).rows(test("day", "lt", "2026-02-01"))).await;
        rate.allow(group("blind", &[&lin.id]).field("value", "none")).await;
        let begins = async |who: &Client| {
            let made = sale.create(who, json!({"currency": "EUR"})).await.created();
            let evaluated =
                who.post(&sale.path("/evaluate"), json!({"record": {"currency": "EUR"}})).await.ok();
            assert_eq!(evaluated["values"]["rate"], made["fields"]["rate"]);
            made["fields"]["rate"].clone()
        };
        assert_eq!(begins(&workspace.admin).await, "7.9000");
        assert_eq!(begins(&mei).await, "7.8000", "the newest that they see");
        assert_eq!(begins(&lin).await, Value::Null, "the field is closed to them");
        assert_eq!(begins(&kim).await, Value::Null, "the form is");
        // Who may not write the field gets its default all the same, as of any other default.
        let ned = workspace.person("ned").await;
        sale.allow(group("readers", &[&ned.id]).field("rate", "read")).await;
        rate.allow(group("rest", &[&ned.id])).await;
        assert_eq!(begins(&ned).await, "7.9000");
        let own = sale.create(&ned, json!({"currency": "EUR", "rate": 1})).await.refused(422, "not_writable");
        assert_eq!(faults(&own), ["fields.rate: not_writable"]);
    })
    .await;
}

#[tokio::test]
async fn a_default_that_can_not_be_asked_for_is_not_published() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Rates").await;
        rates(&app).await;
        let by = alike("currency", "currency");
        for (linkage, fault) in [
            (json!({"form": "nowhere", "filter": by, "field": "value"}), "form: unknown_form"),
            (json!({"form": "rate", "filter": by, "field": "gone"}), "field: unknown_field"),
            (json!({"form": "rate", "filter": by, "field": "currency"}), "field: bad_operand"),
            (json!({"form": "rate", "filter": by}), "field: required"),
            (
                json!({"form": "rate", "filter": alike("gone", "currency"), "field": "value"}),
                "filter: unknown_field",
            ),
            (
                json!({"form": "rate", "filter": alike("day", "currency"), "field": "value"}),
                "filter: bad_operand",
            ),
            (
                json!({"form": "rate", "filter": by, "field": "value", "take": "all"}),
                "take: not_allowed_here",
            ),
        ] {
            let fields = [text("currency"), from(number("rate", 4), linkage)];
            let refused = app.refused_form(form("sale", fields)).await.with_status(422);
            assert_eq!(faults(&refused), [format!("/fields/1/default/linkage/{fault}")]);
        }
    })
    .await;
}
