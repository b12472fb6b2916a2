//! What dashboards tell of fields that are closed to their reader: nothing, not even what they are called.

use serde_json::{Value, json};
use tests::design::{form, group, number, select, text};
use tests::workspace::id_of;
use tests::{Client, Person, Workspace, on_both_shared};

/// Visits, which `mei` sees but for their cause, and bills, which she does not see, on a dashboard that she reads. What is
/// closed to her has a canary in its label or choices.
async fn clinic(workspace: &Workspace) -> (Person, Value) {
    let app = workspace.app("Clinic").await;
    let cause = select("cause", &["canary_flu", "canary_cold"]).with("label", "Canary cause");
    let room = select("room", &["first", "second"]).with("label", "Room");
    let visit = app.form(form("visit", [cause, room, number("minutes", 0).with("label", "Minutes")])).await;
    let payer = select("payer", &["canary_fund"]).with("label", "Canary payer");
    let total = number("total", 2).with("label", "Canary total").option("unit", "canaries");
    let bill = form("bill", [text("name"), payer, total]).with("label", "Canary bill");
    let bill = app.form(bill).await;
    let mei = workspace.person("mei").await;
    visit.allow(group("nurses", &[&mei.id]).may(&["view"]).field("cause", "none")).await;
    visit.add(json!({"cause": "canary_flu", "room": "first", "minutes": 20})).await;
    bill.add(json!({"name": "B", "payer": "canary_fund", "total": "12.50"})).await;
    let sum = |field: &str| json!([{"key": "sum", "fn": "sum", "field": field}]);
    let tile = |key: &str, column: i64, source: &str, group: &str, measured: &str| {
        json!({"key": key, "label": key, "at": [column, 0, 6, 4], "kind": "bar", "source": source,
            "group": [{"field": group}], "measures": sum(measured)})
    };
    let page = json!({"format": 1, "key": "day", "label": "Day", "read": {"members": [mei.id]},
    "filters": [
        {"key": "why", "kind": "values", "binds": {"rooms": "cause"}},
        {"key": "where", "kind": "values", "binds": {"rooms": "room"}},
        {"key": "who", "kind": "values", "binds": {"payers": "payer"}},
    ],
    "tiles": [
        tile("rooms", 0, "visit", "room", "minutes"), tile("causes", 6, "visit", "cause", "minutes"),
        tile("payers", 12, "bill", "payer", "total"),
        {"key": "income", "label": "Income", "at": [18, 0, 6, 4], "kind": "figure", "source": "bill",
         "measures": sum("total")},
    ]});
    (mei, workspace.admin.post(&app.path("/dashboards"), page).await.created())
}

async fn tile(who: &Client, page: &Value, key: &str) -> Value {
    let path = format!("/dashboards/{}/tiles/{key}/data", id_of(page));
    who.post(&path, json!({"filters": {}})).await.ok()
}

/// The keys of a page's filters.
fn filters(page: &Value) -> Vec<&str> {
    page["filters"].as_array().unwrap().iter().map(|filter| filter["key"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_dashboard_names_no_field_that_is_closed_to_its_reader() {
    on_both_shared(async |workspace| {
        let (mei, page) = clinic(&workspace).await;
        let silent = |answer: &Value| {
            assert!(!answer.to_string().to_lowercase().contains("canar"), "{answer}");
        };
        let hers = mei.get(&format!("/dashboards/{}", id_of(&page))).await.ok();
        silent(&hers);
        // A filter by a field that she does not see would only take the tile away.
        assert_eq!(filters(&hers), ["where"]);
        assert_eq!(hers["filters"][0]["label"]["en"], "Room");
        for key in ["causes", "payers", "income"] {
            let told = tile(&mei, &page, key).await;
            silent(&told);
            assert!(
                told["columns"].as_array().unwrap().iter().all(|column| column["unit"].is_null()),
                "{told}"
            );
        }
        let rooms = tile(&mei, &page, "rooms").await;
        assert_eq!(rooms["columns"][0]["label"], "Room");
        assert_eq!(
            (&rooms["columns"][1]["label"], &rooms["rows"][0]["sum"]),
            (&json!("Minutes"), &json!("20"))
        );
        for filter in ["why", "who"] {
            let path = format!("/dashboards/{}/filters/{filter}/options", id_of(&page));
            silent(&mei.get(&path).await.ok());
        }

        // Who sees the fields is told what they are called.
        assert_eq!(filters(&page), ["why", "where", "who"]);
        assert_eq!(page["filters"][0]["choices"][0]["key"], "canary_flu");
        let payers = tile(&workspace.admin, &page, "payers").await;
        let column = |place: usize| &payers["columns"][place];
        assert_eq!((&column(0)["label"], &column(1)["unit"]), (&json!("Canary payer"), &json!("canaries")));
        assert_eq!(column(1)["label"], "Canary total");
    })
    .await;
}
