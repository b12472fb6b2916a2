//! Figures for those who watch over the server, on an address of their own.

use tests::workspace::UNKNOWN;
use tests::{Database, Server};

async fn text(url: &str) -> String {
    reqwest::get(url).await.unwrap().text().await.unwrap()
}

/// The figure of a line that begins so.
fn figure(told: &str, line: &str) -> u64 {
    let found = told.lines().find_map(|told| told.strip_prefix(line)?.trim().parse().ok());
    found.unwrap_or_else(|| panic!("no {line} in\n{told}"))
}

#[tokio::test]
async fn c28_figures_are_told_to_who_watches_and_to_nobody_else() {
    let server = Server::start_with(Database::Sqlite, &["--metrics", "127.0.0.1:0"]).await;
    let admin = server.set_up().await;
    let line = server.said("Figures").expect("it says where they are");
    let url = line.split_whitespace().last().unwrap();
    let before = text(url).await;
    for _ in 0..5 {
        admin.get("/me").await.ok();
    }
    admin.get(&format!("/apps/{UNKNOWN}")).await.refused(404, "not_found");
    let after = text(url).await;
    let grown = |line: &str| figure(&after, line) - figure(&before, line);
    assert_eq!(grown("formwork_requests_total{status=\"2xx\"}"), 5);
    assert_eq!(grown("formwork_requests_total{status=\"4xx\"}"), 1);
    assert_eq!(grown("formwork_request_seconds_count"), 6);
    assert_eq!((figure(&after, "formwork_ready"), figure(&after, "formwork_requests_running")), (1, 0));
    assert!(figure(&after, "formwork_disk_free_bytes{of=\"database\"}") > 0);
    // Where people come there are none, and where figures are there is nothing else.
    assert!(!text(&format!("{}/metrics", server.url())).await.contains("formwork_requests_total"));
    let elsewhere = url.replace("/metrics", "/api/v1/setup");
    assert_eq!(reqwest::get(elsewhere).await.unwrap().status(), 404);
    server.close().await;
}
