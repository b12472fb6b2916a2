//! What is stored is compared with what it should be: from the terminal, and at every start.

use std::process::Output;
use std::time::Duration;

use serde_json::json;
use tests::design::{form, group, number, subform, text};
use tests::{Damage, Form, Inside, Server, Workspace, on_both};

/// Long enough for a start that does not end in serving.
const PATIENCE: Duration = Duration::from_secs(60);

/// A form with records, a group of people and an aggregate table.
async fn sales(server: &Server) -> Form {
    let workspace = Workspace { admin: server.set_up().await };
    let app = workspace.app("Sales").await;
    let lines = subform("lines", [text("item"), number("qty", 0)]);
    let order = app.form(form("order", [text("code").unique(), number("amount", 2), lines])).await;
    order.allow(group("everybody", &[])).await;
    app.aggregate(json!({
        "format": 1, "key": "totals", "label": "Totals", "dimensions": [{"key": "code", "label": "Code"}],
        "sources": [{"form": "order", "group": {"code": "code"}, "measures": {
            "orders": {"fn": "count"}, "amount": {"fn": "sum", "field": "amount"},
        }}],
        "measures": [], "constraints": [],
    }))
    .await;
    let row = |n: i64| json!({"code": format!("C{n}"), "amount": n, "lines": [{"item": "a", "qty": n}]});
    order.add_all((1..=5).map(row)).await;
    order
}

fn printed(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// The codes of what `formwork doctor` found.
fn found(output: &Output) -> Vec<String> {
    let (status, list, problem) = printed(output);
    assert_eq!(status, Some(1), "{list}{problem}");
    assert!(problem.starts_with("formwork: ") && problem.lines().count() == 1, "{problem}");
    let mut codes: Vec<String> =
        list.lines().map(|line| line.split_once(": ").expect("a code and a sentence").0.to_owned()).collect();
    codes.sort();
    codes
}

async fn damage(server: &Server, what: Damage) {
    Inside::of(server).await.damage(what).await;
}

#[tokio::test]
async fn a_sound_installation_is_told_to_be_sound() {
    on_both(async |server| {
        sales(server).await;
        for is_serving in [true, false] {
            if !is_serving {
                server.stop().await;
            }
            for command in [&["doctor"][..], &["audit", "verify"][..]] {
                let (status, told, problem) = printed(&server.command(command).await);
                assert_eq!((status, problem.as_str()), (Some(0), ""), "{told}");
                assert!(told.contains("as it should be"), "{told}");
            }
        }
    })
    .await;
}

/// An aggregate table whose only form lies in the recycle bin waits for it.
#[tokio::test]
async fn a_table_whose_only_form_was_deleted_is_sound() {
    on_both(async |server| {
        let order = sales(server).await;
        order.admin.delete(&order.path(""), 1).await.with_status(204);
        let sound = async |when: &str| {
            let (status, told, problem) = printed(&server.command(&["doctor"]).await);
            assert_eq!((status, problem.as_str()), (Some(0), ""), "{when}: {told}");
        };
        sound("in the bin").await;
        order.admin.post(&order.path("/restore"), json!({})).await.ok();
        sound("back").await;
        order.add(json!({"code": "C9", "amount": 5})).await;
        sound("counting again").await;
    })
    .await;
}

/// What comes with the product is sound, too: its forms, flows and tables, filled with its demo.
#[tokio::test]
async fn an_installed_template_is_sound() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let installed = server.command(&["template", "install", "inventory", "--demo"]).await;
        assert_eq!(installed.status.code(), Some(0));
        let app = String::from_utf8(installed.stdout).unwrap().trim().to_owned();
        let forms = admin.get(&format!("/apps/{app}/forms")).await.ok();
        let shipment =
            forms["items"].as_array().unwrap().iter().find(|form| form["key"] == "shipment").unwrap();
        let shipments = format!("/forms/{}/records?count=exact", shipment["id"].as_str().unwrap());
        let shipments = admin.get(&shipments).await.ok();
        assert!(shipments["count"]["value"].as_u64().unwrap() > 10, "the demo is there: {shipments}");
        let (status, told, problem) = printed(&server.command(&["doctor"]).await);
        assert_eq!(status, Some(0), "{told}{problem}");
    })
    .await;
}

#[tokio::test]
async fn what_differs_is_listed_and_ends_with_one() {
    on_both(async |server| {
        sales(server).await;
        // Sealed first: what is open may still be on its way.
        server.stop().await;
        damage(server, Damage::Group).await;
        assert_eq!(found(&server.command(&["doctor"]).await), ["aggregate_wrong"]);
        damage(server, Damage::Entry).await;
        assert_eq!(found(&server.command(&["audit", "verify"]).await), ["audit_broken"]);
        assert_eq!(found(&server.command(&["doctor"]).await), ["aggregate_wrong", "audit_broken"]);

        // The same from a server that runs.
        server.restart().await;
        assert_eq!(found(&server.command(&["doctor"]).await), ["aggregate_wrong", "audit_broken"]);
        server.stop().await;

        damage(server, Damage::Index).await;
        damage(server, Damage::Place).await;
        let codes = found(&server.command(&["doctor"]).await);
        for code in ["audit_broken", "field_without_column", "missing_index"] {
            assert!(codes.iter().any(|found| found == code), "{codes:?}");
        }
        damage(server, Damage::Column).await;
        let codes = found(&server.command(&["doctor"]).await);
        assert!(codes.iter().any(|code| code == "missing_column"), "{codes:?}");
        assert!(
            codes.iter().any(|code| code == "audit_broken"),
            "the other checks are made all the same: {codes:?}"
        );
    })
    .await;
}

/// What files take is counted, and the count is compared with them.
#[tokio::test]
async fn room_that_is_counted_wrong_is_named() {
    on_both(async |server| {
        sales(server).await;
        server.stop().await;
        damage(server, Damage::Room).await;
        assert_eq!(found(&server.command(&["doctor"]).await), ["file_room_wrong"]);
    })
    .await;
}

/// Serving with it would lose data, so it does not come to that. What is only slower does not keep a server from its work.
#[tokio::test]
async fn a_server_does_not_start_on_a_database_that_lacks_something() {
    on_both(async |server| {
        let order = sales(server).await;
        server.stop().await;
        damage(server, Damage::Index).await;
        server.restart().await;
        order.admin.moved_to(server.url()).get("/me").await.ok();
        server.stop().await;

        for (what, named) in [(Damage::Column, "voided_at"), (Damage::LaterProgram, "newer version")] {
            damage(server, what).await;
            let serve = server.command(&["serve", "--listen", "127.0.0.1:0"]);
            let ended = tokio::time::timeout(PATIENCE, serve).await.expect("it does not serve");
            let (status, _, problem) = printed(&ended);
            assert_eq!(status, Some(1), "{problem}");
            let line = problem.lines().find(|line| line.starts_with("formwork: ")).unwrap_or_default();
            assert!(line.contains(named), "{problem}");
        }
    })
    .await;
}
